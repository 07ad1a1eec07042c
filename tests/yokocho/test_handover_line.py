"""The parts of a relief: the line between two servers, the successor, the service manager."""

from __future__ import annotations

import os
import socket
import struct
import sys
import threading
from pathlib import Path
from typing import cast

import pytest

from tests.yokocho.support import eventually
from yokocho.handover.channel import (
    SOCKET_NAME,
    LetGo,
    Line,
    LineBroken,
    LineError,
    Refused,
    RefusedError,
    Yours,
    listen,
    reach,
)
from yokocho.handover.successor import Successor, next_command
from yokocho.service import tell_manager
from yokocho.unix_sockets import is_own

# --- the talk itself --------------------------------------------------------------------------------------------------


def _lines() -> tuple[Line, Line]:
    one, two = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    return Line(one), Line(two)


def test_many_sockets_come_in_order() -> None:
    one, two = _lines()
    pairs = [socket.socketpair() for _ in range(450)]
    speaking = threading.Thread(
        target=one.say, args=(LetGo(), [end.fileno() for end, _ in pairs]), kwargs={"within_s": 10}
    )
    speaking.start()
    _, handed = two.hear(LetGo, within_s=10)
    speaking.join()
    for number, (sock, (_, far)) in enumerate(zip(handed, pairs, strict=True)):
        assert not sock.get_inheritable()
        sock.send(b"%d" % number)
        assert far.recv(8) == b"%d" % number
    for sock in (*handed, *(end for pair in pairs for end in pair)):
        sock.close()
    one.close()
    two.close()


def test_what_can_be_wrong_with_a_line() -> None:
    one, two = _lines()
    with pytest.raises(LineError, match="does not answer"):
        two.hear(LetGo, within_s=0.01)
    one.say(Yours(), within_s=1)
    with pytest.raises(LineError, match="out of turn"):
        two.hear(LetGo, within_s=1)
    one.say(Refused("busy"), within_s=1)
    with pytest.raises(RefusedError, match="busy"):
        two.hear(LetGo, within_s=1)
    one._sock.sendall(b"\x00\x00\x00\x02\x00\x00\x00\x00\xc1\xc1")
    with pytest.raises(LineError, match="another language"):
        two.hear(LetGo, within_s=1)
    one._sock.sendall(b"\xff" * 8)
    with pytest.raises(LineError, match="another language"):
        two.hear(LetGo, within_s=1)
    one.close()
    with pytest.raises(LineBroken):
        two.hear(LetGo, within_s=1)
    with pytest.raises(LineBroken):
        two.say(LetGo(), within_s=1)
    two.close()


def test_the_socket_is_for_us_alone_wherever_the_directory_is(tmp_path: Path) -> None:
    deep = tmp_path / ("a" * 60) / ("b" * 60)
    deep.mkdir(parents=True)
    for directory in (tmp_path, deep):
        assert reach(directory, within_s=1) is None
        listening = listen(directory)
        assert (directory / SOCKET_NAME).stat().st_mode & 0o777 == 0o600
        line = reach(directory, within_s=1)
        assert line is not None
        listening.setblocking(True)
        sock, _ = listening.accept()
        assert is_own(sock)
        for end in (line, sock, listening):
            end.close()
        assert reach(directory, within_s=1) is None


# --- around it --------------------------------------------------------------------------------------------------------


def test_the_next_command_is_ours_as_it_is_now(tmp_path: Path) -> None:
    program = tmp_path / "yokocho"
    program.touch(0o755)
    arguments = ["serve", "--port", "80"]
    assert next_command(str(program), [*arguments, "--take-over"]) == [str(program), *arguments, "--take-over"]
    module = [sys.executable, "-m", "yokocho", *arguments, "--take-over"]
    assert next_command(str(tmp_path / "__main__.py"), arguments) == module


@pytest.mark.parametrize("command", [["false"], ["/nowhere/to/be/found"]])
async def test_a_successor_that_fails_is_reported_and_may_be_tried_again(command: list[str]) -> None:
    failures: list[None] = []
    successor = Successor(command, lambda: failures.append(None))
    for count in (1, 2):
        successor.start()
        await eventually(lambda count=count: len(failures) == count)  # type: ignore[misc]


async def test_there_is_one_successor_at_a_time() -> None:
    successor = Successor(["sleep", "30"], lambda: None)
    assert successor.start()
    assert not successor.start()
    process = successor._process
    assert process is not None
    process.kill()
    process.wait()


def test_a_manager_that_is_not_there_is_no_trouble(tmp_path: Path) -> None:
    assert not tell_manager({}, "READY=1")
    assert not tell_manager({"NOTIFY_SOCKET": "nonsense"}, "READY=1")
    assert not tell_manager({"NOTIFY_SOCKET": str(tmp_path / "nobody")}, "READY=1")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind("\0yokocho-test-" + tmp_path.name)
        assert tell_manager({"NOTIFY_SOCKET": "@yokocho-test-" + tmp_path.name}, "READY=1", "X=2")
        assert manager.recv(100) == b"READY=1\nX=2"


def test_only_the_same_user_and_root_are_our_own() -> None:
    class Peer:
        def __init__(self, user: int) -> None:
            self.user = user

        def getsockopt(self, _level: int, _option: int, _size: int) -> bytes:
            return struct.pack("3i", 1, self.user, 1)

    users = (os.geteuid(), 0, os.geteuid() + 1)
    assert [is_own(cast("socket.socket", Peer(user))) for user in users] == [True, True, False]
