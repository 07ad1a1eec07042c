"""Sockets that go on in another live loop: whoever holds the other end hears nothing but the next tick."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest

from tests.live.support import Alley, Guest, frame
from tests.world.support import flat_scene, hello
from world import handover, wire
from world.room import Room
from yokocho.realtime import Live


async def relieve(alley: Alley) -> Live:
    """Another loop takes over from the alley's own, through everything that would go through a pipe."""
    await alley.live.hold()
    memory = handover.pack(alley.room.remember())
    luggage = [(sock.dup(), piece) for sock, piece in alley.live.luggage()]
    room = Room(flat_scene(), alley.config, asyncio.get_running_loop().time())
    room.recall(handover.unpack(memory), asyncio.get_running_loop().time())
    live = alley.make_live(room)
    live.take_up(luggage)
    alley.live.part()
    await live.start()
    return live


@contextlib.asynccontextmanager
async def relieved(alley: Alley) -> AsyncIterator[Live]:
    live = await relieve(alley)
    try:
        yield live
    finally:
        await live.stop()


def undisturbed(guest: Guest) -> bool:
    return guest.bye is None and guest.connection.close_code is None


async def test_a_conversation_goes_on() -> None:
    async with Alley().open() as alley, alley.guest("Aki") as aki, alley.guest("Bo") as bo:
        await aki.until(lambda: bo.peer.slot in aki.peer.known)
        await aki.chat("before", wire.Scope.NEAR)
        await bo.until(lambda: bo.texts() == ["before"])
        seq = bo.peer.last_seq
        async with relieved(alley) as live:
            await aki.chat("after", wire.Scope.NEAR)
            await bo.until(lambda: bo.texts() == ["before", "after"])
            assert bo.peer.last_seq == seq + 1
            await aki.is_well()
            await bo.is_well()
            assert undisturbed(aki)
            assert undisturbed(bo)
            assert live.visitors == 2
            await alley.live.stop()
            await aki.is_well()


async def test_words_under_way_are_told_once() -> None:
    async with Alley().open() as alley, alley.guest("Aki") as aki, alley.guest("Bo") as bo:
        for number in range(5):
            await aki.chat(f"{number}")
        async with relieved(alley):
            await aki.until(lambda: len(aki.texts()) == 5)
            await bo.until(lambda: len(bo.texts()) == 5)
            assert bo.texts() == [f"{number}" for number in range(5)]
            assert [chat.text for chat in alley.kept] == bo.texts()


async def test_half_a_frame_is_no_reason_to_go() -> None:
    async with Alley().open() as alley, alley.guest("Aki") as aki:
        bare = await alley.wire(say_hello=True)
        async with bare:
            await aki.until(lambda: len(aki.peer.known) == 1)
            word = frame(wire.encode(wire.Say(wire.Scope.ALLEY, "in two pieces", 3)))
            await bare.send(word[:9])
            connections = alley.live._connections
            await alley.until(lambda: any(connection._partial for connection in connections))
            async with relieved(alley):
                await bare.send(word[9:])
                await aki.until(lambda: aki.texts() == ["in two pieces"])


async def test_who_is_in_the_middle_of_something_is_asked_to_come_again() -> None:
    async with Alley().open() as alley, alley.guest("Aki") as aki:
        strangers = [await alley.wire() for _ in range(2)]
        await strangers[1].send(frame(wire.encode(hello("Bo"))[:4], fin=False))
        await alley.until(lambda: any(connection._parts for connection in alley.live._connections))
        async with relieved(alley):
            stopping = asyncio.create_task(alley.live.stop())
            for stranger in strangers:
                code, bye = await stranger.closing()
                assert code == 1012
                assert bye is not None
                assert bye.code == "restarting"
                stranger.abort()
            await stopping
            await aki.is_well()


async def test_nobody_notices_a_relief_that_does_not_come() -> None:
    async with Alley().open() as alley, alley.guest("Aki") as aki, alley.guest("Bo") as bo:
        await aki.chat("one")
        await alley.live.hold()
        alley.live.luggage()
        await aki.chat("two")
        await asyncio.sleep(0.2)
        assert bo.texts() in ([], ["one"])
        alley.live.go_on()
        await bo.until(lambda: bo.texts() == ["one", "two"])
        await aki.is_well()
        await bo.is_well()


async def test_a_store_that_hangs_keeps_the_room_going() -> None:
    stuck: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    async with Alley(disk=lambda _chat: stuck).open() as alley, alley.guest("Aki") as aki:
        await aki.chat("slow")
        await alley.until(lambda: alley.asked)
        with pytest.raises(TimeoutError):
            await alley.live.hold()
        await aki.is_well()
        stuck.set_result(None)
        await aki.until(lambda: aki.texts() == ["slow"])


async def test_a_slow_reader_gets_everything_in_order() -> None:
    async with Alley().open() as alley, alley.guest("Aki") as aki, alley.guest("Bo", small_buffers=True) as bo:
        loud = [connection for connection in alley.live._connections if connection.slot == bo.peer.slot]
        loud[0].hold()  # the kernel takes no more for now
        for number in range(4):
            await aki.chat(f"{number}")
        await aki.until(lambda: len(aki.texts()) == 4)
        async with relieved(alley):
            await bo.until(lambda: bo.texts() == ["0", "1", "2", "3"])
            await bo.is_well()
