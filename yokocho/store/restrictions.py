"""Bans and mutes, and the addresses that wait for a while because somebody was banned from there.

A restriction names a did, a network, or the keyed hash of a did whose owner has since deleted their data: then the rule
still holds, and nothing says any more whom it was about. An address hold is a keyed hash too; both hashes are only good
together with the key in the tombstones' file (store/tombstones.py), and a hold goes after a day.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import sqlalchemy as sa

from yokocho.store.tables import address_holds, restrictions


class Restriction(NamedTuple):
    """One ban or mute."""

    id: int
    kind: str
    scope: str
    did: str | None
    did_hash: str | None
    network: str | None
    reason: str
    made_by: str
    at_us: int
    expires_us: int | None
    lifted_by: str | None
    lifted_us: int | None

    def holds(self, now_us: int) -> bool:
        """Whether it is in force."""
        return self.lifted_us is None and (self.expires_us is None or now_us < self.expires_us)


class Hold(NamedTuple):
    """New guests from an address wait."""

    restriction_id: int
    address_hash: str
    since_us: int
    expires_us: int


def active_restrictions(connection: sa.Connection, now_us: int) -> Iterator[Restriction]:
    """What is in force."""
    query = sa.select(restrictions).where(
        restrictions.c.lifted_us.is_(None),
        restrictions.c.expires_us.is_(None) | (restrictions.c.expires_us > now_us),
    )
    for row in connection.execute(query.order_by(restrictions.c.id)):
        yield Restriction(*row)


def list_restrictions(
    connection: sa.Connection, *, did: str, now_us: int | None, offset: int, limit: int
) -> list[Restriction]:
    """Newest first; of one person if one is named, only what is in force at `now_us` if that is given."""
    query = sa.select(restrictions).order_by(restrictions.c.id.desc()).offset(offset).limit(limit)
    if did:
        query = query.where(restrictions.c.did == did)
    if now_us is not None:
        query = query.where(
            restrictions.c.lifted_us.is_(None),
            restrictions.c.expires_us.is_(None) | (restrictions.c.expires_us > now_us),
        )
    return [Restriction(*row) for row in connection.execute(query)]


def find_restriction(connection: sa.Connection, restriction_id: int) -> Restriction | None:
    """One by its number."""
    row = connection.execute(sa.select(restrictions).where(restrictions.c.id == restriction_id)).one_or_none()
    return None if row is None else Restriction(*row)


def add_restriction(connection: sa.Connection, new: Restriction) -> Restriction:
    """Keep a new one; its number is given here."""
    values = {name: value for name, value in new._asdict().items() if name != "id"}
    number = connection.execute(sa.insert(restrictions).values(**values)).inserted_primary_key
    assert number is not None
    return new._replace(id=number[0])


def lift_restriction(connection: sa.Connection, restriction_id: int, lifted_by: str, now_us: int) -> None:
    """It holds no longer, and neither do the waiting addresses."""
    connection.execute(
        sa.update(restrictions).where(restrictions.c.id == restriction_id).values(lifted_by=lifted_by, lifted_us=now_us)
    )
    connection.execute(sa.delete(address_holds).where(address_holds.c.restriction_id == restriction_id))


def add_holds(connection: sa.Connection, new: list[Hold]) -> None:
    """Let addresses wait."""
    if new:
        connection.execute(sa.insert(address_holds), [hold._asdict() for hold in new])


def all_holds(connection: sa.Connection) -> Iterator[Hold]:
    """Every address that waits."""
    for row in connection.execute(sa.select(address_holds)):
        yield Hold(*row)


def prune_restrictions(connection: sa.Connection, now_us: int, before_us: int) -> int:
    """Forget waiting addresses whose time is up, and restrictions that ended before a time."""
    connection.execute(sa.delete(address_holds).where(address_holds.c.expires_us <= now_us))
    ended = sa.func.coalesce(restrictions.c.lifted_us, restrictions.c.expires_us)
    return connection.execute(sa.delete(restrictions).where(ended < before_us)).rowcount
