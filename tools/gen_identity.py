"""Writes golden vectors of identities for both test suites: `python -m tools.gen_identity [--check]`.

Theory. `federation` is the reference; the client has a twin of it in client_web/src/identity. Keys come from fixed
seeds and moments are fixed, and every signature used here is a function of its message, so that the vectors are the
same wherever they are made, and the twin must make the same bytes. What must be refused is here too, with the code.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from federation import canonical, dpop, entry, identity, keys, proofs, session, tokens
from federation.canonical import JsonObject
from federation.errors import Refused

ROOT: Final = Path(__file__).resolve().parent.parent
VECTORS: Final = ROOT / "tests" / "vectors" / "identity.json"

NOW_S: Final = 1_800_000_000
CREATED: Final = "2027-01-15T08:00:00Z"
HOME: Final = "https://alley.example"
AWAY: Final = "https://other.example:8443"
ROOM: Final = "alley"
NAMES: Final = ("root", "next", "device", "second", "session", "thief", "instance")


def seed_of(name: str) -> bytes:
    """The seed of a key: SHA-256 of its name."""
    return hashlib.sha256(f"yokocho vector {name}".encode()).digest()


def key_of(name: str) -> Ed25519PrivateKey:
    """A key by its name."""
    return Ed25519PrivateKey.from_private_bytes(seed_of(name))


def p256_key() -> ec.EllipticCurvePrivateKey:
    """The session key of a browser without Ed25519."""
    return ec.derive_private_key(int.from_bytes(seed_of("p256")), ec.SECP256R1())


def identifier(name: str) -> str:
    """A nonce or token identifier that looks random and isn't."""
    return keys.base64url_encode(seed_of(name)[:16])


def multikey_of(name: str) -> str:
    """The Multikey of a key by its name."""
    return keys.encode_multikey(key_of(name).public_key())


def did_of(name: str) -> str:
    """The did:key of a key by its name."""
    return keys.did_from_key(key_of(name).public_key())


# --- what holds -------------------------------------------------------------------------------------------------------


def ed25519_vectors() -> list[dict[str, Any]]:
    """Keys and all the names that are made of them."""
    rows = []
    for name in NAMES:
        public = key_of(name).public_key()
        jwk = keys.jwk_from_key(public)
        rows.append(
            {
                "name": name,
                "seed": seed_of(name).hex(),
                "publicKey": keys.public_bytes(public).hex(),
                "multikey": keys.encode_multikey(public),
                "did": keys.did_from_key(public),
                "fingerprint": keys.fingerprint(keys.did_from_key(public)),
                "nextKeyDigest": keys.next_key_digest(public),
                "jwk": jwk,
                "thumbprint": keys.thumbprint(jwk),
            }
        )
    return rows


def p256_vector() -> dict[str, Any]:
    """The one key of the other curve."""
    jwk = keys.jwk_from_key(p256_key().public_key())
    return {"name": "p256", "d": keys.base64url_encode(seed_of("p256")), "jwk": jwk, "thumbprint": keys.thumbprint(jwk)}


def documents() -> dict[str, JsonObject]:
    """Documents that are accepted, by name."""
    first = identity.Device(multikey_of("device"), "Firefox on my phone", CREATED)
    second = identity.Device(multikey_of("second"), "横丁の電話 📱")
    promise = keys.next_key_digest(key_of("next").public_key())
    common: dict[str, Any] = {"next_key_digest": promise, "created": CREATED}
    root, following = key_of("root"), key_of("next")
    return {
        "guest": identity.build_document(root, devices=[first], gateways=[HOME], sequence=NOW_S, **common),
        "two devices": identity.build_document(
            root, devices=[first, second], gateways=[HOME, AWAY], sequence=NOW_S + 1, **common
        ),
        "first device revoked": identity.build_document(
            root, devices=[second], gateways=[AWAY], sequence=NOW_S + 2, also_known_as=[f"{HOME}/people/mika"], **common
        ),
        "no promise, this machine": identity.build_document(
            root,
            devices=[first],
            gateways=["http://localhost:8080"],
            sequence=1,
            next_key_digest=None,
            created=CREATED,
        ),
        "successor": identity.build_document(
            following,
            devices=[second],
            gateways=[HOME],
            sequence=NOW_S + 3,
            next_key_digest=None,
            created=CREATED,
            predecessor=did_of("root"),
        ),
        "members that mean nothing": extended(),
    }


def extended() -> JsonObject:
    """A document with members that nobody here knows: they are kept and signed."""
    device = identity.Device(multikey_of("device"))
    document = identity.build_document(
        key_of("root"), devices=[device], gateways=[HOME], sequence=7, next_key_digest=None, created=CREATED
    )
    document["yokocho:\U0001f3ee"] = {"\ufb33": [1.5, -0.0, 1e-7, None, True], "\u20ac\n": '\u0001\\"/\u007f'}
    return signed(document)


def signed(document: JsonObject, by: str = "root", method: str = "root") -> JsonObject:
    """A document of any kind with a proof."""
    did = did_of(method)
    return proofs.sign(
        document, key_of(by), verification_method=f"{did}#{did.removeprefix('did:key:')}", created=CREATED
    )


def document_vectors() -> list[dict[str, Any]]:
    """Accepted documents as text, and what is read from them."""
    rows = []
    for name, document in documents().items():
        text = canonical.canonicalize(document).decode()
        read = identity.read_document(text)
        rows.append(
            {
                "name": name,
                "text": text,
                "did": read.did,
                "sequence": read.sequence,
                "digest": read.digest.hex(),
                "devices": [
                    {"key": one.multikey, "name": one.name, "created": one.created} for one in read.devices.values()
                ],
                "gateways": list(read.gateways),
                "nextKeyDigest": read.next_key_digest,
                "predecessor": read.predecessor,
            }
        )
    return rows


def token_vectors() -> dict[str, list[dict[str, Any]]]:
    """Tokens and proofs with everything that they were made from."""
    session_jkt = keys.thumbprint(keys.jwk_from_key(key_of("session").public_key()))
    at: dict[str, Any] = {"now_s": NOW_S, "jti": identifier("jti")}
    words: dict[str, Any] = {
        "did": did_of("root"),
        "audience": HOME,
        "nonce": identifier("nonce"),
        "room": ROOM,
        "jkt": session_jkt,
    }
    access: dict[str, Any] = {
        "issuer": HOME,
        "did": did_of("root"),
        "jkt": session_jkt,
        "roles": ["artisan", "operator"],
        **at,
    }
    access_token = session.make_session_token(key_of("instance"), **access)
    live: dict[str, Any] = {"method": "GET", "url": f"{HOME}/live", "nonce": identifier("nonce"), **at}
    call: dict[str, Any] = {"method": "DELETE", "url": f"{HOME}/api/me", "access_token": access_token, **at}
    return {
        "entryTokens": [
            {"by": "device", **words, **at, "token": entry.make_entry_token(key_of("device"), **words, **at)}
        ],
        "sessionTokens": [{"by": "instance", **access, "token": access_token}],
        "proofs": [
            {"by": "session", **live, "proof": dpop.make_proof(key_of("session"), **live)},
            {"by": "session", **call, "proof": dpop.make_proof(key_of("session"), **call)},
            {"by": "p256", **live, "proof": dpop.make_proof(p256_key(), **live)},
        ],
    }


# --- what doesn't -----------------------------------------------------------------------------------------------------

REFUSED_JSON: Final = {
    "a member twice": '{"a":1,"a":1}',
    "a member twice, once escaped": r'{"a":1,"\u0061":1}',
    "not a number": '{"a":NaN}',
    "infinity": "[-Infinity]",
    "overflow": "[1e999]",
    "an integer above 2^53": "[9007199254740992]",
    "an integer below -2^53": "[-9007199254740992]",
    "an integer with a fraction": "[9007199254740993.0]",
    "a very long integer": "[" + "1" * 5000 + "]",
    "half a character": r'["\ud83d"]',
    "half a character as a name": r'{"\udc00":1}',
    "a byte order mark": "\ufeff{}",
    "too deep": "[" * 65 + "]" * 65,
    "far too deep": '{"a":' * 5000,
    "nothing": "",
    "two values": "{}{}",
    "a comma too many": "[1,]",
    "single quotes": "{'a':1}",
    "a leading zero": "[01]",
    "a line break in a text": '["\n"]',
}


def refused_documents() -> dict[str, str]:
    """Documents that nobody may take, by what is wrong."""
    guest = documents()["guest"]
    device = guest["assertionMethod"]
    assert isinstance(device, list)
    altered: dict[str, JsonObject] = {
        "gateways changed after signing": {**guest, "gateways": [AWAY]},
        "no proof": {name: value for name, value in guest.items() if name != "proof"},
        "signed by somebody else": signed(guest, by="thief"),
        "signed by somebody else who says so": signed(guest, by="thief", method="thief"),
        "no devices": signed({**guest, "assertionMethod": []}),
        "a device twice": signed({**guest, "assertionMethod": device * 2}),
        "no gateways": signed({**guest, "gateways": []}),
        "a gateway with a path": signed({**guest, "gateways": [f"{HOME}/"]}),
        "a gateway without TLS": signed({**guest, "gateways": ["http://alley.example"]}),
        "a sequence in quotes": signed({**guest, "sequence": "1"}),
        "a sequence below zero": signed({**guest, "sequence": -1}),
        "another type": signed({**guest, "type": "Service"}),
        "somebody else's inbox": signed({**guest, "inbox": f"{AWAY}/inbox"}),
        "its own predecessor": signed({**guest, "predecessor": did_of("root")}),
        "a promise of something else": signed({**guest, "nextKeyDigest": "uEiA"}),
        "an id of another kind": signed({**guest, "id": f"{HOME}/actor"}),
    }
    return {name: canonical.canonicalize(document).decode() for name, document in altered.items()}


def code_of(text: str, *, is_document: bool) -> str:
    """What a text is refused for.

    Raises:
        LookupError: it isn't refused.
    """
    try:
        if is_document:
            identity.read_document(text)
        else:
            canonical.parse(text, max_bytes=identity.MAX_DOCUMENT_BYTES)
    except Refused as refusal:
        return refusal.code.value
    raise LookupError(f"accepted: {text}")


def refused_vectors(texts: dict[str, str], *, is_document: bool) -> list[dict[str, str]]:
    """Texts with the code that they are refused with."""
    return [
        {"name": name, "text": text, "code": code_of(text, is_document=is_document)} for name, text in texts.items()
    ]


def vectors_json() -> str:
    """The whole generated file."""
    vectors = {
        "about": (
            "Golden vectors of identities, made by tools/gen_identity.py. Seeds are hex; signatures by P-256 are those "
            "of RFC 6979; headers and claims of tokens are canonical JSON."
        ),
        "now_s": NOW_S,
        "created": CREATED,
        "skew_s": tokens.SKEW_S,
        "keys": ed25519_vectors(),
        "p256": p256_vector(),
        "documents": document_vectors(),
        **token_vectors(),
        "refusedJson": refused_vectors(REFUSED_JSON, is_document=False),
        "refusedDocuments": refused_vectors(refused_documents(), is_document=True),
    }
    return json.dumps(vectors, indent=1, ensure_ascii=True) + "\n"


def main(arguments: list[str] | None = None) -> int:
    """Write the vectors, or with `--check` only compare them."""
    parser = argparse.ArgumentParser(description="Generate the golden vectors of identities.")
    parser.add_argument("--check", action="store_true", help="write nothing; fail when the file is stale")
    check: bool = parser.parse_args(arguments).check
    content = vectors_json()
    if VECTORS.exists() and VECTORS.read_text(encoding="utf-8") == content:
        return 0
    if not check:
        VECTORS.parent.mkdir(parents=True, exist_ok=True)
        VECTORS.write_text(content, encoding="utf-8")
    print(f"{VECTORS.relative_to(ROOT)} {'is stale: run `python -m tools.gen_identity`' if check else 'written'}")
    return 1 if check else 0


if __name__ == "__main__":
    sys.exit(main())
