"""House fronts: what stands between the stalls and above them.

Theory: a front is a strip of the lane's edge, up to six metres wide, in a frame of its own. Its ground floor is one of
a few kinds (lattice, door, plaster, boards); above comes a tiled eave, an upper storey with paper windows, and the main
roof. Over a stall only the upper part is built. Everything that one can't see from the lane is left out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from yokocho.demo.mesh import Mesh, Rgb, merge, move
from yokocho.demo.palette import (
    BAMBOO_SMOKED,
    CEDAR,
    CEDAR_DARK,
    CHARRED,
    IRON,
    LEAF,
    PLASTER,
    PLASTER_GREY,
    PLASTER_OCHRE,
    STONE_DARK,
    TILE,
    mix,
    srgb,
)
from yokocho.demo.shapes import box, lathe, tube, vary
from yokocho.demo.timber import boards, noren, paper_window, plaster, poster, pot_plant, roof, shift, slats

EAVE_Y = 2.62
BILLS = np.array([0x8E2F2F, 0x28407A, 0x4F6B3A, 0xB9822F])


@dataclass(frozen=True, slots=True)
class House:
    """One front: `kind` of its ground floor (`stall` leaves it open), width, height of the main eave, upper storey."""

    kind: str
    width_m: float
    eave_m: float = 4.9
    upper: str = "window"
    wall: Rgb = PLASTER


def build_house(house: House, seed: int) -> tuple[Mesh, Mesh]:
    """(walls and roofs, what glows), in the front's frame, without light."""
    rng = np.random.default_rng(seed)
    dark: list[Mesh] = []
    glow: list[Mesh] = []
    if house.kind != "stall":
        _ground(rng, house, dark, glow)
        dark.append(
            roof(rng, house.width_m + 0.06, (2.50, 0.58), (2.82, -0.1), colour=vary(rng, TILE, 0.1), pitch_m=0.48)
        )
    _upper(rng, house, dark, glow)
    return merge(dark), merge(glow)


def _ground(rng: np.random.Generator, house: House, dark: list[Mesh], glow: list[Mesh]) -> None:
    width = house.width_m
    wood = vary(rng, mix(CEDAR_DARK, CEDAR, 0.3), 0.2)
    for x in (-width / 2 + 0.06, width / 2 - 0.06):
        dark.append(box((x, EAVE_Y / 2, -0.02), (0.13, EAVE_Y, 0.14), wood, grid_m=0.8, skip="db"))
    dark.append(box((0, 0.09, -0.03), (width, 0.18, 0.16), STONE_DARK, grid_m=0.5, skip="dblr"))
    dark.append(box((0, EAVE_Y - 0.08, -0.02), (width, 0.16, 0.12), wood, grid_m=0.5, skip="b"))
    night = mix(CEDAR_DARK, (0, 0, 0), 0.6)
    dark.append(box((0, EAVE_Y / 2, -0.2), (width, EAVE_Y, 0.02), night, skip="bdulr"))
    builders = {"lattice": _lattice, "door": _door, "plaster": _plastered, "boards": _boarded}
    builders[house.kind](rng, house, dark, glow)


def _lattice(rng: np.random.Generator, house: House, dark: list[Mesh], glow: list[Mesh]) -> None:
    """A latticed window, lit from behind, over a boarded foot."""
    width = house.width_m - 0.26
    foot = boards(rng, width, 0.66, vary(rng, CEDAR_DARK), board_m=0.32, grid_m=0.7)
    dark.append(move(foot, 0, 0.18, -0.06))
    window, grid = paper_window(width, 1.55, 0.45, columns=max(3, int(width / 0.5)), rows=2)
    glow.append(move(window, 0, 0.82, -0.10))
    dark.append(move(grid, 0, 0.82, -0.10))
    dark.append(move(slats(width, 1.62, vary(rng, CEDAR), pitch_m=0.17, slat_m=0.05), 0, 0.8, -0.05))
    _pots(rng, width, dark)


def _door(rng: np.random.Generator, house: House, dark: list[Mesh], glow: list[Mesh]) -> None:
    """A sliding door with paper above, boards beside it, and a short curtain."""
    width = house.width_m - 0.26
    side = max(0.0, (width - 1.7) / 2)
    if side > 0.1:
        for sign in (-1, 1):
            panel = plaster(rng, side, 1.5, house.wall)
            dark.append(move(panel, sign * (0.85 + side / 2), 0.96, -0.07))
            dark.append(move(boards(rng, side, 0.78, CHARRED, board_m=0.18), sign * (0.85 + side / 2), 0.18, -0.06))
            dark.append(box((sign * 0.88, 1.3, -0.03), (0.09, 2.3, 0.1), CEDAR_DARK, grid_m=0.4, skip="b"))
            if side > 1.2 or (side > 0.7 and sign < 0):
                bill = poster(rng, srgb(int(rng.choice(BILLS))))
                dark.append(move(bill, sign * (0.85 + side / 2) + float(rng.uniform(-0.1, 0.1)), 1.25, -0.065))
    for sign in (-1, 1):
        pair = shift(paper_window(0.72, 1.2, 0.55, columns=2, rows=3), (sign * 0.41, 0.92, -0.09 + 0.02 * sign))
        glow.append(pair[0])
        dark.append(pair[1])
        dark.append(
            box((sign * 0.41, 0.55, -0.09 + 0.02 * sign), (0.8, 0.7, 0.04), vary(rng, CEDAR), grid_m=0.3, skip="b")
        )
    cloth = noren(rng, 1.5, 0.5, srgb(int(rng.choice(np.array([0x28407A, 0x5A2A38, 0x3F5A40, 0x6A4A2A])))), panels=2)
    dark.append(move(cloth, 0, 2.36, 0.06))
    _pots(rng, width, dark)


def _plastered(rng: np.random.Generator, house: House, dark: list[Mesh], glow: list[Mesh]) -> None:
    """A plastered wall on charred boards with one small barred window."""
    width = house.width_m - 0.24
    dark.append(move(plaster(rng, width, 1.45, house.wall, grid_m=0.4), 0, 1.05, -0.08))
    dark.append(move(boards(rng, width, 0.9, CHARRED, board_m=0.3, grid_m=0.5), 0, 0.18, -0.07))
    dark.append(box((0, 1.08, -0.05), (width, 0.07, 0.06), CEDAR_DARK, grid_m=0.5, skip="b"))
    pair = shift(paper_window(0.8, 0.6, 0.6, columns=3, rows=1), (width * 0.18, 1.5, -0.07))
    glow.append(pair[0])
    dark.append(pair[1])
    dark.append(move(slats(0.84, 0.64, CEDAR_DARK, pitch_m=0.14, slat_m=0.03), width * 0.18, 1.48, -0.03))
    barrel = lathe(
        [(0, 0), (0.24, 0), (0.29, 0.3), (0.27, 0.62), (0.25, 0.6), (0, 0.58)], vary(rng, CEDAR), segments=10
    )
    hoops = [lathe([(0.285, y), (0.297, y + 0.02), (0.285, y + 0.04)], BAMBOO_SMOKED, segments=8) for y in (0.12, 0.42)]
    dark.append(move(merge([barrel, *hoops]), -width * 0.28, 0, 0.24))
    _pots(rng, width * 0.5, dark)


def _boarded(rng: np.random.Generator, house: House, dark: list[Mesh], glow: list[Mesh]) -> None:
    """Charred boards, a high strip of light, a rain pipe and buckets."""
    width = house.width_m - 0.24
    dark.append(move(boards(rng, width, 2.36, vary(rng, CHARRED), board_m=0.2, grid_m=0.6), 0, 0.18, -0.07))
    pair = shift(paper_window(width * 0.8, 0.36, 0.5, columns=6, rows=1), (0, 2.02, -0.045))
    glow.append(pair[0])
    dark.append(pair[1])
    dark.append(box((0, 1.96, -0.03), (width, 0.06, 0.08), CEDAR_DARK, grid_m=0.8, skip="b"))
    dark.append(
        tube(
            [[width / 2 - 0.1, 0.05, 0.02], [width / 2 - 0.1, 2.4, 0.02]],
            0.035,
            mix(IRON, (0.3, 0.15, 0.08), 0.4),
            sides=6,
        )
    )
    _pots(rng, width, dark)


def _pots(rng: np.random.Generator, width_m: float, dark: list[Mesh]) -> None:
    colours = [srgb(0x7A4B36), srgb(0x3E5068), srgb(0x6D6A60), srgb(0x4C3A33)]
    for _ in range(int(rng.integers(1, 2))):
        x = float(rng.uniform(-0.5, 0.5)) * (width_m - 0.4)
        plant = pot_plant(rng, float(rng.uniform(0.35, 0.8)), colours[int(rng.integers(4))], vary(rng, LEAF, 0.3))
        dark.append(move(plant, x, 0, 0.17))


def _upper(rng: np.random.Generator, house: House, dark: list[Mesh], glow: list[Mesh]) -> None:
    width, top = house.width_m, house.eave_m
    foot = 2.76
    height = top - foot + 0.1
    wood = vary(rng, CEDAR_DARK, 0.2)
    if house.upper == "boards":
        dark.append(move(boards(rng, width, height, vary(rng, CHARRED), board_m=0.34, grid_m=0.8), 0, foot, -0.1))
    else:
        dark.append(move(plaster(rng, width, height, house.wall, grid_m=0.7), 0, foot, -0.1))
    dark.append(box((0, foot - 0.13, -0.12), (width, 0.36, 0.04), wood, grid_m=0.5, skip="b"))
    for x in np.linspace(-width / 2 + 0.06, width / 2 - 0.06, max(2, round(width / 2.0) + 1)):
        dark.append(box((float(x), foot + height / 2, -0.07), (0.11, height, 0.08), wood, grid_m=0.8, skip="bdu"))
    bays = max(1, round(width / 1.9))
    sill, tall = foot + 0.62, min(0.95, height - 1.0)
    for k in range(bays):
        x = (k + 0.5) * width / bays - width / 2
        lit = float(rng.uniform()) < 0.55
        span = min(1.15, width / bays - 0.4)
        pair = shift(paper_window(span, tall, 0.48 if lit else 0.05, columns=3, rows=2), (x, sill, -0.07))
        glow.append(pair[0])
        dark.append(pair[1])
        if house.upper == "lattice":
            dark.append(move(slats(span + 0.1, tall + 0.1, wood, pitch_m=0.24), x, sill - 0.05, -0.03))
        elif house.upper == "rail":
            dark.append(box((x, sill - 0.02, 0.16), (span + 0.3, 0.05, 0.34), wood, grid_m=0.5))
            dark += [box((x, sill + y, 0.3), (span + 0.3, 0.03, 0.03), wood) for y in (0.16, 0.34)]
            dark += [
                box((x + u * (span + 0.24), sill + 0.16, 0.3), (0.03, 0.36, 0.03), wood, skip="du")
                for u in (-0.5, -0.17, 0.17, 0.5)
            ]
    dark.append(
        roof(
            rng,
            width + 0.1,
            (top - 0.06, 0.52),
            (top + 1.35, -2.3),
            colour=vary(rng, TILE, 0.12),
            pitch_m=0.8,
            grid_m=1.6,
        )
    )
    side = mix(house.wall, PLASTER_GREY, 0.5)
    for x in (-width / 2 + 0.01, width / 2 - 0.01):
        dark.append(
            box((x, (top + 2.72) / 2, -1.2), (0.02, top - 2.72, 2.2), tint_rgb(side, 0.6), grid_m=1.6, skip="db")
        )
        dark.append(box((x, top + 0.3, -1.5), (0.02, 0.9, 1.6), tint_rgb(side, 0.5), skip="db"))


def tint_rgb(colour: Rgb, factor: float) -> Rgb:
    """A colour, darker or lighter."""
    return colour[0] * factor, colour[1] * factor, colour[2] * factor


WALLS: tuple[Rgb, ...] = (PLASTER, PLASTER_OCHRE, PLASTER_GREY, mix(PLASTER, PLASTER_OCHRE, 0.5))
