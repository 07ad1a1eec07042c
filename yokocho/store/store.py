"""The store as the application holds it: used freely before the server runs, written by one thread while it does."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import sqlalchemy as sa

from yokocho.store.assets import AssetFiles
from yokocho.store.database import open_engine, plain_reason
from yokocho.store.errors import DataUnusable, StorageFailed
from yokocho.store.schema import bring_up_to_date, is_up_to_date
from yokocho.store.writer import Job, Writer

T = TypeVar("T")


def now_us() -> int:
    """The time of day as the store keeps it."""
    return time.time_ns() // 1000


class Database:
    """The database before the server runs: opened and of the right version, used from one thread."""

    def __init__(self, directory: Path, *, only_look: bool = False) -> None:
        """Open it, and make or migrate the tables, unless we `only_look`.

        Raises:
            DataVersion: it was written by a newer version.
            DataUnusable: it cannot be read or written.
        """
        self.engine = open_engine(directory)
        self.files = AssetFiles(directory)
        try:
            self.is_current = is_up_to_date(self.engine) if only_look else self.bring_up_to_date()
        except BaseException:
            self.engine.dispose()
            raise

    def bring_up_to_date(self) -> bool:
        """Make or migrate the tables when that is due; true.

        Raises:
            DataVersion: as above.
            DataUnusable: as above.
        """
        bring_up_to_date(self.engine, now_us())
        with self.transaction():
            pass  # a database that we may only read is found out now, and not by the first visitor
        return True

    def read(self, job: Job[T]) -> T:
        """Run a job that only reads."""
        try:
            with self.engine.connect() as connection, connection.begin():
                return job(connection)
        except sa.exc.DBAPIError as error:
            raise DataUnusable(f"The database cannot be read: {plain_reason(error)}.") from error

    @contextmanager
    def transaction(self) -> Iterator[sa.Connection]:
        """A transaction that writes, committed at the end of the block."""
        try:
            with self.engine.connect().execution_options(yokocho_write=True) as connection, connection.begin():
                yield connection
        except sa.exc.DBAPIError as error:
            raise DataUnusable(f"The database cannot be written: {plain_reason(error)}.") from error

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


class Store:
    """The database while the server runs: one thread writes in groups."""

    def __init__(self, database: Database, on_failure: Callable[[StorageFailed], None]) -> None:
        self._database = database
        self._on_failure = on_failure
        self._is_open = asyncio.Event()
        self._is_open.set()
        self.files = database.files
        self.writer = Writer(database.engine, on_failure)

    @property
    def failed(self) -> StorageFailed | None:
        """Why nothing can be written any more, None while all is well."""
        return self.writer.failed

    async def write(self, job: Job[T]) -> T:
        """Run `job` in a transaction; returns once it is committed.

        Raises:
            StorageFailed: the storage failed; the process should end.
            StoreBusy: too much is waiting to be written.
        """
        await self._is_open.wait()
        return await self.writer.write(job)

    async def pause(self) -> None:
        """Write what is waiting and let go of the database; what comes then waits for `go_on` or `close`."""
        self._is_open.clear()
        await self.writer.close()
        self._database.close()

    def go_on(self) -> None:
        """Write again after a `pause`.

        Raises:
            StoreError: the database was changed meanwhile in a way that we don't understand.
        """
        if self._is_open.is_set():
            return
        self._database.bring_up_to_date()
        self.writer = Writer(self._database.engine, self._on_failure)
        self._is_open.set()

    async def read(self, job: Job[T]) -> T:
        """Run a job that only reads, beside the writer.

        Raises:
            DataUnusable: the database cannot be read.
        """
        return await asyncio.to_thread(self._database.read, job)

    async def close(self) -> None:
        """Write what is waiting and close."""
        await self.writer.close()
        self._is_open.set()
        self._database.close()
