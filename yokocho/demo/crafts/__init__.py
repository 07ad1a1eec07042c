"""The twelve shops of the sample alley, one module per craft."""

from __future__ import annotations

from typing import Final

from yokocho.demo.crafts.baskets import CRAFT as BASKETS
from yokocho.demo.crafts.books import CRAFT as BOOKS
from yokocho.demo.crafts.candles import CRAFT as CANDLES
from yokocho.demo.crafts.chimes import CRAFT as CHIMES
from yokocho.demo.crafts.indigo import CRAFT as INDIGO
from yokocho.demo.crafts.knives import CRAFT as KNIVES
from yokocho.demo.crafts.lanterns import CRAFT as LANTERNS
from yokocho.demo.crafts.miso import CRAFT as MISO
from yokocho.demo.crafts.pottery import CRAFT as POTTERY
from yokocho.demo.crafts.tea import CRAFT as TEA
from yokocho.demo.crafts.toys import CRAFT as TOYS
from yokocho.demo.crafts.umbrellas import CRAFT as UMBRELLAS
from yokocho.demo.stalls import Craft

CRAFTS: Final[tuple[Craft, ...]] = (
    LANTERNS,
    POTTERY,
    KNIVES,
    BASKETS,
    BOOKS,
    TEA,
    TOYS,
    CHIMES,
    CANDLES,
    INDIGO,
    UMBRELLAS,
    MISO,
)
