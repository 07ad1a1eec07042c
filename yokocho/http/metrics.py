"""`/metrics` for Prometheus, for those whom the operator lets see it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from aiohttp import web

from yokocho.http.addresses import is_in
from yokocho.http.guard import address_of, is_brought
from yokocho.kinds import Network

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"


class MetricsPage:
    """Writes the metrics out."""

    def __init__(self, render: Callable[[], bytes], readers: tuple[Network, ...]) -> None:
        self._render = render
        self._readers = readers

    def add_routes(self, router: web.UrlDispatcher) -> None:
        """Put the page on the router."""
        router.add_get("/metrics", self.metrics)

    async def metrics(self, request: web.Request) -> web.Response:
        """The metrics as text; for others this address does not exist."""
        if is_brought(request) or not is_in(address_of(request), self._readers):
            raise web.HTTPNotFound
        return web.Response(body=self._render(), headers={"Content-Type": CONTENT_TYPE, "Cache-Control": "no-store"})
