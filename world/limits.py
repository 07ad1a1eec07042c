"""How often a visitor may do what: token buckets, by the caller's clock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from world import wire


@dataclass(frozen=True, slots=True)
class Rate:
    """`burst` at once, then `per_s` a second."""

    per_s: float
    burst: float


RATES: Final[dict[type[wire.Inbound], Rate]] = {
    wire.Say: Rate(1.0, 6.0),
    wire.Emote: Rate(1.0, 4.0),
    wire.Ping: Rate(4.0, 12.0),
    wire.Change: Rate(0.2, 5.0),
    wire.Relate: Rate(2.0, 12.0),
    wire.AskRoster: Rate(0.5, 4.0),
    wire.Jump: Rate(2.0, 6.0),
}
"""Rates per message type; `Hello` and `Leave` end the matter by themselves."""

POSE_RATE: Final = Rate(40.0, 60.0)
"""Twice the tick rate, for poses that come with other messages."""

PATIENCE: Final = Rate(10.0, 200.0)
"""Messages beyond their rate that are dropped before the connection is ended."""

STRIKES: Final = Rate(0.1, 5.0)
"""Poses that had to be corrected before the visitor is sent out."""


class Bucket:
    """A token bucket: `take` says whether one more is allowed now."""

    __slots__ = ("_at_s", "_rate", "_tokens")

    def __init__(self, rate: Rate, now_s: float) -> None:
        self._rate = rate
        self._tokens = rate.burst
        self._at_s = now_s

    def take(self, now_s: float, count: float = 1.0) -> bool:
        """Take `count` tokens if they are there."""
        earned = (now_s - self._at_s) * self._rate.per_s
        self._tokens = min(self._rate.burst, self._tokens + max(0.0, earned))
        self._at_s = now_s
        if self._tokens < count:
            return False
        self._tokens -= count
        return True
