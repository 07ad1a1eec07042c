"""Hand an upgraded connection from aiohttp to picows.

aiohttp accepts the connection, reads the request head (with our deadline and caps) and routes it; for the frames that
follow its own WebSocket costs about 1.6 times as much CPU as picows, and doesn't close on unmasked frames. So after the
handler has checked the request, the transport gets picows' protocol, which answers the handshake itself from the
replayed request head, and aiohttp's protocol is told that its connection is gone.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, Final

from aiohttp import web
from aiohttp.abc import AbstractStreamWriter
from picows import WSAutoPingStrategy, WSListener
from picows.picows import WSProtocol  # type: ignore[attr-defined]

_HANDSHAKE_TIMEOUT_S: Final = 5
_READ_BUFFER_BYTES: Final = 2048
"""A pose is 30 bytes; the buffer grows for what is larger. It is most of a connection's memory."""

# What peers do wrong is counted and answered by close codes; picows would log each as an error of ours.
_logger = logging.getLogger("yokocho.picows")
_logger.setLevel(logging.CRITICAL)


class TakenOver(web.Response):
    """What the handler returns after a takeover: nothing is written, the connection isn't aiohttp's any more."""

    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter | None:
        """Write no head."""
        return None

    async def write_eof(self, data: bytes = b"") -> None:
        """Write no body."""


def take_over(request: web.Request, make_listener: Callable[[], WSListener], max_frame_bytes: int) -> TakenOver:
    """Give the connection of a WebSocket handshake to a picows listener.

    The listener's `on_ws_connected` runs before this returns. A request that is no valid handshake is answered with
    400 by picows and closed.

    Raises:
        ConnectionResetError: the peer is gone already.
    """
    http = request.protocol
    transport = request.transport
    if transport is None or transport.is_closing():
        raise ConnectionResetError("the peer left during the handshake")
    protocol = WSProtocol(
        None,
        None,
        False,
        lambda _request: make_listener(),
        _logger,
        True,
        _HANDSHAKE_TIMEOUT_S,
        False,
        20,
        20,
        WSAutoPingStrategy.PING_WHEN_IDLE,
        False,
        max_frame_bytes,
        None,
        _READ_BUFFER_BYTES,
    )
    head = b"".join((b"GET / HTTP/1.1\r\n", *(b"%b: %b\r\n" % field for field in request.raw_headers), b"\r\n"))
    # What the peer sent right behind its handshake, without waiting for our answer.
    early = http._message_tail  # noqa: SLF001 - aiohttp has no public way to hand a connection over
    transport.set_protocol(protocol)
    http.transport = None
    http.connection_lost(None)
    protocol.connection_made(transport)
    _feed(protocol, head + early)
    return TakenOver()


def _feed(protocol: Any, data: bytes) -> None:
    """Give bytes to a buffered protocol as a transport would."""
    while data:
        buffer = protocol.get_buffer(-1)
        count = min(len(buffer), len(data))
        buffer[:count] = data[:count]
        protocol.buffer_updated(count)
        data = data[count:]
