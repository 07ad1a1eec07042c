"""What the tests of the world share: a flat alley, visitors who know what they were told, a room to tell them.

`Peer` is a client reduced to its memory: it decodes every frame, insists that events come numbered without a gap, that
nobody enters or leaves whom it doesn't know as such, and that nothing ever mentions who is blocked. `Alley` drives a
`Room` by hand and carries the frames, so that a test can compare what peers believe with what is true.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from world import packed, wire
from world.errors import ProtocolError
from world.frames import payload_of
from world.room import Room, RoomConfig
from world.scene import Room as Place
from world.scene import Scene, Spawn
from world.visitor import Credentials, Person, Visitor

LOOK: Final[wire.Look] = (1, 2, 3, 4, 5, 6, 7, 160)
EYE_M: Final = 1.6 * 0.92
TICK_S: Final = 0.05
WALL_MS: Final = 1_700_000_000_000


def flat_place(
    half_x_m: float = 60.0, half_z_m: float = 60.0, spawns: tuple[Spawn, ...] = (Spawn((0.0, 0.0, 0.0), 0.0),)
) -> Place:
    """An alley with nothing in it, centred on the origin."""
    return Place(
        id="lane",
        title={"en": "Lane"},
        about={"en": "A lane."},
        bounds_min_m=(-half_x_m, 0.0, -half_z_m),
        bounds_max_m=(half_x_m, 4.0, half_z_m),
        spawns=spawns,
        environment=(),
        solids=(),
        lanterns=(),
        seats=(),
        version=1,
    )


def flat_scene(half_x_m: float = 60.0, half_z_m: float = 60.0) -> Scene:
    """`flat_place` without stalls."""
    return Scene(flat_place(half_x_m, half_z_m), (), (), ())


NO_PAPERS: Final = wire.Entry("", "", "")
"""For tests in which somebody else decides who may come in."""


def hello(
    name: str = "Aki",
    resume: wire.Resume | None = None,
    look: wire.Look = LOOK,
    entry: wire.Entry = NO_PAPERS,
) -> wire.Hello:
    """A first message that is right in every way."""
    return wire.Hello(wire.PROTOCOL_VERSION, [], name, look, "en", resume, entry)


def person(number: int) -> Person:
    """Somebody who was let in."""
    return Person(f"did:key:{number}", f"visitor-{number}")


def credentials(number: int) -> Credentials:
    """What they got."""
    return Credentials(f"token-{number}", f"session-{number}", 900)


def packed_pose(
    x_m: float,
    z_m: float,
    *,
    epoch: int,
    y_m: float = EYE_M,
    sequence: int = 0,
    hands_mm: tuple[int, int, int] | None = None,
) -> bytes:
    """What `wire.Pose` holds; both hands are at the same place if there are any."""
    flags = 0 if hands_mm is None else packed.PoseFlag.HANDS
    head = packed.POSE_HEAD.pack(sequence, flags, epoch, x_m, y_m, z_m, 0)
    return head if hands_mm is None else head + packed.POSE_HANDS.pack(*hands_mm, 0, *hands_mm, 0)


def body_of(event: wire.Event) -> wire.Outbound:
    """The message inside an event."""
    return wire.decode_outbound(msgspec.msgpack.encode(event.body))


def places_of(poses: wire.Poses, cell_m: float) -> dict[int, tuple[float, float, float]]:
    """Slot to position in metres, read from the records as `wire` describes them."""
    records = np.frombuffer(poses.heads, packed.HEAD_RECORD)
    low, middle, high = (records["slot_y"][:, i].astype(np.int64) for i in range(3))
    number = low | middle << 8 | high << 16
    x_m = _nearest(records["x"], (poses.column + 0.5) * cell_m)
    z_m = _nearest(records["z"], (poses.row + 0.5) * cell_m)
    y_m = (number >> 12) * packed.RECORD_Y_STEP_M
    found = zip((number & 0xFFF).tolist(), x_m.tolist(), y_m.tolist(), z_m.tolist(), strict=True)
    return {slot: (x, y, z) for slot, x, y, z in found}


def hands_of(poses: wire.Poses) -> list[int]:
    """Slots whose hands a frame shows."""
    slots: list[int] = np.frombuffer(poses.hands, packed.HANDS_RECORD)["slot"].tolist()
    return slots


def _nearest(thousandths: NDArray[np.uint16], centre_m: float) -> NDArray[np.float64]:
    offset_m = thousandths.astype(np.float64) * packed.RECORD_STEP_M - centre_m
    nearest: NDArray[np.float64] = (
        centre_m + offset_m - np.rint(offset_m / packed.RECORD_RANGE_M) * packed.RECORD_RANGE_M
    )
    return nearest


@dataclass(eq=False)
class Peer:
    """A client's memory. `forbidden_slots` and `forbidden_ids` must never be mentioned in what it gets."""

    cell_m: float
    token: str = ""
    visitor_id: str = ""
    slot: int = -1
    last_seq: int = 0
    base_seq: int = 0
    """Number of the last event before the first that this memory knows."""
    epoch: int = 0
    at_m: tuple[float, float] = (0.0, 0.0)
    known: dict[int, wire.Card] = field(default_factory=dict)
    seen: dict[int, tuple[float, float, float]] = field(default_factory=dict)
    heard: Counter[int] = field(default_factory=Counter)
    chats: list[wire.Chat] = field(default_factory=list)
    gestures: list[wire.Gesture] = field(default_factory=list)
    corrections: list[wire.Correct] = field(default_factory=list)
    relations: dict[str, wire.Relation] = field(default_factory=dict)
    history: list[wire.Chat] = field(default_factory=list)
    errors: list[wire.Error] = field(default_factory=list)
    rosters: list[wire.Roster] = field(default_factory=list)
    pongs: list[wire.Pong] = field(default_factory=list)
    cells: dict[tuple[int, int], int] = field(default_factory=dict)
    census: int = 0
    resumed: bool | None = None
    last_poses: wire.Poses | None = None
    bytes_of_poses: int = 0
    forbidden_slots: set[int] = field(default_factory=set)
    forbidden_ids: set[str] = field(default_factory=set)

    def feed(self, frame: bytes) -> wire.Outbound:
        """Take one frame; returns the message, or what is in the event."""
        message = wire.decode_outbound(frame)
        if isinstance(message, wire.Event):
            if self.resumed is False and self.last_seq == 0:
                self.base_seq = message.seq - 1
            else:
                assert message.seq == self.last_seq + 1
            self.last_seq = message.seq
            message = body_of(message)
        if isinstance(message, wire.Poses):
            self.bytes_of_poses += len(frame)
        self._learn(message)
        return message

    def _learn(self, message: wire.Outbound) -> None:
        match message:
            case wire.Welcome(card=card, token=token, resumed=resumed):
                if not resumed:
                    self._forget()
                self.slot, self.visitor_id, self.token, self.resumed = card.slot, card.visitor_id, token, resumed
            case wire.Poses():
                self._see(message)
            case wire.Enter(cards=cards):
                self._check_cards(cards)
                self.known.update({card.slot: card for card in cards if card.slot != self.slot})
            case wire.Gone(slots=slots):
                for slot in slots:
                    self._check(slot, "")
                    del self.known[slot]
                    self.seen.pop(slot, None)
            case wire.Gesture(slot=slot):
                assert slot in self.known
                self.gestures.append(message)
            case wire.Correct():
                self.corrections.append(message)
                self.epoch, self.at_m = message.epoch, (message.x, message.z)
            case _:
                self._hear(message)

    def _hear(self, message: wire.Outbound) -> None:
        match message:
            case wire.Chat(visitor_id=visitor_id):
                self._check(-1, visitor_id)
                self.chats.append(message)
            case wire.History(messages=messages):
                for chat in messages:
                    self._check(-1, chat.visitor_id)
                self.history = messages
            case wire.Roster(cards=cards):
                self._check_cards(cards)
                self.rosters.append(message)
            case wire.Scene(cells=cells):
                self.cells.update({(cell.column, cell.row): cell.version for cell in cells})
            case wire.Relations(entries=entries):
                self.relations = {other: relation for other, _, relation in entries}
            case wire.Census(visitors=visitors):
                self.census = visitors
            case wire.Error():
                self.errors.append(message)
            case wire.Pong():
                self.pongs.append(message)
            case _:
                assert isinstance(message, wire.RoomState | wire.Bye | wire.SessionToken)

    def _see(self, poses: wire.Poses) -> None:
        places = places_of(poses, self.cell_m)
        for slot in hands_of(poses):
            self._check(slot, "")
        for slot, place in places.items():
            self._check(slot, "")
            self.heard[slot] += 1
            if slot in self.known:
                self.seen[slot] = place
        self.last_poses = poses

    def _check_cards(self, cards: list[wire.Card]) -> None:
        for card in cards:
            self._check(card.slot, card.visitor_id)

    def _check(self, slot: int, visitor_id: str) -> None:
        assert slot not in self.forbidden_slots, "a byte about somebody who is blocked"
        assert visitor_id not in self.forbidden_ids, "a byte about somebody who is blocked"

    def _forget(self) -> None:
        self.known.clear()
        self.seen.clear()
        self.cells.clear()
        self.last_seq = 0


class Alley:
    """A room with its visitors and their peers, on a clock that the test moves."""

    def __init__(self, config: RoomConfig | None = None, scene: Scene | None = None) -> None:
        self.now_s = 100.0
        self.room = Room(scene or flat_scene(), config or RoomConfig(max_visitors=64), self.now_s)
        self.peers: dict[int, Peer] = {}
        self.dismissed: list[tuple[Peer, ProtocolError]] = []
        self._count = 0

    def join(self, name: str = "Aki", who: Person | None = None) -> Peer:
        """Somebody new comes in at the spawn."""
        self._count += 1
        visitor = self.room.join(hello(name), who or person(self._count), credentials(self._count), self.now_s, WALL_MS)
        peer = self.peers[visitor.slot] = Peer(self.room.config.interest.cell_m)
        self.deliver()
        return peer

    def join_at(self, x_m: float, z_m: float, name: str = "Aki", who: Person | None = None) -> Peer:
        """Somebody new comes in and jumps."""
        peer = self.join(name, who)
        self.jump(peer, x_m, z_m)
        return peer

    def visitor(self, peer: Peer) -> Visitor:
        """The room's side of a peer."""
        return self.room.visitors[peer.slot]

    def jump(self, peer: Peer, x_m: float, z_m: float) -> None:
        """Ask for a jump and hear the answer."""
        self.room.jump(self.visitor(peer), wire.Jump(x_m, z_m, 0.0), self.now_s)
        self.deliver()

    def move(self, peer: Peer, x_m: float, z_m: float, *, y_m: float = EYE_M, epoch: int | None = None) -> None:
        """Send a pose."""
        pose = packed_pose(x_m, z_m, y_m=y_m, epoch=peer.epoch if epoch is None else epoch)
        self.room.avatars.put(peer.slot, pose)
        peer.at_m = (x_m, z_m)

    def relate(self, peer: Peer, other: Peer, relation: wire.Relation) -> None:
        """Mute, block or forgive; nothing about each other may come from now on while either blocks."""
        self.room.relate(self.visitor(peer), wire.Relate(other.visitor_id, relation), self.now_s)
        self.deliver()
        wants = self.visitor(peer).relation_to(other.visitor_id), self.visitor(other).relation_to(peer.visitor_id)
        blocked = wire.Relation.BLOCK in wants
        for one, two in ((peer, other), (other, peer)):
            change = (one.forbidden_slots.add, one.forbidden_ids.add) if blocked else _forgetting(one)
            change[0](two.slot)
            change[1](two.visitor_id)

    def say(self, peer: Peer, text: str, scope: wire.Scope = wire.Scope.ALLEY) -> None:
        """Say something that is kept at once."""
        chat = self.room.say(self.visitor(peer), wire.Say(scope, text, 7), WALL_MS)
        self.room.publish(chat, self.now_s)
        self.deliver()

    def cut(self, peer: Peer) -> None:
        """The connection breaks."""
        self.room.disconnect(self.visitor(peer), self.now_s)
        self.deliver()

    def resume(self, peer: Peer, last_seq: int | None = None) -> None:
        """Come back."""
        wanted = peer.last_seq if last_seq is None else last_seq
        if last_seq is not None:
            peer.last_seq = last_seq
        visitor = self.visitor(peer)
        claim = wire.Resume(peer.token, wanted)
        self._count += 1
        again = hello(visitor.name, claim, visitor.look)
        self.room.come_back(visitor, again, visitor.person, credentials(self._count), self.now_s, WALL_MS)
        self.deliver()

    def leave(self, peer: Peer, reason: wire.LeaveReason = wire.LeaveReason.LEFT) -> None:
        """Go for good."""
        self.room.leave(self.visitor(peer), reason, self.now_s)
        self._forget(peer.slot)
        self.deliver()

    def deliver(self) -> None:
        """Carry what the room has for its visitors."""
        self.dismissed += [(self.peers[visitor.slot], error) for visitor, error in self.room.dismissed]
        self.room.dismissed.clear()
        pending = list(self.room.pending.values())
        self.room.pending.clear()
        for visitor in pending:
            for frame in visitor.outbox:
                self.peers[visitor.slot].feed(frame)
            visitor.outbox.clear()

    def tick(self, count: int = 1) -> None:
        """Let time pass."""
        for _ in range(count):
            self.now_s += TICK_S
            frames = self.room.tick(self.now_s)
            for slot in set(self.peers) - set(self.room.visitors):
                self._forget(slot)
            self.deliver()
            for viewers, frame in frames:
                for slot in viewers:
                    self.peers[slot].feed(bytes(payload_of(frame)))

    def _forget(self, slot: int) -> None:
        del self.peers[slot]
        for other in self.peers.values():
            other.forbidden_slots.discard(slot)


def _forgetting(peer: Peer) -> tuple[Callable[[int], None], Callable[[str], None]]:
    return peer.forbidden_slots.discard, peer.forbidden_ids.discard


def make_pair(distance_m: float = 2.0) -> tuple[Alley, Peer, Peer]:
    """Two who see each other."""
    alley = Alley()
    one, two = alley.join_at(0.0, 0.0, "One"), alley.join_at(distance_m, 0.0, "Two")
    alley.tick(2)
    return alley, one, two


def latest(peer: Peer) -> wire.Poses:
    """The last frame of poses that somebody got."""
    assert peer.last_poses is not None
    return peer.last_poses
