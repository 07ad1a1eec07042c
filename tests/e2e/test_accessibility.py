"""axe-core finds nothing on any place that a visitor can be, in each language, on a desk and on a phone."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.async_api import Page, expect

from tests.e2e.alley import Alley
from tests.e2e.conftest import OpenPage
from tests.e2e.visitor import SOON_MS, Visitor

AXE: Final = Path(__file__).resolve().parents[2] / "client_web" / "node_modules" / "axe-core" / "axe.min.js"
PHONE: Final[dict[str, Any]] = {
    "viewport": {"width": 390, "height": 780},
    "has_touch": True,
    "is_mobile": True,
}


async def violations(page: Page) -> list[str]:
    """What axe has to say about the page as it is now."""
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(AXE.read_text(encoding="utf-8"))
    result: dict[str, Any] = await page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    return [f"{one['id']}: {node['html']}" for one in result["violations"] for node in one["nodes"]]


@pytest.mark.parametrize("locale", ["en-GB", "de-CH", "ja-JP"])
async def test_arrival(alley: Alley, open_page: OpenPage, locale: str) -> None:
    page = await open_page(alley.url, locale=locale)
    await expect(page.get_by_role("textbox").first).to_be_visible()
    assert await page.locator("html").get_attribute("lang") == locale[:2]
    assert await violations(page) == []


@pytest.mark.parametrize("options", [{}, PHONE], ids=["desk", "phone"])
async def test_street_and_panels(alley: Alley, open_page: OpenPage, options: dict[str, Any]) -> None:
    visitor = Visitor(await open_page(alley.url, **options), "Abe")
    await visitor.walk_in()
    await visitor.say("A line to read", alley=True)
    await visitor.expect_heard("Abe", "A line to read")
    assert await violations(visitor.page) == []
    for panel in ("Stalls", "People", "Settings"):
        opened = await visitor.open_panel(panel)
        assert await violations(visitor.page) == [], panel
        await opened.press("Escape")


async def test_exhibit(alley: Alley, open_page: OpenPage) -> None:
    visitor = Visitor(await open_page(alley.url), "Abe")
    await visitor.walk_in()
    stalls = await visitor.open_panel("Stalls")
    await stalls.get_by_role("button", name=re.compile("^See the pieces of ")).first.click()
    await stalls.get_by_role("button", name=re.compile("^Look closer at ")).first.click(timeout=SOON_MS)
    await expect(visitor.page.get_by_role("dialog")).to_be_visible()
    assert await violations(visitor.page) == []
