"""A server that dies, or closes in good order, and comes back: everybody goes on where they were, without a reload."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from typing import Any, Final

import pytest
from playwright.async_api import expect

from tests.e2e.conftest import WITHOUT_WEBGL, OpenAlley, OpenPage
from tests.e2e.visitor import Place, Visitor, distance_m, place_of

AWAY: Final = re.compile("Reconnecting|cannot be reached")
RESTARTING: Final = re.compile("The server is restarting")
WATCH: Final = """
{
  window.seen = [];
  const { world } = __yokocho;
  const signs = ['status', 'welcome', 'enter', 'changed', 'gone', 'correct'];
  for (const sign of signs) world.on(sign, () => window.seen.push(sign));
}
"""
"""Notes whatever a visitor could see of a restart."""

LIVE: Final = "__yokocho.world.status.phase === 'live'"


@pytest.mark.parametrize("crash", [True, False], ids=["killed", "closed"])
async def test_everybody_comes_back(open_alley: OpenAlley, open_page: OpenPage, *, crash: bool) -> None:
    alley = open_alley()
    aiko = Visitor(await open_page(alley.url), "Aiko")
    bo = Visitor(await open_page(alley.url, before=WITHOUT_WEBGL), "Bo")
    await aiko.walk_in()
    await bo.walk_in()
    await aiko.page.locator("#view").focus()
    await aiko.hold("KeyW", 3.0)
    await aiko.say("Before the storm", alley=True)
    await bo.expect_heard("Aiko", "Before the storm")
    stood = {aiko: await aiko.standing(), bo: await bo.position()}
    for visitor in (aiko, bo):
        await visitor.page.evaluate("window.notReloaded = true")

    words = AWAY if crash else RESTARTING
    await asyncio.gather(
        asyncio.to_thread(alley.kill if crash else alley.stop),
        *(expect(visitor.page.get_by_text(words)).to_be_visible() for visitor in (aiko, bo)),
    )
    alley.start()
    await asyncio.gather(*(visitor.until(LIVE, "the connection came back", timeout_s=40) for visitor in (aiko, bo)))
    await aiko.expect_near("Bo")
    for visitor in (aiko, bo):
        await expect(visitor.page.get_by_text(re.compile(f"{AWAY.pattern}|{RESTARTING.pattern}"))).to_have_count(0)
        assert await visitor.page.evaluate("window.notReloaded") is True
        assert (await visitor.log().inner_text()).count("Before the storm") == 1
        there = stood[visitor]
        other = bo if visitor is aiko else aiko
        await other.until_sees(visitor.name, _stands_at(there), f"{visitor.name} is back where they stood")
        assert distance_m(await visitor.position(), there) < 0.5
    await aiko.say("Still here", alley=True)
    await bo.expect_heard("Aiko", "Still here")

    late = Visitor(await open_page(alley.url, before=WITHOUT_WEBGL), "Late")
    await late.walk_in()
    await late.expect_heard("Aiko", "Before the storm")


async def test_nobody_sees_an_update(open_alley: OpenAlley, open_page: OpenPage) -> None:
    alley = open_alley()
    aiko = Visitor(await open_page(alley.url), "Aiko")
    bo = Visitor(await open_page(alley.url, before=WITHOUT_WEBGL), "Bo")
    await aiko.walk_in()
    await bo.walk_in()
    await aiko.expect_near("Bo")
    for visitor in (aiko, bo):
        await visitor.page.evaluate(WATCH)
    await asyncio.to_thread(alley.take_over)
    await aiko.say("Same as ever", alley=True)
    await bo.expect_heard("Aiko", "Same as ever")
    await bo.say("Quite so")
    await aiko.expect_heard("Bo", "Quite so")
    for visitor in (aiko, bo):
        assert await visitor.page.evaluate("window.seen") == []
    await aiko.expect_near("Bo")


def _stands_at(place: Place) -> Callable[[dict[str, Any]], bool]:
    return lambda pose: distance_m(place_of(pose), place) < 0.5
