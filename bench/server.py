"""The server under test on an empty square: `python -m bench.server SIDE_M MAX_VISITORS [PER_ADDRESS]`.

It is the application's own `Live` and `Site` on uvloop with an alley that has no stalls, so that the figure is world
sync alone. It prints "port N"; at each line on stdin it prints how long ticks took since the line before, and what
happened that should not in a quiet alley.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections import Counter
from typing import Any, NamedTuple

import uvloop
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from federation.identity import Identity
from world import scene, wire
from world.room import Room, RoomConfig
from yokocho import garbage
from yokocho.entrance import Entrance
from yokocho.http.listen import bind
from yokocho.http.server import Limits
from yokocho.http.site import Site
from yokocho.realtime import Doorway, Live, LiveSettings


class OpenHouse:
    """House rules that let everybody in and remember nobody."""

    class Welcome(NamedTuple):
        """Nothing special."""

        roles: int = 0
        ban: None = None
        is_muted: bool = False

    def verdict(self, did: str, address: str, now_s: float) -> Welcome:
        """Come in."""
        return self.Welcome()

    def known(self, did: str) -> None:
        """Nobody is known."""

    def devices(self, did: str) -> None:
        """Nobody is known."""

    def confirmed_home(self, did: str) -> None:
        """Nobody is asked."""

    async def remember(
        self, did: str, name: str | None, look: Any, home: str, identity: Identity, now_s: float
    ) -> None:
        """Forget."""


SPARE = 1000
"""Connections beyond the visitors: those who have yet to say hello, and storms."""


class Watch:
    """Keeps how long ticks took, and whom the server ended and why."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self.evictions: Counter[str] = Counter()
        self.errors: Counter[str] = Counter()

    def visitors(self, count: int) -> None:
        """Nobody asks."""

    def tick(self, seconds: float) -> None:
        """Keep it."""
        self.seconds.append(seconds)

    def received(self, frames: int, size_bytes: int) -> None:
        """The load counts what it sends."""

    def sent(self, frames: int, size_bytes: int) -> None:
        """The load counts what it hears."""

    def evicted(self, reason: str) -> None:
        """Keep why."""
        self.evictions[reason] += 1

    def error(self, code: str) -> None:
        """Keep which."""
        self.errors[code] += 1

    def report(self) -> str:
        """What happened since the last report, and how much there is now, as JSON."""
        ordered = sorted(self.seconds) or [0.0]
        shares = {"p50": 0.5, "p99": 0.99, "max": 1.0}
        report = {
            "tick_ms": {name: ordered[int((len(ordered) - 1) * share)] * 1000 for name, share in shares.items()},
            "tasks": len(asyncio.all_tasks()),
            "evicted": dict(self.evictions),
            "errors": dict(self.errors),
        }
        self.seconds = []
        self.evictions.clear()
        self.errors.clear()
        return json.dumps(report)


def square(side_m: float, max_visitors: int) -> Room:
    """An empty room."""
    spawn = scene.Spawn((side_m / 2, 0.0, side_m / 2), 0.0)
    static = scene.Room(
        "square", {"en": "Square"}, {"en": ""}, (0.0, -1.0, 0.0), (side_m, 8.0, side_m), (spawn,), (), (), (), (), 1
    )
    return Room(scene.Scene(static, [], [], []), RoomConfig(max_visitors=max_visitors), time.monotonic())


async def main() -> None:
    """Serve until terminated."""

    async def keep(chat: wire.Chat) -> None:
        del chat

    side_m, max_visitors = float(sys.argv[1]), int(sys.argv[2])
    per_address = int(sys.argv[3]) if len(sys.argv) > 3 else max_visitors + SPARE
    watch = Watch()
    room = square(side_m, max_visitors)
    sockets = bind("127.0.0.1", 0)
    port = sockets[0].getsockname()[1]
    origins = (f"http://127.0.0.1:{port}",)
    settings = LiveSettings(
        frozenset(origins), max_connections=max_visitors + SPARE, max_connections_per_address=per_address
    )
    entrance = Entrance(origins=origins, key=Ed25519PrivateKey.generate(), rules=OpenHouse(), room="square")
    live = Live(room, Doorway(entrance), settings=settings, save_chat=keep, metrics=watch)
    limits = Limits(
        total=max_visitors + SPARE,
        per_address=per_address,
        proxies=(),
        handshake_timeout_s=5.0,
        keepalive_timeout_s=15.0,
        stalled_timeout_s=30.0,
    )
    await live.start()
    await Site((), live.handle, origins=origins, limits=limits, shutdown_timeout_s=1.0).start(sockets)
    garbage.settle()
    print("port", port, flush=True)
    loop = asyncio.get_running_loop()
    while await loop.run_in_executor(None, sys.stdin.readline):
        print(watch.report(), flush=True)


if __name__ == "__main__":
    uvloop.run(main())
