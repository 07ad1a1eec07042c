"""Who hears whom, and how often.

Theory. Around a viewer's cell lie three squares of cells, the rings. From the near ring a viewer hears everyone who
moves on every tick, from the middle ring every fourth tick, from the far ring once a second; who stands still is
repeated once a second, so that a frame is never needed to say that nothing happened. What is heard depends on the
*cell* of the viewer alone, so a frame is made once per occupied cell and shared by everyone in it: the cost grows with
occupied cells, not with pairs.

When a cell's frame would break the byte budget, the cell is *crowded*: the nearest are heard at full rate, the next
nearest at half the rate, and everyone else in turns, so that a crowd slows down from afar and nobody falls silent.

Promises, held by property tests against brute force:
- who moves within `near_radius_m` of a viewer is in the viewer's frame on every tick, unless the cell is crowded;
- nobody beyond `far_reach_m` on either axis is ever in it;
- everyone within `far_radius_m` is in it at least once a second, as long as the budget holds all of them once a second;
- no frame is larger than the budget.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from world.errors import WorldFault
from world.grid import Grid, Occupancy, expand
from world.wire import HANDS_RECORD, HEAD_RECORD, RECORD_RANGE_M

FRAME_OVERHEAD_BYTES: Final = 32
"""WebSocket and msgpack framing around the records, rounded up."""

MOVING_TICKS: Final = 4
"""An avatar counts as moving for this many ticks after its last pose: poses and ticks are not in step."""

IDLE_PHASES: Final = 4
"""Who stands still is repeated once a second, on one of this many ticks, so that quiet rooms need few frames."""

FULL_SHARE: Final = 0.3
HALF_SHARE: Final = 0.3
TURNS_SHARE: Final = 0.35
HANDS_SHARE: Final = 0.2
"""How a crowded cell's budget is divided: each tick, every other tick, in turns (with some slack), and for hands."""


@dataclass(frozen=True, slots=True)
class InterestConfig:
    """Sizes and rates of the rings. The rings are counted in cells from the viewer's own."""

    cell_m: float = 4.5
    hysteresis_m: float = 0.5
    near_cells: int = 2
    mid_cells: int = 3
    far_cells: int = 6
    mid_every_ticks: int = 4
    far_every_ticks: int = 20
    budget_bytes_s: int = 64_000
    tick_hz: int = 20

    def __post_init__(self) -> None:
        if not 0 < self.near_cells <= self.mid_cells <= self.far_cells:
            raise WorldFault("the rings grow from near to far")
        if not 0 <= 2 * self.hysteresis_m < self.cell_m:
            raise WorldFault("the hysteresis is less than half a cell")
        if self.far_every_ticks % self.mid_every_ticks or self.far_every_ticks % IDLE_PHASES:
            raise WorldFault("the far ring's rate divides the middle ring's")
        if (self.far_cells + 0.5) * self.cell_m + self.hysteresis_m >= RECORD_RANGE_M / 2:
            raise WorldFault("positions in the far ring do not fit a record")

    @property
    def near_radius_m(self) -> float:
        """Within this distance everyone who moves is heard on every tick."""
        return self.near_cells * self.cell_m - 2 * self.hysteresis_m

    @property
    def far_radius_m(self) -> float:
        """Within this distance everyone is heard at least once a second."""
        return self.far_cells * self.cell_m - 2 * self.hysteresis_m

    @property
    def far_reach_m(self) -> float:
        """Farther than this on either axis nobody is heard."""
        return (self.far_cells + 1) * self.cell_m + 2 * self.hysteresis_m

    @property
    def budget_bytes_tick(self) -> int:
        """Bytes of records that one frame may hold."""
        return self.budget_bytes_s // self.tick_hz - FRAME_OVERHEAD_BYTES


class Crowd(NamedTuple):
    """Everyone present, as parallel arrays of length n."""

    slots: NDArray[np.intp]
    cells: NDArray[np.int32]
    x_m: NDArray[np.float64]
    z_m: NDArray[np.float64]
    heads: NDArray[np.void]
    """`HEAD_RECORD` of everyone."""
    hands: NDArray[np.void]
    """`HANDS_RECORD` of everyone; meaningless where `has_hands` is false."""
    has_hands: NDArray[np.bool_]
    moving: NDArray[np.bool_]
    viewing: NDArray[np.bool_]
    """Who gets frames: an avatar whose connection is lost is seen, but sees nothing."""


class CellFrame(NamedTuple):
    """What everyone in one cell hears on this tick."""

    cell: int
    viewers: list[int]
    """Slots."""
    heads: bytes
    hands: bytes


class _Segment(NamedTuple):
    """Indices into a crowd for each of some cells, run after run."""

    indices: NDArray[np.intp]
    ends: list[int]
    """Where each cell's run ends; it begins where the one before ends."""
    counts: NDArray[np.intp]


def within_far(
    grid: Grid, config: InterestConfig, viewer_cells: NDArray[np.int32], cells: NDArray[np.int32]
) -> NDArray[np.bool_]:
    """Which of `cells` lie in the far ring or nearer of each of `viewer_cells`: shape (viewers, cells). Symmetric."""
    viewer_row, viewer_column = np.divmod(viewer_cells, np.int32(grid.columns))
    row, column = np.divmod(cells, np.int32(grid.columns))
    near_rows: NDArray[np.bool_] = np.abs(viewer_row[:, None] - row[None, :]) <= config.far_cells
    near_columns: NDArray[np.bool_] = np.abs(viewer_column[:, None] - column[None, :]) <= config.far_cells
    return near_rows & near_columns


def compose(grid: Grid, config: InterestConfig, tick: int, crowd: Crowd) -> list[CellFrame]:
    """The frames of one tick; cells that have nothing to hear are left out."""
    if not crowd.viewing.any():
        return []
    reach = _reach(config, tick, crowd)
    viewing = np.flatnonzero(crowd.viewing)
    watchers = Occupancy(grid, crowd.cells[viewing])
    view_cells = watchers.occupied()
    near = _segment(grid, crowd, view_cells, reach >= config.near_cells, 0, config.near_cells)
    mid = _segment(grid, crowd, view_cells, reach >= config.mid_cells, config.near_cells + 1, config.mid_cells)
    far = _segment(grid, crowd, view_cells, reach >= config.far_cells, config.mid_cells + 1, config.far_cells)

    blobs = [crowd.heads[segment.indices].tobytes() for segment in (near, mid, far)]
    hands_blob, hands_ends = _hands(crowd, near)
    bytes_due = (near.counts + mid.counts + far.counts) * HEAD_RECORD.itemsize
    if hands_ends is not None:
        bytes_due = bytes_due + np.diff(hands_ends, prepend=0) * HANDS_RECORD.itemsize
    crowded = bytes_due > config.budget_bytes_tick

    seated = crowd.slots[viewing][watchers.order].tolist()
    first_viewer = watchers.offsets[view_cells].tolist()
    end_viewer = watchers.offsets[view_cells + 1].tolist()
    frames: list[CellFrame] = []
    size = HEAD_RECORD.itemsize
    views = [memoryview(blob) for blob in blobs]
    begin = [0, 0, 0]
    hands_begin = 0
    turn_taker = _TurnTaker(grid, config, tick, crowd) if crowded.any() else None
    crowded_list = crowded.tolist()
    for i, cell in enumerate(view_cells.tolist()):
        end = [near.ends[i], mid.ends[i], far.ends[i]]
        hands_end = 0 if hands_ends is None else int(hands_ends[i])
        viewers = seated[first_viewer[i] : end_viewer[i]]
        if crowded_list[i] and turn_taker is not None:
            heads, hands = turn_taker.select(cell)
            frames.append(CellFrame(cell, viewers, heads, hands))
        elif end != begin:
            heads = b"".join([view[b * size : e * size] for view, b, e in zip(views, begin, end, strict=True)])
            hands = hands_blob[hands_begin * HANDS_RECORD.itemsize : hands_end * HANDS_RECORD.itemsize]
            frames.append(CellFrame(cell, viewers, heads, hands))
        begin = end
        hands_begin = hands_end
    return frames


def slots_of(heads: bytes) -> NDArray[np.uint32]:
    """The slots of packed `HEAD_RECORD`s."""
    slot_y = np.frombuffer(heads, HEAD_RECORD)["slot_y"]
    low, high = slot_y[:, 0].astype(np.uint32), slot_y[:, 1].astype(np.uint32)
    return low | (high & np.uint32(0xF)) << np.uint32(8)


def without(heads: bytes, hands: bytes, hidden: NDArray[np.uint32]) -> tuple[bytes, bytes]:
    """The same records without those of some slots: for a viewer who blocks, or is blocked by, someone in the frame."""
    head_records = np.frombuffer(heads, HEAD_RECORD)
    kept = head_records[~np.isin(slots_of(heads), hidden)]
    hands_records = np.frombuffer(hands, HANDS_RECORD)
    kept_hands = hands_records[~np.isin(hands_records["slot"], hidden)]
    return kept.tobytes(), kept_hands.tobytes()


def _reach(config: InterestConfig, tick: int, crowd: Crowd) -> NDArray[np.int8]:
    """How many cells away each avatar is heard on this tick; -1: nowhere."""
    phase = crowd.slots + tick
    reach = np.full(len(crowd.slots), config.near_cells, np.int8)
    reach[phase % config.mid_every_ticks == 0] = config.mid_cells
    reach[phase % config.far_every_ticks == 0] = config.far_cells
    still = ~crowd.moving
    if still.any():
        step = config.far_every_ticks // IDLE_PHASES
        repeated = (tick % step == 0) & (crowd.slots % IDLE_PHASES == tick // step % IDLE_PHASES)
        reach[still] = np.where(repeated[still], np.int8(config.far_cells), np.int8(-1))
    return reach


def _segment(
    grid: Grid, crowd: Crowd, view_cells: NDArray[np.int32], heard: NDArray[np.bool_], inner: int, outer: int
) -> _Segment:
    """Who of `heard` stands between `inner` and `outer` cells (Chebyshev, both included) of each viewer cell."""
    who = np.flatnonzero(heard)
    cells = crowd.cells[who]
    occupancy = Occupancy(grid, cells)
    indices, counts = expand(*occupancy.square(view_cells, outer))
    sources = occupancy.order[indices]
    if inner > 0 and len(sources):
        columns = np.int32(grid.columns)
        row, column = np.divmod(cells, columns)
        view_row, view_column = np.divmod(view_cells, columns)
        distance = np.maximum(
            np.abs(row[sources] - np.repeat(view_row, counts)), np.abs(column[sources] - np.repeat(view_column, counts))
        )
        kept = distance >= inner
        running = np.concatenate(([0], np.cumsum(kept)))
        ends = np.cumsum(counts)
        counts = running[ends] - running[ends - counts]
        sources = sources[kept]
    return _Segment(who[sources], np.cumsum(counts).tolist(), counts)


def _hands(crowd: Crowd, near: _Segment) -> tuple[bytes, NDArray[np.intp] | None]:
    """Records of the hands in the near ring and where each cell's run ends, or None when nobody has hands."""
    if not crowd.has_hands.any():
        return b"", None
    shown = crowd.has_hands[near.indices]
    running = np.concatenate(([0], np.cumsum(shown)))
    return crowd.hands[near.indices[shown]].tobytes(), running[np.asarray(near.ends, np.intp)]


class _TurnTaker:
    """Chooses what a crowded cell hears: the nearest always, the next every other tick, the rest in turns."""

    def __init__(self, grid: Grid, config: InterestConfig, tick: int, crowd: Crowd) -> None:
        self._grid = grid
        self._config = config
        self._tick = tick
        self._crowd = crowd
        self._everyone = Occupancy(grid, crowd.cells)

    def select(self, cell: int) -> tuple[bytes, bytes]:
        """Packed heads and hands for one cell, together within the budget."""
        crowd = self._crowd
        square = self._everyone.square(np.asarray([cell], np.int32), self._config.far_cells)
        candidates = self._everyone.order[expand(*square)[0]]
        candidates = candidates[np.argsort(self._distance(cell, candidates), kind="stable")]
        budget = self._config.budget_bytes_tick
        hands_room = 0
        if crowd.has_hands[candidates].any():
            hands_room = int(budget * HANDS_SHARE) // HANDS_RECORD.itemsize
        room = (budget - hands_room * HANDS_RECORD.itemsize) // HEAD_RECORD.itemsize
        full, half = int(room * FULL_SHARE), int(room * HALF_SHARE) * 2
        nearest, next_nearest, rest = np.split(candidates, [full, full + half])
        turns = max(1, math.ceil(len(rest) / (room * TURNS_SHARE)))
        chosen = np.concatenate(
            (
                nearest,
                next_nearest[(crowd.slots[next_nearest] + self._tick) % 2 == 0],
                rest[(crowd.slots[rest] + self._tick) % turns == 0],
            )
        )[:room]
        with_hands = nearest[crowd.has_hands[nearest]][:hands_room]
        return crowd.heads[chosen].tobytes(), crowd.hands[with_hands].tobytes()

    def _distance(self, cell: int, indices: NDArray[np.intp]) -> NDArray[np.float64]:
        """Squared distance from the cell's square, so that it is right for every viewer in it; metres²."""
        column, row = self._grid.column_row(cell)
        half = self._grid.cell_m / 2
        outside_x = np.abs(self._crowd.x_m[indices] - (column * self._grid.cell_m + half)) - half
        outside_z = np.abs(self._crowd.z_m[indices] - (row * self._grid.cell_m + half)) - half
        squared: NDArray[np.float64] = np.maximum(outside_x, 0.0) ** 2 + np.maximum(outside_z, 0.0) ** 2
        return squared
