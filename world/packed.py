"""The packed layouts of the live protocol: poses, as visitors send them and as a tick tells them.

Theory. A visitor's own pose is one little-endian `bin` (`POSE_HEAD`, with `POSE_HANDS` appended by headsets), a tick's
poses are one `bin` of 11-byte records (`HEAD_RECORD`) and one of 22-byte records (`HANDS_RECORD`). x and z in records
are millimetres modulo 65,536; the cell in the frame says which of the possible places is meant: the one nearest to the
centre of that cell. y counts steps of 4 mm above the floor of the room's bounds. Rotations are "smallest three": the
two top bits name the largest of x, y, z, w, the other three follow in 10 bits each, scaled so that ±1/√2 is ±511.
"""

from __future__ import annotations

import math
import struct
from enum import IntEnum
from typing import Final

import numpy as np

from world.errors import ErrorCode, ProtocolError

MAX_SLOTS: Final = 4096
RECORD_STEP_M: Final = 0.001
RECORD_RANGE_M: Final = 65.536
RECORD_Y_STEP_M: Final = 0.004
MAX_ROOM_HEIGHT_M: Final = 16.0
HAND_STEP_M: Final = 0.001

POSE_HEAD: Final = struct.Struct("<HBBfffI")
"""sequence u16, flags u8 (`PoseFlag`), epoch u8, head x, y, z in metres f32, head rotation u32: 20 bytes."""

POSE_HANDS: Final = struct.Struct("<hhhIhhhI")
"""Left hand, then right hand: x, y, z relative to the head in `HAND_STEP_M`, rotation u32: 20 bytes."""

HANDS_DTYPE: Final = np.dtype(
    [("left", "<i2", (3,)), ("left_rotation", "<u4"), ("right", "<i2", (3,)), ("right_rotation", "<u4")]
)
"""`POSE_HANDS` for numpy."""

POSE_DTYPE: Final = np.dtype(
    [
        ("sequence", "<u2"),
        ("flags", "u1"),
        ("epoch", "u1"),
        ("x", "<f4"),
        ("y", "<f4"),
        ("z", "<f4"),
        ("rotation", "<u4"),
        ("hands", HANDS_DTYPE),
    ]
)
"""A visitor's own pose as the server keeps it: 40 bytes, the hands are meaningless unless `PoseFlag.HANDS` is set."""

HEAD_RECORD: Final = np.dtype([("slot_y", "u1", (3,)), ("x", "<u2"), ("z", "<u2"), ("rotation", "<u4")])
"""One avatar's head in a tick's frame, 11 bytes. `slot_y` is a 24-bit number: 12 low bits slot, 12 high bits y."""

HANDS_RECORD: Final = np.dtype([("slot", "<u2"), ("hands", HANDS_DTYPE)])
"""One avatar's hands in a tick's frame: 22 bytes, the hands as in `POSE_HANDS`."""

POSE_PREFIX: Final = b"\x92\x02\xc4"
"""How every pose message begins; the next byte is the length of the packed pose, 20 or 40."""


class PoseFlag(IntEnum):
    """Bits of a pose's `flags`."""

    HANDS = 1
    SITTING = 2


def check_packed_pose(packed: bytes | memoryview) -> None:
    """Check size and finiteness of a packed pose. Where it may be is the room's business.

    Raises:
        ProtocolError: wrong size, flags that don't match it, or NaN or infinity.
    """
    size = len(packed)
    if size not in (POSE_HEAD.size, POSE_HEAD.size + POSE_HANDS.size):
        raise ProtocolError(ErrorCode.WRONG_TYPE, "A packed pose has 20 bytes, or 40 with hands.")
    _sequence, flags, _epoch, x, y, z, _rotation = POSE_HEAD.unpack_from(packed)
    if bool(flags & PoseFlag.HANDS) != (size > POSE_HEAD.size):
        raise ProtocolError(ErrorCode.WRONG_TYPE, "The flag for hands and the size of the pose disagree.")
    if not (math.isfinite(x) and math.isfinite(y) and math.isfinite(z)):
        raise ProtocolError(ErrorCode.NOT_FINITE, "The position is not finite.")
