"""`/api/restrictions`, `/api/appeal`, `/api/audit`: bans and mutes, what is told about them, and who decided what."""

from __future__ import annotations

import msgspec
from aiohttp import web

from yokocho.http.answers import json_answer
from yokocho.http.private import Private, id_in, in_ms, number_in, read_body, shown_people
from yokocho.people import Actor
from yokocho.people.peace import Peace

_NEWEST = 10**15


class NewRestriction(msgspec.Struct, forbid_unknown_fields=True):
    """Whom to ban or mute: a did, or a network such as 203.0.113.0/24. Without `hours` it has no end."""

    kind: str
    target: str
    reason: str
    scope: str = "alley"
    hours: float | None = None


class Appeal(msgspec.Struct, forbid_unknown_fields=True):
    """What a banned person is told about where to turn."""

    text: str


class RestrictionPages:
    """For those who look after the alley."""

    def __init__(self, private: Private, peace: Peace) -> None:
        self._private = private
        self._peace = peace

    def add_routes(self, router: web.UrlDispatcher) -> None:
        """Put the pages on the router."""
        private = self._private
        router.add_get("/api/restrictions", private(self.restrictions))
        router.add_post("/api/restrictions", private(self.restrict))
        router.add_delete("/api/restrictions/{id}", private(self.lift))
        router.add_get("/api/appeal", private.open(self.appeal))
        router.add_put("/api/appeal", private(self.set_appeal))
        router.add_get("/api/audit", private(self.audit))

    async def restrictions(self, request: web.Request, actor: Actor) -> web.Response:
        """Newest first; `did` for one person, `in_force=1` without what is over."""
        found = await self._peace.restrictions(
            actor,
            did=request.query.get("did", ""),
            in_force=request.query.get("in_force") == "1",
            offset=number_in(request, "offset", 0, least=0, most=1_000_000),
            limit=number_in(request, "limit", 50, least=1, most=200),
        )
        now_us = self._peace.ledger.now_us()
        people = await self._private.people.records.named(
            did for one in found for did in (one.did, one.made_by, one.lifted_by)
        )
        shown = [{**in_ms(one), "in_force": one.holds(now_us)} for one in found]
        return json_answer({"restrictions": shown, "people": shown_people(people)})

    async def restrict(self, request: web.Request, actor: Actor) -> web.Response:
        """Ban or mute."""
        body = await read_body(request, NewRestriction)
        made = await self._peace.restrict(
            actor,
            body.kind,
            body.target,
            scope=body.scope,
            reason=body.reason,
            expires_us=self._peace.end_in(body.hours),
        )
        return json_answer({**in_ms(made), "in_force": True}, 201)

    async def lift(self, request: web.Request, actor: Actor) -> web.Response:
        """End a restriction."""
        await self._peace.lift(actor, id_in(request))
        return web.Response(status=204)

    async def appeal(self, _request: web.Request) -> web.Response:
        """How to appeal."""
        return json_answer({"text": self._peace.appeal})

    async def set_appeal(self, request: web.Request, actor: Actor) -> web.Response:
        """Say how to appeal."""
        body = await read_body(request, Appeal)
        return json_answer({"text": await self._peace.set_appeal(actor, body.text)})

    async def audit(self, request: web.Request, actor: Actor) -> web.Response:
        """What was decided, newest first; `before` is the id of the last entry that one has."""
        found = await self._peace.log(
            actor,
            did=request.query.get("did", ""),
            before_id=number_in(request, "before", _NEWEST - 1, least=0, most=_NEWEST),
            limit=number_in(request, "limit", 50, least=1, most=200),
        )
        people = await self._private.people.records.named(did for one in found for did in (one.who, one.on_whom))
        return json_answer({"entries": [in_ms(entry) for entry in found], "people": shown_people(people)})
