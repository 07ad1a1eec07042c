"""Thrown pottery: a tea bowl, a moon jar, a celadon vase, a sake set and a painted platter."""

from __future__ import annotations

import math

import numpy as np

from yokocho.demo.crafts.kit import CLAY, GLAZE, WOOD, blend, counter, piece, row, speckle, spread, step
from yokocho.demo.mesh import Floats, Mesh, Rgb, bend, merge, move, paint_by, turn
from yokocho.demo.palette import CEDAR, HINOKI, MADDER, PLASTER_OCHRE, srgb
from yokocho.demo.shapes import block, curve, lathe, ripple, tube, vary
from yokocho.demo.stalls import Craft, Piece, Style

STONEWARE: Rgb = srgb(0x9A7B5E)
RAKU: Rgb = srgb(0x1E1B1C)
RUST: Rgb = srgb(0x7C3A22)
MILK: Rgb = srgb(0xEEE9DD)
CELADON: Rgb = srgb(0x9DBFA4)
COBALT: Rgb = srgb(0x27438C)


def _pot(
    outside: list[tuple[float, float]], wall_m: float, rows: int = 22, segments: int = 32, foot: float = 0.0
) -> Mesh:
    """A vessel from its outer line: the wall is turned inwards by `wall_m`, the inside is closed."""
    outer = curve(outside, rows)
    inner = outer[::-1][::2].copy()
    inner[:, 0] = np.maximum(inner[:, 0] - wall_m, 0.0)
    inner[:, 1] = np.maximum(inner[:, 1], wall_m * 1.4 + foot)
    inner[0, 1] = outer[-1, 1]
    rim = (outer[-1] + inner[0]) / 2 + np.array([0.0, wall_m * 0.35])
    line = np.concatenate([[[0.0, outer[0, 1] + 0.002]], outer, [rim], inner, [[0.0, inner[-1, 1]]]])
    return lathe(line, (1, 1, 1), segments=segments, crease_deg=50)


def _thrown(mesh: Mesh, wobble_m: float, seed: float) -> Mesh:
    """A hand-thrown surface: slow waves and fine throwing rings."""

    def shape(p: Floats) -> Floats:
        radius = np.hypot(p[:, 0], p[:, 2])
        push = 1 + wobble_m * ripple(p, 0.09, seed) / np.maximum(radius, 0.02)
        push += 0.0006 * np.sin(p[:, 1] * 900) / np.maximum(radius, 0.02)
        return np.column_stack([p[:, 0] * push, p[:, 1] + wobble_m * 0.3 * np.sin(p[:, 0] * 30 + seed), p[:, 2] * push])

    return bend(mesh, shape)


def _drip(p: Floats, line_m: float, depth_m: float, seed: float) -> Floats:
    """0 below, 1 above a glaze line that ran down here and there."""
    angle = np.arctan2(p[:, 2], p[:, 0])
    run = np.maximum(0, np.sin(angle * 3 + seed) * 0.6 + np.sin(angle * 7 + seed * 2) * 0.5)
    return np.asarray((p[:, 1] - line_m + depth_m * run) / 0.006 + 0.5)


def tea_bowl(body: Rgb = RAKU, seed: float = 1.0) -> Mesh:
    """A hand-formed bowl, 12 cm across."""
    line = [
        (0.026, 0.0),
        (0.027, 0.007),
        (0.034, 0.012),
        (0.055, 0.028),
        (0.0602, 0.052),
        (0.0585, 0.072),
        (0.0595, 0.080),
    ]
    mesh = _thrown(_pot(line, 0.0055, 11, 22, 0.012), 0.0022, seed)
    red = np.array(RUST)

    def skin(p: Floats) -> Floats:
        base = speckle(p, body, 0.5, 0.012, seed)
        warm = blend(base, np.broadcast_to(red, p.shape), ripple(p, 0.05, seed + 4) * 1.2 - 0.35)
        bare = speckle(p, STONEWARE, 0.15)
        return blend(bare, warm, _drip(p, 0.016, 0.008, seed))

    return paint_by(mesh, skin)


def _moon_jar() -> Mesh:
    line = [
        (0.062, 0.0),
        (0.066, 0.006),
        (0.10, 0.045),
        (0.138, 0.11),
        (0.142, 0.155),
        (0.122, 0.215),
        (0.082, 0.252),
        (0.066, 0.263),
        (0.068, 0.278),
    ]
    mesh = _thrown(_pot(line, 0.006, 15, 20), 0.0016, 2.0)
    return paint_by(
        mesh, lambda p: speckle(p, MILK, 0.05, 0.06, 3.0) * (1 - 0.10 * (ripple(p, 0.12, 7.0) > 0.62))[:, None]
    )


def _celadon_vase() -> Mesh:
    line = [
        (0.036, 0.0),
        (0.040, 0.008),
        (0.058, 0.06),
        (0.064, 0.12),
        (0.050, 0.18),
        (0.026, 0.225),
        (0.021, 0.262),
        (0.030, 0.292),
        (0.040, 0.300),
    ]
    mesh = _pot(line, 0.004, 14, 24)

    def flute(p: Floats) -> Floats:
        angle = np.arctan2(p[:, 2], p[:, 0])
        k = 1 - 0.035 * np.abs(np.sin(angle * 8)) * np.clip((0.19 - p[:, 1]) / 0.05, 0, 1)
        return np.column_stack([p[:, 0] * k, p[:, 1], p[:, 2] * k])

    mesh = bend(mesh, flute)
    pool = srgb(0x5E8C78)
    return paint_by(
        mesh,
        lambda p: blend(
            speckle(p, STONEWARE, 0.1),
            blend(
                speckle(p, CELADON, 0.06), np.broadcast_to(np.array(pool), p.shape), 0.9 - np.abs(p[:, 1] - 0.2) / 0.035
            ),
            _drip(p, 0.016, 0.004, 5.0),
        ),
    )


def _sake_set() -> list[Mesh]:
    bottle_line = [
        (0.030, 0.0),
        (0.034, 0.006),
        (0.045, 0.04),
        (0.046, 0.075),
        (0.030, 0.108),
        (0.015, 0.126),
        (0.0145, 0.14),
        (0.022, 0.152),
    ]
    cup_line = [(0.016, 0.0), (0.017, 0.004), (0.026, 0.016), (0.029, 0.034), (0.030, 0.042)]
    ash, iron = srgb(0xC9B48A), srgb(0x4A2C1E)

    def skin(p: Floats, split: float) -> Floats:
        return blend(speckle(p, iron, 0.25), speckle(p, ash, 0.18, 0.014), _drip(p, split, 0.018, 2.0))

    bottle = paint_by(_thrown(_pot(bottle_line, 0.003, 12, 16), 0.0012, 1.0), lambda p: skin(p, 0.075))
    cup = paint_by(_thrown(_pot(cup_line, 0.003, 6, 14), 0.0008, 4.0), lambda p: skin(p, 0.024))
    other = paint_by(_thrown(_pot(cup_line, 0.003, 6, 14), 0.0008, 9.0), lambda p: skin(p, 0.020))
    return [move(bottle, -0.04, 0, -0.02), move(cup, 0.052, 0, 0.0), move(other, 0.012, 0, 0.068)]


def _plate_y(radius: Floats) -> Floats:
    """Height of the platter's upper side."""
    share = radius / 0.134
    return np.asarray(0.012 + 0.021 * share**5 + 0.004 * share**2)


def _brushed(outline: Floats, colour: Rgb) -> Mesh:
    """A brush mark on the platter: an outline in x/z, clockwise from above, lifted a hair off the glaze."""
    flat = np.concatenate([outline.mean(axis=0, keepdims=True), outline])
    height = _plate_y(np.hypot(flat[:, 0], flat[:, 1])) + 0.0006
    k = np.arange(len(outline))
    fan = np.column_stack([np.zeros(len(k), dtype=np.int64), 1 + k, 1 + (k + 1) % len(k)])
    positions = np.column_stack([flat[:, 0], height, flat[:, 1]])
    up = np.tile(np.array([0.0, 1.0, 0.0]), (len(flat), 1))
    return Mesh(positions, up, np.tile(np.array(colour), (len(flat), 1)), fan)


def _painting() -> list[Mesh]:
    """Cobalt on white: a flower, a wreath of scales, two lines at the rim."""
    parts = []
    t = np.linspace(0, -2 * math.pi, 7, endpoint=False)
    for count, reach, long, wide, tone in ((8, 0.034, 0.019, 0.009, COBALT), (16, 0.084, 0.017, 0.011, srgb(0x3E5FA8))):
        for k in range(count):
            a = 2 * math.pi * k / count
            c, s = math.cos(a), math.sin(a)
            along, across = reach + long * np.cos(t), wide * np.sin(t)
            parts.append(_brushed(np.column_stack([along * c - across * s, along * s + across * c]), tone))
    parts.append(_brushed(np.column_stack([0.009 * np.cos(t), 0.009 * np.sin(t)]), COBALT))
    for r0, r1 in ((0.110, 0.114), (0.121, 0.127)):
        radii = np.array([r1, r0])
        parts.append(lathe(np.column_stack([radii, _plate_y(radii) + 0.0008]), COBALT, segments=32))
    return parts


def _platter() -> tuple[Mesh, Mesh]:
    """A white platter painted with cobalt, leaning on a stand."""
    radii = np.array([0.0, 0.06, 0.09, 0.108, 0.120, 0.128, 0.134])
    top = np.column_stack([radii, _plate_y(radii)])
    under = [(0.0, 0.004), (0.07, 0.004), (0.07, 0.0), (0.076, 0.0), (0.08, 0.006), (0.12, 0.022), (0.1345, 0.035)]
    mesh = lathe(np.concatenate([under, top[::-1]]), MILK, segments=32, crease_deg=60)
    plate = move(turn(merge([mesh, *_painting()]), "x", math.radians(68)), 0, 0.135, 0.012)
    wood = srgb(0x6B4630)
    legs = [
        tube([[x, 0.0, 0.055], [x, 0.012, 0.02], [x, 0.012, -0.03], [x, 0.17, -0.075]], 0.006, wood, sides=4)
        for x in (-0.06, 0.06)
    ]
    lips = [tube([[x, 0.0, 0.056], [x, 0.022, 0.058]], 0.005, wood, sides=4) for x in (-0.06, 0.06)]
    bars = [tube([[-0.06, y, z], [0.06, y, z]], 0.005, wood, sides=4) for y, z in ((0.012, -0.02), (0.14, -0.066))]
    return plate, merge([*legs, *lips, *bars])


def _pieces() -> list[Piece]:
    plate, rack = _platter()
    return [
        piece("tea-bowl", counter(-0.92, -0.24, 0.05), [(tea_bowl(), GLAZE)], 20),
        piece("sake-set", counter(-0.30, -0.26), [(merge(_sake_set()), GLAZE)]),
        piece("platter", counter(0.42, -0.36), [(plate, GLAZE), (rack, WOOD)]),
        piece("celadon-vase", counter(1.05, -0.30), [(_celadon_vase(), GLAZE)]),
        piece("moon-jar", step(-0.62), [(_moon_jar(), CLAY)]),
    ]


def _stock(rng: np.random.Generator, number: int) -> Mesh:
    """Pots of the background: jars, bottles, stacked bowls."""
    glazes = [srgb(0xB9A88A), srgb(0x6F8C84), srgb(0x8A5A3A), srgb(0xD9D2C2), srgb(0x49566E), srgb(0x54382A)]
    body, top = vary(rng, glazes[int(rng.integers(6))]), vary(rng, glazes[int(rng.integers(6))])
    kind = number % 3
    if kind == 0:
        line = [(0.04, 0), (0.07, 0.06), (0.062, 0.12), (0.03, 0.15), (0.034, 0.17), (0.0, 0.15)]
        return lathe(line, np.array([body] * 2 + [top] * 4), segments=6)
    if kind == 1:
        line = [(0.034, 0), (0.04, 0.09), (0.016, 0.15), (0.014, 0.19), (0.022, 0.21), (0, 0.2)]
        return lathe(line, np.array([body] * 2 + [top] * 4), segments=6)
    bowls = [
        lathe([(0.03, 0), (0.034, 0.01), (0.07, 0.05), (0.065, 0.05), (0.0, 0.02)], vary(rng, body), segments=6)
        for _ in range(2)
    ]
    return merge(move(b, 0.003 * k, 0.022 * k) for k, b in enumerate(bowls))


def _dressing(rng: np.random.Generator) -> Mesh:
    stands = [block((-0.92, 0.885, -0.24), (0.2, 0.05, 0.2), HINOKI, 0.006)]
    stands.append(block((1.05, 0.8625, -0.30), (0.17, 0.004, 0.17), CEDAR, 0.002))
    rows = [row(_stock, rng, level, spread(count, gap_m=0.09)) for level, count in ((0, 8), (1, 8))]
    more = [move(_stock(rng, k), x, 1.06, -0.84) for k, x in enumerate((0.1, 0.34, 0.62, 0.9, 1.2, -1.2))]
    return merge([*stands, *rows, *more])


CRAFT = Craft(
    "pottery", MADDER, Style(wall=PLASTER_OCHRE, counter="plaster", mark="waves", roof_kind="tile"), _pieces, _dressing
)
