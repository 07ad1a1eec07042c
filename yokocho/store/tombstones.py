"""Who asked to be forgotten, so that a restored backup does not bring them back.

Theory. The list can't lie in the database: the backup of last month does not know of this week's wishes. So it is a
small file beside it that only grows, and it is applied to whatever database is found at every start. It holds no dids:
a line is a keyed hash and a time, and what is older than that time is erased again. Somebody who comes back later
begins anew. The key stands in the first line and is used for two more hashes in the database, of banned people who
deleted their data and of addresses that wait; without this file those hashes say nothing.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from yokocho.store.disk import sync
from yokocho.store.errors import DataUnusable

TOMBSTONES_NAME: Final = "forgotten.txt"
_HEAD: Final = "yokocho-forgotten 1 "
_HEAD_LINE: Final = re.compile(rf"{_HEAD}([0-9a-f]{{64}})")
_KEY_BYTES: Final = 32
_HASH_BYTES: Final = 16


class Tombstones:
    """The file of one data directory; made when it is missing."""

    def __init__(self, directory: Path) -> None:
        """Read it.

        Raises:
            DataUnusable: it cannot be read or written, or is not ours.
        """
        self._path = directory / TOMBSTONES_NAME
        self._erased_us: dict[str, int] = {}
        try:
            if not self._path.exists():
                self._make()
            lines = self._path.read_text("ascii").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise DataUnusable(f"The file {self._path} cannot be used: {error}.") from error
        head = _HEAD_LINE.fullmatch(lines[0]) if lines else None
        if head is None:
            raise DataUnusable(f"The file {self._path} is not what Yokocho wrote.")
        self._key = bytes.fromhex(head[1])
        for line in lines[1:]:
            name, _, time = line.partition(" ")
            if time.isdigit():  # a line that a power cut broke off was never acknowledged
                self._erased_us[name] = max(int(time), self._erased_us.get(name, 0))

    def __len__(self) -> int:
        return len(self._erased_us)

    def hash(self, what: str) -> str:
        """The keyed hash of a did or a network."""
        return hmac.new(self._key, what.encode(), hashlib.sha256).hexdigest()[: 2 * _HASH_BYTES]

    def erased_us(self, did: str) -> int | None:
        """When the person asked to be forgotten, None if they never did."""
        return self._erased_us.get(self.hash(did)) if self._erased_us else None

    def add(self, dids: Iterable[str], now_us: int) -> None:
        """Remember the wish, on disk for good; blocks for a sync."""
        self._append({self.hash(did): now_us for did in dids})

    def take_in(self, other: Tombstones) -> None:
        """Remember what another copy of this list, such as that of a backup, knows beyond it.

        Raises:
            DataUnusable: it is the list of another alley.
        """
        if other._key != self._key:
            raise DataUnusable(f"The file {self._path} is of another alley; put the backup into another directory.")
        self._append({name: time for name, time in other._erased_us.items() if time > self._erased_us.get(name, -1)})

    def _append(self, erased_us: Mapping[str, int]) -> None:
        try:
            with self._path.open("a", encoding="ascii") as file:
                file.writelines(f"\n{name} {time_us}" for name, time_us in erased_us.items())
                file.write("\n")
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise DataUnusable(f"The file {self._path} cannot be written: {error.strerror}.") from error
        self._erased_us.update(erased_us)

    def _make(self) -> None:
        passing = self._path.with_name(f".{self._path.name}.{os.getpid()}")
        descriptor = os.open(passing, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(f"{_HEAD}{os.urandom(_KEY_BYTES).hex()}\n")
            file.flush()
            os.fsync(file.fileno())
        passing.replace(self._path)
        sync(self._path.parent)
