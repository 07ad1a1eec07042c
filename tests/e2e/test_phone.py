"""A phone: fingers walk, look and open; panels come from below; nothing is wider than the screen, held either way."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from playwright.async_api import CDPSession, Page, expect

from tests.e2e.alley import Alley
from tests.e2e.conftest import LANDSCAPE, PORTRAIT, OpenPage
from tests.e2e.visitor import Visitor, come_to_rest, distance_m

SMALLEST_TARGET_PX: Final = 24
"""WCAG 2.2, 2.5.8."""

PIECE_ON_SCREEN: Final = """() => {
  const { engine } = __yokocho;
  const { camera, renderer } = engine.stage;
  const canvas = renderer.domElement;
  for (const [id, shown] of engine.street.exhibits) {
    const at = shown.box.getCenter(camera.position.clone());
    const origin = camera.getWorldPosition(camera.position.clone());
    const picked = engine.pick(origin, at.clone().sub(origin).normalize());
    if (picked?.kind !== 'exhibit' || picked.shown.exhibit.id !== id || picked.distance > 5) continue;
    const [u, v, w] = at.project(camera).toArray();
    if (w > 1 || Math.abs(u) > 0.95 || Math.abs(v) > 0.95) continue;
    const [x, y] = [((u + 1) / 2) * canvas.clientWidth, ((1 - v) / 2) * canvas.clientHeight];
    const isOnJoystick = x < 180 && y > canvas.clientHeight - 260;
    if (!isOnJoystick && document.elementFromPoint(x, y) === canvas) return { x, y };
  }
  return null;
}"""
"""Where a finger finds a piece that is in reach."""

TOO_SMALL_OR_OUTSIDE: Final = """(least) => [...document.querySelectorAll('button, select, input, summary, a')]
  .map((one) => [one, (/radio|checkbox/.test(one.type) ? one.labels[0] : one).getBoundingClientRect()])
  .filter(([one, box]) => one.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && box.width > 1)
  .filter(([, box]) => Math.min(box.width, box.height) < least || box.left < -1 || box.right > innerWidth + 1)
  .map(([one, box]) => one.outerHTML.slice(0, 120) + JSON.stringify(box))"""


async def test_fingers_walk_look_and_open(alley: Alley, open_page: OpenPage) -> None:
    visitor = Visitor(await open_page(alley.url, **PORTRAIT), "Finger")
    await visitor.walk_in()
    fingers = await visitor.page.context.new_cdp_session(visitor.page)
    await joystick_walks(visitor, fingers)

    yaw = await visitor.page.evaluate("__yokocho.engine.mover.yaw")
    await touch(fingers, "touchStart", (300, 300))
    for step in range(1, 6):
        await touch(fingers, "touchMove", (300 - 20 * step, 300))
    await touch(fingers, "touchEnd")
    await visitor.until(f"Math.abs(__yokocho.engine.mover.yaw - {yaw}) > 0.2", "a drag looks around")

    front = await visitor.page.evaluate("__yokocho.world.directory[0].front")
    await visitor.jump(front["positionM"][0], front["positionM"][2], front["yawRad"])
    at = await visitor.until(f"({PIECE_ON_SCREEN})()", "a piece is within reach of a finger")
    await visitor.page.touchscreen.tap(at["x"], at["y"])
    dialog = visitor.page.get_by_role("dialog")
    await expect(dialog.get_by_text("Price", exact=True)).to_be_visible()
    await expect_fits(visitor.page)
    await dialog.get_by_role("button", name="Back to the street").tap()
    await expect(dialog).to_be_hidden()

    await visitor.page.set_viewport_size(LANDSCAPE["viewport"])
    await visitor.jump(front["positionM"][0], front["positionM"][2], front["yawRad"] + 1.57)
    await joystick_walks(visitor, fingers)


async def test_panels_come_from_below_and_fit(alley: Alley, open_page: OpenPage) -> None:
    page = await open_page(alley.url, **PORTRAIT)
    await expect(page.get_by_label("Your name")).to_be_visible()
    for way in (LANDSCAPE, PORTRAIT):
        await page.set_viewport_size(way["viewport"])
        await expect_fits(page)
    visitor = Visitor(page, "Small")
    await visitor.walk_in()
    for way in (PORTRAIT, LANDSCAPE):
        await page.set_viewport_size(way["viewport"])
        await expect_fits(page)
        for title in ("Stalls", "People", "Settings", "Talk"):
            panel = await visitor.open_panel(title)
            await come_to_rest(page)
            await expect_fits(page)
            box = await panel.bounding_box()
            assert box is not None
            assert box["y"] > 0
            assert box["y"] + box["height"] <= way["viewport"]["height"] + 1, f"{title} ends on the screen: {box}"
            await page.keyboard.press("Escape")
            await expect(panel.get_by_role("heading").first).to_be_hidden()


async def joystick_walks(visitor: Visitor, fingers: CDPSession) -> None:
    """Push the joystick: one walks. Let it go, or have it taken by the system: one stands."""
    ring = await visitor.page.locator(".scene-joystick").bounding_box()
    assert ring is not None
    x, y = ring["x"] + ring["width"] / 2, ring["y"] + ring["height"] / 2
    for end in ("touchEnd", "touchCancel"):
        start = await visitor.position()
        await touch(fingers, "touchStart", (x, y))
        for step in range(1, 5):
            await touch(fingers, "touchMove", (x, y - 10 * step))
        for _ in range(400):
            if distance_m(await visitor.position(), start) > 0.6:
                break
            await asyncio.sleep(0.05)
        else:
            raise AssertionError("the joystick does not walk")
        await touch(fingers, end)
        await visitor.until(
            "new Promise((done) => { const { mover } = __yokocho.engine; const { x, z } = mover;"
            " setTimeout(() => done(mover.x === x && mover.z === z), 200); })",
            f"one stands after {end}",
        )


async def touch(fingers: CDPSession, kind: str, *points: tuple[float, float]) -> None:
    """One event of the touch screen."""
    touches = [{"x": x, "y": y} for x, y in points]
    await fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})


async def expect_fits(page: Page) -> None:
    """Nothing makes the page scroll sideways, and whatever can be touched is large enough and on the screen."""
    scrolled: dict[str, Any] = await page.evaluate(
        "({ width: document.documentElement.scrollWidth, screen: document.documentElement.clientWidth })"
    )
    assert scrolled["width"] <= scrolled["screen"], scrolled
    assert await page.evaluate(TOO_SMALL_OR_OUTSIDE, SMALLEST_TARGET_PX) == []
