"""What the tests of the application share: a small alley, a data directory that holds it, and real servers on it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from world.scene import Exhibit, Lantern, Placement, Plot, Room, Seat, Solid, Spawn, Stall, Transform
from yokocho.app import Herald, Instance, run
from yokocho.config import Settings, build_settings
from yokocho.errors import ExitCode
from yokocho.first_alley import FRONT_ROOM
from yokocho.store.alleys import Alley, add_alley
from yokocho.store.assets import add_assets
from yokocho.store.preferences import put_preference
from yokocho.store.store import Database

ROOT: Final = Path(__file__).resolve().parents[2]
START_S: Final = 50.0
"""Longest that a server may take to open, on a machine that does other things too."""

GLB: Final = b"glTF\x02\x00\x00\x00" + b"a small and repetitive model " * 200


def small_alley(data: Path) -> Alley:
    """An alley of two stalls in a data directory, as the first start would lay it."""
    database = Database(data)
    try:
        assets = [database.files.write(GLB + bytes([number]), "glb") for number in range(3)]
        alley = _alley([Placement(asset, Transform(), "ground") for asset in assets])
        with database.transaction() as connection:
            add_assets(connection, assets, 1)
            add_alley(connection, alley, 1)
            put_preference(connection, FRONT_ROOM, alley.room.id, 1)
    finally:
        database.close()
    return alley


def _alley(placements: list[Placement]) -> Alley:
    room = Room(
        id="lane",
        title={"en": "Small lane", "de": "Kleine Gasse", "ja": "小さな横丁"},
        about={"en": "Two stalls.", "de": "Zwei Stände.", "ja": "店は二つ。"},
        bounds_min_m=(-10.0, 0.0, -10.0),
        bounds_max_m=(10.0, 8.0, 10.0),
        spawns=(Spawn((0.0, 0.0, 8.0), 0.0), Spawn((1.0, 0.0, 8.0), 0.25)),
        environment=(placements[0],),
        solids=(Solid(-9.0, 0.0, 0.5, 10.0, 0.0, 4.0),),
        lanterns=(Lantern((0.0, 3.0, 0.0), 0xFFB169, 0.4),),
        seats=(Seat((0.0, 0.4, 0.0), 1.5),),
        version=1,
    )
    plots = tuple(Plot(f"plot{n}", Transform((4.0, 0.0, 6.0 * n - 6.0)), 3.0, 4.0) for n in range(2))
    stalls = tuple(_stall(n, placements[1]) for n in (1, 0))
    exhibits = tuple(
        Exhibit(
            id=f"bowl{n}",
            stall_id=f"stall{n % 2}",
            position=n,
            title={"en": f"Bowl {n}", "ja": "茶碗"},
            about={"en": "Thrown."},
            materials={"en": "Clay"},
            price_minor=None if n == 0 else 123_456_789_012,
            currency="EUR",
            size_cm=(12.0, 8.5, 12.0),
            asset=placements[n % 3].asset,
            transform=Transform((0.1 * n, 1.0, 0.3), (0.0, 0.70710678, 0.0, 0.70710678), 1.25),
            version=n + 1,
        )
        for n in range(4)
    )
    return Alley(room, plots, stalls, exhibits)


def _stall(number: int, placement: Placement) -> Stall:
    return Stall(
        id=f"stall{number}",
        plot_id=f"plot{number}",
        name={"en": f"Stall {number}"},
        craft={"en": "Pottery"},
        maker="Mori",
        about={"en": "Bowls."},
        accent=0x28407A,
        assets=(placement,),
        front=Spawn((2.0, 0.0, 6.0 * number - 6.0), -1.5),
        sign=Transform((0.0, 2.5, 0.0)),
        sign_size_m=(1.5, 0.5),
        solids=(Solid(4.0, 6.0 * number - 6.0, 1.5, 2.0, 0.0, 3.0),),
        lanterns=(),
        version=1,
    )


async def eventually(holds: Callable[[], bool], within_s: float = 30.0) -> None:
    """Wait until something holds; fail when it doesn't in time."""
    deadline = time.monotonic() + within_s
    while True:
        if holds():
            return
        assert time.monotonic() < deadline, "it never came to hold"
        await asyncio.sleep(0.02)


def free_port() -> int:
    """A port that nobody listens on, and that stays free until it is taken, or is taken again after a restart.

    So it is none of those that the kernel gives to whoever connects to something (on Linux from 32768 on).
    """
    while True:
        port = 12_000 + secrets.randbelow(20_000)
        with socket.socket() as sock, contextlib.suppress(OSError):
            sock.bind(("127.0.0.1", port))
            return port


# --- in this process --------------------------------------------------------------------------------------------------


class _Listener(Herald):
    def __init__(self) -> None:
        self.opened: asyncio.Future[Instance] = asyncio.get_running_loop().create_future()

    def ready(self, instance: Instance) -> None:
        self.opened.set_result(instance)


def test_settings(data: Path, **flags: Any) -> Settings:
    """Settings for a test: any free port, no cap for the one address that all tests have."""
    defaults = {"data": str(data), "port": 0, "max_connections_per_address": 2000, "ask_gateways": False}
    return build_settings(flags=flags, environ={}, command_defaults=defaults)


test_settings.__test__ = False  # type: ignore[attr-defined]


@contextlib.asynccontextmanager
async def open_instance(data: Path, take_over: bool = False, /, **flags: Any) -> AsyncIterator[Instance]:
    """A running instance in this event loop. The flags are settings."""
    listener = _Listener()
    running = asyncio.create_task(run(test_settings(data, **flags), listener, take_over=take_over))
    opened = listener.opened
    running.add_done_callback(lambda _: opened.cancel())
    await asyncio.wait([opened], timeout=START_S)
    if opened.cancelled() or not opened.done():
        running.cancel()
        await running
        raise AssertionError("the instance ended before it was open")
    instance = opened.result()
    try:
        yield instance
    finally:
        instance.end(ExitCode.OK)
        await asyncio.wait_for(running, 40)


# --- in a process of its own ------------------------------------------------------------------------------------------


@dataclass
class Server:
    """A `yokocho` process, and what it has said so far."""

    process: subprocess.Popen[str]
    lines: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def origin(self) -> str:
        """Where it is open; waits until it is."""
        deadline = time.monotonic() + START_S
        while time.monotonic() < deadline:
            for line in self.lines:
                if found := re.search(r" is open: (http://\S+?)/$", line):
                    return found[1]
            if self.process.poll() is not None:
                break
            time.sleep(0.02)
        raise AssertionError(f"no server: {self.lines} {self.errors}")

    def get(self, path: str) -> Any:
        """JSON of a page."""
        with urllib.request.urlopen(self.origin + path, timeout=30) as answer:
            return json.load(answer)

    def stop(self, number: int = signal.SIGTERM) -> int:
        """End it and give its exit code."""
        self.process.send_signal(number)
        return self.process.wait(40)


def yokocho_process(*arguments: str, env: dict[str, str] | None = None) -> Server:
    """Start `python -m yokocho` with these arguments."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("YOKOCHO_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "yokocho", *arguments],
        cwd=ROOT,
        env=clean | (env or {}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    server = Server(process)
    for stream, lines in ((process.stdout, server.lines), (process.stderr, server.errors)):
        assert stream is not None
        threading.Thread(target=_collect, args=(stream, lines), daemon=True).start()
    return server


def _collect(stream: Any, lines: list[str]) -> None:
    with stream:
        lines.extend(iter(stream.readline, ""))


@contextlib.contextmanager
def server_process(data: Path, *arguments: str, env: dict[str, str] | None = None) -> Iterator[Server]:
    """A server on a data directory; ended at the end."""
    server = yokocho_process("demo", "--data", str(data), "--port", "0", *arguments, env=env)
    try:
        yield server
    finally:
        if server.process.poll() is None:
            server.process.kill()
        server.process.wait(40)


def run_yokocho(*arguments: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run `yokocho` to its end."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("YOKOCHO_")}
    return subprocess.run(
        [sys.executable, "-m", "yokocho", *arguments],
        cwd=ROOT,
        env=clean | (env or {}),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
