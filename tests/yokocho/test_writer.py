"""The one writer: grouped, in order, and honest about what is kept."""

from __future__ import annotations

import asyncio
import os
import random
import resource
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.yokocho.support import ROOT, eventually
from yokocho.store.database import DATABASE_NAME
from yokocho.store.errors import StorageFailed, StoreBusy
from yokocho.store.preferences import put_preference
from yokocho.store.store import Database, Store
from yokocho.store.tables import settings as preferences
from yokocho.store.writer import MAX_WAITING


def put(key: str, value: object = 1) -> Callable[[sa.Connection], str]:
    def job(connection: sa.Connection) -> str:
        put_preference(connection, key, value, 1)
        return key

    return job


def never(error: StorageFailed) -> None:
    raise AssertionError(error)


def count(data: Path) -> int:
    with sqlite3.connect(data / DATABASE_NAME) as raw:
        found: int = raw.execute("SELECT count(*) FROM settings WHERE key LIKE 'k%'").fetchone()[0]
    raw.close()
    return found


async def test_answer_comes_after_the_commit(data: Path) -> None:
    store = Store(Database(data), never)
    assert await store.write(put("k")) == "k"
    assert count(data) == 1  # seen by a connection of its own, so it is committed
    await store.close()


async def test_burst_shares_commits(data: Path) -> None:
    store = Store(Database(data), never)
    await asyncio.gather(*(store.write(put(f"k{number}")) for number in range(500)))
    assert count(data) == 500
    assert store.writer.commits <= 25
    await store.close()


async def test_failing_job_harms_nobody_else(data: Path) -> None:
    def breaks(connection: sa.Connection) -> None:
        put_preference(connection, "k-broken", 1, 1)
        connection.execute(sa.insert(preferences).values(key="k-broken", value=2, changed_us=1))

    def raises(connection: sa.Connection) -> None:
        put_preference(connection, "k-raised", 1, 1)
        raise ZeroDivisionError

    store = Store(Database(data), never)
    jobs = [store.write(put("k1")), store.write(breaks), store.write(raises), store.write(put("k2"))]
    results = await asyncio.gather(*jobs, return_exceptions=True)
    assert results[0] == "k1"
    assert isinstance(results[1], sa.exc.IntegrityError)
    assert isinstance(results[2], ZeroDivisionError)
    assert results[3] == "k2"
    assert count(data) == 2
    await store.close()


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 6), st.sampled_from(["add", "add and raise", "wait"])), max_size=60))
def test_what_is_acknowledged_is_what_is_there(data: Path, jobs: list[tuple[int, str]]) -> None:
    """Whatever succeeds and fails beside each other in one group: the answers tell the truth, job by job."""

    def add(key: str, how: str) -> Callable[[sa.Connection], str]:
        def job(connection: sa.Connection) -> str:
            connection.execute(sa.insert(preferences).values(key=key, value=how, changed_us=1))
            if how == "add and raise":
                raise ZeroDivisionError
            return key

        return job

    async def run() -> list[str | BaseException]:
        store = Store(Database(data), never)
        await store.write(lambda connection: connection.execute(sa.delete(preferences)))
        writes = []
        for number, how in jobs:
            if how == "wait":
                await asyncio.sleep(0.001)
            writes.append(asyncio.ensure_future(store.write(add(f"k{number}", how))))
        results = await asyncio.gather(*writes, return_exceptions=True)
        await store.close()
        return results

    results = asyncio.run(run())
    acknowledged = [result for result in results if isinstance(result, str)]
    assert len(acknowledged) == len(set(acknowledged)) == count(data)
    assert len(results) == len(jobs)
    assert {type(result) for result in results} <= {str, ZeroDivisionError, sa.exc.IntegrityError}


async def test_close_writes_what_is_waiting(data: Path) -> None:
    store = Store(Database(data), never)
    writes = [asyncio.ensure_future(store.write(put(f"k{number}"))) for number in range(50)]
    await asyncio.sleep(0)
    await store.close()
    await asyncio.gather(*writes)
    assert count(data) == 50
    with pytest.raises(StorageFailed, match="closed"):
        await store.write(put("k"))
    await store.close()


async def test_who_gives_up_does_not_undo_the_write(data: Path) -> None:
    store = Store(Database(data), never)
    write = asyncio.ensure_future(store.write(put("k")))
    await asyncio.sleep(0)
    write.cancel()
    await store.write(put("k2"))
    assert count(data) == 2
    await store.close()


async def test_queue_has_an_end(data: Path) -> None:
    store = Store(Database(data), never)
    begun, go_on = threading.Event(), threading.Event()

    def slowly(_connection: sa.Connection) -> None:
        begun.set()
        go_on.wait(30)

    slow = asyncio.ensure_future(store.write(slowly))
    assert await asyncio.to_thread(begun.wait, 30)
    waiting = [asyncio.ensure_future(store.write(lambda _connection: None)) for _ in range(MAX_WAITING)]
    await asyncio.sleep(0)
    with pytest.raises(StoreBusy):
        await store.write(put("k"))
    go_on.set()
    await asyncio.gather(slow, *waiting)
    await store.write(put("k"))
    await store.close()


async def test_failed_storage_is_reported_once_and_nothing_more_is_promised(data: Path) -> None:
    failures: list[StorageFailed] = []
    store = Store(Database(data), failures.append)
    await store.write(put("k-kept"))
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (64 * 1024, before[1]))
    try:
        big = [store.write(put(f"k{number}", "x" * 60_000)) for number in range(20)]
        results = await asyncio.wait_for(asyncio.gather(*big, return_exceptions=True), 30)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    await eventually(lambda: bool(failures))
    lost = [result for result in results if isinstance(result, StorageFailed)]
    kept = [result for result in results if isinstance(result, str)]
    assert lost
    assert len(lost) + len(kept) == 20
    assert "The storage failed" in str(lost[0])
    assert len(failures) == 1
    assert store.failed is failures[0]
    with pytest.raises(StorageFailed):
        await store.write(put("k-late"))
    await store.close()
    assert count(data) == 1 + len(kept)


CHILD = """
import asyncio, os, sys
from pathlib import Path
from yokocho.store.preferences import put_preference
from yokocho.store.store import Database, Store

async def main(data, start):
    store = Store(Database(data), print)
    async def one(worker):
        number = 0
        while True:
            number += 1
            key = f"k{start}-{worker}-{number}"
            await store.write(lambda connection: put_preference(connection, key, "v" * 300, 1))
            os.write(1, f"{key}\\n".encode())
    await asyncio.gather(*map(one, range(20)))

asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
"""


def test_sudden_death_loses_nothing_that_was_acknowledged(data: Path) -> None:
    acknowledged: set[str] = set()
    rng = random.Random(3)
    for round_number in range(4):
        child = subprocess.Popen(
            [sys.executable, "-c", CHILD, str(data), str(round_number)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
        )
        assert child.stdout is not None
        first = child.stdout.readline()
        time.sleep(rng.uniform(0.05, 0.4))
        child.send_signal(signal.SIGKILL)
        lines = (first + child.stdout.read()).decode().split("\n")[:-1]
        child.stdout.close()
        child.wait()
        acknowledged.update(lines)
        with sqlite3.connect(data / DATABASE_NAME) as raw:
            assert raw.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
            stored = {row[0] for row in raw.execute("SELECT key FROM settings")}
        raw.close()
        assert acknowledged <= stored
    assert len(acknowledged) > 100
