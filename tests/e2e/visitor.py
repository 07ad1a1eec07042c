"""A person at a browser, who finds everything by what it is called, as someone with a screen reader does.

What only eyes can tell (who stands where) is read from `window.__yokocho`, which a page with `?debug` has. The page's
policy forbids `eval`, so Playwright's `wait_for_function` cannot work here; `until` asks again and again instead.
"""

from __future__ import annotations

import asyncio
import math
import re
import time
from collections.abc import Callable
from typing import Any, Final, TypeAlias

from playwright.async_api import Locator, Page, expect

PATIENCE_MS: Final = 60_000
"""For what waits on the scene: shaders are compiled in software."""

SOON_MS: Final = 30_000
STEP_S: Final = 0.05
STILL_M: Final = 0.001

PANELS: Final = {"Stalls": "#stalls", "People": "#people", "Talk": "#chat", "Settings": "#settings"}

Place: TypeAlias = tuple[float, float, float]

SEVERAL_FRAMES: Final = """new Promise((done) => {
  let left = 8;
  const next = () => (--left > 0 ? requestAnimationFrame(next) : done());
  requestAnimationFrame(next);
})"""

_POSE_OF: Final = """(name) => {
  const { world } = window.__yokocho;
  const person = [...world.people.values()].find((one) => one.name === name);
  const pose = person && world.poseOf(person.slot, performance.now());
  return pose ? structuredClone(pose) : null;
}"""


class Visitor:
    """One page."""

    def __init__(self, page: Page, name: str) -> None:
        self.page = page
        self.name = name

    # --- coming and going ---------------------------------------------------------------------------------------------

    async def walk_in(self) -> None:
        """Write a name and enter; done when the street is there."""
        await self.page.get_by_label("Your name").fill(self.name)
        await self.page.get_by_role("button", name="Walk in", exact=True).click(timeout=PATIENCE_MS)
        await self.expect_inside()

    async def expect_inside(self) -> None:
        """Inside, with the door open and the street drawn."""
        await expect(self.page.get_by_role("navigation", name="Panels")).to_be_visible(timeout=PATIENCE_MS)
        await expect(self.page.get_by_role("progressbar")).to_have_count(0, timeout=PATIENCE_MS)
        await self.until("__yokocho.world.isPlaced", "somebody was told where to stand")

    async def leave(self) -> None:
        """Go out by the door."""
        settings = await self.open_panel("Settings")
        await settings.get_by_role("button", name="Leave the alley").click()

    # --- what the eyes tell -------------------------------------------------------------------------------------------

    async def until(self, expression: str, what: str, *, timeout_s: float = 40.0) -> Any:
        """Wait until JavaScript of the page's is truthy; gives its value."""
        deadline = time.monotonic() + timeout_s
        while True:
            value = await self.page.evaluate(expression)
            if value:
                return value
            assert time.monotonic() < deadline, f"{self.name} waited in vain that {what}"
            await asyncio.sleep(STEP_S)

    async def position(self) -> Place:
        """Where one's own head is."""
        x, y, z = await self.page.evaluate("__yokocho.world.own.position")
        return (x, y, z)

    async def standing(self) -> Place:
        """Where one's own head is once it has come to rest; a walk ends in a short glide."""
        await self.until("!__yokocho.engine.mover.walking", "the way there is over", timeout_s=40.0)
        deadline = time.monotonic() + 40.0
        before = await self.position()
        while True:
            await self.page.evaluate(SEVERAL_FRAMES)
            now = await self.position()
            if distance_m(now, before) < STILL_M:
                return now
            assert time.monotonic() < deadline, f"{self.name} never comes to rest"
            before = now

    async def pose_of(self, name: str) -> dict[str, Any] | None:
        """How one sees somebody else: `position`, `rotation`, `hands`; None when they are not in sight."""
        pose: dict[str, Any] | None = await self.page.evaluate(_POSE_OF, name)
        return pose

    async def until_sees(self, name: str, holds: Callable[[dict[str, Any]], bool], what: str) -> dict[str, Any]:
        """Wait until somebody else is seen, and seen so."""
        deadline = time.monotonic() + 40.0
        while True:
            pose = await self.pose_of(name)
            if pose and holds(pose):
                return pose
            assert time.monotonic() < deadline, f"{self.name} never saw that {what}: {pose}"
            await asyncio.sleep(STEP_S)

    async def jump(self, x: float, z: float, yaw_rad: float) -> None:
        """Be put somewhere by the server, and look from there."""
        epoch = await self.page.evaluate("__yokocho.world.own.epoch")
        await self.page.evaluate("([x, z, yaw]) => { __yokocho.world.jump(x, z, yaw); }", [x, z, yaw_rad])
        await self.until(f"__yokocho.world.own.epoch !== {epoch}", "the server answers a jump")
        await self.page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")

    async def hold(self, key: str, metres: float) -> None:
        """Hold a key down until it has carried one so far."""
        before = await self.position()
        deadline = time.monotonic() + 60.0
        await self.page.keyboard.down(key)
        while distance_m(await self.position(), before) < metres:
            assert time.monotonic() < deadline, f"{key} does not carry {self.name} {metres} m"
            await asyncio.sleep(STEP_S)
        await self.page.keyboard.up(key)

    # --- the words ----------------------------------------------------------------------------------------------------

    async def open_panel(self, title: str) -> Locator:
        """Open one of the panels by its button. What it is called may change with what it shows."""
        panel = self.page.locator(PANELS[title])
        if not await panel.get_by_role("heading").first.is_visible():
            panels = self.page.get_by_role("navigation", name="Panels")
            button = panels.get_by_role("button", name=re.compile(title))
            # On a desk the talk has its button at the lower left.
            await (button if await button.is_visible() else self.page.locator(".chat-open")).click()
        await expect(panel.get_by_role("heading").first).to_be_visible()
        return panel

    def log(self) -> Locator:
        """What is said."""
        return self.page.get_by_role("log", name="What is said")

    async def say(self, text: str, *, alley: bool = False) -> None:
        """Say something to those near, or into the whole alley."""
        await self.open_panel("Talk")
        field = self.page.get_by_label("Say something")
        await self.page.get_by_role("radio", name="Alley" if alley else "Near").check()
        await field.fill(text)
        await field.press("Enter")

    async def expect_heard(self, who: str, text: str) -> None:
        """These words are in the log, with the name of who said them."""
        line = self.log().locator("p").filter(has_text=who).filter(has_text=text).first
        await expect(line).to_be_attached(timeout=SOON_MS)

    async def expect_near(self, who: str, *, timeout_ms: int = SOON_MS) -> None:
        """This person is named in the list of people."""
        people = await self.open_panel("People")
        await expect(people.get_by_role("listitem").filter(has_text=who).first).to_be_attached(timeout=timeout_ms)

    async def expect_alone(self) -> None:
        """Nobody is named under "Near you"."""
        people = await self.open_panel("People")
        await expect(people.get_by_text("Nobody is near.")).to_be_visible(timeout=SOON_MS)


async def come_to_rest(page: Page) -> None:
    """Wait until whatever slides or fades in has done so."""
    await page.evaluate(
        "Promise.allSettled(document.getAnimations()"
        ".filter((one) => one.effect.getComputedTiming().iterations !== Infinity).map((one) => one.finished))"
    )


def distance_m(a: Place, b: Place) -> float:
    """How far two places are apart on the ground."""
    return math.hypot(a[0] - b[0], a[2] - b[2])


def place_of(pose: dict[str, Any]) -> Place:
    """The place of a pose that a page gave."""
    x, y, z = pose["position"]
    return (x, y, z)
