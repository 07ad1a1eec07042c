"""How often the interpreter looks for objects that hold each other.

Theory. What visitors leave behind is freed by counting references; cycles are rare. But whoever walks makes events, and
they live for some seconds, so that by the interpreter's own measure there is a lot to look through: with 1000 visitors
it went through everything every six seconds, for 30 ms, in the middle of a tick. What was imported is set aside for
good, and the oldest objects are looked through every few minutes instead.
"""

from __future__ import annotations

import gc
from typing import Final

_THRESHOLDS: Final = (3_000, 5, 100)
"""So many new objects, and so many rounds of each generation before the next older one's."""


def settle() -> None:
    """Everything there is now stays; look for garbage seldom from now on."""
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)
    gc.enable()
