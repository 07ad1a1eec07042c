"""One visitor's socket: what is not a plain pose, and everything that goes out.

The WebSocket protocol itself is websockets' `ServerProtocol` (sans-I/O): masks, lengths, fragments, control frames,
close handshake. This class gives it whole frames, so that it knows whether the next byte begins a frame; only
then may the reader take a pose past the parser.

Writing never waits. What the kernel doesn't take at once makes the connection *stalled*: poses are skipped, events wait
in `_backlog`, and the loop tells when there is room again.
"""

from __future__ import annotations

import fcntl
import socket
import termios
from typing import TYPE_CHECKING, Final

import msgspec
from websockets.frames import CloseCode, Frame, Opcode
from websockets.protocol import State
from websockets.server import ServerProtocol

from world import wire
from world.errors import ErrorCode, ProtocolError
from world.limits import Bucket, Rate
from world.session import Session
from yokocho.entrance import Challenge
from yokocho.realtime.reader import NO_SLOT, overtaken_poses

if TYPE_CHECKING:
    from yokocho.realtime.live import Live

_LEAVING_CODES: Final = frozenset({None, CloseCode.NORMAL_CLOSURE, CloseCode.GOING_AWAY, CloseCode.NO_STATUS_RCVD})
"""A peer that closes with these goes for good (a browser's closed tab says 1001); anything else may come back."""

_CONTROL_RATE: Final = Rate(2.0, 20.0)
"""Pings, pongs and pieces of messages: none of them is needed often, each costs as much as a message."""

_TWO_POSES_BYTES: Final = 60
_OVERTAKEN_COST: Final = 0.1
"""Of a message too many: minutes without a network are forgiven, a flood still ends within a second."""

_MAX_BACKLOG_BYTES: Final = 2 * 1024 * 1024
_LARGE_BYTES: Final = 1024
"""A parser keeps the room that its largest message took: after one of this size it is replaced."""

_GRACE_BYTES: Final = 2048
"""So much is still parsed after the end, to find the peer's close frame; what comes behind it is thrown away unseen."""


_FIN_BINARY: Final = 0x82
_MASK_BIT: Final = 0x80
_MASKED_AT: Final = 6
_EXTENDED: Final = 126
"""Parts of a frame's header (RFC 6455 section 5.2): from this length on, the length is elsewhere."""


def ws_frame(payload: bytes) -> bytes:
    """An unmasked binary frame (RFC 6455 section 5.2); the same bytes serve every visitor."""
    size = len(payload)
    if size < 126:
        return b"\x82" + size.to_bytes(1, "big") + payload
    if size < 65536:
        return b"\x82\x7e" + size.to_bytes(2, "big") + payload
    return b"\x82\x7f" + size.to_bytes(8, "big") + payload


def short_message_bytes(data: bytes) -> int:
    """The size of the frame that `data` begins with, if it is the one whole, masked, binary frame of a short message.

    That is most of what visitors send, and the parser needs several times as long for it; 0: what is not as plain as
    this is the parser's business.
    """
    if len(data) <= _MASKED_AT or data[0] != _FIN_BINARY or not _MASK_BIT < data[1] < _MASK_BIT | _EXTENDED:
        return 0
    size = _MASKED_AT + (data[1] ^ _MASK_BIT)
    return size if size <= len(data) else 0


def unmasked(frame: bytes) -> bytes:
    """The payload of a short masked frame."""
    size = len(frame) - _MASKED_AT
    mask = (frame[2:_MASKED_AT] * (size // 4 + 1))[:size]
    return (int.from_bytes(frame[_MASKED_AT:], "big") ^ int.from_bytes(mask, "big")).to_bytes(size, "big")


def whole_frames(data: bytes, max_bytes: int = wire.MAX_MESSAGE_BYTES) -> int:
    """How many bytes of `data`, which begins with a frame, are whole frames.

    A frame that declares more than a message may have counts as whole: the parser refuses it by its header.
    """
    at = 0
    while len(data) - at >= 2:
        length = data[at + 1] & 0x7F
        header = 2 + (4 if data[at + 1] & 0x80 else 0)
        if length >= 126:
            extended = 2 if length == 126 else 8
            if len(data) - at < 2 + extended:
                break
            length = int.from_bytes(data[at + 2 : at + 2 + extended], "big")
            header += extended
        if length > max_bytes:
            return len(data)
        if len(data) - at < header + length:
            break
        at += header + length
    return at


class Luggage(msgspec.Struct, frozen=True):
    """What goes with a socket to another process: whose it is, how it is counted, and bytes that are under way."""

    slot: int
    address: str
    partial: bytes
    backlog: bytes


class Connection:
    """Bytes of one socket in, frames of the room out."""

    def __init__(self, live: Live, session: Session, sock: socket.socket, address: str, household: str) -> None:
        self.session = session
        self.sock = sock
        self.address = address
        self.household = household
        self.challenge: Challenge | None = None
        self.next_token_s = 0.0
        self.slot = NO_SLOT
        self.stalled_since_s: float | None = None
        self._unsent_bytes = 0
        self._live = live
        self._max_bytes = wire.MAX_HELLO_BYTES
        self._protocol = self._parser()
        self._parts: list[bytes] = []
        self._partial = b""
        self._backlog: list[bytes] = []
        self._backlog_bytes = 0
        self._control = Bucket(_CONTROL_RATE, 0.0)
        self._is_ended = False
        self._is_held = False
        self._grace_bytes = _GRACE_BYTES
        self._is_closed = False

    def ask(self, challenge: Challenge, message: bytes) -> None:
        """Say the challenge that the visitor has to answer."""
        self.challenge = challenge
        self.send_message(message)

    # --- in ---------------------------------------------------------------------------------------------------------

    def take(self, data: bytes) -> None:
        """Bytes came that are not a plain pose."""
        if self._partial:
            data, self._partial = self._partial + data, b""
        data = self._take_short(data)
        if data:
            self._parse(data)
        self._expect()

    def _take_short(self, data: bytes) -> bytes:
        """Take the short messages that the data begins with; returns the rest."""
        data = self._without_overtaken(data)
        while not self._is_ended and self._begins_message() and (size := short_message_bytes(data)):
            self._message(unmasked(data[:size]))
            data = self._without_overtaken(data[size:])
        return data

    def _parse(self, data: bytes) -> None:
        if self._is_closed:
            return
        if self._is_ended:
            self._grace_bytes -= len(data)
            if self._grace_bytes < 0:
                return
        cut = whole_frames(data, self._max_bytes)
        self._partial = data[cut:]
        if cut:
            self._protocol.receive_data(data[:cut])
            for event in self._protocol.events_received():
                if isinstance(event, Frame) and not self._is_ended:
                    self._frame(event)
            if self._protocol.state is not State.OPEN and not self._is_ended:
                self._is_ended = True
                self._live.parted(self, self._fault())
            self._write_protocol()
            if cut > _LARGE_BYTES and not self._is_ended and self._begins_message():
                self._protocol.parser.close()
                self._protocol = self._parser()

    def _without_overtaken(self, data: bytes) -> bytes:
        visitor = self.session.visitor
        if len(data) < _TWO_POSES_BYTES or visitor is None or self._is_ended or not self._begins_message():
            return data
        count, size = overtaken_poses(data)
        if count:
            try:
                self.session.overdo(visitor, self._live.now_s(), count * _OVERTAKEN_COST)
            except ProtocolError as error:
                self._live.refuse(self, error)
        return data[size:]

    def _parser(self) -> ServerProtocol:
        return ServerProtocol(state=State.OPEN, max_size=self._max_bytes)

    def seat(self, slot: int) -> None:
        """Poses that come from now on are this slot's; `NO_SLOT`: nobody's. After hello, messages are small."""
        self.slot = slot
        self._max_bytes = wire.MAX_MESSAGE_BYTES
        self._protocol.max_message_size = self._max_bytes
        self._expect()

    def _expect(self) -> None:
        """Only where the next byte begins a message, a pose may go past the parser."""
        self._live.expect_poses(self, self.slot if self._begins_message() else NO_SLOT)

    def _begins_message(self) -> bool:
        return not self._partial and self._protocol.current_size is None and self._protocol.state is State.OPEN

    def _fault(self) -> ErrorCode | None:
        """What the peer did wrong that the protocol refused; None when it closed in order."""
        if self._protocol.close_rcvd is not None or self._protocol.close_sent is None:
            return None
        too_big = self._protocol.close_sent.code == CloseCode.MESSAGE_TOO_BIG
        return ErrorCode.TOO_LARGE if too_big else ErrorCode.MALFORMED

    def lost(self) -> None:
        """The peer is gone, or the socket broke."""
        self._close()

    def _message(self, message: bytes) -> None:
        try:
            self._live.receive(self, message)
        except ProtocolError as error:
            self._live.refuse(self, error)

    def _frame(self, frame: Frame) -> None:
        try:
            if frame.opcode is Opcode.TEXT:
                raise ProtocolError(ErrorCode.TEXT_FRAME, "Messages are binary.")
            if frame.opcode in (Opcode.BINARY, Opcode.CONT):
                self._parts.append(bytes(frame.data))
                if not frame.fin:
                    self._allow_control()
                else:
                    message = b"".join(self._parts)
                    self._parts.clear()
                    self._live.receive(self, message)
            elif frame.opcode is Opcode.CLOSE:
                close = self._protocol.close_rcvd
                if close is None or close.code in _LEAVING_CODES:
                    self._live.left(self)
            else:
                self._allow_control()
        except ProtocolError as error:
            self._live.refuse(self, error)

    def _allow_control(self) -> None:
        if not self._control.take(self._live.now_s()):
            raise ProtocolError(ErrorCode.FLOOD, "Too many control frames.")

    # --- out --------------------------------------------------------------------------------------------------------

    def send(self, data: bytes) -> None:
        """Send bytes that must arrive; they wait when the kernel takes no more."""
        if self._is_closed:
            return
        if self._backlog or self._is_held:
            self._backlog.append(data)
            self._backlog_bytes += len(data)
            if self._backlog_bytes > _MAX_BACKLOG_BYTES and not self._is_ended:
                # Later: whoever sends goes through the visitors now.
                self._is_ended = True
                self._live.later(0.0, lambda: self._live.evict(self, ErrorCode.TOO_SLOW))
            return
        try:
            sent = self.sock.send(data)
        except BlockingIOError:
            sent = 0
        except OSError:
            self._live.later(0.0, self.lost)
            return
        if sent < len(data):
            self.stall(data[sent:])

    def send_message(self, message: bytes) -> None:
        """Send one or several encoded messages as a frame."""
        self.send(ws_frame(message))

    def stall(self, rest: bytes) -> None:
        """The kernel takes no more for now. `rest` is what has to go out before anything else."""
        if rest:
            self._backlog.append(rest)
            self._backlog_bytes = len(rest)
        if self.stalled_since_s is None and not self._is_closed:
            self.stalled_since_s = self._live.now_s()
            self._unsent_bytes = self._queued_bytes()
            self._live.stalled(self)

    def writable(self) -> None:
        """The kernel takes more again."""
        backlog, self._backlog = self._backlog, []
        self.stalled_since_s = None
        if backlog:
            self.send(b"".join(backlog))
        if self.stalled_since_s is None:
            self._live.unstalled(self)

    def is_stuck(self, now_s: float, timeout_s: float) -> bool:
        """Whether the peer has taken nothing at all for so long."""
        if self.stalled_since_s is None:
            return False
        queued = self._queued_bytes()
        if queued < self._unsent_bytes:
            self.stalled_since_s = now_s
        self._unsent_bytes = queued
        return now_s - self.stalled_since_s > timeout_s

    def ping(self) -> None:
        """Ask for a sign of life."""
        if self._protocol.state is State.OPEN:
            self._protocol.send_ping(b"")
            self._write_protocol()

    # --- handing the socket over ------------------------------------------------------------------------------------

    def hold(self) -> None:
        """Send nothing from now on: what there is to say waits."""
        self._is_held = True
        self._live.loop.remove_writer(self.sock.fileno())

    def go_on(self) -> None:
        """Say what waited, and go on."""
        self._is_held = False
        if self.stalled_since_s is not None:
            self.stalled_since_s = None
            self.stall(b"")
        elif self._backlog:
            self.writable()

    def luggage(self) -> Luggage | None:
        """What goes with the socket to another process; None when it must not go, because something is under way."""
        in_order = self._protocol.state is State.OPEN and not self._is_ended and not self._is_closed
        if not in_order or self.slot < 0 or self._parts or self._protocol.current_size is not None:
            return None
        return Luggage(self.slot, self.address, self._partial, b"".join(self._backlog))

    def unpack(self, luggage: Luggage) -> None:
        """Go on where another process stopped; the connection is seated already."""
        self._partial = luggage.partial
        self._expect()
        if luggage.backlog:
            self.stall(luggage.backlog)

    # --- the end ----------------------------------------------------------------------------------------------------

    def end(self, error: ProtocolError, retry_after_ms: int = -1) -> None:
        """Say why, close, and abort if the peer doesn't close too."""
        self.seat(NO_SLOT)
        self._is_ended = True
        if self._protocol.state is not State.OPEN:
            return
        self.send_message(
            wire.encode(wire.Bye(error.code, error.message, retry_after_ms, error.detail, error.until_ms))
        )
        self._protocol.send_close(error.close_code or CloseCode.INTERNAL_ERROR, error.code)
        self._write_protocol()
        self._live.later(self._live.settings.close_timeout_s, self._close)

    def goodbye(self) -> None:
        """The visitor said goodbye: answer in kind."""
        self._is_ended = True
        if self._protocol.state is State.OPEN:
            self._protocol.send_close(CloseCode.NORMAL_CLOSURE)
            self._write_protocol()
            self._live.later(self._live.settings.close_timeout_s, self._close)

    def abort(self) -> None:
        """End the connection without a word."""
        self._close()

    def _close(self) -> None:
        if not self._is_closed:
            self._is_closed = self._is_ended = True
            # A generator that holds its protocol, which holds it: nobody would ever free them.
            self._protocol.parser.close()
            self.slot = NO_SLOT
            self._live.disconnected(self)
            self.sock.close()

    def _write_protocol(self) -> None:
        """Send what the protocol wants to say; an empty piece ends our side (RFC 6455 section 7.1.1)."""
        for data in self._protocol.data_to_send():
            if data:
                self.send(data)
            elif not self._is_closed:
                self._live.later(0.0, self._half_close)

    def _half_close(self) -> None:
        if self._is_closed:
            return
        if self._protocol.state is State.CLOSING and self._protocol.close_rcvd is None:
            # We failed the connection: what the peer still sends is of no interest, but a close right away could
            # destroy our close frame on its way (RFC 6455 section 7.1.1 asks for a half-close first).
            try:
                self.sock.shutdown(socket.SHUT_WR)
            except OSError:
                self._close()
                return
            self._live.later(self._live.settings.close_timeout_s, self._close)
        else:
            self._close()

    def _queued_bytes(self) -> int:
        """Bytes in the kernel that the peer has not acknowledged."""
        try:
            return int.from_bytes(fcntl.ioctl(self.sock.fileno(), termios.TIOCOUTQ, bytes(4)), "little")
        except OSError:
            return 0
