"""The audit log: what was decided about people, by whom and why. It only grows.

The one exception is somebody's right to be forgotten: then their did gives way to a word in the rows that name them
(store/erasure.py), and the row stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import sqlalchemy as sa

from yokocho.store.tables import audit_log


class AuditEntry(NamedTuple):
    """One decision."""

    id: int
    at_us: int
    who: str
    what: str
    on_whom: str | None
    why: str
    details: Mapping[str, Any]


def add_entry(
    connection: sa.Connection,
    *,
    at_us: int,
    who: str,
    what: str,
    on_whom: str | None = None,
    why: str = "",
    details: Mapping[str, Any] | None = None,
) -> None:
    """Write down what was decided."""
    row = {"at_us": at_us, "who": who, "what": what, "on_whom": on_whom, "why": why, "details": dict(details or {})}
    connection.execute(sa.insert(audit_log).values(**row))


def list_entries(
    connection: sa.Connection, *, did: str = "", before_id: int | None = None, limit: int
) -> list[AuditEntry]:
    """Newest first; only what a person did or had done to them, if one is named."""
    query = sa.select(audit_log).order_by(audit_log.c.id.desc()).limit(limit)
    if did:
        query = query.where((audit_log.c.who == did) | (audit_log.c.on_whom == did))
    if before_id is not None:
        query = query.where(audit_log.c.id < before_id)
    return [AuditEntry(*row) for row in connection.execute(query)]
