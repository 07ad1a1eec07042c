"""Indigo cloth: folded towels, a cushion, a wrapped bundle, a hanging, a bag."""

from __future__ import annotations

import math

import numpy as np

from yokocho.demo.crafts.kit import CLOTH, WOOD, counter, hung, piece, row, spread
from yokocho.demo.mesh import Floats, Mesh, Rgb, flip, merge, move, turn
from yokocho.demo.palette import BAMBOO, CEDAR, HINOKI, INDIGO, PLASTER, mix, srgb
from yokocho.demo.shapes import block, box, curve, lathe, loft, sheet, tiles, tube, vary
from yokocho.demo.stalls import Craft, Piece, Style

DEEP: Rgb = srgb(0x1E2F63)
MID: Rgb = srgb(0x3F5FA6)
PALE: Rgb = srgb(0xA9BEDC)
COTTON: Rgb = srgb(0xF0EBDD)


def pattern(name: str, rows: int, columns: int) -> Floats:
    """Cloth patterns on a grid of cells: a colour for each."""
    i, j = np.meshgrid(np.arange(rows), np.arange(columns), indexing="ij")
    ground, mark = np.array(DEEP), np.array(COTTON)
    if name == "check":
        on = (i + j) % 2 == 0
    elif name == "stripe":
        on = (i % 4 == 0) | (i % 8 == 2)
    elif name == "lattice":
        on, ground = (i % 3 == 0) | (j % 3 == 0), np.array(MID)
    elif name == "steps":
        on = (i + j) % 4 < 1
    else:
        on = (i % 2 == 0) & (j % 2 == 0)
    return np.asarray(np.where(on[..., None], mark, ground))


def _printed(points: Floats, name: str) -> Mesh:
    return tiles(points, pattern(name, points.shape[0] - 1, points.shape[1] - 1))


def _folded(width: float, depth: float, thick: float, name: str, tone: Rgb) -> Mesh:
    """A folded towel: rounded front fold, printed top, layers at the sides."""
    n, m = 10, 8
    x = np.linspace(-width / 2, width / 2, n + 1)
    arc = np.linspace(0, 1, m + 1)
    z = np.where(arc < 0.8, -depth / 2 + arc / 0.8 * depth, depth / 2)
    front = np.clip((arc - 0.8) / 0.2, 0, 1) * math.pi
    y = np.where(arc < 0.8, thick, thick / 2 + thick / 2 * np.cos(front))
    z = z + np.where(arc < 0.8, 0, thick / 2 * np.sin(front))
    points = np.stack(
        [
            np.broadcast_to(x[:, None], (n + 1, m + 1)),
            np.broadcast_to(y, (n + 1, m + 1)),
            np.broadcast_to(z, (n + 1, m + 1)),
        ],
        -1,
    )
    top = _printed(points[::-1], name)
    layers = []
    for k in range(4):
        layers.append(
            block(
                (0, thick * (k + 0.5) / 4, -0.002),
                (width - 0.003, thick / 4 - 0.0012, depth - 0.002),
                mix(tone, COTTON, 0.25 if k % 2 else 0.0),
                0.001,
            )
        )
    return merge([top, *layers])


def _towels() -> Mesh:
    parts = []
    y = 0.0
    for k, (name, tone) in enumerate((("stripe", DEEP), ("check", MID), ("lattice", MID))):
        parts.append(
            move(turn(_folded(0.17, 0.115, 0.018, name, tone), "y", 0.06 * math.sin(k * 2.4)), 0.003 * k, y, 0)
        )
        y += 0.0195
    return merge(parts)


def _cushion() -> Mesh:
    """A square cushion, full in the middle, tassels at its corners, tied in the centre."""
    n = 15
    half, rise = 0.20, 0.038
    u = np.linspace(-1, 1, n)
    a, b = np.meshgrid(u, u, indexing="ij")
    pull = 1 - 0.06 * (a**2 * (1 - b**2) + b**2 * (1 - a**2)) - 0.02
    dome = (1 - a**4) ** 0.5 * (1 - b**4) ** 0.5
    dome = dome * (1 - 0.42 * np.exp(-(a**2 + b**2) / 0.02))
    x, z = a * half * pull, b * half * pull
    up = np.stack([x, 0.04 + rise * dome, z], -1)
    down = np.stack([x, 0.04 - rise * dome, z], -1)
    parts = [_printed(up.transpose(1, 0, 2), "steps"), sheet(down, DEEP)]
    parts.append(tube([[0, 0.066, 0], [0.012, 0.072, 0.006], [0.02, 0.066, 0.012]], 0.0028, COTTON, sides=3))
    parts.append(tube([[0, 0.066, 0], [-0.012, 0.072, 0.008], [-0.02, 0.066, 0.004]], 0.0028, COTTON, sides=3))
    for sx in (-1, 1):
        for sz in (-1, 1):
            spot = np.array([sx * half * 0.97, 0.04, sz * half * 0.97])
            for k in range(4):
                spread_ = np.array([sx * 0.022, -0.014 + 0.008 * k, sz * 0.022]) + np.array(
                    [0.006 * (k - 1.5), 0, -0.006 * (k - 1.5)]
                )
                parts.append(tube([spot, spot + spread_], 0.0022, COTTON, sides=3))
    return merge(parts)


def _bundle() -> Mesh:
    """A box wrapped in a cloth, knotted on top with two ears."""
    n, m = 20, 14
    angle = np.linspace(0, 2 * math.pi, n + 1)
    t = np.linspace(0, 1, m + 1)
    square = 1 / np.maximum(np.abs(np.cos(angle)), np.abs(np.sin(angle))) ** 0.75
    height = np.array([0.0, 0.0, 0.05, 0.10, 0.135, 0.15, 0.158])
    reach = np.array([0.0, 0.095, 0.105, 0.10, 0.075, 0.035, 0.016])
    h = np.interp(t, np.linspace(0, 1, 7), height)
    r = np.interp(t, np.linspace(0, 1, 7), reach)
    fold = 1 + 0.05 * np.cos(angle * 8)[:, None] * np.clip((t - 0.55) / 0.3, 0, 1)[None, :]
    swirl = angle[:, None] + 0.35 * np.clip((t - 0.5) / 0.5, 0, 1)[None, :]
    rr = r[None, :] * (square[:, None] * (1 - t[None, :] * 0.5) + t[None, :] * 0.5) * fold
    points = np.stack([rr * np.cos(swirl), np.broadcast_to(h, rr.shape), -rr * np.sin(swirl)], -1)
    body = _printed(points[::-1], "dots")
    ears = []
    for sign in (-1, 1):
        path = curve(
            [[0, 0.158, 0], [sign * 0.025, 0.182, 0.012], [sign * 0.06, 0.185, 0.018], [sign * 0.088, 0.165, 0.012]], 9
        )
        width = np.array([0.010, 0.018, 0.024, 0.028, 0.028, 0.025, 0.019, 0.011, 0.002])
        ears.append(
            tube(
                path,
                width,
                np.array([DEEP if k % 2 else mix(DEEP, COTTON, 0.5) for k in range(9)]),
                sides=6,
                flatten=0.32,
            )
        )
    knot = loft(
        np.array(
            [
                [
                    [0.016 * math.cos(a) * s, 0.158 + y, 0.016 * math.sin(a) * s * 1.2]
                    for a in np.linspace(0, 2 * math.pi, 10, endpoint=False)
                ]
                for y, s in ((-0.006, 0.8), (0.004, 1.15), (0.016, 1.1), (0.024, 0.6))
            ]
        ),
        DEEP,
    )
    return merge([body, *ears, knot])


def _hanging() -> tuple[Mesh, Mesh]:
    """A long towel on a bamboo rod: a crescent moon over waves."""
    w, h = 0.34, 0.62

    def at(x: Floats, y: Floats, lift_m: float) -> Floats:
        return np.stack([x, y, 0.010 * np.sin(x * 22 + 1) * np.clip(1 - y / h, 0, 1) ** 0.5 + lift_m], -1)

    x, y = np.meshgrid(np.linspace(w / 2, -w / 2, 11), np.linspace(0, h, 5), indexing="ij")
    parts = [sheet(at(x, y, 0.0), DEEP), flip(sheet(at(x, y, -0.0012), mix(DEEP, MID, 0.3)))]
    for k, (radius, column) in enumerate((q, c) for c in range(5) for q in (0.058, 0.044, 0.030, 0.016)):
        for line in range(3):
            middle = (column - 2 + 0.5 * (line % 2)) * 0.068 - 0.017
            reach = np.linspace(0, math.pi, 7)[None, :]
            ring = np.array([[radius], [radius - 0.006]])
            cx = np.clip(middle + ring * np.cos(reach) * 0.58, -w / 2, w / 2)
            parts.append(
                sheet(
                    at(cx, 0.02 + line * 0.045 + ring * np.sin(reach), 0.0008 + 0.0004 * (2 - line)),
                    COTTON if k % 4 < 3 else PALE,
                )
            )
    around = np.linspace(0.4, 4.6, 12)
    outer = np.stack([0.04 + 0.085 * np.cos(around), 0.45 + 0.085 * np.sin(around)], -1)
    inner = np.stack([0.062 + 0.068 * np.cos(around), 0.464 + 0.068 * np.sin(around)], -1)
    moon = np.stack([outer, inner])
    parts.append(sheet(at(moon[..., 0], moon[..., 1], 0.0012), COTTON))
    for sx, sy in ((-0.1, 0.52), (-0.06, 0.40), (0.12, 0.57), (-0.13, 0.44), (-0.02, 0.57)):
        dot = np.stack(
            [np.array([[sx - 0.007, sx], [sx, sx + 0.007]]), np.array([[sy, sy - 0.007], [sy + 0.007, sy]])], -1
        )
        parts.append(sheet(at(dot[..., 0], dot[..., 1], 0.0012), PALE))
    cloth = merge(parts)
    rod = turn(lathe([(0, -0.2), (0.009, -0.2), (0.009, 0.2), (0, 0.2)], BAMBOO, segments=10), "z", math.pi / 2)
    cord = tube([[-0.17, h + 0.008, 0], [0, h + 0.06, 0], [0.17, h + 0.008, 0]], 0.002, srgb(0xC9B78A), sides=3)
    return cloth, merge([move(rod, 0, h, 0), cord])


def _bag() -> Mesh:
    """A bag gathered by a cord, patched like field work clothes."""
    n, m = 20, 12
    angle = np.linspace(0, 2 * math.pi, n + 1)
    t = np.linspace(0, 1, m + 1)
    r = np.interp(t, [0, 0.12, 0.4, 0.7, 0.8, 0.86, 1.0], [0.0, 0.085, 0.098, 0.078, 0.040, 0.036, 0.066])
    h = np.interp(t, [0, 0.12, 0.4, 0.7, 0.8, 0.86, 1.0], [0.0, 0.004, 0.075, 0.15, 0.178, 0.190, 0.225])
    gather = 1 + 0.16 * np.cos(angle * 9)[:, None] * np.clip((t - 0.6) / 0.2, 0, 1)[None, :]
    rr = r[None, :] * gather
    points = np.stack(
        [rr * np.cos(angle)[:, None], np.broadcast_to(h, rr.shape), rr * np.sin(angle)[:, None] * 0.8], -1
    )
    i, j = np.meshgrid(np.arange(n) // 4, np.arange(m) // 4, indexing="ij")
    tones = np.array([DEEP, MID, mix(DEEP, MID, 0.5), PALE])[(i * 7 + j * 5) % 4]
    stitch = ((np.arange(n)[:, None] + 2 * np.arange(m)[None, :]) % 5 == 0)[..., None]
    body = tiles(points, np.where(stitch, np.array(COTTON) * 0.8, tones))
    a = np.linspace(0, 2 * math.pi, 16, endpoint=False)
    ring = tube(
        np.column_stack([0.042 * np.cos(a), np.full(16, 0.184), 0.034 * np.sin(a)]),
        0.0035,
        srgb(0xB4432E),
        sides=4,
        closed=True,
    )
    cords = [
        tube(
            curve(
                [[sx * 0.04, 0.184, 0.01], [sx * 0.08, 0.17, 0.03], [sx * 0.10, 0.10, 0.05], [sx * 0.11, 0.05, 0.075]],
                10,
            ),
            0.003,
            srgb(0xB4432E),
            sides=4,
        )
        for sx in (-1, 1)
    ]
    return merge([body, ring, *cords])


def _pieces() -> list[Piece]:
    cloth, rod = _hanging()
    high = 0.62 + 0.06
    return [
        piece("towels", counter(-1.0, -0.26), [(_towels(), CLOTH)], 16),
        piece("bundle", counter(-0.34, -0.3), [(_bundle(), CLOTH)], 24),
        piece("bag", counter(0.30, -0.28), [(_bag(), CLOTH)], -12),
        piece("cushion", counter(1.0, -0.33), [(turn(_cushion(), "x", math.radians(24)), CLOTH)]),
        piece("moon-hanging", hung(-0.4, high, -0.62), [(cloth, CLOTH), (rod, WOOD)]),
    ]


def _stock(rng: np.random.Generator, number: int) -> Mesh:
    """Bolts and piles of cloth."""
    tones = [DEEP, MID, PALE, COTTON, srgb(0x2B2F3E), srgb(0x5A7A8C)]
    parts = []
    if number % 2:
        for k in range(3):
            tone = vary(rng, tones[int(rng.integers(6))])
            roll = turn(
                lathe([(0, -0.13), (0.035, -0.13), (0.035, 0.13), (0, 0.13)], tone, segments=6), "x", math.pi / 2
            )
            parts.append(move(roll, -0.075 + 0.075 * k, 0.036, 0))
        top = turn(
            lathe(
                [(0, -0.13), (0.035, -0.13), (0.035, 0.13), (0, 0.13)],
                vary(rng, tones[int(rng.integers(6))]),
                segments=6,
            ),
            "x",
            math.pi / 2,
        )
        parts.append(move(top, 0.0, 0.10, 0))
    else:
        y = 0.0
        for _ in range(int(rng.integers(4, 9))):
            tone = vary(rng, tones[int(rng.integers(6))])
            parts.append(box((0, y + 0.012, 0), (0.22, 0.022, 0.2), tone, skip="db"))
            y += 0.024
    return merge(parts)


def _dressing(rng: np.random.Generator) -> Mesh:
    rows = [row(_stock, rng, level, spread(7, 1.28, 0.15), grow=1.0) for level in (0, 1)]
    more = [move(_stock(rng, 0), x, 1.06, -0.84) for x in (-1.3, -1.0, 0.25, 0.55, 1.3)]
    more.append(move(_stock(rng, 1), 0.95, 1.06, -0.84))
    banners = []
    for k, x in enumerate((0.72, 1.18)):
        u, v = np.meshgrid(np.linspace(0.16, -0.16, 7), np.linspace(0, 0.62, 11), indexing="ij")
        points = np.stack([u, v, 0.01 * np.sin(u * 25 + k)], -1)
        banners.append(move(_printed(points, ("check", "lattice")[k]), x, 1.40, -0.64))
    wedge = merge([block((1.0, 0.885, -0.53), (0.3, 0.05, 0.06), HINOKI, 0.004)])
    rail = tube([[-1.4, 2.05, -0.64], [1.4, 2.05, -0.64]], 0.011, BAMBOO, sides=4)
    return merge([*rows, *more, *banners, wedge, rail])


CRAFT = Craft(
    "indigo",
    INDIGO,
    Style(wood=CEDAR, wall=PLASTER, counter="slats", mark="waves", roof_kind="tile", lantern_kind="round", panels=3),
    _pieces,
    _dressing,
)
