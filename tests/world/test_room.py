"""What visitors of one room are told is what is true, and nothing that they may not know."""

from __future__ import annotations

import random
from collections.abc import Callable

import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray

from tests.world.support import (
    EYE_M,
    WALL_MS,
    Alley,
    Peer,
    credentials,
    flat_place,
    flat_scene,
    hello,
    latest,
    make_pair,
    person,
    places_of,
)
from world import packed, wire
from world.errors import ErrorCode, ProtocolError, WorldFault
from world.interest import InterestConfig
from world.room import Room, RoomConfig
from world.scene import Scene, Spawn
from world.visitor import Person

SECOND = 20
"""Ticks."""


# --- enter and gone ---------------------------------------------------------------------------------------------------


def test_neighbours_meet_at_once() -> None:
    alley = Alley()
    one = alley.join("One")
    alley.tick(SECOND)
    two = alley.join("Two")
    alley.tick()
    assert one.known.keys() == {two.slot}
    assert two.known.keys() == {one.slot}
    assert one.known[two.slot].name == "Two"
    assert one.slot not in one.known


def test_who_leaves_is_gone_at_once_with_the_reason() -> None:
    alley, one, two = make_pair()
    alley.leave(two)
    assert not one.known


def test_who_jumps_away_is_gone_within_a_second() -> None:
    alley, one, two = make_pair()
    alley.jump(two, 55.0, 55.0)
    alley.tick(SECOND + 1)
    assert not one.known
    assert not two.known
    alley.jump(two, 1.0, 1.0)
    alley.tick()
    assert one.known.keys() == {two.slot}
    assert two.known.keys() == {one.slot}


def test_a_slot_is_given_away_only_after_everyone_forgot_it() -> None:
    alley = Alley(RoomConfig(max_visitors=2))
    one, two = alley.join("One"), alley.join("Two")
    alley.tick(2)
    alley.cut(one)
    alley.leave(two)
    three = alley.join("Three")
    assert three.slot == two.slot
    alley.tick(2)
    alley.resume(one)
    alley.tick()
    assert one.known[three.slot].visitor_id == three.visitor_id


class Walk:
    """Visitors who come, walk, jump, quarrel, get lost and go, by the dice, and what they know beside the truth."""

    def __init__(self, seed: int, capacity: int) -> None:
        self.dice = random.Random(seed)
        # Rings of a few metres in an alley of 60, so that people come and go from sight all the time.
        rings = InterestConfig(cell_m=3.0, hysteresis_m=0.4, near_cells=1, mid_cells=2, far_cells=3)
        config = RoomConfig(max_visitors=capacity, interest=rings, resume_window_s=3.0)
        self.alley = Alley(config, flat_scene(30.0, 30.0))
        self.near_for = np.zeros((capacity, capacity), np.int64)
        self.far_for = np.zeros((capacity, capacity), np.int64)
        self.said: dict[str, list[str]] = {}
        self.count = 0

    @property
    def here(self) -> list[Peer]:
        return [peer for peer in self.alley.peers.values() if self.alley.visitor(peer).connected]

    @property
    def lost(self) -> list[Peer]:
        return [peer for peer in self.alley.peers.values() if not self.alley.visitor(peer).connected]

    def step(self) -> None:
        for peer in self.here:
            self.walk(peer)
        for act, chance in self.acts().items():
            if self.dice.random() < chance:
                act()
        self.alley.tick()
        self.compare()

    def acts(self) -> dict[Callable[[], None], float]:
        return {self.come: 0.1, self.go: 0.03, self.jump: 0.2, self.lose: 0.08, self.come_back: 0.1, self.quarrel: 0.1}

    def walk(self, peer: Peer) -> None:
        if self.dice.random() < 0.3:
            return
        x_m, z_m = (min(29.9, max(-29.9, at + self.dice.uniform(-0.2, 0.2))) for at in peer.at_m)
        self.alley.move(peer, x_m, z_m)

    def come(self) -> None:
        if len(self.alley.room.visitors) < self.alley.room.config.max_visitors:
            self.alley.join_at(self.dice.uniform(-30, 30), self.dice.uniform(-30, 30))

    def go(self) -> None:
        if self.here:
            self.alley.leave(self.dice.choice(self.here))

    def jump(self) -> None:
        if self.here:
            self.alley.jump(self.dice.choice(self.here), self.dice.uniform(-30, 30), self.dice.uniform(-30, 30))

    def lose(self) -> None:
        if self.here:
            self.alley.cut(self.dice.choice(self.here))

    def come_back(self) -> None:
        if self.lost:
            peer = self.dice.choice(self.lost)
            self.alley.resume(peer, self.dice.choice([None, None, None, 0]))

    def quarrel(self) -> None:
        if len(self.here) > 1:
            one, two = self.dice.sample(self.here, 2)
            self.alley.relate(one, two, self.dice.choice(list(wire.Relation)))

    def compare(self) -> None:
        room = self.alley.room
        rings = room.config.interest
        slots = np.asarray(sorted(room.visitors), np.intp)
        where = room.avatars.position_m[slots][:, (0, 2)]
        distance: NDArray[np.float64] = np.hypot(*(where[:, None] - where[None, :]).transpose(2, 0, 1))
        beyond = np.abs(where[:, None] - where[None, :]).max(axis=2)
        near = np.zeros_like(self.near_for, np.bool_)
        far = np.zeros_like(near)
        near[np.ix_(slots, slots)] = distance <= rings.far_radius_m
        far[np.ix_(slots, slots)] = beyond > rings.far_reach_m
        self.near_for = np.where(near, self.near_for + 1, 0)
        self.far_for = np.where(far, self.far_for + 1, 0)
        for peer in self.here:
            for slot, other in room.visitors.items():
                if slot == peer.slot or slot in peer.forbidden_slots:
                    self.near_for[peer.slot, slot] = 0
                    continue
                if self.near_for[peer.slot, slot] > SECOND + 1:
                    assert peer.known[slot].visitor_id == other.visitor_id
                if self.far_for[peer.slot, slot] > SECOND + 1:
                    assert slot not in peer.known
            for slot, card in peer.known.items():
                assert room.visitors[slot].card() == card
            assert set(peer.known) == set(np.flatnonzero(room._sight._known[peer.slot]).tolist())
        for peer in self.lost:
            self.near_for[peer.slot] = 0
            self.far_for[peer.slot] = 0


@pytest.mark.parametrize("seed", range(3))
def test_everyone_knows_exactly_who_is_there(seed: int) -> None:
    walk = Walk(seed, capacity=24)
    for _ in range(400):
        walk.step()
    assert walk.alley.room.visitors


# --- blocks -----------------------------------------------------------------------------------------------------------


def test_a_blocked_pair_gets_no_byte_about_each_other() -> None:
    """The peers themselves fail on any mention; both must still hear the third."""
    alley, one, two = make_pair()
    third = alley.join_at(1.0, 1.0, "Third")
    alley.tick(2)
    alley.relate(one, two, wire.Relation.BLOCK)
    assert set(one.known) == {third.slot}
    assert set(two.known) == {third.slot}
    one.heard.clear()
    for i in range(2 * SECOND):
        for peer in (one, two, third):
            alley.move(peer, peer.at_m[0] + 0.01, peer.at_m[1])
        if i % 5 == 0:
            for peer in (one, two, third):
                alley.say(peer, f"alley {i}")
                alley.say(peer, f"near {i}", wire.Scope.NEAR)
                alley.room.emote(alley.visitor(peer), wire.EmoteKind.WAVE, alley.now_s)
                alley.room.change(alley.visitor(peer), f"New {i}", (0, 0, 0, 0, 0, 0, 0, 150), alley.now_s)
        for peer in (one, two, third):
            alley.room.send(alley.visitor(peer), alley.room.roster(alley.visitor(peer)))
        alley.tick()
    assert one.heard[third.slot] > SECOND
    assert third.heard[one.slot] > SECOND
    assert {chat.visitor_id for chat in one.chats} == {one.visitor_id, third.visitor_id}
    assert {chat.visitor_id for chat in third.chats} == {one.visitor_id, two.visitor_id, third.visitor_id}
    alley.cut(two)
    alley.resume(two)
    alley.tick(SECOND)
    alley.leave(two)
    alley.tick(SECOND)


def test_a_block_holds_when_the_blocked_comes_back_with_nothing() -> None:
    """A fresh start gets the history again: without those who are blocked, whoever of the two blocked the other."""
    alley, one, two = make_pair()
    alley.say(one, "from one")
    alley.say(two, "from two")
    alley.relate(one, two, wire.Relation.BLOCK)
    alley.tick(35 * SECOND)
    for peer, own in ((one, "from one"), (two, "from two")):
        alley.cut(peer)
        alley.resume(peer, 0)
        assert peer.resumed is False
        assert [chat.text for chat in peer.history] == [own]
    alley.tick(SECOND)


def test_forgiving_shows_both_at_once() -> None:
    alley, one, two = make_pair()
    alley.relate(one, two, wire.Relation.BLOCK)
    alley.relate(two, one, wire.Relation.BLOCK)
    alley.tick(SECOND)
    alley.relate(one, two, wire.Relation.NONE)
    alley.tick(SECOND)
    assert not one.known
    alley.relate(two, one, wire.Relation.NONE)
    alley.tick()
    assert set(one.known) == {two.slot}
    assert set(two.known) == {one.slot}


def test_a_lost_visitor_can_be_blocked_and_comes_back_unseen() -> None:
    alley, one, two = make_pair()
    alley.cut(two)
    alley.say(one, "before")
    alley.relate(one, two, wire.Relation.BLOCK)
    alley.resume(two)
    assert not two.known
    alley.tick(SECOND)
    assert not two.chats
    assert not two.history


def test_what_was_said_before_a_block_and_kept_after_it_is_not_told() -> None:
    alley, one, two = make_pair()
    chat = alley.room.say(alley.visitor(two), wire.Say(wire.Scope.ALLEY, "slow disk", 1), WALL_MS)
    alley.relate(one, two, wire.Relation.BLOCK)
    alley.room.publish(chat, alley.now_s)
    alley.deliver()
    assert not one.chats
    assert [chat.text for chat in two.chats] == ["slow disk"]


def test_a_block_outlives_the_blocker_for_what_they_said() -> None:
    """They said it, blocked somebody and left; then the disk was done."""
    alley, one, two = make_pair()
    chat = alley.room.say(alley.visitor(two), wire.Say(wire.Scope.ALLEY, "slow disk", 1), WALL_MS)
    alley.relate(two, one, wire.Relation.BLOCK)
    alley.leave(two)
    alley.room.publish(chat, alley.now_s)
    alley.deliver()
    assert not one.chats


def test_mute_silences_words_alone() -> None:
    alley, one, two = make_pair()
    alley.relate(one, two, wire.Relation.MUTE)
    alley.say(two, "hm")
    alley.say(two, "hm", wire.Scope.NEAR)
    alley.room.emote(alley.visitor(two), wire.EmoteKind.BOW, alley.now_s)
    alley.deliver()
    assert not one.chats
    assert [gesture.kind for gesture in one.gestures] == [wire.EmoteKind.BOW]
    assert set(one.known) == {two.slot}
    alley.say(one, "can you hear me?")
    assert [chat.text for chat in two.chats] == ["hm", "hm", "can you hear me?"]
    alley.relate(one, two, wire.Relation.NONE)
    alley.say(two, "better?")
    assert [chat.text for chat in one.chats] == ["can you hear me?", "better?"]


def test_nobody_relates_to_themselves_or_to_nobody() -> None:
    alley, one, _ = make_pair()
    for other in (one.visitor_id, "nobody"):
        with pytest.raises(ProtocolError) as refusal:
            alley.room.relate(alley.visitor(one), wire.Relate(other, wire.Relation.BLOCK), alley.now_s)
        assert refusal.value.code is ErrorCode.UNKNOWN_VISITOR


def test_who_is_gone_can_still_be_forgiven() -> None:
    alley, one, two = make_pair()
    alley.relate(one, two, wire.Relation.BLOCK)
    alley.leave(two)
    alley.room.relate(alley.visitor(one), wire.Relate(two.visitor_id, wire.Relation.NONE), alley.now_s)
    alley.deliver()
    assert one.relations == {}


# --- chat -------------------------------------------------------------------------------------------------------------


def test_near_words_carry_twelve_metres() -> None:
    alley, one, two = make_pair(distance_m=11.9)
    far = alley.join_at(12.1, 0.0)
    alley.say(one, "psst", wire.Scope.NEAR)
    assert [chat.text for chat in two.chats] == ["psst"]
    assert not far.chats
    assert not alley.room.history


def test_everyone_hears_what_is_said_to_the_alley_once() -> None:
    alley, one, two = make_pair(distance_m=50.0)
    alley.say(one, "tea is ready")
    assert [(chat.text, chat.ref) for chat in one.chats] == [("tea is ready", 7)]
    assert [(chat.text, chat.ref) for chat in two.chats] == [("tea is ready", 0)]
    assert one.chats[0].id == two.chats[0].id


def test_latecomers_read_the_last_hundred() -> None:
    alley = Alley()
    one = alley.join()
    for i in range(120):
        alley.say(one, f"word {i}")
    late = alley.join()
    assert [chat.text for chat in late.history] == [f"word {i}" for i in range(20, 120)]
    assert {chat.ref for chat in late.history} == {0}


def test_ids_go_on_after_a_restart() -> None:
    alley, one, _ = make_pair()
    alley.say(one, "before")
    again = Room(flat_scene(), RoomConfig(), 5.0, alley.room.history)
    visitor = again.join(hello(), person(1), credentials(1), 5.0, WALL_MS)
    chat = again.say(visitor, wire.Say(wire.Scope.ALLEY, "after", 1), WALL_MS)
    assert chat.id > one.chats[0].id


def test_what_somebody_said_is_told_although_they_left() -> None:
    alley, one, two = make_pair()
    chat = alley.room.say(alley.visitor(two), wire.Say(wire.Scope.ALLEY, "bye", 1), WALL_MS)
    alley.leave(two)
    alley.room.publish(chat, alley.now_s)
    alley.deliver()
    assert [chat.text for chat in one.chats] == ["bye"]


# --- who is here ------------------------------------------------------------------------------------------------------


def test_the_census_follows() -> None:
    alley = Alley()
    peers = [alley.join() for _ in range(5)]
    alley.tick(SECOND)
    assert {peer.census for peer in peers} == {5}
    alley.leave(peers.pop())
    alley.cut(peers[0])
    alley.tick(SECOND)
    assert {peer.census for peer in peers[1:]} == {4}
    alley.resume(peers[0])
    assert peers[0].census == 4


def test_a_full_room_says_so_and_stays_as_it_was() -> None:
    alley = Alley(RoomConfig(max_visitors=2))
    one, _ = alley.join(), alley.join()
    with pytest.raises(ProtocolError) as refusal:
        alley.join()
    assert refusal.value.code is ErrorCode.ROOM_FULL
    assert len(alley.room.visitors) == 2
    alley.leave(one)
    alley.join()


def test_who_is_lost_is_shown_so_then_gone() -> None:
    alley, one, two = make_pair()
    alley.cut(two)
    assert one.known[two.slot].presence is wire.Presence.LOST
    alley.tick(29 * SECOND)
    assert two.slot in one.known
    alley.tick(3 * SECOND)
    assert not one.known
    assert len(alley.room.visitors) == 1
    assert alley.room.present(two.visitor_id) is None


def test_who_comes_back_is_shown_so() -> None:
    alley, one, two = make_pair()
    alley.cut(two)
    alley.resume(two)
    assert two.resumed is True
    assert one.known[two.slot].presence is wire.Presence.HERE


def test_nothing_is_put_out_for_who_is_lost() -> None:
    alley, one, two = make_pair()
    visitor = alley.visitor(two)
    alley.cut(two)
    alley.say(one, "are you there?")
    alley.room.send(visitor, wire.Pong(1.0, 2))
    alley.tick(5)
    assert not visitor.outbox
    assert two.slot not in alley.room.pending
    alley.resume(two)
    assert [chat.text for chat in two.chats] == ["are you there?"]


def test_changes_of_name_and_look_are_seen_by_all_who_see() -> None:
    alley, one, two = make_pair()
    alley.room.change(alley.visitor(two), "Zwei", (0, 0, 0, 0, 0, 0, 0, 120), alley.now_s)
    alley.deliver()
    assert one.known[two.slot].name == "Zwei"
    with pytest.raises(ProtocolError):
        alley.room.change(alley.visitor(two), "\u200b", (0, 0, 0, 0, 0, 0, 0, 120), alley.now_s)
    assert alley.visitor(two).name == "Zwei"


def test_the_roster_names_at_most_five_hundred_and_counts_all() -> None:
    alley = Alley(RoomConfig(max_visitors=600))
    for i in range(520):
        alley.room.join(hello(), person(100 + i), credentials(i), alley.now_s, WALL_MS)
    roster = alley.room.roster(alley.room.visitors[0])
    assert len(roster.cards) == 500
    assert roster.total == 520


# --- clocks and configuration -----------------------------------------------------------------------------------------


def test_the_clock_of_poses_is_the_clock_of_pongs_after_fifty_days() -> None:
    alley, one, two = make_pair()
    alley.now_s += 50 * 24 * 3600.0
    alley.room.tick(alley.now_s)
    heard = one.heard[two.slot]
    while one.heard[two.slot] == heard:
        alley.tick()
    assert latest(one).server_ms == alley.room.clock_ms(alley.now_s)


def test_an_alley_may_be_longer_than_sixteen_bits_of_cells() -> None:
    place = msgspec.structs.replace(flat_place(2.0, 2.0), bounds_max_m=(160_000.0, 4.0, 2.0))
    alley = Alley(scene=Scene(place, (), (), ()))
    one = alley.join_at(159_999.0, 0.0)
    alley.tick(SECOND)
    assert one.known == {}
    assert one.heard[one.slot]
    alley.move(one, 159_999.5, 0.5)
    alley.tick()
    assert places_of(latest(one), 4.5)[one.slot] == pytest.approx((159_999.5, EYE_M, 0.5), abs=0.02)


@pytest.mark.parametrize("visitors", [0, packed.MAX_SLOTS + 1])
def test_a_room_has_no_more_slots_than_a_record_can_name(visitors: int) -> None:
    with pytest.raises(WorldFault):
        RoomConfig(max_visitors=visitors)


def test_an_alley_needs_a_place_to_arrive_inside() -> None:
    for spawns in ((), (Spawn((100.0, 0.0, 0.0), 0.0),)):
        with pytest.raises(WorldFault):
            Room(Scene(flat_place(spawns=spawns), (), (), ()), RoomConfig(), 0.0)


# --- people -----------------------------------------------------------------------------------------------------------


def test_blocks_follow_the_person() -> None:
    alley, one, two = make_pair()
    rude = alley.visitor(two).person
    alley.relate(one, two, wire.Relation.BLOCK)
    alley.leave(two)
    again = alley.join_at(1.0, 0.0, "Another name", rude)
    alley.tick(2 * SECOND)
    alley.say(again, "here I am")
    assert not one.known
    assert not again.known
    assert not one.chats


def test_mutes_are_there_after_leaving() -> None:
    alley, one, two = make_pair()
    who = alley.visitor(one).person
    alley.relate(one, two, wire.Relation.MUTE)
    alley.leave(one)
    again = alley.join("One", who)
    alley.say(two, "hello?")
    assert again.relations == {two.visitor_id: wire.Relation.MUTE}
    assert not again.chats


def test_home_and_roles_are_on_the_card() -> None:
    alley = Alley()
    one = alley.join("One")
    two = alley.join("Two", Person("did:key:2", "two", "a.example", wire.Role.ARTISAN))
    alley.tick()
    card = one.known[two.slot]
    assert (card.visitor_id, card.home, card.roles) == ("two", "a.example", wire.Role.ARTISAN)


def test_a_home_that_is_known_later_is_seen_by_all_and_oneself() -> None:
    alley, one, two = make_pair()
    heard = two.last_seq
    for visitor_id in (two.visitor_id, two.visitor_id, "nobody"):
        alley.room.set_home(visitor_id, "a.example", alley.now_s)
    alley.deliver()
    assert one.known[two.slot].home == "a.example"
    assert two.last_seq == heard + 1


def test_new_roles_are_seen_by_all_and_oneself() -> None:
    alley, one, two = make_pair()
    heard = two.last_seq
    alley.room.set_roles(two.visitor_id, wire.Role.KEEPER, is_muted=False, now_s=alley.now_s)
    alley.deliver()
    assert one.known[two.slot].roles == wire.Role.KEEPER
    assert two.last_seq == heard + 1
    alley.room.set_roles(two.visitor_id, wire.Role.KEEPER, is_muted=False, now_s=alley.now_s)
    alley.room.set_roles("nobody", wire.Role.KEEPER, is_muted=True, now_s=alley.now_s)
    alley.deliver()
    assert two.last_seq == heard + 1


def test_whoever_is_removed_is_told_why() -> None:
    alley, one, two = make_pair()
    error = ProtocolError(ErrorCode.REMOVED, "Please come another day.")
    alley.room.remove(two.visitor_id, error, alley.now_s)
    alley.room.remove("nobody", error, alley.now_s)
    alley.deliver()
    assert alley.dismissed == [(two, error)]
    alley.cut(one)
    alley.room.remove(one.visitor_id, error, alley.now_s)
    assert alley.room.present(one.visitor_id) is None


def test_nobody_is_called_like_somebody_present_or_like_a_maker() -> None:
    alley = Alley()
    alley.join("Aiko", Person("did:key:1", "one", fingerprint="11111 00000"))
    two = alley.join("AIKO", Person("did:key:2", "two", fingerprint="22222 00000"))
    assert alley.visitor(two).name == "AIKO · 22222"
    alley.room.change(alley.visitor(two), "Hana", alley.visitor(two).look, alley.now_s)
    assert alley.visitor(two).name == "Hana"
    three = alley.join("Hana", Person("did:key:3", "three", fingerprint="33333 00000"))
    assert alley.visitor(three).name == "Hana · 33333"
    alley.leave(two)
    alley.room.change(alley.visitor(three), "Hana", alley.visitor(three).look, alley.now_s)
    assert alley.visitor(three).name == "Hana"
