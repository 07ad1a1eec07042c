"""The wet ground: flagstones that tile the lane and the square without a gap.

Theory: the ground is a net of rows across the lane. Each cell is one stone: a flat top and a bevel down to the joint,
whose corners neighbours share, so that there is no hole to see through. Stones differ in tone and in wetness; wetness
darkens stone and shows as bluish sky. Warm pools under lamps are baked in.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import numpy as np

from yokocho.demo.bake import Lamp, lamplight, shoulder
from yokocho.demo.mesh import Floats, Mesh
from yokocho.demo.palette import srgb
from yokocho.demo.plan import END_Z, HALF_WIDTH_M, SQUARE_X, SQUARE_Z, START_Z, middle_x

JOINT_M: Final = 0.014
ROW_M: Final = 0.86
_TUCK_M: Final = 0.25


def _row_cuts(rng: np.random.Generator, low: float, high: float) -> Floats:
    """Where the joints of one row lie, from gutter to gutter."""
    cuts = [low, low + _TUCK_M + 0.16]
    while cuts[-1] < high - _TUCK_M - 0.9:
        cuts.append(cuts[-1] + float(rng.uniform(0.55, 1.2)))
    cuts.append(high - _TUCK_M - 0.16)
    cuts.append(high)
    return np.array(cuts)


def _stones(rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Corners of every stone on the ground (n×4×2, x and z) and whether it is part of the gutter (n)."""
    rows = np.arange(START_Z + 1.7, END_Z - 2.0, -ROW_M)
    corners, gutter = [], []
    for z1, z0 in pairwise(rows):
        middle = (z0 + z1) / 2
        wide = abs(middle) < SQUARE_Z + 0.1
        low = -HALF_WIDTH_M - _TUCK_M
        high = HALF_WIDTH_M + _TUCK_M if not wide else SQUARE_X - float(middle_x(middle)) + _TUCK_M
        cuts = _row_cuts(rng, low, high)
        for number, (u0, u1) in enumerate(pairwise(cuts)):
            x = [float(middle_x(z1)), float(middle_x(z0))]
            corners.append([(u0 + x[0], z1), (u0 + x[1], z0), (u1 + x[1], z0), (u1 + x[0], z1)])
            gutter.append(number in (0, len(cuts) - 2))
    return np.array(corners), np.array(gutter)


def paving(lamps: list[Lamp]) -> Mesh:
    """The ground with its light."""
    rng = np.random.default_rng(7)
    outer, gutter = _stones(rng)
    count = len(outer)
    centre = outer.mean(axis=1, keepdims=True)
    reach = np.linalg.norm(outer - centre, axis=2, keepdims=True)
    inner = centre + (outer - centre) * (1 - 0.026 / np.maximum(reach, 0.1))
    tone = np.where(gutter[:, None], np.array(srgb(0x3A3E46)), np.array(srgb(0x7B7C82)))
    tone = tone * (1 + 0.22 * rng.uniform(-1, 1, (count, 1))) * (1 + 0.05 * rng.uniform(-1, 1, (count, 3)))
    level = np.where(gutter, -0.02, 0.0) + rng.uniform(-0.004, 0.002, count)
    tops = np.concatenate([inner[..., :1], np.broadcast_to(level[:, None, None], (count, 4, 1)), inner[..., 1:]], -1)
    feet = np.concatenate([outer[..., :1], np.full((count, 4, 1), -JOINT_M - 0.012), outer[..., 1:]], -1)
    tilt = rng.normal(0, 0.012, (count, 1, 2))
    up = np.concatenate([np.broadcast_to(tilt, (count, 4, 2)), np.ones((count, 4, 1))], -1)[..., [0, 2, 1]]
    lean = np.concatenate([(outer - centre) * 1.2, np.full((count, 4, 1), 0.8)], -1)[..., [0, 2, 1]]
    positions = np.concatenate([tops, feet], axis=1).reshape(-1, 3)
    normals = np.concatenate([up, lean], axis=1).reshape(-1, 3)
    normals = normals / np.linalg.norm(normals, axis=1, keepdims=True)
    wet = np.repeat(np.clip(rng.normal(0.55, 0.25, count), 0, 1), 8)
    albedo = np.repeat(tone, 8, axis=0) * np.tile(np.array([1, 1, 1, 1, 0.35, 0.35, 0.35, 0.35]), count)[:, None]
    base = 8 * np.arange(count)[:, None]
    top = np.array([[0, 2, 1], [0, 3, 2]])
    sides = [[k, 4 + (k + 1) % 4, 4 + k] for k in range(4)] + [[k, (k + 1) % 4, 4 + (k + 1) % 4] for k in range(4)]
    order = np.concatenate([top, np.array(sides)])
    triangles = (base[:, :, None] + order[None]).reshape(-1, 3)
    mesh = Mesh(positions, normals, albedo, triangles)
    faces = np.cross(
        positions[triangles[0, 1]] - positions[triangles[0, 0]], positions[triangles[0, 2]] - positions[triangles[0, 0]]
    )
    if faces[1] < 0:
        mesh = Mesh(positions, normals, albedo, triangles[:, ::-1])
    return _light(mesh, lamps, wet)


def _light(mesh: Mesh, lamps: list[Lamp], wet: Floats) -> Mesh:
    """Sky in the wet, warm pools from the lamps: both spread wider on wet stone."""
    straight = np.zeros_like(mesh.normals)
    straight[:, 1] = 1.0
    warm = lamplight(mesh.positions, mesh.normals * 0.6 + straight * 0.4, lamps)
    openness = np.clip(0.45 + 0.25 * (np.abs(mesh.positions[:, 2]) < SQUARE_Z), 0, 1)[:, None]
    sky = np.array(srgb(0x5A5F95)) * openness
    gloss = (0.25 + 0.75 * wet)[:, None]
    light = mesh.colours * (sky * 0.55 + warm * (0.75 + 0.9 * gloss))
    light += np.array(srgb(0x3A3A66)) * 0.16 * gloss * openness + warm * 0.10 * gloss
    return Mesh(mesh.positions, mesh.normals, shoulder(light), mesh.triangles)
