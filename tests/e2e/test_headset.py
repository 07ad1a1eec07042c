"""A visit in an emulated headset: others see head and hands; sticks glide, teleport and turn; the menu leads out.

The emulator (IWER) is a script of the tests alone, and put into the page before its own. Whatever the wearer does must
reach the other browser.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest
import pytest_asyncio
from playwright.async_api import expect

from tests.e2e.alley import Alley
from tests.e2e.conftest import WITHOUT_WEBGL, OpenPage
from tests.e2e.visitor import Visitor, distance_m, place_of
from tools.browsing import PUT_ON_A_HEADSET

IWER: Final = Path(__file__).resolve().parents[2] / "client_web" / "node_modules" / "iwer" / "build" / "iwer.min.js"
AIM_AT_THE_WAY_OUT: Final = """() => {
  const { engine } = __yokocho;
  const { rig, scene } = engine.stage;
  let sheet = null;
  scene.traverse((one) => {
    const size = one.visible && one.geometry?.parameters;
    if (size && size.width === 0.52 && size.height === 0.56) sheet = one;
  });
  if (!sheet) return false;
  sheet.updateMatrixWorld(true);
  // The last line of the menu; the hand a span before the sheet and square to it.
  const at = sheet.localToWorld(sheet.position.clone().set(0, -0.199, 0.3));
  rig.worldToLocal(at);
  const turn = rig.quaternion.clone().invert().multiply(sheet.quaternion);
  headset.controllers.right.position.set(at.x, at.y, at.z);
  headset.controllers.right.quaternion.set(turn.x, turn.y, turn.z, turn.w);
  return true;
}"""

FIRST_PLACE: Final = """() => {
  const { positionM, yawRad } = __yokocho.world.room.spawns[0];
  return [positionM[0], positionM[2], yawRad];
}"""


@pytest_asyncio.fixture(loop_scope="session")
async def wearer(alley: Alley, open_page: OpenPage) -> Visitor:
    """Somebody who has put a headset on, in the street."""
    before = IWER.read_text(encoding="utf-8") + PUT_ON_A_HEADSET
    visitor = Visitor(await open_page(alley.url, before=before), "Wearer")
    await visitor.walk_in()
    await visitor.page.get_by_role("button", name="Enter with the headset").click()
    await visitor.until("!!__yokocho.engine.immersion", "the headset shows the street")
    await visitor.until("!!__yokocho.world.own.hands", "both hands are there")
    return visitor


async def test_others_see_head_and_hands(alley: Alley, open_page: OpenPage, wearer: Visitor) -> None:
    other = Visitor(await open_page(alley.url, before=WITHOUT_WEBGL), "Other")
    await other.walk_in()
    before = await other.until_sees("Wearer", lambda pose: bool(pose["hands"]), "there are hands")

    await wearer.page.evaluate("headset.position.set(0.3, 1.1, 0)")
    await other.until_sees("Wearer", lambda pose: abs(pose["position"][1] - 1.1) < 0.03, "the head is lower")
    moved_m = distance_m(place_of(await seen(other)), place_of(before))
    assert moved_m == pytest.approx(0.3, abs=0.05), "and a step aside"

    await wearer.page.evaluate("headset.quaternion.set(0, Math.sin(0.5), 0, Math.cos(0.5))")
    await other.until_sees("Wearer", lambda pose: abs(turn_between(pose, before) - 1.0) < 0.05, "the head has turned")

    for side, name in enumerate(("left", "right")):
        goal_y = (await seen(other))["hands"][side]["position"][1] + 0.4
        await wearer.page.evaluate(f"headset.controllers.{name}.position.y += 0.4")
        await other.until_sees("Wearer", hand_is_at(side, goal_y), f"the {name} hand is raised")


async def test_teleport_turn_glide_and_way_out(wearer: Visitor) -> None:
    page = wearer.page
    # A throw along the lane, always from the same place; aimed a little down it lands a few metres ahead.
    x, z, yaw_rad = await page.evaluate(FIRST_PLACE)
    await wearer.jump(x, z, yaw_rad)
    start = await wearer.position()
    await push(wearer, "left", 0, -1)
    await wearer.until("!!__yokocho.engine.mark", "the arc shows where one would land")
    landing = await page.evaluate("__yokocho.engine.mark")
    await push(wearer, "left", 0, 0)
    goal = (landing["x"], 0.0, landing["z"])
    await until_at(wearer, goal, within_m=0.1)
    assert distance_m(start, goal) > 1.0

    yaw = await page.evaluate("__yokocho.engine.stage.rig.rotation.y")
    await push(wearer, "right", 1, 0)
    await wearer.until(f"Math.abs(__yokocho.engine.stage.rig.rotation.y - {yaw}) > 0.7", "a flick turns")
    await push(wearer, "right", 0, 0)
    turned = await page.evaluate("__yokocho.engine.stage.rig.rotation.y")
    assert abs(turned - yaw) == pytest.approx(math.pi / 4, abs=0.01), "by one step"

    await page.evaluate("__yokocho.engine.settings.set('locomotion', 'smooth')")
    before = await wearer.position()
    await push(wearer, "left", 0, 1)
    await until_moved(wearer, before, 0.3)
    await push(wearer, "left", 0, 0)

    await press(wearer, "left", "x-button")
    await wearer.until(f"({AIM_AT_THE_WAY_OUT})()", "the menu is open")
    await two_frames(wearer)
    await press(wearer, "right", "trigger")
    await wearer.until("!__yokocho.engine.immersion", "the menu led out of the headset")
    await expect(page.get_by_role("navigation", name="Panels")).to_be_visible()
    await wearer.until("__yokocho.world.own.hands === null", "the hands are gone with the headset")
    assert await page.evaluate("__yokocho.world.status.phase") == "live", "the visit goes on"


async def seen(other: Visitor) -> dict[str, Any]:
    """How the other sees the wearer now."""
    pose = await other.pose_of("Wearer")
    assert pose is not None
    return pose


def hand_is_at(side: int, height_m: float) -> Callable[[dict[str, Any]], bool]:
    return lambda pose: abs(pose["hands"][side]["position"][1] - height_m) < 0.05


def turn_between(pose: dict[str, Any], before: dict[str, Any]) -> float:
    """The angle between two rotations of a head."""
    dot = sum(a * b for a, b in zip(pose["rotation"], before["rotation"], strict=True))
    return 2 * math.acos(min(1.0, abs(dot)))


async def push(wearer: Visitor, side: str, x: float, y: float) -> None:
    """Push a thumbstick and leave it there."""
    await wearer.page.evaluate(f"headset.controllers.{side}.updateAxes('thumbstick', {x}, {y})")
    await two_frames(wearer)


async def press(wearer: Visitor, side: str, button: str) -> None:
    """Press a button and let it go."""
    for value in (1, 0):
        await wearer.page.evaluate(f"headset.controllers.{side}.updateButtonValue('{button}', {value})")
        await two_frames(wearer)


async def two_frames(wearer: Visitor) -> None:
    """Let the page see what the headset says."""
    await wearer.page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


async def until_at(wearer: Visitor, goal: tuple[float, float, float], *, within_m: float) -> None:
    for _ in range(400):
        if distance_m(await wearer.position(), goal) < within_m:
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"stands at {await wearer.position()}, not at {goal}")


async def until_moved(wearer: Visitor, start: tuple[float, float, float], metres: float) -> None:
    for _ in range(400):
        if distance_m(await wearer.position(), start) >= metres:
            return
        await asyncio.sleep(0.05)
    raise AssertionError("the stick does not move the visitor")
