"""Reads all sockets once a tick.

Theory. Poses are needed at the tick, not when they come. An event loop would wake up for each of them (20,000 times a
second with 1000 visitors); here the kernel collects them, and `read` asks once a tick which sockets have something and
reads it. What is usually there is exactly one pose: 30 bytes on the wire, 50 with hands. Such reads are kept as rows of
one array, unmasked and checked together, and copied to the room's array; everything else goes to the connection's
parser afterwards, byte for byte. A row that is not what it looked like goes there too, so nothing is ever judged twice
or lost. The loop over the sockets touches nothing but the list of their `recv_into`: what is kept for each connection
would have to come from memory that the kernel's work has just pushed out of the cache. When nearly all sockets had
something at the last tick, as when everybody walks, all are tried without asking the kernel which.

A peer that sends more than `MAX_READ_BYTES` a tick is read slower: TCP tells it so.
"""

from __future__ import annotations

import contextlib
import select
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import numpy as np
import structlog
from numpy.typing import NDArray

from world import packed
from world.avatars import Avatars

if TYPE_CHECKING:
    from yokocho.realtime.connection import Connection

log = structlog.get_logger(__name__)

MAX_READ_BYTES: Final = 6 * 1024
"""The smallest frames have six bytes, and each is parsed before the first of them can be judged."""

_ROW_BYTES: Final = 256
_ROW_WORDS: Final = 65
_FRAME_WORDS: Final = 17
_ROW_AT: Final = 2
"""Rows are read into from here on, so that the mask and the payload behind it lie on whole words."""

_MOST_POSES: Final = 8
"""So many within a tick are read as rows; more are the parser's business, which charges for them."""

_MASK_WORD: Final = 1
_PAYLOAD_WORD: Final = 2
_MASKED_AT: Final = 6
"""A client's frame below 126 bytes: two bytes of header, four of mask, then the payload (RFC 6455 section 5.2)."""

_PREFIX_BYTES: Final = len(packed.POSE_PREFIX) + 1
_FLAGS_SHIFT: Final = np.uint32(16)
"""A payload is one word of prefix, then the packed pose; its flags are the third byte of its first word."""

_BUSY_SHARE: Final = 0.8
"""Asking the kernel costs half of what a read in vain does, but it is paid for each socket that has something."""

NO_SLOT: Final = -1
_NOTHING: Final = -1
_ENDED: Final = 0
"""In place of how many bytes were read."""

_FIN_BINARY: Final = 0x82
_MASK_BIT: Final = 0x80


class _Shape:
    """How one kind of pose looks on the wire."""

    def __init__(self, packed_bytes: int, flag: int) -> None:
        payload_bytes = _PREFIX_BYTES + packed_bytes
        self.frame_bytes = _MASKED_AT + payload_bytes
        self.packed_words = packed_bytes // 4
        self.header_bytes = bytes((_FIN_BINARY, _MASK_BIT | payload_bytes))
        self.header = np.uint16(int.from_bytes(self.header_bytes, "little"))
        self.prefix = np.uint32(int.from_bytes(packed.POSE_PREFIX + bytes((packed_bytes,)), "little"))
        self.flag = np.uint32(flag)

    def unmask(self, frames: NDArray[np.uint32]) -> tuple[NDArray[np.uint32], NDArray[np.bool_]]:
        """Packed poses of rows that hold a frame, and which of them really are poses of this shape."""
        payloads = frames[:, _PAYLOAD_WORD : _PAYLOAD_WORD + 1 + self.packed_words] ^ frames[:, _MASK_WORD, None]
        good = frames.view("<u2")[:, 1] == self.header
        good &= payloads[:, 0] == self.prefix
        good &= payloads[:, 1] >> _FLAGS_SHIFT & np.uint32(packed.PoseFlag.HANDS) == self.flag
        return payloads[:, 1:], good


_HEAD: Final = _Shape(packed.POSE_HEAD.size, 0)
_FULL: Final = _Shape(packed.POSE_HEAD.size + packed.POSE_HANDS.size, int(packed.PoseFlag.HANDS))


def overtaken_poses(data: bytes) -> tuple[int, int]:
    """How many plain poses at the beginning of `data` are followed by another one, and how many bytes they take.

    Only the newest pose counts. There are several when the network or the server stood still for a while; to parse
    each of them then would keep a busy server from ever catching up.
    """
    for shape in (_HEAD, _FULL):
        size = shape.frame_bytes
        if data.startswith(shape.header_bytes) and data.startswith(shape.header_bytes, size):
            count = len(data) // size
            rows = np.zeros((count, _FRAME_WORDS), "<u4")
            frames = np.frombuffer(data, np.uint8, count * size).reshape(count, size)
            rows.view(np.uint8)[:, _ROW_AT : _ROW_AT + size] = frames
            good = shape.unmask(rows)[1]
            overtaken = (count if good.all() else int(good.argmin())) - 1
            return max(0, overtaken), max(0, overtaken) * size
    return 0, 0


class Reader:
    """All sockets of one room.

    Args:
        avatars: where poses go.
        capacity: the largest number of sockets.
    """

    def __init__(self, avatars: Avatars, capacity: int) -> None:
        self._avatars = avatars
        self._raw = np.frombuffer(avatars.raw, "<u4").reshape(-1, packed.POSE_DTYPE.itemsize // 4)
        self._fresh = np.frombuffer(avatars.fresh, np.uint8)
        # poll() knows the same calls; it is there on systems without epoll.
        self._poll = select.epoll() if hasattr(select, "epoll") else select.poll()
        self._by_fd: dict[int, Connection] = {}
        self._rows = np.zeros((capacity, _ROW_WORDS), "<u4")
        bytes_of_rows = self._rows.view(np.uint8)[:, _ROW_AT : _ROW_AT + _ROW_BYTES]
        self._views = [memoryview(row) for row in bytes_of_rows]
        self._is_busy = False
        # By file descriptor: how to read it, whose plain poses come on it (-1: nobody's), whether anything came
        # since `silent` was called, and for how many calls nothing did.
        self._receivers: list[Callable[[memoryview], int] | None] = []
        self._slots = np.zeros(0, np.intp)
        self._heard = np.zeros(0, np.bool_)
        self._silent_calls = np.zeros(0, np.intp)

    def add(self, connection: Connection) -> None:
        """Watch a socket from now on."""
        fd = connection.sock.fileno()
        missing = fd + 1 - len(self._receivers)
        if missing > 0:
            self._receivers += [None] * missing
            self._slots = np.concatenate((self._slots, np.full(missing, NO_SLOT)))
            self._heard = np.concatenate((self._heard, np.zeros(missing, np.bool_)))
            self._silent_calls = np.concatenate((self._silent_calls, np.zeros(missing, np.intp)))
        self._by_fd[fd] = connection
        self._receivers[fd] = connection.sock.recv_into
        self._slots[fd] = NO_SLOT
        self._heard[fd] = True
        self._poll.register(fd, select.POLLIN)

    def remove(self, connection: Connection) -> None:
        """Forget a socket; it is still open."""
        fd = connection.sock.fileno()
        if self._by_fd.pop(fd, None) is not None:
            self._receivers[fd] = None
            self._slots[fd] = NO_SLOT
            self._poll.unregister(fd)

    def expect(self, connection: Connection, slot: int) -> None:
        """Plain poses of a socket are this slot's from now on; `NO_SLOT`: all it sends goes to its parser."""
        fd = connection.sock.fileno()
        if fd in self._by_fd:
            self._slots[fd] = slot

    def silent(self) -> list[tuple[Connection, int]]:
        """Sockets that sent nothing since the last call, and since how many calls."""
        self._silent_calls += 1
        self._silent_calls[self._heard] = 0
        self._heard[:] = False
        quiet = [(self._by_fd.get(fd), int(self._silent_calls[fd])) for fd in self._silent_calls.nonzero()[0].tolist()]
        return [(connection, calls) for connection, calls in quiet if connection is not None]

    def close(self) -> None:
        """Free the kernel's list."""
        if hasattr(select, "epoll") and isinstance(self._poll, select.epoll):
            self._poll.close()

    def read(self) -> tuple[int, int]:
        """Read what there is. Returns the number of poses that took the short way and their bytes."""
        if not self._by_fd:
            return 0, 0
        fds = list(self._by_fd) if self._is_busy else [fd for fd, _ in self._ready()]
        if not fds:
            return 0, 0
        receivers = self._receivers
        sizes: list[int] = []
        for fd, view in zip(fds, self._views, strict=False):
            try:
                sizes.append(receivers[fd](view))  # type: ignore[misc]
            except BlockingIOError:
                sizes.append(_NOTHING)
            except OSError:
                sizes.append(_ENDED)
        read_bytes = np.asarray(sizes, np.intp)
        numbers = np.asarray(fds, np.intp)
        something = read_bytes != _NOTHING
        self._is_busy = bool(np.count_nonzero(something) >= _BUSY_SHARE * len(self._by_fd))
        self._heard[numbers[something]] = True
        taken = self._take(self._slots[numbers], read_bytes)
        for row in (~taken).nonzero()[0].tolist():
            connection = self._by_fd.get(fds[row])
            if connection is None or sizes[row] == _NOTHING:
                continue
            if sizes[row] == _ENDED:
                connection.lost()
            else:
                self._long_way(connection, bytes(self._views[row][: sizes[row]]))
        return int(taken.sum()), int(read_bytes[taken].sum())

    def _ready(self) -> list[tuple[int, int]]:
        if hasattr(select, "epoll") and isinstance(self._poll, select.epoll):
            return self._poll.poll(0, len(self._by_fd))
        return self._poll.poll(0)

    @staticmethod
    def _long_way(connection: Connection, data: bytes) -> None:
        """Read the rest, up to the limit, and let the connection parse it."""
        if len(data) == _ROW_BYTES:
            with contextlib.suppress(OSError):
                data += connection.sock.recv(MAX_READ_BYTES - _ROW_BYTES)
        try:
            connection.take(data)
        except Exception:
            # Our fault, for one visitor: the others are read, and have their tick.
            log.exception("connection failed")
            connection.abort()

    def _take(self, slots: NDArray[np.intp], sizes: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Take the plain poses among the rows just read; says of each row whether it was one."""
        taken = np.zeros(len(sizes), np.bool_)
        seated = slots != NO_SLOT
        for shape in (_HEAD, _FULL):
            which = ((sizes == shape.frame_bytes) & seated).nonzero()[0]
            if len(which):
                self._put(slots, which, *shape.unmask(self._rows[which, :_FRAME_WORDS]), taken)
        if sizes.max() > _HEAD.frame_bytes:
            for count in range(2, _MOST_POSES + 1):
                self._take_newest(count, slots, ((sizes == count * _HEAD.frame_bytes) & seated).nonzero()[0], taken)
        return taken

    def _take_newest(
        self, count: int, slots: NDArray[np.intp], which: NDArray[np.intp], taken: NDArray[np.bool_]
    ) -> None:
        """Several poses within a tick, because network and tick are not in step, or we are late: the last counts."""
        if not len(which):
            return
        size = _HEAD.frame_bytes
        read = self._rows[which].view(np.uint8)[:, _ROW_AT : _ROW_AT + count * size].reshape(len(which), count, size)
        frames = np.zeros((count, len(which), _FRAME_WORDS), "<u4")
        frames.view(np.uint8)[:, :, _ROW_AT : _ROW_AT + size] = read.swapaxes(0, 1)
        poses, good = _HEAD.unmask(frames[-1])
        for overtaken in frames[:-1]:
            good &= _HEAD.unmask(overtaken)[1]
        self._put(slots, which, poses, good, taken)

    def _put(
        self,
        slots: NDArray[np.intp],
        which: NDArray[np.intp],
        poses: NDArray[np.uint32],
        good: NDArray[np.bool_],
        taken: NDArray[np.bool_],
    ) -> None:
        if not good.all():
            which, poses = which[good], poses[good]
        taken[which] = True
        theirs = slots[which]
        self._raw[theirs, : poses.shape[1]] = poses
        self._fresh[theirs] = 1
