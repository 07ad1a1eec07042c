"""What is kept about people: found by those who look after the alley, shown in part to everybody, and given to the
person themself, whole, or erased.

Erasing is written down first (store/tombstones.py), then done: whatever happens in between, the next start finishes it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import NamedTuple

import sqlalchemy as sa

from federation.keys import fingerprint
from world.errors import ProtocolError
from world.text import clean_name
from yokocho.people.errors import Code, Refused
from yokocho.people.ledger import Ledger, one_at_a_time
from yokocho.people.roles import MODERATORS, Actor, Roles
from yokocho.store.audit import add_entry
from yokocho.store.erasure import FORGOTTEN, erase, named_dids, newest_us
from yokocho.store.invitations import prune_invitations
from yokocho.store.people import (
    PersonRow,
    find_by_visitor_id,
    find_people,
    find_person,
    former_dids,
    names_of,
    prune_people,
    put_name,
    visitor_id_of,
)
from yokocho.store.restrictions import prune_restrictions
from yokocho.store.tombstones import Tombstones

MAX_SEARCH_CHARS = 128


class Person(NamedTuple):
    """Somebody, as others see them."""

    row: PersonRow
    visitor_id: str
    fingerprint: str
    roles: Roles
    stalls: tuple[str, ...]


class Named(NamedTuple):
    """How a list tells people apart. Somebody who is forgotten, or never said it, has no name."""

    name: str
    fingerprint: str


class Records:
    """Who was here. `on_erased` is called with the dids of somebody who is to be forgotten everywhere."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.on_erased: list[Callable[[tuple[str, ...]], None]] = []

    async def find(
        self, actor: Actor, words: str = "", *, role: str = "", offset: int = 0, limit: int = 50
    ) -> list[Person]:
        """People by name, home or did, last seen first."""
        actor.need(MODERATORS)
        words = words.strip()[:MAX_SEARCH_CHARS]
        rows = await self.ledger.read(
            lambda connection: find_people(connection, words, role=role, offset=offset, limit=limit)
        )
        return [self._person(row) for row in rows]

    async def person(self, name: str) -> Person:
        """One person, by did or by visitor id."""
        find = find_person if name.startswith("did:") else find_by_visitor_id
        row = await self.ledger.read(lambda connection: find(connection, name))
        if row is None:
            raise Refused(Code.PERSON_UNKNOWN, "Nobody of that name was seen here.")
        return self._person(row)

    async def named(self, words: Iterable[str | None]) -> dict[str, Named]:
        """Those among the words who are people: the log and the lists name them by did."""
        dids = {word for word in words if word is not None and word.startswith("did:")}
        names = await self.ledger.read(lambda connection: names_of(connection, dids)) if dids else {}
        return {did: Named(names.get(did, ""), fingerprint(did)) for did in sorted(dids)}

    async def introduce(self, did: str, name: str) -> None:
        """Somebody says their name before they come in for the first time."""
        try:
            cleaned = clean_name(name)
        except ProtocolError as error:
            raise Refused(Code.BAD_VALUE, str(error)) from None
        await self.ledger.write(lambda connection: put_name(connection, did, cleaned))

    async def all_dids(self, did: str) -> list[str]:
        """The person's did and those they had before."""
        return [did, *await self.ledger.read(lambda connection: former_dids(connection, did))]

    @one_at_a_time
    async def erase(self, did: str) -> None:
        """Forget somebody for good."""
        ledger = self.ledger
        if ledger.view.operators() == {did}:
            raise Refused(Code.LAST_OPERATOR, "This is the only operator; name another one first.")
        dids = await self.all_dids(did)
        now_us = ledger.now_us()
        # A clock that was set right leaves rows of a time to come behind: the wish is about them too.
        wish_us = max(now_us, await ledger.read(lambda connection: newest_us(connection, dids)))
        await asyncio.to_thread(ledger.tombstones.add, dids, wish_us)

        def job(connection: sa.Connection) -> None:
            erase(connection, dids, hash_of=ledger.tombstones.hash, before_us=wish_us + 1, now_us=now_us)
            add_entry(connection, at_us=now_us, who=FORGOTTEN, what="forget")

        await ledger.write(job)
        for one in dids:
            ledger.view.forget(one)
            ledger.changed(one)
        for callback in self.on_erased:
            callback(tuple(dids))

    @one_at_a_time
    async def prune(self, guests_before_us: int, records_before_us: int) -> int:
        """Forget guests who came last before a time, and restrictions and invitations that ended before another."""
        ledger = self.ledger
        now_us = ledger.now_us()

        def job(connection: sa.Connection) -> list[str]:
            prune_restrictions(connection, now_us, records_before_us)
            prune_invitations(connection, records_before_us)
            return prune_people(connection, guests_before_us)

        gone = await ledger.write(job)
        for did in gone:
            ledger.view.persons.pop(did, None)
        ledger.view.drop_restrictions(lambda rule: not rule.holds(now_us))
        ledger.view.drop_holds(lambda hold: hold.expires_us <= now_us)
        return len(gone)

    def _person(self, row: PersonRow) -> Person:
        view = self.ledger.view
        return Person(
            row, visitor_id_of(row.did), fingerprint(row.did), view.roles_of(row.did), view.stalls_of(row.did)
        )


def apply_tombstones(connection: sa.Connection, tombstones: Tombstones, now_us: int) -> int:
    """Erase again whom a restored backup brought back; how many dids were looked at closer."""
    found = 0
    for did in named_dids(connection):
        erased_us = tombstones.erased_us(did)
        if erased_us is not None:
            erase(connection, [did], hash_of=tombstones.hash, before_us=erased_us + 1, now_us=now_us)
            found += 1
    return found
