"""Who hears whom, against brute force: what is promised in `world.interest` and nothing less."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from world import packed, wire
from world.avatars import Authority, Avatars
from world.errors import WorldFault
from world.frames import FrameMaker, payload_of
from world.grid import Grid
from world.interest import Heard, InterestConfig, Listening, slots_of, without
from world.packed import HANDS_RECORD, HEAD_RECORD, POSE_DTYPE, PoseFlag
from world.presence import Sight

TICK_S = 0.05
SECOND = 20
EYE_M = 1.5


class Field:
    """Avatars on a flat square and what each viewer heard of each, tick by tick."""

    def __init__(self, count: int, side_m: float, seed: int, config: InterestConfig, hands_share: float = 0.0) -> None:
        self.config = config
        self.dice = np.random.default_rng(seed)
        half = side_m / 2
        self.half_m = half
        self.grid = Grid.over(
            -half,
            -half,
            half,
            half,
            cell_m=config.cell_m,
            hysteresis_m=config.hysteresis_m,
            border=config.far_cells,
        )
        authority = Authority((-half, 0.0, -half), (half, 4.0, half), 5.0, 1000.0)
        self.avatars = Avatars(count, self.grid, authority)
        self.count = count
        self.where = self.dice.uniform(-half, half, (count, 2))
        self.has_hands = self.dice.random(count) < hands_share
        for slot, (x, z) in enumerate(self.where.tolist()):
            self.avatars.place(slot, (x, EYE_M, z), 0, 0)
            self.avatars.viewing[slot] = True
        self.listening = Listening(self.grid, config)
        self.maker = FrameMaker(self.grid)
        self.sight = Sight(count, self.grid, config)
        self.clock_ms = 0
        self.tick = 1
        self.last = np.full((count, count), 1, np.int32)
        self.rate = np.zeros((count, count), np.int32)
        self.bytes_heard = np.zeros(count, np.int64)
        self.frames: list[Heard] = []

    def step(self, movers: NDArray[np.intp], stride_m: float = 0.1, *, keep_alive: bool = True) -> None:
        """Some walk a little, who stands still says so once a second, then everyone hears."""
        self.tick += 1
        stay = np.flatnonzero(np.arange(self.count) % SECOND == self.tick % SECOND)
        self.where[movers] += self.dice.uniform(-stride_m, stride_m, (len(movers), 2))
        np.clip(self.where, -self.half_m, self.half_m, out=self.where)
        self.pose(np.union1d(movers, stay) if keep_alive else movers)
        self.avatars.accept(self.tick * TICK_S, self.tick)
        hearing = self.listening.compose(self.tick, self.avatars.crowd(self.tick))
        made = self.maker.make(hearing, self.clock_ms + self.tick, self.sight)
        self.frames = [self._read(viewers, frame) for viewers, frame in made]
        for _, seated, heads, hands in self.frames:
            viewers, slots = np.asarray(seated), slots_of(heads).astype(np.intp)
            self.last[viewers[:, None], slots[None, :]] = self.tick
            self.rate[viewers[:, None], slots[None, :]] += 1
            self.bytes_heard[viewers] += len(heads) + len(hands) + 32

    def _read(self, viewers: list[int], frame: memoryview) -> Heard:
        payload = payload_of(frame)
        size = len(payload)
        assert bytes(frame[: len(frame) - size]) == (
            bytes((0x82, size)) if size < 126 else b"\x82\x7e" + size.to_bytes(2, "big")
        )
        poses = wire.decode_outbound(payload)
        assert isinstance(poses, wire.Poses)
        assert poses.server_ms == self.clock_ms + self.tick
        cell = (poses.row - self.grid.row_min) * self.grid.columns + poses.column - self.grid.column_min
        return Heard(cell, viewers, poses.heads, poses.hands)

    def pose(self, slots: NDArray[np.intp]) -> None:
        poses = np.frombuffer(self.avatars.raw, POSE_DTYPE)
        poses["x"][slots], poses["z"][slots] = self.where[slots].T
        poses["y"][slots] = EYE_M
        poses["epoch"][slots] = self.avatars.epoch[slots]
        poses["flags"][slots] = np.where(self.has_hands[slots], PoseFlag.HANDS, 0)
        np.frombuffer(self.avatars.fresh, np.uint8)[slots] = 1

    def apart_m(self) -> NDArray[np.float64]:
        gaps = self.avatars.position_m[:, None, (0, 2)] - self.avatars.position_m[None, :, (0, 2)]
        return np.hypot(gaps[..., 0], gaps[..., 1])

    def beyond_m(self) -> NDArray[np.float64]:
        gaps = self.avatars.position_m[:, None, (0, 2)] - self.avatars.position_m[None, :, (0, 2)]
        farther: NDArray[np.float64] = np.abs(gaps).max(axis=2)
        return farther

    def silent_ticks(self) -> NDArray[np.int32]:
        """For each viewer and each other, for how long the viewer has heard nothing."""
        silent = self.tick - self.last
        np.fill_diagonal(silent, 0)
        return silent


configs = st.builds(
    lambda cell, share, near, mid, far, budget: InterestConfig(
        cell_m=cell,
        hysteresis_m=share * cell,
        near_cells=near,
        mid_cells=near + mid,
        far_cells=near + mid + far,
        budget_bytes_s=budget,
    ),
    st.floats(1.5, 4.5),
    st.floats(0.0, 0.3),
    st.integers(1, 2),
    st.integers(0, 2),
    st.integers(0, 2),
    st.sampled_from([4_000, 16_000, 64_000]),
)


@given(configs, st.integers(0, 80), st.floats(5.0, 60.0), st.integers(0, 2**32 - 1), st.floats(0.0, 1.0))
@settings(max_examples=40)
def test_each_frame_keeps_its_promises(
    config: InterestConfig, count: int, side_m: float, seed: int, hands_share: float
) -> None:
    field = Field(max(1, count), side_m, seed, config, hands_share)
    dice = np.random.default_rng(seed + 1)
    for _ in range(6):
        movers = np.flatnonzero(dice.random(field.count) < 0.5)
        field.step(movers)
        apart, beyond = field.apart_m(), field.beyond_m()
        heard = field.last == field.tick
        assert not (heard & (beyond > config.far_reach_m)).any()
        viewers = [slot for frame in field.frames for slot in frame.viewers]
        assert len(viewers) == len(set(viewers))
        for cell, seated, heads, hands in field.frames:
            assert len(heads) + len(hands) <= config.budget_bytes_tick
            slots = slots_of(heads).tolist()
            assert len(slots) == len(set(slots))
            assert {int(field.avatars.cell[slot]) for slot in seated} == {cell}
            with_hands = np.frombuffer(hands, HANDS_RECORD)["slot"].tolist()
            assert set(with_hands) <= set(slots) & set(np.flatnonzero(field.has_hands).tolist())
            if config.budget_bytes_s >= 64_000:
                near = apart[seated] <= config.near_radius_m
                near[:, np.setdiff1d(np.arange(field.count), movers)] = False
                assert heard[seated][near].all()
                shown = np.zeros(field.count, np.bool_)
                shown[with_hands] = True
                assert shown[np.flatnonzero(near.any(axis=0) & field.has_hands)].all()


@given(configs, st.integers(2, 50), st.integers(0, 2**32 - 1))
@settings(max_examples=12)
def test_everyone_in_reach_is_heard_once_a_second_however_they_move(
    config: InterestConfig, count: int, seed: int
) -> None:
    """They start and stop at any time, for any time."""
    field = Field(count, 30.0, seed, config)
    dice = np.random.default_rng(seed + 1)
    walking = dice.random(count) < 0.5
    in_reach = np.zeros((count, count), np.int64)
    for _ in range(4 * SECOND):
        walking ^= dice.random(count) < dice.choice([0.02, 0.2])
        field.step(np.flatnonzero(walking), stride_m=0.05)
        in_reach = np.where(field.apart_m() <= config.far_radius_m, in_reach + 1, 0)
        # Whoever came within reach a moment ago gets a second from then on; where it is crowded, two.
        patience = SECOND if config.budget_bytes_s >= 64_000 else 2 * SECOND
        assert (np.minimum(field.silent_ticks(), in_reach) <= patience).all()


@pytest.mark.parametrize("pace", range(1, SECOND))
def test_who_starts_and_stops_in_step_with_the_ticks_is_heard(pace: int) -> None:
    field = Field(24, 24.0, pace, InterestConfig())
    for tick in range(3 * SECOND):
        field.step(np.arange(24) if tick % SECOND < pace else np.arange(0), keep_alive=False)
        near = field.apart_m() <= field.config.far_radius_m
        assert (field.silent_ticks()[near] <= SECOND).all()


CROWDS = {
    "all walk": (1000, 20.0, 1.0, 0.0),
    "a third walks": (1000, 20.0, 0.3, 0.0),
    "all stand": (1000, 16.0, 0.0, 0.0),
    "few walk among many": (1000, 24.0, 0.1, 0.0),
    "all have hands": (600, 20.0, 1.0, 1.0),
    "on the brink": (420, 20.0, 0.6, 0.1),
}


@pytest.mark.parametrize("name", CROWDS)
def test_a_crowd_degrades_from_afar(name: str) -> None:
    count, side_m, walking_share, hands_share = CROWDS[name]
    config = InterestConfig()
    field = Field(count, side_m, 5, config, hands_share)
    walkers = np.flatnonzero(field.dice.random(count) < walking_share)
    # Nobody walks so far in three seconds that this changes.
    in_reach = field.apart_m() <= config.far_radius_m - 4.0
    worst = 0
    for tick in range(3 * SECOND):
        field.step(walkers, stride_m=0.05)
        assert all(len(frame.heads) + len(frame.hands) <= config.budget_bytes_tick for frame in field.frames)
        if tick == SECOND:
            field.rate[:] = 0
            field.bytes_heard[:] = 0
        if tick >= SECOND and tick % 3 == 0:
            worst = max(worst, int(field.silent_ticks()[in_reach].max()))
    assert worst <= 1.5 * SECOND
    seconds = 2.0
    assert (field.bytes_heard / seconds).max() <= config.budget_bytes_s + 32 * config.tick_hz
    apart = field.apart_m()
    np.fill_diagonal(apart, np.inf)
    is_walker = np.zeros(count, np.bool_)
    is_walker[walkers] = True
    for viewer in range(0, count, 7):
        nearest = np.argsort(apart[viewer])[:16]
        assert (field.rate[viewer, nearest[is_walker[nearest]]] / seconds >= 9.5).all()


def test_a_crowd_that_walks_and_stops_together_loses_nobody() -> None:
    """Cells become crowded and are so no longer, all the time."""
    field = Field(600, 20.0, 3, InterestConfig())
    everyone = np.arange(600)
    in_reach = field.apart_m() <= field.config.far_radius_m - 4.0
    for tick in range(3 * SECOND):
        walkers = everyone if tick % 7 < 3 else everyone[::9]
        field.step(walkers, stride_m=0.05)
        if tick > SECOND and tick % 3 == 0:
            assert field.silent_ticks()[in_reach].max() <= 1.5 * SECOND


def test_frames_without_somebody_hold_everyone_else() -> None:
    field = Field(40, 8.0, 1, InterestConfig(), hands_share=0.5)
    field.step(np.arange(40))
    frame = max(field.frames, key=lambda frame: len(frame.heads))
    slots = slots_of(frame.heads)
    hidden = slots[::3]
    heads, hands = without(frame.heads, frame.hands, hidden)
    assert slots_of(heads).tolist() == [slot for slot in slots.tolist() if slot not in hidden]
    kept = np.frombuffer(hands, HANDS_RECORD)["slot"].tolist()
    before = np.frombuffer(frame.hands, HANDS_RECORD)["slot"].tolist()
    assert kept == [slot for slot in before if slot not in hidden]


@pytest.mark.parametrize("clock_ms", [0, 2**31, 2**32 - 2, 2**32 - 1, 2**32, 2**40])
def test_frames_are_whole_however_long_the_room_is_open(clock_ms: int) -> None:
    field = Field(12, 30.0, 1, InterestConfig(), hands_share=0.2)
    field.clock_ms = clock_ms
    for _ in range(3):
        field.step(np.arange(12))
        assert field.frames


def test_frames_are_whole_however_far_from_the_origin() -> None:
    config = InterestConfig()
    far_m = 4.5 * 2**16
    grid = Grid.over(far_m, -20.0, far_m + 40.0, 20.0, cell_m=4.5, hysteresis_m=0.5, border=config.far_cells)
    avatars = Avatars(3, grid, Authority((far_m, 0.0, -20.0), (far_m + 40.0, 4.0, 20.0), 5.0, 1000.0))
    for slot in range(3):
        avatars.place(slot, (far_m + 20.0 + slot, EYE_M, 0.0), 0, 0)
        avatars.viewing[slot] = True
    hearing = Listening(grid, config).compose(1, avatars.crowd(1))
    (viewers, frame), *_ = FrameMaker(grid).make(hearing, 5, Sight(3, grid, config))
    poses = wire.decode_outbound(payload_of(frame))
    assert isinstance(poses, wire.Poses)
    assert (poses.column, poses.row) == grid.column_row(int(avatars.cell[viewers[0]]))


def test_slots_of_records_are_twelve_bits() -> None:
    records = np.zeros(3, HEAD_RECORD)
    for i, number in enumerate((0, packed.MAX_SLOTS - 1, 0xABC | 0xFFF << 12)):
        records["slot_y"][i] = number & 0xFF, number >> 8 & 0xFF, number >> 16
    assert slots_of(records.tobytes()).tolist() == [0, packed.MAX_SLOTS - 1, 0xABC]


def test_who_is_lost_is_heard_but_hears_nothing() -> None:
    field = Field(5, 4.0, 1, InterestConfig())
    field.avatars.viewing[2] = False
    for _ in range(SECOND):
        field.step(np.arange(0))
    assert (field.rate[2] == 0).all()
    assert (field.rate[[0, 1, 3, 4], 2] > 0).all()


@pytest.mark.parametrize(
    "wrong",
    [
        {"near_cells": 0},
        {"near_cells": 4},
        {"far_cells": 2},
        {"hysteresis_m": -0.1},
        {"hysteresis_m": 2.3},
        {"mid_every_ticks": 3},
        {"far_every_ticks": 18},
        {"cell_m": 5.2},
        {"budget_bytes_s": 0},
        {"budget_bytes_s": 1_000},
        {"budget_bytes_s": 2_000_000},
    ],
)
def test_rings_that_cannot_be_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(WorldFault):
        InterestConfig(**wrong)  # type: ignore[arg-type]
