"""The alley without a pointer, and without a picture: complete by keyboard and in words alone."""

from __future__ import annotations

import re
from typing import Any, Final

from playwright.async_api import BrowserType, Page, expect

from tests.e2e.alley import Alley
from tests.e2e.conftest import OpenPage
from tests.e2e.visitor import SOON_MS, Visitor, distance_m
from tools.browsing import chromium_path

FOCUS: Final = """() => {
  const element = document.activeElement;
  if (!element || element === document.body) return { name: '', isSeen: false, html: 'body' };
  const { top, left, width, height } = element.getBoundingClientRect();
  const at = document.elementFromPoint(left + width / 2, top + height / 2);
  const style = getComputedStyle(element);
  const label = element.labels?.[0] && getComputedStyle(element.labels[0]);
  const hasRing = [style, label].some((one) => one && one.outlineStyle !== 'none' && parseFloat(one.outlineWidth) > 0);
  const isHeading = element.tabIndex < 0;
  return {
    name: element.ariaLabel || element.labels?.[0]?.textContent.trim() || element.textContent.trim(),
    isSeen: (hasRing || isHeading) && at !== null && (element.contains(at) || at.contains(element)),
    html: element.outerHTML.slice(0, 200) + ` outline: ${style.outline}`,
  };
}"""
"""Who has the focus, and whether one sees it: in view, uncovered, with a ring (but for a heading)."""


async def test_visit_by_keyboard_alone(alley: Alley, open_page: OpenPage) -> None:
    """From the name to the price of a piece, without a pointer, the focus in sight at each step."""
    page = await open_page(alley.url)
    await expect(page.get_by_label("Your name")).to_be_visible()
    await tab_to(page, "Your name")
    await page.keyboard.type("Keiko")
    await page.keyboard.press("Enter")
    keiko = Visitor(page, "Keiko")
    await keiko.expect_inside()
    await page.keyboard.press("1")
    await expect(page.get_by_role("region", name="Stalls", exact=True)).to_be_visible()
    await tab_to(page, "See the pieces: ")
    await page.keyboard.press("Enter")
    reached = await tab_to(page, "Look closer: |Go there: ")
    if reached.startswith("Go there: "):
        await page.keyboard.press("Enter")
        reached = await tab_to(page, "Look closer: ", patience=10)
    looked = reached.split("\n")[0]
    stood = await keiko.standing()
    await page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_be_visible()
    await expect(dialog.get_by_text("Price", exact=True)).to_be_visible()
    await tab_to(page, "Back to the street")
    await page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()
    await expect(page.get_by_role("button", name=re.compile(f"^{re.escape(looked)}"))).to_be_focused()
    assert distance_m(await keiko.position(), stood) < 0.05, "and so is the visitor"


async def test_looking_closer_in_the_street_with_enter(alley: Alley, open_page: OpenPage) -> None:
    """Walk to a stall, press Enter before a piece, and be at the same spot again after Escape."""
    keiko = Visitor(await open_page(alley.url), "Keiko")
    await keiko.walk_in()
    page = keiko.page
    front = await page.evaluate("__yokocho.world.directory[0].front")
    await keiko.jump(front["positionM"][0], front["positionM"][2], front["yawRad"])
    await page.locator("#view").focus()
    await keiko.until("__yokocho.engine.near?.exhibitId", "a piece is near")
    stood = await keiko.position()
    await page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_be_visible()
    await expect(dialog.locator("canvas")).to_be_visible()
    first = await dialog.get_by_role("heading").inner_text()
    await page.keyboard.press("ArrowRight")
    await expect(dialog.get_by_role("heading")).not_to_have_text(first)
    await page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()
    await expect(page.locator("#view")).to_be_focused()
    assert distance_m(await keiko.position(), stood) < 0.05


async def test_visit_without_webgl(alley: Alley, chromium: BrowserType) -> None:
    """A browser that has no 3D at all: everything is there in words."""
    browser = await chromium.launch(
        executable_path=chromium_path(), args=["--no-sandbox", "--disable-gpu", "--disable-3d-apis"]
    )
    page = await (await browser.new_context(locale="en-GB")).new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    await page.goto(f"{alley.url}/?debug")
    wada = Visitor(page, "Wada")
    await wada.walk_in()
    await expect(page.get_by_text("Your browser cannot draw the street")).to_be_visible()
    stalls = await wada.open_panel("Stalls")
    far = stalls.get_by_role("listitem").filter(has=page.get_by_role("button", name=re.compile("^Go there: "))).last
    await far.get_by_role("button", name=re.compile("^See the pieces: ")).click()
    await stalls.get_by_role("button", name=re.compile("^Go there: ")).click()
    await stalls.get_by_role("button", name=re.compile("^Look closer: ")).first.click(timeout=SOON_MS)
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_text("Price", exact=True)).to_be_visible()
    await expect(dialog.locator("canvas")).to_be_hidden()
    await dialog.get_by_role("button", name="Back to the street").click()
    await wada.say("I see nothing, and everything", alley=True)
    await wada.expect_heard("Wada", "I see nothing, and everything")
    await browser.close()
    assert faults == []


async def focus(page: Page) -> dict[str, Any]:
    """Who has the focus."""
    found: dict[str, Any] = await page.evaluate(FOCUS)
    return found


async def tab_to(page: Page, name: str, *, patience: int = 1) -> str:
    """Tab on until the focus is on something of this name (a pattern); all on the way must be seen to have it."""
    for _ in range(80 * patience):
        found = await focus(page)
        if re.match(name, found["name"]):
            assert found["isSeen"], found
            return str(found["name"])
        assert found["isSeen"] or found["html"] == "body", found
        await page.keyboard.press("Tab")
    raise AssertionError(f"{name} cannot be reached with the Tab key")
