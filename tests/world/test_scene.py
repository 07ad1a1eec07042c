"""The scene hands out cells: near ones, once, whole, and again when something in them changed."""

from __future__ import annotations

import math

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.world.support import Alley, flat_place
from world import wire
from world.errors import ErrorCode, ProtocolError, WorldFault
from world.scene import (
    SCENE_CELL_M,
    SCENE_RADIUS_CELLS,
    AssetRef,
    CellKey,
    Exhibit,
    Plot,
    Scene,
    Solid,
    Spawn,
    Stall,
    Transform,
    Vec3,
    cell_of,
    cells_around,
)


def plot(number: int, x_m: float, z_m: float) -> Plot:
    return Plot(f"plot-{number:02}", Transform((x_m, 0.0, z_m)), 3.0, 3.0)


def stall(number: int, version: int = 1) -> Stall:
    return Stall(
        id=f"stall-{number:02}",
        plot_id=f"plot-{number:02}",
        name={"en": f"Stall {number}"},
        craft={"en": "tea"},
        maker="Sato",
        about={"en": ""},
        accent=0,
        assets=(),
        front=Spawn((0.0, 0.0, 0.0), 0.0),
        sign=Transform(),
        sign_size_m=(1.0, 0.3),
        solids=(),
        lanterns=(),
        version=version,
    )


def exhibit(number: int, of_stall: int, position: int, version: int = 1) -> Exhibit:
    return Exhibit(
        id=f"exhibit-{number:02}",
        stall_id=f"stall-{of_stall:02}",
        position=position,
        title={"en": "Bowl"},
        about={"en": ""},
        materials={"en": "clay"},
        price_minor=None,
        currency="JPY",
        size_cm=(1.0, 1.0, 1.0),
        asset=AssetRef("0" * 64, "glb", 1),
        transform=Transform(),
        version=version,
    )


def row_of_stalls(count: int, gap_m: float = 20.0) -> Scene:
    """Stalls along x from the origin, with two exhibits each."""
    return Scene(
        flat_place(500.0, 20.0),
        [plot(i, i * gap_m, 0.0) for i in range(count)],
        [stall(i) for i in range(count)],
        [exhibit(2 * i + j, i, 1 - j) for i in range(count) for j in range(2)],
    )


def test_cells_are_squares_that_hold_their_lower_edge() -> None:
    assert cell_of((0.0, 9.0, 0.0)) == (0, 0)
    assert cell_of((-0.001, 0.0, SCENE_CELL_M)) == (-1, 1)


@given(st.integers(-100, 100), st.integers(-100, 100))
def test_a_visitor_holds_the_square_of_cells_around_nearest_first(column: int, row: int) -> None:
    cells = list(cells_around((column, row)))
    side = 2 * SCENE_RADIUS_CELLS + 1
    assert len(set(cells)) == len(cells) == side * side
    distances = [max(abs(x - column), abs(z - row)) for x, z in cells]
    assert distances == sorted(distances)
    assert distances[-1] == SCENE_RADIUS_CELLS


def test_stalls_are_whole_and_exhibits_in_order() -> None:
    scene = row_of_stalls(1)
    (cell,) = scene.news((0.0, 0.0, 0.0), {})
    assert [thing.id for thing in cell.stalls] == ["stall-00"]
    assert [thing.id for thing in cell.exhibits] == ["exhibit-01", "exhibit-00"]
    assert (cell.column, cell.row, cell.version) == (0, 0, 1)


def test_a_cell_is_as_new_as_the_newest_in_it() -> None:
    scene = Scene(
        flat_place(), [plot(0, 1.0, 1.0), plot(1, 5.0, 5.0)], [stall(0, 3), stall(1)], [exhibit(0, 1, 0, version=8)]
    )
    (cell,) = scene.news((0.0, 0.0, 0.0), {})
    assert cell.version == 8


@given(st.lists(st.tuples(st.floats(-60, 60), st.floats(-60, 60)), max_size=25), st.floats(-60, 60), st.floats(-60, 60))
def test_news_are_what_brute_force_says(places: list[tuple[float, float]], x_m: float, z_m: float) -> None:
    scene = Scene(
        flat_place(), [plot(i, *place) for i, place in enumerate(places)], [stall(i) for i in range(len(places))], []
    )
    here = cell_of((x_m, 0.0, z_m))
    cells = {cell_of((x, 0.0, z)) for x, z in places}
    near = {c for c in cells if max(abs(c[0] - here[0]), abs(c[1] - here[1])) <= SCENE_RADIUS_CELLS}
    news = scene.news((x_m, 0.0, z_m), {})
    assert {(cell.column, cell.row) for cell in news} == near
    held: dict[CellKey, int] = {(cell.column, cell.row): cell.version for cell in news}
    assert scene.news((x_m, 0.0, z_m), held) == []
    for key in list(held):
        assert [(cell.column, cell.row) for cell in scene.news((x_m, 0.0, z_m), {**held, key: 0})] == [key]


def test_the_directory_is_in_the_order_of_plots_and_counts_exhibits() -> None:
    scene = row_of_stalls(3)
    assert [(entry.id, entry.exhibit_count) for entry in scene.directory()] == [
        ("stall-00", 2),
        ("stall-01", 2),
        ("stall-02", 2),
    ]


def test_stalls_without_plots_and_exhibits_without_stalls_are_our_fault() -> None:
    for plots, stalls, exhibits in (
        ([], [stall(0)], []),
        ([plot(0, 0, 0)], [], [exhibit(0, 0, 0)]),
        ([plot(0, 0, 0), plot(0, 1, 1)], [], []),
        ([plot(0, 0, 0)], [stall(0), stall(0)], []),
        ([plot(0, 0, 0)], [stall(0)], [exhibit(0, 0, 0), exhibit(0, 0, 1)]),
    ):
        with pytest.raises(WorldFault):
            Scene(flat_place(), plots, stalls, exhibits)


def test_a_walk_down_the_alley_brings_every_stall_once() -> None:
    scene = row_of_stalls(12)
    alley = Alley(scene=scene)
    walker = alley.join()
    assert set(walker.cells) == {(0, 0), (1, 0), (2, 0)}
    told = len(walker.cells)
    for x_m in range(0, 240, 4):
        alley.jump(walker, float(x_m), 0.0)
        alley.tick(2)
        here = cell_of((float(x_m), 0.0, 0.0))
        within: set[Vec3] = {p.transform.position_m for p in scene.plots.values()}
        near = {cell_of(place) for place in within if abs(cell_of(place)[0] - here[0]) <= SCENE_RADIUS_CELLS}
        assert near <= set(walker.cells)
        told = max(told, len(walker.cells))
    assert told == len({cell_of(p.transform.position_m) for p in scene.plots.values()})
    seq = walker.last_seq
    alley.jump(walker, 0.0, 0.0)
    alley.tick(2)
    assert walker.last_seq == seq + 1, "only the correction: what is held is not told again"


def test_a_turned_solid_covers_what_it_covers() -> None:
    # Four metres long and one wide, turned left by 30°: its long side points to (cos 30°, -sin 30°) on x and z.
    solid = Solid(x_m=5.0, z_m=3.0, half_x_m=2.0, half_z_m=0.5, yaw_rad=math.radians(30), height_m=1.0)
    scene = Scene(msgspec.structs.replace(flat_place(), solids=(solid,)), [], [], [])
    along = (math.cos(math.radians(30)), -math.sin(math.radians(30)))
    for metres, inside in ((0.0, True), (1.9, True), (-1.9, True), (2.1, False)):
        assert scene.is_solid(5.0 + metres * along[0], 3.0 + metres * along[1]) is inside
    assert not scene.is_solid(5.0 + 1.9 * along[0], 3.0 - 1.9 * along[1]), "turned the other way it would be here"


def test_nobody_jumps_into_a_wall() -> None:
    wall = Solid(x_m=5.0, z_m=5.0, half_x_m=1.0, half_z_m=1.0, yaw_rad=0.0, height_m=3.0)
    alley = Alley(scene=Scene(msgspec.structs.replace(flat_place(), solids=(wall,)), [], [], []))
    walker = alley.join()
    visitor = alley.visitor(walker)
    before = alley.room.avatars.position_m[visitor.slot].tolist()
    with pytest.raises(ProtocolError) as refusal:
        alley.room.jump(visitor, wire.Jump(5.0, 5.5, 0.0), alley.now_s)
    assert refusal.value.code is ErrorCode.OUT_OF_RANGE
    assert alley.room.avatars.position_m[visitor.slot].tolist() == before


def test_values_do_not_change() -> None:
    with pytest.raises(AttributeError):
        plot(0, 0.0, 0.0).width_m = 5.0  # type: ignore[misc]
    assert msgspec.structs.replace(stall(0), version=2) != stall(0)
