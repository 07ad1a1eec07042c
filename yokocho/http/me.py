"""`/api/me`: what the instance knows of the caller, a new document, everything to take away, and to be forgotten.

These are rights over one's own data: they hold for the banned as well.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from typing import IO, Final

from aiohttp import web

from federation.identity import Identity, read_document
from world.limits import Rate
from yokocho.http.answers import error_answer, json_answer
from yokocho.http.bodies import read_whole
from yokocho.http.private import Private, in_ms, to_ms
from yokocho.people import Actor, Code, People, Refused
from yokocho.people.export import Exporter
from yokocho.rates import Rates

EXPORT_RATE: Final = Rate(1 / 300, 3)
"""An export reads a lot: three at once, then one every five minutes."""

_CHUNK_BYTES: Final = 256 * 1024


class MePages:
    """The caller's own data. `hosts` are those of our origins: who lives there has no other home."""

    def __init__(self, private: Private, people: People, exporter: Exporter, origins: tuple[str, ...]) -> None:
        self._private = private
        self._people = people
        self._exporter = exporter
        self._hosts = frozenset(origin.partition("://")[2] for origin in origins)
        self._exports = Rates(EXPORT_RATE)
        self._building = asyncio.Semaphore(1)

    def add_routes(self, router: web.UrlDispatcher) -> None:
        """Put the pages on the router."""
        private = self._private
        router.add_get("/api/me", private(self.me, banned_too=True))
        router.add_delete("/api/me", private(self.forget, banned_too=True))
        router.add_get("/api/me/export", private(self.export, banned_too=True))
        router.add_post("/api/me/document", private(self.publish, banned_too=True))

    async def me(self, _request: web.Request, actor: Actor) -> web.Response:
        """What the instance knows of the caller, in short."""
        person = await self._people.records.person(actor.name)
        row = person.row
        grants = self._people.ledger.view.grants_of(actor.name)
        return json_answer(
            {
                "did": row.did,
                "visitor_id": person.visitor_id,
                "name": row.name,
                "look": row.look,
                "fingerprint": person.fingerprint,
                "home": row.home,
                "document": row.document,
                "roles": list(person.roles.names),
                "grants": [in_ms(grant) for grant in grants],
                "first_seen_ms": to_ms(row.first_seen_us),
                "last_seen_ms": to_ms(row.last_seen_us),
            }
        )

    async def publish(self, request: web.Request, actor: Actor) -> web.Response:
        """Take a new document of the caller, or of the root that succeeds theirs."""
        identity = read_document(await read_whole(request))
        if actor.name not in (identity.did, identity.predecessor):
            raise Refused(Code.NOT_ALLOWED, "This is the document of somebody else.")
        await self._people.publish(identity, self._home(identity))
        return json_answer({"did": identity.did, "sequence": identity.sequence, "devices": list(identity.devices)})

    async def export(self, request: web.Request, actor: Actor) -> web.StreamResponse:
        """Everything about the caller, as a zip."""
        if not self._exports.take(actor.name, time.monotonic()):
            return error_answer(
                429,
                code="rate_limited",
                message="You have just fetched your data. Please wait some minutes.",
                headers={"Retry-After": str(self._exports.wait_s)},
            )
        async with self._building:
            file = await self._exporter.build(actor.name)
        with contextlib.closing(file):
            answer = web.StreamResponse(
                headers={
                    "Content-Type": "application/zip",
                    "Content-Disposition": 'attachment; filename="yokocho-export.zip"',
                    "Cache-Control": "no-store",
                }
            )
            await answer.prepare(request)
            async for chunk in _chunks(file):
                await answer.write(chunk)
            await answer.write_eof()
        return answer

    async def forget(self, _request: web.Request, actor: Actor) -> web.Response:
        """Forget the caller for good."""
        await self._people.records.erase(actor.name)
        return web.Response(status=204)

    def _home(self, identity: Identity) -> str:
        return "" if identity.home in self._hosts else identity.home


async def _chunks(file: IO[bytes]) -> AsyncIterator[bytes]:
    while chunk := await asyncio.to_thread(file.read, _CHUNK_BYTES):
        yield chunk
