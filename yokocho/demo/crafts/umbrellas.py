"""Umbrellas of oiled paper on bamboo ribs, and what one wears with them in the rain."""

from __future__ import annotations

import math

import numpy as np

from yokocho.demo.crafts.kit import LACQUER, PAPER_SKIN, WOOD, counter, piece, row
from yokocho.demo.mesh import Mesh, Rgb, merge, move, turn
from yokocho.demo.palette import (
    BAMBOO,
    BAMBOO_SMOKED,
    CEDAR,
    CEDAR_DARK,
    HINOKI,
    LACQUER_BLACK,
    PAPER,
    PLASTER_GREY,
    mix,
    srgb,
)
from yokocho.demo.shapes import ball, block, box, curve, lathe, loft, sheet, tiles, tube, vary
from yokocho.demo.stalls import Craft, Piece, Style

VERMILION: Rgb = srgb(0xB8321F)
PLUM: Rgb = srgb(0x5A2E52)


def open_umbrella(radius_m: float, ribs: int, rings: list[tuple[float, Rgb]], grip_m: float) -> tuple[Mesh, Mesh]:
    """(paper, frame) of an open umbrella, its stick along y, the foot of the stick at 0."""
    per, steps = 2, 5
    top = grip_m
    drop = radius_m * 0.36
    t = np.linspace(0.06, 1.0, steps + 1)
    angle = np.linspace(0, 2 * math.pi, ribs * per + 1)
    sag = 1 - 0.035 * (np.arange(ribs * per + 1) % per != 0)
    r = radius_m * t[None, :] * sag[:, None] ** t[None, :]
    y = top - drop * (0.35 * t + 0.65 * t**2)[None, :] - 0.006 * (1 - sag[:, None]) * 10 * t[None, :]
    points = np.stack([r * np.cos(angle)[:, None], np.broadcast_to(y, r.shape), r * np.sin(angle)[:, None]], -1)
    tones = np.zeros((ribs * per, steps, 3))
    for k in range(steps):
        share = (t[k] + t[k + 1]) / 2
        tones[:, k] = np.array(next(c for limit, c in rings if share <= limit))
    tones *= 1 + 0.05 * np.cos(np.arange(ribs * per) * math.pi)[:, None, None]
    canopy = merge(
        [tiles(points, tones), sheet(points[::-1] - np.array([0, 0.0015, 0]), mix(rings[-1][1], (0, 0, 0), 0.15))]
    )
    frame = [tube([[0, 0, 0], [0, top + 0.02, 0]], 0.011, BAMBOO, sides=6)]
    for k in range(ribs):
        a = 2 * math.pi * k / ribs
        c, s = math.cos(a), math.sin(a)
        line = [
            [radius_m * q * c, top - drop * (0.35 * q + 0.65 * q * q) - 0.005, radius_m * q * s]
            for q in (0.05, 0.55, 1.01)
        ]
        frame.append(tube(line, 0.0026, BAMBOO_SMOKED, sides=3))
        q = 0.5
        frame.append(
            tube(
                [
                    [0.014 * c, top - radius_m * 0.42, 0.014 * s],
                    [radius_m * q * c, top - drop * (0.35 * q + 0.65 * q * q) - 0.008, radius_m * q * s],
                ],
                0.002,
                BAMBOO,
                sides=3,
            )
        )
    frame.append(
        lathe(
            [
                (0.011, top - radius_m * 0.45),
                (0.02, top - radius_m * 0.44),
                (0.02, top - radius_m * 0.40),
                (0.011, top - radius_m * 0.39),
            ],
            CEDAR_DARK,
            segments=12,
        )
    )
    frame.append(
        lathe(
            [(radius_m * 0.075, top - 0.012), (0.03, top + 0.018), (0.018, top + 0.04), (0.0, top + 0.045)],
            LACQUER_BLACK,
            segments=14,
        )
    )
    frame.append(lathe([(0, 0), (0.014, 0), (0.015, 0.10), (0.011, 0.11)], LACQUER_BLACK, segments=10))
    return canopy, merge(frame)


def closed_umbrella(length_m: float, colour: Rgb, band: Rgb) -> Mesh:
    """Closed, standing on its tip's ring, handle upwards."""
    n = 14
    a = np.linspace(0, 2 * math.pi, n * 2, endpoint=False)
    star = 1 + 0.10 * np.cos(a * n / 1.0)
    rings, tones = [], []
    for t, r in ((0.0, 0.020), (0.02, 0.026), (0.10, 0.033), (0.3, 0.040), (0.5, 0.044), (0.66, 0.046), (0.68, 0.043)):
        rings.append(np.column_stack([r * star * np.cos(a), np.full(n * 2, length_m * t), r * star * np.sin(a)]))
        stripe = band if 0.28 < t < 0.55 else colour
        tones.append(np.where((np.arange(n * 2) % 2 == 0)[:, None], np.array(stripe), np.array(stripe) * 0.6))
    skirt = loft(np.array(rings), np.array(tones))
    stick = tube([[0, length_m * 0.6, 0], [0, length_m, 0]], 0.011, BAMBOO, sides=6)
    grip = lathe(
        [(0.012, length_m * 0.86), (0.014, length_m * 0.87), (0.014, length_m - 0.004), (0, length_m)],
        LACQUER_BLACK,
        segments=12,
    )
    ring = tube(
        np.array([[0.05 * math.cos(q), length_m * 0.60, 0.05 * math.sin(q)] for q in np.arange(18) * math.pi / 9]),
        0.004,
        CEDAR,
        sides=4,
        closed=True,
    )
    head = lathe([(0, -0.012), (0.018, -0.010), (0.024, 0.006)], LACQUER_BLACK, segments=12)
    return merge([skirt, stick, grip, ring, head])


def _stand(mesh: Mesh) -> Mesh:
    """A heavy little foot for a closed umbrella."""
    foot = lathe(
        [
            (0, 0),
            (0.075, 0),
            (0.08, 0.008),
            (0.05, 0.022),
            (0.034, 0.03),
            (0.034, 0.05),
            (0.028, 0.05),
            (0.026, 0.02),
            (0, 0.018),
        ],
        CEDAR_DARK,
        segments=14,
    )
    return merge([foot, move(mesh, 0, 0.034, 0)])


def _geta() -> Mesh:
    """A pair of wooden sandals with red thongs."""
    parts = []
    for sign in (-1, 1):
        x = sign * 0.058
        outline = [
            (
                0.045 * math.copysign(abs(math.cos(a)) ** 0.6, math.cos(a)),
                0.115 * math.copysign(abs(math.sin(a)) ** 0.75, math.sin(a)),
            )
            for a in np.linspace(0, 2 * math.pi, 18, endpoint=False)
        ]
        rings = np.array(
            [
                [[px * k, y, pz * k] for px, pz in outline]
                for y, k in ((0.036, 0.96), (0.039, 1.0), (0.052, 1.0), (0.055, 0.96))
            ]
        )
        sole = loft(rings, HINOKI)
        teeth = [block((0, 0.018, z), (0.082, 0.038, 0.018), mix(HINOKI, CEDAR, 0.25), 0.003) for z in (-0.045, 0.055)]
        front = np.array([0.0, 0.056, -0.062])
        straps = [
            tube(
                curve([front, [s * 0.018, 0.083, -0.025], [s * 0.038, 0.072, 0.03], [s * 0.036, 0.055, 0.048]], 10),
                np.full(10, 0.0062),
                VERMILION,
                sides=6,
            )
            for s in (-1, 1)
        ]
        knot = ball((0, 0.066, -0.060), (0.007, 0.010, 0.007), VERMILION, segments=8, rings=6)
        parts.append(move(turn(merge([sole, *teeth, *straps, knot]), "y", sign * -0.06), x, 0, 0))
    return merge(parts)


def _pieces() -> list[Piece]:
    big, frame = open_umbrella(
        0.46, 18, [(0.16, LACQUER_BLACK), (0.52, VERMILION), (0.66, PAPER), (1.1, VERMILION)], 0.62
    )
    lean = [turn(m, "x", math.radians(62)) for m in (big, frame)]
    child, little = open_umbrella(
        0.25,
        12,
        [(0.2, PLUM), (0.48, mix(PAPER, PLUM, 0.15)), (0.6, PLUM), (0.86, mix(PAPER, PLUM, 0.15)), (1.1, PLUM)],
        0.40,
    )
    tilt = [turn(m, "x", math.radians(-58)) for m in (child, little)]
    tilt = [turn(m, "y", math.pi) for m in tilt]
    return [
        piece("janome", (-0.62, 1.31, -0.98), [(lean[0], PAPER_SKIN), (lean[1], WOOD)], 10),
        piece("childs-parasol", counter(0.36, -0.36), [(tilt[0], PAPER_SKIN), (tilt[1], WOOD)], -10),
        piece(
            "closed-indigo",
            counter(-1.24, -0.30),
            [(_stand(closed_umbrella(0.72, srgb(0x2A3F78), srgb(0xDAD4C4))), LACQUER)],
        ),
        piece("geta", counter(-0.44, -0.24), [(_geta(), WOOD)], 200),
        piece(
            "closed-moss",
            counter(1.20, -0.30),
            [(_stand(closed_umbrella(0.66, srgb(0x4F6B3A), srgb(0xC9A25A))), LACQUER)],
        ),
    ]


def _stock(rng: np.random.Generator, _number: int) -> Mesh:
    """Umbrellas that lie closed, and rolls of paper."""
    tone = vary(
        rng, (VERMILION, srgb(0x2A3F78), PLUM, srgb(0x4F6B3A), srgb(0xC9A25A), PAPER)[int(rng.integers(6))], 0.15
    )
    line = [(0, -0.16), (0.018, -0.16), (0.034, 0.04), (0.036, 0.09), (0.01, 0.1), (0.01, 0.17), (0, 0.17)]
    shade = np.array([tone, tone, tone, tone, BAMBOO, LACQUER_BLACK, LACQUER_BLACK])
    parts = [
        move(turn(lathe(line, shade, segments=6), "z", math.pi / 2), 0, 0.036 + 0.0 * k, 0.07 * k - 0.07)
        for k in range(2)
    ]
    parts.append(
        move(turn(lathe(line, np.tile(np.array(vary(rng, tone)), (7, 1)), segments=6), "z", math.pi / 2), 0, 0.10, 0)
    )
    return merge(parts)


def _dressing(rng: np.random.Generator) -> Mesh:
    rows = [row(_stock, rng, 0, (-1.0, 0.0, 1.0), grow=1.0)]
    more = [move(_stock(rng, k), x, 1.06, -0.84) for k, x in enumerate((0.9, 1.28))]
    fans = []
    for k, (x, y) in enumerate(((0.66, 1.66), (1.2, 1.92))):
        tone = (srgb(0x2A3F78), srgb(0xC9A25A), srgb(0x4F6B3A))[k]
        disc_, frame = open_umbrella(0.30, 6, [(0.2, LACQUER_BLACK), (0.5, tone), (0.64, PAPER), (1.1, tone)], 0.2)
        front = [turn(m, "x", math.radians(78)) for m in (disc_, frame)]
        fans.append(move(front[0], x, y, -1.93))
    crate = merge([box((1.42, 0.5, -1.2), (0.3, 0.4, 0.3), CEDAR, grid_m=0.2)])
    sticks = [
        tube(
            [[1.36 + 0.05 * k, 0.5, -1.2], [1.34 + 0.06 * k, 1.25, -1.25]],
            0.03,
            vary(rng, (VERMILION, PLUM, srgb(0x2A3F78))[k]),
            sides=6,
        )
        for k in range(3)
    ]
    return merge([*rows, *more, *fans, crate, *sticks])


CRAFT = Craft(
    "umbrellas",
    0x8E2F2F,
    Style(
        wood=CEDAR,
        wall=PLASTER_GREY,
        counter="boards",
        mark="ring",
        roof_kind="tile",
        lantern_kind="tall",
        shelves=(0,),
        step=True,
    ),
    _pieces,
    _dressing,
)
