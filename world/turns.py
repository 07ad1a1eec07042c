"""What a crowded cell hears: the nearest at full rate, the next at half the rate, everyone else in turns.

Theory. A cell whose frame would break the byte budget becomes *crowded* and stays so for a second after the last time,
because a budget that is broken on some ticks only would make the turns of these ticks meet the plan of the others, and
somebody could miss both. A crowded cell remembers when it last heard whom. Each tick it hears those who move or have
not been heard for a while: first the nearest, then the next nearest unless they were heard on the tick before, then the
others, longest silent first. So who is silent grows old, and who is oldest is heard: nobody waits longer than it takes
to hear everyone else once.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from world.grid import Grid, Occupancy, expand
from world.packed import HANDS_RECORD, HEAD_RECORD, MAX_SLOTS

if TYPE_CHECKING:
    from world.interest import Crowd, InterestConfig

FULL_SHARE: Final = 0.3
HALF_SHARE: Final = 0.3
HANDS_SHARE: Final = 0.2
"""How the budget is divided: each tick, every other tick (the rest is for turns), and for hands."""

_LONG_AGO: Final = -(2**30)


@dataclass(slots=True)
class _Memory:
    """What one crowded cell remembers."""

    until_tick: int
    heard_at: NDArray[np.int32] = field(default_factory=lambda: np.full(MAX_SLOTS, _LONG_AGO, np.int32))


class Turns:
    """The crowded cells of one room."""

    def __init__(self, grid: Grid, config: InterestConfig) -> None:
        self._grid = grid
        self._config = config
        self._memories: dict[int, _Memory] = {}
        self._repeat_ticks = config.far_every_ticks // 2

    @property
    def any_crowded(self) -> bool:
        """Whether any cell takes turns."""
        return bool(self._memories)

    def crowded(self, tick: int, cells: NDArray[np.int32], bytes_due: NDArray[np.intp]) -> set[int]:
        """Which of `cells`, who would hear so many bytes on this tick, have to take turns."""
        for cell in cells[bytes_due > self._config.budget_bytes_tick].tolist():
            until_tick = tick + self._config.far_every_ticks
            if cell in self._memories:
                self._memories[cell].until_tick = until_tick
            else:
                self._memories[cell] = _Memory(until_tick)
        if not self._memories:
            return set()
        for cell in [cell for cell, memory in self._memories.items() if memory.until_tick < tick]:
            del self._memories[cell]
        return set(self._memories)

    def select(self, tick: int, cell: int, crowd: Crowd, everyone: Occupancy) -> tuple[bytes, bytes]:
        """Packed heads and hands for one crowded cell, together within the budget."""
        heard_at = self._memories[cell].heard_at
        runs = everyone.around(np.asarray([cell], np.int32), self._config.far_cells)
        candidates, _ = expand(*runs)
        silent_ticks = tick - heard_at[crowd.slots[candidates]]
        due = crowd.moving[candidates] | crowd.turned[candidates] | (silent_ticks >= self._repeat_ticks)
        candidates, silent_ticks = candidates[due], silent_ticks[due]
        by_distance = np.argsort(self._distance(cell, crowd, candidates), kind="stable")
        candidates, silent_ticks = candidates[by_distance], silent_ticks[by_distance]

        budget = self._config.budget_bytes_tick
        hands_room = 0
        if crowd.has_hands[candidates].any():
            hands_room = int(budget * HANDS_SHARE) // HANDS_RECORD.itemsize
        room = (budget - hands_room * HANDS_RECORD.itemsize) // HEAD_RECORD.itemsize
        full, half = int(room * FULL_SHARE), int(room * HALF_SHARE)
        nearest = candidates[:full]
        rested = full + np.flatnonzero(silent_ticks[full : full + 2 * half] > 1)[:half]
        beyond = full + 2 * half + _longest(silent_ticks[full + 2 * half :], room - full - len(rested))
        chosen = np.concatenate((nearest, candidates[rested], candidates[beyond]))
        heard_at[crowd.slots[chosen]] = tick
        with_hands = nearest[crowd.has_hands[nearest]][:hands_room]
        return crowd.heads[chosen].tobytes(), crowd.hands[with_hands].tobytes()

    def _distance(self, cell: int, crowd: Crowd, indices: NDArray[np.intp]) -> NDArray[np.float64]:
        """Squared distance from the cell's square, so that it is right for every viewer in it; metres²."""
        column, row = self._grid.column_row(cell)
        half = self._grid.cell_m / 2
        outside_x = np.abs(crowd.x_m[indices] - (column * self._grid.cell_m + half)) - half
        outside_z = np.abs(crowd.z_m[indices] - (row * self._grid.cell_m + half)) - half
        squared: NDArray[np.float64] = np.maximum(outside_x, 0.0) ** 2 + np.maximum(outside_z, 0.0) ** 2
        return squared


def _longest(silent_ticks: NDArray[np.int32], count: int) -> NDArray[np.intp]:
    """Where the `count` largest are."""
    if len(silent_ticks) <= count:
        return np.arange(len(silent_ticks))
    return np.argpartition(-silent_ticks, count)[:count]
