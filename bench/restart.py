"""What a restart costs those who are there: `python -m bench.restart --visitors 100 [--json]`.

A real `yokocho serve` on the sample alley, and visitors who walk, say something alley-wide every few seconds, and come
back as browsers do. It is restarted twice: by a server that takes over, then by stopping it and starting it again. A
visitor's *gap* is the longest time without any frame around the restart; without one it is a tick or two. Words that
their speaker heard back were accepted: each visitor must have heard them once, or found them in the history.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import math
import os
import random
import sys
import tempfile
import time
from collections import Counter
from typing import Any, Final

import uvloop

from bench.load import percentile
from bench.startup import free_port
from world.wire import Scope
from yokocho.bots.line import CHAT, Line, Tally

HISTORY: Final = 47
POSE_S: Final = 0.1
WORD_EVERY_S: Final = 6.0
CALM_S: Final = 3.0
OPEN_S: Final = 90.0
SPEED_M_S: Final = 1.4
CIRCLE_M: Final = 1.0


class Visitor(Line):
    """Walks in a circle, talks, and keeps count."""

    def __init__(self, number: int, origin: str, rng: random.Random) -> None:
        self.tally = Tally()
        url = "ws" + origin.removeprefix("http") + "/live"
        super().__init__(url, origin, (f"Walker {number}", (1, 2, 3, 4, 5, 6, 7, 160), "en"), self.tally, rng)
        self.number = number
        self.rng = rng
        self.heard_at_s: list[float] = []
        self.words: Counter[str] = Counter()
        self.told: set[str] = set()
        self.accepted: set[str] = set()
        self.on_event = self._hear

    def _read(self, frame: bytes) -> bool:
        self.heard_at_s.append(time.monotonic())
        return super()._read(frame)

    def _hear(self, kind: int, fields: list[Any]) -> None:
        if kind == CHAT:
            self.words[fields[5]] += 1
            if fields[2] == self.visitor_id:
                self.accepted.add(fields[5])
        elif kind == HISTORY:
            self.told.update(chat[5] if chat[0] == CHAT else chat[4] for chat in fields[1])

    async def live(self) -> None:
        """Walk and talk until cancelled."""
        await self.placed.wait()
        angle, words = self.rng.uniform(0, math.tau), 0
        next_word_s = time.monotonic() + self.rng.uniform(0, WORD_EVERY_S)
        while True:
            turn = SPEED_M_S * POSE_S / CIRCLE_M
            self.body.x_m += CIRCLE_M * (math.cos(angle + turn) - math.cos(angle))
            self.body.z_m += CIRCLE_M * (math.sin(angle + turn) - math.sin(angle))
            angle += turn
            await self.send_pose()
            if time.monotonic() >= next_word_s:
                next_word_s += WORD_EVERY_S
                words += 1
                await self.say(f"{self.number}/{words}", Scope.ALLEY)
            await asyncio.sleep(POSE_S)

    def gap_s(self, since_s: float) -> float:
        """The longest silence."""
        times = [at for at in self.heard_at_s if at >= since_s]
        return max((after - before for before, after in itertools.pairwise(times)), default=math.inf)

    def is_back(self, since_s: float) -> bool:
        """Whether anything has come since then."""
        return bool(self.heard_at_s) and self.heard_at_s[-1] > since_s


class Server:
    """`yokocho serve` as an operator runs it."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process

    @classmethod
    async def start(cls, data: str, port: int, visitors: int, *flags: str) -> Server:
        """Start it and wait until it says that it is open."""
        environment = {**os.environ, "YOKOCHO_MAX_CONNECTIONS_PER_ADDRESS": str(visitors + 100)}
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "yokocho", "serve", "--data", data, "--port", str(port)),
            *("--origin", f"http://127.0.0.1:{port}", "--max-visitors", str(visitors + 100), *flags),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env=environment,
        )
        assert process.stdout is not None
        async with asyncio.timeout(OPEN_S):
            async for line in process.stdout:
                if b" is open: " in line:
                    return cls(process)
        raise RuntimeError("the server did not open")

    async def stop(self) -> None:
        """Close it in order."""
        if self.process.returncode is None:
            self.process.terminate()
        await self.process.wait()


async def restart(data: str, count: int, *, take_over: bool) -> dict[str, Any]:
    """One restart with everybody there."""
    port = free_port()
    rng = random.Random(1)
    server = await Server.start(data, port, count)
    visitors = [Visitor(number, f"http://127.0.0.1:{port}", random.Random(rng.random())) for number in range(count)]
    tasks = [asyncio.create_task(doing) for one in visitors for doing in (one.keep_open(), one.live())]
    async with asyncio.timeout(OPEN_S):
        await asyncio.gather(*(visitor.placed.wait() for visitor in visitors))
    await asyncio.sleep(CALM_S)
    began_s = time.monotonic()
    calm = [visitor.gap_s(began_s - CALM_S / 2) for visitor in visitors]
    connects = sum(visitor.tally.connects for visitor in visitors)
    if take_over:
        following = await Server.start(data, port, count, "--take-over")
        await server.process.wait()
    else:
        await server.stop()
        following = await Server.start(data, port, count)
    opened_s = time.monotonic()
    while time.monotonic() - opened_s < CALM_S or not all(visitor.is_back(opened_s) for visitor in visitors):
        if time.monotonic() - opened_s > OPEN_S:
            break
        await asyncio.sleep(0.05)
    gaps = [visitor.gap_s(began_s - 0.2) for visitor in visitors]
    accepted = set[str]().union(*(visitor.accepted for visitor in visitors))
    # What was said last may still be on its way to some.
    await asyncio.sleep(1.0)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await following.stop()
    return {
        "gap_s": _shares(gaps),
        "calm_gap_s": _shares(calm),
        "back": sum(visitor.is_back(opened_s) for visitor in visitors),
        "came_again": sum(visitor.tally.connects for visitor in visitors) - connects,
        "event_gaps": sum(visitor.tally.gaps for visitor in visitors),
        "words": len(accepted),
        "words_lost": sum(len(accepted - visitor.words.keys() - visitor.told) for visitor in visitors),
        "words_doubled": sum(times > 1 for visitor in visitors for times in visitor.words.values()),
    }


def _shares(values: list[float]) -> dict[str, float]:
    ordered = {"p50": percentile(values, 0.5), "p99": percentile(values, 0.99), "max": max(values)}
    return {name: round(value, 3) for name, value in ordered.items()}


async def measure(count: int) -> dict[str, Any]:
    """Both kinds, one after the other, on one alley."""
    with tempfile.TemporaryDirectory() as data:
        await (await Server.start(data, free_port(), count)).stop()  # builds the alley
        return {
            "visitors": count,
            "take_over": await restart(data, count, take_over=True),
            "plain": await restart(data, count, take_over=False),
        }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="What a restart costs those who are there.")
    parser.add_argument("--visitors", type=int, default=100)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    result = uvloop.run(measure(chosen.visitors))
    if chosen.json:
        print(json.dumps(result))
        return
    for kind in ("take_over", "plain"):
        found = result[kind]
        gap = found["gap_s"]
        print(
            f"{kind:10} gap p50 {gap['p50']:.2f} s, p99 {gap['p99']:.2f} s, max {gap['max']:.2f} s; "
            f"{found['back']} of {result['visitors']} back, {found['came_again']} connected again; "
            f"of {found['words']} words {found['words_lost']} lost, {found['words_doubled']} doubled"
        )


if __name__ == "__main__":
    main()
