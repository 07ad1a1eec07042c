"""At the door: who is known, with which document, under which did."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from federation.errors import RefusalCode
from federation.errors import Refused as BadDocument
from federation.keys import encode_multikey
from tests.yokocho.people.support import HOME, LOOK, Clock, House, Somebody, open_house
from yokocho.people import AT_THE_CONSOLE, Roles


async def test_stranger_is_a_visitor_without_a_past(house: House) -> None:
    hana = Somebody()
    assert house.people.known(hana.did) is None
    assert house.people.devices(hana.did) is None
    verdict = house.people.verdict(hana.did, HOME, house.clock.us / 1e6)
    assert verdict == (Roles.VISITOR, (), None, False)


async def test_what_was_shown_is_known_after_a_restart(data: Path) -> None:
    hana, clock = Somebody(sequence=7), Clock()
    async with open_house(data, clock) as house:
        await house.meet(hana)
        at_once = house.people.known(hana.did)
    async with open_house(data, clock) as house:
        known = house.people.known(hana.did)
        assert known == at_once
        assert known is not None
        assert (known.sequence, known.digest) == (7, hana.identity().digest)
        assert house.people.devices(hana.did) == (encode_multikey(hana.devices[0].public_key()),)
        person = await house.people.records.person(hana.did)
        assert (person.row.name, person.row.look, person.row.home) == ("Hana", LOOK, "")


async def test_an_old_document_does_not_take_the_place_of_a_new_one(house: House) -> None:
    hana = Somebody(sequence=5)
    old = hana.identity()
    hana.sequence, hana.devices = 6, [Ed25519PrivateKey.generate()]
    await house.meet(hana)
    await house.people.remember(hana.did, "Hana", LOOK, "", old, house.clock.us / 1e6)
    known = house.people.known(hana.did)
    assert known is not None
    assert known.sequence == 6
    row = (await house.people.records.person(hana.did)).row
    assert (row.sequence, row.document["sequence"]) == (6, 6)


async def test_a_published_document_must_be_the_next_word(house: House) -> None:
    hana = Somebody(sequence=5)
    await house.meet(hana)
    hana.devices = []
    hana.devices.append(Ed25519PrivateKey.generate())
    with pytest.raises(BadDocument) as forked:
        await house.people.publish(hana.identity(), "")
    hana.sequence = 4
    with pytest.raises(BadDocument) as rolled_back:
        await house.people.publish(hana.identity(), "")
    assert (forked.value.code, rolled_back.value.code) == (RefusalCode.FORKED, RefusalCode.ROLLED_BACK)
    hana.sequence = 6
    house.changes.clear()
    await house.people.publish(hana.identity(), "")
    assert house.people.devices(hana.did) == (encode_multikey(hana.devices[0].public_key()),)
    assert house.changes == [hana.did]
    assert (await house.people.records.person(hana.did)).row.name == "Hana"


async def test_many_at_the_door_at_once(house: House) -> None:
    crowd = [Somebody() for _ in range(40)]
    await asyncio.gather(*(house.meet(one) for one in crowd))
    assert all(house.people.known(one.did) is not None for one in crowd)


# --- successions ------------------------------------------------------------------------------------------------------


async def test_rights_and_bans_go_to_the_successor(house: House) -> None:
    hana, rights, peace = Somebody(), house.people.rights, house.people.peace
    await house.meet(hana)
    await rights.grant(AT_THE_CONSOLE, hana.did, "artisan", "stall1")
    await peace.restrict(AT_THE_CONSOLE, "mute", hana.did, scope="alley", reason="Too loud.", expires_us=None)
    later = hana.successor()
    house.changes.clear()
    await house.meet(later)
    verdict = house.people.verdict(later.did, HOME, house.clock.us / 1e6)
    assert (verdict.roles, verdict.stalls, verdict.is_muted) == (Roles.ARTISAN, ("stall1",), True)
    before = house.people.verdict(hana.did, HOME, house.clock.us / 1e6)
    assert (before.roles, before.is_muted) == (Roles.VISITOR, False)
    assert set(house.changes) == {hana.did, later.did}
    known = house.people.known(hana.did)
    assert known is not None
    assert known.successor == later.did


async def test_succession_stands_after_a_restart(data: Path) -> None:
    hana = Somebody()
    later = hana.successor()
    async with open_house(data) as house:
        await house.meet(hana)
        await house.people.rights.grant(AT_THE_CONSOLE, hana.did, "operator")
        await house.meet(later)
    async with open_house(data) as house:
        assert house.people.verdict(later.did, "", 0).roles == Roles.OPERATOR
        known = house.people.known(hana.did)
        assert known is not None
        assert known.successor == later.did
        assert await house.people.records.all_dids(later.did) == [later.did, hana.did]


async def test_what_is_decided_about_an_old_did_is_for_the_successor(house: House) -> None:
    hana = Somebody()
    later = hana.successor()
    last = later.successor()
    for one in (hana, later, last):
        await house.meet(one)
    await house.people.rights.grant(AT_THE_CONSOLE, hana.did, "artisan", "stall1")
    await house.people.peace.restrict(
        AT_THE_CONSOLE, "ban", later.did, scope="instance", reason="Threats.", expires_us=None
    )
    verdict = house.people.verdict(last.did, "", house.clock.us / 1e6)
    assert verdict.roles == Roles.ARTISAN
    assert verdict.ban is not None


async def test_forged_successor_gets_nothing(house: House) -> None:
    hana = Somebody()
    await house.meet(hana)
    await house.people.rights.grant(AT_THE_CONSOLE, hana.did, "operator")
    thief = Somebody(predecessor=hana.did)
    await house.meet(thief)
    assert house.people.verdict(thief.did, "", 0).roles == Roles.VISITOR
    assert house.people.verdict(hana.did, "", 0).roles == Roles.OPERATOR


async def test_ban_waits_for_the_successor_at_the_door(house: House) -> None:
    hana = Somebody()
    await house.meet(hana)
    await house.people.peace.restrict(
        AT_THE_CONSOLE, "ban", hana.did, scope="instance", reason="Threats.", expires_us=None
    )
    verdict = await house.people.welcome(
        hana.successor().identity(), "Hana", LOOK, "", "198.51.100.1", house.clock.us / 1e6
    )
    assert verdict.ban is not None
    assert verdict.ban.reason == "Threats."


async def test_a_banned_stranger_is_not_kept(house: House) -> None:
    await house.people.peace.restrict(AT_THE_CONSOLE, "ban", HOME, scope="instance", reason="Spam.", expires_us=None)
    stranger = Somebody()
    verdict = await house.people.welcome(stranger.identity(), "X", LOOK, "", HOME, house.clock.us / 1e6)
    assert verdict.ban is not None
    assert house.people.known(stranger.did) is None
