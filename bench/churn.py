"""Visitors who come and go: `python -m bench.churn PORT COUNT SECONDS SIDE_M SEED`, a part of bench.soak.

Each visitor walks as in bench.load for a minute or so, says something now and then, waves, and leaves, now politely,
now by a cut connection; then somebody else comes in their place, of four people who take turns: what the server
remembers of everybody whom it ever saw has an end of its own, which half an hour does not reach.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import random
import sys

import uvloop
from picows import WSError, WSMsgType, ws_connect

from bench.load import HZ, Tally, Walker
from world import wire
from yokocho.bots.passport import Passport

MEAN_STAY_S = 60.0
MEAN_SILENCE_S = 10.0
MEAN_PAUSE_S = 1.0
PEOPLE = 4


async def stay(port: int, number: int, side_m: float, tally: Tally, rng: random.Random, passport: Passport) -> None:
    """One visit from hello to goodbye."""
    walker = Walker(number, side_m, tally, rng)
    walker.passport = passport
    headers = {"Origin": f"http://127.0.0.1:{port}"}
    transport, _ = await ws_connect(lambda: walker, f"ws://127.0.0.1:{port}/live", extra_headers=headers)
    loop = asyncio.get_running_loop()
    leaves_s = loop.time() + rng.expovariate(1 / MEAN_STAY_S)
    speaks_s = loop.time() + rng.expovariate(1 / MEAN_SILENCE_S)
    while loop.time() < leaves_s and walker.transport is not None:
        await asyncio.sleep(1 / HZ)
        walker.step(side_m, walking=True)
        if walker.has_greeted and loop.time() >= speaks_s:
            speaks_s = loop.time() + rng.expovariate(1 / MEAN_SILENCE_S)
            scope = rng.choice((wire.Scope.NEAR, wire.Scope.ALLEY))
            transport.send(WSMsgType.BINARY, wire.encode(wire.Say(scope, "Good evening from me", number)))
            transport.send(WSMsgType.BINARY, wire.encode(wire.Emote(wire.EmoteKind.WAVE)))
            transport.send(WSMsgType.BINARY, wire.encode(wire.Ping(0.0, walker.last_seq)))
    if rng.random() < 0.5:
        transport.send(WSMsgType.BINARY, wire.encode(wire.Leave()))
        await asyncio.sleep(0.2)
    transport.disconnect(graceful=False)


async def come_and_go(port: int, number: int, side_m: float, tally: Tally, seed: int) -> None:
    """Visits without end."""
    rng = random.Random(seed)
    for passport in itertools.cycle([Passport() for _ in range(PEOPLE)]):
        await asyncio.sleep(rng.expovariate(1 / MEAN_PAUSE_S))
        # On a machine that is busy with something else, a door may open too late: people knock again.
        with contextlib.suppress(WSError, OSError, TimeoutError):
            await stay(port, number, side_m, tally, rng, passport)


async def main() -> None:
    """Send everyone in, wait, end."""
    port, count, seconds, side_m, seed = sys.argv[1:6]
    tally = Tally()
    visits = [
        asyncio.create_task(come_and_go(int(port), number, float(side_m), tally, int(seed) * 100_000 + number))
        for number in range(int(count))
    ]
    await asyncio.wait(visits, timeout=float(seconds), return_when=asyncio.FIRST_EXCEPTION)
    for visit in visits:
        if visit.done():
            visit.result()
        visit.cancel()


if __name__ == "__main__":
    uvloop.run(main())
