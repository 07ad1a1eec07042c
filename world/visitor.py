"""One visitor's presence in a room. It outlives the connection: whoever loses it comes back to the same presence."""

from __future__ import annotations

from dataclasses import dataclass, field

import msgspec

from world import wire
from world.limits import PATIENCE, POSE_RATE, RATES, STRIKES, Bucket
from world.scene import CellKey
from world.stream import Stream


class Person(msgspec.Struct, frozen=True, array_like=True):
    """Somebody whom the application let in.

    Attributes:
        did: who they are everywhere.
        visitor_id: who they are in this instance, made from the did.
        home: host of the instance they come from, empty for this one, and while that one has not confirmed it.
        roles: bits of `wire.Role`.
        is_muted: whether they may not speak here.
        fingerprint: groups that people compare; the first ones mark a name that is like another's.
        device, session_key: names of the keys that they came with, for the application.
    """

    did: str
    visitor_id: str
    home: str = ""
    roles: int = 0
    is_muted: bool = False
    fingerprint: str = ""
    device: str = ""
    session_key: str = ""


@dataclass(frozen=True, slots=True)
class Credentials:
    """What somebody who was let in gets.

    Attributes:
        token: fresh, of 128 random bits; names the visit, so that its events can be replayed.
        session_token: for the HTTP interface, good for `session_life_s`.
    """

    token: str
    session_token: str = ""
    session_life_s: int = 0


@dataclass(slots=True, eq=False)
class Visitor:
    """State of one visitor; only `Room` changes it.

    Attributes:
        slot: index into the room's arrays and name in pose records.
        connected: False while the connection is lost and the room waits for it to come back.
        outbox: frames to send, oldest first; whoever holds the connection takes them.
        blocked_by: ids of those who block this visitor, also of those who left since.
    """

    slot: int
    person: Person
    token: str
    name: str
    look: wire.Look
    language: str
    stream: Stream = field(default_factory=Stream)
    connected: bool = True
    lost_at_s: float = 0.0
    outbox: list[bytes] = field(default_factory=list)
    relations: dict[str, tuple[str, wire.Relation]] = field(default_factory=dict)
    blocked_by: set[str] = field(default_factory=set)
    scene_held: dict[CellKey, int] = field(default_factory=dict)
    buckets: dict[type[wire.Inbound], Bucket] = field(default_factory=dict)
    pose_bucket: Bucket = field(default_factory=lambda: Bucket(POSE_RATE, 0.0))
    patience: Bucket = field(default_factory=lambda: Bucket(PATIENCE, 0.0))
    strikes: Bucket = field(default_factory=lambda: Bucket(STRIKES, 0.0))

    @property
    def visitor_id(self) -> str:
        """What others call this visitor by."""
        return self.person.visitor_id

    def card(self) -> wire.Card:
        """How others see this visitor."""
        presence = wire.Presence.HERE if self.connected else wire.Presence.LOST
        person = self.person
        return wire.Card(self.slot, person.visitor_id, self.name, self.look, presence, person.home, person.roles)

    def relation_to(self, visitor_id: str) -> wire.Relation:
        """What this visitor wants of another."""
        return self.relations.get(visitor_id, ("", wire.Relation.NONE))[1]

    def hears(self, visitor_id: str) -> bool:
        """Whether another's words are for this visitor: neither muted nor blocked, in either direction."""
        return visitor_id not in self.blocked_by and visitor_id not in self.relations

    def allows(self, kind: type[wire.Inbound], now_s: float) -> bool:
        """Whether one more message of this type is within its rate."""
        rate = RATES.get(kind)
        if rate is None:
            return True
        bucket = self.buckets.get(kind)
        if bucket is None:
            bucket = self.buckets[kind] = Bucket(rate, now_s)
        return bucket.take(now_s)
