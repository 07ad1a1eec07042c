"""The main job: people walk in, see each other, talk, look at things, leave."""

from __future__ import annotations

import re
import time

from playwright.async_api import Page, Request, expect

from tests.e2e.alley import Alley
from tests.e2e.conftest import OpenPage
from tests.e2e.visitor import PATIENCE_MS, SOON_MS, Visitor

NO_WEBGL = """
const getContext = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
  return kind.startsWith('webgl') || kind === 'webgpu' ? null : getContext.call(this, kind, ...rest);
};
"""


async def test_two_meet_talk_and_part(alley: Alley, open_page: OpenPage) -> None:
    aiko = Visitor(await open_page(alley.url), "Aiko")
    bo = Visitor(await open_page(alley.url), "Bo")
    await aiko.walk_in()
    await bo.walk_in()
    await aiko.expect_near("Bo")
    await bo.expect_near("Aiko")

    await aiko.say("Good evening")
    await bo.expect_heard("Aiko", "Good evening")
    await bo.say("The tea is hot", alley=True)
    await aiko.expect_heard("Bo", "The tea is hot")

    await bo.leave()
    left_at_s = time.monotonic()
    await aiko.expect_alone()
    assert time.monotonic() - left_at_s < 2.0, "whoever leaves is gone within a second, and the page says so"


async def test_walking_is_seen_by_the_other(alley: Alley, open_page: OpenPage) -> None:
    """Bo walks; what he says near his old place no longer reaches Aiko's ear when he is far."""
    aiko = Visitor(await open_page(alley.url), "Aiko")
    bo = Visitor(await open_page(alley.url), "Bo")
    await aiko.walk_in()
    await bo.walk_in()
    await aiko.expect_near("Bo")
    stalls = await bo.open_panel("Stalls")
    await stalls.get_by_role("button", name=re.compile("^Go to ")).last.click()
    await expect(stalls.get_by_text("You are here").first).to_be_visible(timeout=PATIENCE_MS)
    await bo.say("Can you hear me from there?")
    await bo.expect_heard("Bo", "Can you hear me from there?")
    await bo.say("Over here", alley=True)
    await aiko.expect_heard("Bo", "Over here")
    assert "Can you hear me" not in await aiko.log().inner_text()


async def test_latecomer_reads_what_was_said(alley: Alley, open_page: OpenPage) -> None:
    early = Visitor(await open_page(alley.url), "Early")
    await early.walk_in()
    await early.say("Somebody was here before you", alley=True)
    await early.expect_heard("Early", "Somebody was here before you")
    late = Visitor(await open_page(alley.url), "Late")
    await late.walk_in()
    await late.expect_heard("Early", "Somebody was here before you")


async def test_blocked_are_hidden_from_each_other(alley: Alley, open_page: OpenPage) -> None:
    aiko = Visitor(await open_page(alley.url), "Aiko")
    bo = Visitor(await open_page(alley.url), "Bo")
    await aiko.walk_in()
    await bo.walk_in()
    await aiko.expect_near("Bo")
    people = await aiko.open_panel("People")
    await people.get_by_role("button", name="Block Bo").click()
    await aiko.expect_alone()
    await bo.expect_alone()
    await people.get_by_role("button", name="Unblock Bo").click()
    await aiko.expect_near("Bo")
    await bo.expect_near("Aiko")


async def test_visit_by_keyboard_alone(alley: Alley, open_page: OpenPage) -> None:
    """From the name to the price of a piece, without a pointer."""
    page = await open_page(alley.url)
    await expect(page.get_by_label("Your name")).to_be_focused()
    await page.keyboard.type("Keiko")
    await page.keyboard.press("Enter")
    await Visitor(page, "Keiko").expect_inside()
    await page.keyboard.press("1")
    stalls = page.get_by_role("region", name="Stalls", exact=True)
    await expect(stalls).to_be_visible()
    await press_until_focused(page, re.compile("^See the pieces of "))
    await page.keyboard.press("Enter")
    await press_until_focused(page, re.compile("^Look closer at |^Go to "))
    if (await focused_name(page)).startswith("Go to "):
        await page.keyboard.press("Enter")
        await press_until_focused(page, re.compile("^Look closer at "))
    await page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_be_visible()
    await expect(dialog.get_by_text("Price", exact=True)).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()
    assert re.match("Look closer at ", await focused_name(page)), "the focus is back where it was"


async def test_visit_without_webgl(alley: Alley, open_page: OpenPage) -> None:
    page = await open_page("about:blank")
    await page.add_init_script(NO_WEBGL)
    await page.goto(alley.url)
    visitor = Visitor(page, "Wada")
    await visitor.walk_in()
    await expect(page.get_by_text("Your browser cannot draw the street")).to_be_visible()
    stalls = await visitor.open_panel("Stalls")
    await stalls.get_by_role("button", name=re.compile("^See the pieces of ")).first.click()
    go_there = stalls.get_by_role("button", name=re.compile("^Go to "))
    if await go_there.count():
        await go_there.first.click()
    await stalls.get_by_role("button", name=re.compile("^Look closer at ")).first.click(timeout=SOON_MS)
    await expect(page.get_by_role("dialog").get_by_text("Price", exact=True)).to_be_visible()


async def test_no_request_leaves_the_instance(alley: Alley, open_page: OpenPage) -> None:
    page = await open_page("about:blank")
    asked: list[str] = []
    complaints: list[str] = []

    def note(request: Request) -> None:
        asked.append(request.url)

    page.on("request", note)
    page.on("websocket", lambda socket: asked.append(socket.url))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    await page.goto(alley.url)
    visitor = Visitor(page, "Ito")
    await visitor.walk_in()
    own = (alley.url, alley.url.replace("http:", "ws:"), "blob:", "data:")
    assert [url for url in asked if not url.startswith(own)] == []
    assert any(url.startswith("ws:") for url in asked)
    assert complaints == [], "the Content-Security-Policy and the console have nothing to say"


async def test_everyone_comes_back_after_a_crash(own_alley: Alley, open_page: OpenPage) -> None:
    """SIGKILL, a new start: both are back without a reload, and what was said is still there."""
    aiko = Visitor(await open_page(own_alley.url), "Aiko")
    bo = Visitor(await open_page(own_alley.url), "Bo")
    await aiko.walk_in()
    await bo.walk_in()
    await aiko.say("Before the storm", alley=True)
    await bo.expect_heard("Aiko", "Before the storm")
    for visitor in (aiko, bo):
        await visitor.page.evaluate("window.notReloaded = true")
    own_alley.kill()
    await expect(aiko.page.get_by_text(re.compile("Reconnecting|cannot be reached"))).to_be_visible(timeout=SOON_MS)
    own_alley.start()
    for visitor in (aiko, bo):
        await expect(visitor.page.get_by_text(re.compile("Reconnecting|cannot be reached"))).to_be_hidden(
            timeout=30_000
        )
    await aiko.expect_near("Bo", timeout_ms=30_000)
    await aiko.say("Still here", alley=True)
    await bo.expect_heard("Aiko", "Still here")
    for visitor in (aiko, bo):
        assert await visitor.page.evaluate("window.notReloaded") is True
        assert "Before the storm" in await visitor.log().inner_text()


async def focused_name(page: Page) -> str:
    """What a screen reader calls the element with the focus."""
    script = "() => { const e = document.activeElement; return e?.ariaLabel || e?.textContent?.trim() || ''; }"
    name: str = await page.evaluate(script)
    return name


async def press_until_focused(page: Page, name: re.Pattern[str], *, at_most: int = 60) -> None:
    """Tab on until the focus is on something of this name."""
    for _ in range(at_most):
        if name.match(await focused_name(page)):
            return
        await page.keyboard.press("Tab")
    raise AssertionError(f"{name.pattern} cannot be reached with the Tab key")
