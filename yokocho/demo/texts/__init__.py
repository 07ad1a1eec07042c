"""What one reads in the sample alley, in English, German and Japanese.

One TOML file per stall beside this module, and `alley.toml` for the lane itself. Every text has all three languages;
tests/yokocho/demo holds them to it.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

Text = dict[str, str]


@dataclass(frozen=True, slots=True)
class AlleyText:
    """The lane's name and a word about it."""

    title: Text
    about: Text


@dataclass(frozen=True, slots=True)
class ExhibitText:
    """A piece's label. `price_minor` is None for what is not for sale."""

    title: Text
    about: Text
    materials: Text
    price_minor: int | None
    currency: str


@dataclass(frozen=True, slots=True)
class StallText:
    """A shop's words and those of its pieces, by key."""

    name: Text
    craft: Text
    maker: str
    about: Text
    exhibits: dict[str, ExhibitText]


@cache
def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(resources.files(__name__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))


def alley() -> AlleyText:
    """The words of the lane."""
    data = _read("alley")
    return AlleyText(data["title"], data["about"])


def stall(key: str) -> StallText:
    """The words of one stall."""
    data = _read(key)
    exhibits = {
        piece: ExhibitText(row["title"], row["about"], row["materials"], row.get("price"), row.get("currency", "EUR"))
        for piece, row in data["exhibits"].items()
    }
    return StallText(data["name"], data["craft"], data["maker"], data["about"], exhibits)
