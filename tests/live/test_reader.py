"""However the network cuts a stream of frames, the same is understood; and nobody moves another's avatar.

These tests use socket pairs and no event loop: a `Reader` reads what a test wrote, when the test says so.
"""

from __future__ import annotations

import contextlib
import dataclasses
import itertools
import socket
from collections.abc import Iterator

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.live.support import ORIGIN, QUICK, Tally, frame
from tests.world.support import credentials, flat_scene, hello, packed_pose, person
from tests.yokocho.entrance.house import House
from world import wire
from world.errors import ErrorCode
from world.room import Room, RoomConfig
from world.session import Session
from yokocho.entrance import Entrance
from yokocho.realtime import Doorway, Live
from yokocho.realtime.connection import Connection, short_message_bytes, unmasked, whole_frames, ws_frame
from yokocho.realtime.reader import overtaken_poses


class Desk:
    """A live room without a loop, and visitors on socket pairs."""

    def __init__(self) -> None:
        self.now_s = 100.0
        self.room = Room(flat_scene(), RoomConfig(max_visitors=4), self.now_s)
        self.tally = Tally()
        settings_ = dataclasses.replace(QUICK, max_connections=8)
        entrance = Entrance(origins=(ORIGIN,), key=Ed25519PrivateKey.generate(), rules=House(), room="lane")
        self.live = Live(
            self.room,
            Doorway(entrance),
            settings=settings_,
            save_chat=_nowhere,
            metrics=self.tally,
            clock=lambda: self.now_s,
        )
        self.peers: list[socket.socket] = []

    def open(self, number: int | None = None) -> tuple[Connection, socket.socket]:
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        theirs.setblocking(False)
        self.peers.append(theirs)
        admitted = person(number or len(self.peers)), credentials(len(self.peers))
        session = Session(self.room, lambda _hello: admitted, keep=lambda _chat: None, replaced=self.live._replace)
        connection = Connection(self.live, session, ours, "pair", "pair")
        self.live._connections.add(connection)
        self.live._addresses["pair"] += 1
        self.live._reader.add(connection)
        return connection, theirs

    def enter(self) -> tuple[Connection, socket.socket]:
        connection, theirs = self.open()
        theirs.send(frame(wire.encode(hello())))
        self.read()
        assert connection.slot >= 0
        return connection, theirs

    def read(self) -> None:
        self.live._reader.read()
        self.live._flush()

    def close(self) -> None:
        for connection in list(self.live._connections):
            connection.abort()
        for peer in self.peers:
            peer.close()
        self.live._reader.close()


async def _nowhere(_chat: wire.Chat) -> None:
    """Keep nothing."""


@contextlib.contextmanager
def desk() -> Iterator[Desk]:
    with contextlib.closing(Desk()) as made:
        yield made


def received(sock: socket.socket) -> list[wire.Outbound]:
    """All messages that have come."""
    data = b""
    with contextlib.suppress(BlockingIOError):
        while piece := sock.recv(65536):
            data += piece
    messages: list[wire.Outbound] = []
    while data:
        size, at = data[1] & 0x7F, 2
        if size == 126:
            size, at = int.from_bytes(data[2:4], "big"), 4
        elif size == 127:
            size, at = int.from_bytes(data[2:10], "big"), 10
        if data[0] & 0x0F == 2:
            messages += wire.read_frame(data[at : at + size])
        data = data[at + size :]
    return messages


def pose(x_m: float, epoch: int, *, hands: bool = False) -> bytes:
    packed = packed_pose(x_m, 0.0, epoch=epoch, hands_mm=(1, 2, 3) if hands else None)
    return frame(wire.encode(wire.Pose(packed)))


pieces = st.lists(
    st.sampled_from(["pose", "pose", "pose", "hands", "ping", "control", "fragments", "fragmented pose"]),
    min_size=1,
    max_size=16,
)


@given(pieces, st.lists(st.integers(1, 80) | st.integers(81, 400), min_size=1, max_size=40), st.booleans())
@settings(max_examples=60)
def test_however_a_stream_is_cut_the_same_is_understood(what: list[str], cuts: list[int], at_frames: bool) -> None:
    with desk() as room:
        connection, peer = room.enter()
        received(peer)
        epoch = int(room.room.avatars.epoch[connection.slot])
        frames: list[bytes] = []
        pings: list[float] = []
        last_x_m = 0.0
        for i, kind in enumerate(what):
            ping = wire.encode(wire.Ping(float(i), 0))
            if kind in ("pose", "hands"):
                last_x_m = 0.01 * (i + 1)
                frames.append(pose(last_x_m, epoch, hands=kind == "hands"))
            elif kind == "ping":
                pings.append(float(i))
                frames.append(frame(ping))
            elif kind == "control":
                frames.append(frame(b"x" * i, 9))
            elif kind == "fragments":
                pings.append(float(i))
                frames += [frame(ping[:3], fin=False), frame(b"", 10), frame(ping[3:], 0)]
            else:
                last_x_m = 0.01 * (i + 1)
                packed = wire.encode(wire.Pose(packed_pose(last_x_m, 0.0, epoch=epoch)))
                frames += [frame(packed[:5], fin=False), frame(packed[5:], 0)]
        stream = b"".join(frames)
        sizes = [len(piece) for piece in frames] if at_frames else cuts
        at = 0
        for size in itertools.cycle(sizes):
            if at >= len(stream):
                break
            peer.send(stream[at : at + size])
            at += size
            room.read()
            room.now_s += 0.05
        assert not room.tally.errors
        assert [message.client_ms for message in received(peer) if isinstance(message, wire.Pong)] == pings
        room.room.tick(room.now_s)
        x_m = float(room.room.avatars.position_m[connection.slot][0])
        assert x_m == pytest.approx(last_x_m, abs=1e-4)


def test_of_all_that_piled_up_the_newest_pose_counts() -> None:
    """Minutes without a network are no flood; whoever goes on like that goes."""
    with desk() as room:
        connection, peer = room.enter()
        avatars = room.room.avatars
        backlog = b"".join(pose(0.0001 * step, int(avatars.epoch[connection.slot])) for step in range(2000))
        at = 0
        while at < len(backlog):
            at += peer.send(backlog[at : at + 5000])
            room.read()
        room.room.tick(room.now_s)
        assert avatars.position_m[connection.slot][0] == pytest.approx(0.1999, abs=1e-6)
        for _ in range(3):
            with contextlib.suppress(OSError):
                peer.send(backlog[:5000])
            room.read()
        assert room.tally.errors[ErrorCode.FLOOD] == 1


@given(st.integers(0, 6), st.booleans(), st.binary(max_size=60), st.integers(0, 60))
def test_only_poses_behind_which_another_one_comes_are_overtaken(
    count: int, hands: bool, rest: bytes, cut: int
) -> None:
    one = pose(0.5, 1, hands=hands)
    overtaken = max(0, count - 1)
    words = (frame(wire.encode(wire.Say(wire.Scope.NEAR, "x" * size, 1))) for size in range(len(one)))
    like_a_pose = next(said for said in words if len(said) == len(one))
    for other in (rest[:1] + b"\x00" + rest, one[:cut][:-1], like_a_pose + one):
        assert overtaken_poses(one * count + other) == (overtaken, overtaken * len(one))


@given(st.binary(max_size=400), st.lists(st.integers(1, 70), min_size=1, max_size=10))
@settings(max_examples=60)
def test_whatever_the_bytes_others_stay_as_they_are(noise: bytes, cuts: list[int]) -> None:
    with desk() as room:
        others = [room.enter() for _ in range(3)]
        rude, peer = room.enter()
        before = bytes(room.room.avatars.raw[: 3 * 40])
        for at in itertools.accumulate(cuts, initial=0):
            with contextlib.suppress(OSError):
                peer.send(noise[at : at + 70])
            room.read()
        assert bytes(room.room.avatars.raw[: 3 * 40]) == before
        assert not any(room.room.avatars.fresh[:3])
        assert all(connection.session.visitor is not None for connection, _ in others)
        assert rude.slot in (-1, 3)


def test_a_pose_read_together_with_the_end_of_its_connection_moves_nobody_else() -> None:
    """Somebody takes the session over on another socket in the very tick in which the old one sent a pose."""
    with desk() as room:
        connections = [room.enter() for _ in range(4)]
        avatars = room.room.avatars
        others = bytes(avatars.raw[40:])
        old, old_peer = connections[0]
        epoch = int(avatars.epoch[old.slot])
        _, new_peer = room.open(1)
        old_peer.send(pose(0.5, epoch))
        new_peer.send(frame(wire.encode(hello(resume=wire.Resume("token-1", 0)))))
        room.read()
        assert old.slot == -1
        assert bytes(avatars.raw[40:]) == others
        assert not any(avatars.fresh[1:])
        old_peer.send(pose(0.6, epoch))
        room.read()
        assert not any(avatars.fresh[1:])


@pytest.mark.parametrize("size", [0, 1, 125, 126, 65535, 65536])
def test_frames_out_are_whole_frames(size: int) -> None:
    data = ws_frame(bytes(size))
    assert whole_frames(data) == len(data)
    assert data[-size:] == bytes(size) or size == 0


@given(st.lists(st.binary(max_size=300), max_size=5), st.integers(0, 2000))
def test_whole_frames_are_counted_whatever_follows(payloads: list[bytes], cut: int) -> None:
    frames = [frame(payload) for payload in payloads]
    stream = b"".join(frames)[:cut]
    ends = [0, *itertools.accumulate(map(len, frames))]
    assert whole_frames(stream) == max(end for end in ends if end <= len(stream))


@given(st.binary(min_size=1, max_size=125), st.binary(max_size=20))
def test_short_messages_are_read_without_the_parser(payload: bytes, rest: bytes) -> None:
    data = frame(payload)
    assert short_message_bytes(data + rest) == len(data)
    assert unmasked(data) == payload


@given(st.binary(max_size=300))
def test_what_is_no_short_message_is_left_to_the_parser(noise: bytes) -> None:
    size = short_message_bytes(noise)
    assert size == 0 or frame(unmasked(noise[:size]))[:2] == noise[:2]
    assert size <= whole_frames(noise)


@pytest.mark.parametrize(
    "data",
    [
        frame(b"hello", 1),
        frame(b"hello", 9),
        frame(b"hello", fin=False),
        frame(b"hello", reserved=4),
        frame(b"hello", masked=False),
        frame(b""),
        frame(bytes(126)),
        frame(b"hello")[:-1],
    ],
)
def test_other_frames_are_left_to_the_parser(data: bytes) -> None:
    assert short_message_bytes(data) == 0
