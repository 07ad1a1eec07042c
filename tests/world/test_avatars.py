"""Poses become records only when they are possible; what the server keeps of an avatar is consistent."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.world.support import EYE_M, packed_pose
from world.avatars import Authority, Avatars
from world.grid import Grid
from world.packed import HEAD_RECORD, RECORD_STEP_M, RECORD_Y_STEP_M

SPEED_M_S = 5.0
ALLOWANCE_M = 5.0
TICK_S = 0.05


def make(capacity: int = 4) -> Avatars:
    grid = Grid.over(-100, -100, 100, 100, cell_m=4.5, hysteresis_m=0.5, border=6)
    return Avatars(capacity, grid, Authority((-100.0, 0.0, -100.0), (100.0, 4.0, 100.0), SPEED_M_S, ALLOWANCE_M))


def placed(avatars: Avatars, slot: int, x_m: float = 0.0, z_m: float = 0.0, now_s: float = 0.0) -> int:
    avatars.settle_debt(slot, now_s)
    return avatars.place(slot, (x_m, EYE_M, z_m), 0, 0)


def test_a_pose_is_taken_once() -> None:
    avatars = make()
    epoch = placed(avatars, 1)
    avatars.put(1, packed_pose(0.5, -0.5, epoch=epoch))
    assert avatars.accept(1.0, 1) == ([], [], [])
    assert avatars.position_m[1] == pytest.approx((0.5, EYE_M, -0.5))
    avatars.raw[40:80] = bytes(40)
    avatars.accept(2.0, 2)
    assert avatars.position_m[1] == pytest.approx((0.5, EYE_M, -0.5))


def test_the_newest_of_a_tick_counts() -> None:
    avatars = make()
    epoch = placed(avatars, 0)
    avatars.put(0, packed_pose(0.1, 0.0, epoch=epoch, hands_mm=(1, 2, 3)))
    avatars.put(0, packed_pose(0.2, 0.0, epoch=epoch))
    avatars.accept(1.0, 1)
    crowd = avatars.crowd(1)
    assert avatars.position_m[0][0] == pytest.approx(0.2)
    assert not crowd.has_hands.any()


def test_verdicts_name_each_slot_once() -> None:
    avatars = make(5)
    epochs = [placed(avatars, slot) for slot in range(4)]
    avatars.put(0, packed_pose(float("nan"), 0.0, epoch=epochs[0]))
    avatars.put(1, packed_pose(1e30, 0.0, epoch=epochs[1]))
    avatars.put(2, packed_pose(50.0, 0.0, epoch=epochs[2]))
    avatars.put(3, packed_pose(0.1, 0.0, epoch=epochs[3]))
    avatars.put(4, packed_pose(float("nan"), 0.0, epoch=0))
    assert avatars.accept(0.05, 1) == ([0], [1], [2])
    assert (avatars.position_m[:3, 0] == 0).all()
    assert avatars.position_m[3][0] == pytest.approx(0.1)


def test_poses_of_another_epoch_are_not_even_judged() -> None:
    avatars = make()
    old = placed(avatars, 0)
    new = placed(avatars, 0, 10.0)
    assert new != old
    avatars.put(0, packed_pose(float("nan"), 0.0, epoch=old))
    assert avatars.accept(0.05, 1) == ([], [], [])
    assert avatars.position_m[0][0] == 10.0


def test_epochs_go_round() -> None:
    avatars = make()
    epochs = [placed(avatars, 0) for _ in range(600)]
    assert set(epochs) == set(range(256))
    assert all(after != before for before, after in itertools.pairwise(epochs))


def test_a_pose_before_the_placement_does_not_survive_it() -> None:
    avatars = make()
    epoch = placed(avatars, 0)
    for _ in range(255):
        avatars.put(0, packed_pose(3.0, 0.0, epoch=epoch))
        epoch = placed(avatars, 0)
    avatars.accept(1.0, 1)
    assert avatars.position_m[0][0] == 0.0


def test_who_is_removed_leaves_nothing_to_the_next() -> None:
    avatars = make()
    epoch = placed(avatars, 0)
    avatars.put(0, packed_pose(0.1, 0.0, epoch=epoch, hands_mm=(1, 2, 3)))
    avatars.accept(0.05, 1)
    avatars.put(0, packed_pose(0.2, 0.0, epoch=epoch))
    avatars.remove(0)
    assert avatars.accept(0.1, 2) == ([], [], [])
    assert not len(avatars.crowd(2).slots)
    placed(avatars, 0, -20.0, 30.0)
    crowd = avatars.crowd(2)
    assert not crowd.has_hands.any()
    assert (crowd.x_m.tolist(), crowd.z_m.tolist()) == ([-20.0], [30.0])
    assert crowd.cells.tolist() == avatars.grid.cells_at(np.array([-20.0]), np.array([30.0])).tolist()


@given(st.lists(st.tuples(st.floats(0.0, 8.0), st.floats(0.0, 2.0)), min_size=1, max_size=60))
def test_nobody_gets_farther_than_speed_and_allowance(steps: list[tuple[float, float]]) -> None:
    """Whatever the steps and pauses, with corrections in between: over any span of time."""
    avatars = make()
    epoch = placed(avatars, 0)
    now_s = 0.0
    walked: list[tuple[float, float]] = [(0.0, 0.0)]
    distance_m = 0.0
    sign = 1.0
    for tick, (step_m, pause_s) in enumerate(steps):
        now_s += pause_s
        x_m = float(avatars.position_m[0][0])
        sign = -sign if abs(x_m) > 90 else sign
        avatars.put(0, packed_pose(x_m + sign * step_m, 0.0, epoch=epoch))
        verdict = avatars.accept(now_s, tick)
        distance_m += abs(float(avatars.position_m[0][0]) - x_m)
        walked.append((now_s, distance_m))
        if verdict.too_fast:
            x, y, z = avatars.position_m[0].tolist()
            epoch = avatars.place(0, (x, y, z), 0, tick)
    for i, (began_s, from_m) in enumerate(walked):
        for ended_s, to_m in walked[i:]:
            assert to_m - from_m <= ALLOWANCE_M + SPEED_M_S * (ended_s - began_s) + 0.01 * len(steps)


@given(st.floats(-100, 100), st.floats(0, 4), st.floats(-100, 100), st.integers(0, 2**32 - 1), st.integers(0, 3))
def test_records_say_where_it_is(x_m: float, y_m: float, z_m: float, rotation: int, slot: int) -> None:
    avatars = make()
    avatars.place(slot, (x_m, y_m, z_m), rotation, 1)
    record = np.frombuffer(avatars.crowd(1).heads.tobytes(), HEAD_RECORD)[0]
    low, middle, high = record["slot_y"].tolist()
    number = low | middle << 8 | high << 16
    assert number & 0xFFF == slot
    assert (number >> 12) * RECORD_Y_STEP_M == pytest.approx(y_m, abs=RECORD_Y_STEP_M / 2 + 1e-9)
    for packed, metres in ((record["x"], x_m), (record["z"], z_m)):
        off_mm = (int(packed) - metres / RECORD_STEP_M) % 65536
        assert min(off_mm, 65536 - off_mm) <= 0.5 + 1e-6
    assert int(record["rotation"]) == rotation


def test_standing_still_is_not_walking() -> None:
    avatars = make()
    epoch = placed(avatars, 0)
    for tick in range(1, 20):
        avatars.put(0, packed_pose(0.0, 0.0, epoch=epoch))
        avatars.accept(tick * TICK_S, tick)
    assert not avatars.crowd(20).moving.any()
    avatars.put(0, packed_pose(0.002, 0.0, epoch=epoch))
    avatars.accept(21 * TICK_S, 21)
    crowd = avatars.crowd(21)
    assert crowd.moving.all()
    assert crowd.turned.all()
    assert not avatars.crowd(22).turned.any()
