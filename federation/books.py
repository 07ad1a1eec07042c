"""Bounded memories: challenges that were given, identifiers that were used, documents that were read.

Theory. "Once" needs a memory, and a memory that strangers fill needs a bound. Everything kept here ends by itself: a
challenge after its life, an identifier when the token it stood in is refused for its age anyway. When a book of used
identifiers is full of those that still count, the next one is refused: forgetting one would let it in twice.
"""

from __future__ import annotations

import hashlib
import heapq
from typing import Final

from federation.errors import RefusalCode, Refused
from federation.identity import Identity, read_document

NONCE_LIFE_S: Final = 60
MAX_SHELVED_BYTES: Final = 8 * 1024
"""Sixteen devices with names fit. Larger ones are read anew each time: in memory they may be twenty times as large."""


class NonceBook:
    """Challenges that were given and not yet answered; the oldest makes room when there are too many."""

    def __init__(self, capacity: int, *, life_s: float = NONCE_LIFE_S) -> None:
        self._capacity = capacity
        self._life_s = life_s
        self._ends_s: dict[str, float] = {}

    def __len__(self) -> int:
        return len(self._ends_s)

    def issue(self, nonce: str, *, now_s: float) -> None:
        """Remember a challenge: 128 random bits in base64url."""
        while self._ends_s and (len(self._ends_s) >= self._capacity or self._ends_s[next(iter(self._ends_s))] <= now_s):
            del self._ends_s[next(iter(self._ends_s))]
        self._ends_s[nonce] = now_s + self._life_s

    def redeem(self, nonce: str, *, now_s: float) -> None:
        """Use a challenge up.

        Raises:
            Refused: WRONG_NONCE when it wasn't given here, was used before or is too old.
        """
        if self._ends_s.pop(nonce, now_s) <= now_s:
            raise Refused(RefusalCode.WRONG_NONCE, "This challenge is unknown here, used or too old.")


class ReplayBook:
    """Identifiers that were used, each until it doesn't matter any more."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._used: set[str] = set()
        self._ends: list[tuple[float, str]] = []

    def __len__(self) -> int:
        return len(self._used)

    def use(self, identifier: str, *, ends_s: float, now_s: float) -> None:
        """Use an identifier, which must be the first time.

        Args:
            identifier: such as the thumbprint of a session key and a `jti` of its.
            ends_s: from when on what it stood in is refused for its age.
            now_s: seconds since 1970.

        Raises:
            Refused: REPLAYED when it was used before, TOO_BUSY when the book is full.
        """
        while self._ends and self._ends[0][0] <= now_s:
            self._used.discard(heapq.heappop(self._ends)[1])
        if identifier in self._used:
            raise Refused(RefusalCode.REPLAYED, "This was used before.")
        if len(self._used) >= self._capacity:
            raise Refused(RefusalCode.TOO_BUSY, "Too many people are coming in; try again in a minute.")
        self._used.add(identifier)
        heapq.heappush(self._ends, (ends_s, identifier))


class DocumentShelf:
    """Documents that were verified, found again by the SHA-256 of their bytes; the least used makes room."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._identities: dict[bytes, Identity] = {}

    def __len__(self) -> int:
        return len(self._identities)

    def read(self, data: bytes | str) -> Identity:
        """`identity.read_document`, once for the same bytes.

        Raises:
            Refused: as `read_document`; refusals are not remembered.
        """
        raw = data if isinstance(data, bytes) else data.encode(errors="surrogatepass")
        if len(raw) > MAX_SHELVED_BYTES:
            return read_document(data)
        digest = hashlib.sha256(raw).digest()
        identity = self._identities.pop(digest, None) or read_document(data)
        while len(self._identities) >= self._capacity:
            del self._identities[next(iter(self._identities))]
        self._identities[digest] = identity
        return identity
