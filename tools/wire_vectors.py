"""Golden byte vectors of the live protocol: what both test suites must agree on.

Theory. The bytes come from `world.wire` itself; the decoded values are written in the names of the TypeScript twin
(`camelCase`, with the message's name as `type`, bytes as `{"hex": …}`). The packed parts, which no struct describes,
have their reference in `world/rotation.py` and here, in a few lines that follow the words of `world/packed.py`.
"""

from __future__ import annotations

import json
import math
import struct
from enum import IntEnum
from typing import Any, Final

import msgspec
import numpy as np

from world import packed, scene, wire
from world.rotation import pack_rotation, unpack_rotation

LOOK: Final[wire.Look] = (3, 1, 4, 1, 5, 9, 2, 165)
EN_JA: Final = {"en": "Tea", "de": "Tee", "ja": "お茶"}
ROTATIONS: Final[tuple[scene.Quat, ...]] = (
    (0.0, 0.0, 0.0, 1.0),
    (0.0, 0.0, 0.0, -1.0),
    (0.0, 1.0, 0.0, 0.0),
    (1.0, 0.0, 0.0, 0.0),
    (0.0, 0.0, 1.0, 0.0),
    (0.0, math.sqrt(0.5), 0.0, math.sqrt(0.5)),
    (0.0, -math.sqrt(0.5), 0.0, math.sqrt(0.5)),
    (0.5, 0.5, 0.5, 0.5),
    (-0.5, 0.5, -0.5, 0.5),
    (0.1, -0.2, 0.3, -math.sqrt(1 - 0.14)),
    (0.0, 0.38268343, 0.0, 0.92387953),
    (-0.8, 0.36, -0.48, 0.0),
)


def place(low_bits: int, cell: int, cell_m: float) -> float:
    """The coordinate with these low 16 bits of millimetres that is nearest to the centre of a cell."""
    centre = (cell + 0.5) * cell_m
    offset = (low_bits * packed.RECORD_STEP_M - centre) % packed.RECORD_RANGE_M
    return centre + (offset - packed.RECORD_RANGE_M if offset >= packed.RECORD_RANGE_M / 2 else offset)


def _camel(name: str) -> str:
    head, *tail = name.split("_")
    return head + "".join(part.capitalize() for part in tail)


def _plain(value: Any) -> Any:
    """A value as the TypeScript twin holds it."""
    if isinstance(value, msgspec.Struct):
        tag = value.__struct_config__.tag
        name = type(value).__name__
        fields = {_camel(field): _plain(getattr(value, field)) for field in value.__struct_fields__}
        return fields if tag is None else {"type": name[0].lower() + name[1:], **fields}
    if isinstance(value, (bytes, np.ndarray)):
        return {"hex": bytes(value).hex()}
    if isinstance(value, IntEnum):
        return int(value)
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return value


def pose_bytes(*, hands: bool) -> bytes:
    """A packed pose of a visitor."""
    flags = packed.PoseFlag.HANDS if hands else packed.PoseFlag.SITTING
    head = packed.POSE_HEAD.pack(65535, flags, 255, 1.5, 1.25, -2.75, pack_rotation(ROTATIONS[10]))
    return head + _hands_bytes() if hands else head


def _hands_bytes() -> bytes:
    return packed.POSE_HANDS.pack(
        -250, -400, -300, pack_rotation(ROTATIONS[5]), 250, -401, 32767, pack_rotation(ROTATIONS[8])
    )


def _head_bytes(slot: int, position: tuple[float, float, float], rotation: scene.Quat) -> bytes:
    x, y, z = position
    record = np.zeros(1, packed.HEAD_RECORD)
    slot_y = slot | math.floor(y / packed.RECORD_Y_STEP_M + 0.5) << 12
    record["slot_y"][0] = list(slot_y.to_bytes(3, "little"))
    record["x"] = math.floor(x / packed.RECORD_STEP_M + 0.5) % 65536
    record["z"] = math.floor(z / packed.RECORD_STEP_M + 0.5) % 65536
    record["rotation"] = pack_rotation(rotation)
    return record.tobytes()


def _inbound() -> list[wire.Inbound]:
    entry = wire.Entry("e.y.J", '{"id":"ap://did:key:z6Mk/actor"}', "p.o.P")
    return [
        wire.Hello(1, ["voice"], "Aiko 愛子", LOOK, "de-CH", None, entry),
        wire.Hello(1, [], "Bo", LOOK, "ja", wire.Resume("t0k3n", 70000), entry),
        wire.Pose(pose_bytes(hands=False)),
        wire.Pose(pose_bytes(hands=True)),
        wire.Say(wire.Scope.ALLEY, "Guten Abend", 7),
        wire.Say(wire.Scope.NEAR, "é" * 300, 4294967295),
        wire.Emote(wire.EmoteKind.BOW),
        wire.Ping(1234.5, 12),
        wire.Change("Chiyo", LOOK),
        wire.Relate("v-1", wire.Relation.BLOCK),
        wire.AskRoster(),
        wire.Leave(),
        wire.Jump(1.5, -20.25, 0.75),
    ]


def _scene_parts() -> tuple[scene.Room, scene.Stall, scene.Exhibit, scene.StallEntry]:
    spawn = scene.Spawn((0.5, 0.0, -3.25), 1.5)
    asset = scene.AssetRef("ab" * 32, "glb", 70000)
    turned = scene.Transform((-1.5, 0.25, 40.5), (0.0, 0.5, 0.0, 0.75), 1.0)
    placed = scene.Placement(asset, turned, "house")
    solid = scene.Solid(1.0, -2.0, 0.5, 0.25, 0.5, 2.5)
    lantern = scene.Lantern((0.0, 2.5, 0.0), 0xFFB169, 1.25)
    seat = scene.Seat((2.0, 0.45, 1.0), -1.5)
    room = scene.Room(
        "lane",
        EN_JA,
        EN_JA,
        (-20.0, 0.0, -70.5),
        (20.0, 6.0, 5.5),
        (spawn,),
        (placed,),
        (solid,),
        (lantern,),
        (seat,),
        3,
    )
    stall = scene.Stall(
        "tea",
        "p1",
        EN_JA,
        EN_JA,
        "Mori",
        EN_JA,
        0x28407A,
        (placed,),
        spawn,
        turned,
        (1.5, 0.5),
        (solid,),
        (lantern,),
        2,
    )
    exhibit = scene.Exhibit(
        "cup", "tea", 0, EN_JA, EN_JA, EN_JA, 4200, "EUR", (8.5, 7.0, 8.5), asset, scene.Transform(), 2
    )
    entry = scene.StallEntry("tea", EN_JA, EN_JA, "Mori", 0x28407A, spawn, 1)
    return room, stall, exhibit, entry


def _outbound() -> list[wire.Outbound]:
    room, stall, exhibit, entry = _scene_parts()
    card = wire.Card(
        4095, "v-1", "Aiko 愛子", LOOK, wire.Presence.HERE, "a.example:8443", wire.Role.ARTISAN | wire.Role.OPERATOR
    )
    lost = wire.Card(0, "v-2", "Bo", LOOK, wire.Presence.LOST, "", 0)
    chat = wire.Chat(5_000_000_000, "v-1", "Aiko 愛子", wire.Scope.NEAR, "こんばんは", 1_790_000_000_000, 7)
    not_for_sale = msgspec.structs.replace(exhibit, id="kettle", price_minor=None)
    heads = _head_bytes(17, (1.5, 1.25, -2.75), ROTATIONS[10]) + _head_bytes(4095, (-0.001, 15.999, 0.0), ROTATIONS[2])
    return [
        wire.Welcome(1, [], card, "t0k3n", False, 20, 123456, 1_790_000_000_000, 200, 4.5, "a.t.J", 900),
        wire.Poses(123500, -1, 0, heads, struct.pack("<H", 17) + _hands_bytes()),
        wire.Poses(123550, 0, 0, b"", b""),
        wire.Event(70001, chat),
        wire.Event(1, wire.Enter([card, lost])),
        wire.Enter([card, lost]),
        wire.Gone([0, 17], wire.LeaveReason.LOST),
        chat,
        wire.Gesture(17, wire.EmoteKind.HEART),
        wire.RoomState(room, [entry], 8.0),
        wire.Scene([scene.SceneCell(-1, 2, 2, (stall,), (exhibit, not_for_sale)), scene.SceneCell(0, 0, 0, (), ())]),
        wire.Pong(1234.5, 123600),
        wire.Error("text_invalid", "There is nothing to say.", 7),
        wire.Bye("restarting", "The alley restarts.", 1500, "", 0),
        wire.Bye("banned", "You shouted.", -1, "keeper@alley.example", 1_790_000_600_000),
        wire.Correct(3, 0.5, 1.5, -3.25, 1.5, wire.CorrectReason.TOO_FAST),
        wire.Roster([card], 612),
        wire.Census(3),
        wire.History([chat]),
        wire.Relations([("v-2", "Bo", wire.Relation.MUTE)]),
        wire.Challenge("n0nc3n0nc3n0nc3n0nc3n0", "https://b.example", "lane"),
        wire.SessionToken("a.t.J", 900),
    ]


def _tolerated() -> list[dict[str, Any]]:
    """Frames of a newer server: fields after the known ones, messages of unknown types."""
    longer = msgspec.msgpack.encode([46, 3, "later", [1]])
    unknown = msgspec.msgpack.encode([60, {"a": 1}])
    unknown_event = msgspec.msgpack.encode([34, 9, [61, 1]])
    return [
        {"hex": longer.hex(), "value": {"type": "census", "visitors": 3}},
        {"hex": unknown.hex(), "value": None},
        {"hex": unknown_event.hex(), "value": {"type": "event", "seq": 9, "body": None}},
    ]


def _records() -> list[dict[str, Any]]:
    """Heads in and around their cell: across its borders, in negative cells, beyond one range of the low bits."""
    cases: list[tuple[int, tuple[int, int], float, tuple[float, float, float]]] = [
        (0, (0, 0), 8.0, (0.0, 0.0, 0.0)),
        (1, (0, 0), 8.0, (7.999, 1.6, 0.001)),
        (2, (0, 0), 8.0, (-0.001, 1.6, 8.001)),
        (3, (-1, -1), 8.0, (-0.001, 1.52, -8.0)),
        (4, (-1, -1), 8.0, (0.25, 1.52, 0.25)),
        (5, (8, -9), 8.0, (65.535, 1.6, -65.537)),
        (6, (8, -9), 8.0, (65.537, 1.6, -65.535)),
        (7, (-100, 100), 8.0, (-796.5, 0.4, 803.125)),
        (4095, (3, 3), 16.0, (50.0, 16.38, 63.999)),
    ]
    vectors = []
    for slot, (column, row), cell_m, position in cases:
        record = _head_bytes(slot, position, ROTATIONS[10])
        vectors.append(
            {
                "hex": record.hex(),
                "column": column,
                "row": row,
                "cellM": cell_m,
                "floorM": 0.0,
                "slot": slot,
                "position": [
                    round(place(int.from_bytes(record[3:5], "little"), column, cell_m), 6),
                    round((int.from_bytes(record[:3], "little") >> 12) * packed.RECORD_Y_STEP_M, 6),
                    round(place(int.from_bytes(record[5:7], "little"), row, cell_m), 6),
                ],
            }
        )
    return vectors


def _own_poses() -> list[dict[str, Any]]:
    """A visitor's own pose, alone and with hands."""
    hands = [
        {"position": [-0.25, -0.4, -0.3], "rotation": ROTATIONS[5]},
        {"position": [0.25, -0.401, 32.767], "rotation": ROTATIONS[8]},
    ]
    head = {"sequence": 65535, "epoch": 255, "position": [1.5, 1.25, -2.75], "rotation": ROTATIONS[10]}
    return [
        {"hex": pose_bytes(hands=False).hex(), **head, "sitting": True, "hands": None},
        {"hex": pose_bytes(hands=True).hex(), **head, "sitting": False, "hands": hands},
    ]


def vectors_json() -> str:
    """The file `tests/vectors/wire.json`.

    Raises:
        LookupError: a message of `world.wire` has no vector here.
    """
    covered = {type(one) for one in [*_inbound(), *_outbound()]}
    if missing := {*wire.INBOUND, *wire.OUTBOUND} - covered:
        raise LookupError(f"no vector for {sorted(one.__name__ for one in missing)}: add one to tools/wire_vectors.py")
    document = {
        "about": "Golden vectors of the live protocol, made by tools/gen_wire.py. Hex is one frame or one packed part.",
        "inbound": [{"hex": wire.encode(one).hex(), "value": _plain(one)} for one in _inbound()],
        "outbound": [{"hex": wire.encode(one).hex(), "value": _plain(one)} for one in _outbound()],
        "tolerated": _tolerated(),
        "rotations": [
            {
                "rotation": one,
                "packed": pack_rotation(one),
                "unpacked": [round(part, 6) for part in unpack_rotation(pack_rotation(one))],
            }
            for one in ROTATIONS
        ],
        "records": _records(),
        "ownPoses": _own_poses(),
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"
