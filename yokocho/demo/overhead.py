"""What hangs above the lane: wires, strings of paper lanterns, and a few power lines that sag from house to house."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from yokocho.demo.bake import Lamp
from yokocho.demo.mesh import Floats, Mesh, Rgb, Vec, merge
from yokocho.demo.palette import CEDAR_DARK, IRON, LAMP, LAMP_PALE, LAMP_RED, mix
from yokocho.demo.plan import HALF_WIDTH_M, SQUARE_X, middle_x
from yokocho.demo.shapes import box, tube
from yokocho.demo.timber import lantern, shift

_CROSSINGS: Final = (20.6, 17.3, 14.0, 10.7, 7.4, -6.6, -9.6, -12.6, -15.6, -18.8)
_COLOURS: Final[tuple[Rgb, ...]] = (LAMP, mix(LAMP_RED, LAMP, 0.25), LAMP_PALE)


@dataclass(frozen=True, slots=True)
class Hanging:
    """A lantern over the lane, by its hook."""

    place: Vec
    kind: str
    colour: Rgb
    size: float


def _strings() -> list[Floats]:
    """Every string of lanterns as its two ends."""
    out = []
    for number, z in enumerate(_CROSSINGS):
        x = float(middle_x(z))
        slant = 0.9 * math.sin(number * 2.3)
        out.append(np.array([[x - HALF_WIDTH_M + 0.1, 4.35, z - slant], [x + HALF_WIDTH_M - 0.1, 4.35, z + slant]]))
    tree = (4.55, 4.1, 0.35)
    for x, z in ((-1.75, 3.4), (-1.75, -2.9), (SQUARE_X - 0.2, 3.9), (SQUARE_X - 0.2, -3.9)):
        out.append(np.array([[x, 4.5, z], tree]))
    return out


def sagging(ends: Floats, count: int, share: float = 0.05) -> Floats:
    """A wire between two points that hangs through by a share of its length."""
    t = np.linspace(0, 1, count)[:, None]
    line = ends[0] + (ends[1] - ends[0]) * t
    line[:, 1] -= float(np.linalg.norm(ends[1] - ends[0])) * share * 4 * (t * (1 - t))[:, 0]
    return np.asarray(line)


def hangings() -> list[Hanging]:
    """Every lantern over the lane and the square."""
    out = []
    for number, ends in enumerate(_strings()):
        count = 3
        line = sagging(ends, 101)
        for k in range(count):
            share = (k + 0.5) / count if number < len(_CROSSINGS) else (k + 0.6) / (count + 0.6)
            p = line[round(share * 100)]
            kind = "round" if (k + number) % 2 else "tall"
            place = (float(p[0]), float(p[1]), float(p[2]))
            out.append(Hanging(place, kind, _COLOURS[(k + 2 * number) % 3], 0.85 + 0.1 * ((k * 7 + number * 3) % 3)))
    return out


def hanging_lamps() -> list[Lamp]:
    """Their light."""
    return [Lamp((h.place[0], h.place[1] - 0.25, h.place[2]), h.colour, 0.24, 0.3, 7.0) for h in hangings()]


def build_overhead(low_z: float, high_z: float) -> tuple[Mesh, Mesh]:
    """(wires and fittings, glowing paper) between two z."""
    dark, glow = [], []
    for ends in _strings():
        if low_z <= float(ends[:, 1 + 1].mean()) < high_z:
            dark.append(tube(sagging(ends, 6), 0.008, IRON, sides=3, caps=False))
    for h in hangings():
        if low_z <= h.place[2] < high_z:
            paper, fittings = shift(lantern(h.kind, h.colour, size=h.size), h.place)
            glow.append(paper)
            dark.append(fittings)
    dark += _power_lines(low_z, high_z)
    return merge(dark), merge(glow)


def _power_lines(low_z: float, high_z: float) -> list[Mesh]:
    """Wires along the lane from post to post, on the left above the eaves, and the posts' arms."""
    posts = [19.5, 12.9, 5.8, -0.9, -8.4, -15.6, -22.0]
    out = []
    for z in posts:
        if low_z <= z < high_z:
            x = float(middle_x(z)) - HALF_WIDTH_M + 0.25
            out.append(box((x, 5.0, z), (0.5, 0.06, 0.06), CEDAR_DARK))
            out += [
                box((x + dx, 5.06, z), (0.05, 0.08, 0.05), mix(CEDAR_DARK, (0.6, 0.6, 0.6), 0.5)) for dx in (0.05, 0.2)
            ]
    for a, b in pairwise(posts):
        if not low_z <= (a + b) / 2 < high_z:
            continue
        for dx in (0.05, 0.2):
            ends = np.array([[float(middle_x(z)) - HALF_WIDTH_M + 0.25 + dx, 5.1, z] for z in (a, b)])
            out.append(tube(sagging(ends, 6, 0.03), 0.009, IRON, sides=3, caps=False))
    return out
