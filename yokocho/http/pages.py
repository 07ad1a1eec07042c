"""The client: its pages and its files below `/static/`.

Each page is an HTML file that Vite built from one of the same name in `client_web/`. What comes behind the path (the
person in `/people/<did>`, a code behind `#`) is the page's own business: the server sends the same file.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Final

from aiohttp import web

from yokocho.http.answers import error_answer
from yokocho.http.static import StaticFile

INDEX: Final = "index.html"
PAGES: Final[dict[str, str]] = {
    "/": INDEX,
    "/me": "me.html",
    r"/people/{name:did:key:z[1-9A-HJ-NP-Za-km-z]{40,64}|[A-Za-z0-9_-]{22}}": "person.html",
    "/operate": "operate.html",
    "/claim": "claim.html",
    "/invite": "invite.html",
    "/enter": "enter.html",
}
"""Which page lies where. One that was not built does not exist."""

STATIC: Final = "static/"
AT_THE_ROOT: Final = ("favicon.ico", "robots.txt", "manifest.webmanifest")
"""Files that browsers ask for beside the page."""

FOR_EVER: Final = "public, max-age=31536000, immutable"
ASK_AGAIN: Final = "no-cache"


class Pages:
    """Serves the built client from memory."""

    def __init__(self, files: Mapping[str, StaticFile]) -> None:
        self._files = files

    def add_routes(self, router: web.UrlDispatcher) -> None:
        """Put the pages on the router."""
        for path, name in PAGES.items():
            router.add_get(path, partial(self.page, name))
        router.add_get("/static/{name:.*}", self.static)
        for name in AT_THE_ROOT:
            router.add_get(f"/{name}", self.at_the_root)

    async def page(self, name: str, request: web.Request) -> web.Response:
        """A page; 503 while there is no client at all."""
        if INDEX not in self._files:
            return error_answer(
                503,
                code="client_missing",
                message="The client of this alley has not been built yet.",
                accept=request.headers.get("Accept", ""),
            )
        return await self._named(request, name)

    async def static(self, request: web.Request) -> web.Response:
        """A file of the client."""
        return await self._named(request, STATIC + request.match_info["name"])

    async def at_the_root(self, request: web.Request) -> web.Response:
        """A file that belongs beside the page."""
        return await self._named(request, request.path[1:])

    async def _named(self, request: web.Request, name: str) -> web.Response:
        file = self._files.get(name)
        if file is None:
            raise web.HTTPNotFound
        return await _answer(request, file)


async def _answer(request: web.Request, file: StaticFile) -> web.Response:
    headers = {
        "Cache-Control": FOR_EVER if file.immutable else ASK_AGAIN,
        "ETag": file.etag,
        "Vary": "Accept-Encoding",
    }
    known = request.headers.get("If-None-Match", "")
    if file.etag in (tag.strip().removeprefix("W/") for tag in known.split(",")):
        return web.Response(status=304, headers=headers)
    body, encoding = await file.body(request.headers.get("Accept-Encoding", ""))
    if encoding is not None:
        headers["Content-Encoding"] = encoding
    charset = "utf-8" if file.content_type.startswith(("text/", "application/json", "image/svg")) else None
    return web.Response(body=body, content_type=file.content_type, charset=charset, headers=headers)
