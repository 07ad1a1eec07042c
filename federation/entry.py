"""Coming in: a short token by which a device says who enters where, and the check of all that comes with it.

Theory. An instance that is entered asks nobody. It gives a nonce; the device signs a token for exactly this instance
(`aud`, one text, which the client takes from the address that it connected to and not from what the server says), this
nonce and this session key (`cnf.jkt`); beside it come the person's document, which lists the device, and a DPoP proof
by the session key. `read_entry` checks the three together and in the order of what they cost: shapes, moments and
names first, signatures last. What needs memory is the caller's: the nonce is used once (`books.NonceBook`), `jti` is
remembered until `expires_s` and the skew are over (`books.ReplayBook`), the document is judged (`identity.judge`).

Header `{"alg","typ":"entry+jwt","kid"}` and no other members; `kid` only looks up one of the document's devices.
Claims: iss (did), sub (the actor), aud, nonce, room, iat, exp, jti, cnf.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from federation import dpop, keys, tokens
from federation.errors import FederationFault, RefusalCode, Refused
from federation.identity import Identity, actor_of, read_document

TYPE: Final = "entry+jwt"
LIFE_S: Final = 60
MAX_LIFE_S: Final = 120
MAX_ROOM_CHARS: Final = 128

_MEMBERS: Final = frozenset({"kid"})


@dataclass(frozen=True, slots=True)
class EntryClaims:
    """An entry token that holds.

    Attributes:
        did: who enters.
        device: Multikey of the device that says so.
        nonce: the challenge that it answers; the caller compares and uses it up.
        room: where to.
        jti: the token's identifier, good for one use.
        jkt: thumbprint of the session key that it is bound to.
        expires_s: when it ends; it is accepted for the skew of clocks longer.
    """

    did: str
    device: str
    nonce: str
    room: str
    jti: str
    jkt: str
    expires_s: int

    @property
    def ends_s(self) -> int:
        """From then on the token is refused for its age, so that `jti` may be forgotten."""
        return self.expires_s + tokens.SKEW_S


@dataclass(frozen=True, slots=True)
class Entry:
    """Everything that came with somebody who enters, checked together."""

    identity: Identity
    claims: EntryClaims
    proof: dpop.DpopClaims


def make_entry_token(
    device_key: Ed25519PrivateKey,
    *,
    did: str,
    audience: str,
    nonce: str,
    room: str,
    now_s: int,
    jti: str,
    jkt: str,
    lifetime_s: int = LIFE_S,
) -> str:
    """A token by which a device enters.

    Args:
        device_key: of the device.
        did: whose device it is.
        audience: the origin that the client connected to.
        nonce: what that instance gave.
        room: where to.
        now_s: seconds since 1970.
        jti: 128 random bits in base64url.
        jkt: thumbprint of the session key.
        lifetime_s: how long the token is good.

    Raises:
        FederationFault: it would live longer than anybody accepts.
    """
    if not 0 < lifetime_s <= MAX_LIFE_S:
        raise FederationFault(f"an entry token lives for 1 to {MAX_LIFE_S} seconds")
    return tokens.sign(
        device_key,
        typ=TYPE,
        header={"kid": keys.encode_multikey(device_key.public_key())},
        claims={
            "iss": did,
            "sub": actor_of(did),
            "aud": audience,
            "nonce": nonce,
            "room": room,
            "iat": now_s,
            "exp": now_s + lifetime_s,
            "jti": jti,
            "cnf": {"jkt": jkt},
        },
    )


def read_entry_token(token: str | bytes, identity: Identity, *, audience: str, now_s: float) -> EntryClaims:
    """Check a token against the document that came with it.

    Raises:
        Refused: it isn't by a device of this identity, for this instance and from now.
    """
    envelope = tokens.split(token, typ=TYPE, members=_MEMBERS)
    claims = _read_claims(envelope, audience=audience, now_s=now_s)
    _check_signer(envelope, claims, identity)
    return claims


def read_entry(
    token: str | bytes,
    document: str | bytes,
    proof: str | bytes,
    *,
    audience: str,
    method: str,
    url: str,
    nonce: str,
    now_s: float,
    read: Callable[[str | bytes], Identity] = read_document,
) -> Entry:
    """Check everything that comes with somebody who enters.

    Args:
        token: the entry token.
        document: the person's document.
        proof: the DPoP proof by the session key.
        audience: this instance's origin.
        method: of the request, for the proof.
        url: of the request, for the proof.
        nonce: what this instance gave for this entry.
        now_s: seconds since 1970.
        read: reads the document; `books.DocumentShelf.read` remembers those of returning persons.

    Raises:
        Refused: one of them doesn't hold, or they don't belong together.
    """
    envelope = tokens.split(token, typ=TYPE, members=_MEMBERS)
    claims = _read_claims(envelope, audience=audience, now_s=now_s)
    if not hmac.compare_digest(claims.nonce, nonce):
        raise Refused(RefusalCode.WRONG_NONCE, "The token does not answer this challenge.")
    proven = dpop.read_proof(proof, method=method, url=url, now_s=now_s, nonce=nonce)
    if proven.jkt != claims.jkt:
        raise Refused(RefusalCode.WRONG_SESSION_KEY, "The token is bound to another session key.")
    identity = read(document)
    _check_signer(envelope, claims, identity)
    return Entry(identity, claims, proven)


def _read_claims(envelope: tokens.Envelope, *, audience: str, now_s: float) -> EntryClaims:
    """What a token says, before anybody has looked at its signature."""
    claims = envelope.claims
    device = envelope.header["kid"]
    if not isinstance(device, str):
        raise Refused(RefusalCode.BAD_HEADER, "The token does not name its device.")
    if claims.get("aud") != audience:
        raise Refused(RefusalCode.WRONG_AUDIENCE, "This token is for another instance.")
    expires_s = tokens.check_life(claims, now_s=now_s, max_life_s=MAX_LIFE_S)
    did = tokens.text_claim(claims, "iss", max_chars=128)
    if claims.get("sub") != actor_of(did):
        raise Refused(RefusalCode.WRONG_SUBJECT, "This token is not about the one who issued it.")
    return EntryClaims(
        did=did,
        device=device,
        nonce=tokens.identifier_claim(claims, "nonce"),
        room=tokens.text_claim(claims, "room", max_chars=MAX_ROOM_CHARS),
        jti=tokens.identifier_claim(claims, "jti"),
        jkt=tokens.thumbprint_claim(claims),
        expires_s=expires_s,
    )


def _check_signer(envelope: tokens.Envelope, claims: EntryClaims, identity: Identity) -> None:
    if claims.did != identity.did:
        raise Refused(RefusalCode.WRONG_SUBJECT, "This token belongs to another document.")
    device = identity.devices.get(claims.device)
    if device is None:
        raise Refused(RefusalCode.UNKNOWN_DEVICE, "This device does not speak for this identity.")
    tokens.verify(envelope, keys.decode_multikey(device.multikey))
