"""Take the pictures that a newcomer should see: `python -m tools.screenshots OUT_DIR [--url URL]`.

Without an address a sample alley with a few walking visitors is opened for it. The pictures are JPEG files of at most
250 KB, one set for each kind of screen.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import json
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from playwright.async_api import Browser, Locator, Page, async_playwright

from tools.browsing import CHROMIUM_FLAGS, PUT_ON_A_HEADSET, SELDOM_DRAWN, chromium_path

MOST_BYTES: Final = 250 * 1000
PATIENCE_MS: Final = 120_000
BOTS: Final = 14
IWER: Final = Path(__file__).resolve().parent.parent / "client_web" / "node_modules" / "iwer" / "build" / "iwer.min.js"
BEEN_HERE: Final = """
localStorage.setItem('yokocho.settings', '{"quality":"high","motion":"reduced"}');
localStorage.setItem('yokocho.hints', '["move","look","talk"]');
localStorage.setItem('yokocho.look', '[3,1,2,5,4,9,3,162]');
"""
BOTH_EYES: Final = """(quality) => {
  __yokocho.draw();
  return __yokocho.engine.stage.renderer.domElement.toDataURL('image/jpeg', quality);
}"""
FINGERS: Final = {"device_scale_factor": 2, "has_touch": True, "is_mobile": True}
SCREENS: Final[dict[str, dict[str, Any]]] = {
    "desktop": {"viewport": {"width": 1280, "height": 800}},
    "phone": {"viewport": {"width": 390, "height": 844}, **FINGERS},
    "phone-wide": {"viewport": {"width": 844, "height": 390}, **FINGERS},
    "headset": {"viewport": {"width": 1280, "height": 720}},
}


@dataclass
class Guest:
    """One page, and what can be done on it."""

    page: Page

    async def until(self, expression: str) -> Any:
        """Wait until JavaScript is truthy; the page's policy forbids Playwright's own way of waiting."""
        deadline = time.monotonic() + PATIENCE_MS / 1000
        while time.monotonic() < deadline:
            if value := await self.page.evaluate(expression):
                return value
            await asyncio.sleep(0.1)
        raise TimeoutError(expression)

    async def walk_in(self) -> None:
        """Enter as Mika and wait for the street."""
        await self.page.get_by_label("Your name").fill("Mika")
        await self.page.get_by_role("button", name="Walk in", exact=True).click()
        await self.until("!!window.__yokocho?.engine && __yokocho.world.isPlaced")
        await self.until("document.querySelector('.street.is-lit') && !__yokocho.engine.street.busy")

    async def stand(self, x: float, z: float, yaw_rad: float) -> None:
        """Be put somewhere."""
        epoch = await self.page.evaluate("__yokocho.world.own.epoch")
        await self.page.evaluate("([x, z, yaw]) => { __yokocho.world.jump(x, z, yaw); }", [x, z, yaw_rad])
        await self.until(f"__yokocho.world.own.epoch !== {epoch}")
        await asyncio.sleep(0.5)
        await self.until("!__yokocho.engine.street.busy")

    async def panel(self, title: str) -> Locator:
        """Open a panel."""
        await self.page.get_by_role("navigation", name="Panels").get_by_role("button", name=re.compile(title)).click()
        return self.page.locator(f"#{title.lower()}")


Scene = Callable[[Guest], Awaitable[None]]


async def arrival(guest: Guest) -> None:
    """The first page."""
    await guest.page.get_by_label("Your name").fill("Mika")


async def lane(guest: Guest) -> None:
    """The entrance of the lane."""
    await guest.walk_in()
    entrance = await guest.page.evaluate("__yokocho.world.room.spawns[0]")
    await guest.stand(entrance["positionM"][0], entrance["positionM"][2], entrance["yawRad"])


async def square(guest: Guest) -> None:
    """The square, with some who walk there."""
    spot = await guest.page.evaluate("__yokocho.engine.mover.ground.nearestFree(0.2, 5.2)")
    await guest.stand(spot["x"], spot["z"], -0.42)
    await asyncio.sleep(6)


async def stall(guest: Guest) -> None:
    """Before a stall."""
    front = await guest.page.evaluate("__yokocho.world.directory[3].front")
    await guest.stand(front["positionM"][0], front["positionM"][2], front["yawRad"])


async def exhibit(guest: Guest) -> None:
    """One piece, closely."""
    stalls = await guest.panel("Stalls")
    await stalls.get_by_role("button", name=re.compile("^See the pieces: ")).nth(3).click()
    await stalls.get_by_role("button", name=re.compile("^Look closer: ")).first.click()
    await guest.page.get_by_role("dialog").locator("canvas").wait_for()
    await asyncio.sleep(4)


async def after_exhibit(guest: Guest) -> None:
    """Close whatever is open."""
    for _ in range(2):
        await guest.page.keyboard.press("Escape")
        await asyncio.sleep(0.3)


async def talk(guest: Guest) -> None:
    """What is said."""
    await after_exhibit(guest)
    entrance = await guest.page.evaluate("__yokocho.world.room.spawns[0]")
    await guest.stand(entrance["positionM"][0], entrance["positionM"][2], entrance["yawRad"])
    await guest.page.locator("#view").focus()
    await guest.page.keyboard.press("t")
    for line in ("Good evening", "Which of you makes the blue bowls?"):
        await guest.page.get_by_label("Say something").fill(line)
        await guest.page.get_by_label("Say something").press("Enter")
        await asyncio.sleep(1.5)


async def people(guest: Guest) -> None:
    """Who is here."""
    await guest.panel("People")
    await asyncio.sleep(1)


async def stalls_list(guest: Guest) -> None:
    """The stalls in words."""
    await guest.panel("Stalls")


async def settings(guest: Guest) -> None:
    """What can be set."""
    await guest.panel("Settings")


async def put_on(guest: Guest) -> None:
    """The lane through a headset."""
    await lane(guest)
    await guest.page.get_by_role("button", name="Enter with the headset").click()
    await guest.until("__yokocho.engine.immersion && __yokocho.world.own.hands")
    await asyncio.sleep(2)


async def menu(guest: Guest) -> None:
    """The menu inside the headset."""
    for value in (1, 0):
        await guest.page.evaluate(f"headset.controllers.left.updateButtonValue('x-button', {value})")
        await asyncio.sleep(0.5)


SCENES: Final[dict[str, dict[str, Scene]]] = {
    "desktop": {
        "arrival": arrival,
        "lane": lane,
        "square": square,
        "stall": stall,
        "exhibit": exhibit,
        "talk": talk,
        "people": people,
        "stalls": stalls_list,
        "settings": settings,
    },
    "phone": {
        "arrival": arrival,
        "lane": lane,
        "square": square,
        "stall": stall,
        "exhibit": exhibit,
        "talk": talk,
        "people": people,
        "settings": settings,
    },
    "phone-wide": {
        "arrival": arrival,
        "lane": lane,
        "stall": stall,
        "exhibit": exhibit,
        "talk": talk,
        "people": people,
    },
    "headset": {"lane": put_on, "menu": menu},
}


async def take_all(url: str, out: Path, wanted: list[str]) -> None:
    """All pictures, one screen after the other."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium_path(), args=CHROMIUM_FLAGS)
        for screen, scenes in SCENES.items():
            if screen in wanted:
                await take_screen(browser, url, screen, scenes, out)
        await browser.close()


async def take_screen(browser: Browser, url: str, screen: str, scenes: dict[str, Scene], out: Path) -> None:
    """The pictures of one kind of screen, in the order of a visit."""
    context = await browser.new_context(locale="en-GB", **SCREENS[screen])
    context.set_default_timeout(PATIENCE_MS)
    headset = IWER.read_text(encoding="utf-8") + PUT_ON_A_HEADSET if screen == "headset" else ""
    await context.add_init_script(BEEN_HERE + SELDOM_DRAWN + headset)
    page = await context.new_page()
    await page.goto(f"{url}/?debug")
    for name, scene in scenes.items():
        await scene(Guest(page))
        await page.evaluate("new Promise((done) => { __yokocho.draw?.(); requestAnimationFrame(() => done()); })")
        await asyncio.sleep(0.5)
        size = await save(page, out / f"{screen}-{name}.jpg")
        print(f"{screen}-{name}.jpg  {size / 1000:.0f} KB")
    await context.close()


async def save(page: Page, path: Path) -> int:
    """Save what is on the screen in as many bytes as are allowed; gives how many that are."""
    picture = b""
    in_headset = await page.evaluate("!!window.__yokocho?.engine?.immersion")
    for quality in (86, 78, 70, 60, 50):
        if in_headset:
            # What the eyes see is not on the page: take it from the canvas.
            encoded: str = await page.evaluate(BOTH_EYES, quality / 100)
            picture = base64.b64decode(encoded.partition(",")[2])
        else:
            picture = await page.screenshot(type="jpeg", quality=quality, timeout=PATIENCE_MS)
        if len(picture) <= MOST_BYTES:
            break
    await asyncio.to_thread(path.write_bytes, picture)
    return len(picture)


@contextmanager
def sample_alley() -> Iterator[str]:
    """A sample alley with some life in it, for as long as the block runs; gives its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory() as data:
        command = [sys.executable, "-m", "yokocho", "demo", "--port", str(port), "--data", data, "--bots", str(BOTS)]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        try:
            wait_until_open(process, url)
            yield url
        finally:
            process.terminate()
            process.wait(30)


def wait_until_open(process: subprocess.Popen[bytes], url: str) -> None:
    """Wait until an alley answers and its bots are in."""
    deadline = time.monotonic() + PATIENCE_MS / 1000
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=5) as answer:
                if json.load(answer)["visitors"] >= BOTS:
                    return
        except OSError:
            pass
        time.sleep(0.2)
    raise TimeoutError("the sample alley did not open")


def main() -> int:
    """Take the pictures."""
    parser = argparse.ArgumentParser(prog="python -m tools.screenshots", description="Take pictures of an alley.")
    parser.add_argument("out", type=Path, metavar="OUT_DIR")
    parser.add_argument("--url", help="an alley that is open already (default: a sample alley for this)")
    parser.add_argument("--only", nargs="+", choices=SCREENS, default=list(SCREENS), help="some kinds of screen")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    if options.url:
        asyncio.run(take_all(options.url.rstrip("/"), options.out, options.only))
    else:
        with sample_alley() as url:
            asyncio.run(take_all(url, options.out, options.only))
    return 0


if __name__ == "__main__":
    sys.exit(main())
