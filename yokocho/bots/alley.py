"""What the bots of one process know of the alley: they learn it from the server's messages and share it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from yokocho.bots.paths import Box, Ground, Point


@dataclass
class Place:
    """Somewhere to go: a stall's front or a seat."""

    point: Point
    yaw_rad: float
    name: dict[str, str] = field(default_factory=dict)
    pieces: list[dict[str, str]] = field(default_factory=list)
    seat_height_m: float = 0.0


class Alley:
    """Ground, stalls and seats, as far as they are known."""

    def __init__(self) -> None:
        self.ground: Ground | None = None
        self.stalls: dict[str, Place] = {}
        self.seats: list[Place] = []
        self.residents: set[str] = set()
        """Visitor ids of the bots themselves: they don't answer each other."""

    def learn_room(self, room: list[Any], directory: list[Any]) -> None:
        """From a `RoomState`."""
        if self.ground is not None:
            return
        low, high = room[3], room[4]
        self.ground = Ground((low[0], low[2]), (high[0], high[2]), _boxes(room[7]))
        self.seats = [_seat(seat) for seat in room[9]]
        for entry in directory:
            (x_m, _, z_m), yaw_rad = entry[5]
            self.stalls[entry[0]] = Place((x_m, z_m), yaw_rad, name=entry[1])

    def learn_cells(self, cells: list[Any]) -> None:
        """From a `Scene`: the stalls' own solids, and what they show."""
        for cell in cells:
            for stall in cell[3]:
                if self.ground is not None:
                    self.ground.add(_boxes(stall[11]))
            for exhibit in cell[4]:
                place = self.stalls.get(exhibit[1])
                if place is not None and exhibit[3] not in place.pieces:
                    place.pieces.append(exhibit[3])


def _boxes(solids: list[Any]) -> list[Box]:
    return [Box(*solid[:5]) for solid in solids]


def _seat(seat: list[Any]) -> Place:
    (x_m, y_m, z_m), yaw_rad = seat
    return Place((x_m, z_m), yaw_rad, seat_height_m=y_m)
