"""A person's identity: one signed document that says which devices speak for a did:key and where it can be found.

Theory. The root key is the person: its did:key is the name that never changes while the root lives. It is kept out of
daily use and signs one thing, the actor document (shaped like FEP-ef61), which lists the device keys. Anybody who has
the document can verify it alone, so no home has to be asked and none has to be alive.

Documents are ordered by `sequence`. An instance remembers a `Known` per did and holds newer documents against it
(`judge`): an older one would bring revoked devices back, a different one with the same number means that the root
signed two truths. `nextKeyDigest` commits beforehand to the root that may succeed this one; once an instance has seen
a commitment it never changes, because the thief of a root would otherwise replace it first. A successor names its
`predecessor` and is accepted where its key is the one that was committed to (`judge_succession`).

The document is read in a fixed shape, without a JSON-LD processor. Members that are not known here are kept and signed
with the rest, and mean nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from federation import keys, proofs
from federation.canonical import MAX_INTEGER, JsonObject, JsonValue, parse_object
from federation.errors import FederationFault, RefusalCode, Refused

MAX_DOCUMENT_BYTES: Final = 64 * 1024
MAX_DEVICES: Final = 16
MAX_GATEWAYS: Final = 8
MAX_ALIASES: Final = 16
MAX_DEVICE_NAME_CHARS: Final = 64
MAX_URL_CHARS: Final = 2048

CONTEXT: Final = (
    "https://www.w3.org/ns/activitystreams",
    "https://w3id.org/security/data-integrity/v1",
    "https://w3id.org/security/multikey/v1",
    "https://w3id.org/fep/ef61",
)
"""The contexts of the documents made here. Others are accepted behind the first, and never fetched."""

_LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_ORIGIN: Final = re.compile(
    rf"https://(?P<host>{_LABEL}(?:\.{_LABEL})*|\[[0-9a-f:.]+\])(?::(?P<port>[1-9][0-9]{{0,4}}))?"
    r"|http://(?P<local>localhost|127\.0\.0\.1|\[::1\])(?::(?P<local_port>[1-9][0-9]{0,4}))?"
)
_DEFAULT_PORTS: Final = ("https://", ":443"), ("http://", ":80")


@dataclass(frozen=True, slots=True)
class Device:
    """A device that speaks for an identity.

    Attributes:
        multikey: its public key, which is also its identifier.
        name: what its owner calls it, "" when nothing is said. Not cleaned: show it with care.
        created: when it was added, as the document says it; "" when nothing is said.
    """

    multikey: str
    name: str = ""
    created: str = ""


@dataclass(frozen=True, slots=True)
class Identity:
    """A document that was read and whose proof is by the root it names.

    Attributes:
        did: the root's did:key.
        devices: device keys by Multikey.
        gateways: origins where the person can be found, the home first.
        sequence: which edition of the document this is.
        next_key_digest: the commitment to a successor of the root.
        predecessor: the did that this root says it succeeds; only a claim until `judge_succession` agrees.
        also_known_as: other names that the person claims; not checked.
        digest: SHA-256 of the canonical document without its proof.
        document: the document as it came, to be handed on.
    """

    did: str
    devices: Mapping[str, Device]
    gateways: tuple[str, ...]
    sequence: int
    next_key_digest: str | None
    predecessor: str | None
    also_known_as: tuple[str, ...]
    digest: bytes
    document: JsonObject

    @property
    def actor(self) -> str:
        """The identifier of the actor document."""
        return actor_of(self.did)

    @property
    def home(self) -> str:
        """Host and port of the first gateway."""
        return self.gateways[0].partition("://")[2]


@dataclass(frozen=True, slots=True)
class Known:
    """What an instance remembers of a did between visits.

    Attributes:
        did: whose.
        sequence: of the newest document that was accepted.
        digest: of that document.
        next_key_digest: the first commitment that was seen, which holds for good.
        successor: the did that took this one's place; from then on this one is refused.
    """

    did: str
    sequence: int
    digest: bytes
    next_key_digest: str | None = None
    successor: str | None = None

    @classmethod
    def of(cls, identity: Identity) -> Known:
        """What to remember of a document that `judge` let pass."""
        return cls(identity.did, identity.sequence, identity.digest, identity.next_key_digest)


def actor_of(did: str) -> str:
    """The identifier of the actor document of a did."""
    return f"ap://{did}/actor"


def is_origin(text: str) -> bool:
    """Whether a text is an origin as a browser writes it: https, or http for this machine alone; no default port."""
    if len(text) > MAX_URL_CHARS or not (match := _ORIGIN.fullmatch(text)):
        return False
    if any(text.startswith(scheme) and text.endswith(port) for scheme, port in _DEFAULT_PORTS):
        return False
    return int(match["port"] or match["local_port"] or 0) <= 65535


# --- writing ----------------------------------------------------------------------------------------------------------


def build_document(
    root: Ed25519PrivateKey,
    *,
    devices: Sequence[Device],
    gateways: Sequence[str],
    sequence: int,
    next_key_digest: str | None,
    created: str,
    predecessor: str | None = None,
    also_known_as: Sequence[str] = (),
) -> JsonObject:
    """A document signed by the root, as `read_document` takes it.

    Raises:
        FederationFault: `read_document` would refuse it.
    """
    did = keys.did_from_key(root.public_key())
    actor = actor_of(did)
    document: JsonObject = {
        "@context": list(CONTEXT),
        "id": actor,
        "type": "Person",
        "inbox": f"{actor}/inbox",
        "outbox": f"{actor}/outbox",
        "gateways": list(gateways),
        "sequence": sequence,
        "assertionMethod": [_method(actor, device) for device in devices],
    }
    if next_key_digest is not None:
        document["nextKeyDigest"] = next_key_digest
    if predecessor is not None:
        document["predecessor"] = predecessor
    if also_known_as:
        document["alsoKnownAs"] = list(also_known_as)
    try:
        _Shape(did, document)
    except Refused as refusal:
        raise FederationFault(f"not a document: {refusal}") from refusal
    return proofs.sign(document, root, verification_method=_root_method(did), created=created)


def _method(actor: str, device: Device) -> JsonObject:
    method: JsonObject = {
        "id": f"{actor}#{device.multikey}",
        "type": "Multikey",
        "controller": actor,
        "publicKeyMultibase": device.multikey,
    }
    if device.name:
        method["name"] = device.name
    if device.created:
        method["created"] = device.created
    return method


def _root_method(did: str) -> str:
    return f"{did}#{did.removeprefix(keys.DID_PREFIX)}"


# --- reading ----------------------------------------------------------------------------------------------------------


def read_document(data: bytes | str) -> Identity:
    """The identity that a document holds, verified with the root key that its own id names.

    Raises:
        Refused: it is no such document, or the root didn't sign it.
    """
    document = parse_object(data, max_bytes=MAX_DOCUMENT_BYTES)
    did = _did_of(document.get("id"))
    root = keys.key_from_did(did)
    shape = _Shape(did, document)
    proof = document.get("proof")
    if isinstance(proof, dict) and (
        proof.get("verificationMethod") != _root_method(did) or proof.get("@context") != document["@context"]
    ):
        raise Refused(RefusalCode.BAD_PROOF, "The document is not signed by the root that it names.")
    digest = proofs.verify(document, root)
    return Identity(
        did=did,
        devices=MappingProxyType({device.multikey: device for device in shape.devices}),
        gateways=shape.gateways,
        sequence=shape.sequence,
        next_key_digest=shape.next_key_digest,
        predecessor=shape.predecessor,
        also_known_as=shape.also_known_as,
        digest=digest,
        document=document,
    )


def _did_of(actor: JsonValue) -> str:
    if not isinstance(actor, str) or not actor.startswith("ap://") or not actor.endswith("/actor"):
        raise Refused(RefusalCode.BAD_DOCUMENT, "The document's id is not ap://did:key:…/actor.")
    return actor.removeprefix("ap://").removesuffix("/actor")


class _Shape:
    """The members of a document that mean something, each checked."""

    def __init__(self, did: str, document: JsonObject) -> None:
        actor = actor_of(did)
        context = document.get("@context")
        if not isinstance(context, list) or not context or context[0] != CONTEXT[0]:
            raise _bad("@context")
        for member, expected in (("type", "Person"), ("inbox", f"{actor}/inbox"), ("outbox", f"{actor}/outbox")):
            if document.get(member) != expected:
                raise _bad(member)
        self.sequence = _sequence(document.get("sequence"))
        self.gateways = _texts(document.get("gateways"), "gateways", MAX_GATEWAYS)
        if not self.gateways or not all(map(is_origin, self.gateways)) or _has_twins(self.gateways):
            raise _bad("gateways")
        self.devices = _devices(actor, document.get("assertionMethod"))
        self.next_key_digest = _optional_text(document, "nextKeyDigest")
        if self.next_key_digest is not None and not keys.is_next_key_digest(self.next_key_digest):
            raise _bad("nextKeyDigest")
        self.predecessor = _optional_text(document, "predecessor")
        if self.predecessor is not None:
            keys.key_from_did(self.predecessor)
            if self.predecessor == did:
                raise _bad("predecessor")
        self.also_known_as = _texts(document.get("alsoKnownAs", []), "alsoKnownAs", MAX_ALIASES)


def _devices(actor: str, methods: JsonValue) -> tuple[Device, ...]:
    if not isinstance(methods, list) or not 1 <= len(methods) <= MAX_DEVICES:
        raise _bad("assertionMethod")
    devices = tuple(_device(actor, method) for method in methods)
    if _has_twins([device.multikey for device in devices]):
        raise _bad("assertionMethod")
    return devices


def _device(actor: str, method: JsonValue) -> Device:
    if not isinstance(method, dict) or not isinstance(multikey := method.get("publicKeyMultibase"), str):
        raise _bad("assertionMethod")
    expected = {"id": f"{actor}#{multikey}", "type": "Multikey", "controller": actor}
    if any(method.get(member) != value for member, value in expected.items()):
        raise _bad("assertionMethod")
    keys.decode_multikey(multikey)
    label, created = method.get("name", ""), method.get("created", "")
    if not isinstance(label, str) or len(label) > MAX_DEVICE_NAME_CHARS:
        raise _bad("the name of a device")
    if not isinstance(created, str) or (created and not proofs.is_timestamp(created)):
        raise _bad("the date of a device")
    return Device(multikey, label, created)


def _sequence(value: JsonValue) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MAX_INTEGER:
        raise _bad("sequence")
    return value


def _optional_text(document: JsonObject, member: str) -> str | None:
    if member not in document:
        return None
    value = document[member]
    if not isinstance(value, str):
        raise _bad(member)
    return value


def _texts(value: JsonValue, member: str, at_most: int) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) > at_most:
        raise _bad(member)
    texts = []
    for one in value:
        if not isinstance(one, str) or len(one) > MAX_URL_CHARS:
            raise _bad(member)
        texts.append(one)
    return tuple(texts)


def _has_twins(texts: Sequence[str]) -> bool:
    return len(set(texts)) != len(texts)


def _bad(member: str) -> Refused:
    return Refused(RefusalCode.BAD_DOCUMENT, f"The document is not right: {member}.")


# --- judging ----------------------------------------------------------------------------------------------------------


def judge(known: Known | None, new: Identity) -> None:
    """Hold a document against what is remembered of its did; None at first sight.

    Raises:
        Refused: SUCCEEDED, ROLLED_BACK, FORKED, or COMMITMENT_CHANGED when it isn't the next word of the same person.
        FederationFault: `known` is of somebody else.
    """
    if known is None:
        return
    if known.did != new.did:
        raise FederationFault("a document was judged by what is known of another did")
    if known.successor is not None:
        raise Refused(RefusalCode.SUCCEEDED, "This identity has handed over to its successor.")
    if new.sequence < known.sequence:
        raise Refused(RefusalCode.ROLLED_BACK, "A newer edition of this identity is already known here.")
    if new.sequence == known.sequence and new.digest != known.digest:
        raise Refused(RefusalCode.FORKED, "Another document with the same number is already known here.")
    if known.next_key_digest is not None and new.next_key_digest != known.next_key_digest:
        raise Refused(RefusalCode.COMMITMENT_CHANGED, "The promise of a successor cannot be changed or taken back.")


def judge_succession(known: Known, new: Identity) -> None:
    """Whether a document's root may take the place of a known did.

    Raises:
        Refused: FORGED_SUCCESSION when it isn't the root that was committed to, SUCCEEDED when another came first.
    """
    if known.successor is not None and known.successor != new.did:
        raise Refused(RefusalCode.SUCCEEDED, "This identity has handed over to another successor.")
    root = keys.key_from_did(new.did)
    if new.predecessor != known.did or known.next_key_digest != keys.next_key_digest(root):
        raise Refused(RefusalCode.FORGED_SUCCESSION, "The old identity did not name this one as its successor.")


def succeeds(known: Known, new: Identity) -> bool:
    """Whether `judge_succession` lets a document's root take the place of a known did."""
    try:
        judge_succession(known, new)
    except Refused:
        return False
    return True
