"""Whatever the bytes are: what they say, verified, or `Refused`, nothing else.

That sentence is the invariant, `hold_invariant` is its test. What is accepted is held to more: it is what the key's
owner signed. The bytes are random, then random JSON, then valid documents and tokens with bits turned, pieces cut out,
doubled or swapped, or one member replaced and all of it signed again, because faults live close to what is right.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from federation import canonical, dpop, entry, identity, keys, proofs, session, tokens
from federation.errors import RefusalCode, Refused
from tests.federation.support import CREATED, GOLDEN, HERE, NOW_S, Instance, Visitor, did, document, key, read, text_of

Reader = Callable[[str | bytes], object]

INSTANCE: Final = Instance()
NONCE: Final = INSTANCE.challenge()
VISITOR: Final = Visitor()
TOKEN: Final = VISITOR.token(INSTANCE, NONCE)
PROOF: Final = VISITOR.proof(INSTANCE, NONCE)
ACCESS: Final = session.make_session_token(
    key("instance"), issuer=HERE, did=did("root"), jkt="j" * 43, roles=["keeper"], now_s=NOW_S, jti="i" * 22
)
DOCUMENTS: Final = [row["text"] for row in GOLDEN["documents"]]
PAPERS: Final = document()
IDENTITY: Final = read(PAPERS)


def read_entry_token(token: str | bytes) -> object:
    return entry.read_entry_token(token, IDENTITY, audience=HERE, now_s=NOW_S)


def read_session_token(token: str | bytes) -> object:
    return session.read_session_token(token, key("instance").public_key(), issuer=HERE, now_s=NOW_S)


def read_proof(token: str | bytes) -> object:
    return dpop.read_proof(token, method="GET", url=INSTANCE.url, now_s=NOW_S, nonce=NONCE, access_token=None)


def read_entry(part: str | bytes) -> object:
    """The same bytes as everything that comes with an entry."""
    return entry.read_entry(part, part, part, audience=HERE, method="GET", url=INSTANCE.url, nonce=NONCE, now_s=NOW_S)


READERS: Final[tuple[Reader, ...]] = (
    identity.read_document,
    read_entry_token,
    read_session_token,
    read_proof,
    read_entry,
)


def hold_invariant(reader: Reader, data: str | bytes) -> object | None:
    """What the bytes say, or a refusal, nothing else."""
    try:
        return reader(data)
    except Refused as refusal:
        assert isinstance(refusal.code, RefusalCode)
        assert 0 < len(refusal.message) <= 300
        return None


def hold_all(data: str | bytes) -> None:
    for reader in READERS:
        hold_invariant(reader, data)


scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=5), inner, max_size=5),
    max_leaves=10,
)


@given(st.binary(max_size=300) | st.text(st.characters(), max_size=300))
@example(b"[" * 60_000)
@example('{"a":' * 13_000)
@example("[" * 30_000 + "]" * 30_000)
@example("1" * 60_000)
@example("1e" + "9" * 60_000)
@example("[" + "0," * 32_000 + "0]")
@example('"' + "\\u0000" * 10_000 + '"')
@example("." * 4096)
@example("e30.e30." + "A" * 4000)
@example("\ud800")
def test_random_bytes(data: bytes | str) -> None:
    hold_all(data)


@given(values)
def test_random_json(value: Any) -> None:
    text = json.dumps(value)
    hold_invariant(identity.read_document, text)
    part = keys.base64url_encode(text.encode()[:1000])
    hold_all(f"{part}.{part}.{part}")


def test_what_is_valid_is_read() -> None:
    for text in DOCUMENTS:
        assert hold_invariant(identity.read_document, text) is not None
    for reader, token in ((read_entry_token, TOKEN), (read_session_token, ACCESS), (read_proof, PROOF)):
        assert hold_invariant(reader, token) is not None
        assert hold_invariant(reader, token.encode()) is not None


@st.composite
def mutated(draw: st.DrawFn, choices: list[str]) -> bytes:
    """A valid text, spoiled in up to four places."""
    data = draw(st.sampled_from(choices)).encode()
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, max(0, len(data) - 1)))
        to = draw(st.integers(at, min(len(data), at + 200)))
        match draw(st.sampled_from(("flip", "set", "cut", "double", "insert", "truncate"))):
            case "flip" if data:
                data = data[:at] + bytes([data[at] ^ 1 << draw(st.integers(0, 7))]) + data[at + 1 :]
            case "set" if data:
                data = data[:at] + draw(st.binary(min_size=1, max_size=1)) + data[at + 1 :]
            case "cut":
                data = data[:at] + data[to:]
            case "double":
                data = data[:to] + data[at:]
            case "insert":
                data = data[:at] + draw(st.binary(max_size=10)) + data[at:]
            case _:
                data = data[:at]
    return data


@given(mutated(DOCUMENTS))
def test_mutated_documents_say_what_was_signed_or_nothing(data: bytes) -> None:
    got = hold_invariant(identity.read_document, data)
    if got is not None:
        assert isinstance(got, identity.Identity)
        signed = {row["digest"] for row in GOLDEN["documents"]}
        assert got.digest.hex() in signed


@given(mutated([TOKEN, ACCESS, PROOF]))
def test_mutated_tokens_are_the_same_or_refused(data: bytes) -> None:
    for reader, token in ((read_entry_token, TOKEN), (read_session_token, ACCESS), (read_proof, PROOF)):
        assert hold_invariant(reader, data) is None or data == token.encode()


@given(st.data())
def test_a_document_with_one_member_replaced_and_signed_again(data: st.DataObject) -> None:
    """The root may sign any nonsense: it is read as a document that keeps its promises, or refused."""
    bent = json.loads(text_of(PAPERS))
    spot: Any = bent
    for _ in range(data.draw(st.integers(0, 2))):
        names = sorted(spot) if isinstance(spot, dict) else list(range(len(spot))) if isinstance(spot, list) else []
        below = [name for name in names if isinstance(spot[name], dict | list) and spot[name]]
        if not below:
            break
        spot = spot[data.draw(st.sampled_from(below))]
    name = data.draw(st.sampled_from(sorted(spot) if isinstance(spot, dict) else list(range(len(spot)))))
    spot[name] = data.draw(values)
    try:
        text = canonical.canonicalize(sign_again(bent)).decode()
    except Exception:  # noqa: BLE001 - what has no canonical form can't be signed
        text = json.dumps(bent)
    got = hold_invariant(identity.read_document, text)
    if isinstance(got, identity.Identity):
        hold_promises(got)


def sign_again(value: dict[str, Any]) -> canonical.JsonObject:
    name = did("root")
    return proofs.sign(value, key("root"), verification_method=f"{name}#{name[8:]}", created=CREATED)


def hold_promises(got: identity.Identity) -> None:
    """What the rest of the house takes for granted about any identity."""
    assert got.did == did("root")
    assert 1 <= len(got.devices) <= identity.MAX_DEVICES
    assert all(keys.encode_multikey(keys.decode_multikey(name)) == one.multikey for name, one in got.devices.items())
    assert 1 <= len(got.gateways) <= identity.MAX_GATEWAYS
    assert all(map(identity.is_origin, got.gateways))
    assert 0 <= got.sequence <= canonical.MAX_INTEGER
    assert got.next_key_digest is None or keys.is_next_key_digest(got.next_key_digest)
    assert got.predecessor is None or keys.did_from_key(keys.key_from_did(got.predecessor)) == got.predecessor
    assert identity.read_document(canonical.canonicalize(got.document)) == got


@given(st.data())
@settings(max_examples=200)
def test_a_token_with_one_member_replaced_and_signed_again(data: st.DataObject) -> None:
    """The device may sign any nonsense: header and claims are of the right kind, or it is refused."""
    token, typ = data.draw(st.sampled_from([(TOKEN, entry.TYPE), (PROOF, dpop.TYPE)]))
    header, claims = (json.loads(keys.base64url_decode(part)) for part in token.split(".")[:2])
    spot = data.draw(st.sampled_from([header, claims]))
    spot[data.draw(st.sampled_from(sorted(spot)))] = data.draw(values)
    signed = ".".join(keys.base64url_encode(json.dumps(part).encode()) for part in (header, claims))
    signer = key("device" if typ == entry.TYPE else "session")
    bent = f"{signed}.{keys.base64url_encode(signer.sign(signed.encode()))}"
    got = hold_invariant(read_entry_token if typ == entry.TYPE else read_proof, bent)
    if isinstance(got, entry.EntryClaims):
        assert got.did == did("root")
        assert got.expires_s <= NOW_S + entry.MAX_LIFE_S + tokens.SKEW_S
        assert len(got.jti) >= 22 <= len(got.nonce)
        assert 1 <= len(got.room) <= entry.MAX_ROOM_CHARS
    elif isinstance(got, dpop.DpopClaims):
        assert len(got.jti) >= 22
        assert abs(got.issued_s - NOW_S) <= dpop.LIFE_S + tokens.SKEW_S


@pytest.mark.parametrize("reader", READERS)
def test_nothing_is_refused(reader: Reader) -> None:
    assert hold_invariant(reader, b"") is None
    assert hold_invariant(reader, "") is None
