"""`/api/claim`, `/api/invitations`, `/api/grants`: how somebody comes to a role, and who has one."""

from __future__ import annotations

from typing import Any

import msgspec
from aiohttp import web

from yokocho.http.answers import json_answer
from yokocho.http.private import Private, id_in, in_ms, number_in, read_body, shown_people
from yokocho.people import Actor
from yokocho.people.rights import INVITATION_DAYS, Rights
from yokocho.store.invitations import Invitation


class WithCode(msgspec.Struct, forbid_unknown_fields=True):
    """The secret part of a link."""

    code: str


class Accepted(WithCode):
    """The same, and what whoever uses it is called."""

    name: str | None = None


class NewInvitation(msgspec.Struct, forbid_unknown_fields=True):
    """Whom to invite."""

    role: str
    stall: str | None = None
    days: float = INVITATION_DAYS


class NewGrant(msgspec.Struct, forbid_unknown_fields=True):
    """What to give to whom."""

    did: str
    role: str
    stall: str | None = None


class RightsPages:
    """Claims, invitations and grants. `origin` is what links begin with."""

    def __init__(self, private: Private, rights: Rights, origin: str) -> None:
        self._private = private
        self._rights = rights
        self._origin = origin

    def add_routes(self, router: web.UrlDispatcher) -> None:
        """Put the pages on the router."""
        private = self._private
        router.add_post("/api/claim", private(self.claim, guesses=True))
        router.add_post("/api/invitations", private(self.invite))
        router.add_get("/api/invitations", private(self.invitations))
        router.add_post("/api/invitations/look", private.open(self.look, guesses=True))
        router.add_post("/api/invitations/accept", private(self.accept, guesses=True))
        router.add_delete("/api/invitations/{id}", private(self.withdraw))
        router.add_get("/api/grants", private(self.grants))
        router.add_post("/api/grants", private(self.grant))
        router.add_delete("/api/grants/{id}", private(self.revoke))

    async def claim(self, request: web.Request, actor: Actor) -> web.Response:
        """Become the first operator."""
        body = await self._accepted(request, actor)
        return json_answer(_grant(await self._rights.claim(body.code, actor.name)), 201)

    async def invite(self, request: web.Request, actor: Actor) -> web.Response:
        """A new invitation; its link is told once."""
        body = await read_body(request, NewInvitation)
        invitation, code = await self._rights.invite(actor, body.role, body.stall, body.days)
        shown = self._invitation(invitation)
        return json_answer({**shown, "code": code, "link": f"{self._origin}/invite#{code}"}, 201)

    async def invitations(self, request: web.Request, actor: Actor) -> web.Response:
        """All invitations, newest first."""
        offset = number_in(request, "offset", 0, least=0, most=1_000_000)
        limit = number_in(request, "limit", 50, least=1, most=200)
        found = await self._rights.invitations(actor, offset=offset, limit=limit)
        people = await self._private.people.records.named(did for one in found for did in (one.made_by, one.used_by))
        shown = [self._invitation(one) for one in found]
        return json_answer({"invitations": shown, "people": shown_people(people)})

    async def look(self, request: web.Request) -> web.Response:
        """What a link is good for, and who made it: null for the command line."""
        body = await read_body(request, WithCode)
        found = await self._rights.look(body.code)
        shown = self._invitation(found)
        makers = shown_people(await self._private.people.records.named([found.made_by]))
        by = makers.get(found.made_by)
        return json_answer({**{name: shown[name] for name in ("role", "stall", "expires_ms")}, "by": by})

    async def accept(self, request: web.Request, actor: Actor) -> web.Response:
        """Accept an invitation."""
        body = await self._accepted(request, actor)
        return json_answer(_grant(await self._rights.accept(body.code, actor.name)), 201)

    async def withdraw(self, request: web.Request, actor: Actor) -> web.Response:
        """Make an invitation void."""
        await self._rights.withdraw(actor, id_in(request))
        return web.Response(status=204)

    async def grants(self, _request: web.Request, actor: Actor) -> web.Response:
        """All grants, oldest first."""
        found = self._rights.grants(actor)
        people = await self._private.people.records.named(did for one in found for did in (one.did, one.granted_by))
        return json_answer({"grants": [_grant(grant) for grant in found], "people": shown_people(people)})

    async def grant(self, request: web.Request, actor: Actor) -> web.Response:
        """Give somebody a role."""
        body = await read_body(request, NewGrant)
        return json_answer(_grant(await self._rights.grant(actor, body.did, body.role, body.stall)), 201)

    async def revoke(self, request: web.Request, actor: Actor) -> web.Response:
        """Take a role away."""
        await self._rights.revoke(actor, id_in(request))
        return web.Response(status=204)

    async def _accepted(self, request: web.Request, actor: Actor) -> Accepted:
        body = await read_body(request, Accepted)
        if body.name is not None:
            await self._private.people.records.introduce(actor.name, body.name)
        return body

    def _invitation(self, invitation: Invitation) -> dict[str, Any]:
        shown = in_ms(invitation)
        shown["role"] = "operator" if invitation.kind == "claim" else invitation.kind
        shown["stall"] = shown.pop("stall_id")
        del shown["kind"]
        shown["state"] = self._state(invitation)
        return shown

    def _state(self, invitation: Invitation) -> str:
        if invitation.used_us is not None:
            return "used"
        if invitation.revoked_us is not None:
            return "withdrawn"
        return "expired" if invitation.is_over(self._rights.ledger.now_us()) else "open"


def _grant(grant: Any) -> dict[str, Any]:
    shown = in_ms(grant)
    shown["stall"] = shown.pop("stall_id")
    return shown
