"""One server relieves another: real processes, and what can go wrong between them."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import os
import signal
import socket
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

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
from world import handover
from world.wire import Scope
from yokocho.errors import ExitCode
from yokocho.handover.channel import (
    SOCKET_NAME,
    Ask,
    Estate,
    Here,
    LetGo,
    Line,
    LineError,
    Ready,
    Refused,
    Yours,
    listen,
)
from yokocho.handover.relief import Relief, TakeOverFailed
from yokocho.store.chat import last_chats
from yokocho.store.errors import DataInUse
from yokocho.store.lock import DataLock
from yokocho.store.store import Database

ENTER, GONE, CHAT, BYE, WELCOME = 35, 36, 37, 43, 32
TAKE_OVER = True
EVERY = 100_000


@contextlib.contextmanager
def serving(data: Path, port: int, *more: str, env: dict[str, str] | None = None) -> Iterator[Server]:
    """`yokocho serve` in a process of its own."""
    origin = f"http://127.0.0.1:{port}"
    server = yokocho_process(
        "serve", "--data", str(data), "--port", str(port), "--origin", origin, "--log-format", "json", *more, env=env
    )
    try:
        yield server
    finally:
        server.process.kill()
        server.process.wait(20)


async def opened(server: Server) -> str:
    return await asyncio.to_thread(lambda: server.origin)


def words(talker: Talker) -> list[str]:
    return [chat[5] for chat in talker.of_kind(CHAT)]


def stored_words(data: Path) -> list[str]:
    database = Database(data, only_look=True)
    found = [message.text for message in database.read(lambda connection: last_chats(connection, "lane", EVERY))]
    database.close()
    return found


async def heard(talker: Talker, *texts: str) -> None:
    await eventually(lambda: words(talker) == list(texts))


def sockets_in(data: Path) -> list[str]:
    return [path.name for path in data.iterdir() if path.is_socket()]


def undisturbed(*talkers: Talker) -> bool:
    """Nobody had to come again, nobody came or went, and no event is missing."""
    return all(
        len(talker.of_kind(WELCOME)) == 1
        and not talker.of_kind(GONE)
        and not talker.of_kind(BYE)
        and talker.socket.close_code is None
        and talker.numbers == list(range(1, len(talker.numbers) + 1))
        for talker in talkers
    )


@contextlib.contextmanager
def knocking(origin: str) -> Iterator[list[str]]:
    """Somebody who asks for a page again and again, each time on a new connection; yields what went wrong.

    A connection on which nothing was asked yet may be closed by a server that ends: as browsers do, it asks once more.
    """
    failures: list[str] = []
    done = threading.Event()

    def knock() -> None:
        while not done.is_set():
            for may_try_again in (True, False):
                try:
                    with urllib.request.urlopen(f"{origin}/healthz", timeout=20) as answer:
                        answer.read()
                    break
                except (urllib.error.URLError, OSError) as error:
                    closed = isinstance(getattr(error, "reason", error), ConnectionResetError)
                    if not (may_try_again and closed):
                        failures.append(repr(error))
            done.wait(0.01)

    thread = threading.Thread(target=knock)
    thread.start()
    try:
        yield failures
    finally:
        done.set()
        thread.join()


# --- it goes well -----------------------------------------------------------------------------------------------------


@pytest.mark.timeout(180)
async def test_visitors_notice_nothing(data: Path) -> None:
    port = free_port()
    with serving(data, port) as old:
        origin = await opened(old)
        async with visit(origin, "Hana") as hana, visit(origin, "Ole") as ole:
            await asyncio.gather(hana.until(ENTER), ole.until(ENTER))
            await hana.say("before", 1)
            await heard(ole, "before")
            entered = len(ole.of_kind(ENTER))
            with knocking(origin) as failures, serving(data, port, "--take-over") as new:
                assert await opened(new) == origin
                assert await asyncio.to_thread(old.process.wait, 20) == ExitCode.OK
                await hana.say("after", 2)
                await heard(hana, "before", "after")
                await hana.say("just for us", 3, Scope.NEAR)
                await asyncio.gather(*(heard(talker, "before", "after", "just for us") for talker in (hana, ole)))
                assert new.get("/healthz")["visitors"] == 2
                assert undisturbed(hana, ole)
                assert len(ole.of_kind(ENTER)) == entered
                assert failures == []
                assert stored_words(data) == ["before", "after"]
                assert SOCKET_NAME in sockets_in(data)
                assert new.stop() == ExitCode.OK
                # Whoever copies the directory finds nothing that cannot be copied.
                assert sockets_in(data) == []
                assert (await ole.until(BYE))[1] == "restarting"


@pytest.mark.timeout(180)
async def test_every_word_is_told_once_and_kept(data: Path) -> None:
    port = free_port()
    sent: list[list[str]] = [[] for _ in range(4)]
    with contextlib.ExitStack() as servers:
        origin = await opened(servers.enter_context(serving(data, port)))
        async with contextlib.AsyncExitStack() as visits:
            talkers = [await visits.enter_async_context(visit(origin, f"Visitor {n}")) for n in range(4)]
            done = asyncio.Event()

            async def chatter(number: int) -> None:
                while not done.is_set():
                    text = f"{number}/{len(sent[number])}"
                    sent[number].append(text)
                    await talkers[number].say(text, len(sent[number]))
                    await asyncio.sleep(1.05)

            talking = [asyncio.create_task(chatter(number)) for number in range(4)]
            for _ in range(2):
                await opened(servers.enter_context(serving(data, port, "--take-over")))
            done.set()
            await asyncio.gather(*talking)
            everything = sum(map(len, sent))
            await eventually(lambda: all(len(words(talker)) == everything for talker in talkers))
            assert undisturbed(*talkers)
            assert stored_words(data) == words(talkers[0])
            for number in range(4):
                assert [text for text in words(talkers[0]) if text.startswith(f"{number}/")] == sent[number]


@pytest.mark.timeout(180)
async def test_a_service_manager_can_ask_for_it(data: Path, tmp_path: Path) -> None:
    port = free_port()
    manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    manager.bind(str(tmp_path / "manager"))
    manager.settimeout(50)

    def told() -> list[str]:
        return manager.recv(4096).decode().splitlines()

    successor = 0
    try:
        with serving(data, port, env={"NOTIFY_SOCKET": str(tmp_path / "manager")}) as old:
            origin = await opened(old)
            assert await asyncio.to_thread(told) == ["READY=1", f"MAINPID={old.process.pid}"]
            async with visit(origin) as hana:
                old.process.send_signal(signal.SIGUSR2)
                assert (await asyncio.to_thread(told))[0] == "RELOADING=1"
                ready = await asyncio.to_thread(told)
                successor = int(ready[1].removeprefix("MAINPID="))
                assert ready[0] == "READY=1"
                assert successor != old.process.pid
                assert await asyncio.to_thread(old.process.wait, 20) == ExitCode.OK
                await hana.say("still here", 1)
                await heard(hana, "still here")
                assert undisturbed(hana)
                os.kill(successor, signal.SIGTERM)
                assert await asyncio.to_thread(told) == ["STOPPING=1"]
                await hana.until(BYE)
                await eventually(lambda: not _holds(data), 20)
    finally:
        manager.close()
        if successor:
            with contextlib.suppress(ProcessLookupError):
                os.kill(successor, signal.SIGKILL)


def _holds(data: Path) -> bool:
    """Whether somebody holds the data directory."""
    try:
        DataLock(data).release()
    except DataInUse:
        return True
    return False


def test_with_nobody_there_it_is_a_plain_start(data: Path) -> None:
    listen(data).close()  # what a killed server leaves behind
    with server_process(data, "--take-over") as server:
        assert server.get("/healthz")["status"] == "ok"
        assert server.stop() == ExitCode.OK
        assert server.errors == []


# --- it goes wrong on the new side ------------------------------------------------------------------------------------


@pytest.mark.timeout(180)
async def test_a_new_server_that_cannot_open_leaves_the_old_alone(data: Path, tmp_path: Path) -> None:
    port = free_port()
    with serving(data, port) as old, socket.socket() as other:
        origin = await opened(old)
        other.bind(("127.0.0.1", 0))
        other.listen()
        wrong = tmp_path / "wrong.toml"
        wrong.write_text("prot = 8080\n")
        async with visit(origin) as hana:
            here = ("serve", "--take-over", "--data", str(data), "--origin", origin)
            for extra, code in (
                (("--config", str(wrong)), ExitCode.CONFIG),
                (("--port", str(other.getsockname()[1])), ExitCode.LISTEN),
            ):
                result = await asyncio.to_thread(run_yokocho, *here, *extra)
                assert result.returncode == code, result.stderr
            second = await asyncio.to_thread(
                run_yokocho, "serve", "--data", str(data), "--origin", origin, "--port", "0"
            )
            assert second.returncode == ExitCode.DATA_IN_USE
            await _is_well(old, hana, data)


async def _is_well(server: Server, talker: Talker, data: Path) -> None:
    """The server serves as if nothing had been."""
    text = f"well at {time.monotonic()}"
    await talker.say(text, 9)
    await eventually(lambda: text in words(talker))
    assert text in stored_words(data)
    assert undisturbed(talker)
    assert (await asyncio.to_thread(server.get, "/healthz"))["status"] == "ok"
    assert server.process.poll() is None


@pytest.mark.timeout(180)
async def test_a_new_server_that_dies_leaves_the_old_serving(data: Path) -> None:
    """Before it was given anything, with everything in hand, and with the data open."""
    with server_process(data) as old:
        origin = await opened(old)
        async with visit(origin) as hana:
            for last_step in range(4):
                script = [
                    "relief = ask()",
                    "relief.let_go()",
                    "lock = DataLock(data, 10)",
                    "database = Database(data)",
                ]
                with _dying(data, script[: last_step + 1]) as die:
                    await asyncio.to_thread(die)
                await eventually(functools.partial(_serves, old), 20)
                await _is_well(old, hana, data)


def _serves(server: Server) -> bool:
    with contextlib.suppress(OSError):
        return bool(server.get("/healthz")["status"] == "ok")
    return False


_FIRST_STEPS = """
import time
from pathlib import Path
from yokocho.handover.relief import Relief, TakeOverFailed
from yokocho.store.lock import DataLock
from yokocho.store.store import Database

def ask():
    while True:
        try:
            return Relief.ask(data)
        except TakeOverFailed:  # it has not yet seen that the one before is dead
            time.sleep(0.05)
"""


@contextlib.contextmanager
def _dying(data: Path, script: list[str]) -> Iterator[Callable[[], None]]:
    """A process that does the first steps of taking over, to be killed there."""
    lines = [_FIRST_STEPS, f"data = Path({str(data)!r})", *script, "print('here', flush=True)", "input()"]
    read, write = os.pipe()
    out_read, out_write = os.pipe()
    process = os.posix_spawn(
        sys.executable,
        [sys.executable, "-c", "\n".join(lines)],
        os.environ,
        file_actions=[(os.POSIX_SPAWN_DUP2, read, 0), (os.POSIX_SPAWN_DUP2, out_write, 1)],
    )
    os.close(read)
    os.close(out_write)
    said = os.fdopen(out_read)

    def die() -> None:
        assert said.readline() == "here\n"
        os.kill(process, signal.SIGKILL)

    try:
        yield die
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
        os.close(write)
        said.close()


@pytest.mark.slow
@pytest.mark.timeout(180)
async def test_a_new_server_that_is_killed_leaves_one_that_serves(data: Path) -> None:
    """Killed at whatever point it has come to: the old one goes on, or the new one had taken over already."""
    port = free_port()
    with serving(data, port) as old:
        origin = await opened(old)
        for delay_s in (0.3, 0.6, 0.7, 0.8, 0.9):
            with serving(data, port, "--take-over") as new:
                await asyncio.sleep(delay_s)
                new.process.kill()
                new.process.wait()
            # Between its last word to the new one and its end, the old one answers nobody.
            await eventually(lambda: old.process.poll() is not None or _serves(old), within_s=30)
            if old.process.poll() is not None:
                break
            async with visit(origin) as hana:
                await _is_well(old, hana, data)
    with serving(data, port) as again:
        async with visit(await opened(again)) as hana:
            await _is_well(again, hana, data)


# --- it goes wrong on the old side ------------------------------------------------------------------------------------


@pytest.mark.timeout(120)
async def test_the_old_server_may_die_at_any_point(data: Path) -> None:
    for steps in (1, 2):
        with server_process(data) as old:
            async with visit(await opened(old)) as hana:
                relief = await asyncio.to_thread(Relief.ask, data)
                assert relief is not None
                if steps == 2:
                    await asyncio.to_thread(relief.let_go)
                old.process.kill()
                old.process.wait()
                if steps == 1:
                    await asyncio.to_thread(relief.let_go)
                assert (relief.estate is not None) == (steps == 2)
                sockets = await asyncio.to_thread(relief.ready, keeps=steps == 2)
                assert len(sockets) == (steps == 2)
                # The visitor's socket outlives its first process.
                assert (hana.socket.close_code is None) == (steps == 2)
                for sock in sockets:
                    sock.close()
                relief.close()
        DataLock(data).release()


@contextlib.contextmanager
def _old_server(data: Path, *script: Callable[[Line], object]) -> Iterator[None]:
    """An old server that says what it is told to say, in a thread."""
    listening = listen(data)
    listening.settimeout(20)

    def talk() -> None:
        sock, _ = listening.accept()
        line = Line(sock)
        with contextlib.suppress(LineError):
            for step in script:
                step(line)
        line.close()

    thread = threading.Thread(target=talk)
    thread.start()
    try:
        yield
    finally:
        thread.join()
        listening.close()


def _hears_ask(line: Line) -> None:
    line.hear(Ask, within_s=10)
    line.say(Here("0.0.1", 1, "elsewhere", 1), within_s=10)


def _hears_let_go(line: Line) -> None:
    line.hear(LetGo, within_s=10)


async def test_without_its_predecessor_the_new_server_just_starts(data: Path) -> None:
    with _old_server(data, _hears_ask, _hears_let_go):
        async with open_instance(data, TAKE_OVER) as instance, visit(instance.origins[0]) as hana:
            await hana.say("alone", 1)
            await heard(hana, "alone")


@pytest.mark.parametrize(
    "estate",
    [Estate("another version", b"", []), Estate(handover.FINGERPRINT, b"\x90", [])],
    ids=["version", "damaged"],
)
async def test_a_room_that_cannot_be_read_is_left_behind(data: Path, estate: Estate) -> None:
    answers: list[Ready] = []

    def hand_over(line: Line) -> None:
        line.say(estate, within_s=10)
        answers.append(line.hear(Ready, within_s=20)[0])
        line.say(Yours(), within_s=10)

    with _old_server(data, _hears_ask, _hears_let_go, hand_over):
        async with open_instance(data, TAKE_OVER) as instance, visit(instance.origins[0]) as hana:
            await hana.say("anew", 1)
            await heard(hana, "anew")
    assert answers == [Ready(keeps=False)]


@pytest.mark.timeout(180)
async def test_visitors_who_cannot_be_kept_are_asked_to_come_again(data: Path) -> None:
    with server_process(data) as old:
        async with visit(await opened(old)) as hana:
            relief = await asyncio.to_thread(Relief.ask, data)
            assert relief is not None
            await asyncio.to_thread(relief.let_go)
            assert await asyncio.to_thread(relief.ready, keeps=False) == []
            relief.close()
            assert (await hana.until(BYE))[1] == "restarting"
            await hana.socket.wait_closed()
            assert hana.socket.close_code == 1012
            assert await asyncio.to_thread(old.process.wait, 20) == ExitCode.OK


def test_a_refusal_is_said_and_changes_nothing(data: Path) -> None:
    def refuse(line: Line) -> None:
        line.say(Refused("not now"), within_s=10)

    with _old_server(data, _hears_ask, _hears_let_go, refuse):
        result = run_yokocho("demo", "--data", str(data), "--port", "0", "--take-over")
    assert result.returncode == ExitCode.TAKE_OVER
    assert result.stderr == "yokocho: The running server was not relieved, and nothing was changed: not now.\n"


async def test_two_cannot_take_over_at_once(data: Path) -> None:
    with server_process(data) as old:
        await opened(old)
        first = await asyncio.to_thread(Relief.ask, data)
        assert first is not None
        with pytest.raises(TakeOverFailed, match="another one is taking over"):
            await asyncio.to_thread(Relief.ask, data)
        first.close()
        second = None
        while second is None:
            with contextlib.suppress(TakeOverFailed):
                second = await asyncio.to_thread(Relief.ask, data)
        second.close()
