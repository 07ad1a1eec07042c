"""What all house rules share: the store, the view of it in memory, and the order of changes.

Theory. A rule such as "nobody removes the last operator" is checked against the view and then written; two such changes
at once could both pass. So changes of rights and restrictions go one after another, under one lock: check, commit, then
the view, then everybody who wants to know (`on_change`). A caller who gives up half way does not stop a change that has
begun: otherwise the view would miss what the disk has.
"""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from yokocho.people.view import View
from yokocho.store.store import Store
from yokocho.store.tombstones import Tombstones
from yokocho.store.writer import Job

T = TypeVar("T")
P = ParamSpec("P")


class Ledger:
    """The shared parts. `now_us` is the time of day, `new_code` makes secrets for links."""

    def __init__(
        self,
        store: Store,
        view: View,
        tombstones: Tombstones,
        *,
        now_us: Callable[[], int],
        new_code: Callable[[], str],
    ) -> None:
        self.store = store
        self.view = view
        self.tombstones = tombstones
        self.now_us = now_us
        self.new_code = new_code
        self.on_change: list[Callable[[str | None], None]] = []
        self.lock = asyncio.Lock()
        self._under_way: set[asyncio.Task[Any]] = set()

    async def write(self, job: Job[T]) -> T:
        """Run a job in a transaction; returns once it is committed."""
        return await self.store.write(job)

    async def read(self, job: Job[T]) -> T:
        """Run a job that only reads."""
        return await self.store.read(job)

    def changed(self, did: str | None) -> None:
        """Tell everybody that something about a person, or about everybody, is different."""
        for callback in self.on_change:
            callback(did)

    async def finish(self, work: Coroutine[Any, Any, T]) -> T:
        """Run a change to its end, whether the caller waits or not."""
        task = asyncio.ensure_future(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return await asyncio.shield(task)


class HasLedger(Protocol):
    """A part of the house rules."""

    @property
    def ledger(self) -> Ledger:
        """What all parts share."""
        ...


Self_ = TypeVar("Self_", bound=HasLedger)


def one_at_a_time(
    method: Callable[Concatenate[Self_, P], Coroutine[Any, Any, T]],
) -> Callable[Concatenate[Self_, P], Awaitable[T]]:
    """A change that goes alone and to its end."""

    @functools.wraps(method)
    async def changing(self: Self_, /, *args: P.args, **kwargs: P.kwargs) -> T:
        async def alone() -> T:
            async with self.ledger.lock:
                return await method(self, *args, **kwargs)

        return await self.ledger.finish(alone())

    return changing
