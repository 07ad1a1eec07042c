"""Signed tokens (JWS compact, RFC 7515) read as strictly as they are written.

Theory. Most holes in tokens come from a verifier that lets the token say how to verify it. Here the caller knows what
it expects: the type, the exact members of the header, the key; and the key alone decides about the algorithm. Keys are
objects of `cryptography`, never bytes, and no symmetric algorithm exists in this module. Reading goes in two steps,
because the key may depend on what the token says: `split` gives header and claims of a well-formed token, unverified;
`verify` holds the signature against a key.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from jwt.algorithms import ECAlgorithm, OKPAlgorithm
from jwt.utils import der_to_raw_signature

from federation.canonical import JsonObject, canonicalize, parse_object
from federation.errors import RefusalCode, Refused
from federation.keys import PrivateKey, PublicKey, base64url_decode, base64url_encode

MAX_TOKEN_BYTES: Final = 4096
MAX_DEPTH: Final = 4
SKEW_S: Final = 30
"""How far two honest clocks may be apart."""

_EDDSA: Final = OKPAlgorithm()
_ES256: Final = ECAlgorithm(ECAlgorithm.SHA256, ec.SECP256R1)
_EDDSA_NAMES: Final = ("EdDSA", "Ed25519")
"""The name of RFC 8037 and that of RFC 9864; both mean Ed25519 here."""
_ES256_NAMES: Final = ("ES256",)

_IDENTIFIER: Final = re.compile(r"[A-Za-z0-9_-]{22,64}")
"""At least 128 bits in base64url: token identifiers, nonces, thumbprints."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """A well-formed token whose signature nobody has looked at yet."""

    header: JsonObject
    claims: JsonObject
    signed: bytes
    signature: bytes


def sign(key: PrivateKey, *, typ: str, header: JsonObject, claims: JsonObject) -> str:
    """A token of a type, with more members in its header, by a key; the same bytes for the same words."""
    algorithm = _EDDSA_NAMES[0] if isinstance(key, Ed25519PrivateKey) else _ES256_NAMES[0]
    signed = f"{_segment({'alg': algorithm, 'typ': typ, **header})}.{_segment(claims)}"
    if isinstance(key, Ed25519PrivateKey):
        signature = _EDDSA.sign(signed, key)
    else:
        # RFC 6979: a number that must be random otherwise comes from the message, so nothing here rolls dice.
        ecdsa = ec.ECDSA(hashes.SHA256(), deterministic_signing=True)
        signature = der_to_raw_signature(key.sign(signed.encode(), ecdsa), key.curve)
    return f"{signed}.{base64url_encode(signature)}"


def split(token: str | bytes, *, typ: str, members: frozenset[str]) -> Envelope:
    """Header and claims of a token, not verified.

    Args:
        token: what came.
        typ: the type that it must be of.
        members: what its header must hold beside `alg` and `typ`, no more and no less.

    Raises:
        Refused: TOO_LARGE, BAD_TOKEN or BAD_HEADER.
    """
    text = _ascii(token)
    parts = text.split(".")
    if len(parts) != 3:
        raise Refused(RefusalCode.BAD_TOKEN, "A token has three parts.")
    header, claims = (_object(part) for part in parts[:2])
    if header.keys() != {"alg", "typ", *members}:
        raise Refused(RefusalCode.BAD_HEADER, "The header of a token has missing or unexpected members.")
    if header["typ"] != typ:
        raise Refused(RefusalCode.BAD_HEADER, f"This is not a token of the type {typ}.")
    signed = text.rpartition(".")[0].encode()
    return Envelope(header, claims, signed, base64url_decode(parts[2]))


def verify(envelope: Envelope, key: PublicKey) -> None:
    """Hold a token against the key that must have signed it, with the one algorithm of that key.

    Raises:
        Refused: BAD_HEADER when it names another algorithm, BAD_SIGNATURE when it isn't by this key.
    """
    algorithm = envelope.header["alg"]
    if algorithm not in (_EDDSA_NAMES if isinstance(key, Ed25519PublicKey) else _ES256_NAMES):
        raise Refused(RefusalCode.BAD_HEADER, "The token names an algorithm that its key is not for.")
    if isinstance(key, Ed25519PublicKey):
        is_right = _EDDSA.verify(envelope.signed, key, envelope.signature)
    else:
        is_right = _ES256.verify(envelope.signed, key, envelope.signature)
    if not is_right:
        raise Refused(RefusalCode.BAD_SIGNATURE, "The token was not signed by the expected key, or changed later.")


# --- claims -----------------------------------------------------------------------------------------------------------


def text_claim(claims: JsonObject, name: str, *, max_chars: int) -> str:
    """A claim that must be a text, not empty.

    Raises:
        Refused: BAD_TOKEN when it isn't.
    """
    value = claims.get(name)
    if not isinstance(value, str) or not 1 <= len(value) <= max_chars:
        raise _bad_claim(name)
    return value


def identifier_claim(claims: JsonObject, name: str) -> str:
    """A claim of at least 128 bits in base64url.

    Raises:
        Refused: BAD_TOKEN when it isn't.
    """
    value = claims.get(name)
    if not isinstance(value, str) or not _IDENTIFIER.fullmatch(value):
        raise _bad_claim(name)
    return value


def thumbprint_claim(claims: JsonObject) -> str:
    """The thumbprint of the session key that a token is bound to (`cnf` of RFC 7800).

    Raises:
        Refused: BAD_TOKEN when there is none, or more than that.
    """
    match claims.get("cnf"):
        case {"jkt": str(value), **rest} if not rest and _IDENTIFIER.fullmatch(value):
            return value
        case _:
            raise _bad_claim("cnf")


def moment_claim(claims: JsonObject, name: str) -> int:
    """A claim in whole seconds since 1970.

    Raises:
        Refused: BAD_TOKEN when it isn't.
    """
    value = claims.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise _bad_claim(name)
    return value


def check_life(claims: JsonObject, *, now_s: float, max_life_s: int) -> int:
    """Check `iat`, `exp` and `nbf`, if it is there; gives the second in which the token ends.

    Raises:
        Refused: BAD_TOKEN, NOT_YET_VALID, EXPIRED or LIVES_TOO_LONG.
    """
    issued_s, expires_s = moment_claim(claims, "iat"), moment_claim(claims, "exp")
    begins_s = max(issued_s, moment_claim(claims, "nbf")) if "nbf" in claims else issued_s
    if not 0 < expires_s - issued_s <= max_life_s:
        raise Refused(RefusalCode.LIVES_TOO_LONG, f"A token of this kind lives for {max_life_s} seconds at most.")
    if begins_s > now_s + SKEW_S:
        raise Refused(
            RefusalCode.NOT_YET_VALID,
            f"This token is from {begins_s - now_s:.0f} seconds in the future: is the clock of this device right?",
        )
    if expires_s <= now_s - SKEW_S:
        raise Refused(
            RefusalCode.EXPIRED,
            f"This token ended {now_s - expires_s:.0f} seconds ago: is the clock of this device right?",
        )
    return expires_s


def _bad_claim(name: str) -> Refused:
    return Refused(RefusalCode.BAD_TOKEN, f"The token does not say {name} properly.")


def _ascii(token: str | bytes) -> str:
    if len(token) > MAX_TOKEN_BYTES:
        raise Refused(RefusalCode.TOO_LARGE, f"A token has at most {MAX_TOKEN_BYTES} bytes.")
    try:
        return token.decode("ascii") if isinstance(token, bytes) else token.encode("ascii").decode("ascii")
    except UnicodeError:
        raise Refused(RefusalCode.BAD_TOKEN, "A token has ASCII characters only.") from None


def _object(part: str) -> JsonObject:
    return parse_object(base64url_decode(part), max_bytes=MAX_TOKEN_BYTES, max_depth=MAX_DEPTH)


def _segment(value: JsonObject) -> str:
    return base64url_encode(canonicalize(value))
