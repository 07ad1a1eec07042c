"""Bans and mutes: whom they hit, whom they spare, and when they end."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.yokocho.people.support import HOME, HOUR_US, LOOK, Clock, House, Somebody, open_house
from yokocho.people import AT_THE_CONSOLE, Actor, Code, Refused, Roles
from yokocho.people.networks import household, read_network
from yokocho.people.view import WAITING
from yokocho.store.database import DATABASE_NAME

ELSEWHERE = "198.51.100.20"
GLOBAL = "9.9.9.9"
"""An address of the open internet: those of documentation are not."""


async def ban(house: House, target: str, *, hours: float | None = None, actor: Actor = AT_THE_CONSOLE) -> int:
    expires_us = house.people.peace.end_in(hours)
    rule = await house.people.peace.restrict(actor, "ban", target, scope="alley", reason="Spam.", expires_us=expires_us)
    return rule.id


def keeper() -> Actor:
    return Actor(Somebody().did, Roles.KEEPER)


async def test_ban_of_a_did_holds_everywhere_until_it_ends(house: House) -> None:
    rude = Somebody()
    await ban(house, rude.did, hours=2)
    assert house.ban_of(rude, HOME) == house.ban_of(rude, ELSEWHERE) == "Spam."
    house.clock.us += 2 * HOUR_US - 1
    assert house.ban_of(rude) == "Spam."
    house.clock.us += 1
    assert house.ban_of(rude) is None


async def test_ban_stands_after_a_restart(data: Path) -> None:
    rude, clock = Somebody(), Clock()
    async with open_house(data, clock) as house:
        await ban(house, rude.did)
        await ban(house, "203.0.113.0/24")
        await house.people.peace.set_appeal(AT_THE_CONSOLE, "Write to us.")
    async with open_house(data, clock) as house:
        assert house.ban_of(rude) == "Spam."
        assert house.ban_of(Somebody(), "203.0.113.200") == "Spam."
        told = house.people.verdict(rude.did, "", clock.us / 1e6).ban
        assert told is not None
        assert (told.until_us, told.appeal) == (None, "Write to us.")


async def test_of_several_bans_the_longest_is_told(house: House) -> None:
    rude = Somebody()
    await ban(house, rude.did, hours=5)
    await ban(house, rude.did, hours=9)
    told = house.people.verdict(rude.did, "", house.clock.us / 1e6).ban
    assert told is not None
    assert told.until_us == house.clock.us + 9 * HOUR_US
    await ban(house, rude.did)
    told = house.people.verdict(rude.did, "", house.clock.us / 1e6).ban
    assert told is not None
    assert told.until_us is None


@pytest.mark.parametrize(
    ("network", "inside", "outside"),
    [
        ("203.0.113.7", "203.0.113.7", "203.0.113.8"),
        ("203.0.113.0/24", "::ffff:203.0.113.9", "203.0.114.1"),
        ("203.0.113.77/24", "203.0.113.1", "2001:db8::1"),
        ("2001:db8:1::/48", "2001:db8:1:2::3", "2001:db8:2::1"),
    ],
)
async def test_ban_of_a_network(house: House, network: str, inside: str, outside: str) -> None:
    await ban(house, network)
    assert house.ban_of(Somebody(), inside) == "Spam."
    assert house.ban_of(Somebody(), outside) is None
    assert house.ban_of(Somebody(), "not an address") is None


async def test_those_who_look_after_the_alley_are_not_shut_out_by_a_network(house: House) -> None:
    for role in ("keeper", "operator"):
        somebody = Somebody()
        await house.people.rights.grant(AT_THE_CONSOLE, somebody.did, role)
        await ban(house, "203.0.113.0/24")
        assert house.ban_of(somebody, "203.0.113.1") is None
    artisan = Somebody()
    await house.people.rights.grant(AT_THE_CONSOLE, artisan.did, "artisan", "stall1")
    assert house.ban_of(artisan, "203.0.113.1") == "Spam."


async def test_mute_is_no_ban(house: House) -> None:
    loud = Somebody()
    await house.people.peace.restrict(AT_THE_CONSOLE, "mute", loud.did, scope="alley", reason="Noise.", expires_us=None)
    verdict = house.people.verdict(loud.did, HOME, house.clock.us / 1e6)
    assert (verdict.ban, verdict.is_muted) == (None, True)


# --- who may --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("target_role", "actor_role", "code"),
    [
        ("operator", Roles.KEEPER, Code.PROTECTED),
        ("operator", Roles.OPERATOR, Code.PROTECTED),
        ("keeper", Roles.KEEPER, Code.PROTECTED),
        ("keeper", Roles.OPERATOR, None),
        ("artisan", Roles.KEEPER, None),
        ("artisan", Roles.ARTISAN, Code.NOT_ALLOWED),
        ("artisan", Roles.VISITOR, Code.NOT_ALLOWED),
    ],
)
@pytest.mark.parametrize("kind", ["ban", "mute"])
async def test_who_may_restrict_whom(
    house: House, kind: str, target_role: str, actor_role: Roles, code: Code | None
) -> None:
    target = Somebody()
    stall = "stall1" if target_role == "artisan" else None
    await house.people.rights.grant(AT_THE_CONSOLE, target.did, target_role, stall)
    actor = Actor(Somebody().did, actor_role)
    got = None
    try:
        await house.people.peace.restrict(actor, kind, target.did, scope="alley", reason="x", expires_us=None)
    except Refused as refused:
        got = refused.code
    assert got == code


@pytest.mark.parametrize(
    ("network", "is_operator", "fits"),
    [
        ("203.0.113.0/24", False, True),
        ("203.0.112.0/23", False, False),
        ("2001:db8::/48", False, True),
        ("2001:db8::/47", False, False),
        ("10.0.0.0/8", True, True),
        ("10.0.0.0/7", True, False),
        ("0.0.0.0/0", True, False),
        ("::/0", True, False),
        ("2000::/16", True, True),
        ("::ffff:203.0.113.0/120", False, True),
        ("::ffff:203.0.112.0/119", False, False),
        ("::ffff:0.0.0.0/96", True, False),
        ("::fffe:0:0/95", True, True),
    ],
)
def test_networks_have_a_greatest_width(network: str, is_operator: bool, fits: bool) -> None:
    try:
        read_network(network, is_operator=is_operator)
    except Refused as refused:
        assert not fits
        assert refused.code is Code.NETWORK_TOO_WIDE
    else:
        assert fits


def test_an_address_is_the_same_when_it_is_wrapped() -> None:
    assert str(read_network("::ffff:203.0.113.9", is_operator=False)) == "203.0.113.9/32"


async def test_a_keeper_lifts_what_holds_in_the_alley_only(house: House) -> None:
    rude = Somebody()
    rule = await house.people.peace.restrict(
        AT_THE_CONSOLE, "ban", rude.did, scope="instance", reason="x", expires_us=None
    )
    with pytest.raises(Refused, match="whole instance"):
        await house.people.peace.lift(keeper(), rule.id)
    number = await ban(house, rude.did)
    await house.people.peace.lift(keeper(), number)
    assert house.ban_of(rude) == "x"


# --- coming back as somebody else -------------------------------------------------------------------------------------


async def test_new_guests_of_a_banned_household_wait(house: House) -> None:
    rude, neighbour = Somebody(), Somebody()
    await house.meet(rude, address=GLOBAL)
    await house.meet(neighbour, address=GLOBAL)
    house.clock.us += 1
    await ban(house, rude.did)
    again = Somebody()
    assert house.ban_of(again, GLOBAL) == WAITING
    assert house.ban_of(Somebody(), "9.9.9.10") is None
    assert house.ban_of(neighbour, GLOBAL) is None
    house.clock.us += 24 * HOUR_US
    assert house.ban_of(again, GLOBAL) is None
    assert house.ban_of(rude, GLOBAL) == "Spam."


def everything_in(data: Path) -> bytes:
    return b"".join(path.read_bytes() for path in data.glob(f"{DATABASE_NAME}*"))


async def test_waiting_stands_after_a_restart_and_names_no_address(data: Path) -> None:
    rude, clock = Somebody(), Clock()
    async with open_house(data, clock) as house:
        await house.meet(rude, address=GLOBAL)
        clock.us += 1
        number = await ban(house, rude.did)
    assert GLOBAL.encode() not in everything_in(data)
    async with open_house(data, clock) as house:
        assert house.ban_of(Somebody(), GLOBAL) == WAITING
        await house.people.peace.lift(AT_THE_CONSOLE, number)
        assert house.ban_of(Somebody(), GLOBAL) is None


async def test_waiting_ends_with_a_short_ban(house: House) -> None:
    rude = Somebody()
    await house.meet(rude, address=GLOBAL)
    house.clock.us += 1
    await ban(house, rude.did, hours=1)
    assert house.ban_of(Somebody(), GLOBAL) == WAITING
    house.clock.us += HOUR_US
    assert house.ban_of(Somebody(), GLOBAL) is None


async def test_those_with_a_role_never_wait(house: House) -> None:
    rude, artisan = Somebody(), Somebody()
    await house.meet(rude, address=GLOBAL)
    await ban(house, rude.did)
    await house.people.rights.grant(AT_THE_CONSOLE, artisan.did, "artisan", "stall1")
    assert house.ban_of(artisan, GLOBAL) is None


async def test_a_waiting_guest_is_not_kept(house: House) -> None:
    rude, again = Somebody(), Somebody()
    await house.meet(rude, address=GLOBAL)
    await ban(house, rude.did)
    verdict = await house.people.welcome(again.identity(), "X", LOOK, "", GLOBAL, house.clock.us / 1e6)
    assert verdict.ban is not None
    assert house.people.known(again.did) is None


async def test_mutes_let_nobody_wait(house: House) -> None:
    loud = Somebody()
    await house.meet(loud, address=GLOBAL)
    await house.people.peace.restrict(AT_THE_CONSOLE, "mute", loud.did, scope="alley", reason="Noise.", expires_us=None)
    assert house.ban_of(Somebody(), GLOBAL) is None


@pytest.mark.parametrize(
    ("address", "home"),
    [
        ("9.9.9.9", "9.9.9.9/32"),
        ("::ffff:9.9.9.9", "9.9.9.9/32"),
        ("2620:fe::fe", "2620:fe::/64"),
        ("127.0.0.1", None),
        ("::1", None),
        ("192.168.1.4", None),
        ("10.1.2.3", None),
        ("fe80::1%eth0", None),
        ("", None),
        ("unix", None),
    ],
)
def test_households(address: str, home: str | None) -> None:
    assert household(address) == home
