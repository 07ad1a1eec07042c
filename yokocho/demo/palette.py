"""Colours of the street. Written as screen colours, kept as linear light.

One street, one palette: cool dark timber and plaster for what stands outside, warm paper light for what lies inside,
one strong cloth colour per shop.
"""

from __future__ import annotations

from typing import Final

from yokocho.demo.mesh import Rgb


def _linear(channel: int) -> float:
    value = channel / 255
    return float(value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4)


def srgb(code: int) -> Rgb:
    """A screen colour 0xRRGGBB as linear RGB."""
    return _linear(code >> 16 & 255), _linear(code >> 8 & 255), _linear(code & 255)


def mix(a: Rgb, b: Rgb, share: float) -> Rgb:
    """From `a` (0) to `b` (1)."""
    return tuple(x + (y - x) * share for x, y in zip(a, b, strict=True))  # type: ignore[return-value]


CEDAR: Final = srgb(0x5E4D42)
CEDAR_DARK: Final = srgb(0x40372F)
CEDAR_LIGHT: Final = srgb(0xA57C52)
CHARRED: Final = srgb(0x35312F)
HINOKI: Final = srgb(0xD9B98A)
CHERRY: Final = srgb(0x8A6248)
BAMBOO: Final = srgb(0xC9B06A)
BAMBOO_GREEN: Final = srgb(0x8C9A4E)
BAMBOO_SMOKED: Final = srgb(0x7A4B2C)
PLASTER: Final = srgb(0xC8BBA4)
PLASTER_OCHRE: Final = srgb(0xB49368)
PLASTER_GREY: Final = srgb(0x8D8A88)
PAPER: Final = srgb(0xF3E7CF)
TILE: Final = srgb(0x4A505C)
STONE: Final = srgb(0x76767A)
STONE_DARK: Final = srgb(0x55565C)
IRON: Final = srgb(0x2B2B2E)
BRASS: Final = srgb(0xC89B4B)
STEEL: Final = srgb(0xC9CCD0)
LACQUER_RED: Final = srgb(0xA62B20)
LACQUER_BLACK: Final = srgb(0x1A1715)
LEAF: Final = srgb(0x5B7A3A)
MAPLE: Final = srgb(0xC6492B)
STRAW: Final = srgb(0xCDB077)
WAX: Final = srgb(0xF1E2C0)

INDIGO: Final = 0x28407A
MADDER: Final = 0x8E2F2F
MOSS: Final = 0x4F6B3A
OCHRE: Final = 0xB9822F

LAMP: Final = srgb(0xFFB169)
LAMP_PALE: Final = srgb(0xFFD9A0)
LAMP_RED: Final = srgb(0xFF6A3C)
