"""The walking visitors: they walk where one can walk, and speak the protocol as it is written."""

from __future__ import annotations

import asyncio
import itertools
import json
import math
import random
from pathlib import Path

import pytest

from tests.yokocho.support import eventually, free_port, open_instance
from tests.yokocho.talker import visit
from world.rotation import unpack_rotation
from world.wire import Scope
from yokocho.app import Instance
from yokocho.bots import words
from yokocho.bots.line import packed_rotation
from yokocho.bots.passport import Passport, gateway_of
from yokocho.bots.paths import CELL_M, CLEARANCE_M, Box, Ground, Point
from yokocho.bots.run import BotsPlan, run_bots


def distance_to(box: Box, point: Point) -> float:
    """From a point to a turned box, 0 inside: written apart from the raster's own arithmetic."""
    ax, az = math.cos(box.yaw_rad), -math.sin(box.yaw_rad)  # the box's own x axis after a turn by yaw about +Y
    dx, dz = point[0] - box.x_m, point[1] - box.z_m
    along, across = dx * ax + dz * az, -dx * az + dz * ax
    return math.hypot(max(0.0, abs(along) - box.half_x_m), max(0.0, abs(across) - box.half_z_m))


def along(corners: list[Point]) -> list[Point]:
    """Points every few centimetres of a way."""
    points = []
    for one, other in itertools.pairwise(corners):
        steps = max(1, int(math.dist(one, other) / 0.05))
        step = (other[0] - one[0]) / steps, (other[1] - one[1]) / steps
        points += [(one[0] + step[0] * n, one[1] + step[1] * n) for n in range(steps + 1)]
    return points


@pytest.mark.parametrize("seed", range(12))
def test_ways_keep_clear_of_everything(seed: int) -> None:
    rng = random.Random(seed)
    boxes = [
        Box(rng.uniform(-9, 9), rng.uniform(-9, 9), rng.uniform(0.2, 2), rng.uniform(0.2, 2), rng.uniform(-3, 3))
        for _ in range(14)
    ]
    ground = Ground((-10, -10), (10, 10), boxes)
    free = [p for p in ((rng.uniform(-9, 9), rng.uniform(-9, 9)) for _ in range(200)) if ground.is_free(p)]
    for start, goal in itertools.pairwise(free[:12]):
        corners = ground.way(start, goal)
        if not corners:
            continue
        assert math.dist(corners[-1], goal) < 1e-9
        for point in along([start, *corners]):
            assert all(distance_to(box, point) > CLEARANCE_M - 1.5 * CELL_M for box in boxes)
            assert max(map(abs, point)) < 10


def test_way_goes_around_a_wall() -> None:
    ground = Ground((-5, -5), (5, 5), [Box(0, 0, 0.1, 4, 0)])
    corners = ground.way((-3, 0), (3, 0))
    assert math.dist(corners[-1], (3, 0)) < 1e-9
    assert max(abs(z) for _, z in corners) > 4.3
    assert len(corners) <= 4


def test_open_ground_is_crossed_straight() -> None:
    ground = Ground((-5, -5), (5, 5))
    assert ground.way((-4, -4), (4, 3)) == [(4, 3)]


def test_no_way_is_said() -> None:
    ground = Ground((-5, -5), (5, 5), [Box(0, 0, 0.2, 6, 0)])
    buried = Ground((-1, -1), (1, 1), [Box(0, 0, 5, 5, 0)])
    assert (ground.way((-3, 0), (3, 0)), buried.way((0, 0), (0.5, 0))) == ([], [])


def test_goal_in_a_wall_becomes_the_place_before_it() -> None:
    ground = Ground((-5, -5), (5, 5), [Box(3, 0, 1, 1, 0)])
    end = ground.way((-3, 0), (3, 0))[-1]
    assert ground.is_free(end)
    assert distance_to(Box(3, 0, 1, 1, 0), end) < 2 * CLEARANCE_M


@pytest.mark.parametrize("yaw_rad", [-3.1, -1.2, 0.0, 0.4, 2.5, math.pi])
@pytest.mark.parametrize("pitch_rad", [-0.4, 0.0, 0.3])
def test_rotations_are_read_as_they_were_meant(yaw_rad: float, pitch_rad: float) -> None:
    x, y, z, w = unpack_rotation(packed_rotation(yaw_rad, pitch_rad))
    # Where the turned -z axis points.
    forward = (-2 * (x * z + w * y), -2 * (y * z - w * x), -(1 - 2 * (x * x + y * y)))
    meant = (
        -math.sin(yaw_rad) * math.cos(pitch_rad),
        math.sin(pitch_rad),
        -math.cos(yaw_rad) * math.cos(pitch_rad),
    )
    assert math.dist(forward, meant) < 0.01


@pytest.mark.parametrize(
    ("origin", "gateway"),
    [
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("https://alley.example", "https://alley.example"),
        ("http://192.0.2.7:8080", "https://192.0.2.7:8080"),
    ],
)
def test_they_are_at_home_where_they_walk(origin: str, gateway: str) -> None:
    assert gateway_of(origin) == gateway
    assert Passport(gateway).document


def test_they_speak_three_languages() -> None:
    for lines in (words.NAMES, words.AT_A_STALL, words.ON_THE_WAY, words.ON_THE_BENCH, words.ANSWERS):
        assert set(lines) == set(words.LANGUAGES)
        assert all(all(each) for each in lines.values())
    everything = [line for texts in (words.AT_A_STALL, words.ANSWERS) for lines in texts.values() for line in lines]
    assert not [line for line in everything if "!" in line or "！" in line]
    assert len({name for names in words.NAMES.values() for name in names}) == 36


async def test_a_crowd_walks_and_is_heard(instance: Instance) -> None:
    plan = BotsPlan(count=8, url=f"ws://127.0.0.1:{instance.port}/live", seconds=5.0)
    crowd = asyncio.create_task(run_bots(plan))
    await eventually(lambda: instance.live.visitors == 8)
    # They live here: nothing stands behind their names.
    assert {visitor.person.home for visitor in instance.live.room.visitors.values()} == {""}
    report = json.loads(await crowd)
    assert report["visitors"] == 8
    assert report["connects"] == 8
    assert report["errors"] == {}
    assert report["gaps"] == 0
    assert report["sent"] > 8 * 10
    assert report["heard"] > 100
    assert report["events"] >= 8 * 4
    await eventually(lambda: instance.live.visitors == 0)


async def test_nobody_walks_through_walls_or_too_fast(instance: Instance) -> None:
    """Seen from the room: nobody is ever inside a solid, and nobody is corrected."""
    inside: list[int] = []
    room = instance.live.room
    plan = BotsPlan(count=5, url=f"ws://127.0.0.1:{instance.port}/live", seconds=5.0, poses_hz=20)
    crowd = asyncio.create_task(run_bots(plan))
    standing = (room.scene.room.solids, *(stall.solids for stall in room.scene.stalls.values()))
    solids = [
        Box(solid.x_m, solid.z_m, solid.half_x_m, solid.half_z_m, solid.yaw_rad) for some in standing for solid in some
    ]
    while not crowd.done():
        await asyncio.sleep(0.1)
        for slot in room.visitors:
            x_m, _, z_m = room.avatars.position_m[slot].tolist()
            inside += [slot for box in solids if distance_to(box, (x_m, z_m)) < 0.05]
    assert json.loads(await crowd)["errors"] == {}
    assert inside == []


async def test_bots_come_back_when_the_server_does(data: Path) -> None:
    port = free_port()
    plan = BotsPlan(count=4, url=f"ws://127.0.0.1:{port}/live", seconds=25.0)
    async with open_instance(data, port=port) as instance:
        crowd = asyncio.create_task(run_bots(plan))
        await eventually(lambda: instance.live.visitors == 4)
    async with open_instance(data, port=port) as instance:
        await eventually(lambda: instance.live.visitors == 4)
        crowd.cancel()
        await asyncio.gather(crowd, return_exceptions=True)


async def test_a_greeting_is_returned(instance: Instance) -> None:
    plan = BotsPlan(count=6, url=f"ws://127.0.0.1:{instance.port}/live", seconds=12.0)
    crowd = asyncio.create_task(run_bots(plan))
    await eventually(lambda: instance.live.visitors == 6)
    await asyncio.sleep(0.5)
    async with visit(instance.origins[0], "Mio") as mio:
        for _ in range(5):
            await mio.say("Hello everybody", 1, Scope.NEAR)
            await asyncio.sleep(0.05)
        await eventually(lambda: any("Mio" in chat[5] for chat in mio.of_kind(37)))
    crowd.cancel()
    await asyncio.gather(crowd, return_exceptions=True)
