"""The partition against brute force: cells, hysteresis, rings and runs."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from world.errors import WorldFault
from world.grid import MAX_CELLS, MAX_SIDE_CELLS, Grid, Occupancy, expand

BORDER = 4

grids = st.builds(
    lambda x, z, width, depth, cell, share: Grid.over(
        x, z, x + width, z + depth, cell_m=cell, hysteresis_m=share * cell, border=BORDER
    ),
    st.floats(-300, 300),
    st.floats(-300, 300),
    st.floats(0.5, 80),
    st.floats(0.5, 80),
    st.floats(1.0, 9.0),
    st.floats(0.0, 0.45),
)


def inside(grid: Grid, dice: np.random.Generator, count: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Places in the part of the table that is not border."""
    low_x, low_z = (grid.column_min + BORDER) * grid.cell_m, (grid.row_min + BORDER) * grid.cell_m
    width, depth = (grid.columns - 2 * BORDER) * grid.cell_m, (grid.rows - 2 * BORDER) * grid.cell_m
    edge = 1 - 1e-9
    return low_x + dice.random(count) * width * edge, low_z + dice.random(count) * depth * edge


@given(grids, st.integers(0, 2**32 - 1))
def test_cells_hold_their_places(grid: Grid, seed: int) -> None:
    x_m, z_m = inside(grid, np.random.default_rng(seed), 50)
    for cell, x, z in zip(grid.cells_at(x_m, z_m).tolist(), x_m.tolist(), z_m.tolist(), strict=True):
        column, row = grid.column_row(cell)
        assert (column, row) == (math.floor(x / grid.cell_m), math.floor(z / grid.cell_m))
        assert 0 <= cell < grid.columns * grid.rows


@given(grids, st.integers(0, 2**32 - 1))
def test_nobody_is_farther_out_of_their_cell_than_the_hysteresis(grid: Grid, seed: int) -> None:
    dice = np.random.default_rng(seed)
    x_m, z_m = inside(grid, dice, 30)
    cells = grid.settle(x_m, z_m, np.full(30, -1, np.int32))
    assert (cells == grid.cells_at(x_m, z_m)).all()
    low_x, low_z = (grid.column_min + BORDER) * grid.cell_m, (grid.row_min + BORDER) * grid.cell_m
    high_x, high_z = -low_x + 0.0, 0.0
    for _ in range(20):
        high_x = (grid.column_min + grid.columns - BORDER) * grid.cell_m - 1e-6
        high_z = (grid.row_min + grid.rows - BORDER) * grid.cell_m - 1e-6
        x_m = np.clip(x_m + dice.normal(0, grid.cell_m / 3, 30), low_x, high_x)
        z_m = np.clip(z_m + dice.normal(0, grid.cell_m / 3, 30), low_z, high_z)
        before, cells = cells, grid.settle(x_m, z_m, cells)
        for cell, was, x, z in zip(cells.tolist(), before.tolist(), x_m.tolist(), z_m.tolist(), strict=True):
            column, row = grid.column_row(cell)
            outside = max(abs(x / grid.cell_m - column - 0.5), abs(z / grid.cell_m - row - 0.5)) - 0.5
            assert outside * grid.cell_m <= grid.hysteresis_m + 1e-6
            if cell != was:
                column, row = grid.column_row(was)
                outside = max(abs(x / grid.cell_m - column - 0.5), abs(z / grid.cell_m - row - 0.5)) - 0.5
                assert outside * grid.cell_m > grid.hysteresis_m - 1e-6


@given(st.lists(st.floats(-0.49, 0.49), min_size=2, max_size=40))
def test_who_stands_on_a_border_does_not_flicker(sway_m: list[float]) -> None:
    grid = Grid.over(-20, -20, 20, 20, cell_m=4.0, hysteresis_m=0.5, border=BORDER)
    cells = grid.settle(np.array([4.0 + sway_m[0]]), np.array([0.1]), np.array([-1], np.int32))
    for step in sway_m:
        settled = grid.settle(np.array([4.0 + step]), np.array([0.1]), cells)
        assert settled.tolist() == cells.tolist()


@given(grids, st.integers(0, 2**32 - 1), st.integers(0, 60), st.integers(0, BORDER))
def test_squares_are_what_brute_force_says(grid: Grid, seed: int, count: int, cells_away: int) -> None:
    dice = np.random.default_rng(seed)
    cells = np.sort(grid.cells_at(*inside(grid, dice, count)))
    views = grid.cells_at(*inside(grid, dice, 5))
    occupancy = Occupancy(grid, cells)
    indices, counts = expand(*occupancy.around(views, cells_away))
    assert counts.sum() == len(indices)
    ends = np.cumsum(counts)
    for view, begin, end in zip(views.tolist(), (ends - counts).tolist(), ends.tolist(), strict=True):
        found = indices[begin:end].tolist()
        column, row = grid.column_row(view)
        there = []
        for i, cell in enumerate(cells.tolist()):
            other_column, other_row = grid.column_row(cell)
            if max(abs(other_column - column), abs(other_row - row)) <= cells_away:
                there.append(i)
        assert sorted(found) == there


@given(grids, st.integers(0, 2**32 - 1), st.integers(0, 40))
def test_occupied_cells_are_those_that_hold_someone(grid: Grid, seed: int, count: int) -> None:
    cells = np.sort(grid.cells_at(*inside(grid, np.random.default_rng(seed), count)))
    assert Occupancy(grid, cells).occupied().tolist() == sorted(set(cells.tolist()))


@given(st.lists(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 5)), min_size=3, max_size=3), max_size=6))
def test_runs_are_written_out(runs: list[list[tuple[int, int]]]) -> None:
    first = np.array([[begin for begin, _ in row] for row in runs], np.int32).reshape(len(runs), 3)
    length = np.array([[size for _, size in row] for row in runs], np.int32).reshape(len(runs), 3)
    indices, counts = expand(first, first + length)
    assert indices.tolist() == [begin + i for row in runs for begin, size in row for i in range(size)]
    assert counts.tolist() == [sum(size for _, size in row) for row in runs]


@pytest.mark.parametrize(
    "sides",
    [
        (0.0, 0.0, 0.0, 1.0),
        (0.0, 0.0, 1.0, -1.0),
        (math.nan, 0.0, 1.0, 1.0),
        (0.0, 0.0, math.inf, 1.0),
        (0.0, 0.0, 1e12, 1e12),
        (0.0, 0.0, MAX_CELLS + 1.0, 1.0),
        (0.0, 0.0, MAX_SIDE_CELLS + 1.0, 1.0),
    ],
)
def test_rooms_without_an_inside_or_beyond_measure_are_refused(sides: tuple[float, float, float, float]) -> None:
    with pytest.raises(WorldFault):
        Grid.over(*sides, cell_m=1.0, hysteresis_m=0.1, border=2)
