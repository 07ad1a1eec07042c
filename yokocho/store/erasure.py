"""What is kept about a person, table by table: the list from which it is handed out and erased.

Theory. "Everything you hold about me" must not depend on somebody remembering each place. So every table of the
instance stands here, either in `PERSONAL` with each column that names a person and what becomes of it, or in
`IMPERSONAL`; a test compares this with the tables, and another erases somebody and looks for what is left.

A row that is about the person goes. A row that is about something else, and says who did it, stays with a word in
place of the name. A restriction in force stays under a keyed hash (store/restrictions.py): else a ban would end with a
request. Everything has a time, and only what is older than the request goes: somebody who comes back begins anew, and a
restored backup is cleaned by the same rule.

A stall belongs to the alley and says who makes what is shown there. When the last of those who keep it goes, or
whoever kept it last and left it, that name goes too and the stall is to let.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from yokocho.store.people import visitor_id_of
from yokocho.store.tables import (
    address_holds,
    assets,
    audit_log,
    chat_messages,
    exhibits,
    grants,
    invitations,
    persons,
    plots,
    restrictions,
    rooms,
    schema_info,
    settings,
    stalls,
)

FORGOTTEN: Final = "forgotten"
"""Stands where a did stood."""


@dataclass(frozen=True)
class Held:
    """A column that names a person.

    Attributes:
        column: holds a did, or a visitor_id.
        since: the time of the row.
        is_about: whether the whole row is about the person and goes; otherwise the name alone goes.
        shown: columns that an export shows of such a row, where not all are the person's own.
    """

    column: sa.Column[Any]
    since: sa.Column[Any]
    is_about: bool
    shown: tuple[str, ...] | None = None


_INVITATION: Final = ("id", "kind", "stall_id", "made_us", "expires_us", "used_us", "revoked_us")
_RESTRICTION: Final = ("id", "kind", "scope", "reason", "at_us", "expires_us", "lifted_us")

PERSONAL: Final[tuple[Held, ...]] = (
    Held(persons.c.did, persons.c.first_seen_us, is_about=True),
    Held(persons.c.successor, persons.c.first_seen_us, is_about=True),
    Held(chat_messages.c.visitor_id, chat_messages.c.said_us, is_about=True),
    Held(grants.c.did, grants.c.at_us, is_about=True, shown=("id", "did", "role", "stall_id", "at_us")),
    Held(grants.c.granted_by, grants.c.at_us, is_about=False, shown=("id", "role", "stall_id", "at_us")),
    Held(invitations.c.made_by, invitations.c.made_us, is_about=False, shown=_INVITATION),
    Held(invitations.c.used_by, invitations.c.made_us, is_about=False, shown=_INVITATION),
    Held(restrictions.c.did, restrictions.c.at_us, is_about=True, shown=_RESTRICTION),
    Held(restrictions.c.made_by, restrictions.c.at_us, is_about=False, shown=_RESTRICTION),
    Held(restrictions.c.lifted_by, restrictions.c.at_us, is_about=False, shown=_RESTRICTION),
    Held(audit_log.c.who, audit_log.c.at_us, is_about=False, shown=("id", "at_us", "what", "why", "details")),
    Held(audit_log.c.on_whom, audit_log.c.at_us, is_about=False, shown=("id", "at_us", "what", "why", "details")),
)
IMPERSONAL: Final = (schema_info, settings, assets, rooms, plots, stalls, exhibits, address_holds)
"""Nothing here names a person by did. Stalls are the alley's: whose they are is a grant, and what hangs there is
public; the name of a maker goes with the maker (`_vacate`)."""


def erase(
    connection: sa.Connection,
    dids: Sequence[str],
    *,
    hash_of: Callable[[str], str],
    before_us: int,
    now_us: int,
) -> None:
    """Erase what was kept about a person, under all the dids they had, before a time."""
    _vacate(connection, dids, before_us)
    for did in dids:
        _keep_restrictions_nameless(connection, did, hash_of(did), before_us, now_us)
        _blank_audit(connection, did, before_us)
        names = (did, visitor_id_of(did))
        for held in PERSONAL:
            mine = held.column.in_(names) & (held.since < before_us)
            table = held.column.table
            assert isinstance(table, sa.Table)
            if held.is_about:
                connection.execute(sa.delete(table).where(mine))
            else:
                connection.execute(sa.update(table).where(mine).values({held.column: FORGOTTEN}))


def newest_us(connection: sa.Connection, dids: Sequence[str]) -> int:
    """The time of the newest row that names a person; 0 where none does."""
    names = [*dids, *map(visitor_id_of, dids)]
    queries = (sa.select(sa.func.max(held.since)).where(held.column.in_(names)) for held in PERSONAL)
    return max(connection.scalar(query) or 0 for query in queries)


def _vacate(connection: sa.Connection, dids: Sequence[str], before_us: int) -> None:
    """The stalls that the person keeps or kept, and nobody else keeps now, name no maker any more."""
    kept = sa.select(grants.c.stall_id).where(
        grants.c.did.in_(dids), grants.c.at_us < before_us, grants.c.stall_id.is_not(None)
    )
    stall_ids = set(connection.scalars(kept))
    told = sa.select(audit_log.c.details).where(audit_log.c.on_whom.in_(dids), audit_log.c.at_us < before_us)
    stall_ids.update(str(details["stall"]) for details in connection.scalars(told) if details.get("stall"))
    others = sa.select(grants.c.stall_id).where(grants.c.did.not_in(dids), grants.c.stall_id.is_not(None))
    vacant = stall_ids.difference(connection.scalars(others))
    if vacant:
        is_vacant = stalls.c.id.in_(vacant) & (stalls.c.maker != "")
        connection.execute(sa.update(stalls).where(is_vacant).values(maker="", version=stalls.c.version + 1))


def _keep_restrictions_nameless(
    connection: sa.Connection, did: str, did_hash: str, before_us: int, now_us: int
) -> None:
    in_force = (
        (restrictions.c.did == did)
        & (restrictions.c.at_us < before_us)
        & restrictions.c.lifted_us.is_(None)
        & (restrictions.c.expires_us.is_(None) | (restrictions.c.expires_us > now_us))
    )
    connection.execute(sa.update(restrictions).where(in_force).values(did=None, did_hash=did_hash, reason=""))


def _blank_audit(connection: sa.Connection, did: str, before_us: int) -> None:
    """Reasons and details that are about the person, or name them, go."""
    text = sa.cast(audit_log.c.details, sa.Text)
    about = (
        (audit_log.c.on_whom == did)
        | audit_log.c.why.contains(did, autoescape=True)
        | text.contains(did, autoescape=True)
    ) & (audit_log.c.at_us < before_us)
    connection.execute(sa.update(audit_log).where(about).values(why="", details={}))


def collect(connection: sa.Connection, dids: Sequence[str]) -> Iterator[tuple[str, str, list[dict[str, Any]]]]:
    """Everything about a person, as table, column and rows; of rows that concern others only what is the person's."""
    names = [*dids, *map(visitor_id_of, dids)]
    for held in PERSONAL:
        table = held.column.table
        assert isinstance(table, sa.Table)
        columns = table.columns if held.shown is None else [table.c[name] for name in held.shown]
        query = sa.select(*columns).where(held.column.in_(names)).order_by(*table.primary_key)
        rows = [dict(row) for row in connection.execute(query).mappings()]
        if rows:
            yield table.name, held.column.name, rows


def named_dids(connection: sa.Connection) -> Iterable[str]:
    """Every did in the database: what a list of forgotten people is held against."""
    columns = [held.column for held in PERSONAL if held.column is not chat_messages.c.visitor_id]
    query = sa.union(*(sa.select(column).where(column.like("did:%")) for column in columns))
    return list(connection.scalars(query))
