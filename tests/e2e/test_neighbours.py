"""Two alleys next to each other: one walks from one into the other as the same person, by the page that is open."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.async_api import Locator, Page, expect

from tests.e2e.alley import Alley
from tests.e2e.conftest import WITHOUT_WEBGL, OpenPage, copy_of
from tests.e2e.test_accessibility import violations
from tests.e2e.test_headset import IWER
from tests.e2e.visitor import PATIENCE_MS, SOON_MS, Visitor
from tools.browsing import PUT_ON_A_HEADSET

HERE: Final = "a"
THERE: Final = "b"


ALL_IS_LOADED: Final = """(() => {
  const here = performance.getEntriesByType('resource').map(({ name }) => name).filter((name) => name.endsWith('.js'));
  const parts = ['people', 'settings_panel', 'exhibit', 'next_door'];
  return parts.every((part) => here.some((name) => name.includes(`/static/${part}-`)));
})()"""
"""What the street loads when it has nothing better to do; from then on it needs its own server for nothing."""


class Lane:
    """Two alleys, each of which may list the other."""

    def __init__(self, here: Alley, there: Alley) -> None:
        self.here = here
        self.there = there

    def open(self, *, lists: str = HERE + THERE) -> None:
        """Open both; `lists` says who lists the other."""
        if HERE in lists:
            self.here.configure(neighbours=self.there.url)
        if THERE in lists:
            self.there.configure(neighbours=self.here.url)
        self.here.start()
        self.there.start()

    @property
    def from_here(self) -> str:
        """What follows the names of those who are at home here."""
        return f"@127.0.0.1:{self.here.port}"


@pytest.fixture
def lane(sample_alley: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lane]:
    here, there = (Alley(copy_of(sample_alley, tmp_path_factory.mktemp(name) / "data")) for name in ("here", "there"))
    yield Lane(here, there)
    here.stop()
    there.stop()


def next_door(page: Page) -> Locator:
    """The part of the panel "Stalls" that tells of other alleys."""
    return page.get_by_role("region", name="Alleys next door")


async def see_next_door(visitor: Visitor) -> Locator:
    """Open the panel; done when the alleys next door have answered."""
    await visitor.open_panel("Stalls")
    part = next_door(visitor.page)
    await expect(part).to_be_visible(timeout=SOON_MS)
    await expect(part.get_by_text("Asking who is there…")).to_have_count(0, timeout=SOON_MS)
    return part


async def walk_over(visitor: Visitor, there: Alley) -> None:
    """Go next door and say yes to being known there; done when one stands there."""
    part = await see_next_door(visitor)
    await part.get_by_role("button", name="Go there").click()
    question = visitor.page.get_by_role("dialog")
    await expect(question.get_by_text(f"127.0.0.1:{there.port}")).to_be_visible()
    assert await violations(visitor.page) == []
    await question.get_by_role("button", name=re.compile("^Go to")).click()
    await visitor.until(f"__yokocho.world.origin === {there.url!r} && __yokocho.world.isPlaced", "the door opens")


async def own_id(visitor: Visitor) -> Any:
    """By what an alley calls somebody: it follows from their did."""
    return await visitor.page.evaluate("__yokocho.world.card.visitorId")


async def enter(open_page: OpenPage, alley: Alley, name: str, **options: Any) -> Visitor:
    """Somebody who walks into an alley."""
    visitor = Visitor(await open_page(alley.url, **options), name)
    await visitor.walk_in()
    return visitor


async def test_walk_next_door_and_back(lane: Lane, open_page: OpenPage) -> None:
    """The same person, picture and page; others there see where the visitor is from."""
    lane.open()
    ole = await enter(open_page, lane.there, "Ole", before=WITHOUT_WEBGL)
    hana = await enter(open_page, lane.here, "Hana")
    before = await own_id(hana)
    await hana.page.evaluate("window.samePage = true")
    await walk_over(hana, lane.there)
    await hana.expect_inside()
    assert await own_id(hana) == before
    assert await hana.page.evaluate("window.samePage")
    # Both alleys show the same files, but those of this one were asked for there.
    asked = "performance.getEntriesByType('resource').filter(({ name }) => name.startsWith(%r)).length"
    assert await hana.page.evaluate(asked % f"{lane.there.url}/assets/") > 0
    assert await hana.page.evaluate("__yokocho.stats().failedAssets") == 0
    await ole.expect_near(f"Hana{lane.from_here}")
    await hana.say("Good evening from next door", alley=True)
    await ole.expect_heard("Hana", "Good evening from next door")

    part = await see_next_door(hana)
    await part.get_by_role("button", name="Go back").click()
    await hana.until("__yokocho.world.origin === '' && __yokocho.world.isPlaced", "the way back is open")
    assert await own_id(hana) == before
    # Who was asked once is not asked again.
    part = await see_next_door(hana)
    await part.get_by_role("button", name="Go there").click()
    await hana.until(f"__yokocho.world.origin === {lane.there.url!r} && __yokocho.world.isPlaced", "there again")


async def test_a_headset_stays_on(lane: Lane, open_page: OpenPage) -> None:
    """From one alley into the other with head and hands, without taking anything off."""
    lane.open()
    ole = await enter(open_page, lane.here, "Ole", before=WITHOUT_WEBGL)
    hana = await enter(open_page, lane.here, "Hana", before=IWER.read_text(encoding="utf-8") + PUT_ON_A_HEADSET)
    await walk_over(hana, lane.there)
    await hana.expect_inside()
    await hana.page.get_by_role("button", name="Enter with the headset").click()
    await hana.until("!!__yokocho.engine.immersion && !!__yokocho.world.own.hands", "the headset is on")
    await hana.page.evaluate("{ window.worn = __yokocho.engine.immersion }")
    # Home needs no question; in the menu at the wrist it is a button.
    await hana.until("__yokocho.engine.hooks.ways().length", "the menu knows the way back")
    await hana.page.evaluate("__yokocho.engine.hooks.ways()[0].go()")
    await hana.until("__yokocho.world.origin === '' && __yokocho.world.isPlaced", "the way back is open")
    assert await hana.page.evaluate("window.worn === __yokocho.engine.immersion")
    await ole.until_sees("Hana", lambda pose: bool(pose["hands"]), "the hands came along")


async def test_enter_next_door_while_home_is_away(lane: Lane, open_page: OpenPage) -> None:
    """Nobody waits for the home: with it switched off, whoever has its page enters elsewhere."""
    lane.open()
    ole = await enter(open_page, lane.there, "Ole", before=WITHOUT_WEBGL)
    hana = await enter(open_page, lane.here, "Hana", before=WITHOUT_WEBGL)
    before = await own_id(hana)
    await see_next_door(hana)
    await hana.until(ALL_IS_LOADED, "the street has loaded its late parts", timeout_s=40.0)
    lane.here.kill()
    await expect(hana.page.locator(".status-says")).to_contain_text("Reconnecting", timeout=SOON_MS)
    await walk_over(hana, lane.there)
    assert await own_id(hana) == before
    await ole.expect_near("Hana")
    # Who can't be asked has not said that she is at home there.
    people = await ole.open_panel("People")
    await expect(people.get_by_role("listitem").filter(has_text=lane.from_here)).to_have_count(0)
    # Home is still to be seen as a place to go back to, and stays silent when somebody knocks.
    part = await see_next_door(hana)
    await part.get_by_role("button", name="Go back").click()
    await expect(part.get_by_text("You are still here:")).to_be_visible(timeout=SOON_MS)
    assert await hana.page.evaluate("__yokocho.world.status.phase") == "live"


async def test_an_alley_that_lists_nobody_says_so(lane: Lane, open_page: OpenPage) -> None:
    """What is refused is told in words, and one stays where one is."""
    lane.open(lists=HERE)
    hana = await enter(open_page, lane.here, "Hana", before=WITHOUT_WEBGL)
    part = await see_next_door(hana)
    await expect(part.get_by_text("Takes no visitors from here.")).to_be_visible()
    await expect(part.get_by_role("button")).to_have_count(0)
    assert await hana.page.evaluate("__yokocho.world.status.phase") == "live"
    await hana.page.goto(f"{lane.here.url}/enter#to={lane.there.url}")
    await expect(hana.page.get_by_role("heading", name="No way in from here")).to_be_visible()


async def test_a_plain_link_asks_at_home(lane: Lane, open_page: OpenPage) -> None:
    """Somebody at home here comes to the other alley by its address, and is asked here whether it may know them."""
    lane.open()
    ole = await enter(open_page, lane.there, "Ole", before=WITHOUT_WEBGL)
    hana = await enter(open_page, lane.here, "Hana", before=WITHOUT_WEBGL)
    before = await own_id(hana)
    page = hana.page
    await page.goto(f"{lane.there.url}/?debug")
    await page.get_by_role("link", name="Known in another alley?").click()
    home = page.get_by_label("Address of your alley")
    await home.fill("javascript:alert(1)")
    await page.get_by_role("button", name="Ask there").click()
    await expect(page.get_by_text("This is no address of an alley.")).to_be_visible()
    await home.fill(lane.here.url)
    await page.get_by_role("button", name="Ask there").click()
    await page.wait_for_url(f"{lane.here.url}/enter#**")
    await expect(page.get_by_text(lane.there.url, exact=True)).to_be_visible()
    assert await violations(page) == []
    await page.get_by_role("button", name=re.compile("^Go to")).click()
    await page.wait_for_url(f"{lane.here.url}/#next=**")
    await expect(page.get_by_role("navigation", name="Panels")).to_be_visible(timeout=PATIENCE_MS)
    await ole.expect_near(f"Hana{lane.from_here}")
    people = await ole.open_panel("People")
    link = people.get_by_role("link", name=f"Hana{lane.from_here}").first
    await expect(link).to_have_attribute("href", f"/people/{before}")

    # What was allowed can be taken back; then even a direct address leads to the question.
    await page.goto(f"{lane.here.url}/me")
    allowed = page.get_by_role("listitem").filter(has_text=f"127.0.0.1:{lane.there.port}")
    await allowed.get_by_role("button", name=re.compile("^Ask me again")).click()
    await expect(allowed).to_have_count(0)
    await page.goto(f"{lane.here.url}/?again#next={lane.there.url}")
    await page.wait_for_url(f"{lane.here.url}/enter#**")
    await expect(page.get_by_role("button", name=re.compile("^Go to"))).to_be_visible()


async def test_a_link_leads_to_listed_alleys_alone(alley: Alley, open_page: OpenPage) -> None:
    """Whatever stands behind `#`: nothing is told to an alley that the keeper of this one has not listed."""
    page = await open_page(alley.url)
    for to, words in (
        ("javascript:alert(1)", "This link leads nowhere"),
        ("//elsewhere.example", "This link leads nowhere"),
        ("https://elsewhere.example/alley", "This link leads nowhere"),
        ("https://elsewhere.example", "No way from here"),
    ):
        # From elsewhere: another `#` alone would load nothing.
        await page.goto("about:blank")
        await page.goto(f"{alley.url}/enter#to={to}")
        await expect(page.get_by_role("heading", name=words)).to_be_visible()
        await expect(page.get_by_role("button", name=re.compile("^Go to"))).to_have_count(0)


async def test_the_page_of_a_person(alley: Alley, open_page: OpenPage) -> None:
    """Who somebody is, and the numbers by which one makes sure of it."""
    hana = await enter(open_page, alley, "Hana", before=WITHOUT_WEBGL)
    people = await hana.open_panel("People")
    async with hana.page.context.expect_page() as opened:
        await people.get_by_role("link", name="Hana").first.click()
    page = await opened.value
    await expect(page.get_by_role("heading", name="Who is this?")).to_be_visible()
    await expect(page.get_by_role("heading", name="Hana")).to_be_visible()
    await expect(page.get_by_text("This is you.")).to_be_visible()
    shown = " ".join((await page.locator(".fingerprint").inner_text()).split())
    assert re.fullmatch(r"(\d{5} ){5}\d{5}", shown)
    assert await violations(page) == []
    await page.goto(f"{alley.url}/me")
    own = page.locator(".fingerprint").first
    await expect(own).to_be_visible()
    assert " ".join((await own.inner_text()).split()) == shown
