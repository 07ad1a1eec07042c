"""`yokocho operator`: the same orders with and without a running server."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import re
import time
from pathlib import Path
from typing import Any

import pytest

from tests.yokocho.people.support import Somebody
from tests.yokocho.support import START_S, Server, open_instance, run_yokocho, server_process
from yokocho.app import Instance
from yokocho.cli import main
from yokocho.errors import ExitCode
from yokocho.people import Roles
from yokocho.people.console import ClaimLink, Grant
from yokocho.people.line import SOCKET_NAME, give_order
from yokocho.store.database import DATABASE_NAME
from yokocho.store.lock import DataLock
from yokocho.store.store import Database
from yokocho.store.tables import invitations
from yokocho.unix_sockets import connect_in


def give(*arguments: str) -> tuple[int, str, str]:
    """Exit code, output and errors of an order, given in this process: a new one for each takes too long."""
    out, errors = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(errors):
        code = main(["operator", *arguments])
    return code, out.getvalue(), errors.getvalue()


def order(data: Path, *arguments: str) -> Any:
    """The answer as JSON."""
    code, out, errors = give(*arguments, "--json", "--data", str(data))
    assert code == 0, errors
    return json.loads(out)


def refused(data: Path, *arguments: str) -> str:
    """What is said to an order that is refused."""
    code, out, errors = give(*arguments, "--data", str(data))
    assert (code, out) == (ExitCode.REFUSED, ""), errors
    return errors.removeprefix("yokocho: ").rstrip("\n")


def look_after(data: Path) -> None:
    """A round of orders, each answered as it should be."""
    hana, rude = Somebody().did, Somebody().did
    assert order(data, "list") == {"rows": []}
    order(data, "grant", hana, "operator")
    assert refused(data, "grant", hana, "operator") == "The person has this right already."
    assert [(row["did"], row["role"]) for row in order(data, "list")["rows"]] == [(hana, "operator")]
    assert "only operator" in refused(data, "revoke", hana, "operator")
    order(data, "grant", hana, "artisan", "--stall", "stall1")
    order(data, "revoke", hana, "artisan", "--stall", "stall1")
    assert refused(data, "revoke", hana, "artisan") == "There is no such grant."
    assert "/invite#" in order(data, "invite", "artisan", "--stall", "stall0")["link"]
    assert refused(data, "invite", "artisan", "--stall", "nowhere") == "There is no such stall."
    number = order(data, "ban", rude, "--reason", "Spam.", "--hours", "3")["id"]
    order(data, "mute", "203.0.113.0/24", "--reason", "Noise.")
    assert [row["kind"] for row in order(data, "restrictions")["rows"]] == ["mute", "ban"]
    order(data, "lift", str(number))
    assert refused(data, "lift", str(number)) == "There is no such restriction in force."
    assert order(data, "appeal", "Write to us.") == {"text": "Write to us."}
    deeds = [row["what"] for row in order(data, "audit")["rows"]]
    assert deeds == ["appeal", "lift", "mute", "ban", "invite", "revoke", "grant", "grant"]
    assert order(data, "people", "nobody") == {"rows": []}
    assert refused(data, "forget", rude) == "Nobody of that name was seen here."


def test_orders_without_a_server(data: Path) -> None:
    look_after(data)
    assert refused(data, "claim-link").startswith("No server runs here")


def test_orders_while_the_server_runs(data: Path) -> None:
    with server_process(data) as server:
        assert server.origin
        look_after(data)
        assert refused(data, "claim-link") == "This alley has an operator already."
        assert server.stop() == ExitCode.OK


def test_orders_are_told_in_lines(data: Path) -> None:
    hana = Somebody().did
    give("grant", hana, "keeper", "--data", str(data))
    told = run_yokocho("operator", "list", "--data", str(data)).stdout
    assert re.fullmatch(rf"id=1  did={hana}  role=keeper  granted_by=console  at=\d{{4}}-.*Z\n", told)


def test_nothing_is_made_where_there_is_no_alley(tmp_path: Path) -> None:
    code, _, errors = give("list", "--data", str(tmp_path / "empty"))
    assert code == ExitCode.DATA_UNUSABLE
    assert errors == f"yokocho: There is no alley in {tmp_path / 'empty'}.\n"
    assert not (tmp_path / "empty").exists()


def test_a_server_that_just_starts_is_waited_for(data: Path) -> None:
    with DataLock(data):
        assert "just starting or ending" in refused(data, "list")


# --- the claim link ---------------------------------------------------------------------------------------------------


def claim_code(server: Server) -> str:
    """The code that a server prints; waits until it does."""
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        found = re.search(r"open http://\S+/claim#([\w-]{32})\n", "".join(server.lines))
        if found is not None:
            return found[1]
        time.sleep(0.02)
    raise AssertionError(f"no claim link: {server.lines}")


def test_claim_link_is_printed_and_not_stored(data: Path) -> None:
    codes = []
    for _ in range(2):
        with server_process(data) as server:
            assert server.origin
            codes.append(claim_code(server))
            assert server.stop() == ExitCode.OK
    assert codes[0] != codes[1]
    for code in codes:
        assert code.encode() not in (data / DATABASE_NAME).read_bytes()
    database = Database(data)
    kept = database.read(lambda connection: connection.execute(invitations.select()).all())
    database.close()
    assert len(kept) == 1


async def test_restart_makes_the_old_claim_void(data: Path) -> None:
    async with open_instance(data) as instance:
        first = await instance.people.rights.new_claim()
    async with open_instance(data) as instance:
        with pytest.raises(Exception, match="not known here"):
            await instance.people.rights.claim(first, Somebody().did)
        link = await instance.claim_link()
        assert link is not None
        await instance.people.rights.claim(link.partition("#")[2], Somebody().did)
        assert await instance.claim_link() is None


# --- the line ---------------------------------------------------------------------------------------------------------


async def test_the_line_is_for_the_owner_alone(instance: Instance) -> None:
    assert (instance.settings.data / SOCKET_NAME).stat().st_mode & 0o777 == 0o600


async def test_an_order_takes_effect_at_once(instance: Instance) -> None:
    hana = Somebody().did
    changes: list[str | None] = []
    instance.people.on_change.append(changes.append)
    answer = await asyncio.to_thread(give_order, instance.settings.data, Grant(hana, "keeper"))
    assert answer is not None
    assert "id" in answer
    assert instance.people.verdict(hana, "", 0).roles == Roles.KEEPER
    assert changes == [hana]


@pytest.mark.parametrize(
    "line", [b"\n", b"{}\n", b"\xff\xfe\n", b'{"type":"Rule"}\n', b"[" * 5000 + b"\n", b"x" * 70_000]
)
async def test_nonsense_on_the_line_is_answered(instance: Instance, line: bytes) -> None:
    def talk() -> bytes:
        sock = connect_in(instance.settings.data, SOCKET_NAME, within_s=10)
        assert sock is not None
        with sock:
            sock.sendall(line)
            with sock.makefile("rb") as file:
                return file.readline()

    assert json.loads(await asyncio.to_thread(talk))["error"] == "bad_order"
    assert await asyncio.to_thread(give_order, instance.settings.data, ClaimLink()) is not None


async def test_nobody_listens_after_the_end(data: Path) -> None:
    async with open_instance(data):
        pass
    assert give_order(data, ClaimLink()) is None
