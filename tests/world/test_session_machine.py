"""Sessions and their room under any order of events, held to invariants by a hypothesis state machine.

Clients connect, say hello, resume with right and wrong tokens, write sense and nonsense, flood, lose their connection
with frames on the way, and leave, while time passes. The machine plays the part of the application: it carries frames,
keeps what is said and ends whom the room dismisses.
"""

from __future__ import annotations

import copy
from collections import deque
from dataclasses import dataclass, field

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tests.world.support import LOOK, WALL_MS, Peer, credentials, flat_scene, hello, packed_pose, person
from world import wire
from world.errors import ErrorCode, ProtocolError
from world.frames import payload_of
from world.room import Room, RoomConfig
from world.session import Phase, Session
from world.visitor import Visitor

CLIENTS = 6
PERSONS = 5
"""The last two clients are windows of one person: only one of them is in at a time."""

SLOTS = 4
CELL_M = 4.5

clients = st.integers(0, CLIENTS - 1)
coordinates = st.floats(-70.0, 70.0) | st.sampled_from([1e9, -0.0, 60.0])
names = st.sampled_from(["Aki", "", "\u200b", "n" * 40, "n" * 400])
texts = st.sampled_from(["hello", "", "\u202e", "x" * 500, "x" * 501])
messages = st.one_of(
    st.builds(wire.Say, st.sampled_from(list(wire.Scope)), texts, st.integers(-1, 9)),
    st.builds(wire.Emote, st.sampled_from(list(wire.EmoteKind))),
    st.builds(wire.Ping, st.floats(allow_nan=True), st.integers(0, 40)),
    st.builds(wire.Change, names, st.just(LOOK)),
    st.builds(wire.AskRoster),
    st.builds(wire.Jump, coordinates, coordinates, st.floats(allow_infinity=False)),
)


@dataclass
class Client:
    """One browser tab: its memory, its connection and the frames that are on the way to it."""

    peer: Peer = field(default_factory=lambda: Peer(CELL_M))
    old_peer: Peer | None = None
    """An older copy of the memory, as of a tab that is restored."""
    session: Session | None = None
    on_the_way: deque[bytes] = field(default_factory=deque)
    token: str = "made-up"


class Street(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.now_s = 50.0
        self.room = Room(flat_scene(), RoomConfig(max_visitors=SLOTS, resume_window_s=5.0), self.now_s)
        self.clients = [Client() for _ in range(CLIENTS)]
        self.unsaved: list[wire.Chat] = []
        self.told: dict[str, list[tuple[int, int]]] = {}
        """For each token the chats of the alley that its visitor was told: event number and id."""
        self.count = 0

    # --- the application's part -------------------------------------------------------------------------------------

    def client_of(self, visitor: Visitor) -> Client | None:
        for client in self.clients:
            if client.session is not None and client.session.visitor is visitor and client.session.phase is Phase.LIVE:
                return client
        return None

    def replace(self, visitor: Visitor) -> None:
        client = self.client_of(visitor)
        assert client is not None
        assert client.session is not None
        client.session.detach()
        self.drop(client)

    def drop(self, client: Client) -> None:
        """The socket is gone, and what was on the way with it."""
        assert client.session is not None
        client.session.closed(self.now_s)
        client.session = None
        client.on_the_way.clear()

    def send(self, client: Client, frame: bytes) -> ErrorCode | None:
        """What a connection does with a frame; anything but a ProtocolError fails the test."""
        session = client.session
        assert session is not None
        code = None
        try:
            session.receive(frame, self.now_s, WALL_MS)
        except ProtocolError as error:
            assert error.close_code is not None
            code = error.code
            self.end(client, code)
        else:
            if session.phase is Phase.OVER:
                self.drop(client)
        self.flush()
        return code

    def end(self, client: Client, code: ErrorCode) -> None:
        assert client.session is not None
        visitor = client.session.visitor
        self.drop(client)
        if visitor is not None and code in (ErrorCode.FLOOD, ErrorCode.CHEATING):
            self.room.leave(visitor, wire.LeaveReason.REMOVED, self.now_s)

    def flush(self) -> None:
        for visitor, error in self.room.dismissed:
            client = self.client_of(visitor)
            if client is not None:
                self.end(client, error.code)
        self.room.dismissed.clear()
        for visitor in self.room.pending.values():
            client = self.client_of(visitor)
            assert client is not None, "frames for nobody"
            client.on_the_way.extend(visitor.outbox)
            visitor.outbox.clear()
        self.room.pending.clear()

    def publish(self, chat: wire.Chat) -> None:
        self.room.publish(chat, self.now_s)
        for visitor in self.room.visitors.values():
            if visitor.visitor_id == chat.visitor_id or visitor.hears(chat.visitor_id):
                self.told.setdefault(visitor.token, []).append((visitor.stream.seq, chat.id))

    def arrive(self, client: Client) -> None:
        client.peer.feed(client.on_the_way.popleft())

    # --- rules ------------------------------------------------------------------------------------------------------

    @rule(who=clients)
    def connect(self, who: int) -> None:
        client = self.clients[who]
        if client.session is None:
            self.count += 1
            admitted = person(min(who, PERSONS - 1)), credentials(self.count)
            client.session = Session(
                self.room, lambda _hello: admitted, keep=self.unsaved.append, replaced=self.replace
            )

    @rule(who=clients, name=names)
    def say_hello(self, who: int, name: str) -> None:
        self.greet(self.clients[who], name, None)

    @rule(who=clients)
    def resume(self, who: int) -> None:
        """Come back with what one knows."""
        client = self.clients[who]
        self.greet(client, "Aki", wire.Resume(client.token, client.peer.last_seq))

    @rule(who=clients)
    def resume_with_an_old_memory(self, who: int) -> None:
        client = self.clients[who]
        if client.old_peer is not None and client.session is None:
            client.peer = copy.deepcopy(client.old_peer)
            self.greet(client, "Aki", wire.Resume(client.token, client.peer.last_seq))

    @rule(who=clients, whose=clients, last_seq=st.sampled_from([0, 10**6]))
    def resume_without_a_memory(self, who: int, whose: int, last_seq: int) -> None:
        """With one's own token, or another's, which is of no use."""
        client = self.clients[who]
        if client.session is None:
            client.peer, client.token, client.old_peer = Peer(CELL_M), self.clients[whose].token, None
            self.greet(client, "Aki", wire.Resume(client.token, last_seq))

    @rule(who=clients)
    def remember(self, who: int) -> None:
        self.clients[who].old_peer = copy.deepcopy(self.clients[who].peer)

    def greet(self, client: Client, name: str, resume: wire.Resume | None) -> None:
        self.connect(self.clients.index(client))
        assert client.session is not None
        was_new = client.session.phase is Phase.NEW
        code = self.send(client, wire.encode(hello(name, resume)))
        if not was_new:
            assert code in (ErrorCode.HELLO_TWICE, ErrorCode.NAME_INVALID)
        elif code is not None:
            assert code in (ErrorCode.NAME_INVALID, ErrorCode.ROOM_FULL)
        else:
            welcome = wire.decode_outbound(client.on_the_way[0])
            assert isinstance(welcome, wire.Welcome)
            assert not (welcome.resumed and resume is None)
            if not welcome.resumed:
                client.peer, client.old_peer = Peer(CELL_M), None
            client.token = welcome.token

    @rule(who=clients, message=messages)
    def send_message(self, who: int, message: wire.Inbound) -> None:
        client = self.clients[who]
        if client.session is not None:
            self.send(client, wire.encode(message))

    @rule(who=clients, whom=clients, relation=st.sampled_from(list(wire.Relation)))
    def relate(self, who: int, whom: int, relation: wire.Relation) -> None:
        client, other = self.clients[who], self.clients[whom].session
        if client.session is not None:
            visitor_id = other.visitor.visitor_id if other is not None and other.visitor is not None else "nobody"
            self.send(client, wire.encode(wire.Relate(visitor_id, relation)))

    @rule(who=clients, x_m=coordinates, z_m=coordinates, y_m=st.sampled_from([1.5, -1.0, float("nan")]))
    def pose(self, who: int, x_m: float, z_m: float, y_m: float) -> None:
        client = self.clients[who]
        if client.session is not None:
            packed = packed_pose(x_m, z_m, y_m=y_m, epoch=client.peer.epoch)
            self.send(client, wire.encode(wire.Pose(packed)))

    @rule(who=clients, frame=st.binary(max_size=40))
    def send_garbage(self, who: int, frame: bytes) -> None:
        client = self.clients[who]
        if client.session is not None:
            self.send(client, frame)

    @rule(who=clients, count=st.sampled_from([10, 300]))
    def flood(self, who: int, count: int) -> None:
        client = self.clients[who]
        for _ in range(count):
            if client.session is None:
                break
            self.send(client, wire.encode(wire.Ping(0.0, 0)))

    @rule(who=clients)
    def leave(self, who: int) -> None:
        client = self.clients[who]
        if client.session is not None:
            self.send(client, wire.encode(wire.Leave()))
            assert client.session is None

    @rule(who=clients)
    def lose_connection(self, who: int) -> None:
        client = self.clients[who]
        if client.session is not None:
            self.drop(client)
            self.flush()

    @rule(who=clients, count=st.integers(1, 5))
    def some_frames_arrive(self, who: int, count: int) -> None:
        client = self.clients[who]
        for _ in range(min(count, len(client.on_the_way))):
            self.arrive(client)

    @precondition(lambda self: self.unsaved)
    @rule()
    def save(self) -> None:
        for chat in self.unsaved:
            self.publish(chat)
        self.unsaved.clear()
        self.flush()

    @rule(ticks=st.sampled_from([1, 2, 20, 60]))
    def time_passes(self, ticks: int) -> None:
        for _ in range(ticks):
            self.now_s += 0.05
            frames = self.room.tick(self.now_s)
            self.flush()
            for viewers, frame in frames:
                for slot in viewers:
                    visitor = self.room.visitors.get(slot)
                    client = None if visitor is None else self.client_of(visitor)
                    if client is not None:
                        client.on_the_way.append(bytes(payload_of(frame)))

    # --- invariants -------------------------------------------------------------------------------------------------

    @invariant()
    def counts_and_slots_agree(self) -> None:
        room = self.room
        slots = set(room.visitors)
        assert len(slots) + len(room._free) == SLOTS
        assert slots.isdisjoint(room._free)
        assert set(np.flatnonzero(room.avatars.alive).tolist()) == slots
        assert {visitor.slot for visitor in room._by_id.values()} == slots
        for slot, visitor in room.visitors.items():
            assert visitor.slot == slot
            assert room.present(visitor.visitor_id) is visitor
            assert bool(room.avatars.viewing[slot]) is visitor.connected
            assert (self.client_of(visitor) is not None) is visitor.connected
            assert visitor.connected or not visitor.outbox

    @invariant()
    def sight_is_of_those_who_are_here(self) -> None:
        known = self.room._sight._known
        gone = sorted(set(range(SLOTS)) - set(self.room.visitors))
        assert not known[gone, :].any()
        assert not known[:, gone].any()
        for one, others in self.room._sight._hidden.items():
            assert others
            for other in others:
                assert one in self.room._sight._hidden[other]
                assert not known[one, other]

    @invariant()
    def whoever_has_all_frames_was_told_all(self) -> None:
        for client in self.clients:
            session = client.session
            if session is None or session.visitor is None or client.on_the_way:
                continue
            told = self.told.get(client.token, [])
            heard = [chat.id for chat in client.peer.chats if chat.scope is wire.Scope.ALLEY]
            assert heard == [chat_id for seq, chat_id in told if seq > client.peer.base_seq]
            assert client.peer.last_seq == session.visitor.stream.seq
            known = np.flatnonzero(self.room._sight._known[session.visitor.slot]).tolist()
            assert sorted(client.peer.known) == known

    def teardown(self) -> None:
        for client in self.clients:
            while client.on_the_way:
                self.arrive(client)
        self.counts_and_slots_agree()
        self.whoever_has_all_frames_was_told_all()


TestStreet = Street.TestCase
TestStreet.settings = settings(max_examples=40, stateful_step_count=40, deadline=None)
