"""The first start: an instance without an alley gets the sample alley.

Modelling shops takes seconds and memory that a server should not keep, so it happens in a child process
(`python -m yokocho.first_alley DATA`). The child writes its progress as lines of share and words; the alley becomes
visible all at once, with the commit at the end, so a build that was interrupted leaves nothing but files without rows.
The child ends when the pipe to its parent breaks: nobody else would stop it, and nobody holds the lock any more.
"""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from asyncio.subprocess import PIPE
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeAlias

from yokocho.children import child_command, child_environment
from yokocho.errors import ExitCode, YokochoError
from yokocho.store.alleys import Alley, add_alley
from yokocho.store.assets import add_assets
from yokocho.store.errors import DataUnusable
from yokocho.store.preferences import put_preference
from yokocho.store.store import Database, now_us

FRONT_ROOM: Final = "front_room"
"""Preference that names the room in which visitors arrive."""

Progress: TypeAlias = Callable[[str, float], None]


async def lay_sample_alley(data: Path, progress: Progress) -> None:
    """Build the sample alley in a child process.

    Raises:
        YokochoError: the child failed; the message is its own.
    """
    child = await asyncio.create_subprocess_exec(
        *child_command("yokocho.first_alley", str(data)),
        stdin=PIPE,
        stdout=PIPE,
        stderr=PIPE,
        env=child_environment(),
    )
    try:
        assert child.stdout is not None
        assert child.stderr is not None
        errors = asyncio.create_task(child.stderr.read())
        async for line in child.stdout:
            share, _, what = line.decode().rstrip("\n").partition("\t")
            progress(what, float(share))
        words = (await errors).decode(errors="replace").strip()
        code = await child.wait()
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    if code == ExitCode.DATA_UNUSABLE:
        raise DataUnusable(words)
    if code != ExitCode.OK:
        raise YokochoError(f"The sample alley could not be built: {words.splitlines()[-1] if words else code}")


def _build(data: Path) -> None:
    from yokocho.demo import build_alley  # the modelling tools are heavy

    def progress(what: str, share: float) -> None:
        print(f"{share:.3f}\t{what}", flush=True)  # noqa: T201 - the parent reads it

    sample = build_alley(progress)
    database = Database(data)
    try:
        try:
            assets = [database.files.write(content, "glb") for content in sample.assets.values()]
        except OSError as error:
            raise DataUnusable(f"The assets cannot be written to {data}: {error.strerror}.") from error
        now = now_us()
        alley = Alley(sample.room, sample.plots, sample.stalls, sample.exhibits)
        with database.transaction() as connection:
            add_assets(connection, assets, now)
            add_alley(connection, alley, now)
            put_preference(connection, FRONT_ROOM, sample.room.id, now)
    finally:
        database.close()


def _end_with_parent() -> None:
    """Runs in a thread of its own: nothing is ever written to us, so an answer means that the pipe broke."""
    # Not through sys.stdin: its lock, held by a thread that waits, would break the end of the interpreter.
    os.read(0, 1)
    os._exit(ExitCode.UNEXPECTED)


def main() -> int:
    """Entry of the child process."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        _build(Path(sys.argv[1]))
    except YokochoError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    return ExitCode.OK


if __name__ == "__main__":
    sys.exit(main())
