"""A tick's `Poses` messages as bytes.

Written by hand instead of with the encoder, because hundreds are made every tick and each is the same few bytes around
records that are packed already.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from world.grid import Grid
from world.interest import Heard, without
from world.packed import HEAD_RECORD
from world.presence import Sight

_START: Final = b"\x96\x21"
"""An array of six, type 33; the clock follows."""

_NO_HANDS: Final = b"\xc4\x00"


def bin_header(size_bytes: int) -> bytes:
    """What msgpack puts in front of a `bin` of less than 64 KB."""
    return b"\xc4" + size_bytes.to_bytes(1, "big") if size_bytes < 256 else b"\xc5" + size_bytes.to_bytes(2, "big")


def small_int(number: int) -> bytes:
    """A number of at most 32 bits as msgpack writes it."""
    if -32 <= number < 128:
        return (number & 0xFF).to_bytes(1, "big")
    if -(2**15) <= number < 2**15:
        return b"\xd1" + number.to_bytes(2, "big", signed=True)
    return b"\xd2" + number.to_bytes(4, "big", signed=True)


def clock(milliseconds: int) -> bytes:
    """Milliseconds as msgpack writes them; 32 bits are full after 50 days."""
    return (
        b"\xce" + milliseconds.to_bytes(4, "big") if milliseconds < 2**32 else b"\xcf" + milliseconds.to_bytes(8, "big")
    )


class FrameMaker:
    """Turns what cells hear into frames for visitors; knows each cell's place by heart."""

    def __init__(self, grid: Grid) -> None:
        self._places = _Places(grid)

    def make(self, cells: Iterable[Heard], clock_ms: int, sight: Sight) -> list[tuple[list[int], bytes]]:
        """Frames and the slots that get them. Who hides from somebody gets a frame of their own, without them."""
        start = _START + clock(clock_ms)
        places = self._places
        if not sight.any_hidden:
            return [(viewers, _join(start, places[cell], heads, hands)) for cell, viewers, heads, hands in cells]
        frames: list[tuple[list[int], bytes]] = []
        for cell, viewers, heads, hands in cells:
            shared = [slot for slot in viewers if not sight.hides_anybody(slot)]
            if shared:
                frames.append((shared, _join(start, places[cell], heads, hands)))
            for slot in viewers:
                if sight.hides_anybody(slot):
                    kept, kept_hands = without(heads, hands, sight.hidden_from(slot))
                    if kept:
                        frames.append(([slot], _join(start, places[cell], kept, kept_hands)))
        return frames


class _Places(dict[int, bytes]):
    """How each cell's column and row are written, found out when first asked."""

    def __init__(self, grid: Grid) -> None:
        super().__init__()
        self._grid = grid

    def __missing__(self, cell: int) -> bytes:
        column, row = self._grid.column_row(cell)
        place = self[cell] = small_int(column) + small_int(row)
        return place


_HEADERS: Final = tuple(bin_header(count * HEAD_RECORD.itemsize) for count in range(512))
"""In front of so many heads."""


def _join(start: bytes, place: bytes, heads: bytes, hands: bytes) -> bytes:
    count = len(heads) // HEAD_RECORD.itemsize
    header = _HEADERS[count] if count < len(_HEADERS) else bin_header(len(heads))
    if not hands:
        return b"".join((start, place, header, heads, _NO_HANDS))
    return b"".join((start, place, header, heads, bin_header(len(hands)), hands))
