"""Do crowds at the door disturb those inside? `python -m bench.storms [--seconds 10] [--json]`.

Three storms, each beside visitors who walk, the age of whose poses is measured before and during it:

- *connects*: 1000 connections a second, a third of which send half a request and wait, a third of which close at
  once, and a third of which complete the handshake and then say nothing. They come from many addresses, so that
  some are refused and some are not.
- *visits*: 200 visitors a second come in and leave again.
- *a flood*: one visitor sends a hundred times the poses that are allowed, and comes again each time it is sent away.

Each comes twice: the first shows how much memory it takes, and once nothing of the second need be remembered any more,
memory and open files have to be as they were after the first.

Exits with 1 when a target is missed.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import contextlib
import json
import math
import os
import random
import socket
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any, Final

import uvloop
from picows import WSError, ws_connect

from bench.load import Tally, Walker
from bench.process import Child, LoadProcesses, ServerUnderTest
from bench.stalls import ages_ms
from bench.visitors import WARM_UP_S
from world import wire
from world.limits import POSE_RATE

DENSITY: Final = 0.1
CONNECTS_PER_S: Final = 1000
VISITS_PER_S: Final = 200
FLOOD_FACTOR: Final = 100
PER_ADDRESS: Final = 200
ADDRESSES: Final = 20
SLICE_S: Final = 0.02
CALM_WITHIN_S: Final = 15.0
"""Handshake and hello deadlines, and then some."""

MAX_AGE_GROWTH: Final = {"connects": 1.5, "visits": 3.0, "flood": 1.5}
"""Visits change what everybody sees, and those who make them need a core of their own."""

MAX_GROWTH_MB: Final = 10.0


# --- the storms, each in a process of its own -------------------------------------------------------------------------


async def at_rate(per_s: float, seconds: float, one: Callable[[int], Awaitable[None]]) -> int:
    """Begin `one` so many times a second; how often it was begun."""
    loop = asyncio.get_running_loop()
    began_s, count = loop.time(), 0
    running: set[asyncio.Future[None]] = set()
    while (elapsed_s := loop.time() - began_s) < seconds:
        while count < elapsed_s * per_s:
            task = asyncio.ensure_future(one(count))
            running.add(task)
            task.add_done_callback(running.discard)
            count += 1
        await asyncio.sleep(SLICE_S)
    await asyncio.gather(*running)
    return count


async def connects(port: int, seconds: float) -> dict[str, Any]:
    """Half-open, short and silent connections in turn."""
    loop = asyncio.get_running_loop()
    found: Counter[str] = Counter()

    async def one(number: int) -> None:
        sock = socket.socket()
        sock.setblocking(False)
        try:
            sock.setsockopt(socket.IPPROTO_IP, socket.IP_BIND_ADDRESS_NO_PORT, 1)
            sock.bind((f"127.0.1.{1 + number % ADDRESSES}", 0))
            await loop.sock_connect(sock, ("127.0.0.1", port))
            if number % 3 == 0:
                await loop.sock_sendall(sock, b"GET /live HTTP/1.1\r\nHost: a\r\nUpgr")
            elif number % 3 == 1:
                found["closed at once"] += 1
                return
            else:
                await loop.sock_sendall(sock, _handshake(port))
            answer = await loop.sock_recv(sock, 4096)
            found[answer[9:12].decode() if answer else "cut off"] += 1
            while answer:
                answer = await loop.sock_recv(sock, 4096)
        except OSError as error:
            found[type(error).__name__] += 1
        finally:
            sock.close()

    count = await at_rate(CONNECTS_PER_S, seconds, one)
    return {"count": count, "answers": dict(found)}


def _handshake(port: int) -> bytes:
    key = base64.b64encode(os.urandom(16)).decode()
    return (
        f"GET /live HTTP/1.1\r\nHost: a\r\nOrigin: http://127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
        f"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n"
    ).encode()


class Guest(Walker):
    """Somebody who comes in and leaves again."""

    def __init__(self, side_m: float, tally: Tally, rng: random.Random) -> None:
        super().__init__(0, side_m, tally, rng)
        self.is_in = asyncio.Event()

    def _read(self, message: wire.Outbound) -> None:
        super()._read(message)
        if isinstance(message, wire.Welcome):
            self.is_in.set()
        elif isinstance(message, wire.Bye) and self.transport is not None:
            self.transport.disconnect(graceful=False)
            self.transport = None

    def step_at_once(self, times: int) -> None:
        """Send many poses."""
        for _ in range(times):
            self.step(math.inf, walking=True)


async def visits(port: int, side_m: float, seconds: float) -> dict[str, Any]:
    """Come in, look around, leave."""
    found: Counter[str] = Counter()
    tally, rng = Tally(), random.Random(0)

    async def one(number: int) -> None:
        del number
        guest = Guest(side_m, tally, rng)
        try:
            transport, _ = await _connect(guest, port)
            await asyncio.wait_for(guest.is_in.wait(), 5.0)
            await asyncio.sleep(0.2)
            guest.send(wire.Leave())
            await asyncio.wait_for(transport.wait_disconnected(), 5.0)
            found["came and left"] += 1
        except (WSError, OSError, TimeoutError) as error:
            found[type(error).__name__] += 1

    count = await at_rate(VISITS_PER_S, seconds, one)
    return {"count": count, "answers": dict(found)}


async def flood(port: int, side_m: float, seconds: float) -> dict[str, Any]:
    """Far too many poses, again and again."""
    loop = asyncio.get_running_loop()
    tally, rng = Tally(), random.Random(0)
    until_s = loop.time() + seconds
    sent, lasted_s = 0, []
    while loop.time() < until_s:
        guest = Guest(side_m, tally, rng)
        with contextlib.suppress(WSError, OSError, TimeoutError):
            await _connect(guest, port)
            await asyncio.wait_for(guest.is_in.wait(), 5.0)
            began_s = loop.time()
            while guest.transport is not None and loop.time() < until_s:
                share = int(POSE_RATE.per_s * FLOOD_FACTOR * SLICE_S)
                guest.step_at_once(share)
                sent += share
                await asyncio.sleep(SLICE_S)
            lasted_s.append(loop.time() - began_s)
    return {"poses": sent, "sent_away": len(lasted_s), "longest_s": max(lasted_s, default=math.nan)}


async def _connect(guest: Guest, port: int) -> Any:
    guest.sampled = True
    return await ws_connect(
        lambda: guest, f"ws://127.0.0.1:{port}/live", extra_headers={"Origin": f"http://127.0.0.1:{port}"}
    )


# --- the measure ------------------------------------------------------------------------------------------------------


def storm(server: ServerUnderTest, load: LoadProcesses, side_m: float, kind: str, seconds: float) -> dict[str, Any]:
    """One storm beside the walkers of `load`."""
    blow = (sys.executable, "-m", "bench.storms", "--blow", kind, str(server.port), str(side_m))
    files, calm_mb = server.files(), server.rss_mb()
    with Child(*blow, str(seconds)) as first:
        first.line()
    calm_down(server, files, kind)
    before = load.run()
    server.report()
    base_mb = server.rss_mb()
    with Child(*blow, str(seconds)) as second:
        load.start()
        during = load.finish()
        found = json.loads(second.line())
    report = server.report()
    calm_down(server, files, kind)
    before_ms, during_ms = ages_ms(before), ages_ms(during)
    return {
        **found,
        "pose_age_before_ms": before_ms,
        "pose_age_during_ms": during_ms,
        "age_ratio_p99": during_ms["p99"] / before_ms["p99"],
        "tick_ms": report.tick_ms,
        "evicted": report.evicted,
        "errors": report.errors,
        "others_lost": sum(result["lost"] for result in during),
        "memory_taken_mb": base_mb - calm_mb,
        "memory_growth_mb": server.rss_mb() - base_mb,
        "files_left": server.files() - files,
        "load_cpu_cores": [result["cpu_cores"] for result in during],
    }


def calm_down(server: ServerUnderTest, files: int, kind: str) -> None:
    """Wait until no more files are open than before, but not for ever."""
    if kind == "visits":
        # What the walkers saw is kept for those of them who might lose their connection.
        time.sleep(wire.RESUME_WINDOW_S + 2)
    until_s = time.monotonic() + CALM_WITHIN_S
    while server.files() > files and time.monotonic() < until_s:
        time.sleep(0.2)


def measure(seconds: float) -> dict[str, Any]:
    """All storms."""
    result: dict[str, Any] = {}
    for kinds, visitors in ((("connects",), 100), (("visits", "flood"), 200)):
        side_m = math.sqrt(visitors / DENSITY)
        with (
            ServerUnderTest(side_m, visitors + VISITS_PER_S * 2, max(PER_ADDRESS, visitors * 4)) as server,
            LoadProcesses(server.port, "yokocho", visitors, seconds, side_m, walking=True) as load,
        ):
            load.warm_up(WARM_UP_S)
            for kind in kinds:
                result[kind] = storm(server, load, side_m, kind, seconds)
    return {**result, "faults": [f"{kind}: {fault}" for kind, found in result.items() for fault in faults(kind, found)]}


def faults(kind: str, found: dict[str, Any]) -> list[str]:
    """Which targets one storm missed, in sentences."""
    judged = {
        f"the others' poses were {found['age_ratio_p99']:.2f} times as old": found["age_ratio_p99"]
        > MAX_AGE_GROWTH[kind],
        f"{found['others_lost']} others lost their connection": found["others_lost"] > 0,
        f"memory grew by {found['memory_growth_mb']:.1f} MB": found["memory_growth_mb"] > MAX_GROWTH_MB,
        f"{found['files_left']} files stayed open": found["files_left"] > 0,
        f"{found['errors'].get('internal')} errors of our own": "internal" in found["errors"],
    }
    return [sentence for sentence, is_fault in judged.items() if is_fault]


async def blow(kind: str, port: int, side_m: float, seconds: float) -> None:
    """One storm; what came of it as JSON."""
    if kind == "connects":
        print(json.dumps(await connects(port, seconds)), flush=True)
    else:
        print(json.dumps(await (visits if kind == "visits" else flood)(port, side_m, seconds)), flush=True)


def main() -> None:
    """Parse the arguments, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m bench.storms", description=__doc__)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--blow", nargs=4, metavar=("KIND", "PORT", "SIDE_M", "SECONDS"), help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.blow:
        kind, port, side_m, seconds = args.blow
        uvloop.run(blow(kind, int(port), float(side_m), float(seconds)))
        return
    result = measure(args.seconds)
    print(json.dumps(result) if args.json else json.dumps(result, indent=1))
    sys.exit(bool(result["faults"]))


if __name__ == "__main__":
    main()
