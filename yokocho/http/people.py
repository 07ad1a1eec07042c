"""`/api/people`, `/api/stalls` and the gateway of FEP-ef61: who is here, and how others find them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import msgspec
from aiohttp import web

from world.scene import Stall
from yokocho.http.answers import json_answer
from yokocho.http.private import Private, number_in
from yokocho.people import Actor, Code, Refused
from yokocho.people.records import Person, Records
from yokocho.people.roles import BY_NAME

ACTOR_TYPE: Final = 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"'
_FOR_ALL: Final = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
"""A document proves itself; whoever asks may have it."""


class PeoplePages:
    """People as others see them. `origins` are our own: for whom they are a gateway, we hand out the document."""

    def __init__(self, private: Private, records: Records, stalls: Sequence[Stall], origins: tuple[str, ...]) -> None:
        self._private = private
        self._records = records
        self._stalls = {stall.id: stall.name for stall in stalls}
        self._origins = frozenset(origins)

    def add_routes(self, router: web.UrlDispatcher) -> None:
        """Put the pages on the router."""
        private = self._private
        router.add_get("/api/people", private(self.people))
        router.add_get("/api/people/{name}", private.open(self.person))
        router.add_get("/api/stalls", private.open(self.stalls))
        router.add_get("/.well-known/apgateway/{did}/actor", private.open(self.actor))

    async def people(self, request: web.Request, actor: Actor) -> web.Response:
        """Found by words, one page of them; for those who look after the alley."""
        role = request.query.get("role", "")
        if role and role not in BY_NAME:
            raise Refused(Code.BAD_VALUE, f"The roles are {', '.join(BY_NAME)}.")
        limit = number_in(request, "limit", 50, least=1, most=200)
        found = await self._records.find(
            actor,
            request.query.get("q", ""),
            role=role,
            offset=number_in(request, "offset", 0, least=0, most=1_000_000),
            limit=limit + 1,
        )
        shown = [{**self._person(one), "last_seen_ms": one.row.last_seen_us // 1000} for one in found[:limit]]
        return json_answer({"people": shown, "more": len(found) > limit})

    async def person(self, request: web.Request) -> web.Response:
        """One person's page, by did or by what the alley calls them."""
        return json_answer(self._person(await self._records.person(request.match_info["name"])))

    async def stalls(self, _request: web.Request) -> web.Response:
        """The stalls of the alley, by id and name."""
        return json_answer({"stalls": [{"id": stall, "name": name} for stall, name in self._stalls.items()]})

    async def actor(self, request: web.Request) -> web.Response:
        """The last document of somebody whose gateway we are, or the way to whoever took their place."""
        person = await self._records.person(request.match_info["did"])
        if person.row.did != request.match_info["did"] or not self._origins & set(person.row.document["gateways"]):
            raise Refused(Code.PERSON_UNKNOWN, "Nobody of that name lives here.")
        if person.row.successor is not None:
            place = f"/.well-known/apgateway/{person.row.successor}/actor"
            return web.Response(status=307, headers={"Location": place, "Cache-Control": "max-age=60", **_FOR_ALL})
        return web.Response(
            body=msgspec.json.encode(person.row.document),
            headers={"Content-Type": ACTOR_TYPE, "Cache-Control": "max-age=60", **_FOR_ALL},
        )

    def _person(self, person: Person) -> dict[str, Any]:
        row = person.row
        return {
            "did": row.did,
            "visitor_id": person.visitor_id,
            "name": row.name,
            "look": row.look,
            "fingerprint": person.fingerprint,
            "home": row.home,
            "is_home_confirmed": row.home in ("", row.confirmed_home),
            "gateways": row.document["gateways"],
            "roles": list(person.roles.names),
            "stalls": [{"id": stall, "name": self._stalls.get(stall, {})} for stall in person.stalls],
            "successor": row.successor,
        }
