"""Who sees whom: what each viewer knows, what they should know, and the difference.

`known[viewer, source]` is what the viewer has been told. Once a second, a share of the viewers at a time, the rows that
are due are compared with what the cells say; the difference is told and becomes the new row. Whoever arrives, jumps or
forgives is looked at on the next tick, together with everyone around, so that neighbours meet at once.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from world.grid import Grid
from world.interest import InterestConfig, within_far

EVERY_TICKS: Final = 4
"""A comparison of a few viewers costs nearly as much as one of many, so not every tick has one."""

_NOBODY: Final = np.zeros(0, np.intp)
_NO_CELL: Final = np.iinfo(np.int64).min


class Changes(NamedTuple):
    """Who came into whose sight, and who went out of it.

    `came[came_at[i] : came_at[i + 1]]` are the slots that `viewers[i]` sees now and did not see before.
    """

    viewers: list[int]
    came: NDArray[np.intp]
    came_at: list[int]
    went: NDArray[np.intp]
    went_at: list[int]


class Sight:
    """The matrix of who knows whom in one room of `capacity` slots."""

    def __init__(self, capacity: int, grid: Grid, config: InterestConfig) -> None:
        self._grid = grid
        self._config = config
        self._known = np.zeros((capacity, capacity), np.bool_)
        self._hidden: dict[int, set[int]] = {}
        self._soon: set[int] = set()
        self._arrived: set[int] = set()
        self._scene_cells = np.full((capacity, 2), _NO_CELL)

    @property
    def any_hidden(self) -> bool:
        """Whether anybody is hidden from anybody."""
        return bool(self._hidden)

    def hides_anybody(self, slot: int) -> bool:
        """Whether somebody is hidden from this viewer."""
        return slot in self._hidden

    def hidden_from(self, slot: int) -> NDArray[np.uint32]:
        """The slots hidden from this viewer."""
        return np.fromiter(self._hidden[slot], np.uint32)

    def is_hidden(self, one: int, other: int) -> bool:
        """Whether two are hidden from each other."""
        return other in self._hidden.get(one, ())

    def viewers_of(self, slot: int) -> list[int]:
        """Everyone who knows a slot, its own visitor included only if told so."""
        viewers: list[int] = np.flatnonzero(self._known[:, slot]).tolist()
        return viewers

    def known_to(self, viewer: int) -> list[int]:
        """The slots that a viewer was told of."""
        known: list[int] = np.flatnonzero(self._known[viewer]).tolist()
        return known

    def recall(self, viewer: int, slots: list[int]) -> None:
        """A viewer was told of these slots before this matrix was made."""
        self._known[viewer, slots] = True

    def look_around(self, slot: int) -> None:
        """Compare this viewer and everyone who may see it on the next tick."""
        self._soon.add(slot)
        self._arrived.add(slot)

    def set_hidden(self, one: int, other: int, hide: bool) -> list[tuple[int, int]]:
        """Hide two from each other, or no longer; returns the (viewer, source) pairs that lost sight."""
        if not hide:
            for a, b in ((one, other), (other, one)):
                self._hidden.get(a, set()).discard(b)
                if not self._hidden.get(a):
                    self._hidden.pop(a, None)
            self._soon.update((one, other))
            return []
        lost = []
        for viewer, source in ((one, other), (other, one)):
            self._hidden.setdefault(viewer, set()).add(source)
            if self._known[viewer, source]:
                self._known[viewer, source] = False
                lost.append((viewer, source))
        return lost

    def forget(self, slot: int) -> None:
        """A slot is free again."""
        self._known[slot, :] = False
        self._known[:, slot] = False
        self._soon.discard(slot)
        self._arrived.discard(slot)
        self._scene_cells[slot] = _NO_CELL
        for other in self._hidden.pop(slot, ()):
            self._hidden[other].discard(slot)
            if not self._hidden[other]:
                del self._hidden[other]

    def forget_viewer(self, slot: int) -> None:
        """A viewer starts afresh: it knows nobody."""
        self._known[slot, :] = False
        self._scene_cells[slot] = _NO_CELL

    def due(self, viewing: NDArray[np.bool_], cells: NDArray[np.int32], tick: int) -> NDArray[np.intp]:
        """The viewers to compare on this tick: those whose turn it is, and those around an arrival."""
        rounds = self._config.far_every_ticks // EVERY_TICKS
        chosen = np.zeros(len(viewing), np.bool_)
        if tick % EVERY_TICKS == 0:
            chosen[tick // EVERY_TICKS % rounds :: rounds] = True
        elif not (self._soon or self._arrived):
            return _NOBODY
        if self._soon:
            chosen[list(self._soon)] = True
            self._soon.clear()
        if self._arrived:
            arrived = np.fromiter(self._arrived, np.intp)
            self._arrived.clear()
            viewers = viewing.nonzero()[0]
            chosen[viewers] |= within_far(self._grid, self._config, cells[viewers], cells[arrived]).any(axis=1)
        return (chosen & viewing).nonzero()[0]

    def changes(self, due: NDArray[np.intp], alive: NDArray[np.bool_], cells: NDArray[np.int32]) -> Changes:
        """Compare what due viewers know with what they should know; afterwards they know it."""
        present = alive.nonzero()[0]
        width = int(present[-1]) + 1 if len(present) else 0
        wanted = within_far(self._grid, self._config, cells[due], cells[:width])
        wanted &= alive[:width]
        wanted[np.arange(len(due)), due] = False
        if self._hidden:
            for i, viewer in enumerate(due.tolist()):
                wanted[i, list(self._hidden.get(viewer, ()))] = False
        rows, sources = np.divmod(np.flatnonzero(wanted != self._known[due, :width]), max(width, 1))
        self._known[due, :width] = wanted
        came = wanted[rows, sources]
        every = np.arange(len(due) + 1)
        return Changes(
            due.tolist(),
            sources[came],
            np.searchsorted(rows[came], every).tolist(),
            sources[~came],
            np.searchsorted(rows[~came], every).tolist(),
        )

    def moved_scene_cells(
        self, viewers: NDArray[np.intp], columns: NDArray[np.int64], rows: NDArray[np.int64]
    ) -> list[int]:
        """Which viewers stand in another scene cell than when last asked."""
        moved = (self._scene_cells[viewers, 0] != columns) | (self._scene_cells[viewers, 1] != rows)
        self._scene_cells[viewers, 0] = columns
        self._scene_cells[viewers, 1] = rows
        who: list[int] = viewers[moved].tolist()
        return who
