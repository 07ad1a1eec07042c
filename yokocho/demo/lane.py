"""The lane as files: houses, overhead, square, paving and horizon, cut into a few pieces and lit.

Theory: the client culls whole pieces, so the lane is cut by z into three stretches; each stretch has one primitive of
houses and one of glow. Light comes from every lamp nearby, the stalls' included; eaves shade what is below them.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from world import scene
from yokocho.demo import square
from yokocho.demo.bake import Frame, Lamp, bake, blocker
from yokocho.demo.glb import Material
from yokocho.demo.horizon import GATE_Z, RAIL_Z, gate, terrace, town
from yokocho.demo.houses import build_house
from yokocho.demo.mesh import Mesh, Rgb, Vec, merge, prune
from yokocho.demo.overhead import build_overhead, hanging_lamps, hangings
from yokocho.demo.palette import LAMP, LAMP_PALE, mix
from yokocho.demo.paving import paving
from yokocho.demo.plan import END_Z, Front, middle_x
from yokocho.demo.seen import seen_from
from yokocho.demo.stalls import BAKED, DEPTH_M, GLOW
from yokocho.demo.timber import lantern, shift

WET: Final = Material("wet stone", roughness=0.3, unlit=True)
STRETCHES: Final = (("near", 8.0, 99.0), ("middle", -8.0, 8.0), ("end", -99.0, -8.0))
_ACROSS_LANE_M: Final = 4.0
_ACROSS_SQUARE_M: Final = 9.5
_NEAR_SQUARE_M: Final = 6.2
_GATE_LANTERNS: Final[tuple[Vec, ...]] = ((-1.0, 2.45, GATE_Z - 0.45), (1.0, 2.45, GATE_Z - 0.45))
_END_LANTERNS: Final[tuple[Vec, ...]] = ((-1.35, 2.35, END_Z + 0.3), (1.6, 2.35, END_Z + 0.3))


@dataclass(frozen=True, slots=True, eq=False)
class LanePart:
    """One file of the environment."""

    name: str
    mesh: Mesh
    material: Material
    layer: str


def street_lamps() -> list[Lamp]:
    """Every lamp that belongs to the lane itself."""
    lamps = hanging_lamps()
    warm = mix(LAMP, LAMP_PALE, 0.3)
    lamps += [Lamp((x, y - 0.25, z), warm, 0.3, 0.25, 7.0) for x, y, z in (*_GATE_LANTERNS, *_END_LANTERNS)]
    x, _, z = square.STONE_LAMP
    lamps.append(Lamp((x, 1.08, z), warm, 0.3, 0.2, 5.0))
    tree = square.TREE
    lamps.append(Lamp((tree[0] - 1.0, 0.5, tree[2] + 0.6), warm, 0.5, 0.5, 6.0))
    return lamps


def _houses(fronts: list[Front], lamps: list[Lamp]) -> tuple[Mesh, Mesh]:
    dark, glow = [], []
    for front in fronts:
        house = front.house
        walls, windows = build_house(house, front.seed)
        across = _ACROSS_SQUARE_M if abs(front.frame.z_m) < _NEAR_SQUARE_M else _ACROSS_LANE_M
        walls = prune(seen_from(walls, (-14.0, -2.4, 0.1), (14.0, 2.4, across)))
        cover = [
            blocker((0, 2.68, 0.24), (house.width_m, 0.16, 0.72)),
            blocker((0, house.eave_m + 0.1, 0.1), (house.width_m, 0.16, 0.8)),
        ]
        if house.kind != "stall":
            cover.append(blocker((0, -0.2, 0.5), (house.width_m, 0.4, 1.4)))
        sky = 1.0 + 0.7 * np.clip((walls.positions[:, 1] - 1.0) / 4.0, 0, 1)
        near = front.frame.local_lamps(lamps, 8.0)
        dark.append(front.frame.out(bake(walls, near, cover, sky=sky, reach_m=0.8)))
        glow.append(front.frame.out(windows))
    return merge(dark), merge(glow)


def build_lane(fronts: list[Front], lamps: list[Lamp]) -> list[LanePart]:
    """Every file of the environment, in a fixed order."""
    parts = [LanePart("paving", paving(lamps), WET, "ground")]
    for name, low, high in STRETCHES:
        here = [f for f in fronts if low <= f.frame.z_m < high]
        walls, windows = _houses(here, lamps)
        wires, lanterns = build_overhead(low, high)
        extra, glowing = _extras(name)
        near = [lamp for lamp in lamps if low - 8 < lamp.position[2] < high + 8]
        lit = bake(merge([wires, *extra]), near, sky=0.8)
        parts.append(LanePart(f"houses {name}", merge([walls, lit]), BAKED, "house"))
        parts.append(LanePart(f"lights {name}", merge([windows, lanterns, *glowing]), GLOW, "glow"))
    parts.append(LanePart("town", town(), BAKED, "far"))
    return parts


def _extras(name: str) -> tuple[list[Mesh], list[Mesh]]:
    """What else stands in a stretch: (lit, glowing)."""
    if name == "near":
        return _lanterns_at(_GATE_LANTERNS, [Frame(0.0, GATE_Z, math.pi).out(gate())])
    if name == "end":
        return _lanterns_at(_END_LANTERNS, [terrace()])
    stone, glow = square.stone_lamp()
    still = [square.maple(), square.tree_bed(), square.bench(), square.basin(), square.fallen_leaves(), stone]
    return still, [glow]


def _lanterns_at(places: tuple[Vec, ...], still: list[Mesh]) -> tuple[list[Mesh], list[Mesh]]:
    glowing = []
    for place in places:
        paper, fittings = shift(lantern("tall", LAMP, size=1.4), place)
        glowing.append(paper)
        still.append(fittings)
    return still, glowing


def lantern_glows(as_hex: Callable[[Rgb], int]) -> tuple[scene.Lantern, ...]:
    """Where the client draws the glow of the lane's lanterns."""
    out = [
        scene.Lantern((round(h.place[0], 4), round(h.place[1] - 0.2, 4), round(h.place[2], 4)), as_hex(h.colour), 0.7)
        for h in hangings()
    ]
    out += [scene.Lantern((x, y - 0.3, z), as_hex(LAMP), 0.8) for x, y, z in (*_GATE_LANTERNS, *_END_LANTERNS)]
    x, _, z = square.STONE_LAMP
    out.append(scene.Lantern((x, 1.08, z), as_hex(LAMP), 0.6))
    return tuple(out)


def spawns() -> tuple[scene.Spawn, ...]:
    """Where visitors arrive: past the gate, the first shop on their left, looking down the lane."""
    out = []
    for x, z in ((0.2, 21.6), (0.8, 21.2), (-0.2, 20.9), (0.4, 20.4), (0.9, 20.3), (0.1, 22.2)):
        out.append(scene.Spawn((round(float(middle_x(z)) + x, 3), 0.0, z), 0.0))
    return tuple(out)


def seats() -> tuple[scene.Seat, ...]:
    """Three places on the bench, looking over the lane to the bookshop, and back to the tea room."""
    x, _, z = square.BENCH
    return tuple(scene.Seat((x - 0.05, 0.45, z + dz), math.pi / 2) for dz in (-0.55, 0.0, 0.55))


def _box(x: float, z: float, half_x: float, half_z: float, height: float, yaw: float = 0.0) -> scene.Solid:
    return scene.Solid(round(x, 4), round(z, 4), half_x, half_z, yaw, height)


def solids(fronts: list[Front]) -> tuple[scene.Solid, ...]:
    """Walls of the houses, both ends, and what stands in the square."""
    out = []
    for front in fronts:
        if front.house.kind == "stall":
            continue
        depth = DEPTH_M
        x, _, z = front.frame.point((0.0, 0.0, -depth / 2 + 0.02))
        out.append(_box(x, z, front.house.width_m / 2, depth / 2, 6.0, front.frame.yaw_rad))
    out.append(_box(0.0, GATE_Z + 0.3, 4.5, 0.3, 6.0))
    out.append(_box(0.0, RAIL_Z, 3.2, 0.2, 1.1))
    tx, _, tz = square.TREE
    out.append(_box(tx, tz, 0.68, 0.68, 2.4))
    out.append(_box(tx, tz, 0.68, 0.68, 2.4, math.pi / 4))
    bx, _, bz = square.BENCH
    out.append(_box(bx, bz, square.BENCH_SIZE[0] / 2, square.BENCH_SIZE[1] / 2, 0.45))
    sx, _, sz = square.BASIN
    out.append(_box(sx, sz, 0.55, 0.55, 0.8))
    lx, _, lz = square.STONE_LAMP
    out.append(_box(lx, lz, 0.28, 0.28, 1.6))
    return tuple(out)
