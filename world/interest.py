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

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from world.errors import WorldFault
from world.grid import Grid, Occupancy, expand, square_runs
from world.packed import HANDS_RECORD, HEAD_RECORD, RECORD_RANGE_M
from world.turns import Turns

FRAME_OVERHEAD_BYTES: Final = 32
"""WebSocket and msgpack framing around the records, rounded up."""

RAW_HEAD: Final = np.dtype(f"V{HEAD_RECORD.itemsize}")
RAW_HANDS: Final = np.dtype(f"V{HANDS_RECORD.itemsize}")

MOVING_TICKS: Final = 4
"""An avatar counts as moving for this many ticks after its last pose: poses and ticks are not in step."""

IDLE_PHASES: Final = 2
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
    """Everyone present, as parallel arrays of length n, sorted by cell."""

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


class Hearing(NamedTuple):
    """What all cells hear on one tick; cells without viewers, or that have nothing to hear, are left out.

    The heads that `cells[i]` hears are the runs `records[first_runs[i, j] : end_runs[i, j]]` for all j.
    """

    cells: NDArray[np.int32]
    viewers: list[list[int]]
    """For each cell the slots of those in it."""
    records: NDArray[np.void]
    """`RAW_HEAD`."""
    first_runs: NDArray[np.int32]
    end_runs: NDArray[np.int32]
    counts: NDArray[np.intp]
    """How many heads each cell hears."""
    apart: list[Heard]
    """Cells that are unlike these: crowded ones, and those that hear hands."""


_NO_RUNS: Final = np.zeros((0, 0), np.int32)
_SILENCE: Final = Hearing(
    np.zeros(0, np.int32), [], np.zeros(0, RAW_HEAD), _NO_RUNS, _NO_RUNS, np.zeros(0, np.intp), []
)


def within_far(
    grid: Grid, config: InterestConfig, viewer_cells: NDArray[np.int32], cells: NDArray[np.int32]
) -> NDArray[np.bool_]:
    """Which of `cells` lie in the far ring or nearer of each of `viewer_cells`: shape (viewers, cells). Symmetric."""
    side = np.uint16(2 * config.far_cells)
    places = []
    for each, centre in ((viewer_cells, config.far_cells), (cells, 0)):
        row, column = np.divmod(each, np.int32(grid.columns))
        places.append(((row - centre).astype(np.uint16), (column - centre).astype(np.uint16)))
    (viewer_row, viewer_column), (row, column) = places
    # Below zero is far above the side of the square: a small unsigned number has room for both comparisons in one.
    inside: NDArray[np.bool_] = row[None, :] - viewer_row[:, None] <= side
    inside &= column[None, :] - viewer_column[:, None] <= side
    return inside


class Listening:
    """Who hears whom in one room; remembers which cells are crowded."""

    def __init__(self, grid: Grid, config: InterestConfig) -> None:
        self._grid = grid
        self._config = config
        self._turns = Turns(grid, config)
        reaches = sorted({config.near_cells, config.mid_cells, config.far_cells})
        self._reaches = np.asarray(reaches, np.int8)
        self._squares = _Squares.of(reaches, grid.columns)
        self._nearest = _Squares.of(reaches[:1], grid.columns)

    def compose(self, tick: int, crowd: Crowd) -> Hearing:
        """What each cell with viewers hears on one tick."""
        config = self._config
        reach = _reach(config, tick, crowd)
        if not self._turns.any_crowded and not (reach >= 0).any():
            return _SILENCE
        everyone = Occupancy(self._grid, crowd.cells)
        cells, viewers = _viewers(everyone, crowd)
        heads = _gather(everyone, cells, reach == self._reaches[:, None], self._squares)
        bytes_due = heads.counts * RAW_HEAD.itemsize
        hands = None
        if crowd.has_hands.any():
            hands = _gather(everyone, cells, ((reach >= 0) & crowd.has_hands)[None, :], self._nearest)
            bytes_due += hands.counts * RAW_HANDS.itemsize
        shared = heads.counts > 0
        apart: list[Heard] = []
        crowded = self._turns.crowded(tick, cells, bytes_due)
        if crowded:
            for i in np.isin(cells, list(crowded)).nonzero()[0].tolist():
                shared[i] = False
                cell = int(cells[i])
                apart.append(Heard(cell, viewers[i], *self._turns.select(tick, cell, crowd, everyone)))
        if hands is not None:
            for i in (shared & (hands.counts > 0)).nonzero()[0].tolist():
                shared[i] = False
                shown = heads.packed(crowd.heads, i), hands.packed(crowd.hands, i)
                apart.append(Heard(int(cells[i]), viewers[i], *shown))
        records = crowd.heads[heads.sources]
        if shared.all():
            return Hearing(cells, viewers, records, heads.first_runs, heads.end_runs, heads.counts, apart)
        kept = shared.nonzero()[0]
        some = [viewers[i] for i in kept.tolist()]
        runs = heads.first_runs[kept], heads.end_runs[kept]
        return Hearing(cells[kept], some, records, *runs, heads.counts[kept], apart)


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
    """Who is heard in each of some cells.

    Cell i hears those whose indices into the crowd are `sources[first_runs[i, j] : end_runs[i, j]]`, for all j.
    """

    sources: NDArray[np.intp]
    first_runs: NDArray[np.int32]
    end_runs: NDArray[np.int32]
    counts: NDArray[np.intp]
    """How many each cell hears."""

    def packed(self, records: NDArray[np.void], i: int) -> bytes:
        """The records of those heard in one cell."""
        indices, _ = expand(self.first_runs[i : i + 1], self.end_runs[i : i + 1])
        return records[self.sources[indices]].tobytes()


class _Squares(NamedTuple):
    """Runs of cells around a viewer's cell, square after square."""

    borders: NDArray[np.int32]
    """Where each run begins, relative to the viewer's cell, then where each has ended."""
    square: NDArray[np.int32]
    """For each border the number of its square."""

    @classmethod
    def of(cls, cells_away: Sequence[int], columns: int) -> Self:
        """Squares of so many cells on each side."""
        runs = [square_runs(each, columns) for each in cells_away]
        square = np.repeat(np.arange(len(runs)), [len(begin) for begin, _ in runs]).astype(np.int32)
        borders = np.concatenate([begin for begin, _ in runs] + [stop for _, stop in runs])
        return cls(borders, np.concatenate((square, square)))


def _gather(everyone: Occupancy, cells: NDArray[np.int32], heard: NDArray[np.bool_], squares: _Squares) -> _Gathered:
    """Find for each viewer cell who is heard there.

    `heard` says for each square who of the crowd is heard as far as that, each person in one of them at most; its
    shape is (squares, people). `sources` holds one square's people after the other's, so that the runs of all squares
    are runs of one array: what is the run of cells `a` to `b` in the crowd is among a square's people the run from how
    many of them come before `a` to how many come before `b`.
    """
    before = np.zeros((heard.shape[0], heard.shape[1] + 1), np.int32)
    heard.cumsum(axis=1, out=before[:, 1:])
    before[1:] += before[:-1, -1].cumsum(dtype=np.int32)[:, None]
    at = everyone.offsets[cells[:, None] + squares.borders] + squares.square * np.int32(before.shape[1])
    runs = before.ravel()[at]
    half = len(squares.borders) // 2
    first, end = runs[:, :half], runs[:, half:]
    return _Gathered(heard.nonzero()[1], first, end, (end - first).sum(axis=1, dtype=np.intp))


def _viewers(everyone: Occupancy, crowd: Crowd) -> tuple[NDArray[np.int32], list[list[int]]]:
    """The cells with viewers, and for each of them the slots of those in it."""
    cells = everyone.occupied()
    first, end = everyone.offsets[cells], everyone.offsets[cells + 1]
    slots = crowd.slots
    if not crowd.viewing.all():
        before = np.zeros(len(slots) + 1, np.int32)
        crowd.viewing.cumsum(out=before[1:])
        first, end = before[first], before[end]
        slots = slots[crowd.viewing]
        seen = end > first
        cells, first, end = cells[seen], first[seen], end[seen]
    seated = slots.tolist()
    return cells, [seated[a:b] for a, b in zip(first.tolist(), end.tolist(), strict=True)]
