"""The walking visitors of a server: a child process that ends with its parent, however that ends."""

from __future__ import annotations

import asyncio
from asyncio.subprocess import DEVNULL, PIPE, Process
from typing import Final

from yokocho.children import child_command, child_environment

_PATIENCE_S: Final = 2.0


class BotChild:
    """Bots in a process of their own, so that they don't take the server's time."""

    def __init__(self, process: Process) -> None:
        self._process = process

    @classmethod
    async def start(cls, count: int, url: str, origin: str) -> BotChild:
        """Send `count` bots to the socket at `url`. They leave when the pipe to us breaks."""
        command = child_command(
            "yokocho", "bots", str(count), "--url", url, "--origin", origin, "--quiet", "--until-stdin-closes"
        )
        return cls(await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=DEVNULL, env=child_environment()))

    async def stop(self) -> None:
        """Call them back."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            await asyncio.wait_for(self._process.wait(), _PATIENCE_S)
        except TimeoutError:
            self._process.kill()
            await self._process.wait()
