"""Proof of possession (DPoP, RFC 9449): a token that was stolen is worth nothing without its session key.

Theory. A session has a key pair of its own whose private half never leaves the browser. Tokens carry the thumbprint of
its public half (`cnf.jkt`); every request carries a proof made for it alone: method, address, moment, an identifier
used once, the server's nonce where it gave one, the hash of the access token where there is one. The one who asks
compares `jkt` with the token's, and remembers `jti` in a `books.ReplayBook` until `ends_s`.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import Final

from federation import keys, tokens
from federation.canonical import JsonObject
from federation.errors import RefusalCode, Refused

TYPE: Final = "dpop+jwt"
LIFE_S: Final = 60
"""How old a proof may be, beside the skew of clocks."""

_MEMBERS: Final = frozenset({"jwk"})
_MAX_URL_CHARS: Final = 2048


@dataclass(frozen=True, slots=True)
class DpopClaims:
    """A proof that holds.

    Attributes:
        jkt: thumbprint of the session key that made it.
        jti: its identifier, good for one use.
        issued_s: when it was made, by the clock of the one who made it.
        ends_s: from then on it is refused for its age, so that `jti` may be forgotten.
    """

    jkt: str
    jti: str
    issued_s: int

    @property
    def ends_s(self) -> int:
        """When the proof is too old in any case."""
        return self.issued_s + LIFE_S + tokens.SKEW_S


def make_proof(
    session_key: keys.PrivateKey,
    *,
    method: str,
    url: str,
    now_s: int,
    jti: str,
    nonce: str | None = None,
    access_token: str | None = None,
) -> str:
    """A proof for one request.

    Args:
        session_key: Ed25519 or P-256.
        method: such as "GET".
        url: without query and fragment.
        now_s: seconds since 1970.
        jti: 128 random bits in base64url.
        nonce: what the server gave, if it did.
        access_token: what the request carries, if it does.
    """
    claims: JsonObject = {"htm": method, "htu": url, "iat": now_s, "jti": jti}
    if nonce is not None:
        claims["nonce"] = nonce
    if access_token is not None:
        claims["ath"] = _hash(access_token)
    jwk: JsonObject = {**keys.jwk_from_key(session_key.public_key())}
    return tokens.sign(session_key, typ=TYPE, header={"jwk": jwk}, claims=claims)


def read_proof(
    proof: str | bytes,
    *,
    method: str,
    url: str,
    now_s: float,
    nonce: str | None = None,
    access_token: str | None = None,
) -> DpopClaims:
    """Check a proof for the request that it came with.

    Args:
        proof: what came.
        method: of the request.
        url: of the request as its sender wrote it, without query and fragment.
        now_s: seconds since 1970.
        nonce: what this server gave; None when it asks for none.
        access_token: what the request carries; None when it carries none.

    Raises:
        Refused: it is no proof, not for this request, or not from now.
    """
    envelope = tokens.split(proof, typ=TYPE, members=_MEMBERS)
    claims = envelope.claims
    if tokens.text_claim(claims, "htm", max_chars=16) != method:
        raise Refused(RefusalCode.WRONG_TARGET, "The proof is for another method.")
    if tokens.text_claim(claims, "htu", max_chars=_MAX_URL_CHARS) != url:
        raise Refused(RefusalCode.WRONG_TARGET, "The proof is for another address.")
    jti = tokens.identifier_claim(claims, "jti")
    issued_s = _issued(claims, now_s)
    if nonce is not None and not _same(claims.get("nonce"), nonce):
        raise Refused(RefusalCode.WRONG_NONCE, "The proof does not answer the server's challenge.")
    if access_token is not None and not _same(claims.get("ath"), _hash(access_token)):
        raise Refused(RefusalCode.WRONG_ACCESS_TOKEN, "The proof is for another access token.")
    jwk = envelope.header["jwk"]
    tokens.verify(envelope, keys.key_from_jwk(jwk))
    assert isinstance(jwk, dict)
    return DpopClaims(keys.thumbprint(jwk), jti, issued_s)


def _issued(claims: JsonObject, now_s: float) -> int:
    issued_s = tokens.moment_claim(claims, "iat")
    if issued_s > now_s + tokens.SKEW_S:
        raise Refused(
            RefusalCode.NOT_YET_VALID,
            f"This proof is from {issued_s - now_s:.0f} seconds in the future: is the clock of this device right?",
        )
    if issued_s <= now_s - LIFE_S - tokens.SKEW_S:
        raise Refused(
            RefusalCode.EXPIRED,
            f"This proof is {now_s - issued_s:.0f} seconds old: is the clock of this device right?",
        )
    return issued_s


def _same(value: object, expected: str) -> bool:
    return isinstance(value, str) and hmac.compare_digest(value.encode(errors="surrogatepass"), expected.encode())


def _hash(access_token: str) -> str:
    return keys.base64url_encode(hashlib.sha256(access_token.encode()).digest())
