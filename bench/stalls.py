"""What do slow readers cost the others? `python -m bench.stalls [--visitors 200] [--stalled 30] [--json]`.

First, everybody walks and reads, and the age of their poses is measured. Then some stop reading while they go on
walking: how fast does the server's memory grow, when is the first of them cut off, how old are the poses of those who
go on reading? Last, in a crowd, somebody reads 10 KB a second, far less than there is to hear: fewer poses may arrive,
but every word, and what arrives must not grow older and older. Exits with 1 when a target is missed.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import random
import socket
import sys
import time
from typing import Any, Final

import uvloop
from picows import ws_connect

from bench.load import Tally, Walker, percentile, walk
from bench.lossy import Findings, Talker
from bench.process import LoadProcesses, ServerUnderTest
from bench.proxy import Proxy, Weather
from bench.visitors import WARM_UP_S
from world import wire

DENSITY: Final = 0.1
CROWD_DENSITY: Final = 0.25
PACE_BYTES_S: Final = 10_000
WATCH_EVERY_S: Final = 0.1
RECEIVE_BUFFER_BYTES: Final = 4096

MAX_GROWTH_MB: Final = 10.0
MAX_AGE_GROWTH: Final = 1.5
MAX_FIRST_EVICTION_S: Final = 4.0
MAX_SLOW_AGE_S: Final = 3.0
"""What the server keeps for a slow reader, its own kernel's buffer included, is read within this time."""

MAX_AGE_DRIFT: Final = 1.5


def ages_ms(results: list[dict[str, Any]]) -> dict[str, float]:
    """Pose ages over all load processes."""
    ages = [age for result in results for age in result["ages_ms"]]
    return {"p50": percentile(ages, 0.5), "p99": percentile(ages, 0.99)}


UNREAD_S = 3.5
"""Ages are measured before anybody is evicted: whoever is stays for a while, and who then comes near hears where they
stood, with the time at which they said so."""


async def stalled(visitors: int, count: int, seconds: float) -> dict[str, Any]:
    """Some of the visitors stop reading."""
    side_m = math.sqrt(visitors / DENSITY)
    loop = asyncio.get_running_loop()
    with (
        ServerUnderTest(side_m, visitors) as server,
        LoadProcesses(server.port, "yokocho", visitors - count, UNREAD_S, side_m, walking=True) as load,
    ):
        walkers: list[Walker] = []
        tally, rng = Tally(), random.Random(0)
        url, headers = f"ws://127.0.0.1:{server.port}/live", {"Origin": f"http://127.0.0.1:{server.port}"}
        for _ in range(count):
            walker = Walker(1, side_m, tally, rng)
            await ws_connect(
                lambda walker=walker: walker, url, extra_headers=headers, socket_factory=lambda _url: _small_socket()
            )
            walkers.append(walker)
        walking = loop.create_task(walk(walkers, side_m, math.inf, walking=True))
        await asyncio.to_thread(load.warm_up, WARM_UP_S)
        before = await asyncio.to_thread(load.run)
        base_mb, peak_mb = server.rss_mb(), 0.0
        await asyncio.to_thread(server.report)
        load.start()
        for walker in walkers:
            if walker.transport is not None:
                walker.transport.underlying_transport.pause_reading()
        began_s, first_s, evicted = time.monotonic(), math.nan, 0
        while time.monotonic() - began_s < seconds:
            await asyncio.sleep(WATCH_EVERY_S)
            peak_mb = max(peak_mb, server.rss_mb())
            report = await asyncio.to_thread(server.report)
            evicted += report.evicted.get("too_slow", 0)
            if evicted and math.isnan(first_s):
                first_s = time.monotonic() - began_s
        during = await asyncio.to_thread(load.finish)
        walking.cancel()
        for walker in walkers:
            if walker.transport is not None:
                walker.transport.disconnect(graceful=False)
    before_ms, during_ms = ages_ms(before), ages_ms(during)
    return {
        "visitors": visitors,
        "stalled": count,
        "memory_growth_mb": peak_mb - base_mb,
        "first_eviction_s": first_s,
        "evicted": evicted,
        "others_lost": sum(result["lost"] for result in during),
        "pose_age_before_ms": before_ms,
        "pose_age_during_ms": during_ms,
        "age_ratio_p99": during_ms["p99"] / before_ms["p99"],
        "load_cpu_cores": [result["cpu_cores"] for result in during],
    }


def _small_socket() -> socket.socket:
    """A socket whose kernel takes little in the reader's place: the server's patience is to be measured, not its."""
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER_BYTES)
    sock.setblocking(False)
    return sock


class Listener(Talker):
    """A visitor who notes when it heard how old a pose."""

    def __init__(self, number: int, side_m: float, origin: str, rng: random.Random) -> None:
        super().__init__(number, side_m, Findings(), origin, rng)
        self.x_m = self.z_m = side_m / 2
        self.frames: list[tuple[float, float]] = []
        self.word_ages_ms: list[float] = []

    def _read(self, message: wire.Outbound) -> None:
        if isinstance(message, wire.Poses):
            self.tally.ages_ms.clear()
            self._measure(message)
            if self.tally.ages_ms:
                self.frames.append((time.monotonic(), max(self.tally.ages_ms)))
        else:
            super()._read(message)

    def _hear(self, body: list[Any]) -> None:
        known = len(self.heard)
        super()._hear(body)
        if len(self.heard) == known + 1 and str(body[5]).isdigit():
            self.word_ages_ms.append(time.monotonic() * 1000 - int(body[5]))

    def say(self) -> None:
        """Say what time it is."""
        if self.is_in:
            self.send(wire.Say(wire.Scope.ALLEY, f"{time.monotonic() * 1000:.0f}", 1))


async def slow(visitors: int, seconds: float) -> dict[str, Any]:
    """Somebody in a crowd reads slowly; somebody beside them reads as they should, and tells the time."""
    side_m = math.sqrt(visitors / CROWD_DENSITY)
    loop = asyncio.get_running_loop()
    with (
        ServerUnderTest(side_m, visitors + 2) as server,
        LoadProcesses(server.port, "yokocho", visitors, seconds, side_m, walking=True) as load,
    ):
        await asyncio.to_thread(load.warm_up, 1.0)
        origin = f"http://127.0.0.1:{server.port}"
        quick, slowly = (Listener(number, side_m, origin, random.Random(number)) for number in range(2))
        async with Proxy(server.port, Weather(pace_bytes_s=PACE_BYTES_S), random.Random(0)) as proxy:
            tasks = [
                loop.create_task(work)
                for work in (
                    quick.live(server.port),
                    slowly.live(proxy.port),
                    walk([quick, slowly], side_m, math.inf, walking=True),
                )
            ]
            await asyncio.sleep(2.0)
            quick.frames.clear()
            slowly.frames.clear()
            for _ in range(int(seconds)):
                quick.say()
                await asyncio.sleep(1.1)
            half_s = (slowly.frames[0][0] + slowly.frames[-1][0]) / 2
            for _ in range(100):
                if slowly.heard[-1:] == quick.heard[-1:]:
                    break
                await asyncio.sleep(0.1)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        evicted = (await asyncio.to_thread(server.report)).evicted
    early = [age for at_s, age in slowly.frames if at_s < half_s]
    late = [age for at_s, age in slowly.frames if at_s >= half_s]
    return {
        "pace_bytes_s": PACE_BYTES_S,
        "frames": {"quick": len(quick.frames), "slow": len(slowly.frames)},
        "words": {"quick": len(quick.heard), "slow": len(slowly.heard)},
        "same_words": quick.heard == slowly.heard,
        "pose_age_p50_ms": {"early": percentile(early, 0.5), "late": percentile(late, 0.5)},
        "pose_age_max_ms": max(early + late),
        "word_age_max_ms": max(slowly.word_ages_ms),
        "reconnects": slowly.findings.resumes + slowly.findings.rejoins,
        "evicted": evicted,
    }


def faults(stall: dict[str, Any], crowd: dict[str, Any]) -> list[str]:
    """Which targets were missed, in sentences."""
    ages = crowd["pose_age_p50_ms"]
    judged = {
        f"memory grew by {stall['memory_growth_mb']:.1f} MB": stall["memory_growth_mb"] > MAX_GROWTH_MB,
        f"the first was cut off after {stall['first_eviction_s']:.1f} s": not stall["first_eviction_s"]
        <= MAX_FIRST_EVICTION_S,
        f"the others' poses were {stall['age_ratio_p99']:.2f} times as old": stall["age_ratio_p99"] > MAX_AGE_GROWTH,
        f"{stall['others_lost']} others lost their connection": stall["others_lost"] > 0,
        "the slow reader missed words": not crowd["same_words"],
        "the slow reader was cut off": crowd["reconnects"] > 0,
        "the slow reader heard as much as others": crowd["frames"]["slow"] >= crowd["frames"]["quick"],
        f"the slow reader's poses aged from {ages['early']:.0f} to {ages['late']:.0f} ms": ages["late"]
        > ages["early"] * MAX_AGE_DRIFT,
        f"the slow reader's poses were {crowd['pose_age_max_ms']:.0f} ms old": crowd["pose_age_max_ms"]
        > MAX_SLOW_AGE_S * 1000,
    }
    return [sentence for sentence, is_fault in judged.items() if is_fault]


async def measure(visitors: int, count: int, seconds: float) -> dict[str, Any]:
    """Both."""
    stall = await stalled(visitors, count, seconds)
    crowd = await slow(visitors, seconds * 2)
    return {"stalled": stall, "slow": crowd, "faults": faults(stall, crowd)}


def main() -> None:
    """Parse the arguments, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m bench.stalls", description=__doc__)
    parser.add_argument("--visitors", type=int, default=200)
    parser.add_argument("--stalled", type=int, default=30)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    args = parser.parse_args()
    result = uvloop.run(measure(args.visitors, args.stalled, args.seconds))
    print(json.dumps(result) if args.json else json.dumps(result, indent=1))
    sys.exit(bool(result["faults"]))


if __name__ == "__main__":
    main()
