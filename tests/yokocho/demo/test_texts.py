"""What one reads in the alley: there, in three languages, in the house's voice."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from world.scene import Text
from yokocho.demo import DemoAlley

LANGUAGES = {"en", "de", "ja"}
JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
SENTENCE_END = re.compile(r"[.。]")


def all_texts(alley: DemoAlley) -> Iterator[tuple[str, Text]]:
    yield "alley title", alley.room.title
    yield "alley about", alley.room.about
    for stall in alley.stalls:
        for part in ("name", "craft", "about"):
            yield f"{stall.id} {part}", getattr(stall, part)
    for exhibit in alley.exhibits:
        for part in ("title", "about", "materials"):
            yield f"{exhibit.id} {part}", getattr(exhibit, part)


def test_three_languages_everywhere(alley: DemoAlley) -> None:
    for where, text in all_texts(alley):
        assert set(text) == LANGUAGES, where
        assert all(value == value.strip() and value for value in text.values()), where
        assert JAPANESE.search(text["ja"]), where
        assert not JAPANESE.search(text["en"] + text["de"]), where


def test_calm_voice(alley: DemoAlley) -> None:
    for where, text in all_texts(alley):
        assert not any(mark in value for value in text.values() for mark in "!！"), where


def test_german_says_du(alley: DemoAlley) -> None:
    for where, text in all_texts(alley):
        assert not re.search(r"\bIhnen\b|[a-zäöüß,] Sie\b", text["de"]), where


def test_stall_stories_have_two_to_four_sentences(alley: DemoAlley) -> None:
    for stall in alley.stalls:
        for language, story in stall.about.items():
            assert 2 <= len(SENTENCE_END.findall(story)) <= 4, (stall.id, language)
        assert stall.maker


def test_at_least_ten_crafts_with_four_to_six_pieces(alley: DemoAlley) -> None:
    assert len(alley.stalls) >= 10
    assert len({stall.craft["en"] for stall in alley.stalls}) == len(alley.stalls)
    for stall in alley.stalls:
        pieces = [e for e in alley.exhibits if e.stall_id == stall.id]
        assert 4 <= len(pieces) <= 6
        assert [e.position for e in pieces] == list(range(len(pieces)))


def test_names_are_unique(alley: DemoAlley) -> None:
    ids = [e.id for e in alley.exhibits]
    assert len(set(ids)) == len(ids)
    assert len({s.name["en"] for s in alley.stalls}) == len(alley.stalls)


@pytest.mark.parametrize("currency", ["EUR", "JPY"])
def test_prices_are_plausible(alley: DemoAlley, currency: str) -> None:
    prices = [e.price_minor for e in alley.exhibits if e.currency == currency and e.price_minor is not None]
    assert prices
    low, high = (100, 50_000) if currency == "EUR" else (500, 60_000)
    assert all(low <= price <= high for price in prices)


def test_something_is_not_for_sale(alley: DemoAlley) -> None:
    assert any(e.price_minor is None for e in alley.exhibits)
    assert {e.currency for e in alley.exhibits} == {"EUR", "JPY"}
