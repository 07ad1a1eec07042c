"""Mutes and blocks belong to people, not to visits."""

from __future__ import annotations

from world.ties import Ties
from world.wire import Relation


def test_what_somebody_wants_is_there_when_they_come_back() -> None:
    ties = Ties()
    wishes, _ = ties.arrive("one")
    _, blockers = ties.arrive("two")
    ties.want("one", "two", "Two", Relation.BLOCK)
    assert wishes == {"two": ("Two", Relation.BLOCK)}
    assert blockers == {"one"}
    for who in ("one", "two"):
        ties.leave(who)
    assert list(ties.absent()) == [("one", wishes)]
    assert ties.arrive("two") == ({}, {"one"})
    assert ties.arrive("one")[0] == wishes
    assert not list(ties.absent())


def test_forgiving_works_for_those_who_are_gone() -> None:
    ties = Ties()
    ties.arrive("one")
    ties.want("one", "two", "Two", Relation.BLOCK)
    ties.want("one", "two", "Two", Relation.MUTE)
    assert ties.arrive("two")[1] == set()
    ties.want("one", "two", "Two", Relation.NONE)
    ties.leave("one")
    assert not list(ties.absent())


def test_whoever_wants_nothing_leaves_nothing_behind() -> None:
    ties = Ties()
    for number in range(50):
        ties.arrive(f"{number}")
        ties.leave(f"{number}")
    assert not ties._wishes
    assert not ties._blockers


def test_the_longest_gone_are_forgotten_first() -> None:
    ties = Ties(absent_max=2)
    ties.arrive("rude")
    for number in range(3):
        ties.arrive(f"{number}")
        ties.want(f"{number}", "rude", "Rude", Relation.BLOCK)
        ties.leave(f"{number}")
    assert [who for who, _ in ties.absent()] == ["1", "2"]
    assert ties.arrive("rude")[1] == {"1", "2"}
