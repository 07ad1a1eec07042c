"""Rotations survive 32 bits, and any 32 bits are a rotation."""

from __future__ import annotations

import math

from hypothesis import assume, example, given
from hypothesis import strategies as st

from world.rotation import facing, pack_rotation, unpack_rotation, yaw_of
from world.scene import Quat

parts = st.floats(-1.0, 1.0)


def _angle_rad(one: Quat, other: Quat) -> float:
    """By the chord: the arc cosine of a dot product near 1 is too coarse."""
    same = math.sqrt(sum((a - b) ** 2 for a, b in zip(one, other, strict=True)))
    opposite = math.sqrt(sum((a + b) ** 2 for a, b in zip(one, other, strict=True)))
    return 4 * math.asin(min(1.0, min(same, opposite) / 2))


@given(parts, parts, parts, parts)
@example(0.0, 0.0, 0.0, -1.0)
@example(0.5, 0.5, 0.5, 0.5)
@example(-0.5, 0.5, -0.5, 0.5)
def test_packing_turns_by_less_than_a_third_of_a_degree(x: float, y: float, z: float, w: float) -> None:
    norm = math.hypot(x, y, z, w)
    assume(norm > 1e-3)
    rotation = (x / norm, y / norm, z / norm, w / norm)
    packed = pack_rotation(rotation)
    assert 0 <= packed < 2**32
    assert _angle_rad(unpack_rotation(packed), rotation) < math.radians(0.3)


@given(st.integers(0, 2**32 - 1))
def test_any_bits_are_a_unit_quaternion(packed: int) -> None:
    rotation = unpack_rotation(packed)
    assert all(map(math.isfinite, rotation))
    assert math.isclose(math.hypot(*rotation), 1.0, abs_tol=1e-9)


@given(parts, parts, parts, parts)
def test_packing_settles(x: float, y: float, z: float, w: float) -> None:
    norm = math.hypot(x, y, z, w)
    assume(norm > 1e-3)
    once = unpack_rotation(pack_rotation((x / norm, y / norm, z / norm, w / norm)))
    again = unpack_rotation(pack_rotation(once))
    assert _angle_rad(once, again) < math.radians(0.3)


@given(st.floats(-3.1, 3.1), st.floats(-1.4, 1.4))
def test_the_yaw_of_who_looks_up_or_down_is_found(yaw_rad: float, pitch_rad: float) -> None:
    _, y, _, w = facing(yaw_rad)
    sine, cosine = math.sin(pitch_rad / 2), math.cos(pitch_rad / 2)
    assert math.isclose(yaw_of((w * sine, y * cosine, -y * sine, w * cosine)), yaw_rad, abs_tol=1e-6)


@given(st.floats(-10.0, 10.0))
def test_facing_turns_left_from_minus_z(yaw_rad: float) -> None:
    x, y, z, w = facing(yaw_rad)
    forward_x = -2 * (x * z + w * y)
    forward_z = -(1 - 2 * (x * x + y * y))
    assert math.isclose(forward_x, -math.sin(yaw_rad), abs_tol=1e-9)
    assert math.isclose(forward_z, -math.cos(yaw_rad), abs_tol=1e-9)
