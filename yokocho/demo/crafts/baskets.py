"""Bamboo baskets, plaited: the weft really runs in front of one stake and behind the next."""

from __future__ import annotations

import math

import numpy as np

from yokocho.demo.crafts.kit import BAMBOO_SKIN, counter, hung, piece, row, spread
from yokocho.demo.mesh import Floats, Mesh, Rgb, merge, move, turn
from yokocho.demo.palette import BAMBOO, BAMBOO_GREEN, BAMBOO_SMOKED, CEDAR, MOSS, PLASTER_GREY, mix, srgb
from yokocho.demo.shapes import curve, lathe, ribbon_rings, sheet, tiles, tube, vary
from yokocho.demo.stalls import Craft, Piece, Style

HONEY: Rgb = srgb(0xC99A55)


def _tones(rng: np.random.Generator, colour: Rgb, count: int) -> Floats:
    return np.array([vary(rng, colour, 0.16) for _ in range(count)])


def _stakes(profile: Floats, count: int, width_m: float, colours: Floats, lift_m: float = 0.0) -> Mesh:
    """Upright strips that follow a profile (radius, height) all round."""
    parts = []
    for k in range(count):
        angle = 2 * math.pi * (k + 0.5) / count
        c, s = math.cos(angle), math.sin(angle)
        path = np.column_stack([profile[:, 0] * c, profile[:, 1] + lift_m, profile[:, 0] * s])
        parts.append(tube(path, width_m / 2, colours[k % len(colours)], sides=3, flatten=0.5))
    return merge(parts)


def woven(profile: list[tuple[float, float]], rows: int, stakes: int, colour: Rgb, stake: Rgb, seed: int) -> Mesh:
    """A round basket wall: weft rows between foot and rim, stakes, and a bound rim."""
    rng = np.random.default_rng(seed)
    fine = curve(profile, 60)
    way = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(fine, axis=0).T))])
    even = np.linspace(0, way[-1], rows + 2)
    line = np.column_stack([np.interp(even, way, fine[:, k]) for k in (0, 1)])
    radius, height = line[1:-1, 0], line[1:-1, 1]
    width = float(np.median(np.hypot(np.diff(line[:, 0]), np.diff(line[:, 1])))) * 0.82
    weft = ribbon_rings(radius, height, _tones(rng, colour, rows), stakes=stakes, depth_m=0.0045, width_m=width)
    spokes = _stakes(line[:: max(1, rows // 4)], stakes, 0.0055, _tones(rng, stake, 5))
    return merge([weft, spokes])


def rim(radius_m: float, y: float, thick_m: float, colour: Rgb, wrap: Rgb) -> Mesh:
    """A hoop with binding wound round it at intervals."""
    angle = np.linspace(0, 2 * math.pi, 18, endpoint=False)
    hoop = np.column_stack([radius_m * np.cos(angle), np.full(18, y), radius_m * np.sin(angle)])
    parts = [tube(hoop, thick_m, colour, sides=4, closed=True)]
    for k in range(6):
        a = 2 * math.pi * k / 6
        c, s = math.cos(a), math.sin(a)
        t = np.array([-s, 0.0, c])
        spot = np.array([radius_m * c, y, radius_m * s])
        parts.append(tube([spot - t * 0.006, spot + t * 0.006], thick_m * 1.22, wrap, sides=4, caps=False))
    return merge(parts)


def _floor(radius_m: float, y: float, colour: Rgb, seed: int) -> Mesh:
    """A plaited floor: a chequer of strips inside a circle."""
    rng = np.random.default_rng(seed)
    n = 8
    u = np.linspace(-1, 1, n)
    x, z = np.meshgrid(u, u, indexing="ij")
    points = np.stack([x * np.sqrt(1 - z**2 / 2), np.zeros_like(x), z * np.sqrt(1 - x**2 / 2)], -1) * radius_m
    points[..., 1] = y
    i, j = np.meshgrid(np.arange(n - 1), np.arange(n - 1), indexing="ij")
    over = ((i + j) % 2)[..., None]
    tones = np.array(colour) * (0.62 + 0.38 * over) * (1 + 0.08 * rng.uniform(-1, 1, (n - 1, n - 1, 1)))
    top = tiles(points.transpose(1, 0, 2), tones.transpose(1, 0, 2))
    under = tiles(points - np.array([0, 0.004, 0]), tones * 0.8)
    return merge([top, under])


def _market() -> Mesh:
    wall = woven([(0.125, 0.01), (0.150, 0.06), (0.165, 0.13), (0.160, 0.175)], 6, 7, HONEY, BAMBOO, 1)
    arch = curve(
        [
            [-0.16, 0.15, 0],
            [-0.155, 0.24, 0],
            [-0.09, 0.345, 0],
            [0, 0.375, 0],
            [0.09, 0.345, 0],
            [0.155, 0.24, 0],
            [0.16, 0.15, 0],
        ],
        15,
    )
    handle = [tube(arch + np.array([0, 0, z]), 0.006, BAMBOO, sides=3) for z in (-0.012, 0.012)]
    binding = [
        tube([p + np.array([0, 0, -0.02]), p + np.array([0, 0, 0.02])], 0.0085, BAMBOO_SMOKED, sides=3)
        for p in arch[3:-3:6]
    ]
    return merge(
        [
            wall,
            rim(0.162, 0.180, 0.008, HONEY, BAMBOO_SMOKED),
            rim(0.127, 0.008, 0.008, HONEY, HONEY),
            _floor(0.13, 0.012, HONEY, 2),
            *handle,
            *binding,
        ]
    )


def _flower() -> Mesh:
    dark = mix(BAMBOO_SMOKED, (0, 0, 0), 0.25)
    wall = woven(
        [(0.07, 0.01), (0.098, 0.07), (0.088, 0.15), (0.052, 0.225), (0.048, 0.25), (0.066, 0.285)],
        8,
        6,
        dark,
        BAMBOO_SMOKED,
        3,
    )
    arch = curve(
        [
            [-0.064, 0.27, 0],
            [-0.105, 0.37, 0],
            [-0.06, 0.475, 0],
            [0, 0.50, 0],
            [0.06, 0.475, 0],
            [0.105, 0.37, 0],
            [0.064, 0.27, 0],
        ],
        14,
    )
    handle = [tube(arch + np.array([0, 0, z]), 0.0045, BAMBOO_SMOKED, sides=3) for z in (-0.007, 0.007)]
    knot = [tube([[x, 0.275, -0.018], [x, 0.275, 0.018]], 0.011, dark, sides=4) for x in (-0.066, 0.066)]
    top = [tube([[-0.012, 0.497, -0.014], [0.012, 0.497, 0.014]], 0.008, dark, sides=4)]
    return merge(
        [
            wall,
            rim(0.067, 0.287, 0.006, BAMBOO_SMOKED, dark),
            rim(0.074, 0.008, 0.008, dark, dark),
            _floor(0.072, 0.014, dark, 4),
            *handle,
            *knot,
            *top,
        ]
    )


def _sieve() -> Mesh:
    """A flat tray of plaited strips, leaning: the pattern is the point."""
    n = 15
    u = np.linspace(-1, 1, n)
    x, z = np.meshgrid(u, u, indexing="ij")
    flat = np.stack([x * np.sqrt(1 - z**2 / 2), z * np.sqrt(1 - x**2 / 2), np.zeros_like(x)], -1) * 0.172
    bowl = 0.03 * (np.hypot(flat[..., 0], flat[..., 1]) / 0.172) ** 2
    i, j = np.meshgrid(np.arange(n - 1), np.arange(n - 1), indexing="ij")
    twill = ((i + j) // 2 % 2)[..., None]
    rng = np.random.default_rng(5)
    tones_back = np.array(BAMBOO) * 0.75
    tones = np.where(twill, np.array(BAMBOO_GREEN) * 1.15, np.array(BAMBOO)) * (
        1 + 0.1 * rng.uniform(-1, 1, (n - 1, n - 1, 1))
    )
    front, back = flat.copy(), flat.copy()
    front[..., 2] = bowl
    back[..., 2] = bowl - 0.004
    face = tiles(front.transpose(1, 0, 2), tones.transpose(1, 0, 2))
    rear = sheet(back, tones_back)
    hoop = turn(rim(0.176, 0.0, 0.009, BAMBOO, BAMBOO_SMOKED), "x", math.pi / 2)
    return turn(merge([face, rear, move(hoop, 0, 0, 0.030)]), "x", math.radians(-14))


def _lunch_box() -> Mesh:
    """A lidded box plaited in a chequer of light and dark."""
    light, dark = np.array(BAMBOO), np.array(mix(BAMBOO_SMOKED, BAMBOO, 0.3))

    def panel(width: float, height: float, nx: int, ny: int) -> Mesh:
        u, v = np.meshgrid(np.linspace(-width / 2, width / 2, nx + 1), np.linspace(0, height, ny + 1), indexing="ij")
        i, j = np.meshgrid(np.arange(nx), np.arange(ny), indexing="ij")
        bulge = 0.0016 * np.cos(np.pi * np.arange(nx + 1))[:, None] * np.cos(np.pi * np.arange(ny + 1))[None, :]
        tone = np.where(((i + j) % 2)[..., None], light, dark)
        return tiles(np.stack([u, v, bulge], -1).swapaxes(0, 1), tone.swapaxes(0, 1))

    def case(width: float, depth: float, y0: float, height: float) -> list[Mesh]:
        out = []
        for angle, span, away in (
            (0.0, width, depth),
            (math.pi, width, depth),
            (math.pi / 2, depth, width),
            (-math.pi / 2, depth, width),
        ):
            out.append(
                move(
                    turn(
                        move(
                            panel(span, height, max(4, round(span / 0.0165)), max(2, round(height / 0.0165))),
                            0,
                            0,
                            away / 2,
                        ),
                        "y",
                        angle,
                    ),
                    0,
                    y0,
                    0,
                )
            )
        return out

    lid = turn(panel(0.206, 0.136, 12, 8), "x", -math.pi / 2)
    floor = turn(panel(0.198, 0.128, 7, 5), "x", math.pi / 2)
    edges = []
    for y, w, d in ((0.034, 0.21, 0.14), (0.080, 0.212, 0.142)):
        path = [
            [-w / 2, y, -d / 2],
            [0, y, -d / 2],
            [w / 2, y, -d / 2],
            [w / 2, y, d / 2],
            [0, y, d / 2],
            [-w / 2, y, d / 2],
        ]
        edges.append(tube(path, 0.0045, BAMBOO_SMOKED, sides=4, closed=True))
    body = [*case(0.198, 0.128, 0.0, 0.06), *case(0.206, 0.136, 0.036, 0.044)]
    return merge([*body, move(lid, 0, 0.080, 0.068), move(floor, 0, 0.001, -0.064), *edges])


def _hat() -> Mesh:
    """A shallow hat of bamboo and sedge, hanging: ribs, rings, a plaited crown."""
    parts = []
    line = np.array([(0.205, 0.0), (0.15, 0.045), (0.10, 0.082), (0.05, 0.11), (0.0, 0.122)])
    for turned in (line, line[::-1] - np.array([0.0, 0.003])):
        shade = np.array([mix(HONEY, BAMBOO, k / 4) for k in range(5)])
        parts.append(lathe(turned, shade, segments=16, crease_deg=180))
    for k in range(18):
        a = 2 * math.pi * k / 18
        path = [[r * math.cos(a), y + 0.002, r * math.sin(a)] for r, y in line[[0, 2, 3]]]
        parts.append(tube(path, 0.0022, BAMBOO_SMOKED if k % 4 == 0 else BAMBOO, sides=3))
    for r, y in ((0.205, 0.0), (0.15, 0.047), (0.10, 0.084)):
        angle = np.linspace(0, 2 * math.pi, 24, endpoint=False)
        parts.append(
            tube(
                np.column_stack([r * np.cos(angle), np.full(24, y), r * np.sin(angle)]),
                0.004,
                BAMBOO_SMOKED,
                sides=3,
                closed=True,
            )
        )
    return turn(merge(parts), "x", math.radians(72))


def _pieces() -> list[Piece]:
    return [
        piece("market-basket", counter(-0.86, -0.32), [(_market(), BAMBOO_SKIN)], 12),
        piece("lunch-box", counter(-0.18, -0.26), [(_lunch_box(), BAMBOO_SKIN)], -14),
        piece("flower-basket", counter(0.42, -0.36), [(_flower(), BAMBOO_SKIN)]),
        piece("sieve", counter(1.02, -0.42), [(_sieve(), BAMBOO_SKIN)], -6),
        piece("sedge-hat", hung(-0.52, 0.40, -0.42, 0.0), [(_hat(), BAMBOO_SKIN)], 6),
    ]


def _stock(rng: np.random.Generator, number: int) -> Mesh:
    tone = vary(rng, (HONEY, BAMBOO, BAMBOO_SMOKED)[number % 3], 0.15)
    r, h = float(rng.uniform(0.07, 0.11)), float(rng.uniform(0.1, 0.2))
    line = [(0.0, 0.0), (r * 0.8, 0.0)]
    shades: list[Rgb] = [tone, tone]
    for k in range(3):
        line.append((r * (0.86 + 0.1 * math.sin(k)), h * (k + 0.5) / 3.5))
        shades.append(mix(tone, (0, 0, 0), 0.35 if k % 2 else 0.0))
    line += [(r, h), (r * 0.9, h), (0.0, h * 0.3)]
    shades += [tone, tone, mix(tone, (0, 0, 0), 0.6)]
    return lathe(line, np.array(shades), segments=7)


def _dressing(rng: np.random.Generator) -> Mesh:
    rows = [row(_stock, rng, level, spread(count, 1.28, gap_m=0.17)) for level, count in ((0, 5), (1, 5))]
    more = [move(_stock(rng, k), x, 1.06, -0.84) for k, x in enumerate((-1.25, -0.95, -0.1, 0.2, 1.1, 1.35))]
    canes = [
        tube([[1.42 - 0.05 * k, 0.3, -1.4], [1.38 - 0.06 * k, 2.3, -1.6]], 0.018, vary(rng, BAMBOO_GREEN), sides=4)
        for k in range(5)
    ]
    return merge([*rows, *more, *canes])


CRAFT = Craft(
    "baskets",
    MOSS,
    Style(
        wood=CEDAR,
        wall=PLASTER_GREY,
        counter="slats",
        mark="check",
        roof_kind="bamboo",
        roof_colour=mix(BAMBOO, BAMBOO_SMOKED, 0.5),
        lantern_kind="round",
    ),
    _pieces,
    _dressing,
)
