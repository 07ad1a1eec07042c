"""Rights: the first operator's claim, invitations, grants.

Until there is an operator, whoever reads the server's console may become the first: by a claim link with a secret of
192 bits that works once, is stored as a hash only, and is replaced by every start. After that, rights are given by
operators: directly, or by a link that works once and for some days. The last operator can't be removed by anybody.
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from federation import errors as federation_errors
from federation import keys
from yokocho.people.errors import Code, Refused
from yokocho.people.ledger import Ledger, one_at_a_time
from yokocho.people.roles import AT_THE_CONSOLE, Actor, Roles
from yokocho.store import invitations as invited
from yokocho.store.audit import add_entry
from yokocho.store.grants import Grant, add_grant, remove_grant, stall_exists
from yokocho.store.invitations import Invitation

DAY_US: Final = 24 * 3600 * 1_000_000
INVITATION_DAYS: Final = 7.0
MAX_INVITATION_DAYS: Final = 90.0
MAX_CODE_CHARS: Final = 128
INVITED_ROLES: Final = ("artisan", "keeper")
GRANTED_ROLES: Final = ("artisan", "keeper", "operator")


class Rights:
    """Who may do more than walk about, and how they came to it."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger

    # --- the first operator -----------------------------------------------------------------------------------------

    @one_at_a_time
    async def new_claim(self) -> str:
        """A new claim code; those before it are void.

        Raises:
            Refused: there is an operator.
        """
        self._need_no_operator()
        code, now_us = self.ledger.new_code(), self.ledger.now_us()

        def job(connection: sa.Connection) -> None:
            invited.forget_claims(connection)
            invited.add_invitation(
                connection, code, "claim", None, made_by=AT_THE_CONSOLE.name, made_us=now_us, expires_us=None
            )

        await self.ledger.write(job)
        return code

    @one_at_a_time
    async def claim(self, code: str, did: str) -> Grant:
        """Become the first operator."""
        self._need_no_operator()
        found = await self._find(code)
        if found.kind != "claim":
            raise Refused(Code.CODE_UNKNOWN, "This link is not known here.")
        return await self._redeem(found, did, "operator", "claim")

    def _need_no_operator(self) -> None:
        if self.ledger.view.operators():
            raise Refused(Code.CLAIMED, "This alley has an operator already.")

    # --- invitations ------------------------------------------------------------------------------------------------

    @one_at_a_time
    async def invite(
        self, actor: Actor, role: str, stall_id: str | None, days: float = INVITATION_DAYS
    ) -> tuple[Invitation, str]:
        """An invitation and its code, which nobody can read again later."""
        actor.need(Roles.OPERATOR)
        if role not in INVITED_ROLES:
            raise Refused(Code.BAD_VALUE, "Artisans and keepers can be invited; operators are granted.")
        if not 0 < days <= MAX_INVITATION_DAYS:
            raise Refused(Code.BAD_VALUE, f"An invitation holds for up to {MAX_INVITATION_DAYS:g} days.")
        await self._check_stall(role, stall_id)
        code, now_us = self.ledger.new_code(), self.ledger.now_us()

        def job(connection: sa.Connection) -> Invitation:
            made = invited.add_invitation(
                connection,
                code,
                role,
                stall_id,
                made_by=actor.name,
                made_us=now_us,
                expires_us=now_us + int(days * DAY_US),
            )
            details = {"invitation": made.id, "role": role, "stall": stall_id}
            add_entry(connection, at_us=now_us, who=actor.name, what="invite", details=details)
            return made

        return await self.ledger.write(job), code

    async def look(self, code: str) -> Invitation:
        """What a code is good for."""
        found = await self._find(code)
        self._need_open(found)
        return found

    async def invitations(self, actor: Actor, *, offset: int = 0, limit: int = 50) -> list[Invitation]:
        """Invitations, newest first."""
        actor.need(Roles.OPERATOR)
        return await self.ledger.read(
            lambda connection: invited.list_invitations(connection, offset=offset, limit=limit)
        )

    @one_at_a_time
    async def withdraw(self, actor: Actor, invitation_id: int) -> None:
        """Make an invitation void."""
        actor.need(Roles.OPERATOR)
        found = await self.ledger.read(lambda connection: invited.find_invitation(connection, invitation_id))
        if found is None or found.kind == "claim":
            raise Refused(Code.INVITATION_UNKNOWN, "There is no such invitation.")
        if found.used_us is not None:
            raise Refused(Code.CODE_USED, "This invitation was accepted already; revoke the grant instead.")
        now_us = self.ledger.now_us()

        def job(connection: sa.Connection) -> None:
            invited.revoke_invitation(connection, invitation_id, now_us)
            details = {"invitation": invitation_id}
            add_entry(connection, at_us=now_us, who=actor.name, what="withdraw", details=details)

        await self.ledger.write(job)

    @one_at_a_time
    async def accept(self, code: str, did: str) -> Grant:
        """Use an invitation."""
        found = await self._find(code)
        if found.kind not in INVITED_ROLES:
            raise Refused(Code.CODE_UNKNOWN, "This link is not known here.")
        self._need_open(found)
        self._need_new(did, found.kind, found.stall_id)
        return await self._redeem(found, did, found.kind, "accept")

    async def _find(self, code: str) -> Invitation:
        found = None
        if len(code) <= MAX_CODE_CHARS:
            found = await self.ledger.read(lambda connection: invited.find_by_code(connection, code))
        if found is None:
            raise Refused(Code.CODE_UNKNOWN, "This link is not known here.")
        return found

    def _need_open(self, invitation: Invitation) -> None:
        if invitation.used_us is not None:
            raise Refused(Code.CODE_USED, "This link was used before; it works once.")
        if not invitation.is_open(self.ledger.now_us()):
            raise Refused(Code.CODE_EXPIRED, "This link is not valid any more. Ask for a new one.")

    async def _redeem(self, invitation: Invitation, did: str, role: str, what: str) -> Grant:
        """Use a code up and give the right, in one transaction."""
        now_us = self.ledger.now_us()

        def job(connection: sa.Connection) -> Grant:
            if not invited.use_invitation(connection, invitation.id, did, now_us):
                raise Refused(Code.CODE_USED, "This link was used before; it works once.")
            made = add_grant(connection, did, role, invitation.stall_id, granted_by=invitation.made_by, at_us=now_us)
            details = {"invitation": invitation.id, "role": role, "stall": invitation.stall_id}
            add_entry(connection, at_us=now_us, who=did, what=what, on_whom=did, details=details)
            return made

        return self._granted(await self.ledger.write(job))

    # --- grants -----------------------------------------------------------------------------------------------------

    def grants(self, actor: Actor) -> list[Grant]:
        """All rights."""
        actor.need(Roles.OPERATOR)
        return self.ledger.view.all_grants()

    @one_at_a_time
    async def grant(self, actor: Actor, did: str, role: str, stall_id: str | None = None) -> Grant:
        """Give somebody a right."""
        actor.need(Roles.OPERATOR)
        if role not in GRANTED_ROLES:
            raise Refused(Code.BAD_VALUE, "The roles are artisan, keeper and operator.")
        did = self.ledger.view.current(read_did(did))
        await self._check_stall(role, stall_id)
        self._need_new(did, role, stall_id)
        now_us = self.ledger.now_us()

        def job(connection: sa.Connection) -> Grant:
            made = add_grant(connection, did, role, stall_id, granted_by=actor.name, at_us=now_us)
            details = {"role": role, "stall": stall_id}
            add_entry(connection, at_us=now_us, who=actor.name, what="grant", on_whom=did, details=details)
            return made

        return self._granted(await self.ledger.write(job))

    @one_at_a_time
    async def revoke(self, actor: Actor, grant_id: int) -> Grant:
        """Take a right away, at once."""
        actor.need(Roles.OPERATOR)
        view = self.ledger.view
        found = next((grant for grant in view.all_grants() if grant.id == grant_id), None)
        if found is None:
            raise Refused(Code.GRANT_UNKNOWN, "There is no such grant.")
        if found.role == "operator":
            self.need_another_operator(found.did)
        now_us = self.ledger.now_us()

        def job(connection: sa.Connection) -> None:
            remove_grant(connection, found.id)
            details = {"role": found.role, "stall": found.stall_id}
            add_entry(connection, at_us=now_us, who=actor.name, what="revoke", on_whom=found.did, details=details)

        await self.ledger.write(job)
        view.remove_grant(found)
        self.ledger.changed(found.did)
        return found

    def need_another_operator(self, did: str) -> None:
        """Refuse when the person is the only operator."""
        if self.ledger.view.operators() == {did}:
            raise Refused(Code.LAST_OPERATOR, "This is the only operator; name another one first.")

    def _need_new(self, did: str, role: str, stall_id: str | None) -> None:
        for grant in self.ledger.view.grants_of(did):
            if (grant.role, grant.stall_id) == (role, stall_id):
                raise Refused(Code.GRANTED, "The person has this right already.")

    async def _check_stall(self, role: str, stall_id: str | None) -> None:
        if role != "artisan":
            if stall_id is not None:
                raise Refused(Code.BAD_VALUE, "Only artisans have a stall.")
            return
        if stall_id is None:
            raise Refused(Code.BAD_VALUE, "An artisan needs a stall.")
        if not await self.ledger.read(lambda connection: stall_exists(connection, stall_id)):
            raise Refused(Code.STALL_UNKNOWN, "There is no such stall.")

    def _granted(self, grant: Grant) -> Grant:
        self.ledger.view.add_grant(grant)
        self.ledger.changed(grant.did)
        return grant


def read_did(text: str) -> str:
    """A did:key that we can check.

    Raises:
        Refused: it is none.
    """
    try:
        keys.key_from_did(text)
    except federation_errors.Refused:
        raise Refused(Code.BAD_VALUE, "A person is named by a did:key, such as did:key:z6Mk….") from None
    return text
