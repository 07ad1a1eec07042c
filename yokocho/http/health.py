"""`/healthz`: is the instance well?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Literal, TypeAlias

from aiohttp import web

from yokocho.http.answers import json_answer

Status: TypeAlias = Literal["ok", "stopping", "storage_failed"]


@dataclass(frozen=True, slots=True)
class Health:
    """What a monitor wants to know."""

    status: Status
    version: str
    rooms: int
    visitors: int


class HealthPage:
    """Answers 200 while all is well, else 503."""

    def __init__(self, look: Callable[[], Health]) -> None:
        self._look = look

    def add_routes(self, router: web.UrlDispatcher) -> None:
        """Put the page on the router."""
        router.add_get("/healthz", self.health)

    async def health(self, _request: web.Request) -> web.Response:
        """The state as JSON."""
        health = self._look()
        return json_answer(asdict(health), 200 if health.status == "ok" else 503)
