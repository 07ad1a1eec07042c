"""Which shape the database has, and bringing it to ours.

The database says two numbers: the `version` of its shape, and `compat_version`, the oldest `VERSION` of the code that
can still work with it. Code refuses a database whose `compat_version` is above its own `VERSION`; a database that is
newer but still compatible is used as it is, so that one release can be rolled back. Alembic, which is slow to import,
is only loaded when there is something to do.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import sqlalchemy as sa

from yokocho.store.database import plain_reason
from yokocho.store.errors import DataUnusable, DataVersion
from yokocho.store.tables import schema_info

VERSION: Final = 3
"""The shape that this code writes. Alembic's revisions are named by it: 0001, 0002, …"""

COMPAT_VERSION: Final = 1
"""The oldest `VERSION` whose code can work with this shape."""


def bring_up_to_date(engine: sa.Engine, now_us: int) -> bool:
    """Make or migrate the tables when that is due; True when something was done.

    Raises:
        DataVersion: the database was written by a newer version.
        DataUnusable: it cannot be read or written, or is no database of ours.
    """
    try:
        found = _found_version(engine)
        if found is not None and found >= VERSION:
            return False
        _migrate(engine, now_us)
    except sa.exc.DBAPIError as error:
        raise DataUnusable(f"The database {engine.url.database} cannot be used: {plain_reason(error)}.") from error
    return True


def is_up_to_date(engine: sa.Engine) -> bool:
    """Whether `bring_up_to_date` would have nothing to do; changes nothing.

    Raises:
        DataVersion: as above.
        DataUnusable: as above.
    """
    try:
        found = _found_version(engine)
    except sa.exc.DBAPIError as error:
        raise DataUnusable(f"The database {engine.url.database} cannot be used: {plain_reason(error)}.") from error
    return found is not None and found >= VERSION


def _found_version(engine: sa.Engine) -> int | None:
    """Version of the database, None when it is empty."""
    with engine.connect() as connection:
        tables = set(sa.inspect(connection).get_table_names())
        if not tables:
            return None
        if schema_info.name not in tables:
            raise DataUnusable(f"The database {engine.url.database} was not made by Yokocho.")
        row = connection.execute(sa.select(schema_info.c.version, schema_info.c.compat_version)).one_or_none()
    if row is None:
        raise DataUnusable(f"The database {engine.url.database} does not say which version it has.")
    if row.compat_version > VERSION:
        raise DataVersion(
            f"The database {engine.url.database} was written by a newer Yokocho "
            f"(its shape is {row.version}, this version knows {VERSION}); please update."
        )
    return int(row.version)


def _migrate(engine: sa.Engine, now_us: int) -> None:
    """Run Alembic to the newest revision, all in one transaction with the new version number."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    with engine.connect().execution_options(yokocho_write=True) as connection, connection.begin():
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.execute(sa.delete(schema_info))
        connection.execute(
            sa.insert(schema_info).values(id=1, version=VERSION, compat_version=COMPAT_VERSION, changed_us=now_us)
        )
