"""A whole server process: it opens, keeps what was said, and ends in good order or without harm."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import hashlib
import json
import resource
import signal
import socket
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import aiohttp
import pytest
from websockets.exceptions import ConnectionClosed

from tests.yokocho.support import (
    Server,
    eventually,
    free_port,
    open_instance,
    run_yokocho,
    server_process,
    yokocho_process,
)
from tests.yokocho.talker import Talker, visit
from world.wire import Scope
from yokocho.app import Instance
from yokocho.errors import ExitCode
from yokocho.store.alleys import room_ids
from yokocho.store.assets import all_assets
from yokocho.store.chat import last_chats
from yokocho.store.database import DATABASE_NAME
from yokocho.store.store import Database

CHAT, HISTORY, BYE = 37, 47, 43


def children_of(server: Server) -> list[str]:
    """Process ids of a server's children."""
    pid = server.process.pid
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


def wait_for(holds: Callable[[], bool], within_s: float = 50.0) -> None:
    """Like `eventually`, for tests without a loop."""
    deadline = time.monotonic() + within_s
    while not holds():
        assert time.monotonic() < deadline, "it never came to hold"
        time.sleep(0.02)


def heard_own(talkers: list[Talker]) -> set[str]:
    """What the speakers themselves heard back: that is the acknowledgement."""
    return {chat[5] for talker in talkers for chat in talker.of_kind(CHAT) if chat[7]}


def have_heard(talkers: list[Talker], enough: int) -> bool:
    """Whether so many words were acknowledged."""
    return len(heard_own(talkers)) >= enough


def stored_words(data: Path) -> list[str]:
    database = Database(data)
    words = [message.text for message in database.read(lambda connection: last_chats(connection, "lane"))]
    database.close()
    return words


# --- what is said is kept ---------------------------------------------------------------------------------------------


async def test_words_are_stored_before_they_are_heard(instance: Instance, data: Path) -> None:
    async with visit(instance.origins[0]) as hana, visit(instance.origins[0], "Ole") as ole:
        await hana.say("good evening", 7)
        heard = await ole.until(CHAT)
        assert heard[5] == "good evening"
        assert stored_words(data) == ["good evening"]


async def test_words_near_by_are_not_stored(instance: Instance, data: Path) -> None:
    async with visit(instance.origins[0]) as hana:
        await hana.say("just between us", 7, Scope.NEAR)
        await hana.until(CHAT)
        assert stored_words(data) == []


async def test_history_is_there_after_a_restart(data: Path) -> None:
    async with open_instance(data) as instance, visit(instance.origins[0]) as hana:
        for number in range(3):
            await hana.say(f"line {number}", number)
        await eventually(lambda: len(hana.of_kind(CHAT)) == 3)
        first_ids = [chat[1] for chat in hana.of_kind(CHAT)]
    async with open_instance(data) as instance, visit(instance.origins[0]) as ole:
        history = await ole.until(HISTORY)
        assert [chat[5] if chat[0] == CHAT else chat[4] for chat in history[1]] == ["line 0", "line 1", "line 2"]
        await ole.say("and on", 1)
        assert (await ole.until(CHAT))[1] > max(first_ids)


async def test_sudden_death_keeps_every_word_that_was_heard(data: Path) -> None:
    acknowledged: set[str] = set()
    talkers: list[Talker] = []
    for round_number in range(2):
        with server_process(data) as server:
            origin = await asyncio.to_thread(lambda: server.origin)

            async def chatter(number: int, origin: str = origin, round_number: int = round_number) -> None:
                async with visit(origin, f"Visitor {number}") as talker:
                    talkers.append(talker)
                    with contextlib.suppress(ConnectionClosed):
                        for line in range(5):
                            await talker.say(f"{round_number}/{number}/{line}", line + 1)
                            await asyncio.sleep(0.01)
                        await asyncio.sleep(30)

            talking = [asyncio.create_task(chatter(number)) for number in range(8)]
            enough = 5 * (round_number + 1)
            await eventually(functools.partial(have_heard, talkers, enough), 30)
            server.process.send_signal(signal.SIGKILL)
            await asyncio.to_thread(server.process.wait, 10)
            for task in talking:
                task.cancel()
            await asyncio.gather(*talking, return_exceptions=True)
            acknowledged = heard_own(talkers)
    assert len(acknowledged) > 8
    assert acknowledged <= set(stored_words(data))


async def test_full_disk_stops_the_server_with_a_clear_word(data: Path) -> None:
    with server_process(data) as server:
        origin = await asyncio.to_thread(lambda: server.origin)
        async with visit(origin) as hana:
            await hana.say("kept", 1)
            await hana.until(CHAT)
            log_bytes = (data / f"{DATABASE_NAME}-wal").stat().st_size
            resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (log_bytes, resource.RLIM_INFINITY))
            await hana.say("lost " * 90, 2)
            code = await asyncio.to_thread(server.process.wait, 15)
        assert code == ExitCode.STORAGE_FAILED
        await eventually(lambda: any("The storage failed" in line for line in server.errors))
    assert len(hana.of_kind(CHAT)) == 1
    assert stored_words(data) == ["kept"]


async def test_old_words_are_forgotten_at_the_start(data: Path) -> None:
    async with open_instance(data) as instance, visit(instance.origins[0]) as hana:
        await hana.say("of long ago", 1)
        await hana.until(CHAT)
    await asyncio.sleep(1.0)
    async with open_instance(data, chat_retention_days=0.01):
        assert stored_words(data) == ["of long ago"]
    database = Database(data)
    with database.transaction() as connection:
        connection.exec_driver_sql("UPDATE chat_messages SET said_us = said_us - 15 * 60 * 1000000")
    database.close()
    async with open_instance(data, chat_retention_days=0.01):
        await eventually(lambda: stored_words(data) == [])


async def test_metrics_count_what_happens(instance: Instance) -> None:
    async def values() -> dict[str, float]:
        async with aiohttp.ClientSession() as session, session.get(f"{instance.origins[0]}/metrics") as answer:
            lines = (await answer.text()).splitlines()
        return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines if line[0] != "#")}

    async with visit(instance.origins[0]) as hana, visit(instance.origins[0], "Ole"):
        await hana.say("good evening", 1)
        await hana.until(CHAT)
        await asyncio.sleep(1.2)
        counted = await values()
        assert counted["yokocho_visitors"] == 2
        assert counted['yokocho_frames_total{direction="in"}'] >= 3
        assert counted['yokocho_frames_total{direction="out"}'] >= 2
        assert counted['yokocho_bytes_total{direction="in"}'] > 2000, "two documents alone are larger"
        assert counted['yokocho_bytes_total{direction="out"}'] > 200
        await hana.socket.send("a text frame")
        await hana.socket.wait_closed()
    counted = await values()
    assert counted['yokocho_errors_total{code="text_frame"}'] == 1
    assert counted['yokocho_evictions_total{reason="text_frame"}'] == 1


# --- the end ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_orderly_end(data: Path, number: int) -> None:
    with server_process(data) as server:
        origin = await asyncio.to_thread(lambda: server.origin)
        async with visit(origin) as hana:
            began = time.monotonic()
            assert await asyncio.to_thread(server.stop, number) == ExitCode.OK
            assert time.monotonic() - began < 15
            assert (await hana.until(BYE))[1] == "restarting"
            await hana.socket.wait_closed()
            assert hana.socket.close_code == 1012
        assert "".join(server.errors) == ""
    assert not (data / f"{DATABASE_NAME}-wal").exists()


async def test_nobody_new_comes_in_once_it_ends(data: Path) -> None:
    async with open_instance(data) as instance:
        instance.end(ExitCode.OK)
        await asyncio.sleep(0.2)
        with pytest.raises(ConnectionError):
            await asyncio.open_connection("127.0.0.1", instance.port)


async def test_idle_connections_do_not_delay_the_end(data: Path) -> None:
    began = 0.0
    async with open_instance(data) as instance:
        idle = [await asyncio.open_connection("127.0.0.1", instance.port) for _ in range(5)]
        idle[0][1].write(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
        await asyncio.sleep(0.1)
        began = time.monotonic()
    assert time.monotonic() - began < 12
    for _, writer in idle:
        writer.close()


@pytest.mark.slow
@pytest.mark.timeout(180)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_end_while_the_alley_is_being_built(tmp_path: Path, number: int) -> None:
    """Nobody goes on building behind the back of the next server, and the next server builds from anew."""
    with server_process(tmp_path) as server:
        wait_for(lambda: any("Building the sample alley" in line for line in server.lines))
        builders = children_of(server)
        assert len(builders) == 1
        code = server.stop(number)
        assert code == (ExitCode.OK if number == signal.SIGTERM else -signal.SIGKILL)
        wait_for(lambda: not Path(f"/proc/{builders[0]}").exists())
    database = Database(tmp_path)
    assert database.read(room_ids) == []
    database.close()


@pytest.mark.slow
@pytest.mark.timeout(180)
def test_first_start_builds_the_sample_alley_once(tmp_path: Path) -> None:
    with server_process(tmp_path) as server:
        assert server.get("/api/alley")["languages"][:1] == ["en"]
        said = "".join(server.lines)
        assert "Building the sample alley: 100%" in said
        assert f"Everything is kept in {tmp_path}" in said
        alley = server.get("/api/alley")
        assert server.stop() == ExitCode.OK
        assert server.errors == []
    assert [path for path in tmp_path.rglob("*") if path.stat().st_mode & 0o077] == []
    with server_process(tmp_path) as server:
        assert server.get("/api/alley") == alley
        assert "Building" not in "".join(server.lines)
        database = Database(tmp_path)
        listed = database.read(lambda connection: list(all_assets(connection)))
        database.close()
        assert len(listed) > 40
        asset = listed[0]
        with urllib.request.urlopen(f"{server.origin}/assets/{asset.sha256}.{asset.suffix}", timeout=10) as answer:
            assert hashlib.sha256(answer.read()).hexdigest() == asset.sha256


# --- one server per place ---------------------------------------------------------------------------------------------


def test_second_server_on_the_same_data_is_turned_away(data: Path) -> None:
    with server_process(data) as server:
        assert server.get("/healthz")["status"] == "ok"
        second = run_yokocho("demo", "--data", str(data), "--port", "0")
        assert second.returncode == ExitCode.DATA_IN_USE
        assert f"in use by another server (process {server.process.pid})" in second.stderr
        assert server.get("/healthz")["status"] == "ok"
        server.process.kill()
        server.process.wait()
    with server_process(data) as server:
        assert server.get("/healthz")["status"] == "ok"


def test_taken_port_is_said(data: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = run_yokocho("demo", "--data", str(data), "--port", str(port))
    assert result.returncode == ExitCode.LISTEN
    assert (
        result.stderr == f"yokocho: Port {port} on 127.0.0.1 is taken by another program; choose another with --port.\n"
    )


def test_same_port_is_free_again_at_once(data: Path) -> None:
    port = free_port()
    for _ in range(2):
        server = yokocho_process("demo", "--data", str(data), "--port", str(port))
        try:
            assert server.origin == f"http://127.0.0.1:{port}"
            assert server.get("/healthz")["status"] == "ok"
            assert server.stop() == ExitCode.OK
        finally:
            server.process.kill()
            server.process.wait()


def test_serve_speaks_json_and_knows_its_origin(data: Path) -> None:
    port = free_port()
    server = yokocho_process("serve", "--data", str(data), "--origin", "https://alley.example", "--port", str(port))
    try:
        wait_for(lambda: any("is open: https://alley.example/" in line for line in server.lines))
        assert server.stop() == ExitCode.OK
    finally:
        server.process.kill()
        server.process.wait()
    events = [json.loads(line) for line in server.errors]
    assert [event["event"] for event in events] == ["open", "no_operator_yet", "closed"]
    assert events[0]["origins"] == ["https://alley.example"]


def test_bots_of_a_demo_end_with_it(data: Path) -> None:
    with server_process(data, "--bots", "3") as server:
        wait_for(lambda: server.get("/healthz")["visitors"] == 3)
        children = children_of(server)
        assert len(children) == 1
        server.stop(signal.SIGKILL)
        wait_for(lambda: not Path(f"/proc/{children[0]}").exists())
