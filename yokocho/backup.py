"""Backups: an alley in one file, made while its server runs or not, and put back with what was learnt since.

Theory. SQLite copies the database in one read transaction, so the copy is of one moment, however much is written
meanwhile. Assets never change and lie on disk before their row is committed, so all that the copy lists can be fetched
after it. The list of forgotten people (store/tombstones.py) is read last: whoever asked while the copy was made is on
it. Putting a backup back never shortens that list, so nobody who was forgotten since then comes back with it.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import re
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import quote

import msgspec

from yokocho.entrance.key import FILE as KEY_NAME
from yokocho.store.assets import ASSETS_NAME, AssetFiles
from yokocho.store.database import DATABASE_NAME
from yokocho.store.disk import sync
from yokocho.store.errors import DataUnusable
from yokocho.store.lock import DataLock
from yokocho.store.store import Database
from yokocho.store.tombstones import TOMBSTONES_NAME, Tombstones

FORMAT: Final = "yokocho-backup"
FORMAT_VERSION: Final = 1
_LABEL_NAME: Final = "backup.json"
_SUFFIX: Final = re.compile(r"[a-z0-9]{1,16}")
_BESIDE_DATABASE: Final = ("-wal", "-shm", "-journal")


class Label(msgspec.Struct, frozen=True):
    """What a backup says of itself."""

    format: str
    version: int
    made: str
    by: str


class BackedUp(NamedTuple):
    """What is in a new backup, and the names of assets that could not be put in."""

    assets: int
    missing: tuple[str, ...]


def back_up(data: Path, target: Path, *, by: str, now_us: int) -> BackedUp:
    """Write the alley in `data` to `target`, which is there whole or not at all; one of that name is replaced.

    Raises:
        DataUnusable: there is no alley, or it cannot be read, or the file cannot be written.
    """
    source = data / DATABASE_NAME
    if not source.is_file():
        raise DataUnusable(f"There is no alley in {data}.")
    made = dt.datetime.fromtimestamp(now_us // 1_000_000, dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    label = Label(FORMAT, FORMAT_VERSION, made, by)
    with _said_plainly(f"The backup {target} cannot be made"), _folder_in(target.parent) as passing:
        copy, packed = passing / DATABASE_NAME, passing / target.name
        _copy_database(source, copy)
        packed.touch(mode=0o600)
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False) as archive:
            archive.writestr(_LABEL_NAME, msgspec.json.encode(label))
            archive.write(copy, DATABASE_NAME)
            result = _pack_assets(archive, copy, data)
            for name in (KEY_NAME, TOMBSTONES_NAME):
                if (data / name).is_file():
                    archive.write(data / name, name)
        sync(packed)
        packed.replace(target)
        sync(target.parent)
    return result


def restore(source: Path, data: Path, *, replace: bool) -> Label:
    """Put a backup into `data`, where no server runs. The key and the list of forgotten people that are there stay.

    Raises:
        DataUnusable: the file is no whole backup, or there is an alley and it is not to be replaced.
        DataInUse: a server works there.
        DataVersion: the backup was made by a newer version.
    """
    with (
        _said_plainly(f"The backup {source} cannot be put into {data}"),
        zipfile.ZipFile(source) as archive,
        DataLock(data),
        _folder_in(data) as passing,
    ):
        label = _label_of(archive, source)
        if (data / DATABASE_NAME).exists() and not replace:
            raise DataUnusable(f"There is an alley in {data} already; with --replace the backup takes its place.")
        names = set(archive.namelist())
        copy = passing / DATABASE_NAME
        _unpack(archive, DATABASE_NAME, copy)
        Database(passing, only_look=True).close()
        files = AssetFiles(data)
        for sha256, suffix in _listed_assets(copy):
            name, path = _asset_name(sha256, suffix), files.path(sha256, suffix)
            if name in names and _sha256_of(path) != sha256:
                path.unlink(missing_ok=True)
                if files.write(archive.read(name), suffix).sha256 != sha256:
                    raise DataUnusable(f"The backup {source} is damaged: {name} is not what it was.")
        for name in (TOMBSTONES_NAME, KEY_NAME):
            if name not in names:
                continue
            _unpack(archive, name, passing / name)
            if not (data / name).exists():
                (passing / name).replace(data / name)
            elif name == TOMBSTONES_NAME:
                Tombstones(data).take_in(Tombstones(passing))
        for suffix in _BESIDE_DATABASE:  # they belong to the database that goes
            (data / f"{DATABASE_NAME}{suffix}").unlink(missing_ok=True)
        copy.replace(data / DATABASE_NAME)
        sync(data)
    return label


def _copy_database(source: Path, copy: Path) -> None:
    address = f"file:{quote(str(source.absolute()))}?mode=ro"
    with (
        contextlib.closing(sqlite3.connect(address, uri=True)) as theirs,
        contextlib.closing(sqlite3.connect(copy)) as ours,
    ):
        theirs.backup(ours)
        ours.execute("PRAGMA journal_mode = delete")  # one file, whole in itself
        found = ours.execute("PRAGMA quick_check(1)").fetchone()[0]
    if found != "ok":
        raise DataUnusable(f"The database {source} is damaged: {found}.")


def _pack_assets(archive: zipfile.ZipFile, copy: Path, data: Path) -> BackedUp:
    files, missing, packed = AssetFiles(data), [], 0
    for sha256, suffix in _listed_assets(copy):
        path = files.path(sha256, suffix)
        if _sha256_of(path) == sha256:
            archive.write(path, _asset_name(sha256, suffix))
            packed += 1
        else:
            missing.append(f"{sha256}.{suffix}")
    return BackedUp(packed, tuple(missing))


def _listed_assets(database: Path) -> list[tuple[str, str]]:
    with contextlib.closing(sqlite3.connect(database)) as connection:
        rows = connection.execute("SELECT sha256, suffix FROM assets ORDER BY sha256").fetchall()
    return [(sha256, suffix) for sha256, suffix in rows if _SUFFIX.fullmatch(suffix)]


def _asset_name(sha256: str, suffix: str) -> str:
    return f"{ASSETS_NAME}/{sha256}.{suffix}"


def _sha256_of(path: Path) -> str | None:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def _label_of(archive: zipfile.ZipFile, source: Path) -> Label:
    try:
        label = msgspec.json.decode(archive.read(_LABEL_NAME), type=Label)
    except (KeyError, msgspec.MsgspecError):
        label = None
    if label is None or label.format != FORMAT:
        raise DataUnusable(f"The file {source} is no backup of an alley.")
    if label.version > FORMAT_VERSION:
        raise DataUnusable(f"The backup {source} was made by a newer Yokocho ({label.by}); please update.")
    return label


def _unpack(archive: zipfile.ZipFile, name: str, path: Path) -> None:
    path.touch(mode=0o600)
    with archive.open(name) as packed, path.open("wb") as file:
        while chunk := packed.read(1024 * 1024):
            file.write(chunk)
    sync(path)


@contextlib.contextmanager
def _folder_in(directory: Path) -> Iterator[Path]:
    """A folder for what is not finished, on the same disk and for nobody else."""
    with tempfile.TemporaryDirectory(prefix=".yokocho-", dir=directory) as name:
        yield Path(name)


@contextlib.contextmanager
def _said_plainly(what: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise DataUnusable(f"{what}: {error.strerror or error}.") from error
    except (sqlite3.Error, zipfile.BadZipFile, KeyError, EOFError) as error:
        raise DataUnusable(f"{what}: {error}.") from error
