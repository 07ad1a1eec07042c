"""Looking after an alley in a browser: the first operator, an invitation by link, a role taken back, a ban."""

from __future__ import annotations

import re
from typing import Final

from playwright.async_api import Locator, Page, expect

from tests.e2e.alley import Alley
from tests.e2e.conftest import PORTRAIT, WITHOUT_WEBGL, OpenAlley, OpenPage
from tests.e2e.test_accessibility import violations
from tests.e2e.visitor import PATIENCE_MS, Visitor

ARTISAN: Final = 1
PARTS: Final = ("People", "Invitations", "Bans and mutes", "Log", "Settings")
APPEAL: Final = "Write to keepers@alley.example."
REASON: Final = "Shouting at the basin."


class Operator:
    """Somebody who looks after an alley."""

    def __init__(self, page: Page, alley: Alley) -> None:
        self.page = page
        self.alley = alley

    async def claim(self, name: str) -> None:
        """Open the link of the server's output and become the first operator."""
        await self.open(self.alley.claim_link())
        await self.page.get_by_label("Your name").fill(name)
        await self.press("Become the operator")

    async def open(self, address: str) -> None:
        """Open an address as if it came from elsewhere: another `#` alone would load nothing."""
        await self.page.goto("about:blank")
        await self.page.goto(address)

    async def go_to(self, part: str) -> None:
        """Go to a part of the page for looking after the alley."""
        if "/operate" not in self.page.url:
            await self.open(f"{self.alley.url}/operate")
        await self.page.get_by_role("navigation", name="Parts of this page").get_by_role("link", name=part).click()
        await expect(self.page.get_by_role("heading", level=1, name=part)).to_be_visible()

    async def look_at(self, name: str) -> None:
        """Open what is known of somebody."""
        await self.go_to("People")
        await self.page.get_by_label("Name, home or identity").fill(name)
        await self.press("Search")
        await self.page.get_by_role("link", name=name, exact=True).first.click()
        await expect(self.page.get_by_role("heading", name=name)).to_be_visible()

    async def press(self, name: str, within: Locator | None = None) -> None:
        """Press a button by what it is called."""
        await (within or self.page).get_by_role("button", name=re.compile(f"^{name}")).first.click()

    async def confirm(self, name: str) -> None:
        """Press a button, and again when it asks."""
        await self.press(name)
        await self.press(name, self.page.locator(".question"))

    async def expect_words(self, text: str) -> None:
        """The page says this."""
        await expect(self.page.get_by_text(text).first).to_be_visible()


async def new_operator(open_page: OpenPage, alley: Alley, *, before: str = "") -> Operator:
    """Somebody who has become the operator."""
    operator = Operator(await open_page(alley.url, before=before), alley)
    await operator.claim("Mira")
    await operator.expect_words("You are the operator of Lantern Lane")
    return operator


async def test_first_claims_and_second_is_told(open_alley: OpenAlley, open_page: OpenPage) -> None:
    alley = open_alley()
    mira = Operator(await open_page(alley.url, **PORTRAIT), alley)
    await mira.open(alley.claim_link())
    await expect(mira.page.get_by_label("Your name")).to_be_visible()
    assert await violations(mira.page) == [], "before the claim"
    await mira.claim("Mira")
    await mira.expect_words("You are the operator of Lantern Lane")
    await expect(mira.page.get_by_role("link", name="Keep this identity")).to_have_attribute("href", "/me")
    assert await violations(mira.page) == [], "after the claim"

    zed = Operator(await open_page(alley.url), alley)
    await zed.claim("Zed")
    await zed.expect_words("Somebody was here before you")
    await zed.open(f"{alley.url}/operate")
    await zed.expect_words("This page is for those who look after Lantern Lane")
    assert await violations(zed.page) == [], "not theirs"

    await mira.page.get_by_role("link", name="Look after the alley").click()
    await expect(mira.page.get_by_role("heading", level=1, name="Look after Lantern Lane")).to_be_visible()
    await expect(mira.page.get_by_role("listitem").filter(has_text="Mira")).to_contain_text("Operator")
    assert await violations(mira.page) == [], "the overview"
    for part in PARTS:
        await mira.go_to(part)
        await expect(mira.page.locator("[aria-busy]")).to_have_count(0)
        assert await violations(mira.page) == [], part


async def test_invited_by_link_and_role_taken_back(open_alley: OpenAlley, open_page: OpenPage) -> None:
    alley = open_alley()
    mira = await new_operator(open_page, alley)
    await mira.go_to("Invitations")
    await mira.press("Make the link")
    link = await mira.page.get_by_label("Link", exact=True).input_value()
    await expect(mira.page.get_by_role("img", name="QR code")).to_be_visible()

    hana = Visitor(await open_page(alley.url, before=WITHOUT_WEBGL), "Hana")
    await hana.page.goto(link)
    await expect(hana.page.get_by_text("You are invited to keep the stall")).to_be_visible()
    await expect(hana.page.get_by_text("Mira")).to_be_visible()
    assert await violations(hana.page) == [], "an invitation"
    await hana.page.get_by_label("Your name").fill(hana.name)
    await hana.page.get_by_role("button", name="Accept").click()
    await expect(hana.page.get_by_text("is your stall now")).to_be_visible()
    other = await open_page(alley.url)
    await other.goto(link)
    await expect(other.get_by_text("This invitation was accepted already")).to_be_visible()

    stall = await hana.page.get_by_role("link", name="To my stall").get_attribute("href")
    assert stall is not None
    await hana.page.goto(f"{alley.url}/?debug{stall.removeprefix('/')}")
    await hana.walk_in()
    await hana.until(f"__yokocho.world.card.roles & {ARTISAN}", "the stall is hers")
    front = f"__yokocho.world.directory.find(({{ id }}) => '#stall=' + id === '{stall.removeprefix('/')}').front"
    await hana.until(f"__yokocho.world.own.position[0] === {front}.positionM[0]", "she begins at her stall")
    await mira.look_at("Hana")
    await mira.confirm("Take back")
    await hana.until(f"!(__yokocho.world.card.roles & {ARTISAN})", "the role ended where she is")
    await mira.expect_words("A visitor, like most people here.")
    await mira.press("Undo")
    await hana.until(f"__yokocho.world.card.roles & {ARTISAN}", "the stall is hers again")
    await mira.go_to("Log")
    await expect(mira.page.get_by_role("listitem").filter(has_text="Mira gave Hana the stall")).to_be_visible()


async def test_banned_is_told_why_and_stays_out(open_alley: OpenAlley, open_page: OpenPage) -> None:
    alley = open_alley()
    mira = await new_operator(open_page, alley)
    await mira.go_to("Settings")
    await mira.page.get_by_label("What they are told").fill(APPEAL)
    await mira.press("Keep these words")
    await mira.expect_words("Kept. Whoever is banned")

    rude = Visitor(await open_page(alley.url, before=WITHOUT_WEBGL), "Rude")
    await rude.walk_in()
    await mira.look_at("Rude")
    await mira.page.get_by_text("Mute or ban", exact=True).click()
    await mira.page.get_by_label("What happens").select_option(label="May not come in")
    await mira.page.get_by_label("Reason").fill(REASON)
    await mira.press("Put in force")
    await mira.expect_words("Rude may not come in any more.")

    told = rude.page.get_by_role("status").filter(has_text=REASON).filter(has_text=APPEAL)
    await expect(told.first).to_be_visible()
    await rude.page.goto(f"{alley.url}/?debug")
    await rude.page.get_by_role("button", name="Walk in", exact=True).click(timeout=PATIENCE_MS)
    await expect(told.first).to_be_visible()

    await mira.go_to("Bans and mutes")
    await expect(mira.page.get_by_role("listitem").filter(has_text=REASON)).to_contain_text("Rude")
    assert await violations(mira.page) == [], "a ban"
    await mira.confirm("Lift")
    await mira.expect_words("Nobody is banned or muted.")
    await rude.page.goto(f"{alley.url}/?debug")
    await rude.walk_in()


async def test_keeper_steps_in_where_they_stand(open_alley: OpenAlley, open_page: OpenPage) -> None:
    alley = open_alley()
    operator = await new_operator(open_page, alley, before=WITHOUT_WEBGL)
    rude = Visitor(await open_page(alley.url, before=WITHOUT_WEBGL), "Rude")
    await rude.walk_in()
    mira = Visitor(operator.page, "Mira")
    await mira.page.goto(f"{alley.url}/?debug")
    await mira.walk_in()
    people = await mira.open_panel("People")
    await people.get_by_role("button", name="Step in: Rude").click()
    form = people.get_by_role("group", name="Step in: Rude")
    await expect(form).to_be_visible()
    assert await violations(mira.page) == [], "stepping in"
    await form.get_by_label("Reason").fill(REASON)
    await form.get_by_role("button", name="Put in force").click()
    await expect(mira.page.get_by_text("In force for Rude.")).to_be_visible()
    await rude.say("I go on")
    await expect(rude.page.get_by_text("You are muted here for now").first).to_be_visible()
    settings = await mira.open_panel("Settings")
    await expect(settings.get_by_role("link", name="Look after the alley")).to_have_attribute("href", "/operate")
    settings = await rude.open_panel("Settings")
    await expect(settings.get_by_role("link", name="Your identity")).to_be_visible()
    await expect(settings.get_by_role("link", name="Look after the alley")).to_be_hidden()
