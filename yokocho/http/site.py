"""The web side of an instance: the pages on one aiohttp application, and the sockets it is served on."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterable
from typing import Protocol

from aiohttp import web

from yokocho.http.across import tell_caches
from yokocho.http.answers import security_headers
from yokocho.http.guard import add_headers, guard
from yokocho.http.listen import BACKLOG
from yokocho.http.server import Connection, Gate, Limits


class Page(Protocol):
    """One subject of the site."""

    def add_routes(self, router: web.UrlDispatcher) -> None:
        """Put its pages on the router."""


class Site:
    """Serves pages and the live endpoint on sockets that are bound already."""

    def __init__(
        self,
        pages: Iterable[Page],
        live: Callable[[web.Request], Awaitable[web.StreamResponse]],
        *,
        origins: tuple[str, ...],
        neighbours: tuple[str, ...] = (),
        limits: Limits,
        shutdown_timeout_s: float,
    ) -> None:
        self._limits = limits
        self._headers = security_headers(origins, neighbours)
        self.gate = Gate(limits)
        application = web.Application(middlewares=[guard(limits.proxies, Gate(limits))])
        application.on_response_prepare.append(add_headers(self._headers))
        application.on_response_prepare.append(tell_caches)
        for page in pages:
            page.add_routes(application.router)
        application.router.add_get("/live", live)
        self._runner = web.AppRunner(application, shutdown_timeout=shutdown_timeout_s)
        self._servers: list[asyncio.Server] = []

    async def start(self, sockets: Iterable[socket.socket]) -> None:
        """Begin to answer."""
        await self._runner.setup()
        await self.accept(sockets)

    async def accept(self, sockets: Iterable[socket.socket]) -> None:
        """Take connections, until `stop_accepting`. The sockets stay the caller's: whoever else has them goes on."""
        if self._servers:
            return
        loop = asyncio.get_running_loop()
        for sock in sockets:
            self._servers.append(await loop.create_server(self._connection, sock=sock.dup(), backlog=BACKLOG))

    def _connection(self) -> Connection:
        server = self._runner.server
        assert server is not None
        return Connection(server, self.gate, self._limits, self._headers, loop=asyncio.get_running_loop())

    def stop_accepting(self) -> None:
        """Take no further connections; those that are open go on."""
        for server in self._servers:
            server.close()
        self._servers.clear()

    async def stop(self) -> None:
        """Let running requests end, then close what is open."""
        self.stop_accepting()
        await self._runner.cleanup()
