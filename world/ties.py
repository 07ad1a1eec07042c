"""Who mutes or blocks whom, for the life of a room, whether they are here or not.

Theory. What somebody wants of another belongs to the person and not to a visit: whoever is blocked can't shake it off
by coming in again, and whoever blocked finds it as it was. Both sides of a tie are kept: what a person wants, and who
blocks them. Of those who are gone only so many are remembered, the longest gone are forgotten first.
"""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Iterator
from typing import Final, TypeAlias

from world.wire import Relation

Wishes: TypeAlias = dict[str, tuple[str, Relation]]
"""Visitor id to the name at that time and what is wanted."""

ABSENT_MAX: Final = 10_000


class Ties:
    """All ties of a room."""

    def __init__(self, absent_max: int = ABSENT_MAX) -> None:
        self._absent_max = absent_max
        self._wishes: dict[str, Wishes] = {}
        self._blockers: defaultdict[str, set[str]] = defaultdict(set)
        self._absent: OrderedDict[str, None] = OrderedDict()

    def arrive(self, visitor_id: str) -> tuple[Wishes, set[str]]:
        """Somebody is here: what they want of others, and who blocks them. Both stay up to date."""
        self._absent.pop(visitor_id, None)
        return self._wishes.setdefault(visitor_id, {}), self._blockers[visitor_id]

    def leave(self, visitor_id: str) -> None:
        """Somebody is gone."""
        if not self._blockers[visitor_id]:
            del self._blockers[visitor_id]
        if not self._wishes.get(visitor_id):
            self._wishes.pop(visitor_id, None)
            return
        self._absent[visitor_id] = None
        while len(self._absent) > self._absent_max:
            self._forget(self._absent.popitem(last=False)[0])

    def want(self, visitor_id: str, other: str, name: str, relation: Relation) -> None:
        """Somebody wants something of another, or nothing any more."""
        wishes = self._wishes.setdefault(visitor_id, {})
        if relation == Relation.NONE:
            wishes.pop(other, None)
        else:
            wishes[other] = name, relation
        if relation == Relation.BLOCK:
            self._blockers[other].add(visitor_id)
        elif other in self._blockers:
            self._blockers[other].discard(visitor_id)

    def absent(self) -> Iterator[tuple[str, Wishes]]:
        """What those want who are gone, the longest gone first."""
        for visitor_id in self._absent:
            yield visitor_id, self._wishes[visitor_id]

    def _forget(self, visitor_id: str) -> None:
        for other in self._wishes.pop(visitor_id):
            blockers = self._blockers.get(other)
            if blockers is not None:
                blockers.discard(visitor_id)
