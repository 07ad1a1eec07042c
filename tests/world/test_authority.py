"""The room is the authority: what a cheat claims is never visible to anybody; corrected first, sent out on repeat."""

from __future__ import annotations

import random

import pytest

from tests.world.support import (
    EYE_M,
    TICK_S,
    WALL_MS,
    Alley,
    Peer,
    credentials,
    flat_scene,
    hands_of,
    hello,
    latest,
    make_pair,
    packed_pose,
    person,
)
from world import wire
from world.errors import ErrorCode, ProtocolError

SECOND = 20
"""Ticks."""


def watched() -> tuple[Alley, Peer, Peer]:
    """A cheat at the origin and a witness beside them."""
    alley, cheat, witness = make_pair()
    alley.tick(SECOND)
    return alley, cheat, witness


@pytest.mark.parametrize(
    ("x_m", "y_m", "z_m"),
    [
        (1e9, EYE_M, 0.0),
        (0.0, 1e9, 0.0),
        (0.0, -0.1, 0.0),
        (0.0, 4.1, 0.0),
        (-60.1, EYE_M, 0.0),
        (0.0, EYE_M, 60.1),
        (3.4e38, 3.4e38, -3.4e38),
        (20.0, EYE_M, 20.0),
    ],
)
def test_who_poses_where_they_cannot_be_is_corrected_and_not_seen_there(x_m: float, y_m: float, z_m: float) -> None:
    alley, cheat, witness = watched()
    cheat.corrections.clear()
    alley.move(cheat, x_m, z_m, y_m=y_m)
    alley.tick(2 * SECOND)
    assert len(cheat.corrections) == 1
    assert (cheat.corrections[0].x, cheat.corrections[0].z) == (0.0, 0.0)
    assert witness.seen[cheat.slot] == pytest.approx((0.0, EYE_M, 0.0), abs=0.003)
    assert not alley.dismissed


@pytest.mark.parametrize("place", [(float("nan"), EYE_M, 0.0), (0.0, float("inf"), 0.0), (0.0, EYE_M, float("-inf"))])
def test_places_that_are_no_numbers_end_the_connection(place: tuple[float, float, float]) -> None:
    """They get past the fast path of the socket, not past the tick."""
    alley, cheat, witness = watched()
    alley.move(cheat, place[0], place[2], y_m=place[1])
    alley.tick(SECOND + 1)
    assert [(peer, error.code) for peer, error in alley.dismissed] == [(cheat, ErrorCode.NOT_FINITE)]
    assert witness.seen[cheat.slot] == pytest.approx((0.0, EYE_M, 0.0), abs=0.003)


def test_who_is_corrected_still_looks_where_they_looked() -> None:
    alley, runner, _ = watched()
    alley.room.jump(alley.visitor(runner), wire.Jump(3.0, 3.0, 1.25), alley.now_s)
    alley.deliver()
    alley.move(runner, 50.0, 3.0)
    alley.tick()
    correction = runner.corrections[-1]
    assert correction.reason is wire.CorrectReason.TOO_FAST
    assert correction.yaw_rad == pytest.approx(1.25, abs=0.01)


def test_a_thousand_metres_a_second_is_never_seen_and_ends() -> None:
    alley, cheat, witness = watched()
    for i in range(1, 3 * SECOND):
        alley.move(cheat, min(59.0, i * 50.0 % 60), 0.0)
        alley.tick()
        assert witness.seen[cheat.slot][0] < alley.room.config.debt_allowance_m + i * TICK_S * 5.0 + 0.01
        if alley.dismissed:
            break
    assert [error.code for _, error in alley.dismissed] == [ErrorCode.CHEATING]


def test_poses_sent_before_the_correction_are_ignored() -> None:
    alley, cheat, witness = watched()
    old = cheat.epoch
    cheat.corrections.clear()
    alley.move(cheat, 30.0, 0.0)
    alley.tick()
    assert len(cheat.corrections) == 1
    for _ in range(10):
        alley.move(cheat, 30.0, 0.0, epoch=old)
        alley.tick()
    assert len(cheat.corrections) == 1
    assert witness.seen[cheat.slot][0] == pytest.approx(0.0, abs=0.003)


def test_standing_still_saves_no_distance() -> None:
    alley, runner, _ = watched()
    allowance_m = alley.room.config.debt_allowance_m
    alley.tick(60 * SECOND)
    runner.corrections.clear()
    alley.move(runner, allowance_m - 0.1, 0.0)
    alley.tick()
    assert not runner.corrections
    alley.move(runner, allowance_m + 0.6, 0.0)
    alley.tick()
    assert [correction.reason for correction in runner.corrections] == [wire.CorrectReason.TOO_FAST]


def test_corrections_forgive_no_debt() -> None:
    """Or each strike would buy another leap."""
    alley, runner, witness = watched()
    allowance_m = alley.room.config.debt_allowance_m
    for step in range(1, 60):
        alley.move(runner, runner.at_m[0] + allowance_m - 0.1, 0.0)
        alley.tick()
        far_m = witness.seen[runner.slot][0]
        assert far_m <= allowance_m + step * TICK_S * alley.room.config.max_speed_m_s + 0.01
        if alley.dismissed:
            break


def test_top_speed_with_jitter_is_never_corrected() -> None:
    alley, runner, _ = watched()
    runner.corrections.clear()
    dice = random.Random(7)
    speed_m_s = alley.room.config.max_speed_m_s
    waiting_m = 0.0
    x_m = 0.0
    for _ in range(9 * SECOND):
        waiting_m += speed_m_s * TICK_S
        if dice.random() < 0.4:
            x_m += waiting_m
            waiting_m = 0.0
            alley.move(runner, x_m, 0.0)
        alley.tick()
    assert not runner.corrections


@pytest.mark.parametrize("corner", [(10.1, 7.7), (-10.1, -7.7)])
def test_the_very_edge_is_inside(corner: tuple[float, float]) -> None:
    """10.1 as the 32-bit number of a pose is a little more than 10.1."""
    alley = Alley(scene=flat_scene(10.1, 7.7))
    peer = alley.join_at(*corner)
    peer.corrections.clear()
    alley.move(peer, *corner)
    alley.tick()
    assert not peer.corrections


def test_hands_are_shown_within_reach_only() -> None:
    alley, one, two = watched()
    for hands_mm, shown in (((300, -200, -400), True), ((30_000, 0, 0), False), ((-32768, -32768, -32768), False)):
        alley.room.avatars.put(one.slot, packed_pose(0.1, 0.0, epoch=one.epoch, hands_mm=hands_mm))
        alley.tick()
        assert (one.slot in hands_of(latest(two))) is shown


def test_giants_are_clamped() -> None:
    alley = Alley()
    look: wire.Look = (255, 16, 17, 3, 4, 5, 6, 255)
    visitor = alley.room.join(hello(look=look), person(1), credentials(1), alley.now_s, WALL_MS)
    assert visitor.look[7] == wire.MAX_HEIGHT_CM
    assert all(0 <= part < 16 for part in visitor.look[:7])
    assert alley.room.avatars.position_m[visitor.slot][1] == pytest.approx(2.0 * 0.92)
    alley.room.change(visitor, "Aki", (0, 0, 0, 0, 0, 0, 0, 0), alley.now_s)
    assert visitor.look[7] == wire.MIN_HEIGHT_CM


def test_jumps_stay_inside_the_alley() -> None:
    alley, one, _ = make_pair()
    for x_m, z_m in ((60.1, 0.0), (0.0, -60.1), (1e300, 0.0)):
        with pytest.raises(ProtocolError) as refusal:
            alley.room.jump(alley.visitor(one), wire.Jump(x_m, z_m, 0.0), alley.now_s)
        assert refusal.value.code is ErrorCode.OUT_OF_RANGE
    alley.room.jump(alley.visitor(one), wire.Jump(60.0, -60.0, 1e308), alley.now_s)
    alley.tick(SECOND)
