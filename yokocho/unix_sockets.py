"""Sockets in the data directory, for those who may write there: our own user and root."""

from __future__ import annotations

import contextlib
import os
import socket
import struct
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_LONGEST_PATH: Final = 100
"""Addresses of Unix sockets have 108 bytes, on some systems 104."""


def listen_in(directory: Path, name: str) -> socket.socket:
    """Be reachable in a data directory that we hold; what an earlier server left there is swept away.

    Raises:
        OSError: the directory takes no socket.
    """
    (directory / name).unlink(missing_ok=True)
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(0o177)
    try:
        with _address(directory, name) as address:
            sock.bind(address)
        sock.listen(4)
        sock.setblocking(False)
    except OSError:
        sock.close()
        raise
    finally:
        os.umask(before)
    return sock


def sweep(directory: Path, *names: str) -> None:
    """Leave no sockets behind in a data directory that we hold: they would be in the way of who copies it."""
    for name in names:
        with contextlib.suppress(OSError):
            (directory / name).unlink(missing_ok=True)


def connect_in(directory: Path, name: str, *, within_s: float) -> socket.socket | None:
    """A connection to the server that holds a data directory, None when nobody answers there."""
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    sock.settimeout(within_s)
    try:
        with _address(directory, name) as address:
            sock.connect(address)
    except OSError:
        sock.close()
        return None
    return sock


def is_own(sock: socket.socket) -> bool:
    """Whether the other end belongs to our own user or to root. Where the system can't say, the file's mode does."""
    if not hasattr(socket, "SO_PEERCRED"):
        return True
    _, user, _ = struct.unpack("3i", sock.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i")))
    return user in (os.geteuid(), 0)


@contextlib.contextmanager
def _address(directory: Path, name: str) -> Iterator[str]:
    """The socket's address; a path that is too long for one is shortened through the process's own files."""
    path = str(directory.absolute() / name)
    if len(os.fsencode(path)) <= _LONGEST_PATH or sys.platform != "linux":
        yield path
        return
    file = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{file}/{name}"
    finally:
        os.close(file)
