"""The people of an instance: the one thing that the door, the pages and the command line ask.

`verdict`, `known` and `devices` answer at once, from memory. `remember` keeps what somebody showed at the door. Where a
document names a predecessor whose promise it fulfils, the rights and restrictions of the old did are the new one's from
the same transaction on; so the door asks for the verdict after it remembered, or uses `welcome`, which does both.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any, Final

import sqlalchemy as sa

from federation.identity import Identity, Known, judge, succeeds
from yokocho.people.ledger import Ledger, one_at_a_time
from yokocho.people.peace import APPEAL, Peace
from yokocho.people.records import Records, apply_tombstones
from yokocho.people.rights import DAY_US, Rights
from yokocho.people.view import Remembered, Verdict, View
from yokocho.store.audit import add_entry
from yokocho.store.grants import all_grants
from yokocho.store.people import Shown, all_memories, hand_over, put_confirmed_home, put_person
from yokocho.store.preferences import get_preference
from yokocho.store.restrictions import active_restrictions, all_holds
from yokocho.store.store import Database, Store, now_us
from yokocho.store.tombstones import Tombstones

CODE_BYTES: Final = 24
GUEST_HOLD_HOURS: Final = 24.0
_HOUR_US: Final = 3600 * 1_000_000


def new_code() -> str:
    """A secret for a link."""
    return secrets.token_urlsafe(CODE_BYTES)


class People:
    """The house rules of an instance.

    Attributes:
        rights: claims, invitations, grants.
        peace: bans, mutes, the audit log.
        records: who was here, and what is kept about somebody.
        on_change: called with a did (None for everybody) when grants, bans, mutes or documents changed.
        on_shown: called with a document once it is kept, and with whether the did was unknown before.
    """

    def __init__(
        self,
        database: Database,
        store: Store,
        tombstones: Tombstones,
        *,
        guest_hold_hours: float = GUEST_HOLD_HOURS,
        clock_us: Callable[[], int] = now_us,
        code: Callable[[], str] = new_code,
    ) -> None:
        """Erase what was asked to be forgotten, and load the rest."""
        self._database = database
        self.ledger = Ledger(store, View(tombstones.hash), tombstones, now_us=clock_us, new_code=code)
        self.load()
        self.rights = Rights(self.ledger)
        self.peace = Peace(self.ledger, int(guest_hold_hours * _HOUR_US))
        self.records = Records(self.ledger)
        self.on_change = self.ledger.on_change
        self.on_shown: list[Callable[[Identity, bool], None]] = []

    def load(self) -> None:
        """Read everything from the database: at the start, and whenever another server may have written there."""
        ledger = self.ledger
        if ledger.tombstones:
            with self._database.transaction() as connection:
                apply_tombstones(connection, ledger.tombstones, ledger.now_us())
        ledger.view = View(ledger.tombstones.hash)
        self._database.read(lambda connection: _load(connection, ledger.view, ledger.now_us()))

    # --- at the door ------------------------------------------------------------------------------------------------

    def verdict(self, did: str, address: str, now_s: float) -> Verdict:
        """What somebody may do who comes from this address; "" where the address does not matter."""
        return self.ledger.view.verdict(did, address, int(now_s * 1e6))

    def known(self, did: str) -> Known | None:
        """What is remembered of somebody's document."""
        person = self.ledger.view.persons.get(did)
        return None if person is None else person.known

    def devices(self, did: str) -> tuple[str, ...] | None:
        """Multikeys of the devices that speak for somebody now, None for a stranger."""
        person = self.ledger.view.persons.get(did)
        return None if person is None else person.devices

    def confirmed_home(self, did: str) -> str | None:
        """The host where somebody was at home by that host's own word, when it was last asked."""
        person = self.ledger.view.persons.get(did)
        return None if person is None else person.confirmed_home

    async def confirm_home(self, did: str, home: str) -> None:
        """Somebody's home said that they are at home there; returns once that is kept."""
        await self.ledger.write(lambda connection: put_confirmed_home(connection, did, home))
        persons = self.ledger.view.persons
        if did in persons:
            persons[did] = persons[did]._replace(confirmed_home=home)

    async def remember(
        self, did: str, name: str | None, look: Any, home: str, identity: Identity, now_s: float
    ) -> None:
        """Keep what somebody showed; returns once it is committed.

        The caller has judged the document. `name` and `look` are None where nothing is said of them.

        Raises:
            StoreError: it could not be kept.
        """
        assert did == identity.did
        is_new = self.known(did) is None
        shown = _shown(identity, name, look, home)
        old = self._predecessor(identity)
        if old is not None:
            await self._succeed(old, identity, shown)
        else:
            await self.ledger.finish(self._keep(identity, shown, int(now_s * 1e6)))
        for told in self.on_shown:
            told(identity, is_new)

    async def welcome(self, identity: Identity, name: str, look: Any, home: str, address: str, now_s: float) -> Verdict:
        """`verdict` and `remember`: whoever is banned and no successor of somebody known is not kept."""
        if self._predecessor(identity) is None:
            verdict = self.verdict(identity.did, address, now_s)
            if verdict.ban is not None:
                return verdict
        await self.remember(identity.did, name, look, home, identity, now_s)
        return self.verdict(identity.did, address, now_s)

    async def publish(self, identity: Identity, home: str) -> None:
        """Keep a new document of somebody: a device more or less, another home, or a successor.

        Raises:
            federation.errors.Refused: it is no newer document of the same person.
        """
        judge(self.known(identity.did), identity)
        await self.remember(identity.did, None, None, home, identity, self.ledger.now_us() / 1e6)
        self.ledger.changed(identity.did)

    async def _keep(self, identity: Identity, shown: Shown, seen_us: int) -> None:
        await self.ledger.write(lambda connection: put_person(connection, shown, seen_us))
        self._note(identity, seen_us)

    def _note(self, identity: Identity, seen_us: int) -> None:
        """After the commit."""
        persons = self.ledger.view.persons
        before = persons.get(identity.did)
        known = Known.of(identity)
        if before is not None:
            if identity.sequence < before.known.sequence:
                return
            promise = before.known.next_key_digest or known.next_key_digest
            known = Known(identity.did, identity.sequence, identity.digest, promise, before.known.successor)
        first_us = seen_us if before is None else before.first_seen_us
        home = None if before is None else before.confirmed_home
        persons[identity.did] = Remembered(known, tuple(identity.devices), first_us, home)

    # --- successions ------------------------------------------------------------------------------------------------

    def _predecessor(self, identity: Identity) -> str | None:
        """The did whose place this identity takes now."""
        if identity.predecessor is None:
            return None
        old, new = self.known(identity.predecessor), self.known(identity.did)
        if old is None or old.successor is not None or not succeeds(old, identity):
            return None
        if new is not None and new.successor is not None:  # nobody is succeeded in a circle
            return None
        return old.did

    @one_at_a_time
    async def _succeed(self, old: str, identity: Identity, shown: Shown) -> None:
        now_us = self.ledger.now_us()
        first = self._predecessor(identity) == old  # another root of the same promise cannot be, the same one twice can

        def job(connection: sa.Connection) -> None:
            put_person(connection, shown, now_us)
            if first:
                hand_over(connection, old, identity.did)
                add_entry(connection, at_us=now_us, who=identity.did, what="succeed", on_whom=old)

        await self.ledger.write(job)
        self._note(identity, now_us)
        if first:
            persons = self.ledger.view.persons
            before = persons[old]
            known = before.known
            handed = Known(old, known.sequence, known.digest, known.next_key_digest, identity.did)
            persons[old] = before._replace(known=handed)
            self.ledger.view.move(old, identity.did)
            for did in (old, identity.did):
                self.ledger.changed(did)

    # --- by the hour ------------------------------------------------------------------------------------------------

    async def tidy(self, guest_days: float, record_days: float) -> None:
        """Forget guests who have not come for long, restrictions that ended long ago, and what is over."""
        now_us = self.ledger.now_us()
        await self.records.prune(now_us - int(guest_days * DAY_US), now_us - int(record_days * DAY_US))


def _shown(identity: Identity, name: str | None, look: Any, home: str) -> Shown:
    return Shown(
        identity.did,
        name,
        look,
        home,
        identity.document,
        tuple(identity.devices),
        identity.sequence,
        identity.digest,
        identity.next_key_digest,
    )


def _load(connection: sa.Connection, view: View, now_us: int) -> None:
    """Fill the view from the database."""
    for one in all_memories(connection):
        known = Known(one.did, one.sequence, one.digest, one.next_key_digest, one.successor)
        view.persons[one.did] = Remembered(known, one.devices, one.first_seen_us, one.confirmed_home)
    for grant in all_grants(connection):
        view.add_grant(grant)
    for rule in active_restrictions(connection, now_us):
        view.add_restriction(rule)
    for hold in all_holds(connection):
        view.add_hold(hold)
    view.appeal = str(get_preference(connection, APPEAL) or "")
