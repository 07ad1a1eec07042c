"""The server under test: the real live endpoint on an empty square, `python -m bench.server SIDE_M MAX_VISITORS`.

It is the application's own `Live` on aiohttp and uvloop with an alley that has no stalls, so that the figure is world
sync alone. It prints "port N" and runs until it is terminated.
"""

from __future__ import annotations

import asyncio
import sys
import time

import uvloop
from aiohttp import web

from world import scene, wire
from world.room import Room, RoomConfig
from yokocho.realtime import Live, LiveSettings


class Uncounted:
    """Metrics that nobody reads."""

    def visitors(self, count: int) -> None:
        """Ignore."""

    def tick(self, seconds: float) -> None:
        """Ignore."""

    def received(self, frames: int, size_bytes: int) -> None:
        """Ignore."""

    def sent(self, frames: int, size_bytes: int) -> None:
        """Ignore."""

    def evicted(self, reason: str) -> None:
        """Say so: nobody should be."""
        print("evicted", reason, file=sys.stderr)

    def error(self, code: str) -> None:
        """Say so: there should be none."""
        print("error", code, file=sys.stderr)


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

    app = web.Application()
    runner = web.AppRunner(app, access_log=None)
    side_m, max_visitors = float(sys.argv[1]), int(sys.argv[2])
    await asyncio.sleep(0)
    sockets = web.TCPSite
    origins: set[str] = set()
    room = square(side_m, max_visitors)

    async def live_route(request: web.Request) -> web.StreamResponse:
        return await live.handle(request)

    app.router.add_get("/live", live_route)
    await runner.setup()
    await sockets(runner, "127.0.0.1", 0, backlog=4096).start()
    port = runner.addresses[0][1]
    origins.add(f"http://127.0.0.1:{port}")
    settings = LiveSettings(
        frozenset(origins), max_connections=max_visitors + 100, max_connections_per_address=max_visitors + 100
    )
    live = Live(room, settings=settings, save_chat=keep, metrics=Uncounted())
    await live.start()
    print("port", port, flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(main())
