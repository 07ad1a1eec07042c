"""A reader slower than what there is to hear: fewer poses, every word, and nothing old."""

from __future__ import annotations

import asyncio
import copy
import dataclasses
import random

from bench.proxy import Proxy, Weather
from tests.live.support import BRISK, QUICK, Alley
from tests.world.support import credentials, hello, packed_pose, person
from world import wire

WALKERS = 80
"""They make 44 KB a second, three times what the slow reader reads."""

PACE_BYTES_S = 15_000
STEPS = 120
STEP_S = 0.04
WORD_EVERY = 10
MAX_LAG_MS = 2000
"""About 0.6 s is in buffers on the way; unread poses that pile up would be more than 3 s at the end."""


async def test_a_slow_reader_hears_every_word_and_nothing_old() -> None:
    alley = Alley(dataclasses.replace(QUICK, stall_timeout_s=3.0), dataclasses.replace(BRISK, max_visitors=100))
    loop = asyncio.get_running_loop()
    async with (
        alley.open(),
        Proxy(alley.port, Weather(pace_bytes_s=PACE_BYTES_S), random.Random(0)) as proxy,
    ):
        far = copy.copy(alley)
        far.port = proxy.port
        async with alley.guest("Quick") as quick, far.guest("Slow") as slow:
            crowd = [alley.room.join(hello(), person(i), credentials(i), loop.time(), 0) for i in range(WALKERS)]
            for step in range(STEPS):
                for visitor in crowd:
                    epoch = int(alley.room.avatars.epoch[visitor.slot])
                    alley.room.avatars.put(visitor.slot, packed_pose(0.02 * (step % 2), 0.0, epoch=epoch))
                if step % WORD_EVERY == 0:
                    chat = wire.Chat(step + 1, "somebody", "Somebody", wire.Scope.ALLEY, "hm", 0, 0)
                    alley.room.publish(chat, loop.time())
                await asyncio.sleep(STEP_S)
            assert slow.peer.last_poses is not None
            lag_ms = alley.room.clock_ms(loop.time()) - slow.peer.last_poses.server_ms
            heard = len(slow.heard_at), len(quick.heard_at)
            said = [1 + step for step in range(0, STEPS, WORD_EVERY)]
            for guest in (quick, slow):
                await guest.until(lambda guest=guest: len(guest.peer.chats) >= len(said))  # type: ignore[misc]
                assert [chat.id for chat in guest.peer.chats] == said
        assert heard[0] < heard[1] * 0.8
        assert lag_ms < MAX_LAG_MS
        assert not alley.tally.evictions
