"""Reading a request's body: whole, up to a size, and within a time.

aiohttp waits for ever for a body that was announced, so a peer who never sends it would keep one of the few connections
that there may be. And what can't be read as a body is the peer's fault, not ours.
"""

from __future__ import annotations

import asyncio
from typing import Final

from aiohttp import web

MAX_BODY_BYTES: Final = 64 * 1024
_CHUNK_BYTES: Final = 16 * 1024


async def read_whole(request: web.Request, most_bytes: int = MAX_BODY_BYTES) -> bytes:
    """The body. It may take as long as a connection may wait for its next request.

    Raises:
        web.HTTPException: it is too large, too slow, or broken.
    """
    body = bytearray()
    try:
        async with asyncio.timeout(request.protocol.keepalive_timeout):
            while chunk := await request.content.read(_CHUNK_BYTES):
                body += chunk
                if len(body) > most_bytes:
                    raise web.HTTPRequestEntityTooLarge(most_bytes, len(body))
    except TimeoutError:
        raise web.HTTPRequestTimeout from None
    except web.RequestPayloadError:
        raise web.HTTPBadRequest from None
    return bytes(body)
