"""Triangle meshes as plain arrays, and the few things one does with them.

Theory: everything in the sample alley is a `Mesh`: positions, unit normals and linear colours per vertex, and triangles
as indices. Meshes are values; every function gives a new one. Metres, +Y up, counter-clockwise fronts, as glTF.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float64]
Ints: TypeAlias = npt.NDArray[np.int64]
Rgb: TypeAlias = tuple[float, float, float]
Vec: TypeAlias = tuple[float, float, float]


@dataclass(frozen=True, slots=True, eq=False)
class Mesh:
    """Vertices (`positions`, `normals`, `colours`: n×3 each) and `triangles` (m×3)."""

    positions: Floats
    normals: Floats
    colours: Floats
    triangles: Ints

    @property
    def low(self) -> Floats:
        """Smallest corner of the bounding box."""
        return np.asarray(self.positions.min(axis=0))

    @property
    def high(self) -> Floats:
        """Largest corner of the bounding box."""
        return np.asarray(self.positions.max(axis=0))


def empty() -> Mesh:
    """A mesh of nothing."""
    none = np.zeros((0, 3))
    return Mesh(none, none, none, np.zeros((0, 3), dtype=np.int64))


def merge(meshes: Iterable[Mesh]) -> Mesh:
    """All of them as one."""
    parts = [m for m in meshes if len(m.positions)]
    if not parts:
        return empty()
    starts = np.cumsum([0] + [len(m.positions) for m in parts[:-1]])
    return Mesh(
        np.concatenate([m.positions for m in parts]),
        np.concatenate([m.normals for m in parts]),
        np.concatenate([m.colours for m in parts]),
        np.concatenate([m.triangles + s for m, s in zip(parts, starts, strict=True)]),
    )


def move(mesh: Mesh, x: float = 0.0, y: float = 0.0, z: float = 0.0) -> Mesh:
    """Shifted."""
    return replace(mesh, positions=mesh.positions + np.array([x, y, z]))


def rotation(axis: str, angle_rad: float) -> Floats:
    """The 3×3 matrix of a turn about `x`, `y` or `z` (right-handed)."""
    c, s = math.cos(angle_rad), math.sin(angle_rad)
    if axis == "x":
        return np.array([[1, 0, 0], [0, c, -s], [0, s, c]])
    if axis == "y":
        return np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]])
    return np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]])


def turn(mesh: Mesh, axis: str, angle_rad: float) -> Mesh:
    """Turned about an axis through the origin."""
    matrix = rotation(axis, angle_rad).T
    return replace(mesh, positions=mesh.positions @ matrix, normals=mesh.normals @ matrix)


def stretch(mesh: Mesh, x: float = 1.0, y: float = 1.0, z: float = 1.0) -> Mesh:
    """Scaled along the axes about the origin (positive factors)."""
    factors = np.array([x, y, z])
    return replace(mesh, positions=mesh.positions * factors, normals=unit(mesh.normals / factors))


def paint(mesh: Mesh, colour: Rgb) -> Mesh:
    """In one colour."""
    return replace(mesh, colours=np.tile(np.array(colour, dtype=float), (len(mesh.positions), 1)))


def paint_by(mesh: Mesh, colour_at: Callable[[Floats], Floats]) -> Mesh:
    """Coloured by a function of the positions (n×3 in, n×3 out)."""
    return replace(mesh, colours=np.asarray(colour_at(mesh.positions), dtype=float))


def tint(mesh: Mesh, factors: Floats | float | Rgb) -> Mesh:
    """Colours multiplied: by a number, an RGB, or one factor per vertex."""
    values = np.asarray(factors, dtype=float)
    if values.ndim == 1 and len(values) == len(mesh.positions) and len(values) != 3:
        values = values[:, None]
    return replace(mesh, colours=mesh.colours * values)


def bend(mesh: Mesh, where: Callable[[Floats], Floats]) -> Mesh:
    """Positions moved by a function; normals are made anew (smooth where vertices are shared)."""
    positions = np.asarray(where(mesh.positions), dtype=float)
    return replace(mesh, positions=positions, normals=smooth_normals(positions, mesh.triangles))


def facet(mesh: Mesh) -> Mesh:
    """Every triangle with corners of its own, flat."""
    corners = mesh.triangles.reshape(-1)
    positions = mesh.positions[corners]
    triangles = np.arange(len(corners), dtype=np.int64).reshape(-1, 3)
    colours = mesh.colours[mesh.triangles].mean(axis=1).repeat(3, axis=0)
    return Mesh(positions, smooth_normals(positions, triangles), colours, triangles)


def flip(mesh: Mesh) -> Mesh:
    """Inside out."""
    return replace(mesh, normals=-mesh.normals, triangles=mesh.triangles[:, ::-1])


def both_sides(mesh: Mesh) -> Mesh:
    """A thin sheet that is seen from both sides."""
    return merge([mesh, flip(mesh)])


def unit(vectors: Floats) -> Floats:
    """Rows scaled to length one; a row of zeros becomes +Y."""
    lengths = np.sqrt(np.einsum("...i,...i->...", vectors, vectors))[..., None]
    empty_rows = lengths < 1e-12
    if not empty_rows.any():
        return np.asarray(vectors / lengths)
    return np.asarray(np.where(empty_rows, np.array([0.0, 1.0, 0.0]), vectors / np.where(empty_rows, 1.0, lengths)))


def cross(a: Floats, b: Floats) -> Floats:
    """Cross products of rows; far cheaper than numpy's own on small arrays."""
    out = np.empty_like(a)
    out[:, 0] = a[:, 1] * b[:, 2] - a[:, 2] * b[:, 1]
    out[:, 1] = a[:, 2] * b[:, 0] - a[:, 0] * b[:, 2]
    out[:, 2] = a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]
    return out


def smooth_normals(positions: Floats, triangles: Ints) -> Floats:
    """Normals averaged over the triangles that share a vertex, weighted by area."""
    a, b, c = (positions[triangles[:, i]] for i in range(3))
    faces = cross(b - a, c - a)
    sums = np.zeros_like(positions)
    for axis in range(3):
        for corner in range(3):
            sums[:, axis] += np.bincount(triangles[:, corner], weights=faces[:, axis], minlength=len(positions))
    return unit(sums)


def signed_volume(mesh: Mesh) -> float:
    """Volume of a closed mesh; negative when it is inside out."""
    a, b, c = (mesh.positions[mesh.triangles[:, i]] for i in range(3))
    return float(np.einsum("ij,ij->", a, cross(b, c)) / 6.0)


def prune(mesh: Mesh) -> Mesh:
    """Without triangles that have no area (poles of lathes, closed tips) and vertices that nothing uses."""
    a, b, c = (mesh.positions[mesh.triangles[:, i]] for i in range(3))
    area = np.linalg.norm(cross(b - a, c - a), axis=1)
    triangles = mesh.triangles[area > 1e-11]
    used = np.zeros(len(mesh.positions), dtype=bool)
    used[triangles.reshape(-1)] = True
    index = np.cumsum(used) - 1
    return Mesh(mesh.positions[used], mesh.normals[used], mesh.colours[used], index[triangles])


def stand(meshes: list[Mesh]) -> list[Mesh]:
    """Moved together so that the whole is centred on x and z and stands on y = 0."""
    low = np.min([m.low for m in meshes], axis=0)
    high = np.max([m.high for m in meshes], axis=0)
    middle = (low + high) / 2
    return [move(m, -float(middle[0]), -float(low[1]), -float(middle[2])) for m in meshes]
