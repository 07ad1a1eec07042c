"""What stands in an alley: plots, the stalls on them, and the exhibits that the stalls show.

Theory: a room is a flat, right-handed, +Y-up place in metres. Its *environment* (lane, houses, lanterns) is a list of
assets; on its plots stand stalls; a stall shows exhibits. Everything that has a place has a `Transform` relative to the
room. Values here are immutable: an edit makes a new value and a higher `version`, so that a snapshot which a visitor
holds can be compared by number alone.

Visitors do not get the whole room: they get the *directory* (one line per stall) at once and the content of a *scene
cell* (a square of `SCENE_CELL_M`) when they come near. Two snapshots of one cell with equal versions are equal.

Texts that people read are `Text`: a language tag to string mapping with at least English.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias, TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from world.errors import WorldFault

SCENE_CELL_M: Final = 16.0
"""Side of the square in which scene content is sent to visitors."""

SCENE_RADIUS_CELLS: Final = 2
"""A visitor holds the scene cells within this Chebyshev distance of their own."""

Text: TypeAlias = dict[str, str]
"""BCP 47 language tag to text; `en` is always there."""

Vec3: TypeAlias = tuple[float, float, float]
"""x, y, z in metres."""

Quat: TypeAlias = tuple[float, float, float, float]
"""Unit quaternion x, y, z, w, as in glTF."""

CellKey: TypeAlias = tuple[int, int]
"""Column (x) and row (z) of a scene cell."""


class Transform(msgspec.Struct, frozen=True, array_like=True):
    """Place, turn and uniform scale relative to the room."""

    position_m: Vec3 = (0.0, 0.0, 0.0)
    rotation: Quat = (0.0, 0.0, 0.0, 1.0)
    scale: float = 1.0


class AssetRef(msgspec.Struct, frozen=True, array_like=True):
    """A content-addressed file that the instance serves at `/assets/<sha256>.<suffix>`."""

    sha256: str
    suffix: str
    size_bytes: int


class Placement(msgspec.Struct, frozen=True, array_like=True):
    """An asset of the environment and where it stands. `layer` tells the client how to treat it.

    Layers: `ground` (wet, mirrored), `house`, `glow` (emissive, is mirrored in the ground), `far` (dropped at low
    quality).
    """

    asset: AssetRef
    transform: Transform
    layer: str


class Solid(msgspec.Struct, frozen=True, array_like=True):
    """A box that nobody walks through: centre, half extents, turned by `yaw_rad` about +Y, ground to `height_m`."""

    x_m: float
    z_m: float
    half_x_m: float
    half_z_m: float
    yaw_rad: float
    height_m: float


class Lantern(msgspec.Struct, frozen=True, array_like=True):
    """A lamp: the client draws its glow. Colour is 0xRRGGBB; `radius_m` is the radius of the glow."""

    position_m: Vec3
    colour: int
    radius_m: float


class Spawn(msgspec.Struct, frozen=True, array_like=True):
    """A place where visitors arrive, looking along `yaw_rad` (0 looks along -Z, positive turns left)."""

    position_m: Vec3
    yaw_rad: float


class Seat(msgspec.Struct, frozen=True, array_like=True):
    """A place to sit: on the seat, looking along `yaw_rad`."""

    position_m: Vec3
    yaw_rad: float


class Room(msgspec.Struct, frozen=True, array_like=True):
    """One alley without its stalls."""

    id: str
    title: Text
    about: Text
    bounds_min_m: Vec3
    bounds_max_m: Vec3
    spawns: tuple[Spawn, ...]
    environment: tuple[Placement, ...]
    solids: tuple[Solid, ...]
    lanterns: tuple[Lantern, ...]
    seats: tuple[Seat, ...]
    version: int


class Plot(msgspec.Struct, frozen=True, array_like=True):
    """A piece of ground for one stall: `width_m` along local x, `depth_m` along local z; the front faces local +z."""

    id: str
    transform: Transform
    width_m: float
    depth_m: float


class Stall(msgspec.Struct, frozen=True, array_like=True):
    """One family's shop on a plot.

    `front` is where a visitor stands to look in; `sign` and `noren` are where the client letters the name (the
    sign board is `sign_size_m` wide and high). `accent` is the colour of the noren, 0xRRGGBB.
    """

    id: str
    plot_id: str
    name: Text
    craft: Text
    maker: str
    about: Text
    accent: int
    assets: tuple[Placement, ...]
    front: Spawn
    sign: Transform
    sign_size_m: tuple[float, float]
    solids: tuple[Solid, ...]
    lanterns: tuple[Lantern, ...]
    version: int


class Exhibit(msgspec.Struct, frozen=True, array_like=True):
    """One piece on show. `price_minor` is in the currency's minor unit (ISO 4217); None means not for sale."""

    id: str
    stall_id: str
    position: int
    title: Text
    about: Text
    materials: Text
    price_minor: int | None
    currency: str
    size_cm: Vec3
    asset: AssetRef
    transform: Transform
    version: int


class StallEntry(msgspec.Struct, frozen=True, array_like=True):
    """A line of the directory: enough to find a stall and to name it."""

    id: str
    name: Text
    craft: Text
    maker: str
    accent: int
    front: Spawn
    exhibit_count: int


class SceneCell(msgspec.Struct, frozen=True, array_like=True):
    """The stalls whose plot's origin lies in one scene cell, with all their exhibits, so that no stall is ever split.

    `version` is the highest version inside, 0 when empty.
    """

    column: int
    row: int
    version: int
    stalls: tuple[Stall, ...]
    exhibits: tuple[Exhibit, ...]


_OFFSETS: Final = range(-SCENE_RADIUS_CELLS, SCENE_RADIUS_CELLS + 1)
_SQUARE: Final = sorted(
    ((dx, dz) for dx in _OFFSETS for dz in _OFFSETS), key=lambda offset: (max(map(abs, offset)), offset)
)


def cell_of(position_m: Vec3) -> CellKey:
    """The scene cell that holds a position."""
    return math.floor(position_m[0] / SCENE_CELL_M), math.floor(position_m[2] / SCENE_CELL_M)


def cells_of(positions_m: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Columns and rows of the scene cells that hold positions of shape (n, 3)."""
    cells = np.floor(positions_m[:, (0, 2)] / SCENE_CELL_M).astype(np.int64)
    return cells[:, 0], cells[:, 1]


def cells_around(cell: CellKey) -> Iterator[CellKey]:
    """The cells a visitor standing in `cell` holds, nearest first."""
    return ((cell[0] + dx, cell[1] + dz) for dx, dz in _SQUARE)


class Scene:
    """One alley with everything in it, ready to be handed out cell by cell.

    Args:
        room: the alley's static part.
        plots, stalls, exhibits: what stands in it.

    Raises:
        WorldFault: a stall without its plot, an exhibit without its stall, an id that is there twice.
    """

    def __init__(self, room: Room, plots: Iterable[Plot], stalls: Iterable[Stall], exhibits: Iterable[Exhibit]) -> None:
        self.room = room
        self.plots: Final = _by_id(plots)
        self.stalls: Final = _by_id(stalls)
        self.exhibits: Final = _by_id(exhibits)
        shown: dict[str, list[Exhibit]] = {stall: [] for stall in self.stalls}
        for exhibit in self.exhibits.values():
            if exhibit.stall_id not in shown:
                raise WorldFault(f"exhibit {exhibit.id} has no stall {exhibit.stall_id}")
            shown[exhibit.stall_id].append(exhibit)
        for row in shown.values():
            row.sort(key=lambda exhibit: (exhibit.position, exhibit.id))
        standing: dict[CellKey, list[Stall]] = {}
        for stall in self.stalls.values():
            if stall.plot_id not in self.plots:
                raise WorldFault(f"stall {stall.id} has no plot {stall.plot_id}")
            standing.setdefault(cell_of(self.plots[stall.plot_id].transform.position_m), []).append(stall)
        self._cells: dict[CellKey, SceneCell] = {}
        for (column, row_number), stalls_here in standing.items():
            exhibits_here = tuple(exhibit for stall in stalls_here for exhibit in shown[stall.id])
            versions = [stall.version for stall in stalls_here] + [exhibit.version for exhibit in exhibits_here]
            cell = SceneCell(column, row_number, max(versions), tuple(stalls_here), exhibits_here)
            self._cells[(column, row_number)] = cell
        self._solids = (*room.solids, *(solid for stall in self.stalls.values() for solid in stall.solids))
        self._counts = {stall: len(row) for stall, row in shown.items()}

    def directory(self) -> list[StallEntry]:
        """One line per stall, in the order of their plots."""
        return [
            StallEntry(
                stall.id, stall.name, stall.craft, stall.maker, stall.accent, stall.front, self._counts[stall.id]
            )
            for stall in sorted(self.stalls.values(), key=lambda stall: stall.plot_id)
        ]

    def names(self) -> Iterator[str]:
        """What the stalls and their makers are called, in every language."""
        for stall in self.stalls.values():
            yield stall.maker
            yield from stall.name.values()

    def is_solid(self, x_m: float, z_m: float) -> bool:
        """Whether a point on the ground lies inside one of the solids."""
        return any(_covers(solid, x_m, z_m) for solid in self._solids)

    def news(self, position_m: Vec3, held: dict[CellKey, int]) -> list[SceneCell]:
        """The cells that a visitor at a position lacks or holds in an older version, nearest first.

        `held` maps the cells that the visitor has to their versions.
        """
        near = (self._cells.get(key) for key in cells_around(cell_of(position_m)))
        return [cell for cell in near if cell is not None and held.get((cell.column, cell.row), -1) < cell.version]


def _covers(solid: Solid, x_m: float, z_m: float) -> bool:
    """Whether a solid's footprint covers a point: the point, turned into the solid's own axes, is within its halves."""
    dx_m, dz_m = x_m - solid.x_m, z_m - solid.z_m
    cos, sin = math.cos(solid.yaw_rad), math.sin(solid.yaw_rad)
    along_x_m, along_z_m = dx_m * cos - dz_m * sin, dx_m * sin + dz_m * cos
    return abs(along_x_m) < solid.half_x_m and abs(along_z_m) < solid.half_z_m


T = TypeVar("T", Plot, Stall, Exhibit)


def _by_id(things: Iterable[T]) -> dict[str, T]:
    found: dict[str, T] = {}
    for thing in things:
        if thing.id in found:
            raise WorldFault(f"{type(thing).__name__.lower()} {thing.id} is there twice")
        found[thing.id] = thing
    return found
