"""Everybody who came in: by which key, under which name, and the last document that the key's owner signed.

The did is the person; `visitor_id` is what the alley calls them and is made from it. `sequence`, `digest` and
`next_key_digest` are the memory against which a new document is judged, so they are never set back: a row changes only
for a document whose sequence is at least as high, and a promise of a successor that was seen once stays. `devices` says
again which devices the document lists: they are needed at every start, without reading all documents. `home` is where
the document says that somebody is at home, `confirmed_home` the last such place that said so too.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final, NamedTuple

import msgspec
import sqlalchemy as sa

from yokocho.store.tables import grants, persons, restrictions

_VISITOR_ID_CHARS: Final = 22


def visitor_id_of(did: str) -> str:
    """What an alley calls the person: short, and the same whenever they come back."""
    digest = hashlib.sha256(did.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode()[:_VISITOR_ID_CHARS]


class PersonRow(NamedTuple):
    """One person as the store keeps them."""

    did: str
    name: str
    look: Any
    home: str
    confirmed_home: str | None
    document: Mapping[str, Any]
    sequence: int
    digest: bytes
    next_key_digest: str | None
    successor: str | None
    first_seen_us: int
    last_seen_us: int


class Shown(NamedTuple):
    """What somebody showed: at the door, or when they published a document. None for what they did not say."""

    did: str
    name: str | None
    look: Any
    home: str
    document: Mapping[str, Any]
    devices: tuple[str, ...]
    sequence: int
    digest: bytes
    next_key_digest: str | None


class Memory(NamedTuple):
    """What has to be known of somebody at all times."""

    did: str
    devices: tuple[str, ...]
    sequence: int
    digest: bytes
    next_key_digest: str | None
    successor: str | None
    first_seen_us: int
    confirmed_home: str | None


def put_person(connection: sa.Connection, shown: Shown, now_us: int) -> None:
    """Keep what somebody showed. Of an older document than the known one only the visit is kept."""
    fields: dict[str, Any] = {"home": shown.home, "last_seen_us": now_us}
    if shown.name is not None:
        fields["name"] = shown.name
    if shown.look is not None:
        fields["look"] = msgspec.to_builtins(shown.look)
    document = {
        "document": dict(shown.document),
        "devices": " ".join(shown.devices),
        "sequence": shown.sequence,
        "digest": shown.digest.hex(),
        "next_key_digest": shown.next_key_digest,
    }
    one = persons.c.did == shown.did
    found = connection.execute(sa.select(persons.c.sequence, persons.c.next_key_digest).where(one)).one_or_none()
    if found is None:
        new = {"name": "", "did": shown.did, "visitor_id": visitor_id_of(shown.did), "first_seen_us": now_us}
        connection.execute(sa.insert(persons).values(**{**new, **fields, **document}))
        return
    if found.next_key_digest is not None:
        del document["next_key_digest"]
    newer = document if shown.sequence >= found.sequence else {}
    connection.execute(sa.update(persons).where(one).values(**fields, **newer))


def hand_over(connection: sa.Connection, old: str, new: str) -> None:
    """The person goes by another key from now on: rights and restrictions go with them."""
    connection.execute(sa.update(persons).where(persons.c.did == old).values(successor=new))
    for table in (grants, restrictions):
        connection.execute(sa.update(table).where(table.c.did == old).values(did=new))


def former_dids(connection: sa.Connection, did: str) -> list[str]:
    """The dids that the person had before, the last one first."""
    found: list[str] = []
    latest = [did]
    while latest:
        latest = [
            old
            for old in connection.scalars(sa.select(persons.c.did).where(persons.c.successor.in_(latest)))
            if old not in found and old != did
        ]
        found += latest
    return found


def all_memories(connection: sa.Connection) -> Iterator[Memory]:
    """Of everybody, one after another, what the server holds in memory. Not the documents: they are large."""
    columns = [persons.c[name] for name in Memory._fields]
    for did, devices, sequence, digest, *rest in connection.execute(sa.select(*columns)):
        yield Memory(did, tuple(devices.split()), sequence, bytes.fromhex(digest), *rest)


def find_person(connection: sa.Connection, did: str) -> PersonRow | None:
    """One person."""
    row = connection.execute(sa.select(persons).where(persons.c.did == did)).one_or_none()
    return None if row is None else _person(row)


def find_by_visitor_id(connection: sa.Connection, visitor_id: str) -> PersonRow | None:
    """One person by what the alley calls them."""
    row = connection.execute(sa.select(persons).where(persons.c.visitor_id == visitor_id)).one_or_none()
    return None if row is None else _person(row)


def put_name(connection: sa.Connection, did: str, name: str) -> None:
    """What somebody known wants to be called from now on."""
    connection.execute(sa.update(persons).where(persons.c.did == did).values(name=name))


def put_confirmed_home(connection: sa.Connection, did: str, home: str) -> None:
    """Somebody's home said that they are at home there."""
    connection.execute(sa.update(persons).where(persons.c.did == did).values(confirmed_home=home))


def names_of(connection: sa.Connection, dids: Collection[str]) -> dict[str, str]:
    """What these people call themselves, as far as they are known."""
    query = sa.select(persons.c.did, persons.c.name).where(persons.c.did.in_(dids))
    return {row.did: row.name for row in connection.execute(query)}


def find_people(connection: sa.Connection, words: str, *, role: str, offset: int, limit: int) -> list[PersonRow]:
    """People whose name, home or did holds the words, last seen first; of one role if one is named."""
    query = sa.select(persons).order_by(persons.c.last_seen_us.desc(), persons.c.did).offset(offset).limit(limit)
    if words:
        query = query.where(
            persons.c.name.icontains(words, autoescape=True)
            | persons.c.home.icontains(words, autoescape=True)
            | persons.c.did.contains(words, autoescape=True)
            | (persons.c.visitor_id == words)
        )
    if role:
        query = query.where(persons.c.did.in_(sa.select(grants.c.did).where(grants.c.role == role)))
    return [_person(row) for row in connection.execute(query)]


def prune_people(connection: sa.Connection, before_us: int) -> list[str]:
    """Forget guests who were last here before a time: nobody with a grant, a restriction or a succession."""
    bound = sa.union(
        sa.select(grants.c.did),
        sa.select(restrictions.c.did).where(restrictions.c.did.is_not(None)),
        sa.select(persons.c.successor).where(persons.c.successor.is_not(None)),
        sa.select(persons.c.did).where(persons.c.successor.is_not(None)),
    )
    old = (persons.c.last_seen_us < before_us) & persons.c.did.not_in(bound)
    gone = list(connection.scalars(sa.select(persons.c.did).where(old)))
    if gone:
        connection.execute(sa.delete(persons).where(old))
    return gone


def _person(row: sa.Row[Any]) -> PersonRow:
    fields = {name: getattr(row, name) for name in PersonRow._fields}
    return PersonRow(**{**fields, "digest": bytes.fromhex(row.digest)})
