"""Kitchen knives: forged blades with a visible edge line, handles of magnolia and horn."""

from __future__ import annotations

import math

import numpy as np

from yokocho.demo.crafts.kit import IRON_SKIN, STEEL_SKIN, WOOD, counter, piece, row, shelf, spread, step
from yokocho.demo.mesh import Floats, Mesh, Rgb, merge, move, turn
from yokocho.demo.palette import (
    CEDAR_DARK,
    CEDAR_LIGHT,
    CHARRED,
    HINOKI,
    INDIGO,
    IRON,
    LACQUER_BLACK,
    PLASTER_GREY,
    STEEL,
    mix,
    srgb,
)
from yokocho.demo.shapes import ball, block, box, curve, lathe, loft, tube, vary
from yokocho.demo.stalls import Craft, Piece, Style

BLADE: Rgb = srgb(0xD5D9DE)
BODY: Rgb = srgb(0x8F959D)
HORN: Rgb = srgb(0x23201E)
MAGNOLIA: Rgb = srgb(0xD8BE93)


def blade(spine: list[tuple[float, float]], edge: list[tuple[float, float]], thick_m: float, shinogi: float) -> Mesh:
    """A blade between spine and edge lines (x, y), both from heel to tip; the bevel ends at `shinogi` of the height."""
    count = 12
    top, low = curve(spine, count), curve(edge, count)
    rings = []
    tones = []
    for k in range(count):
        t = thick_m * (1 - 0.8 * (k / (count - 1)) ** 2) / 2
        a, b = top[k], low[k]
        line = b + (a - b) * shinogi
        upper = b + (a - b) * 0.985
        rings.append(
            [
                [b[0], b[1], 0],
                [line[0], line[1], t],
                [upper[0], upper[1], t * 0.92],
                [a[0], a[1], 0],
                [upper[0], upper[1], -t * 0.92],
                [line[0], line[1], -t],
            ]
        )
        wave = 0.9 + 0.1 * math.sin(k * 2.1)
        shade = np.array(BODY) * wave
        tones.append([np.array(BLADE), np.array(BLADE), shade, shade, shade, np.array(BLADE)])
    return loft(np.array(rings), np.array(tones))


def handle(length_m: float, height_m: float, wood: Rgb) -> Mesh:
    """An eight-sided handle with a horn collar; it runs to -x from the origin, the tang between."""
    angle = np.linspace(0, 2 * math.pi, 8, endpoint=False) + math.pi / 8

    def ring(x: float, size: float) -> Floats:
        return np.column_stack(
            [np.full(8, x), np.sin(angle) * height_m / 2 * size, np.cos(angle) * height_m / 2 * size * 0.82]
        )

    collar = loft(np.array([ring(-0.012, 0.86), ring(-0.014, 0.9), ring(-0.034, 0.94)]), HORN)
    grip = loft(np.array([ring(-0.034, 0.94), ring(-length_m + 0.004, 1.05), ring(-length_m, 0.98)]), wood)
    tang = box((-0.004, 0, 0), (0.026, height_m * 0.42, 0.0035), BODY)
    return merge([collar, grip, tang])


def _stood(parts: list[Mesh], lean_deg: float = -16.0) -> list[Mesh]:
    """Blade upright, edge down, leaning back a little so that the flat catches the light."""
    return [turn(m, "x", math.radians(lean_deg)) for m in parts]


def _rest(xs: tuple[float, float], height_m: float, depth_m: float = 0.05) -> Mesh:
    """A little stand with two notched uprights."""
    parts = [block(((xs[0] + xs[1]) / 2, 0.006, 0), (xs[1] - xs[0] + 0.06, 0.012, depth_m), CEDAR_DARK, 0.003)]
    for x in xs:
        for z in (-0.012, 0.012):
            parts.append(block((x, 0.006 + height_m / 2, z), (0.014, height_m, 0.010), CEDAR_DARK, 0.002))
    return merge(parts)


def knife(key: str) -> tuple[Mesh, Mesh]:
    """(steel, handle) of one of the patterns, in the x/y plane, heel at the origin."""
    patterns = {
        "gyuto": (
            [(0, 0.022), (0.07, 0.022), (0.15, 0.016), (0.212, -0.012)],
            [(0, -0.024), (0.07, -0.025), (0.15, -0.022), (0.213, -0.0135)],
            0.0024,
            0.32,
            0.135,
        ),
        "nakiri": (
            [(0, 0.024), (0.06, 0.0245), (0.13, 0.023), (0.166, 0.020)],
            [(0, -0.028), (0.06, -0.0285), (0.13, -0.028), (0.167, -0.024)],
            0.0022,
            0.30,
            0.13,
        ),
        "deba": (
            [(0, 0.022), (0.06, 0.021), (0.12, 0.012), (0.166, -0.020)],
            [(0, -0.030), (0.06, -0.031), (0.12, -0.0295), (0.167, -0.0215)],
            0.0060,
            0.42,
            0.135,
        ),
        "yanagiba": (
            [(0, 0.014), (0.10, 0.013), (0.22, 0.008), (0.272, -0.010)],
            [(0, -0.016), (0.10, -0.0165), (0.22, -0.0155), (0.273, -0.0115)],
            0.0036,
            0.5,
            0.145,
        ),
    }
    spine, edge, thick, bevel, grip = patterns[key]
    wood = {"gyuto": srgb(0x6E4630), "nakiri": MAGNOLIA, "deba": MAGNOLIA, "yanagiba": srgb(0x3A2A24)}[key]
    return blade(spine, edge, thick, bevel), handle(grip, 0.024, wood)


def _on_rest(key: str, lift_m: float) -> tuple[Mesh, Mesh]:
    steel, grip = (move(m, -0.04, lift_m, 0) for m in knife(key))
    steel, grip = _stood([steel, grip], -10)
    reach = float(steel.high[0])
    return steel, merge([grip, _rest((-0.10, reach * 0.72), lift_m - 0.016)])


def _shears() -> Mesh:
    """Bonsai shears: two blades, two wide loops."""
    parts = []
    for sign in (-1.0, 1.0):
        spine = [(0, 0.010), (0.03, 0.011), (0.062, 0.002)]
        edge = [(0, -0.006), (0.03, -0.006), (0.063, 0.0)]
        half = blade(spine, edge, 0.004, 0.5)
        half = turn(half, "z", math.radians(90) + sign * 0.10)
        parts.append(move(half, sign * 0.003, 0.115, 0.002 * sign))
        loop = curve(
            [
                [0, 0.118, 0],
                [sign * 0.012, 0.098, 0],
                [sign * 0.040, 0.072, 0],
                [sign * 0.044, 0.036, 0],
                [sign * 0.026, 0.008, 0],
                [sign * 0.008, 0.016, 0],
                [sign * 0.006, 0.06, 0],
                [0, 0.1, 0],
            ],
            26,
        )
        parts.append(tube(loop, 0.0036, IRON, sides=4))
    parts.append(
        turn(
            move(
                lathe([(0, -0.005), (0.006, -0.005), (0.007, 0), (0.006, 0.005), (0, 0.006)], STEEL, segments=10),
                0,
                0,
                0,
            ),
            "x",
            math.pi / 2,
        )
    )
    parts[-1] = move(parts[-1], 0, 0.118, 0)
    return turn(merge(parts), "x", math.radians(-12))


def _whetstone() -> tuple[Mesh, Mesh]:
    """A whetstone on its base with water standing on it."""
    stone = merge(
        [
            block((0, 0.043, 0), (0.205, 0.026, 0.072), srgb(0xB7623E), 0.003),
            block((0, 0.021, 0), (0.205, 0.018, 0.072), srgb(0x8B9198), 0.003),
        ]
    )
    base = [block((0, 0.006, 0), (0.235, 0.012, 0.085), MAGNOLIA, 0.003)]
    base += [block((x, 0.022, 0), (0.014, 0.022, 0.085), MAGNOLIA, 0.003) for x in (-0.1105, 0.1105)]
    return stone, merge(base)


def _pieces() -> list[Piece]:
    out = []
    for key, x, z, lift in (
        ("gyuto", -1.02, -0.24, 0.075),
        ("nakiri", -0.30, -0.24, 0.075),
        ("deba", 0.38, -0.24, 0.075),
    ):
        steel, wood = _on_rest(key, lift)
        out.append(piece(key, counter(x, z), [(steel, STEEL_SKIN), (wood, WOOD)], 8))
    steel, wood = _on_rest("yanagiba", 0.075)
    out.append(piece("yanagiba", step(-0.3), [(steel, STEEL_SKIN), (wood, WOOD)], 4))
    out.append(piece("shears", counter(1.22, -0.24, 0.045), [(_shears(), IRON_SKIN)], -10))
    stone, base = _whetstone()
    out.append(piece("whetstone", counter(0.90, -0.24), [(merge([stone, base]), WOOD)], 12))
    return out


def _rack(rng: np.random.Generator, level: int) -> Mesh:
    """Blades in a row against a board."""
    y, z = shelf(level)
    parts = [box((0, y + 0.16, z - 0.11), (2.9, 0.30, 0.02), CHARRED, grid_m=0.4, skip="b")]
    for x in spread(15, 1.3, 0.06):
        k = int(rng.integers(4))
        tall = (0.2, 0.15, 0.15, 0.24)[k]
        wide = (0.022, 0.026, 0.026, 0.015)[k]
        steel = box((x, y + 0.30 - tall / 2, z - 0.09), (wide * 2, tall, 0.006), vary(rng, STEEL, 0.2), skip="b")
        tip = box((x + wide * 0.4, y + 0.29 - tall, z - 0.09), (wide, 0.03, 0.005), STEEL, skip="b")
        grip = box(
            (x, y + 0.36, z - 0.085), (0.024, 0.12, 0.024), vary(rng, (MAGNOLIA, HORN, CEDAR_LIGHT)[k % 3]), skip="b"
        )
        parts += [steel, tip, grip]
    return merge(parts)


def _dressing(rng: np.random.Generator) -> Mesh:
    def chest(r: np.random.Generator, number: int) -> Mesh:
        tone = vary(r, (CEDAR_LIGHT, srgb(0x2E3A58), LACQUER_BLACK)[number % 3])
        return merge(
            [
                block((0, 0.035, 0), (0.34, 0.07, 0.12), tone, 0.006),
                box((0, 0.036, 0.061), (0.1, 0.05, 0.002), HINOKI, skip="b"),
            ]
        )

    boxes = row(chest, rng, 0, spread(7, 1.25, 0.18), grow=1.0)
    more = row(chest, rng, 0, spread(5, 1.2, 0.18), z=0.01, grow=1.0)
    anvil = merge(
        [
            block((1.15, 1.12, -0.84), (0.26, 0.07, 0.11), IRON, 0.01),
            block((1.15, 1.075, -0.84), (0.14, 0.05, 0.08), IRON, 0.01),
        ]
    )
    hammer = merge(
        [
            block((0.86, 1.085, -0.84), (0.11, 0.04, 0.04), IRON, 0.006),
            tube([[0.86, 1.08, -0.84], [0.74, 1.075, -0.72]], 0.012, CEDAR_LIGHT, sides=4),
        ]
    )
    stand = block((1.22, 0.8825, -0.24), (0.12, 0.045, 0.10), CEDAR_DARK, 0.006)
    bell = ball((-1.25, 1.10, -0.84), 0.05, mix(IRON, STEEL, 0.4), segments=10, rings=6)
    return merge([boxes, move(more, 0.02, 0.072, 0), _rack(rng, 1), anvil, hammer, stand, bell])


CRAFT = Craft(
    "knives",
    INDIGO,
    Style(
        wood=srgb(0x4E4640),
        wall=mix(PLASTER_GREY, HINOKI, 0.25),
        wall_kind="boards",
        counter="boards",
        counter_top=CEDAR_LIGHT,
        mark="bars",
        roof_kind="tile",
        lantern_kind="box",
        shelves=(0, 1),
        lamp_power=0.8,
        sign_board=srgb(0x33302E),
    ),
    _pieces,
    _dressing,
)
