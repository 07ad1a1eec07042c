"""One walking visitor: it strolls from stall to stall, looks closely, sits down, has a word, returns a greeting."""

from __future__ import annotations

import asyncio
import math
import random
import time
from typing import Any, Final

from world.wire import EmoteKind, Scope
from yokocho.bots import words
from yokocho.bots.alley import Alley, Place
from yokocho.bots.line import CHAT, ROOM_STATE, SCENE, Body, Line, Tally
from yokocho.bots.paths import Point

EYE_SHARE: Final = 0.92
SEATED_SHARE: Final = 0.5
"""Height of the eyes above the seat, as a share of the body's height."""

TURN_RAD_S: Final = 3.0
SPREAD_M: Final = 0.9
"""How far from a stall's front a visitor may stop, so that several find room."""

SPOT_TRIES: Final = 8

LOOK_AROUND_HZ: Final = 2.0
QUIET_S: Final = (35.0, 110.0)
"""A visitor says nothing for a time between these."""

GOODBYE_S: Final = 0.5

_GREETINGS: Final = (
    "hello",
    "hi",
    "good evening",
    "hallo",
    "guten",
    "moin",
    "servus",
    "こんにちは",
    "こんばんは",
    "はじめまして",
)


class Stroller:
    """A bot's mind and legs."""

    def __init__(self, number: int, seed: int, url: str, origin: str, alley: Alley, tally: Tally, hz: float) -> None:
        self._rng = random.Random(f"{seed}/{number}")  # noqa: S311 - a stroll is no secret
        rng = self._rng
        self._language = words.LANGUAGES[number % len(words.LANGUAGES)]
        names = words.NAMES[self._language]
        name = names[(number // len(words.LANGUAGES) + seed) % len(names)]
        self._height_cm = rng.randint(140, 185)
        look = (*(rng.randrange(16) for _ in range(7)), self._height_cm)
        self._alley = alley
        self._pose_period_s = 1.0 / hz
        self._speed_m_s = rng.uniform(0.9, 1.6)
        self._quiet_until_s = time.monotonic() + rng.uniform(5.0, QUIET_S[1])
        self._been_at: list[str] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._line = Line(url, origin, (name, look, self._language), tally, rng)
        self._line.on_event = self._event

    @property
    def _body(self) -> Body:
        return self._line.body

    async def live(self) -> None:
        """Be in the alley until cancelled; then leave as one should."""
        keeping = asyncio.create_task(self._line.keep_open())
        strolling = asyncio.create_task(self._stroll())
        try:
            await asyncio.wait({keeping, strolling}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            await self._line.leave()
            await asyncio.wait({keeping}, timeout=GOODBYE_S)
            for task in (keeping, strolling, *self._tasks):
                task.cancel()
            await asyncio.gather(keeping, strolling, *self._tasks, return_exceptions=True)
        if strolling.done() and not strolling.cancelled() and (error := strolling.exception()):
            raise error

    # --- what it hears ------------------------------------------------------------------------------------------------

    def _event(self, kind: int, body: list[Any]) -> None:
        if kind == ROOM_STATE:
            self._alley.residents.add(self._line.visitor_id)
            self._alley.learn_room(body[1], body[2])
        elif kind == SCENE:
            self._alley.learn_cells(body[1])
        elif kind == CHAT:
            self._maybe_answer(visitor_id=body[2], name=body[3], scope=body[4], text=body[5])

    def _maybe_answer(self, *, visitor_id: str, name: str, scope: int, text: str) -> None:
        """Answer people who greet, and those near by now and then; never another bot."""
        if visitor_id in self._alley.residents:
            return
        greets = any(text.lower().startswith(greeting) for greeting in _GREETINGS)
        chance = (0.5 if greets else 0.15) if scope == Scope.NEAR else (2 / max(10, len(self._alley.residents)))
        if self._rng.random() < chance and (greets or scope == Scope.NEAR):
            task = asyncio.create_task(self._answer(name, Scope(scope), greets=greets))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _answer(self, name: str, scope: Scope, *, greets: bool) -> None:
        await asyncio.sleep(self._rng.uniform(1.0, 3.5))
        await self._line.emote(self._rng.choice((EmoteKind.BOW, EmoteKind.WAVE)))
        if greets:
            await self._line.say(self._rng.choice(words.ANSWERS[self._language]).format(name=name), scope)

    # --- what it does -------------------------------------------------------------------------------------------------

    async def _stroll(self) -> None:
        await self._line.placed.wait()
        while self._alley.ground is None:  # noqa: ASYNC110 - the room's state follows the place at once
            await asyncio.sleep(0.05)
        await asyncio.sleep(self._rng.uniform(0.0, 2.0))
        while True:
            roll = self._rng.random()
            if roll < 0.12 and self._alley.seats:
                await self._rest(self._rng.choice(self._alley.seats))
            elif roll < 0.9 and self._alley.stalls:
                await self._visit(self._next_stall())
            else:
                await self._wander()

    def _next_stall(self) -> Place:
        """A stall where it hasn't been for a while."""
        fresh = [stall for stall in self._alley.stalls if stall not in self._been_at]
        chosen = self._rng.choice(fresh or list(self._alley.stalls))
        self._been_at = [*self._been_at, chosen][-max(1, len(self._alley.stalls) // 2) :]
        return self._alley.stalls[chosen]

    async def _visit(self, stall: Place) -> None:
        await self._walk_to(self._spot_near(stall.point))
        await self._turn_to(stall.yaw_rad)
        await self._maybe_say(words.AT_A_STALL[self._language], stall)
        if self._rng.random() < 0.15:
            await self._line.emote(self._rng.choice((EmoteKind.BOW, EmoteKind.CLAP, EmoteKind.HEART)))
        await self._look_around(self._rng.uniform(4.0, 18.0), stall.yaw_rad)

    def _spot_near(self, point: Point) -> Point:
        """A free place not far away, so that a popular stall gets a crowd and not a heap."""
        for _ in range(SPOT_TRIES):
            angle, far_m = self._rng.uniform(0, math.tau), SPREAD_M * math.sqrt(self._rng.random())
            spot = point[0] + far_m * math.sin(angle), point[1] + far_m * math.cos(angle)
            if self._alley.ground is not None and self._alley.ground.is_free(spot):
                return spot
        return point

    async def _rest(self, seat: Place) -> None:
        beside = seat.point[0] - 0.6 * math.sin(seat.yaw_rad), seat.point[1] - 0.6 * math.cos(seat.yaw_rad)
        await self._walk_to(beside)
        self._body.x_m, self._body.z_m = seat.point
        self._body.sitting = True
        await self._turn_to(seat.yaw_rad)
        await self._maybe_say(words.ON_THE_BENCH[self._language], seat)
        await self._look_around(self._rng.uniform(10.0, 30.0), seat.yaw_rad, seat.seat_height_m)
        self._body.sitting = False
        self._body.x_m, self._body.z_m = beside

    async def _wander(self) -> None:
        body = self._body
        await self._walk_to((body.x_m + self._rng.uniform(-6, 6), body.z_m + self._rng.uniform(-6, 6)))
        await self._maybe_say(words.ON_THE_WAY[self._language], None)
        await self._look_around(self._rng.uniform(1.0, 5.0), body.yaw_rad)

    async def _maybe_say(self, lines: tuple[str, ...], place: Place | None) -> None:
        """A line now and then; mostly to those near by."""
        if time.monotonic() < self._quiet_until_s:
            return
        self._quiet_until_s = time.monotonic() + self._rng.uniform(*QUIET_S)
        stall = _in(place.name, self._language) if place else ""
        piece = _in(self._rng.choice(place.pieces), self._language) if place and place.pieces else ""
        fitting = [line for line in lines if (piece or "{piece}" not in line) and (stall or "{stall}" not in line)]
        if fitting:
            text = self._rng.choice(fitting).format(stall=stall, piece=piece)
            scope = Scope.ALLEY if self._rng.random() < 0.25 else Scope.NEAR
            await self._line.say(text, scope)

    # --- legs ---------------------------------------------------------------------------------------------------------

    async def _walk_to(self, goal: Point) -> None:
        ground = self._alley.ground
        if ground is None:
            return
        self._body.y_m = self._height_cm / 100 * EYE_SHARE
        for corner in ground.way((self._body.x_m, self._body.z_m), goal):
            await self._walk_straight(corner)

    async def _walk_straight(self, corner: Point) -> None:
        """Steps of one pose each; time is measured, so that a late step is a longer one, within reason."""
        body = self._body
        last_s = time.monotonic()
        while True:
            dx, dz = corner[0] - body.x_m, corner[1] - body.z_m
            distance_m = math.hypot(dx, dz)
            if distance_m < 0.02:
                return
            await asyncio.sleep(self._pose_period_s)
            now_s = time.monotonic()
            elapsed_s, last_s = min(0.3, now_s - last_s), now_s
            wanted_rad = math.atan2(-dx, -dz)
            off_rad = abs(_turn(body.yaw_rad, wanted_rad))
            body.yaw_rad = _turned(body.yaw_rad, wanted_rad, TURN_RAD_S * elapsed_s)
            pace = self._speed_m_s * (1.0 if off_rad < 0.8 else 0.25)
            step = min(1.0, pace * elapsed_s / distance_m)
            body.x_m += dx * step
            body.z_m += dz * step
            body.pitch_rad *= 0.8
            await self._line.send_pose()

    async def _turn_to(self, yaw_rad: float) -> None:
        body = self._body
        while abs(_turn(body.yaw_rad, yaw_rad)) > 0.02:
            body.yaw_rad = _turned(body.yaw_rad, yaw_rad, TURN_RAD_S * self._pose_period_s)
            await self._line.send_pose()
            await asyncio.sleep(self._pose_period_s)

    async def _look_around(self, seconds: float, yaw_rad: float, seat_height_m: float | None = None) -> None:
        """Stand, or sit, and let the eyes wander."""
        body = self._body
        height_m = self._height_cm / 100
        body.y_m = height_m * EYE_SHARE if seat_height_m is None else seat_height_m + height_m * SEATED_SHARE
        until_s = time.monotonic() + seconds
        wanted = yaw_rad, 0.0
        while time.monotonic() < until_s:
            if self._rng.random() < 0.25:
                wanted = yaw_rad + self._rng.uniform(-0.6, 0.6), self._rng.uniform(-0.35, 0.15)
            body.yaw_rad = _turned(body.yaw_rad, wanted[0], 0.25)
            body.pitch_rad += max(-0.12, min(0.12, wanted[1] - body.pitch_rad))
            await self._line.send_pose()
            await asyncio.sleep(1.0 / LOOK_AROUND_HZ)


def _in(text: dict[str, str], language: str) -> str:
    return text.get(language) or text.get("en", "")


def _turn(from_rad: float, to_rad: float) -> float:
    """The shorter turn from one yaw to another."""
    return (to_rad - from_rad + math.pi) % math.tau - math.pi


def _turned(from_rad: float, to_rad: float, most_rad: float) -> float:
    return from_rad + max(-most_rad, min(most_rad, _turn(from_rad, to_rad)))
