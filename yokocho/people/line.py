"""The line between the command line and the running server: a Unix socket in the data directory.

One order and one answer a connection, each a line of JSON. The socket's mode (0600) and its peer's user id say who may
talk; there is no secret.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from pathlib import Path
from typing import Final

import msgspec
import structlog

from yokocho.people.console import Answer, Obey, Order
from yokocho.unix_sockets import connect_in, is_own, listen_in

SOCKET_NAME: Final = "operator.sock"
MAX_LINE_BYTES: Final = 64 * 1024
ORDER_S: Final = 5.0
ANSWER_S: Final = 30.0

_decode_order: Final = msgspec.json.Decoder(Order).decode
_log: Final = structlog.stdlib.get_logger(__name__)


class Listener:
    """The server's end."""

    def __init__(self, directory: Path, obey: Obey) -> None:
        self._directory = directory
        self._obey = obey
        self._server: asyncio.Server | None = None

    async def open(self) -> None:
        """Be reachable. A directory that takes no socket is no reason not to serve."""
        try:
            sock = listen_in(self._directory, SOCKET_NAME)
        except OSError as error:
            _log.warning("no_orders_here", reason=error.strerror)
            return
        self._server = await asyncio.start_unix_server(self._talk, sock=sock, limit=MAX_LINE_BYTES)

    async def close(self) -> None:
        """Take no more orders."""
        if self._server is not None:
            self._server.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            sock = writer.get_extra_info("socket")
            if is_own(sock):
                writer.write(msgspec.json.encode(await self._answer(reader)) + b"\n")
                await writer.drain()
        except OSError:
            return
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def _answer(self, reader: asyncio.StreamReader) -> Answer:
        try:
            async with asyncio.timeout(ORDER_S):
                line = await reader.readline()
            return await self._obey(_decode_order(line))
        except (TimeoutError, ValueError) as error:
            return {"error": "bad_order", "message": f"The server does not understand this order: {error}."}


def give_order(directory: Path, order: Order) -> Answer | None:
    """The running server's answer; None when no server listens in the data directory. Blocks.

    Raises:
        OSError: the server does not answer.
    """
    sock = connect_in(directory, SOCKET_NAME, within_s=ANSWER_S)
    if sock is None:
        return None
    with sock:
        sock.sendall(msgspec.json.encode(order) + b"\n")
        sock.shutdown(socket.SHUT_WR)
        with sock.makefile("rb") as file:
            line = file.readline()
    if not line:
        raise ConnectionError("no answer")
    answer: Answer = msgspec.json.decode(line, type=dict)
    return answer
