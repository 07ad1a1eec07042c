"""Is anything lost on bad lines? `python -m bench.lossy --visitors 100 --seconds 300 [--seed 1] [--json]`.

Visitors walk and talk to the whole alley through a proxy that delays every piece and cuts their lines at random, at any
byte, now at both ends, now at one (`bench.proxy`). Each comes back by itself with its session's token. What is
said alley-wide is numbered by the server, so afterwards everybody's list is compared with everybody else's: each word
exactly once, in the same order. Events carry a number per visitor, checked one by one as they come. Exits with 1 when
anything was lost, doubled or out of order.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import math
import random
import sys
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final

import uvloop
from picows import WSError, WSListener, WSTransport, ws_connect

from bench.load import Tally, Walker, walk
from bench.process import ServerUnderTest
from bench.proxy import Proxy, Weather
from world import wire

DENSITY: Final = 0.02
"""Thin enough that visitors come into sight and go out of it."""

BACK_AFTER_S: Final = (0.05, 0.5)
ACKNOWLEDGE_EVERY_S: Final = 2.0
SETTLED_WITHIN_S: Final = 30.0
_ENTER, _GONE, _CHAT, _HISTORY = 35, 36, 37, 47


@dataclass(slots=True)
class Findings:
    """What all talkers of a run noticed."""

    resumes: int = 0
    rejoins: int = 0
    failed_connects: int = 0
    said: int = 0
    events: int = 0
    lost_events: int = 0
    doubled_events: int = 0
    strangers_gone: int = 0
    errors: Counter[str] = field(default_factory=Counter)


class Talker(Walker):
    """A visitor who talks, and comes back when its line is cut."""

    def __init__(self, number: int, side_m: float, findings: Findings, origin: str, rng: random.Random) -> None:
        super().__init__(number, side_m, Tally(), rng)
        self.sampled = True
        self.number = number
        self.findings = findings
        self.rng = rng
        self.origin = origin
        self.token = ""
        self.is_in = False
        self.heard: list[int] = []
        self.heard_seq = 0
        self.own_refs: Counter[int] = Counter()
        self._known: set[int] = set()
        self._starts_afresh = True
        self._ref = 0

    # --- the line -----------------------------------------------------------------------------------------------------

    def claim(self) -> wire.Resume | None:
        """The session, once there is one."""
        return wire.Resume(self.token, self.heard_seq) if self.token else None

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        """A cut line is what this is about."""
        if transport is self.transport:
            self.transport = None
            self.is_in = False

    async def live(self, port: int) -> None:
        """Stay, and come back, until cancelled."""
        url = f"ws://127.0.0.1:{port}/live"
        listener: WSListener = self
        while True:
            try:
                transport, _ = await ws_connect(lambda: listener, url, extra_headers={"Origin": self.origin})
                await transport.wait_disconnected()
            except (WSError, OSError, TimeoutError):
                self.findings.failed_connects += 1
            self.is_in = False
            await asyncio.sleep(self.rng.uniform(*BACK_AFTER_S))

    # --- what it says -------------------------------------------------------------------------------------------------

    async def talk(self, silence_s: float) -> None:
        """Say something every now and then."""
        while True:
            await asyncio.sleep(1.1 + self.rng.expovariate(1 / silence_s))
            self.say()

    def say(self) -> None:
        """Say something, if there is a line."""
        if self.is_in:
            self._ref += 1
            self.findings.said += 1
            self.send(wire.Say(wire.Scope.ALLEY, f"word {self._ref} of {self.number}", self._ref))

    async def acknowledge(self) -> None:
        """Tell the server now and then what has arrived."""
        while True:
            await asyncio.sleep(ACKNOWLEDGE_EVERY_S * (0.5 + self.rng.random()))
            if self.is_in:
                self.send(wire.Ping(0.0, self.heard_seq))

    # --- what it hears ------------------------------------------------------------------------------------------------

    def _read(self, message: wire.Outbound) -> None:
        findings = self.findings
        if isinstance(message, wire.Welcome):
            findings.resumes += message.resumed
            findings.rejoins += bool(self.token) and not message.resumed
            self._starts_afresh = not message.resumed
            if self._starts_afresh:
                self._known.clear()
            self.token = message.token
            self.is_in = True
        elif isinstance(message, wire.Error | wire.Bye):
            findings.errors[message.code] += 1
        elif isinstance(message, wire.Event):
            self._count(message.seq)
            self.heard_seq = message.seq
            self._hear(message.body)
            super()._read(message)
        elif not isinstance(message, wire.Poses):
            super()._read(message)

    def _count(self, seq: int) -> None:
        findings = self.findings
        findings.events += 1
        if not self._starts_afresh:
            findings.lost_events += max(0, seq - self.heard_seq - 1)
            findings.doubled_events += seq <= self.heard_seq
        self._starts_afresh = False

    def _hear(self, body: list[Any]) -> None:
        if body[0] == _CHAT:
            self.heard.append(body[1])
            if ref := body[7]:
                self.own_refs[ref] += 1
        elif body[0] == _HISTORY:
            # Only who starts afresh is told again what was said before.
            self.heard.extend(chat[0] for chat in body[1] if not self.heard or chat[0] > self.heard[-1])
        elif body[0] == _ENTER:
            self._known.update(card[0] for card in body[1])
        elif body[0] == _GONE:
            self.findings.strangers_gone += sum(slot not in self._known for slot in body[1])
            self._known.difference_update(body[1])


def compare(talkers: list[Talker]) -> dict[str, int]:
    """Everybody's words against everybody's."""
    said = sorted(set[int]().union(*(talker.heard for talker in talkers)))
    lost = doubled = out_of_order = 0
    for talker in talkers:
        heard = talker.heard
        lost += len(said) - len(set(heard))
        doubled += len(heard) - len(set(heard)) + sum(times - 1 for times in talker.own_refs.values())
        out_of_order += sum(later < earlier for earlier, later in itertools.pairwise(heard))
    return {"chats": len(said), "lost": lost, "doubled": doubled, "out_of_order": out_of_order}


async def rehearse(
    port: int,
    origin: str,
    side_m: float,
    *,
    visitors: int,
    seconds: float,
    weather: Weather,
    silence_s: float,
    seed: int,
) -> dict[str, Any]:
    """Visitors talk on bad lines to the server at `port`; what they found."""
    rng = random.Random(seed)
    findings = Findings()
    talkers = [Talker(number, side_m, findings, origin, random.Random(rng.random())) for number in range(visitors)]
    loop = asyncio.get_running_loop()
    async with Proxy(port, weather, rng) as proxy:
        lives = [loop.create_task(talker.live(proxy.port)) for talker in talkers]
        lives += [loop.create_task(talker.acknowledge()) for talker in talkers]
        lives.append(loop.create_task(walk(list(talkers), side_m, math.inf, walking=True)))
        try:
            # Whoever comes later is not told what was said long before.
            await _settled(lambda: all(talker.token for talker in talkers))
            talks = [loop.create_task(talker.talk(silence_s)) for talker in talkers]
            lives += talks
            await asyncio.sleep(seconds)
            for task in talks:
                task.cancel()
            proxy.is_calm = True
            await _settled(lambda: all(talker.is_in for talker in talkers))
            await _settled(lambda: len({talker.heard[-1] if talker.heard else 0 for talker in talkers}) == 1)
        finally:
            for task in lives:
                task.cancel()
            await asyncio.gather(*lives, return_exceptions=True)
            for talker in talkers:
                if talker.transport is not None:
                    talker.transport.disconnect(graceful=False)
        failed = [task for task in lives if not task.cancelled() and task.exception()]
        for task in failed:
            task.result()
        return {
            "visitors": visitors,
            "seconds": seconds,
            "cuts": proxy.cuts.total(),
            "cuts_by_end": {end.value: count for end, count in sorted(proxy.cuts.items())},
            "failed_connects": findings.failed_connects,
            "resumes": findings.resumes,
            "rejoins": findings.rejoins,
            "said": findings.said,
            **compare(talkers),
            "events": findings.events,
            "lost_events": findings.lost_events,
            "doubled_events": findings.doubled_events,
            "strangers_gone": findings.strangers_gone,
            "errors": dict(findings.errors),
        }


async def _settled(condition: Any) -> None:
    """Wait until something is so, or say by the figures that it never was."""
    for _ in range(int(SETTLED_WITHIN_S / 0.05)):
        if condition():
            return
        await asyncio.sleep(0.05)


FAULTS: Final = ("lost", "doubled", "out_of_order", "lost_events", "doubled_events", "strangers_gone")
"""What has to be zero."""


def main() -> None:
    """Parse the arguments, rehearse, print."""
    parser = argparse.ArgumentParser(prog="python -m bench.lossy", description=__doc__)
    parser.add_argument("--visitors", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=300.0)
    parser.add_argument("--life", type=float, default=15.0, help="mean seconds until a line is cut")
    parser.add_argument("--silence", type=float, default=5.0, help="mean seconds between two words of a visitor")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    args = parser.parse_args()
    side_m = math.sqrt(args.visitors / DENSITY)
    # Whose line was cut before the welcome came is there twice for a while.
    with ServerUnderTest(side_m, args.visitors * 2) as server:
        result = uvloop.run(
            rehearse(
                server.port,
                f"http://127.0.0.1:{server.port}",
                side_m,
                visitors=args.visitors,
                seconds=args.seconds,
                weather=Weather(delay_s=0.02, jitter_s=0.03, mean_life_s=args.life),
                silence_s=args.silence,
                seed=args.seed,
            )
        )
    if args.json:
        print(json.dumps(result))
    else:
        for name, value in result.items():
            print(f"{name:>16}  {value}")
    sys.exit(any(result[fault] for fault in FAULTS))


if __name__ == "__main__":
    main()
