"""One visitor's socket.

A pose is by far the most frequent frame, so it has a path of its own: a few cheap checks and a copy into the room's
array. Every other frame goes through `Session`. Fragments are put together up to the size of one message; text and
reserved bits are refused with the close code that RFC 6455 section 7.4 names; pings are answered within a budget.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from picows import WSCloseCode, WSFrame, WSListener, WSMsgType, WSTransport

from world import wire
from world.errors import ErrorCode, ProtocolError
from world.limits import Bucket, Rate
from world.session import Session
from world.visitor import Visitor

if TYPE_CHECKING:
    from yokocho.realtime.live import Live

_BINARY: Final = WSMsgType.BINARY
_POSE_BYTES: Final = wire.POSE_DTYPE.itemsize
_HEAD_BYTES: Final = len(wire.POSE_PREFIX) + 1 + wire.POSE_HEAD.size
_FULL_BYTES: Final = _HEAD_BYTES + wire.POSE_HANDS.size
_HEAD_PREFIX: Final = wire.POSE_PREFIX + bytes((wire.POSE_HEAD.size,))
_FULL_PREFIX: Final = wire.POSE_PREFIX + bytes((wire.POSE_HEAD.size + wire.POSE_HANDS.size,))
_BODY_AT: Final = len(_HEAD_PREFIX)
_FLAGS_AT: Final = _BODY_AT + 2
_HANDS: Final = int(wire.PoseFlag.HANDS)

_POSES_PER_CHECK: Final = 64
_CHECK_PERIOD_S: Final = 1.5
"""Poses are counted in runs of 64: a run that took less than this came faster than 42 a second, 20 is the rule."""

_LEAVING_CODES: Final = (1000, 1001)
"""A peer that closes with these goes for good (a browser's closed tab says 1001); anything else may come back."""

_CONTROL_RATE: Final = Rate(2.0, 20.0)
ABORT_AFTER_CLOSE_S: Final = 2.0


class Connection(WSListener):
    """Frames of one socket in, frames of the room out."""

    def __init__(self, live: Live, session: Session, address: str) -> None:
        self.session = session
        self.address = address
        self.heard = True
        self.silent_sweeps = 0
        self.stalled_since_s: float | None = None
        self.stalled_bytes = 0
        self.transport: WSTransport | None = None
        self.slot = -1
        self._live = live
        self._offset = 0
        self._raw = bytearray()
        self._fresh = bytearray()
        self._parts: bytes | None = None
        self._credit = _POSES_PER_CHECK
        self._run_began_s = 0.0
        self._control = Bucket(_CONTROL_RATE, 0.0)

    # --- picows callbacks -------------------------------------------------------------------------------------------

    def on_ws_connected(self, transport: WSTransport) -> None:
        """The handshake is done."""
        self.transport = transport
        underlying = transport.underlying_transport
        # Any backlog pauses poses: what the kernel can't take now would be old when it could.
        underlying.set_write_buffer_limits(high=1, low=0)
        self._live.connected(self)

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        """The socket is gone."""
        self._live.disconnected(self)
        self.slot = -1
        self.transport = None

    def pause_writing(self) -> None:
        """The kernel takes no more: poses are skipped from now on."""
        self._live.pause(self)

    def resume_writing(self) -> None:
        """The backlog is gone."""
        self._live.unpause(self)

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        """One frame came."""
        self.heard = True
        payload = frame.get_payload_as_bytes()
        size = len(payload)
        if (
            self.slot >= 0
            and (
                (size == _HEAD_BYTES and payload.startswith(_HEAD_PREFIX) and not payload[_FLAGS_AT] & _HANDS)
                or (size == _FULL_BYTES and payload.startswith(_FULL_PREFIX) and payload[_FLAGS_AT] & _HANDS)
            )
            and frame.msg_type is _BINARY
            and frame.fin
            and not frame.rsv1
        ):
            self._credit -= 1
            if self._credit > 0 or self._may_go_on():
                start = self._offset
                self._raw[start : start + size - _BODY_AT] = payload[_BODY_AT:]
                self._fresh[self.slot] = 1
            return
        self._other_frame(frame, payload)

    # --- what the live loop calls -----------------------------------------------------------------------------------

    def enter(self, visitor: Visitor) -> None:
        """The session has its visitor: open the fast path."""
        avatars = self.session.room.avatars
        self.slot = visitor.slot
        self._offset = visitor.slot * _POSE_BYTES
        self._raw = avatars.raw
        self._fresh = avatars.fresh
        self._run_began_s = self._live.now_s()

    def end(self, error: ProtocolError, retry_after_ms: int = -1) -> None:
        """Say why, close, and abort if the peer doesn't close too."""
        transport = self.transport
        self.slot = -1
        if transport is None or transport.is_close_frame_sent:
            return
        bye = wire.Bye(error.code, error.message, retry_after_ms)
        transport.send(_BINARY, wire.encode(bye))
        transport.send_close(_close_code(error), error.code.encode())
        self._live.later(ABORT_AFTER_CLOSE_S, self.abort)

    def abort(self) -> None:
        """End the connection without a word."""
        if self.transport is not None:
            self.transport.disconnect(graceful=False)

    def backlog_bytes(self) -> int:
        """Bytes that wait for the kernel."""
        return self.transport.underlying_transport.get_write_buffer_size() if self.transport else 0

    # --- inside -----------------------------------------------------------------------------------------------------

    def _may_go_on(self) -> bool:
        """A run of poses is over: was it too fast? Then drop this one, and end the connection when it goes on so."""
        self._live.count_poses(_POSES_PER_CHECK, _POSES_PER_CHECK * _HEAD_BYTES)
        now_s = self._live.now_s()
        took_s = now_s - self._run_began_s
        self._run_began_s = now_s
        self._credit = _POSES_PER_CHECK
        if took_s >= _CHECK_PERIOD_S:
            return True
        visitor = self.session.visitor
        if visitor is not None:
            beyond = _POSES_PER_CHECK * (1 - took_s / _CHECK_PERIOD_S)
            try:
                Session.overdo(visitor, now_s, beyond)
            except ProtocolError as error:
                self._live.refuse(self, error)
        return False

    def _other_frame(self, frame: WSFrame, payload: bytes) -> None:
        try:
            kind = frame.msg_type
            if frame.rsv1 or frame.rsv2 or frame.rsv3:
                self._close_quietly(WSCloseCode.PROTOCOL_ERROR, b"reserved bits")
            elif kind is WSMsgType.CLOSE:
                self._answer_close(payload)
            elif kind is WSMsgType.PING:
                if self._control.take(self._live.now_s()) and self.transport is not None:
                    self.transport.send_pong(payload)
            elif kind is WSMsgType.PONG:
                pass
            elif kind is WSMsgType.TEXT:
                raise ProtocolError(ErrorCode.TEXT_FRAME, "Messages are binary.")
            elif (kind is _BINARY) == (self._parts is not None):
                self._close_quietly(WSCloseCode.PROTOCOL_ERROR, b"continuation")
            else:
                self._assemble(payload, frame.fin)
        except ProtocolError as error:
            self._live.refuse(self, error)

    def _assemble(self, payload: bytes, fin: bool) -> None:
        """Put fragments together (RFC 6455 section 5.4), up to the size of one message."""
        parts = self._parts or b""
        if len(parts) + len(payload) > wire.MAX_MESSAGE_BYTES:
            raise ProtocolError(ErrorCode.TOO_LARGE, f"A message may have at most {wire.MAX_MESSAGE_BYTES} bytes.")
        self._parts = None if fin else parts + payload
        if fin:
            self._live.receive(self, parts + payload)

    def _answer_close(self, payload: bytes) -> None:
        if self.transport is not None:
            if not self.transport.is_close_frame_sent:
                if len(payload) < 2 or int.from_bytes(payload[:2], "big") in _LEAVING_CODES:
                    self._live.left(self)
                self.transport.send_close(WSCloseCode.OK)
            self.transport.disconnect()

    def _close_quietly(self, code: WSCloseCode, reason: bytes) -> None:
        self.slot = -1
        if self.transport is not None:
            self.transport.send_close(code, reason)
            self._live.later(ABORT_AFTER_CLOSE_S, self.abort)


def _close_code(error: ProtocolError) -> WSCloseCode:
    # picows' enum takes any number (it is a flexible Cython enum); its type stub doesn't say so.
    return WSCloseCode(error.close_code or WSCloseCode.INTERNAL_ERROR.value)
