"""First contact: what the homes of somebody know of them counts as if it had been known at the door."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from federation.canonical import canonicalize
from federation.errors import RefusalCode
from federation.identity import MAX_DOCUMENT_BYTES, Device, Identity, build_document, read_document
from federation.keys import encode_multikey, next_key_digest
from tests.yokocho.people.support import CREATED, HOUR_US, Clock, House, Somebody, open_house
from tests.yokocho.support import eventually
from yokocho.fetch import FetchFailed, Trouble
from yokocho.people.gateways import MAX_WAITING, Gateways, address_of

US = "https://alley.example"
HOME = "https://a.example"
SECOND = "https://b.example"
THIRD = "https://c.example"


@dataclass
class Net:
    """What lies at which address. Nothing is answered while `open` is not set."""

    kept: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    open: asyncio.Event = field(default_factory=asyncio.Event)

    async def get(self, address: str, *, accept: str, types: Collection[str], max_bytes: int) -> bytes:
        assert accept.startswith("application/ld+json")
        assert max_bytes == MAX_DOCUMENT_BYTES
        self.asked.append(address)
        await self.open.wait()
        if address not in self.kept:
            raise FetchFailed(Trouble.UNREACHABLE, "nobody is there")
        return self.kept[address]

    def keep(self, gateway: str, identity: Identity, under: str = "") -> None:
        self.kept[address_of(gateway, under or identity.did)] = canonicalize(identity.document)


@dataclass
class Contact:
    """An alley that asks, and what came of it."""

    house: House
    net: Net
    gateways: Gateways
    clock: Clock
    refused: list[tuple[str, RefusalCode]] = field(default_factory=list)
    homes: list[tuple[str, str]] = field(default_factory=list)

    @classmethod
    def of(cls, house: House) -> Contact:
        net, clock = Net(), Clock()
        net.open.set()
        gateways = Gateways(house.people, net, origins=(US,), clock=lambda: clock.us / 1e6)
        made = cls(house, net, gateways, clock)
        gateways.on_refused.append(lambda did, refusal: made.refused.append((did, refusal.code)))
        gateways.on_home.append(lambda did, home: made.homes.append((did, home)))
        return made

    async def meet(self, identity: Identity) -> None:
        """Let somebody in, and wait until nobody is asked any more."""
        now_s = self.house.clock.us / 1e6
        await self.house.people.remember(identity.did, "Hana", None, identity.home, identity, now_s)
        await eventually(lambda: not self.gateways.waiting)

    def sequence(self, did: str) -> int | None:
        known = self.house.people.known(did)
        return None if known is None else known.sequence


@pytest.fixture
def contact(house: House) -> Contact:
    return Contact.of(house)


def document(who: Somebody, *gateways: str, promise: Ed25519PrivateKey | None = None) -> Identity:
    """The document of somebody with several gateways."""
    built = build_document(
        who.root,
        devices=[Device(encode_multikey(key.public_key())) for key in who.devices],
        gateways=gateways or [HOME],
        sequence=who.sequence,
        next_key_digest=next_key_digest((promise or who.next_root).public_key()),
        created=CREATED,
        predecessor=who.predecessor,
    )
    return read_document(canonicalize(built))


# --- who is asked -----------------------------------------------------------------------------------------------------


async def test_two_of_the_named_gateways_are_asked_but_not_we(contact: Contact) -> None:
    hana = Somebody()
    await contact.meet(document(hana, HOME, US, SECOND, THIRD))
    assert contact.net.asked == [address_of(HOME, hana.did), address_of(SECOND, hana.did)]
    assert address_of(HOME, hana.did) == f"{HOME}/.well-known/apgateway/{hana.did}/actor"


async def test_nobody_is_asked_about_our_own_people(contact: Contact) -> None:
    await contact.meet(document(Somebody(), US))
    assert contact.net.asked == []


async def test_nobody_waits_for_an_answer(contact: Contact) -> None:
    contact.net.open.clear()
    hana = Somebody()
    identity = document(hana)
    await contact.house.people.remember(hana.did, "Hana", None, identity.home, identity, 0)
    assert contact.sequence(hana.did) == 1
    await eventually(lambda: bool(contact.net.asked))
    await contact.gateways.close()
    assert contact.gateways.waiting == 0


async def test_those_who_come_again_are_not_asked_about(contact: Contact) -> None:
    hana = Somebody()
    contact.net.keep(HOME, document(hana))
    for _ in range(3):
        await contact.meet(document(hana))
        contact.clock.us += 24 * HOUR_US
    assert len(contact.net.asked) == 1


async def test_a_silent_home_is_asked_again_but_not_each_time(contact: Contact) -> None:
    hana = Somebody()
    for _ in range(5):
        await contact.meet(document(hana, SECOND, HOME))
    assert contact.net.asked == [address_of(one, hana.did) for one in (SECOND, HOME, SECOND)]
    contact.clock.us += HOUR_US
    contact.net.keep(SECOND, document(hana))
    await contact.meet(document(hana, SECOND, HOME))
    assert contact.homes == [(hana.did, "b.example")]


async def test_so_many_are_asked_about_at_one_time(contact: Contact) -> None:
    contact.net.open.clear()
    for _ in range(MAX_WAITING + 5):
        contact.gateways.meet(document(Somebody()), True)
    assert contact.gateways.waiting == MAX_WAITING
    await contact.gateways.close()


# --- what is newer ----------------------------------------------------------------------------------------------------


async def test_a_device_that_was_revoked_elsewhere_has_to_go(contact: Contact) -> None:
    hana = Somebody(sequence=5)
    old = document(hana, HOME, SECOND)
    hana.sequence, hana.devices = 6, [Ed25519PrivateKey.generate()]
    contact.net.keep(SECOND, document(hana))
    contact.net.keep(HOME, old)
    await contact.meet(old)
    assert contact.refused == [(hana.did, RefusalCode.ROLLED_BACK)]
    assert contact.sequence(hana.did) == 6
    assert contact.house.people.devices(hana.did) == tuple(encode_multikey(one.public_key()) for one in hana.devices)
    assert contact.house.changes == [hana.did]


async def test_the_newest_of_two_counts(contact: Contact) -> None:
    hana = Somebody(sequence=5)
    shown = document(hana, HOME, SECOND)
    for gateway, sequence in ((HOME, 7), (SECOND, 6)):
        hana.sequence = sequence
        contact.net.keep(gateway, document(hana))
    await contact.meet(shown)
    assert contact.sequence(hana.did) == 7
    assert len(contact.refused) == 1


async def test_who_was_succeeded_has_to_go(contact: Contact) -> None:
    hana = Somebody()
    later = hana.successor()
    contact.net.keep(HOME, document(later), under=hana.did)
    await contact.meet(document(hana))
    assert contact.refused == [(hana.did, RefusalCode.SUCCEEDED)]
    known = contact.house.people.known(hana.did)
    assert known is not None
    assert known.successor == later.did


@pytest.mark.parametrize("what", ["same", "older", "forked", "another promise", "stranger", "forged successor", "junk"])
async def test_what_does_not_keep_anybody_out(contact: Contact, what: str) -> None:
    hana = Somebody(sequence=5)
    shown, address = document(hana), address_of(HOME, hana.did)
    hana.sequence = 4 if what == "older" else 5 if what in {"same", "forked"} else 6
    if what == "forked":
        hana.devices = [Ed25519PrivateKey.generate()]
    promise = Ed25519PrivateKey.generate() if what == "another promise" else None
    kept = canonicalize(document(hana, promise=promise).document)
    if what == "stranger":
        kept = canonicalize(document(Somebody(sequence=6)).document)
    elif what == "forged successor":
        kept = canonicalize(document(Somebody(predecessor=hana.did)).document)
    elif what == "junk":
        kept = kept.replace(b'"sequence":6', b'"sequence":9')
    contact.net.kept[address] = kept
    await contact.meet(shown)
    assert contact.refused == []
    known = contact.house.people.known(hana.did)
    assert known is not None
    assert (known.sequence, known.digest, known.successor) == (5, shown.digest, None)
    proves_a_home = what in {"same", "older", "forked"}
    assert contact.homes == ([(hana.did, "a.example")] if proves_a_home else [])


async def test_whoever_was_forgotten_meanwhile_stays_forgotten(contact: Contact) -> None:
    hana = Somebody()
    shown = document(hana)
    hana.sequence = 2
    contact.net.keep(HOME, document(hana))
    contact.net.open.clear()
    people = contact.house.people
    await people.remember(hana.did, "Hana", None, shown.home, shown, contact.house.clock.us / 1e6)
    await people.records.erase(hana.did)
    contact.net.open.set()
    await eventually(lambda: not contact.gateways.waiting)
    assert people.known(hana.did) is None
    assert contact.refused == []


# --- homes ------------------------------------------------------------------------------------------------------------


async def test_a_home_is_believed_once_it_says_so_itself(data: Path) -> None:
    hana, ole = Somebody(), Somebody()
    async with open_house(data) as house:
        contact = Contact.of(house)
        contact.net.keep(HOME, document(hana))
        await contact.meet(document(hana))
        contact.net.keep(SECOND, document(ole, HOME, SECOND))
        await contact.meet(document(ole, HOME, SECOND))
        assert contact.homes == [(hana.did, "a.example")]
        assert house.people.confirmed_home(hana.did) == "a.example"
        assert house.people.confirmed_home(ole.did) is None
    async with open_house(data) as house:
        assert house.people.confirmed_home(hana.did) == "a.example"
        contact = Contact.of(house)
        hana.sequence = 2
        contact.net.keep(SECOND, document(hana, SECOND))
        await contact.meet(document(hana, SECOND))
        assert contact.net.asked == [address_of(SECOND, hana.did)]
        assert house.people.confirmed_home(hana.did) == "b.example"
