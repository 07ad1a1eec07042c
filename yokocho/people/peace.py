"""Keeping the peace: bans and mutes.

A restriction names a did or a network, holds in the alley or on the whole instance, has a reason that the person is
told, and an end or none. Keepers restrict in the alley, operators anywhere; nobody restricts an operator, and only an
operator restricts a keeper: take the right away first. Whoever is banned by did may come back as a new guest in a
moment, so new guests from the same household wait for a while (`guest_hold_us`). What is kept for that is a keyed hash
of the household, gone after that time or when the ban is lifted; people who were known before are let in as ever.
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from yokocho.people.errors import Code, Refused
from yokocho.people.ledger import Ledger, one_at_a_time
from yokocho.people.networks import read_network
from yokocho.people.rights import read_did
from yokocho.people.roles import MODERATORS, Actor, Roles
from yokocho.store.audit import AuditEntry, add_entry, list_entries
from yokocho.store.preferences import put_preference
from yokocho.store.restrictions import (
    Hold,
    Restriction,
    add_holds,
    add_restriction,
    find_restriction,
    lift_restriction,
    list_restrictions,
)

APPEAL: Final = "appeal"
"""Preference that holds how to appeal."""

KINDS: Final = ("ban", "mute")
SCOPES: Final = ("alley", "instance")
HOUR_US: Final = 3600 * 1_000_000
MAX_HOURS: Final = 10 * 365 * 24
MAX_REASON_CHARS: Final = 500
MAX_APPEAL_CHARS: Final = 500


class Peace:
    """Who may not come in, and who may not speak."""

    def __init__(self, ledger: Ledger, guest_hold_us: int) -> None:
        self.ledger = ledger
        self._guest_hold_us = guest_hold_us

    def end_in(self, hours: float | None) -> int | None:
        """The time so many hours from now, None for no end.

        Raises:
            Refused: it is no time to come.
        """
        if hours is None:
            return None
        if not 0 < hours <= MAX_HOURS:
            raise Refused(Code.BAD_VALUE, f"A restriction ends after up to {MAX_HOURS:,} hours, or not at all.")
        return self.ledger.now_us() + int(hours * HOUR_US)

    @one_at_a_time
    async def restrict(
        self, actor: Actor, kind: str, target: str, *, scope: str, reason: str, expires_us: int | None
    ) -> Restriction:
        """Ban or mute a did or a network."""
        actor.need(MODERATORS)
        now_us = self.ledger.now_us()
        reason = _short_text(reason, MAX_REASON_CHARS)
        if kind not in KINDS or scope not in SCOPES or not reason:
            raise Refused(Code.BAD_VALUE, "A restriction is a ban or a mute, for the alley or instance, with a reason.")
        if scope == "instance" and not actor.is_operator:
            raise Refused(Code.NOT_ALLOWED, "Keepers look after the alley; for the whole instance, ask an operator.")
        if expires_us is not None and expires_us <= now_us:
            raise Refused(Code.BAD_VALUE, "This time is past.")
        did, network = None, None
        if target.startswith("did:"):
            did = self.ledger.view.current(read_did(target))
            self._need_unprotected(actor, did)
        else:
            network = str(read_network(target, is_operator=actor.is_operator))
        new = Restriction(
            0, kind, scope, did, None, network, reason, actor.name, now_us, expires_us, lifted_by=None, lifted_us=None
        )
        hash_of_home = self.ledger.view.household_hash(did) if did is not None and kind == "ban" else None
        hold_until_us = min(now_us + self._guest_hold_us, expires_us or now_us + self._guest_hold_us)

        def job(connection: sa.Connection) -> tuple[Restriction, list[Hold]]:
            made = add_restriction(connection, new)
            holds = []
            if hash_of_home is not None and hold_until_us > now_us:
                holds.append(Hold(made.id, hash_of_home, now_us, hold_until_us))
            add_holds(connection, holds)
            details = {"restriction": made.id, "scope": scope, "expires_us": expires_us}
            add_entry(
                connection,
                at_us=now_us,
                who=actor.name,
                what=kind,
                on_whom=did or network,
                why=reason,
                details=details,
            )
            return made, holds

        made, holds = await self.ledger.write(job)
        self.ledger.view.add_restriction(made, holds)
        self.ledger.changed(did)
        return made

    def _need_unprotected(self, actor: Actor, did: str) -> None:
        roles = self.ledger.view.roles_of(did)
        if Roles.OPERATOR in roles:
            raise Refused(Code.PROTECTED, "An operator cannot be restricted; the right has to be revoked first.")
        if Roles.KEEPER in roles and not actor.is_operator:
            raise Refused(Code.PROTECTED, "Only an operator can restrict a keeper.")

    @one_at_a_time
    async def lift(self, actor: Actor, restriction_id: int) -> Restriction:
        """End a restriction."""
        actor.need(MODERATORS)
        now_us = self.ledger.now_us()
        found = await self.ledger.read(lambda connection: find_restriction(connection, restriction_id))
        if found is None or not found.holds(now_us):
            raise Refused(Code.RESTRICTION_UNKNOWN, "There is no such restriction in force.")
        if found.scope == "instance" and not actor.is_operator:
            raise Refused(Code.NOT_ALLOWED, "An operator made this restriction for the whole instance.")

        def job(connection: sa.Connection) -> None:
            lift_restriction(connection, found.id, actor.name, now_us)
            details = {"restriction": found.id, "kind": found.kind}
            on_whom = found.did or found.network
            add_entry(connection, at_us=now_us, who=actor.name, what="lift", on_whom=on_whom, details=details)

        await self.ledger.write(job)
        self.ledger.view.drop_restrictions(lambda rule: rule.id == found.id)
        self.ledger.changed(found.did)
        return found._replace(lifted_by=actor.name, lifted_us=now_us)

    async def restrictions(
        self, actor: Actor, *, did: str = "", in_force: bool = False, offset: int = 0, limit: int = 50
    ) -> list[Restriction]:
        """Bans and mutes, newest first."""
        actor.need(MODERATORS)
        now_us = self.ledger.now_us() if in_force else None
        return await self.ledger.read(
            lambda connection: list_restrictions(connection, did=did, now_us=now_us, offset=offset, limit=limit)
        )

    async def log(
        self, actor: Actor, *, did: str = "", before_id: int | None = None, limit: int = 50
    ) -> list[AuditEntry]:
        """The audit log, newest first."""
        actor.need(MODERATORS)
        return await self.ledger.read(
            lambda connection: list_entries(connection, did=did, before_id=before_id, limit=limit)
        )

    @property
    def appeal(self) -> str:
        """What a banned person is told about how to appeal."""
        return self.ledger.view.appeal

    @one_at_a_time
    async def set_appeal(self, actor: Actor, text: str) -> str:
        """Say how to appeal."""
        actor.need(Roles.OPERATOR)
        text = _short_text(text, MAX_APPEAL_CHARS)
        now_us = self.ledger.now_us()

        def job(connection: sa.Connection) -> None:
            put_preference(connection, APPEAL, text, now_us)
            add_entry(connection, at_us=now_us, who=actor.name, what="appeal", details={"text": text})

        await self.ledger.write(job)
        self.ledger.view.appeal = text
        return text


def _short_text(text: str, most_chars: int) -> str:
    text = "".join(char if char.isprintable() else " " for char in text)
    text = " ".join(text.split())
    if len(text) > most_chars:
        raise Refused(Code.BAD_VALUE, f"A text may have up to {most_chars} characters here.")
    return text
