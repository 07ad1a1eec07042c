"""What can be asked from the command line, and the answers.

Whoever can write the data directory may decide everything, so the console acts as an operator, and the audit log calls
it by its name. The same `Console` answers inside the running server, for the command line that knocks at its socket,
and inside the command line itself when no server runs (docs/adr/0032-the-console-asks-the-server.md).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Final, TypeAlias

import msgspec

from yokocho.people.errors import Code, Refused
from yokocho.people.people import People
from yokocho.people.rights import INVITATION_DAYS
from yokocho.people.roles import AT_THE_CONSOLE
from yokocho.store.errors import StoreError

_LISTED: Final = 200


class _Order(msgspec.Struct, tag=True, forbid_unknown_fields=True):
    """Something that is asked."""


class ClaimLink(_Order):
    """A fresh link for the first operator."""


class List(_Order):
    """All grants."""


class Invite(_Order):
    """A link for an artisan or keeper."""

    role: str
    stall: str | None = None
    days: float = INVITATION_DAYS


class Grant(_Order):
    """Give a role."""

    did: str
    role: str
    stall: str | None = None


class Revoke(_Order):
    """Take a role away."""

    did: str
    role: str
    stall: str | None = None


class Restrict(_Order):
    """Ban or mute a did or a network."""

    kind: str
    target: str
    reason: str
    scope: str = "instance"
    hours: float | None = None


class Restrictions(_Order):
    """Bans and mutes in force."""


class Lift(_Order):
    """End a restriction."""

    id: int


class Audit(_Order):
    """The newest entries of the audit log."""

    did: str = ""


class FindPeople(_Order):
    """People by name, home or did."""

    words: str = ""


class SetAppeal(_Order):
    """What banned people are told about where to turn."""

    text: str


class Forget(_Order):
    """Erase somebody who asked for it."""

    did: str


Order: TypeAlias = (
    ClaimLink
    | List
    | Invite
    | Grant
    | Revoke
    | Restrict
    | Restrictions
    | Lift
    | Audit
    | FindPeople
    | SetAppeal
    | Forget
)
Answer: TypeAlias = dict[str, Any]


class Console:
    """Obeys orders. `origin` is what links begin with, "" when it is not known; `serves`: a server runs around us."""

    def __init__(self, people: People, origin: str, *, serves: bool) -> None:
        self._people = people
        self._origin = origin
        self._serves = serves

    async def obey(self, order: Order) -> Answer:
        """The answer; a refusal has `error` and `message`."""
        try:
            return await self._obey(order)
        except Refused as refusal:
            return {"error": refusal.code, "message": str(refusal)}
        except StoreError as error:
            return {"error": "store", "message": str(error)}

    async def _obey(self, order: Order) -> Answer:
        rights, peace = self._people.rights, self._people.peace
        match order:
            case ClaimLink():
                return {"link": await self._claim_link()}
            case Invite():
                made, code = await rights.invite(AT_THE_CONSOLE, order.role, order.stall, order.days)
                return {"id": made.id, "link": f"{self._origin}/invite#{code}", "expires_us": made.expires_us}
            case Grant():
                given = await rights.grant(AT_THE_CONSOLE, order.did, order.role, order.stall)
                return {"id": given.id}
            case Revoke():
                return {"id": (await rights.revoke(AT_THE_CONSOLE, self._grant_id(order))).id}
            case Restrict():
                expires_us = peace.end_in(order.hours)
                rule = await peace.restrict(
                    AT_THE_CONSOLE,
                    order.kind,
                    order.target,
                    scope=order.scope,
                    reason=order.reason,
                    expires_us=expires_us,
                )
                return {"id": rule.id}
            case Lift():
                return {"id": (await peace.lift(AT_THE_CONSOLE, order.id)).id}
            case SetAppeal():
                return {"text": await peace.set_appeal(AT_THE_CONSOLE, order.text)}
            case Forget():
                await self._people.records.person(order.did)
                await self._people.records.erase(order.did)
                return {}
            case _:
                return await self._show(order)

    async def _show(self, order: List | Restrictions | Audit | FindPeople) -> Answer:
        rights, peace, records = self._people.rights, self._people.peace, self._people.records
        match order:
            case List():
                return {"rows": [await self._named(grant._asdict()) for grant in rights.grants(AT_THE_CONSOLE)]}
            case Restrictions():
                rules = await peace.restrictions(AT_THE_CONSOLE, in_force=True, limit=_LISTED)
                return {"rows": [await self._named(rule._asdict()) for rule in rules]}
            case Audit():
                return {
                    "rows": [entry._asdict() for entry in await peace.log(AT_THE_CONSOLE, did=order.did, limit=_LISTED)]
                }
            case FindPeople():
                people = await records.find(AT_THE_CONSOLE, order.words, limit=_LISTED)
                return {
                    "rows": [
                        {
                            "did": person.row.did,
                            "name": person.row.name,
                            "home": person.row.home,
                            "roles": ", ".join(person.roles.names),
                            "last_seen_us": person.row.last_seen_us,
                        }
                        for person in people
                    ]
                }

    async def _claim_link(self) -> str:
        if not self._serves:
            raise Refused(
                Code.BAD_VALUE, "No server runs here; a server without an operator prints a link when it starts."
            )
        return f"{self._origin}/claim#{await self._people.rights.new_claim()}"

    def _grant_id(self, order: Revoke) -> int:
        for grant in self._people.ledger.view.grants_of(order.did):
            if grant.role == order.role and order.stall in (None, grant.stall_id):
                return grant.id
        raise Refused(Code.GRANT_UNKNOWN, "There is no such grant.")

    async def _named(self, row: dict[str, Any]) -> dict[str, Any]:
        """The row with the person's name, where one is known."""
        did = row.get("did")
        name = ""
        if did is not None and self._people.known(did) is not None:
            name = (await self._people.records.person(did)).row.name
        return {**row, "name": name}


Obey: TypeAlias = Callable[[Order], Awaitable[Answer]]
