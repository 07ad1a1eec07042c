"""People with keys from fixed seeds, and an instance in memory that lets them in as the real one does."""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from federation import books, canonical, dpop, entry, identity, keys, proofs
from federation.errors import RefusalCode, Refused

ROOT: Final = Path(__file__).resolve().parent.parent.parent
SHARED: Final = ROOT.parent / "shared" / "vectors"
GOLDEN: Final[dict[str, Any]] = json.loads((ROOT / "tests" / "vectors" / "identity.json").read_text(encoding="utf-8"))

NOW_S: Final = 1_800_000_000
CREATED: Final = "2027-01-15T08:00:00Z"
HERE: Final = "https://b.example"
ELSEWHERE: Final = "https://c.example"

_numbers = itertools.count()


def shared(*parts: str) -> Path:
    """A published vector; the test is skipped where the folder isn't beside the project."""
    if not SHARED.is_dir():
        pytest.skip("the published vectors are not beside the project (../shared/vectors)")
    return SHARED.joinpath(*parts)


def key(name: str) -> Ed25519PrivateKey:
    """A key that is the same in every run."""
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(name.encode()).digest())


def p256(name: str) -> ec.EllipticCurvePrivateKey:
    """A session key of the other curve."""
    return ec.derive_private_key(int.from_bytes(hashlib.sha256(name.encode()).digest()), ec.SECP256R1())


def multikey(name: str) -> str:
    return keys.encode_multikey(key(name).public_key())


def did(name: str) -> str:
    return keys.did_from_key(key(name).public_key())


def promise(name: str) -> str:
    return keys.next_key_digest(key(name).public_key())


def jkt_of(session_key: keys.PrivateKey) -> str:
    return keys.thumbprint(keys.jwk_from_key(session_key.public_key()))


def fresh() -> str:
    """An identifier that nobody has used yet."""
    return keys.base64url_encode(hashlib.sha256(f"fresh {next(_numbers)}".encode()).digest()[:16])


def document(
    root: str = "root",
    *,
    devices: Sequence[str] = ("device",),
    sequence: int = 1,
    gateways: Sequence[str] = ("https://a.example",),
    following: str | None = "next",
    predecessor: str | None = None,
) -> canonical.JsonObject:
    """A document of the person with this root."""
    return identity.build_document(
        key(root),
        devices=[identity.Device(multikey(device), f"{device} of {root}", CREATED) for device in devices],
        gateways=gateways,
        sequence=sequence,
        next_key_digest=None if following is None else promise(following),
        created=CREATED,
        predecessor=None if predecessor is None else did(predecessor),
    )


def text_of(value: canonical.JsonObject) -> str:
    return json.dumps(value)


def read(value: canonical.JsonObject) -> identity.Identity:
    return identity.read_document(text_of(value))


def sign(value: canonical.JsonObject, by: str = "root") -> canonical.JsonObject:
    """Any document with a proof that says it is by a root."""
    name = did(by)
    return proofs.sign(value, key(by), verification_method=f"{name}#{name.removeprefix('did:key:')}", created=CREATED)


def refused(code: RefusalCode) -> pytest.RaisesExc[Refused]:
    """Expects a refusal with this code and a sentence that can be shown."""
    return pytest.RaisesExc(Refused, check=lambda error: error.code is code and 0 < len(error.message) <= 200)


class Instance:
    """What an instance remembers, around the pure checks; time is set by hand."""

    def __init__(self, origin: str = HERE) -> None:
        self.origin = origin
        self.now_s = NOW_S
        self.nonces = books.NonceBook(100)
        self.used = books.ReplayBook(1000)
        self.known: dict[str, identity.Known] = {}

    @property
    def url(self) -> str:
        return f"{self.origin}/live"

    def challenge(self) -> str:
        nonce = fresh()
        self.nonces.issue(nonce, now_s=self.now_s)
        return nonce

    def enter(self, token: str, value: canonical.JsonObject | str, proof: str, nonce: str) -> entry.Entry:
        """Let somebody in, or refuse them.

        Raises:
            Refused: as the real door does.
        """
        self.nonces.redeem(nonce, now_s=self.now_s)
        came = entry.read_entry(
            token,
            value if isinstance(value, str) else text_of(value),
            proof,
            audience=self.origin,
            method="GET",
            url=self.url,
            nonce=nonce,
            now_s=self.now_s,
        )
        self.used.use(f"entry {came.identity.did} {came.claims.jti}", ends_s=came.claims.ends_s, now_s=self.now_s)
        self.used.use(f"proof {came.proof.jkt} {came.proof.jti}", ends_s=came.proof.ends_s, now_s=self.now_s)
        known = self.known.get(came.identity.did)
        identity.judge(known, came.identity)
        self.known[came.identity.did] = identity.Known.of(came.identity)
        return came


class Visitor:
    """Somebody with a device and a session key; every word can be bent for a test."""

    def __init__(self, root: str = "root", device: str = "device", session: keys.PrivateKey | None = None) -> None:
        self.root = root
        self.device = device
        self.session = session or key("session")

    def token(self, instance: Instance, nonce: str, **bent: Any) -> str:
        words: dict[str, Any] = {
            "did": did(self.root),
            "audience": instance.origin,
            "nonce": nonce,
            "room": "alley",
            "now_s": instance.now_s,
            "jti": fresh(),
            "jkt": jkt_of(self.session),
        }
        return entry.make_entry_token(key(self.device), **(words | bent))

    def proof(self, instance: Instance, nonce: str, **bent: Any) -> str:
        words: dict[str, Any] = {
            "method": "GET",
            "url": instance.url,
            "now_s": instance.now_s,
            "jti": fresh(),
            "nonce": nonce,
        }
        return dpop.make_proof(self.session, **(words | bent))

    def enter(self, instance: Instance, value: canonical.JsonObject | None = None, **bent: Any) -> entry.Entry:
        nonce = instance.challenge()
        papers = value or document(self.root, devices=[self.device])
        return instance.enter(self.token(instance, nonce, **bent), papers, self.proof(instance, nonce), nonce)
