"""Telling the service manager how we are: systemd's notify protocol, one datagram to the socket in NOTIFY_SOCKET.

`MAINPID` matters: a server that was relieved ends, and the service goes on with the one that took over.
"""

from __future__ import annotations

import contextlib
import os
import socket
import time
from collections.abc import Mapping
from typing import Final

_VARIABLE: Final = "NOTIFY_SOCKET"


def tell_manager(environ: Mapping[str, str], *lines: str) -> bool:
    """Send these lines; False when nobody wants to know."""
    address = environ.get(_VARIABLE, "")
    if not address.startswith(("/", "@")):
        return False
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
        sock.setblocking(False)
        sock.connect("\0" + address[1:] if address[0] == "@" else address)
        sock.send("\n".join(lines).encode())
        return True
    return False


def tell_open(environ: Mapping[str, str]) -> None:
    """We serve, and we are the service now."""
    tell_manager(environ, "READY=1", f"MAINPID={os.getpid()}")


def tell_reloading(environ: Mapping[str, str]) -> None:
    """Another server is about to take over."""
    tell_manager(environ, "RELOADING=1", f"MONOTONIC_USEC={time.monotonic_ns() // 1000}")


def tell_stopping(environ: Mapping[str, str]) -> None:
    """The way out has begun."""
    tell_manager(environ, "STOPPING=1")
