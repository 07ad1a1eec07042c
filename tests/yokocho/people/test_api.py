"""The house rules over HTTP: statuses, codes, shapes, limits."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from federation.canonical import canonicalize
from federation.keys import fingerprint
from tests.yokocho.people.site import ORIGIN, Client, open_site
from tests.yokocho.people.support import HOUR_US, House, Somebody
from yokocho.people import AT_THE_CONSOLE
from yokocho.store.people import visitor_id_of


@pytest.fixture
async def client(house: House) -> AsyncIterator[Client]:
    async with open_site(house) as opened:
        yield opened


async def appoint(house: House, role: str, stall: str | None = None) -> Somebody:
    somebody = Somebody()
    await house.meet(somebody, role.capitalize())
    await house.people.rights.grant(AT_THE_CONSOLE, somebody.did, role, stall)
    return somebody


async def test_nobody_gets_nothing(client: Client) -> None:
    for method, path in (
        ("POST", "/api/claim"),
        ("GET", "/api/grants"),
        ("GET", "/api/people"),
        ("GET", "/api/audit"),
        ("GET", "/api/me"),
        ("GET", "/api/me/export"),
        ("DELETE", "/api/me"),
        ("PUT", "/api/appeal"),
    ):
        status, answer = await client.ask("", method, path)
        assert (status, answer["error"]) == (401, "token_missing"), path


async def test_a_visitor_is_told_that_it_is_not_theirs(client: Client) -> None:
    visitor = Somebody().did
    for method, path, body in (
        ("GET", "/api/grants", None),
        ("POST", "/api/grants", {"did": visitor, "role": "operator"}),
        ("POST", "/api/invitations", {"role": "keeper"}),
        ("GET", "/api/people", None),
        ("GET", "/api/restrictions", None),
        ("POST", "/api/restrictions", {"kind": "ban", "target": visitor, "reason": "x"}),
        ("PUT", "/api/appeal", {"text": "x"}),
        ("GET", "/api/audit", None),
    ):
        status, answer = await client.ask(visitor, method, path, body)
        assert (status, answer["error"]) == (403, "not_allowed"), path


async def test_first_claim_wins(house: House, client: Client) -> None:
    hana, ole = Somebody().did, Somebody().did
    code = await house.people.rights.new_claim()
    assert (await client.ask(hana, "POST", "/api/claim", {"code": "wrong"}))[0] == 404
    status, grant = await client.ask(hana, "POST", "/api/claim", {"code": code})
    assert (status, grant["role"], grant["did"]) == (201, "operator", hana)
    for again in (hana, ole):
        status, answer = await client.ask(again, "POST", "/api/claim", {"code": code})
        assert (status, answer["error"]) == (409, "already_claimed")


async def test_invitation_from_link_to_stall(house: House, client: Client) -> None:
    operator, artisan = (await appoint(house, "operator")).did, Somebody().did
    status, made = await client.ask(operator, "POST", "/api/invitations", {"role": "artisan", "stall": "stall1"})
    assert status == 201
    assert made["link"] == f"{ORIGIN}/invite#{made['code']}"
    assert made["expires_ms"] == (house.clock.us + 7 * 24 * HOUR_US) // 1000
    looked = await client.ask("", "POST", "/api/invitations/look", {"code": made["code"]})
    assert looked == (
        200,
        {
            "role": "artisan",
            "stall": "stall1",
            "expires_ms": made["expires_ms"],
            "by": {"name": "Operator", "fingerprint": fingerprint(operator)},
        },
    )
    status, grant = await client.ask(artisan, "POST", "/api/invitations/accept", {"code": made["code"]})
    assert (status, grant["role"], grant["stall"]) == (201, "artisan", "stall1")
    status, answer = await client.ask(Somebody().did, "POST", "/api/invitations/accept", {"code": made["code"]})
    assert (status, answer["error"]) == (409, "code_used")
    answer = (await client.ask(operator, "GET", "/api/invitations"))[1]
    listed = answer["invitations"]
    assert [(one["id"], one["state"], one["used_by"]) for one in listed] == [(made["id"], "used", artisan)]
    assert answer["people"] == {
        operator: {"name": "Operator", "fingerprint": fingerprint(operator)},
        artisan: {"name": "", "fingerprint": fingerprint(artisan)},
    }
    assert made["code"] not in str(listed)


async def test_who_accepts_says_their_name(house: House, client: Client) -> None:
    operator, artisan = (await appoint(house, "operator")).did, Somebody()
    await house.meet(artisan, "")
    code = (await client.ask(operator, "POST", "/api/invitations", {"role": "keeper"}))[1]["code"]
    for name in ("\u200b", 7):
        body = {"code": code, "name": name}
        status, answer = await client.ask(artisan.did, "POST", "/api/invitations/accept", body)
        assert (status, answer["error"]) == (400, "bad_value")
    body = {"code": code, "name": " Hana\u202e "}
    assert (await client.ask(artisan.did, "POST", "/api/invitations/accept", body))[0] == 201
    assert (await client.ask("", "GET", f"/api/people/{artisan.did}"))[1]["name"] == "Hana"


async def test_invitation_ends(house: House, client: Client) -> None:
    operator = (await appoint(house, "operator")).did
    codes = []
    for days in (1, 2):
        made = (await client.ask(operator, "POST", "/api/invitations", {"role": "keeper", "days": days}))[1]
        codes.append((made["id"], made["code"]))
    assert (await client.ask(operator, "DELETE", f"/api/invitations/{codes[1][0]}"))[0] == 204
    house.clock.us += 25 * HOUR_US
    for _, code in codes:
        status, answer = await client.ask(Somebody().did, "POST", "/api/invitations/accept", {"code": code})
        assert (status, answer["error"]) == (410, "code_expired")
    listed = (await client.ask(operator, "GET", "/api/invitations"))[1]["invitations"]
    assert [one["state"] for one in listed] == ["withdrawn", "expired"]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"role": "operator"}, 400, "bad_value"),
        ({"role": "artisan"}, 400, "bad_value"),
        ({"role": "artisan", "stall": "nowhere"}, 404, "stall_unknown"),
        ({"role": "keeper", "stall": "stall1"}, 400, "bad_value"),
        ({"role": "keeper", "days": 0}, 400, "bad_value"),
        ({"role": "keeper", "days": "1"}, 400, "bad_value"),
        ({"role": "keeper", "surprise": 1}, 400, "bad_value"),
        ([], 400, "bad_value"),
    ],
)
async def test_bad_invitation(house: House, client: Client, body: object, status: int, code: str) -> None:
    operator = (await appoint(house, "operator")).did
    answered, answer = await client.ask(operator, "POST", "/api/invitations", body)
    assert (answered, answer["error"]) == (status, code)


async def test_grants_come_and_go_at_once(house: House, client: Client) -> None:
    operator, keeper = (await appoint(house, "operator")).did, Somebody().did
    status, grant = await client.ask(operator, "POST", "/api/grants", {"did": keeper, "role": "keeper"})
    assert status == 201
    again = await client.ask(operator, "POST", "/api/grants", {"did": keeper, "role": "keeper"})
    assert (again[0], again[1]["error"]) == (409, "already_granted")
    assert (await client.ask(keeper, "GET", "/api/restrictions"))[0] == 200
    assert [one["role"] for one in (await client.ask(operator, "GET", "/api/grants"))[1]["grants"]] == [
        "operator",
        "keeper",
    ]
    house.changes.clear()
    assert (await client.ask(operator, "DELETE", f"/api/grants/{grant['id']}"))[0] == 204
    assert house.changes == [keeper]
    assert (await client.ask(keeper, "GET", "/api/restrictions"))[0] == 403
    assert (await client.ask(operator, "DELETE", f"/api/grants/{grant['id']}"))[0] == 404


async def test_last_operator_stays(house: House, client: Client) -> None:
    operator = (await appoint(house, "operator")).did
    number = (await client.ask(operator, "GET", "/api/grants"))[1]["grants"][0]["id"]
    for method, path in (("DELETE", f"/api/grants/{number}"), ("DELETE", "/api/me")):
        status, answer = await client.ask(operator, method, path)
        assert (status, answer["error"]) == (409, "last_operator")
    await appoint(house, "operator")
    assert (await client.ask(operator, "DELETE", "/api/me"))[0] == 204


async def test_keeper_bans_and_lifts(house: House, client: Client) -> None:
    keeper, rude = (await appoint(house, "keeper")).did, Somebody()
    await house.meet(rude)
    body = {"kind": "ban", "target": rude.did, "reason": "Shouting\u202e \n at others", "hours": 2}
    status, made = await client.ask(keeper, "POST", "/api/restrictions", body)
    assert status == 201
    assert (made["reason"], made["in_force"], made["expires_ms"]) == (
        "Shouting at others",
        True,
        (house.clock.us + 2 * HOUR_US) // 1000,
    )
    assert house.ban_of(rude) == "Shouting at others"
    listed = (await client.ask(keeper, "GET", "/api/restrictions?in_force=1"))[1]["restrictions"]
    assert [one["id"] for one in listed] == [made["id"]]
    assert (await client.ask(keeper, "DELETE", f"/api/restrictions/{made['id']}"))[0] == 204
    assert house.ban_of(rude) is None
    assert (await client.ask(keeper, "GET", "/api/restrictions?in_force=1"))[1]["restrictions"] == []
    assert (await client.ask(keeper, "DELETE", f"/api/restrictions/{made['id']}"))[0] == 404
    answer = (await client.ask(keeper, "GET", f"/api/audit?did={rude.did}"))[1]
    assert {did: one["name"] for did, one in answer["people"].items()} == {keeper: "Keeper", rude.did: "Hana"}
    log = answer["entries"]
    assert [(one["what"], one["who"], one["why"]) for one in log] == [
        ("lift", keeper, ""),
        ("ban", keeper, "Shouting at others"),
    ]


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"scope": "instance"}, 403, "not_allowed"),
        ({"target": "203.0.113.0/16"}, 400, "network_too_wide"),
        ({"target": "nonsense"}, 400, "bad_value"),
        ({"target": "did:key:z6MkNonsense"}, 400, "bad_value"),
        ({"reason": " "}, 400, "bad_value"),
        ({"reason": "x" * 501}, 400, "bad_value"),
        ({"kind": "jail"}, 400, "bad_value"),
        ({"hours": -1}, 400, "bad_value"),
        ({"hours": 1e300}, 400, "bad_value"),
    ],
)
async def test_what_a_keeper_cannot(
    house: House, client: Client, change: dict[str, object], status: int, code: str
) -> None:
    keeper = (await appoint(house, "keeper")).did
    body = {"kind": "ban", "target": "203.0.113.0/24", "reason": "Spam.", **change}
    answered, answer = await client.ask(keeper, "POST", "/api/restrictions", body)
    assert (answered, answer["error"]) == (status, code)


async def test_appeal_is_public_and_set_by_operators(house: House, client: Client) -> None:
    operator = (await appoint(house, "operator")).did
    assert await client.ask("", "GET", "/api/appeal") == (200, {"text": ""})
    said = {"text": "Write to keepers@alley.example."}
    assert await client.ask(operator, "PUT", "/api/appeal", said) == (200, said)
    assert await client.ask("", "GET", "/api/appeal") == (200, said)


async def test_people_are_found(house: House, client: Client) -> None:
    keeper = (await appoint(house, "keeper")).did
    for number in range(5):
        house.clock.us += 1_000_000
        await house.meet(Somebody(), f"Guest {number}")
    first = (await client.ask(keeper, "GET", "/api/people?q=guest&limit=2"))[1]
    assert ([one["name"] for one in first["people"]], first["more"]) == (["Guest 4", "Guest 3"], True)
    last = (await client.ask(keeper, "GET", "/api/people?q=guest&limit=2&offset=4"))[1]
    assert ([one["name"] for one in last["people"]], last["more"]) == (["Guest 0"], False)
    keepers = (await client.ask(keeper, "GET", "/api/people?role=keeper"))[1]["people"]
    assert [one["did"] for one in keepers] == [keeper]
    assert (await client.ask(keeper, "GET", "/api/people?limit=0"))[0] == 400
    assert (await client.ask(keeper, "GET", "/api/people?role=king"))[0] == 400
    assert (await client.ask(keeper, "GET", "/api/people?q=%25"))[1]["people"] == []


async def test_a_person_has_a_page(house: House, client: Client) -> None:
    artisan = await appoint(house, "artisan", "stall1")
    for name in (artisan.did, visitor_id_of(artisan.did)):
        status, page = await client.ask("", "GET", f"/api/people/{name}")
        assert status == 200
        assert page["fingerprint"] == fingerprint(artisan.did)
        assert (page["name"], page["roles"], page["gateways"]) == ("Artisan", ["artisan"], [ORIGIN])
        assert page["stalls"] == [{"id": "stall1", "name": {"en": "Stall 1"}}]
    status, answer = await client.ask("", "GET", f"/api/people/{Somebody().did}")
    assert (status, answer["error"]) == (404, "person_unknown")


async def test_stalls_are_listed(client: Client) -> None:
    listed = (await client.ask("", "GET", "/api/stalls"))[1]["stalls"]
    assert listed == [{"id": "stall1", "name": {"en": "Stall 1"}}, {"id": "stall0", "name": {"en": "Stall 0"}}]


# --- the gateway ------------------------------------------------------------------------------------------------------


async def test_gateway_hands_out_the_document(house: House, client: Client) -> None:
    hana, stranger = Somebody(), Somebody(gateway="https://elsewhere.example")
    await house.meet(hana)
    await house.meet(stranger)
    async with client.session.get(f"/.well-known/apgateway/{hana.did}/actor") as answer:
        assert answer.status == 200
        assert answer.headers["Content-Type"] == (
            'application/ld+json; profile="https://www.w3.org/ns/activitystreams"'
        )
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert canonicalize(await answer.json(content_type=None)) == canonicalize(hana.identity().document)
    for other in (stranger.did, visitor_id_of(hana.did), Somebody().did):
        assert (await client.ask("", "GET", f"/.well-known/apgateway/{other}/actor"))[0] == 404


async def test_gateway_leads_to_whoever_took_the_place(house: House, client: Client) -> None:
    hana = Somebody()
    later = hana.successor()
    await house.meet(hana)
    await house.meet(later)
    path = f"/.well-known/apgateway/{hana.did}/actor"
    async with client.session.get(path, allow_redirects=False) as answer:
        assert (answer.status, answer.headers["Access-Control-Allow-Origin"]) == (307, "*")
    async with client.session.get(path) as answer:
        assert (await answer.json(content_type=None))["id"] == f"ap://{later.did}/actor"


# --- one's own document -----------------------------------------------------------------------------------------------


async def publish(client: Client, who: str, document: bytes) -> tuple[int, object]:
    async with client.session.post("/api/me/document", data=document, headers={"X-Did": who}) as answer:
        return answer.status, (await answer.json()).get("error")


async def test_documents_are_judged(house: House, client: Client) -> None:
    hana = Somebody(sequence=5)
    await house.meet(hana)
    old = canonicalize(hana.identity().document)
    hana.sequence = 6
    new = canonicalize(hana.identity().document)
    assert await publish(client, hana.did, new) == (200, None)
    assert await publish(client, hana.did, old) == (409, "rolled_back")
    assert await publish(client, Somebody().did, new) == (403, "not_allowed")
    assert await publish(client, hana.did, b"{}") == (400, "bad_document")
    assert await publish(client, hana.did, new.replace(b'"sequence":6', b'"sequence":7')) == (400, "bad_signature")
    later = hana.successor()
    assert await publish(client, hana.did, canonicalize(later.identity().document)) == (200, None)
    known = house.people.known(hana.did)
    assert known is not None
    assert known.successor == later.did


async def test_me(house: House, client: Client) -> None:
    artisan = await appoint(house, "artisan", "stall1")
    status, me = await client.ask(artisan.did, "GET", "/api/me")
    assert status == 200
    assert (me["name"], me["roles"], me["document"]["sequence"]) == ("Artisan", ["artisan"], 1)
    assert [grant["stall_id"] for grant in me["grants"]] == ["stall1"]
    assert (await client.ask(Somebody().did, "GET", "/api/me"))[0] == 404


# --- letters between devices ------------------------------------------------------------------------------------------


async def test_devices_exchange_letters(client: Client) -> None:
    box = "/api/links/" + "a" * 22
    async with client.session.get(f"{box}/new") as answer:
        assert (answer.status, await answer.read()) == (204, b"")
    for letter in (b"first", b"\x00\xff" * 1000):
        async with client.session.put(f"{box}/new", data=letter) as answer:
            assert answer.status == 204
        async with client.session.get(f"{box}/new") as answer:
            assert (answer.status, await answer.read()) == (200, letter)
            assert answer.content_type == "application/octet-stream"
    async with client.session.get(f"{box}/old") as answer:
        assert answer.status == 204


@pytest.mark.parametrize("path", ["a/new", "a" * 22 + "/both", "a" * 21 + "%2F/new"])
async def test_letterboxes_have_proper_names(client: Client, path: str) -> None:
    async with client.session.put(f"/api/links/{path}", data=b"x") as answer:
        assert answer.status == 404


async def test_letters_have_an_end(client: Client) -> None:
    for size, status in ((0, 400), (64 * 1024, 204), (64 * 1024 + 1, 413)):
        async with client.session.put(f"/api/links/{'b' * 22}/old", data=b"x" * size) as answer:
            assert answer.status == status


# --- how often --------------------------------------------------------------------------------------------------------


async def test_guessing_is_slow(house: House) -> None:
    async with open_site(house, claims_per_hour=3) as client:
        await house.people.rights.new_claim()
        answers = [
            (await client.ask(Somebody().did, "POST", "/api/claim", {"code": str(number)}))[0] for number in range(5)
        ]
        assert answers == [404, 404, 404, 429, 429]
        status, answer = await client.ask("", "POST", "/api/invitations/look", {"code": "x"})
        assert (status, answer["error"]) == (429, "rate_limited")


async def test_one_person_asks_so_often(house: House) -> None:
    async with open_site(house, requests_per_minute=4) as client:
        hana = Somebody().did
        assert [(await client.ask(hana, "GET", "/api/me"))[0] for _ in range(4)] == [404, 404, 429, 429]
