"""What people write comes out harmless, and what is harmless comes out as it was."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from world.errors import ErrorCode, ProtocolError
from world.text import clean_chat, clean_name
from world.wire import MAX_CHAT_CHARS, MAX_NAME_CHARS

ZERO_WIDTH_SPACE = "\u200b"
ZERO_WIDTH_JOINER = "\u200d"
RIGHT_TO_LEFT_OVERRIDE = "\u202e"
ISOLATE = "\u2067"
HANGUL_FILLER = "\u3164"
BRAILLE_BLANK = "\u2800"
ACUTE = "\u0301"
GRAPHEME_JOINER = "\u034f"


def _or_code(clean: Callable[[str], str], text: str) -> str | ErrorCode:
    try:
        return clean(text)
    except ProtocolError as error:
        return error.code


@pytest.mark.parametrize(
    "name",
    ["Aki", "佐藤 花子", "Zoë Müller-Weiß", "محمد", "O'Brien", "नमस्ते", "★ミナ★", "7", "Вера", "🦊"],
)
def test_names_of_people_stay_as_they_are(name: str) -> None:
    assert clean_name(name) == name


@pytest.mark.parametrize(
    "text",
    [
        "Hello, is this cedar?",
        "これはいくらですか。",
        "👩‍👩‍👧‍👦 we are four",
        "🏳️‍🌈",
        "می‌خواهم",
        "1 < 2 && <b>not bold</b>",
    ],
)
def test_chat_keeps_what_scripts_and_emoji_need(text: str) -> None:
    assert clean_chat(text) == text


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("  Aki \t\n Sato  ", "Aki Sato"),
        (f"A{ZERO_WIDTH_SPACE}ki", "Aki"),
        (f"A{ZERO_WIDTH_JOINER}ki", "Aki"),
        (f"{RIGHT_TO_LEFT_OVERRIDE}ikA", "ikA"),
        (f"{ISOLATE}Aki", "Aki"),
        ("Ａｋｉ", "Aki"),
        ("A\x00k\x1bi\x7f", "Aki"),
        ("Aki\ue000", "Aki"),
        ("e" + ACUTE, "é"),
        (f"e{ZERO_WIDTH_SPACE}{ACUTE}", "é"),
        (f"A{HANGUL_FILLER}ki", "A ki"),
    ],
)
def test_names_lose_what_cannot_be_seen(written: str, shown: str) -> None:
    assert clean_name(written) == shown


@pytest.mark.parametrize(
    "nothing",
    [
        "",
        "   ",
        "\u2003\u3000\u00a0",
        ZERO_WIDTH_SPACE * 5,
        ZERO_WIDTH_JOINER,
        f"{ZERO_WIDTH_JOINER} {ZERO_WIDTH_JOINER}",
        RIGHT_TO_LEFT_OVERRIDE,
        HANGUL_FILLER,
        "\u115f\u1160",
        "\uffa0",
        BRAILLE_BLANK * 3,
        GRAPHEME_JOINER,
        "\ufe0f",
        "\x00\x01",
        "\u2028\u2029",
    ],
)
def test_nothing_visible_is_refused(nothing: str) -> None:
    assert _or_code(clean_name, nothing) == ErrorCode.NAME_INVALID
    assert _or_code(clean_chat, nothing) == ErrorCode.TEXT_INVALID


def test_long_texts_are_cut() -> None:
    assert clean_name("n" * 10_000) == "n" * MAX_NAME_CHARS
    assert clean_chat("c" * 10_000) == "c" * MAX_CHAT_CHARS
    assert MAX_CHAT_CHARS - 1 <= len(clean_chat("\ufdfa" * 500)) <= MAX_CHAT_CHARS


@pytest.mark.parametrize("between", ["", ZERO_WIDTH_SPACE, ZERO_WIDTH_JOINER, RIGHT_TO_LEFT_OVERRIDE, "\x01"])
def test_towers_of_marks_are_low(between: str) -> None:
    """Also when characters that are dropped, or join without a width of their own, stand between the marks."""
    tower = "a" + between.join(["\u0348", "\u030b", "\u0353"] * 30)
    for clean in (clean_name, clean_chat):
        marks = [char for char in clean(tower) if unicodedata.combining(char)]
        assert len(marks) <= 4


@given(st.text(max_size=200) | st.text(alphabet=st.characters(categories=["Cf", "Mn", "Me", "Lo", "Zs", "So"])))
@example("a\u200b\u0301")
@example("\u00a8")
@example("\u1100\u200b\u1161")
def test_cleaning_settles_at_once(text: str) -> None:
    for clean, longest in ((clean_name, MAX_NAME_CHARS), (clean_chat, MAX_CHAT_CHARS)):
        once = _or_code(clean, text)
        if isinstance(once, ErrorCode):
            continue
        assert clean(once) == once
        assert 0 < len(once) <= longest
        assert once == once.strip()
        assert "\n" not in once
        assert "  " not in once
        assert unicodedata.is_normalized("NFKC", once)
        kinds = {unicodedata.category(char) for char in once if char not in "\u200c\u200d"}
        assert not kinds & {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


@given(st.text(alphabet=st.characters(categories=["L", "N"], codec="ascii"), min_size=1, max_size=MAX_NAME_CHARS))
def test_plain_names_are_fixed_points(name: str) -> None:
    assert clean_name(name) == name
