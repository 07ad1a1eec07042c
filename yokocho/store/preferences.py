"""Values the instance itself remembers, such as which room is its front door: key to JSON."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from yokocho.store.tables import settings


def get_preference(connection: sa.Connection, key: str) -> Any:
    """The value, None when there is none."""
    return connection.scalar(sa.select(settings.c.value).where(settings.c.key == key))


def put_preference(connection: sa.Connection, key: str, value: Any, now_us: int) -> None:
    """Set the value."""
    changed = connection.execute(
        sa.update(settings).where(settings.c.key == key).values(value=value, changed_us=now_us)
    ).rowcount
    if not changed:
        connection.execute(sa.insert(settings).values(key=key, value=value, changed_us=now_us))
