"""Put the alley together: ground, houses, stalls, exhibits, texts, and the files that carry their shapes.

Theory: `build_alley` is a pure function. It lays out the plan, collects every lamp, lets each front and each stall be
built and lit in its own frame, writes each as one GLB named by its hash, and describes where it stands in the shapes of
`world.scene`. The same code gives the same bytes every time.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from world import scene
from yokocho.demo import texts
from yokocho.demo.bake import Frame, Lamp
from yokocho.demo.crafts import CRAFTS
from yokocho.demo.glb import Part, write_glb
from yokocho.demo.lane import build_lane, lantern_glows, seats, solids, spawns, street_lamps
from yokocho.demo.mesh import Rgb, Vec
from yokocho.demo.plan import Front, all_fronts
from yokocho.demo.stalls import (
    BAKED,
    COUNTER_BACK,
    COUNTER_Y,
    DEPTH_M,
    FLOOR_Y,
    FRONT_M,
    GLOW,
    HEIGHT_M,
    SIGN_CENTRE,
    SIGN_SIZE_M,
    SIGN_TILT_RAD,
    WIDTH_M,
    Craft,
    Piece,
    build_shell,
    lantern_places,
    outer_lamps,
)

ROOM_ID: Final = "lantern-lane"
Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class DemoAlley:
    """Everything the application needs to store: the scene, and the files by their SHA-256."""

    room: scene.Room
    plots: tuple[scene.Plot, ...]
    stalls: tuple[scene.Stall, ...]
    exhibits: tuple[scene.Exhibit, ...]
    assets: dict[str, bytes]


@dataclass(slots=True)
class _Shelf:
    """Files made so far."""

    assets: dict[str, bytes] = field(default_factory=dict)

    def keep(self, name: str, parts: list[Part]) -> scene.AssetRef:
        """Write a GLB and remember it by its hash."""
        data = write_glb(name, parts)
        digest = hashlib.sha256(data).hexdigest()
        self.assets[digest] = data
        return scene.AssetRef(digest, "glb", len(data))


def yaw_quaternion(yaw_rad: float) -> scene.Quat:
    """A turn about +Y."""
    return 0.0, math.sin(yaw_rad / 2), 0.0, math.cos(yaw_rad / 2)


def _place(frame: Frame, local: Vec = (0.0, 0.0, 0.0), yaw_rad: float = 0.0) -> scene.Transform:
    return scene.Transform(_rounded(frame.point(local)), yaw_quaternion(frame.yaw_rad + yaw_rad))


def _rounded(point: Vec) -> Vec:
    return round(point[0], 5), round(point[1], 5), round(point[2], 5)


def _hex(colour: Rgb) -> int:
    """Linear light as a screen colour 0xRRGGBB."""
    out = 0
    for channel in colour:
        value = 12.92 * channel if channel <= 0.0031308 else 1.055 * channel ** (1 / 2.4) - 0.055
        out = out << 8 | round(255 * min(1.0, max(0.0, value)))
    return out


def _solid(frame: Frame, low: Vec, high: Vec) -> scene.Solid:
    """An upright box given by its corners in a frame."""
    x, _, z = frame.point(((low[0] + high[0]) / 2, 0.0, (low[2] + high[2]) / 2))
    half_x, half_z = (high[0] - low[0]) / 2, (high[2] - low[2]) / 2
    return scene.Solid(round(x, 4), round(z, 4), half_x, half_z, frame.yaw_rad, high[1])


def stall_solids(frame: Frame) -> tuple[scene.Solid, ...]:
    """Counter, raised floor behind it, and three walls."""
    half = WIDTH_M / 2
    return (
        _solid(frame, (-half, 0, COUNTER_BACK), (half, COUNTER_Y, 0.0)),
        _solid(frame, (-half, 0, -DEPTH_M), (half, FLOOR_Y, COUNTER_BACK)),
        _solid(frame, (-half, 0, -DEPTH_M - 0.1), (half, HEIGHT_M, -DEPTH_M)),
        _solid(frame, (-half - 0.05, 0, -DEPTH_M), (-half + 0.05, HEIGHT_M, 0.0)),
        _solid(frame, (half - 0.05, 0, -DEPTH_M), (half + 0.05, HEIGHT_M, 0.0)),
    )


def _build_stall(shelf: _Shelf, craft: Craft, front: Front, lamps: list[Lamp], words: texts.StallText) -> scene.Stall:
    frame = front.frame
    house, glow = build_shell(craft, frame, lamps, front.seed)
    here = _place(frame)
    assets = (
        scene.Placement(shelf.keep(f"stall {craft.key}", [Part(house, BAKED)]), here, "house"),
        scene.Placement(shelf.keep(f"lamps {craft.key}", [Part(glow, GLOW)]), here, "glow"),
    )
    colour = _hex(craft.style.lantern_colour)
    lanterns = tuple(
        scene.Lantern(_rounded(frame.point((x, y - 0.24, z))), colour, 0.55) for x, y, z in lantern_places()
    )
    half = SIGN_TILT_RAD / 2
    turned, tilt = yaw_quaternion(frame.yaw_rad), (math.sin(half), 0.0, 0.0, math.cos(half))
    return scene.Stall(
        id=craft.key,
        plot_id=f"plot-{craft.key}",
        name=words.name,
        craft=words.craft,
        maker=words.maker,
        about=words.about,
        accent=craft.accent,
        assets=assets,
        front=scene.Spawn(_rounded(frame.point((0.0, 0.0, FRONT_M))), frame.yaw_rad),
        sign=scene.Transform(_rounded(frame.point(_sign_face())), _times(turned, tilt)),
        sign_size_m=SIGN_SIZE_M,
        solids=stall_solids(frame),
        lanterns=lanterns,
        version=1,
    )


def _sign_face() -> Vec:
    """The middle of the sign board's face, a hair in front of the wood."""
    x, y, z = SIGN_CENTRE
    return x, y - 0.004 * math.sin(SIGN_TILT_RAD), z + 0.004 * math.cos(SIGN_TILT_RAD)


def _times(a: scene.Quat, b: scene.Quat) -> scene.Quat:
    """Quaternion product: first b, then a."""
    ax, ay, az, aw = a
    bx, by, bz, bw = b
    return (
        aw * bx + ax * bw + ay * bz - az * by,
        aw * by - ax * bz + ay * bw + az * bx,
        aw * bz + ax * by - ay * bx + az * bw,
        aw * bw - ax * bx - ay * by - az * bz,
    )


def _build_exhibit(
    shelf: _Shelf, craft: Craft, piece: Piece, position: int, frame: Frame, words: texts.ExhibitText
) -> scene.Exhibit:
    low = [min(float(p.mesh.low[i]) for p in piece.parts) for i in range(3)]
    high = [max(float(p.mesh.high[i]) for p in piece.parts) for i in range(3)]
    size = (
        round((high[0] - low[0]) * 100, 1),
        round((high[1] - low[1]) * 100, 1),
        round((high[2] - low[2]) * 100, 1),
    )
    return scene.Exhibit(
        id=f"{craft.key}-{piece.key}",
        stall_id=craft.key,
        position=position,
        title=words.title,
        about=words.about,
        materials=words.materials,
        price_minor=words.price_minor,
        currency=words.currency,
        size_cm=size,
        asset=shelf.keep(piece.key, list(piece.parts)),
        transform=_place(frame, piece.position, piece.yaw_rad),
        version=1,
    )


def build_alley(progress: Progress) -> DemoAlley:
    """The sample alley. `progress` hears what is being made and the share done, 0 to 1."""
    shelf = _Shelf()
    fronts = all_fronts()
    crafts = {craft.key: craft for craft in CRAFTS}
    lamps = street_lamps()
    for front in fronts:
        if front.craft is not None:
            lamps += outer_lamps(front.frame, crafts[front.craft].style)
    stalls, plots, exhibits = [], [], []
    shops = [f for f in fronts if f.craft is not None]
    for number, front in enumerate(shops):
        craft = crafts[front.craft or ""]
        progress(craft.key, number / (len(shops) + 3))
        words = texts.stall(craft.key)
        plot = scene.Plot(f"plot-{craft.key}", _place(front.frame, (0.0, 0.0, -DEPTH_M / 2)), WIDTH_M, DEPTH_M)
        plots.append(plot)
        stalls.append(_build_stall(shelf, craft, front, lamps, words))
        for position, piece in enumerate(craft.pieces()):
            exhibits.append(_build_exhibit(shelf, craft, piece, position, front.frame, words.exhibits[piece.key]))
    progress("lane", len(shops) / (len(shops) + 3))
    room = _build_room(shelf, fronts, lamps)
    progress("done", 1.0)
    return DemoAlley(room, tuple(plots), tuple(stalls), tuple(exhibits), shelf.assets)


def _build_room(shelf: _Shelf, fronts: list[Front], lamps: list[Lamp]) -> scene.Room:
    origin = scene.Transform()
    environment = tuple(
        scene.Placement(shelf.keep(part.name, [Part(part.mesh, part.material)]), origin, part.layer)
        for part in build_lane(fronts, lamps)
        if len(part.mesh.triangles)
    )
    words = texts.alley()
    return scene.Room(
        id=ROOM_ID,
        title=words.title,
        about=words.about,
        bounds_min_m=(-7.0, -0.5, -24.0),
        bounds_max_m=(11.0, 12.0, 25.0),
        spawns=spawns(),
        environment=environment,
        solids=solids(fronts),
        lanterns=lantern_glows(_hex),
        seats=seats(),
        version=1,
    )
