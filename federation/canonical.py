"""JSON that everybody reads in the same way, and its one canonical form (JCS, RFC 8785).

Theory. A signature covers bytes, a program acts on values; whoever finds text that two programs read differently can
have one of them check what the other doesn't act on. So `parse` takes only JSON about which no two readers disagree
(I-JSON, RFC 7493): UTF-8 without a byte order mark, no member twice, no NaN or infinity (also not by overflow), no
integer that a double can't hold exactly (also not written with a fraction), no lone surrogates, not too deep, not too
large. Then `canonicalize` gives the one text that is hashed and signed: members sorted by UTF-16, shortest escapes,
numbers as ECMAScript prints them.
"""

from __future__ import annotations

import json
import math
from typing import Final, NoReturn, TypeAlias

import rfc8785

from federation.errors import FederationFault, RefusalCode, Refused

JsonValue: TypeAlias = "dict[str, JsonValue] | list[JsonValue] | str | int | float | bool | None"
JsonObject: TypeAlias = dict[str, JsonValue]

MAX_DEPTH: Final = 64
MAX_VALUES: Final = 4096
"""Values and names in one text: the work of a canonical form grows with them more than with the bytes."""
MAX_INTEGER: Final = 2**53 - 1
"""The largest integer that every reader of JSON holds exactly."""

_FIRST_WITH_EXPONENT: Final = 1e21
_MAX_INTEGER_CHARS: Final = len(str(-MAX_INTEGER))


def parse(data: bytes | str, *, max_bytes: int, max_depth: int = MAX_DEPTH, max_values: int = MAX_VALUES) -> JsonValue:
    """The value of a JSON text.

    Args:
        data: what came.
        max_bytes: how long it may be.
        max_depth: how many lists and objects may stand in one another.
        max_values: how many values and names it may hold.

    Raises:
        Refused: it isn't JSON, or not everybody would read it in the same way.
    """
    text = _decode(data, max_bytes)
    try:
        value: JsonValue = _DECODER.decode(text)
    except RecursionError:
        raise _too_deep(max_depth) from None
    except ValueError:
        raise Refused(RefusalCode.NOT_JSON, "This is not JSON.") from None
    # Most texts have fewer brackets than the depth allows and no escaped characters: nothing to look for in them.
    opened, more = text.count("[") + text.count("{"), text.count(",") + text.count(":")
    if opened > max_depth or opened + more >= max_values or "\\u" in text:
        _check(value, max_depth, max_values)
    return value


def parse_object(data: bytes | str, *, max_bytes: int, max_depth: int = MAX_DEPTH) -> JsonObject:
    """The members of a JSON object.

    Raises:
        Refused: it isn't an object, or `parse` refuses it.
    """
    value = parse(data, max_bytes=max_bytes, max_depth=max_depth)
    if not isinstance(value, dict):
        raise Refused(RefusalCode.NOT_JSON, "This is not a JSON object.")
    return value


def canonicalize(value: JsonValue) -> bytes:
    """The canonical text of a value that came from `parse` or was made by us.

    Raises:
        FederationFault: the value has no canonical form.
    """
    try:
        return rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, RecursionError, UnicodeError) as error:
        raise FederationFault(f"no canonical form: {error}") from error


def _decode(data: bytes | str, max_bytes: int) -> str:
    try:
        size_bytes = len(data) if isinstance(data, bytes) else len(data.encode())
        if size_bytes > max_bytes:
            raise Refused(RefusalCode.TOO_LARGE, f"This has {size_bytes} bytes; {max_bytes} are allowed.")
        text = data.decode() if isinstance(data, bytes) else data
    except UnicodeError:
        raise Refused(RefusalCode.BAD_TEXT, "This text is not UTF-8.") from None
    if text.startswith("\ufeff"):
        raise Refused(RefusalCode.BAD_TEXT, "This text begins with a byte order mark.")
    return text


def _object(pairs: list[tuple[str, JsonValue]]) -> JsonObject:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise Refused(RefusalCode.DUPLICATE_KEY, "A member of this JSON appears twice.")
    return members


def _integer(digits: str) -> int:
    # The length is looked at first: Python itself refuses to read very long integers, with an error of its own.
    if len(digits) > _MAX_INTEGER_CHARS or abs(number := int(digits)) > MAX_INTEGER:
        raise Refused(RefusalCode.BAD_NUMBER, "An integer of this JSON is too large to be read exactly.")
    return number


def _float(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise Refused(RefusalCode.BAD_NUMBER, "A number of this JSON is too large.")
    # Below this the canonical form has no exponent: it would be an integer that is refused above.
    if MAX_INTEGER < abs(number) < _FIRST_WITH_EXPONENT:
        raise Refused(RefusalCode.BAD_NUMBER, "An integer of this JSON is too large to be read exactly.")
    return number


def _constant(name: str) -> NoReturn:
    raise Refused(RefusalCode.BAD_NUMBER, f"{name} is not a number of JSON.")


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_integer, parse_float=_float, parse_constant=_constant
)


def _check(value: JsonValue, max_depth: int, max_values: int) -> None:
    """Refuse what is too deep or too much, and text that has no UTF-8; level by level, so that depth is no danger."""
    level: list[JsonValue] = [value]
    depth = count = 0
    while level:
        count += len(level)
        if count > max_values:
            raise Refused(RefusalCode.TOO_LARGE, f"This JSON holds more than {max_values} values.")
        if depth >= max_depth and any(isinstance(one, list | dict) for one in level):
            raise _too_deep(max_depth)
        below: list[JsonValue] = []
        for one in level:
            match one:
                case str():
                    _check_text(one)
                case list():
                    below += one
                case dict():
                    below += one
                    below += one.values()
                case _:
                    pass
        level = below
        depth += 1


def _check_text(text: str) -> None:
    try:
        text.encode()
    except UnicodeError:
        raise Refused(RefusalCode.BAD_TEXT, "A text of this JSON has half a character in it.") from None


def _too_deep(max_depth: int) -> Refused:
    return Refused(RefusalCode.TOO_DEEP, f"This JSON is nested deeper than {max_depth} levels.")
