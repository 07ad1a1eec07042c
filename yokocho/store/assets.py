"""Content-addressed files: the name of an asset is the SHA-256 of its bytes.

The bytes lie in `assets/ab/cdef….glb`, the rows in the database say which there are. A file is written under a passing
name, synced and renamed before its row is committed; so a row never points at a file that is missing or half written,
whenever the power goes. A file without a row is harmless. Where compression pays, a `.gz` lies beside the file, for
browsers that take it.
"""

from __future__ import annotations

import gzip
import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from world.scene import AssetRef
from yokocho.store.disk import sync
from yokocho.store.tables import assets

ASSETS_NAME: Final = "assets"
PAYS: Final = 0.9
"""A compressed copy is kept when it is at most this share of the original."""


class AssetFiles:
    """The asset files of one data directory."""

    def __init__(self, data: Path) -> None:
        self._root = data / ASSETS_NAME

    def path(self, sha256: str, suffix: str) -> Path:
        """Where an asset lies, whether it is there or not."""
        return self._root / sha256[:2] / f"{sha256[2:]}.{suffix}"

    def write(self, content: bytes, suffix: str) -> AssetRef:
        """Put the bytes on disk for good."""
        asset = AssetRef(hashlib.sha256(content).hexdigest(), suffix, len(content))
        path = self.path(asset.sha256, suffix)
        if path.is_file() and path.stat().st_size == len(content):
            return asset
        path.parent.mkdir(parents=True, exist_ok=True)
        packed = gzip.compress(content, mtime=0)
        if len(packed) <= PAYS * len(content):
            _write_whole(path.with_name(path.name + ".gz"), packed)
        _write_whole(path, content)
        for directory in (path.parent, self._root, self._root.parent):
            sync(directory)
        return asset


def _write_whole(path: Path, content: bytes) -> None:
    """Under its name there is the whole file or none."""
    passing = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with passing.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        passing.replace(path)
    finally:
        passing.unlink(missing_ok=True)


def add_assets(connection: sa.Connection, new: Iterable[AssetRef], now_us: int) -> None:
    """Say which files there are now; known ones are left alone."""
    known = set(connection.scalars(sa.select(assets.c.sha256)))
    unique = {asset.sha256: asset for asset in new if asset.sha256 not in known}
    if unique:
        rows = [
            {"sha256": a.sha256, "suffix": a.suffix, "size_bytes": a.size_bytes, "created_us": now_us}
            for a in unique.values()
        ]
        connection.execute(sa.insert(assets), rows)


def all_assets(connection: sa.Connection) -> Iterator[AssetRef]:
    """Every asset of the instance."""
    for row in connection.execute(sa.select(assets)):
        yield AssetRef(row.sha256, row.suffix, row.size_bytes)
