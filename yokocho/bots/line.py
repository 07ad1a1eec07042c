"""The visitor's end of the live protocol, written a second time on purpose.

It shares nothing with the server but the numbers that the protocol names: frames are built and read with `msgpack` and
`struct`, as any client in any language would. So it also notices when the server drifts from what it promises.
"""

from __future__ import annotations

import asyncio
import math
import random
import struct
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import msgpack
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidMessage

from world.wire import MAX_MESSAGE_BYTES, PROTOCOL_VERSION, EmoteKind, Scope
from yokocho.bots.passport import Passport, gateway_of, origin_of_socket

HELLO, POSE, SAY, EMOTE, PING, LEAVE = 1, 2, 3, 4, 5, 9
WELCOME, POSES, EVENT, ENTER, GONE, CHAT, GESTURE, ROOM_STATE, SCENE, PONG, ERROR, BYE, CORRECT = range(32, 45)
CHALLENGE: Final = 49

_POSE_HEAD: Final = struct.Struct("<HBBfffI")
_HEAD_RECORD_BYTES: Final = 11
_SITTING: Final = 2
_MAX_FRAME_BYTES: Final = 16 * 1024 * 1024
"""A room's state with all its lanterns is larger than what visitors may send."""

PING_EVERY_S: Final = 5.0
_OPEN_TIMEOUT_S: Final = 10.0
_PAUSE_S: Final = 0.25
_LONGEST_PAUSE_S: Final = 5.0
_GIVE_UP_S: Final = 15.0
"""After so long without an alley a bot goes home."""


@dataclass
class Tally:
    """What a crowd of bots sent and heard."""

    sent: int = 0
    frames: int = 0
    bytes_in: int = 0
    heard: int = 0
    events: int = 0
    gaps: int = 0
    chats: int = 0
    connects: int = 0
    resumed: int = 0
    errors: Counter[str] = field(default_factory=Counter)
    round_trips_ms: list[float] = field(default_factory=list)


@dataclass
class Body:
    """Where a bot stands and looks."""

    x_m: float = 0.0
    y_m: float = 1.5
    z_m: float = 0.0
    yaw_rad: float = 0.0
    pitch_rad: float = 0.0
    sitting: bool = False


class Line:
    """A connection to the alley that comes back by itself and takes its session up again."""

    def __init__(
        self, url: str, origin: str, hello: tuple[str, tuple[int, ...], str], tally: Tally, rng: random.Random
    ) -> None:
        self._url = url
        self._origin = origin
        self._passport = Passport(gateway_of(origin))
        self._name, self._look, self._language = hello
        self._tally = tally
        self._rng = rng
        self._socket: ClientConnection | None = None
        self._token: str | None = None
        self._gone = False
        self._restarts_within_s = 0.0
        self._last_seq = 0
        self._sequence = 0
        self._epoch = 0
        self.body = Body()
        self.visitor_id = ""
        self.placed = asyncio.Event()
        self.on_event: Callable[[int, list[Any]], None] = lambda _kind, _fields: None

    # --- the connection -----------------------------------------------------------------------------------------------

    async def keep_open(self) -> None:
        """Stay connected until cancelled, told to go, or without an alley for too long."""
        lost_at = time.monotonic()
        pause_s = _PAUSE_S
        while time.monotonic() - lost_at < _GIVE_UP_S:
            try:
                async with connect(
                    self._url,
                    origin=self._origin,  # type: ignore[arg-type]
                    compression=None,
                    max_size=_MAX_FRAME_BYTES,
                    open_timeout=_OPEN_TIMEOUT_S,
                    ping_interval=None,
                    close_timeout=1,
                ) as socket:
                    retry = await self._converse(socket)
                if not retry:
                    return
                lost_at = time.monotonic()
                pause_s = _PAUSE_S
                if self._restarts_within_s:
                    await asyncio.sleep(self._restarts_within_s * self._rng.random())
                    continue
            except (OSError, TimeoutError, ConnectionClosed) as error:
                self._tally.errors[type(error).__name__] += 1
            except (InvalidHandshake, InvalidMessage) as error:
                self._tally.errors[str(getattr(getattr(error, "response", None), "status_code", "handshake"))] += 1
            self._socket = None
            pause_s = min(_LONGEST_PAUSE_S, pause_s * 2)
            await asyncio.sleep(pause_s * (1 - 0.5 * self._rng.random()))

    async def _converse(self, socket: ClientConnection) -> bool:
        """From the challenge to the end of one connection; True when it is worth to come back."""
        self._tally.connects += 1
        self._restarts_within_s = 0.0
        try:
            async with asyncio.timeout(_OPEN_TIMEOUT_S):
                challenge = msgpack.unpackb(await socket.recv(decode=False))
            await socket.send(self._hello(challenge))
        except ConnectionClosed:
            return True
        self._tally.sent += 1
        self._socket = socket
        pinging = asyncio.create_task(self._ping())
        retry = True
        try:
            async for frame in socket:
                if isinstance(frame, bytes):
                    retry = self._read(frame) and retry
        except ConnectionClosed:
            retry = True
        finally:
            self._socket = None
            pinging.cancel()
        return retry and not self._gone

    def _hello(self, challenge: list[Any]) -> bytes:
        """Who we are, where we were, and the papers that the challenge asks for."""
        kind, nonce, _audience, room = challenge[:4]
        if kind != CHALLENGE:
            raise InvalidMessage("the first message is no challenge")
        resume = [self._token, self._last_seq] if self._token else None
        papers = list(self._passport.enter(origin_of_socket(self._url), nonce, room))
        hello = [HELLO, PROTOCOL_VERSION, [], self._name, list(self._look), self._language, resume, papers]
        packed: bytes = msgpack.packb(hello)
        return packed

    async def _ping(self) -> None:
        while True:
            await asyncio.sleep(PING_EVERY_S * (0.5 + self._rng.random()))
            await self.send([PING, time.monotonic() * 1000, self._last_seq])

    async def send(self, message: list[Any]) -> None:
        """Send a message; while there is no connection it is simply not said."""
        socket = self._socket
        if socket is None:
            return
        data: bytes = msgpack.packb(message)
        assert len(data) <= MAX_MESSAGE_BYTES
        try:
            await socket.send(data)
            self._tally.sent += 1
        except ConnectionClosed:
            self._socket = None

    # --- what a visitor does ------------------------------------------------------------------------------------------

    async def send_pose(self) -> None:
        """Tell where the body is."""
        body = self.body
        self._sequence = (self._sequence + 1) & 0xFFFF
        flags = _SITTING if body.sitting else 0
        turn = packed_rotation(body.yaw_rad, body.pitch_rad)
        await self.send([POSE, _POSE_HEAD.pack(self._sequence, flags, self._epoch, body.x_m, body.y_m, body.z_m, turn)])

    async def say(self, text: str, scope: Scope) -> None:
        """Say something."""
        await self.send([SAY, int(scope), text, 0])

    async def emote(self, kind: EmoteKind) -> None:
        """Make a gesture."""
        await self.send([EMOTE, int(kind)])

    async def leave(self) -> None:
        """Go for good."""
        self._gone = True
        await self.send([LEAVE])

    # --- what it hears ------------------------------------------------------------------------------------------------

    def _read(self, frame: bytes) -> bool:
        """One frame from the server, which holds one or several messages; False when it said not to come back."""
        self._tally.frames += 1
        self._tally.bytes_in += len(frame)
        unpacker = msgpack.Unpacker(max_buffer_size=_MAX_FRAME_BYTES)
        unpacker.feed(frame)
        return all(self._take(message) for message in unpacker)

    def _take(self, message: list[Any]) -> bool:
        """One message; False when it says not to come back."""
        kind = message[0]
        if kind == POSES:
            self._tally.heard += len(message[4]) // _HEAD_RECORD_BYTES
        elif kind == EVENT:
            self._event(message[1], message[2])
        elif kind == WELCOME:
            self._welcome(message)
        elif kind == PONG:
            self._tally.round_trips_ms.append(time.monotonic() * 1000 - message[1])
        elif kind == ERROR:
            self._tally.errors[message[1]] += 1
        elif kind == BYE:
            self._tally.errors[f"bye {message[1]}"] += 1
            if message[1] == "restarting":
                self._restarts_within_s = message[3] / 1000
            return bool(message[3] >= 0)
        return True

    def _welcome(self, message: list[Any]) -> None:
        self.visitor_id = message[3][1]
        self._token = message[4]
        if message[5]:
            self._tally.resumed += 1
        else:
            self._last_seq = 0

    def _event(self, seq: int, body: list[Any]) -> None:
        self._tally.events += 1
        if self._last_seq and seq != self._last_seq + 1:
            self._tally.gaps += 1
        self._last_seq = seq
        kind = body[0]
        if kind == CORRECT:
            self._epoch = body[1]
            self.body.x_m, self.body.y_m, self.body.z_m, self.body.yaw_rad = body[2:6]
            self.placed.set()
        elif kind == CHAT:
            self._tally.chats += 1
        self.on_event(kind, body)


def packed_rotation(yaw_rad: float, pitch_rad: float) -> int:
    """A look along a yaw and up by a pitch as "smallest three": the two top bits name the largest of x, y, z, w."""
    cy, sy = math.cos(yaw_rad / 2), math.sin(yaw_rad / 2)
    cp, sp = math.cos(pitch_rad / 2), math.sin(pitch_rad / 2)
    parts = (cy * sp, sy * cp, -sy * sp, cy * cp)
    largest = max(range(4), key=lambda i: abs(parts[i]))
    sign = math.copysign(1.0, parts[largest])
    packed = largest
    for i, part in enumerate(parts):
        if i != largest:
            packed = packed << 10 | (round(part * sign * 511 * math.sqrt(2)) & 0x3FF)
    return packed
