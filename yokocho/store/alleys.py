"""Rooms with their plots, stalls and exhibits."""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa

from world.scene import AssetRef, Exhibit, Plot, Room, Stall
from yokocho.store.tables import assets, exhibits, plots, rooms, stalls


class Alley(NamedTuple):
    """One alley as the world wants it."""

    room: Room
    plots: tuple[Plot, ...]
    stalls: tuple[Stall, ...]
    exhibits: tuple[Exhibit, ...]


def room_ids(connection: sa.Connection) -> list[str]:
    """The rooms of this instance, oldest first."""
    return list(connection.scalars(sa.select(rooms.c.id).order_by(rooms.c.created_us, rooms.c.id)))


def add_alley(connection: sa.Connection, alley: Alley, now_us: int) -> None:
    """Store a new alley. The assets that its exhibits show must be there already."""
    room_id = alley.room.id
    connection.execute(sa.insert(rooms).values(**_fields(alley.room), created_us=now_us))
    _insert(connection, plots, room_id, [_fields(plot) for plot in alley.plots])
    _insert(connection, stalls, room_id, [_fields(stall) for stall in alley.stalls])
    _insert(connection, exhibits, room_id, [_exhibit_row(exhibit) for exhibit in alley.exhibits])


def load_alley(connection: sa.Connection, room_id: str) -> Alley:
    """The alley as it was stored, in the same order.

    Raises:
        LookupError: there is no such room.
    """
    room = connection.execute(sa.select(rooms).where(rooms.c.id == room_id)).one_or_none()
    if room is None:
        raise LookupError(room_id)
    return Alley(
        room=_value(Room, room),
        plots=tuple(_value(Plot, row) for row in _rows(connection, plots, room_id)),
        stalls=tuple(_value(Stall, row) for row in _rows(connection, stalls, room_id)),
        exhibits=_exhibits(connection, room_id),
    )


def _fields(value: msgspec.Struct) -> dict[str, Any]:
    return {name: getattr(value, name) for name in value.__struct_fields__}


def _insert(connection: sa.Connection, table: sa.Table, room_id: str, values: list[dict[str, Any]]) -> None:
    if values:
        numbered = [{**row, "room_id": room_id, "ordinal": ordinal} for ordinal, row in enumerate(values)]
        connection.execute(sa.insert(table), numbered)


def _exhibit_row(exhibit: Exhibit) -> dict[str, Any]:
    row = _fields(exhibit)
    row["asset_sha256"] = row.pop("asset").sha256
    return row


def _rows(connection: sa.Connection, table: sa.Table, room_id: str) -> list[sa.Row[Any]]:
    return list(connection.execute(sa.select(table).where(table.c.room_id == room_id).order_by(table.c.ordinal)))


def _value(shape: Any, row: sa.Row[Any]) -> Any:
    """The struct whose fields the row holds."""
    return shape(*(getattr(row, name) for name in shape.__struct_fields__))


def _exhibits(connection: sa.Connection, room_id: str) -> tuple[Exhibit, ...]:
    query = (
        sa.select(exhibits, assets.c.sha256, assets.c.suffix, assets.c.size_bytes)
        .join(assets, assets.c.sha256 == exhibits.c.asset_sha256)
        .where(exhibits.c.room_id == room_id)
        .order_by(exhibits.c.ordinal)
    )
    names = [name for name in Exhibit.__struct_fields__ if name != "asset"]
    return tuple(
        Exhibit(asset=_value(AssetRef, row), **{name: getattr(row, name) for name in names})
        for row in connection.execute(query)
    )
