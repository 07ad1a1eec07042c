"""What the crafts share: materials, places, and how a piece is put together."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from yokocho.demo.glb import Material, Part
from yokocho.demo.mesh import Floats, Mesh, Rgb, Vec, merge, move, prune, stand, stretch, turn
from yokocho.demo.shapes import ripple
from yokocho.demo.stalls import BEAM_Y, BEAM_Z, COUNTER_Y, GLOW, SHELF_Z, SHELVES_Y, STEP_Y, STEP_Z, Piece

GLAZE: Final = Material("glaze", roughness=0.22)
CLAY: Final = Material("clay", roughness=0.78)
WOOD: Final = Material("wood", roughness=0.62)
LACQUER: Final = Material("lacquer", roughness=0.24)
CLOTH: Final = Material("cloth", roughness=0.95, double_sided=True)
PAPER_SKIN: Final = Material("paper", roughness=0.88, double_sided=True)
BAMBOO_SKIN: Final = Material("bamboo", roughness=0.5)
STEEL_SKIN: Final = Material("steel", roughness=0.28, metallic=0.5)
IRON_SKIN: Final = Material("cast iron", roughness=0.5, metallic=0.35)
WAX_SKIN: Final = Material("wax", roughness=0.45)
GLASS: Final = Material("glass", roughness=0.06, double_sided=True, opacity=0.38)
LIT: Final = GLOW

COUNTER_Z: Final = -0.33
REST_M: Final = 0.003
"""Gap between a piece and the board it stands on, so that the two never flicker."""


def counter(x: float, z: float = COUNTER_Z, lift: float = 0.0) -> Vec:
    """A place on the counter."""
    return x, COUNTER_Y + REST_M + lift, z


def step(x: float, lift: float = 0.0) -> Vec:
    """A place on the step behind the counter."""
    return x, STEP_Y + REST_M + lift, (STEP_Z[0] + STEP_Z[1]) / 2


def hung(x: float, height_m: float, z: float = BEAM_Z, drop: float = 0.0) -> Vec:
    """The foot of something that hangs from the beam and is `height_m` high."""
    return x, BEAM_Y - 0.015 - drop - height_m, z


def shelf(level: int, z: float = 0.0) -> tuple[float, float]:
    """Height and depth of the middle of a shelf."""
    return SHELVES_Y[level], (SHELF_Z[0] + SHELF_Z[1]) / 2 + z


def piece(key: str, at: Vec, parts: Sequence[tuple[Mesh, Material]], yaw_deg: float = 0.0) -> Piece:
    """An exhibit, centred and standing on its origin."""
    meshes = stand([prune(m) for m, _ in parts])
    made = tuple(Part(m, material) for m, (_, material) in zip(meshes, parts, strict=True))
    return Piece(key, made, at, math.radians(yaw_deg))


def height_of(meshes: Sequence[Mesh]) -> float:
    """How high they are together."""
    return float(max(m.high[1] for m in meshes) - min(m.low[1] for m in meshes))


def row(
    make: Callable[[np.random.Generator, int], Mesh],
    rng: np.random.Generator,
    level: int,
    xs: Sequence[float],
    *,
    z: float = 0.0,
    grow: float = 1.42,
) -> Mesh:
    """Things of the background in a row on a shelf, each turned a little."""
    y, depth = shelf(level)
    parts = []
    for number, x in enumerate(xs):
        mesh = turn(make(rng, number), "y", float(rng.uniform(-0.3, 0.3)))
        mesh = stretch(mesh, grow, grow, grow)
        parts.append(move(mesh, x + float(rng.uniform(-0.015, 0.015)), y + 0.002, depth + z))
    return merge(parts)


def spread(count: int, half_m: float = 1.35, gap_m: float = 0.0) -> list[float]:
    """`count` places from left to right; `gap_m` keeps the uprights of the shelves free."""
    xs = np.linspace(-half_m, half_m, count)
    if gap_m > 0:
        for post in (-0.5, 0.5):
            near = np.abs(xs - post) < gap_m
            xs = np.where(near, post + np.where(xs >= post, gap_m, -gap_m), xs)
    return [float(x) for x in xs]


def speckle(positions: Floats, colour: Rgb | Floats, amount: float, scale_m: float = 0.02, seed: float = 0.0) -> Floats:
    """A colour made lively by smooth noise."""
    base = np.broadcast_to(np.asarray(colour, dtype=float), positions.shape)
    return np.asarray(base * (1.0 + amount * ripple(positions, scale_m, seed))[:, None])


def blend(a: Floats, b: Floats, share: Floats) -> Floats:
    """From a to b, per vertex."""
    return np.asarray(a + (b - a) * np.clip(share, 0, 1)[:, None])
