"""Paper lanterns: hung, standing and folded; the paper glows, the wood does not."""

from __future__ import annotations

import math

import numpy as np

from yokocho.demo.crafts.kit import LACQUER, LIT, WOOD, counter, height_of, hung, piece, row, spread
from yokocho.demo.glb import Material
from yokocho.demo.mesh import Floats, Mesh, Rgb, merge, move, paint_by
from yokocho.demo.palette import (
    BAMBOO,
    CEDAR,
    CEDAR_DARK,
    HINOKI,
    LACQUER_BLACK,
    LAMP,
    LAMP_PALE,
    LAMP_RED,
    OCHRE,
    PAPER,
    PLASTER_OCHRE,
    mix,
    srgb,
)
from yokocho.demo.shapes import block, box, decal, lathe, oval, sheet, tube, vary
from yokocho.demo.stalls import Craft, Piece, Style

INK: Rgb = srgb(0x2A1512)


def _glow(p: Floats, edge: Rgb, heart: Rgb, centre_m: float, reach_m: float) -> Floats:
    share = np.exp(-(((p[:, 1] - centre_m) / reach_m) ** 2))[:, None]
    return np.asarray(np.array(edge) * (1 - share) + np.array(heart) * share)


def _ribbed(line: list[tuple[float, float]], ribs: int, segments: int = 26) -> Mesh:
    """Paper over a spiral of bamboo: it sinks in a little between the ribs."""
    knots = np.array(line)
    t = np.linspace(0, 1, ribs * 2 + 1)
    along = np.interp(t, np.linspace(0, 1, len(knots)), knots[:, 1])
    radius = np.interp(along, knots[:, 1], knots[:, 0])
    smooth = np.convolve(np.pad(radius, 2, mode="edge"), np.ones(5) / 5, mode="valid")
    smooth[[0, -1]] = radius[[0, -1]]
    smooth = smooth * (1 - 0.028 * (np.arange(len(t)) % 2))
    return lathe(np.column_stack([smooth, along]), (1, 1, 1), segments=segments, crease_deg=180)


def _caps(radius_m: float, low: float, high: float) -> list[Mesh]:
    r = radius_m
    ring = [(r * 0.6, 0.0), (r, 0.0), (r, 0.022), (r * 0.82, 0.024), (r * 0.78, 0.0)]
    return [move(lathe(ring, LACQUER_BLACK, segments=14), 0, y, 0) for y in (low - 0.012, high - 0.008)]


def _tall() -> list[tuple[Mesh, Material]]:
    """A long red lantern with a band of crest marks."""
    line = [(0.07, 0.03), (0.105, 0.07), (0.118, 0.14), (0.12, 0.24), (0.118, 0.34), (0.105, 0.41), (0.07, 0.45)]
    paper = _ribbed(line, 9, 20)

    skin = paint_by(paper, lambda p: _glow(p, srgb(0x8E1A10), srgb(0xF0562A), 0.24, 0.19))
    knots = np.array(line)

    def radius(y: Floats) -> Floats:
        return np.asarray(np.interp(y, knots[:, 1], knots[:, 0]))

    marks = []
    for k in range(3):
        a = k * 2 * math.pi / 3
        for dx, dy in ((0, 0.052), (-0.30, 0), (0.30, 0), (0, -0.052)):
            marks.append(decal(radius, oval(a + dx, 0.24 + dy, 0.19, 0.030, 10), INK, 0.002))
        marks.append(decal(radius, oval(a, 0.24, 0.12, 0.018, 8), srgb(0xF6B25A), 0.003))
    for y0, y1 in ((0.045, 0.085), (0.395, 0.435)):
        ys = np.linspace(y0, y1, 2)
        marks.append(lathe(np.column_stack([radius(ys) + 0.0015, ys]), INK, segments=20, crease_deg=180))
    wire = tube(
        [[-0.07, 0.46, 0], [-0.05, 0.53, 0], [0, 0.55, 0], [0.05, 0.53, 0], [0.07, 0.46, 0]],
        0.003,
        LACQUER_BLACK,
        sides=4,
    )
    return [(merge([skin, *marks]), LIT), (merge([*_caps(0.075, 0.03, 0.45), wire]), LACQUER)]


def _round() -> list[tuple[Mesh, Material]]:
    """A globe of white paper with blue waves at its foot."""
    angle = np.linspace(-1.32, 1.32, 12)
    line = [(0.155 * math.cos(a), 0.17 + 0.155 * math.sin(a)) for a in angle]
    paper = _ribbed(line, 8, 22)

    white = paint_by(
        paper, lambda p: _glow(p, mix(LAMP, PAPER, 0.2), mix(LAMP_PALE, (1, 1, 1), 0.35), 0.17, 0.12) * 0.92
    )
    parts = [white]
    a = np.linspace(0, 2 * math.pi, 31)
    for low, high, tone in (
        (0.06, 0.098, srgb(0x2E4F9A)),
        (0.108, 0.116, srgb(0x4A6CB4)),
        (0.126, 0.131, srgb(0x7A96CC)),
    ):
        rows = []
        for level, share in ((low, 0.0), ((low + high) / 2, 0.5), (high, 1.0)):
            y = level + share * 0.014 * np.sin(a * 6) if low < 0.1 else level + 0.014 * np.sin(a * 6)
            r = np.sqrt(np.clip(0.155**2 - (y - 0.17) ** 2, 0, 1)) + 0.0012
            rows.append(np.column_stack([r * np.sin(a), y, r * np.cos(a)]))
        parts.append(sheet(np.array(rows), tone))
    return [(merge(parts), LIT), (merge(_caps(0.045, 0.022, 0.322)), LACQUER)]


def _floor_lamp() -> list[tuple[Mesh, Material]]:
    """An andon: four legs, paper on four sides, a drawer under it."""
    w, h = 0.19, 0.40
    paper = box((0, 0.235, 0), (w * 0.93, 0.27, w * 0.93), (1, 1, 1), grid_m=0.045, skip="ud")
    edge, heart = mix(LAMP, CEDAR, 0.25), mix(LAMP_PALE, PAPER, 0.3)

    def screen(p: Floats) -> Floats:
        blade = np.abs(np.sin(p[:, 0] * 60 + p[:, 2] * 45 + (p[:, 1] - 0.1) * 7))
        grass = blade < 0.07 * np.clip((0.27 - p[:, 1]) / 0.1, 0, 1)
        return np.where(grass[:, None], np.array(srgb(0x8C5A34)), _glow(p, edge, heart, 0.20, 0.11))

    skin = paint_by(paper, screen)
    bars = [block((x, h / 2, z), (0.014, h, 0.014), CEDAR, 0.002) for x in (-w / 2, w / 2) for z in (-w / 2, w / 2)]
    for y in (0.095, 0.375):
        bars += [block((0, y, z), (w, 0.014, 0.012), CEDAR, 0.002) for z in (-w / 2, w / 2)]
        bars += [block((x, y, 0), (0.012, 0.014, w), CEDAR, 0.002) for x in (-w / 2, w / 2)]
    bars += [box((0, y, z), (w, 0.006, 0.006), CEDAR) for y in (0.19, 0.28) for z in (-w / 2, w / 2)]
    bars += [box((x, y, 0), (0.006, 0.006, w), CEDAR) for y in (0.19, 0.28) for x in (-w / 2, w / 2)]
    bars.append(block((0, 0.06, 0), (w, 0.05, w), mix(CEDAR, HINOKI, 0.3), 0.004))
    bars.append(block((0, 0.06, w / 2 + 0.006), (0.02, 0.014, 0.012), LACQUER_BLACK, 0.003))
    bars.append(
        tube([[-w / 2, 0.39, 0], [-0.05, 0.43, 0], [0.05, 0.43, 0], [w / 2, 0.39, 0]], 0.004, CEDAR_DARK, sides=4)
    )
    return [(skin, LIT), (merge(bars), WOOD)]


def _bonbori() -> list[tuple[Mesh, Material]]:
    """A six-sided lamp on a lacquered foot, wider at the top."""
    line = np.array([(0.062, 0.20), (0.075, 0.26), (0.09, 0.32), (0.105, 0.38)])
    paper = lathe(np.concatenate([line, [(0.088, 0.392), (0.06, 0.395)]]), (1, 1, 1), segments=6, crease_deg=20)
    paper = paint_by(paper, lambda p: _glow(p, mix(LAMP, LAMP_RED, 0.25), mix(LAMP_PALE, (1, 1, 1), 0.3), 0.28, 0.075))
    bars = []
    for k in range(6):
        a = k * math.pi / 3
        c, s = math.cos(a), math.sin(a)
        bars.append(
            tube([[0.062 * c, 0.195, 0.062 * s], [0.108 * c, 0.392, 0.108 * s]], 0.0045, srgb(0x8A2A1E), sides=4)
        )
    for r, y in ((0.064, 0.198), (0.107, 0.386)):
        ring = np.array([[r * math.cos(k * math.pi / 3), y, r * math.sin(k * math.pi / 3)] for k in range(6)])
        bars.append(tube(ring, 0.005, srgb(0x8A2A1E), sides=4, closed=True))
    foot = lathe(
        [
            (0, 0),
            (0.075, 0),
            (0.078, 0.012),
            (0.05, 0.022),
            (0.014, 0.035),
            (0.011, 0.10),
            (0.018, 0.11),
            (0.011, 0.12),
            (0.012, 0.17),
            (0.06, 0.19),
            (0.062, 0.20),
            (0, 0.2),
        ],
        srgb(0x8A2A1E),
        segments=14,
    )
    return [(paper, LIT), (merge([*bars, foot]), LACQUER)]


def _folded() -> list[tuple[Mesh, Material]]:
    """A travelling lantern, half drawn out of its two lacquered lids."""
    t = np.arange(15)
    profile = np.column_stack([0.062 + 0.010 * (t % 2), 0.028 + 0.007 * t])
    paper = lathe(profile, np.array(mix(PAPER, LAMP_PALE, 0.4)), segments=16, crease_deg=20)
    paper = paint_by(paper, lambda p: _glow(p, mix(PAPER, LAMP, 0.5), mix(PAPER, LAMP_PALE, 0.4), 0.08, 0.05) * 0.85)
    lid = [(0, 0.0), (0.070, 0.0), (0.078, 0.006), (0.078, 0.026), (0.066, 0.028), (0, 0.028)]
    top = [(0.066, 0.126), (0.078, 0.128), (0.078, 0.148), (0.070, 0.154), (0, 0.154)]
    hook = tube(
        [[-0.06, 0.15, 0], [-0.04, 0.19, 0], [0, 0.20, 0], [0.04, 0.19, 0], [0.06, 0.15, 0]],
        0.0025,
        LACQUER_BLACK,
        sides=4,
    )
    return [
        (paper, LIT),
        (merge([lathe(lid, LACQUER_BLACK, segments=16), lathe(top, LACQUER_BLACK, segments=16), hook]), LACQUER),
    ]


def _pieces() -> list[Piece]:
    tall, globe = _tall(), _round()
    return [
        piece("festival-lantern", hung(-0.62, height_of([m for m, _ in tall])), tall),
        piece("wave-globe", hung(0.55, height_of([m for m, _ in globe]), drop=0.06), globe),
        piece("floor-lamp", counter(-1.02, -0.34), _floor_lamp(), 20),
        piece("bonbori", counter(1.05, -0.32), _bonbori()),
        piece("folding-lantern", counter(0.0, -0.24), _folded()),
    ]


def _stock(rng: np.random.Generator, number: int) -> Mesh:
    tone = vary(rng, (PAPER, srgb(0xC74A30), srgb(0xE8B86A), srgb(0xEDE3CC))[number % 4], 0.12)
    h, r = float(rng.uniform(0.16, 0.28)), float(rng.uniform(0.06, 0.09))
    t = np.linspace(0, 1, 5)
    body = np.column_stack([r * np.sin(np.pi * (0.15 + 0.7 * t)), 0.01 + h * t])
    cap = lathe([(r * 0.5, h), (r * 0.52, h + 0.012), (0, h + 0.012)], LACQUER_BLACK, segments=6)
    return merge([lathe(body, tone, segments=6, crease_deg=180), cap])


def _dressing(rng: np.random.Generator) -> Mesh:
    rows = [row(_stock, rng, level, spread(count, gap_m=0.13), grow=1.15) for level, count in ((0, 6), (1, 6))]
    more = [move(_stock(rng, k), x, 1.06, -0.84) for k, x in enumerate((-0.75, -0.5, -0.22, 0.3, 0.55, 0.8))]
    hoops = [
        tube(
            np.array([[0.09 * math.cos(a), 0.09 * math.sin(a), 0] for a in np.arange(9) * math.pi / 4.5]),
            0.004,
            BAMBOO,
            sides=3,
            closed=True,
        )
        for _ in range(4)
    ]
    hung_hoops = [move(h, -1.25 + 0.05 * k, 1.18, -0.9 + 0.04 * k) for k, h in enumerate(hoops)]
    brushes = [
        tube([[0.32 + 0.03 * k, 0.86, -0.5], [0.33 + 0.035 * k, 1.04, -0.52]], 0.006, vary(rng, BAMBOO), sides=4)
        for k in range(4)
    ]
    jar = move(
        lathe(
            [(0, 0), (0.04, 0), (0.045, 0.05), (0.04, 0.09), (0.034, 0.09), (0.03, 0.02), (0, 0.02)],
            srgb(0x3E5068),
            segments=12,
        ),
        0.37,
        0.861,
        -0.51,
    )
    scrap = move(
        sheet(np.array([[[-0.1, 0, -0.07], [-0.1, 0, 0.07]], [[0.1, 0.002, -0.07], [0.1, 0.004, 0.07]]]), PAPER),
        -0.42,
        0.8635,
        -0.45,
    )
    return merge([*rows, *more, *hung_hoops, *brushes, jar, scrap])


CRAFT = Craft(
    "lanterns",
    OCHRE,
    Style(
        wood=CEDAR,
        wall=PLASTER_OCHRE,
        counter="panels",
        mark="dots",
        roof_kind="tile",
        lantern_kind="tall",
        lantern_colour=mix(LAMP_RED, LAMP, 0.2),
    ),
    _pieces,
    _dressing,
)
