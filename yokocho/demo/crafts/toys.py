"""Wooden toys: a top, a daruma, kokeshi, a train, a bird whistle, a drum on a stick."""

from __future__ import annotations

import math

import numpy as np

from yokocho.demo.crafts.kit import LACQUER, WOOD, counter, piece, row, spread
from yokocho.demo.mesh import Floats, Mesh, Rgb, merge, move, paint_by, turn
from yokocho.demo.palette import BAMBOO, CEDAR_LIGHT, HINOKI, LACQUER_BLACK, LACQUER_RED, PAPER, PLASTER, mix, srgb
from yokocho.demo.shapes import ball, block, curve, lathe, loft, tube, vary
from yokocho.demo.stalls import Craft, Piece, Style

MAPLE_WOOD: Rgb = srgb(0xE3C793)
GREEN: Rgb = srgb(0x3F7A4C)
BLUE: Rgb = srgb(0x2E5FA0)
YELLOW: Rgb = srgb(0xE8B53A)
INK: Rgb = srgb(0x1E1A1A)


def _top() -> Mesh:
    """A turned top with painted rings, lying at rest on its side, its cord beside it."""
    line = [(0, 0), (0.003, 0.004), (0.012, 0.018), (0.034, 0.034), (0.045, 0.042), (0.046, 0.050), (0.043, 0.053), (0.032, 0.055), (0.022, 0.056), (0.012, 0.057), (0.006, 0.060), (0.0045, 0.085), (0.006, 0.090), (0, 0.092)]
    tones = [srgb(0x888888), srgb(0x888888), MAPLE_WOOD, MAPLE_WOOD, LACQUER_RED, LACQUER_RED, YELLOW, GREEN, BLUE, LACQUER_RED, MAPLE_WOOD, MAPLE_WOOD, MAPLE_WOOD, MAPLE_WOOD]
    fine, shade = [], []
    for k in range(len(line) - 1):
        fine += [line[k], tuple(np.array(line[k]) * 0.02 + np.array(line[k + 1]) * 0.98)]
        shade += [tones[k], tones[k]]
    top = lathe(np.array(fine + [line[-1]]), np.array([*shade, MAPLE_WOOD]), segments=30)
    lean = move(turn(top, "z", math.radians(-66)), -0.02, 0.019, 0)
    t = np.linspace(0, 1, 46)
    a = t * 4.2 * 2 * math.pi
    r = 0.012 + 0.016 * t
    cord = tube(np.column_stack([0.002 + r * np.cos(a), 0.003 + 0 * t, 0.072 + r * np.sin(a)]), 0.0026, srgb(0xD9CDB0), sides=5)
    tail = tube(curve([[0.03, 0.003, 0.072], [0.05, 0.003, 0.05], [0.04, 0.003, 0.02], [0.06, 0.003, 0.0]], 10), 0.0026, srgb(0xD9CDB0), sides=5)
    return merge([lean, cord, tail])


def _daruma() -> Mesh:
    """A wishing doll: red, bearded, one eye still to be painted."""
    line = curve([(0.0, 0.0), (0.05, 0.004), (0.072, 0.035), (0.074, 0.065), (0.064, 0.105), (0.04, 0.136), (0.0, 0.146)], 30).clip(0)
    body = lathe(line, LACQUER_RED, segments=44, crease_deg=180)

    def face(p: Floats) -> Floats:
        a = np.arctan2(p[:, 0], p[:, 2])
        y = p[:, 1] - 0.088
        out = np.broadcast_to(np.array(LACQUER_RED), p.shape).copy()
        gold = np.array(srgb(0xE0B34C))
        skin = (a / 0.72) ** 2 + (y / 0.036) ** 2 < 1
        frame = ((a / 0.80) ** 2 + (y / 0.041) ** 2 < 1) & ~skin
        out[skin], out[frame] = np.array(srgb(0xF0D9BE)), gold
        for side in (-1, 1):
            white = ((a - side * 0.30) / 0.19) ** 2 + ((y - 0.006) / 0.0115) ** 2 < 1
            out[white & skin] = np.array((0.95, 0.93, 0.9))
        pupil = ((a - 0.30) / 0.085) ** 2 + ((y - 0.006) / 0.0058) ** 2 < 1
        brow = skin & (np.abs(y - 0.0245 + 0.02 * (np.abs(a) - 0.3) ** 2) < 0.005) & (np.abs(a) > 0.1) & (np.abs(a) < 0.56)
        beard = skin & (y < -0.013) & (np.abs(a) > 0.22)
        mouth = skin & (np.abs(y + 0.018) < 0.0035) & (np.abs(a) < 0.14)
        out[pupil | brow | beard] = np.array(INK)
        out[mouth] = np.array(srgb(0xB23A2A))
        stripe = (p[:, 1] < 0.05) & (np.abs(np.abs(a) - 0.5 - 0.25 * np.sin((p[:, 1] - 0.01) * 60)) < 0.07)
        stripe |= (np.abs(a) < 0.07) & (p[:, 1] < 0.042) & (p[:, 1] > 0.012)
        out[stripe] = gold
        return out

    return paint_by(body, face)


def _kokeshi(height_m: float, robe: Rgb, seed: float) -> Mesh:
    """A turned doll: painted hair, a quiet face, rings and a flower on the body."""
    h = height_m
    body = lathe(curve([(0.0, 0.0), (0.135, 0.0), (0.15, 0.02), (0.125, 0.30), (0.13, 0.50), (0.095, 0.60), (0.07, 0.63)], 28).clip(0) * h, MAPLE_WOOD, segments=34)
    head = ball((0, 0.79 * h, 0), (0.168 * h, 0.185 * h, 0.168 * h), MAPLE_WOOD, segments=40, rings=26)

    def robe_paint(p: Floats) -> Floats:
        a, y = np.arctan2(p[:, 0], p[:, 2]), p[:, 1] / h
        out = np.broadcast_to(np.array(MAPLE_WOOD), p.shape).copy()
        for low, high, tone in ((0.03, 0.07, robe), (0.085, 0.10, GREEN), (0.50, 0.53, GREEN), (0.545, 0.60, robe)):
            out[(y > low) & (y < high)] = np.array(tone)
        flower = np.hypot(a * 0.13, y - 0.30)
        petals = flower < 0.075 + 0.03 * np.cos(np.arctan2(y - 0.30, a * 0.13) * 6 + seed)
        out[petals] = np.array(robe)
        out[flower < 0.03] = np.array(YELLOW)
        out[(np.abs(y - 0.17 - 0.09 * np.abs(a)) < 0.012) & (np.abs(a) < 0.8)] = np.array(GREEN)
        return out

    def head_paint(p: Floats) -> Floats:
        a, y = np.arctan2(p[:, 0], p[:, 2]), (p[:, 1] / h - 0.79) / 0.185
        out = np.broadcast_to(np.array(srgb(0xEFD9B2)), p.shape).copy()
        hair = (y > 0.62) | (np.abs(a) > 1.5) | ((y > 0.36) & (np.abs(a) < 0.5) & (y > 0.36 + 0.1 * np.cos(a * 6)))
        out[hair & (y > -0.72)] = np.array(INK)
        eyes = (np.abs(np.abs(a) - 0.42) < 0.2) & (np.abs(y - 0.02 + 0.5 * (np.abs(a) - 0.42) ** 2) < 0.045)
        brows = (np.abs(np.abs(a) - 0.42) < 0.22) & (np.abs(y - 0.2) < 0.028)
        nose = (np.abs(a) < 0.035) & (np.abs(y + 0.14) < 0.10)
        out[eyes | brows | nose] = np.array(INK)
        out[(np.abs(a) < 0.085) & (np.abs(y + 0.38) < 0.05)] = np.array(LACQUER_RED)
        out[(np.hypot(np.abs(a) - 0.72, (y + 0.25) * 1.0) < 0.16)] = np.array(srgb(0xE79A82))
        out[(y > 0.62) & (y < 0.72)] = np.array(robe)
        return out

    return merge([paint_by(body, robe_paint), paint_by(head, head_paint)])


def _kokeshi_pair() -> Mesh:
    return merge([move(_kokeshi(0.20, LACQUER_RED, 0.0), -0.045, 0, 0), move(_kokeshi(0.15, BLUE, 1.0), 0.045, 0, 0.02)])


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
                parts.append(block((x0 - 0.042 + 0.028 * k, 0.065, z), (0.018, 0.017, 0.002), srgb(0x3A4A5A), 0.001))
        for z in (-0.0285, 0.0285):
            for dx in (-0.04, 0.04):
                wheel = turn(lathe([(0, -0.005), (0.015, -0.005), (0.016, -0.003), (0.016, 0.003), (0.013, 0.005), (0.004, 0.0055), (0, 0.0055)], HINOKI, segments=18), "x", math.pi / 2 if z > 0 else -math.pi / 2)
                parts.append(move(wheel, x0 + dx, 0.016, z))
                peg = turn(lathe([(0.003, 0.0), (0.003, 0.004), (0, 0.004)], LACQUER_BLACK, segments=8), "x", math.pi / 2 if z > 0 else -math.pi / 2)
                parts.append(move(peg, x0 + dx, 0.016, z + math.copysign(0.005, z)))
        parts.append(block((x0, 0.020, 0), (0.11, 0.006, 0.03), CEDAR_LIGHT, 0.002))
        end = -1 if number == 0 else 1
        lamp = turn(lathe([(0.006, 0), (0.005, 0.003), (0, 0.004)], YELLOW, segments=10), "z", -end * math.pi / 2)
        parts.append(move(lamp, x0 + end * 0.065, 0.036, 0))
        parts.append(block((x0 + end * 0.0645, 0.066, 0), (0.002, 0.017, 0.036), srgb(0x3A4A5A), 0.001))
    parts.append(tube([[-0.012, 0.03, 0], [0, 0.026, 0], [0.012, 0.03, 0]], 0.0018, INK, sides=4))
    return merge(parts)


def _bird() -> Mesh:
    """A whistle in the shape of a bullfinch; one blows at the tail."""
    line = np.linspace(0, 1, 15)
    rings, tones = [], []
    around = np.linspace(0, 2 * math.pi, 18, endpoint=False)
    for t in line:
        x = -0.055 + 0.115 * t
        width = float(np.interp(t, [0, 0.12, 0.35, 0.6, 0.78, 0.9, 1.0], [0.010, 0.013, 0.027, 0.032, 0.025, 0.021, 0.006]))
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
    feet = [tube([[0.004, 0.012, z], [0.004, 0.004, z]], 0.003, OCHRE_RGB, sides=6) for z in (-0.012, 0.012)]
    foot = lathe([(0, 0), (0.026, 0), (0.028, 0.004), (0.02, 0.010), (0, 0.011)], CEDAR_LIGHT, segments=20)
    return merge([paint_by(body, feathers), beak, *eyes, *feet, move(foot, 0.004, 0, 0)])


OCHRE_RGB: Rgb = srgb(0xB9822F)


def _drum() -> Mesh:
    """A drum on a stick: turn it between your palms and the beads beat."""
    side = lathe([(0.042, -0.018), (0.047, -0.016), (0.048, 0), (0.047, 0.016), (0.042, 0.018)], LACQUER_RED, segments=32)
    skins = []
    for sign in (-1, 1):
        fine = lathe(np.column_stack([np.linspace(0.0425, 0, 16), 0.003 * (1 - np.linspace(1, 0, 16) ** 2)]), PAPER, segments=36)

        def mark(p: Floats) -> Floats:
            r, a = np.hypot(p[:, 0], p[:, 2]), np.arctan2(p[:, 2], p[:, 0])
            swirl = (np.cos(a * 3 + r * 140) > 0.25) & (r < 0.026) & (r > 0.003)
            tone = np.where(swirl[:, None], np.array(INK), np.array(PAPER))
            return np.where((r > 0.036)[:, None], np.array(srgb(0xC9A24A)), tone)

        face = paint_by(fine, mark)
        face = move(face, 0, 0.018, 0)
        skins.append(face if sign > 0 else turn(face, "x", math.pi))
    drum = turn(merge([side, *skins]), "x", math.pi / 2)
    stick = tube([[0, -0.19, 0], [0, -0.04, 0], [0, 0.055, 0]], np.array([0.0065, 0.0055, 0.004]), HINOKI, sides=8)
    knob = ball((0, 0.058, 0), 0.007, LACQUER_RED, segments=10, rings=6)
    beads = []
    for sign in (-1, 1):
        beads.append(tube(curve([[sign * 0.047, 0.004, 0], [sign * 0.062, -0.004, 0.006], [sign * 0.066, -0.028, 0.008]], 7), 0.0011, INK, sides=4))
        beads.append(ball((sign * 0.066, -0.034, 0.008), 0.0075, YELLOW, segments=10, rings=6))
    stand = move(lathe([(0, 0), (0.04, 0), (0.042, 0.006), (0.014, 0.016), (0.009, 0.03), (0, 0.03)], CEDAR_LIGHT, segments=20), 0, -0.20, 0)
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
        body = lathe(np.array([(0, 0), (0.05, 0), (0.07, 0.05), (0.055, 0.11), (0, 0.14)]) * k, tone, segments=12, crease_deg=180)
        face = move(lathe([(0.032 * k, 0), (0, 0.006)], srgb(0xF0D9BE), segments=8), 0, 0, 0)
        return merge([body, move(turn(face, "x", math.pi / 2), 0, 0.085 * k, 0.056 * k)])
    if kind == 1:
        k = float(rng.uniform(0.8, 1.2))
        doll = lathe(np.array([(0, 0), (0.028, 0), (0.024, 0.09), (0.016, 0.105)]) * k, tone, segments=10)
        head = ball((0, 0.13 * k, 0), 0.033 * k, srgb(0xEFD9B2), segments=9, rings=6)
        hair = ball((0, 0.142 * k, -0.006), 0.032 * k, INK, segments=9, rings=5)
        return merge([doll, head, hair])
    blocks = [block((0.0, 0.03 + 0.052 * k, 0), (0.05, 0.05, 0.05), vary(rng, (LACQUER_RED, YELLOW, BLUE, GREEN, HINOKI)[int(rng.integers(5))]), 0.004) for k in range(3)]
    return merge([turn(b, "y", float(rng.uniform(-0.3, 0.3))) for b in blocks])


def _dressing(rng: np.random.Generator) -> Mesh:
    rows = [row(_stock, rng, level, spread(count, gap_m=0.09)) for level, count in ((0, 16), (1, 15), (2, 14))]
    more = [move(_stock(rng, k), x, 1.06, -0.84) for k, x in enumerate(np.linspace(-1.4, 1.4, 15))]
    stands = [block((x, 0.8755, -0.22), (w, 0.027, 0.2), HINOKI, 0.005) for x, w in ((-1.12, 0.24), (0.36, 0.34), (0.80, 0.18))]
    fish = []
    for k, x in enumerate((-1.2, -0.9, 0.9, 1.2)):
        tone = (LACQUER_RED, BLUE, INK, LACQUER_RED)[k]
        carp = lathe([(0.0, 0.2), (0.035, 0.19), (0.04, 0.12), (0.026, 0.05), (0.012, 0.02), (0.03, -0.03)][::-1], np.array([tone, PAPER, tone, PAPER, tone, tone]), segments=10)
        fish.append(move(carp, x, 2.02, -0.6))
    pole = tube([[-1.35, 2.25, -0.6], [1.35, 2.25, -0.6]], 0.01, BAMBOO, sides=5)
    return merge([*rows, *more, *stands, *fish, pole])


CRAFT = Craft("toys", 0xC25A2B, Style(wood=CEDAR_LIGHT, wall=mix(PLASTER, YELLOW, 0.25), counter="panels", mark="dots", roof_kind="tile", lantern_kind="round", lantern_colour=srgb(0xFFC27A), panels=6), _pieces, _dressing)
