"""Who sees whom: what each viewer knows, what they should know, and the difference.

`known[viewer, source]` is what the viewer has been told. Once a second, each viewer on their own tick, the rows that
are due are compared with what the cells say; the difference is told and becomes the new row. Whoever arrives, jumps or
forgives is looked at on the next tick, together with everyone around, so that neighbours meet at once.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from world.grid import Grid
from world.interest import InterestConfig, within_far
from world.scene import CellKey


class Sight:
    """The matrix of who knows whom in one room of `capacity` slots."""

    def __init__(self, capacity: int, grid: Grid, config: InterestConfig) -> None:
        self._grid = grid
        self._config = config
        self._known = np.zeros((capacity, capacity), np.bool_)
        self._hidden: dict[int, set[int]] = {}
        self._soon: set[int] = set()
        self._arrived: set[int] = set()
        self._scene_cell: dict[int, CellKey] = {}

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
        self._scene_cell.pop(slot, None)
        for other in self._hidden.pop(slot, ()):
            self._hidden[other].discard(slot)
            if not self._hidden[other]:
                del self._hidden[other]

    def forget_viewer(self, slot: int) -> None:
        """A viewer starts afresh: it knows nobody."""
        self._known[slot, :] = False
        self._scene_cell.pop(slot, None)

    def due(self, viewing: NDArray[np.bool_], cells: NDArray[np.int32], tick: int) -> NDArray[np.intp]:
        """The viewers to compare on this tick: those whose turn it is, and those around an arrival."""
        every = self._config.far_every_ticks
        chosen = np.zeros(len(viewing), np.bool_)
        chosen[-tick % every :: every] = True
        if self._soon:
            chosen[list(self._soon)] = True
            self._soon.clear()
        if self._arrived:
            arrived = np.fromiter(self._arrived, np.intp)
            self._arrived.clear()
            viewers = np.flatnonzero(viewing)
            chosen[viewers] |= within_far(self._grid, self._config, cells[viewers], cells[arrived]).any(axis=1)
        return np.flatnonzero(chosen & viewing)

    def changes(
        self, due: NDArray[np.intp], alive: NDArray[np.bool_], cells: NDArray[np.int32]
    ) -> Iterator[tuple[int, list[int], list[int]]]:
        """For each due viewer whose sight changed: the viewer, who came into sight, who is out of sight."""
        present = np.flatnonzero(alive)
        if not len(due):
            return
        wanted = within_far(self._grid, self._config, cells[due], cells[present])
        wanted &= due[:, None] != present[None, :]
        for i, viewer in enumerate(due.tolist()):
            if viewer in self._hidden:
                wanted[i] &= ~np.isin(present, list(self._hidden[viewer]))
        known = self._known[np.ix_(due, present)]
        came_rows, came_columns = np.nonzero(wanted & ~known)
        went_rows, went_columns = np.nonzero(known & ~wanted)
        self._known[due[came_rows], present[came_columns]] = True
        self._known[due[went_rows], present[went_columns]] = False
        came, went = present[came_columns].tolist(), present[went_columns].tolist()
        # Rows are sorted, so a viewer's changes are one run of each list.
        every = np.arange(len(due) + 1)
        came_at = np.searchsorted(came_rows, every).tolist()
        went_at = np.searchsorted(went_rows, every).tolist()
        for i, viewer in enumerate(due.tolist()):
            entered, gone = came[came_at[i] : came_at[i + 1]], went[went_at[i] : went_at[i + 1]]
            if entered or gone:
                yield viewer, entered, gone

    def moved_scene_cell(self, viewer: int, cell: CellKey) -> bool:
        """Whether a viewer stands in another scene cell than when last asked."""
        if self._scene_cell.get(viewer) == cell:
            return False
        self._scene_cell[viewer] = cell
        return True
