"""Bound paper: stab-bound books, a stack, a folding album, a scroll, a cloth case."""

from __future__ import annotations

import math

import numpy as np

from yokocho.demo.crafts.kit import CLOTH, PAPER_SKIN, WOOD, counter, piece, row, spread, step
from yokocho.demo.mesh import Floats, Mesh, Rgb, flip, merge, move, turn
from yokocho.demo.palette import CEDAR, CEDAR_DARK, CEDAR_LIGHT, CHERRY, PAPER, PLASTER, mix, srgb
from yokocho.demo.shapes import block, box, curve, disc, lathe, loft, sheet, tiles, tube, vary
from yokocho.demo.stalls import Craft, Piece, Style

INDIGO_PAPER: Rgb = srgb(0x2C4272)
THREAD: Rgb = srgb(0xF3ECDC)
EDGE: Rgb = srgb(0xE6D9BC)


def stab_bound(width_m: float, height_m: float, thick_m: float, cover: Rgb, *, top: bool = True) -> Mesh:
    """A book lying on its back, spine to -x: soft covers, leaves between them, four stitches, a title slip."""
    parts = [box((0, thick_m / 2, 0), (width_m - 0.004, thick_m - 0.003, height_m - 0.004), EDGE, skip="ud")]
    for y in (0.0008, thick_m - 0.0008):
        parts.append(box((0, y, 0), (width_m, 0.0016, height_m), cover))
    if not top:
        return merge(parts)
    spine = -width_m / 2
    y = thick_m + 0.0006
    holes = [height_m * s for s in (-0.46, -0.2, 0.2, 0.46)]
    inset = spine + 0.013
    line = [[inset, y, z] for z in np.linspace(holes[0], holes[-1], 3)]
    parts.append(tube(line, 0.0009, THREAD, sides=3))
    parts.append(tube([[inset, -0.0004, z] for z in np.linspace(holes[0], holes[-1], 3)], 0.0009, THREAD, sides=3))
    for z in holes:
        parts.append(
            tube(
                [[inset, y, z], [spine - 0.0005, y, z], [spine - 0.0005, -0.0005, z], [inset, -0.0005, z]],
                0.0009,
                THREAD,
                sides=3,
            )
        )
    for z in (holes[0], holes[-1]):
        end = math.copysign(height_m / 2 + 0.0005, z)
        parts.append(tube([[inset, y, z], [inset, y, end], [inset, -0.0005, end]], 0.0009, THREAD, sides=3))
    parts.append(box((width_m * 0.26, y, -height_m * 0.12), (width_m * 0.2, 0.0008, height_m * 0.62), THREAD, skip="d"))
    for k in range(4):
        z = -height_m * 0.34 + k * 0.019
        parts.append(box((width_m * 0.26, y + 0.0006, z), (0.010, 0.0006, 0.012), srgb(0x2A2420), skip="d"))
        parts.append(
            box((width_m * 0.26 + 0.004, y + 0.0008, z + 0.004), (0.003, 0.0006, 0.012), srgb(0x2A2420), skip="d")
        )
    return merge(parts)


def _notebook() -> Mesh:
    """One book, leaning on a small easel."""
    book = turn(stab_bound(0.148, 0.21, 0.016, INDIGO_PAPER), "x", math.radians(70))
    return move(book, 0, 0.118, 0)


def _easel() -> Mesh:
    parts = [
        tube([[x, 0, 0.062], [x, 0.012, 0.05], [x, 0.012, -0.02], [x, 0.16, -0.066]], 0.005, CHERRY, sides=4)
        for x in (-0.05, 0.05)
    ]
    parts += [tube([[-0.05, y, z], [0.05, y, z]], 0.004, CHERRY, sides=4) for y, z in ((0.012, -0.01), (0.12, -0.055))]
    parts += [tube([[x, 0.0, 0.062], [x, 0.03, 0.068]], 0.004, CHERRY, sides=4) for x in (-0.05, 0.05)]
    return merge(parts)


def _stack() -> Mesh:
    parts = []
    y = 0.0
    for k, (w, h, t, cover) in enumerate(
        (
            (0.185, 0.26, 0.026, srgb(0x6B2F34)),
            (0.17, 0.24, 0.020, srgb(0xC49A4A)),
            (0.15, 0.215, 0.022, srgb(0x3D5A4A)),
            (0.148, 0.21, 0.014, INDIGO_PAPER),
            (0.105, 0.15, 0.012, srgb(0xB8A58A)),
        )
    ):
        book = turn(stab_bound(w, h, t, cover, top=k > 2), "y", 0.14 * math.sin(k * 2.2))
        parts.append(move(book, 0.004 * math.sin(k * 1.7), y, 0.004 * math.cos(k)))
        y += t + 0.0025
    return merge(parts)


def _album() -> Mesh:
    """A folding album, standing in a zigzag; a hill, a moon and a river run through its leaves."""
    folds, tall, wide = 8, 0.19, 0.085
    x, z = [0.0], [0.0]
    for k in range(folds):
        angle = math.radians(62 if k % 2 else -62)
        x.append(x[-1] + wide * math.cos(angle) * 0.86)
        z.append(z[-1] + wide * math.sin(angle) * 0.5)
    along = np.linspace(0, folds, folds * 3 + 1)
    across, deep = np.interp(along, np.arange(folds + 1), x), np.interp(along, np.arange(folds + 1), z)
    s = along / folds

    def band(low: Floats, high: Floats, colour: Rgb, lift_m: float) -> Mesh:
        edges = [np.column_stack([across, h * tall, deep + lift_m]) for h in (low, high)]
        return sheet(np.stack(edges, 0), colour)

    none, full = np.zeros_like(s), np.ones_like(s)
    parts = [
        band(none, full, PAPER, 0.0),
        flip(band(none, full, EDGE, -0.0014)),
        band(none, 0.5 + 0.2 * np.sin(s * 5 + 2.0), srgb(0xB9C4D0), 0.0006),
        band(none, 0.34 + 0.22 * np.sin(s * 7.0 + 0.6) * np.exp(-((s - 0.35) ** 2) / 0.12), srgb(0x4F6A82), 0.0012),
        band(none, 0.16 + 0.05 * np.sin(s * 15), srgb(0x24405E), 0.0018),
    ]
    moon = turn(disc((0, 0, 0), 0.017, srgb(0xC9563A), segments=14), "x", math.pi / 2)
    yaw = math.atan2(-(z[6] - z[5]), x[6] - x[5])
    parts.append(move(turn(moon, "y", yaw), (x[5] + x[6]) / 2, 0.148, (z[5] + z[6]) / 2 + 0.0012))
    for k in (0, folds - 1):
        ax, az, bx, bz = x[k], z[k], x[k + 1], z[k + 1]
        yaw = math.atan2(-(bz - az), bx - ax)
        board = turn(
            block((0, tall / 2, 0), (math.hypot(bx - ax, bz - az) + 0.004, tall + 0.008, 0.003), srgb(0x7A2E35), 0.001),
            "y",
            yaw,
        )
        parts.append(move(board, (ax + bx) / 2, 0.0, (az + bz) / 2 - 0.004))
    return merge(parts)


def _plum() -> Mesh:
    """A flowering branch, as the scroll shows it."""
    ink = srgb(0x2B2320)
    main = [(-0.07, 0.15, 0.008), (-0.03, 0.22, 0.008), (0.0, 0.27, 0.008), (0.05, 0.33, 0.008), (0.055, 0.40, 0.008)]
    side = [(-0.02, 0.235, 0.008), (-0.05, 0.30, 0.008), (-0.045, 0.36, 0.008)]
    parts = [
        tube(curve(main, 10), np.linspace(0.006, 0.0015, 10), ink, sides=3, flatten=0.3),
        tube(curve(side, 6), np.linspace(0.003, 0.001, 6), ink, sides=3, flatten=0.3),
    ]
    tones = np.array([srgb(0xC2475A), srgb(0xD97A86), srgb(0xF0D9A0)])
    spots = ((-0.045, 0.345), (-0.04, 0.29), (0.03, 0.30), (0.06, 0.35), (0.045, 0.395), (-0.055, 0.37), (0.005, 0.262))
    for x, y in spots:
        petal = lathe([(0.011, 0), (0.008, 0.002), (0, 0.003)], tones, segments=7)
        parts.append(move(turn(petal, "x", math.pi / 2), x, y, 0.008))
    return merge(parts)


def _scroll() -> list[Mesh]:
    """A hanging scroll on its stand: silk borders, a painted plum branch, a roller."""
    w, h = 0.26, 0.52

    def field(half: float, low: float, high: float, tone: Rgb, lift_m: float) -> Mesh:
        y = np.linspace(low, high, 5)
        rows = [np.column_stack([np.full(5, u), y, 0.004 * np.sin(y * 9) + lift_m]) for u in (half, -half)]
        return sheet(np.stack(rows, 0), tone)

    face = merge(
        [
            field(w / 2, 0.03, h, srgb(0x47597A), 0.0),
            field(0.102, 0.09, 0.46, srgb(0xBBA06A), 0.0006),
            field(0.085, 0.12, 0.43, PAPER, 0.0012),
            flip(field(w / 2, 0.03, h, EDGE, -0.002)),
        ]
    )
    half = [(0.009, 0.0), (0.009, 0.13), (0.012, 0.132), (0.012, 0.15), (0, 0.15)]
    rod = lathe([(r, -y) for r, y in half[:0:-1]] + half, CEDAR_DARK, segments=10)
    top = block((0, h, 0), (w + 0.01, 0.01, 0.01), CEDAR_DARK, 0.002)
    cord = tube([[-0.08, h + 0.004, 0], [0, h + 0.055, 0], [0.08, h + 0.004, 0]], 0.0018, srgb(0x9A7A3A), sides=3)
    pole = [[0, h + 0.055, -0.006], [0, h + 0.07, -0.03], [0, 0.04, -0.06], [0, 0.0, -0.06]]
    stand = [
        tube(pole, 0.007, CHERRY, sides=4),
        tube([[-0.12, 0.008, 0.03], [0, 0.012, -0.06], [0.12, 0.008, 0.03]], 0.008, CHERRY, sides=4),
    ]
    roller = move(turn(rod, "z", math.pi / 2), 0, 0.034, 0.004)
    return [merge([face, _plum(), roller, cord]), merge([top, *stand])]


def _case() -> Mesh:
    """A cloth case, closed with two bone pegs, a slip of paper on its lid."""
    cloth = srgb(0x384F3E)
    n = 10
    parts = [block((0, 0.035, 0), (0.19, 0.066, 0.262), EDGE, 0.001)]
    for y in (0.0015, 0.0695):
        u, v = np.meshgrid(np.linspace(-0.098, 0.098, n), np.linspace(-0.134, 0.134, n), indexing="ij")
        check = ((np.arange(n - 1)[:, None] + np.arange(n - 1)[None, :]) % 2)[..., None]
        tone = np.array(cloth) * (1 + 0.25 * check)
        surface = np.stack([u, np.full_like(u, y + (0.0016 if y > 0.03 else -0.0016)), v], -1)
        parts.append(
            tiles(surface if y < 0.03 else surface.transpose(1, 0, 2), tone if y < 0.03 else tone.transpose(1, 0, 2))
        )
        parts.append(block((0, y, 0), (0.197, 0.003, 0.269), cloth, 0.001))
    parts += [block((x, 0.0355, 0), (0.003, 0.07, 0.268), cloth, 0.001) for x in (-0.097, 0.097)]
    for z in (-0.08, 0.08):
        parts.append(box((0.0995, 0.045, z), (0.002, 0.022, 0.012), srgb(0x6B5A3A), skip="l"))
        peg = loft(
            np.array(
                [
                    [
                        [0.101, 0.03, z - 0.004],
                        [0.104, 0.03, z - 0.004],
                        [0.104, 0.03, z + 0.004],
                        [0.101, 0.03, z + 0.004],
                    ],
                    [
                        [0.100, 0.066, z - 0.006],
                        [0.105, 0.066, z - 0.006],
                        [0.105, 0.066, z + 0.006],
                        [0.100, 0.066, z + 0.006],
                    ],
                ]
            ),
            THREAD,
        )
        parts.append(peg)
    parts.append(box((0.045, 0.0722, -0.03), (0.05, 0.0012, 0.16), THREAD, skip="d"))
    return merge(parts)


def _pieces() -> list[Piece]:
    scroll, stand = _scroll()
    return [
        piece("stab-bound", counter(-1.06, -0.28), [(merge([_notebook(), _easel()]), PAPER_SKIN)], 10),
        piece("stack", counter(-0.52, -0.30), [(_stack(), PAPER_SKIN)], 18),
        piece("album", counter(0.22, -0.26), [(_album(), PAPER_SKIN)], -4),
        piece("cloth-case", counter(1.06, -0.31), [(_case(), CLOTH)], 24),
        piece("scroll", step(0.74), [(scroll, PAPER_SKIN), (stand, WOOD)], -8),
    ]


def _shelf_books(rng: np.random.Generator, number: int) -> Mesh:
    """A small pile or a standing run of books."""
    tones = [
        srgb(0x6B2F34),
        srgb(0x2C4272),
        srgb(0x3D5A4A),
        srgb(0xB8924A),
        srgb(0x7A6A58),
        srgb(0x4A3550),
        srgb(0xA8562F),
    ]
    parts = []
    if number % 2:
        y = 0.0
        for _ in range(int(rng.integers(3, 5))):
            t = float(rng.uniform(0.018, 0.04))
            w = float(rng.uniform(0.13, 0.19))
            cover = vary(rng, tones[int(rng.integers(7))])
            parts.append(box((float(rng.uniform(-0.01, 0.01)), y + t / 2, 0), (w, t - 0.002, 0.2), cover, skip="db"))
            parts.append(box((0.0, y + t / 2, 0.003), (w - 0.012, t * 0.7, 0.2), EDGE, skip="dublr"))
            y += t
    else:
        x = -0.09
        while x < 0.08:
            t, h = float(rng.uniform(0.024, 0.042)), float(rng.uniform(0.19, 0.26))
            parts.append(
                box((x + t / 2, h / 2, 0), (t - 0.002, h, 0.17), vary(rng, tones[int(rng.integers(7))]), skip="db")
            )
            parts.append(box((x + t / 2, h * 0.72, 0.086), (t * 0.5, h * 0.3, 0.002), THREAD, skip="blrud"))
            x += t
    return merge(parts)


def _dressing(rng: np.random.Generator) -> Mesh:
    rows = [row(_shelf_books, rng, level, spread(10, 1.3, 0.13), grow=1.05) for level in (0, 1)]
    more = [move(_shelf_books(rng, 1), x, 1.06, -0.84) for x in (-1.2, -0.9, -0.55, -0.2, 0.15, 1.25)]
    rolls = [
        move(
            turn(
                lathe([(0, -0.16), (0.022, -0.16), (0.022, 0.16), (0, 0.16)], vary(rng, PAPER), segments=8),
                "z",
                math.pi / 2,
            ),
            0.46,
            0.885,
            -0.52 - 0.0 * k,
        )
        for k in range(1)
    ]
    leaf = sheet(
        np.array([[[0.3, 0.8635, -0.56], [0.3, 0.8635, -0.40]], [[0.62, 0.8635, -0.56], [0.62, 0.8635, -0.40]]]), PAPER
    )
    return merge([*rows, *more, *rolls, leaf])


CRAFT = Craft(
    "books",
    0x6B3A56,
    Style(
        wood=CEDAR_LIGHT,
        wall=mix(PLASTER, CEDAR, 0.2),
        wall_kind="boards",
        counter="panels",
        mark="bars",
        roof_kind="shingle",
        roof_colour=CEDAR,
        lantern_kind="box",
    ),
    _pieces,
    _dressing,
)
