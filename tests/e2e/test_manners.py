"""What a visit costs and keeps to: one host, a strict policy, few bytes, little to draw, and a number of guests."""

from __future__ import annotations

import math
import re
from typing import Any, Final

from playwright.async_api import Request, expect

from tests.e2e.alley import Alley
from tests.e2e.conftest import WITHOUT_WEBGL, OpenAlley, OpenPage
from tests.e2e.visitor import Visitor

FIRST_LOAD_BYTES: Final = 200 * 1024
MOST_CALLS: Final = 100
MOST_TRIANGLES: Final = 150_000
MOST_ASSET_BYTES: Final = 4 * 1024 * 1024
LISTEN_FOR_VIOLATIONS: Final = """
window.violations = [];
addEventListener('securitypolicyviolation', (event) => violations.push(event.violatedDirective + event.blockedURI));
"""


async def test_whole_visit_stays_in_the_house(alley: Alley, open_page: OpenPage) -> None:
    """No request to any other host, nothing against the policy, and no more JavaScript than promised."""
    page = await open_page("about:blank", before=LISTEN_FOR_VIOLATIONS, drawn=True)
    asked: list[Request] = []
    sockets: list[str] = []
    page.on("request", lambda request: keep(asked, request))
    page.on("websocket", lambda socket: sockets.append(socket.url))
    answer = await page.goto(f"{alley.url}/?debug")
    assert answer is not None
    policy = dict(part.strip().split(" ", 1) for part in answer.headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self' 'wasm-unsafe-eval'"
    assert policy["style-src"] == "'self'"
    ito = Visitor(page, "Ito")
    await ito.walk_in()
    sizes = {request.url: (await request.sizes())["responseBodySize"] for request in asked if not request.failure}
    scripts = {url: size for url, size in sizes.items() if url.endswith(".js")}
    assert 0 < sum(scripts.values()) <= FIRST_LOAD_BYTES, scripts
    pieces = {url: size for url, size in sizes.items() if "/assets/" in url}
    assert 0 < sum(pieces.values()) <= MOST_ASSET_BYTES, pieces

    await ito.say("Is anybody here?", alley=True)
    for title in ("Settings", "People", "Stalls"):
        await ito.open_panel(title)
    stalls = await ito.open_panel("Stalls")
    await stalls.get_by_role("button", name=re.compile("^See the pieces: ")).first.click()
    await stalls.get_by_role("button", name=re.compile("^Look closer: ")).first.click()
    await expect(page.get_by_role("dialog").locator("canvas")).to_be_visible()
    await page.keyboard.press("Escape")
    own = (f"{alley.url}/", "blob:", "data:")
    assert [request.url for request in asked if not request.url.startswith(own)] == []
    assert sockets == [f"{alley.url.replace('http', 'ws', 1)}/live"]
    assert await page.evaluate("violations") == []


def keep(asked: list[Request], request: Request) -> None:
    asked.append(request)


async def test_square_is_cheap_to_draw(alley: Alley, open_page: OpenPage) -> None:
    """Draw calls and triangles wherever one looks from the square, as a first visit draws it."""
    ito = Visitor(await open_page(alley.url), "Ito")
    await ito.walk_in()
    page = ito.page
    await page.evaluate("__yokocho.engine.settings.set('quality', 'medium')")
    spot = await page.evaluate("__yokocho.engine.mover.ground.nearestFree(3.2, 0)")
    drawn: list[dict[str, Any]] = []
    for eighth in range(8):
        await ito.jump(spot["x"], spot["z"], eighth * math.pi / 4)
        await ito.until("!__yokocho.engine.street.busy", "all pieces are here")
        await page.evaluate("__yokocho.draw()")
        drawn.append(await page.evaluate("(({ calls, triangles }) => ({ calls, triangles }))(__yokocho.info())"))
    assert max(one["calls"] for one in drawn) <= MOST_CALLS, drawn
    assert max(one["triangles"] for one in drawn) <= MOST_TRIANGLES, drawn
    assert (await page.evaluate("__yokocho.stats()"))["failedAssets"] == 0


async def test_full_alley_says_so_and_lets_in_the_next(open_alley: OpenAlley, open_page: OpenPage) -> None:
    alley = open_alley(max_visitors=1)
    first = Visitor(await open_page(alley.url, before=WITHOUT_WEBGL), "First")
    await first.walk_in()
    second = Visitor(await open_page(alley.url, before=WITHOUT_WEBGL), "Second")
    await expect(second.page.get_by_text("The alley is full right now")).to_be_visible()
    await second.page.get_by_label("Your name").fill("Second")
    await second.page.get_by_role("button", name="Walk in", exact=True).click()
    await expect(second.page.get_by_text("The alley is full.")).to_be_visible()
    await first.leave()
    await second.until("__yokocho.world.status.phase === 'live'", "the next was let in", timeout_s=40)
    await expect(second.page.get_by_text("The alley is full.")).to_have_count(0)
