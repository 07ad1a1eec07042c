"""The private API of the house rules on a real server, behind a guard that believes what it is told."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import aiohttp
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.yokocho.people.support import House
from yokocho.entrance import NotAdmitted, Reason
from yokocho.http.links import LinkPages
from yokocho.http.listen import bind
from yokocho.http.me import MePages
from yokocho.http.people import PeoplePages
from yokocho.http.private import Private
from yokocho.http.restrictions import RestrictionPages
from yokocho.http.rights import RightsPages
from yokocho.http.server import Limits
from yokocho.http.site import Site
from yokocho.people.export import Exporter
from yokocho.store.alleys import load_alley

ORIGIN = "https://alley.example"


@dataclass
class _Believed:
    did: str


class Believing:
    """Takes the caller's did from a header."""

    def caller(self, request: web.Request, *, banned_too: bool) -> _Believed:
        """Whoever they say they are."""
        did = request.headers.get("X-Did")
        if not did:
            raise NotAdmitted(Reason.TOKEN_MISSING, "This needs a session; come in first.")
        return _Believed(did)


class Client:
    """Asks as somebody."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self.session = session

    async def ask(
        self, who: str, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> tuple[int, Any]:
        """Status and JSON of an answer."""
        said = {"X-Did": who} if who else {}
        async with self.session.request(method, path, json=body, headers={**said, **(headers or {})}) as answer:
            return answer.status, await answer.json() if answer.content_type == "application/json" else None


@contextlib.asynccontextmanager
async def open_site(
    house: House, *, requests_per_minute: int = 10_000, claims_per_hour: int = 10_000
) -> AsyncIterator[Client]:
    """The API on a real socket."""
    people = house.people
    private = Private(people, Believing(), requests_per_minute=requests_per_minute, claims_per_hour=claims_per_hour)
    stalls = (await people.ledger.read(lambda connection: load_alley(connection, "lane"))).stalls
    exporter = Exporter(people.ledger, people.ledger.store.files, Ed25519PrivateKey.generate(), ORIGIN)
    pages = (
        RightsPages(private, people.rights, ORIGIN),
        RestrictionPages(private, people.peace),
        PeoplePages(private, people.records, stalls, (ORIGIN,)),
        MePages(private, people, exporter, (ORIGIN,)),
        LinkPages(private),
    )

    async def no_live(_request: web.Request) -> web.StreamResponse:
        raise web.HTTPNotFound

    limits = Limits(1000, 1000, (), 5, 15, 30)
    site = Site(pages, no_live, origins=(ORIGIN,), limits=limits, shutdown_timeout_s=1)
    sockets = bind("127.0.0.1", 0)
    await site.start(sockets)
    port = sockets[0].getsockname()[1]
    try:
        async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session:
            yield Client(session)
    finally:
        await site.stop()
        for sock in sockets:
            sock.close()
