"""What is kept about somebody: handed out whole, erased whole, and not brought back by a backup."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import sqlite3
import zipfile
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from federation import proofs
from federation.canonical import parse_object
from federation.keys import did_from_key
from tests.yokocho.people.site import ORIGIN, open_site
from tests.yokocho.people.support import HOME, HOUR_US, Clock, House, Somebody, open_house
from tests.yokocho.support import GLB
from world.wire import Chat, Scope
from yokocho.app import Instance
from yokocho.people import AT_THE_CONSOLE, Actor, Code, Refused, Roles
from yokocho.people.export import Exporter
from yokocho.store.chat import add_chat
from yokocho.store.database import DATABASE_NAME
from yokocho.store.erasure import FORGOTTEN, IMPERSONAL, PERSONAL
from yokocho.store.errors import DataUnusable
from yokocho.store.people import visitor_id_of
from yokocho.store.tables import audit_log, metadata, restrictions, stalls
from yokocho.store.tombstones import TOMBSTONES_NAME, Tombstones

SECRET = "zanzibar-pelican"
"""Stands in every text that is about the person who is to be forgotten."""


async def say(house: House, somebody: Somebody, number: int, text: str, name: str = SECRET) -> None:
    chat = Chat(number, visitor_id_of(somebody.did), name, Scope.ALLEY, text, house.clock.us // 1000, 0)
    await house.people.ledger.write(lambda connection: add_chat(connection, "lane", chat))


async def live_a_life(house: House, hana: Somebody) -> None:
    """Leave a trace in every place there is."""
    rights, peace = house.people.rights, house.people.peace
    await house.meet(hana, SECRET)
    await say(house, hana, 1, SECRET)
    invited, code = await rights.invite(AT_THE_CONSOLE, "artisan", "stall1")
    await rights.accept(code, hana.did)
    await letter(house, "stall1", SECRET)
    await rights.grant(AT_THE_CONSOLE, hana.did, "operator")
    me = Actor(hana.did, Roles.OPERATOR)
    other = Somebody()
    await rights.grant(me, other.did, "operator")
    await rights.invite(me, "keeper", None)
    rule = await peace.restrict(me, "mute", other_guest().did, scope="alley", reason="Noise.", expires_us=None)
    await peace.lift(me, rule.id)
    grant = next(one for one in rights.grants(AT_THE_CONSOLE) if (one.did, one.role) == (hana.did, "operator"))
    await rights.revoke(AT_THE_CONSOLE, grant.id)
    for kind, hours in (("mute", 1), ("ban", 0)):
        expires_us = house.clock.us + hours * HOUR_US if hours else None
        await peace.restrict(
            AT_THE_CONSOLE, kind, hana.did, scope="instance", reason=f"{SECRET} {hana.did}", expires_us=expires_us
        )
    house.clock.us += 2 * HOUR_US
    assert invited.id


async def letter(house: House, stall_id: str, maker: str) -> None:
    """Write a maker's name on a stall."""
    change = sa.update(stalls).where(stalls.c.id == stall_id).values(maker=maker)
    await house.people.ledger.write(lambda connection: connection.execute(change))


async def makers(house: House) -> dict[str, str]:
    query = sa.select(stalls.c.id, stalls.c.maker)
    return await house.people.ledger.read(lambda connection: {row.id: row.maker for row in connection.execute(query)})


def other_guest() -> Somebody:
    return Somebody()


def everything(data: Path) -> str:
    """The whole database as text: what a thief of the file would read."""
    with sqlite3.connect(data / DATABASE_NAME) as raw:
        text = "\n".join(raw.iterdump())
    raw.close()
    return text


# --- the list of places ---------------------------------------------------------------------------------------------


def test_every_table_says_what_it_knows_about_people() -> None:
    personal = {held.column.table.name for held in PERSONAL}
    impersonal = {table.name for table in IMPERSONAL}
    assert personal & impersonal == set()
    assert personal | impersonal == set(metadata.tables), "say in store/erasure.py what a new table knows about people"


def test_columns_that_look_like_people_are_listed() -> None:
    listed = {held.column for held in PERSONAL}
    names = {"did", "visitor_id", "who", "on_whom", "successor"}
    for table in metadata.tables.values():
        for column in table.columns:
            if column.name in names or column.name.endswith("_by"):
                keeps_itself = (table.name, column.name) == ("persons", "visitor_id")
                assert column in listed or keeps_itself, f"{table.name}.{column.name}"


# --- erasing --------------------------------------------------------------------------------------------------------


async def test_nothing_is_left_of_somebody(house: House) -> None:
    hana, ole = Somebody(), Somebody()
    await live_a_life(house, hana)
    await house.meet(ole, "Ole")
    await say(house, ole, 2, "Good evening.", "Ole")
    for trace in (SECRET, hana.did, visitor_id_of(hana.did)):
        assert trace in everything(house.data)
    erased: list[tuple[str, ...]] = []
    house.people.records.on_erased.append(erased.append)
    house.changes.clear()
    await house.people.records.erase(hana.did)
    left = everything(house.data)
    for trace in (SECRET, hana.did, visitor_id_of(hana.did)):
        assert trace not in left
    assert "Good evening." in left
    assert ole.did in left
    assert erased == [(hana.did,)]
    assert house.changes == [hana.did]
    assert house.people.known(hana.did) is None
    assert hana.did not in (house.data / TOMBSTONES_NAME).read_text()


async def test_nothing_is_left_after_the_clock_was_set_back(data: Path) -> None:
    hana, clock = Somebody(), Clock()
    async with open_house(data, clock) as house:
        await live_a_life(house, hana)
        clock.us -= 24 * HOUR_US
        await house.people.records.erase(hana.did)
    async with open_house(data, clock) as house:
        assert house.people.known(hana.did) is None
    for trace in (SECRET, hana.did, visitor_id_of(hana.did)):
        assert trace not in everything(data)


async def test_a_stall_is_to_let_when_its_last_maker_is_forgotten(house: House) -> None:
    hana, ole, mira = Somebody(), Somebody(), Somebody()
    rights, records = house.people.rights, house.people.records
    for one in (hana, ole, mira):
        await house.meet(one)
    for one in (hana, ole):
        await rights.grant(AT_THE_CONSOLE, one.did, "artisan", "stall1")
    await letter(house, "stall1", "Hana & Ole")
    house.clock.us += HOUR_US
    await records.erase(mira.did)
    await records.erase(hana.did)
    assert await makers(house) == {"stall0": "Mori", "stall1": "Hana & Ole"}
    await rights.revoke(AT_THE_CONSOLE, rights.grants(AT_THE_CONSOLE)[0].id)
    house.clock.us += HOUR_US
    await records.erase(ole.did)
    assert await makers(house) == {"stall0": "Mori", "stall1": ""}


async def test_audit_log_keeps_the_deeds_without_the_name(house: House) -> None:
    hana = Somebody()
    await live_a_life(house, hana)
    query = sa.select(audit_log.c.what).order_by(audit_log.c.id)
    before = await house.people.ledger.read(lambda connection: list(connection.scalars(query)))
    await house.people.records.erase(hana.did)
    after = await house.people.ledger.read(lambda connection: list(connection.scalars(query)))
    assert after == [*before, "forget"]
    who = await house.people.ledger.read(lambda connection: set(connection.scalars(sa.select(audit_log.c.who))))
    assert who == {"console", FORGOTTEN}


async def test_a_ban_does_not_end_with_a_request(data: Path) -> None:
    hana, clock = Somebody(), Clock()
    async with open_house(data, clock) as house:
        await live_a_life(house, hana)
        await house.people.records.erase(hana.did)
        assert house.ban_of(hana) == ""
        kept = await house.people.ledger.read(
            lambda connection: (
                connection.execute(sa.select(restrictions).where(restrictions.c.did_hash.is_not(None))).mappings().all()
            )
        )
        assert [(row["kind"], row["did"], row["reason"]) for row in kept] == [("ban", None, "")]
    async with open_house(data, clock) as house:
        assert house.ban_of(hana) == ""
        await house.people.peace.lift(AT_THE_CONSOLE, kept[0]["id"])
        assert house.ban_of(hana) is None


async def test_all_former_dids_are_forgotten(house: House) -> None:
    hana = Somebody()
    later = hana.successor()
    last = later.successor()
    for number, one in enumerate((hana, later, last)):
        await house.meet(one, SECRET)
        await say(house, one, number, SECRET)
    await house.people.records.erase(last.did)
    left = everything(house.data)
    for one in (hana, later, last):
        assert one.did not in left
        assert visitor_id_of(one.did) not in left


async def test_last_operator_has_to_hand_over_first(house: House) -> None:
    hana = Somebody()
    await house.meet(hana)
    await house.people.rights.grant(AT_THE_CONSOLE, hana.did, "operator")
    with pytest.raises(Refused) as refused:
        await house.people.records.erase(hana.did)
    assert refused.value.code is Code.LAST_OPERATOR
    assert house.people.known(hana.did) is not None


# --- backups --------------------------------------------------------------------------------------------------------


async def restored(
    data: Path, clock: Clock, hana: Somebody, afterwards: Callable[[House], Awaitable[None]] | None = None
) -> None:
    """A life, a backup, a wish to be forgotten, and the backup put in place again."""
    async with open_house(data, clock) as house:
        await live_a_life(house, hana)
        if afterwards is not None:
            await afterwards(house)
        await house.people.ledger.write(lambda connection: None)
    with sqlite3.connect(data / DATABASE_NAME) as raw:
        raw.execute(f"VACUUM INTO '{data / 'backup'}'")
    raw.close()
    async with open_house(data, clock) as house:
        await house.people.records.erase(hana.did)
    for suffix in ("-wal", "-shm"):
        (data / (DATABASE_NAME + suffix)).unlink(missing_ok=True)
    shutil.move(data / "backup", data / DATABASE_NAME)
    assert hana.did in everything(data)


async def test_restored_backup_brings_nobody_back(data: Path) -> None:
    hana, clock = Somebody(), Clock()
    await restored(data, clock, hana)
    async with open_house(data, clock) as house:
        assert house.people.known(hana.did) is None
        assert house.ban_of(hana) == ""
    for trace in (SECRET, hana.did, visitor_id_of(hana.did)):
        assert trace not in everything(data)


async def test_restored_backup_brings_no_former_did_back(data: Path) -> None:
    hana, clock = Somebody(), Clock()

    async def go_on(house: House) -> None:
        await house.meet(hana.successor(), SECRET)

    async with open_house(data, clock) as house:
        await house.meet(hana, SECRET)
        await go_on(house)
    shutil.copytree(data, data.with_name("backup"))
    async with open_house(data, clock) as house:
        await house.people.records.erase(hana.successor().did)
    shutil.copy(data.with_name("backup") / DATABASE_NAME, data / DATABASE_NAME)
    async with open_house(data, clock) as house:
        assert house.people.known(hana.did) is None
    assert SECRET not in everything(data)


async def test_who_comes_back_begins_anew(data: Path) -> None:
    hana, clock = Somebody(), Clock()
    async with open_house(data, clock) as house:
        await house.meet(hana, SECRET)
        await house.people.records.erase(hana.did)
        clock.us += HOUR_US
        await house.meet(hana, "Hana")
        await say(house, hana, 9, "Here again.")
        await house.people.rights.grant(AT_THE_CONSOLE, hana.did, "keeper")
    for _ in range(2):
        async with open_house(data, clock) as house:
            assert house.people.known(hana.did) is not None
            assert house.people.verdict(hana.did, "", 0).roles == Roles.KEEPER
            assert (await house.people.records.person(hana.did)).row.name == "Hana"
        assert "Here again." in everything(data)


def test_tombstones_survive_a_broken_line(tmp_path: Path) -> None:
    stones = Tombstones(tmp_path)
    stones.add(["did:key:a"], 5)
    path = tmp_path / TOMBSTONES_NAME
    path.write_text(path.read_text() + "\n" + stones.hash("did:key:b"))
    again = Tombstones(tmp_path)
    again.add(["did:key:c"], 7)
    last = Tombstones(tmp_path)
    assert [last.erased_us(f"did:key:{name}") for name in "abc"] == [5, None, 7]
    assert path.stat().st_mode & 0o777 == 0o600


def test_the_latest_wish_counts(tmp_path: Path) -> None:
    for time_us in (7, 5):
        Tombstones(tmp_path).add(["did:key:a"], time_us)
    assert Tombstones(tmp_path).erased_us("did:key:a") == 7


def test_tombstones_of_others_are_refused(tmp_path: Path) -> None:
    for content in ("", "a shopping list\n", "yokocho-forgotten 1 no hex\n"):
        (tmp_path / TOMBSTONES_NAME).write_text(content)
        with pytest.raises(DataUnusable):
            Tombstones(tmp_path)


# --- pruning --------------------------------------------------------------------------------------------------------


async def test_guests_are_forgotten_after_a_while(house: House) -> None:
    guest, keeper, banned, early = Somebody(), Somebody(), Somebody(), Somebody()
    later = early.successor()
    for one in (guest, keeper, banned, early, later):
        await house.meet(one)
    await house.people.rights.grant(AT_THE_CONSOLE, keeper.did, "keeper")
    await house.people.peace.restrict(
        AT_THE_CONSOLE, "ban", banned.did, scope="instance", reason="Spam.", expires_us=None
    )
    house.clock.us += 91 * 24 * HOUR_US
    new = Somebody()
    await house.meet(new)
    await house.people.tidy(90, 365)
    assert house.people.known(guest.did) is None
    assert guest.did not in everything(house.data)
    for one in (keeper, banned, early, later, new):
        assert house.people.known(one.did) is not None


async def test_what_is_over_is_forgotten(house: House) -> None:
    rude = Somebody()
    await house.meet(rude)
    await house.people.peace.restrict(
        AT_THE_CONSOLE, "ban", rude.did, scope="instance", reason=SECRET, expires_us=house.clock.us + HOUR_US
    )
    await house.people.rights.invite(AT_THE_CONSOLE, "keeper", None)
    house.clock.us += 380 * 24 * HOUR_US
    await house.people.tidy(1000, 365)
    assert await house.people.peace.restrictions(AT_THE_CONSOLE) == []
    assert await house.people.rights.invitations(AT_THE_CONSOLE) == []


# --- the export -----------------------------------------------------------------------------------------------------


async def test_export_holds_everything_and_proves_itself(house: House) -> None:
    hana, key = Somebody(), Ed25519PrivateKey.generate()
    await live_a_life(house, hana)
    exporter = Exporter(house.people.ledger, house.people.ledger.store.files, key, ORIGIN)
    with await exporter.build(hana.did) as file:
        archive = zipfile.ZipFile(io.BytesIO(file.read()))
    names = set(archive.namelist())
    expected = {
        f"data/{held.column.table.name}.{held.column.name}.json"
        for held in PERSONAL
        if (held.column.table.name, held.column.name) != ("persons", "successor")
    }
    assert expected <= names
    assert {"README.md", "stalls/stall1.json", "manifest.json"} <= names
    manifest = parse_object(archive.read("manifest.json"), max_bytes=1_000_000)
    proofs.verify(manifest, key.public_key())
    assert did_from_key(key.public_key()) in str(manifest["proof"])
    listed = manifest["files"]
    assert isinstance(listed, dict)
    assert set(listed) == names - {"manifest.json"}
    for name, entry in listed.items():
        content = archive.read(name)
        assert entry == {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
    assert json.loads(archive.read("data/chat_messages.visitor_id.json"))[0]["text"] == SECRET
    assert GLB[:40] in archive.read(next(name for name in names if name.startswith("assets/")))


async def test_export_shows_nobody_else(house: House) -> None:
    hana, target = Somebody(), Somebody()
    for one in (hana, target):
        await house.meet(one)
    await house.people.rights.grant(AT_THE_CONSOLE, hana.did, "keeper")
    me = Actor(hana.did, Roles.KEEPER)
    await house.people.peace.restrict(me, "mute", target.did, scope="alley", reason="Noise.", expires_us=None)
    exporter = Exporter(house.people.ledger, house.people.ledger.store.files, Ed25519PrivateKey.generate(), ORIGIN)
    for somebody, other in ((hana, target), (target, hana)):
        with await exporter.build(somebody.did) as file:
            archive = zipfile.ZipFile(io.BytesIO(file.read()))
        text = b"".join(map(archive.read, archive.namelist()))
        assert somebody.did.encode() in text
        assert other.did.encode() not in text


async def test_export_over_http(house: House) -> None:
    hana = Somebody()
    await house.meet(hana, address=HOME)
    async with open_site(house) as client:
        for status in (200, 200, 200, 429):
            async with client.session.get("/api/me/export", headers={"X-Did": hana.did}) as answer:
                assert answer.status == status
                if status == 200:
                    assert zipfile.ZipFile(io.BytesIO(await answer.read())).testzip() is None
        assert (await client.ask(hana.did, "DELETE", "/api/me"))[0] == 204
        assert (await client.ask(hana.did, "GET", "/api/me"))[0] == 404


# --- the alley ------------------------------------------------------------------------------------------------------


async def test_words_of_the_forgotten_are_no_history(instance: Instance) -> None:
    hana, ole = Somebody(), Somebody()
    people = instance.people
    for number, somebody in enumerate((hana, ole, hana)):
        await people.remember(somebody.did, "X", None, "", somebody.identity(), 1_800_000_000.0)
        visitor_id = visitor_id_of(somebody.did)
        instance.live.room.history.append(Chat(number, visitor_id, "X", Scope.ALLEY, "Good evening.", number, 0))
    await people.records.erase(hana.did)
    assert [chat.visitor_id for chat in instance.live.room.history] == [visitor_id_of(ole.did)]
