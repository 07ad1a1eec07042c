"""The talk between a server and the one that relieves it, over a Unix socket in the data directory.

Theory. The talk is short and strictly in turns::

    new   Ask                      old   Here, with its listening sockets
    new   LetGo (all is ready)     old   Estate, with its visitors' sockets; it stands still and holds no data any more
    new   Ready (has the data)     old   Yours (and ends), or Refused (and takes the data back)

Until `Yours` the old server can go on as if nothing had been: it has kept its own copy of every socket. Either may die
at any point. To the old one a broken line before `Yours` means that it goes on; to the new one a broken line means that
the old one is dead, for one that lives says `Refused`. The lock on the data directory stands behind all this: whatever
is misunderstood, two never write.

A message is its size, the number of files that come with it, and msgpack. Fields may be added; both sides ignore what
they don't know and have defaults for what they miss.
"""

from __future__ import annotations

import contextlib
import os
import socket
import struct
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from yokocho.realtime import Luggage
from yokocho.unix_sockets import connect_in, listen_in

SOCKET_NAME: Final = "yokocho.sock"
MAX_MESSAGE_BYTES: Final = 256 * 1024 * 1024
MAX_FILES: Final = 10_000
_HEAD: Final = struct.Struct(">II")
_FILES_AT_ONCE: Final = 200
"""The kernel takes 253."""


class Ask(msgspec.Struct, frozen=True, tag=True):
    """Who is there?"""

    version: str
    process: int


class Here(msgspec.Struct, frozen=True, tag=True):
    """Who serves, and where; the listening sockets come with it."""

    version: str
    process: int
    host: str
    port: int


class LetGo(msgspec.Struct, frozen=True, tag=True):
    """The new server has everything but the data."""


class Estate(msgspec.Struct, frozen=True, tag=True):
    """The room as the old server remembers it. The visitors' sockets come with it, one for each piece of luggage."""

    fingerprint: str
    memory: bytes
    luggage: list[Luggage]


class Ready(msgspec.Struct, frozen=True, tag=True):
    """The new server could begin. `keeps`: with the visitors that it was handed; else they have to come again."""

    keeps: bool


class Yours(msgspec.Struct, frozen=True, tag=True):
    """The old server is out of it, whatever happens now."""


class Refused(msgspec.Struct, frozen=True, tag=True):
    """The old server goes on."""

    reason: str


Message = Ask | Here | LetGo | Estate | Ready | Yours | Refused
M = TypeVar("M", bound=msgspec.Struct)

_encoder: Final = msgspec.msgpack.Encoder()
_decoder: Final = msgspec.msgpack.Decoder(Message)


class LineError(Exception):
    """The talk cannot go on."""


class LineBroken(LineError):
    """The other side is gone."""


class RefusedError(LineError):
    """The other side said no; the text is its reason."""


class Line:
    """One end of the talk. Calls block, with an end: they belong into a thread."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock

    def say(self, message: Message, files: Sequence[int] = (), *, within_s: float) -> None:
        """Send a message and copies of open files.

        Raises:
            LineError: it could not be sent in time, or there is nobody.
        """
        body = _encoder.encode(message)
        with self._talking(within_s):
            self._sock.sendall(_HEAD.pack(len(body), len(files)) + body)
            for first in range(0, len(files), _FILES_AT_ONCE):
                socket.send_fds(self._sock, [b"\x00"], list(files[first : first + _FILES_AT_ONCE]))

    def hear(self, kind: type[M], *, within_s: float) -> tuple[M, list[socket.socket]]:
        """The next message, which has to be of this kind, and the sockets that come with it.

        Raises:
            RefusedError: the other side refuses.
            LineError: nothing came in time, it is something else, or there is nobody.
        """
        with self._talking(within_s), contextlib.ExitStack() as opened:
            size, files = _HEAD.unpack(self._exactly(_HEAD.size))
            if size > MAX_MESSAGE_BYTES or files > MAX_FILES:
                raise LineError("the other server speaks another language")
            message = _decoder.decode(self._exactly(size))
            sockets: list[socket.socket] = []
            while len(sockets) < files:
                for sock in self._sockets():
                    sockets.append(opened.enter_context(sock))
            if isinstance(message, Refused):
                raise RefusedError(message.reason)
            if not isinstance(message, kind):
                raise LineError("the other server speaks out of turn")
            opened.pop_all()
            return message, sockets

    @contextlib.contextmanager
    def _talking(self, within_s: float) -> Iterator[None]:
        """Errors of ours for what sockets and parsers raise."""
        try:
            self._sock.settimeout(within_s)
            yield
        except TimeoutError as error:
            raise LineError("the other server does not answer") from error
        except OSError as error:
            raise LineBroken("the other server is gone") from error
        except msgspec.MsgspecError as error:
            raise LineError("the other server speaks another language") from error

    def _exactly(self, size: int) -> bytes:
        data = bytearray()
        while len(data) < size:
            piece = self._sock.recv(min(size - len(data), 1 << 20))
            if not piece:
                raise LineBroken("the other server is gone")
            data += piece
        return bytes(data)

    def _sockets(self) -> list[socket.socket]:
        mark, files, _, _ = socket.recv_fds(self._sock, 1, _FILES_AT_ONCE)
        if not mark or not files:
            raise LineBroken("the other server is gone")
        for file in files:
            os.set_inheritable(file, False)
        return [socket.socket(fileno=file) for file in files]

    def hang_up(self) -> None:
        """Wake whoever waits on the line, on both sides: nothing more is said."""
        with contextlib.suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Close our end."""
        self._sock.close()


def listen(directory: Path) -> socket.socket:
    """Be reachable in a data directory that we hold; what an earlier server left there is swept away.

    Raises:
        OSError: the directory takes no socket.
    """
    return listen_in(directory, SOCKET_NAME)


def reach(directory: Path, *, within_s: float) -> Line | None:
    """A line to the server that holds a data directory, None when nobody answers there."""
    sock = connect_in(directory, SOCKET_NAME, within_s=within_s)
    return None if sock is None else Line(sock)
