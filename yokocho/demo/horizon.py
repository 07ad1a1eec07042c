"""The two ends of the lane: the gate behind the entrance, and the terrace with the town and the ember of the sky.

Theory: nobody gets beyond the ends, so the town below the terrace is a few rows of roofs that lose themselves in the
colour of the sky; each row is paler and warmer than the one before it.
"""

from __future__ import annotations

import numpy as np

from yokocho.demo.mesh import Mesh, Rgb, merge, move, prune
from yokocho.demo.palette import CEDAR, CEDAR_DARK, IRON, LAMP, PLASTER_GREY, STONE_DARK, TILE, mix, srgb
from yokocho.demo.plan import END_Z, START_Z
from yokocho.demo.seen import seen_from
from yokocho.demo.shapes import block, box, lathe, plate, vary
from yokocho.demo.timber import boards, plaster, roof

GATE_Z = START_Z + 0.3
RAIL_Z = END_Z - 0.55
EMBER = srgb(0xB25C48)
PLUM = srgb(0x33263F)


def gate() -> Mesh:
    """A closed gate across the lane behind the entrance, facing -z (built facing +z, the caller turns it)."""
    rng = np.random.default_rng(41)
    parts = []
    parts.append(box((0, 1.3, -0.1), (2.6, 2.6, 0.02), mix(CEDAR_DARK, (0, 0, 0), 0.6), skip="bdulr"))
    for sign in (-1, 1):
        leaf = boards(rng, 1.15, 2.3, CEDAR, board_m=0.19)
        parts.append(move(leaf, sign * 0.6, 0.06, -0.04))
        for y in (0.35, 1.2, 2.05):
            parts.append(box((sign * 0.6, y, 0.0), (1.15, 0.09, 0.05), vary(rng, CEDAR_DARK), grid_m=0.6, skip="b"))
            parts += [
                box((sign * (0.6 + dx), y, 0.035), (0.05, 0.05, 0.03), IRON, skip="b")
                for dx in (-0.42, -0.14, 0.14, 0.42)
            ]
        parts.append(box((sign * 1.28, 1.35, 0.02), (0.2, 2.7, 0.22), CEDAR_DARK, grid_m=0.3, skip="d"))
        parts.append(move(plaster(rng, 2.4, 2.7, PLASTER_GREY, grid_m=0.5), sign * 2.5, 0, -0.05))
    parts.append(box((0, 2.6, 0.02), (3.2, 0.24, 0.24), CEDAR_DARK, grid_m=0.4))
    parts.append(roof(rng, 7.4, (2.85, 0.75), (3.5, -0.6), colour=TILE, pitch_m=0.7))
    parts.append(move(plaster(rng, 7.4, 2.6, PLASTER_GREY, grid_m=0.6), 0, 3.2, -0.55))
    parts.append(roof(rng, 7.6, (5.5, 0.1), (6.9, -2.2), colour=TILE, pitch_m=0.9, grid_m=2.0))
    return prune(seen_from(merge(parts), (-4.0, -2.4, 0.3), (4.0, 2.4, 30.0)))


def terrace() -> Mesh:
    """The balustrade at the lane's end."""
    rng = np.random.default_rng(42)
    parts = [box((0, 0.1, 0), (4.6, 0.2, 0.32), STONE_DARK, grid_m=0.4)]
    for x in np.linspace(-2.2, 2.2, 5):
        parts.append(block((float(x), 0.55, 0), (0.14, 0.9, 0.14), vary(rng, CEDAR), 0.015))
        parts.append(lathe_cap(float(x)))
    for y in (0.5, 0.86):
        parts.append(block((0, y, 0), (4.5, 0.09, 0.07), vary(rng, CEDAR), 0.015))
    seen = prune(seen_from(merge(parts), (-3.0, -2.4, 0.3), (3.0, 2.4, 30.0)))
    return move(seen, 0.0, 0, RAIL_Z)


def lathe_cap(x: float) -> Mesh:
    """A bronze onion on a post."""
    line = [(0.06, 1.0), (0.075, 1.02), (0.05, 1.05), (0.075, 1.10), (0.04, 1.16), (0.0, 1.21)]
    return move(lathe(line, srgb(0x5E7468), segments=6), x, 0, 0)


def town() -> Mesh:
    """Roofs below the terrace, row behind row, a pagoda, and hills."""
    rng = np.random.default_rng(43)
    parts: list[Mesh] = []
    for row, z in enumerate((-28.0, -34.0, -42.0, -52.0, -64.0)):
        share = (row + 0.6) / 5.5
        tone = mix(PLUM, EMBER, share**1.1)
        half = 10.0 + 8.0 * row
        x = -half
        while x < half:
            width = float(rng.uniform(4.0, 8.0)) * (1 + 0.12 * row)
            top = -1.6 - 0.12 * row + float(rng.uniform(-0.5, 0.9)) + 0.25 * row
            parts += _roof_block(rng, x, width, top, z, vary(rng, tone, 0.10), share)
            x += width * float(rng.uniform(0.8, 1.0))
    parts.append(_pagoda(mix(PLUM, EMBER, 0.62)))
    parts += _hills()
    return prune(seen_from(merge(parts), (-3.0, -2.4, RAIL_Z), (3.0, 2.4, START_Z)))


def _roof_block(
    rng: np.random.Generator, x: float, width: float, top: float, z: float, tone: Rgb, share: float
) -> list[Mesh]:
    """A house of the town: gable to us or long side to us, a few lit windows."""
    parts = []
    wall = mix(tone, (0, 0, 0), 0.25)
    if rng.uniform() < 0.4:
        rise = width * 0.22
        outline = [
            (-width / 2 - 0.3, top),
            (width / 2 + 0.3, top),
            (width / 2, top + 0.15),
            (0, top + rise),
            (-width / 2, top + 0.15),
        ]
        parts.append(move(plate(outline, 4.0, tone), x, 0, z))
    else:
        parts.append(box((x, top + 0.45, z - 1.0), (width + 0.5, 0.9, 0.1), tone, skip="bd"))
        parts.append(box((x, top + 0.92, z - 1.0), (width + 0.2, 0.12, 0.2), mix(tone, (0, 0, 0), 0.3), skip="bd"))
    parts.append(box((x, top - 4.0, z), (width, 8.0, 2.0), wall, skip="bd"))
    for _ in range(int(rng.integers(0, 3))):
        spot = x + float(rng.uniform(-0.35, 0.35)) * width
        parts.append(
            box(
                (spot, top - float(rng.uniform(0.5, 1.2)), z + 1.02),
                (0.5, 0.4, 0.02),
                mix(LAMP, EMBER, share * 0.7),
                skip="blrud",
            )
        )
    return parts


def _pagoda(tone: Rgb) -> Mesh:
    """Five storeys against the light."""
    parts = []
    y, width = -3.0, 4.4
    for _ in range(5):
        parts.append(box((0, y + 0.7, 0), (width * 0.62, 1.4, width * 0.62), mix(tone, (0, 0, 0), 0.2)))
        outline = [
            (-width / 2 - 0.25, y + 1.42),
            (-width / 2, y + 1.30),
            (width / 2, y + 1.30),
            (width / 2 + 0.25, y + 1.42),
            (width * 0.32, y + 1.85),
            (-width * 0.32, y + 1.85),
        ]
        parts.append(plate(outline, width, tone))
        y, width = y + 1.75, width * 0.9
    parts.append(box((0, y + 1.2, 0), (0.14, 2.6, 0.14), tone))
    parts += [box((0, y + 0.5 + 0.3 * k, 0), (0.5 - 0.06 * k, 0.08, 0.5 - 0.06 * k), tone) for k in range(5)]
    return move(merge(parts), -3.6, 0, -58.0)


def _hills() -> list[Mesh]:
    out = []
    for z, height, share, seed in ((-74.0, 3.4, 0.82, 1.0), (-88.0, 6.0, 0.93, 2.4)):
        x = np.linspace(-110, 110, 60)
        ridge = height * (0.5 + 0.3 * np.sin(x * 0.045 + seed) + 0.2 * np.sin(x * 0.11 + seed * 3)) - 1.0
        outline = np.concatenate([np.column_stack([x, ridge]), [[110, -14], [-110, -14]]])
        points = np.array([[[a, b, z], [a, -14, z]] for a, b in outline[:60]])
        tone = mix(PLUM, EMBER, share)
        count = len(points)
        flat = points.reshape(-1, 3)
        k = 2 * np.arange(count - 1)[:, None]
        triangles = np.concatenate([k + np.array([0, 1, 3]), k + np.array([0, 3, 2])])
        normals = np.tile(np.array([0.0, 0.0, 1.0]), (len(flat), 1))
        out.append(Mesh(flat, normals, np.tile(np.array(tone), (len(flat), 1)), triangles))
    return out
