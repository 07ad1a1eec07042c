"""What peers do wrong on the socket: each fault gets its code, and nobody else feels it.

Every test has a witness who is answered and hears the tick before and after.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import math
import random
import time
from collections.abc import AsyncIterator

import msgspec
import pytest
import websockets

from tests.live.support import QUICK, Alley, Guest, Wire, frame
from tests.world.support import LOOK, NO_PAPERS, credentials, hello, packed_pose, person
from world import wire
from world.errors import ErrorCode

BINARY, TEXT, CONTINUATION, CLOSE, PING, PONG = 2, 1, 0, 8, 9, 10


@contextlib.asynccontextmanager
async def street(alley: Alley | None = None) -> AsyncIterator[tuple[Alley, Guest]]:
    """An alley with a witness, who must be well at the end."""
    async with (alley or Alley()).open() as opened, opened.guest("Witness") as witness:
        yield opened, witness
        await witness.is_well()


def message(*fields: object) -> bytes:
    """A frame with a msgpack array, right or wrong."""
    return frame(msgspec.msgpack.encode(fields))


def sent(inbound: wire.Inbound) -> bytes:
    return frame(wire.encode(inbound))


def pose(x_m: float, z_m: float = 0.0, *, epoch: int = 1, y_m: float = 1.5) -> bytes:
    """A pose as the short way takes it, unless something is wrong with it."""
    return sent(wire.Pose(packed_pose(x_m, z_m, epoch=epoch, y_m=y_m)))


FAULTS = {
    "not msgpack": (frame(b"\xc1"), 1007, ErrorCode.MALFORMED),
    "nothing": (frame(b""), 1007, ErrorCode.MALFORMED),
    "a map": (frame(b"\x81\xa1a\x01"), 1007, ErrorCode.MALFORMED),
    "deep nesting": (frame(b"\x91" * 60_000), 1007, ErrorCode.MALFORMED),
    "a huge count": (frame(b"\xdd\xff\xff\xff\xff"), 1007, ErrorCode.MALFORMED),
    "unknown type": (message(31), 1007, ErrorCode.UNKNOWN_TYPE),
    "a server's message": (message(46, 3), 1007, ErrorCode.UNKNOWN_TYPE),
    "wrong types": (message(3, "near", 5, None), 1007, ErrorCode.WRONG_TYPE),
    "too few fields": (message(3), 1007, ErrorCode.WRONG_TYPE),
    "a pose of 21 bytes": (message(2, bytes(21)), 1007, ErrorCode.WRONG_TYPE),
    "hands without the flag": (message(2, bytes(40)), 1007, ErrorCode.WRONG_TYPE),
    "the flag without hands": (message(2, b"\0\0\1" + bytes(17)), 1007, ErrorCode.WRONG_TYPE),
    "a jump to nowhere": (sent(wire.Jump(math.inf, 0.0, 0.0)), 1007, ErrorCode.NOT_FINITE),
    "a number beyond": (message(3, 1, "hi", 2**40), 1007, ErrorCode.OUT_OF_RANGE),
    "hello twice": (sent(hello()), 4001, ErrorCode.HELLO_TWICE),
    "text": (frame(b"hello", TEXT), 1003, ErrorCode.TEXT_FRAME),
    "the beginning of a text": (frame(b"hello", TEXT, fin=False), 1003, ErrorCode.TEXT_FRAME),
    "a pose that is no number": (pose(math.nan), 1007, ErrorCode.NOT_FINITE),
    "a pose at infinity": (pose(math.inf), 1007, ErrorCode.NOT_FINITE),
}
VIOLATIONS = {
    "unmasked": (frame(b"\xc0", masked=False), 1002),
    "unmasked pose": (frame(wire.encode(wire.Pose(packed_pose(0.1, 0.0, epoch=1))), masked=False), 1002),
    "reserved bit 1": (frame(b"\xc0", reserved=4), 1002),
    "reserved bit 2": (frame(b"\xc0", reserved=2), 1002),
    "reserved bit 3 on a pose": (frame(wire.encode(wire.Pose(packed_pose(0.1, 0.0, epoch=1))), reserved=1), 1002),
    "unknown opcode": (frame(b"", 3), 1002),
    "unknown control": (frame(b"", 11), 1002),
    "long ping": (frame(bytes(126), PING), 1002),
    "ping in pieces": (frame(b"", PING, fin=False), 1002),
    "a piece of nothing": (frame(b"\xc0", CONTINUATION), 1002),
    "a message in a message": (frame(b"\x92", fin=False) + frame(b"\xc0"), 1002),
    "a pose in a message": (frame(b"\x92", fin=False) + pose(0.1), 1002),
    "2^62 bytes": (frame(b"", length=2**62), 1009),
    "2^63 bytes": (frame(b"", length=2**63), None),
    "one byte too many": (frame(bytes(wire.MAX_MESSAGE_BYTES + 1)), 1009),
    "pieces that are too much": (
        frame(bytes(40_000), fin=False) + frame(bytes(40_000), CONTINUATION),
        1009,
    ),
    "a close of one byte": (frame(b"\x03", CLOSE), 1002),
    "a close with a reserved code": (frame((1005).to_bytes(2, "big"), CLOSE), 1002),
    "a close with a broken reason": (frame((1000).to_bytes(2, "big") + b"\xff", CLOSE), 1007),
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_message_that_breaks_the_protocol_ends_with_its_code(fault: str) -> None:
    data, code, error = FAULTS[fault]
    async with street() as (alley, _), await alley.wire(say_hello=True) as rude:
        await rude.send(data)
        closed, bye = await rude.closing()
        assert closed == code
        assert bye is not None
        assert bye.code == error
        assert bye.message
        assert alley.tally.errors == {error: 1}


@pytest.mark.parametrize("fault", VIOLATIONS)
async def test_a_frame_that_breaks_the_rfc_ends_with_its_code(fault: str) -> None:
    data, code = VIOLATIONS[fault]
    async with street() as (alley, _), await alley.wire(say_hello=True) as rude:
        await rude.send(data)
        closed, _ = await rude.closing()
        assert closed == code or (code is None and closed in (1002, 1009))
        await rude.end()
        assert not alley.room.visitors[max(alley.room.visitors)].connected


async def test_pieces_of_a_message_are_put_together() -> None:
    said = wire.encode(wire.Say(wire.Scope.ALLEY, "in pieces", 1))
    async with street() as (alley, witness), await alley.wire(say_hello=True) as rude:
        pieces = [frame(said[i : i + 3], CONTINUATION if i else BINARY, fin=False) for i in range(0, len(said), 3)]
        await rude.send(b"".join(pieces[:2]) + frame(b"between", PING) + b"".join(pieces[2:]))
        await rude.send(frame(b"", CONTINUATION))
        await witness.until(lambda: witness.texts() == ["in pieces"])


async def test_nothing_behind_a_fault_is_obeyed() -> None:
    async with street() as (alley, witness), await alley.wire(say_hello=True) as rude:
        await rude.send(frame(b"\xc1") + sent(wire.Say(wire.Scope.ALLEY, "still here", 1)) + frame(b"text", TEXT))
        await rude.send(pose(0.3) * 5)
        assert (await rude.closing())[0] == 1007
        await rude.end()
        await witness.is_well()
        assert not witness.texts()
        assert alley.tally.errors.total() == 1


@pytest.mark.parametrize("seed", range(4))
async def test_random_bytes(seed: int) -> None:
    dice = random.Random(seed)
    async with street() as (alley, _), await alley.wire(say_hello=seed % 2 == 0) as rude:
        for _ in range(20):
            await rude.send(dice.randbytes(dice.choice([1, 30, 60, 64, 5000])))
        await rude.end()


@pytest.mark.parametrize("seed", range(3))
async def test_random_messages(seed: int) -> None:
    dice = random.Random(seed)
    async with street() as (alley, _):
        for _ in range(4):
            async with await alley.wire(say_hello=True) as rude:
                await rude.send(frame(dice.randbytes(dice.choice([1, 24, 44, 500]))))
                assert (await rude.closing())[0] == 1007


# --- the beginning ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "status", "error"),
    [
        ({"Origin": "http://evil.example"}, 403, "origin_not_allowed"),
        ({"Origin": "null"}, 403, "origin_not_allowed"),
        ({"Origin": "http://alley.example.evil.example"}, 403, "origin_not_allowed"),
        ({"Origin": None}, 403, "origin_missing"),
        ({"Upgrade": None}, 426, None),
        ({"Sec_WebSocket_Key": None}, 400, None),
        ({"Sec_WebSocket_Key": "short"}, 400, None),
        ({"Sec_WebSocket_Version": "8"}, 400, None),
    ],
)
async def test_handshakes_that_are_refused(fields: dict[str, str | None], status: int, error: str | None) -> None:
    async with street() as (alley, _):
        async with Wire(*await asyncio.open_connection("127.0.0.1", alley.port)) as rude:
            got, body = await rude.handshake(**fields)
            assert got == status
            if error is not None:
                assert msgspec.json.decode(body)["error"] == error
        assert len(alley.live._connections) == 1


@pytest.mark.parametrize("method", ["HEAD", "POST", "OPTIONS"])
async def test_a_handshake_is_a_get(method: str) -> None:
    async with street() as (alley, _), Wire(*await asyncio.open_connection("127.0.0.1", alley.port)) as rude:
        assert (await rude.handshake(method))[0] == 405
        assert len(alley.live._connections) == 1


async def test_addresses_are_counted_as_the_caller_says() -> None:
    alley = Alley(dataclasses.replace(QUICK, max_connections_per_address=1), count_by=lambda _remote: "one household")
    async with street(alley):
        assert dict(alley.live._addresses) == {"one household": 1}
        async with Wire(*await asyncio.open_connection("127.0.0.1", alley.port)) as other:
            assert (await other.handshake())[0] == 503


async def test_programs_may_come_without_an_origin_where_that_is_allowed() -> None:
    alley = Alley(dataclasses.replace(QUICK, allow_missing_origin=True))
    async with street(alley), Wire(*await asyncio.open_connection("127.0.0.1", alley.port)) as program:
        assert (await program.handshake(Origin=None))[0] == 101


async def test_no_compression_is_agreed() -> None:
    async with street() as (alley, _), Wire(*await asyncio.open_connection("127.0.0.1", alley.port)) as peer:
        await peer.send(b"")
        status, _ = await peer.handshake(Sec_WebSocket_Extensions="permessage-deflate; client_max_window_bits")
        assert status == 101
        await peer.send(frame(b"\x00", reserved=4))
        assert (await peer.closing())[0] == 1002


@pytest.mark.parametrize(
    ("settings", "error"),
    [
        (dataclasses.replace(QUICK, max_connections=3), "too_many_connections"),
        (dataclasses.replace(QUICK, max_connections_per_address=3), "too_many_connections_from_address"),
    ],
)
async def test_there_is_a_limit_to_connections(settings: object, error: str) -> None:
    alley = Alley(dataclasses.replace(QUICK, **dataclasses.asdict(settings)))  # type: ignore[call-overload]
    async with street(alley):
        first, second = await alley.wire(), await alley.wire()
        async with first, second:
            async with Wire(*await asyncio.open_connection("127.0.0.1", alley.port)) as third:
                status, body = await third.handshake()
                assert (status, msgspec.json.decode(body)["error"]) == (503, error)
            first.abort()
            await alley.until(lambda: len(alley.live._connections) == 2)
            async with await alley.wire():
                pass


async def test_who_says_no_hello_has_to_go() -> None:
    async with street() as (alley, _), await alley.wire() as silent, await alley.wire() as chatty:
        await chatty.send(frame(b"are you there?", PING))
        for rude in (silent, chatty):
            closed, bye = await rude.closing()
            assert closed == 4001
            assert bye is not None
            assert bye.code == ErrorCode.HELLO_TIMEOUT


@pytest.mark.parametrize(
    ("first", "code", "error"),
    [
        (wire.Ping(1.0, 0), 4001, ErrorCode.HELLO_EXPECTED),
        (wire.Pose(packed_pose(0.0, 0.0, epoch=1)), 4001, ErrorCode.HELLO_EXPECTED),
        (wire.Say(wire.Scope.ALLEY, "x" * 501, 1), 4001, ErrorCode.HELLO_EXPECTED),
        (wire.Hello(2, [], "Aki", LOOK, "en", None, NO_PAPERS), 4000, ErrorCode.UNSUPPORTED_VERSION),
        (hello("\u200b"), 4002, ErrorCode.NAME_INVALID),
    ],
)
async def test_the_first_message_is_hello(first: wire.Inbound, code: int, error: ErrorCode) -> None:
    async with street() as (alley, _), await alley.wire() as rude:
        await rude.send(sent(first) + sent(hello()))
        closed, bye = await rude.closing()
        assert closed == code
        assert bye is not None
        assert bye.code == error
        assert len(alley.room.visitors) == 1


# --- too much ---------------------------------------------------------------------------------------------------------


async def flooded(data: bytes) -> None:
    """Somebody sends something often and is thrown out for it; the witness goes on hearing."""
    async with street() as (alley, witness), await alley.wire(say_hello=True) as rude:
        mover = asyncio.create_task(_stroll(witness))
        await asyncio.sleep(0.2)
        # Read while writing: the answer to a flood may be followed by a reset.
        ending = asyncio.create_task(rude.closing())
        while not ending.done():
            await rude.send(data * 50)
            await asyncio.sleep(0)
        closed, bye = await ending
        assert closed == 4003
        assert bye is not None
        assert bye.code == ErrorCode.FLOOD
        await alley.until(lambda: len(alley.room.visitors) == 1)
        await _goes_on_hearing(witness)
        mover.cancel()
        await asyncio.gather(mover, return_exceptions=True)


async def _goes_on_hearing(guest: Guest) -> None:
    heard = len(guest.heard_at)
    await guest.until(lambda: len(guest.heard_at) >= heard + 10)


async def _stroll(guest: Guest) -> None:
    for step in range(1000):
        await guest.pose(step * 0.02, 0.0)
        await asyncio.sleep(0.04)


FLOODS = {
    "poses": pose(0.1),
    "chat": sent(wire.Say(wire.Scope.NEAR, "buy now", 1)),
    "long chat": sent(wire.Say(wire.Scope.NEAR, "x" * 501, 1)),
    "roster": sent(wire.AskRoster()),
    "jumps": sent(wire.Jump(1.0, 1.0, 0.0)),
    "pings": frame(b"x" * 100, PING),
    "pongs": frame(b"", PONG),
}


@pytest.mark.parametrize("what", FLOODS)
async def test_endless_messages_end_it_and_the_others_go_on_hearing(what: str) -> None:
    await flooded(FLOODS[what])


async def test_what_is_sent_behind_a_fault_is_not_even_parsed() -> None:
    """A hundred thousand pings would be answered, one by one."""
    async with street() as (alley, witness), await alley.wire(say_hello=True) as rude:
        mover = asyncio.create_task(_stroll(witness))
        ending = asyncio.create_task(rude.closing())
        await rude.send(frame(b"\xc1") + frame(b"", PING) * 100_000)
        assert (await ending)[0] == 1007
        await rude.end()
        await _goes_on_hearing(witness)
        mover.cancel()
        await asyncio.gather(mover, return_exceptions=True)


async def test_a_server_that_stood_still_blames_nobody_for_what_piled_up() -> None:
    async with street() as (alley, witness), await alley.wire(say_hello=True) as patient:
        await alley.until(lambda: len(alley.room.visitors) == 2)
        patient.writer.write(pose(0.0) * 600)
        # The server runs on this loop, too.
        time.sleep(1.5)  # noqa: ASYNC251
        await _goes_on_hearing(witness)
        assert len(alley.room.visitors) == 2


async def test_endless_pieces_end_it() -> None:
    async with street() as (alley, _), await alley.wire(say_hello=True) as rude:
        await rude.send(frame(b"", fin=False) + frame(b"", CONTINUATION, fin=False) * 10_000)
        closed, bye = await rude.closing()
        assert closed == 4003
        assert bye is not None
        assert bye.code == ErrorCode.FLOOD


async def test_who_says_all_at_once_what_is_allowed_in_a_while_is_told_to_wait() -> None:
    async with street() as (alley, witness), alley.guest() as eager:
        for i in range(20):
            await eager.chat(f"word {i}")
        await eager.until(lambda: len(eager.peer.errors) >= 12)
        assert {error.code for error in eager.peer.errors} == {ErrorCode.RATE_LIMITED}
        assert {error.ref for error in eager.peer.errors} == {7}
        await witness.until(lambda: len(witness.texts()) >= 6)
        assert witness.texts()[:6] == [f"word {i}" for i in range(6)]


# --- cheating ---------------------------------------------------------------------------------------------------------


async def test_a_thousand_metres_a_second_is_corrected_and_then_sent_out() -> None:
    async with street() as (alley, witness), alley.guest("Cheat") as cheat:
        await witness.until(lambda: cheat.peer.slot in witness.peer.known)
        farthest_m = 0.0
        for step in range(1, 200):
            with contextlib.suppress(websockets.ConnectionClosed):
                await cheat.pose((step * 50.0) % 59.0, 0.0)
            await asyncio.sleep(0.05)
            farthest_m = max(farthest_m, witness.peer.seen.get(cheat.peer.slot, (0.0, 0.0, 0.0))[0])
            if cheat.connection.close_code is not None:
                break
        assert await cheat.closed() == 4004
        assert cheat.bye is not None
        assert cheat.bye.code == ErrorCode.CHEATING
        assert [correction.reason for correction in cheat.peer.corrections][1:] == [wire.CorrectReason.TOO_FAST] * 5
        assert farthest_m <= 5.01
        await witness.until(lambda: not witness.peer.known)


# --- slow readers -----------------------------------------------------------------------------------------------------


async def test_who_stops_reading_is_cut_off_while_the_others_keep_hearing() -> None:
    async with street() as (alley, witness):
        mover = asyncio.create_task(_stroll(witness))
        async with alley.guest("Stalled", small_buffers=True) as stalled:
            stalled.connection.transport.pause_reading()
            for i in range(60):
                chat = wire.Chat(i + 1, "somebody", "Somebody", wire.Scope.ALLEY, "x" * 500 + str(i), 0, 0)
                for _ in range(10):
                    alley.room.publish(chat, alley.live.now_s())
                alley.live._flush()
                await asyncio.sleep(0.02)
                if alley.tally.evictions:
                    break
            await _goes_on_hearing(witness)
            await alley.until(lambda: alley.tally.evictions[ErrorCode.TOO_SLOW] == 1)
            stalled.connection.transport.abort()
        await _goes_on_hearing(witness)
        mover.cancel()
        await asyncio.gather(mover, return_exceptions=True)


async def test_a_backlog_has_an_end() -> None:
    """Somebody who reads a little, but never enough, may not fill our memory."""
    alley = Alley(dataclasses.replace(QUICK, stall_timeout_s=60.0))
    async with street(alley) as (_, witness), alley.guest("Slow", small_buffers=True) as slow:
        slow.connection.transport.pause_reading()
        for i in range(200):
            chat = wire.Chat(i + 1, "somebody", "Somebody", wire.Scope.ALLEY, "x" * 20_000, 0, 0)
            alley.room.publish(chat, alley.live.now_s())
            alley.live._flush()
            if i % 20 == 0:
                await asyncio.sleep(0.01)
        await alley.until(lambda: alley.tally.evictions[ErrorCode.TOO_SLOW] == 1)
        slow.connection.transport.abort()
        await witness.until(lambda: len(witness.peer.chats) == 200)


async def test_who_reads_in_gulps_loses_no_word_and_is_not_cut_off() -> None:
    """Forty people walk about, and this reader looks up every fifth of a second."""
    alley = Alley(dataclasses.replace(QUICK, stall_timeout_s=3.0))
    loop = asyncio.get_running_loop()
    async with street(alley), alley.guest("Slow", small_buffers=True) as slow:
        crowd = [alley.room.join(hello(), person(i), credentials(i), loop.time(), 0) for i in range(40)]
        transport = slow.connection.transport
        for step in range(60):
            for visitor in crowd:
                epoch = int(alley.room.avatars.epoch[visitor.slot])
                packed = packed_pose(0.02 * (step % 2), 0.0, epoch=epoch)
                alley.room.avatars.put(visitor.slot, packed)
            if step % 5 == 0:
                alley.room.publish(
                    wire.Chat(step + 1, "somebody", "Somebody", wire.Scope.ALLEY, "hm", int(loop.time() * 1000), 0),
                    loop.time(),
                )
            if step % 5 == 0:
                transport.resume_reading()
            else:
                transport.pause_reading()
            await asyncio.sleep(0.04)
        transport.resume_reading()
        await slow.until(lambda: len(slow.peer.chats) == 12)
        assert [chat.id for chat in slow.peer.chats] == [1 + 5 * i for i in range(12)]
        assert not alley.tally.evictions
        await slow.is_well()
