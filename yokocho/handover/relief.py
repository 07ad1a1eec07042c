"""The side that takes over: asks the running server for its place, its data and its visitors (see `channel`)."""

from __future__ import annotations

import contextlib
import os
import socket
from pathlib import Path
from typing import Final

from yokocho import VERSION
from yokocho.errors import ExitCode, YokochoError
from yokocho.handover.channel import Ask, Estate, Here, LetGo, Line, LineBroken, LineError, Ready, Yours, reach

ANSWER_S: Final = 10.0
STAND_STILL_S: Final = 15.0
"""For the running server to finish what is under way and hand over."""


class TakeOverFailed(YokochoError):
    """The running server was not relieved: it goes on, or nobody knows how it is."""

    exit_code = ExitCode.TAKE_OVER


class Relief:
    """The talk with the running server. Calls block, with an end."""

    def __init__(self, line: Line, here: Here, listening: list[socket.socket]) -> None:
        self.here = here
        self._line = line
        self._listening = listening
        self._handed: list[socket.socket] = []
        self.estate: Estate | None = None

    @classmethod
    def ask(cls, directory: Path) -> Relief | None:
        """Ask who serves in the data directory; None when nobody does.

        Raises:
            TakeOverFailed: somebody does, and does not answer.
        """
        line = reach(directory, within_s=ANSWER_S)
        if line is None:
            return None
        try:
            line.say(Ask(VERSION, os.getpid()), within_s=ANSWER_S)
            here, listening = line.hear(Here, within_s=ANSWER_S)
        except LineBroken:
            line.close()
            return None
        except LineError as error:
            line.close()
            raise _failed(error) from error
        return cls(line, here, listening)

    def listening(self, host: str, port: int) -> list[socket.socket]:
        """The running server's listening sockets, if it listens where we are to listen; they are the caller's then."""
        if (host, port) != (self.here.host, self.here.port):
            return []
        for sock in self._listening:
            sock.setblocking(False)
        taken, self._listening = self._listening, []
        return taken

    def let_go(self) -> None:
        """Ask for everything. `estate` stays None when the running server has died meanwhile.

        Raises:
            TakeOverFailed: it refuses, or does not answer in time.
        """
        try:
            self._line.say(LetGo(), within_s=ANSWER_S)
            self.estate, self._handed = self._line.hear(Estate, within_s=STAND_STILL_S)
        except LineBroken:
            return
        except LineError as error:
            raise _failed(error) from error

    def ready(self, *, keeps: bool) -> list[socket.socket]:
        """Say that we could begin. When this returns, all is ours.

        Args:
            keeps: whether the visitors go on with us.

        Returns:
            their sockets, in the order of the luggage, if they go on.

        Raises:
            TakeOverFailed: it was too late, and the running server goes on.
        """
        with contextlib.suppress(LineBroken):  # it is dead: all is ours, too
            try:
                self._line.say(Ready(keeps), within_s=ANSWER_S)
                self._line.hear(Yours, within_s=ANSWER_S)
            except LineBroken:
                raise
            except LineError as error:
                raise _failed(error) from error
        if not keeps:
            return []
        taken, self._handed = self._handed, []
        return taken

    def close(self) -> None:
        """Hang up, and close what nobody took."""
        self._line.hang_up()
        self._line.close()
        for sock in (*self._listening, *self._handed):
            sock.close()


def _failed(error: LineError) -> TakeOverFailed:
    return TakeOverFailed(f"The running server was not relieved, and nothing was changed: {error}.")
