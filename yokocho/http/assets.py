"""Assets: `/assets/<sha256>.<suffix>`, immutable, and inert whatever is in them.

Only what the database lists is served. Whatever else is asked for (a wrong name, a path, a link, a file that is
missing) gets the very same 404 as everything that does not exist.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

import structlog
from aiohttp import web

from yokocho.http.across import Across

TYPES: Final[dict[str, str]] = {
    "glb": "model/gltf-binary",
    "png": "image/png",
    "jpg": "image/jpeg",
    "webp": "image/webp",
    "ktx2": "image/ktx2",
}
_HEADERS: Final = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Vary": "Accept-Encoding",
}
_log: Final = structlog.stdlib.get_logger(__name__)


class Assets:
    """Serves the asset files. `find` gives the path of a listed name such as `ab12….glb`, else None."""

    def __init__(self, find: Callable[[str], Path | None], across: Across) -> None:
        self._find = find
        self._across = across

    def add_routes(self, router: web.UrlDispatcher) -> None:
        """Put the assets on the router."""
        router.add_get("/assets/{name:.*}", self._across(self.asset))

    async def asset(self, request: web.Request) -> web.StreamResponse:
        """One asset."""
        name = request.match_info["name"]
        path = self._find(name)
        content_type = TYPES.get(name.rpartition(".")[2])
        if path is None or content_type is None:
            raise web.HTTPNotFound
        if path.is_symlink() or not path.is_file():
            _log.error("asset_file_missing", asset=name)
            raise web.HTTPNotFound
        answer = web.FileResponse(path, headers=_HEADERS)
        answer.content_type = content_type
        return answer
