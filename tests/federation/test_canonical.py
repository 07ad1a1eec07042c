"""One reading and one text for every value; what could be read in two ways is refused."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from federation import canonical
from federation.errors import FederationFault, RefusalCode
from tests.federation.support import GOLDEN, refused, shared

CAP = 64 * 1024

numbers = st.integers(-canonical.MAX_INTEGER, canonical.MAX_INTEGER) | st.floats(
    allow_nan=False, allow_infinity=False
).filter(lambda number: not canonical.MAX_INTEGER < abs(number) < 1e21)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
values = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(texts, inner, max_size=5),
    max_leaves=30,
)


@pytest.mark.parametrize("name", ["arrays", "french", "structures", "unicode", "values", "weird"])
def test_published_vectors_of_rfc_8785(name: str) -> None:
    given_text = shared("rfc8785", "input", f"{name}.json").read_bytes()
    expected = shared("rfc8785", "output", f"{name}.json").read_bytes()
    assert canonical.canonicalize(canonical.parse(given_text, max_bytes=CAP)) == expected


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("-0", "0"),
        ("-0.0", "0"),
        ("1.0", "1"),
        ("5e-324", "5e-324"),
        ("1.7976931348623157e308", "1.7976931348623157e+308"),
        ("9007199254740991", "9007199254740991"),
        ("-9007199254740991", "-9007199254740991"),
        ("1e21", "1e+21"),
        ("0.000001", "0.000001"),
        ("0.0000001", "1e-7"),
        ("333333333.33333329", "333333333.3333333"),
        ("4.35", "4.35"),
        ("123e-20", "1.23e-18"),
    ],
)
def test_numbers_are_written_as_ecmascript_does(number: str, text: str) -> None:
    assert canonical.canonicalize(canonical.parse(number, max_bytes=CAP)) == text.encode()


@pytest.mark.parametrize("row", GOLDEN["refusedJson"], ids=lambda row: str(row["name"]))
def test_json_with_two_readings_is_refused(row: dict[str, str]) -> None:
    with refused(RefusalCode(row["code"])):
        canonical.parse(row["text"], max_bytes=CAP)


@pytest.mark.parametrize("data", [b"\xff", b'"\xc0\x80"', b'"\xed\xa0\x80"', "\ud800", b'{"a":"\xf5"}'])
def test_what_is_not_utf_8_is_refused(data: bytes | str) -> None:
    with refused(RefusalCode.BAD_TEXT):
        canonical.parse(data, max_bytes=CAP)


@pytest.mark.parametrize("data", ["{}".encode("utf-16-le"), "[1]".encode("utf-32-be"), b"\0", b"{}\0"])
def test_other_encodings_are_refused(data: bytes) -> None:
    with refused(RefusalCode.NOT_JSON):
        canonical.parse(data, max_bytes=CAP)


def test_size_is_counted_in_bytes() -> None:
    assert canonical.parse('"éé"', max_bytes=6) == "éé"
    with refused(RefusalCode.TOO_LARGE):
        canonical.parse('"ééé"', max_bytes=6)
    with refused(RefusalCode.TOO_LARGE):
        canonical.parse(b'"aaaaaaa"', max_bytes=6)


@pytest.mark.parametrize("nest", [lambda n: "[" * n + "]" * n, lambda n: '{"a":' * n + "1" + "}" * n])
def test_depth_has_an_exact_limit(nest: Any) -> None:
    canonical.parse(nest(3), max_bytes=CAP, max_depth=3)
    with refused(RefusalCode.TOO_DEEP):
        canonical.parse(nest(4), max_bytes=CAP, max_depth=3)
    canonical.parse(nest(canonical.MAX_DEPTH), max_bytes=CAP)
    with refused(RefusalCode.TOO_DEEP):
        canonical.parse(nest(canonical.MAX_DEPTH + 1), max_bytes=CAP)


def test_brackets_in_text_are_no_depth() -> None:
    assert canonical.parse(json.dumps("[{" * 500), max_bytes=CAP) == "[{" * 500


def test_values_have_an_exact_limit() -> None:
    canonical.parse("[1,2,3]", max_bytes=CAP, max_values=4)
    canonical.parse('{"a":",,,::"}', max_bytes=CAP, max_values=3)
    for text in ("[1,2,3,4]", '{"a":1,"b":2}', "[[],[],[],[]]"):
        with refused(RefusalCode.TOO_LARGE):
            canonical.parse(text, max_bytes=CAP, max_values=4)


@pytest.mark.parametrize("text", ["[]", "1", '"a"', "null"])
def test_only_objects_have_members(text: str) -> None:
    with refused(RefusalCode.NOT_JSON):
        canonical.parse_object(text, max_bytes=CAP)


@pytest.mark.parametrize("value", [math.nan, math.inf, 2**53, "\ud800", {"\ud800": 1}, {1: 2}, object()])
def test_what_has_no_canonical_form_is_our_fault(value: Any) -> None:
    with pytest.raises(FederationFault):
        canonical.canonicalize(value)


def test_a_loop_is_our_fault() -> None:
    loop: list[Any] = []
    loop.append(loop)
    with pytest.raises(FederationFault):
        canonical.canonicalize(loop)


@given(values)
@example({"\ufb33": 1, "\U0001f600": 2, "\u20ac": 3})
def test_the_canonical_text_is_read_as_the_same_value(value: Any) -> None:
    text = canonical.canonicalize(value)
    assert canonical.parse(text, max_bytes=10**6) == value
    assert canonical.canonicalize(canonical.parse(text, max_bytes=10**6)) == text
    assert json.loads(text) == value


@given(values, st.integers(0, 3), st.booleans())
def test_spaces_and_escapes_don_t_change_the_text(value: Any, indent: int, is_ascii: bool) -> None:
    written = json.dumps(value, indent=indent or None, ensure_ascii=is_ascii)
    assert canonical.canonicalize(canonical.parse(written, max_bytes=10**6)) == canonical.canonicalize(value)
