"""The wire, message by message: golden bytes, limits, and the code that each kind of fault gets.

The bytes are made and read with the `msgpack` package where that is possible, so that what `world.wire` says is held
against somebody else's idea of msgpack.
"""

from __future__ import annotations

import json
import math
import struct
from enum import IntEnum
from pathlib import Path
from typing import Any, Final

import msgpack
import msgspec
import numpy as np
import pytest

from world import errors, packed, wire
from world.errors import ErrorCode, ProtocolError, WorldFault

VECTORS: Final = json.loads((Path(__file__).resolve().parent.parent / "vectors" / "wire.json").read_text())
LOOK: Final = [3, 1, 4, 1, 5, 9, 2, 165]
HELLO: Final[list[Any]] = [1, 1, [], "Aiko", LOOK, "ja", None, ["t", "d", "p"]]
LONG: Final = "x" * 65


def pack(value: object) -> bytes:
    frame: bytes = msgpack.packb(value)
    return frame


def plain(value: object) -> object:
    """A message as `msgpack` would read it: nested lists, its type first."""
    if isinstance(value, msgspec.Struct):
        tag = value.__struct_config__.tag
        return ([] if tag is None else [tag]) + [plain(part) for part in msgspec.structs.astuple(value)]
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    return int(value) if isinstance(value, IntEnum) else value


def pose(*, flags: int = 0, x: float = 0.0, y: float = 1.6, z: float = 0.0, hands: bytes = b"") -> list[Any]:
    return [2, packed.POSE_HEAD.pack(1, flags, 0, x, y, z, 0xC0000000) + hands]


def hello(**changes: Any) -> list[Any]:
    fields = ["type", "version", "capabilities", "name", "look", "language", "resume", "entry"]
    return [changes.get(field, value) for field, value in zip(fields, HELLO, strict=True)]


# --- golden vectors ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("vector", VECTORS["inbound"], ids=lambda vector: vector["value"]["type"])
def test_inbound_vector(vector: dict[str, Any]) -> None:
    frame = bytes.fromhex(vector["hex"])
    message = wire.decode_inbound(frame)
    assert type(message).__name__.lower() == vector["value"]["type"].lower()
    assert wire.encode(message) == frame
    assert wire.decode_inbound(memoryview(frame)) == message
    assert msgpack.unpackb(frame) == plain(message)
    assert wire.decode_inbound(pack(plain(message))) == message


@pytest.mark.parametrize("vector", VECTORS["outbound"], ids=lambda vector: vector["value"]["type"])
def test_outbound_vector(vector: dict[str, Any]) -> None:
    frame = bytes.fromhex(vector["hex"])
    message = wire.decode_outbound(frame)
    assert wire.encode(message) == frame
    assert msgpack.unpackb(frame) == plain(message)
    assert wire.decode_outbound(pack(plain(message))) == message


def test_vectors_cover_every_message() -> None:
    inbound = {type(wire.decode_inbound(bytes.fromhex(vector["hex"]))) for vector in VECTORS["inbound"]}
    outbound = {type(wire.decode_outbound(bytes.fromhex(vector["hex"]))) for vector in VECTORS["outbound"]}
    assert inbound == set(wire.INBOUND)
    assert outbound == set(wire.OUTBOUND)


@pytest.mark.parametrize("vector", VECTORS["ownPoses"])
def test_own_pose_vector(vector: dict[str, Any]) -> None:
    raw = bytes.fromhex(vector["hex"])
    packed.check_packed_pose(raw)
    row = np.frombuffer(raw.ljust(packed.POSE_DTYPE.itemsize, b"\0"), packed.POSE_DTYPE)[0]
    assert row["sequence"] == vector["sequence"]
    assert row["epoch"] == vector["epoch"]
    assert [row["x"], row["y"], row["z"]] == vector["position"]
    assert bool(row["flags"] & packed.PoseFlag.SITTING) is vector["sitting"]
    assert (len(raw) > packed.POSE_HEAD.size) is (vector["hands"] is not None)
    for side, hand in zip(("left", "right"), vector["hands"] or [], strict=False):
        assert row["hands"][side] * packed.HAND_STEP_M == pytest.approx(hand["position"])


@pytest.mark.parametrize("vector", VECTORS["records"])
def test_record_vector(vector: dict[str, Any]) -> None:
    record = np.frombuffer(bytes.fromhex(vector["hex"]), packed.HEAD_RECORD)[0]
    slot_y = int.from_bytes(record["slot_y"].tobytes(), "little")
    assert slot_y & 0xFFF == vector["slot"]
    x, y, z = vector["position"]
    assert (slot_y >> 12) * packed.RECORD_Y_STEP_M + vector["floorM"] == pytest.approx(y)
    for low_bits, value, cell in ((record["x"], x, vector["column"]), (record["z"], z, vector["row"])):
        centre = (cell + 0.5) * vector["cellM"]
        assert abs(value - centre) <= packed.RECORD_RANGE_M / 2
        assert (round(value / packed.RECORD_STEP_M) - int(low_bits)) % 65536 == 0


def test_packed_parts_have_the_sizes_of_the_protocol() -> None:
    assert (packed.POSE_HEAD.size, packed.POSE_HANDS.size, packed.POSE_DTYPE.itemsize) == (20, 20, 40)
    assert (packed.HEAD_RECORD.itemsize, packed.HANDS_RECORD.itemsize, packed.HANDS_DTYPE.itemsize) == (11, 22, 20)
    assert packed.MAX_SLOTS <= 1 << 12
    assert packed.MAX_ROOM_HEIGHT_M <= (1 << 12) * packed.RECORD_Y_STEP_M
    assert pytest.approx((1 << 16) * packed.RECORD_STEP_M) == packed.RECORD_RANGE_M
    assert pack(pose())[: len(packed.POSE_PREFIX)] == packed.POSE_PREFIX


# --- what is accepted -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("array", "message"),
    [
        ([5, 1, 0], wire.Ping(1.0, 0)),
        ([10, 2, -3, 0], wire.Jump(2.0, -3.0, 0.0)),
        ([3, 0, "", 0], wire.Say(wire.Scope.NEAR, "", 0)),
        (
            [3, 1, "言" * wire.MAX_CHAT_CHARS, 2**32 - 1],
            wire.Say(wire.Scope.ALLEY, "言" * wire.MAX_CHAT_CHARS, 2**32 - 1),
        ),
        ([7, "x" * wire.MAX_TOKEN_CHARS, 0], wire.Relate("x" * wire.MAX_TOKEN_CHARS, wire.Relation.NONE)),
        ([8], wire.AskRoster()),
        ([9], wire.Leave()),
    ],
)
def test_limits_are_inside(array: list[Any], message: wire.Inbound) -> None:
    """JavaScript writes 1.0 as an integer; a text may be as long as its limit."""
    assert wire.decode_inbound(pack(array)) == message


def test_largest_hello_is_accepted() -> None:
    capabilities = ["c" * wire.MAX_CAPABILITY_CHARS] * wire.MAX_CAPABILITIES
    resume = ["t" * wire.MAX_TOKEN_CHARS, 2**32 - 1]
    name = "n" * 4 * wire.MAX_NAME_CHARS
    entry = ["t" * wire.MAX_PAPER_BYTES, "d" * wire.MAX_DOCUMENT_BYTES, "p" * wire.MAX_PAPER_BYTES]
    most = {"capabilities": capabilities, "resume": resume, "name": name, "look": [255] * 8, "language": "l" * 32}
    frame = pack(hello(**most, entry=entry))
    assert isinstance(wire.decode_inbound(frame, wire.MAX_HELLO_BYTES), wire.Hello)


def test_longer_forms_of_numbers_are_accepted() -> None:
    assert wire.decode_inbound(b"\x91\xcd\x00\x08") == wire.AskRoster()
    assert wire.decode_inbound(b"\xdc\x00\x01\x09") == wire.Leave()


# --- what is refused, and how -----------------------------------------------------------------------------------------

NAN: Final = math.nan
INF: Final = math.inf
REFUSED: Final[list[tuple[ErrorCode, bytes]]] = [
    # Not msgpack, or not a message.
    (ErrorCode.MALFORMED, b""),
    (ErrorCode.MALFORMED, b"\xc1"),
    (ErrorCode.MALFORMED, b"\x91"),
    (ErrorCode.MALFORMED, b"\xdd\xff\xff\xff\xff"),
    (ErrorCode.MALFORMED, b"\x92\x02\xc6\xff\xff\xff\xff"),
    (ErrorCode.MALFORMED, b"\x94\x03\x01\xa2\xff\xfe\x00"),
    (ErrorCode.MALFORMED, b"\x91" * 60_000),
    (ErrorCode.MALFORMED, pack([8]) + b"\x00"),
    (ErrorCode.MALFORMED, pack([])),
    (ErrorCode.MALFORMED, pack({})),
    (ErrorCode.MALFORMED, pack({1: 1})),
    (ErrorCode.MALFORMED, pack(8)),
    (ErrorCode.MALFORMED, pack("hello")),
    (ErrorCode.MALFORMED, pack(["hello"])),
    (ErrorCode.MALFORMED, pack([None])),
    (ErrorCode.MALFORMED, pack([True])),
    (ErrorCode.MALFORMED, pack([8.0])),
    (ErrorCode.MALFORMED, pack([[8]])),
    # A type that visitors don't send.
    (ErrorCode.UNKNOWN_TYPE, pack([0])),
    (ErrorCode.UNKNOWN_TYPE, pack([-1])),
    (ErrorCode.UNKNOWN_TYPE, pack([31, 1])),
    (ErrorCode.UNKNOWN_TYPE, pack([2**64 - 1])),
    *((ErrorCode.UNKNOWN_TYPE, pack([message.__struct_config__.tag])) for message in wire.OUTBOUND),
    # Too few fields, too many, of a wrong kind.
    *((ErrorCode.WRONG_TYPE, pack([message.__struct_config__.tag, *[None] * 9])) for message in wire.INBOUND),
    (ErrorCode.WRONG_TYPE, pack(HELLO[:-1])),
    (ErrorCode.WRONG_TYPE, pack([*HELLO, None])),
    (ErrorCode.WRONG_TYPE, pack(hello(version="1"))),
    (ErrorCode.WRONG_TYPE, pack(hello(version=1.5))),
    (ErrorCode.WRONG_TYPE, pack(hello(version=True))),
    (ErrorCode.WRONG_TYPE, pack(hello(capabilities={}))),
    (ErrorCode.WRONG_TYPE, pack(hello(capabilities=[1]))),
    (ErrorCode.WRONG_TYPE, pack(hello(name=b"Aiko"))),
    (ErrorCode.WRONG_TYPE, pack(hello(look=LOOK[:7]))),
    (ErrorCode.WRONG_TYPE, pack(hello(look=[*LOOK, 1]))),
    (ErrorCode.WRONG_TYPE, pack(hello(resume=["token"]))),
    (ErrorCode.WRONG_TYPE, pack(hello(entry=None))),
    (ErrorCode.WRONG_TYPE, pack(hello(entry=["t", "d"]))),
    (ErrorCode.WRONG_TYPE, pack(hello(entry=["t", b"d", "p"]))),
    (ErrorCode.WRONG_TYPE, pack(HELLO[:-1])),
    (ErrorCode.WRONG_TYPE, pack(hello(resume=["token", 1, 2]))),
    (ErrorCode.WRONG_TYPE, pack([2, "text"])),
    (ErrorCode.WRONG_TYPE, pack([3, 2, "text", 0])),
    (ErrorCode.WRONG_TYPE, pack([3, 0, "text", msgpack.ExtType(5, b"1234")])),
    (ErrorCode.WRONG_TYPE, pack([4, len(wire.EmoteKind)])),
    (ErrorCode.WRONG_TYPE, pack([4, msgpack.Timestamp(1)])),
    (ErrorCode.WRONG_TYPE, pack([7, "v-1", 3])),
    (ErrorCode.WRONG_TYPE, pack([8, 0])),
    (ErrorCode.WRONG_TYPE, pack([2, b""])),
    (ErrorCode.WRONG_TYPE, pack([2, bytes(19)])),
    (ErrorCode.WRONG_TYPE, pack([2, bytes(41)])),
    (ErrorCode.WRONG_TYPE, pack(pose(flags=packed.PoseFlag.HANDS))),
    (ErrorCode.WRONG_TYPE, pack(pose(hands=bytes(20)))),
    # Of the right kind, and out of all bounds.
    (ErrorCode.OUT_OF_RANGE, pack(hello(capabilities=["c"] * (wire.MAX_CAPABILITIES + 1)))),
    (ErrorCode.OUT_OF_RANGE, pack(hello(capabilities=["c" * (wire.MAX_CAPABILITY_CHARS + 1)]))),
    (ErrorCode.OUT_OF_RANGE, pack(hello(language="l" * 33))),
    (ErrorCode.OUT_OF_RANGE, pack(hello(entry=["t" * 4097, "d", "p"]))),
    (ErrorCode.OUT_OF_RANGE, pack(hello(entry=["t", "d", "p" * 4097]))),
    (ErrorCode.OUT_OF_RANGE, pack(hello(look=[*LOOK[:7], 256]))),
    (ErrorCode.OUT_OF_RANGE, pack(hello(look=[-1, *LOOK[1:]]))),
    (ErrorCode.OUT_OF_RANGE, pack(hello(resume=[LONG, 0]))),
    (ErrorCode.OUT_OF_RANGE, pack(hello(resume=["token", -1]))),
    (ErrorCode.OUT_OF_RANGE, pack(hello(resume=["token", 2**32]))),
    (ErrorCode.OUT_OF_RANGE, pack([3, 0, "text", 2**32])),
    (ErrorCode.OUT_OF_RANGE, pack([3, 0, "text", -1])),
    (ErrorCode.OUT_OF_RANGE, pack([5, 1.0, -1])),
    (ErrorCode.OUT_OF_RANGE, pack([5, 1.0, 2**32])),
    (ErrorCode.OUT_OF_RANGE, pack([6, "Aiko", [256] * 8])),
    (ErrorCode.OUT_OF_RANGE, pack([7, LONG, 0])),
    (ErrorCode.NAME_INVALID, pack(hello(name="n" * (4 * wire.MAX_NAME_CHARS + 1)))),
    (ErrorCode.NAME_INVALID, pack([6, "n" * (4 * wire.MAX_NAME_CHARS + 1), LOOK])),
    (ErrorCode.TEXT_INVALID, pack([3, 0, "x" * (wire.MAX_CHAT_CHARS + 1), 0])),
    *((ErrorCode.NOT_FINITE, pack([5, value, 0])) for value in (NAN, INF, -INF)),
    *((ErrorCode.NOT_FINITE, pack([10, *place])) for place in ((NAN, 0.0, 0.0), (0.0, INF, 0.0), (0.0, 0.0, -INF))),
    *((ErrorCode.NOT_FINITE, pack(pose(x=value))) for value in (NAN, INF, -INF)),
    *((ErrorCode.NOT_FINITE, pack(pose(y=value))) for value in (NAN, INF, -INF)),
    *((ErrorCode.NOT_FINITE, pack(pose(z=value))) for value in (NAN, INF, -INF)),
    (ErrorCode.UNSUPPORTED_VERSION, pack(hello(version=0))),
    (ErrorCode.UNSUPPORTED_VERSION, pack(hello(version=2))),
    (ErrorCode.TOO_LARGE, bytes(wire.MAX_MESSAGE_BYTES + 1)),
    (ErrorCode.TOO_LARGE, pack([3, 0, "x" * wire.MAX_MESSAGE_BYTES, 0])),
]


@pytest.mark.parametrize(
    ("code", "frame"), REFUSED, ids=lambda part: part if isinstance(part, str) else part[:12].hex()
)
def test_refused_with_its_code(code: ErrorCode, frame: bytes) -> None:
    with pytest.raises(ProtocolError) as caught:
        wire.decode_inbound(frame)
    assert caught.value.code is code
    assert caught.value.message.endswith(".")
    assert str(code) in str(caught.value)


def test_every_code_of_the_wire_is_tried() -> None:
    """The other codes are given by the session and the connection, and tested there."""
    of_the_wire = {
        *(ErrorCode.MALFORMED, ErrorCode.UNKNOWN_TYPE, ErrorCode.WRONG_TYPE, ErrorCode.OUT_OF_RANGE),
        *(ErrorCode.NOT_FINITE, ErrorCode.TOO_LARGE, ErrorCode.UNSUPPORTED_VERSION),
        *(ErrorCode.NAME_INVALID, ErrorCode.TEXT_INVALID),
    }
    assert {code for code, _frame in REFUSED} == of_the_wire


def test_largest_message_is_read() -> None:
    """Exactly at the limit, the size is not what is wrong."""
    filler = wire.MAX_MESSAGE_BYTES - len(pack([3, 0, "x" * 40_000, 0])) + 40_000
    frame = pack([3, 0, "x" * filler, 0])
    assert len(frame) == wire.MAX_MESSAGE_BYTES
    with pytest.raises(ProtocolError) as caught:
        wire.decode_inbound(frame)
    assert caught.value.code is ErrorCode.TEXT_INVALID


# --- server to visitor ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seq", [1, 127, 128, 70_000, 2**32 - 1])
def test_event_frame_wraps_an_encoded_body(seq: int) -> None:
    census = wire.Census(3)
    frame = wire.event_frame(seq, wire.encode(census))
    assert wire.decode_outbound(frame) == wire.Event(seq, [46, 3])
    assert msgpack.unpackb(frame) == [34, seq, [46, 3]]


@pytest.mark.parametrize("vector", VECTORS["tolerated"])
def test_newer_server_is_understood_or_refused_in_our_words(vector: dict[str, Any]) -> None:
    """Python's own reader ignores later fields too; unknown types are our fault there, since we are the server."""
    frame = bytes.fromhex(vector["hex"])
    if vector["value"] is None:
        with pytest.raises(WorldFault):
            wire.decode_outbound(frame)
    else:
        assert type(wire.decode_outbound(frame)).__name__.lower() == vector["value"]["type"]


@pytest.mark.parametrize("frame", [b"", b"\xc1", pack([8]), pack({}), pack([46, "three"]), pack([46])])
def test_decode_outbound_raises_only_a_world_fault(frame: bytes) -> None:
    with pytest.raises(WorldFault, match="not a server message"):
        wire.decode_outbound(frame)


def test_frame_of_several_messages_is_read_in_order() -> None:
    frames = [bytes.fromhex(vector["hex"]) for vector in VECTORS["outbound"]]
    messages = wire.read_frame(b"".join(frames))
    assert messages == [wire.decode_outbound(frame) for frame in frames]
    assert wire.read_frame(b"") == []


@pytest.mark.parametrize("tail", [b"\x91", b"\xc1", b"\x92\x2e", pack([8]), b"\x00"])
def test_frame_with_a_broken_end_is_a_world_fault(tail: bytes) -> None:
    with pytest.raises(WorldFault, match="not a server message"):
        wire.read_frame(wire.encode(wire.Census(3)) + tail)


# --- the tables -------------------------------------------------------------------------------------------------------


def test_types_are_numbered_by_direction() -> None:
    inbound = [message.__struct_config__.tag for message in wire.INBOUND]
    outbound = [message.__struct_config__.tag for message in wire.OUTBOUND]
    assert len({*inbound, *outbound}) == len(inbound) + len(outbound)
    assert all(isinstance(tag, int) and 1 <= tag <= 31 for tag in inbound)
    assert all(isinstance(tag, int) and 32 <= tag <= 63 for tag in outbound)


def test_visitors_send_no_maps_and_no_more_fields_than_known() -> None:
    visitors_send: list[type[msgspec.Struct]] = [*wire.INBOUND, wire.Resume]
    for message in visitors_send:
        assert message.__struct_config__.array_like
        assert message.__struct_config__.forbid_unknown_fields
        assert "dict" not in str(message.__annotations__)


def test_enumerations_count_from_zero_or_are_bits() -> None:
    for enum in wire.ENUMS:
        values = [int(member) for member in enum]
        bits = [1 << index for index in range(len(values))]
        assert values in (list(range(len(values))), bits)


def test_every_error_has_a_close_code_or_lets_the_connection_live() -> None:
    harmless = {ErrorCode.TEXT_INVALID, ErrorCode.UNKNOWN_VISITOR, ErrorCode.RATE_LIMITED, ErrorCode.MUTED}
    assert set(ErrorCode) - set(errors.CLOSE_CODES) == harmless
    allowed_by_rfc = {1003, 1007, 1009, 1011, 1012, 1013}
    for code, close_code in errors.CLOSE_CODES.items():
        assert close_code in allowed_by_rfc or 4000 <= close_code <= 4999
        assert ProtocolError(code, "So.").close_code == close_code
    assert ProtocolError(ErrorCode.RATE_LIMITED, "So.").close_code is None


def test_struct_and_dtype_agree() -> None:
    raw = packed.POSE_HEAD.pack(7, 1, 9, 1.5, 2.5, -3.5, 0xDEADBEEF) + packed.POSE_HANDS.pack(1, 2, 3, 4, -5, -6, -7, 8)
    row = np.frombuffer(raw, packed.POSE_DTYPE)[0]
    head = struct.unpack("<HBBfffI", raw[:20])
    assert tuple(row[name].item() for name in ("sequence", "flags", "epoch", "x", "y", "z", "rotation")) == head
    assert row["hands"]["left"].tolist() == [1, 2, 3]
    assert row["hands"]["right"].tolist() == [-5, -6, -7]
    assert (row["hands"]["left_rotation"], row["hands"]["right_rotation"]) == (4, 8)
