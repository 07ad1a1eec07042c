"""`/api/alley`: what the arrival page says before the socket is open."""

from __future__ import annotations

from collections.abc import Callable

from aiohttp import web

from world.scene import Room
from yokocho.http.across import Across
from yokocho.http.answers import json_answer


class AlleyPage:
    """A summary of the alley as JSON. `neighbours` are the alleys that one can walk to from here."""

    def __init__(
        self,
        room: Room,
        capacity: int,
        visitors: Callable[[], int],
        *,
        neighbours: tuple[str, ...],
        across: Across,
    ) -> None:
        self._room = room
        self._capacity = capacity
        self._visitors = visitors
        self._neighbours = neighbours
        self._across = across

    def add_routes(self, router: web.UrlDispatcher) -> None:
        """Put the page on the router."""
        router.add_get("/api/alley", self._across(self.alley))

    async def alley(self, _request: web.Request) -> web.Response:
        """Title and words in every language there is, and how full it is."""
        return json_answer(
            {
                "title": self._room.title,
                "about": self._room.about,
                "visitors": self._visitors(),
                "capacity": self._capacity,
                "languages": list(self._room.title),
                "neighbours": self._neighbours,
            }
        )
