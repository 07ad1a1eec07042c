"""Coming in over real sockets: good papers open the door, all others hear why not, and who must go goes at once."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable
from typing import Final

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from federation import session
from federation.errors import RefusalCode
from tests.live.support import QUICK, ROOM, Alley, Wire, frame
from tests.world.support import hello
from tests.yokocho.entrance.house import Ban, Verdict
from world import wire
from world.errors import ErrorCode, ProtocolError
from yokocho.bots.passport import Passport
from yokocho.store.people import visitor_id_of

AT_ONCE_S: Final = 5.0
"""Whoever may no longer be here is gone within this time."""


async def asked(bare: Wire) -> wire.Challenge:
    challenge = await bare.message()
    assert isinstance(challenge, wire.Challenge)
    return challenge


async def refused(bare: Wire, answer: wire.Hello) -> tuple[int, wire.Bye]:
    await bare.send(frame(wire.encode(answer)))
    code, bye = await bare.closing()
    assert bye is not None
    assert bye.message
    return code, bye


def with_papers(challenge: wire.Challenge, passport: Passport, origin: str, **changes: str) -> wire.Hello:
    papers = passport.enter(origin, challenge.nonce, challenge.room)._replace(**changes)
    return hello(entry=wire.Entry(*papers))


# --- coming in --------------------------------------------------------------------------------------------------------


async def test_good_papers_are_answered_with_a_session() -> None:
    alley, passport = Alley(), Passport("https://a.example")
    alley.house.verdicts[passport.did] = Verdict(roles=wire.Role.KEEPER)
    alley.house.homes[passport.did] = "a.example"
    async with alley.open(), alley.guest("Aki", passport=passport) as aki, alley.guest("Bo") as bo:
        await bo.until(lambda: aki.peer.slot in bo.peer.known)
        card = bo.peer.known[aki.peer.slot]
        assert (card.visitor_id, card.home, card.roles) == (visitor_id_of(passport.did), "a.example", wire.Role.KEEPER)
        welcome = aki.welcome
        assert welcome is not None
        assert welcome.session_life_s == session.LIFE_S
        path = "/api/me"
        proof = passport.prove(alley.origin + path, "GET", access_token=welcome.session_token)
        caller = alley.entrance.authorize(
            f"DPoP {welcome.session_token}",
            proof,
            method="GET",
            path=path,
            address="127.0.0.1",
            now_s=time.time(),
        )
        assert (caller.did, caller.roles) == (passport.did, wire.Role.KEEPER)
        await alley.until(lambda: (passport.did, "Aki", "a.example") in alley.house.visits)


async def test_a_person_is_the_same_on_every_visit() -> None:
    passport = Passport()
    async with Alley().open() as alley:
        async with alley.guest(passport=passport) as first:
            visitor_id = first.peer.visitor_id
        await alley.until(lambda: not alley.room.visitors)
        async with alley.guest(passport=passport) as again:
            assert again.peer.visitor_id == visitor_id == visitor_id_of(passport.did)


async def test_the_challenge_is_the_first_word_and_another_for_everybody() -> None:
    async with Alley().open() as alley, await alley.wire() as one, await alley.wire() as two:
        first, second = await asked(one), await asked(two)
        assert first.nonce != second.nonce
        assert (first.audience, first.room) == (alley.origin, ROOM)


# --- staying outside --------------------------------------------------------------------------------------------------


async def test_a_hello_that_was_heard_before_is_refused() -> None:
    """On another connection, which asks for another nonce."""
    passport = Passport()
    async with Alley().open() as alley, await alley.wire() as eavesdropper, await alley.wire() as bare:
        replayed = with_papers(await asked(bare), passport, alley.origin)
        await bare.send(frame(wire.encode(replayed)))
        assert isinstance(await bare.message(), wire.Welcome)
        await asked(eavesdropper)
        code, bye = await refused(eavesdropper, replayed)
        assert (code, bye.code, bye.detail) == (4008, ErrorCode.ENTRY_REFUSED, RefusalCode.WRONG_NONCE)


def _to_another_instance(challenge: wire.Challenge, passport: Passport, origin: str) -> wire.Hello:
    return with_papers(challenge, passport, "https://c.example")


def _by_another_session_key(challenge: wire.Challenge, passport: Passport, origin: str) -> wire.Hello:
    thief = Passport().enter(origin, challenge.nonce, challenge.room)
    return with_papers(challenge, passport, origin, proof=thief.proof)


def _by_an_unlisted_device(challenge: wire.Challenge, passport: Passport, origin: str) -> wire.Hello:
    passport.device = Ed25519PrivateKey.generate()
    return with_papers(challenge, passport, origin)


def _without_papers(challenge: wire.Challenge, passport: Passport, origin: str) -> wire.Hello:
    return hello()


def _of_yesterday(challenge: wire.Challenge, passport: Passport, origin: str) -> wire.Hello:
    papers = passport.enter(origin, challenge.nonce, challenge.room, now_s=passport.sequence - 86_400)
    return hello(entry=wire.Entry(*papers))


@pytest.mark.parametrize(
    ("answer", "detail"),
    [
        (_to_another_instance, RefusalCode.WRONG_AUDIENCE),
        (_by_another_session_key, RefusalCode.WRONG_SESSION_KEY),
        (_by_an_unlisted_device, RefusalCode.UNKNOWN_DEVICE),
        (_of_yesterday, RefusalCode.EXPIRED),
        (_without_papers, RefusalCode.BAD_TOKEN),
    ],
)
async def test_papers_that_are_not_good(
    answer: Callable[[wire.Challenge, Passport, str], wire.Hello], detail: RefusalCode
) -> None:
    async with Alley().open() as alley, await alley.wire() as bare:
        code, bye = await refused(bare, answer(await asked(bare), Passport(), alley.origin))
        assert (code, bye.code, bye.detail) == (4008, ErrorCode.ENTRY_REFUSED, detail)
        assert bye.retry_after_ms < 0
        assert not alley.room.visitors
        assert not alley.house.visits


async def test_a_challenge_that_ended_is_worth_another_try() -> None:
    async with Alley(nonce_life_s=0.0).open() as alley, await alley.wire() as bare:
        code, bye = await refused(bare, with_papers(await asked(bare), Passport(), alley.origin))
        assert (code, bye.detail) == (4008, RefusalCode.WRONG_NONCE)
        assert bye.retry_after_ms > 0


async def test_the_banned_are_told_why_until_when_and_where_to_turn() -> None:
    alley, passport = Alley(), Passport()
    alley.house.verdicts[passport.did] = Verdict(ban=Ban("You shouted at people.", until_us=2_000_000_000_000_000))
    async with alley.open(), await alley.wire() as bare:
        code, bye = await refused(bare, with_papers(await asked(bare), passport, alley.origin))
        assert (code, bye.code, bye.message) == (4009, ErrorCode.BANNED, "You shouted at people.")
        assert (bye.detail, bye.until_ms) == ("Write to keeper@alley.example.", 2_000_000_000_000)
        assert bye.retry_after_ms < 0


async def test_a_full_page_of_a_document_is_taken() -> None:
    """The first message may be larger than those that follow."""
    passport = Passport()
    passport.document = passport.document + " " * (60 * 1024)
    async with Alley().open() as alley, alley.guest(passport=passport) as aki:
        await aki.is_well()


# --- having to go -----------------------------------------------------------------------------------------------------


async def test_the_newest_window_replaces_the_older() -> None:
    passport = Passport()
    alley = Alley()
    async with alley.open(), alley.guest(passport=passport) as old, alley.guest(passport=passport) as new:
        assert await old.closed() == 4007
        assert old.bye is not None
        assert (old.bye.code, old.bye.retry_after_ms) == (ErrorCode.REPLACED, -1)
        assert new.peer.slot == old.peer.slot
        assert new.peer.resumed is False
        assert len(alley.room.visitors) == 1
        await new.is_well()


async def test_a_revoked_device_goes_at_once() -> None:
    """The owner shows a newer document over HTTP, which no longer lists the device that is in."""
    passport = Passport()
    lost, kept = passport.device, Ed25519PrivateKey.generate()
    passport.sign([lost, kept])
    async with Alley().open() as alley, alley.guest(passport=passport) as thief:
        owner = Passport(root=passport.root)
        owner.device, owner.sequence = kept, passport.sequence
        owner.sign([kept])
        now_s = float(owner.sequence - 1)
        nonce = alley.entrance.give_nonce(now_s)
        papers = owner.enter(alley.origin, nonce, ROOM, method="POST", path="/api/session", now_s=int(now_s))
        alley.entrance.open_session(*papers, address="127.0.0.1", now_s=now_s)
        await thief.until(lambda: thief.bye is not None, AT_ONCE_S)
        assert await thief.closed() == 4010
        assert thief.bye is not None
        assert thief.bye.code == ErrorCode.REVOKED
        assert not alley.room.visitors


async def test_whoever_is_banned_goes_at_once() -> None:
    async with Alley().open() as alley, alley.guest("Rude") as rude, alley.guest("Kind") as kind:
        await kind.until(lambda: rude.peer.slot in kind.peer.known)
        alley.house.verdicts[rude.passport.did] = Verdict(ban=Ban("Enough."))
        alley.live.judge_anew(rude.passport.did)
        await rude.until(lambda: rude.bye is not None, AT_ONCE_S)
        assert await rude.closed() == 4009
        assert rude.bye is not None
        assert (rude.bye.code, rude.bye.message) == (ErrorCode.BANNED, "Enough.")
        await kind.until(lambda: not kind.peer.known)
        await kind.is_well()


async def test_a_banned_network_empties_at_once() -> None:
    async with Alley().open() as alley, alley.guest() as one, alley.guest() as two:
        alley.house.networks["127.0.0.1"] = Ban("Nobody from there.")
        alley.live.judge_anew(None)
        await one.until(lambda: one.bye is not None, AT_ONCE_S)
        await two.until(lambda: two.bye is not None, AT_ONCE_S)
        assert not alley.room.visitors


async def test_who_lost_the_connection_is_banned_as_well() -> None:
    async with Alley().open() as alley, alley.guest("Kind") as kind, alley.guest("Rude") as rude:
        await kind.until(lambda: rude.peer.slot in kind.peer.known)
        rude.connection.transport.abort()
        await kind.until(lambda: kind.peer.known[rude.peer.slot].presence is wire.Presence.LOST)
        alley.house.verdicts[rude.passport.did] = Verdict(ban=Ban("Enough."))
        alley.live.judge_anew(rude.passport.did)
        await kind.until(lambda: not kind.peer.known, AT_ONCE_S)


async def test_roles_and_mutes_change_while_one_is_in() -> None:
    async with Alley().open() as alley, alley.guest("Aki") as aki, alley.guest("Bo") as bo:
        await bo.until(lambda: aki.peer.slot in bo.peer.known)
        alley.house.verdicts[aki.passport.did] = Verdict(roles=wire.Role.ARTISAN, is_muted=True)
        alley.live.judge_anew(aki.passport.did)
        await bo.until(lambda: bo.peer.known[aki.peer.slot].roles == wire.Role.ARTISAN)
        await aki.chat("can you hear me?")
        await aki.until(lambda: aki.peer.errors)
        assert aki.peer.errors[0].code == ErrorCode.MUTED
        alley.house.verdicts[aki.passport.did] = Verdict()
        alley.live.judge_anew(aki.passport.did)
        await bo.until(lambda: bo.peer.known[aki.peer.slot].roles == 0)
        await aki.chat("and now?")
        await bo.until(lambda: bo.texts() == ["and now?"])


# --- staying ----------------------------------------------------------------------------------------------------------


async def test_bans_that_begin_by_the_clock_are_noticed_and_tokens_are_renewed() -> None:
    alley = Alley(dataclasses.replace(QUICK, verdict_every_s=0.1))
    async with alley.open(), alley.guest() as aki:
        next(iter(alley.live._connections)).next_token_s = 0.0
        await aki.until(lambda: aki.tokens)
        claims = session.read_session_token(
            aki.tokens[0].token, alley.entrance._key.public_key(), issuer=alley.origin, now_s=time.time()
        )
        assert claims.did == aki.passport.did
        alley.house.verdicts[aki.passport.did] = Verdict(ban=Ban("From noon on."))
        await aki.until(lambda: aki.bye is not None, AT_ONCE_S)


async def test_an_identity_goes_on_after_a_reset_with_another_name() -> None:
    async with Alley().open() as alley, alley.guest("Aki") as aki:
        slot = aki.peer.slot
        aki.connection.transport.abort()
        async with alley.guest("Aiko", resume=aki) as again:
            assert again.peer.slot == slot
            assert again.peer.resumed
            assert alley.room.visitors[slot].name == "Aiko"


async def test_who_is_sent_away_hears_why_and_is_gone() -> None:
    passport = Passport()
    async with Alley().open() as alley, alley.guest() as stays, alley.guest("Bo", passport=passport) as goes:
        await stays.until(lambda: goes.peer.slot in stays.peer.known)
        alley.live.send_away(passport.did, ProtocolError(ErrorCode.REVOKED, "Forgotten, as you asked."))
        assert await goes.closed() == 4010
        await stays.until(lambda: not stays.peer.known)
