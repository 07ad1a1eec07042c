"""Backups: of one moment, whole or not at all, and nobody who was forgotten comes back with one."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import shutil
import sqlite3
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from tests.yokocho.people.support import Clock, Somebody, open_house
from tests.yokocho.support import open_instance, small_alley
from world.wire import Chat, Scope
from yokocho.app import Instance
from yokocho.backup import back_up, restore
from yokocho.cli import main
from yokocho.errors import ExitCode
from yokocho.store.alleys import load_alley
from yokocho.store.assets import AssetFiles, all_assets
from yokocho.store.chat import add_chat, last_chats
from yokocho.store.database import DATABASE_NAME
from yokocho.store.errors import DataInUse, DataUnusable, DataVersion
from yokocho.store.lock import DataLock
from yokocho.store.store import Database, now_us
from yokocho.store.tombstones import TOMBSTONES_NAME, Tombstones


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "alley.zip"


def made(data: Path, file: Path) -> Path:
    back_up(data, file, by="a test", now_us=now_us())
    return file


async def test_backup_of_a_running_alley_is_of_one_moment(instance: Instance, file: Path, tmp_path: Path) -> None:
    said = 0
    begun = asyncio.Event()

    async def talk() -> None:
        nonlocal said
        while True:
            chat = Chat(said + 1, "v", "Hana", Scope.ALLEY, f"word {said + 1}", now_us() // 1000, 0)
            await instance.store.write(partial(add_chat, room_id="lane", chat=chat))
            said += 1
            begun.set()

    talking = asyncio.create_task(talk())
    await begun.wait()
    before = said
    await asyncio.to_thread(made, instance.settings.data, file)
    talking.cancel()
    elsewhere = tmp_path / "elsewhere"
    restore(file, elsewhere, replace=False)
    async with open_instance(elsewhere) as again:
        assert (again.title, again.entrance.room) == (instance.title, instance.entrance.room)
        words = again._database.read(lambda connection: last_chats(connection, "lane", 1_000_000))
        assert [chat.id for chat in words] == list(range(1, len(words) + 1))
        assert len(words) >= before
    key = "instance-key.pem"
    assert (elsewhere / key).read_bytes() == (instance.settings.data / key).read_bytes()


def test_everything_comes_back_byte_for_byte(data: Path, file: Path, tmp_path: Path) -> None:
    Tombstones(data)
    restore(made(data, file), tmp_path / "elsewhere", replace=False)
    alleys, files = [], []
    for directory in (data, tmp_path / "elsewhere"):
        database = Database(directory)
        alleys.append(database.read(lambda connection: load_alley(connection, "lane")))
        listed = database.read(lambda connection: list(all_assets(connection)))
        files.append({one.sha256: database.files.path(one.sha256, one.suffix).read_bytes() for one in listed})
        database.close()
    assert alleys[0] == alleys[1]
    assert files[0] == files[1]
    assert len(files[0]) == 3
    private = [file, *(tmp_path / "elsewhere" / name for name in (DATABASE_NAME, TOMBSTONES_NAME))]
    assert [path.stat().st_mode & 0o077 for path in private] == [0, 0, 0]


async def test_nobody_who_was_forgotten_since_comes_back(data: Path, file: Path, tmp_path: Path) -> None:
    hana, clock = Somebody(), Clock()
    async with open_house(data, clock) as house:
        await house.meet(hana, "Hana")
        made(data, file)
        await house.people.records.erase(hana.did)
    newest = (data / TOMBSTONES_NAME).read_bytes()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / TOMBSTONES_NAME).write_bytes(newest)
    for directory in (data, elsewhere):
        restore(file, directory, replace=True)
        assert (directory / TOMBSTONES_NAME).read_bytes().startswith(newest)
        async with open_house(directory, clock) as house:
            assert house.people.known(hana.did) is None
        assert hana.did.encode() not in (directory / DATABASE_NAME).read_bytes()


def test_wishes_in_a_backup_are_added_to_those_that_are_known(data: Path, file: Path) -> None:
    Tombstones(data)
    older = (data / TOMBSTONES_NAME).read_bytes()
    Tombstones(data).add(["did:key:a"], 7)
    made(data, file)
    (data / TOMBSTONES_NAME).write_bytes(older)
    Tombstones(data).add(["did:key:b"], 8)
    restore(file, data, replace=True)
    both = Tombstones(data)
    assert (both.erased_us("did:key:a"), both.erased_us("did:key:b")) == (7, 8)


def test_log_of_the_database_before_goes_with_it(data: Path, file: Path) -> None:
    made(data, file)
    (data / f"{DATABASE_NAME}-wal").write_bytes(b"of another database")
    restore(file, data, replace=True)
    assert sorted(path.name for path in data.glob(f"{DATABASE_NAME}*")) == [DATABASE_NAME]
    Database(data).close()


def test_lost_assets_are_named_and_the_rest_is_kept(data: Path, file: Path, tmp_path: Path) -> None:
    database = Database(data)
    lost, bent, whole = database.read(lambda connection: sorted(all_assets(connection), key=lambda one: one.sha256))
    database.close()
    files = AssetFiles(data)
    files.path(lost.sha256, lost.suffix).unlink()
    files.path(bent.sha256, bent.suffix).write_bytes(b"bent")
    done = back_up(data, file, by="a test", now_us=now_us())
    assert done == (1, (f"{lost.sha256}.glb", f"{bent.sha256}.glb"))
    path = files.path(whole.sha256, whole.suffix)
    path.write_bytes(path.read_bytes()[::-1])  # of the right size, and wrong
    restore(file, data, replace=True)
    assert hashlib.sha256(path.read_bytes()).hexdigest() == whole.sha256
    restore(file, tmp_path / "elsewhere", replace=False)
    assert AssetFiles(tmp_path / "elsewhere").path(whole.sha256, whole.suffix).is_file()


def in_use(data: Path, _file: Path) -> None:
    keep.append(DataLock(data))


def another_alley(data: Path, _file: Path) -> None:
    (data / TOMBSTONES_NAME).unlink(missing_ok=True)
    Tombstones(data)


def rewritten(name: str, change: Callable[[bytes], bytes]) -> Callable[[Path, Path], None]:
    def rewrite(_data: Path, file: Path) -> None:
        with zipfile.ZipFile(file) as archive:
            content = {each: archive.read(each) for each in archive.namelist()}
        with zipfile.ZipFile(file, "w") as archive:
            for each, value in content.items():
                archive.writestr(each, change(value) if each.startswith(name) else value)

    return rewrite


def newer_shape(content: bytes) -> bytes:
    raw = sqlite3.connect(":memory:")
    raw.deserialize(content)
    raw.execute("UPDATE schema_info SET version = 99, compat_version = 99")
    raw.commit()
    return raw.serialize()


def half(_data: Path, file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


keep: list[DataLock] = []


@pytest.mark.parametrize(
    ("spoil", "error", "words"),
    [
        (in_use, DataInUse, "in use by another server"),
        (another_alley, DataUnusable, "is of another alley"),
        (half, DataUnusable, "File is not a zip file"),
        (rewritten("backup.json", lambda _: b"{}"), DataUnusable, "is no backup of an alley"),
        (
            rewritten("backup.json", lambda label: json.dumps({**json.loads(label), "version": 2}).encode()),
            DataUnusable,
            "made by a newer Yokocho",
        ),
        (rewritten("assets/", lambda _: b"other"), DataUnusable, "is not what it was"),
        (rewritten(DATABASE_NAME, newer_shape), DataVersion, "written by a newer Yokocho"),
        (rewritten(DATABASE_NAME, lambda _: b"no database" * 100), DataUnusable, "file is not a database"),
    ],
)
def test_what_cannot_be_put_back_changes_nothing(
    data: Path,
    file: Path,
    spoil: Callable[[Path, Path], None],
    error: type[Exception],
    words: str,
) -> None:
    Tombstones(data)
    made(data, file)
    before = (data / DATABASE_NAME).read_bytes()
    for asset in (data / "assets").rglob("*.glb"):
        asset.unlink()
    spoil(data, file)
    try:
        with pytest.raises(error, match=words):
            restore(file, data, replace=True)
    finally:
        while keep:
            keep.pop().release()
    assert (data / DATABASE_NAME).read_bytes() == before
    assert not list(data.glob(".yokocho-*"))


def test_an_alley_is_not_replaced_unasked(data: Path, file: Path) -> None:
    with pytest.raises(DataUnusable, match="There is an alley in"):
        restore(made(data, file), data, replace=False)


def test_failed_backup_leaves_the_one_before(data: Path, file: Path) -> None:
    file.write_bytes(b"the one before")
    (data / DATABASE_NAME).write_bytes(b"no database" * 100)
    with pytest.raises(DataUnusable, match="file is not a database"):
        made(data, file)
    assert file.read_bytes() == b"the one before"
    assert [path.name for path in file.parent.glob(".yokocho-*")] == []


def test_on_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data, file, umask = tmp_path / "alley", tmp_path / "alley.zip", os.umask(0o077)
    try:
        assert main(["backup", str(file), "--data", str(data)]) == ExitCode.DATA_UNUSABLE
        assert capsys.readouterr().err == f"yokocho: There is no alley in {data}.\n"
        data.mkdir()
        small_alley(data)
        assert main(["backup", str(file), "--data", str(data)]) == ExitCode.OK
        assert capsys.readouterr().out == f"The alley in {data} is in {file}: its database and 3 assets.\n"
        assert main(["restore", str(file), "--data", str(tmp_path / "elsewhere")]) == ExitCode.OK
        assert main(["restore", str(file), "--data", str(data)]) == ExitCode.DATA_UNUSABLE
        assert main(["restore", str(file), "--data", str(data), "--replace"]) == ExitCode.OK
        shutil.rmtree(data / "assets")
        assert main(["backup", str(file), "--data", str(data)]) == ExitCode.DATA_UNUSABLE
        assert "These assets were missing or damaged" in capsys.readouterr().err
    finally:
        os.umask(umask)
