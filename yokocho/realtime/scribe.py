"""What is said alley-wide: kept first, then told, in the order in which it was said."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

import structlog

from world import wire

log = structlog.get_logger(__name__)


class Scribe:
    """Keeps words in batches: while one is being written, the next one gathers.

    Args:
        save: keeps one message; returns once it is safe.
        tell: is given what is safe.
        apologise: is given what could not be kept, so that nobody heard it.
        told: is called behind each batch.
    """

    def __init__(
        self,
        save: Callable[[wire.Chat], Awaitable[None]],
        *,
        tell: Callable[[wire.Chat], None],
        apologise: Callable[[wire.Chat], None],
        told: Callable[[], None],
    ) -> None:
        self._save = save
        self._tell = tell
        self._apologise = apologise
        self._told = told
        self._unsaved: deque[wire.Chat] = deque()
        self._task: asyncio.Task[None] | None = None

    def keep(self, chat: wire.Chat) -> None:
        """Keep what was said, without letting the speaker's connection wait."""
        self._unsaved.append(chat)
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._save_all())

    async def finish(self, within_s: float) -> bool:
        """Wait until everything is kept and told; says whether it is."""
        if self._task is None:
            return True
        await asyncio.wait((self._task,), timeout=within_s)
        return self._task.done()

    def give_up(self) -> None:
        """Wait for the store no longer: one that doesn't answer keeps nobody from closing."""
        if self._task is not None:
            self._task.cancel()

    async def _save_all(self) -> None:
        while self._unsaved:
            batch = list(self._unsaved)
            self._unsaved.clear()
            results = await asyncio.gather(*map(self._save, batch), return_exceptions=True)
            for chat, result in zip(batch, results, strict=True):
                if isinstance(result, BaseException):
                    log.error("chat not kept", error=str(result))
                    self._apologise(chat)
                else:
                    self._tell(chat)
            self._told()
