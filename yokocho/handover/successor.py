"""Starting the next server from the running one, as a service manager's reload asks for (SIGUSR2).

The same command line is run again with `--take-over`, from the program's file as it is now: after an update that is the
new version. The next server relieves us while we run; when it can't, we go on, and the log says so.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from typing import Final

import structlog

FLAG: Final = "--take-over"
_LOOK_EVERY_S: Final = 0.1
_log: Final = structlog.stdlib.get_logger(__name__)


def next_command(program: str, arguments: Sequence[str]) -> list[str]:
    """The command line of the next server, given ours."""
    rest = [argument for argument in arguments if argument != FLAG]
    runs_itself = os.access(program, os.X_OK) and not program.endswith(".py")
    return [*([program] if runs_itself else [sys.executable, "-m", "yokocho"]), *rest, FLAG]


class Successor:
    """At most one next server at a time."""

    def __init__(self, command: Sequence[str], failed: Callable[[], None]) -> None:
        self._command = command
        self._failed = failed
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> bool:
        """Start it unless one is under way; returns whether it was started."""
        if self._process is not None:
            return False
        try:
            # Not through asyncio: a loop that ends would take its children with it.
            self._process = subprocess.Popen(self._command, stdin=subprocess.DEVNULL)  # noqa: S603 - our own
        except OSError as error:
            _log.exception("successor_not_started", reason=error.strerror)
            self._failed()
            return False
        _log.info("successor_started", process=self._process.pid)
        self._look()
        return True

    def _look(self) -> None:
        if self._process is None:
            return
        code = self._process.poll()
        if code is None:
            asyncio.get_running_loop().call_later(_LOOK_EVERY_S, self._look)
            return
        self._process = None
        _log.error("successor_ended", code=code)
        self._failed()
