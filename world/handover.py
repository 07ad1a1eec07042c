"""What a room remembers, so that another process can go on where this one stops.

Theory. Visitors, their places, their numbered events and who knows whom are all that a room is, besides its scene and
what follows from these. `Room.remember` writes them down, `Room.recall` takes them up in a fresh room of the same
scene; between the two nothing may happen. Times are on the machine's monotonic clock, which both processes share.

Rings hold encoded messages, so a memory can only be read by code that speaks the very same messages: `FINGERPRINT` is
made of all their shapes, and of the memory's own. What is counted for a while only (rates, strikes, debts of distance)
is not carried: everybody starts anew with it.
"""

from __future__ import annotations

import hashlib
from typing import Any, Final

import msgspec

from world import wire
from world.errors import WorldFault
from world.scene import Vec3
from world.stream import Stream
from world.ties import Wishes
from world.visitor import Person, Visitor

RING_BYTES: Final = 64 * 1024
"""So many bytes of the newest events are carried for each visitor; who lacks older ones starts afresh, as ever."""


class VisitorMemory(msgspec.Struct, frozen=True, array_like=True):
    """One visitor. `events` are the times and bodies of the ring; `knows` the slots in sight."""

    slot: int
    person: Person
    token: str
    name: str
    look: wire.Look
    language: str
    connected: bool
    lost_at_s: float
    relations: list[tuple[str, str, wire.Relation]]
    blocked_by: list[str]
    scene_held: list[tuple[int, int, int]]
    seq: int
    events: list[tuple[float, bytes]]
    epoch: int
    position_m: Vec3
    rotation: int
    knows: list[int]


class RoomMemory(msgspec.Struct, frozen=True, array_like=True):
    """One room.

    `room_state` is what visitors were told of the alley: a memory of another alley is of no use. `absent` are the
    mutes and blocks of those who are gone.
    """

    room_state: bytes
    opened_s: float
    tick_number: int
    chat_id: int
    spawned: int
    visitors: list[VisitorMemory]
    absent: list[tuple[str, list[tuple[str, str, wire.Relation]]]]


def _fingerprint() -> str:
    _, shapes = msgspec.json.schema_components([*wire.INBOUND, *wire.OUTBOUND, RoomMemory], ref_template="{name}")
    plain = msgspec.json.encode([wire.PROTOCOL_VERSION, _without_words(shapes)], order="sorted")
    return hashlib.sha256(plain).hexdigest()[:16]


def _without_words(shape: Any) -> Any:
    """A schema without its descriptions: these are our docstrings, and change nothing."""
    if isinstance(shape, dict):
        return {name: _without_words(part) for name, part in shape.items() if name != "description"}
    return [_without_words(part) for part in shape] if isinstance(shape, list) else shape


FINGERPRINT: Final = _fingerprint()
"""Names the shapes of all messages and of the memory: equal where one process can read what another remembers."""


def of_wishes(wishes: Wishes) -> list[tuple[str, str, wire.Relation]]:
    """What is to be remembered of mutes and blocks."""
    return [(other, name, relation) for other, (name, relation) in wishes.items()]


def of_visitor(visitor: Visitor, position_m: Vec3, rotation: int, epoch: int, knows: list[int]) -> VisitorMemory:
    """What is to be remembered of a visitor."""
    return VisitorMemory(
        visitor.slot,
        visitor.person,
        visitor.token,
        visitor.name,
        visitor.look,
        visitor.language,
        visitor.connected,
        visitor.lost_at_s,
        of_wishes(visitor.relations),
        sorted(visitor.blocked_by),
        [(column, row, version) for (column, row), version in visitor.scene_held.items()],
        visitor.stream.seq,
        visitor.stream.newest(RING_BYTES),
        epoch,
        position_m,
        rotation,
        knows,
    )


def to_visitor(memory: VisitorMemory) -> Visitor:
    """The visitor that a memory is of."""
    return Visitor(
        memory.slot,
        memory.person,
        memory.token,
        memory.name,
        memory.look,
        memory.language,
        stream=Stream(memory.seq, memory.events),
        connected=memory.connected,
        lost_at_s=memory.lost_at_s,
        relations={other: (name, relation) for other, name, relation in memory.relations},
        blocked_by=set(memory.blocked_by),
        scene_held={(column, row): version for column, row, version in memory.scene_held},
    )


_encoder: Final = msgspec.msgpack.Encoder()
_decoder: Final = msgspec.msgpack.Decoder(RoomMemory)


def pack(memory: RoomMemory) -> bytes:
    """The bytes of a memory. They hold resume tokens: never to be written to disk."""
    return _encoder.encode(memory)


def unpack(data: bytes) -> RoomMemory:
    """Read what `pack` made.

    Raises:
        WorldFault: it was made by other code, or is damaged.
    """
    try:
        return _decoder.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise WorldFault(f"not a memory of a room: {error}") from error
