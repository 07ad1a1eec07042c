"""Bad weather on the line: a TCP proxy that delays, jitters, slows down and cuts.

Theory. Each connection through it is a *line*: two sockets, and for each direction one task that reads and one that
hands on, in order, when a piece is due. A cut tears a line at any byte: some of what was under way still arrives, then
one or both ends are reset. Where only one end is, the other hears nothing any more, as when a phone loses its network.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
import random
import socket
import struct
from collections import Counter
from collections.abc import Coroutine
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self

_PIECE_BYTES: Final = 16 * 1024
_PIECES_UNDER_WAY: Final = 64
_HALF_DEAD_S: Final = 2.0
"""So long the end that was not reset hears nothing before it is."""


class Cut(StrEnum):
    """Which end of a line learns at once that it is cut."""

    BOTH = "both"
    CLIENT = "client"
    SERVER = "server"


@dataclass(frozen=True, slots=True)
class Weather:
    """What happens on the way.

    Attributes:
        delay_s: every piece arrives so much later.
        jitter_s: and up to so much later than that.
        mean_life_s: lines are cut at random, on average after so long.
        pace_bytes_s: the client's end reads so slowly.
    """

    delay_s: float = 0.0
    jitter_s: float = 0.0
    mean_life_s: float = math.inf
    pace_bytes_s: float = math.inf


class Proxy:
    """Listens on a port of this machine and hands on to another.

    Attributes:
        port: where it listens.
        cuts: how many lines were cut, by which end learnt of it.
        is_calm: while it is set, no more lines are cut.
    """

    def __init__(self, target_port: int, weather: Weather, rng: random.Random) -> None:
        self.target_port = target_port
        self.weather = weather
        self.rng = rng
        self.cuts: Counter[Cut] = Counter()
        self.is_calm = False
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
        self._listener.setblocking(False)
        self.port: int = self._listener.getsockname()[1]
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._begin(self._accept())
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._listener.close()

    def _begin(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _accept(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            client, _ = await loop.sock_accept(self._listener)
            client.setblocking(False)
            self._begin(_Line(self, client).run())


class _Line:
    """One connection, from its begin to its end."""

    def __init__(self, proxy: Proxy, client: socket.socket) -> None:
        self._proxy = proxy
        self._client = client
        self._server = socket.socket()
        self._server.setblocking(False)
        self._under_way: dict[socket.socket, asyncio.Queue[tuple[float, bytes]]] = {}
        self._next: dict[socket.socket, bytes] = {}
        for end in (self._client, self._server):
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._under_way[end] = asyncio.Queue(_PIECES_UNDER_WAY)
        if math.isfinite(proxy.weather.pace_bytes_s):
            # Or the kernel would read fast in the slow reader's place.
            self._server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)

    async def run(self) -> None:
        """Hand on until both ends are done, one breaks, or the line is cut."""
        loop = asyncio.get_running_loop()
        weather, rng = self._proxy.weather, self._proxy.rng
        pumps: list[asyncio.Task[None]] = []
        cut: Cut | None = None
        try:
            await loop.sock_connect(self._server, ("127.0.0.1", self._proxy.target_port))
            pumps = [
                asyncio.create_task(work)
                for work in (
                    self._read(self._client, self._server, math.inf),
                    self._read(self._server, self._client, weather.pace_bytes_s),
                    self._hand_on(self._server),
                    self._hand_on(self._client),
                )
            ]
            life_s = rng.expovariate(1 / weather.mean_life_s) if math.isfinite(weather.mean_life_s) else None
            done, rest = await asyncio.wait(pumps, timeout=life_s, return_when=asyncio.FIRST_EXCEPTION)
            if rest and self._proxy.is_calm and not done:
                await asyncio.wait(pumps, return_when=asyncio.FIRST_EXCEPTION)
            elif rest and not any(task.done() and task.exception() for task in pumps):
                cut = rng.choice(list(Cut))
        except OSError:
            pass
        finally:
            for task in pumps:
                task.cancel()
            await asyncio.gather(*pumps, return_exceptions=True)
            try:
                if cut is not None:
                    await self._tear(cut)
            finally:
                _reset(self._client)
                _reset(self._server)

    async def _read(self, source: socket.socket, sink: socket.socket, pace_bytes_s: float) -> None:
        loop = asyncio.get_running_loop()
        weather, rng = self._proxy.weather, self._proxy.rng
        queue = self._under_way[sink]
        due_s = free_s = 0.0
        while True:
            data = await loop.sock_recv(source, _PIECE_BYTES if math.isinf(pace_bytes_s) else 1024)
            due_s = max(due_s, loop.time() + weather.delay_s + rng.random() * weather.jitter_s)
            await queue.put((due_s, data))
            if not data:
                return
            free_s = max(free_s, loop.time()) + len(data) / pace_bytes_s
            if free_s > loop.time():
                await asyncio.sleep(free_s - loop.time())

    async def _hand_on(self, sink: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        queue = self._under_way[sink]
        while True:
            due_s, data = await queue.get()
            self._next[sink] = data
            if due_s > loop.time():
                await asyncio.sleep(due_s - loop.time())
            del self._next[sink]
            if not data:
                sink.shutdown(socket.SHUT_WR)
                return
            await loop.sock_sendall(sink, data)

    async def _tear(self, cut: Cut) -> None:
        """Some of what was under way arrives, then the ends are reset."""
        self._proxy.cuts[cut] += 1
        for sink, data in self._next.items():
            with contextlib.suppress(OSError):
                sink.send(data[: self._proxy.rng.randint(0, len(data))])
        if cut is not Cut.SERVER:
            _reset(self._client)
        if cut is not Cut.CLIENT:
            _reset(self._server)
        if cut is not Cut.BOTH:
            await asyncio.sleep(_HALF_DEAD_S * self._proxy.rng.random())


def _reset(sock: socket.socket) -> None:
    """Close so that the peer gets a reset."""
    with contextlib.suppress(OSError):
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()
