"""A tick's `Poses` messages as bytes, ready to be sent.

Theory. Hundreds of frames are made on every tick, and each is the same few bytes around records that are packed
already. So all of them are made at once, by numpy: what goes in front of a cell's records fills whole records of its
own (padded on the left), what comes behind them begins one more, and one `take` writes everything out, cell after cell.
A frame is a slice of that memory.

Each frame carries the header of its WebSocket message (RFC 6455 section 5.2: binary, whole, not masked), so that nobody
has to copy it once more; `payload_of` is the message without it. Cells that are unlike the others (crowded, or with
hands) and viewers who hide from somebody get frames of their own.
"""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from world.grid import Grid, expand
from world.interest import RAW_HEAD, Hearing, without
from world.packed import HEAD_RECORD
from world.presence import Sight

Frame: TypeAlias = tuple[list[int], memoryview]
"""Slots of viewers, and what each of them is sent."""

_POSES: Final = b"\x96\x21"
"""An array of six, type 33; the clock, the place, heads and hands follow."""

_NO_HANDS: Final = b"\xc4\x00"
_BIN_16: Final = b"\xc5"
_BIN_16_BYTES: Final = 3
_WS_BINARY: Final = 0x82
_WS_EXTENDED: Final = 126
_WS_SHORT_BYTES: Final = 2
_WS_LONG_BYTES: Final = 4
_RECORD_BYTES: Final = HEAD_RECORD.itemsize


def payload_of(frame: memoryview) -> memoryview:
    """The message in a frame."""
    return frame[_WS_SHORT_BYTES if frame[1] < _WS_EXTENDED else _WS_LONG_BYTES :]


class FrameMaker:
    """Turns what cells hear into frames for visitors."""

    def __init__(self, grid: Grid) -> None:
        self._places = _places(grid)

    def make(self, hearing: Hearing, clock_ms: int, sight: Sight) -> list[Frame]:
        """Frames and the slots that get them."""
        start = _POSES + _clock(clock_ms)
        frames = self._shared(hearing, start) if len(hearing.cells) else []
        for cell, viewers, heads, hands in hearing.apart:
            front = start + self._places[cell].tobytes()
            frames.append((viewers, _frame(front + _bin(heads) + _bin(hands))))
        return _hide(frames, len(start) + self._places.shape[1], sight) if sight.any_hidden else frames

    def _shared(self, hearing: Hearing, start: bytes) -> list[Frame]:
        heads_bytes = hearing.counts * _RECORD_BYTES
        headers, begins = self._headers(hearing.cells, heads_bytes, start)
        count, width = headers.shape
        in_records = width // _RECORD_BYTES
        tail = np.frombuffer(_NO_HANDS.ljust(_RECORD_BYTES, b"\0"), RAW_HEAD)
        table = np.concatenate((hearing.records, headers.reshape(-1).view(RAW_HEAD), tail))
        front = len(hearing.records) + in_records * np.arange(count, dtype=np.int32)[:, None]
        back = np.full((count, 1), len(table) - 1, np.int32)
        first = np.concatenate((front, hearing.first_runs, back), axis=1)
        end = np.concatenate((front + in_records, hearing.end_runs, back + 1), axis=1)
        everything = memoryview(table.take(expand(first, end)[0]).view(np.uint8))  # type: ignore[arg-type]
        spans = heads_bytes + (width + _RECORD_BYTES)
        ends = spans.cumsum()
        begin = (ends - spans + begins).tolist()
        stop = (ends - (_RECORD_BYTES - len(_NO_HANDS))).tolist()
        return [(viewers, everything[a:b]) for viewers, a, b in zip(hearing.viewers, begin, stop, strict=True)]

    def _headers(
        self, cells: NDArray[np.int32], heads_bytes: NDArray[np.intp], start: bytes
    ) -> tuple[NDArray[np.uint8], NDArray[np.intp]]:
        """What goes in front of each cell's heads, aligned to the right in whole records, and where it begins."""
        places = self._places.take(cells, axis=0)
        front = len(start) + places.shape[1] + _BIN_16_BYTES
        width = -(-(_WS_LONG_BYTES + front) // _RECORD_BYTES) * _RECORD_BYTES
        at = width - front
        headers = np.zeros((len(cells), width), np.uint8)
        headers[:, at : at + len(start)] = np.frombuffer(start, np.uint8)
        headers[:, at + len(start) : -_BIN_16_BYTES] = places
        headers[:, -_BIN_16_BYTES] = _BIN_16[0]
        headers[:, -2:] = _big_endian(heads_bytes, ">u2")
        size = front + heads_bytes + len(_NO_HANDS)
        is_short = size < _WS_EXTENDED
        headers[:, at - 4 : at - 2] = _WS_BINARY, _WS_EXTENDED
        headers[:, at - 2 : at] = _big_endian(size, ">u2")
        headers[is_short, at - 2] = _WS_BINARY
        return headers, at - np.where(is_short, _WS_SHORT_BYTES, _WS_LONG_BYTES)


def _places(grid: Grid) -> NDArray[np.uint8]:
    """Column and row of each cell as msgpack writes them, all of one width; shape (cells, bytes)."""
    row, column = np.divmod(np.arange(grid.columns * grid.rows), grid.columns)
    where = np.stack((column + grid.column_min, row + grid.row_min), axis=1)
    code, dtype = (0xD2, ">i4") if np.abs(where).max() >= 2**15 else (0xD1, ">i2")
    numbers = where.astype(dtype)
    places = np.full((*where.shape, 1 + numbers.itemsize), code, np.uint8)
    places[:, :, 1:] = numbers.view(np.uint8).reshape(*where.shape, -1)
    return places.reshape(len(where), -1)


def _hide(frames: list[Frame], heads_at: int, sight: Sight) -> list[Frame]:
    """The same frames, with one of their own, without them, for who hides from somebody."""
    told: list[Frame] = []
    for viewers, frame in frames:
        shared = [slot for slot in viewers if not sight.hides_anybody(slot)]
        if shared:
            told.append((shared, frame))
        if len(shared) == len(viewers):
            continue
        payload = bytes(payload_of(frame))
        heads, rest = _read_bin(payload, heads_at)
        hands, _ = _read_bin(payload, rest)
        for slot in viewers:
            if sight.hides_anybody(slot):
                kept, kept_hands = without(heads, hands, sight.hidden_from(slot))
                if kept:
                    told.append(([slot], _frame(payload[:heads_at] + _bin(kept) + _bin(kept_hands))))
    return told


def _frame(payload: bytes) -> memoryview:
    size = len(payload)
    header = bytes((_WS_BINARY, size)) if size < _WS_EXTENDED else b"\x82\x7e" + size.to_bytes(2, "big")
    return memoryview(header + payload)


def _bin(data: bytes) -> bytes:
    return _BIN_16 + len(data).to_bytes(2, "big") + data if data else _NO_HANDS


def _read_bin(payload: bytes, at: int) -> tuple[bytes, int]:
    """A `bin` that `_bin` wrote, and where it ends."""
    if payload[at : at + 1] == _BIN_16:
        begin = at + _BIN_16_BYTES
        end = begin + int.from_bytes(payload[at + 1 : begin], "big")
    else:
        begin = end = at + len(_NO_HANDS)
    return payload[begin:end], end


def _big_endian(numbers: NDArray[np.integer], dtype: str) -> NDArray[np.uint8]:
    """The bytes of numbers, one row each."""
    return numbers.astype(dtype).view(np.uint8).reshape(len(numbers), -1)


def _clock(milliseconds: int) -> bytes:
    """Milliseconds as msgpack writes them; 32 bits are full after 50 days."""
    if milliseconds < 2**32:
        return b"\xce" + milliseconds.to_bytes(4, "big")
    return b"\xcf" + milliseconds.to_bytes(8, "big")
