"""A visitor for tests of the application: comes in, says things, and hears."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import msgpack
from websockets.asyncio.client import ClientConnection, connect

from world.wire import PROTOCOL_VERSION, Scope
from yokocho.bots.passport import Passport

PING = 5
WELCOME = 32
EVENT = 34
ENTER = 35
PONG = 41
BYE = 43
LOOK = [1, 2, 3, 4, 5, 6, 7, 160]


class Talker:
    """One connection; the messages that came are in `heard`, events without their number, which is in `numbers`."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.heard: list[list[Any]] = []
        self.numbers: list[int] = []

    async def send(self, *message: Any) -> None:
        await self.socket.send(msgpack.packb(message))

    async def say(self, text: str, ref: int, scope: Scope = Scope.ALLEY) -> None:
        await self.send(3, int(scope), text, ref)

    async def listen(self) -> None:
        """Hear until the connection ends."""
        async for frame in self.socket:
            assert isinstance(frame, bytes)
            unpacker = msgpack.Unpacker()
            unpacker.feed(frame)
            for message in unpacker:
                if message[0] == EVENT:
                    self.numbers.append(message[1])
                self.heard.append(message[2] if message[0] == EVENT else message)

    async def until(self, kind: int, within_s: float = 30.0) -> list[Any]:
        """The first message of a kind, waiting for it if need be."""
        deadline = asyncio.get_running_loop().time() + within_s
        while True:
            for message in self.heard:
                if message[0] == kind:
                    return message
            assert asyncio.get_running_loop().time() < deadline, f"no message {kind}: {[m[0] for m in self.heard]}"
            await asyncio.sleep(0.01)

    def of_kind(self, kind: int) -> list[list[Any]]:
        """All messages of a kind so far."""
        return [message for message in self.heard if message[0] == kind]


@contextlib.asynccontextmanager
async def visit(
    origin: str,
    name: str = "Hana",
    client: str | None = None,
    passport: Passport | None = None,
    *,
    answer: int = WELCOME,
) -> AsyncIterator[Talker]:
    """Be in the alley for a while; `client` is what a proxy would say of us, `passport` says who we are."""
    url = "ws" + origin.removeprefix("http") + "/live"
    headers = {"X-Forwarded-For": client} if client else {}
    async with connect(
        url,
        origin=origin,  # type: ignore[arg-type]
        additional_headers=headers,
        compression=None,
        max_size=None,
        close_timeout=1,
    ) as socket:
        talker = Talker(socket)
        _, nonce, _, room = msgpack.unpackb(await socket.recv(decode=False))
        papers = list((passport or Passport()).enter(origin, nonce, room))
        await talker.send(1, PROTOCOL_VERSION, [], name, LOOK, "en", None, papers)
        listening = asyncio.create_task(talker.listen())
        try:
            await talker.until(answer)
            yield talker
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)
