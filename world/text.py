"""What people write, made harmless: normal form, nothing invisible or direction-changing, one line, cut to size."""

from __future__ import annotations

import unicodedata
from typing import Final

from world.errors import ErrorCode, ProtocolError
from world.wire import MAX_CHAT_CHARS, MAX_NAME_CHARS

_JOINERS: Final = "\u200c\u200d"
"""Zero-width joiners are invisible but needed inside emoji and several scripts: kept in chat, not in names."""

_BLANKS: Final = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Fillers that Unicode counts as letters or signs although nothing is drawn: as good as a space."""

_MAX_MARKS: Final = 4
"""Combining marks on one character; more are a "zalgo" tower that covers other people's text."""


def clean_name(name: str) -> str:
    """A name that can be shown to others.

    Raises:
        ProtocolError: NAME_INVALID when nothing visible is left.
    """
    cleaned = _clean(name, keep="")[:MAX_NAME_CHARS].strip()
    if not _is_visible(cleaned):
        raise ProtocolError(ErrorCode.NAME_INVALID, "A name needs at least one letter, number or sign.")
    return cleaned


def clean_chat(text: str) -> str:
    """A message that can be shown to others.

    Raises:
        ProtocolError: TEXT_INVALID when nothing visible is left.
    """
    cleaned = _clean(text, keep=_JOINERS)[:MAX_CHAT_CHARS].strip()
    if not _is_visible(cleaned):
        raise ProtocolError(ErrorCode.TEXT_INVALID, "There is nothing to read in this message.")
    return cleaned


def _is_visible(text: str) -> bool:
    return any(unicodedata.category(char)[0] in "LNSP" for char in text)


def _clean(text: str, *, keep: str) -> str:
    """NFKC, no controls, formats, surrogates or private characters except `keep`, white space folded, marks limited."""
    kept: list[str] = []
    marks = 0
    for char in unicodedata.normalize("NFKC", text):
        category = unicodedata.category(char)
        if category in ("Mn", "Me"):
            marks += 1
            if marks <= _MAX_MARKS:
                kept.append(char)
        elif char in _BLANKS or category[0] == "Z" or char in "\t\n\r":
            kept.append(" ")
            marks = 0
        elif category[0] != "C":
            kept.append(char)
            marks = 0
        elif char in keep:
            # Marks after a joiner still pile up on the character before it.
            kept.append(char)
    # What was dropped may have kept a letter and its mark apart.
    return " ".join(unicodedata.normalize("NFKC", "".join(kept)).split())
