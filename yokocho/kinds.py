"""The kinds of value a setting can have: how each is read from text or TOML, and how a wrong one is refused.

A kind is a parser with a description. It takes whatever the source held (a string from the environment or a flag, a
typed value from TOML) and gives the typed value, or raises `ValueError` with the words that finish the sentence
"it should be …".
"""

from __future__ import annotations

import argparse
import ipaddress
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol, TypeAlias, TypeVar
from urllib.parse import urlsplit

T = TypeVar("T")
Value = TypeVar("Value", covariant=True)
Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network


class Kind(Protocol[Value]):
    """Reads one sort of value."""

    def parse(self, raw: object) -> Value:
        """The typed value.

        Raises:
            ValueError: `raw` is none; the message says what it should be.
        """
        ...


def as_argument(kind: Kind[T]) -> Callable[[str], T]:
    """A kind as argparse wants it for an argument or option."""

    def read(text: str) -> T:
        try:
            return kind.parse(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(f"it should be {error}, not {text!r}") from None

    return read


@dataclass(frozen=True, slots=True)
class Integer:
    """A whole number within bounds."""

    least: int
    most: int

    def parse(self, raw: object) -> int:
        """Read a whole number."""
        wrong = ValueError(f"a whole number from {self.least} to {self.most}")
        if isinstance(raw, bool) or not isinstance(raw, int | str):
            raise wrong
        try:
            value = int(raw)
        except ValueError:
            raise wrong from None
        if not self.least <= value <= self.most:
            raise wrong
        return value


@dataclass(frozen=True, slots=True)
class Number:
    """A finite number within bounds."""

    least: float
    most: float

    def parse(self, raw: object) -> float:
        """Read a number."""
        wrong = ValueError(f"a number from {self.least:g} to {self.most:g}")
        if isinstance(raw, bool) or not isinstance(raw, int | float | str):
            raise wrong
        try:
            value = float(raw)
        except (ValueError, OverflowError):
            raise wrong from None
        if not math.isfinite(value) or not self.least <= value <= self.most:
            raise wrong
        return value


@dataclass(frozen=True, slots=True)
class Switch:
    """Yes or no."""

    def parse(self, raw: object) -> bool:
        """Read a boolean of TOML, or one of the usual words."""
        word = raw.strip().lower() if isinstance(raw, str) else raw
        for value, words in ((True, ("yes", "true", "on", "1")), (False, ("no", "false", "off", "0"))):
            if word is value or word in words:
                return value
        raise ValueError("yes or no")


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few words."""

    options: tuple[str, ...]

    def parse(self, raw: object) -> str:
        """Read one of the words."""
        if not isinstance(raw, str) or raw not in self.options:
            raise ValueError(f"one of {', '.join(self.options)}")
        return raw


@dataclass(frozen=True, slots=True)
class Words:
    """A short text of one line."""

    most_chars: int = 255

    def parse(self, raw: object) -> str:
        """Read a short text."""
        if not isinstance(raw, str) or not raw.strip() or len(raw) > self.most_chars or not raw.isprintable():
            raise ValueError(f"a text of 1 to {self.most_chars} characters")
        return raw.strip()


@dataclass(frozen=True, slots=True)
class Directory:
    """A path, with `~` for the home directory; made absolute so that a later change of directory does no harm."""

    def parse(self, raw: object) -> Path:
        """Read a path."""
        if isinstance(raw, Path):
            raw = str(raw)
        if not isinstance(raw, str) or not raw or "\0" in raw:
            raise ValueError("a path")
        try:
            return Path(raw).expanduser().absolute()
        except RuntimeError:
            raise ValueError("a path; the home directory is not known here") from None


def _items(raw: object, wrong: ValueError) -> tuple[str, ...]:
    """The entries of a TOML array, or of a comma-separated string."""
    if isinstance(raw, str):
        return tuple(item for part in raw.split(",") if (item := part.strip()))
    if isinstance(raw, list | tuple) and all(isinstance(item, str) for item in raw):
        return tuple(item.strip() for item in raw)
    raise wrong


@dataclass(frozen=True, slots=True)
class Origins:
    """Web origins such as `https://alley.example`: scheme, host and port, nothing more."""

    def parse(self, raw: object) -> tuple[str, ...]:
        """Read a list of origins and bring each to the form that browsers send."""
        wrong = ValueError("web addresses such as https://alley.example, without a path")
        return tuple(self._one(item, wrong) for item in _items(raw, wrong))

    @staticmethod
    def _one(text: str, wrong: ValueError) -> str:
        try:
            url = urlsplit(text)
            port = url.port
            host = (url.hostname or "").encode("idna").decode() if ":" not in (url.hostname or "") else url.hostname
        except (ValueError, UnicodeError):
            raise wrong from None
        bare = url.path in ("", "/") and not url.query and not url.fragment and url.username is None
        if url.scheme not in _DEFAULT_PORTS or not host or not bare or not _is_host(host):
            raise wrong
        return origin_of(url.scheme, host, port)


_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_HOST_NAME: Final = re.compile(r"[a-z0-9._-]{1,253}")


def _is_host(host: str) -> bool:
    """Whether this is a host and nothing else: it will stand in a Content-Security-Policy."""
    try:
        return _HOST_NAME.fullmatch(host) is not None or ("%" not in host and bool(ipaddress.IPv6Address(host)))
    except ValueError:
        return False


def origin_of(scheme: str, host: str, port: int | None) -> str:
    """The origin as browsers write it: IPv6 in brackets, no default port."""
    shown = f"[{host}]" if ":" in host else host
    return f"{scheme}://{shown}" if port in (None, _DEFAULT_PORTS[scheme]) else f"{scheme}://{shown}:{port}"


@dataclass(frozen=True, slots=True)
class Networks:
    """IP addresses or networks in CIDR form."""

    def parse(self, raw: object) -> tuple[Network, ...]:
        """Read a list of addresses and networks."""
        wrong = ValueError("addresses or networks such as 10.0.0.0/8 or ::1")
        items = raw
        if isinstance(raw, list | tuple):
            items = [str(item) for item in raw]
        try:
            return tuple(ipaddress.ip_network(item) for item in _items(items, wrong))
        except ValueError:
            raise wrong from None
