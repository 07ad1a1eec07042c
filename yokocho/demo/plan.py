"""The ground plan: how the lane runs, and what stands where along its edges.

Theory: the lane's middle is a gentle S in x over z, from the gate at z = +23 to the terrace at z = -23. Its edges are
that line shifted by half the width; on the right the edge steps back around a small square. Along each edge stand
fronts, one after the other; each gets a frame whose +z looks out to the lane.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from yokocho.demo.bake import Frame
from yokocho.demo.houses import WALLS, House
from yokocho.demo.mesh import Floats

HALF_WIDTH_M: Final = 1.8
START_Z: Final = 23.0
END_Z: Final = -23.0
SQUARE_Z: Final = 4.4
SQUARE_X: Final = 7.4
BEND_M: Final = 1.15


@dataclass(frozen=True, slots=True)
class Front:
    """A house front in its place; `craft` names the stall below it, if any."""

    house: House
    frame: Frame
    craft: str | None
    seed: int


def middle_x(z: float | Floats) -> Floats:
    """The lane's middle line."""
    return np.asarray(BEND_M * np.sin(np.pi * np.asarray(z) / 23.0))


def edge(side: int, z: float) -> tuple[float, float]:
    """A point of the lane's edge: side -1 is left (west), +1 right (east) when one walks in."""
    return float(middle_x(z)) + side * HALF_WIDTH_M, z


_LEFT: Final = (
    ("lattice", 2.9, "lattice", None),
    ("stall", 3.42, "window", "lanterns"),
    ("door", 3.6, "rail", None),
    ("stall", 3.42, "boards", "knives"),
    ("plaster", 4.3, "window", None),
    ("stall", 3.42, "lattice", "books"),
    ("lattice", 3.2, "rail", None),
    ("stall", 3.42, "window", "toys"),
    ("boards", 4.2, "boards", None),
    ("stall", 3.42, "lattice", "candles"),
    ("door", 3.6, "window", None),
    ("stall", 3.42, "rail", "umbrellas"),
    ("plaster", 9.9, "window", None),
)
_RIGHT_IN: Final = (
    ("door", 5.2, "window", None),
    ("stall", 3.42, "lattice", "pottery"),
    ("boards", 3.4, "rail", None),
    ("stall", 3.42, "window", "baskets"),
    ("lattice", 9.9, "boards", None),
)
_SQUARE_NEAR: Final = (("lattice", 9.9, "window", None),)
_SQUARE_BACK: Final = (
    ("stall", 3.42, "rail", "tea"),
    ("door", 1.96, "boards", None),
    ("stall", 3.42, "lattice", "chimes"),
)
_SQUARE_FAR: Final = (("door", 3.3, "rail", None), ("lattice", 9.9, "lattice", None))
_RIGHT_OUT: Final = (
    ("plaster", 2.5, "window", None),
    ("stall", 3.42, "rail", "indigo"),
    ("door", 4.1, "window", None),
    ("stall", 3.42, "boards", "miso"),
    ("lattice", 9.9, "rail", None),
)


def _walk(points: Floats, length_m: float, at: float) -> tuple[Floats, float]:
    """The point `length_m` further along a polyline (straight distance from the point at parameter `at`)."""
    start = _along(points, at)
    low, high = at, float(len(points) - 1)
    if float(np.linalg.norm(_along(points, high) - start)) <= length_m:
        return _along(points, high), high
    for _ in range(40):
        middle = (low + high) / 2
        if float(np.linalg.norm(_along(points, middle) - start)) < length_m:
            low = middle
        else:
            high = middle
    return _along(points, low), low


def _along(points: Floats, at: float) -> Floats:
    k = min(int(at), len(points) - 2)
    return np.asarray(points[k] + (points[k + 1] - points[k]) * (at - k))


def _fronts(
    points: Floats, units: tuple[tuple[str, float, str, str | None], ...], flip: bool, seed: int
) -> list[Front]:
    """Place units along an edge; `flip` when the lane lies to the left of the walking direction."""
    out = []
    at = 0.0
    for number, (kind, width, upper, craft) in enumerate(units):
        start = _along(points, at)
        end, at = _walk(points, width, at)
        middle = (start + end) / 2
        ahead = end - start
        span = float(np.linalg.norm(ahead))
        facing = np.array([ahead[1], -ahead[0]]) if flip else np.array([-ahead[1], ahead[0]])
        yaw = math.atan2(float(facing[0]), float(facing[1]))
        rng = np.random.default_rng(seed * 100 + number)
        eave = 4.75 + 0.16 * float(rng.integers(0, 5))
        house = House(kind, span + 0.02, eave, upper, WALLS[int(rng.integers(len(WALLS)))])
        out.append(Front(house, Frame(float(middle[0]), float(middle[1]), yaw), craft, seed * 100 + number))
    return out


def _edge_line(side: int, z0: float, z1: float) -> Floats:
    return np.array([edge(side, float(z)) for z in np.linspace(z0, z1, 60)])


def all_fronts() -> list[Front]:
    """Every front of the alley, walking in on the left, then on the right."""
    near, far = edge(1, SQUARE_Z), edge(1, -SQUARE_Z)
    corner_near, corner_far = (SQUARE_X, SQUARE_Z), (SQUARE_X, -SQUARE_Z)
    return [
        *_fronts(_edge_line(-1, START_Z, END_Z), _LEFT, False, 1),
        *_fronts(_edge_line(1, START_Z, SQUARE_Z), _RIGHT_IN, True, 2),
        *_fronts(np.array([near, corner_near]), _SQUARE_NEAR, True, 3),
        *_fronts(np.array([corner_near, corner_far]), _SQUARE_BACK, True, 4),
        *_fronts(np.array([corner_far, far]), _SQUARE_FAR, True, 5),
        *_fronts(_edge_line(1, -SQUARE_Z, END_Z), _RIGHT_OUT, True, 6),
    ]
