"""Miso and pickles: cedar barrels bound in bamboo, crocks, bottles, a measure heaped full."""

from __future__ import annotations

import math

import numpy as np

from yokocho.demo.crafts.kit import CLAY, CLOTH, GLAZE, WOOD, blend, counter, piece, row, speckle, spread
from yokocho.demo.mesh import Floats, Mesh, Rgb, bend, merge, move, paint_by, turn
from yokocho.demo.palette import BAMBOO, BAMBOO_GREEN, CEDAR_LIGHT, HINOKI, PAPER, PLASTER_OCHRE, STRAW, mix, srgb
from yokocho.demo.shapes import block, box, curve, decal, disc, lathe, oval, ripple, sheet, tube, vary
from yokocho.demo.stalls import Craft, Piece, Style

MISO_RED: Rgb = srgb(0x8A4A22)
MISO_WHITE: Rgb = srgb(0xDDB878)
STAVE: Rgb = srgb(0xC59A63)


def hoop(radius_m: float, y: float, thick_m: float, segments: int = 9) -> Mesh:
    """A plaited bamboo hoop: three strands that wind about each other."""
    a = np.linspace(0, 2 * math.pi, segments * 2, endpoint=False)
    out = []
    for k in range(2):
        wave = a * 4 + k * math.pi
        r = radius_m + thick_m * (0.5 + 0.45 * np.cos(wave))
        path = np.column_stack([r * np.cos(a), y + thick_m * 0.9 * np.sin(wave), r * np.sin(a)])
        out.append(
            tube(path, thick_m * 0.62, (BAMBOO_GREEN, BAMBOO, mix(BAMBOO, BAMBOO_GREEN, 0.5))[k], sides=3, closed=True)
        )
    return merge(out)


def barrel(radius_m: float, height_m: float, staves: int, *, lid: bool = True) -> Mesh:
    """A straight-sided tub of cedar staves, wider at the top; `lid` closes it."""
    r, h = radius_m, height_m
    line = [
        (0.0, 0.012),
        (r * 0.80, 0.012),
        (r * 0.80, 0.0),
        (r * 0.86, 0.0),
        (r, h),
        (r * 0.94, h),
        (r * 0.93, h * 0.93),
    ]
    line += [(0.0, h * 0.93)] if lid else [(r * 0.82, 0.03), (0.0, 0.03)]
    body = lathe(line, STAVE, segments=staves + staves // 2)

    def wood(p: Floats) -> Floats:
        a = np.arctan2(p[:, 2], p[:, 0])
        which = np.floor((a / (2 * math.pi) + 0.5) * staves + 1e-6)
        tone = 1 + 0.16 * np.sin(which * 12.9898) + 0.05 * ripple(p, 0.03)
        joint = np.abs((a / (2 * math.pi) + 0.5) * staves - np.round((a / (2 * math.pi) + 0.5) * staves)) < 0.02
        side = np.hypot(p[:, 0], p[:, 2]) > r * 0.78
        shade = np.where(side & joint, 0.55, tone)
        return np.asarray(np.array(STAVE) * shade[:, None])

    return paint_by(body, wood)


def _heaped(radius_m: float, height_m: float, tone: Rgb) -> Mesh:
    """Miso, heaped and smoothed with a spatula."""
    line = [(radius_m, 0.0), (radius_m * 0.8, height_m * 0.5), (radius_m * 0.4, height_m * 0.9), (0.0, height_m)]
    mesh = lathe(curve(line, 9).clip(0), tone, segments=18, crease_deg=180)
    mesh = bend(
        mesh, lambda p: p + np.column_stack([0 * p[:, 0], height_m * 0.16 * ripple(p, radius_m * 0.5), 0 * p[:, 0]])
    )
    return paint_by(mesh, lambda p: speckle(p, tone, 0.28, 0.012))


def _tub() -> Mesh:
    """An open tub of red miso with its paddle."""
    tub = barrel(0.15, 0.20, 16, lid=False)
    paste = move(_heaped(0.138, 0.05, MISO_RED), 0, 0.162, 0)
    paddle = turn(
        merge(
            [
                block((0, 0.05, 0), (0.05, 0.10, 0.008), HINOKI, 0.003),
                tube([[0, 0.09, 0], [0, 0.25, 0]], 0.009, HINOKI, sides=6),
            ]
        ),
        "z",
        0.32,
    )
    return merge(
        [
            tub,
            paste,
            move(paddle, 0.02, 0.165, 0.02),
            hoop(0.128 + 0.006, 0.035, 0.006),
            hoop(0.141 + 0.002, 0.15, 0.006),
        ]
    )


def _keg() -> tuple[Mesh, Mesh]:
    """A sake-style keg wrapped in straw and rope with a paper band."""
    body = barrel(0.12, 0.235, 12)
    mat = lathe([(0.108, 0.02), (0.119, 0.05), (0.122, 0.12), (0.121, 0.19), (0.114, 0.205)], STRAW, segments=19)
    mat = paint_by(
        mat,
        lambda p: speckle(p, STRAW, 0.1, 0.02) * (0.8 + 0.2 * (np.sin(np.arctan2(p[:, 2], p[:, 0]) * 60) > 0))[:, None],
    )
    ropes = [hoop(r, y, 0.004) for r, y in ((0.112, 0.03), (0.1195, 0.168))]

    def print_(p: Floats) -> Floats:
        a = np.arctan2(p[:, 0], p[:, 2])
        line = (np.abs(p[:, 1] - 0.1215) > 0.021) & (np.abs(a) < 9)
        return np.where(line[:, None], np.array(srgb(0xA62B20)), np.array(PAPER))

    fine = lathe(curve([(0.1235, 0.095), (0.1245, 0.12), (0.1235, 0.148)], 9), PAPER, segments=22)
    knot = tube(
        curve([[-0.03, 0.236, 0], [-0.012, 0.262, 0], [0.012, 0.262, 0], [0.03, 0.236, 0]], 9), 0.006, STRAW, sides=4
    )
    marks = [
        decal(lambda y: 0.1245 + 0 * y, oval(a, 0.1215, 0.17, 0.019, 14), srgb(0xA62B20), 0.0008)
        for a in (0.0, math.pi)
    ]
    return merge([body, *ropes, knot]), merge([mat, paint_by(fine, print_), *marks])


def _crock() -> list[Mesh]:
    """A brown crock, its mouth covered with paper and tied."""
    line = curve(
        [(0.07, 0.0), (0.078, 0.01), (0.105, 0.08), (0.108, 0.13), (0.088, 0.18), (0.07, 0.195), (0.075, 0.21)], 14
    )
    body = lathe(np.concatenate([[[0, 0]], line, [[0.06, 0.208], [0, 0.2]]]), (1, 1, 1), segments=19)

    def glazed(p: Floats) -> Floats:
        run = (p[:, 1] - 0.12 + 0.03 * np.maximum(0, np.sin(np.arctan2(p[:, 2], p[:, 0]) * 5))) / 0.006
        return blend(speckle(p, srgb(0x7A4A2C), 0.22), speckle(p, srgb(0x2F2118), 0.2), run)

    body = paint_by(body, glazed)
    cover = lathe(
        [
            (0.0, 0.219),
            (0.06, 0.218),
            (0.0755, 0.213),
            (0.0785, 0.203),
            (0.0745, 0.196),
            (0.086, 0.172),
            (0.088, 0.168),
        ][::-1],
        PAPER,
        segments=19,
    )
    cover = bend(
        cover,
        lambda p: (
            p
            * np.column_stack(
                [
                    1 + 0.05 * np.clip((0.2 - p[:, 1]) / 0.03, 0, 1) * np.sin(np.arctan2(p[:, 2], p[:, 0]) * 15),
                    np.ones(len(p)),
                    1 + 0.05 * np.clip((0.2 - p[:, 1]) / 0.03, 0, 1) * np.sin(np.arctan2(p[:, 2], p[:, 0]) * 15),
                ]
            )
        ),
    )
    a = np.linspace(0, 2 * math.pi, 20, endpoint=False)
    cord = tube(
        np.column_stack([0.0775 * np.cos(a), np.full(20, 0.197), 0.0775 * np.sin(a)]),
        0.003,
        srgb(0xB4432E),
        sides=4,
        closed=True,
    )
    bow = [
        tube(
            curve([[0, 0.197, 0.079], [s * 0.02, 0.204, 0.086], [s * 0.028, 0.19, 0.09], [0, 0.196, 0.082]], 9),
            0.0022,
            srgb(0xB4432E),
            sides=3,
        )
        for s in (-1, 1)
    ]
    ends = [
        tube([[0, 0.196, 0.081], [s * 0.012, 0.175, 0.094], [s * 0.016, 0.158, 0.098]], 0.0022, srgb(0xB4432E), sides=3)
        for s in (-1, 1)
    ]
    return [body, merge([cover, cord, *bow, *ends])]


def _bottle() -> list[Mesh]:
    """Tamari in a stoneware bottle with a paper label."""
    line = curve(
        [
            (0.034, 0.0),
            (0.042, 0.008),
            (0.044, 0.06),
            (0.043, 0.13),
            (0.03, 0.17),
            (0.014, 0.195),
            (0.0135, 0.225),
            (0.018, 0.235),
        ],
        16,
    )
    body = lathe(np.concatenate([[[0, 0]], line, [[0.011, 0.236], [0, 0.23]]]), (1, 1, 1), segments=19)
    body = paint_by(
        body,
        lambda p: blend(speckle(p, srgb(0x3B2418), 0.2), speckle(p, srgb(0xC9B796), 0.08), (p[:, 1] - 0.15) / 0.01),
    )
    cork = lathe([(0.009, 0.232), (0.011, 0.255), (0, 0.256)], CEDAR_LIGHT, segments=10)
    u, v = np.meshgrid(np.linspace(-0.55, 0.55, 9), np.linspace(0.03, 0.12, 10), indexing="ij")
    label = np.stack([0.0452 * np.sin(u), v, 0.0452 * np.cos(u)], -1)
    slip = box((0, 0.076, 0.0455), (0.012, 0.07, 0.0016), srgb(0x9A2A20), skip="b")

    return [body, merge([sheet(label.swapaxes(0, 1), PAPER), slip, cork])]


def _measure() -> Mesh:
    """A square measure of cypress, heaped with white miso."""
    w, h, t = 0.10, 0.058, 0.008
    parts = [block((0, 0.004, 0), (w, t, w), HINOKI, 0.001)]
    for s in (-1, 1):
        parts.append(
            block((s * (w / 2 - t / 2), h / 2, 0), (t, h, w), vary(np.random.default_rng(3 + s), HINOKI, 0.08), 0.0015)
        )
        parts.append(
            block(
                (0, h / 2, s * (w / 2 - t / 2)),
                (w - 2 * t, h, t),
                vary(np.random.default_rng(8 + s), HINOKI, 0.08),
                0.0015,
            )
        )
        for k in range(3):
            parts.append(
                box(
                    (s * (w / 2 - t / 2), h * (0.2 + 0.3 * k), 0),
                    (t + 0.001, h * 0.14, w + 0.0008),
                    mix(HINOKI, (0.4, 0.25, 0.1), 0.25),
                    skip="lr",
                )
            )
    n = 16
    u, v = np.meshgrid(np.linspace(-1, 1, n), np.linspace(-1, 1, n), indexing="ij")
    lift = 0.046 + 0.05 * np.sqrt(np.clip(1 - u**2, 0, 1) * np.clip(1 - v**2, 0, 1)) ** 0.8

    points = np.stack([u * 0.042, lift, v * 0.042], -1)
    paste = sheet(points, MISO_WHITE)
    parts.append(paint_by(paste, lambda p: speckle(p, MISO_WHITE, 0.16, 0.008)))
    spoon = merge([tube([[0.02, 0.07, 0.0], [0.085, 0.135, 0.01]], 0.004, CEDAR_LIGHT, sides=4)])
    return merge([*parts, spoon])


def _pieces() -> list[Piece]:
    keg, mat = _keg()
    crock, bottle = _crock(), _bottle()
    return [
        piece("red-miso-tub", counter(-0.98, -0.34), [(_tub(), WOOD)], 10),
        piece("white-miso", counter(-0.34, -0.24), [(_measure(), WOOD)], 28),
        piece("tamari", counter(0.16, -0.26), [(merge(bottle), GLAZE)], -10),
        piece("pickle-crock", counter(0.70, -0.32), [(crock[0], GLAZE), (crock[1], CLOTH)]),
        piece("festival-keg", counter(1.20, -0.34), [(keg, WOOD), (mat, CLAY)], -16),
    ]


def _stock(rng: np.random.Generator, number: int) -> Mesh:
    if number % 3 == 0:
        r, h = float(rng.uniform(0.09, 0.12)), float(rng.uniform(0.16, 0.26))
        tub = lathe([(0, 0), (r * 0.86, 0), (r, h), (r * 0.93, h), (0, h * 0.95)], vary(rng, STAVE, 0.2), segments=7)
        bands = [
            lathe([(r * k, h * y), (r * k + 0.008, h * y + 0.01), (r * k, h * y + 0.02)], BAMBOO_GREEN, segments=7)
            for k, y in ((0.89, 0.15), (0.97, 0.7))
        ]
        return merge([tub, *bands])
    tone = vary(rng, (srgb(0x6B4028), srgb(0x3E2A1E), srgb(0xB09468), srgb(0x5A6A5A))[int(rng.integers(4))], 0.15)
    if number % 3 == 1:
        jar = lathe(
            [(0, 0), (0.05, 0), (0.075, 0.06), (0.07, 0.12), (0.05, 0.14), (0.055, 0.155), (0, 0.155)], tone, segments=6
        )
        lid = lathe([(0.062, 0.135), (0.06, 0.165), (0, 0.17)], PAPER, segments=6)
        return merge([jar, lid])
    return merge(
        move(
            lathe(
                [(0, 0), (0.03, 0), (0.032, 0.12), (0.011, 0.17), (0.011, 0.21), (0, 0.212)],
                vary(rng, tone),
                segments=6,
            ),
            -0.035 + 0.07 * k,
            0,
            0,
        )
        for k in range(2)
    )


def _dressing(rng: np.random.Generator) -> Mesh:
    rows = [row(_stock, rng, level, spread(count, 1.26, 0.17)) for level, count in ((0, 5), (1, 5))]
    more = [move(_stock(rng, k), x, 1.06, -0.84) for k, x in enumerate((-1.3, -0.55, -0.05, 0.4, 0.95))]
    beads = [
        tube(
            [[1.3 - 0.16 * k, 2.28, -0.6], [1.3 - 0.16 * k, 1.95, -0.6]],
            np.array([0.006, 0.02]),
            vary(rng, (srgb(0xC9A25A), srgb(0xB8432E))[k % 2]),
            sides=4,
        )
        for k in range(5)
    ]
    sacks = bend(
        lathe([(0, 0), (0.16, 0), (0.18, 0.2), (0.12, 0.36), (0.1, 0.4), (0, 0.36)], srgb(0xA8926A), segments=12),
        lambda p: p * (1 + 0.05 * ripple(p, 0.2))[:, None],
    )
    beans = disc((0, 0.385, 0), 0.1, srgb(0xD9C08A))
    return merge([*rows, *more, *beads, move(merge([sacks, beans]), -1.35, 0, 0.22)])


CRAFT = Craft(
    "miso",
    0xB9822F,
    Style(
        wood=srgb(0x6B4A30),
        wall=mix(PLASTER_OCHRE, STRAW, 0.3),
        counter="boards",
        mark="mountain",
        roof_kind="shingle",
        roof_colour=srgb(0x4A3A30),
        lantern_kind="tall",
    ),
    _pieces,
    _dressing,
)
