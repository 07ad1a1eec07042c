"""A crowd of bots: let them in one after the other, call them back, and say what they sent and heard."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from yokocho.bots.alley import Alley
from yokocho.bots.line import Tally
from yokocho.bots.passport import origin_of_socket
from yokocho.bots.visitor import Stroller
from yokocho.errors import BotsError

ARRIVE_PER_S: Final = 20.0
"""Bots come in at this rate: a crowd that arrives in one instant is no crowd that one meets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BotsPlan:
    """How many go where, and for how long."""

    count: int
    url: str
    origin: str | None = None
    seconds: float | None = None
    seed: int = 1
    poses_hz: float = 10.0
    until_stdin_closes: bool = False


async def run_bots(plan: BotsPlan) -> str:
    """Let the bots stroll; gives the report as JSON.

    Raises:
        BotsError: the address is none, or nobody could get in.
    """
    origin = plan.origin or _origin_of(plan.url)
    if not 0.5 <= plan.poses_hz <= 20:
        raise BotsError("Poses go out 0.5 to 20 times a second.")
    alley, tally = Alley(), Tally()
    began_s = time.monotonic()
    strolls: set[asyncio.Task[None]] = set()
    async with _end_of(plan) as ended:
        arriving = asyncio.create_task(_let_in(plan, origin, alley, tally, strolls))
        try:
            await asyncio.wait({ended, arriving}, return_when=asyncio.FIRST_COMPLETED)
            while strolls and not ended.done():
                await asyncio.wait({ended, *strolls}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            leaving = [arriving, *strolls]
            for task in leaving:
                task.cancel()
            await asyncio.gather(*leaving, return_exceptions=True)
    if not alley.residents:
        reasons = ", ".join(f"{reason} ({count})" for reason, count in tally.errors.most_common(3))
        raise BotsError(f"Nobody could get in at {plan.url}: {reasons or 'no answer'}.")
    return msgspec.json.encode(_report(plan, tally, time.monotonic() - began_s)).decode()


async def _let_in(plan: BotsPlan, origin: str, alley: Alley, tally: Tally, strolls: set[asyncio.Task[None]]) -> None:
    for number in range(plan.count):
        stroller = Stroller(number, plan.seed, plan.url, origin, alley, tally, plan.poses_hz)
        task = asyncio.create_task(stroller.live())
        strolls.add(task)
        task.add_done_callback(strolls.discard)
        await asyncio.sleep(1 / ARRIVE_PER_S)


@contextlib.asynccontextmanager
async def _end_of(plan: BotsPlan) -> AsyncIterator[asyncio.Future[None]]:
    """Done when the time is up, when a signal comes, or when whoever started us is gone."""
    loop = asyncio.get_running_loop()
    ended: asyncio.Future[None] = loop.create_future()

    def end() -> None:
        if not ended.done():
            ended.set_result(None)

    timer = loop.call_later(plan.seconds, end) if plan.seconds is not None else None
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, end)
    if plan.until_stdin_closes:
        loop.add_reader(sys.stdin.fileno(), lambda: None if sys.stdin.buffer.read1(4096) else end())  # type: ignore[union-attr]
    try:
        yield ended
    finally:
        if timer is not None:
            timer.cancel()
        if plan.until_stdin_closes:
            loop.remove_reader(sys.stdin.fileno())
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)


def _origin_of(url: str) -> str:
    """The page's origin that belongs to a socket's address."""
    try:
        return origin_of_socket(url)
    except ValueError:
        raise BotsError(f"The alley's socket is an address such as ws://127.0.0.1:8080/live, not {url}.") from None


def _report(plan: BotsPlan, tally: Tally, seconds: float) -> dict[str, Any]:
    trips = sorted(tally.round_trips_ms)
    return {
        "visitors": plan.count,
        "seconds": round(seconds, 3),
        "sent": tally.sent,
        "heard": tally.heard,
        "events": tally.events,
        "chats": tally.chats,
        "frames": tally.frames,
        "bytes_in": tally.bytes_in,
        "gaps": tally.gaps,
        "connects": tally.connects,
        "resumed": tally.resumed,
        "round_trip_ms": {"p50": _at(trips, 0.5), "p99": _at(trips, 0.99)},
        "errors": dict(tally.errors),
    }


def _at(ordered: list[float], share: float) -> float | None:
    return round(ordered[min(len(ordered) - 1, int(len(ordered) * share))], 2) if ordered else None
