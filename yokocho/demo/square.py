"""The small square in the middle: a maple, a round bench of planks at its foot, a stone basin, a stone lamp."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from yokocho.demo.mesh import Mesh, Rgb, Vec, bend, merge, move, paint_by
from yokocho.demo.palette import (
    BAMBOO,
    BAMBOO_GREEN,
    CEDAR,
    CEDAR_LIGHT,
    LAMP,
    LAMP_PALE,
    MAPLE,
    STONE,
    STONE_DARK,
    mix,
    srgb,
)
from yokocho.demo.shapes import block, box, curve, disc, lathe, ripple, tube, vary

TREE: Final[Vec] = (4.6, 0.0, 0.35)
BENCH: Final[Vec] = (3.05, 0.0, 0.9)
BENCH_SIZE: Final = (0.44, 1.7)
BASIN: Final[Vec] = (5.5, 0.0, -3.05)
STONE_LAMP: Final[Vec] = (3.35, 0.0, 3.7)
BARK: Final = srgb(0x4A3A30)


def _limbs(rng: np.random.Generator) -> tuple[list[Mesh], list[Vec]]:
    """Trunk and branches, and where the crown's clouds sit."""
    trunk = curve([[0, 0, 0], [0.08, 0.7, 0.05], [-0.06, 1.5, 0.1], [0.1, 2.3, -0.02]], 9)
    parts = [tube(trunk, np.linspace(0.2, 0.11, 9) + np.array([0.07, 0.03, 0, 0, 0, 0, 0, 0, 0]), BARK, sides=9)]
    clouds: list[Vec] = []
    for k in range(7):
        angle = k * 2.4 + 0.4
        start = trunk[5 + k % 4]
        reach, rise = float(rng.uniform(1.0, 1.9)), float(rng.uniform(0.7, 1.9))
        tip = start + np.array([reach * math.cos(angle), rise, reach * math.sin(angle)])
        bow = (start + tip) / 2 + np.array([0, 0.25, 0])
        parts.append(tube(curve([start, bow, tip], 6), np.linspace(0.07, 0.018, 6), BARK, sides=6))
        clouds.append((float(tip[0]), float(tip[1]), float(tip[2])))
        clouds.append((float(bow[0]) * 1.15, float(bow[1]) + 0.45, float(bow[2]) * 1.15))
    return parts, clouds


def maple() -> Mesh:
    """A red maple, its leaves in drifting layers."""
    rng = np.random.default_rng(31)
    parts, clouds = _limbs(rng)
    corners = []
    tones = []
    for cloud in clouds:
        shade = vary(rng, mix(MAPLE, srgb(0xE08A3C), float(rng.uniform(0, 0.6))), 0.2)
        for _ in range(30):
            spot = np.array(cloud) + rng.normal(0, 1, 3) * np.array([0.42, 0.15, 0.42])
            angle, size = float(rng.uniform(0, 6.28)), float(rng.uniform(0.095, 0.175))
            along = np.array([math.cos(angle), float(rng.uniform(-0.5, 0.2)), math.sin(angle)]) * size
            across = np.array([-math.sin(angle), float(rng.uniform(-0.3, 0.3)), math.cos(angle)]) * size * 0.55
            corners.append([spot - along, spot + across, spot + along, spot - across])
            tones.append(vary(rng, shade, 0.25))
    points = np.array(corners).reshape(-1, 3)
    count = len(corners)
    quads = 4 * np.arange(count)[:, None]
    front = np.concatenate([quads + np.array([0, 1, 2]), quads + np.array([0, 2, 3])])
    triangles = np.concatenate([front, front[:, ::-1]])
    outward = points - np.array([0.0, 2.4, 0.0])
    normals = outward / np.linalg.norm(outward, axis=1, keepdims=True)
    leaves = Mesh(points, normals, np.repeat(np.array(tones) * 1.7, 4, axis=0), triangles)
    return move(merge([*parts, leaves]), *TREE)


def tree_bed() -> Mesh:
    """A ring of stones with moss round the trunk."""
    rng = np.random.default_rng(32)
    parts = []
    for k in range(9):
        angle = k * 2 * math.pi / 9
        stone = block((0, 0.07, 0), (0.5, 0.16, 0.2), vary(rng, STONE, 0.2), 0.04)
        c, s = math.cos(angle), math.sin(angle)
        p = stone.positions
        turned = np.column_stack([p[:, 0] * -s + p[:, 2] * c, p[:, 1], p[:, 0] * c + p[:, 2] * s])
        n = stone.normals
        facing = np.column_stack([n[:, 0] * -s + n[:, 2] * c, n[:, 1], n[:, 0] * c + n[:, 2] * s])
        flipped = Mesh(turned, facing, stone.colours, stone.triangles[:, ::-1])
        parts.append(move(flipped, 0.78 * c, 0, 0.78 * s))
    line = [(0.75, 0.06), (0.55, 0.11), (0.3, 0.16), (0.0, 0.18)]
    moss = lathe(line, srgb(0x4C6130), segments=12)
    moss = bend(moss, lambda p: p + np.column_stack([0 * p[:, 0], 0.03 * ripple(p, 0.3), 0 * p[:, 0]]))
    parts.append(paint_by(moss, lambda p: np.array(srgb(0x4C6130)) * (1 + 0.4 * ripple(p, 0.15))[:, None]))
    return move(merge(parts), TREE[0], 0, TREE[2])


def fallen_leaves() -> Mesh:
    """Leaves on the wet stones under the tree."""
    rng = np.random.default_rng(33)
    parts = []
    for _ in range(90):
        angle, far = float(rng.uniform(0, 6.28)), abs(float(rng.normal(0, 1.7)))
        x, z = TREE[0] + far * math.cos(angle), TREE[2] + far * math.sin(angle)
        if x > 7.2 or abs(z) > 4.2 or x < -1.3:
            continue
        q, size = float(rng.uniform(0, 6.28)), float(rng.uniform(0.03, 0.055))
        along, across = (
            np.array([math.cos(q), 0, math.sin(q)]) * size,
            np.array([-math.sin(q), 0, math.cos(q)]) * size * 0.6,
        )
        spot = np.array([x, 0.006, z])
        points = np.array([spot - along, spot + across, spot + along, spot - across])
        points[1::2, 1] += 0.008
        tone = np.tile(np.array(vary(rng, MAPLE, 0.4)), (4, 1))
        up = np.tile(np.array([0.0, 1.0, 0.0]), (4, 1))
        parts.append(Mesh(points, up, tone, np.array([[0, 1, 2], [0, 2, 3]])))
    return merge(parts)


def bench() -> Mesh:
    """A low bench of three planks on two trestles; it runs along z."""
    rng = np.random.default_rng(34)
    width, length = BENCH_SIZE
    parts = []
    for k in range(3):
        x = (k - 1) * width / 3
        parts.append(block((x, 0.425, 0), (width / 3 - 0.015, 0.05, length), vary(rng, CEDAR_LIGHT, 0.15), 0.012))
    for z in (-length * 0.36, length * 0.36):
        parts.append(box((0, 0.375, z), (width * 0.92, 0.05, 0.07), vary(rng, CEDAR), skip="u"))
        for x in (-width * 0.36, width * 0.36):
            parts.append(box((x, 0.18, z), (0.06, 0.36, 0.06), vary(rng, CEDAR), skip="ud"))
    parts.append(box((0, 0.16, 0), (0.04, 0.05, length * 0.7), vary(rng, CEDAR), skip="bf"))
    return move(merge(parts), *BENCH)


def basin() -> Mesh:
    """A hollowed stone full of water, a bamboo spout, a ladle across it."""
    line = [
        (0.0, 0.0),
        (0.40, 0.0),
        (0.44, 0.1),
        (0.40, 0.4),
        (0.36, 0.55),
        (0.33, 0.57),
        (0.25, 0.56),
        (0.23, 0.5),
        (0.2, 0.4),
    ]
    stone = lathe(line, STONE_DARK, segments=16)
    stone = bend(stone, lambda p: p * (1 + 0.07 * ripple(p, 0.35, 4))[:, None])
    stone = paint_by(stone, lambda p: np.array(STONE_DARK) * (1 + 0.25 * ripple(p, 0.08))[:, None])
    water = disc((0, 0.525, 0), 0.25, srgb(0x53628C), segments=18)
    post = tube([[0.42, 0, 0.1], [0.42, 0.95, 0.1]], 0.045, BAMBOO_GREEN, sides=8)
    spout = tube([[0.46, 0.86, 0.11], [0.1, 0.74, 0.02]], 0.03, BAMBOO, sides=8)
    stream = tube([[0.1, 0.73, 0.02], [0.085, 0.64, 0.017], [0.08, 0.53, 0.015]], 0.008, srgb(0xA9B9DA), sides=5)
    ladle = tube([[-0.32, 0.585, -0.12], [0.3, 0.60, -0.2]], 0.011, BAMBOO, sides=6)
    cup = move(
        lathe([(0, 0), (0.045, 0), (0.045, 0.06), (0.038, 0.06), (0.036, 0.01), (0, 0.01)], BAMBOO, segments=10),
        0.31,
        0.575,
        -0.2,
    )
    rng = np.random.default_rng(35)
    pebbles = []
    for k in range(6):
        angle = k * 1.05
        shade = vary(rng, STONE, 0.35)
        pebble = lathe([(0, 0), (0.07, 0.0), (0.09, 0.03), (0.05, 0.07), (0, 0.075)], shade, segments=5, crease_deg=180)
        pebbles.append(move(pebble, 0.62 * math.cos(angle) * float(rng.uniform(0.85, 1.1)), 0, 0.62 * math.sin(angle)))
    return move(merge([stone, water, post, spout, stream, ladle, cup, *pebbles]), *BASIN)


def stone_lamp() -> tuple[Mesh, Mesh]:
    """A stone lantern with a lit window: (stone, glow)."""

    def six(line: list[tuple[float, float]], tone: Rgb) -> Mesh:
        return lathe(line, tone, segments=6, crease_deg=5)

    parts = [
        six([(0, 0), (0.26, 0), (0.26, 0.12), (0.2, 0.16), (0.1, 0.18)], STONE),
        lathe([(0.1, 0.17), (0.085, 0.5), (0.1, 0.8)], STONE, segments=8),
        six([(0.09, 0.78), (0.22, 0.86), (0.23, 0.94), (0.15, 0.95)], STONE),
        six([(0.12, 1.22), (0.36, 1.2), (0.37, 1.25), (0.16, 1.42), (0.06, 1.46), (0.07, 1.52), (0, 1.58)], STONE_DARK),
    ]
    parts += [
        box((0.12 * math.cos(a), 1.08, 0.12 * math.sin(a)), (0.05, 0.28, 0.05), STONE)
        for a in np.arange(6) * math.pi / 3
    ]
    glow = lathe([(0.1, 0.95), (0.105, 1.08), (0.1, 1.21)], np.array([LAMP, LAMP_PALE, LAMP]), segments=6)
    return move(merge(parts), *STONE_LAMP), move(glow, *STONE_LAMP)
