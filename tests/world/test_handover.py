"""A room that goes on in another process: nobody who is in it can tell."""

from __future__ import annotations

import dataclasses
import random

import msgspec
import pytest

from tests.world.support import Alley, Peer, flat_scene, make_pair
from world import handover, wire
from world.errors import WorldFault
from world.handover import VisitorMemory
from world.room import Room, RoomConfig
from world.visitor import Person, Visitor

SECOND = 20
CARRIED_OTHERWISE = {"stream": {"seq", "events"}}
NOT_CARRIED = {"outbox", "buckets", "pose_bucket", "patience", "strikes"}


def hand_over(alley: Alley, config: RoomConfig | None = None) -> None:
    """Another process goes on with the room; the connections stay."""
    memory = handover.unpack(handover.pack(alley.room.remember()))
    alley.room = Room(flat_scene(), config or alley.room.config, alley.now_s)
    alley.room.recall(memory, alley.now_s)
    for slot in set(alley.peers) - set(alley.room.visitors):
        del alley.peers[slot]


def cards(peer: Peer) -> dict[int, wire.Card]:
    return dict(peer.known)


def test_every_trait_of_a_visitor_is_carried_or_left_on_purpose() -> None:
    traits = {trait.name for trait in dataclasses.fields(Visitor)}
    carried = traits - NOT_CARRIED - CARRIED_OTHERWISE.keys()
    places = {"epoch", "position_m", "rotation", "knows"}
    remembered = set(VisitorMemory.__struct_fields__) - places - CARRIED_OTHERWISE["stream"]
    assert carried == remembered


def test_everybody_stays_who_and_where_they_are() -> None:
    alley, one, two = make_pair()
    alley.move(two, 2.5, 1.0)
    alley.tick()
    before = cards(one), one.seen[two.slot], one.last_seq, alley.room.clock_ms(alley.now_s)
    hand_over(alley)
    assert (cards(one), one.seen[two.slot], one.last_seq, alley.room.clock_ms(alley.now_s)) == before
    alley.tick(2 * SECOND)
    assert cards(one) == before[0]
    assert one.seen[two.slot] == before[1]
    assert one.last_seq == before[2]
    alley.move(two, 3.0, 1.0)
    alley.tick()
    assert one.seen[two.slot][0] == pytest.approx(3.0, abs=0.01)
    assert not one.corrections[1:] or one.corrections[-1].reason is wire.CorrectReason.JUMP


def test_nobody_is_corrected_for_walking_on() -> None:
    alley, one, _ = make_pair()
    corrections = len(one.corrections)
    for step in range(3 * SECOND):
        alley.move(one, 0.05 * step, 0.0)
        if step == SECOND:
            hand_over(alley)
        alley.tick()
    assert len(one.corrections) == corrections


def test_who_was_away_comes_back_to_what_was_missed() -> None:
    alley, one, two = make_pair()
    alley.cut(one)
    alley.say(two, "before", wire.Scope.NEAR)
    hand_over(alley)
    alley.say(two, "after", wire.Scope.NEAR)
    alley.tick()
    alley.resume(one)
    assert one.resumed is True
    assert [chat.text for chat in one.chats] == ["before", "after"]
    assert len({chat.id for chat in one.chats}) == 2


def test_who_stays_away_is_lost_in_time() -> None:
    alley, one, two = make_pair()
    alley.cut(one)
    alley.tick(SECOND)
    hand_over(alley)
    alley.tick(int(wire.RESUME_WINDOW_S * SECOND) + SECOND)
    assert not two.known
    assert alley.room.present(one.visitor_id) is None


def test_blocks_and_mutes_hold() -> None:
    alley, one, two = make_pair()
    three = alley.join_at(1.0, 1.0, "Three")
    alley.tick(2)
    alley.relate(one, two, wire.Relation.BLOCK)
    alley.relate(one, three, wire.Relation.MUTE)
    hand_over(alley)
    alley.say(two, "for others")
    alley.say(three, "not for one")
    alley.tick(2 * SECOND)
    assert one.chats == []
    assert one.known.keys() == {three.slot}
    alley.relate(one, two, wire.Relation.NONE)
    alley.tick(2)
    assert one.known.keys() == {two.slot, three.slot}


def test_blocks_of_those_who_are_gone_hold_too() -> None:
    alley, one, two = make_pair()
    who = alley.visitor(one).person
    alley.relate(one, two, wire.Relation.BLOCK)
    alley.leave(one)
    hand_over(alley)
    again = alley.join("One", who)
    alley.tick(2 * SECOND)
    assert not again.known
    assert not two.known
    assert again.relations == {two.visitor_id: wire.Relation.BLOCK}


def test_names_stay_taken() -> None:
    alley = Alley()
    alley.join("Aiko", Person("did:key:1", "one", fingerprint="11111 22222"))
    hand_over(alley)
    later = alley.join("aiko", Person("did:key:2", "two", fingerprint="33333 44444"))
    assert alley.visitor(later).name == "aiko · 33333"


def test_new_numbers_follow_the_old() -> None:
    alley, one, two = make_pair()
    alley.say(one, "first", wire.Scope.NEAR)
    hand_over(alley)
    alley.say(one, "second", wire.Scope.NEAR)
    three = alley.join("Three")
    alley.tick()
    assert len({one.slot, two.slot, three.slot}) == 3
    assert [chat.text for chat in two.chats] == ["first", "second"]
    assert two.chats[0].id < two.chats[1].id
    assert three.slot in one.known


def test_who_has_no_place_in_a_smaller_alley_is_seen_to_go() -> None:
    alley = Alley(RoomConfig(max_visitors=8))
    peers = [alley.join_at(float(number), 0.0) for number in range(4)]
    alley.tick(2)
    hand_over(alley, RoomConfig(max_visitors=2))
    alley.tick(2)
    assert peers[0].known.keys() == {1}
    assert peers[1].known.keys() == {0}
    assert len(alley.room.visitors) == 2


def test_a_memory_is_for_its_own_alley() -> None:
    alley, _, _ = make_pair()
    memory = alley.room.remember()
    with pytest.raises(WorldFault):
        alley.room.recall(memory, alley.now_s)
    elsewhere = Room(flat_scene(half_x_m=30.0), alley.room.config, alley.now_s)
    with pytest.raises(WorldFault):
        elsewhere.recall(memory, alley.now_s)
    assert not elsewhere.visitors


@pytest.mark.parametrize("damage", [b"", b"\xc1", b"\x90", msgspec.msgpack.encode(["no", "memory"])])
def test_damaged_memories_are_refused(damage: bytes) -> None:
    with pytest.raises(WorldFault):
        handover.unpack(damage)
    with pytest.raises(WorldFault):
        handover.unpack(handover.pack(make_pair()[0].room.remember())[:-1])


def test_a_long_story_is_carried_in_part() -> None:
    alley, one, two = make_pair()
    alley.cut(one)
    for _ in range(200):
        alley.say(two, "x" * 400)
    hand_over(alley)
    memory = next(seen for seen in alley.room.remember().visitors if seen.slot == one.slot)
    assert sum(len(body) for _, body in memory.events) <= handover.RING_BYTES
    alley.resume(one)
    assert one.resumed is False


def test_any_story_goes_on_after_any_handover() -> None:
    """`Peer` insists on events without a gap and on people who neither come nor go twice."""
    chance = random.Random(5)
    alley = Alley()
    peers = [alley.join_at(chance.uniform(-20, 20), chance.uniform(-20, 20), f"P{n}") for n in range(12)]
    away: set[int] = set()
    for _ in range(300):
        peer = chance.choice(peers)
        deed = chance.choice(["jump", "say", "cut", "hand over", "tick", "tick"])
        if deed == "hand over":
            hand_over(alley)
        elif deed == "tick":
            alley.tick(chance.randrange(1, 8))
        elif peer.slot in away:
            away.discard(peer.slot)
            alley.resume(peer)
            assert peer.resumed is True
        elif deed == "jump":
            alley.jump(peer, chance.uniform(-55, 55), chance.uniform(-55, 55))
        elif deed == "say":
            alley.say(peer, "word", chance.choice(list(wire.Scope)))
        else:
            away.add(peer.slot)
            alley.cut(peer)
    for peer in peers:
        if peer.slot in away:
            alley.resume(peer)
    hand_over(alley)
    alley.tick(SECOND + 1)
    for peer in peers:
        assert sorted(peer.known) == sorted(alley.room._sight.known_to(peer.slot))
