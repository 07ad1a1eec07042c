"""Wooden toys: a top, a daruma, kokeshi, a train, a bird whistle, a drum on a stick."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from yokocho.demo.crafts.kit import LACQUER, WOOD, counter, piece, row, spread
from yokocho.demo.mesh import Floats, Mesh, Rgb, merge, move, paint_by, turn
from yokocho.demo.palette import BAMBOO, CEDAR_LIGHT, HINOKI, LACQUER_BLACK, LACQUER_RED, PAPER, PLASTER, mix, srgb
from yokocho.demo.shapes import ball, block, box, curve, decal, lathe, loft, oval, tube, vary
from yokocho.demo.stalls import Craft, Piece, Style

MAPLE_WOOD: Rgb = srgb(0xE3C793)
GREEN: Rgb = srgb(0x3F7A4C)
BLUE: Rgb = srgb(0x2E5FA0)
YELLOW: Rgb = srgb(0xE8B53A)
INK: Rgb = srgb(0x1E1A1A)


def _top() -> Mesh:
    """A turned top with painted rings, lying at rest on its side, its cord beside it."""
    line = [
        (0, 0),
        (0.003, 0.004),
        (0.012, 0.018),
        (0.034, 0.034),
        (0.045, 0.042),
        (0.046, 0.050),
        (0.043, 0.053),
        (0.032, 0.055),
        (0.022, 0.056),
        (0.012, 0.057),
        (0.006, 0.060),
        (0.0045, 0.085),
        (0.006, 0.090),
        (0, 0.092),
    ]
    tones = [
        srgb(0x888888),
        srgb(0x888888),
        MAPLE_WOOD,
        MAPLE_WOOD,
        LACQUER_RED,
        LACQUER_RED,
        YELLOW,
        GREEN,
        BLUE,
        LACQUER_RED,
        MAPLE_WOOD,
        MAPLE_WOOD,
        MAPLE_WOOD,
        MAPLE_WOOD,
    ]
    fine, shade = [], []
    for k in range(len(line) - 1):
        fine += [line[k], tuple(np.array(line[k]) * 0.02 + np.array(line[k + 1]) * 0.98)]
        shade += [tones[k], tones[k]]
    top = lathe(np.array([*fine, line[-1]]), np.array([*shade, MAPLE_WOOD]), segments=19)
    lean = move(turn(top, "z", math.radians(-66)), -0.02, 0.019, 0)
    t = np.linspace(0, 1, 22)
    a = t * 2.2 * 2 * math.pi
    r = 0.016 + 0.011 * t
    cord = tube(
        np.column_stack([0.002 + r * np.cos(a), 0.003 + 0 * t, 0.072 + r * np.sin(a)]), 0.0026, srgb(0xD9CDB0), sides=3
    )
    tail = tube(
        curve([[0.03, 0.003, 0.072], [0.05, 0.003, 0.05], [0.04, 0.003, 0.02], [0.06, 0.003, 0.0]], 10),
        0.0026,
        srgb(0xD9CDB0),
        sides=4,
    )
    return merge([lean, cord, tail])


def _daruma() -> Mesh:
    """A wishing doll: red, bearded, one eye still to be painted."""
    line = curve(
        [(0.0, 0.0), (0.05, 0.004), (0.072, 0.035), (0.074, 0.065), (0.064, 0.105), (0.04, 0.136), (0.0, 0.146)], 15
    )
    body = lathe(line.clip(0), LACQUER_RED, segments=26, crease_deg=180)

    def radius(y: Floats) -> Floats:
        return np.asarray(np.interp(y, line[:, 1], line[:, 0].clip(0)) * 0.999)

    gold, skin = srgb(0xE0B34C), srgb(0xF0D9BE)
    marks = [
        decal(radius, oval(0, 0.090, 0.80, 0.036, 20), gold, 0.0006),
        decal(radius, oval(0, 0.089, 0.70, 0.031, 20), skin, 0.0012),
    ]
    for side in (-1, 1):
        marks.append(decal(radius, oval(side * 0.29, 0.096, 0.17, 0.0105), (0.95, 0.93, 0.9), 0.0018))
        brow = [
            (side * a, y)
            for a, y in ((0.10, 0.108), (0.30, 0.112), (0.52, 0.1065), (0.50, 0.113), (0.30, 0.1195), (0.11, 0.115))
        ]
        marks.append(decal(radius, brow[:: 1 if side > 0 else -1], INK, 0.0024))
        beard = [
            (side * a, y)
            for a, y in (
                (0.16, 0.076),
                (0.20, 0.068),
                (0.40, 0.064),
                (0.60, 0.078),
                (0.56, 0.087),
                (0.40, 0.074),
                (0.24, 0.0745),
            )
        ]
        marks.append(decal(radius, beard[:: 1 if side > 0 else -1], INK, 0.0024))
        swirl = [
            (side * a, y)
            for a, y in (
                (0.22, 0.014),
                (0.52, 0.016),
                (0.86, 0.034),
                (0.90, 0.050),
                (0.80, 0.040),
                (0.50, 0.024),
                (0.24, 0.022),
            )
        ]
        marks.append(decal(radius, swirl[:: 1 if side > 0 else -1], gold, 0.0008))
    marks.append(decal(radius, oval(0.29, 0.096, 0.075, 0.0055, 10), INK, 0.0024))
    marks.append(decal(radius, oval(0, 0.086, 0.05, 0.005, 8), srgb(0xDDB08A), 0.0026))
    marks.append(decal(radius, oval(0, 0.0725, 0.13, 0.003, 10), srgb(0xB23A2A), 0.0024))
    marks.append(decal(radius, oval(0, 0.028, 0.08, 0.015, 10), gold, 0.0008))
    return merge([body, *marks])


def _kokeshi_head(h: float, robe: Rgb, fine: int) -> Mesh:
    """The head of a doll `h` high: hair, brows, lids, a small mouth."""
    size = np.array([0.168, 0.185]) * h
    middle = 0.79 * h
    parts = [ball((0, middle, 0), (size[0], size[1], size[0]), srgb(0xEFD9B2), segments=fine, rings=8)]
    arc = np.linspace(0.62, math.pi / 2, 5)
    cap = np.column_stack([size[0] * 1.012 * np.cos(arc).clip(0), middle + size[1] * 1.012 * np.sin(arc)])
    parts.append(lathe(cap, INK, segments=fine, crease_deg=180))

    def cheek(y: Floats) -> Floats:
        return np.asarray(size[0] * np.sqrt(np.clip(1 - ((y - middle) / size[1]) ** 2, 0, 1)))

    def on(points: Sequence[tuple[float, float]] | Floats, tone: Rgb, lift: float = 0.003) -> None:
        outline = np.asarray(points, dtype=float) * np.array([1.0, size[1]]) + np.array([0.0, middle])
        parts.append(decal(cheek, outline, tone, lift * h))

    on([(-0.55, 0.62), (-0.3, 0.40), (0.0, 0.33), (0.3, 0.40), (0.55, 0.62), (0.3, 0.72), (-0.3, 0.72)], INK, 0.006)
    lock = ((1.7, 0.6), (1.9, 0.1), (1.6, -0.62), (1.2, -0.5), (1.05, 0.1), (1.15, 0.55))
    lid = ((0.22, 0.0), (0.40, -0.035), (0.62, 0.02), (0.60, 0.075), (0.40, 0.04), (0.24, 0.06))
    brow = ((0.24, 0.19), (0.42, 0.215), (0.64, 0.17), (0.62, 0.215), (0.42, 0.26), (0.25, 0.235))
    for side in (-1, 1):
        for shape, lift in ((lock, 0.006), (lid, 0.003), (brow, 0.003)):
            on([(side * a, y) for a, y in shape][::side], INK, lift)
        on(oval(side * 0.66, -0.24, 0.16, 0.12, 8), srgb(0xE79A82))
    on(oval(0, -0.15, 0.03, 0.10, 6), INK)
    on(oval(0, -0.40, 0.085, 0.05, 8), mix(LACQUER_RED, robe, 0.2))
    return merge(parts)


def _kokeshi(height_m: float, robe: Rgb, fine: int) -> Mesh:
    """A turned doll: a quiet face, rings and a flower on the body."""
    h = height_m
    low = [(0.0, 0.0), (0.135, 0.0), (0.145, 0.025), (0.143, 0.07), (0.139, 0.085), (0.138, 0.10)]
    high = [(0.127, 0.30), (0.130, 0.495), (0.126, 0.53), (0.120, 0.55), (0.10, 0.60), (0.07, 0.635)]
    tones = [robe, robe, robe, robe, MAPLE_WOOD, GREEN, MAPLE_WOOD, MAPLE_WOOD, GREEN, robe, robe, MAPLE_WOOD]
    line = np.array(low + high) * h

    def chest(y: Floats) -> Floats:
        return np.asarray(np.interp(y, line[1:, 1], line[1:, 0]))

    parts = [lathe(line, np.array(tones), segments=fine, crease_deg=60), _kokeshi_head(h, robe, fine)]
    for k in range(6):
        a = k * math.pi / 3
        petal = oval(0.40 * math.cos(a), (0.33 + 0.055 * math.sin(a)) * h, 0.20, 0.030 * h, 9)
        parts.append(decal(chest, petal, robe, 0.0010))
    parts.append(decal(chest, oval(0, 0.33 * h, 0.16, 0.022 * h, 9), YELLOW, 0.0018))
    for side in (-1, 1):
        leaf = [(side * a, y * h) for a, y in ((0.05, 0.20), (0.35, 0.15), (0.75, 0.19), (0.40, 0.235))]
        parts.append(decal(chest, leaf[::side], GREEN, 0.0010))
    return merge(parts)


def _kokeshi_pair() -> Mesh:
    return merge([move(_kokeshi(0.20, LACQUER_RED, 20), -0.045, 0, 0), move(_kokeshi(0.15, BLUE, 14), 0.045, 0, 0.02)])


def _train() -> Mesh:
    """A street train of two cars on wooden wheels, coupled with a cord."""
    parts = []
    for number, (x0, low, high) in enumerate(((-0.075, GREEN, srgb(0xEADBB4)), (0.075, LACQUER_RED, srgb(0xEADBB4)))):
        parts.append(block((x0, 0.036, 0), (0.13, 0.03, 0.056), low, 0.006))
        parts.append(block((x0, 0.064, 0), (0.128, 0.030, 0.054), high, 0.006))
        parts.append(block((x0, 0.083, 0), (0.136, 0.012, 0.060), CEDAR_LIGHT, 0.005))
        parts.append(block((x0, 0.092, 0), (0.05, 0.008, 0.03), CEDAR_LIGHT, 0.003))
        for k in range(4):
            for z in (-0.0275, 0.0275):
                parts.append(
                    box(
                        (x0 - 0.042 + 0.028 * k, 0.065, z),
                        (0.018, 0.017, 0.002),
                        srgb(0x3A4A5A),
                        skip="b" if z > 0 else "f",
                    )
                )
        for z in (-0.0285, 0.0285):
            for dx in (-0.04, 0.04):
                rim = [(0, -0.005), (0.0155, -0.005), (0.016, 0.003), (0.013, 0.0055), (0, 0.0055)]
                wheel = turn(lathe(rim, HINOKI, segments=11), "x", math.pi / 2 if z > 0 else -math.pi / 2)
                parts.append(move(wheel, x0 + dx, 0.016, z))
                peg = turn(
                    lathe([(0.003, 0.0), (0.003, 0.004), (0, 0.004)], LACQUER_BLACK, segments=5),
                    "x",
                    math.pi / 2 if z > 0 else -math.pi / 2,
                )
                parts.append(move(peg, x0 + dx, 0.016, z + math.copysign(0.005, z)))
        parts.append(block((x0, 0.020, 0), (0.11, 0.006, 0.03), CEDAR_LIGHT, 0.002))
        end = -1 if number == 0 else 1
        lamp = turn(lathe([(0.006, 0), (0.005, 0.003), (0, 0.004)], YELLOW, segments=6), "z", -end * math.pi / 2)
        parts.append(move(lamp, x0 + end * 0.065, 0.036, 0))
        parts.append(block((x0 + end * 0.0645, 0.066, 0), (0.002, 0.017, 0.036), srgb(0x3A4A5A), 0.001))
    parts.append(tube([[-0.012, 0.03, 0], [0, 0.026, 0], [0.012, 0.03, 0]], 0.0018, INK, sides=3))
    return merge(parts)


def _bird() -> Mesh:
    """A whistle in the shape of a bullfinch; one blows at the tail."""
    line = np.linspace(0, 1, 15)
    rings, tones = [], []
    around = np.linspace(0, 2 * math.pi, 18, endpoint=False)
    for t in line:
        x = -0.055 + 0.115 * t
        width = float(
            np.interp(t, [0, 0.12, 0.35, 0.6, 0.78, 0.9, 1.0], [0.010, 0.013, 0.027, 0.032, 0.025, 0.021, 0.006])
        )
        lift = float(np.interp(t, [0, 0.3, 0.6, 0.8, 1.0], [0.044, 0.040, 0.036, 0.052, 0.058]))
        rings.append(np.column_stack([np.full(18, x), lift + width * np.sin(around), width * 0.9 * np.cos(around)]))
        tones.append([MAPLE_WOOD] * 18)

    body = loft(np.array(rings), np.array(tones))

    def feathers(p: Floats) -> Floats:
        out = np.broadcast_to(np.array(srgb(0x7E8FA8)), p.shape).copy()
        out[(p[:, 0] > 0.022) & (p[:, 1] > 0.055)] = np.array(INK)
        out[(p[:, 0] > 0.012) & (p[:, 1] < 0.05)] = np.array(srgb(0xD9583A))
        out[(p[:, 0] < 0.012) & (p[:, 1] < 0.03)] = np.array(srgb(0xE8DCC8))
        wing = ((p[:, 0] + 0.012) / 0.034) ** 2 + ((p[:, 1] - 0.04) / 0.014) ** 2 < 1
        out[wing & (np.abs(p[:, 2]) > 0.012)] = np.array(srgb(0x2F3E5A))
        out[p[:, 0] < -0.035] = np.array(INK)
        return out

    beak = lathe([(0.006, 0), (0.0, 0.016)], srgb(0x2A2420), segments=8)
    beak = move(turn(beak, "z", -math.pi / 2 - 0.1), 0.056, 0.058, 0)
    eyes = [ball((0.040, 0.066, z), 0.0032, (0.9, 0.88, 0.8), segments=8, rings=5) for z in (-0.0165, 0.0165)]
    feet = [tube([[0.004, 0.012, z], [0.004, 0.004, z]], 0.003, OCHRE_RGB, sides=4) for z in (-0.012, 0.012)]
    foot = lathe([(0, 0), (0.026, 0), (0.028, 0.004), (0.02, 0.010), (0, 0.011)], CEDAR_LIGHT, segments=14)
    return merge([paint_by(body, feathers), beak, *eyes, *feet, move(foot, 0.004, 0, 0)])


OCHRE_RGB: Rgb = srgb(0xB9822F)


def _drum() -> Mesh:
    """A drum on a stick: turn it between your palms and the beads beat."""
    side = lathe(
        [(0.042, -0.018), (0.047, -0.016), (0.048, 0), (0.047, 0.016), (0.042, 0.018)], LACQUER_RED, segments=16
    )
    skins = []
    for sign in (-1, 1):
        fine = lathe(
            np.column_stack([np.linspace(0.0425, 0, 9), 0.003 * (1 - np.linspace(1, 0, 9) ** 2)]), PAPER, segments=19
        )

        def mark(p: Floats) -> Floats:
            r, a = np.hypot(p[:, 0], p[:, 2]), np.arctan2(p[:, 2], p[:, 0])
            swirl = (np.cos(a * 3 + r * 140) > 0.25) & (r < 0.026) & (r > 0.003)
            tone = np.where(swirl[:, None], np.array(INK), np.array(PAPER))
            return np.where((r > 0.036)[:, None], np.array(srgb(0xC9A24A)), tone)

        face = paint_by(fine, mark)
        face = move(face, 0, 0.018, 0)
        skins.append(face if sign > 0 else turn(face, "x", math.pi))
    drum = turn(merge([side, *skins]), "x", math.pi / 2)
    stick = tube([[0, -0.19, 0], [0, -0.04, 0], [0, 0.055, 0]], np.array([0.0065, 0.0055, 0.004]), HINOKI, sides=6)
    knob = ball((0, 0.058, 0), 0.007, LACQUER_RED, segments=10, rings=6)
    beads = []
    for sign in (-1, 1):
        beads.append(
            tube(
                curve([[sign * 0.047, 0.004, 0], [sign * 0.062, -0.004, 0.006], [sign * 0.066, -0.028, 0.008]], 7),
                0.0011,
                INK,
                sides=3,
            )
        )
        beads.append(ball((sign * 0.066, -0.034, 0.008), 0.0075, YELLOW, segments=10, rings=6))
    stand = move(
        lathe([(0, 0), (0.04, 0), (0.042, 0.006), (0.014, 0.016), (0.009, 0.03), (0, 0.03)], CEDAR_LIGHT, segments=14),
        0,
        -0.20,
        0,
    )
    return merge([drum, stick, knob, *beads, stand])


def _pieces() -> list[Piece]:
    return [
        piece("spinning-top", counter(-1.12, -0.22, 0.03), [(_top(), LACQUER)], 24),
        piece("daruma", counter(-0.70, -0.26), [(_daruma(), LACQUER)], 8),
        piece("kokeshi", counter(-0.18, -0.26), [(_kokeshi_pair(), WOOD)], 6),
        piece("train", counter(0.36, -0.22, 0.03), [(_train(), WOOD)], 12),
        piece("bird-whistle", counter(0.80, -0.24, 0.03), [(_bird(), WOOD)], -28),
        piece("drum", counter(1.18, -0.26), [(_drum(), LACQUER)], -14),
    ]


def _stock(rng: np.random.Generator, number: int) -> Mesh:
    tone = vary(rng, (LACQUER_RED, BLUE, GREEN, YELLOW, srgb(0xD98AA0), MAPLE_WOOD)[int(rng.integers(6))], 0.12)
    kind = number % 3
    if kind == 0:
        k = float(rng.uniform(0.7, 1.1))
        body = lathe(
            np.array([(0, 0), (0.05, 0), (0.07, 0.05), (0.055, 0.11), (0, 0.14)]) * k, tone, segments=7, crease_deg=180
        )
        face = move(lathe([(0.032 * k, 0), (0, 0.006)], srgb(0xF0D9BE), segments=8), 0, 0, 0)
        return merge([body, move(turn(face, "x", math.pi / 2), 0, 0.085 * k, 0.056 * k)])
    if kind == 1:
        k = float(rng.uniform(0.8, 1.2))
        doll = lathe(np.array([(0, 0), (0.028, 0), (0.024, 0.09), (0.016, 0.105)]) * k, tone, segments=6)
        head = ball((0, 0.13 * k, 0), 0.033 * k, srgb(0xEFD9B2), segments=6, rings=5)
        hair = ball((0, 0.142 * k, -0.006), 0.032 * k, INK, segments=6, rings=4)
        return merge([doll, head, hair])
    blocks = [
        box(
            (0.0, 0.03 + 0.052 * k, 0),
            (0.05, 0.05, 0.05),
            vary(rng, (LACQUER_RED, YELLOW, BLUE, GREEN, HINOKI)[int(rng.integers(5))]),
            skip="d",
        )
        for k in range(3)
    ]
    return merge([turn(b, "y", float(rng.uniform(-0.3, 0.3))) for b in blocks])


def _dressing(rng: np.random.Generator) -> Mesh:
    rows = [row(_stock, rng, level, spread(count, gap_m=0.09)) for level, count in ((0, 7), (1, 6))]
    more = [move(_stock(rng, k), x, 1.06, -0.84) for k, x in enumerate(np.linspace(-1.4, 1.4, 6))]
    stands = [
        block((x, 0.8755, -0.22), (w, 0.027, 0.2), HINOKI, 0.005)
        for x, w in ((-1.12, 0.24), (0.36, 0.34), (0.80, 0.18))
    ]
    fish = []
    for k, x in enumerate((-1.2, -0.9, 0.9, 1.2)):
        tone = (LACQUER_RED, BLUE, INK, LACQUER_RED)[k]
        carp = lathe(
            [(0.0, 0.2), (0.035, 0.19), (0.04, 0.12), (0.026, 0.05), (0.012, 0.02), (0.03, -0.03)][::-1],
            np.array([tone, PAPER, tone, PAPER, tone, tone]),
            segments=10,
        )
        fish.append(move(carp, x, 2.02, -0.6))
    pole = tube([[-1.35, 2.25, -0.6], [1.35, 2.25, -0.6]], 0.01, BAMBOO, sides=4)
    return merge([*rows, *more, *stands, *fish, pole])


CRAFT = Craft(
    "toys",
    0xC25A2B,
    Style(
        wood=CEDAR_LIGHT,
        wall=mix(PLASTER, YELLOW, 0.25),
        counter="panels",
        mark="dots",
        roof_kind="tile",
        lantern_kind="round",
        lantern_colour=srgb(0xFFC27A),
        panels=6,
    ),
    _pieces,
    _dressing,
)
