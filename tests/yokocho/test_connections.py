"""Connections below the requests: idle, dripping, too many, and a peer that takes nothing."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from websockets.exceptions import InvalidStatus

from tests.yokocho.support import eventually, open_instance, server_process
from tests.yokocho.talker import visit
from yokocho.app import Instance
from yokocho.store.assets import add_assets
from yokocho.store.store import Database

GET = b"GET /healthz HTTP/1.1\r\nHost: alley\r\n\r\n"
DEADLINE_S = 1.0
LATEST_S = 12.0
"""For a machine that does other things too. Without a deadline whoever drips would take longer, the others forever."""


@pytest.fixture
async def strict(data: Path) -> AsyncIterator[Instance]:
    """An instance with little patience."""
    async with open_instance(data, handshake_timeout_s=DEADLINE_S, keepalive_timeout_s=DEADLINE_S) as instance:
        yield instance


async def connect(instance: Instance) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_connection("127.0.0.1", instance.port)


async def until_closed(reader: asyncio.StreamReader) -> tuple[bytes, float]:
    """What still came, and how long it took until the other end closed."""
    began = time.monotonic()
    answer = b""
    with contextlib.suppress(ConnectionError):
        answer = await asyncio.wait_for(reader.read(), 30)
    return answer, time.monotonic() - began


async def one_answer(reader: asyncio.StreamReader) -> bytes:
    head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 10)
    length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
    return head + await asyncio.wait_for(reader.readexactly(length), 10)


async def drip(writer: asyncio.StreamWriter, data: bytes) -> None:
    with contextlib.suppress(ConnectionError):
        for number in range(len(data)):
            writer.write(data[number : number + 1])
            await writer.drain()
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("sent", [b"", b"GET /live HT", b"GET /healthz HTTP/1.1\r\nHost: alley\r\n"])
async def test_idle_and_half_sent_heads_are_cut_off(strict: Instance, sent: bytes) -> None:
    began = time.monotonic()
    reader, writer = await connect(strict)
    writer.write(sent)
    answer, _ = await until_closed(reader)
    assert answer == b""
    assert DEADLINE_S * 0.8 < time.monotonic() - began < LATEST_S
    writer.close()


async def test_dripping_head_is_cut_off(strict: Instance) -> None:
    reader, writer = await connect(strict)
    dripping = asyncio.create_task(drip(writer, GET[:-1] * 10))
    answer, took = await until_closed(reader)
    assert answer == b""
    assert took < LATEST_S
    dripping.cancel()
    writer.close()


async def test_second_head_has_a_deadline_too(strict: Instance) -> None:
    reader, writer = await connect(strict)
    writer.write(GET)
    assert b"200 OK" in await one_answer(reader)
    dripping = asyncio.create_task(drip(writer, GET[:-1] * 10))
    answer, took = await until_closed(reader)
    assert answer == b""
    assert took < LATEST_S
    dripping.cancel()
    writer.close()


async def test_body_that_never_comes_does_not_hold_the_connection(strict: Instance) -> None:
    reader, writer = await connect(strict)
    writer.write(b"POST /healthz HTTP/1.1\r\nHost: alley\r\nContent-Length: 100000\r\n\r\nabc")
    answer, took = await until_closed(reader)
    assert b"405" in answer.split(b"\r\n")[0]
    assert took < LATEST_S
    writer.close()


TAKES_A_BODY = ["POST /api/session", "POST /api/invitations/look", f"PUT /api/links/{'a' * 22}/new"]


def body_begins(line: str, *headers: str) -> bytes:
    return "\r\n".join([f"{line} HTTP/1.1", "Host: alley", *headers, "", ""]).encode()


async def answer_to(instance: Instance, head: bytes, body: bytes, *, drips: bool = False) -> bytes:
    """Status and code of the answer to a request whose body comes after its head, if at all."""
    reader, writer = await connect(instance)
    writer.write(head)
    await asyncio.sleep(0.05)  # a parser that sees both at once refuses earlier
    dripping = asyncio.create_task(drip(writer, body) if drips else asyncio.sleep(0))
    writer.write(b"" if drips else body)
    answer, _ = await until_closed(reader)
    dripping.cancel()
    writer.close()
    return b" ".join([answer[9:12], *answer.partition(b"\r\n\r\n")[2].split(b'"')[3:4]])


async def test_bodies_have_a_deadline_and_broken_ones_are_the_fault_of_the_peer(
    strict: Instance, caplog: pytest.LogCaptureFixture
) -> None:
    never, chunked = "Content-Length: 999", "Transfer-Encoding: chunked"
    gzip = "Content-Encoding: gzip\r\nContent-Length: 4"
    answers = await asyncio.gather(
        *(answer_to(strict, body_begins(line, never), b"") for line in TAKES_A_BODY),
        *(answer_to(strict, body_begins(line, gzip, "Connection: close"), b"abcd") for line in TAKES_A_BODY),
        *(answer_to(strict, body_begins(line, chunked), b"no chunk\r\n") for line in TAKES_A_BODY),
        answer_to(strict, body_begins(TAKES_A_BODY[0], never), b" " * 998, drips=True),
    )
    assert answers[:3] == [b"408 too_slow"] * 3
    assert answers[3:6] == [b"400 bad_request", b"400 bad_value", b"204"]  # a letter may hold any bytes
    # aiohttp's parser in C never says that a chunk was none; and whoever still sends may not read the answer.
    assert set(answers[6:]) <= {b"400 bad_request", b"408 too_slow", b""}
    await eventually(lambda: strict.site.gate.open == 0)
    assert [record.message for record in caplog.records if record.levelname == "ERROR"] == []


async def test_peer_who_leaves_amid_a_body_is_no_fault_of_ours(
    strict: Instance, caplog: pytest.LogCaptureFixture
) -> None:
    _, writer = await connect(strict)
    writer.write(body_begins(TAKES_A_BODY[0], "Content-Length: 100"))
    await eventually(lambda: strict.site.gate.open == 1)
    writer.transport.abort()
    await eventually(lambda: strict.site.gate.open == 0)
    await asyncio.sleep(0.05)  # for what may be written down of it
    assert [record.message for record in caplog.records if record.levelname == "ERROR"] == []


async def test_prompt_peers_are_not_disturbed_by_slow_ones(strict: Instance) -> None:
    slow = [await connect(strict) for _ in range(50)]
    for _, writer in slow:
        writer.write(b"GET /")
    began = time.monotonic()
    reader, writer = await connect(strict)
    writer.write(GET)
    assert b"200 OK" in await one_answer(reader)
    assert time.monotonic() - began < LATEST_S
    await asyncio.gather(*(until_closed(slow_reader) for slow_reader, _ in slow))
    for _, each in [*slow, (reader, writer)]:
        each.close()
    await eventually(lambda: strict.site.gate.open == 0)


async def refusal(instance: Instance) -> tuple[bytes, dict[str, str]]:
    reader, writer = await connect(instance)
    answer, _ = await until_closed(reader)
    writer.close()
    head, _, body = answer.partition(b"\r\n\r\n")
    return head, json.loads(body)


@pytest.mark.parametrize(
    ("flags", "reason"),
    [
        ({"max_connections": 3}, "too_many_connections"),
        ({"max_connections_per_address": 3}, "too_many_connections_from_address"),
    ],
)
async def test_over_the_cap_is_told_why(data: Path, flags: dict[str, int], reason: str) -> None:
    async with open_instance(data, **flags) as instance:
        held = [await connect(instance) for _ in range(3)]
        await eventually(lambda: instance.site.gate.open == 3)
        head, body = await refusal(instance)
        assert head.startswith(b"HTTP/1.1 503 Service Unavailable")
        assert b"Retry-After: 5" in head
        assert b"X-Content-Type-Options: nosniff" in head
        assert body["error"] == reason
        assert body["message"].endswith(".")
        assert instance.site.gate.refused == 1
        held[0][1].close()
        await eventually(lambda: instance.site.gate.open == 2)
        reader, writer = await connect(instance)
        writer.write(GET)
        assert b"200 OK" in await one_answer(reader)
        for _, each in [*held, (reader, writer)]:
            each.close()


async def test_live_connections_leave_the_count_once(instance: Instance) -> None:
    """They become WebSockets, which the live endpoint counts itself."""
    async with visit(instance.origins[0]), visit(instance.origins[0]):
        await eventually(lambda: instance.live.visitors == 2)
        await eventually(lambda: instance.site.gate.open == 0)
    await eventually(lambda: instance.live.visitors == 0)
    assert instance.site.gate.open == 0


async def test_clients_behind_a_proxy_are_counted_apart(data: Path) -> None:
    flags = {"trusted_proxies": "127.0.0.1", "max_connections_per_address": 2, "metrics_from": "198.51.100.1"}
    async with open_instance(data, **flags) as instance:
        held = [await connect(instance) for _ in range(5)]
        for number, (reader, writer) in enumerate(held):
            writer.write(b"GET /healthz HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 198.51.100.%d\r\n\r\n" % number)
            assert b"200 OK" in await one_answer(reader)
        reader, writer = held[1]
        for client, status in ((b"198.51.100.1", b"200 OK"), (b"198.51.100.2", b"404")):
            writer.write(b"GET /metrics HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: %b\r\n\r\n" % client)
            assert status in (await one_answer(reader)).split(b"\r\n")[0]
        for _ in range(3):  # one after the other counts as one
            writer.write(b"GET /healthz HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 198.51.100.7\r\n\r\n")
            assert b"200 OK" in await one_answer(reader)
        for _, each in held:
            each.close()


async def test_visitors_behind_a_proxy_are_counted_apart(data: Path) -> None:
    async with open_instance(data, trusted_proxies="127.0.0.1", max_connections_per_address=1) as instance:
        origin = instance.origins[0]
        async with visit(origin, client="198.51.100.1"), visit(origin, "Ole", client="198.51.100.2"):
            assert instance.live.visitors == 2
            with pytest.raises(InvalidStatus) as refused:
                async with visit(origin, "Mio", client="198.51.100.1"):
                    pass
            assert refused.value.response.status_code == 503
            assert json.loads(refused.value.response.body or b"")["error"] == "too_many_connections_from_address"


@pytest.mark.skipif(not hasattr(socket, "TCP_USER_TIMEOUT"), reason="Linux only")
async def test_peer_that_takes_nothing_is_cut_off(data: Path) -> None:
    database = Database(data)
    large = database.files.write(bytes(16 * 1024 * 1024), "glb")
    with database.transaction() as connection:
        add_assets(connection, [large], 1)
    database.close()
    async with open_instance(data, stalled_timeout_s=1) as instance:
        with socket.socket() as peer:
            peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            peer.setblocking(False)
            await asyncio.get_running_loop().sock_connect(peer, ("127.0.0.1", instance.port))
            peer.send(f"GET /assets/{large.sha256}.glb HTTP/1.1\r\nHost: alley\r\n\r\n".encode())
            await eventually(lambda: instance.site.gate.open == 1)
            await eventually(lambda: instance.site.gate.open == 0)


def test_the_process_keeps_the_same_rules(data: Path) -> None:
    """The tests above run on asyncio's own loop; a server runs on uvloop where there is one."""
    env = {"YOKOCHO_HANDSHAKE_TIMEOUT_S": "1", "YOKOCHO_MAX_CONNECTIONS": "2"}
    with server_process(data, env=env) as server:
        port = int(server.origin.rsplit(":", 1)[1])
        with contextlib.ExitStack() as stack:
            idle, half, third = (
                stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=10)) for _ in range(3)
            )
            half.sendall(GET[:-2])
            refused = third.makefile("rb").read()
            assert refused.startswith(b"HTTP/1.1 503 Service Unavailable")
            assert b"too_many_connections" in refused
            for slow in (idle, half):
                with contextlib.suppress(ConnectionError):
                    assert slow.recv(100) == b""
        assert server.get("/healthz")["status"] == "ok"
