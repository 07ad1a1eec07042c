"""Real servers and a real browser.

The browser is Debian's Chromium with WebGL in software, so it is slow and its frame rate means nothing: tests wait for
states, never for times. One browser serves the whole run; each visitor has a context of their own, so that they share
neither identity nor cache. The sample alley is made once; whoever needs a server of their own gets a copy of it.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, Final, TypeAlias

import pytest
import pytest_asyncio
from playwright.async_api import (
    Browser,
    BrowserContext,
    BrowserType,
    ConsoleMessage,
    Page,
    ViewportSize,
    async_playwright,
    expect,
)

from hatch_build import is_fresh
from tests.e2e.alley import Alley
from tools.browsing import CHROMIUM_FLAGS, DRAWN_ON_DEMAND, PAGE_WITHOUT_SHADERS, SELDOM_DRAWN, chromium_path

SMALL_DESKTOP: Final[ViewportSize] = {"width": 800, "height": 500}
"""Few pixels: each costs time without a graphics card."""

PORTRAIT: Final[dict[str, Any]] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
LANDSCAPE: Final[dict[str, Any]] = {**PORTRAIT, "viewport": {"width": 844, "height": 390}}

LOW_QUALITY: Final = f"""
try {{ localStorage.getItem('yokocho.settings') ??
  localStorage.setItem('yokocho.settings', {json.dumps(json.dumps({"quality": "low"}))}) }} catch {{ }}
"""
WITHOUT_WEBGL: Final = """
{
  const getContext = HTMLCanvasElement.prototype.getContext;
  HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
    return kind.startsWith('webgl') || kind === 'webgpu' ? null : getContext.call(this, kind, ...rest);
  };
}
"""
"""A browser that cannot draw: as `--disable-3d-apis` makes it, but for one page alone."""

EXPECTED_COMPLAINTS: Final = (
    "WebSocket connection to",
    "net::ERR_CONNECTION_REFUSED",
    "Failed to load resource: net::ERR_CONNECTION_REFUSED",
    "Failed to load resource: the server responded with a status of 401",
    "Failed to load resource: the server responded with a status of 403",
    "Failed to load resource: the server responded with a status of 409",
)
"""What Chromium itself writes on the console while a server is away, or turns somebody away."""

LONGEST_CLICK_MS: Final = 60_000
LONGEST_LOOK_MS: Final = 30_000
"""Bounds for a busy machine; whatever waits on the scene says so and may take longer."""

expect.set_options(timeout=LONGEST_LOOK_MS)

ROOT: Final = Path(__file__).resolve().parents[2]

OpenPage: TypeAlias = Callable[..., Awaitable[Page]]
OpenAlley: TypeAlias = Callable[..., Alley]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here is end to end, runs on one event loop, and may take its time."""
    for item in items:
        if "/e2e/" in item.path.as_posix():
            item.add_marker(pytest.mark.e2e)
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)
            # By a signal: the other method ends the process at once and leaves browser and servers behind.
            item.add_marker(pytest.mark.timeout(240, method="signal"))


@pytest.fixture(scope="session")
def sample_alley(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of a fresh sample alley."""
    assert is_fresh(ROOT / "client_web", ROOT / "yokocho" / "static"), "`make test` builds the client"
    data = tmp_path_factory.mktemp("sample") / "data"
    alley = Alley(data)
    alley.start()
    alley.stop()
    return data


def copy_of(data: Path, target: Path) -> Path:
    """A copy of an alley's data, without the sockets that a server leaves there."""
    shutil.copytree(data, target, ignore=shutil.ignore_patterns("*.sock"))
    return target


@pytest.fixture(scope="session")
def alley(sample_alley: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Alley]:
    """A running sample alley, shared by the tests that leave it as it is."""
    alley = Alley(copy_of(sample_alley, tmp_path_factory.mktemp("alley") / "data"))
    alley.start()
    yield alley
    alley.stop()


@pytest.fixture
def open_alley(sample_alley: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenAlley]:
    """Opens sample alleys that the test may kill; keyword arguments are settings of the instance."""
    alleys: list[Alley] = []

    def open_one(**settings: object) -> Alley:
        alley = Alley(copy_of(sample_alley, tmp_path_factory.mktemp("own") / "data"), settings=settings)
        alleys.append(alley)
        alley.start()
        return alley

    yield open_one
    for alley in alleys:
        alley.stop()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[BrowserType]:
    """Starts Chromium, as apt installs it."""
    assert chromium_path(), "`make test` installs Chromium"
    async with async_playwright() as playwright:
        yield playwright.chromium


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser(chromium: BrowserType) -> AsyncIterator[Browser]:
    """The one browser of the run."""
    browser = await chromium.launch(executable_path=chromium_path(), args=[*CHROMIUM_FLAGS, PAGE_WITHOUT_SHADERS])
    yield browser
    await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def open_page(browser: Browser) -> AsyncIterator[OpenPage]:
    """Opens pages, each as another person; keyword arguments are those of a browser context.

    A script to run before the page's own goes into `before`. Each page shows its inner life under `window.__yokocho`.
    It draws the street when `__yokocho.draw()` is called, and with `drawn=True` now and then by itself as well.
    A fault in a page's script and anything that a browser complains about on the console fail the test.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(EXPECTED_COMPLAINTS):
            complaints.append(message.text)

    async def open_one(url: str, *, before: str = "", drawn: bool = False, **context_options: Any) -> Page:
        context = await browser.new_context(**{"viewport": SMALL_DESKTOP, "locale": "en-GB", **context_options})
        contexts.append(context)
        context.set_default_timeout(LONGEST_CLICK_MS)
        await context.add_init_script(LOW_QUALITY + SELDOM_DRAWN + ("" if drawn else DRAWN_ON_DEMAND) + before)
        page = await context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", heard)
        await page.goto(f"{url}/?debug" if url.startswith("http") else url)
        return page

    yield open_one
    for context in contexts:
        await context.close()
    assert complaints == []
