"""Keys and the names that are made of them: Multikey, did:key, JWK thumbprints, fingerprints for people.

Theory. A name that is made of a key needs no registry: whoever holds the key holds the name. There is exactly one text
for one key, so that names can be compared as text: base58btc without leading ones, points in their reduced form. Keys
of small order are refused, because a signature by one of them says nothing. Identities and devices use Ed25519 alone;
a session key may also be P-256, for browsers that have no Ed25519.

- Multikey: "z" + base58btc(0xed 0x01 + the 32 bytes of the public key); did:key: "did:key:" + Multikey.
- `next_key_digest`: "u" + base64url(0x12 0x20 + SHA-256(0xed 0x01 + the 32 bytes)), a multihash in multibase.
- `thumbprint`: RFC 7638 with the members of RFC 8037 appendix A.3.
- `fingerprint`: SHA-256 of the did as UTF-8; of its first 30 bytes every five are a big-endian number of which the last
  five decimal digits are one group. Six groups with a space between them: digits, because they can be read aloud in
  every language and no two look alike.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping
from typing import Final, TypeAlias

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from federation.errors import FederationFault, RefusalCode, Refused

PublicKey: TypeAlias = Ed25519PublicKey | ec.EllipticCurvePublicKey
PrivateKey: TypeAlias = Ed25519PrivateKey | ec.EllipticCurvePrivateKey

DID_PREFIX: Final = "did:key:"
MULTIKEY_PATTERN: Final = re.compile(r"z6Mk[1-9A-HJ-NP-Za-km-z]{44}")
"""Every Ed25519 Multikey looks like this, though not all that look like this are one."""

_KEY_BYTES: Final = 32
_ED25519_CODE: Final = b"\xed\x01"
_SHA256_CODE: Final = b"\x12\x20"
_ALPHABET: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_DIGITS: Final = {char: value for value, char in enumerate(_ALPHABET)}
_BASE64URL: Final = re.compile(r"[A-Za-z0-9_-]*")

_PRIME: Final = 2**255 - 19
_ORDER_8_Y: Final = 2707385501144840649318225287225658788936804267575313519463743609750303402022
_WEAK_Y: Final = frozenset({0, 1, _PRIME - 1, _ORDER_8_Y, _PRIME - _ORDER_8_Y})
"""Where the points of order 1, 2, 4 and 8 lie: no honest key is among them."""

_GROUPS: Final = 6
_GROUP_BYTES: Final = 5
_GROUP_DIGITS: Final = 5


# --- base58btc and base64url ------------------------------------------------------------------------------------------


def base58_encode(data: bytes) -> str:
    """Bytes in base58btc."""
    number, text = int.from_bytes(data), ""
    while number:
        number, digit = divmod(number, 58)
        text = _ALPHABET[digit] + text
    return "1" * (len(data) - len(data.lstrip(b"\0"))) + text


def base58_decode(text: str, size_bytes: int) -> bytes:
    """So many bytes from base58btc.

    Raises:
        Refused: another length, or a character that doesn't belong there.
    """
    # Work grows with the square of the length, so the length is looked at first; 1.4 characters a byte are enough.
    if len(text) > size_bytes * 7 // 5 + 1:
        raise Refused(RefusalCode.BAD_KEY, "A key or signature is too long.")
    number = 0
    try:
        for char in text:
            number = number * 58 + _DIGITS[char]
        data = number.to_bytes((number.bit_length() + 7) // 8)
    except KeyError:
        raise Refused(RefusalCode.BAD_KEY, "A key or signature has a character that is not base58.") from None
    data = b"\0" * (len(text) - len(text.lstrip("1"))) + data
    if len(data) != size_bytes:
        raise Refused(RefusalCode.BAD_KEY, "A key or signature has the wrong length.")
    return data


def base64url_encode(data: bytes) -> str:
    """Bytes in base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def base64url_decode(text: str) -> bytes:
    """Bytes from base64url without padding: the one text that `base64url_encode` makes of them.

    Raises:
        Refused: a character that doesn't belong there, padding, or bits that say nothing.
    """
    try:
        if not _BASE64URL.fullmatch(text):
            raise ValueError(text)
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (ValueError, binascii.Error):
        raise Refused(RefusalCode.BAD_TOKEN, "A part of this is not base64url.") from None
    # The last character may hold bits that are dropped; of the texts that differ in them, one is right.
    if len(text) % 4 and base64url_encode(data[-(len(data) % 3) :]) != text[-(len(text) % 4) :]:
        raise Refused(RefusalCode.BAD_TOKEN, "A part of this is not base64url.")
    return data


# --- Multikey and did:key ---------------------------------------------------------------------------------------------


def public_bytes(key: Ed25519PublicKey) -> bytes:
    """The 32 bytes of a public key."""
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def encode_multikey(key: Ed25519PublicKey) -> str:
    """The Multikey of a public key."""
    return "z" + base58_encode(_ED25519_CODE + public_bytes(key))


def decode_multikey(text: str) -> Ed25519PublicKey:
    """The public key of a Multikey.

    Raises:
        Refused: BAD_KEY when it is none of Ed25519, not in its one form, or weak.
    """
    if not MULTIKEY_PATTERN.fullmatch(text):
        raise Refused(RefusalCode.BAD_KEY, "This is not the Multikey of an Ed25519 key.")
    data = base58_decode(text[1:], len(_ED25519_CODE) + _KEY_BYTES)
    if not data.startswith(_ED25519_CODE):
        raise Refused(RefusalCode.BAD_KEY, "This is not the Multikey of an Ed25519 key.")
    return _ed25519(data[len(_ED25519_CODE) :])


def did_from_key(key: Ed25519PublicKey) -> str:
    """The did:key of a public key."""
    return DID_PREFIX + encode_multikey(key)


def key_from_did(did: str) -> Ed25519PublicKey:
    """The public key that a did:key is made of.

    Raises:
        Refused: BAD_KEY when it is no did:key of Ed25519.
    """
    if not did.startswith(DID_PREFIX):
        raise Refused(RefusalCode.BAD_KEY, "This is not a did:key.")
    return decode_multikey(did.removeprefix(DID_PREFIX))


def next_key_digest(key: Ed25519PublicKey) -> str:
    """What a document says beforehand about the root that may succeed its own."""
    digest = hashlib.sha256(_ED25519_CODE + public_bytes(key)).digest()
    return "u" + base64url_encode(_SHA256_CODE + digest)


def is_next_key_digest(text: str) -> bool:
    """Whether a text could be the digest of a key."""
    if not text.startswith("u"):
        return False
    try:
        data = base64url_decode(text[1:])
    except Refused:
        return False
    return len(data) == len(_SHA256_CODE) + hashlib.sha256().digest_size and data.startswith(_SHA256_CODE)


def fingerprint(did: str) -> str:
    """Six groups of five digits that two people can compare aloud; see above."""
    digest = hashlib.sha256(did.encode()).digest()
    numbers = (int.from_bytes(digest[at : at + _GROUP_BYTES]) for at in range(0, _GROUPS * _GROUP_BYTES, _GROUP_BYTES))
    return " ".join(f"{number % 10**_GROUP_DIGITS:0{_GROUP_DIGITS}}" for number in numbers)


# --- JWK --------------------------------------------------------------------------------------------------------------


def jwk_from_key(key: PublicKey) -> dict[str, str]:
    """The public key of a session as a JWK with nothing but its required members.

    Raises:
        FederationFault: a curve that we don't use.
    """
    if isinstance(key, Ed25519PublicKey):
        return {"kty": "OKP", "crv": "Ed25519", "x": base64url_encode(public_bytes(key))}
    if not isinstance(key.curve, ec.SECP256R1):
        raise FederationFault(f"no session key is of the curve {key.curve.name}")
    point = key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    x, y = point[1 : 1 + _KEY_BYTES], point[1 + _KEY_BYTES :]
    return {"kty": "EC", "crv": "P-256", "x": base64url_encode(x), "y": base64url_encode(y)}


def key_from_jwk(jwk: object) -> PublicKey:
    """The public key of a JWK that has the required members and no others: no private key slips in.

    Raises:
        Refused: BAD_KEY when it is neither Ed25519 nor P-256.
    """
    match jwk:
        case {"kty": "OKP", "crv": "Ed25519", "x": str(x), **rest} if not rest:
            return _ed25519(_coordinate(x))
        case {"kty": "EC", "crv": "P-256", "x": str(x), "y": str(y), **rest} if not rest:
            numbers = ec.EllipticCurvePublicNumbers(
                int.from_bytes(_coordinate(x)), int.from_bytes(_coordinate(y)), ec.SECP256R1()
            )
            try:
                return numbers.public_key()
            except ValueError:
                raise Refused(RefusalCode.BAD_KEY, "This session key is no point of its curve.") from None
        case _:
            raise Refused(RefusalCode.BAD_KEY, "A session key is Ed25519 or P-256, with no other members.")


def thumbprint(jwk: Mapping[str, object]) -> str:
    """The RFC 7638 thumbprint of a JWK that `key_from_jwk` takes.

    Raises:
        Refused: BAD_KEY when a required member is missing.
    """
    match jwk:
        case {"kty": "OKP", "crv": "Ed25519", "x": str(x)} if _BASE64URL.fullmatch(x):
            text = f'{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}'
        case {"kty": "EC", "crv": "P-256", "x": str(x), "y": str(y)} if _BASE64URL.fullmatch(x + y):
            text = f'{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}'
        case _:
            raise Refused(RefusalCode.BAD_KEY, "A session key is Ed25519 or P-256.")
    return base64url_encode(hashlib.sha256(text.encode()).digest())


def _coordinate(text: str) -> bytes:
    try:
        data = base64url_decode(text)
    except Refused:
        data = b""
    if len(data) != _KEY_BYTES:
        raise Refused(RefusalCode.BAD_KEY, "A number of this session key has the wrong length.")
    return data


def _ed25519(data: bytes) -> Ed25519PublicKey:
    y = int.from_bytes(data, "little") & (2**255 - 1)
    if y >= _PRIME or y in _WEAK_Y:
        raise Refused(RefusalCode.BAD_KEY, "This key is weak or not in its reduced form.")
    return Ed25519PublicKey.from_public_bytes(data)
