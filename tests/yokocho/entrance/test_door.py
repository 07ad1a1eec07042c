"""The door over HTTP: for pages of this instance and its neighbours, and for nobody without papers."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import aiohttp
import pytest

from tests.yokocho.support import open_instance
from tests.yokocho.talker import BYE, visit
from yokocho.bots.passport import Passport

NEIGHBOUR: Final = "https://next.example"


async def open_session(http: aiohttp.ClientSession, origin: str, who: Passport, page: str) -> tuple[int, Any]:
    headers = {"Origin": page}
    async with http.post(f"{origin}/api/challenge", headers=headers) as answer:
        assert answer.headers["Access-Control-Allow-Origin"] == page
        asked = await answer.json()
    papers = who.enter(origin, asked["nonce"], asked["room"], method="POST", path="/api/session")
    body = {"entry": papers.token, "document": papers.document}
    async with http.post(f"{origin}/api/session", json=body, headers={**headers, "DPoP": papers.proof}) as answer:
        return answer.status, await answer.json()


@pytest.mark.parametrize("is_neighbour", [False, True])
async def test_papers_open_a_session(data: Path, is_neighbour: bool) -> None:
    who = Passport()
    async with open_instance(data, neighbours=(NEIGHBOUR,)) as instance, aiohttp.ClientSession() as http:
        origin = instance.origins[0]
        status, opened = await open_session(http, origin, who, NEIGHBOUR if is_neighbour else origin)
        assert status == 200
        assert (opened["did"], opened["token_type"], opened["roles"]) == (who.did, "DPoP", [])


async def test_pages_from_elsewhere_are_refused(data: Path) -> None:
    async with open_instance(data, neighbours=(NEIGHBOUR,)) as instance, aiohttp.ClientSession() as http:
        url = f"{instance.origins[0]}/api/challenge"
        async with http.post(url, headers={"Origin": "https://evil.example"}) as answer:
            assert (answer.status, (await answer.json())["error"]) == (403, "origin_not_allowed")
        async with http.options(url, headers={"Origin": "https://evil.example"}) as answer:
            assert answer.status == 403
        async with http.options(url, headers={"Origin": NEIGHBOUR}) as answer:
            assert (answer.status, answer.headers["Access-Control-Allow-Origin"]) == (204, NEIGHBOUR)
            assert "dpop" in answer.headers["Access-Control-Allow-Headers"]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "bad_request"),
        (b'{"entry": 1, "document": ""}', 400, "bad_request"),
        (b'{"entry": "", "document": ""}', 401, "proof_missing"),
        (b" " * 200_000, 413, "too_large"),
    ],
)
async def test_what_is_no_paper_is_refused(data: Path, body: bytes, status: int, code: str) -> None:
    async with (
        open_instance(data) as instance,
        aiohttp.ClientSession() as http,
        http.post(f"{instance.origins[0]}/api/session", data=body) as answer,
    ):
        assert (answer.status, (await answer.json())["error"]) == (status, code)


async def test_a_household_that_knocks_too_often_is_told_to_wait(data: Path) -> None:
    """Counted by the visitor's own address, behind a listed proxy too; a page that is told so may read it."""
    from_there = {"X-Forwarded-For": "93.184.216.34", "Origin": NEIGHBOUR}
    async with (
        open_instance(data, neighbours=NEIGHBOUR, trusted_proxies="127.0.0.1", entries_per_minute=2) as instance,
        aiohttp.ClientSession(instance.origins[0]) as http,
    ):
        for _ in range(2):
            async with http.post("/api/challenge", headers=from_there) as answer:
                assert answer.status == 200
        async with http.post("/api/challenge", headers=from_there) as answer:
            assert (answer.status, (await answer.json())["error"]) == (429, "rate_limited")
            assert answer.headers["Retry-After"] == "30"
            assert answer.headers["Access-Control-Allow-Origin"] == NEIGHBOUR
        async with visit(instance.origins[0], client="93.184.216.34", answer=BYE) as talker:
            bye = await talker.until(BYE)
            assert (bye[1], bye[4]) == ("entry_refused", "rate_limited")
            assert bye[3] > 0
        async with visit(instance.origins[0], client="93.184.216.35"):
            pass
