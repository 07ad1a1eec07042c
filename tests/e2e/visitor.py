"""A person at a browser, who finds everything by what it is called, as someone with a screen reader does."""

from __future__ import annotations

import re
from typing import Final

from playwright.async_api import Locator, Page, expect

PATIENCE_MS: Final = 60_000
"""For what waits on the scene: shaders are compiled in software."""

SOON_MS: Final = 10_000


class Visitor:
    """One page."""

    def __init__(self, page: Page, name: str) -> None:
        self.page = page
        self.name = name

    async def walk_in(self) -> None:
        """Write a name and enter; done when the way out is there."""
        await self.page.get_by_label("Your name").fill(self.name)
        await self.page.get_by_role("button", name="Walk in", exact=True).click()
        await self.expect_inside()

    async def expect_inside(self) -> None:
        """Inside, with the door open and the street drawn."""
        await expect(self.page.get_by_role("button", name="Leave the alley")).to_be_visible(timeout=PATIENCE_MS)
        await expect(self.page.get_by_role("progressbar")).to_have_count(0, timeout=PATIENCE_MS)

    async def leave(self) -> None:
        """Go out by the door."""
        await self.page.get_by_role("button", name="Leave the alley").click()

    async def open_panel(self, title: str) -> Locator:
        """Open one of the panels by its button."""
        panel = self.page.get_by_role("region", name=title, exact=True)
        if not await panel.is_visible():
            await self.page.get_by_role("toolbar", name="Panels").get_by_role("button", name=re.compile(title)).click()
        await expect(panel).to_be_visible()
        return panel

    def log(self) -> Locator:
        """What is said."""
        return self.page.get_by_role("log", name="What is said")

    async def say(self, text: str, *, alley: bool = False) -> None:
        """Say something to those near, or into the whole alley."""
        field = self.page.get_by_label("Say something")
        if not await field.is_visible():
            await self.page.get_by_role("button", name="Talk", exact=True).click()
        await self.page.get_by_role("radio", name="Alley" if alley else "Near").check(force=True)
        await field.fill(text)
        await field.press("Enter")

    async def expect_heard(self, who: str, text: str) -> None:
        """These words are in the log, with the name of who said them."""
        line = self.log().locator("p, li, div").filter(has_text=who).filter(has_text=text).first
        await expect(line).to_be_attached(timeout=SOON_MS)

    async def expect_near(self, who: str, *, timeout_ms: int = SOON_MS) -> None:
        """This person is named under "Near you"."""
        people = await self.open_panel("People")
        await expect(people.get_by_role("listitem").filter(has_text=who)).to_have_count(1, timeout=timeout_ms)

    async def expect_alone(self) -> None:
        """Nobody is named under "Near you"."""
        people = await self.open_panel("People")
        await expect(people.get_by_text("Nobody is near.")).to_be_visible(timeout=SOON_MS)
