"""The tools of the workshop: lathe, box, loft, tube, sheet, plate and weave.

Theory: few primitives carry every craft in the alley. A pot is a profile turned on the lathe; a handle is a tube along
a path; a blade is a loft through cross-sections; a cloth is a sheet; what is sawn out of a board is a plate. Colours
are linear RGB; `vary` and `grain` keep surfaces from looking like plastic.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import cache
from itertools import pairwise

import numpy as np

from yokocho.demo.mesh import Floats, Ints, Mesh, Rgb, Vec, cross, flip, merge, signed_volume, smooth_normals, unit

WHITE: Rgb = (1.0, 1.0, 1.0)
_DECAL_FLAT_RAD = 0.55

# normal, u axis, v axis (u × v = normal) of the six faces of a box, by letter: left right down up back front
_FACES: dict[str, tuple[int, int, int, int]] = {
    "l": (0, -1, 2, 1),
    "r": (0, 1, 1, 2),
    "d": (1, -1, 0, 2),
    "u": (1, 1, 2, 0),
    "b": (2, -1, 1, 0),
    "f": (2, 1, 0, 1),
}


def _tiled(colour: Rgb | Floats, count: int) -> Floats:
    return np.tile(np.asarray(colour, dtype=float), (count, 1))


@cache
def grid_triangles(rows: int, columns: int, *, wrap: bool = False) -> Ints:
    """Two triangles per cell of a rows×columns grid of vertices; `wrap` joins the last row to the first."""
    i, j = np.meshgrid(np.arange(rows if wrap else rows - 1), np.arange(columns - 1), indexing="ij")
    a = i * columns + j
    c = ((i + 1) % rows) * columns + j
    first = np.stack([a, a + 1, c + 1], axis=-1).reshape(-1, 3)
    second = np.stack([a, c + 1, c], axis=-1).reshape(-1, 3)
    return np.concatenate([first, second]).astype(np.int64)


@cache
def _unit_box(counts: tuple[int, int, int], skip: str) -> tuple[Floats, Floats, Ints]:
    """A box of side one whose faces are divided into `counts` cells: points, normals, triangles."""
    points, normals, triangles = [], [], []
    start = 0
    for letter, (axis, sign, u, v) in _FACES.items():
        if letter in skip:
            continue
        face = np.zeros((counts[u] + 1, counts[v] + 1, 3))
        face[..., axis] = sign / 2
        face[..., u] = np.linspace(-0.5, 0.5, counts[u] + 1)[:, None]
        face[..., v] = np.linspace(-0.5, 0.5, counts[v] + 1)[None, :]
        points.append(face.reshape(-1, 3))
        normal = np.zeros_like(points[-1])
        normal[:, axis] = sign
        normals.append(normal)
        triangles.append(grid_triangles(counts[u] + 1, counts[v] + 1)[:, ::-1] + start)
        start += len(normal)
    return np.concatenate(points), np.concatenate(normals), np.concatenate(triangles)


def box(centre: Vec, size: Vec, colour: Rgb, *, grid_m: float = math.inf, skip: str = "") -> Mesh:
    """A box with hard edges. Faces are divided so that no cell is longer than `grid_m`; `skip` leaves faces out."""
    x, y, z = (1 if grid_m == math.inf else max(1, math.ceil(side / grid_m - 1e-6)) for side in size)
    points, normals, triangles = _unit_box((x, y, z), skip)
    return Mesh(points * np.array(size) + np.array(centre), normals, _tiled(colour, len(points)), triangles)


def _block_points(half: Floats, bevel: float) -> tuple[Floats, Floats]:
    """The 24 corners of a box with broken edges, and their normals: eight for each axis."""
    signs = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)], dtype=float)
    points, normals = [], []
    for axis in range(3):
        inset = np.full(3, bevel)
        inset[axis] = 0.0
        points.append(signs * (half - inset))
        normal = np.zeros((8, 3))
        normal[:, axis] = signs[:, axis]
        normals.append(normal)
    return np.concatenate(points), np.concatenate(normals)


@cache
def _block_triangles() -> Ints:
    """The faces, edges and corners of every `block`, facing outwards."""
    position, _ = _block_points(np.ones(3), 0.2)
    triangles: list[tuple[int, int, int]] = []

    def add(*corners: int) -> None:
        a, *rest = corners
        for b, c in pairwise(rest):
            p, q, r = position[a], position[b], position[c]
            outward = float(np.dot(np.cross(q - p, r - p), p + q + r)) > 0
            triangles.append((a, b, c) if outward else (a, c, b))

    weights = (4, 2, 1)
    for axis in range(3):
        u, v = (i for i in range(3) if i != axis)
        for base in (0, weights[axis]):
            o = 8 * axis + base
            add(o, o + weights[u], o + weights[u] + weights[v], o + weights[v])
        for su in (0, weights[u]):
            for sv in (0, weights[v]):
                p, q = su + sv, su + sv + weights[axis]
                add(8 * u + p, 8 * u + q, 8 * v + q, 8 * v + p)
    for corner in range(8):
        add(corner, 8 + corner, 16 + corner)
    return np.array(triangles, dtype=np.int64)


def block(centre: Vec, size: Vec, colour: Rgb, bevel_m: float = 0.003) -> Mesh:
    """A box whose edges are broken; normals run round the bevel, so that edges catch the light. 44 triangles."""
    half = np.array(size) / 2
    points, normals = _block_points(half, min(bevel_m, float(half.min()) * 0.9))
    return Mesh(points + np.array(centre), normals, _tiled(colour, 24), _block_triangles())


def lathe(
    profile: Sequence[tuple[float, float]] | Floats,
    colour: Rgb | Floats,
    *,
    segments: int = 24,
    crease_deg: float = 38.0,
) -> Mesh:
    """A profile of (radius, height) turned about +Y. It runs from the foot up the outside, then down the inside.

    `colour` is one colour or one per profile point. Corners sharper than `crease_deg` stay sharp.
    """
    line = np.asarray(profile, dtype=float)
    shades = np.asarray(colour, dtype=float)
    if shades.ndim == 1:
        shades = np.tile(shades, (len(line), 1))
    steps = np.diff(line, axis=0)
    flat = unit(np.column_stack([steps[:, 1], -steps[:, 0], np.zeros(len(steps))]))[:, :2]
    rows: list[int] = []
    row_normals: list[Floats] = []
    before: list[int] = []
    after: list[int] = []
    limit = math.cos(math.radians(crease_deg))
    for k in range(len(line)):
        prior, later = flat[max(k - 1, 0)], flat[min(k, len(flat) - 1)]
        if float(prior @ later) < limit:
            before.append(len(rows))
            after.append(len(rows) + 1)
            rows += [k, k]
            row_normals += [prior, later]
        else:
            before.append(len(rows))
            after.append(len(rows))
            rows.append(k)
            row_normals.append(prior + later)
    angle = np.linspace(0, 2 * math.pi, segments, endpoint=False)
    cos, sin = np.cos(angle)[:, None], np.sin(angle)[:, None]
    points, slopes = line[rows], np.array(row_normals)
    count = len(rows)
    positions = np.stack([cos * points[:, 0], np.broadcast_to(points[:, 1], (segments, count)), sin * points[:, 0]], -1)
    normals = np.stack([cos * slopes[:, 0], np.broadcast_to(slopes[:, 1], (segments, count)), sin * slopes[:, 0]], -1)
    i, j = np.meshgrid(np.arange(segments), np.arange(len(line) - 1), indexing="ij")
    low, high = np.array(after)[j], np.array(before)[j + 1]
    here, there = i * count, ((i + 1) % segments) * count
    triangles = np.concatenate(
        [
            np.stack([here + low, here + high, there + high], -1).reshape(-1, 3),
            np.stack([here + low, there + high, there + low], -1).reshape(-1, 3),
        ]
    )
    return Mesh(positions.reshape(-1, 3), unit(normals.reshape(-1, 3)), np.tile(shades[rows], (segments, 1)), triangles)


def ball(centre: Vec, radius_m: float | Vec, colour: Rgb, *, segments: int = 16, rings: int = 9) -> Mesh:
    """A ball or an ellipsoid."""
    arc = np.linspace(-math.pi / 2, math.pi / 2, rings)
    radii = np.array([radius_m] * 3 if isinstance(radius_m, int | float) else radius_m)
    mesh = lathe(np.column_stack([np.cos(arc).clip(0), np.sin(arc)]), colour, segments=segments, crease_deg=180)
    return Mesh(mesh.positions * radii + np.array(centre), unit(mesh.normals / radii), mesh.colours, mesh.triangles)


def curve(points: Sequence[Sequence[float] | Floats] | Floats, count: int) -> Floats:
    """A smooth line (Catmull-Rom) through points of any dimension, as `count` points."""
    knots = np.asarray(points, dtype=float)
    padded = np.concatenate([2 * knots[:1] - knots[1:2], knots, 2 * knots[-1:] - knots[-2:-1]])
    t = np.linspace(0, len(knots) - 1, count)
    k = np.minimum(t.astype(int), len(knots) - 2)
    f = (t - k)[:, None]
    a, b, c, d = (padded[k + i] for i in range(4))
    return np.asarray(0.5 * (2 * b + (c - a) * f + (2 * a - 5 * b + 4 * c - d) * f**2 + (3 * b - a - 3 * c + d) * f**3))


def loft(rings: Floats, colour: Rgb | Floats, *, caps: bool = True, closed: bool = False) -> Mesh:
    """A skin over rings of points (k×n×3), smooth along and around; ends capped flat. `closed` joins last to first.

    `colour` is one colour, one per ring, or one per point.
    """
    count, around = rings.shape[:2]
    shades = np.asarray(colour, dtype=float)
    if shades.ndim == 1:
        shades = np.broadcast_to(shades, (count, around, 3))
    elif shades.ndim == 2:
        shades = np.broadcast_to(shades[:, None, :], (count, around, 3))
    flipped = np.swapaxes(rings, 0, 1).reshape(-1, 3)
    triangles = grid_triangles(around, count, wrap=True)
    if closed:
        i = np.arange(around)
        a, b = i * count + count - 1, ((i + 1) % around) * count + count - 1
        c, d = i * count, ((i + 1) % around) * count
        triangles = np.concatenate([triangles, np.stack([a, c, d], -1), np.stack([a, d, b], -1)])
    body = Mesh(flipped, smooth_normals(flipped, triangles), np.swapaxes(shades, 0, 1).reshape(-1, 3).copy(), triangles)
    parts = [body]
    if caps and not closed:
        for ring, tone, last in ((rings[0], shades[0], False), (rings[-1], shades[-1], True)):
            i = np.arange(around)
            fan = np.stack([np.full(around, around), i, (i + 1) % around], -1)
            points = np.concatenate([ring, ring.mean(axis=0, keepdims=True)])
            fan = fan[:, ::-1] if last else fan
            tones = np.concatenate([tone, tone.mean(axis=0, keepdims=True)])
            parts.append(Mesh(points, smooth_normals(points, fan), tones, fan))
    mesh = merge(parts)
    return flip(mesh) if signed_volume(mesh) < 0 else mesh


def tube(
    path: Sequence[Sequence[float] | Floats] | Floats,
    radius_m: float | Floats | Sequence[float],
    colour: Rgb | Floats,
    *,
    sides: int = 6,
    closed: bool = False,
    flatten: float = 1.0,
    caps: bool = True,
) -> Mesh:
    """A round (or, with `flatten` < 1, a flat) rod along a path, its frame carried along without twisting."""
    line = np.asarray(path, dtype=float)
    ahead = np.roll(line, -1, 0) - np.roll(line, 1, 0) if closed else np.gradient(line, axis=0)
    tangents = unit(ahead)
    helper = np.array([0.0, 1.0, 0.0]) if abs(tangents[0, 1]) < 0.9 else np.array([1.0, 0.0, 0.0])
    normal = np.cross(tangents[0], helper)
    normals = []
    for tangent in tangents:
        normal = normal - tangent * float(normal @ tangent)
        normal = normal / max(float(np.linalg.norm(normal)), 1e-9)
        normals.append(normal)
    frame = np.array(normals)
    other = cross(tangents, frame)
    radii = np.broadcast_to(np.asarray(radius_m, dtype=float), (len(line),))[:, None, None]
    angle = np.linspace(0, 2 * math.pi, sides, endpoint=False)[None, :, None]
    rings = line[:, None, :] + radii * (np.cos(angle) * frame[:, None, :] + flatten * np.sin(angle) * other[:, None, :])
    return loft(rings, colour, closed=closed, caps=caps)


def sheet(points: Floats, colour: Rgb | Floats) -> Mesh:
    """An open smooth surface through a grid of points (rows×columns×3), seen from one side."""
    rows, columns = points.shape[:2]
    flat = points.reshape(-1, 3)
    triangles = grid_triangles(rows, columns)
    shades = np.asarray(colour, dtype=float)
    tones = _tiled(shades, len(flat)) if shades.ndim == 1 else shades.reshape(-1, 3)
    return Mesh(flat, smooth_normals(flat, triangles), tones, triangles)


def tiles(points: Floats, colours: Floats) -> Mesh:
    """Like `sheet`, but each cell has one flat colour of its own (rows-1×columns-1×3): printed patterns stay sharp."""
    smooth = sheet(points, WHITE)
    shape = points.shape
    normals = smooth.normals.reshape(shape)
    corners = [(slice(None, -1), slice(None, -1)), (slice(None, -1), slice(1, None))]
    corners += [(slice(1, None), slice(1, None)), (slice(1, None), slice(None, -1))]
    stacked = np.stack([points[c] for c in corners], 2).reshape(-1, 3)
    turned = np.stack([normals[c] for c in corners], 2).reshape(-1, 3)
    quads = np.arange(len(stacked), dtype=np.int64).reshape(-1, 4)
    triangles = np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]])
    return Mesh(stacked, turned, np.repeat(colours.reshape(-1, 3), 4, axis=0), triangles)


def _ears(polygon: Floats) -> list[tuple[int, int, int]]:
    """Triangles of a simple counter-clockwise polygon, by clipping ears."""
    left = list(range(len(polygon)))
    triangles = []

    def cross(a: int, b: int, c: int) -> float:
        p, q, r = polygon[a], polygon[b], polygon[c]
        return float((q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0]))

    while len(left) > 3:
        for k in range(len(left)):
            a, b, c = left[k - 1], left[k], left[(k + 1) % len(left)]
            if cross(a, b, c) <= 1e-12:
                continue
            inside = any(
                cross(a, b, o) > 0 and cross(b, c, o) > 0 and cross(c, a, o) > 0 for o in left if o not in (a, b, c)
            )
            if not inside:
                triangles.append((a, b, c))
                left.pop(k)
                break
        else:
            break
    return [*triangles, (left[0], left[1], left[2])]


def plate(
    outline: Sequence[tuple[float, float]] | Floats, thickness_m: float, colour: Rgb, bevel_m: float = 0.0
) -> Mesh:
    """A board sawn to an outline in x/y (counter-clockwise), centred on z = 0, its edges broken by `bevel_m`."""
    polygon = np.asarray(outline, dtype=float)
    area = float(np.sum(polygon[:, 0] * np.roll(polygon[:, 1], -1) - np.roll(polygon[:, 0], -1) * polygon[:, 1]))
    if area < 0:
        polygon = polygon[::-1]
    count = len(polygon)
    ahead, behind = np.roll(polygon, -1, 0) - polygon, polygon - np.roll(polygon, 1, 0)
    edge = np.column_stack([ahead[:, 1], -ahead[:, 0]])
    outward = unit(np.column_stack([edge + np.column_stack([behind[:, 1], -behind[:, 0]]), np.zeros(count)]))
    half = thickness_m / 2
    inner = polygon - outward[:, :2] * bevel_m
    ears = np.array(_ears(inner), dtype=np.int64)
    parts = []
    for sign, order in ((1.0, ears), (-1.0, ears[:, ::-1])):
        points = np.column_stack([inner, np.full(count, sign * half)])
        parts.append(Mesh(points, _tiled((0.0, 0.0, sign), count), _tiled(colour, count), order))
    levels = [(inner, -half), (polygon, -half + bevel_m), (polygon, half - bevel_m), (inner, half)]
    if bevel_m <= 0:
        levels = [(polygon, -half), (polygon, half)]
    rings = np.array([np.column_stack([ring, np.full(count, z)]) for ring, z in levels])
    walls = loft(rings, colour, caps=False)
    return merge([*parts, _crisp(walls, rings)])


def _crisp(walls: Mesh, rings: Floats) -> Mesh:
    """Side walls whose normals follow each edge of the outline, so that corners stay corners."""
    corners = walls.triangles.reshape(-1)
    positions = walls.positions[corners]
    triangles = np.arange(len(corners), dtype=np.int64).reshape(-1, 3)
    mesh = Mesh(positions, smooth_normals(positions, triangles), walls.colours[corners], triangles)
    middle = rings.reshape(-1, 3).mean(axis=0)
    return flip(mesh) if signed_volume(Mesh(positions - middle, mesh.normals, mesh.colours, triangles)) < 0 else mesh


def disc(centre: Vec, radius_m: float, colour: Rgb, *, segments: int = 20, up: bool = True) -> Mesh:
    """A flat round, facing up or down."""
    profile = [(radius_m, 0.0), (0.0, 0.0)] if up else [(0.0, 0.0), (radius_m, 0.0)]
    mesh = lathe(profile, colour, segments=segments)
    return Mesh(mesh.positions + np.array(centre), mesh.normals, mesh.colours, mesh.triangles)


def decal(
    radius_at: Callable[[Floats], Floats],
    outline: Sequence[tuple[float, float]] | Floats,
    colour: Rgb,
    lift_m: float = 0.0005,
) -> Mesh:
    """A painted mark on something turned about +Y: an outline in (angle from +z, height), counter-clockwise.

    `radius_at` gives the radius under a height. Wide marks are a fan of two rings, so that they bend along.
    """
    line = np.asarray(outline, dtype=float)
    middle = line.mean(axis=0, keepdims=True)
    wide = bool(np.ptp(line[:, 0]) > _DECAL_FLAT_RAD)
    flat = np.concatenate([middle, middle + (line - middle) * 0.55, line] if wide else [middle, line])
    radius = np.asarray(radius_at(flat[:, 1])) + lift_m
    positions = np.column_stack([radius * np.sin(flat[:, 0]), flat[:, 1], radius * np.cos(flat[:, 0])])
    count = len(line)
    k = np.arange(count)
    after = (k + 1) % count
    inner, outer = 1 + k, 1 + count + k
    fans = [np.column_stack([np.zeros(count, dtype=np.int64), inner, 1 + after])]
    if wide:
        fans.append(np.column_stack([inner, outer, 1 + count + after]))
        fans.append(np.column_stack([inner, 1 + count + after, 1 + after]))
    normals = unit(np.column_stack([np.sin(flat[:, 0]), np.zeros(len(flat)), np.cos(flat[:, 0])]))
    return Mesh(positions, normals, _tiled(colour, len(flat)), np.concatenate(fans).astype(np.int64))


def oval(x: float, y: float, half_x: float, half_y: float, count: int = 12) -> Floats:
    """An ellipse as an outline."""
    angle = np.linspace(0, 2 * math.pi, count, endpoint=False)
    return np.column_stack([x + half_x * np.cos(angle), y + half_y * np.sin(angle)])


def ribbon_rings(
    radius_at: Floats, heights: Floats, colours: Floats, *, stakes: int, depth_m: float, width_m: float
) -> Mesh:
    """Weft of a woven wall: one flat strip per row that swings in front of and behind `stakes` uprights in turn."""
    rows = len(heights)
    per = stakes * 4
    angle = np.linspace(0, 2 * math.pi, per, endpoint=False)
    parts = []
    for row in range(rows):
        swing = np.cos(angle * stakes + math.pi * (row % 2))
        radius = radius_at[row] + depth_m * swing
        ring = np.column_stack([np.cos(angle) * radius, np.full(per, heights[row]), np.sin(angle) * radius])
        out = np.column_stack([np.cos(angle), np.zeros(per), np.sin(angle)])
        thick, tall = out * depth_m * 0.45, np.array([0.0, width_m / 2, 0.0])
        rings = np.stack([ring + thick - tall, ring + thick + tall, ring - thick + tall, ring - thick - tall], axis=1)
        parts.append(loft(rings, colours[row], closed=True))
    return merge(parts)


def vary(rng: np.random.Generator, colour: Rgb, amount: float = 0.12) -> Rgb:
    """A sister of a colour: a little lighter or darker, a little warmer or cooler."""
    value = 1.0 + amount * float(rng.uniform(-1, 1))
    warm = 1.0 + amount * 0.35 * float(rng.uniform(-1, 1))
    return colour[0] * value * warm, colour[1] * value, colour[2] * value / warm


def ripple(positions: Floats, scale_m: float, seed: float = 0.0) -> Floats:
    """Smooth noise in -1…1 at every position: a sum of waves, cheap and the same everywhere."""
    p = positions / scale_m
    a = np.sin(p[:, 0] * 2.1 + p[:, 1] * 3.7 + p[:, 2] * 1.3 + seed)
    b = np.sin(p[:, 0] * 4.3 - p[:, 1] * 1.9 + p[:, 2] * 5.1 + seed * 2.3 + a)
    c = np.sin(-p[:, 0] * 7.7 + p[:, 1] * 6.1 + p[:, 2] * 3.3 + seed * 0.7 + b)
    return np.asarray((a + 0.7 * b + 0.5 * c) / 2.2)
