"""Many at once at the door and in the room: nothing of them is left behind, and who is inside hears on."""

from __future__ import annotations

import asyncio
import dataclasses
import logging
from collections.abc import Coroutine
from pathlib import Path

import pytest

from tests.live.support import QUICK, Alley, Wire, frame
from world import wire

KNOCKS = 240
AT_ONCE = 40
VISITS = 120
OPEN_FILES = Path("/proc/self/fd")


def _open_files() -> int:
    return len(list(OPEN_FILES.iterdir()))


async def _all(works: list[Coroutine[None, None, None]]) -> None:
    """Do them all, some at a time."""
    free = asyncio.Semaphore(AT_ONCE)

    async def one(work: Coroutine[None, None, None]) -> None:
        async with free:
            await work

    await asyncio.gather(*map(one, works))


@pytest.mark.skipif(not OPEN_FILES.is_dir(), reason="counts open files in /proc")
async def test_a_storm_at_the_door_leaves_nothing_behind(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    async with Alley().open() as alley, alley.guest("Witness") as witness:
        await witness.is_well()
        files = _open_files()

        async def knock(number: int) -> None:
            async with Wire(*await asyncio.open_connection("127.0.0.1", alley.port)) as rude:
                if number % 4 == 0:
                    await rude.send(b"GET /live HTTP/1.1\r\nHost: alley.example\r\nUpgr")
                elif number % 4 == 1:
                    # Leaves while the answer is on its way.
                    asking = asyncio.create_task(rude.handshake())
                    await asyncio.sleep(0)
                    rude.abort()
                    await asyncio.gather(asking, return_exceptions=True)
                elif number % 4 == 2:
                    assert (await rude.handshake())[0] == 101

        await _all([knock(number) for number in range(KNOCKS)])
        await alley.until(lambda: len(alley.live._connections) == 1)
        await alley.until(lambda: _open_files() <= files)
        assert list(alley.live._addresses.values()) == [1]
        await witness.is_well()
        assert not [record.getMessage() for record in caplog.records]


async def test_who_comes_and_goes_in_crowds_is_gone() -> None:
    # Forty at once make and check their papers in this one process: the door must be patient.
    patient = dataclasses.replace(QUICK, hello_timeout_s=10.0)
    async with Alley(patient).open() as alley, alley.guest("Witness") as witness:

        async def visit() -> None:
            async with await alley.wire(say_hello=True) as guest:
                await guest.send(frame(wire.encode(wire.Leave())))
                assert (await guest.closing())[0] == 1000

        await _all([visit() for _ in range(VISITS)])
        # The witness's memory insists that everybody who is gone was there, and that no event is missing.
        await witness.until(lambda: not witness.peer.known)
        await witness.until(lambda: witness.peer.census == 1)
        assert list(alley.room.visitors) == [witness.peer.slot]
        await witness.is_well()
