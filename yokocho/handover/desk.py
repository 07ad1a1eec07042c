"""The side that lets go: answers who wants to take over, stands still for them, and ends or goes on.

Theory. `Keeper` knows how the parts of a server stand still and how they go on; `Desk` leads the talk (see `channel`).
Between `hold` and the answer of the new server visitors hear nothing, so everything in there is short and has an end;
connections that come meanwhile wait in the listening sockets, which both servers have. When the new server doesn't get
ready in time, or dies, the old one takes the data back and goes on as if nothing had been.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
from collections.abc import Callable, Sequence
from typing import Final

import structlog

from world import handover
from yokocho import VERSION
from yokocho.config import Settings
from yokocho.errors import ExitCode, YokochoError
from yokocho.handover.channel import Ask, Estate, Here, LetGo, Line, LineError, Ready, Refused, Yours, listen
from yokocho.http.site import Site
from yokocho.realtime import Live
from yokocho.store.lock import DataLock
from yokocho.store.store import Store
from yokocho.unix_sockets import is_own

ANSWER_S: Final = 5.0
"""For an answer that needs no work."""

REHEARSAL_S: Final = 60.0
"""For the new server to read and check what it can; visitors notice nothing of it."""

OPENING_S: Final = 10.0
"""For the new server to open the data: clients take 12 s of silence for a broken connection."""

TAKE_BACK_S: Final = 10.0

_log: Final = structlog.stdlib.get_logger(__name__)


class Keeper:
    """The parts of a running server that can stand still, go on, or be somebody else's."""

    def __init__(
        self,
        settings: Settings,
        lock: DataLock,
        sockets: Sequence[socket.socket],
        *,
        live: Live,
        site: Site,
        store: Store,
    ) -> None:
        self.settings = settings
        self.sockets = sockets
        self._lock = lock
        self._live = live
        self._site = site
        self._store = store

    @property
    def holds_data(self) -> bool:
        """Whether the data directory is ours."""
        return self._lock.is_held

    async def hold(self) -> tuple[Estate, list[int]]:
        """Stand still and let go of the data.

        Returns:
            what the next server needs, and the visitors' files.

        Raises:
            TimeoutError: what was said could not be kept in time; everything goes on.
        """
        self._site.stop_accepting()
        try:
            await self._live.hold()
        except TimeoutError:
            await self._site.accept(self.sockets)
            raise
        await self._store.pause()
        self._lock.release()
        luggage = self._live.luggage()
        memory = handover.pack(self._live.room.remember())
        files = [sock.fileno() for sock, _ in luggage]
        return Estate(handover.FINGERPRINT, memory, [piece for _, piece in luggage]), files

    async def go_on(self) -> None:
        """Take the data back and go on.

        Raises:
            YokochoError: the data is somebody else's now, or was changed beyond our understanding.
        """
        await asyncio.to_thread(self._lock.take, TAKE_BACK_S)
        self._store.go_on()
        self._live.go_on()
        await self._site.accept(self.sockets)

    def part(self, *, keeps: bool) -> None:
        """All that is the next server's now; visitors whom it doesn't keep hear that they have to come again."""
        if keeps:
            self._live.part()
        else:
            self._live.stay()


class Desk:
    """Listens in the data directory for who wants to take over."""

    def __init__(self, keeper: Keeper, end: Callable[[ExitCode], None]) -> None:
        self._keeper = keeper
        self._end = end
        self._socket: socket.socket | None = None
        self._talks: dict[asyncio.Task[None], Line] = {}
        self._is_busy = False
        self.is_relieved = False
        self._was_open = False

    @property
    def is_last(self) -> bool:
        """Whether we served here and nobody else does."""
        return self._was_open and self._keeper.holds_data

    def open(self) -> None:
        """Be reachable. A directory that takes no socket is no reason not to serve."""
        try:
            self._socket = listen(self._keeper.settings.data)
        except OSError as error:
            _log.warning("no_take_over_here", reason=error.strerror)
            return
        self._was_open = True
        asyncio.get_running_loop().add_reader(self._socket, self._accept)

    async def close(self) -> None:
        """End all talks."""
        if self._socket is not None:
            asyncio.get_running_loop().remove_reader(self._socket)
            self._socket.close()
            self._socket = None
        talks = dict(self._talks)
        for line in talks.values():
            line.hang_up()
        talks.pop(asyncio.current_task(), None)  # type: ignore[arg-type]
        if talks:
            await asyncio.wait(talks)

    def _accept(self) -> None:
        if self._socket is None:
            return
        with contextlib.suppress(OSError):
            sock, _ = self._socket.accept()
            if not is_own(sock):
                sock.close()
                return
            line = Line(sock)
            talk = asyncio.get_running_loop().create_task(self._talk(line))
            self._talks[talk] = line
            talk.add_done_callback(self._talks.pop)

    async def _talk(self, line: Line) -> None:
        try:
            ask, _ = await asyncio.to_thread(line.hear, Ask, within_s=ANSWER_S)
            if self._is_busy:
                await asyncio.to_thread(line.say, Refused("another one is taking over already"), within_s=ANSWER_S)
                return
            self._is_busy = True
            try:
                await self._hand_over(line, ask)
            finally:
                self._is_busy = False
        except LineError as error:
            _log.warning("take_over_ended", reason=str(error))
        finally:
            line.close()

    async def _hand_over(self, line: Line, ask: Ask) -> None:
        settings = self._keeper.settings
        here = Here(VERSION, os.getpid(), settings.host, settings.port)
        listening = [sock.fileno() for sock in self._keeper.sockets]
        await asyncio.to_thread(line.say, here, listening, within_s=ANSWER_S)
        _log.info("take_over_asked", version=ask.version, process=ask.process)
        await asyncio.to_thread(line.hear, LetGo, within_s=REHEARSAL_S)
        try:
            estate, files = await self._keeper.hold()
        except TimeoutError as error:
            await asyncio.to_thread(line.say, Refused(str(error)), within_s=ANSWER_S)
            raise LineError(str(error)) from error
        except Exception:  # noqa: BLE001 - whatever it was, visitors must not be left standing
            _log.exception("not_handed_over")
            await self._take_back(line, "something unexpected")
            return
        try:
            await asyncio.to_thread(line.say, estate, files, within_s=ANSWER_S)
            ready, _ = await asyncio.to_thread(line.hear, Ready, within_s=OPENING_S)
            await asyncio.to_thread(line.say, Yours(), within_s=ANSWER_S)
        except LineError as error:
            await self._take_back(line, str(error))
            return
        self.is_relieved = True
        self._keeper.part(keeps=ready.keeps)
        _log.info("relieved", version=ask.version, process=ask.process, connections=len(files), kept=ready.keeps)
        self._end(ExitCode.OK)

    async def _take_back(self, line: Line, reason: str) -> None:
        with contextlib.suppress(LineError):
            await asyncio.to_thread(line.say, Refused("that took too long"), within_s=ANSWER_S)
        line.hang_up()
        try:
            await self._keeper.go_on()
        except YokochoError as error:
            _log.critical("not_taken_back", reason=str(error), take_over=reason)
            self._end(error.exit_code)
            return
        _log.warning("take_over_failed", reason=reason)
