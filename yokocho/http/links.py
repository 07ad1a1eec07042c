"""`/api/links/<id>/<side>`: where two devices of one person leave letters for each other.

The instance can't read them: they are sealed with a key that stands in a QR code, and named by a hash of it. They lie
in memory for ten minutes. Whoever knows the name may write and read; nobody can guess it (128 bits), and a letter that
was replaced does not open.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Final

from aiohttp import web

from yokocho.http.answers import error_answer
from yokocho.http.bodies import read_whole
from yokocho.http.private import Private

LIFE_S: Final = 600.0
MAX_LETTER_BYTES: Final = 64 * 1024
MAX_LETTERS: Final = 500
"""So at most 32 MB; when it is full, the oldest letter makes room."""

_ID: Final = re.compile(r"[\w-]{22}", re.ASCII)
_SIDES: Final = frozenset({"new", "old"})


class LinkPages:
    """The mailbox."""

    def __init__(self, private: Private, clock: Callable[[], float] = time.monotonic) -> None:
        self._private = private
        self._clock = clock
        self._letters: dict[tuple[str, str], tuple[float, bytes]] = {}

    def add_routes(self, router: web.UrlDispatcher) -> None:
        """Put the mailbox on the router."""
        router.add_put("/api/links/{id}/{side}", self._private.open(self.put))
        router.add_get("/api/links/{id}/{side}", self._private.open(self.get))

    async def put(self, request: web.Request) -> web.Response:
        """Leave a letter; an earlier one of this side is replaced."""
        box = self._box(request)
        letter = await read_whole(request, MAX_LETTER_BYTES)
        if not letter:
            return error_answer(400)
        self._letters.pop(box, None)
        while len(self._letters) >= MAX_LETTERS:
            del self._letters[next(iter(self._letters))]
        self._letters[box] = (self._clock() + LIFE_S, letter)
        return web.Response(status=204)

    async def get(self, request: web.Request) -> web.Response:
        """Read a letter; 204 while there is none."""
        self._sweep()
        _, letter = self._letters.get(self._box(request), (0.0, None))
        if letter is None:
            return web.Response(status=204, headers={"Cache-Control": "no-store"})
        headers = {"Cache-Control": "no-store", "Content-Disposition": "attachment"}
        return web.Response(body=letter, content_type="application/octet-stream", headers=headers)

    def _sweep(self) -> None:
        """All live equally long, so the oldest stand in front."""
        now_s = self._clock()
        while self._letters and self._letters[next(iter(self._letters))][0] <= now_s:
            del self._letters[next(iter(self._letters))]

    @staticmethod
    def _box(request: web.Request) -> tuple[str, str]:
        box = request.match_info["id"], request.match_info["side"]
        if not _ID.fullmatch(box[0]) or box[1] not in _SIDES:
            raise web.HTTPNotFound
        return box
