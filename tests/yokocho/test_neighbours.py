"""Pages of other alleys: those that the operator listed may bring visitors here, all others hear why not."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

import aiohttp
import pytest

from tests.yokocho.support import open_instance
from yokocho.config import build_settings
from yokocho.errors import ConfigError
from yokocho.http.answers import security_headers

NEIGHBOUR: Final = "https://next.example"
STRANGER: Final = "https://elsewhere.example"
OPEN_TO_NEIGHBOURS: Final = (("GET", "/api/alley"), ("GET", "ASSET"), ("POST", "/api/challenge"))


@pytest.fixture
async def client(data: Path) -> AsyncIterator[aiohttp.ClientSession]:
    async with (
        open_instance(data, neighbours=NEIGHBOUR) as instance,
        aiohttp.ClientSession(f"http://127.0.0.1:{instance.port}") as session,
    ):
        yield session


@pytest.fixture
def asset(data: Path) -> str:
    """The address of a file that the alley shows."""
    return f"/assets/{next((data / 'assets').rglob('*.glb')).relative_to(data / 'assets').as_posix().replace('/', '')}"


async def ask(
    client: aiohttp.ClientSession, method: str, path: str, origin: str, **headers: str
) -> tuple[int, dict[str, str], Any]:
    """Status, headers and content of the answer to a page of that origin."""
    async with client.request(method, path, headers={"Origin": origin, **headers}) as answer:
        is_json = answer.content_type == "application/json"
        return answer.status, dict(answer.headers), await answer.json() if is_json else await answer.read()


@pytest.mark.parametrize(("method", "path"), OPEN_TO_NEIGHBOURS)
async def test_a_neighbours_page_reads_what_a_visitor_needs(
    client: aiohttp.ClientSession, asset: str, method: str, path: str
) -> None:
    status, headers, _ = await ask(client, method, asset if path == "ASSET" else path, NEIGHBOUR)
    assert status == 200
    assert headers["Access-Control-Allow-Origin"] == NEIGHBOUR
    assert "Origin" in headers["Vary"]
    assert "Access-Control-Allow-Credentials" not in headers


@pytest.mark.parametrize(("method", "path"), OPEN_TO_NEIGHBOURS)
@pytest.mark.parametrize("origin", [STRANGER, "null", NEIGHBOUR + ":8443", NEIGHBOUR.upper(), NEIGHBOUR + "."])
async def test_a_strangers_page_hears_that_it_may_not(
    client: aiohttp.ClientSession, asset: str, method: str, path: str, origin: str
) -> None:
    status, headers, content = await ask(client, method, asset if path == "ASSET" else path, origin)
    assert (status, content["error"]) == (403, "origin_not_allowed")
    # The refusal is for everybody to read, or the page would take it for a broken network.
    assert headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("path", ["/", "/me", "/api/stalls", "/healthz", "/api/people/" + "a" * 22, "/api/me"])
async def test_nothing_else_is_for_other_pages(client: aiohttp.ClientSession, path: str) -> None:
    _, headers, _ = await ask(client, "GET", path, NEIGHBOUR)
    assert "Access-Control-Allow-Origin" not in headers


async def test_a_session_is_asked_for_first(client: aiohttp.ClientSession) -> None:
    wish = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type, dpop"}
    status, headers, _ = await ask(client, "OPTIONS", "/api/session", NEIGHBOUR, **wish)
    assert (status, headers["Access-Control-Allow-Origin"]) == (204, NEIGHBOUR)
    assert (headers["Access-Control-Allow-Methods"], headers["Access-Control-Allow-Headers"]) == (
        "POST",
        "content-type, dpop",
    )
    assert (await ask(client, "OPTIONS", "/api/session", STRANGER, **wish))[0] == 403


async def test_the_live_connection_is_for_neighbours_and_nobody_else(client: aiohttp.ClientSession) -> None:
    async with client.ws_connect("/live", headers={"Origin": NEIGHBOUR}) as socket:
        assert (await socket.receive(timeout=10)).type is aiohttp.WSMsgType.BINARY
    with pytest.raises(aiohttp.WSServerHandshakeError) as refusal:
        await client.ws_connect("/live", headers={"Origin": STRANGER})
    assert refusal.value.status == 403


async def test_the_summary_names_the_neighbours(client: aiohttp.ClientSession) -> None:
    async with client.get("/api/alley") as answer:
        assert (await answer.json())["neighbours"] == [NEIGHBOUR]
        assert "Access-Control-Allow-Origin" not in answer.headers


async def test_pages_reach_listed_alleys_and_no_others(client: aiohttp.ClientSession) -> None:
    async with client.get("/") as answer:
        policy = answer.headers["Content-Security-Policy"]
    connect = next(part for part in policy.split("; ") if part.startswith("connect-src")).split()
    assert connect[1] == "'self'"
    assert {one for one in connect if "next.example" in one} == {NEIGHBOUR, "wss://next.example"}
    assert not [one for one in connect if "*" in one]


def test_a_policy_names_no_address_that_its_grammar_lacks() -> None:
    policy = security_headers((), ("http://[::1]:8080", NEIGHBOUR))["Content-Security-Policy"]
    assert "[" not in policy
    assert f"connect-src 'self' wss://next.example {NEIGHBOUR};" in policy


@pytest.mark.parametrize("path", ["did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK", "abcdefghij_-KLMNOPQRST"])
async def test_a_person_has_a_page(client: aiohttp.ClientSession, path: str) -> None:
    """Whether there is such a person the page finds out: the server sends one file for all of them."""
    async with client.get(f"/people/{path}") as page, client.get("/") as front:
        assert page.status == front.status
    async with client.get(f"/people/{path}x/") as nothing:
        assert nothing.status == 404


@pytest.mark.parametrize("wrong", ["b.example", "https://b.example/alley", "https://me@b.example", "ftp://b.example"])
def test_a_wrong_neighbour_is_named_with_its_line(tmp_path: Path, wrong: str) -> None:
    file = tmp_path / "alley.toml"
    file.write_text(f'port = 0\nneighbours = ["{wrong}"]\n')
    with pytest.raises(ConfigError, match=r"alley\.toml, line 2: neighbours should be web addresses"):
        build_settings(flags={"config": str(file)}, environ={})
