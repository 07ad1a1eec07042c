"""Where one can walk: a raster of the ground, and the shortest way across it.

Theory. Solids are boxes on flat ground and a walker is a circle, so a place is free when it is further from every box
than the walker's radius. The raster holds that for squares of `CELL_M`; A* with eight directions finds a way, and
pulling the string taut turns its staircase into the few straight lines that a person would walk.
"""

from __future__ import annotations

import heapq
import itertools
import math
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

CELL_M: Final = 0.25
CLEARANCE_M: Final = 0.33
"""A walker's radius and a little air."""

MAX_CELLS_A_SIDE: Final = 800
_SQRT2: Final = math.sqrt(2)
_STEPS: Final = tuple((dx, dz, math.hypot(dx, dz)) for dx in (-1, 0, 1) for dz in (-1, 0, 1) if dx or dz)

Point: TypeAlias = tuple[float, float]
"""x and z in metres."""

Cell: TypeAlias = tuple[int, int]


class Box(NamedTuple):
    """A solid: centre, half extents, and its turn about +Y."""

    x_m: float
    z_m: float
    half_x_m: float
    half_z_m: float
    yaw_rad: float


class Ground:
    """The walkable ground of one room."""

    def __init__(self, low: Point, high: Point, solids: Iterable[Box] = ()) -> None:
        self._low = low
        self._cell_m = max(CELL_M, (high[0] - low[0]) / MAX_CELLS_A_SIDE, (high[1] - low[1]) / MAX_CELLS_A_SIDE)
        self._columns = max(1, math.ceil((high[0] - low[0]) / self._cell_m))
        self._rows = max(1, math.ceil((high[1] - low[1]) / self._cell_m))
        x_m = low[0] + (np.arange(self._columns) + 0.5) * self._cell_m
        z_m = low[1] + (np.arange(self._rows) + 0.5) * self._cell_m
        self._x_m, self._z_m = np.meshgrid(x_m, z_m, indexing="ij")
        inside = (self._x_m > low[0] + CLEARANCE_M) & (self._x_m < high[0] - CLEARANCE_M)
        self._free: NDArray[np.bool_] = (
            inside & (self._z_m > low[1] + CLEARANCE_M) & (self._z_m < high[1] - CLEARANCE_M)
        )
        self._solids: set[Box] = set()
        self.add(solids)

    def add(self, solids: Iterable[Box]) -> None:
        """Further solids; those that are known already change nothing."""
        for box in solids:
            if box in self._solids:
                continue
            self._solids.add(box)
            dx, dz = self._x_m - box.x_m, self._z_m - box.z_m
            cos, sin = math.cos(box.yaw_rad), math.sin(box.yaw_rad)
            # A turn by yaw about +Y takes local (x, z) to (x cos + z sin, z cos - x sin); this is its inverse.
            beyond_x = np.maximum(np.abs(dx * cos - dz * sin) - box.half_x_m, 0)
            beyond_z = np.maximum(np.abs(dx * sin + dz * cos) - box.half_z_m, 0)
            self._free &= np.hypot(beyond_x, beyond_z) > CLEARANCE_M

    def is_free(self, point: Point) -> bool:
        """Whether a walker can stand there."""
        return self._is_open(self._cell(point))

    def way(self, start: Point, goal: Point) -> list[Point]:
        """Corners of the way from `start` to the free place nearest to `goal`; empty when there is none."""
        first, last = self._nearest_free(self._cell(start)), self._nearest_free(self._cell(goal))
        if first is None or last is None:
            return []
        cells = self._shortest(first, last)
        taut = self._pull_taut(cells)
        points = [self._centre(cell) for cell in taut[1:]]
        if points and self._cell(goal) == last:
            points[-1] = goal
        return points

    def _cell(self, point: Point) -> Cell:
        column = math.floor((point[0] - self._low[0]) / self._cell_m)
        row = math.floor((point[1] - self._low[1]) / self._cell_m)
        return min(max(column, 0), self._columns - 1), min(max(row, 0), self._rows - 1)

    def _centre(self, cell: Cell) -> Point:
        return self._low[0] + (cell[0] + 0.5) * self._cell_m, self._low[1] + (cell[1] + 0.5) * self._cell_m

    def _is_open(self, cell: Cell) -> bool:
        column, row = cell
        return 0 <= column < self._columns and 0 <= row < self._rows and bool(self._free[column, row])

    def _nearest_free(self, cell: Cell) -> Cell | None:
        if self._is_open(cell):
            return cell
        columns, rows = np.nonzero(self._free)
        if not len(columns):
            return None
        nearest = int(np.argmin((columns - cell[0]) ** 2 + (rows - cell[1]) ** 2))
        return int(columns[nearest]), int(rows[nearest])

    def _shortest(self, first: Cell, last: Cell) -> list[Cell]:
        """A*: the cells from first to last; empty when there is no way."""
        came_from: dict[Cell, Cell] = {first: first}
        cost = {first: 0.0}
        waiting: list[tuple[float, Cell]] = [(0.0, first)]
        while waiting:
            _, here = heapq.heappop(waiting)
            if here == last:
                return _traced(came_from, last)
            for dx, dz, step in _STEPS:
                there = here[0] + dx, here[1] + dz
                if not self._is_open(there) or (dx and dz and not self._has_room(here, dx, dz)):
                    continue
                price = cost[here] + step
                if price < cost.get(there, math.inf):
                    cost[there] = price
                    came_from[there] = here
                    heapq.heappush(waiting, (price + _octile(there, last), there))
        return []

    def _has_room(self, here: Cell, dx: int, dz: int) -> bool:
        """A diagonal step must not cut a corner."""
        return self._is_open((here[0] + dx, here[1])) and self._is_open((here[0], here[1] + dz))

    def _pull_taut(self, cells: Sequence[Cell]) -> list[Cell]:
        """Leave out every cell that can be walked past in a straight line."""
        if not cells:
            return []
        kept = [cells[0]]
        for before, cell in itertools.pairwise(cells):
            if not self._sees(kept[-1], cell):
                kept.append(before)
        return [*kept, cells[-1]]

    def _sees(self, one: Cell, other: Cell) -> bool:
        steps = 3 * max(abs(other[0] - one[0]), abs(other[1] - one[1]), 1)
        share = np.linspace(0.0, 1.0, steps + 1)
        columns = np.rint(one[0] + (other[0] - one[0]) * share).astype(int)
        rows = np.rint(one[1] + (other[1] - one[1]) * share).astype(int)
        return bool(self._free[columns, rows].all())


def _octile(one: Cell, other: Cell) -> float:
    """Length of the way over open ground in eight directions: never too long, as A* needs it."""
    dx, dz = abs(one[0] - other[0]), abs(one[1] - other[1])
    return max(dx, dz) + (_SQRT2 - 1) * min(dx, dz)


def _traced(came_from: dict[Cell, Cell], last: Cell) -> list[Cell]:
    cells = [last]
    while came_from[cells[-1]] != cells[-1]:
        cells.append(came_from[cells[-1]])
    return cells[::-1]
