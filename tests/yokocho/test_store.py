"""The store: what goes in comes out, after a restart too; whose database it is; who holds the directory."""

from __future__ import annotations

import hashlib
import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

from tests.yokocho.support import GLB, small_alley
from world.wire import Chat, Scope
from yokocho.store.alleys import load_alley, room_ids
from yokocho.store.assets import AssetFiles, all_assets
from yokocho.store.chat import add_chat, last_chats, prune_chats
from yokocho.store.database import DATABASE_NAME, open_engine
from yokocho.store.errors import DataInUse, DataUnusable, DataVersion
from yokocho.store.lock import LOCK_NAME, DataLock
from yokocho.store.preferences import get_preference, put_preference
from yokocho.store.schema import VERSION
from yokocho.store.store import Database
from yokocho.store.tables import metadata, rooms, schema_info


def chat(number: int, text: str = "こんばんは") -> Chat:
    return Chat(number, "visitor", "Hana", Scope.ALLEY, text, 1_700_000_000_000 + number, 7)


def test_alley_is_the_same_after_a_restart(tmp_path: Path) -> None:
    laid = small_alley(tmp_path)
    for _ in range(2):
        database = Database(tmp_path)
        assert database.read(room_ids) == ["lane"]
        assert database.read(lambda connection: load_alley(connection, "lane")) == laid
        database.close()


def test_unknown_room_is_a_lookup_error(data: Path) -> None:
    database = Database(data)
    with pytest.raises(LookupError):
        database.read(lambda connection: load_alley(connection, "elsewhere"))
    database.close()


def test_damaged_values_are_found_when_read(data: Path) -> None:
    with sqlite3.connect(data / DATABASE_NAME) as raw:
        raw.execute("UPDATE stalls SET sign = '[[1, 2]]' WHERE id = 'stall1'")
    raw.close()
    database = Database(data)
    with pytest.raises(Exception, match="array"):
        database.read(lambda connection: load_alley(connection, "lane"))
    database.close()


def test_assets_are_named_by_their_content(data: Path) -> None:
    files = AssetFiles(data)
    content = GLB + b"\x00"
    name = hashlib.sha256(content).hexdigest()
    path = data / "assets" / name[:2] / f"{name[2:]}.glb"
    assert path.read_bytes() == content
    before = path.stat().st_mtime_ns
    assert files.write(content, "glb").sha256 == name
    assert path.stat().st_mtime_ns == before
    database = Database(data)
    listed = database.read(lambda connection: list(all_assets(connection)))
    database.close()
    assert name in {asset.sha256 for asset in listed}
    assert [p for p in path.parent.iterdir() if p.name.startswith(".")] == []


def test_half_written_asset_is_written_again(tmp_path: Path) -> None:
    files = AssetFiles(tmp_path)
    asset = files.write(GLB, "glb")
    path = files.path(asset.sha256, "glb")
    path.write_bytes(GLB[:10])
    files.write(GLB, "glb")
    assert path.read_bytes() == GLB


def test_history_is_the_newest_hundred_oldest_first(data: Path) -> None:
    database = Database(data)
    with database.transaction() as connection:
        for number in range(1, 151):
            add_chat(connection, "lane", chat(number))
    history = database.read(lambda connection: last_chats(connection, "lane"))
    database.close()
    assert [message.id for message in history] == list(range(51, 151))
    assert history[-1] == Chat(150, "visitor", "Hana", Scope.ALLEY, "こんばんは", 1_700_000_000_150, 0)


def test_old_words_are_forgotten(data: Path) -> None:
    database = Database(data)
    with database.transaction() as connection:
        for number in range(1, 11):
            add_chat(connection, "lane", chat(number))
        assert prune_chats(connection, (1_700_000_000_000 + 6) * 1000) == 5
    history = database.read(lambda connection: last_chats(connection, "lane"))
    database.close()
    assert [message.id for message in history] == [6, 7, 8, 9, 10]


def test_preferences_are_kept_and_replaced(data: Path) -> None:
    database = Database(data)
    with database.transaction() as connection:
        assert get_preference(connection, "colour") is None
        put_preference(connection, "colour", {"noren": [1, 2]}, 5)
        put_preference(connection, "colour", {"noren": [3]}, 6)
    assert database.read(lambda connection: get_preference(connection, "colour")) == {"noren": [3]}
    database.close()


def test_failed_transaction_leaves_nothing(data: Path) -> None:
    database = Database(data)

    def say_twice() -> None:
        with database.transaction() as connection:
            add_chat(connection, "lane", chat(1))
            add_chat(connection, "lane", chat(1))

    with pytest.raises(DataUnusable, match="UNIQUE"):
        say_twice()
    assert database.read(lambda connection: last_chats(connection, "lane")) == []
    database.close()


def test_rows_must_belong_together(data: Path) -> None:
    database = Database(data)
    with pytest.raises(DataUnusable, match="FOREIGN KEY"), database.transaction() as connection:
        add_chat(connection, "no room", chat(1))
    database.close()


def test_database_survives_a_power_cut_as_far_as_it_can(data: Path) -> None:
    engine = open_engine(data)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    engine.dispose()


# --- versions ---------------------------------------------------------------------------------------------------------


def test_migrations_make_what_the_tables_say(data: Path) -> None:
    engine = open_engine(data)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_tables_suit_postgresql_too() -> None:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    made = "".join(str(CreateTable(table).compile(dialect=dialect)) for table in metadata.sorted_tables)
    assert "spawns JSONB NOT NULL" in made
    assert "said_us BIGINT NOT NULL" in made
    assert "width_m DOUBLE PRECISION NOT NULL" in made
    assert "AUTOINCREMENT" not in made


def say_version(data: Path, version: int, compat_version: int) -> None:
    database = Database(data)
    with database.transaction() as connection:
        connection.execute(sa.update(schema_info).values(version=version, compat_version=compat_version))
    database.close()


def test_newer_database_is_refused(data: Path) -> None:
    say_version(data, VERSION + 2, VERSION + 1)
    with pytest.raises(DataVersion, match="written by a newer Yokocho"):
        Database(data)


def test_newer_database_that_suits_us_is_used_as_it_is(data: Path) -> None:
    say_version(data, VERSION + 1, VERSION)
    database = Database(data)
    assert database.read(lambda connection: connection.scalar(sa.select(schema_info.c.version))) == VERSION + 1
    assert database.read(room_ids) == ["lane"]
    database.close()


def test_database_of_others_is_refused(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / DATABASE_NAME) as raw:
        raw.execute("CREATE TABLE recipes (id INTEGER)")
    raw.close()
    with pytest.raises(DataUnusable, match="not made by Yokocho"):
        Database(tmp_path)


def test_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / DATABASE_NAME).write_bytes(b"not a database at all " * 100)
    with pytest.raises(DataUnusable, match="file is not a database"):
        Database(tmp_path)


def test_database_that_can_only_be_read_is_refused(data: Path) -> None:
    def as_on_a_disk_that_takes_nothing(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA query_only = on")

    sa.event.listen(sa.Engine, "connect", as_on_a_disk_that_takes_nothing)
    try:
        with pytest.raises(DataUnusable, match="cannot be written: attempt to write a readonly database"):
            Database(data)
    finally:
        sa.event.remove(sa.Engine, "connect", as_on_a_disk_that_takes_nothing)


def test_interrupted_first_start_begins_again(tmp_path: Path) -> None:
    """Tables without an alley: what is left when the first start is killed."""
    Database(tmp_path).close()
    database = Database(tmp_path)
    assert database.read(room_ids) == []
    assert database.read(lambda connection: connection.scalar(sa.select(sa.func.count()).select_from(rooms))) == 0
    database.close()


# --- the lock ---------------------------------------------------------------------------------------------------------


def test_second_holder_is_turned_away(tmp_path: Path) -> None:
    with DataLock(tmp_path), pytest.raises(DataInUse, match=r"in use by another server \(process \d+\)"):
        DataLock(tmp_path)
    DataLock(tmp_path).release()


def test_lock_makes_the_directory(tmp_path: Path) -> None:
    with DataLock(tmp_path / "new" / "alley"):
        assert (tmp_path / "new" / "alley" / LOCK_NAME).is_file()


def test_directory_that_cannot_be_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(DataUnusable, match="cannot be used: Not a directory"):
        DataLock(tmp_path / "file" / "alley")


def test_lock_that_is_a_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / LOCK_NAME).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(DataUnusable):
        DataLock(tmp_path)
    assert not (tmp_path / "elsewhere").exists()
