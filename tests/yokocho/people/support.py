"""People for the tests: keys, documents, and the house rules on a small alley."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from federation.canonical import canonicalize
from federation.identity import Device, Identity, build_document, read_document
from federation.keys import did_from_key, encode_multikey, next_key_digest
from yokocho.people.people import People
from yokocho.store.errors import StorageFailed
from yokocho.store.store import Database, Store
from yokocho.store.tombstones import Tombstones

START_US: Final = 1_800_000_000_000_000
HOUR_US: Final = 3600 * 1_000_000
HOME: Final = "203.0.113.7"
CREATED: Final = "2026-11-22T12:00:00Z"
LOOK: Final = {"body": 1, "colours": [2, 3]}


@dataclass
class Somebody:
    """A person with their keys."""

    root: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    next_root: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    devices: list[Ed25519PrivateKey] = field(default_factory=lambda: [Ed25519PrivateKey.generate()])
    gateway: str = "https://alley.example"
    sequence: int = 1
    predecessor: str | None = None

    @property
    def did(self) -> str:
        return did_from_key(self.root.public_key())

    def identity(self) -> Identity:
        """The document as it is now."""
        document = build_document(
            self.root,
            devices=[Device(encode_multikey(key.public_key()), "A phone") for key in self.devices],
            gateways=[self.gateway],
            sequence=self.sequence,
            next_key_digest=next_key_digest(self.next_root.public_key()),
            created=CREATED,
            predecessor=self.predecessor,
        )
        return read_document(canonicalize(document))

    def successor(self) -> Somebody:
        """The same person after the root was lost."""
        return Somebody(root=self.next_root, predecessor=self.did)


@dataclass
class Clock:
    """Time that stands still until it is moved."""

    us: int = START_US

    def __call__(self) -> int:
        return self.us


@dataclass
class House:
    """The house rules, and the clock they go by."""

    people: People
    clock: Clock
    data: Path
    changes: list[str | None] = field(default_factory=list)

    async def meet(self, somebody: Somebody, name: str = "Hana", address: str = HOME) -> None:
        """Let somebody in, whatever the rules say."""
        now_s = self.clock.us / 1e6
        self.people.verdict(somebody.did, address, now_s)
        await self.people.remember(somebody.did, name, LOOK, "", somebody.identity(), now_s)

    def ban_of(self, somebody: Somebody, address: str = "") -> str | None:
        """Why somebody may not come in."""
        ban = self.people.verdict(somebody.did, address, self.clock.us / 1e6).ban
        return None if ban is None else ban.reason


@contextlib.asynccontextmanager
async def open_house(data: Path, clock: Clock | None = None) -> AsyncIterator[House]:
    """The house rules on a data directory."""
    clock = clock or Clock()
    failures: list[StorageFailed] = []
    database = Database(data)
    store = Store(database, failures.append)
    try:
        people = People(database, store, Tombstones(data), clock_us=clock)
        house = House(people, clock, data)
        people.on_change.append(house.changes.append)
        yield house
    finally:
        await store.close()
    assert failures == []
