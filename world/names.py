"""What people are called in one room, so that nobody can be taken for somebody else.

Theory. Two names are alike when their skeletons are equal: characters that look alike stand for one prototype
(UTS #39), and neither case nor spaces count. A name belongs to whoever came with it first; names of stalls and their
makers belong to the alley. Nobody is turned away for a name: the later one keeps theirs with a mark behind it, the
first digits of the fingerprint of their identity, as in "Aiko · 48213". The mark can be compared with the fingerprint
on a person's page, and it can't be chosen.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Final

from world.confusables import PROTOTYPES
from world.wire import MAX_NAME_CHARS

_MARK: Final = " · "


def skeleton(name: str) -> str:
    """What is left of a name for eyes that don't look closely."""
    text = _prototypes(_prototypes(name).casefold()).casefold()
    # A capital I looks like an l, and case does not count.
    return "".join(text.split()).replace("i", "l")


def _prototypes(text: str) -> str:
    return unicodedata.normalize("NFD", unicodedata.normalize("NFD", text).translate(PROTOTYPES))


class Names:
    """Who is called what now. `reserved` are the names of the alley's stalls and their makers."""

    def __init__(self, reserved: Iterable[str]) -> None:
        self._reserved: Final = frozenset(map(skeleton, reserved))
        self._holders: dict[str, str] = {}
        self._held: dict[str, str] = {}

    def take(self, visitor_id: str, name: str, fingerprint: str, *, is_trusted: bool) -> str:
        """Give somebody a name; returns it as it is shown. Their former one is free.

        Args:
            visitor_id: who wants it.
            name: what they want to be called, clean.
            fingerprint: groups of digits or letters, separated by spaces.
            is_trusted: whether they may be called as a stall or its maker.
        """
        self.release(visitor_id)
        groups = fingerprint.split()
        shown = name
        for count in range(1, len(groups) + 1):
            if self._is_free(shown, is_trusted=is_trusted):
                break
            mark = _MARK + " ".join(groups[:count])
            shown = name[: MAX_NAME_CHARS - len(mark)].rstrip() + mark
        self.hold(visitor_id, shown)
        return shown

    def hold(self, visitor_id: str, shown: str) -> None:
        """Somebody is called so already."""
        key = skeleton(shown)
        self._holders.setdefault(key, visitor_id)
        self._held[visitor_id] = key

    def release(self, visitor_id: str) -> None:
        """Somebody gave their name up."""
        key = self._held.pop(visitor_id, None)
        if key is not None and self._holders.get(key) == visitor_id:
            del self._holders[key]

    def _is_free(self, shown: str, *, is_trusted: bool) -> bool:
        key = skeleton(shown)
        return key not in self._holders and (is_trusted or key not in self._reserved)
