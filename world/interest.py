"""Who hears whom, and how often.

Theory. Around a viewer's cell lie three squares of cells, the rings. From the near ring a viewer hears everyone who
moves on every tick, from the middle ring every fourth tick, from the far ring once a second; who stands still is
repeated once a second, so that a frame is never needed to say that nothing happened. What is heard depends on the
*cell* of the viewer alone, so a frame is made once per occupied cell and shared by everyone in it: the cost grows with
occupied cells, not with pairs.

Who begins or ceases to move is heard everywhere at once: the plans of those who move and of those who stand still are
not in step, and somebody between the two could miss both.

When a cell's frame would break the byte budget, the cell is *crowded* and takes turns (`world.turns`), so that a crowd
slows down from afar and nobody falls silent.

Promises, held by property tests against brute force:
- who moves within `near_radius_m` of a viewer is in the viewer's frame on every tick, unless the cell is crowded;
- nobody beyond `far_reach_m` on either axis is ever in it;
- everyone within `far_radius_m` is in it at least once a second, as long as the budget holds all of them once a second;
- no frame is larger than the budget.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from world.errors import WorldFault
from world.grid import Grid, Occupancy, expand
from world.packed import HANDS_RECORD, HEAD_RECORD, RECORD_RANGE_M
from world.turns import Turns

FRAME_OVERHEAD_BYTES: Final = 32
"""WebSocket and msgpack framing around the records, rounded up."""

RAW_HEAD: Final = np.dtype(f"V{HEAD_RECORD.itemsize}")
RAW_HANDS: Final = np.dtype(f"V{HANDS_RECORD.itemsize}")

MOVING_TICKS: Final = 4
"""An avatar counts as moving for this many ticks after its last pose: poses and ticks are not in step."""

IDLE_PHASES: Final = 4
"""Who stands still is repeated once a second, on one of this many ticks, so that quiet rooms need few frames."""

_LEAST_RECORDS: Final = 10
"""A budget that holds fewer heads a tick is no budget for a crowd."""


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
        if not _LEAST_RECORDS * HEAD_RECORD.itemsize <= self.budget_bytes_tick < 2**16:
            raise WorldFault("a frame holds ten heads at least and less than 64 KB")

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
    """`HEAD_RECORD` of everyone, as `RAW_HEAD`: numpy copies opaque records ten times as fast as structured ones."""
    hands: NDArray[np.void]
    """`HANDS_RECORD` of everyone, as `RAW_HANDS`; meaningless where `has_hands` is false."""
    has_hands: NDArray[np.bool_]
    moving: NDArray[np.bool_]
    turned: NDArray[np.bool_]
    """Who began or ceased to move on this tick."""
    viewing: NDArray[np.bool_]
    """Who gets frames: an avatar whose connection is lost is seen, but sees nothing."""


class Heard(NamedTuple):
    """What everyone in one cell hears on this tick."""

    cell: int
    viewers: list[int]
    """Slots."""
    heads: bytes
    hands: bytes


def within_far(
    grid: Grid, config: InterestConfig, viewer_cells: NDArray[np.int32], cells: NDArray[np.int32]
) -> NDArray[np.bool_]:
    """Which of `cells` lie in the far ring or nearer of each of `viewer_cells`: shape (viewers, cells). Symmetric."""
    viewer_row, viewer_column = np.divmod(viewer_cells, np.int32(grid.columns))
    row, column = np.divmod(cells, np.int32(grid.columns))
    near_rows: NDArray[np.bool_] = np.abs(viewer_row[:, None] - row[None, :]) <= config.far_cells
    near_columns: NDArray[np.bool_] = np.abs(viewer_column[:, None] - column[None, :]) <= config.far_cells
    return near_rows & near_columns


class Listening:
    """Who hears whom in one room; remembers which cells are crowded."""

    def __init__(self, grid: Grid, config: InterestConfig) -> None:
        self._grid = grid
        self._config = config
        self._turns = Turns(grid, config)

    def compose(self, tick: int, crowd: Crowd) -> Iterator[Heard]:
        """What each cell with viewers hears on one tick; cells that have nothing to hear are left out."""
        return _compose(self._grid, self._config, self._turns, tick, crowd)


def _compose(grid: Grid, config: InterestConfig, turns: Turns, tick: int, crowd: Crowd) -> Iterator[Heard]:
    if not crowd.viewing.any():
        return
    viewing = np.flatnonzero(crowd.viewing)
    watchers = Occupancy(grid, crowd.cells[viewing])
    view_cells = watchers.occupied()
    reach = _reach(config, tick, crowd)
    rings = (
        (reach >= config.near_cells, 0, config.near_cells),
        (reach >= config.mid_cells, config.near_cells + 1, config.mid_cells),
        (reach >= config.far_cells, config.mid_cells + 1, config.far_cells),
    )
    heads = _gather(grid, crowd, view_cells, crowd.heads, rings)
    hands = None
    bytes_due = heads.sizes
    if crowd.has_hands.any():
        hands = _gather(grid, crowd, view_cells, crowd.hands, ((rings[0][0] & crowd.has_hands, 0, config.near_cells),))
        bytes_due = bytes_due + hands.sizes
    crowded = turns.crowded(tick, view_cells, bytes_due)
    everyone = Occupancy(grid, crowd.cells) if crowded else None

    seated = crowd.slots[viewing][watchers.order].tolist()
    first_viewer = watchers.offsets[view_cells].tolist()
    end_viewer = watchers.offsets[view_cells + 1].tolist()
    for i, (cell, first, end, begin, stop) in enumerate(
        zip(view_cells.tolist(), first_viewer, end_viewer, heads.begins, heads.begins[1:], strict=False)
    ):
        if everyone is not None and cell in crowded:
            yield Heard(cell, seated[first:end], *turns.select(tick, cell, crowd, everyone))
        elif begin != stop:
            shown = b"" if hands is None else hands.blob[hands.begins[i] : hands.begins[i + 1]]
            yield Heard(cell, seated[first:end], heads.blob[begin:stop], shown)


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
    reach[crowd.turned] = config.far_cells
    still = ~(crowd.moving | crowd.turned)
    if still.any():
        step = config.far_every_ticks // IDLE_PHASES
        repeated = (tick % step == 0) & (crowd.slots % IDLE_PHASES == tick // step % IDLE_PHASES)
        reach[still] = np.where(repeated[still], np.int8(config.far_cells), np.int8(-1))
    return reach


class _Gathered(NamedTuple):
    """Records for each of some cells, one after the other."""

    blob: bytes
    begins: list[int]
    """Where each cell's bytes begin, and where the last one's end."""
    sizes: NDArray[np.intp]


def _gather(
    grid: Grid,
    crowd: Crowd,
    view_cells: NDArray[np.int32],
    records: NDArray[np.void],
    rings: Iterable[tuple[NDArray[np.bool_], int, int]],
) -> _Gathered:
    """Collect for each viewer cell the records of who is heard there.

    `rings` says who is heard (a mask over the crowd) between which distances in cells. All rings are expanded at once,
    over one array that holds each ring's records sorted by cell.
    """
    first_runs: list[NDArray[np.int32]] = []
    end_runs: list[NDArray[np.int32]] = []
    sources: list[NDArray[np.intp]] = []
    base = 0
    for heard, inner, outer in rings:
        who = np.flatnonzero(heard)
        occupancy = Occupancy(grid, crowd.cells[who])
        first, end = occupancy.ring(view_cells, inner, outer)
        first_runs.append(first + base)
        end_runs.append(end + base)
        sources.append(who[occupancy.order])
        base += len(who)
    indices, counts = expand(np.concatenate(first_runs, axis=1), np.concatenate(end_runs, axis=1))
    blob = records[np.concatenate(sources)].take(indices).tobytes()
    sizes = counts * records.itemsize
    return _Gathered(blob, [0, *np.cumsum(sizes).tolist()], sizes)
