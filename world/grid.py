"""The spatial partition: a bounded uniform grid on x/z whose cells are kept as one sorted array.

Theory. A room has bounds, so its cells fit a dense table. Each tick the avatars are sorted by cell (a counting sort:
`bincount`, `cumsum`, stable `argsort`), and the avatars of any run of neighbouring cells in one row are then one slice
`offsets[first] : offsets[last + 1]` of the sorted order. A square of cells around a viewer is as many slices as it has
rows; finding them costs two table look-ups a row, whatever the number of avatars. A ring is a square with a hole.

The table has a border of empty cells as wide as the farthest ring, so that squares never leave it. An avatar changes
its cell only when it is `hysteresis_m` beyond the border of the one it is in; who stands on a border does not flicker.

Promise: an avatar is at most `hysteresis_m` outside the cell it is counted in (and within the room's bounds).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from world.errors import WorldFault

MAX_CELLS = 1_000_000
"""A room whose table would be larger than this is refused: it is a mistake in the bounds, not an alley."""

MAX_SIDE_CELLS = 2**16 - 64
"""So that a row (or column) minus another, modulo 65,536, is near zero only when they are near each other."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Geometry of the partition of one room.

    Attributes:
        cell_m: side of a cell.
        hysteresis_m: how far beyond its cell an avatar may be before it is counted in the next.
        column_min: column of the table's first cell, border included; likewise `row_min`.
        columns: width of the table in cells, border included.
        rows: height of the table in cells, border included.
    """

    cell_m: float
    hysteresis_m: float
    column_min: int
    row_min: int
    columns: int
    rows: int

    @classmethod
    def over(
        cls,
        min_x_m: float,
        min_z_m: float,
        max_x_m: float,
        max_z_m: float,
        *,
        cell_m: float,
        hysteresis_m: float,
        border: int,
    ) -> Grid:
        """The grid that covers a rectangle, with `border` empty cells around it.

        Raises:
            WorldFault: the rectangle is empty, not finite or too large.
        """
        sides = (min_x_m, min_z_m, max_x_m, max_z_m)
        if not all(map(math.isfinite, sides)) or min_x_m >= max_x_m or min_z_m >= max_z_m:
            raise WorldFault(f"a room needs finite bounds with an inside, not {sides}")
        column_min = math.floor(min_x_m / cell_m) - border
        row_min = math.floor(min_z_m / cell_m) - border
        columns = math.floor(max_x_m / cell_m) + border + 1 - column_min
        rows = math.floor(max_z_m / cell_m) + border + 1 - row_min
        if columns * rows > MAX_CELLS or max(columns, rows) > MAX_SIDE_CELLS:
            raise WorldFault(f"a room of {columns} × {rows} cells is too large")
        return cls(cell_m, hysteresis_m, column_min, row_min, columns, rows)

    def column_row(self, cell: int) -> tuple[int, int]:
        """Column and row (multiples of `cell_m`, may be negative) of a cell of the table."""
        row, column = divmod(cell, self.columns)
        return column + self.column_min, row + self.row_min

    def cells_at(self, x_m: NDArray[np.float64], z_m: NDArray[np.float64]) -> NDArray[np.int32]:
        """Cells of positions inside the bounds, without hysteresis."""
        column = np.floor(x_m / self.cell_m).astype(np.int32) - self.column_min
        row = np.floor(z_m / self.cell_m).astype(np.int32) - self.row_min
        return row * np.int32(self.columns) + column

    def settle(self, x_m: NDArray[np.float64], z_m: NDArray[np.float64], cells: NDArray[np.int32]) -> NDArray[np.int32]:
        """Cells of positions inside the bounds for avatars that were counted in `cells` before (-1: nowhere)."""
        row, column = np.divmod(cells, self.columns)
        half = self.cell_m / 2
        reach = half + self.hysteresis_m
        far_x = np.abs(x_m - (column + self.column_min) * self.cell_m - half) > reach
        far_z = np.abs(z_m - (row + self.row_min) * self.cell_m - half) > reach
        moved = far_x | far_z | (cells < 0)
        if not moved.any():
            return cells
        return np.where(moved, self.cells_at(x_m, z_m), cells)


class Occupancy:
    """Where the people of each cell are in arrays that are sorted by cell.

    Args:
        grid: the partition.
        cells: the cell of each avatar, ascending; shape (n,).

    Attributes:
        offsets: for each cell of the table where its run begins; shape (columns · rows + 1,).
    """

    __slots__ = ("grid", "offsets")

    def __init__(self, grid: Grid, cells: NDArray[np.int32]) -> None:
        self.grid = grid
        size = grid.columns * grid.rows
        self.offsets: NDArray[np.int32] = np.zeros(size + 1, np.int32)
        np.bincount(cells, minlength=size).cumsum(out=self.offsets[1:])

    def occupied(self) -> NDArray[np.int32]:
        """The cells that hold someone, ascending."""
        held: NDArray[np.int32] = (self.offsets[1:] != self.offsets[:-1]).nonzero()[0].astype(np.int32)
        return held

    def around(self, cells: NDArray[np.int32], cells_away: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Runs of the arrays that make up the square of so many cells (Chebyshev) around each of `cells`.

        Returns:
            first and end of each run, both of shape (len(cells), rows of the square).
        """
        begin, stop = square_runs(cells_away, self.grid.columns)
        return self.offsets[cells[:, None] + begin], self.offsets[cells[:, None] + stop]


@cache
def square_runs(cells_away: int, columns: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """The runs of cells that make up a square, relative to its middle: where each row begins and where it has ended."""
    rows = np.arange(-cells_away, cells_away + 1, dtype=np.int32) * np.int32(columns)
    return rows - np.int32(cells_away), rows + np.int32(cells_away + 1)


def expand(first: NDArray[np.int32], end: NDArray[np.int32]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Write runs out as indices.

    Args:
        first, end: runs, shape (cells, runs).

    Returns:
        all indices, cell by cell, and how many belong to each cell; shapes (total,) and (cells,).
    """
    lengths = (end - first).astype(np.intp)
    flat = lengths.ravel()
    stops: NDArray[np.intp] = flat.cumsum()
    shift: NDArray[np.intp] = first.ravel() - (stops - flat)
    indices: NDArray[np.intp] = np.arange(int(stops[-1]) if len(stops) else 0) + shift.repeat(flat)
    return indices, lengths.sum(axis=1)
