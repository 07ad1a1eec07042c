"""Signed documents: data integrity proofs of the cryptosuite eddsa-jcs-2022 (W3C vc-di-eddsa, FEP-8b32).

Theory. What is signed is SHA-256 of the canonical proof without its `proofValue`, followed by SHA-256 of the canonical
document without its `proof`. A proof's own `@context` must be the beginning of the document's and takes its place when
the document is hashed. Members of a proof that would ask for more than this module does (an expiry, a challenge, a
chain) make the proof refused instead of being overlooked. Contexts are compared as text and never fetched.
"""

from __future__ import annotations

import hashlib
import re
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from federation.canonical import JsonObject, JsonValue, canonicalize
from federation.errors import RefusalCode, Refused
from federation.keys import base58_decode, base58_encode

CRYPTOSUITE: Final = "eddsa-jcs-2022"
PROOF_TYPE: Final = "DataIntegrityProof"
PURPOSE: Final = "assertionMethod"

_REQUIRED: Final = frozenset({"type", "cryptosuite", "verificationMethod", "proofPurpose", "proofValue"})
_KNOWN: Final = _REQUIRED | {"@context", "created", "id"}
_SIGNATURE_BYTES: Final = 64
_TIMESTAMP: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)", re.ASCII)


def sign(
    document: JsonObject, key: Ed25519PrivateKey, *, verification_method: str, created: str, purpose: str = PURPOSE
) -> JsonObject:
    """The document with a proof by a key.

    Args:
        document: what is signed; a proof that it already has is replaced.
        key: whose word it becomes.
        verification_method: where others find the public key, such as `did:key:z…#z…`.
        created: when, as `2026-01-31T12:00:00Z`.
        purpose: what the signature is for.
    """
    bare = {name: value for name, value in document.items() if name != "proof"}
    config: JsonObject = {
        "type": PROOF_TYPE,
        "cryptosuite": CRYPTOSUITE,
        "verificationMethod": verification_method,
        "proofPurpose": purpose,
        "created": created,
    }
    if "@context" in bare:
        config["@context"] = bare["@context"]
    signature = key.sign(_digest(config) + _digest(bare))
    return {**bare, "proof": {**config, "proofValue": "z" + base58_encode(signature)}}


def verify(document: JsonObject, key: Ed25519PublicKey, *, purpose: str = PURPOSE) -> bytes:
    """Check a document's proof; gives SHA-256 of what was signed, the document without its proof.

    Whose key it must be is the caller's to know: compare `verificationMethod` yourself.

    Raises:
        Refused: BAD_PROOF when there is no proof of this kind, BAD_SIGNATURE when it isn't by this key.
    """
    config, signature = _open(document.get("proof"), purpose)
    bare = {name: value for name, value in document.items() if name != "proof"}
    if "@context" in config:
        ours, theirs = _list(bare.get("@context")), _list(config["@context"])
        if ours[: len(theirs)] != theirs:
            raise Refused(RefusalCode.BAD_PROOF, "The proof was made for another context.")
        bare["@context"] = config["@context"]
    digest = _digest(bare)
    try:
        key.verify(signature, _digest(config) + digest)
    except InvalidSignature:
        raise Refused(RefusalCode.BAD_SIGNATURE, "The document was not signed by this key, or changed later.") from None
    return digest


def is_timestamp(text: str) -> bool:
    """Whether a text is a moment with a time zone, such as `2026-01-31T12:00:00Z`."""
    return _TIMESTAMP.fullmatch(text) is not None


def _open(proof: JsonValue, purpose: str) -> tuple[JsonObject, bytes]:
    """What was hashed of a proof, and its signature."""
    if not isinstance(proof, dict) or not _REQUIRED <= proof.keys() <= _KNOWN:
        raise Refused(RefusalCode.BAD_PROOF, "The document has no single proof of the expected form.")
    config = dict(proof)
    match config:
        case {"type": "DataIntegrityProof", "cryptosuite": "eddsa-jcs-2022", "verificationMethod": str()} if (
            config["proofPurpose"] == purpose
        ):
            pass
        case _:
            raise Refused(RefusalCode.BAD_PROOF, f"The proof is not of the kind {CRYPTOSUITE} for {purpose}.")
    created, value = config.get("created", "1970-01-01T00:00:00Z"), config.pop("proofValue")
    if not isinstance(created, str) or not is_timestamp(created):
        raise Refused(RefusalCode.BAD_PROOF, "The proof does not say properly when it was made.")
    if not isinstance(value, str) or not value.startswith("z"):
        raise Refused(RefusalCode.BAD_PROOF, "The proof has no signature in base58.")
    try:
        return config, base58_decode(value[1:], _SIGNATURE_BYTES)
    except Refused:
        raise Refused(RefusalCode.BAD_PROOF, "The proof has no signature in base58.") from None


def _digest(value: JsonObject) -> bytes:
    return hashlib.sha256(canonicalize(value)).digest()


def _list(value: JsonValue) -> list[JsonValue]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
