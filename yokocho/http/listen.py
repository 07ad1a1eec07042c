"""Taking the address before anything else is begun, and what that address is called from outside."""

from __future__ import annotations

import contextlib
import errno
import resource
import socket
from typing import Final

from yokocho.errors import ListenError
from yokocho.kinds import origin_of

BACKLOG: Final = 512
FILES_BESIDE: Final = 100
"""Files that a server has open beside its connections, generously."""

_EVERYWHERE: Final = frozenset({"0.0.0.0", "::"})  # noqa: S104 - compared, not listened on
_LOOPBACK_NAMES: Final = ("127.0.0.1", "localhost", "::1")


def bind(host: str, port: int) -> list[socket.socket]:
    """Sockets bound to the address; they listen later.

    Raises:
        ListenError: the address is taken, not ours, or unknown.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not a host name"
        raise ListenError(f"The address {host} is unknown: {reason}.") from error
    sockets: list[socket.socket] = []
    try:
        for family, kind, protocol, _, address in dict.fromkeys(found):
            chosen = sockets[0].getsockname()[1] if sockets else port
            sockets.append(_bind_one(family, kind, protocol, (address[0], chosen, *address[2:])))
    except OSError as error:
        for sock in sockets:
            sock.close()
        raise ListenError(_why(error, host, port)) from error
    return sockets


def _bind_one(family: int, kind: int, protocol: int, address: tuple[object, ...]) -> socket.socket:
    sock = socket.socket(family, kind, protocol)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        sock.setblocking(False)
        sock.bind(address)
        # Only `listen` finds out that somebody else listens here already.
        sock.listen(BACKLOG)
    except OSError:
        sock.close()
        raise
    return sock


def _why(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} on {host} is taken by another program; choose another with --port."
    if error.errno == errno.EACCES:
        return f"Port {port} on {host} is not open to this user; ports below 1024 often are not."
    if error.errno == errno.EADDRNOTAVAIL:
        return f"The address {host} does not belong to this machine."
    return f"Cannot listen on {host} port {port}: {error.strerror}."


def room_for_sockets(wanted: int) -> int:
    """Raise this process's limit of open files to hold `wanted` sockets and a few files; how many it then holds.

    Many systems give a process 1,024 and let it ask for more.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = wanted + FILES_BESIDE
    if soft < needed:
        more = needed if hard == resource.RLIM_INFINITY else min(needed, hard)
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (more, hard))
            soft = more
    return soft - FILES_BESIDE


def local_origins(host: str, port: int) -> tuple[str, ...]:
    """How browsers on this machine, and near it when listening everywhere, name a server at this address."""
    if host in _EVERYWHERE:
        names = [*_LOOPBACK_NAMES, socket.gethostname(), *_own_addresses()]
    elif host in _LOOPBACK_NAMES:
        names = [host, *(name for name in _LOOPBACK_NAMES if name != host)]
    else:
        names = [host]
    return tuple(dict.fromkeys(origin_of("http", name.lower(), port) for name in names))


def _own_addresses() -> list[str]:
    """Addresses under which the neighbourhood may reach this machine; found without sending anything."""
    addresses: list[str] = []
    for family, elsewhere in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as probe:
                probe.connect((elsewhere, 9))
                addresses.append(probe.getsockname()[0])
        except OSError:
            continue
    return addresses
