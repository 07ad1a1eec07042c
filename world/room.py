"""One alley: who is in it, what is said, and the tick.

Theory. The room is a value that is fed with what visitors do and with time, and answers with bytes. `join`, `resume`,
`disconnect`, `leave` and the verbs (`say`, `relate`, …) change who is there; `tick` judges the poses that came, tells
each visitor once a second whom they now see or no longer see, and composes the pose frames. Everything for one visitor
that must not be lost goes through that visitor's numbered `Stream` into their `outbox`; `pending` names the visitors
that have something to send, `dismissed` those whose connection has to end. Whoever moves the bytes empties both.

Who sees whom is one boolean matrix, `known[viewer, source]`. What a viewer should know is computed from the cells; the
difference to what they know becomes `Enter` and `Gone`. So enter and gone are exact complements by construction, also
across teleports, blocks and lost connections.

A said thing is not told to anybody before the caller has kept it: `say` returns the `Chat` to keep, `publish` tells it.

Promises: a blocked pair gets no byte about each other; the count of visitors and the capacity always agree; a slot is
given away again only after everyone who knew it was told that it is gone.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

import msgspec
import numpy as np

from world import packed, wire
from world.avatars import Authority, Avatars
from world.errors import ErrorCode, ProtocolError, WorldFault
from world.frames import Frame, FrameMaker
from world.grid import Grid
from world.handover import RoomMemory, of_visitor, of_wishes, to_visitor
from world.interest import InterestConfig, Listening
from world.names import Names
from world.presence import Sight
from world.rotation import facing, pack_rotation
from world.scene import Scene, Spawn, Vec3, cells_of
from world.text import clean_chat, clean_name
from world.ties import Ties
from world.visitor import Credentials, Person, Visitor

EYE_SHARE: Final = 0.92
"""Height of the eyes as a share of an avatar's height."""

ROSTER_MAX: Final = 500
RELATIONS_MAX: Final = 500


@dataclass(frozen=True, slots=True)
class RoomConfig:
    """What one room allows."""

    max_visitors: int = 500
    max_speed_m_s: float = 5.0
    debt_allowance_m: float = 5.0
    near_chat_m: float = 12.0
    history_length: int = 100
    resume_window_s: float = wire.RESUME_WINDOW_S
    interest: InterestConfig = field(default_factory=InterestConfig)

    def __post_init__(self) -> None:
        if not 0 < self.max_visitors <= packed.MAX_SLOTS:
            raise WorldFault(f"a room has 1 to {packed.MAX_SLOTS} visitors, not {self.max_visitors}")


class Room:
    """One alley with its visitors.

    Args:
        scene: what stands in it.
        config: what it allows.
        now_s: the caller's monotonic clock; all later times are on the same clock.
        history: what was said before, oldest first.

    Raises:
        WorldFault: the alley has no place to arrive, or one outside its bounds.
    """

    def __init__(self, scene: Scene, config: RoomConfig, now_s: float, history: Iterable[wire.Chat] = ()) -> None:
        self.scene = scene
        self.config = config
        self.tick_number = 0
        self.history: deque[wire.Chat] = deque(history, maxlen=config.history_length)
        self._opened_s = now_s
        low, high = scene.room.bounds_min_m, scene.room.bounds_max_m
        spawns = [spawn.position_m for spawn in scene.room.spawns]
        if not spawns or any(not (low[i] <= place[i] <= high[i]) for place in spawns for i in (0, 2)):
            raise WorldFault("an alley needs places to arrive, all inside its bounds")
        rings = config.interest
        self.grid = Grid.over(
            low[0],
            low[2],
            high[0],
            high[2],
            cell_m=rings.cell_m,
            hysteresis_m=rings.hysteresis_m,
            border=rings.far_cells,
        )
        authority = Authority(low, high, config.max_speed_m_s, config.debt_allowance_m)
        self.avatars = Avatars(config.max_visitors, self.grid, authority)
        self.visitors: dict[int, Visitor] = {}
        self._by_id: dict[str, Visitor] = {}
        self._names = Names(scene.names())
        self._ties = Ties()
        self._free = deque(range(config.max_visitors))
        self._cards = np.full(config.max_visitors, b"", np.object_)
        self._sight = Sight(config.max_visitors, self.grid, rings)
        self._listening = Listening(self.grid, rings)
        self._frames = FrameMaker(self.grid)
        self.pending: dict[int, Visitor] = {}
        self.dismissed: list[tuple[Visitor, ProtocolError]] = []
        self.forgives_until_s = -math.inf
        self._counted = 0
        self._spawned = 0
        self._chat_id = max((chat.id for chat in self.history), default=0)
        self._room_state = wire.encode(wire.RoomState(scene.room, scene.directory(), rings.cell_m))

    # --- coming and going -------------------------------------------------------------------------------------------

    def join(self, hello: wire.Hello, person: Person, credentials: Credentials, now_s: float, wall_ms: int) -> Visitor:
        """Let somebody in who is not here.

        Raises:
            ProtocolError: ROOM_FULL or NAME_INVALID; nothing has changed then.
        """
        name = clean_name(hello.name)
        if not self._free:
            raise ProtocolError(ErrorCode.ROOM_FULL, "The alley is full at the moment.")
        visitor = Visitor(
            self._free.popleft(),
            person,
            credentials.token,
            self._called(person, name),
            clamp_look(hello.look),
            hello.language,
        )
        self._enrol(visitor)
        self._hide_blocked(visitor)
        self.avatars.viewing[visitor.slot] = True
        self.avatars.settle_debt(visitor.slot, now_s)
        self._greet(visitor, credentials, resumed=False, now_s=now_s, wall_ms=wall_ms)
        spawns = self.scene.room.spawns
        spawn = spawns[self._spawned % len(spawns)]
        self._spawned += 1
        self._put(visitor, spawn, wire.CorrectReason.SPAWN, now_s)
        self._begin(visitor, now_s)
        self._sight.look_around(visitor.slot)
        return visitor

    def present(self, visitor_id: str) -> Visitor | None:
        """The presence of a person, also while their connection is lost."""
        return self._by_id.get(visitor_id)

    def come_back(
        self,
        visitor: Visitor,
        hello: wire.Hello,
        person: Person,
        credentials: Credentials,
        now_s: float,
        wall_ms: int,
    ) -> None:
        """Somebody who is here comes in again, by the same connection's successor or from another window.

        Only who names the token of the visit hears what they missed; others start afresh where they stand. The caller
        ends the connection that was there before.

        Raises:
            ProtocolError: NAME_INVALID; nothing has changed then.
        """
        name = clean_name(hello.name)
        claim = hello.resume
        missed = None
        if claim is not None and claim.token == visitor.token:
            missed = visitor.stream.after(claim.last_seq)
        else:
            visitor.token = credentials.token
        visitor.person, visitor.language = person, hello.language
        visitor.name, visitor.look = self._called(person, name), clamp_look(hello.look)
        visitor.outbox.clear()
        visitor.connected = True
        self.avatars.viewing[visitor.slot] = True
        self._greet(visitor, credentials, resumed=missed is not None, now_s=now_s, wall_ms=wall_ms)
        if missed is not None and claim is not None:
            visitor.stream.acknowledge(claim.last_seq)
            visitor.outbox.extend(missed)
        else:
            visitor.stream.restart()
            self._sight.forget_viewer(visitor.slot)
            visitor.scene_held.clear()
            self._put(visitor, self._where(visitor), wire.CorrectReason.SPAWN, now_s)
            self._begin(visitor, now_s)
        self._show_card(visitor, now_s)
        self._sight.look_around(visitor.slot)

    def disconnect(self, visitor: Visitor, now_s: float) -> None:
        """The connection broke: keep the presence for the resume window."""
        if self.visitors.get(visitor.slot) is not visitor or not visitor.connected:
            return
        visitor.connected = False
        visitor.lost_at_s = now_s
        visitor.outbox.clear()
        self.avatars.viewing[visitor.slot] = False
        self._show_card(visitor, now_s)

    def leave(self, visitor: Visitor, reason: wire.LeaveReason, now_s: float) -> None:
        """The visitor is gone for good; everyone who saw them is told at once."""
        if self.visitors.get(visitor.slot) is not visitor:
            return
        slot = visitor.slot
        body = wire.encode(wire.Gone([slot], reason))
        for viewer in self._sight.viewers_of(slot):
            if viewer != slot:
                self._tell(self.visitors[viewer], body, now_s)
        self._sight.forget(slot)
        self.avatars.remove(slot)
        del self.visitors[slot], self._by_id[visitor.visitor_id]
        self._names.release(visitor.visitor_id)
        self._ties.leave(visitor.visitor_id)
        self.pending.pop(slot, None)
        self._free.append(slot)

    def set_roles(self, visitor_id: str, roles: int, is_muted: bool, now_s: float) -> None:
        """Somebody may do more or less than before."""
        visitor = self._by_id.get(visitor_id)
        if visitor is None or (visitor.person.roles, visitor.person.is_muted) == (roles, is_muted):
            return
        self._become(visitor, msgspec.structs.replace(visitor.person, roles=roles, is_muted=is_muted), now_s)

    def set_home(self, visitor_id: str, home: str, now_s: float) -> None:
        """Where somebody is at home is known now."""
        visitor = self._by_id.get(visitor_id)
        if visitor is not None and visitor.person.home != home:
            self._become(visitor, msgspec.structs.replace(visitor.person, home=home), now_s)

    def remove(self, visitor_id: str, error: ProtocolError, now_s: float) -> None:
        """Send somebody out; they are told why."""
        visitor = self._by_id.get(visitor_id)
        if visitor is None:
            return
        if visitor.connected:
            self.dismiss(visitor, error)
        else:
            self.leave(visitor, wire.LeaveReason.REMOVED, now_s)

    # --- handing the room over --------------------------------------------------------------------------------------

    def remember(self) -> RoomMemory:
        """All that another process needs to go on with this room."""
        visitors = []
        for slot, visitor in self.visitors.items():
            x_m, y_m, z_m = self.avatars.position_m[slot].tolist()
            knows, epoch = self._sight.known_to(slot), int(self.avatars.epoch[slot])
            visitors.append(of_visitor(visitor, (x_m, y_m, z_m), self.avatars.rotation(slot), epoch, knows))
        absent = [(visitor_id, of_wishes(wishes)) for visitor_id, wishes in self._ties.absent()]
        return RoomMemory(
            self._room_state, self._opened_s, self.tick_number, self._chat_id, self._spawned, visitors, absent
        )

    def recall(self, memory: RoomMemory, now_s: float) -> None:
        """Go on where another process stopped; who has no place in this room is gone.

        Raises:
            WorldFault: the memory is of another alley, or this room is in use; nothing has changed then.
        """
        if self.visitors or memory.room_state != self._room_state:
            raise WorldFault("a memory is for an empty room of the same alley")
        self._opened_s = memory.opened_s
        self.tick_number = memory.tick_number
        self._chat_id = max(self._chat_id, memory.chat_id)
        self._spawned = memory.spawned
        self._counted = len(memory.visitors)
        here = [one for one in memory.visitors if one.slot < self.config.max_visitors]
        for visitor_id, wishes in [
            *memory.absent,
            *((one.person.visitor_id, one.relations) for one in memory.visitors),
        ]:
            for other, name, relation in wishes:
                self._ties.want(visitor_id, other, name, relation)
            self._ties.leave(visitor_id)
        for one in here:
            visitor = to_visitor(one)
            self._names.hold(visitor.visitor_id, visitor.name)
            self._enrol(visitor)
            self.avatars.viewing[one.slot] = visitor.connected
            self.avatars.restore(one.slot, one.position_m, one.rotation, one.epoch, self.tick_number)
            self.avatars.settle_debt(one.slot, now_s)
        self._free = deque(slot for slot in self._free if slot not in self.visitors)
        for visitor in self.visitors.values():
            self._hide_blocked(visitor)
        for one in here:
            self._sight.recall(one.slot, [slot for slot in one.knows if slot in self.visitors])
            if gone := [slot for slot in one.knows if slot not in self.visitors]:
                self._tell(self.visitors[one.slot], wire.encode(wire.Gone(gone, wire.LeaveReason.LOST)), now_s)

    # --- what visitors do -------------------------------------------------------------------------------------------

    def say(self, visitor: Visitor, message: wire.Say, wall_ms: int) -> wire.Chat:
        """Something said, cleaned and numbered, for the caller to keep before `publish`.

        Raises:
            ProtocolError: TEXT_INVALID, or MUTED when the visitor may not speak.
        """
        if visitor.person.is_muted:
            raise ProtocolError(ErrorCode.MUTED, "Those who look after the alley have muted you for now.")
        text = clean_chat(message.text)
        self._chat_id += 1
        return wire.Chat(self._chat_id, visitor.visitor_id, visitor.name, message.scope, text, wall_ms, message.ref)

    def publish(self, chat: wire.Chat, now_s: float) -> None:
        """Tell everyone within earshot, the speaker last."""
        said = wire.Chat(chat.id, chat.visitor_id, chat.name, chat.scope, chat.text, chat.wall_ms, 0)
        body = wire.encode(said)
        speaker = self._by_id.get(chat.visitor_id)
        for listener in self._within_earshot(chat, speaker):
            if listener.hears(chat.visitor_id):
                self._tell(listener, body, now_s)
        if chat.scope == wire.Scope.ALLEY:
            self.history.append(said)
        if speaker is not None:
            self._tell(speaker, wire.encode(chat), now_s)

    def emote(self, visitor: Visitor, kind: wire.EmoteKind, now_s: float) -> None:
        """A gesture, seen by everyone who sees the avatar."""
        body = wire.encode(wire.Gesture(visitor.slot, kind))
        for viewer in self._sight.viewers_of(visitor.slot):
            self._tell(self.visitors[viewer], body, now_s)

    def change(self, visitor: Visitor, name: str, look: wire.Look, now_s: float) -> None:
        """A new name or look.

        Raises:
            ProtocolError: NAME_INVALID.
        """
        visitor.name = self._called(visitor.person, clean_name(name))
        visitor.look = clamp_look(look)
        self._show_card(visitor, now_s)
        self._tell(visitor, wire.encode(wire.Enter([visitor.card()])), now_s)

    def relate(self, visitor: Visitor, message: wire.Relate, now_s: float) -> None:
        """Mute, block or forgive somebody; a block hides both from each other at once.

        Raises:
            ProtocolError: UNKNOWN_VISITOR when there is nobody to relate to.
        """
        other = self._by_id.get(message.visitor_id)
        known_name = visitor.relations.get(message.visitor_id, ("", None))[0]
        if message.visitor_id == visitor.visitor_id or (other is None and not known_name):
            raise ProtocolError(ErrorCode.UNKNOWN_VISITOR, "This visitor is not here any more.")
        is_more = message.relation != wire.Relation.NONE and message.visitor_id not in visitor.relations
        if is_more and len(visitor.relations) >= RELATIONS_MAX:
            raise ProtocolError(ErrorCode.OUT_OF_RANGE, f"At most {RELATIONS_MAX} people can be muted or blocked.")
        name = other.name if other else known_name
        self._ties.want(visitor.visitor_id, message.visitor_id, name, message.relation)
        self._tell(visitor, wire.encode(self._relations(visitor)), now_s)
        if other is not None:
            self._apply_block(visitor, other, now_s)

    def roster(self, visitor: Visitor) -> wire.Roster:
        """Who is in the alley, the visitor included, the blocked left out."""
        cards = [
            other.card() for other in self.visitors.values() if not self._sight.is_hidden(visitor.slot, other.slot)
        ]
        return wire.Roster(cards[:ROSTER_MAX], len(self.visitors))

    def jump(self, visitor: Visitor, message: wire.Jump, now_s: float) -> None:
        """Put a visitor somewhere else at their own wish.

        Raises:
            ProtocolError: OUT_OF_RANGE when that is outside the room or inside something solid.
        """
        low, high = self.scene.room.bounds_min_m, self.scene.room.bounds_max_m
        if not (low[0] <= message.x <= high[0] and low[2] <= message.z <= high[2]):
            raise ProtocolError(ErrorCode.OUT_OF_RANGE, "That place is outside the alley.")
        if self.scene.is_solid(message.x, message.z):
            raise ProtocolError(ErrorCode.OUT_OF_RANGE, "Something stands in that place.")
        self._put(visitor, Spawn((message.x, 0.0, message.z), message.yaw_rad), wire.CorrectReason.JUMP, now_s)
        self._sight.look_around(visitor.slot)

    # --- the tick ---------------------------------------------------------------------------------------------------

    def tick(self, now_s: float) -> list[Frame]:
        """One step: judge poses, tell who came into sight, compose frames.

        Returns:
            frames with their WebSocket headers, and the slots of the visitors who get them.
        """
        self.tick_number += 1
        self._judge(now_s)
        self._update_sight(now_s)
        if self.tick_number % self.config.interest.tick_hz == 0:
            self._every_second(now_s)
        crowd = self.avatars.crowd(self.tick_number)
        heard = self._listening.compose(self.tick_number, crowd)
        return self._frames.make(heard, self.clock_ms(now_s), self._sight)

    def clock_ms(self, now_s: float) -> int:
        """Milliseconds since the room opened, as in `Poses.server_ms`."""
        return int((now_s - self._opened_s) * 1000)

    def forgive(self, stood_s: float, now_s: float) -> None:
        """The server itself stood still for so long: what piled up meanwhile is nobody's flood."""
        self.forgives_until_s = now_s + stood_s

    def dismiss(self, visitor: Visitor, error: ProtocolError) -> None:
        """Ask whoever holds the connection to end it."""
        self.dismissed.append((visitor, error))

    def acknowledge(self, visitor: Visitor, last_seq: int) -> None:
        """The visitor has all events up to `last_seq`."""
        visitor.stream.acknowledge(last_seq)

    def send(self, visitor: Visitor, message: wire.Outbound) -> None:
        """An answer that need not survive a lost connection."""
        if visitor.connected:
            visitor.outbox.append(wire.encode(message))
            self.pending[visitor.slot] = visitor

    # --- inside -----------------------------------------------------------------------------------------------------

    def _enrol(self, visitor: Visitor) -> None:
        self.visitors[visitor.slot] = visitor
        self._by_id[visitor.visitor_id] = visitor
        self._cards[visitor.slot] = wire.encode_part(visitor.card())
        visitor.relations, visitor.blocked_by = self._ties.arrive(visitor.visitor_id)

    def _become(self, visitor: Visitor, person: Person, now_s: float) -> None:
        visitor.person = person
        self._show_card(visitor, now_s)
        self._tell(visitor, wire.encode(wire.Enter([visitor.card()])), now_s)

    def _called(self, person: Person, name: str) -> str:
        """What somebody is called here who wants to be called so."""
        return self._names.take(person.visitor_id, name, person.fingerprint, is_trusted=person.roles != 0)

    def _hide_blocked(self, visitor: Visitor) -> None:
        """Hide those from each other of whom one blocks the other."""
        blocked = {other for other, (_, relation) in visitor.relations.items() if relation == wire.Relation.BLOCK}
        for visitor_id in blocked | visitor.blocked_by:
            other = self._by_id.get(visitor_id)
            if other is not None:
                self._sight.set_hidden(visitor.slot, other.slot, hide=True)

    def _greet(self, visitor: Visitor, credentials: Credentials, *, resumed: bool, now_s: float, wall_ms: int) -> None:
        welcome = wire.Welcome(
            wire.PROTOCOL_VERSION,
            list(wire.CAPABILITIES),
            visitor.card(),
            visitor.token,
            resumed,
            self.config.interest.tick_hz,
            self.clock_ms(now_s),
            wall_ms,
            self.config.max_visitors,
            self.config.max_speed_m_s,
            credentials.session_token,
            credentials.session_life_s,
        )
        self.send(visitor, welcome)

    def _begin(self, visitor: Visitor, now_s: float) -> None:
        """Everything a visitor who knows nothing needs."""
        self._tell(visitor, self._room_state, now_s)
        self._tell_scene(visitor, now_s)
        heard = [chat for chat in self.history if visitor.hears(chat.visitor_id)]
        if heard:
            self._tell(visitor, wire.encode(wire.History(heard)), now_s)
        if visitor.relations:
            self._tell(visitor, wire.encode(self._relations(visitor)), now_s)
        self._tell(visitor, wire.encode(wire.Census(len(self.visitors))), now_s)

    def _put(self, visitor: Visitor, spawn: Spawn, reason: wire.CorrectReason, now_s: float) -> None:
        eye_m = visitor.look[7] / 100 * EYE_SHARE
        head: Vec3 = (spawn.position_m[0], eye_m, spawn.position_m[2])
        rotation = pack_rotation(facing(spawn.yaw_rad))
        # Who is put back owes the distance that they went; or each correction would buy another leap.
        if reason is wire.CorrectReason.JUMP:
            self.avatars.settle_debt(visitor.slot, now_s)
        epoch = self.avatars.place(visitor.slot, head, rotation, self.tick_number)
        self._tell(visitor, wire.encode(wire.Correct(epoch, *head, spawn.yaw_rad, reason)), now_s)

    def _tell(self, visitor: Visitor, body: bytes, now_s: float) -> None:
        frame = visitor.stream.push(body, now_s)
        if visitor.connected:
            visitor.outbox.append(frame)
            self.pending[visitor.slot] = visitor

    def _tell_scene(self, visitor: Visitor, now_s: float) -> None:
        x_m, y_m, z_m = self.avatars.position_m[visitor.slot].tolist()
        news = self.scene.news((x_m, y_m, z_m), visitor.scene_held)
        if news:
            visitor.scene_held.update({(cell.column, cell.row): cell.version for cell in news})
            self._tell(visitor, wire.encode(wire.Scene(news)), now_s)

    def _relations(self, visitor: Visitor) -> wire.Relations:
        return wire.Relations([(other, name, relation) for other, (name, relation) in visitor.relations.items()])

    def _show_card(self, visitor: Visitor, now_s: float) -> None:
        card = self._cards[visitor.slot] = wire.encode_part(visitor.card())
        body = wire.enter_body([card])
        for viewer in self._sight.viewers_of(visitor.slot):
            if viewer != visitor.slot:
                self._tell(self.visitors[viewer], body, now_s)

    def _apply_block(self, visitor: Visitor, other: Visitor, now_s: float) -> None:
        block = wire.Relation.BLOCK
        hide = block in (visitor.relation_to(other.visitor_id), other.relation_to(visitor.visitor_id))
        if hide and not self._sight.is_hidden(visitor.slot, other.slot):
            # What they were told of each other until now is not told again to who comes back.
            visitor.stream.forget()
            other.stream.forget()
        for viewer, source in self._sight.set_hidden(visitor.slot, other.slot, hide):
            body = wire.encode(wire.Gone([source], wire.LeaveReason.OUT_OF_RANGE))
            self._tell(self.visitors[viewer], body, now_s)

    def _within_earshot(self, chat: wire.Chat, speaker: Visitor | None) -> list[Visitor]:
        if chat.scope == wire.Scope.ALLEY:
            return [visitor for visitor in self.visitors.values() if visitor is not speaker]
        if speaker is None:
            return []
        offset_m = self.avatars.position_m - self.avatars.position_m[speaker.slot]
        near = self.avatars.alive & (np.hypot(offset_m[:, 0], offset_m[:, 2]) <= self.config.near_chat_m)
        near[speaker.slot] = False
        return [self.visitors[slot] for slot in np.flatnonzero(near).tolist()]

    def _judge(self, now_s: float) -> None:
        verdict = self.avatars.accept(now_s, self.tick_number)
        for slot in verdict.not_finite:
            error = ProtocolError(ErrorCode.NOT_FINITE, "The position is not finite.")
            self.dismiss(self.visitors[slot], error)
        for slot in verdict.out_of_bounds:
            self._correct(self.visitors[slot], wire.CorrectReason.OUT_OF_BOUNDS, now_s)
        for slot in verdict.too_fast:
            self._correct(self.visitors[slot], wire.CorrectReason.TOO_FAST, now_s)

    def _correct(self, visitor: Visitor, reason: wire.CorrectReason, now_s: float) -> None:
        if not visitor.strikes.take(now_s):
            self.dismiss(visitor, ProtocolError(ErrorCode.CHEATING, "Nobody walks like that here."))
            return
        self._put(visitor, self._where(visitor), reason, now_s)

    def _where(self, visitor: Visitor) -> Spawn:
        """Where a visitor stands and looks, as far as the server knows."""
        x_m, _, z_m = self.avatars.position_m[visitor.slot].tolist()
        return Spawn((x_m, 0.0, z_m), self.avatars.yaw_rad(visitor.slot))

    def _update_sight(self, now_s: float) -> None:
        due = self._sight.due(self.avatars.viewing, self.avatars.cell, self.tick_number)
        if not len(due):
            return
        changes = self._sight.changes(due, self.avatars.alive, self.avatars.cell)
        came, went = changes.came.tolist(), changes.went.tolist()
        # Who comes in is news to many at once, in the same words.
        entered: dict[tuple[int, ...], bytes] = {}
        for viewer, came_at, came_end, went_at, went_end in zip(
            changes.viewers, changes.came_at, changes.came_at[1:], changes.went_at, changes.went_at[1:], strict=False
        ):
            if went_at < went_end:
                gone = wire.Gone(went[went_at:went_end], wire.LeaveReason.OUT_OF_RANGE)
                self._tell(self.visitors[viewer], wire.encode(gone), now_s)
            if came_at < came_end:
                who = tuple(came[came_at:came_end])
                if (body := entered.get(who)) is None:
                    body = entered[who] = wire.enter_body(self._cards[list(who)].tolist())
                self._tell(self.visitors[viewer], body, now_s)
        columns, rows = cells_of(self.avatars.position_m[due])
        for viewer in self._sight.moved_scene_cells(due, columns, rows):
            self._tell_scene(self.visitors[viewer], now_s)

    def _every_second(self, now_s: float) -> None:
        lost = [
            visitor
            for visitor in self.visitors.values()
            if not visitor.connected and now_s - visitor.lost_at_s > self.config.resume_window_s
        ]
        for visitor in lost:
            self.leave(visitor, wire.LeaveReason.LOST, now_s)
        for visitor in self.visitors.values():
            if visitor.connected:
                visitor.stream.prune(now_s)
        if len(self.visitors) != self._counted:
            self._counted = len(self.visitors)
            body = wire.encode(wire.Census(self._counted))
            for visitor in self.visitors.values():
                self._tell(visitor, body, now_s)


def clamp_look(look: wire.Look) -> wire.Look:
    """The nearest look that a doll can have."""
    style = [part % 16 for part in look[:7]]
    height_cm = max(wire.MIN_HEIGHT_CM, min(wire.MAX_HEIGHT_CM, look[7]))
    return style[0], style[1], style[2], style[3], style[4], style[5], style[6], height_cm
