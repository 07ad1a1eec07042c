"""Where everyone is: the newest pose of each avatar, and what the server believes of it.

Theory. Every avatar has a slot. A pose that arrives is copied, as it is, into the slot's 40 bytes (`raw`) and the slot
is marked `fresh`; nothing is decoded per message. Once a tick `accept` looks at all fresh slots together, with numpy:
poses of an old epoch are ignored, then a pose must be finite, inside the room and near enough to where the avatar was.

"Near enough" is a *debt* of distance: every step adds to it, time pays it off at the top speed, and it may not exceed
an allowance (a second of stalled network makes one long step). Nobody can save up time to run faster later, because
debt never falls below zero before the step is added. Only accepted poses become records; a refused one is never seen
by anybody.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from world.grid import Grid
from world.interest import MOVING_TICKS, RAW_HANDS, RAW_HEAD, Crowd
from world.packed import HANDS_RECORD, HEAD_RECORD, POSE_DTYPE, RECORD_STEP_M, RECORD_Y_STEP_M, PoseFlag
from world.rotation import unpack_rotation, yaw_of
from world.scene import Vec3


@dataclass(frozen=True, slots=True)
class Authority:
    """What an avatar may do."""

    bounds_min_m: Vec3
    bounds_max_m: Vec3
    max_speed_m_s: float
    debt_allowance_m: float
    max_hand_reach_m: float = 1.5


class Verdict(NamedTuple):
    """Slots whose newest pose was refused, by reason. A slot is in one of them at most."""

    not_finite: list[int]
    out_of_bounds: list[int]
    too_fast: list[int]


_NOTHING_REFUSED: Final = Verdict([], [], [])

_POSE_WORDS: Final = POSE_DTYPE.itemsize // 4
"""A pose is ten 32-bit words: the first holds sequence, flags and epoch, then x, y, z and rotation, then the hands."""

_HANDS_FLAG: Final = np.uint32(int(PoseFlag.HANDS) << 16)
_EPOCH_SHIFT: Final = np.uint32(24)
_PLACE_WORDS: Final = slice(1, 4)
_ROTATION_WORD: Final = 4
_RECORD_STEPS: Final = np.asarray([[1 / RECORD_STEP_M], [1 / RECORD_Y_STEP_M], [1 / RECORD_STEP_M]])
"""A record's steps in a metre, on each axis."""


class Avatars:
    """All avatars of one room, as arrays over the slots.

    `put` is called for every pose that comes. The fastest caller does what it does by itself: the pose's bytes go to
    `raw[slot * 40:]`, then `fresh[slot]` is set to 1.
    """

    def __init__(self, capacity: int, grid: Grid, authority: Authority) -> None:
        self.grid = grid
        self.authority = authority
        self.raw = bytearray(capacity * POSE_DTYPE.itemsize)
        self.fresh = bytearray(capacity)
        self._fresh = np.frombuffer(self.fresh, np.uint8)
        self.alive = np.zeros(capacity, np.bool_)
        self.viewing = np.zeros(capacity, np.bool_)
        # One axis after the other: numpy is slow with rows of three.
        self._axes_m = np.zeros((3, capacity), np.float64)
        self.position_m = self._axes_m.T
        self.epoch = np.zeros(capacity, np.uint8)
        self.cell = np.full(capacity, -1, np.int32)
        self._posed_tick = np.full(capacity, -MOVING_TICKS - 1, np.int64)
        self._was_moving = np.zeros(capacity, np.bool_)
        self._paid_by_s = np.zeros(capacity, np.float64)
        self._low_m = np.asarray(authority.bounds_min_m)[:, None]
        self._high_m = np.asarray(authority.bounds_max_m)[:, None]
        self._record_floor = np.asarray([[0.0], [authority.bounds_min_m[1] / RECORD_Y_STEP_M], [0.0]])
        self._any_hands = False
        self._rotation = np.zeros(capacity, np.uint32)
        self._hands = np.zeros(capacity, HANDS_RECORD)
        self._has_hands = np.zeros(capacity, np.bool_)
        self._hands["slot"] = np.arange(capacity)
        # The same memory as opaque records: numpy gathers and scatters these ten times as fast as structured ones.
        self._raw_poses = np.frombuffer(self.raw, np.dtype(f"V{POSE_DTYPE.itemsize}"))
        self._raw_heads = np.zeros(capacity, HEAD_RECORD).view(RAW_HEAD)
        self._raw_hands = self._hands.view(RAW_HANDS)

    def put(self, slot: int, packed: bytes | memoryview) -> None:
        """Take the packed pose (20 or 40 bytes) of a slot as its newest."""
        start = slot * POSE_DTYPE.itemsize
        self.raw[start : start + len(packed)] = packed
        self.fresh[slot] = 1

    def settle_debt(self, slot: int, now_s: float) -> None:
        """Forgive an avatar what it owes: it is new, or was carried with leave."""
        self._paid_by_s[slot] = now_s

    def place(self, slot: int, position_m: Vec3, rotation: int, tick: int) -> int:
        """Put an avatar somewhere on the server's own word. Returns the new epoch; older poses are ignored."""
        self.epoch[slot] = (int(self.epoch[slot]) + 1) % 256
        self.fresh[slot] = 0
        self.alive[slot] = True
        self.position_m[slot] = position_m
        self._posed_tick[slot] = tick
        self._has_hands[slot] = False
        index = np.asarray([slot])
        where = self._axes_m[:, index]
        self.cell[index] = self.grid.cells_at(where[0], where[2])
        self._write_records(index, where, np.asarray([rotation], np.uint32))
        return int(self.epoch[slot])

    def restore(self, slot: int, position_m: Vec3, rotation: int, epoch: int, tick: int) -> None:
        """Put an avatar where it was in another process; what its client sends stays valid."""
        self.epoch[slot] = (epoch - 1) % 256
        self.place(slot, position_m, rotation, tick)

    def rotation(self, slot: int) -> int:
        """Where an avatar's head is turned, packed as in a pose."""
        return int(self._rotation[slot])

    def yaw_rad(self, slot: int) -> float:
        """Where an avatar looks."""
        return yaw_of(unpack_rotation(self.rotation(slot)))

    def remove(self, slot: int) -> None:
        """Forget an avatar; its slot is free."""
        self.alive[slot] = self.viewing[slot] = False
        self.fresh[slot] = 0
        self.cell[slot] = -1
        self._was_moving[slot] = False

    def accept(self, now_s: float, tick: int) -> Verdict:
        """Judge the poses that came since the last call and take over the good ones."""
        index = self._fresh.nonzero()[0]
        if not len(index):
            return _NOTHING_REFUSED
        self._fresh[index] = 0
        poses = self._raw_poses.take(index)
        words = poses.view("<u4").reshape(-1, _POSE_WORDS).T
        current = (words[0] >> _EPOCH_SHIFT == self.epoch[index]) & self.alive[index]
        if not current.all():
            index, poses, words = index[current], poses[current], words[:, current]
        where = np.array(words[_PLACE_WORDS].view("<f4"), np.float64, order="C")
        # Poses are 32-bit numbers: what a client clamps to the bounds may be a hair's breadth beyond them.
        nearest = np.minimum(np.maximum(where, self._low_m), self._high_m)
        step = nearest - self._axes_m.take(index, axis=1)
        step *= step
        step_m = np.sqrt(step[0] + step[1] + step[2])
        speed_m_s = self.authority.max_speed_m_s
        paid_by_s = np.maximum(self._paid_by_s[index], now_s) + step_m / speed_m_s
        slow = paid_by_s <= now_s + (self.authority.debt_allowance_m + RECORD_STEP_M) / speed_m_s
        verdict = _NOTHING_REFUSED
        # What is no number is not equal to itself.
        if not (slow.all() and (nearest == where).all()):
            with np.errstate(invalid="ignore"):
                inside = (np.abs(where - nearest) <= RECORD_STEP_M).all(axis=0)
            finite = np.isfinite(where).all(axis=0)
            good = inside & slow
            verdict = Verdict(index[~finite].tolist(), index[finite & ~inside].tolist(), index[inside & ~slow].tolist())
            index, poses, step_m, paid_by_s = index[good], poses[good], step_m[good], paid_by_s[good]
            words, nearest = words[:, good], nearest[:, good]
        self._paid_by_s[index] = paid_by_s
        self._take(index, poses, words, nearest, step_m, tick)
        return verdict

    def crowd(self, tick: int) -> Crowd:
        """Everyone present, for `interest.Listening`. Once a tick: it notes who begins and ceases to move."""
        slots = self.alive.nonzero()[0]
        cells = self.cell[slots]
        by_cell = cells.argsort(kind="stable")
        slots = slots[by_cell]
        x_m, _, z_m = self._axes_m.take(slots, axis=1)
        moving = tick - self._posed_tick[slots] < MOVING_TICKS
        turned = moving != self._was_moving[slots]
        self._was_moving[slots] = moving
        return Crowd(
            slots,
            cells[by_cell],
            x_m,
            z_m,
            self._raw_heads[slots],
            self._raw_hands[slots],
            self._has_hands[slots],
            moving,
            turned,
            self.viewing[slots],
        )

    def _take(
        self,
        index: NDArray[np.intp],
        poses: NDArray[np.void],
        words: NDArray[np.uint32],
        where: NDArray[np.float64],
        step_m: NDArray[np.float64],
        tick: int,
    ) -> None:
        self._axes_m[:, index] = where
        self.cell[index] = self.grid.settle(where[0], where[2], self.cell[index])
        rotation = words[_ROTATION_WORD]
        # A pose that only says "still here" makes nobody a walker.
        moved = rotation != self._rotation[index]
        moved |= step_m > RECORD_STEP_M / 2
        has_hands = (words[0] & _HANDS_FLAG) != 0
        if has_hands.any() or self._any_hands:
            hands = poses.view(POSE_DTYPE)["hands"]
            has_hands &= self._in_reach(hands["left"]) & self._in_reach(hands["right"])
            self._hands["hands"][index] = hands
            moved |= has_hands | self._has_hands[index]
            self._has_hands[index] = has_hands
            self._any_hands = bool(self._has_hands.any())
        self._posed_tick[index[moved]] = tick
        self._write_records(index, where, rotation)

    def _in_reach(self, offsets_mm: NDArray[np.int16]) -> NDArray[np.bool_]:
        squared_m2 = ((offsets_mm.astype(np.float64) / 1000.0) ** 2).sum(axis=1)
        near: NDArray[np.bool_] = squared_m2 <= self.authority.max_hand_reach_m**2
        return near

    def _write_records(self, index: NDArray[np.intp], where: NDArray[np.float64], rotation: NDArray[np.uint32]) -> None:
        self._rotation[index] = rotation
        x, y, z = np.rint(where * _RECORD_STEPS - self._record_floor).astype(np.int64)
        records = np.empty(len(index), HEAD_RECORD)
        records["x"] = x
        records["z"] = z
        slot_y = (index | np.minimum(np.maximum(y, 0), 0xFFF) << 12).astype("<u4")
        records["slot_y"] = slot_y.view(np.uint8).reshape(-1, 4)[:, :3]
        records["rotation"] = rotation
        self._raw_heads[index] = records.view(RAW_HEAD)
