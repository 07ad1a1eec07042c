"""A stall's building: a small lit box, open to the lane.

Theory: every stall is 3.3 m wide and 2 m deep. Pieces stand on three levels that one sees from the lane: the counter
(`COUNTER_Y`), a step behind it (`STEP_Y`) and shelves at the back (`SHELVES_Y`); others hang from the beam (`BEAM_Y`).
The shell is the same joinery in the materials of the shop's `Style`; what makes a shop itself is its craft's dressing.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from yokocho.demo.bake import Blocker, Frame, Lamp, bake, blocker
from yokocho.demo.glb import Material, Part
from yokocho.demo.mesh import Mesh, Rgb, Vec, merge, move, prune, tint, turn
from yokocho.demo.palette import (
    CEDAR,
    CEDAR_DARK,
    HINOKI,
    IRON,
    LAMP,
    LAMP_PALE,
    PAPER,
    PLASTER,
    STONE_DARK,
    TILE,
    mix,
    srgb,
)
from yokocho.demo.seen import seen_from
from yokocho.demo.shapes import block, box, tube, vary
from yokocho.demo.timber import boards, crest, lamp_shade, lantern, noren, paper_slip, plaster, roof, shift, slats

WIDTH_M: Final = 3.3
DEPTH_M: Final = 2.0
HEIGHT_M: Final = 2.45
COUNTER_Y: Final = 0.86
COUNTER_BACK: Final = -0.64
STEP_Y: Final = 1.06
STEP_Z: Final = (-0.96, -0.68)
SHELVES_Y: Final = (1.34, 1.80)
SHELF_Z: Final = (-1.95, -1.66)
BEAM_Y: Final = 2.08
BEAM_Z: Final = -0.34
FLOOR_Y: Final = 0.30
FRONT_M: Final = 0.95
SIGN_SIZE_M: Final = (1.56, 0.34)
SIGN_CENTRE: Final[Vec] = (0.0, 2.66, 0.72)
SIGN_TILT_RAD: Final = math.radians(9.0)

BAKED: Final = Material("baked", roughness=1.0, unlit=True, normals=False)
GLOW: Final = Material("glow", roughness=1.0, unlit=True, normals=False)


@dataclass(frozen=True, slots=True)
class Style:
    """What a shop is built of."""

    wood: Rgb = CEDAR
    wall: Rgb = PLASTER
    wall_kind: str = "plaster"
    counter: str = "boards"
    counter_top: Rgb = HINOKI
    roof_kind: str = "tile"
    roof_colour: Rgb = TILE
    lantern_kind: str = "tall"
    lantern_colour: Rgb = LAMP
    panels: int = 5
    mark: str = "ring"
    sign_board: Rgb = HINOKI
    shelves: tuple[int, ...] = (0, 1)
    step: bool = True
    lamp_power: float = 0.62


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """An exhibit: its parts stand centred on the origin; `position` is the foot in the stall's frame."""

    key: str
    parts: tuple[Part, ...]
    position: Vec
    yaw_rad: float = 0.0


@dataclass(frozen=True, slots=True)
class Craft:
    """A shop: how it is built, what dresses its shelves, what it shows."""

    key: str
    accent: int
    style: Style
    pieces: Callable[[], list[Piece]]
    dressing: Callable[[np.random.Generator], Mesh]


def lantern_places() -> tuple[Vec, Vec]:
    """Where a stall's two lanterns hang (their hooks), in its frame."""
    return (-WIDTH_M / 2 + 0.27, 2.36, 0.46), (WIDTH_M / 2 - 0.27, 2.36, 0.46)


def lamp_places() -> tuple[Vec, Vec]:
    """Where the two lamps inside hang."""
    return (-0.82, 2.08, -0.82), (0.82, 2.08, -0.82)


def inner_lamps(style: Style) -> list[Lamp]:
    """The light inside a stall, in its frame."""
    warm = mix(LAMP, LAMP_PALE, 0.8)
    lamps = [Lamp(place, warm, style.lamp_power, 0.3, 5.0) for place in lamp_places()]
    lamps.append(Lamp((0.0, 2.15, 0.55), warm, style.lamp_power * 0.7, 0.4, 4.0))
    return lamps


def outer_lamps(frame: Frame, style: Style) -> list[Lamp]:
    """What a stall gives the lane: its lanterns, and the light that falls out of its front."""
    out = []
    for x, y, z in lantern_places():
        out.append(Lamp(frame.point((x, y - 0.25, z)), style.lantern_colour, 0.16, 0.25, 6.0))
    facing = (math.sin(frame.yaw_rad), 0.0, math.cos(frame.yaw_rad))
    for x in (-0.8, 0.8):
        out.append(Lamp(frame.point((x, 1.5, -0.1)), mix(LAMP, LAMP_PALE, 0.3), 0.34, 0.4, 7.0, facing))
    return out


def _walls(rng: np.random.Generator, style: Style) -> list[Mesh]:
    inside = DEPTH_M - 0.02
    if style.wall_kind == "boards":
        back = boards(rng, WIDTH_M, HEIGHT_M, style.wall, board_m=0.27, grid_m=0.42)
        side = boards(rng, inside, HEIGHT_M, style.wall, board_m=0.29, grid_m=0.5)
    else:
        back = plaster(rng, WIDTH_M, HEIGHT_M, style.wall, grid_m=0.34)
        side = plaster(rng, inside, HEIGHT_M, style.wall, grid_m=0.4)
    left = move(turn(side, "y", math.pi / 2), -WIDTH_M / 2 + 0.05, 0, -DEPTH_M / 2)
    right = move(turn(side, "y", -math.pi / 2), WIDTH_M / 2 - 0.05, 0, -DEPTH_M / 2)
    ceiling = box(
        (0, HEIGHT_M + 0.02, -DEPTH_M / 2),
        (WIDTH_M, 0.04, DEPTH_M),
        mix(style.wood, HINOKI, 0.3),
        grid_m=0.42,
        skip="ulrfb",
    )
    beams = [
        box((x, HEIGHT_M - 0.05, -DEPTH_M / 2), (0.07, 0.1, DEPTH_M), vary(rng, style.wood), grid_m=1.1, skip="ub")
        for x in (-1.1, 0.0, 1.1)
    ]
    floor = box(
        (0, FLOOR_Y / 2, -DEPTH_M / 2 - 0.3),
        (WIDTH_M, FLOOR_Y, DEPTH_M - 0.64),
        mix(style.wood, HINOKI, 0.4),
        grid_m=0.6,
        skip="dlrbf",
    )
    return [move(back, 0, 0, -DEPTH_M + 0.02), left, right, ceiling, *beams, floor]


def _frame(rng: np.random.Generator, style: Style) -> list[Mesh]:
    wood = mix(style.wood, CEDAR_DARK, 0.45)
    parts = []
    for x in (-WIDTH_M / 2 + 0.06, WIDTH_M / 2 - 0.06):
        parts.append(
            box((x, HEIGHT_M / 2 + 0.12, -0.04), (0.12, HEIGHT_M - 0.1, 0.14), vary(rng, wood), grid_m=0.85, skip="du")
        )
        parts.append(box((x, 0.08, -0.03), (0.2, 0.16, 0.22), STONE_DARK, skip="db"))
    parts.append(box((0, HEIGHT_M - 0.03, -0.04), (WIDTH_M, 0.14, 0.12), vary(rng, wood), grid_m=0.45, skip="ub"))
    parts.append(
        box((0, BEAM_Y + 0.02, BEAM_Z), (WIDTH_M - 0.1, 0.06, 0.05), vary(rng, style.wood), grid_m=0.5, skip="lr")
    )
    return parts


def _counter_top(style: Style, accent: Rgb) -> Mesh:
    """What the light of the shop falls on: the board, and a runner in the shop's colour."""
    width, middle = WIDTH_M - 0.26, (COUNTER_BACK - 0.02) / 2
    size = (width - 0.02, 0.05, -COUNTER_BACK - 0.04)
    board = box((0, COUNTER_Y - 0.0248, middle), size, style.counter_top, grid_m=0.24, skip="dlrfb")
    cloth = mix(accent, PAPER, 0.10)
    return merge(
        [board, box((0, COUNTER_Y + 0.0015, -0.30), (width - 0.16, 0.002, 0.38), cloth, grid_m=0.25, skip="dlrb")]
    )


def _counter_front(rng: np.random.Generator, style: Style, width: float) -> list[Mesh]:
    """What the counter shows to the lane."""
    height, z = COUNTER_Y - 0.17, -0.09
    middle = 0.12 + height / 2
    night = box((0, middle, z - 0.02), (width, height, 0.02), mix(style.wood, (0, 0, 0), 0.6), grid_m=0.9, skip="bdulr")
    if style.counter == "slats":
        return [move(slats(width, height, vary(rng, style.wood), pitch_m=0.14), 0, 0.12, z), night]
    if style.counter == "plaster":
        rail = box((0, 0.42, z + 0.02), (width, 0.05, 0.03), style.wood, grid_m=0.5, skip="b")
        return [move(plaster(rng, width, height, style.wall), 0, 0.12, z + 0.02), rail]
    if style.counter == "panels":
        parts = [night]
        for k in range(4):
            x, wide = (k - 1.5) * width / 4, width / 4
            inner = vary(rng, mix(style.wood, HINOKI, 0.25))
            parts.append(
                box((x, middle, z), (wide - 0.03, height, 0.03), vary(rng, style.wood), grid_m=0.4, skip="bdu")
            )
            parts.append(box((x, middle, z + 0.012), (wide - 0.16, height - 0.16, 0.02), inner, grid_m=0.4, skip="b"))
        return parts
    return [move(boards(rng, width, height, style.wood, board_m=0.16), 0, 0.12, z)]


def _counter(rng: np.random.Generator, style: Style) -> list[Mesh]:
    """The counter without its top, and the step behind it."""
    width = WIDTH_M - 0.26
    slab = (width, 0.05, -COUNTER_BACK - 0.02)
    parts = [block((0, COUNTER_Y - 0.025, (COUNTER_BACK - 0.02) / 2), slab, style.counter_top, 0.008)]
    parts += _counter_front(rng, style, width)
    parts.append(box((0, 0.06, -0.11), (width, 0.12, 0.1), STONE_DARK, grid_m=0.7, skip="db"))
    if style.step:
        depth, middle = STEP_Z[1] - STEP_Z[0], (STEP_Z[0] + STEP_Z[1]) / 2
        tone, rise = mix(style.counter_top, style.wood, 0.25), STEP_Y - FLOOR_Y - 0.04
        parts.append(box((0, STEP_Y - 0.02, middle), (width, 0.04, depth), tone, grid_m=0.24, skip="dblr"))
        foot = (0.0, (STEP_Y + FLOOR_Y) / 2, STEP_Z[1] - 0.04)
        parts.append(box(foot, (width, rise, 0.03), style.wood, grid_m=0.4, skip="bdulr"))
    return parts


def _shelves(rng: np.random.Generator, style: Style) -> list[Mesh]:
    parts = []
    depth, middle = SHELF_Z[1] - SHELF_Z[0], (SHELF_Z[0] + SHELF_Z[1]) / 2
    for k in style.shelves:
        shade = vary(rng, mix(style.wood, HINOKI, 0.35))
        parts.append(
            box((0, SHELVES_Y[k] - 0.015, middle), (WIDTH_M - 0.3, 0.03, depth), shade, grid_m=0.4, skip="blr")
        )
    if style.shelves:
        low, high = SHELVES_Y[min(style.shelves)] - 0.1, SHELVES_Y[max(style.shelves)] + 0.40
        for x in (-WIDTH_M / 2 + 0.14, -0.5, 0.5, WIDTH_M / 2 - 0.14):
            parts.append(
                box(
                    (x, (low + high) / 2, middle - 0.02),
                    (0.03, high - low, depth - 0.03),
                    vary(rng, style.wood),
                    grid_m=0.9,
                    skip="bdu",
                )
            )
    return parts


def _price_slips(rng: np.random.Generator, accent: Rgb) -> list[Mesh]:
    """Strips of paper on the side walls, with the day's prices brushed on."""
    parts = []
    for sign in (-1, 1):
        coloured = int(rng.integers(3))
        for k in range(3):
            signs, tone = (3, mix(accent, PAPER, 0.35)) if k == coloured else (2, vary(rng, PAPER, 0.08))
            slip = turn(paper_slip(rng, signs, tone), "y", -sign * math.pi / 2)
            parts.append(move(slip, sign * (WIDTH_M / 2 - 0.069), 1.86, -0.46 - 0.3 * k))
    return parts


def _front(rng: np.random.Generator, style: Style, accent: Rgb) -> list[Mesh]:
    parts = [roof(rng, WIDTH_M + 0.12, (2.46, 0.66), (2.78, -0.12), kind=style.roof_kind, colour=style.roof_colour)]
    parts.append(
        tube([[-WIDTH_M / 2 + 0.1, 2.335, 0.1], [WIDTH_M / 2 - 0.1, 2.335, 0.1]], 0.015, srgb(0xB99A5B), sides=5)
    )
    cloth = noren(rng, WIDTH_M - 0.34, 0.37, accent, panels=style.panels)
    parts.append(move(tint(cloth, 1.25), 0, 2.33, 0.1))
    step = (WIDTH_M - 0.34) / style.panels
    mark = crest(style.mark, 0.095, mix(PAPER, accent, 0.08))
    for k in range(style.panels % 2, style.panels, 2):
        x = (k - (style.panels - 1) / 2) * step
        parts.append(move(mark, x, 2.15, 0.148))
    width, height = SIGN_SIZE_M
    board = merge(
        [
            block((0, 0, -0.03), (width + 0.1, height + 0.08, 0.035), mix(style.wood, CEDAR_DARK, 0.5), 0.008),
            box((0, 0, -0.012), (width, height, 0.02), style.sign_board, grid_m=0.2, skip="b"),
        ]
    )
    parts.append(move(turn(board, "x", SIGN_TILT_RAD), *SIGN_CENTRE))
    for x in (-0.55, 0.55):
        parts.append(tube([[x, 2.6, 0.70], [x, 2.75, 0.1]], 0.012, IRON, sides=4))
    return parts


def blockers(style: Style) -> tuple[Blocker, ...]:
    """The boxes of a stall that hide light."""
    inside = WIDTH_M - 0.26
    out = [
        blocker((0, COUNTER_Y - 0.03, COUNTER_BACK / 2 - 0.02), (inside, 0.05, -COUNTER_BACK)),
        blocker((0, COUNTER_Y / 2, COUNTER_BACK / 2 - 0.08), (inside, COUNTER_Y - 0.1, -COUNTER_BACK - 0.2)),
        blocker((0, HEIGHT_M + 0.06, -DEPTH_M / 2), (WIDTH_M, 0.08, DEPTH_M)),
        blocker((0, 2.66, 0.28), (WIDTH_M, 0.14, 0.75)),
        blocker((-WIDTH_M / 2, 1.2, -1.0), (0.09, 2.4, 2.0)),
        blocker((WIDTH_M / 2, 1.2, -1.0), (0.09, 2.4, 2.0)),
        blocker((0, 1.2, -DEPTH_M - 0.03), (WIDTH_M, 2.4, 0.08)),
        blocker((0, 0.1, -1.3), (WIDTH_M, 0.38, 1.3)),
    ]
    depth, middle = SHELF_Z[1] - SHELF_Z[0], (SHELF_Z[0] + SHELF_Z[1]) / 2
    out += [blocker((0, SHELVES_Y[k] - 0.015, middle), (WIDTH_M - 0.3, 0.03, depth)) for k in style.shelves]
    if style.step:
        out.append(blocker((0, STEP_Y - 0.03, (STEP_Z[0] + STEP_Z[1]) / 2), (inside, 0.05, STEP_Z[1] - STEP_Z[0])))
    return tuple(out)


def build_shell(craft: Craft, frame: Frame, lamps: list[Lamp], seed: int) -> tuple[Mesh, Mesh]:
    """The stall with its light, in its own frame: (house, glow)."""
    rng = np.random.default_rng(seed)
    style, accent = craft.style, srgb(craft.accent)
    cover = blockers(style)
    top, below = _counter_top(style, accent), _counter(rng, style)
    inside = merge([*_walls(rng, style), *_price_slips(rng, accent), top, *_shelves(rng, style), craft.dressing(rng)])
    outside = merge([*_frame(rng, style), *_front(rng, style, accent), *below])
    inside = prune(seen_from(inside, (-WIDTH_M / 2, -HEIGHT_M, 0.0), (WIDTH_M / 2, HEIGHT_M, 0.02)))
    outside = prune(seen_from(outside, (-14.0, -2.4, 0.15), (14.0, 2.4, 7.0)))
    glows, fittings = [], []
    for place in lantern_places():
        glow, dark = shift(lantern(style.lantern_kind, style.lantern_colour), place)
        glows.append(glow)
        fittings.append(dark)
    for x, _, z in lamp_places():
        glow, dark = shift(lamp_shade(), (x, HEIGHT_M - 0.02, z))
        glows.append(glow)
        fittings.append(dark)
    warm = inner_lamps(style)
    lit = bake(inside, warm, cover, sky=0.38, samples=2, reach_m=0.42)
    near = frame.local_lamps(lamps, 9.0)
    front = bake(merge([outside, *fittings]), [*near, *warm], cover[:1] + cover[3:4], sky=1.2, reach_m=0.35)
    return merge([lit, front]), merge(glows)
