"""axe-core finds nothing on any place that a visitor can be, in each language, on a desk and on a phone."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.async_api import Page, expect

from tests.e2e.alley import Alley
from tests.e2e.conftest import PORTRAIT, WITHOUT_WEBGL, OpenPage
from tests.e2e.visitor import Visitor, come_to_rest

AXE: Final = Path(__file__).resolve().parents[2] / "client_web" / "node_modules" / "axe-core" / "axe.min.js"


async def violations(page: Page) -> list[str]:
    """What axe has to say about the page as it is now, once whatever moves has come to rest."""
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(AXE.read_text(encoding="utf-8"))
    await come_to_rest(page)
    result: dict[str, Any] = await page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    return [f"{one['id']}: {node['html']}" for one in result["violations"] for node in one["nodes"]]


@pytest.mark.parametrize("locale", ["en-GB", "de-CH", "ja-JP"])
async def test_arrival(alley: Alley, open_page: OpenPage, locale: str) -> None:
    page = await open_page(alley.url, locale=locale)
    await expect(page.get_by_role("textbox").first).to_be_visible()
    assert await page.locator("html").get_attribute("lang") == locale[:2]
    assert await violations(page) == []


@pytest.mark.parametrize("options", [{}, PORTRAIT], ids=["desk", "phone"])
async def test_street_panels_and_exhibit(alley: Alley, open_page: OpenPage, options: dict[str, Any]) -> None:
    visitor = Visitor(await open_page(alley.url, **options), "Abe")
    other = Visitor(await open_page(alley.url, before=WITHOUT_WEBGL), "Somebody")
    await other.walk_in()
    assert await violations(other.page) == [], "a visit in words"
    page = visitor.page
    assert await violations(page) == [], "arrival"
    await visitor.walk_in()
    assert await violations(page) == [], "the street"
    await visitor.say("A line to read", alley=True)
    await visitor.expect_heard("Abe", "A line to read")
    for title in ("Talk", "People", "Settings", "Stalls"):
        await visitor.open_panel(title)
        assert await violations(page) == [], title
    stalls = await visitor.open_panel("Stalls")
    await stalls.get_by_role("button", name=re.compile("^See the pieces: ")).first.click()
    assert await violations(page) == [], "a stall"
    await stalls.get_by_role("button", name=re.compile("^Look closer: ")).first.click()
    await expect(page.get_by_role("dialog")).to_be_visible()
    assert await violations(page) == [], "a piece"
