"""Whatever the bytes are: a message, or a ProtocolError, nothing else.

That sentence is the invariant, `hold_invariant` is its test. What comes back as a message is held to more: its numbers
are inside the limits that the rest of the house relies on, and it survives a round trip. The bytes are random, then
random msgpack, then valid messages with bits turned, pieces cut out, doubled or swapped, because faults live close to
what is right.
"""

from __future__ import annotations

import json
import math
import random
from pathlib import Path
from typing import Any, Final

import msgpack
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from world import packed, wire
from world.errors import ErrorCode, ProtocolError, WorldFault

VECTORS: Final = json.loads((Path(__file__).resolve().parent.parent / "vectors" / "wire.json").read_text())
VALID: Final = [bytes.fromhex(vector["hex"]) for vector in VECTORS["inbound"]]
ANSWERS: Final = [bytes.fromhex(vector["hex"]) for vector in VECTORS["outbound"]]
U32: Final = range(2**32)

scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats()
    | st.text(max_size=40)
    | st.binary(max_size=50)
    | st.builds(msgpack.ExtType, st.integers(0, 127), st.binary(max_size=20))
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=10) | st.dictionaries(st.text(max_size=3) | st.integers(0, 9), inner, max_size=3)
    ),
    max_leaves=20,
)
near_messages = st.builds(lambda tag, fields: [tag, *fields], st.integers(-1, 70), st.lists(values, max_size=8))


def hold_invariant(frame: bytes) -> wire.Inbound | ErrorCode:
    """A message, or a ProtocolError, nothing else."""
    try:
        message = wire.decode_inbound(frame)
    except ProtocolError as error:
        assert isinstance(error.code, ErrorCode)
        assert 0 < len(error.message) <= 500
        return error.code
    assert isinstance(message, wire.INBOUND)
    check_limits(message)
    assert wire.decode_inbound(wire.encode(message)) == message
    return message


def check_limits(message: wire.Inbound) -> None:
    """What session and room take for granted about any message."""
    match message:
        case wire.Hello(version=version, capabilities=capabilities, name=name, look=look, resume=resume, entry=entry):
            assert version == wire.PROTOCOL_VERSION
            assert len(capabilities) <= wire.MAX_CAPABILITIES
            assert len(name) <= 4 * wire.MAX_NAME_CHARS
            assert all(part in range(256) for part in look)
            assert max(len(entry.token), len(entry.proof)) <= wire.MAX_PAPER_BYTES
            assert len(entry.document) <= wire.MAX_DOCUMENT_BYTES
            assert resume is None or (len(resume.token) <= wire.MAX_TOKEN_CHARS and resume.last_seq in U32)
        case wire.Pose(packed=raw):
            _sequence, flags, _epoch, x, y, z, _rotation = packed.POSE_HEAD.unpack_from(raw)
            assert math.isfinite(x + y + z)
            assert len(raw) == (40 if flags & packed.PoseFlag.HANDS else 20)
        case wire.Say(text=text, ref=ref):
            assert len(text) <= wire.MAX_CHAT_CHARS
            assert ref in U32
        case wire.Ping(client_ms=client_ms, last_seq=last_seq):
            assert math.isfinite(client_ms)
            assert last_seq in U32
        case wire.Jump(x=x, z=z, yaw_rad=yaw_rad):
            assert all(map(math.isfinite, (x, z, yaw_rad)))
        case wire.Change(name=name, look=look):
            assert len(name) <= 4 * wire.MAX_NAME_CHARS
            assert all(part in range(256) for part in look)
        case wire.Relate(visitor_id=visitor_id):
            assert len(visitor_id) <= wire.MAX_TOKEN_CHARS
        case wire.Emote() | wire.AskRoster() | wire.Leave():
            pass


@given(st.binary(max_size=300))
@example(b"\x91" * 60_000)
@example(b"\x81" * 60_000)
@example(b"\x97\x01\x01" + b"\x91" * 60_000)
@example(b"\x92\x3f" + b"\x91" * 60_000)
@example(b"\xdd\xff\xff\xff\xff" * 10_000)
@example(b"\xdf\xff\xff\xff\xff" * 10_000)
def test_random_bytes(frame: bytes) -> None:
    hold_invariant(frame)


@given(values | near_messages)
def test_random_msgpack(value: Any) -> None:
    hold_invariant(msgpack.packb(value))


@given(st.integers(0, 70), st.binary(max_size=100))
def test_random_bytes_behind_a_type(tag: int, rest: bytes) -> None:
    for fields in range(8):
        hold_invariant(bytes([0x90 | (fields + 1), tag]) + rest)


@given(st.data())
def test_one_field_replaced(data: st.DataObject) -> None:
    """A valid message with one of its fields, or a field of a field, turned into something else."""
    message = msgpack.unpackb(data.draw(st.sampled_from(VALID)))
    spot = data.draw(st.integers(0, len(message) - 1))
    if isinstance(message[spot], list) and message[spot] and data.draw(st.booleans()):
        inner = data.draw(st.integers(0, len(message[spot]) - 1))
        message[spot][inner] = data.draw(values)
    else:
        message[spot] = data.draw(values)
    hold_invariant(msgpack.packb(message))


@given(st.sampled_from(VALID), st.data())
def test_valid_message_mutated(frame: bytes, data: st.DataObject) -> None:
    for _ in range(data.draw(st.integers(1, 4))):
        frame = data.draw(mutations(frame))
    hold_invariant(frame)


@st.composite
def mutations(draw: st.DrawFn, frame: bytes) -> bytes:
    """One way to spoil a frame."""
    at = draw(st.integers(0, max(0, len(frame) - 1)))
    to = draw(st.integers(at, len(frame)))
    match draw(st.sampled_from(("flip", "set", "cut", "double", "insert", "splice", "truncate"))):
        case "flip":
            return (
                frame[:at] + bytes(byte ^ 1 << draw(st.integers(0, 7)) for byte in frame[at : at + 1]) + frame[at + 1 :]
            )
        case "set":
            return frame[:at] + bytes([draw(st.sampled_from(list(range(0x80, 0x100))))]) + frame[at + 1 :]
        case "cut":
            return frame[:at] + frame[to:]
        case "double":
            return frame[:to] + frame[at:to] + frame[to:]
        case "insert":
            return frame[:at] + draw(st.binary(min_size=1, max_size=9)) + frame[at:]
        case "splice":
            other = draw(st.sampled_from(VALID))
            return frame[:at] + other[draw(st.integers(0, len(other))) :]
        case _:
            return frame[:at]


@pytest.mark.slow
@pytest.mark.timeout(120)
def test_two_hundred_thousand_mutants() -> None:
    """Hypothesis is thorough and slow; this is the opposite. The seed is fixed, so a failure can be had again."""
    chance = random.Random(20_260_101)
    met: set[ErrorCode | type] = set()
    for _ in range(200_000):
        mutant = bytearray(chance.choice(VALID))
        for _ in range(chance.randint(1, 3)):
            at = chance.randrange(len(mutant) + 1)
            match chance.randrange(4):
                case 0:
                    mutant[at : at + 1] = bytes([chance.randrange(256)])
                case 1:
                    del mutant[at : at + chance.randint(1, 4)]
                case 2:
                    mutant[at:at] = chance.randbytes(chance.randint(1, 5))
                case _:
                    mutant[at:] = chance.choice(VALID)[chance.randrange(8) :]
        outcome = hold_invariant(bytes(mutant))
        met.add(outcome if isinstance(outcome, ErrorCode) else type(outcome))
    # Proof that the mutants were near enough to what is right to be worth their time.
    assert set(wire.INBOUND) <= met
    assert {ErrorCode.MALFORMED, ErrorCode.UNKNOWN_TYPE, ErrorCode.WRONG_TYPE, ErrorCode.OUT_OF_RANGE} <= met


@given(st.binary(max_size=200) | st.sampled_from(ANSWERS).flatmap(mutations))
def test_decode_outbound_gives_a_message_or_a_world_fault(frame: bytes) -> None:
    try:
        message = wire.decode_outbound(frame)
    except WorldFault:
        return
    assert isinstance(message, wire.OUTBOUND)


@given(st.binary(max_size=200) | st.sampled_from(ANSWERS).flatmap(mutations))
@example(b"\x91" * 60_000)
def test_read_frame_gives_messages_or_a_world_fault(frame: bytes) -> None:
    try:
        messages = wire.read_frame(frame)
    except WorldFault:
        return
    assert bool(messages) is bool(frame)


@given(st.binary(max_size=50))
def test_check_packed_pose_alone_holds_the_invariant(raw: bytes) -> None:
    """The fast path checks packed poses without decoding the frame around them."""
    try:
        packed.check_packed_pose(raw)
    except ProtocolError as error:
        assert error.code in {ErrorCode.WRONG_TYPE, ErrorCode.NOT_FINITE}
    else:
        check_limits(wire.Pose(raw))
