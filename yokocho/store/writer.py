"""The one writer: a thread that owns the only connection which writes, and commits in groups.

Theory. SQLite has one writer at a time, and a commit that survives a power cut costs a sync of the disk. So all writes
go through one queue; the thread takes whatever is waiting, runs each job inside a savepoint of one transaction, and
commits once. Jobs that fail are rolled back alone and their caller gets the error; the others are not touched. A caller
is answered only after the commit: *nothing is acknowledged before it is committed*.

When the storage itself fails (an I/O error, a full disk) nothing that is waiting is acknowledged, no further job is
taken, and `on_failure` is called once: the process should end, because what the page cache holds can't be trusted.
"""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Callable
from typing import Any, Final, Generic, TypeVar

import sqlalchemy as sa

from yokocho.store.database import is_storage_failure, plain_reason
from yokocho.store.errors import StorageFailed, StoreBusy

MAX_GROUP: Final = 256
MAX_WAITING: Final = 10_000

T = TypeVar("T")
Job = Callable[[sa.Connection], T]


class _Entry(Generic[T]):
    """A job, and where its result goes."""

    __slots__ = ("error", "future", "job", "result")

    def __init__(self, job: Job[T], future: asyncio.Future[T]) -> None:
        self.job = job
        self.future = future
        self.result: T | None = None
        self.error: BaseException | None = None


class Writer:
    """Runs write jobs in order; made inside the running loop, ended with `close`."""

    def __init__(self, engine: sa.Engine, on_failure: Callable[[StorageFailed], None]) -> None:
        self._engine = engine
        self._on_failure = on_failure
        self._loop = asyncio.get_running_loop()
        self._queue: queue.SimpleQueue[_Entry[Any] | None] = queue.SimpleQueue()
        self._failed: StorageFailed | None = None
        self._closed = False
        self._broken = threading.Event()
        self.commits = 0
        self._thread = threading.Thread(target=self._run, name="store-writer", daemon=True)
        self._thread.start()

    @property
    def failed(self) -> StorageFailed | None:
        """Why nothing can be written any more, None while all is well."""
        return self._failed

    async def write(self, job: Job[T]) -> T:
        """Run `job` in a transaction; returns its result once that is committed.

        Raises:
            StorageFailed: the storage failed; nothing is known to be kept.
            StoreBusy: too much is waiting.
        """
        if self._failed is not None:
            raise StorageFailed(str(self._failed))
        if self._closed:
            raise StorageFailed("The store is closed.")
        if self._queue.qsize() >= MAX_WAITING:
            raise StoreBusy("The store has more to write than it can take.")
        entry: _Entry[T] = _Entry(job, self._loop.create_future())
        self._queue.put(entry)
        if self._broken.is_set():  # it failed since we looked: the thread may have left without seeing this entry
            self._refuse_the_rest()
        return await entry.future

    async def close(self) -> None:
        """Write what is waiting, then end the thread."""
        if not self._closed:
            self._closed = True
            self._queue.put(None)
        await asyncio.to_thread(self._thread.join)

    def _run(self) -> None:
        """The thread: one round per commit until the end sign comes."""
        going_on = True
        try:
            with self._engine.connect().execution_options(yokocho_write=True) as connection:
                while going_on and self._failed is None:
                    group, going_on = self._next_group()
                    if group:
                        self._commit(connection, group)
        except Exception as error:  # noqa: BLE001 - the thread must not die unheard
            self._fail([], error)
        self._refuse_the_rest()

    def _next_group(self) -> tuple[list[_Entry[Any]], bool]:
        """Wait for a job and take all that came with it; False when the end sign was among them."""
        group: list[_Entry[Any]] = []
        entry = self._queue.get()
        while entry is not None:
            group.append(entry)
            if len(group) == MAX_GROUP:
                return group, True
            try:
                entry = self._queue.get_nowait()
            except queue.Empty:
                return group, True
        return group, False

    def _commit(self, connection: sa.Connection, group: list[_Entry[Any]]) -> None:
        try:
            with connection.begin():
                for entry in group:
                    self._run_job(connection, entry)
        except Exception as error:  # noqa: BLE001 - a failed commit is the end, whatever its class
            self._fail(group, error)
            return
        self.commits += 1
        self._answer(group)

    @staticmethod
    def _run_job(connection: sa.Connection, entry: _Entry[Any]) -> None:
        """Run one job in its own savepoint; an error stays with it unless the storage failed."""
        try:
            with connection.begin_nested():
                entry.result = entry.job(connection)
        except Exception as error:
            if is_storage_failure(error):
                raise
            entry.error = error

    def _fail(self, group: list[_Entry[Any]], error: BaseException) -> None:
        self._failed = StorageFailed(f"The storage failed and the server stops: {plain_reason(error)}.")
        self._failed.__cause__ = error
        self._broken.set()
        for entry in group:
            entry.error = self._failed
        self._answer(group)
        self._post(self._on_failure, self._failed)

    def _refuse_the_rest(self) -> None:
        """Nobody may wait for ever: whoever is still in the queue hears that it was not written."""
        rest: list[_Entry[Any]] = []
        while True:
            try:
                entry = self._queue.get_nowait()
            except queue.Empty:
                break
            if entry is not None:
                entry.error = self._failed or StorageFailed("The store is closed.")
                rest.append(entry)
        self._answer(rest)

    def _answer(self, group: list[_Entry[Any]]) -> None:
        if group:
            self._post(_resolve, group)

    def _post(self, callback: Callable[[Any], None], argument: Any) -> None:
        try:
            self._loop.call_soon_threadsafe(callback, argument)
        except RuntimeError:  # the loop is closed: nobody is waiting any more
            return


def _resolve(group: list[_Entry[Any]]) -> None:
    for entry in group:
        if entry.future.done():  # the caller gave up; the write stands
            continue
        if entry.error is not None:
            entry.future.set_exception(entry.error)
        else:
            entry.future.set_result(entry.result)
