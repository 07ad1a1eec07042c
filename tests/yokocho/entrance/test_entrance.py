"""The door: good papers open it, everything else is named and stays outside."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from federation import session
from federation.books import NONCE_LIFE_S
from federation.errors import RefusalCode
from tests.yokocho.entrance.house import Ban, House, Verdict
from world.limits import Rate
from yokocho.bots.passport import Papers, Passport
from yokocho.entrance import Caller, Challenge, Entrance, NotAdmitted, Opened, Pass, Reason
from yokocho.people.networks import household
from yokocho.rates import Rates

ORIGIN: Final = "https://b.example"
OTHER_ORIGIN: Final = "https://alley.b.example"
ELSEWHERE: Final = "https://c.example"
ADDRESS: Final = "203.0.113.7"
NOW_S: Final = 1_800_000_000
ROOM: Final = "lane"


def passport(home: str = "https://a.example", **options: object) -> Passport:
    return Passport(home, clock=lambda: float(NOW_S), **options)  # type: ignore[arg-type]


@dataclass
class Gate:
    """An entrance with a clock that the test moves."""

    house: House = field(default_factory=House)
    now_s: float = NOW_S + 0.5
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    entries: Rates | None = None

    def __post_init__(self) -> None:
        self.entrance = Entrance(
            origins=(ORIGIN, OTHER_ORIGIN),
            key=self.key,
            rules=self.house,
            room=ROOM,
            entries=self.entries,
            household=household,
        )
        self.changed: list[str] = []
        self.entrance.on_change.append(self.changed.append)

    def challenge(self) -> Challenge:
        return self.entrance.challenge(self.now_s)

    def papers(self, who: Passport, challenge: Challenge, origin: str = ORIGIN, room: str = ROOM) -> Papers:
        return who.enter(origin, challenge.nonce, room, now_s=int(self.now_s))

    def show(self, papers: Papers, challenge: Challenge, address: str = ADDRESS) -> Pass:
        return self.entrance.admit(*papers, challenge=challenge, address=address, now_s=self.now_s)

    def enter(self, who: Passport, origin: str = ORIGIN, address: str = ADDRESS) -> Pass:
        challenge = self.challenge()
        return self.show(self.papers(who, challenge, origin), challenge, address)

    def open(self, who: Passport) -> Opened:
        nonce = self.entrance.give_nonce(self.now_s)
        papers = who.enter(ORIGIN, nonce, ROOM, method="POST", path="/api/session", now_s=int(self.now_s))
        return self.entrance.open_session(*papers, address=ADDRESS, now_s=self.now_s)

    def call(
        self, who: Passport, token: str, *, method: str = "POST", path: str = "/api/me", origin: str = ORIGIN
    ) -> Caller:
        proof = who.prove(origin + path, method, access_token=token, now_s=int(self.now_s))
        return self.authorize(f"DPoP {token}", proof)

    def authorize(self, authorization: str | None, proof: str | None) -> Caller:
        return self.entrance.authorize(
            authorization, proof, method="POST", path="/api/me", address=ADDRESS, now_s=self.now_s
        )


def refusal(act: Callable[[], object]) -> NotAdmitted:
    with pytest.raises(NotAdmitted) as caught:
        act()
    assert caught.value.message.endswith((".", "?"))
    return caught.value


# --- coming in --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("origin", [ORIGIN, OTHER_ORIGIN])
@pytest.mark.parametrize("make_key", [Ed25519PrivateKey.generate, lambda: ec.generate_private_key(ec.SECP256R1())])
def test_good_papers_open_the_door(origin: str, make_key: Callable[[], Ed25519PrivateKey]) -> None:
    gate, who = Gate(), passport(session_key=make_key())
    shown = gate.enter(who, origin)
    assert shown.identity.did == who.did
    assert shown.device == who.multikey
    assert (shown.roles, shown.is_muted) == (0, False)
    assert gate.entrance.home_of(shown.identity) == "a.example"


def test_whoever_lives_here_has_no_other_home() -> None:
    gate = Gate()
    assert gate.entrance.home_of(gate.enter(passport(OTHER_ORIGIN)).identity) == ""


def test_a_home_is_shown_once_it_has_said_so() -> None:
    gate, who = Gate(), passport()
    for confirmed, shown in ((None, ""), ("b.example", ""), ("a.example", "a.example")):
        if confirmed is not None:
            gate.house.homes[who.did] = confirmed
        assert gate.entrance.shown_home(gate.enter(who).identity) == shown
    assert gate.entrance.shown_home(gate.enter(passport(ORIGIN)).identity) == ""


def test_the_house_rules_are_asked() -> None:
    gate, who = Gate(), passport()
    gate.house.verdicts[who.did] = Verdict(roles=3, is_muted=True)
    shown = gate.enter(who)
    assert (shown.roles, shown.is_muted) == (3, True)


def _wrong_audience(gate: Gate, who: Passport, challenge: Challenge) -> Papers:
    return gate.papers(who, challenge, ELSEWHERE)


def _wrong_room(gate: Gate, who: Passport, challenge: Challenge) -> Papers:
    return gate.papers(who, challenge, room="attic")


def _another_challenge(gate: Gate, who: Passport, challenge: Challenge) -> Papers:
    return gate.papers(who, gate.challenge())


def _too_old(gate: Gate, who: Passport, challenge: Challenge) -> Papers:
    return who.enter(ORIGIN, challenge.nonce, ROOM, now_s=NOW_S - 200)


def _from_the_future(gate: Gate, who: Passport, challenge: Challenge) -> Papers:
    return who.enter(ORIGIN, challenge.nonce, ROOM, now_s=NOW_S + 200)


def _thiefs_session_key(gate: Gate, who: Passport, challenge: Challenge) -> Papers:
    thief = passport()
    return gate.papers(who, challenge)._replace(proof=gate.papers(thief, challenge).proof)


def _proof_for_another_address(gate: Gate, who: Passport, challenge: Challenge) -> Papers:
    proof = who.prove(f"{ORIGIN}/elsewhere", "GET", nonce=challenge.nonce, now_s=NOW_S)
    return gate.papers(who, challenge)._replace(proof=proof)


def _proof_for_another_method(gate: Gate, who: Passport, challenge: Challenge) -> Papers:
    proof = who.prove(f"{ORIGIN}/live", "POST", nonce=challenge.nonce, now_s=NOW_S)
    return gate.papers(who, challenge)._replace(proof=proof)


def _unlisted_device(gate: Gate, who: Passport, challenge: Challenge) -> Papers:
    who.device = Ed25519PrivateKey.generate()
    return gate.papers(who, challenge)


def _somebody_elses_document(gate: Gate, who: Passport, challenge: Challenge) -> Papers:
    return gate.papers(who, challenge)._replace(document=passport().document)


def _tampered_document(gate: Gate, who: Passport, challenge: Challenge) -> Papers:
    return gate.papers(who, challenge)._replace(document=who.document.replace("a.example", "e.example"))


def _no_document(gate: Gate, who: Passport, challenge: Challenge) -> Papers:
    return gate.papers(who, challenge)._replace(document="")


def _no_token(gate: Gate, who: Passport, challenge: Challenge) -> Papers:
    return gate.papers(who, challenge)._replace(token="")


def _huge_token(gate: Gate, who: Passport, challenge: Challenge) -> Papers:
    return gate.papers(who, challenge)._replace(token="x" * 5000)


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (_wrong_audience, RefusalCode.WRONG_AUDIENCE),
        (_wrong_room, RefusalCode.WRONG_AUDIENCE),
        (_another_challenge, RefusalCode.WRONG_NONCE),
        (_too_old, RefusalCode.EXPIRED),
        (_from_the_future, RefusalCode.NOT_YET_VALID),
        (_thiefs_session_key, RefusalCode.WRONG_SESSION_KEY),
        (_proof_for_another_address, RefusalCode.WRONG_TARGET),
        (_proof_for_another_method, RefusalCode.WRONG_TARGET),
        (_unlisted_device, RefusalCode.UNKNOWN_DEVICE),
        (_somebody_elses_document, RefusalCode.WRONG_SUBJECT),
        (_tampered_document, RefusalCode.BAD_SIGNATURE),
        (_no_document, RefusalCode.NOT_JSON),
        (_no_token, RefusalCode.BAD_TOKEN),
        (_huge_token, RefusalCode.TOO_LARGE),
    ],
)
def test_other_papers_are_refused(spoil: Callable[[Gate, Passport, Challenge], Papers], code: RefusalCode) -> None:
    gate, who = Gate(), passport()
    challenge = gate.challenge()
    papers = spoil(gate, who, challenge)
    refused = refusal(lambda: gate.show(papers, challenge))
    assert (refused.reason, refused.detail) == (Reason.ENTRY_REFUSED, code)
    # And the right ones are still good.
    gate.enter(passport())


def test_papers_are_good_once() -> None:
    gate, who = Gate(), passport()
    challenge = gate.challenge()
    papers = gate.papers(who, challenge)
    gate.show(papers, challenge)
    assert refusal(lambda: gate.show(papers, challenge)).detail == RefusalCode.REPLAYED
    assert refusal(lambda: gate.show(papers, gate.challenge())).detail == RefusalCode.WRONG_NONCE


@pytest.mark.parametrize(
    ("one", "same", "other"),
    [("93.184.216.34", "93.184.216.34", "93.184.216.35"), ("2a00:1450::1", "2a00:1450::beef", "2a00:1450:0:1::1")],
)
def test_one_household_comes_in_so_often(one: str, same: str, other: str) -> None:
    """Bad papers count as good ones do; those of next door, of a proxy and of this machine are not held up."""
    gate = Gate(entries=Rates(Rate(0.5, 3.0)))
    challenge = gate.challenge()
    refused = refusal(lambda: gate.show(Papers("a.b.c", "{}", "d"), challenge, one))
    assert refused.reason is Reason.ENTRY_REFUSED
    gate.entrance.give_nonce(gate.now_s, same)
    gate.enter(passport(), address=same)
    for knock in (
        lambda: gate.enter(passport(), address=one),
        lambda: gate.show(Papers("a.b.c", "{}", "d"), challenge, same),
        lambda: gate.entrance.give_nonce(gate.now_s, one),
    ):
        refused = refusal(knock)
        assert (refused.reason, refused.detail, refused.retry_s) == (Reason.RATE_LIMITED, "rate_limited", 2)
    for address in (other, *["127.0.0.1", "10.0.0.1", "::"] * 5):
        gate.enter(passport(), address=address)
    gate.now_s += 2
    gate.enter(passport(), address=one)


def test_a_challenge_ends() -> None:
    gate, who = Gate(), passport()
    challenge = gate.challenge()
    gate.now_s += NONCE_LIFE_S
    assert refusal(lambda: gate.show(gate.papers(who, challenge), challenge)).detail == RefusalCode.WRONG_NONCE


def test_the_banned_are_told_why_until_when_and_where_to_turn() -> None:
    gate, who = Gate(), passport()
    gate.house.verdicts[who.did] = Verdict(ban=Ban("You shouted at people.", until_us=NOW_S * 1_000_000 + 5_000))
    refused = refusal(lambda: gate.enter(who))
    assert (refused.reason, refused.message) == (Reason.BANNED, "You shouted at people.")
    assert (refused.detail, refused.until_ms) == ("Write to keeper@alley.example.", NOW_S * 1000 + 5)
    assert not gate.house.visits


def test_a_banned_network_keeps_everybody_out() -> None:
    gate, who = Gate(), passport()
    gate.house.networks[ADDRESS] = Ban("Somebody was sent away from your network.")
    refused = refusal(lambda: gate.enter(who))
    assert (refused.reason, refused.until_ms) == (Reason.BANNED, 0)
    challenge = gate.challenge()
    gate.show(gate.papers(who, challenge), challenge, address="198.51.100.1")


# --- documents --------------------------------------------------------------------------------------------------------


def test_an_older_document_is_refused_before_the_newer_one_is_on_disk() -> None:
    gate, who = Gate(), passport()
    old = who.document
    who.sign([who.device])
    gate.enter(who)
    assert not gate.house.identities
    who.document = old
    assert refusal(lambda: gate.enter(who)).detail == RefusalCode.ROLLED_BACK


async def test_an_older_document_is_refused_by_what_is_on_disk() -> None:
    house, who = House(), passport()
    old = who.document
    who.sign([who.device])
    gate = Gate(house)
    shown = gate.enter(who)
    gate.entrance.remember(shown.identity, "Aki", None, gate.now_s)
    await gate.entrance.close()
    assert house.visits == [(who.did, "Aki", "a.example")]
    who.document = old
    assert refusal(lambda: Gate(house).enter(who)).detail == RefusalCode.ROLLED_BACK


def test_two_documents_with_one_number_are_refused() -> None:
    gate, who = Gate(), passport()
    gate.enter(who)
    who.sequence -= 1
    who.sign([who.device, Ed25519PrivateKey.generate()])
    assert refusal(lambda: gate.enter(who)).detail == RefusalCode.FORKED


async def test_who_handed_over_is_refused() -> None:
    gate, who = Gate(), passport()
    shown = gate.enter(who)
    gate.entrance.remember(shown.identity, None, None, gate.now_s)
    await gate.entrance.close()
    gate.house.successors[who.did] = "did:key:zNew"
    assert refusal(lambda: gate.enter(who)).detail == RefusalCode.SUCCEEDED
    stand = refusal(lambda: gate.entrance.stand(who.did, who.multikey, ADDRESS, gate.now_s))
    assert stand.reason is Reason.REVOKED


async def test_a_visit_that_cannot_be_kept_lets_nobody_wait() -> None:
    gate = Gate(House(is_broken=True))
    gate.entrance.remember(gate.enter(passport()).identity, "Aki", None, gate.now_s)
    await gate.entrance.close()
    await asyncio.sleep(0)


def test_a_device_that_is_no_longer_listed_has_to_go() -> None:
    gate, who = Gate(), passport()
    lost, kept = who.device, Ed25519PrivateKey.generate()
    who.sign([lost, kept])
    old = gate.enter(who)
    assert gate.entrance.stand(who.did, old.device, ADDRESS, gate.now_s).ban is None
    who.device = kept
    gate.enter(who)
    assert gate.changed == []
    who.sign([kept])
    gate.enter(who)
    assert gate.changed == [who.did]
    stand = refusal(lambda: gate.entrance.stand(who.did, old.device, ADDRESS, gate.now_s))
    assert stand.reason is Reason.REVOKED


# --- over HTTP --------------------------------------------------------------------------------------------------------


async def test_a_session_over_http_and_a_call_with_it() -> None:
    gate, who = Gate(), passport()
    gate.house.verdicts[who.did] = Verdict(roles=5)
    opened = gate.open(who)
    assert (opened.did, opened.roles, opened.life_s) == (who.did, 5, session.LIFE_S)
    claims = session.read_session_token(opened.token, gate.key.public_key(), issuer=ORIGIN, now_s=gate.now_s)
    assert (claims.did, claims.roles) == (who.did, ("artisan", "operator"))
    assert gate.call(who, opened.token) == Caller(who.did, 5, ADDRESS)
    assert gate.call(who, opened.token, origin=OTHER_ORIGIN).did == who.did
    await gate.entrance.close()
    assert gate.house.visits == [(who.did, None, "a.example")]


def test_a_token_from_the_socket_is_good_for_calls() -> None:
    gate, who = Gate(), passport()
    shown = gate.enter(who)
    token, _ = gate.entrance.session_token(who.did, shown.jkt, shown.roles, gate.now_s)
    assert gate.call(who, token).did == who.did


async def test_an_http_challenge_is_good_once_and_given_here() -> None:
    gate, who = Gate(), passport()
    nonce = gate.entrance.give_nonce(gate.now_s)
    papers = who.enter(ORIGIN, nonce, ROOM, method="POST", path="/api/session", now_s=NOW_S)

    def show() -> Opened:
        return gate.entrance.open_session(*papers, address=ADDRESS, now_s=gate.now_s)

    show()
    assert refusal(show).detail == RefusalCode.WRONG_NONCE
    made_up = who.enter(ORIGIN, "A" * 22, ROOM, method="POST", path="/api/session", now_s=NOW_S)
    papers = made_up
    assert refusal(show).detail == RefusalCode.WRONG_NONCE
    await gate.entrance.close()


def test_papers_for_the_socket_open_no_session() -> None:
    gate, who = Gate(), passport()
    papers = who.enter(ORIGIN, gate.entrance.give_nonce(gate.now_s), ROOM, now_s=NOW_S)
    refused = refusal(lambda: gate.entrance.open_session(*papers, address=ADDRESS, now_s=gate.now_s))
    assert refused.detail == RefusalCode.WRONG_TARGET


async def test_calls_without_a_right_are_refused() -> None:
    gate, who, thief = Gate(), passport(), passport()
    token = gate.open(who).token
    url = f"{ORIGIN}/api/me"

    def proof(by: Passport = who, of: str = token, to: str = url, method: str = "POST") -> str:
        return by.prove(to, method, access_token=of, now_s=int(gate.now_s))

    cases: list[tuple[str | None, str | None, Reason, str]] = [
        (None, proof(), Reason.TOKEN_MISSING, ""),
        (f"Bearer {token}", proof(), Reason.TOKEN_MISSING, ""),
        (f"DPoP {token}", None, Reason.PROOF_MISSING, ""),
        ("DPoP x.y", proof(), Reason.TOKEN_REFUSED, RefusalCode.BAD_TOKEN),
        (f"DPoP {token[:-4]}AAAA", proof(), Reason.TOKEN_REFUSED, RefusalCode.BAD_SIGNATURE),
        (f"DPoP {token}", "x", Reason.PROOF_REFUSED, RefusalCode.BAD_TOKEN),
        (f"DPoP {token}", proof(thief), Reason.PROOF_REFUSED, RefusalCode.WRONG_SESSION_KEY),
        (f"DPoP {token}", proof(of="other"), Reason.PROOF_REFUSED, RefusalCode.WRONG_ACCESS_TOKEN),
        (f"DPoP {token}", proof(to=f"{ORIGIN}/api/you"), Reason.PROOF_REFUSED, RefusalCode.WRONG_TARGET),
        (f"DPoP {token}", proof(to=f"{ELSEWHERE}/api/me"), Reason.PROOF_REFUSED, RefusalCode.WRONG_TARGET),
        (f"DPoP {token}", proof(method="GET"), Reason.PROOF_REFUSED, RefusalCode.WRONG_TARGET),
        (f"DPoP {token}", who.prove(url, "POST", now_s=NOW_S), Reason.PROOF_REFUSED, RefusalCode.WRONG_ACCESS_TOKEN),
    ]
    for authorization, shown, reason, detail in cases:
        refused = refusal(functools.partial(gate.authorize, authorization, shown))
        assert (refused.reason, refused.detail) == (reason, detail)
    good = proof()
    assert gate.authorize(f"DPoP {token}", good).did == who.did
    assert refusal(lambda: gate.authorize(f"DPoP {token}", good)).detail == RefusalCode.REPLAYED
    gate.now_s += session.LIFE_S + 60
    assert refusal(lambda: gate.call(who, token)).reason is Reason.TOKEN_REFUSED
    await gate.entrance.close()


async def test_a_session_ends_with_the_server_that_opened_it() -> None:
    gate, who = Gate(), passport()
    token = gate.open(who).token
    again = Gate(gate.house, key=gate.key)
    assert refusal(lambda: again.call(who, token)).reason is Reason.TOKEN_REFUSED
    await gate.entrance.close()


async def test_rights_and_bans_count_at_once() -> None:
    gate, who = Gate(), passport()
    token = gate.open(who).token
    gate.house.verdicts[who.did] = Verdict(roles=2)
    assert gate.call(who, token).roles == 2
    gate.house.verdicts[who.did] = Verdict(ban=Ban("Enough."))
    assert refusal(lambda: gate.call(who, token)).reason is Reason.BANNED
    await gate.entrance.close()


async def test_a_revoked_device_loses_its_session() -> None:
    gate, who = Gate(), passport()
    lost, kept = who.device, Ed25519PrivateKey.generate()
    who.sign([lost, kept])
    token = gate.open(who).token
    other = passport(root=who.root)
    other.sequence = who.sequence
    other.device = kept
    other.sign([kept])
    gate.enter(other)
    assert refusal(lambda: gate.call(who, token)).reason is Reason.REVOKED
    await gate.entrance.close()
