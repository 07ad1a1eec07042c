"""Take an upgraded connection away from aiohttp.

aiohttp accepts the connection, reads the request head (with our deadline and caps) and routes it. For the frames that
follow we want the bare socket, because it is read once a tick and not whenever a packet comes (see `reader`). So the
handler answers the handshake, duplicates the socket's file descriptor, and lets aiohttp and its event loop close
theirs; the connection lives on through ours.

TLS is the business of the reverse proxy: a bare socket has none.
"""

from __future__ import annotations

import os
import socket
from http import HTTPStatus
from typing import Final

from aiohttp import web
from aiohttp.abc import AbstractStreamWriter
from websockets.datastructures import Headers
from websockets.http11 import Request
from websockets.server import ServerProtocol


class TakenOver(web.Response):
    """What the handler returns after a takeover: nothing is written, the connection isn't aiohttp's any more."""

    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter | None:
        """Write no head."""
        return None

    async def write_eof(self, data: bytes = b"") -> None:
        """Write no body."""


class NotAHandshake(Exception):
    """The request is no valid WebSocket handshake (RFC 6455 section 4.2.1).

    `response` is the answer that says so.
    """

    def __init__(self, response: web.Response) -> None:
        super().__init__(response.text)
        self.response = response


_HOP_HEADERS: Final = frozenset({"connection", "content-length", "content-type", "date"})


def take_over(request: web.Request) -> tuple[socket.socket, bytes]:
    """Answer the handshake and take the socket.

    Returns:
        the socket, non-blocking, and what the peer sent right behind its handshake.

    Raises:
        NotAHandshake: the request is refused; the connection is still aiohttp's.
        ConnectionResetError: the peer is gone already.
    """
    http = request.protocol
    transport = request.transport
    if transport is None or transport.is_closing():
        raise ConnectionResetError("the peer left during the handshake")
    answer = _handshake(request)
    sock = socket.socket(fileno=os.dup(transport.get_extra_info("socket").fileno()))
    sock.setblocking(False)
    early = bytes(http._message_tail)  # noqa: SLF001 - aiohttp has no public way to hand a connection over
    transport.abort()
    http.transport = None
    http.connection_lost(None)
    try:
        sent = sock.send(answer)
    except OSError:
        sent = 0
    if sent != len(answer):
        sock.close()
        raise ConnectionResetError("the peer left during the handshake")
    return sock, early


def _handshake(request: web.Request) -> bytes:
    """The bytes of the 101 response, or `NotAHandshake`."""
    headers = Headers((name.decode("latin-1"), value.decode("latin-1")) for name, value in request.raw_headers)
    protocol = ServerProtocol(extensions=None)
    response = protocol.accept(Request(request.path_qs, headers))
    if response.status_code == HTTPStatus.SWITCHING_PROTOCOLS:
        return response.serialize()
    kept = {name: value for name, value in response.headers.raw_items() if name.lower() not in _HOP_HEADERS}
    body = {"error": "not_a_websocket_handshake", "message": "This address speaks WebSocket."}
    raise NotAHandshake(web.json_response(body, status=response.status_code, headers=kept))
