"""Parts that are loaded late, when the way to the server is gone just then: a clear word, and a way on."""

from __future__ import annotations

import re

from playwright.async_api import Browser, Route, expect

from tests.e2e.alley import Alley
from tests.e2e.conftest import SMALL_DESKTOP, WITHOUT_WEBGL
from tests.e2e.visitor import Visitor


async def test_panel_that_cannot_be_loaded_says_so_and_comes_later(alley: Alley, browser: Browser) -> None:
    # A context of its own: Chromium complains about each request that is cut off, which is what happens here.
    context = await browser.new_context(viewport=SMALL_DESKTOP, locale="en-GB")
    try:
        await context.add_init_script(WITHOUT_WEBGL)
        page = await context.new_page()
        part = re.compile(r"/static/people-[\w-]+\.js$")

        async def cut_off(route: Route) -> None:
            await route.abort()

        await page.route(part, cut_off)
        await page.goto(f"{alley.url}/?debug")
        ito = Visitor(page, "Ito")
        await ito.walk_in()
        people = await ito.open_panel("People")
        await expect(people.get_by_role("alert")).to_contain_text("could not be loaded")
        await page.unroute(part, cut_off)
        await people.get_by_role("button", name="Try again").click()
        await expect(people.get_by_text("Muting silences")).to_be_visible()
    finally:
        await context.close()
