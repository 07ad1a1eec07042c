"""The twelve shops of the sample alley, one module per craft."""

from __future__ import annotations

from typing import Final

from yokocho.demo.crafts import (
    baskets,
    books,
    candles,
    chimes,
    indigo,
    knives,
    lanterns,
    miso,
    pottery,
    tea,
    toys,
    umbrellas,
)
from yokocho.demo.stalls import Craft

CRAFTS: Final[tuple[Craft, ...]] = (
    lanterns.CRAFT,
    pottery.CRAFT,
    knives.CRAFT,
    baskets.CRAFT,
    books.CRAFT,
    tea.CRAFT,
    toys.CRAFT,
    chimes.CRAFT,
    candles.CRAFT,
    indigo.CRAFT,
    umbrellas.CRAFT,
    miso.CRAFT,
)
