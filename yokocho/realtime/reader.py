"""Reads all sockets once a tick.

Theory. Poses are needed at the tick, not when they come. An event loop would wake up for each of them (20,000 times a
second with 1000 visitors); here the kernel collects them, and `read` asks once a tick which sockets have something and
reads it. What is usually there is exactly one pose: 30 bytes on the wire, 50 with hands. Such reads are kept as rows of
one array, unmasked and checked together, and copied to the room's array; everything else goes to the connection's
parser, byte for byte. A row that is not what it looked like goes there too, so nothing is ever judged twice or lost.

A peer that sends more than `MAX_READ_BYTES` a tick is read slower: TCP tells it so.
"""

from __future__ import annotations

import contextlib
import select
from typing import TYPE_CHECKING, Final

import numpy as np
import structlog
from numpy.typing import NDArray

from world import packed
from world.avatars import Avatars

if TYPE_CHECKING:
    from yokocho.realtime.connection import Connection

log = structlog.get_logger(__name__)

MAX_READ_BYTES: Final = 8 * 1024
"""The smallest frames have six bytes, and each is parsed before the first of them can be judged."""

_ROW_BYTES: Final = 64
_MASKED_AT: Final = 6
"""A client's frame below 126 bytes: two bytes of header, four of mask, then the payload (RFC 6455 section 5.2)."""

_BODY_AT: Final = len(packed.POSE_PREFIX) + 1
_FLAGS_AT: Final = _BODY_AT + 2
_FIN_BINARY: Final = 0x82
_MASK_BIT: Final = 0x80


class _Shape:
    """How one kind of pose looks on the wire."""

    def __init__(self, packed_bytes: int, flag: int) -> None:
        self.payload_bytes = _BODY_AT + packed_bytes
        self.frame_bytes = _MASKED_AT + self.payload_bytes
        self.packed_bytes = packed_bytes
        self.flag = flag
        self.header = np.array([_FIN_BINARY, _MASK_BIT | self.payload_bytes], np.uint8)
        self.prefix = np.frombuffer(packed.POSE_PREFIX + bytes((packed_bytes,)), np.uint8)

    def unmask(self, rows: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
        """Payloads of rows that begin with a frame, and which of them really are poses of this shape."""
        masks = rows[:, 2:_MASKED_AT]
        masked = rows[:, _MASKED_AT : self.frame_bytes].reshape(len(rows), -1, 4)
        payloads = (masked ^ masks[:, None, :]).reshape(len(rows), -1)
        good = (rows[:, :2] == self.header).all(axis=1)
        good &= (payloads[:, :_BODY_AT] == self.prefix).all(axis=1)
        good &= payloads[:, _FLAGS_AT] & packed.PoseFlag.HANDS == self.flag
        return payloads, good


_HEAD: Final = _Shape(packed.POSE_HEAD.size, 0)
_FULL: Final = _Shape(packed.POSE_HEAD.size + packed.POSE_HANDS.size, int(packed.PoseFlag.HANDS))
_TWO_HEADS_BYTES: Final = 2 * _HEAD.frame_bytes


class Reader:
    """All sockets of one room.

    Args:
        avatars: where poses go.
        capacity: the largest number of sockets.
    """

    def __init__(self, avatars: Avatars, capacity: int) -> None:
        self._avatars = avatars
        self._raw = np.frombuffer(avatars.raw, np.uint8).reshape(-1, packed.POSE_DTYPE.itemsize)
        self._fresh = np.frombuffer(avatars.fresh, np.uint8)
        # poll() knows the same calls; it is there on systems without epoll.
        self._poll = select.epoll() if hasattr(select, "epoll") else select.poll()
        self._by_fd: dict[int, Connection] = {}
        self._rows = np.zeros((capacity, _ROW_BYTES), np.uint8)
        self._views = [memoryview(row) for row in self._rows]  # type: ignore[arg-type]

    def add(self, connection: Connection) -> None:
        """Watch a socket from now on."""
        fd = connection.sock.fileno()
        self._by_fd[fd] = connection
        self._poll.register(fd, select.POLLIN)

    def remove(self, connection: Connection) -> None:
        """Forget a socket; it is still open."""
        fd = connection.sock.fileno()
        if self._by_fd.pop(fd, None) is not None:
            self._poll.unregister(fd)

    def close(self) -> None:
        """Free the kernel's list."""
        if hasattr(select, "epoll") and isinstance(self._poll, select.epoll):
            self._poll.close()

    def read(self) -> tuple[int, int]:
        """Read what there is. Returns the number of poses that took the short way and their bytes."""
        if not self._by_fd:
            return 0, 0
        rows: list[Connection] = []
        sizes: list[int] = []
        views = self._views
        for fd, _ in self._ready():
            connection = self._by_fd.get(fd)
            if connection is None:
                continue
            row = len(rows)
            try:
                size = connection.recv_into(views[row])
            except BlockingIOError:
                continue
            except OSError:
                size = 0
            if size in _SHORT_WAY and connection.is_plain:
                connection.heard = True
                rows.append(connection)
                sizes.append(size)
            elif size:
                self._long_way(connection, bytes(views[row][:size]))
            else:
                connection.lost()
        return self._take(rows, np.asarray(sizes, np.intp)) if rows else (0, 0)

    def _ready(self) -> list[tuple[int, int]]:
        if hasattr(select, "epoll") and isinstance(self._poll, select.epoll):
            return self._poll.poll(0, len(self._by_fd))
        return self._poll.poll(0)

    def _long_way(self, connection: Connection, data: bytes) -> None:
        """Read the rest, up to the limit, and let the connection parse it."""
        if len(data) == _ROW_BYTES:
            with contextlib.suppress(OSError):
                data += connection.sock.recv(MAX_READ_BYTES - _ROW_BYTES)
        self._give(connection, data)

    @staticmethod
    def _give(connection: Connection, data: bytes) -> None:
        try:
            connection.take(data)
        except Exception:
            # Our fault, for one visitor: the others are read, and have their tick.
            log.exception("connection failed")
            connection.abort()

    def _take(self, rows: list[Connection], sizes: NDArray[np.intp]) -> tuple[int, int]:
        """Poses of all rows at once; what is none goes the long way after all."""
        read = self._rows[: len(rows)]
        taken = np.zeros(len(rows), np.bool_)
        slots = np.fromiter((connection.slot for connection in rows), np.intp, len(rows))
        # Another's message may have ended a connection since its pose was read; its parser drops the pose.
        seated = slots >= 0
        for shape, frame_bytes, at in _SHORT_WAY_SHAPES:
            which = np.flatnonzero((sizes == frame_bytes) & seated)
            if not len(which):
                continue
            payloads, good = shape.unmask(read[which, at : at + shape.frame_bytes])
            if at:
                good &= shape.unmask(read[which, :at])[1]
            taken[which] = good
            if not good.all():
                which, payloads = which[good], payloads[good]
            self._raw[slots[which], : shape.packed_bytes] = payloads[:, _BODY_AT:]
            self._fresh[slots[which]] = 1
        if not taken.all():
            for row in np.flatnonzero(~taken).tolist():
                self._give(rows[row], bytes(self._views[row][: sizes[row]]))
        return int(taken.sum()), int(sizes[taken].sum())


_SHORT_WAY_SHAPES: Final = (
    (_HEAD, _HEAD.frame_bytes, 0),
    (_FULL, _FULL.frame_bytes, 0),
    # Two poses within a tick, because network and tick are not in step: only the second counts.
    (_HEAD, _TWO_HEADS_BYTES, _HEAD.frame_bytes),
)
_SHORT_WAY: Final = frozenset(frame_bytes for _, frame_bytes, _ in _SHORT_WAY_SHAPES)
