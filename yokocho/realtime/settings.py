"""What the live loop is told when it is made: its limits, and whom to tell what happens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from world.session import HELLO_TIMEOUT_S


class LiveMetrics(Protocol):
    """What the live loop counts. Called from the event loop; must be cheap."""

    def visitors(self, count: int) -> None:
        """How many are in the room now."""

    def tick(self, seconds: float) -> None:
        """A tick took this long."""

    def received(self, frames: int, size_bytes: int) -> None:
        """Frames came in since the last call."""

    def sent(self, frames: int, size_bytes: int) -> None:
        """Frames went out since the last call."""

    def evicted(self, reason: str) -> None:
        """A connection was ended by us; the reason is an error code."""

    def error(self, code: str) -> None:
        """A peer did something wrong."""


@dataclass(frozen=True, slots=True)
class LiveSettings:
    """Limits of the live endpoint.

    Attributes:
        allowed_origins: values of `Origin` that may connect; browsers always send one.
        allow_missing_origin: whether clients without `Origin` (no browsers) may connect.
        max_connections: open sockets in total.
        max_connections_per_address: open sockets of one address.
        stall_timeout_s: a reader that takes nothing for so long is cut off.
        silence_timeout_s: a peer that sends nothing, not even pongs, for so long is cut off.
        hello_timeout_s: a peer that doesn't say hello for so long is sent away.
        close_timeout_s: a peer that doesn't close after we did is cut off.
        verdict_every_s: bans and mutes that begin or end by the clock are noticed after so long, all others at once.
        save_timeout_s: so long `stop` waits for what was said to be kept.
    """

    allowed_origins: frozenset[str]
    allow_missing_origin: bool = False
    max_connections: int = 2000
    max_connections_per_address: int = 200
    stall_timeout_s: float = 3.0
    silence_timeout_s: float = 9.0
    hello_timeout_s: float = HELLO_TIMEOUT_S
    close_timeout_s: float = 2.0
    verdict_every_s: float = 30.0
    save_timeout_s: float = 5.0
