"""Glass: wind chimes that hang from the beam, a float in its net, a cut cup."""

from __future__ import annotations

import math

import numpy as np

from yokocho.demo.crafts.kit import GLASS, IRON_SKIN, PAPER_SKIN, counter, height_of, hung, piece, row, spread
from yokocho.demo.glb import Material
from yokocho.demo.mesh import Floats, Mesh, Rgb, both_sides, facet, flip, merge, move, paint_by, turn
from yokocho.demo.palette import CEDAR_LIGHT, HINOKI, IRON, LAMP_PALE, PAPER, PLASTER, mix, srgb
from yokocho.demo.shapes import block, box, curve, lathe, loft, sheet, tube, vary
from yokocho.demo.stalls import Craft, Piece, Style

AQUA: Rgb = srgb(0x9FD6D8)
RED: Rgb = srgb(0xD9402B)
LEAF: Rgb = srgb(0x4F8A4A)


def _dome(radius_m: float, squash: float = 1.0, segments: int = 22) -> Mesh:
    """A blown bell, open below."""
    arc = np.linspace(-0.85, math.pi / 2, 10)
    outer = np.column_stack([radius_m * np.cos(arc), radius_m * squash * np.sin(arc)])
    inner = outer[::-1] * 0.97
    inner[0, 0] = 0.0
    return lathe(np.concatenate([outer, inner]), AQUA, segments=segments, crease_deg=170)


def _hanger(radius_m: float, top_m: float, tail_m: float, slip: Rgb, motif: Rgb) -> Mesh:
    """Cord, clapper and the paper slip that catches the wind."""
    cord = tube(
        [[0, top_m + 0.09, 0], [0, top_m, 0], [0, -radius_m, 0], [0, -tail_m + 0.13, 0]],
        0.0013,
        srgb(0xE9DFC8),
        sides=3,
    )
    clapper = move(
        lathe([(0, -0.008), (0.008, -0.004), (0.008, 0.004), (0, 0.008)], LAMP_PALE, segments=8), 0, -radius_m * 0.55, 0
    )
    n = 9
    u, v = np.meshgrid(np.linspace(-0.021, 0.021, 5), np.linspace(-tail_m, -tail_m + 0.14, n), indexing="ij")
    points = np.stack([u, v, 0.006 * np.sin((v + tail_m) * 30)], -1)
    tone = np.where((np.abs(v + tail_m - 0.05) < 0.02)[..., None], np.array(motif), np.array(slip))
    knot = move(lathe([(0, -0.004), (0.006, 0), (0, 0.005)], srgb(0xC23A2B), segments=6), 0, top_m + 0.004, 0)
    return merge([cord, clapper, knot, sheet(points, tone)])


def _goldfish(x: float, y: float, z_radius: float, flipped: bool) -> Mesh:
    """A painted fish on the outside of a bell."""
    sign = -1.0 if flipped else 1.0
    body = [
        (sign * a, b)
        for a, b in (
            (0.018, 0.0),
            (0.008, 0.009),
            (-0.008, 0.007),
            (-0.016, 0.001),
            (-0.028, 0.012),
            (-0.03, -0.002),
            (-0.026, -0.012),
            (-0.014, -0.003),
            (-0.006, -0.008),
            (0.008, -0.008),
        )
    ]
    points = np.array([[x + a, y + b] for a, b in body])
    centre = np.array([[x, y]])
    flat = np.concatenate([centre, points])
    depth = np.sqrt(np.maximum(z_radius**2 - flat[:, 0] ** 2 - flat[:, 1] ** 2, 0)) + 0.0015
    positions = np.column_stack([flat, depth])
    k = np.arange(len(points))
    triangles = np.column_stack([np.zeros(len(points), dtype=np.int64), 1 + k, 1 + (k + 1) % len(points)])
    if flipped:
        triangles = triangles[:, ::-1]
    normals = positions / np.linalg.norm(positions, axis=1, keepdims=True)
    tones = np.where(
        (np.arange(len(flat)) > 4)[:, None] & (np.arange(len(flat)) < 9)[:, None],
        np.array(srgb(0xF08A5A)),
        np.array(RED),
    )
    return both_sides(Mesh(positions, normals, tones, triangles))


def _goldfish_bell() -> list[tuple[Mesh, Material]]:
    r = 0.046
    fish = merge(
        [
            _goldfish(-0.006, 0.006, r, False),
            turn(_goldfish(0.004, -0.012, r, True), "y", 2.2),
            turn(_goldfish(0.0, 0.014, r, False), "y", 4.2),
        ]
    )
    weeds = [
        turn(move(both_sides(box((0, -0.012, 0), (0.004, 0.03, 0.001), LEAF, skip="lrudb")), 0, 0, r * 0.97), "y", a)
        for a in (1.2, 1.45, 3.3, 5.4)
    ]
    return [(_dome(r), GLASS), (merge([fish, *weeds, _hanger(r, r, 0.27, PAPER, srgb(0x6FB3C8))]), PAPER_SKIN)]


def _morning_glory_bell() -> list[tuple[Mesh, Material]]:
    """A wider bell with blue flowers."""
    r = 0.052
    flowers = []
    for angle, y in ((0.0, 0.008), (1.5, -0.006), (2.7, 0.014), (4.1, -0.004), (5.2, 0.012)):
        tone = (srgb(0x3A54C0), srgb(0x8A4AB0))[int(angle) % 2]
        flower = lathe(
            [(0.017, 0.0), (0.012, 0.0015), (0.004, 0.0028), (0, 0.003)],
            np.array([tone, tone, (1, 1, 1), srgb(0xF2D86A)]),
            segments=10,
        )
        flowers.append(turn(move(turn(flower, "x", math.pi / 2), 0, y, math.sqrt(r * r - y * y) * 0.985), "y", angle))
        leaf = box((0.016, y - 0.014, math.sqrt(r * r - 0.0006) * 0.985), (0.014, 0.010, 0.001), LEAF, skip="lrudb")
        flowers.append(turn(both_sides(leaf), "y", angle))
    return [
        (_dome(r, 0.86), GLASS),
        (merge([*flowers, _hanger(r, r * 0.86, 0.29, srgb(0xDCE8F4), srgb(0x4A63C8))]), PAPER_SKIN),
    ]


def _iron_bell() -> list[tuple[Mesh, Material]]:
    """A cast bell with a pine-needle ground; its voice is the long one."""
    line = [
        (0.0, 0.052),
        (0.012, 0.05),
        (0.026, 0.043),
        (0.034, 0.022),
        (0.036, 0.0),
        (0.041, -0.014),
        (0.037, -0.014),
        (0.031, 0.0),
        (0.028, 0.02),
        (0.0, 0.04),
    ]
    bell = lathe(line[::-1], srgb(0x2F3A3C), segments=16)

    def grain(p: Floats) -> Floats:
        a = np.arctan2(p[:, 2], p[:, 0])
        dots = (np.sin(a * 14) * np.sin(p[:, 1] * 700) > 0.2)[:, None]
        return np.where(dots, np.array(srgb(0x4E6A66)), np.array(srgb(0x2B3436)))

    ring = tube(
        np.array([[0.008 * math.cos(a), 0.058 + 0.008 * math.sin(a), 0] for a in np.arange(10) * math.pi / 5]),
        0.0022,
        IRON,
        sides=4,
        closed=True,
    )
    return [
        (merge([paint_by(bell, grain), ring]), IRON_SKIN),
        (_hanger(0.03, 0.06, 0.25, srgb(0xE7D2A8), srgb(0x7A3A2E)), PAPER_SKIN),
    ]


def _float() -> list[tuple[Mesh, Material]]:
    """A green fishing float in its knotted net."""
    r = 0.085
    arc = np.linspace(-math.pi / 2, math.pi / 2, 10)
    ball = lathe(
        np.column_stack([r * np.cos(arc).clip(0), r + r * np.sin(arc)]), srgb(0x4E9A86), segments=16, crease_deg=180
    )
    ropes = []
    for k in range(6):
        for way in (-1, 1):
            t = np.linspace(-1.25, 1.25, 7)
            a = k * math.pi / 3 + way * t * 0.72
            ropes.append(
                tube(
                    np.column_stack(
                        [1.02 * r * np.cos(t) * np.cos(a), r + 1.02 * r * np.sin(t), 1.02 * r * np.cos(t) * np.sin(a)]
                    ),
                    0.0026,
                    srgb(0xB79A68),
                    sides=3,
                )
            )
    for y in (-1.25, 1.25):
        a = np.linspace(0, 2 * math.pi, 12, endpoint=False)
        ropes.append(
            tube(
                np.column_stack(
                    [
                        1.02 * r * math.cos(y) * np.cos(a),
                        np.full(12, r + 1.02 * r * math.sin(y)),
                        1.02 * r * math.cos(y) * np.sin(a),
                    ]
                ),
                0.004,
                srgb(0xA68755),
                sides=4,
                closed=True,
            )
        )
    loop = tube(
        curve(
            [
                [-0.02, 2 * r, 0],
                [-0.022, 2 * r + 0.03, 0],
                [0, 2 * r + 0.05, 0],
                [0.022, 2 * r + 0.03, 0],
                [0.02, 2 * r, 0],
            ],
            12,
        ),
        0.003,
        srgb(0xA68755),
        sides=4,
    )
    return [(ball, GLASS), (merge([*ropes, loop]), PAPER_SKIN)]


def _cut_cup(base: Rgb) -> Mesh:
    """A cup of flashed glass, cut through to the clear: a net of triangles, every other one clear."""
    n, heights = 18, np.array([0.012, 0.026, 0.040, 0.054, 0.066])
    line = [(0.0, 0.0), (0.027, 0.0), (0.0290, 0.012)]
    radius = 0.0290 + 0.0095 * (heights - 0.012) / 0.072
    rings = []
    for k, (r, y) in enumerate(zip(radius, heights, strict=True)):
        a = 2 * math.pi * (np.arange(n) + 0.5 * (k % 2)) / n
        rings.append(np.column_stack([r * np.cos(a), np.full(n, y), r * np.sin(a)]))
    net = loft(np.array(rings), base, caps=False)
    facing = np.einsum("ij,ij->i", net.normals, net.positions * np.array([1.0, 0.0, 1.0]))
    net = facet(flip(net) if float(facing.mean()) < 0 else net)
    corners = net.positions.reshape(-1, 3, 3)[:, :, 1]
    clear = (corners > corners.mean(axis=1, keepdims=True)).sum(axis=1) == 2
    tones = np.where(clear[:, None], np.array((0.86, 0.93, 1.0)), np.array(base))
    net = Mesh(net.positions, net.normals, np.repeat(tones, 3, axis=0), net.triangles)
    foot = lathe(line, base, segments=18)
    upper = lathe([(0.0361, 0.066), (0.0385, 0.084), (0.0362, 0.084), (0.027, 0.016), (0.0, 0.014)], base, segments=18)
    return merge([foot, net, upper])


def _cups() -> list[tuple[Mesh, Material]]:
    glass = Material("cut glass", roughness=0.08)
    return [
        (merge([move(_cut_cup(srgb(0x2A4FC0)), -0.046, 0, 0), move(_cut_cup(srgb(0xB0263A)), 0.046, 0, 0.012)]), glass)
    ]


def _pieces() -> list[Piece]:
    out = []
    for key, x, made in (
        ("goldfish-bell", -0.62, _goldfish_bell()),
        ("morning-glory-bell", 0.0, _morning_glory_bell()),
        ("iron-bell", 0.60, _iron_bell()),
    ):
        out.append(piece(key, hung(x, height_of([m for m, _ in made]), -0.30, 0.10), made))
    out.append(piece("net-float", counter(-1.0, -0.3), _float()))
    out.append(piece("cut-cups", counter(0.28, -0.24, 0.03), _cups()))
    return out


def _stock(rng: np.random.Generator, number: int) -> Mesh:
    tones = [srgb(0x8FD0D8), srgb(0x4A78C8), srgb(0xD06A5A), srgb(0x6FB07A), srgb(0xE0B860), srgb(0xA88AC8)]
    tone = vary(rng, tones[int(rng.integers(6))], 0.15)
    lines = (
        [(0.035, 0), (0.05, 0.06), (0.02, 0.12), (0.018, 0.16), (0.028, 0.18), (0, 0.18)],
        [(0.03, 0), (0.038, 0.09), (0.026, 0.012), (0, 0.012)],
        [(0.05, 0.0), (0.075, 0.04), (0.08, 0.07), (0.074, 0.07), (0.05, 0.015), (0, 0.012)],
    )
    line = lines[number % 3]
    fade = np.linspace(0.55, 1.25, len(line))[:, None]
    return lathe(line, np.array(tone) * fade, segments=6)


def _dressing(rng: np.random.Generator) -> Mesh:
    rows = [row(_stock, rng, level, spread(count, gap_m=0.1)) for level, count in ((0, 7), (1, 7))]
    more = [move(_stock(rng, k), x, 1.06, -0.84) for k, x in enumerate(np.linspace(-1.35, 1.35, 6))]
    stand = block((0.28, 0.8755, -0.24), (0.24, 0.027, 0.13), HINOKI, 0.004)
    hoops = []
    for k, x in enumerate((-1.28, -0.95, 0.98, 1.3)):
        bell = lathe(
            [(0.0, 0.045), (0.03, 0.03), (0.042, 0.0), (0.034, -0.028), (0.031, -0.028)][::-1],
            vary(rng, (srgb(0x9AD0D4), srgb(0xD98A7A), srgb(0x8AA0D8), srgb(0xB8D090))[k]),
            segments=8,
        )
        slip = both_sides(box((0, -0.17, 0), (0.04, 0.12, 0.001), PAPER, skip="lrudb"))
        cord = tube([[0, 0.2, 0], [0, -0.12, 0]], 0.002, PAPER, sides=3)
        hoops.append(move(merge([bell, slip, cord]), x, 2.08 + 0.03 * (k % 2), -0.36))
    return merge([*rows, *more, stand, *hoops])


CRAFT = Craft(
    "chimes",
    0x2F7F8A,
    Style(
        wood=CEDAR_LIGHT,
        wall=mix(PLASTER, srgb(0xBFD4DA), 0.4),
        counter="slats",
        mark="waves",
        roof_kind="tile",
        lantern_kind="round",
        lantern_colour=mix(LAMP_PALE, (1, 1, 1), 0.1),
        lamp_power=0.7,
    ),
    _pieces,
    _dressing,
)
