"""Which pages of other origins may use what is here.

Theory. A visitor walks from one alley into another without leaving the page: the client that the first alley served
asks the second for its summary, its assets and its door, and opens its `/live`. A browser hands such answers to a page
only when they name its origin (CORS), and ours name nobody but our own pages and those of the neighbours that the
operator listed. Whoever is not listed is told so in an answer that any page may read, since it holds nothing else;
otherwise the page could not tell a closed door from a broken network. Nothing here goes with cookies: there are none.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler

from yokocho.http.answers import error_answer

CODE: Final = "origin_not_allowed"
_PREFLIGHT_S: Final = 600
_FOR_ANYBODY: Final = {"Access-Control-Allow-Origin": "*", "Vary": "Origin"}
_DIFFERS: Final = web.ResponseKey("differs by origin", bool)


class Across:
    """Opens handlers to pages of the listed `origins`, and to requests that come from no page at all."""

    def __init__(self, origins: Iterable[str]) -> None:
        self._origins = frozenset(origins)

    def __call__(self, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> Handler:
        """The handler behind the check."""

        async def guarded(request: web.Request) -> web.StreamResponse:
            if "Origin" in request.headers and not self._knows(request):
                return _not_from_there()
            return _open_to(request, await handler(request))

        return guarded

    def preflight(self, *, methods: str, headers: str) -> Handler:
        """What a browser asks before it lets a page of another origin call."""

        async def answer(request: web.Request) -> web.StreamResponse:
            if not self._knows(request):
                return _not_from_there()
            allowed = {
                "Access-Control-Allow-Methods": methods,
                "Access-Control-Allow-Headers": headers,
                "Access-Control-Max-Age": str(_PREFLIGHT_S),
            }
            return _open_to(request, web.Response(status=204, headers=allowed))

        return answer

    def _knows(self, request: web.Request) -> bool:
        return request.headers.get("Origin") in self._origins


async def tell_caches(_request: web.Request, answer: web.StreamResponse) -> None:
    """The signal that says of answers from here that they differ by origin. Late, since files set `Vary` themselves."""
    if answer.get(_DIFFERS):
        varies = answer.headers.get("Vary")
        answer.headers["Vary"] = f"{varies}, Origin" if varies else "Origin"


def _open_to(request: web.Request, answer: web.StreamResponse) -> web.StreamResponse:
    answer[_DIFFERS] = True
    if "Origin" in request.headers:
        answer.headers["Access-Control-Allow-Origin"] = request.headers["Origin"]
    return answer


def _not_from_there() -> web.Response:
    return error_answer(403, code=CODE, message="Pages from there may not do this here.", headers=_FOR_ANYBODY)
