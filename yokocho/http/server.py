"""The connections below the requests: who gets one, and how long it may dawdle.

Theory. aiohttp waits for ever for a request head, so a few hundred idle sockets would starve everybody. A `Connection`
must send its first whole head within `handshake_timeout_s`, however it drips; later heads fall under the keep-alive
time; and a peer that takes nothing of what we send is cut off by the kernel after `stalled_timeout_s`
(TCP_USER_TIMEOUT). A `Gate` counts open connections in total and per address; whoever comes on top of that hears 503
and why. Connections from listed proxies count in total only: behind them, addresses are counted per request.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

import msgspec
from aiohttp import web
from aiohttp.web_protocol import RequestHandler

from yokocho.http.addresses import UNKNOWN, Address, cap_key, is_in, parse_address
from yokocho.http.answers import error_answer
from yokocho.kinds import Network

REFUSAL_LINGER_S: Final = 1.0
"""How long a refused peer has to read why."""

MAX_LINE_BYTES: Final = 8190
MAX_HEADERS: Final = 64
BODY_LINGER_S: Final = 1.0
"""How long the rest of a request body that nobody wants is read before the connection is closed."""

_log: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Limits:
    """How many connections there may be, and their patience."""

    total: int
    per_address: int
    proxies: tuple[Network, ...]
    handshake_timeout_s: float
    keepalive_timeout_s: float
    stalled_timeout_s: float


class Gate:
    """Counts what is open. One for connections by peer, and the same for requests by client behind a proxy."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._by_address: Counter[str] = Counter()
        self.open = 0
        self.refused = 0

    def enter(self, address: Address) -> str | None:
        """Count one more; or, without counting, the code of the reason why not."""
        direct = not is_in(address, self._limits.proxies)
        if self.open >= self._limits.total:
            self.refused += 1
            return "too_many_connections"
        if direct and self._by_address[cap_key(address)] >= self._limits.per_address:
            self.refused += 1
            return "too_many_connections_from_address"
        self.open += 1
        self._by_address[cap_key(address)] += 1
        return None

    def leave(self, address: Address) -> None:
        """Count one less."""
        key = cap_key(address)
        self.open -= 1
        self._by_address[key] -= 1
        if self._by_address[key] <= 0:
            del self._by_address[key]


REASONS: Final[dict[str, str]] = {
    "too_many_connections": "The alley has as many connections as it can take; please try again soon.",
    "too_many_connections_from_address": "Your address has too many open connections; please close some.",
}


class Connection(RequestHandler):
    """One TCP connection under the limits."""

    __slots__ = ("_address", "_counted", "_deadline", "_gate", "_headers", "_limits", "_refused")

    def __init__(
        self, server: web.Server, gate: Gate, limits: Limits, headers: Mapping[str, str], **options: Any
    ) -> None:
        super().__init__(
            server,
            keepalive_timeout=limits.keepalive_timeout_s,
            lingering_time=BODY_LINGER_S,
            max_line_size=MAX_LINE_BYTES,
            max_field_size=MAX_LINE_BYTES,
            max_headers=MAX_HEADERS,
            auto_decompress=False,  # nothing here takes packed bodies, and a small one may hold a large one
            **{"access_log": None, "logger": _log, **options},
        )
        self._gate = gate
        self._limits = limits
        self._headers = headers
        self._address: Address = UNKNOWN
        self._deadline: asyncio.TimerHandle | None = None
        self._counted = False
        self._refused = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Count the peer in, or tell it why not; start its clock."""
        peer = transport.get_extra_info("peername")
        self._address = (parse_address(peer[0]) if isinstance(peer, tuple) else None) or UNKNOWN
        reason = self._gate.enter(self._address)
        if reason is not None:
            # A cast, no check: uvloop's transports don't inherit from asyncio's.
            self._refuse(cast("asyncio.Transport", transport), reason)
            return
        self._counted = True
        super().connection_made(transport)
        _cut_off_when_stalled(transport, self._limits.stalled_timeout_s)
        self._deadline = self._loop.call_later(self._limits.handshake_timeout_s, self._check_first_head)

    def _refuse(self, transport: asyncio.Transport, reason: str) -> None:
        self._refused = True
        transport.write(_raw_refusal(reason, self._headers))
        if transport.can_write_eof():
            transport.write_eof()
        self._deadline = self._loop.call_later(REFUSAL_LINGER_S, transport.abort)

    def _check_first_head(self) -> None:
        self._deadline = None
        if self._request_count == 0 and self.transport is not None:
            self.transport.abort()

    def data_received(self, data: bytes) -> None:
        """Parse, unless the peer was refused."""
        if not self._refused:
            super().data_received(data)

    def connection_lost(self, exc: BaseException | None) -> None:
        """Count the peer out, once: a connection that became a WebSocket is lost to us before its transport ends."""
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
        if self._counted:
            self._counted = False
            self._gate.leave(self._address)
            super().connection_lost(exc)

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Answer a request that was no HTTP, or whose handler broke, in our own words."""
        if status >= 500:
            self.log_exception("A request failed.", exc_info=exc)
        else:
            _log.debug("A request was no HTTP: %s", message)
        if request.writer.output_size > 0:
            raise ConnectionError("the answer had begun")
        answer = error_answer(status, headers=self._headers)
        answer.force_close()
        return answer

    def log_exception(self, *args: Any, exc_info: Any = None, **kwargs: Any) -> None:
        """Write down what failed; a peer who went away, or sent no proper body, is nothing for an operator."""
        level = logging.DEBUG if isinstance(exc_info, ConnectionError | web.RequestPayloadError) else logging.ERROR
        _log.log(level, *args, exc_info=exc_info, **kwargs)


def _raw_refusal(reason: str, headers: Mapping[str, str]) -> bytes:
    """A whole HTTP answer, for a peer that we don't even want to parse."""
    body = msgspec.json.encode({"error": reason, "message": REASONS[reason]})
    head = {
        **headers,
        "Content-Type": "application/json; charset=utf-8",
        "Content-Length": str(len(body)),
        "Cache-Control": "no-store",
        "Retry-After": "5",
        "Connection": "close",
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
    return f"HTTP/1.1 503 Service Unavailable\r\n{lines}\r\n".encode() + body


def _cut_off_when_stalled(transport: asyncio.BaseTransport, after_s: float) -> None:
    sock = transport.get_extra_info("socket")
    if sock is not None and hasattr(socket, "TCP_USER_TIMEOUT"):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(after_s * 1000))
