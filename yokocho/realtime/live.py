"""The room's heart: the tick, the connections, and what happens when they are slow, silent or rude.

Theory. One event loop, one tick every 50 ms: read all sockets, let the room step, write to all sockets. Nobody waits
for a send: when the kernel takes no more, the connection is *stalled*, its poses are skipped (the next tick's are
better) and its events queue up. A stall without any progress ends the connection after `stall_timeout_s`. Once a
second a sweep pings the silent and ends the dead.

What is said alley-wide is kept before anybody hears it; the order in which things were said is the order in which they
are told.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from typing import Final

import structlog
from aiohttp import web

from world import wire
from world.errors import ErrorCode, ProtocolError
from world.frames import Frame, payload_of
from world.room import Room
from world.session import Phase, Session
from world.visitor import Credentials, Person, Visitor
from yokocho.realtime.connection import Connection, Luggage
from yokocho.realtime.doorway import TOKEN_EVERY_S, Doorway, Rounds, is_worth_another_try
from yokocho.realtime.reader import NO_SLOT, Reader
from yokocho.realtime.scribe import Scribe
from yokocho.realtime.settings import LiveMetrics, LiveSettings
from yokocho.realtime.takeover import NotAHandshake, TakenOver, take_over

log = structlog.get_logger(__name__)

_SEND_BUFFER_BYTES: Final = 64 * 1024
_NOTSENT_BYTES: Final = 4 * 1024
"""Less than a tick's frame in a crowd: what waits in the kernel can't be taken back when something newer is there."""

_RETRY_RESTART_MS: Final = 500
_RETRY_FULL_MS: Final = 10_000
_SILENT_SWEEPS_PING: Final = 4
_LATE_TICKS: Final = 4
_STALL_S: Final = 1.0
"""So late, a tick finds a backlog that no visitor is to blame for."""

_STUCK_CHECK_S: Final = 0.25
_SENT_OUT: Final = frozenset(
    {ErrorCode.CHEATING, ErrorCode.FLOOD, ErrorCode.BANNED, ErrorCode.REVOKED, ErrorCode.REMOVED}
)
"""Who is sent out with one of these does not come back to the same place."""


class Live:
    """One room on the network.

    Args:
        room: the alley.
        door: who may come in.
        settings: limits.
        save_chat: keeps what was said; nobody hears it before.
        metrics: is told what happens.
        clock: monotonic seconds.
        count_by: what connections from an address are counted by, because one household may have many addresses.
    """

    def __init__(
        self,
        room: Room,
        door: Doorway,
        *,
        settings: LiveSettings,
        save_chat: Callable[[wire.Chat], Awaitable[None]],
        metrics: LiveMetrics,
        clock: Callable[[], float] = time.monotonic,
        count_by: Callable[[str], str] = str,
    ) -> None:
        self.room = room
        self.door = door
        self.now_s = clock
        self.settings = settings
        self._count_by = count_by
        self._metrics = metrics
        self._connections: set[Connection] = set()
        self._by_slot: dict[int, Connection] = {}
        self._seats: dict[Connection, int] = {}
        self._senders: list[Callable[[bytes | memoryview], int] | None] = [None] * room.config.max_visitors
        self._stalled: set[Connection] = set()
        self._checks_stalled = False
        self._reader = Reader(room.avatars, settings.max_connections)
        self._addresses: Counter[str] = Counter()
        self._rounds: Rounds[Connection] = Rounds(settings.verdict_every_s)
        self._scribe = Scribe(save_chat, tell=self._publish, apologise=self._apologise, told=self._flush)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._next_tick: asyncio.TimerHandle | None = None
        self._next_tick_s = 0.0
        self._next_sweep_s = 0.0
        self._stopping = False
        self._is_held = False
        self._going: list[Connection] = []
        self._in_frames = self._in_bytes = self._out_frames = self._out_bytes = 0

    # --- life -------------------------------------------------------------------------------------------------------

    @property
    def visitors(self) -> int:
        """How many are in the room, those who lost their connection a moment ago included."""
        return len(self.room.visitors)

    async def start(self) -> None:
        """Begin to tick."""
        self._loop = asyncio.get_running_loop()
        self._next_tick_s = self._loop.time()
        self._tick()

    async def stop(self) -> None:
        """Keep what was said, say goodbye to everybody, close with 1012 and end the tick."""
        self._stopping = True
        await self._keep_words()
        error = ProtocolError(ErrorCode.RESTARTING, "The alley is closing for a moment.")
        for connection in list(self._connections):
            connection.end(error, _RETRY_RESTART_MS)
        for _ in range(20):
            if not self._connections:
                break
            await asyncio.sleep(0.05)
        for connection in list(self._connections):
            connection.abort()
        # What was said while we waited.
        await self._keep_words()
        if self._next_tick is not None:
            self._next_tick.cancel()
        self._reader.close()

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        """The loop that this room ticks on, once it has started."""
        assert self._loop is not None
        return self._loop

    def later(self, delay_s: float, call: Callable[[], None]) -> None:
        """Call something after a while."""
        if self._loop is not None:
            self._loop.call_later(delay_s, call)

    # --- handing the room over --------------------------------------------------------------------------------------

    async def hold(self) -> None:
        """Stand still: everything said is kept and told, nothing is read or sent any more.

        Raises:
            TimeoutError: what was said cannot be kept in time; the room goes on.
        """
        self._is_held = True
        if self._next_tick is not None:
            self._next_tick.cancel()
        if not await self._scribe.finish(self.settings.save_timeout_s):
            self.go_on()
            raise TimeoutError("what was said could not be kept in time")
        self._flush()
        for connection in self._connections:
            connection.hold()

    def go_on(self) -> None:
        """Nobody took over: go on as if nothing had been."""
        self._is_held = False
        self.stay()
        self._next_tick_s = self.loop.time()
        self._tick()

    def luggage(self) -> list[tuple[socket.socket, Luggage]]:
        """The sockets that can go on in another process, of a room that stands still."""
        packed = {connection: connection.luggage() for connection in self._connections}
        taken = {connection: luggage for connection, luggage in packed.items() if luggage is not None}
        self._going = list(taken)
        return [(connection.sock, luggage) for connection, luggage in taken.items()]

    def part(self) -> None:
        """The sockets of `luggage` live on elsewhere: let go of ours. Whoever is left hears from `stop`."""
        for connection in self._going:
            connection.abort()
        self.stay()

    def stay(self) -> None:
        """The sockets that are ours go on, so that `stop` can take leave of them."""
        for connection in list(self._connections):
            connection.go_on()

    def take_up(self, luggage: Iterable[tuple[socket.socket, Luggage]]) -> None:
        """Go on with the sockets of another process, whose room ours remembers. Before `start`."""
        self._loop = asyncio.get_running_loop()
        for sock, piece in luggage:
            sock.setblocking(False)
            visitor = self.room.visitors.get(piece.slot)
            connection = self._admit(sock, piece.address)
            if visitor is None:
                connection.end(ProtocolError(ErrorCode.RESTARTING, "There is less room than before."), _RETRY_FULL_MS)
                continue
            connection.session.take_up(visitor)
            self.door.vouch(visitor.person)
            self._seat(connection, visitor)
            connection.unpack(piece)
        for visitor in self.room.visitors.values():
            if visitor.slot not in self._by_slot:
                self.room.disconnect(visitor, self.now_s())

    # --- connections ------------------------------------------------------------------------------------------------

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """The `/live` route: check who asks, then take the socket over."""
        refusal = self._refusal(request)
        if refusal is not None:
            return refusal
        try:
            sock, early = take_over(request)
        except NotAHandshake as error:
            return error.response
        except ConnectionError:
            # Whoever leaves during the handshake is nobody's fault, and nothing for the log.
            return TakenOver()
        _tune(sock)
        connection = self._admit(sock, request.remote or "")
        self._greet(connection)
        self.later(self.settings.hello_timeout_s, lambda: self._expect_hello(connection))
        if early:
            connection.take(early)
        return TakenOver()

    def disconnected(self, connection: Connection) -> None:
        """A socket is gone."""
        if connection not in self._connections:
            return
        self._connections.discard(connection)
        self._reader.remove(connection)
        self._stalled.discard(connection)
        if self._loop is not None:
            self._loop.remove_writer(connection.sock.fileno())
        self._addresses[connection.household] -= 1
        if not self._addresses[connection.household]:
            del self._addresses[connection.household]
        self._unseat(connection)
        connection.session.closed(self.now_s())
        self._tell_soon()

    def left(self, connection: Connection) -> None:
        """The visitor closed the connection on purpose."""
        self._unseat(connection)
        visitor = connection.session.detach()
        if visitor is not None:
            self.room.leave(visitor, wire.LeaveReason.LEFT, self.now_s())
            self._tell_soon()

    def judge_anew(self, did: str | None = None) -> None:
        """Something about a person has changed, or about everybody: who may stay, and as what?"""
        # Later: the change may have been made by somebody who comes in right now.
        self.later(0.0, lambda: self._judge_anew(did))

    def parted(self, connection: Connection, fault: ErrorCode | None) -> None:
        """The WebSocket is closing: nothing more goes out, the presence waits."""
        if fault is not None:
            self._metrics.error(fault)
            self._metrics.evicted(fault)
        self._unseat(connection)
        connection.session.closed(self.now_s())
        self._tell_soon()

    def expect_poses(self, connection: Connection, slot: int) -> None:
        """Plain poses that come on a socket are this slot's; `NO_SLOT`: its parser has to see everything."""
        self._reader.expect(connection, slot)

    def stalled(self, connection: Connection) -> None:
        """A socket takes no more for now."""
        self._stalled.add(connection)
        if not self._checks_stalled:
            self._checks_stalled = True
            self.later(_STUCK_CHECK_S, self._check_stalled)
        slot = self._seats.get(connection)
        if slot is not None:
            self._senders[slot] = None
        if self._loop is not None:
            self._loop.add_writer(connection.sock.fileno(), connection.writable)

    def unstalled(self, connection: Connection) -> None:
        """A socket takes everything again."""
        self._stalled.discard(connection)
        if self._loop is not None:
            self._loop.remove_writer(connection.sock.fileno())
        slot = self._seats.get(connection)
        if slot is not None:
            self._senders[slot] = connection.sock.send

    def evict(self, connection: Connection, reason: ErrorCode) -> None:
        """End a connection that can't be talked to any more."""
        self._metrics.evicted(reason)
        connection.abort()

    def receive(self, connection: Connection, frame: bytes) -> None:
        """A message that is not a plain pose. What is to be said to it goes out with the next tick's frames."""
        self._in_frames += 1
        self._in_bytes += len(frame)
        session = connection.session
        before = session.visitor
        try:
            session.receive(frame, self.now_s(), time.time_ns() // 1_000_000)
        except ProtocolError:
            raise
        except Exception as error:
            # Our fault: this visitor has to come again, nobody else feels it.
            log.exception("message failed")
            raise ProtocolError(ErrorCode.INTERNAL, "Something went wrong here.") from error
        if session.visitor is not before:
            self._unseat(connection)
            if session.visitor is not None:
                self._seat(connection, session.visitor)
        self._tell_soon()
        if before is not None and session.visitor is None:
            connection.goodbye()

    def refuse(self, connection: Connection, error: ProtocolError) -> None:
        """A peer broke a rule: end the connection with the rule's code."""
        self._metrics.error(error.code)
        self._metrics.evicted(error.code)
        is_worth_it = error.code is ErrorCode.ROOM_FULL or is_worth_another_try(error)
        retry_ms = _RETRY_FULL_MS if is_worth_it else -1
        visitor = connection.session.visitor
        if visitor is not None and visitor.outbox and connection.slot != NO_SLOT:
            connection.send_message(b"".join(visitor.outbox))
            visitor.outbox.clear()
        self._unseat(connection)
        connection.session.closed(self.now_s())
        if visitor is not None and error.code in _SENT_OUT:
            self.room.leave(visitor, wire.LeaveReason.REMOVED, self.now_s())
        connection.end(error, retry_ms)
        self._tell_soon()

    # --- the tick ---------------------------------------------------------------------------------------------------

    def _tick(self) -> None:
        loop = self._loop
        if loop is None:
            return
        began_s = self.now_s()
        if (late_s := loop.time() - self._next_tick_s) > _STALL_S:
            self.room.forgive(late_s, began_s)
        try:
            frames_in, bytes_in = self._reader.read()
            self._in_frames += frames_in
            self._in_bytes += bytes_in
            frames = self.room.tick(began_s)
            self._end_dismissed()
            self._send_poses(frames)
            self._flush()
            # On each tick: those who came in together are due together, and each takes some time.
            for connection in self._rounds.due(began_s):
                self._look_after(connection, began_s)
            if began_s >= self._next_sweep_s:
                self._next_sweep_s = began_s + 1.0
                self._sweep(began_s)
        except Exception:
            # A fault in one tick must not stop the room; the log and the counter tell the operator.
            log.exception("tick failed", tick=self.room.tick_number)
            self._metrics.error(ErrorCode.INTERNAL)
        self._metrics.tick(self.now_s() - began_s)
        period_s = 1.0 / self.room.config.interest.tick_hz
        self._next_tick_s += period_s
        if loop.time() - self._next_tick_s > _LATE_TICKS * period_s:
            self._next_tick_s = loop.time() + period_s
        self._next_tick = loop.call_at(self._next_tick_s, self._tick)

    def _send_poses(self, frames: list[Frame]) -> None:
        """Send everyone their frame; what else the room has for a visitor goes in front of it, in the same write."""
        senders = self._senders
        waiting = self.room.pending
        count = size = 0
        for viewers, frame in frames:
            whole = len(frame)
            for slot in viewers:
                send = senders[slot]
                if send is None:
                    continue
                count += 1
                size += whole
                if slot in waiting:
                    outbox = waiting.pop(slot).outbox
                    outbox.append(bytes(payload_of(frame)))
                    self._by_slot[slot].send_message(b"".join(outbox))
                    outbox.clear()
                    continue
                try:
                    sent = send(frame)
                except BlockingIOError:
                    self._by_slot[slot].stall(b"")
                    continue
                except OSError:
                    self.later(0.0, self._by_slot[slot].lost)
                    continue
                if sent != whole:
                    self._by_slot[slot].stall(bytes(frame[sent:]))
        self._out_frames += count
        self._out_bytes += size

    def _flush(self) -> None:
        """Send what the room has for its visitors, and end whom it dismissed."""
        self._end_dismissed()
        waiting = self.room.pending
        if not waiting:
            return
        for slot, visitor in waiting.items():
            connection = self._by_slot.get(slot)
            if connection is not None and visitor.outbox:
                together = b"".join(visitor.outbox)
                connection.send_message(together)
                self._out_frames += 1
                self._out_bytes += len(together)
            visitor.outbox.clear()
        waiting.clear()

    def _tell_soon(self) -> None:
        """What came of a message goes out with the tick in which it was read, in one write; if there will be one."""
        if self._is_held:
            self._flush()

    def _end_dismissed(self) -> None:
        """End the connections of those whom the room sends out."""
        dismissed = self.room.dismissed
        while dismissed:
            visitor, error = dismissed.pop()
            connection = self._by_slot.get(visitor.slot)
            if connection is not None and connection.session.visitor is visitor:
                self.refuse(connection, error)

    def _check_stalled(self) -> None:
        """While anybody is stalled: cut off who takes nothing at all."""
        now_s = self.now_s()
        for connection in () if self._is_held else list(self._stalled):
            if connection.is_stuck(now_s, self.settings.stall_timeout_s):
                self.evict(connection, ErrorCode.TOO_SLOW)
        self._checks_stalled = bool(self._stalled)
        if self._checks_stalled:
            self.later(_STUCK_CHECK_S, self._check_stalled)

    def _sweep(self, now_s: float) -> None:
        """Once a second: cut off the dead, ping the silent, report."""
        for connection, sweeps in self._reader.silent():
            if sweeps >= self.settings.silence_timeout_s:
                self.evict(connection, ErrorCode.GONE_QUIET)
            elif sweeps == _SILENT_SWEEPS_PING:
                connection.ping()
        self._metrics.visitors(self.visitors)
        self._metrics.received(self._in_frames, self._in_bytes)
        self._metrics.sent(self._out_frames, self._out_bytes)
        self._in_frames = self._in_bytes = self._out_frames = self._out_bytes = 0

    # --- inside -----------------------------------------------------------------------------------------------------

    def _refusal(self, request: web.Request) -> web.Response | None:
        if request.method != "GET":
            return _refuse(405, "method_not_allowed", "A WebSocket begins with GET.")
        origin = request.headers.get("Origin")
        if origin is None and not self.settings.allow_missing_origin:
            return _refuse(403, "origin_missing", "This connection has to name the page that it comes from.")
        if origin is not None and origin not in self.settings.allowed_origins:
            return _refuse(403, "origin_not_allowed", "This page may not connect to this alley.")
        if self._stopping or self._is_held:
            return _refuse(503, "restarting", "The alley is closing for a moment.")
        if len(self._connections) >= self.settings.max_connections:
            return _refuse(503, "too_many_connections", "The alley has too many connections.")
        if self._addresses[self._count_by(request.remote or "")] >= self.settings.max_connections_per_address:
            return _refuse(
                503, "too_many_connections_from_address", "There are too many connections from your address."
            )
        return None

    def _admit(self, sock: socket.socket, address: str) -> Connection:
        session = Session(
            self.room, lambda hello: self._look_at(connection, hello), keep=self._scribe.keep, replaced=self._replace
        )
        connection = Connection(self, session, sock, address, self._count_by(address))
        self._connections.add(connection)
        self._addresses[connection.household] += 1
        self._reader.add(connection)
        return connection

    def _greet(self, connection: Connection) -> None:
        """The first word on a connection is ours."""
        connection.ask(*self.door.knock())

    def _look_at(self, connection: Connection, hello: wire.Hello) -> tuple[Person, Credentials]:
        if connection.challenge is None:
            raise ProtocolError(ErrorCode.HELLO_TWICE, "Nobody was asked.")
        return self.door.admit(hello, connection.challenge, connection.address)

    def _expect_hello(self, connection: Connection) -> None:
        if connection in self._connections and connection.session.phase is Phase.NEW:
            self.refuse(connection, ProtocolError(ErrorCode.HELLO_TIMEOUT, "Nobody said hello."))

    def send_away(self, did: str, error: ProtocolError) -> None:
        """Somebody has to leave; they are told why."""
        for visitor in list(self.room.visitors.values()):
            if visitor.person.did == did:
                self.room.remove(visitor.visitor_id, error, self.now_s())
        self._flush()

    def _judge_anew(self, did: str | None) -> None:
        for visitor in list(self.room.visitors.values()):
            if did is None or visitor.person.did == did:
                self._judge(visitor)
        self._flush()

    def _judge(self, visitor: Visitor) -> None:
        connection = self._by_slot.get(visitor.slot)
        try:
            verdict = self.door.stand(visitor.person, "" if connection is None else connection.address)
        except ProtocolError as error:
            self.room.remove(visitor.visitor_id, error, self.now_s())
        else:
            self.room.set_roles(visitor.visitor_id, int(verdict.roles), verdict.is_muted, self.now_s())

    def _look_after(self, connection: Connection, now_s: float) -> None:
        """Now and then, for somebody who is in: a verdict, a fresh access token."""
        visitor = connection.session.visitor
        if visitor is not None and connection in self._seats:
            self._judge(visitor)
            if now_s >= connection.next_token_s:
                connection.next_token_s = now_s + TOKEN_EVERY_S
                self.room.send(visitor, self.door.fresh_token(visitor.person))
            self._rounds.add(connection, now_s)

    def _seat(self, connection: Connection, visitor: Visitor) -> None:
        connection.seat(visitor.slot)
        connection.next_token_s = self.now_s() + TOKEN_EVERY_S
        self._rounds.add(connection, self.now_s())
        self._seats[connection] = visitor.slot
        self._by_slot[visitor.slot] = connection
        if connection not in self._stalled:
            self._senders[visitor.slot] = connection.sock.send

    def _unseat(self, connection: Connection) -> None:
        slot = self._seats.pop(connection, None)
        if slot is not None:
            del self._by_slot[slot]
            self._senders[slot] = None
        connection.seat(NO_SLOT)

    def _replace(self, visitor: Visitor) -> None:
        """The visitor came back on another connection: end the old one."""
        old = self._by_slot.get(visitor.slot)
        if old is not None:
            self._unseat(old)
            old.session.detach()
            self._metrics.evicted(ErrorCode.REPLACED)
            old.end(ProtocolError(ErrorCode.REPLACED, "You came in again elsewhere."))

    async def _keep_words(self) -> None:
        await self._scribe.finish(self.settings.save_timeout_s)
        self._scribe.give_up()

    def _publish(self, chat: wire.Chat) -> None:
        self.room.publish(chat, self.now_s())

    def _apologise(self, chat: wire.Chat) -> None:
        for visitor in self.room.visitors.values():
            if visitor.visitor_id == chat.visitor_id:
                sentence = "Your message could not be kept, so nobody heard it."
                self.room.send(visitor, wire.Error(ErrorCode.INTERNAL, sentence, chat.ref))


def _tune(sock: socket.socket) -> None:
    """Send at once, and keep kernel buffers small: a slow reader should lag by its own choice, not by ours."""
    with contextlib.suppress(OSError, AttributeError):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER_BYTES)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, _NOTSENT_BYTES)


def _refuse(status: int, code: str, message: str) -> web.Response:
    return web.json_response({"error": code, "message": message}, status=status)
