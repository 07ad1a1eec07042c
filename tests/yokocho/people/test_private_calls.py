"""The whole way over HTTP: papers, session, proof for each call; rights, devices and people that go at once."""

from __future__ import annotations

import contextlib
import io
import secrets
import time
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from federation import proofs
from federation.canonical import canonicalize, parse_object
from federation.dpop import make_proof
from federation.entry import make_entry_token
from federation.keys import base64url_encode, jwk_from_key, key_from_did, thumbprint
from tests.yokocho.people.support import Somebody
from tests.yokocho.support import eventually, open_instance
from tests.yokocho.talker import ENTER, PING, PONG, WELCOME, visit
from yokocho.app import Instance
from yokocho.bots.passport import Passport
from yokocho.people import AT_THE_CONSOLE, Roles


def identifier() -> str:
    return base64url_encode(secrets.token_bytes(16))


class Page:
    """A page of somebody: it opens a session and calls as they."""

    def __init__(self, instance: Instance, http: aiohttp.ClientSession, somebody: Somebody) -> None:
        somebody.gateway = instance.origins[0]
        self.somebody = somebody
        self.key = Ed25519PrivateKey.generate()
        self.token = ""
        self.roles: list[str] = []
        self._origin = instance.origins[0]
        self._http = http

    async def come_in(self) -> int:
        """Open a session; the status."""
        async with self._http.post(self._origin + "/api/challenge") as answer:
            given = await answer.json()
        now_s, url, somebody = int(time.time()), f"{self._origin}/api/session", self.somebody
        entry = make_entry_token(
            somebody.devices[0],
            did=somebody.did,
            audience=self._origin,
            nonce=given["nonce"],
            room=given["room"],
            now_s=now_s,
            jti=identifier(),
            jkt=thumbprint(jwk_from_key(self.key.public_key())),
        )
        proof = make_proof(self.key, method="POST", url=url, now_s=now_s, jti=identifier(), nonce=given["nonce"])
        papers = {"entry": entry, "document": canonicalize(somebody.identity().document).decode()}
        async with self._http.post(url, json=papers, headers={"DPoP": proof}) as answer:
            said = await answer.json()
            self.token, self.roles = said.get("access_token", ""), said.get("roles", [])
            return answer.status

    def headers(self, method: str, path: str) -> dict[str, str]:
        url = self._origin + path.partition("?")[0]
        proof = make_proof(
            self.key, method=method, url=url, now_s=int(time.time()), jti=identifier(), access_token=self.token
        )
        return {"Authorization": f"DPoP {self.token}", "DPoP": proof}

    async def call(self, method: str, path: str, body: Any = None, data: bytes | None = None) -> tuple[int, Any]:
        """Status, and JSON or bytes."""
        headers = self.headers(method, path)
        async with self._http.request(method, self._origin + path, json=body, data=data, headers=headers) as answer:
            is_json = answer.content_type == "application/json"
            return answer.status, await answer.json() if is_json else await answer.read()


@contextlib.asynccontextmanager
async def pages(instance: Instance, *people: Somebody) -> AsyncIterator[list[Page]]:
    """Pages of people who came in."""
    async with aiohttp.ClientSession() as http:
        opened = [Page(instance, http, one) for one in people]
        for page in opened:
            assert await page.come_in() == 200
            await eventually(lambda page=page: instance.people.known(page.somebody.did) is not None)  # type: ignore[misc]
        yield opened


async def test_from_claim_to_stall_and_out_again(instance: Instance) -> None:
    async with pages(instance, Somebody(), Somebody()) as (hana, ole):
        code = await instance.people.rights.new_claim()
        assert (await hana.call("POST", "/api/claim", {"code": code}))[0] == 201
        assert (await ole.call("POST", "/api/claim", {"code": code}))[0] == 409
        body = {"role": "artisan", "stall": "stall1"}
        status, made = await hana.call("POST", "/api/invitations", body)
        assert status == 201
        assert made["link"].startswith(f"{instance.origins[0]}/invite#")
        status, grant = await ole.call("POST", "/api/invitations/accept", {"code": made["code"]})
        assert (status, grant["stall"]) == (201, "stall1")
        assert await ole.come_in() == 200
        assert ole.roles == ["artisan"]
        assert (await ole.call("GET", "/api/me"))[1]["roles"] == ["artisan"]
        assert (await hana.call("DELETE", f"/api/grants/{grant['id']}"))[0] == 204
        assert (await ole.call("GET", "/api/me"))[1]["roles"] == []
        assert (await hana.call("GET", "/api/people?q=&limit=10"))[0] == 200
        assert (await ole.call("GET", "/api/people"))[0] == 403


async def test_a_call_needs_its_own_proof(instance: Instance) -> None:
    async with pages(instance, Somebody()) as (hana,), aiohttp.ClientSession(instance.origins[0]) as http:
        used = hana.headers("GET", "/api/me")
        for headers, status in (
            (used, 200),
            (used, 401),
            (hana.headers("GET", "/api/grants"), 401),
            (hana.headers("DELETE", "/api/me"), 401),
            ({"Authorization": f"DPoP {hana.token}"}, 401),
            ({"Authorization": f"Bearer {hana.token}"}, 401),
            ({}, 401),
        ):
            async with http.get("/api/me", headers=headers) as answer:
                assert answer.status == status
                assert (status == 200) or "DPoP" in answer.headers["WWW-Authenticate"]
        for name in ("Authorization", "DPoP"):  # of two, each reader might take another
            twice = [*hana.headers("GET", "/api/me").items(), (name, "DPoP x")]
            async with http.get("/api/me", headers=twice) as answer:
                assert answer.status == 401


async def test_a_revoked_device_is_out_at_once(instance: Instance) -> None:
    hana = Somebody(devices=[Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()])
    async with pages(instance, hana) as (lost,), aiohttp.ClientSession() as http:
        hana.sequence, hana.devices = 2, hana.devices[1:]
        kept = Page(instance, http, hana)
        document = canonicalize(hana.identity().document)
        assert (await lost.call("GET", "/api/me"))[0] == 200
        assert await kept.come_in() == 200
        assert (await kept.call("POST", "/api/me/document", data=document))[0] == 200
        status, answer = await lost.call("GET", "/api/me")
        assert (status, answer["error"]) == (401, "revoked")
        assert (await kept.call("GET", "/api/me"))[0] == 200


async def test_a_role_is_gone_before_the_next_word(instance: Instance) -> None:
    """On open sockets too, and nobody waits for a round of looking: what is said afterwards is answered later."""
    passport = Passport()
    async with pages(instance, Somebody()) as (operator,), visit(instance.origins[0], passport=passport) as hana:
        await instance.people.rights.grant(AT_THE_CONSOLE, operator.somebody.did, "operator")
        grant = await instance.people.rights.grant(AT_THE_CONSOLE, passport.did, "artisan", "stall1")
        assert (await operator.call("DELETE", f"/api/grants/{grant.id}"))[0] == 204
        await hana.send(PING, 0.0, 0)
        await hana.until(PONG)
    slot = hana.of_kind(WELCOME)[0][3][0]
    told = [message for message in hana.heard if message[0] in {ENTER, PONG}]
    before = told[: next(index for index, message in enumerate(told) if message[0] == PONG)]
    roles = [card[6] for _, cards in before for card in cards if card[0] == slot]
    assert roles == [Roles.ARTISAN, Roles.VISITOR]


async def test_a_ban_ends_calls_at_once(instance: Instance) -> None:
    async with pages(instance, Somebody()) as (rude,):
        await instance.people.peace.set_appeal(AT_THE_CONSOLE, "Write to us.")
        await instance.people.peace.restrict(
            AT_THE_CONSOLE, "ban", rude.somebody.did, scope="instance", reason="Spam.", expires_us=None
        )
        status, answer = await rude.call("POST", "/api/claim", {"code": "x"})
        assert (status, answer["error"], answer["message"], answer["detail"]) == (
            403,
            "banned",
            "Spam.",
            "Write to us.",
        )


async def test_the_banned_keep_their_rights_over_their_data(instance: Instance) -> None:
    async with pages(instance, Somebody()) as (rude,):
        did = rude.somebody.did
        await instance.people.rights.grant(AT_THE_CONSOLE, did, "artisan", "stall1")
        await instance.people.peace.restrict(
            AT_THE_CONSOLE, "ban", did, scope="instance", reason="Spam.", expires_us=None
        )
        assert await rude.come_in() == 200
        assert rude.roles == []
        assert (await rude.call("GET", "/api/me"))[0] == 200
        assert (await rude.call("GET", "/api/me/export"))[0] == 200
        assert (await rude.call("GET", "/api/audit"))[0] == 403
        assert (await rude.call("DELETE", "/api/me"))[0] == 204
        assert instance.people.verdict(did, "", time.time()).ban is not None


async def test_data_is_fetched_and_erased(data: Path) -> None:
    async with open_instance(data) as instance, pages(instance, Somebody()) as (hana,):
        status, content = await hana.call("GET", "/api/me/export")
        assert status == 200
        archive = zipfile.ZipFile(io.BytesIO(content))
        manifest = parse_object(archive.read("manifest.json"), max_bytes=1_000_000)
        signed_by = str(manifest["proof"]["verificationMethod"]).partition("#")[0]  # type: ignore[index, call-overload]
        proofs.verify(manifest, key_from_did(signed_by))
        assert manifest["instance"] == instance.origins[0]
        assert (await hana.call("DELETE", "/api/me"))[0] == 204
        assert instance.people.known(hana.somebody.did) is None
        assert (await hana.call("GET", "/api/me"))[0] == 401
    async with open_instance(data) as again:
        assert again.people.known(hana.somebody.did) is None


@pytest.mark.parametrize("limit", [6])
async def test_private_calls_have_a_rate(data: Path, limit: int) -> None:
    async with (
        open_instance(data, private_requests_per_minute=limit) as instance,
        pages(instance, Somebody()) as (hana,),
    ):
        statuses = [(await hana.call("GET", "/api/me"))[0] for _ in range(limit)]
        assert statuses[:3] == [200, 200, 200]
        assert statuses[-1] == 429
