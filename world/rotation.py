"""Rotations in 32 bits: the "smallest three" packing of unit quaternions that `wire` describes."""

from __future__ import annotations

import math
from typing import Final

from world.scene import Quat

_SCALE: Final = 511 * math.sqrt(2)


def pack_rotation(rotation: Quat) -> int:
    """Pack a unit quaternion x, y, z, w; the result is within 0.3° of it."""
    largest = max(range(4), key=lambda i: abs(rotation[i]))
    sign = -1.0 if rotation[largest] < 0 else 1.0
    packed = largest
    for i, component in enumerate(rotation):
        if i != largest:
            packed = packed << 10 | (max(-511, min(511, round(component * sign * _SCALE))) & 0x3FF)
    return packed


def unpack_rotation(packed: int) -> Quat:
    """The unit quaternion of any 32-bit number, also of those that `pack_rotation` never makes."""
    rest = [_signed(packed >> shift & 0x3FF) / _SCALE for shift in (20, 10, 0)]
    largest = packed >> 30 & 3
    rest.insert(largest, math.sqrt(max(0.0, 1.0 - sum(component**2 for component in rest))))
    norm = math.hypot(*rest)
    return rest[0] / norm, rest[1] / norm, rest[2] / norm, rest[3] / norm


def facing(yaw_rad: float) -> Quat:
    """The rotation of somebody who looks along a yaw: 0 is -Z, positive turns left."""
    return 0.0, math.sin(yaw_rad / 2), 0.0, math.cos(yaw_rad / 2)


def yaw_of(rotation: Quat) -> float:
    """The yaw that somebody with this rotation looks along; 0 for who looks straight up or down."""
    x, y, z, w = rotation
    return math.atan2(2 * (x * z + w * y), 1 - 2 * (x * x + y * y))


def _signed(ten_bits: int) -> int:
    return ten_bits - 1024 if ten_bits >= 512 else ten_bits
