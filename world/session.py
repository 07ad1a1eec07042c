"""One connection's protocol state: bytes in, verbs on the room, errors with a code out.

Theory. A session is *new* until a `Hello` whose papers are good, then *live*, then *over*. The transitions are few:
`Hello` is allowed once and first; a message that breaks the protocol ends the session, and what comes behind it is not
looked at. What the room refuses (a jump out of the alley, an empty word) is answered with `Error` and the session goes
on. Each message type has a token bucket; what is beyond it is dropped and answered, and who keeps on is ended with
FLOOD. Nothing a peer sends raises anything but `ProtocolError` out of `receive`.

The caller moves bytes: it hands every frame to `receive`, sends what is in `visitor.outbox` afterwards, and calls
`closed` when the connection is gone.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto

from world import wire
from world.errors import ErrorCode, ProtocolError
from world.room import Room
from world.visitor import Credentials, Person, Visitor

HELLO_TIMEOUT_S = 5.0


class Phase(Enum):
    """Where a session is in its life."""

    NEW = auto()
    LIVE = auto()
    OVER = auto()


class Session:
    """The protocol of one connection.

    Args:
        room: the alley.
        admit: looks at the papers of who comes in; raises `ProtocolError` when they may not.
        keep: is given each alley-wide `Chat`; the caller stores it and then calls `Room.publish`.
        replaced: is told the visitor when this session takes over a presence whose old connection must end.
    """

    __slots__ = ("_admit", "_keep", "_replaced", "phase", "room", "visitor")

    def __init__(
        self,
        room: Room,
        admit: Callable[[wire.Hello], tuple[Person, Credentials]],
        *,
        keep: Callable[[wire.Chat], None],
        replaced: Callable[[Visitor], None],
    ) -> None:
        self.room = room
        self.phase = Phase.NEW
        self.visitor: Visitor | None = None
        # Until hello: whoever admits knows the connection, which knows us.
        self._admit: Callable[[wire.Hello], tuple[Person, Credentials]] | None = admit
        self._keep = keep
        self._replaced = replaced

    def receive(self, frame: bytes | memoryview, now_s: float, wall_ms: int) -> None:
        """Take one binary frame.

        Raises:
            ProtocolError: the session is over, the connection has to end with the error's close code.
        """
        if self.phase is Phase.OVER:
            return
        try:
            self._take(frame, now_s, wall_ms)
        except ProtocolError:
            self.closed(now_s)
            raise

    def closed(self, now_s: float) -> None:
        """The connection is gone; the presence waits for the visitor to come back."""
        if self.visitor is not None and self.phase is Phase.LIVE:
            self.room.disconnect(self.visitor, now_s)
        self.phase = Phase.OVER
        self._admit = None

    def take_up(self, visitor: Visitor) -> None:
        """Go on with a session that was live in another process."""
        self.visitor = visitor
        self.phase = Phase.LIVE
        self._admit = None

    def detach(self) -> Visitor | None:
        """Give the presence up without touching it: another session has taken it over, or the room dropped it."""
        self.phase = Phase.OVER
        visitor, self.visitor = self.visitor, None
        return visitor

    def _take(self, frame: bytes | memoryview, now_s: float, wall_ms: int) -> None:
        try:
            limit = wire.MAX_HELLO_BYTES if self.phase is Phase.NEW else wire.MAX_MESSAGE_BYTES
            message = wire.decode_inbound(frame, limit)
        except ProtocolError as error:
            if error.close_code is not None:
                raise
            if self.visitor is None:
                raise ProtocolError(ErrorCode.HELLO_EXPECTED, "The first message is hello.") from error
            self.room.send(self.visitor, wire.Error(error.code, error.message, 0))
            self.overdo(self.visitor, now_s)
            return
        self._obey(message, now_s, wall_ms)

    def _obey(self, message: wire.Inbound, now_s: float, wall_ms: int) -> None:
        if isinstance(message, wire.Hello):
            self._enter(message, now_s, wall_ms)
            return
        visitor = self.visitor
        if visitor is None:
            raise ProtocolError(ErrorCode.HELLO_EXPECTED, "The first message is hello.")
        if isinstance(message, wire.Pose):
            self._pose(visitor, message.packed, now_s)
            return
        try:
            if not visitor.allows(type(message), now_s):
                raise ProtocolError(ErrorCode.RATE_LIMITED, "That was too much at once. Wait a moment.")
            self._act(visitor, message, now_s, wall_ms)
        except ProtocolError as error:
            ref = message.ref if isinstance(message, wire.Say) else 0
            self.room.send(visitor, wire.Error(error.code, error.message, ref))
            if error.code is ErrorCode.RATE_LIMITED:
                self.overdo(visitor, now_s)

    def _act(self, visitor: Visitor, message: wire.Inbound, now_s: float, wall_ms: int) -> None:
        room = self.room
        match message:
            case wire.Say():
                chat = room.say(visitor, message, wall_ms)
                if chat.scope == wire.Scope.ALLEY:
                    self._keep(chat)
                else:
                    room.publish(chat, now_s)
            case wire.Emote(kind=kind):
                room.emote(visitor, kind, now_s)
            case wire.Ping(client_ms=client_ms, last_seq=last_seq):
                room.acknowledge(visitor, last_seq)
                room.send(visitor, wire.Pong(client_ms, room.clock_ms(now_s)))
            case wire.Change(name=name, look=look):
                room.change(visitor, name, look, now_s)
            case wire.Relate():
                room.relate(visitor, message, now_s)
            case wire.AskRoster():
                room.send(visitor, room.roster(visitor))
            case wire.Jump():
                room.jump(visitor, message, now_s)
            case wire.Leave():
                self.phase = Phase.OVER
                room.leave(visitor, wire.LeaveReason.LEFT, now_s)
                self.visitor = None
            case _:
                raise ProtocolError(ErrorCode.UNKNOWN_TYPE, "There is no such message.")

    def _enter(self, hello: wire.Hello, now_s: float, wall_ms: int) -> None:
        admit, self._admit = self._admit, None
        if admit is None:
            raise ProtocolError(ErrorCode.HELLO_TWICE, "Hello is said once.")
        person, credentials = admit(hello)
        visitor = self.room.present(person.visitor_id)
        if visitor is None:
            visitor = self.room.join(hello, person, credentials, now_s, wall_ms)
        else:
            was_connected = visitor.connected
            self.room.come_back(visitor, hello, person, credentials, now_s, wall_ms)
            if was_connected:
                self._replaced(visitor)
        self.visitor = visitor
        self.phase = Phase.LIVE

    def _pose(self, visitor: Visitor, packed: bytes, now_s: float) -> None:
        if not visitor.pose_bucket.take(now_s):
            self.overdo(visitor, now_s)
            return
        self.room.avatars.put(visitor.slot, packed)

    def overdo(self, visitor: Visitor, now_s: float, count: float = 1.0) -> None:
        """So many messages too many.

        Raises:
            ProtocolError: FLOOD when patience is at its end.
        """
        if now_s >= self.room.forgives_until_s and not visitor.patience.take(now_s, count):
            raise ProtocolError(ErrorCode.FLOOD, "Too many messages.")
