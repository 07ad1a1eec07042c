"""A visitor's events in order, kept until they have arrived.

Theory. Everything that must not be lost gets the next number and stays in a ring until the visitor acknowledges it, is
older than the resume window or the ring is full. A visitor that comes back names the last number it saw: if the ring
still holds all that followed, exactly that is replayed; if not, the visitor has to start afresh. So an event is seen
once, in order, or the whole state is sent anew; there is nothing in between.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable

from world.wire import RESUME_WINDOW_S, event_frame

MAX_RING_BYTES = 512 * 1024


class Stream:
    """Numbered events of one visitor.

    One body goes to many visitors: the ring holds the body that all of them share, and makes the frame around it again
    for who comes back.

    Attributes:
        seq: number of the newest event, 0 before the first.
    """

    __slots__ = ("_bodies", "_bytes", "_times_s", "seq")

    def __init__(self, seq: int = 0, events: Iterable[tuple[float, bytes]] = ()) -> None:
        self.seq = seq
        kept = list(events)
        self._times_s = [time_s for time_s, _ in kept]
        self._bodies = [body for _, body in kept]
        self._bytes = sum(map(len, self._bodies))

    def push(self, body: bytes, now_s: float) -> bytes:
        """Number an encoded message; returns the frame to send."""
        self.seq += 1
        self._bodies.append(body)
        self._times_s.append(now_s)
        self._bytes += len(body)
        excess, count = self._bytes - MAX_RING_BYTES, 0
        while excess > 0:
            excess -= len(self._bodies[count])
            count += 1
        self._drop(count)
        return event_frame(self.seq, body)

    def acknowledge(self, last_seq: int) -> None:
        """The visitor has everything up to `last_seq`."""
        self._drop(max(0, min(last_seq - self._before, len(self._bodies))))

    def prune(self, now_s: float) -> None:
        """Forget what is older than the resume window."""
        self._drop(bisect_left(self._times_s, now_s - RESUME_WINDOW_S))

    def forget(self) -> None:
        """Nothing that came before is to be replayed: who lacks any of it has to start afresh."""
        self._drop(len(self._bodies))

    def restart(self) -> None:
        """The visitor starts afresh: no earlier memory of theirs fits what follows, however much it holds."""
        self.forget()
        self.seq += 1

    def after(self, last_seq: int) -> list[bytes] | None:
        """The frames that follow `last_seq`, or None when some of them are gone (or `last_seq` never was)."""
        before = self._before
        if not before <= last_seq <= self.seq:
            return None
        return [event_frame(seq, body) for seq, body in enumerate(self._bodies[last_seq - before :], last_seq + 1)]

    def newest(self, max_bytes: int) -> list[tuple[float, bytes]]:
        """Time and body of the newest events in the ring, oldest first: as `Stream` takes them."""
        found: list[tuple[float, bytes]] = []
        for event in zip(reversed(self._times_s), reversed(self._bodies), strict=True):
            max_bytes -= len(event[1])
            if max_bytes < 0:
                break
            found.append(event)
        return found[::-1]

    @property
    def _before(self) -> int:
        """Number of the event before the oldest that is in the ring: numbers have no gaps."""
        return self.seq - len(self._bodies)

    def _drop(self, count: int) -> None:
        if count:
            self._bytes -= sum(map(len, self._bodies[:count]))
            del self._bodies[:count]
            del self._times_s[:count]
