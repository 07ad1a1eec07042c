"""A visitor's events in order, kept until they have arrived.

Theory. Everything that must not be lost gets the next number and stays in a ring until the visitor acknowledges it, is
older than the resume window or the ring is full. A visitor that comes back names the last number it saw: if the ring
still holds all that followed, exactly that is replayed; if not, the visitor has to start afresh. So an event is seen
once, in order, or the whole state is sent anew; there is nothing in between.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from world.wire import RESUME_WINDOW_S, event_frame

MAX_RING_BYTES = 512 * 1024


class Stream:
    """Numbered events of one visitor.

    Attributes:
        seq: number of the newest event, 0 before the first.
    """

    __slots__ = ("_bytes", "_ring", "seq")

    def __init__(self, seq: int = 0, events: Iterable[tuple[int, float, bytes]] = ()) -> None:
        self.seq = seq
        self._ring: deque[tuple[int, float, bytes]] = deque(events)
        self._bytes = sum(len(frame) for _, _, frame in self._ring)

    def push(self, body: bytes, now_s: float) -> bytes:
        """Number an encoded message; returns the frame to send."""
        self.seq += 1
        frame = event_frame(self.seq, body)
        self._ring.append((self.seq, now_s, frame))
        self._bytes += len(frame)
        while self._bytes > MAX_RING_BYTES:
            self._drop()
        return frame

    def acknowledge(self, last_seq: int) -> None:
        """The visitor has everything up to `last_seq`."""
        while self._ring and self._ring[0][0] <= last_seq:
            self._drop()

    def prune(self, now_s: float) -> None:
        """Forget what is older than the resume window."""
        while self._ring and now_s - self._ring[0][1] > RESUME_WINDOW_S:
            self._drop()

    def forget(self) -> None:
        """Nothing that came before is to be replayed: who lacks any of it has to start afresh."""
        self._ring.clear()
        self._bytes = 0

    def restart(self) -> None:
        """The visitor starts afresh: no earlier memory of theirs fits what follows, however much it holds."""
        self.forget()
        self.seq += 1

    def after(self, last_seq: int) -> list[bytes] | None:
        """The frames that follow `last_seq`, or None when some of them are gone (or `last_seq` never was)."""
        if last_seq > self.seq:
            return None
        oldest = self._ring[0][0] if self._ring else self.seq + 1
        if last_seq < oldest - 1:
            return None
        return [frame for seq, _, frame in self._ring if seq > last_seq]

    def newest(self, max_bytes: int) -> list[tuple[int, float, bytes]]:
        """Number, time and frame of the newest events in the ring, oldest first: as `Stream` takes them."""
        found: list[tuple[int, float, bytes]] = []
        for event in reversed(self._ring):
            max_bytes -= len(event[2])
            if max_bytes < 0:
                break
            found.append(event)
        return found[::-1]

    def _drop(self) -> None:
        self._bytes -= len(self._ring.popleft()[2])
