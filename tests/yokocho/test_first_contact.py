"""Two alleys: what one knows of somebody keeps an old edition of them out of the other, which never waits for it."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import NamedTuple

import aiohttp
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from federation.errors import RefusalCode
from federation.identity import read_document
from tests.yokocho.people.support import Somebody
from tests.yokocho.people.test_private_calls import Page
from tests.yokocho.support import eventually, open_instance
from tests.yokocho.talker import BYE, ENTER, WELCOME, visit
from world.errors import ErrorCode
from yokocho.app import Instance
from yokocho.bots.passport import Passport


class Pair(NamedTuple):
    """Where people are at home, and where they go."""

    home: Instance
    away: Instance


@pytest.fixture
async def alleys(data: Path, pristine: Path, tmp_path: Path) -> AsyncIterator[Pair]:
    other = Path(shutil.copytree(pristine, tmp_path / "other"))
    async with open_instance(data) as home, open_instance(other, ask_gateways=True) as away:
        yield Pair(home, away)


def home_in(card: list[object]) -> object:
    return card[5]


async def known_at(instance: Instance, who: Passport) -> None:
    """Be kept there."""
    async with visit(instance.origins[0], passport=who):
        await eventually(lambda: instance.people.known(who.did) is not None)


async def publish(instance: Instance, who: Passport) -> None:
    await instance.people.publish(read_document(who.document), "")


async def test_an_old_edition_is_sent_away_and_stays_out(alleys: Pair) -> None:
    """A lost device comes with the edition that still lists it to an alley that has never seen the person."""
    lost = Passport(alleys.home.origins[0])
    await known_at(alleys.home, lost)
    old = lost.document
    lost.sign([Ed25519PrivateKey.generate()])
    await publish(alleys.home, lost)
    newest, lost.document = lost.sequence, old
    async with visit(alleys.away.origins[0], passport=lost) as thief:
        bye = await thief.until(BYE)
        assert (bye[1], bye[4]) == (ErrorCode.ENTRY_REFUSED, RefusalCode.ROLLED_BACK)
        await thief.socket.wait_closed()
    assert thief.socket.close_code == 4008
    known = alleys.away.people.known(lost.did)
    assert known is not None
    assert known.sequence == newest
    await eventually(lambda: not alleys.away.live.room.visitors)


async def test_a_home_stands_behind_the_name_once_it_was_asked(alleys: Pair) -> None:
    hana = Passport(alleys.home.origins[0])
    await known_at(alleys.home, hana)
    home = alleys.home.origins[0].removeprefix("http://")
    async with visit(alleys.away.origins[0], passport=hana) as first:
        assert home_in((await first.until(WELCOME))[3]) == ""
        await eventually(lambda: any(home_in(card) == home for said in first.of_kind(ENTER) for card in said[1]))
    async with (
        visit(alleys.away.origins[0], passport=hana) as again,
        aiohttp.ClientSession(alleys.away.origins[0]) as http,
        http.get(f"/api/people/{hana.did}") as answer,
    ):
        assert home_in((await again.until(WELCOME))[3]) == home
        assert ((said := await answer.json())["home"], said["is_home_confirmed"]) == (home, True)


@pytest.mark.parametrize("ask_gateways", [True, False])
async def test_nobody_needs_a_home_that_is_there(data: Path, ask_gateways: bool) -> None:
    hana = Passport("http://127.0.0.1:9")
    async with (
        open_instance(data, ask_gateways=ask_gateways) as away,
        visit(away.origins[0], passport=hana) as here,
        aiohttp.ClientSession(away.origins[0]) as http,
    ):
        assert home_in((await here.until(WELCOME))[3]) == ""
        await eventually(lambda: away.people.known(hana.did) is not None)
        assert (away.gateways is None) is not ask_gateways
        if away.gateways is not None:
            gateways = away.gateways
            await eventually(lambda: not gateways.waiting)
        assert away.people.confirmed_home(hana.did) is None
        assert len(away.live.room.visitors) == 1
        async with http.get(f"/api/people/{hana.did}") as answer:
            assert ((said := await answer.json())["home"], said["is_home_confirmed"]) == ("127.0.0.1:9", False)


async def test_a_thief_of_a_root_that_was_replaced_is_out(alleys: Pair) -> None:
    """The gateway leads from the did that somebody had to the one that took its place; a page has to go as well."""
    home = alleys.home.origins[0]
    hana = Somebody(gateway=home)
    later = hana.successor()
    later.gateway = home
    for one in (hana, later):
        identity = one.identity()
        await alleys.home.people.remember(one.did, "Hana", None, "", identity, 0)
    async with aiohttp.ClientSession() as http:
        thief = Page(alleys.away, http, hana)
        hana.gateway = home
        assert await thief.come_in() == 200
        people = alleys.away.people
        await eventually(lambda: (known := people.known(hana.did)) is not None and known.successor == later.did)
        status, said = await thief.call("GET", "/api/me")
        assert (status, said["error"]) == (401, "revoked")
