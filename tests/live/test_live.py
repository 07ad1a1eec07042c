"""Visitors over real sockets: they meet, talk, get lost, come back, and the server stops in order."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import gc
import weakref

import pytest

from tests.live.support import BRISK, PATIENCE_S, QUICK, Alley, Guest, Wire, frame
from tests.world.support import packed_pose
from world import wire
from world.errors import ErrorCode
from world.frames import Frame
from world.room import Room
from world.visitor import Visitor
from yokocho.realtime import LiveSettings

PING, PONG = 9, 10


async def test_two_meet_walk_and_talk() -> None:
    async with Alley().open() as alley, alley.guest("One") as one, alley.guest("Two") as two:
        await one.until(lambda: two.peer.slot in one.peer.known)
        await two.until(lambda: one.peer.slot in two.peer.known)
        for step in range(10):
            await one.pose(step * 0.1, 0.0)
            await asyncio.sleep(0.02)
        await two.until(lambda: abs(two.peer.seen[one.peer.slot][0] - 0.9) < 0.01)
        await one.chat("tea?")
        await two.chat("yes", wire.Scope.NEAR)
        for guest in (one, two):
            await guest.until(lambda guest=guest: sorted(guest.texts()) == ["tea?", "yes"])  # type: ignore[misc]


async def test_poses_with_hands_and_poses_in_pairs_arrive() -> None:
    async with Alley().open() as alley, alley.guest() as watcher, await alley.wire(say_hello=True) as bare:
        await alley.until(lambda: len(alley.room.visitors) == 2)
        slot = max(alley.room.visitors)
        epoch = int(alley.room.avatars.epoch[slot])

        def pose(x_m: float, hands_mm: tuple[int, int, int] | None = None) -> bytes:
            return frame(wire.encode(wire.Pose(packed_pose(x_m, 0.0, epoch=epoch, hands_mm=hands_mm))))

        await bare.send(pose(0.5, (100, -200, -300)))
        await watcher.until(lambda: watcher.peer.last_poses is not None and watcher.peer.last_poses.hands)
        await bare.send(pose(0.6) + pose(0.7))
        await watcher.until(lambda: abs(watcher.peer.seen[slot][0] - 0.7) < 0.01)
        await bare.send(pose(0.8) + pose(0.9, (1, 2, 3)))
        await watcher.until(lambda: abs(watcher.peer.seen[slot][0] - 0.9) < 0.01)
        whole = pose(1.0) + frame(wire.encode(wire.Emote(wire.EmoteKind.BOW))) + pose(1.1)
        for at in range(0, len(whole), 7):
            await bare.send(whole[at : at + 7])
            await asyncio.sleep(0.06)
        await watcher.until(lambda: abs(watcher.peer.seen[slot][0] - 1.1) < 0.01)
        assert [gesture.kind for gesture in watcher.peer.gestures] == [wire.EmoteKind.BOW]


async def test_words_right_behind_the_handshake_are_heard() -> None:
    async with Alley().open() as alley:
        bare = Wire(*await asyncio.open_connection("127.0.0.1", alley.port))
        async with bare:
            request = (
                "GET /live HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
                "Origin: http://alley.example\r\n\r\n"
            )
            await bare.send(request.encode() + frame(b"early", PING))
            assert b" 101 " in await bare.reader.readuntil(b"\r\n\r\n")
            assert isinstance(await bare.message(), wire.Challenge)
            assert await bare.frame() == (PONG, b"early")


async def test_who_closes_is_gone_at_once() -> None:
    async with Alley().open() as alley, alley.guest() as stays:
        async with alley.guest() as goes:
            await stays.until(lambda: goes.peer.slot in stays.peer.known)
        await stays.until(lambda: not stays.peer.known)


async def test_leave_is_answered_with_a_close() -> None:
    async with Alley().open() as alley, await alley.wire(say_hello=True) as bare:
        await bare.send(frame(wire.encode(wire.Leave())))
        assert (await bare.closing())[0] == 1000
        await bare.end()
        assert not alley.room.visitors


async def cut(guest: Guest) -> None:
    """Reset the connection."""
    guest.connection.transport.abort()
    await guest.until(lambda: guest.connection.close_code is not None)


async def test_nothing_is_lost_or_doubled_across_resets() -> None:
    async with Alley().open() as alley, alley.guest("Teller") as teller:
        lost: Guest | None = None
        told = 0
        for round_number in range(6):
            async with alley.guest("Lost", resume=lost) as guest:
                assert guest.peer.resumed is (round_number > 0)
                if round_number == 0:
                    await guest.until(lambda: guest.peer.census == 2)
                lost = guest
                await cut(guest)
            if told < 6:
                await teller.chat(f"word {told}")
                told += 1
            await teller.until(lambda told=told: len(teller.peer.chats) == told)  # type: ignore[misc]
        async with alley.guest("Lost", resume=lost) as guest:
            assert guest.peer.resumed
            await guest.until(lambda: len(guest.peer.chats) == told)
            assert guest.texts() == [f"word {i}" for i in range(told)]
            assert set(guest.peer.known) == {teller.peer.slot}
        assert len(alley.room.visitors) <= 2


async def test_who_is_cut_off_is_shown_as_lost_then_back() -> None:
    async with Alley().open() as alley, alley.guest() as stays:
        async with alley.guest() as guest:
            await stays.until(lambda: guest.peer.slot in stays.peer.known)
            await cut(guest)
            slot = guest.peer.slot
            await stays.until(lambda: stays.peer.known[slot].presence is wire.Presence.LOST)
        async with alley.guest(resume=guest) as again:
            assert again.peer.slot == slot
            await stays.until(lambda: stays.peer.known[slot].presence is wire.Presence.HERE)


async def test_a_second_connection_with_the_token_replaces_the_first() -> None:
    async with Alley().open() as alley, alley.guest() as other, alley.guest() as first:
        await first.until(lambda: first.peer.census == 2 and other.peer.slot in first.peer.known)
        memory = Guest(
            alley, first.connection, dataclasses.replace(first.peer, known=dict(first.peer.known)), first.passport
        )
        async with alley.guest(resume=memory) as second:
            assert await first.closed() == 4007
            assert first.bye is not None
            assert first.bye.code == ErrorCode.REPLACED
            assert second.peer.slot == first.peer.slot
            assert second.peer.resumed
            await second.is_well()
            await other.is_well()
            assert other.peer.known[second.peer.slot].presence is wire.Presence.HERE


async def test_a_full_room_says_so_and_when_to_come_back() -> None:
    async with Alley(config=dataclasses.replace(BRISK, max_visitors=1)).open() as alley, alley.guest() as guest:
        async with await alley.wire() as bare:
            await alley.say_hello(bare)
            code, bye = await bare.closing()
            assert code == 1013
            assert bye is not None
            assert bye.code == ErrorCode.ROOM_FULL
            assert bye.retry_after_ms > 0
        await guest.is_well()


# --- chat and the store -----------------------------------------------------------------------------------------------


async def test_words_are_told_only_when_they_are_kept() -> None:
    alley = Alley()
    async with alley.open(), alley.guest() as one, alley.guest() as two:
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        alley.disk = lambda _chat: done
        await one.chat("slow")
        await one.chat("slower")
        await one.is_well()
        assert not one.texts() + two.texts()
        done.set_result(None)
        for guest in (one, two):
            await guest.until(lambda guest=guest: guest.texts() == ["slow", "slower"])  # type: ignore[misc]


async def test_words_that_could_not_be_kept_are_told_to_nobody() -> None:
    def broken(chat: wire.Chat) -> None:
        if chat.text == "lost":
            raise OSError("disk full")

    alley = Alley(disk=broken)
    async with alley.open(), alley.guest() as one, alley.guest() as two:
        await one.chat("lost")
        await one.chat("kept")
        await two.until(lambda: two.texts() == ["kept"])
        await one.until(lambda: one.texts() == ["kept"] and one.peer.errors)
        assert [(error.code, error.ref) for error in one.peer.errors] == [(ErrorCode.INTERNAL, 7)]


# --- stopping ---------------------------------------------------------------------------------------------------------


async def test_stopping_says_goodbye_and_when_to_come_back() -> None:
    alley = Alley()
    async with alley.open(), alley.guest() as one, alley.guest() as two, await alley.wire() as silent:
        await one.chat("last words")
        await one.until(one.texts)
        began = asyncio.get_running_loop().time()
        await alley.live.stop()
        assert asyncio.get_running_loop().time() - began < 2.0
        for guest in (one, two):
            assert await guest.closed() == 1012
            assert guest.bye is not None
            assert guest.bye.code == ErrorCode.RESTARTING
            assert guest.bye.retry_after_ms >= 0
        assert (await silent.closing())[0] == 1012
        late = Wire(*await asyncio.open_connection("127.0.0.1", alley.port))
        async with late:
            assert (await late.handshake())[0] == 503


async def test_what_was_said_before_the_stop_is_kept_and_told() -> None:
    alley = Alley(disk=lambda _chat: asyncio.ensure_future(asyncio.sleep(0.2)))
    async with alley.open(), alley.guest() as one:
        await one.chat("last words")
        await alley.until(lambda: alley.asked)
        await alley.live.stop()
        assert [chat.text for chat in alley.kept] == ["last words"]
        await one.until(lambda: one.texts() == ["last words"])
        assert await one.closed() == 1012


async def test_a_store_that_hangs_does_not_keep_the_server_from_stopping() -> None:
    alley = Alley(disk=lambda _chat: asyncio.get_running_loop().create_future())
    async with alley.open(), alley.guest() as one:
        await one.chat("into the void")
        await alley.until(lambda: alley.asked)
        async with asyncio.timeout(PATIENCE_S):
            await alley.live.stop()
        assert await one.closed() == 1012


async def test_who_is_gone_is_freed_without_looking_for_garbage() -> None:
    """The interpreter looks for cycles seldom: whoever leaves must not be held in one."""
    async with Alley(dataclasses.replace(QUICK, verdict_every_s=0.1)).open() as alley:
        gc.disable()
        try:
            async with alley.guest():
                (connection,) = alley.live._connections
                held: list[object] = [connection, connection._protocol, connection.sock]
                parts = [weakref.ref(part) for part in held]
                held.clear()
                del connection
            await alley.until(lambda: not any(part() for part in parts))
        finally:
            gc.enable()


async def test_everything_is_let_go() -> None:
    alley = Alley()
    async with alley.open():
        for _ in range(3):
            async with alley.guest(), await alley.wire(say_hello=True) as bare:
                bare.abort()
        await alley.until(lambda: not alley.live._connections)
        live = alley.live
        assert not live._addresses
        assert not live._seats
        assert not live._by_slot
        assert not live._stalled
        assert not live._reader._by_fd
        assert not any(live._senders)


# --- our own faults ---------------------------------------------------------------------------------------------------


class FaultyRoom(Room):
    """A room with bugs: a bow is one, a heart breaks the next tick."""

    heart_broken = False

    def emote(self, visitor: Visitor, kind: wire.EmoteKind, now_s: float) -> None:
        if kind is wire.EmoteKind.BOW:
            raise RuntimeError("a bug")
        self.heart_broken = kind is wire.EmoteKind.HEART
        super().emote(visitor, kind, now_s)

    def roster(self, visitor: Visitor) -> wire.Roster:
        raise KeyError("another bug")

    def tick(self, now_s: float) -> list[Frame]:
        if self.heart_broken:
            self.heart_broken = False
            raise RuntimeError("a bug in the tick")
        return super().tick(now_s)


@pytest.mark.parametrize("trigger", [wire.Emote(wire.EmoteKind.BOW), wire.AskRoster()])
async def test_our_own_fault_ends_one_connection_and_says_so(trigger: wire.Inbound) -> None:
    alley = Alley(make_room=FaultyRoom)
    async with alley.open(), alley.guest() as witness, alley.guest() as unlucky:
        await unlucky.say(trigger)
        assert await unlucky.closed() == 1011
        assert unlucky.bye is not None
        assert unlucky.bye.code == ErrorCode.INTERNAL
        await witness.is_well()
        assert alley.tally.errors == {ErrorCode.INTERNAL: 1}


async def test_a_fault_in_one_tick_is_followed_by_the_next() -> None:
    alley = Alley(make_room=FaultyRoom)
    async with alley.open(), alley.guest() as witness:
        await witness.say(wire.Emote(wire.EmoteKind.HEART))
        await alley.until(lambda: alley.tally.errors[ErrorCode.INTERNAL] == 1)
        await witness.is_well()


@pytest.mark.parametrize("settings", [dataclasses.replace(QUICK, silence_timeout_s=1.0)])
async def test_who_says_nothing_at_all_is_cut_off(settings: LiveSettings) -> None:
    """A bare socket answers no ping."""
    alley = Alley(settings)
    async with alley.open(), await alley.wire(say_hello=True) as silent:
        await silent.end()
        assert alley.tally.evictions[ErrorCode.GONE_QUIET] == 1
        (visitor,) = alley.room.visitors.values()
        assert not visitor.connected


def test_it_runs_on_uvloop_as_well() -> None:
    uvloop = pytest.importorskip("uvloop")

    async def story() -> None:
        await test_two_meet_walk_and_talk()
        await test_words_right_behind_the_handshake_are_heard()
        await test_nothing_is_lost_or_doubled_across_resets()
        await test_stopping_says_goodbye_and_when_to_come_back()

    with contextlib.closing(uvloop.new_event_loop()) as loop:
        loop.run_until_complete(story())
