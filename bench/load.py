"""A process full of walking visitors: `python -m bench.load PORT PEER COUNT SECONDS SIDE_M SEED walk|stand`.

PEER is what they talk to: `yokocho`, `floor` or `colyseus`.

Each visitor walks straight at 1.4 m/s, turns back at the walls and sends a pose 20 times a second. What comes in is
counted, not decoded, except at every 50th visitor, which decodes in full and measures the age of the poses: the sender
writes the microsecond into the rotation, which the server passes on untouched.

It prints "ready" when everyone is in. At each line on stdin it measures for SECONDS and prints one JSON line.
picows is used for speed: the load must not be the bottleneck.
"""

from __future__ import annotations

import asyncio
import json
import math
import os
import random
import struct
import sys
import time
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import uvloop
from picows import WSFrame, WSListener, WSMsgType, WSTransport, ws_connect

from world import packed, wire
from yokocho.bots.passport import Passport

HZ = 20
SLICES = 10
PING_TURNS = 50
"""The client in the browser pings every 2.5 s."""
SPEED_M_S = 1.4
SAMPLE_EVERY = 50
_EVENT = b"\x93\x22\xce"
"""How an event begins that comes first in a frame; its number follows."""
_CHALLENGE = b"\x94\x31"
"""How a `Challenge` begins."""

_CORRECT_TYPE = 44
_CORRECT = b"\x97\x2c"
"""How a `Correct` begins; the same two bytes elsewhere only cost a needless look."""


@dataclass(slots=True)
class Tally:
    """What all visitors of this process counted."""

    frames: int = 0
    sent: int = 0
    events: int = 0
    ages_ms: list[float] = field(default_factory=list)
    heard: list[int] = field(default_factory=list)
    lost: int = 0


class Walker(WSListener):
    """One visitor."""

    prefix = packed.POSE_PREFIX + bytes((packed.POSE_HEAD.size,))

    def __init__(self, number: int, side_m: float, tally: Tally, rng: random.Random) -> None:
        self.tally = tally
        self.sampled = number % SAMPLE_EVERY == 0
        self.x_m = rng.uniform(0.5, side_m - 0.5)
        self.z_m = rng.uniform(0.5, side_m - 0.5)
        angle = rng.uniform(0, math.tau)
        self.vx_m_s = SPEED_M_S * math.cos(angle)
        self.vz_m_s = SPEED_M_S * math.sin(angle)
        self.epoch = 0
        self.placed = False
        self.sequence = 0
        self.size_bytes = 0
        self.last_seq = 0
        self.newest_us: dict[int, int] = {}
        self.has_greeted = False
        self.passport = Passport()
        self.transport: WSTransport | None = None

    def on_ws_connected(self, transport: WSTransport) -> None:
        """The handshake is done: wait to be asked who we are."""
        self.transport = transport
        self.has_greeted = False

    def answer(self, challenge: wire.Challenge) -> None:
        """Say hello. There may be a proxy between: the server knows better than we which origin we enter."""
        entry = wire.Entry(*self.passport.enter(challenge.audience, challenge.nonce, challenge.room))
        look = (0, 0, 0, 0, 0, 0, 0, 150)
        self.send(wire.Hello(1, [], "Walker", look, "en", self.claim(), entry))
        self.has_greeted = True

    def send(self, message: wire.Inbound) -> None:
        """Send a message, if there is a line."""
        if self.transport is not None:
            self.transport.send(WSMsgType.BINARY, wire.encode(message))

    def claim(self) -> wire.Resume | None:
        """The session to take up again: walkers come once."""
        return None

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        """Count, and decode what is needed."""
        payload = frame.get_payload_as_bytes()
        tally = self.tally
        tally.frames += 1
        self.size_bytes += len(payload) + (2 if len(payload) < 126 else 4)
        if not self.sampled and payload[:3] == _EVENT:
            self.last_seq = int.from_bytes(payload[3:7], "big")
        # The floor's frames are all zeros: there is nothing to read in them.
        if (
            (self.sampled or payload.startswith(_CHALLENGE) or _CORRECT in payload)
            and payload[0]
            and frame.msg_type is WSMsgType.BINARY
        ):
            for message in wire.read_frame(payload):
                if isinstance(message, wire.Challenge):
                    self.answer(message)
                else:
                    self._read(message)

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        """The server ended the connection: that is a finding."""
        self.transport = None
        self.tally.lost += 1

    def _read(self, message: wire.Outbound) -> None:
        if isinstance(message, wire.Poses):
            self._measure(message)
        elif isinstance(message, wire.Event):
            self.tally.events += 1
            self.last_seq = message.seq
            if message.body[0] == _CORRECT_TYPE:
                self._move(int(message.body[1]), message.body[2], message.body[4])

    def _move(self, epoch: int, x_m: float, z_m: float) -> None:
        """Stand where the server says; but from where one arrives, jump to one's own place first."""
        self.epoch = epoch
        if self.placed:
            self.x_m, self.z_m = x_m, z_m
        else:
            self.placed = True
            self.send(wire.Jump(self.x_m, self.z_m, 0.0))

    def _measure(self, message: wire.Poses) -> None:
        now_us = time.monotonic_ns() // 1000 & 0xFFFFFFFF
        self.tally.heard.append(len(message.heads) // packed.HEAD_RECORD.itemsize - 1)
        for at in range(7, len(message.heads), packed.HEAD_RECORD.itemsize * 7):
            (sent_us,) = struct.unpack_from("<I", message.heads, at)
            (slot,) = struct.unpack_from("<H", message.heads, at - 7)
            # Who stands still is told of again and again, with the pose that they stopped in.
            if self.newest_us.get(slot & 0xFFF) == sent_us:
                continue
            self.newest_us[slot & 0xFFF] = sent_us
            age_ms = (now_us - sent_us & 0xFFFFFFFF) / 1000
            if age_ms < 10_000:
                self.tally.ages_ms.append(age_ms)

    def step(self, side_m: float, walking: bool) -> None:
        """Walk a twentieth of a second and say so."""
        self.x_m += self.vx_m_s / HZ
        self.z_m += self.vz_m_s / HZ
        if not 0.5 < self.x_m < side_m - 0.5:
            self.vx_m_s = -self.vx_m_s
            self.x_m += 2 * self.vx_m_s / HZ
        if not 0.5 < self.z_m < side_m - 0.5:
            self.vz_m_s = -self.vz_m_s
            self.z_m += 2 * self.vz_m_s / HZ
        self.sequence = (self.sequence + 1) & 0xFFFF
        if self.transport is not None and self.has_greeted and walking:
            now_us = time.monotonic_ns() // 1000 & 0xFFFFFFFF
            pose = packed.POSE_HEAD.pack(self.sequence, 0, self.epoch, self.x_m, 1.38, self.z_m, now_us)
            self.transport.send(WSMsgType.BINARY, self.prefix + pose)
            self.tally.sent += 1

    def ping(self) -> None:
        """Say what arrived, as the client in the browser does."""
        if self.transport is not None:
            self.transport.send(WSMsgType.BINARY, wire.encode(wire.Ping(0.0, self.last_seq)))


class FloorWalker(Walker):
    """The same visitor at the floor, which asks nothing."""

    def on_ws_connected(self, transport: WSTransport) -> None:
        """Begin at once."""
        self.transport = transport
        self.has_greeted = True


class ColyseusWalker(FloorWalker):
    """The same visitor at a Colyseus server: counts frames, decodes nothing."""

    prefix = b"\x11\xa4pose"
    """ROOM_DATA_BYTES, then the message's type as msgpack writes it."""

    def ping(self) -> None:
        """Colyseus asks for none."""

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        """Count; answer JOIN_ROOM, without which the server sends no state."""
        payload = frame.get_payload_as_bytes()
        self.tally.frames += 1
        self.size_bytes += len(payload) + (2 if len(payload) < 126 else 4)
        if payload[:1] == b"\x0a":
            transport.send(WSMsgType.BINARY, b"\x0a")


async def join_colyseus(port: int) -> str:
    """Ask for a seat; returns the path of the WebSocket."""
    async with aiohttp.ClientSession() as session:
        url = f"http://127.0.0.1:{port}/matchmake/joinOrCreate/alley"
        async with session.post(url, json={}) as answer:
            seat = await answer.json()
    return f"/{seat['room']['processId']}/{seat['room']['roomId']}?sessionId={seat['sessionId']}"


async def walk(walkers: list[Walker], side_m: float, until_s: float, walking: bool) -> None:
    """Everyone sends 20 times a second, spread over the period in slices."""
    loop = asyncio.get_running_loop()
    next_s = loop.time()
    turn = 0
    while loop.time() < until_s:
        for part in range(SLICES):
            next_s += 1 / HZ / SLICES
            delay_s = next_s - loop.time()
            if delay_s > 0:
                await asyncio.sleep(delay_s)
            for walker in walkers[part::SLICES]:
                walker.step(side_m, walking)
            for walker in walkers[turn * SLICES + part :: SLICES * PING_TURNS]:
                walker.ping()
        turn = (turn + 1) % PING_TURNS


def percentile(values: list[float], share: float) -> float:
    """A percentile of values that may be empty."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else math.nan


async def measure(tally: Tally, walkers: list[Walker], seconds: float) -> dict[str, Any]:
    """What is counted from now on for so long."""
    loop = asyncio.get_running_loop()
    tally.frames = tally.sent = tally.events = tally.lost = 0
    for walker in walkers:
        walker.size_bytes = 0
    tally.ages_ms.clear()
    tally.heard.clear()
    began_s, cpu_s = loop.time(), sum(os.times()[:2])
    await asyncio.sleep(seconds)
    elapsed_s = loop.time() - began_s
    sampled = sum(walker.sampled for walker in walkers)
    return {
        "frames_per_s": tally.frames / elapsed_s,
        "sent_per_s": tally.sent / elapsed_s,
        "bytes_per_s": sum(walker.size_bytes for walker in walkers) / elapsed_s,
        "bytes_each_s": [walker.size_bytes / elapsed_s for walker in walkers],
        "events_per_s": tally.events / elapsed_s * len(walkers) / max(1, sampled),
        "lost": tally.lost,
        "cpu_cores": (sum(os.times()[:2]) - cpu_s) / elapsed_s,
        "ages_ms": tally.ages_ms[:: max(1, len(tally.ages_ms) // 20_000)],
        "heard": sum(tally.heard) / len(tally.heard) if tally.heard else 0.0,
    }


async def main() -> None:
    """Join, wait for the start, walk, report."""
    port, peer, count, seconds, side_m, seed, walking = sys.argv[1:8]
    tally = Tally()
    rng = random.Random(int(seed))
    walkers: list[Walker] = []
    kind = {"yokocho": Walker, "floor": FloorWalker, "colyseus": ColyseusWalker}[peer]
    headers = {"Origin": f"http://127.0.0.1:{port}"}
    for number in range(int(count)):
        walker = kind(number, float(side_m), tally, rng)
        path = await join_colyseus(int(port)) if peer == "colyseus" else "/live"
        await ws_connect(lambda walker=walker: walker, f"ws://127.0.0.1:{port}{path}", extra_headers=headers)
        while not walker.has_greeted:  # noqa: ASYNC110 - the challenge is the first thing that comes
            await asyncio.sleep(0.001)
        walkers.append(walker)
    loop = asyncio.get_running_loop()
    warming = loop.create_task(walk(walkers, float(side_m), loop.time() + 3600, walking == "walk"))
    print("ready", flush=True)
    while await loop.run_in_executor(None, sys.stdin.readline):
        print(json.dumps(await measure(tally, walkers, float(seconds))), flush=True)
    warming.cancel()
    os._exit(0)


if __name__ == "__main__":
    uvloop.run(main())
