"""What people write, made harmless: normal form, nothing invisible or direction-changing, one line, cut to size."""

from __future__ import annotations

import unicodedata
from typing import Final

from world.errors import ErrorCode, ProtocolError
from world.wire import MAX_CHAT_CHARS, MAX_NAME_CHARS

_JOINERS: Final = "\u200c\u200d"
"""Zero-width joiners are invisible but needed inside emoji and several scripts: kept in chat, not in names."""

_MAX_MARKS: Final = 4
"""Combining marks in a row; more are a "zalgo" tower that covers other people's text."""


def clean_name(name: str) -> str:
    """A name that can be shown to others.

    Raises:
        ProtocolError: NAME_INVALID when nothing visible is left.
    """
    cleaned = _clean(name, keep="")[:MAX_NAME_CHARS].strip()
    if not any(unicodedata.category(char)[0] in "LNSP" for char in cleaned):
        raise ProtocolError(ErrorCode.NAME_INVALID, "A name needs at least one letter, number or sign.")
    return cleaned


def clean_chat(text: str) -> str:
    """A message that can be shown to others.

    Raises:
        ProtocolError: TEXT_INVALID when nothing visible is left.
    """
    cleaned = _clean(text, keep=_JOINERS)[:MAX_CHAT_CHARS].strip()
    if not cleaned.strip(_JOINERS):
        raise ProtocolError(ErrorCode.TEXT_INVALID, "There is nothing to read in this message.")
    return cleaned


def _clean(text: str, *, keep: str) -> str:
    """NFKC, no controls, formats, surrogates or private characters except `keep`, white space folded, marks limited."""
    kept: list[str] = []
    marks = 0
    for char in unicodedata.normalize("NFKC", text):
        category = unicodedata.category(char)
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if marks > _MAX_MARKS:
            continue
        if category[0] == "Z" or char in "\t\n\r":
            kept.append(" ")
        elif category[0] != "C" or char in keep:
            kept.append(char)
    return " ".join("".join(kept).split())
