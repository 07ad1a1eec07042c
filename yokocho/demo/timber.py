"""What every building in the lane is put together from: boards, slats, roofs, lanterns, cloth.

Theory: all of it is dressed in the local frame of a house front (+x along the front, +z out to the lane) and carries
plain colours; light is baked in afterwards. Things that glow come back as a mesh of their own, since they are neither
lit nor shaded.
"""

from __future__ import annotations

import math

import numpy as np

from yokocho.demo.mesh import Floats, Mesh, Rgb, Vec, both_sides, merge, move, paint_by, tint
from yokocho.demo.palette import CEDAR_DARK, IRON, LACQUER_BLACK, LAMP, LAMP_PALE, LAMP_RED, PAPER, TILE, mix
from yokocho.demo.shapes import box, lathe, sheet, tube, vary


def boards(
    rng: np.random.Generator, width_m: float, height_m: float, colour: Rgb, *, board_m: float = 0.2, grid_m: float = 0.3
) -> Mesh:
    """A wall of upright boards in the plane z = 0, facing +z, its foot on y = 0, centred on x."""
    count = max(2, round(width_m / board_m))
    step = width_m / count
    parts = []
    for k in range(count):
        x = -width_m / 2 + (k + 0.5) * step
        out = float(rng.uniform(0.0, 0.008))
        shade = vary(rng, colour, 0.16)
        parts.append(
            box(
                (x, height_m / 2, out - 0.01),
                (step - 0.008, height_m, 0.02),
                shade,
                grid_m=max(grid_m, step),
                skip="bdulr",
            )
        )
    back = box((0, height_m / 2, -0.02), (width_m, height_m, 0.01), mix(colour, (0, 0, 0), 0.7), skip="bdulr")
    return merge([*parts, back])


def plaster(rng: np.random.Generator, width_m: float, height_m: float, colour: Rgb, *, grid_m: float = 0.25) -> Mesh:
    """A plastered wall in the plane z = 0 with faint stains."""
    wall = box((0, height_m / 2, -0.02), (width_m, height_m, 0.04), colour, grid_m=grid_m, skip="bdulr")
    return tint(wall, 1.0 + 0.10 * rng.uniform(-1, 1, len(wall.positions)))


def slats(
    width_m: float,
    height_m: float,
    colour: Rgb,
    *,
    pitch_m: float = 0.085,
    slat_m: float = 0.03,
    depth_m: float = 0.035,
) -> Mesh:
    """A lattice of upright slats with two rails, facing +z."""
    count = max(2, int(width_m / pitch_m))
    xs = (np.arange(count) + 0.5) * width_m / count - width_m / 2
    parts = [box((float(x), height_m / 2, depth_m / 2), (slat_m, height_m, depth_m), colour, skip="bdu") for x in xs]
    parts += [
        box((0, y, depth_m * 0.3), (width_m, 0.035, depth_m * 0.6), colour, skip="b")
        for y in (height_m * 0.3, height_m * 0.72)
    ]
    return merge(parts)


def frame(width_m: float, height_m: float, bar_m: float, depth_m: float, colour: Rgb) -> Mesh:
    """Four bars round an opening, facing +z, foot on y = 0."""
    return merge(
        [
            box((0, bar_m / 2, 0), (width_m, bar_m, depth_m), colour, skip="bd"),
            box((0, height_m - bar_m / 2, 0), (width_m, bar_m, depth_m), colour, skip="bu"),
            box(
                (-width_m / 2 + bar_m / 2, height_m / 2, 0), (bar_m, height_m - 2 * bar_m, depth_m), colour, skip="bud"
            ),
            box((width_m / 2 - bar_m / 2, height_m / 2, 0), (bar_m, height_m - 2 * bar_m, depth_m), colour, skip="bud"),
        ]
    )


def roof(
    rng: np.random.Generator,
    width_m: float,
    low: tuple[float, float],
    high: tuple[float, float],
    *,
    kind: str = "tile",
    colour: Rgb = TILE,
    pitch_m: float = 0.36,
    grid_m: float = 0.8,
) -> Mesh:
    """A lean-to roof from its eave `low` (y, z) up to `high` (y, z), with rafters that one sees from below."""
    (y0, z0), (y1, z1) = low, high
    length = math.hypot(y1 - y0, z1 - z0)
    slope = math.atan2(y1 - y0, z0 - z1)
    parts = []
    deck = box((0, 0, 0), (width_m, 0.035, length), CEDAR_DARK, grid_m=grid_m, skip="ub")
    parts.append(deck)
    rafters = max(3, int(width_m / (pitch_m * 1.7)))
    for k in range(rafters):
        x = (k + 0.5) * width_m / rafters - width_m / 2
        parts.append(box((x, -0.045, 0.0), (0.05, 0.06, length), vary(rng, CEDAR_DARK, 0.2), skip="ub"))
    if kind == "tile":
        parts += _tile_rows(rng, width_m, length, colour, pitch_m)
    elif kind == "bamboo":
        count = int(width_m / 0.1)
        for k in range(count):
            x = (k + 0.5) * width_m / count - width_m / 2
            parts.append(
                tube([[x, 0.035, -length / 2], [x, 0.035, length / 2]], 0.046, vary(rng, colour, 0.2), sides=4)
            )
    else:
        rows = max(2, int(length / 0.2))
        for r in range(rows):
            z = -length / 2 + (r + 0.5) * length / rows
            for k in range(int(width_m / 0.42)):
                step = width_m / int(width_m / 0.42)
                x = (k + 0.5) * step - width_m / 2
                top = 0.03 + 0.02 * (r % 2) + float(rng.uniform(0, 0.006))
                parts.append(
                    box((x, top, z), (step - 0.01, 0.014, length / rows + 0.02), vary(rng, colour, 0.25), skip="dblr")
                )
    parts.append(box((0, -0.02, length / 2 + 0.01), (width_m + 0.02, 0.09, 0.03), CEDAR_DARK, grid_m=0.6, skip="ubd"))
    mesh = merge(parts)
    c, s = math.cos(slope), math.sin(slope)
    turned = np.array([[1, 0, 0], [0, c, -s], [0, s, c]])
    middle = np.array([0, (y0 + y1) / 2, (z0 + z1) / 2])
    return Mesh(mesh.positions @ turned.T + middle, mesh.normals @ turned.T, mesh.colours, mesh.triangles)


def _tile_rows(rng: np.random.Generator, width_m: float, length_m: float, colour: Rgb, pitch_m: float) -> list[Mesh]:
    """Ridged tiles: round cover tiles down the slope with a round end at the eave, flat ones between."""
    count = max(3, round(width_m / pitch_m))
    step = width_m / count
    angle = np.linspace(0, math.pi, 4)
    parts = [box((0, 0.025, 0), (width_m, 0.02, length_m), mix(colour, (0, 0, 0), 0.25), grid_m=0.8, skip="dblr")]
    for k in range(count + 1):
        x = k * step - width_m / 2
        shade = vary(rng, colour, 0.14)
        ring = np.column_stack([x + 0.055 * np.cos(angle), 0.03 + 0.06 * np.sin(angle)])
        zs = np.linspace(-length_m / 2, length_m / 2 + 0.02, 2)
        points = np.array([[[p[0], p[1], z] for p in ring] for z in zs])
        parts.append(sheet(points, shade))
        end = lathe([(0.06, 0.0), (0.0, 0.003)], shade, segments=5)
        end = Mesh(
            end.positions[:, [0, 2, 1]] * np.array([1, -1, 1]),
            end.normals[:, [0, 2, 1]] * np.array([1, -1, 1]),
            end.colours,
            end.triangles,
        )
        parts.append(move(end, x, 0.04, length_m / 2 + 0.03))
    return parts


def lantern(kind: str, colour: Rgb, *, size: float = 1.0) -> tuple[Mesh, Mesh]:
    """A paper lantern hanging from y = 0: (glowing paper, dark fittings). Kinds: tall, round, box."""
    if kind == "box":
        return _box_lantern(colour, size)
    height, radius = (0.40, 0.13) if kind == "tall" else (0.28, 0.17)
    height, radius = height * size, radius * size
    rows = 5
    t = np.linspace(0, 1, rows + 1)
    body = np.sin(np.pi * (0.16 + 0.68 * t)) if kind == "tall" else np.sin(np.pi * (0.12 + 0.76 * t))
    body = body ** (0.45 if kind == "tall" else 0.8)
    body = body * (1.0 - 0.035 * (np.arange(len(t)) % 2))
    profile = np.column_stack([radius * body, -0.045 * size - height + height * t])
    heart = np.exp(-(((t - 0.42) / 0.33) ** 2))
    pale = np.array(mix(colour, (1.0, 0.86, 0.62), 0.45)) * 0.78
    tones = np.array(colour) * 0.34 * (1 - heart[:, None]) + pale * heart[:, None]
    tones = tones * np.where(np.arange(len(t)) % 2, 0.80, 1.0)[:, None]
    paper = lathe(profile, tones, segments=8, crease_deg=180)
    top, low = -0.045 * size, -0.045 * size - height
    cap_r = radius * float(body[-1])
    fittings = merge(
        [
            lathe([(cap_r * 1.06, top - 0.01), (0, top + 0.024)], LACQUER_BLACK, segments=6),
            lathe([(0, low - 0.022), (cap_r * 1.06, low + 0.006)], LACQUER_BLACK, segments=6),
            tube([[0, top, 0], [0, 0.0, 0]], 0.006, IRON, sides=3, caps=False),
        ]
    )
    return paper, fittings


def _box_lantern(colour: Rgb, size: float) -> tuple[Mesh, Mesh]:
    """A square lamp of paper and slats (andon), hanging."""
    w, h = 0.22 * size, 0.36 * size
    paper = box((0, -0.06 - h / 2, 0), (w * 0.94, h * 0.96, w * 0.94), colour, grid_m=h / 4)
    pale = np.array(mix(colour, (1.0, 0.93, 0.78), 0.6)) * 0.8

    def skin(p: Floats) -> Floats:
        heart = np.exp(-(((p[:, 1:2] + 0.06 + h * 0.55) / (h * 0.4)) ** 2))
        return np.asarray(np.array(colour) * 0.36 * (1 - heart) + pale * heart)

    paper = paint_by(paper, skin)
    bars = [
        box((x, -0.06 - h / 2, z), (0.016, h + 0.02, 0.016), CEDAR_DARK)
        for x in (-w / 2, w / 2)
        for z in (-w / 2, w / 2)
    ]
    bars += [box((0, y, 0), (w + 0.04, 0.02, w + 0.04), CEDAR_DARK) for y in (-0.06, -0.06 - h)]
    bars.append(tube([[0, -0.06, 0], [0, 0, 0]], 0.006, IRON, sides=4))
    return paper, merge(bars)


def noren(rng: np.random.Generator, width_m: float, drop_m: float, accent: Rgb, *, panels: int = 4) -> Mesh:
    """A split curtain hanging from y = 0 in the plane z = 0, each panel with a fold; seen from both sides."""
    gap = 0.025
    step = width_m / panels
    parts = []
    for k in range(panels):
        u = np.linspace(0, 1, 5)
        v = np.array([0.0, 0.55, 1.0])
        x = -width_m / 2 + k * step + gap / 2 + u * (step - gap)
        phase = float(rng.uniform(0, 6.28))
        wave = 0.03 * np.sin(u * 6.0 + phase)[:, None] * v[None, :] ** 1.3
        sway = 0.02 * math.sin(phase * 3) * v[None, :] ** 2
        points = np.zeros((5, 3, 3))
        points[..., 0] = x[:, None] + 0.012 * math.sin(phase) * v[None, :] ** 2
        points[..., 1] = -drop_m * v[None, :] * (1 + 0.01 * math.sin(phase * 2))
        points[..., 2] = wave + sway
        tone = np.array(accent) * (0.85 + 0.3 * (points[..., 2:3] / 0.05).clip(-1, 1))
        hem = np.where(v > 0.9, 0.8, 1.0)[None, :, None]
        parts.append(both_sides(sheet(points, tone * hem)))
    return merge(parts)


def crest(mark: str, radius_m: float, colour: Rgb) -> Mesh:
    """A shop's mark for its curtain, in the plane z = 0, drawn in rings, bars and dots; facing +z."""
    r = radius_m

    def ring(outer: float, inner: float) -> Mesh:
        angle = np.linspace(0, 2 * math.pi, max(6, round(100 * outer)) + 1)
        points = np.array([[[q * math.cos(a), q * math.sin(a), 0] for a in angle] for q in (outer, inner)])
        return sheet(points, colour)

    def dot(x: float, y: float, q: float) -> Mesh:
        return move(ring(q, 0.0), x, y)

    def bar(x: float, y: float, w: float, h: float) -> Mesh:
        return box((x, y, 0), (w, h, 0.002), colour, skip="lrudb")

    marks = {
        "ring": [ring(r, r * 0.8), dot(0, 0, r * 0.42)],
        "waves": [ring(r, r * 0.86), ring(r * 0.66, r * 0.52), ring(r * 0.32, 0.0)],
        "bars": [
            ring(r, r * 0.84),
            bar(0, 0.28 * r, r, 0.16 * r),
            bar(0, 0, r, 0.16 * r),
            bar(0, -0.28 * r, r, 0.16 * r),
        ],
        "dots": [
            dot(r * 0.62 * math.cos(a), r * 0.62 * math.sin(a), r * 0.3) for a in np.arange(5) * 2 * math.pi / 5 + 0.31
        ]
        + [dot(0, 0, r * 0.2)],
        "check": [
            bar(x * r * 0.5, y * r * 0.5, r * 0.46, r * 0.46)
            for x in (-1, 0, 1)
            for y in (-1, 0, 1)
            if (x + y) % 2 == 0
        ],
        "mountain": [
            ring(r, r * 0.86),
            *(bar(0, -0.4 * r + i * 0.14 * r, r * (1.2 - i * 0.24), 0.13 * r) for i in range(5)),
        ],
    }
    return merge(marks[mark])


def lamp_shade() -> tuple[Mesh, Mesh]:
    """A bulb under an enamelled shade, hanging from y = 0: (glow, shade)."""
    shade = both_sides(lathe([(0.155, -0.30), (0.10, -0.22), (0.03, -0.17), (0.0, -0.12)], IRON, segments=8))
    cord = tube([[0, -0.13, 0], [0, 0, 0]], 0.005, IRON, sides=3, caps=False)
    line = [(0, -0.35), (0.035, -0.33), (0.048, -0.29), (0.0, -0.21)]
    return lathe(line, (1.0, 0.93, 0.8), segments=7), merge([shade, cord])


def pot_plant(rng: np.random.Generator, height_m: float, pot: Rgb, leaf: Rgb) -> Mesh:
    """A plant in a pot before a door: arching blades with a spine."""
    r = 0.11 + 0.05 * float(rng.uniform())
    h = r * 1.5
    parts = [lathe([(r * 0.7, 0), (r, h), (r * 1.1, h), (r * 1.08, h * 1.06), (0, h * 0.92)], pot, segments=6)]
    for _ in range(8):
        direction = float(rng.uniform(0, 2 * math.pi))
        reach, up = height_m * float(rng.uniform(0.25, 0.7)), height_m * float(rng.uniform(0.55, 1.0))
        t = np.linspace(0, 1, 3)
        path = np.column_stack(
            [
                reach * t**1.4 * math.cos(direction),
                h * 0.9 + up * (t - 0.35 * t**3),
                reach * t**1.4 * math.sin(direction),
            ]
        )
        side = (
            np.array([-math.sin(direction), 0.15, math.cos(direction)])
            * 0.022
            * np.sin(np.pi * (0.15 + 0.85 * t))[:, None]
        )
        parts.append(both_sides(sheet(np.stack([path - side, path + side], 0), vary(rng, leaf, 0.3))))
    return merge(parts)


def paper_window(width_m: float, height_m: float, glow: float, *, columns: int = 4, rows: int = 3) -> tuple[Mesh, Mesh]:
    """A paper screen lit from behind: (glow, wooden grid), foot on y = 0, facing +z, centred on x."""
    nx, ny = 4, 3
    u, v = np.meshgrid(np.linspace(-0.5, 0.5, nx), np.linspace(0, 1, ny), indexing="ij")
    points = np.stack([u * width_m, v * height_m, np.zeros_like(u)], -1)
    warm = np.exp(-((u / 0.45) ** 2) - (((v - 0.45) / 0.5) ** 2))[..., None]
    tone = (np.array(LAMP) * 0.5 * (1 - warm) + np.array(mix(LAMP_PALE, PAPER, 0.3)) * warm) * glow
    panel = sheet(points.swapaxes(0, 1), tone.swapaxes(0, 1))
    bars = [
        box((0, height_m * (k + 1) / (rows + 1), 0.012), (width_m, 0.016, 0.016), CEDAR_DARK, skip="bdlr")
        for k in range(rows)
    ]
    bars += [
        box(
            (width_m * ((k + 1) / (columns + 1) - 0.5), height_m / 2, 0.012),
            (0.016, height_m, 0.016),
            CEDAR_DARK,
            skip="bud",
        )
        for k in range(columns)
    ]
    bars.append(move(frame(width_m + 0.08, height_m + 0.08, 0.05, 0.05, CEDAR_DARK), 0, -0.04, 0.01))
    return panel, merge(bars)


def paper_slip(rng: np.random.Generator, signs: int, tone: Rgb) -> Mesh:
    """A strip of paper with so many brushed characters below each other, hung from y = 0, facing +z."""
    parts = [box((0, -(0.06 + 0.05 * signs), 0), (0.1, 0.12 + 0.1 * signs, 0.004), tone, skip="bdulr")]
    for k in range(signs):
        parts += brushed_sign(rng, (0, -0.1 - 0.1 * k, 0), 0.07)
    return merge(parts)


def brushed_sign(rng: np.random.Generator, centre: Vec, size_m: float) -> list[Mesh]:
    """What a brushed character looks like from across a counter: strokes across, and one down through them."""
    x, y, z = centre
    ink = (0.02, 0.018, 0.016)
    down, slant = size_m * float(rng.uniform(0.7, 1.05)), size_m * float(rng.uniform(-0.18, 0.18))
    parts = [box((x + slant, y, z), (size_m * 0.16, down, 0.006), ink, skip="bdulr")]
    for low, high in ((-0.42, -0.1), (0.12, 0.42)):
        width, rise = size_m * float(rng.uniform(0.45, 1.0)), size_m * float(rng.uniform(low, high))
        parts.append(box((x, y + rise, z), (width, size_m * 0.16, 0.006), ink, skip="bdulr"))
    return parts


def poster(rng: np.random.Generator, accent: Rgb) -> Mesh:
    """A bill pasted on a wall: a mark over two brushed characters; its foot on y = 0, facing +z, centred on x."""
    paper = box((0, 0.36, 0), (0.48, 0.72, 0.008), mix(PAPER, accent, 0.12), skip="bdulr")
    band = box((0, 0.045, 0.002), (0.48, 0.09, 0.008), accent, skip="bdulr")
    mark = move(crest(("bars", "check")[int(rng.integers(2))], 0.13, accent), 0, 0.5, 0.008)
    words = [one for x in (-0.09, 0.09) for one in brushed_sign(rng, (x, 0.2, 0.003), 0.12)]
    return merge([paper, band, mark, *words])


def shift(pair: tuple[Mesh, Mesh], place: Vec) -> tuple[Mesh, Mesh]:
    """Both meshes of a pair, moved."""
    return move(pair[0], *place), move(pair[1], *place)


RED_LANTERN = LAMP_RED
