"""The Autobahn test suite against `/live`.

Autobahn speaks to an echo server; `EchoLive` is one, and exists only here. Text, which we refuse on purpose, has to end
in a clean close with 1003, messages above 64 KB in one with 1009: `autobahn_expected.json` says for every case what
Autobahn must find, and it is held to strictly in both directions.

The suite needs Python 2.7 (`pyenv install 2.7.18`); it is installed once into a cache outside the tree. Cases about
compression (12, 13) are left out, because none is ever agreed, and so are those that send megabytes (9.*).

`python -m tests.live.test_autobahn` writes the expectations anew from what is found: read the difference before
keeping it.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
from pathlib import Path
from typing import Final

import pytest
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.live.support import BRISK, ORIGIN, Tally
from tests.world.support import flat_scene
from tests.yokocho.entrance.house import House
from world import wire
from world.room import Room
from yokocho.entrance import Entrance
from yokocho.realtime import Doorway, Live, LiveSettings
from yokocho.realtime.connection import Connection
from yokocho.realtime.reader import NO_SLOT

EXPECTED: Final = Path(__file__).parent / "autobahn_expected.json"
REQUIREMENT: Final = "autobahntestsuite==0.8.2"
LEFT_OUT: Final = ["9.*", "12.*", "13.*"]
SUITE_TIMEOUT_S: Final = 240
INSTALL_TIMEOUT_S: Final = 240
FACTS: Final = ("behavior", "behaviorClose", "remoteCloseCode")


class EchoLive(Live):
    """Sends every message back, without ever asking for hello."""

    def _greet(self, connection: Connection) -> None:
        # Autobahn wants to hear nothing but its own words.
        connection.seat(NO_SLOT)

    def receive(self, connection: Connection, frame: bytes) -> None:
        connection.send_message(frame)


def python_2() -> str | None:
    """The suite's interpreter, if this machine has one."""
    of_pyenv = sorted((Path.home() / ".pyenv" / "versions").glob("2.7.*/bin/python"))
    if of_pyenv:
        return str(of_pyenv[-1])
    of_path = shutil.which("python2.7")
    # A shim is there even when what it stands for is not.
    return None if of_path is None or "shims" in Path(of_path).parts else of_path


def cache() -> Path:
    """Where the suite is installed: outside the tree, kept between runs."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "yokocho-tests" / "autobahn"


async def run(*command: str, timeout_s: float, **environment: str) -> str:
    """Run a program to its end; returns what it said, errors included."""
    process = await asyncio.create_subprocess_exec(
        *command,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env={**os.environ, **environment},
    )
    try:
        output, _ = await asyncio.wait_for(process.communicate(), timeout_s)
    except TimeoutError:
        process.kill()
        await process.wait()
        raise
    text = output.decode(errors="replace")
    assert process.returncode == 0, text[-2000:]
    return text


async def install(python: str) -> Path:
    """The folder with the suite's packages."""
    folder = cache()
    if not (folder / "complete").is_file():
        shutil.rmtree(folder, ignore_errors=True)
        await run(
            python,
            *("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--target", str(folder), REQUIREMENT),
            timeout_s=INSTALL_TIMEOUT_S,
            PIP_CONSTRAINT="",
            PIP_BUILD_CONSTRAINT="",
        )
        # A namespace package that `--target` leaves without its marker.
        (folder / "zope" / "__init__.py").touch()
        (folder / "complete").touch()
    return folder


async def found(folder: Path) -> dict[str, list[str]]:
    """What Autobahn finds: behaviour, behaviour at the close and our close code, with the cases where that is so."""
    python = python_2()
    assert python is not None
    packages = await install(python)
    settings = LiveSettings(
        allowed_origins=frozenset({ORIGIN}),
        allow_missing_origin=True,
        hello_timeout_s=SUITE_TIMEOUT_S,
    )

    async def keep(chat: wire.Chat) -> None:
        raise AssertionError(f"an echo keeps nothing, not even {chat}")

    entrance = Entrance(origins=(ORIGIN,), key=Ed25519PrivateKey.generate(), rules=House(), room="lane")
    # An answer waits for the tick, and Autobahn has some thousand questions.
    room = Room(flat_scene(), BRISK, 0.0)
    live = EchoLive(room, Doorway(entrance), settings=settings, save_chat=keep, metrics=Tally())
    app = web.Application()
    app.router.add_get("/live", live.handle)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    await live.start()
    spec = {
        "outdir": str(folder / "reports"),
        "servers": [{"agent": "yokocho", "url": f"ws://127.0.0.1:{runner.addresses[0][1]}/live"}],
        "cases": ["*"],
        "exclude-cases": LEFT_OUT,
    }
    (folder / "spec.json").write_text(json.dumps(spec))
    start = "import sys; sys.argv[0] = 'wstest'; from autobahntestsuite.wstest import run; run()"
    try:
        await run(
            *(python, "-c", start, "--mode", "fuzzingclient", "--spec", str(folder / "spec.json")),
            timeout_s=SUITE_TIMEOUT_S,
            PYTHONPATH=str(packages),
        )
    finally:
        await live.stop()
        await runner.cleanup()
    index = json.loads((folder / "reports" / "index.json").read_text())["yokocho"]
    grouped: dict[str, list[str]] = {}
    for case in sorted(index, key=lambda name: [int(part) for part in name.split(".")]):
        grouped.setdefault(" / ".join(str(index[case][fact]) for fact in FACTS), []).append(case)
    return grouped


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    if python_2() is None:
        pytest.skip("Autobahn needs Python 2.7, which is not on this machine")
    return tmp_path


@pytest.mark.timeout(SUITE_TIMEOUT_S + INSTALL_TIMEOUT_S)
async def test_autobahn_finds_what_is_expected(folder: Path) -> None:
    assert await found(folder) == json.loads(EXPECTED.read_text())


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as scratch:
        EXPECTED.write_text(json.dumps(asyncio.run(found(Path(scratch))), indent=1, sort_keys=True) + "\n")
