"""Opening the SQLite database.

Write-ahead log, so that readers never wait for the writer; `synchronous=FULL`, because with anything less a power cut
loses transactions that were acknowledged. What is deleted is overwritten: somebody who wants to be forgotten is not to
lie on in free pages. Transactions are opened by our own `BEGIN`, not by the driver's guess.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

DATABASE_NAME: Final = "yokocho.sqlite3"
BUSY_TIMEOUT_MS: Final = 5000
_PRAGMAS: Final = (
    "journal_mode = wal",
    "synchronous = full",
    "foreign_keys = on",
    f"busy_timeout = {BUSY_TIMEOUT_MS}",
    "journal_size_limit = 16777216",
    "trusted_schema = off",
    "secure_delete = on",
)


def open_engine(directory: Path) -> sa.Engine:
    """An engine for the database in `directory`; connects lazily."""
    engine = sa.create_engine(sa.URL.create("sqlite", database=str(directory / DATABASE_NAME)))
    sa.event.listen(engine, "connect", _on_connect)
    sa.event.listen(engine, "begin", _on_begin)
    return engine


def _on_connect(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _on_begin(connection: sa.Connection) -> None:
    write = connection.get_execution_options().get("yokocho_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


_LOST: Final = frozenset(
    {
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_NOTADB,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_NOMEM,
    }
)


def is_storage_failure(error: BaseException) -> bool:
    """Whether an error says that the storage itself failed, rather than that a statement was wrong."""
    cause = error.orig if isinstance(error, sa.exc.DBAPIError) else error
    if not isinstance(cause, sqlite3.Error):
        return False
    return getattr(cause, "sqlite_errorcode", 0) & 0xFF in _LOST


def plain_reason(error: BaseException) -> str:
    """The database's own words, without SQL and links."""
    cause = error.orig if isinstance(error, sa.exc.DBAPIError) else error
    return str(cause)
