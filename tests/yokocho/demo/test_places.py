"""Where things stand: one can walk everywhere, look at everything, and see no wall through a teapot."""

from __future__ import annotations

import math
from collections import deque

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.yokocho.demo.glb_reader import read_glb
from world import scene
from world.scene import Exhibit, Solid, Stall
from yokocho.demo import DemoAlley

VISITOR_RADIUS_M = 0.25
STEP_M = 0.1
EYE_M = 1.5
NOREN_BOTTOM_M = 1.95
NOREN_Z_M = 0.12


def all_solids(alley: DemoAlley) -> list[Solid]:
    return [*alley.room.solids, *(s for stall in alley.stalls for s in stall.solids)]


def gap(solid: Solid, x: NDArray[np.float64], z: NDArray[np.float64]) -> NDArray[np.float64]:
    """Distance from points to a solid's footprint."""
    c, s = math.cos(solid.yaw_rad), math.sin(solid.yaw_rad)
    dx, dz = x - solid.x_m, z - solid.z_m
    local_x, local_z = c * dx - s * dz, s * dx + c * dz
    out_x = np.maximum(np.abs(local_x) - solid.half_x_m, 0)
    out_z = np.maximum(np.abs(local_z) - solid.half_z_m, 0)
    return np.asarray(np.hypot(out_x, out_z))


class Ground:
    """Which places a visitor can stand on and walk to from the first spawn."""

    def __init__(self, alley: DemoAlley) -> None:
        low, high = alley.room.bounds_min_m, alley.room.bounds_max_m
        self.x = np.arange(low[0], high[0], STEP_M)
        self.z = np.arange(low[2], high[2], STEP_M)
        grid_x, grid_z = np.meshgrid(self.x, self.z, indexing="ij")
        free = np.ones(grid_x.shape, dtype=bool)
        for solid in all_solids(alley):
            free &= gap(solid, grid_x, grid_z) >= VISITOR_RADIUS_M
        self.free = free
        spawn = alley.room.spawns[0].position_m
        self.reached = self._flood(self.cell(spawn[0], spawn[2]))

    def cell(self, x: float, z: float) -> tuple[int, int]:
        return round((x - self.x[0]) / STEP_M), round((z - self.z[0]) / STEP_M)

    def _flood(self, start: tuple[int, int]) -> NDArray[np.bool_]:
        reached = np.zeros_like(self.free)
        queue = deque([start])
        reached[start] = True
        while queue:
            i, j = queue.popleft()
            for a, b in ((i + 1, j), (i - 1, j), (i, j + 1), (i, j - 1)):
                inside = 0 <= a < reached.shape[0] and 0 <= b < reached.shape[1]
                if inside and self.free[a, b] and not reached[a, b]:
                    reached[a, b] = True
                    queue.append((a, b))
        return np.asarray(reached)


@pytest.fixture(scope="session")
def ground(alley: DemoAlley) -> Ground:
    return Ground(alley)


def stall_of(alley: DemoAlley, exhibit: Exhibit) -> Stall:
    return next(s for s in alley.stalls if s.id == exhibit.stall_id)


def to_local(stall: Stall, points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Points of the room in the stall's frame: +x along the counter, +z out to the lane."""
    c, s = math.cos(stall.front.yaw_rad), math.sin(stall.front.yaw_rad)
    moved = points - np.array(stall.front.position_m)
    turned = np.column_stack([c * moved[:, 0] - s * moved[:, 2], moved[:, 1], s * moved[:, 0] + c * moved[:, 2]])
    return np.asarray(turned + np.array([0.0, 0.0, 0.95]))


def placed(alley: DemoAlley, exhibit: Exhibit) -> NDArray[np.float64]:
    """An exhibit's vertices in the room."""
    points = read_glb(alley.assets[exhibit.asset.sha256]).positions()
    _, y, _, w = exhibit.transform.rotation
    yaw = 2 * math.atan2(y, w)
    c, s = math.cos(yaw), math.sin(yaw)
    turned = np.column_stack([c * points[:, 0] + s * points[:, 2], points[:, 1], -s * points[:, 0] + c * points[:, 2]])
    return np.asarray(turned + np.array(exhibit.transform.position_m))


def test_the_room_fits_the_wire(alley: DemoAlley) -> None:
    low, high = alley.room.bounds_min_m, alley.room.bounds_max_m
    assert low[1] == -0.5
    assert high[1] - low[1] <= 16
    assert all(a < b for a, b in zip(low, high, strict=True))


def test_spawns_fronts_and_seats_are_reachable(alley: DemoAlley, ground: Ground) -> None:
    assert len(alley.room.spawns) >= 4
    for spawn in (*alley.room.spawns, *(s.front for s in alley.stalls)):
        assert ground.reached[ground.cell(spawn.position_m[0], spawn.position_m[2])], spawn
    for seat in alley.room.seats:
        i, j = ground.cell(seat.position_m[0], seat.position_m[2])
        assert ground.reached[i - 8 : i + 9, j - 8 : j + 9].any()


def test_one_walks_from_end_to_end(ground: Ground) -> None:
    _, z = np.nonzero(ground.reached)
    assert ground.z[z].min() < -22.5
    assert ground.z[z].max() > 22.5


def test_nobody_walks_out_of_the_world(alley: DemoAlley, ground: Ground) -> None:
    edge = np.concatenate([ground.reached[0], ground.reached[-1], ground.reached[:, 0], ground.reached[:, -1]])
    assert not edge.any()
    area = ground.reached.sum() * STEP_M**2
    assert 120 < area < 240


def test_solids_are_proper_boxes(alley: DemoAlley) -> None:
    for solid in all_solids(alley):
        assert solid.half_x_m > 0
        assert solid.half_z_m > 0
        assert 0 < solid.height_m <= 12


def test_fronts_are_close_to_counters(alley: DemoAlley) -> None:
    for stall in alley.stalls:
        x, _, z = stall.front.position_m
        counter = stall.solids[0]
        distance = float(gap(counter, np.array(x), np.array(z)))
        assert VISITOR_RADIUS_M < distance <= 1.5, stall.id


def test_plots_lie_under_their_stalls(alley: DemoAlley) -> None:
    plots = {plot.id: plot for plot in alley.plots}
    assert len(plots) == len(alley.stalls)
    for stall in alley.stalls:
        plot = plots[stall.plot_id]
        middle = to_local(stall, np.array([plot.transform.position_m]))[0]
        assert np.allclose(middle, [0, 0, -plot.depth_m / 2], atol=1e-3)


def test_every_exhibit_stands_free_of_walls(alley: DemoAlley) -> None:
    for exhibit in alley.exhibits:
        stall = stall_of(alley, exhibit)
        points = placed(alley, exhibit)
        _, floor, *walls = stall.solids
        for wall in walls:
            assert gap(wall, points[:, 0], points[:, 2]).min() > 0.0, exhibit.id
        assert points[:, 1].min() >= floor.height_m, exhibit.id
        counter = stall.solids[0]
        above = points[gap(counter, points[:, 0], points[:, 2]) == 0.0]
        assert above.size == 0 or above[:, 1].min() >= counter.height_m, exhibit.id


def test_exhibits_do_not_touch(alley: DemoAlley) -> None:
    for stall in alley.stalls:
        boxes = []
        for exhibit in (e for e in alley.exhibits if e.stall_id == stall.id):
            local = to_local(stall, placed(alley, exhibit))
            boxes.append((exhibit.id, local.min(axis=0), local.max(axis=0)))
        for k, (name, low, high) in enumerate(boxes):
            for other, other_low, other_high in boxes[k + 1 :]:
                apart = (low > other_high).any() or (other_low > high).any()
                assert apart, (name, other)


def test_every_exhibit_is_seen_from_the_front(alley: DemoAlley) -> None:
    """The eye looks below the curtain and over the counter's edge; at least half of each piece's height is in view."""
    eye = np.array([0.0, EYE_M, 0.95])
    for exhibit in alley.exhibits:
        local = to_local(stall_of(alley, exhibit), placed(alley, exhibit))
        share = (eye[2] - NOREN_Z_M) / (eye[2] - local[:, 2])
        crossing = eye[1] + (local[:, 1] - eye[1]) * share
        assert (crossing < NOREN_BOTTOM_M).mean() > 0.5, exhibit.id
        middle = (local.min(axis=0) + local.max(axis=0)) / 2
        assert abs(middle[0]) < 1.55, exhibit.id


def test_sizes_are_true(alley: DemoAlley) -> None:
    for exhibit in alley.exhibits:
        points = read_glb(alley.assets[exhibit.asset.sha256]).positions()
        extent = np.ptp(points, axis=0) * 100
        assert np.allclose(extent, exhibit.size_cm, rtol=0.02, atol=0.06), exhibit.id
        assert exhibit.transform.scale == 1.0
        assert np.allclose(points.min(axis=0)[1], 0, atol=1e-3)
        assert np.allclose((points.min(axis=0) + points.max(axis=0))[[0, 2]], 0, atol=2e-3)


def test_signs_hang_over_their_stalls(alley: DemoAlley) -> None:
    for stall in alley.stalls:
        x, y, z = to_local(stall, np.array([stall.sign.position_m]))[0]
        assert abs(x) < 0.01
        assert 2.4 < y < 3.0
        assert 0.3 < z < 0.95
        assert math.isclose(sum(q * q for q in stall.sign.rotation), 1.0, abs_tol=1e-6)


def test_lamps_hang_inside_the_room(alley: DemoAlley) -> None:
    lamps = [*alley.room.lanterns, *(lamp for stall in alley.stalls for lamp in stall.lanterns)]
    assert len(lamps) > 40
    low, high = np.array(alley.room.bounds_min_m), np.array(alley.room.bounds_max_m)
    for lamp in lamps:
        assert (low < lamp.position_m).all()
        assert (np.array(lamp.position_m) < high).all()
        assert 0 < lamp.colour <= 0xFFFFFF


def test_the_scene_takes_it(alley: DemoAlley) -> None:
    cells = {scene.cell_of(plot.transform.position_m) for plot in alley.plots}
    assert len(cells) >= 3
