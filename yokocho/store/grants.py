"""Who may do more than walk about: grants, tied to a did."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import sqlalchemy as sa

from yokocho.store.tables import grants, stalls


class Grant(NamedTuple):
    """One right of one person."""

    id: int
    did: str
    role: str
    stall_id: str | None
    granted_by: str
    at_us: int


def all_grants(connection: sa.Connection) -> Iterator[Grant]:
    """Every grant, in the order in which they were made."""
    for row in connection.execute(sa.select(grants).order_by(grants.c.id)):
        yield Grant(*row)


def add_grant(
    connection: sa.Connection, did: str, role: str, stall_id: str | None, *, granted_by: str, at_us: int
) -> Grant:
    """Give somebody a right."""
    values = {"did": did, "role": role, "stall_id": stall_id, "granted_by": granted_by, "at_us": at_us}
    number = connection.execute(sa.insert(grants).values(**values)).inserted_primary_key
    assert number is not None
    return Grant(number[0], did, role, stall_id, granted_by, at_us)


def remove_grant(connection: sa.Connection, grant_id: int) -> None:
    """Take a right away."""
    connection.execute(sa.delete(grants).where(grants.c.id == grant_id))


def stall_exists(connection: sa.Connection, stall_id: str) -> bool:
    """Whether a stall of that name stands here."""
    return connection.scalar(sa.select(stalls.c.id).where(stalls.c.id == stall_id).limit(1)) is not None
