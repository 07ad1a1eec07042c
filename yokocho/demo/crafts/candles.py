"""Candles: plant-wax candles with their wide shoulders, painted ones, beeswax, and what they stand on."""

from __future__ import annotations

import math

import numpy as np

from yokocho.demo.crafts.kit import IRON_SKIN, LIT, WAX_SKIN, counter, piece, row, spread
from yokocho.demo.glb import Material
from yokocho.demo.mesh import Floats, Mesh, Rgb, merge, move
from yokocho.demo.palette import BRASS, CEDAR_LIGHT, CHERRY, IRON, MADDER, PLASTER, WAX, mix, srgb
from yokocho.demo.shapes import block, box, curve, decal, lathe, oval, tiles, tube, vary
from yokocho.demo.stalls import Craft, Piece, Style

RED: Rgb = srgb(0xB4261E)
HONEY: Rgb = srgb(0xD9A23E)
WICK: Rgb = srgb(0x3A302A)
SHAPE = ((0.30, 0.0), (0.285, 0.25), (0.30, 0.55), (0.38, 0.82), (0.47, 0.97), (0.46, 1.0))
"""A candle's outline: radius in 0.3 of its height, height in 1."""


def candle(height_m: float, colour: Rgb, segments: int = 18) -> Mesh:
    """A Japanese candle: slender foot, shoulders that widen upwards, a thick rush wick."""
    h = height_m
    line = curve(SHAPE, 9)
    profile = np.column_stack([line[:, 0] * h * 0.30, line[:, 1] * h])
    full = np.concatenate([[[0, 0]], profile, [[0.10 * h, h * 0.995], [0.0, h * 0.985]]])
    body = lathe(full, colour, segments=segments)
    wick = lathe(
        [(0, h * 0.98), (0.022 * h, h * 0.98), (0.026 * h, h * 1.10), (0.012 * h, h * 1.13), (0, h * 1.13)],
        WICK,
        segments=8,
    )
    return merge([body, wick])


def stub(height_m: float, colour: Rgb) -> Mesh:
    """A candle of the background."""
    h = height_m
    line = [(0.09 * h, 0.0), (0.088 * h, 0.5 * h), (0.14 * h, h), (0.0, h)]
    wick = lathe([(0.014 * h, h), (0.0, h * 1.1)], WICK, segments=3)
    return merge([lathe(line, colour, segments=5), wick])


def flame(height_m: float) -> Mesh:
    """A still flame, pale at its heart."""
    line = curve([(0.0, 0.0), (0.17, 0.16), (0.20, 0.34), (0.12, 0.66), (0.0, 1.0)], 10) * height_m
    line[:, 0] = line[:, 0].clip(0)
    tones = np.array(
        [mix(srgb(0xFF9A3C), (1.0, 0.96, 0.82), math.sin(math.pi * min(1.0, 0.15 + k / 10))) for k in range(10)]
    )
    return lathe(line, tones, segments=12, crease_deg=180)


def _pair() -> Mesh:
    return merge([move(candle(0.17, RED), -0.042, 0, 0), move(candle(0.17, WAX), 0.042, 0, 0.012)])


def _painted() -> Mesh:
    """A tall white candle painted with a climbing plum branch."""
    h = 0.24
    line = curve(SHAPE, 9) * np.array([h * 0.30, h])

    def radius(y: Floats) -> Floats:
        return np.asarray(np.interp(y, line[:, 1], line[:, 0]))

    marks = []
    t = np.linspace(0, 1, 12)
    around, up = -0.9 + 1.9 * t + 0.25 * np.sin(t * 9), 0.03 + 0.155 * t
    reach = radius(up) + 0.0006
    vine = np.column_stack([reach * np.sin(around), up, reach * np.cos(around)])
    marks.append(tube(vine, 0.0014, srgb(0x4A3A28), sides=3))
    for k in range(11):
        a, y = around[k] + 0.28 * (-1) ** k, up[k] + 0.006
        tone = (srgb(0xC23A55), srgb(0xD86A4A), srgb(0xC23A55), srgb(0x4F7A52))[k % 4]
        marks.append(decal(radius, oval(float(a), float(y), 0.21, 0.0062, 7), tone, 0.0009))
        if k % 4 != 3:
            marks.append(decal(radius, oval(float(a), float(y), 0.07, 0.002, 5), srgb(0xF2D27A), 0.0014))
    for y0, y1 in ((0.004, 0.012), (0.214, 0.222)):
        ys = np.linspace(y0, y1, 2)
        marks.append(lathe(np.column_stack([radius(ys) + 0.0005, ys]), srgb(0xB4261E), segments=18))
    return merge([candle(h, WAX), *marks])


def _beeswax() -> Mesh:
    """A rolled pillar: the honeycomb shows on its side, the spiral on its end."""
    n, rings = 22, 9
    angle = np.linspace(0, -2 * math.pi, n + 1)
    levels = np.linspace(0, 0.14, rings + 1)
    points = np.stack(
        [
            np.broadcast_to(0.036 * np.cos(angle)[:, None], (n + 1, rings + 1)),
            np.broadcast_to(levels, (n + 1, rings + 1)),
            np.broadcast_to(0.036 * np.sin(angle)[:, None], (n + 1, rings + 1)),
        ],
        -1,
    ).copy()
    points[:, ::2, :] *= np.array([0.985, 1.0, 0.985])
    i, j = np.meshgrid(np.arange(n), np.arange(rings), indexing="ij")
    tone = np.array(HONEY) * (0.78 + 0.34 * ((i + j) % 2))[..., None]
    side = tiles(points.swapaxes(0, 1), tone.swapaxes(0, 1))
    top = [
        (0.0355, 0.14),
        (0.030, 0.1415),
        (0.029, 0.1385),
        (0.021, 0.1415),
        (0.020, 0.1385),
        (0.012, 0.1415),
        (0.0, 0.1385),
    ]
    wick = tube([[0, 0.135, 0], [0.002, 0.155, 0], [0.006, 0.163, 0.002]], 0.002, WICK, sides=4)
    return merge([side, lathe(top, HONEY, segments=22), lathe([(0, 0), (0.0355, 0)], HONEY, segments=22), wick])


def _chamberstick() -> list[tuple[Mesh, Material]]:
    """A forged candlestick with a ring to carry it by, its candle burning."""
    dish = lathe(
        [(0, 0), (0.06, 0), (0.075, 0.012), (0.078, 0.018), (0.073, 0.016), (0.058, 0.006), (0.0, 0.006)],
        IRON,
        segments=16,
    )
    cup = lathe(
        [(0.010, 0.006), (0.008, 0.05), (0.012, 0.075), (0.024, 0.09), (0.025, 0.094), (0.018, 0.094), (0, 0.09)],
        IRON,
        segments=14,
    )
    a = np.linspace(0, 2 * math.pi, 16, endpoint=False)
    ring = tube(
        np.column_stack([0.094 + 0.022 * np.cos(a), 0.026 + 0.022 * np.sin(a), np.zeros(16)]),
        0.0035,
        IRON,
        sides=4,
        closed=True,
    )
    wax = move(candle(0.12, WAX), 0, 0.094, 0)
    fire = move(flame(0.042), 0, 0.094 + 0.13, 0)
    return [(merge([dish, cup, ring]), IRON_SKIN), (merge([wax]), WAX_SKIN), (fire, LIT)]


def _bowl() -> list[tuple[Mesh, Material]]:
    """Three floating lights in a dark bowl of water."""
    bowl = lathe(
        [(0, 0), (0.05, 0), (0.054, 0.008), (0.10, 0.03), (0.122, 0.062), (0.118, 0.064), (0.11, 0.05), (0, 0.046)],
        srgb(0x26303C),
        segments=19,
    )
    water = lathe([(0.112, 0.0525), (0.0, 0.0525)], srgb(0x3F5570), segments=19)
    parts, fires = [bowl, water], []
    for k in range(3):
        angle = k * 2.09 + 0.4
        x, z = 0.055 * math.cos(angle), 0.055 * math.sin(angle)
        petals = []
        for j in range(6):
            b = j * math.pi / 3
            leaf = lathe(
                [(0.013, 0.0), (0.010, 0.008), (0.0, 0.010)], (srgb(0xE9A9A0), WAX, srgb(0xD97A6A))[k], segments=6
            )
            petals.append(move(leaf, 0.016 * math.cos(b), 0, 0.016 * math.sin(b)))
        heart = lathe([(0.018, 0), (0.018, 0.012), (0, 0.012)], WAX, segments=12)
        parts.append(move(merge([*petals, heart]), x, 0.052, z))
        fires.append(move(flame(0.026), x, 0.064, z))
    return [(merge(parts), WAX_SKIN), (merge(fires), LIT)]


def _pieces() -> list[Piece]:
    return [
        piece("red-and-white", counter(-1.02, -0.24, 0.03), [(_pair(), WAX_SKIN)], 8),
        piece("painted", counter(-0.5, -0.26, 0.03), [(_painted(), WAX_SKIN)]),
        piece("floating-lights", counter(0.06, -0.28), _bowl()),
        piece("beeswax", counter(0.60, -0.25, 0.03), [(_beeswax(), WAX_SKIN)]),
        piece("chamberstick", counter(1.08, -0.27), _chamberstick(), -30),
    ]


def _stock(rng: np.random.Generator, number: int) -> Mesh:
    tone = vary(rng, (WAX, RED, HONEY, srgb(0xE7D7C0), srgb(0x7A8A5A))[int(rng.integers(5))], 0.1)
    if number % 3 == 2:
        tray = box((0, 0.012, 0), (0.2, 0.024, 0.16), CHERRY, skip="db")
        sticks = [move(stub(0.11, vary(rng, tone)), -0.07 + 0.047 * (k % 4), 0.024, 0.0) for k in range(4)]
        return merge([tray, *sticks])
    return merge(
        [
            move(stub(float(rng.uniform(0.13, 0.24)), vary(rng, tone)), -0.05 + 0.05 * k, 0, 0.02 * (k % 2))
            for k in range(3)
        ]
    )


def _dressing(rng: np.random.Generator) -> Mesh:
    rows = [row(_stock, rng, level, spread(count, gap_m=0.16), grow=1.3) for level, count in ((0, 6), (1, 5))]
    more = [move(_stock(rng, k), x, 1.06, -0.84) for k, x in enumerate((-1.25, -0.65, 0.0, 0.65, 1.25))]
    bases = [
        block((x, 0.8755, z), (0.2 if k == 0 else 0.13, 0.027, 0.13), CEDAR_LIGHT, 0.005)
        for k, (x, z) in enumerate(((-1.02, -0.24), (-0.5, -0.26), (0.60, -0.25)))
    ]
    dips = [
        tube(
            [[-1.3 + 0.09 * k, 2.25, -0.75], [-1.3 + 0.09 * k, 1.98, -0.75]],
            np.array([0.003, 0.016]),
            vary(rng, WAX),
            sides=6,
        )
        for k in range(6)
    ]
    rail = tube([[-1.5, 2.25, -0.75], [-0.7, 2.25, -0.75]], 0.012, BRASS, sides=4)
    return merge([*rows, *more, *bases, *dips, rail])


CRAFT = Craft(
    "candles",
    MADDER,
    Style(
        wood=CHERRY,
        wall=PLASTER,
        counter="panels",
        mark="dots",
        roof_kind="shingle",
        roof_colour=mix(CHERRY, (0, 0, 0), 0.4),
        lantern_kind="round",
        lamp_power=0.5,
    ),
    _pieces,
    _dressing,
)
