"""Names that look alike are told apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from world.errors import ProtocolError
from world.names import Names, skeleton
from world.text import clean_name
from world.wire import MAX_NAME_CHARS

ONE, TWO = "48213 00417 99120 55555 10203 77001", "48213 90001 12345 67890 11111 22222"


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Aiko", "aiko"),
        ("Aiko", "А\u0456ko"),  # Cyrillic A and i
        ("Aiko", "A i k o"),
        ("Mori", "Rnori".replace("R", "r")),
        ("Al", "AI"),
        ("Bob", "B0b"),
        ("Chloe", "Chl\u03bfe"),  # Greek omicron
        ("ヘルガ", "へルガ"),
        ("Jörg", "Jo\u0308rg"),
    ],
)
def test_looks_alike(name: str, other: str) -> None:
    assert name != other
    assert skeleton(name) == skeleton(other)


@pytest.mark.parametrize(("name", "other"), [("Aiko", "Akio"), ("Jörg", "Jorg"), ("はな", "はる"), ("Ida", "Ada")])
def test_can_be_told_apart(name: str, other: str) -> None:
    assert skeleton(name) != skeleton(other)


def test_the_later_one_gets_a_mark_from_their_fingerprint() -> None:
    names = Names([])
    assert names.take("a", "Aiko", ONE, is_trusted=False) == "Aiko"
    assert names.take("b", "aіko", TWO, is_trusted=False) == "aіko · 48213"
    assert names.take("c", "AIKO", ONE, is_trusted=False) == "AIKO · 48213 00417"


def test_nobody_can_choose_the_mark_of_somebody_present() -> None:
    names = Names([])
    names.take("a", "Aiko", ONE, is_trusted=False)
    names.take("b", "Aiko", TWO, is_trusted=False)
    assert names.take("c", "Aiko · 48213", "11111 22222", is_trusted=False) == "Aiko · 48213 · 11111"


def test_a_name_is_free_again_when_its_holder_goes_or_takes_another() -> None:
    names = Names([])
    names.take("a", "Aiko", ONE, is_trusted=False)
    assert names.take("a", "Aiko", ONE, is_trusted=False) == "Aiko"
    assert names.take("a", "Hana", ONE, is_trusted=False) == "Hana"
    assert names.take("b", "Aiko", TWO, is_trusted=False) == "Aiko"
    names.release("b")
    names.release("nobody")
    assert names.take("c", "aiko", TWO, is_trusted=False) == "aiko"


def test_names_of_stalls_and_makers_are_for_the_trusted() -> None:
    names = Names(["Mori", "茶 もり"])
    assert names.take("a", "rnori", ONE, is_trusted=False) == "rnori · 48213"
    assert names.take("b", "Mori", TWO, is_trusted=True) == "Mori"
    assert names.take("c", "茶もり", TWO, is_trusted=False) == "茶もり · 48213"


def test_a_long_name_makes_room_for_its_mark() -> None:
    names = Names([])
    names.take("a", "n" * MAX_NAME_CHARS, ONE, is_trusted=False)
    shown = names.take("b", "n" * MAX_NAME_CHARS, TWO, is_trusted=False)
    assert len(shown) == MAX_NAME_CHARS
    assert shown.endswith("n · 48213")


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.text(min_size=1, max_size=40)), max_size=12))
def test_no_two_look_alike(wishes: list[tuple[str, str]]) -> None:
    names, shown = Names(["Mori"]), dict[str, str]()
    for who, wish in wishes:
        try:
            name = clean_name(wish)
        except ProtocolError:
            continue
        shown[who] = names.take(who, name, f"{ord(who):05} 00000", is_trusted=False)
        assert len(shown[who]) <= MAX_NAME_CHARS
    assert len({skeleton(name) for name in shown.values()}) == len(shown)
