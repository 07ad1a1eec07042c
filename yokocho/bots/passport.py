"""A guest's identity for whoever is no browser: bots, benches, tests.

The same papers as a browser makes, with the same code that checks them. Making an identity takes less than a
millisecond, and so does each entering.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from federation import dpop, entry, identity, keys
from federation.identity import Device
from federation.keys import PrivateKey

_IDENTIFIER_BYTES: Final = 16


class Papers(NamedTuple):
    """What is shown at the door, in the order of `world.wire.Entry`."""

    token: str
    document: str
    proof: str


def origin_of_socket(url: str) -> str:
    """The origin that a socket's address belongs to: what a visitor signs for.

    Raises:
        ValueError: it is no socket's address.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("ws", "wss") or not parts.netloc:
        raise ValueError(f"a socket's address is such as ws://127.0.0.1:8080/live, not {url}")
    return f"{'https' if parts.scheme == 'wss' else 'http'}://{parts.netloc}"


def gateway_of(origin: str) -> str:
    """How the home at an origin is named in a document: by https, except on this machine."""
    return origin if identity.is_origin(origin) else "https://" + origin.partition("://")[2]


class Passport:
    """One identity with one device and one session key."""

    def __init__(
        self,
        home: str = "http://localhost",
        *,
        root: Ed25519PrivateKey | None = None,
        session_key: PrivateKey | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.root = root or Ed25519PrivateKey.generate()
        self.device = Ed25519PrivateKey.generate()
        self.session_key = session_key or Ed25519PrivateKey.generate()
        self.did = keys.did_from_key(self.root.public_key())
        self.home = home
        self._clock = clock
        self._jkt = keys.thumbprint(keys.jwk_from_key(self.session_key.public_key()))
        self.sequence = int(clock())
        self.document = ""
        self.sign([self.device])

    @property
    def multikey(self) -> str:
        """The device's public key."""
        return keys.encode_multikey(self.device.public_key())

    def sign(self, devices: list[Ed25519PrivateKey]) -> None:
        """A newer document, which lists these devices."""
        self.sequence += 1
        document = identity.build_document(
            self.root,
            devices=[Device(keys.encode_multikey(device.public_key())) for device in devices],
            gateways=[self.home],
            sequence=self.sequence,
            next_key_digest=None,
            created=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(self._clock())),
        )
        self.document = json.dumps(document)

    def enter(
        self, origin: str, nonce: str, room: str, *, method: str = "GET", path: str = "/live", now_s: int | None = None
    ) -> Papers:
        """Papers for one entering."""
        now_s = int(self._clock()) if now_s is None else now_s
        token = entry.make_entry_token(
            self.device,
            did=self.did,
            audience=origin,
            nonce=nonce,
            room=room,
            now_s=now_s,
            jti=_identifier(),
            jkt=self._jkt,
        )
        return Papers(token, self.document, self.prove(origin + path, method, nonce=nonce, now_s=now_s))

    def prove(
        self,
        url: str,
        method: str,
        *,
        nonce: str | None = None,
        access_token: str | None = None,
        now_s: int | None = None,
    ) -> str:
        """A proof by the session key."""
        return dpop.make_proof(
            self.session_key,
            method=method,
            url=url,
            now_s=int(self._clock()) if now_s is None else now_s,
            jti=_identifier(),
            nonce=nonce,
            access_token=access_token,
        )


def _identifier() -> str:
    return secrets.token_urlsafe(_IDENTIFIER_BYTES)
