"""How often: a token bucket for each address or person, of those who came lately."""

from __future__ import annotations

from collections import OrderedDict
from typing import Final

from world.limits import Bucket, Rate

CAPACITY: Final = 20_000
"""Buckets that are kept. Who is pushed out starts with a full one, so this is far above what one box serves."""


class Rates:
    """One rate, counted by name."""

    def __init__(self, rate: Rate, capacity: int = CAPACITY) -> None:
        self._rate = rate
        self._capacity = capacity
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()

    @property
    def wait_s(self) -> int:
        """After how long one more is allowed, at the latest."""
        return max(1, round(1 / self._rate.per_s))

    def take(self, name: str, now_s: float) -> bool:
        """Whether one more is allowed."""
        bucket = self._buckets.get(name)
        if bucket is None:
            bucket = self._buckets[name] = Bucket(self._rate, now_s)
            if len(self._buckets) > self._capacity:
                self._buckets.popitem(last=False)
        self._buckets.move_to_end(name)
        return bucket.take(now_s)
