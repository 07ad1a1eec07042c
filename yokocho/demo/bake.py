"""Light that is computed once and kept in vertex colours.

Theory: a vertex shows `albedo × (sky + lamps)`. The sky is a hemisphere (blue from above, plum from below) that nearby
boxes hide in part (ambient occlusion by proximity); a lamp falls off with the squared distance, softened near its
source, wraps a little round edges, and is hidden by boxes between it and the vertex (a few points per lamp make the
shadow soft). A shoulder keeps the brightest places below white. All of it is a handful of numpy expressions over
vertices × lamps and vertices × boxes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from yokocho.demo.mesh import Floats, Mesh, Rgb, Vec, rotation
from yokocho.demo.palette import srgb

SKY_ABOVE: Final[Rgb] = srgb(0x575E85)
SKY_BELOW: Final[Rgb] = srgb(0x342A3C)
_SHOULDER: Final = 0.55
_OFFSETS: Final = np.array([[0.11, 0.0, 0.05], [-0.09, 0.04, -0.08], [0.03, -0.05, 0.11], [-0.05, 0.02, 0.0]])


@dataclass(frozen=True, slots=True)
class Lamp:
    """A small source. `power` is roughly the brightness it gives a white surface one metre away."""

    position: Vec
    colour: Rgb
    power: float
    softness_m: float = 0.25
    reach_m: float = 12.0
    facing: Vec | None = None


@dataclass(frozen=True, slots=True)
class Blocker:
    """An axis-aligned box that hides light."""

    low: Vec
    high: Vec


@dataclass(frozen=True, slots=True)
class Frame:
    """A place on the ground: `x`, `z`, and a turn about +Y. Local +z is the front of what stands there."""

    x_m: float
    z_m: float
    yaw_rad: float

    def out(self, mesh: Mesh) -> Mesh:
        """From local to the room."""
        matrix = rotation("y", self.yaw_rad).T
        shift = np.array([self.x_m, 0.0, self.z_m])
        return replace(mesh, positions=mesh.positions @ matrix + shift, normals=mesh.normals @ matrix)

    def point(self, local: Vec) -> Vec:
        """A local point in the room."""
        p = np.array(local) @ rotation("y", self.yaw_rad).T
        return float(p[0] + self.x_m), float(p[1]), float(p[2] + self.z_m)

    def local_lamps(self, lamps: Sequence[Lamp], radius_m: float) -> list[Lamp]:
        """The lamps of the room that matter near here, in local coordinates."""
        matrix = rotation("y", self.yaw_rad)
        out = []
        for lamp in lamps:
            offset = np.array(lamp.position) - np.array([self.x_m, 0.0, self.z_m])
            if float(np.hypot(offset[0], offset[2])) > radius_m:
                continue
            p = offset @ matrix
            facing = None
            if lamp.facing is not None:
                f = np.array(lamp.facing) @ matrix
                facing = (float(f[0]), float(f[1]), float(f[2]))
            out.append(replace(lamp, position=(float(p[0]), float(p[1]), float(p[2])), facing=facing))
        return out


def blocker(centre: Vec, size: Vec) -> Blocker:
    """From centre and size."""
    c, s = np.array(centre), np.array(size) / 2
    low, high = c - s, c + s
    return Blocker((low[0], low[1], low[2]), (high[0], high[1], high[2]))


def occlusion(positions: Floats, normals: Floats, blockers: Sequence[Blocker], reach_m: float = 0.7) -> Floats:
    """Share of the sky that is left at each vertex: 1 in the open, less in corners and under shelves."""
    if not blockers:
        return np.ones(len(positions))
    low, high = np.array([b.low for b in blockers]), np.array([b.high for b in blockers])
    hidden = np.zeros(len(positions))
    probe = positions + normals * 0.03
    for lo, hi in zip(low, high, strict=True):
        nearest = np.clip(probe, lo, hi) - probe
        distance = np.sqrt(np.einsum("ij,ij->i", nearest, nearest))
        ahead = np.einsum("ij,ij->i", nearest, normals) / np.maximum(distance, 1e-3)
        near = np.clip(1.0 - distance / reach_m, 0.0, 1.0)
        share = near * near * (0.25 + 0.75 * np.clip(ahead, 0.0, 1.0)) * (ahead > -0.2)
        inside = distance < 1e-4
        hidden += np.where(inside, 1.0, share)
    return np.asarray(1.0 / (1.0 + 1.25 * hidden))


def _lit_share(positions: Floats, source: Floats, low: Floats, high: Floats) -> Floats:
    """1 where the straight line from a vertex to `source` is free of boxes, else 0."""
    ray = source - positions
    safe = np.where(np.abs(ray) < 1e-6, 1e-6, ray)
    free = np.ones(len(positions), dtype=bool)
    for lo, hi in zip(low, high, strict=True):
        a, b = (lo - positions) / safe, (hi - positions) / safe
        enter = np.minimum(a, b).max(axis=1)
        leave = np.maximum(a, b).min(axis=1)
        free &= ~((enter < leave) & (leave > 0.02) & (enter < 0.97) & (enter > 0.004))
    return free.astype(float)


def lamplight(
    positions: Floats, normals: Floats, lamps: Sequence[Lamp], blockers: Sequence[Blocker] = (), *, samples: int = 1
) -> Floats:
    """Light of the lamps at each vertex (n×3)."""
    total = np.zeros((len(positions), 3))
    low = np.array([b.low for b in blockers]).reshape(-1, 3)
    high = np.array([b.high for b in blockers]).reshape(-1, 3)
    start = positions + normals * 0.012
    for lamp in lamps:
        source = np.array(lamp.position)
        ray = source - positions
        square = np.einsum("ij,ij->i", ray, ray)
        distance = np.sqrt(square)
        cosine = np.einsum("ij,ij->i", ray, normals) / np.maximum(distance, 1e-6)
        share = np.clip((cosine + 0.22) / 1.22, 0.0, 1.0)
        if lamp.facing is not None:
            towards = -(ray @ np.array(lamp.facing)) / np.maximum(distance, 1e-6)
            share = share * np.clip(towards + 0.15, 0.0, 1.0)
        fade = np.clip(1.0 - (distance / lamp.reach_m) ** 2, 0.0, 1.0) ** 2
        strength = lamp.power * share * fade / (square + lamp.softness_m**2)
        if len(low) and samples:
            lit = sum(_lit_share(start, source + _OFFSETS[s], low, high) for s in range(samples)) / samples
            strength = strength * (0.12 + 0.88 * np.asarray(lit))
        total += strength[:, None] * np.array(lamp.colour)
    return total


def shoulder(light: Floats) -> Floats:
    """Linear in the dark, bending below one in the bright."""
    peak = light.max(axis=1, keepdims=True)
    bent = np.where(peak > _SHOULDER, _SHOULDER + (1 - _SHOULDER) * np.tanh((peak - _SHOULDER) / (1 - _SHOULDER)), peak)
    return np.asarray(light * bent / np.maximum(peak, 1e-9))


def bake(
    mesh: Mesh,
    lamps: Sequence[Lamp],
    blockers: Sequence[Blocker] = (),
    *,
    sky: Floats | float = 1.0,
    samples: int = 0,
    reach_m: float = 0.7,
) -> Mesh:
    """The mesh with light in its colours. `sky` scales the hemisphere (a number or one per vertex)."""
    if not len(mesh.positions):
        return mesh
    up = (mesh.normals[:, 1:2] + 1) / 2
    hemisphere = np.array(SKY_BELOW) * (1 - up) + np.array(SKY_ABOVE) * up
    left = occlusion(mesh.positions, mesh.normals, blockers, reach_m)[:, None]
    share = np.asarray(sky, dtype=float)
    share = share[:, None] if share.ndim else share
    warm = lamplight(mesh.positions, mesh.normals, lamps, blockers, samples=samples)
    return replace(mesh, colours=shoulder(mesh.colours * (hemisphere * share * left + warm * (0.35 + 0.65 * left))))
