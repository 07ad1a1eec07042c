"""Real servers and a real browser.

The browser is Debian's Chromium with WebGL in software, so it is slow and its frame rate means nothing: tests wait for
states, never for times. One browser serves the whole run; each visitor has a context of their own, so that they share
neither identity nor cache.
"""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any, Final, TypeAlias

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from tests.e2e.alley import Alley

CHROMIUM_FLAGS: Final = (
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
)
SMALL_DESKTOP: Final = {"width": 960, "height": 600}
"""Few pixels: each costs time without a graphics card."""

OpenPage: TypeAlias = Callable[..., Awaitable[Page]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here is end to end, runs on one event loop, and may take its time."""
    for item in items:
        if "/e2e/" in item.path.as_posix():
            item.add_marker(pytest.mark.e2e)
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)
            item.add_marker(pytest.mark.timeout(180))


@pytest.fixture(scope="session")
def alley(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Alley]:
    """The sample alley, shared by the tests that leave it as it is."""
    alley = Alley(tmp_path_factory.mktemp("alley") / "data")
    alley.start()
    yield alley
    alley.stop()


@pytest.fixture
def own_alley(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Alley]:
    """A sample alley that may be killed."""
    alley = Alley(tmp_path_factory.mktemp("own") / "data")
    alley.start()
    yield alley
    alley.stop()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Chromium, as apt installs it."""
    executable = shutil.which("chromium")
    assert executable is not None, "`make test` installs Chromium"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable, args=CHROMIUM_FLAGS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def open_page(browser: Browser) -> AsyncIterator[OpenPage]:
    """Opens pages, each as another person; keyword arguments are those of a browser context.

    A fault in a page's script fails the test.
    """
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    async def open_one(url: str, **context_options: Any) -> Page:
        context = await browser.new_context(**{"viewport": SMALL_DESKTOP, "locale": "en-GB", **context_options})
        contexts.append(context)
        page = await context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        await page.goto(url)
        return page

    yield open_one
    for context in contexts:
        await context.close()
    assert faults == []
