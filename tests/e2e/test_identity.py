"""The page about oneself: a guest keeps the identity, is the same person elsewhere, and sends a lost device away."""

from __future__ import annotations

import contextlib
import json
import re
import sqlite3
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.async_api import Locator, Page, expect

from tests.e2e.alley import Alley
from tests.e2e.conftest import PORTRAIT, WITHOUT_WEBGL, OpenPage
from tests.e2e.test_accessibility import violations
from tests.e2e.visitor import Visitor
from yokocho.store.database import DATABASE_NAME

PATIENCE_MS: Final = 45_000
"""For what derives a key from a passphrase, which is slow on purpose."""

PASSPHRASE: Final = "five baskets of plums"
FINGERPRINT: Final = re.compile(r"(\d{5}\s+){5}\d{5}")


class Person:
    """Somebody at `/me`."""

    def __init__(self, page: Page) -> None:
        self.page = page

    async def press(self, name: str | re.Pattern[str]) -> None:
        """Press a button by what it is called."""
        await self.page.get_by_role("button", name=name).first.click()

    def field(self, label: str) -> Locator:
        """A field by its label."""
        return self.page.get_by_label(label, exact=True)

    async def look_up(self, address: str) -> None:
        """Open the page; done when it knows who is there."""
        # From elsewhere: the same page with other words behind `#` would not be loaded again.
        await self.page.goto("about:blank")
        await self.page.goto(address)
        await expect(self.page.get_by_role("heading", level=1)).to_be_visible()

    async def fingerprint(self) -> str:
        """The numbers that people compare."""
        shown = await self.page.locator(".fingerprint").first.inner_text()
        assert FINGERPRINT.fullmatch(shown.strip()), shown
        return " ".join(shown.split())

    async def keep(self, folder: Path) -> Path:
        """Keep the identity; gives the recovery file."""
        await self.press("Keep this identity")
        await self.field("What this device is called").fill("Laptop")
        return await self._save_recovery(folder / "recovery.json")

    async def replace_root(self, folder: Path) -> Path:
        """Take the key that was set aside; gives the new recovery file."""
        await self.page.get_by_text("Starting over, or leaving").click()
        await self.press("My recovery file may be in wrong hands")
        await self.field("Passphrase").fill(PASSPHRASE)
        return await self._save_recovery(folder / "new-recovery.json")

    async def _save_recovery(self, file: Path) -> Path:
        await self.field("A passphrase").fill(PASSPHRASE)
        await self.field("The same once more").fill(PASSPHRASE)
        await self.press("Next")
        await self.save("Save as a file", file)
        await self.press("It is safe, keep me")
        await expect(self.page.get_by_text("Your identity is kept")).to_be_visible(timeout=PATIENCE_MS)
        await self.press("To your identity")
        return file

    async def save(self, button: str, file: Path) -> None:
        """Press a button that saves a file."""
        async with self.page.expect_download(timeout=PATIENCE_MS) as started:
            await self.press(button)
        await (await started.value).save_as(file)

    async def forget(self) -> None:
        """Let the alley forget everything."""
        await self.page.get_by_text("Starting over, or leaving").click()
        await self.press("Let this alley forget me")
        await self.page.get_by_label("Type the word forget").fill("forget")
        await self.press("Let this alley forget me")
        await self.expect_said("The alley has forgotten you.")

    async def give_passphrase(self, button: str) -> None:
        """Type the passphrase and go on."""
        await self.field("Passphrase").fill(PASSPHRASE)
        await self.press(button)

    async def expect_said(self, text: str) -> None:
        """The page says that something was done."""
        await expect(self.page.get_by_role("status").filter(has_text=text).first).to_be_visible(timeout=PATIENCE_MS)


def give_first_stall(alley: Alley, did: str) -> str:
    """Make somebody the artisan of the first stall, as an operator does at a terminal; gives the stall's name."""
    with contextlib.closing(sqlite3.connect(f"file:{alley.data / DATABASE_NAME}?mode=ro", uri=True)) as database:
        stall_id, name = database.execute("SELECT id, name FROM stalls ORDER BY ordinal LIMIT 1").fetchone()
    order = ("operator", "grant", did, "artisan", "--stall", stall_id, "--data", str(alley.data))
    subprocess.run([sys.executable, "-m", "yokocho", *order], check=True, capture_output=True, timeout=30)
    return str(json.loads(name)["en"])


def keepers_of_stalls(alley: Alley) -> list[str]:
    """Who keeps a stall, as the alley has it on disk."""
    with contextlib.closing(sqlite3.connect(f"file:{alley.data / DATABASE_NAME}?mode=ro", uri=True)) as database:
        return [did for (did,) in database.execute("SELECT did FROM grants WHERE stall_id IS NOT NULL")]


async def at_me(open_page: OpenPage, alley: Alley, **options: Any) -> Person:
    """Somebody in a browser of their own, at `/me`."""
    person = Person(await open_page(alley.url, **options))
    await person.look_up(f"{alley.url}/me")
    return person


async def test_a_kept_identity_is_the_same_in_a_clean_browser(
    alley: Alley, open_page: OpenPage, tmp_path: Path
) -> None:
    laptop = await at_me(open_page, alley)
    who = await laptop.fingerprint()
    await expect(laptop.page.get_by_text("You are here as a guest")).to_be_visible()
    file = await laptop.keep(tmp_path)
    recovery = json.loads(file.read_text())
    assert recovery["format"] == "yokocho-recovery"
    assert await laptop.fingerprint() == who
    stall = give_first_stall(alley, recovery["did"])

    phone = await at_me(open_page, alley, before=WITHOUT_WEBGL, **PORTRAIT)
    assert await phone.fingerprint() != who
    await phone.press("I have a recovery file")
    await phone.field("The saved file").set_input_files(file)
    # Reading it takes a moment, and then the field has the focus.
    await expect(phone.field("Recovery file")).to_have_value(file.read_text())
    await phone.field("What this device is called").fill("Phone")
    await phone.give_passphrase("Open it")
    await phone.expect_said("Welcome back")
    assert await phone.fingerprint() == who
    devices = phone.page.get_by_role("region", name="Devices").get_by_role("listitem")
    await expect(devices).to_have_count(2)

    await phone.page.goto(f"{alley.url}/?debug")
    aiko = Visitor(phone.page, "Aiko")
    await aiko.walk_in()
    await aiko.until("__yokocho.world.card.roles & 1", "the stall is hers on the phone too")
    await laptop.look_up(f"{alley.url}/people/{recovery['did']}")
    await expect(laptop.page.get_by_text(stall).first).to_be_visible()

    await laptop.look_up(f"{alley.url}/me")
    await expect(laptop.page.get_by_role("region", name="Devices").get_by_role("listitem")).to_have_count(2)
    await laptop.press("Send away: Phone")
    await laptop.give_passphrase("Send away")
    await laptop.expect_said("Phone does not speak for you any more.")
    await expect(phone.page.get_by_text("This device no longer speaks for your identity")).to_be_visible()
    await phone.look_up(f"{alley.url}/me")
    await expect(phone.page.get_by_text("This device was sent away")).to_be_visible()

    # The recovery file may be in wrong hands: another root, and the same person with the same stall.
    did = json.loads((await laptop.replace_root(tmp_path)).read_text())["did"]
    assert did != recovery["did"]
    assert await laptop.fingerprint() != who
    await laptop.save("Save it all", tmp_path / "export.zip")
    with zipfile.ZipFile(tmp_path / "export.zip") as everything:
        assert json.loads(everything.read("manifest.json"))["did"] == did
        assert [stall in everything.read(name).decode() for name in everything.namelist() if "stalls/" in name] == [
            True
        ]
    assert keepers_of_stalls(alley) == [did]
    await laptop.forget()
    assert keepers_of_stalls(alley) == []


async def test_a_second_device_is_linked_by_a_code(alley: Alley, open_page: OpenPage, tmp_path: Path) -> None:
    laptop = await at_me(open_page, alley)
    await laptop.keep(tmp_path)
    await laptop.press("Link another device")
    await laptop.page.get_by_text("Without a camera").click()
    address = await laptop.page.get_by_text(re.compile("#link=")).inner_text()
    phone = await at_me(open_page, alley, **PORTRAIT)
    await phone.look_up(address)
    assert "#" not in phone.page.url
    await phone.field("What this device is called").fill("Phone")
    await phone.press("Ask the other device")
    await expect(phone.page.get_by_text("Compare these numbers")).to_be_visible()
    await expect(laptop.page.get_by_text("A device asks to be you")).to_be_visible()
    assert await laptop.fingerprint() == await phone.fingerprint()
    await laptop.give_passphrase("The numbers are the same, link it")
    await laptop.expect_said("Phone is linked.")
    await phone.expect_said("This device is linked. Welcome.")
    assert await laptop.fingerprint() == await phone.fingerprint()


@pytest.mark.parametrize(("locale", "options"), [("en-GB", PORTRAIT), ("de-CH", {}), ("ja-JP", PORTRAIT)])
async def test_accessibility(alley: Alley, open_page: OpenPage, locale: str, options: dict[str, Any]) -> None:
    page = (await at_me(open_page, alley, locale=locale, **options)).page
    await expect(page.locator(".fingerprint")).to_be_visible()
    assert await page.locator("html").get_attribute("lang") == locale[:2]
    assert await violations(page) == [], "who I am"
    for key, what in (("keep", "keeping"), ("recover", "recovering"), ("change", "name and doll")):
        await page.locator(f"[data-key={key}]").click()
        await expect(page.locator(f"[data-key={key}]")).to_have_count(0)
        assert await violations(page) == [], what
        await page.locator("main .button-quiet").last.click()
        await expect(page.locator(".fingerprint")).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "nothing hangs over"
