"""The session token: what an instance gives to somebody who has entered, for its HTTP interface (RFC 9068).

Theory. Proving an identity anew at every request would be slow and would keep the device key busy; so the instance
signs, with a key of its own, that it has seen the proof. The token lives for minutes, is bound to the session key
(`cnf.jkt`) and good at this instance alone. Roles are in it for the client to show; what somebody may do is decided by
the grants of the moment, so that a revocation counts at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from federation import tokens
from federation.canonical import JsonValue
from federation.errors import FederationFault, RefusalCode, Refused
from federation.keys import DID_PREFIX

TYPE: Final = "at+jwt"
LIFE_S: Final = 15 * 60
CLIENT_ID: Final = "yokocho"
MAX_ROLES: Final = 16
MAX_ROLE_CHARS: Final = 64

_MEMBERS: Final[frozenset[str]] = frozenset()


@dataclass(frozen=True, slots=True)
class SessionClaims:
    """A session token that holds.

    Attributes:
        did: who entered.
        jkt: thumbprint of the session key; the request's DPoP proof must be by the same.
        roles: what the person was when the token was made.
        jti: the token's identifier.
        expires_s: when it ends.
    """

    did: str
    jkt: str
    roles: tuple[str, ...]
    jti: str
    expires_s: int


def make_session_token(
    instance_key: Ed25519PrivateKey,
    *,
    issuer: str,
    did: str,
    jkt: str,
    roles: Sequence[str],
    now_s: int,
    jti: str,
    lifetime_s: int = LIFE_S,
) -> str:
    """A token for somebody who has entered.

    Args:
        instance_key: of this instance.
        issuer: this instance's origin, which is also the audience.
        did: who entered.
        jkt: thumbprint of the session key.
        roles: what the person is here.
        now_s: seconds since 1970.
        jti: 128 random bits in base64url.
        lifetime_s: how long the token is good.

    Raises:
        FederationFault: it would live longer than anybody accepts.
    """
    if not 0 < lifetime_s <= LIFE_S:
        raise FederationFault(f"a session token lives for 1 to {LIFE_S} seconds")
    return tokens.sign(
        instance_key,
        typ=TYPE,
        header={},
        claims={
            "iss": issuer,
            "aud": issuer,
            "sub": did,
            "client_id": CLIENT_ID,
            "iat": now_s,
            "exp": now_s + lifetime_s,
            "jti": jti,
            "cnf": {"jkt": jkt},
            "roles": list(roles),
        },
    )


def read_session_token(token: str | bytes, public_key: Ed25519PublicKey, *, issuer: str, now_s: float) -> SessionClaims:
    """Check a token that this instance must have made.

    Raises:
        Refused: it didn't, or the token has ended.
    """
    envelope = tokens.split(token, typ=TYPE, members=_MEMBERS)
    claims = envelope.claims
    if claims.get("iss") != issuer:
        raise Refused(RefusalCode.WRONG_ISSUER, "This session token is from another instance.")
    if claims.get("aud") != issuer:
        raise Refused(RefusalCode.WRONG_AUDIENCE, "This session token is for another instance.")
    expires_s = tokens.check_life(claims, now_s=now_s, max_life_s=LIFE_S)
    did = tokens.text_claim(claims, "sub", max_chars=128)
    if not did.startswith(DID_PREFIX):
        raise Refused(RefusalCode.WRONG_SUBJECT, "This session token names nobody.")
    read = SessionClaims(
        did=did,
        jkt=tokens.thumbprint_claim(claims),
        roles=_roles(claims.get("roles")),
        jti=tokens.identifier_claim(claims, "jti"),
        expires_s=expires_s,
    )
    tokens.verify(envelope, public_key)
    return read


def _roles(value: JsonValue) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) > MAX_ROLES:
        raise Refused(RefusalCode.BAD_TOKEN, "The token does not say roles properly.")
    roles = []
    for one in value:
        if not isinstance(one, str) or len(one) > MAX_ROLE_CHARS:
            raise Refused(RefusalCode.BAD_TOKEN, "The token does not say roles properly.")
        roles.append(one)
    return tuple(roles)
