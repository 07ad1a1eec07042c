"""A live alley on a real port of this machine, and peers of two kinds: polite ones and bare sockets.

`Guest` speaks the protocol through the `websockets` client and remembers what it was told (`tests.world.support.Peer`
does the remembering, and fails on a lost or doubled event). `Wire` is a bare socket that can say anything. Every wait
has an end.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import os
import socket
import struct
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Final, Self

import websockets
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from websockets.asyncio.client import ClientConnection, connect

from federation.books import NONCE_LIFE_S
from tests.world.support import EYE_M, Peer, flat_scene, hello, packed_pose
from tests.yokocho.entrance.house import House
from world import wire
from world.interest import InterestConfig
from world.room import Room, RoomConfig
from yokocho.bots.passport import Passport
from yokocho.entrance import Entrance
from yokocho.realtime import Doorway, Live, LiveSettings

ORIGIN: Final = "http://alley.example"
ROOM: Final = "lane"
PATIENCE_S: Final = 20.0
"""Longest wait for something that should come at once."""

QUICK: Final = LiveSettings(
    allowed_origins=frozenset({ORIGIN}),
    hello_timeout_s=1.5,
    stall_timeout_s=0.5,
    close_timeout_s=0.4,
    save_timeout_s=0.5,
)

BRISK: Final = RoomConfig(max_visitors=64, interest=InterestConfig(tick_hz=50, budget_bytes_s=160_000))
"""Everything is read and sent at the tick; more of them make shorter tests."""


class Tally:
    """Counts what the live loop reports."""

    def __init__(self) -> None:
        self.evictions: Counter[str] = Counter()
        self.errors: Counter[str] = Counter()
        self.ticks = 0
        self.frames_in = 0
        self.visitors_now = 0

    def visitors(self, count: int) -> None:
        self.visitors_now = count

    def tick(self, seconds: float) -> None:
        self.ticks += 1

    def received(self, frames: int, size_bytes: int) -> None:
        self.frames_in += frames

    def sent(self, frames: int, size_bytes: int) -> None:
        pass

    def evicted(self, reason: str) -> None:
        self.evictions[reason] += 1

    def error(self, code: str) -> None:
        self.errors[code] += 1


@dataclass
class Alley:
    """A server of one room. `disk` is what keeping a chat does: quick and true by itself; `asked` is what it got."""

    settings: LiveSettings = QUICK
    config: RoomConfig = BRISK
    tally: Tally = field(default_factory=Tally)
    asked: list[wire.Chat] = field(default_factory=list)
    kept: list[wire.Chat] = field(default_factory=list)
    disk: Callable[[wire.Chat], asyncio.Future[None] | None] = lambda _chat: None
    count_by: Callable[[str], str] = str
    make_room: type[Room] = Room
    house: House = field(default_factory=House)
    nonce_life_s: float = NONCE_LIFE_S
    port: int = 0
    origin: str = ""
    """Where visitors connect to, whatever lies between."""

    async def save_chat(self, chat: wire.Chat) -> None:
        self.asked.append(chat)
        work = self.disk(chat)
        if work is not None:
            await work
        self.kept.append(chat)

    def make_live(self, room: Room) -> Live:
        """The live loop of a room."""
        return Live(
            room,
            Doorway(self.entrance),
            settings=self.settings,
            save_chat=self.save_chat,
            metrics=self.tally,
            clock=asyncio.get_running_loop().time,
            count_by=self.count_by,
        )

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator[Alley]:
        """Listen, tick, and close in order."""
        loop = asyncio.get_running_loop()
        self.room = self.make_room(flat_scene(), self.config, loop.time())

        async def live_route(request: web.Request) -> web.StreamResponse:
            return await self.live.handle(request)

        app = web.Application()
        app.router.add_get("/live", live_route)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.port = runner.addresses[0][1]
        self.origin = f"http://127.0.0.1:{self.port}"
        self.entrance = Entrance(
            origins=(self.origin,),
            key=Ed25519PrivateKey.generate(),
            rules=self.house,
            room=ROOM,
            nonce_life_s=self.nonce_life_s,
        )
        self.live = self.make_live(self.room)
        self.entrance.on_change.append(self.live.judge_anew)
        await self.live.start()
        try:
            yield self
        finally:
            await self.live.stop()
            await runner.cleanup()
            await self.entrance.close()

    def answer(
        self, challenge: wire.Challenge, passport: Passport, name: str = "Aki", claim: wire.Resume | None = None
    ) -> wire.Hello:
        """The hello that a challenge asks for."""
        papers = passport.enter(self.origin, challenge.nonce, challenge.room)
        return hello(name, claim, entry=wire.Entry(*papers))

    @contextlib.asynccontextmanager
    async def guest(
        self,
        name: str = "Aki",
        *,
        resume: Guest | None = None,
        passport: Passport | None = None,
        small_buffers: bool = False,
    ) -> AsyncIterator[Guest]:
        """Somebody polite who is in the room: new, coming back (`resume`), or known by their `passport`."""
        sock = None
        if small_buffers:
            sock = socket.socket()
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            sock.setblocking(False)
            await asyncio.get_running_loop().sock_connect(sock, ("127.0.0.1", self.port))
        url = f"ws://127.0.0.1:{self.port}/live"
        async with connect(
            url, origin=websockets.Origin(ORIGIN), compression=None, ping_interval=None, close_timeout=2.0, sock=sock
        ) as connection:
            passport = passport or (Passport() if resume is None else resume.passport)
            guest = Guest(self, connection, Peer(4.5) if resume is None else resume.peer, passport)
            peer = guest.peer
            claim = None if resume is None else wire.Resume(peer.token, peer.last_seq)
            peer.resumed = None
            await guest.say(self.answer(await guest.challenge(), passport, name, claim))
            listening = asyncio.create_task(guest.listen())
            try:
                await guest.until(lambda: peer.resumed is not None)
                yield guest
            finally:
                listening.cancel()
                await asyncio.gather(listening, return_exceptions=True)

    async def wire(self, *, say_hello: bool = False) -> Wire:
        """A bare socket behind a proper handshake."""
        bare = Wire(*await asyncio.open_connection("127.0.0.1", self.port))
        status, _ = await bare.handshake()
        assert status == 101
        if say_hello:
            await self.say_hello(bare, "Bare")
            await bare.message()
        return bare

    async def say_hello(self, bare: Wire, name: str = "Aki") -> None:
        """Answer the challenge on a bare socket, as somebody new."""
        challenge = await bare.message()
        assert isinstance(challenge, wire.Challenge)
        await bare.send(frame(wire.encode(self.answer(challenge, Passport(), name))))

    async def until(self, condition: Callable[[], object], patience_s: float = PATIENCE_S) -> None:
        """Wait until something is so."""
        await _until(condition, patience_s)


async def _until(condition: Callable[[], object], patience_s: float) -> None:
    async with asyncio.timeout(patience_s):
        while not condition():  # noqa: ASYNC110 - the conditions are facts on both sides of a socket
            await asyncio.sleep(0.01)


class Guest:
    """A visitor who behaves."""

    def __init__(self, alley: Alley, connection: ClientConnection, peer: Peer, passport: Passport) -> None:
        self.alley = alley
        self.connection = connection
        self.peer = peer
        self.passport = passport
        self.welcome: wire.Welcome | None = None
        self.tokens: list[wire.SessionToken] = []
        self.bye: wire.Bye | None = None
        self.failure: Exception | None = None
        self.heard_at: list[float] = []

    async def challenge(self) -> wire.Challenge:
        """The first message that came."""
        async with asyncio.timeout(PATIENCE_S):
            (message,) = wire.read_frame(await self.connection.recv(decode=False))
        assert isinstance(message, wire.Challenge)
        return message

    async def listen(self) -> None:
        """Take frames until the connection ends."""
        loop = asyncio.get_running_loop()
        try:
            async for data in self.connection:
                assert isinstance(data, bytes)
                for message in wire.read_frame(data):
                    self.peer.feed(wire.encode(message))
                    match message:
                        case wire.Bye():
                            self.bye = message
                        case wire.Welcome():
                            self.welcome = message
                        case wire.SessionToken():
                            self.tokens.append(message)
                        case _:
                            pass
                    if isinstance(message, wire.Poses):
                        self.heard_at.append(loop.time())
        except websockets.ConnectionClosed:
            pass
        except Exception as error:  # noqa: BLE001 - told to the test by `until`
            self.failure = error

    async def until(self, condition: Callable[[], object], patience_s: float = PATIENCE_S) -> None:
        """Wait until this guest knows something."""

        def so() -> object:
            if self.failure is not None:
                raise self.failure
            return condition()

        await _until(so, patience_s)

    async def say(self, message: wire.Inbound) -> None:
        await self.connection.send(wire.encode(message))

    async def chat(self, text: str, scope: wire.Scope = wire.Scope.ALLEY) -> None:
        await self.say(wire.Say(scope, text, 7))

    async def pose(self, x_m: float, z_m: float, y_m: float = EYE_M) -> None:
        await self.say(wire.Pose(packed_pose(x_m, z_m, y_m=y_m, epoch=self.peer.epoch)))

    async def closed(self) -> int:
        """The close code that came."""
        await self.until(lambda: self.connection.close_code is not None)
        assert self.connection.close_code is not None
        return self.connection.close_code

    def texts(self) -> list[str]:
        return [chat.text for chat in self.peer.chats]

    async def is_well(self) -> None:
        """This guest is answered, hears the tick, and is not disturbed in any way."""
        pongs, poses = len(self.peer.pongs), len(self.heard_at)
        await self.say(wire.Ping(1.0, self.peer.last_seq))
        await self.pose(self.peer.at_m[0] + 0.01, self.peer.at_m[1])
        await self.until(lambda: len(self.peer.pongs) > pongs and len(self.heard_at) > poses)
        assert self.bye is None
        assert not self.peer.errors


def frame(
    payload: bytes = b"", opcode: int = 2, *, fin: bool = True, reserved: int = 0, masked: bool = True, length: int = -1
) -> bytes:
    """A WebSocket frame (RFC 6455 section 5.2), right or wrong; `length` is what its header claims."""
    claimed = len(payload) if length < 0 else length
    head = bytes(((0x80 if fin else 0) | reserved << 4 | opcode,))
    mask_bit = 0x80 if masked else 0
    if claimed < 126:
        head += bytes((mask_bit | claimed,))
    elif claimed < 65536:
        head += bytes((mask_bit | 126,)) + struct.pack(">H", claimed)
    else:
        head += bytes((mask_bit | 127,)) + struct.pack(">Q", claimed)
    if not masked:
        return head + payload
    mask = b"\x11\x22\x33\x44"
    return head + mask + bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload))


class Wire:
    """A bare socket."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self.abort()

    async def handshake(self, method: str = "GET", /, **fields: str | None) -> tuple[int, bytes]:
        """Ask for the upgrade; returns the status and the body. A field that is None is left out."""
        headers: dict[str, str | None] = {
            "Host": "alley.example",
            "Upgrade": "websocket",
            "Connection": "Upgrade",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode(),
            "Origin": ORIGIN,
            **{name.replace("_", "-"): value for name, value in fields.items()},
        }
        lines = [f"{name}: {value}\r\n" for name, value in headers.items() if value is not None]
        await self.send((f"{method} /live HTTP/1.1\r\n" + "".join(lines) + "\r\n").encode())
        async with asyncio.timeout(PATIENCE_S):
            head = (await self.reader.readuntil(b"\r\n\r\n")).decode()
            size = next(
                (int(line[16:]) for line in head.split("\r\n") if line.lower().startswith("content-length: ")), 0
            )
            body = b"" if method == "HEAD" else await self.reader.readexactly(size)
        return int(head.split()[1]), body

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        with contextlib.suppress(ConnectionError):
            await self.writer.drain()

    async def frame(self) -> tuple[int, bytes]:
        """Opcode and payload of the next frame."""
        async with asyncio.timeout(PATIENCE_S):
            first, second = await self.reader.readexactly(2)
            assert not second & 0x80, "servers don't mask"
            size = second & 0x7F
            if size == 126:
                size = int.from_bytes(await self.reader.readexactly(2), "big")
            elif size == 127:
                size = int.from_bytes(await self.reader.readexactly(8), "big")
            return first & 0x0F, await self.reader.readexactly(size)

    async def message(self) -> wire.Outbound:
        """The first message of the next binary frame."""
        opcode, payload = await self.frame()
        assert opcode == 2
        return wire.read_frame(payload)[0]

    async def closing(self) -> tuple[int, wire.Bye | None]:
        """Read on until the close frame; its code, and the Bye that came before it if any."""
        bye = None
        while True:
            opcode, payload = await self.frame()
            if opcode == 2:
                byes = [message for message in wire.read_frame(payload) if isinstance(message, wire.Bye)]
                bye = byes[0] if byes else bye
            elif opcode == 8:
                return int.from_bytes(payload[:2], "big"), bye

    async def end(self) -> None:
        """Nothing more comes: the server has closed its side."""
        async with asyncio.timeout(PATIENCE_S):
            with contextlib.suppress(ConnectionError):
                while await self.reader.read(65536):
                    pass

    def abort(self) -> None:
        """Go without a word: the peer gets a reset."""
        sock = self.writer.get_extra_info("socket")
        with contextlib.suppress(OSError):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()
