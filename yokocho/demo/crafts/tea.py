"""Tea: a side-handled pot, a caddy, a whisk, a bowl, an iron kettle, a tray."""

from __future__ import annotations

import math

import numpy as np

from yokocho.demo.crafts.kit import (
    BAMBOO_SKIN,
    CLAY,
    GLAZE,
    IRON_SKIN,
    LACQUER,
    blend,
    counter,
    piece,
    row,
    speckle,
    spread,
)
from yokocho.demo.glb import Material
from yokocho.demo.mesh import Floats, Mesh, Rgb, bend, merge, move, paint_by, turn
from yokocho.demo.palette import BAMBOO, BRASS, CEDAR, CHERRY, HINOKI, IRON, LACQUER_RED, PLASTER_OCHRE, mix, srgb
from yokocho.demo.shapes import block, box, curve, disc, lathe, ripple, tiles, tube, vary
from yokocho.demo.stalls import Craft, Piece, Style

TOKONAME: Rgb = srgb(0x8A3A24)
MATCHA: Rgb = srgb(0x8FAE4A)
WARE: Rgb = srgb(0x4E5E6E)


def _kyusu() -> Mesh:
    """A red clay pot with a hollow handle at a right angle to the spout."""
    line = curve([(0.034, 0.0), (0.040, 0.004), (0.056, 0.028), (0.055, 0.05), (0.040, 0.068), (0.030, 0.072)], 11)
    body = lathe(np.concatenate([[[0, 0.001]], line]), TOKONAME, segments=19)
    lid = lathe(
        curve([(0.034, 0.070), (0.033, 0.075), (0.02, 0.081), (0.006, 0.084)], 8),
        mix(TOKONAME, (0, 0, 0), 0.1),
        segments=16,
    )
    knob = lathe([(0.005, 0.083), (0.0045, 0.087), (0.010, 0.092), (0.010, 0.096), (0, 0.099)], TOKONAME, segments=12)
    spout = tube(
        curve([[0.048, 0.036, 0], [0.068, 0.046, 0], [0.084, 0.068, 0]], 8),
        np.linspace(0.014, 0.007, 8),
        TOKONAME,
        sides=8,
    )
    grip = tube(
        curve([[0, 0.044, 0.046], [0, 0.052, 0.075], [0, 0.060, 0.118]], 8),
        np.array([0.011, 0.0105, 0.010, 0.010, 0.0105, 0.0115, 0.0125, 0.013]),
        TOKONAME,
        sides=9,
    )
    mesh = merge([body, lid, knob, spout, grip])
    return paint_by(
        mesh, lambda p: speckle(p, TOKONAME, 0.10, 0.02) * (1 + 0.12 * (np.abs(p[:, 1] - 0.031) < 0.0016))[:, None]
    )


def _caddy() -> tuple[Mesh, Mesh]:
    """A tin caddy covered with patterned paper, its lid lacquered."""
    n, rows = 20, 7
    a, y = np.meshgrid(np.linspace(0, -2 * math.pi, n + 1), np.linspace(0, 0.085, rows + 1), indexing="ij")
    twist = a + (np.arange(rows + 1) * math.pi / n)[None, :]
    points = np.stack([0.0385 * np.cos(twist), y, 0.0385 * np.sin(twist)], -1)
    i, j = np.meshgrid(np.arange(n), np.arange(rows), indexing="ij")
    tones = np.array([srgb(0x1F4A48), srgb(0xD8B25A), srgb(0x2F6A60), srgb(0xE9D9A8)])[(i + 2 * (j % 2)) % 4]
    side = tiles(points.swapaxes(0, 1), tones.swapaxes(0, 1))
    body = merge([side, lathe([(0.0, 0.0), (0.0385, 0.0)], srgb(0x16302F), segments=20)])
    lid = lathe([(0.0395, 0.080), (0.0395, 0.112), (0.037, 0.116), (0, 0.117)], srgb(0x16302F), segments=25)
    ring = lathe([(0.0397, 0.079), (0.0404, 0.081), (0.0397, 0.083)], BRASS, segments=25)
    return body, merge([lid, ring])


def _whisk() -> Mesh:
    """A bamboo whisk: a cane split into outer and inner tines, black thread at its waist, standing on its handle."""
    handle = lathe([(0, 0), (0.0125, 0), (0.013, 0.002), (0.0125, 0.045), (0.0125, 0.05)], BAMBOO, segments=14)
    parts = [handle]
    for k in range(20):
        a = 2 * math.pi * k / 20
        c, s = math.cos(a), math.sin(a)
        line = [(0.0122, 0.048), (0.021, 0.066), (0.027, 0.090), (0.0235, 0.104), (0.019, 0.107)]
        path = [[r * c, y, r * s] for r, y in line]
        parts.append(
            tube(
                path,
                np.array([0.0011, 0.0009, 0.0007, 0.0005, 0.0003]),
                vary(np.random.default_rng(k), BAMBOO, 0.12),
                sides=3,
            )
        )
    for k in range(10):
        a = 2 * math.pi * (k + 0.5) / 10
        c, s = math.cos(a), math.sin(a)
        parts.append(
            tube(
                [[0.009 * c, 0.05, 0.009 * s], [0.008 * c, 0.085, 0.008 * s], [0.004 * c, 0.106, 0.004 * s]],
                0.0008,
                BAMBOO,
                sides=3,
            )
        )
    for y, r in ((0.050, 0.0136), (0.0525, 0.0146), (0.055, 0.0158)):
        a2 = np.linspace(0, 2 * math.pi, 20, endpoint=False)
        parts.append(
            tube(
                np.column_stack([r * np.cos(a2), np.full(20, y), r * np.sin(a2)]),
                0.0011,
                srgb(0x1C1A1E),
                sides=3,
                closed=True,
            )
        )
    node = lathe([(0.0128, 0.016), (0.0142, 0.018), (0.0128, 0.020)], mix(BAMBOO, CEDAR, 0.3), segments=14)
    return merge([*parts, node])


def _bowl() -> Mesh:
    """A summer bowl in slate blue, with whisked tea in it."""
    line = curve([(0.027, 0.0), (0.029, 0.008), (0.05, 0.02), (0.066, 0.045), (0.071, 0.066)], 10)
    inner = curve([(0.069, 0.066), (0.062, 0.045), (0.045, 0.024)], 8)
    body = lathe(np.concatenate([[[0, 0.002]], line, [[0.0705, 0.0675]], inner]), (1, 1, 1), segments=22)
    body = bend(body, lambda p: p * (1 + 0.012 * ripple(p, 0.08))[:, None])

    def skin(p: Floats) -> Floats:
        a = np.arctan2(p[:, 2], p[:, 0])
        brush = np.abs(p[:, 1] - 0.046 - 0.006 * np.sin(a * 2)) < 0.006
        base = blend(speckle(p, srgb(0x9A7B5E), 0.15), speckle(p, WARE, 0.2, 0.02), (p[:, 1] - 0.012) / 0.004)
        return np.where(brush[:, None], speckle(p, srgb(0xE6E0D0), 0.08), base)

    tea = disc((0, 0.040, 0), 0.0605, MATCHA, segments=19)
    rng = np.random.default_rng(4)
    foam = []
    for _ in range(6):
        r, a = 0.05 * math.sqrt(float(rng.uniform())), float(rng.uniform(0, 6.28))
        bubble = lathe([(0.004, 0), (0.003, 0.0012), (0, 0.0018)], srgb(0xC4D68A), segments=6)
        foam.append(move(bubble, r * math.cos(a), 0.040, r * math.sin(a)))
    return merge([paint_by(body, skin), tea, *foam])


def _kettle() -> list[tuple[Mesh, Material]]:
    """A cast-iron kettle with a hailstone ground and a bail handle."""
    line = curve(
        [(0.06, 0.0), (0.068, 0.004), (0.085, 0.04), (0.088, 0.075), (0.07, 0.108), (0.045, 0.120), (0.042, 0.126)], 14
    )
    body = lathe(np.concatenate([[[0, 0]], line]), IRON, segments=19)
    bumps = []
    for k in range(3):
        y = 0.046 + 0.019 * k
        r = float(np.interp(y, line[:, 1], line[:, 0]))
        for j in range(15):
            a = 2 * math.pi * (j + 0.5 * (k % 2)) / 15
            nub = lathe([(0.0034, 0), (0, 0.0032)], mix(IRON, (0.3, 0.3, 0.3), 0.25), segments=4)
            bumps.append(move(turn(turn(nub, "z", -math.pi / 2), "y", -a), r * math.cos(a), y, r * math.sin(a)))
    lid = lathe(
        curve([(0.046, 0.124), (0.042, 0.130), (0.02, 0.137), (0.006, 0.139)], 8), mix(IRON, BRASS, 0.12), segments=18
    )
    knob = lathe([(0.005, 0.138), (0.004, 0.144), (0.011, 0.149), (0.010, 0.157), (0, 0.160)], BRASS, segments=12)
    spout = tube(
        curve([[0.078, 0.066, 0], [0.105, 0.080, 0], [0.120, 0.108, 0]], 8), np.linspace(0.019, 0.009, 8), IRON, sides=8
    )
    bail = tube(
        curve(
            [
                [0.045, 0.112, 0],
                [0.070, 0.170, 0],
                [0.045, 0.215, 0],
                [0, 0.228, 0],
                [-0.045, 0.215, 0],
                [-0.070, 0.170, 0],
                [-0.045, 0.112, 0],
            ],
            24,
        ),
        0.0052,
        IRON,
        sides=6,
    )
    return [(merge([body, *bumps, lid, knob, spout, bail]), IRON_SKIN)]


def _tray() -> Mesh:
    """Sweets of the season on a small lacquered stand."""
    stand = lathe(
        [
            (0, 0),
            (0.055, 0),
            (0.05, 0.012),
            (0.03, 0.02),
            (0.03, 0.03),
            (0.095, 0.036),
            (0.105, 0.046),
            (0.1, 0.046),
            (0.092, 0.041),
            (0, 0.041),
        ],
        LACQUER_RED,
        segments=20,
    )
    parts = [stand]
    for k, (tone, heart) in enumerate(
        ((srgb(0xE59AA6), srgb(0xF4D7A0)), (srgb(0xD9803C), srgb(0xC2552F)), (srgb(0x9DB86A), srgb(0xE6E2C4)))
    ):
        a = k * 2 * math.pi / 3 + 0.5
        petal = lathe(
            curve([(0.022, 0.0), (0.027, 0.010), (0.02, 0.022), (0.0, 0.025)], 8).clip(0),
            tone,
            segments=14,
            crease_deg=180,
        )
        petal = bend(petal, lambda p: p * np.column_stack([1 + 0.10 * np.cos(np.arctan2(p[:, 2], p[:, 0]) * 5)] * 3))
        dot = move(lathe([(0.006, 0), (0.004, 0.003), (0, 0.004)], heart, segments=8), 0, 0.024, 0)
        parts.append(move(merge([petal, dot]), 0.048 * math.cos(a), 0.041, 0.048 * math.sin(a)))
    return merge(parts)


def _pieces() -> list[Piece]:
    body, lid = _caddy()
    return [
        piece("kyusu", counter(-1.02, -0.26, 0.03), [(_kyusu(), CLAY)], -25),
        piece("caddy", counter(-0.52, -0.24), [(body, CLAY), (lid, LACQUER)]),
        piece("bowl", counter(0.06, -0.24, 0.03), [(_bowl(), GLAZE)]),
        piece("whisk", counter(0.42, -0.22), [(_whisk(), BAMBOO_SKIN)]),
        piece("kettle", counter(1.08, -0.32), _kettle(), 200),
        piece("sweets", counter(0.68, -0.2), [(_tray(), LACQUER)]),
    ]


def _stock(rng: np.random.Generator, number: int) -> Mesh:
    tone = vary(
        rng,
        (srgb(0x2F5A4A), srgb(0x8A3A2C), srgb(0xC9A24A), srgb(0x3A4A78), srgb(0xB9A58A))[int(rng.integers(5))],
        0.12,
    )
    if number % 4 == 3:
        chest = box((0, 0.09, 0), (0.2, 0.18, 0.2), vary(rng, HINOKI), skip="db")
        band = block((0, 0.09, 0.101), (0.1, 0.1, 0.003), tone, 0.001)
        return merge([chest, band])
    r, h = float(rng.uniform(0.04, 0.055)), float(rng.uniform(0.11, 0.19))
    tin = lathe(
        [(0, 0), (r, 0), (r, h * 0.7), (r * 1.03, h * 0.7), (r * 1.03, h), (0, h)],
        np.array([tone, tone, tone, mix(tone, (0, 0, 0), 0.4), mix(tone, (0, 0, 0), 0.4), tone]),
        segments=7,
    )
    slip = box((0, h * 0.38, r), (r * 0.8, h * 0.4, 0.004), srgb(0xE9DEC6), skip="bdu")
    return merge([tin, slip])


def _dressing(rng: np.random.Generator) -> Mesh:
    rows = [row(_stock, rng, level, spread(count, gap_m=0.1)) for level, count in ((0, 9), (1, 8))]
    more = [move(_stock(rng, k), x, 1.06, -0.84) for k, x in enumerate(np.linspace(-1.35, 1.35, 6))]
    mats = [
        block((-1.02, 0.8755, -0.26), (0.22, 0.027, 0.22), CHERRY, 0.005),
        block((0.06, 0.8755, -0.24), (0.19, 0.027, 0.19), CEDAR, 0.005),
    ]
    return merge([*rows, *more, *mats])


CRAFT = Craft(
    "tea",
    0x4F6B3A,
    Style(wood=CHERRY, wall=PLASTER_OCHRE, counter="panels", mark="ring", roof_kind="tile", lantern_kind="tall"),
    _pieces,
    _dressing,
)
