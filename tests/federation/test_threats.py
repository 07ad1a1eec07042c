"""Every row of the threat table in SECURITY.md that is about identities, tried on an instance in memory.

Each test has an honest entry beside it, so that a refusal is known to come from what was bent and from nothing else.
"""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import hmac
import json
from typing import Any

import pytest

from federation import dpop, entry, identity, keys, session, tokens
from federation.errors import RefusalCode, Refused
from tests.federation.support import (
    CREATED,
    ELSEWHERE,
    Instance,
    Visitor,
    did,
    document,
    fresh,
    jkt_of,
    key,
    multikey,
    p256,
    read,
    refused,
    sign,
    text_of,
)


@pytest.fixture
def here() -> Instance:
    return Instance()


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def parts(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    header, claims = (json.loads(keys.base64url_decode(part)) for part in token.split(".")[:2])
    return header, claims


def forge(here: Instance, *, header: dict[str, Any] | None = None, claims: dict[str, Any] | None = None) -> None:
    """Enter with a token whose header and claims are bent, properly signed by the device."""
    visitor, nonce = Visitor(), here.challenge()
    old_header, old_claims = parts(visitor.token(here, nonce))
    signed = ".".join(
        b64(json.dumps({name: value for name, value in words.items() if value is not ...}).encode())
        for words in (old_header | (header or {}), old_claims | (claims or {}))
    )
    token = f"{signed}.{b64(key('device').sign(signed.encode()))}"
    here.enter(token, document(), visitor.proof(here, nonce), nonce)


# --- honest -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("session_key", [key("session"), p256("session")], ids=["Ed25519", "P-256"])
def test_an_honest_visitor_enters_without_their_home(here: Instance, session_key: keys.PrivateKey) -> None:
    came = Visitor(session=session_key).enter(here)
    assert came.identity.did == did("root")
    assert came.claims.device == multikey("device")
    assert came.claims.room == "alley"
    assert came.claims.jkt == came.proof.jkt == jkt_of(session_key)


def test_bending_nothing_enters(here: Instance) -> None:
    forge(here)


def test_both_names_of_the_algorithm_enter(here: Instance) -> None:
    forge(here, header={"alg": "Ed25519"})


def test_claims_that_nobody_knows_mean_nothing(here: Instance) -> None:
    forge(here, claims={"mood": "good"})


def test_a_new_device_and_a_new_home_enter(here: Instance) -> None:
    Visitor().enter(here)
    moved = document(devices=["second"], sequence=2, gateways=["https://d.example"])
    assert Visitor(device="second").enter(here, moved).identity.home == "d.example"


# --- replay -----------------------------------------------------------------------------------------------------------


def test_replayed_token_is_refused(here: Instance) -> None:
    visitor, nonce = Visitor(), here.challenge()
    papers = visitor.token(here, nonce), document(), visitor.proof(here, nonce), nonce
    here.enter(*papers)
    with refused(RefusalCode.WRONG_NONCE):
        here.enter(*papers)


def test_replayed_token_with_a_new_nonce_is_refused(here: Instance) -> None:
    visitor, nonce = Visitor(), here.challenge()
    token = visitor.token(here, nonce)
    again = here.challenge()
    with refused(RefusalCode.WRONG_NONCE):
        here.enter(token, document(), visitor.proof(here, again), again)


def test_replayed_proof_with_a_new_token_is_refused(here: Instance) -> None:
    visitor, nonce = Visitor(), here.challenge()
    proof = visitor.proof(here, nonce)
    again = here.challenge()
    with refused(RefusalCode.WRONG_NONCE):
        here.enter(visitor.token(here, again), document(), proof, again)


def test_token_identifier_is_used_once(here: Instance) -> None:
    jti = fresh()
    Visitor().enter(here, jti=jti)
    with refused(RefusalCode.REPLAYED):
        Visitor().enter(here, jti=jti)


def test_proof_identifier_is_used_once(here: Instance) -> None:
    visitor, jti = Visitor(), fresh()
    for expected in (None, RefusalCode.REPLAYED):
        nonce = here.challenge()
        papers = visitor.token(here, nonce), document(), visitor.proof(here, nonce, jti=jti), nonce
        if expected is None:
            here.enter(*papers)
        else:
            with refused(expected):
                here.enter(*papers)


def test_nonce_of_nobody_is_refused(here: Instance) -> None:
    visitor, nonce = Visitor(), fresh()
    with refused(RefusalCode.WRONG_NONCE):
        here.enter(visitor.token(here, nonce), document(), visitor.proof(here, nonce), nonce)


def test_old_nonce_is_refused(here: Instance) -> None:
    nonce = here.challenge()
    here.now_s += 60
    visitor = Visitor()
    with refused(RefusalCode.WRONG_NONCE):
        here.enter(visitor.token(here, nonce), document(), visitor.proof(here, nonce), nonce)


# --- audience ---------------------------------------------------------------------------------------------------------


def test_token_for_another_instance_is_refused(here: Instance) -> None:
    with refused(RefusalCode.WRONG_AUDIENCE):
        Visitor().enter(here, audience=ELSEWHERE)


def test_relayed_nonce_of_another_instance_is_refused(here: Instance) -> None:
    """An evil instance hands on the nonce of another: the client still signs the address that it connected to."""
    victim = Instance(ELSEWHERE)
    visitor, nonce = Visitor(), victim.challenge()
    token, proof = visitor.token(here, nonce), visitor.proof(here, nonce)
    with refused(RefusalCode.WRONG_AUDIENCE):
        victim.enter(token, document(), proof, nonce)


def test_relayed_proof_of_another_instance_is_refused(here: Instance) -> None:
    victim = Instance(ELSEWHERE)
    visitor, nonce = Visitor(), victim.challenge()
    with refused(RefusalCode.WRONG_TARGET):
        victim.enter(visitor.token(victim, nonce), document(), visitor.proof(here, nonce), nonce)


@pytest.mark.parametrize(
    "audience",
    [
        ["https://b.example"],
        ["https://b.example", "https://c.example"],
        {"https://b.example": 1},
        None,
        True,
        "",
        "https://b.example/",
        "https://B.example",
        "https://b.example.evil.example",
        "https://b.example:443",
        "b.example",
        ...,
    ],
)
def test_audience_is_one_exact_text(here: Instance, audience: Any) -> None:
    with refused(RefusalCode.WRONG_AUDIENCE):
        forge(here, claims={"aud": audience})


# --- time -------------------------------------------------------------------------------------------------------------


def test_expired_token_is_refused(here: Instance) -> None:
    now_s = here.now_s
    Visitor().enter(here, now_s=now_s - 60 - 29)
    with refused(RefusalCode.EXPIRED):
        Visitor().enter(here, now_s=now_s - 60 - 30)


def test_token_from_the_future_is_refused(here: Instance) -> None:
    now_s = here.now_s
    Visitor().enter(here, now_s=now_s + 30)
    with refused(RefusalCode.NOT_YET_VALID):
        Visitor().enter(here, now_s=now_s + 31)


def test_token_not_before_later_is_refused(here: Instance) -> None:
    forge(here, claims={"nbf": here.now_s + 30})
    with refused(RefusalCode.NOT_YET_VALID):
        forge(here, claims={"nbf": here.now_s + 31})


@pytest.mark.parametrize("life_s", [121, 86_400, 10 * 365 * 86_400, 0, -60])
def test_token_that_lives_too_long_is_refused(here: Instance, life_s: int) -> None:
    forge(here, claims={"exp": here.now_s + 120})
    with refused(RefusalCode.LIVES_TOO_LONG):
        forge(here, claims={"exp": here.now_s + life_s})


@pytest.mark.parametrize("claim", ["iat", "exp"])
@pytest.mark.parametrize("value", [..., None, "1800000000", 1_800_000_000.5, True, -1, [1_800_000_000]])
def test_token_without_proper_moments_is_refused(here: Instance, claim: str, value: Any) -> None:
    with refused(RefusalCode.BAD_TOKEN):
        forge(here, claims={claim: value})


def test_old_proof_is_refused(here: Instance) -> None:
    visitor, nonce = Visitor(), here.challenge()
    late = visitor.proof(here, nonce, now_s=here.now_s - 90)
    with refused(RefusalCode.EXPIRED):
        here.enter(visitor.token(here, nonce), document(), late, nonce)


# --- header -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typ", ["JWT", "at+jwt", "dpop+jwt", "ENTRY+JWT", "application/entry+jwt", "", None, 1, ["entry+jwt"]]
)
def test_token_of_wrong_type_is_refused(here: Instance, typ: Any) -> None:
    with refused(RefusalCode.BAD_HEADER):
        forge(here, header={"typ": typ})


@pytest.mark.parametrize(
    "more",
    [
        {"jwk": keys.jwk_from_key(key("thief").public_key())},
        {"jku": "https://evil.example/keys"},
        {"x5u": "https://evil.example/cert"},
        {"x5c": []},
        {"crit": ["b64"], "b64": False},
        {"b64": True},
        {"cty": "JWT"},
        {"zip": "DEF"},
        {"typ": ...},
        {"kid": ...},
        {"alg": ...},
    ],
    ids=str,
)
def test_extra_or_missing_header_members_are_refused(here: Instance, more: dict[str, Any]) -> None:
    with refused(RefusalCode.BAD_HEADER):
        forge(here, header=more)


@pytest.mark.parametrize(
    ("kid", "code"),
    [
        (multikey("thief"), RefusalCode.UNKNOWN_DEVICE),
        (multikey("root"), RefusalCode.UNKNOWN_DEVICE),
        (f"{did('root')}#{multikey('device')}", RefusalCode.UNKNOWN_DEVICE),
        ("../../../etc/passwd", RefusalCode.UNKNOWN_DEVICE),
        ("' OR 1=1 --", RefusalCode.UNKNOWN_DEVICE),
        ("https://evil.example/key", RefusalCode.UNKNOWN_DEVICE),
        ("__proto__", RefusalCode.UNKNOWN_DEVICE),
        ("", RefusalCode.UNKNOWN_DEVICE),
        ("k" * 2000, RefusalCode.UNKNOWN_DEVICE),
        (0, RefusalCode.BAD_HEADER),
        (None, RefusalCode.BAD_HEADER),
        ([multikey("device")], RefusalCode.BAD_HEADER),
        ({"kid": multikey("device")}, RefusalCode.BAD_HEADER),
    ],
    ids=lambda value: str(value)[:30],
)
def test_kid_only_looks_up_a_device(here: Instance, kid: Any, code: RefusalCode) -> None:
    with refused(code):
        forge(here, header={"kid": kid})


# --- algorithms -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "algorithm", ["none", "None", "NONE", "", "ES256", "RS256", "EdDSA ", "eddsa", "Ed448", None, 0, ["EdDSA"]]
)
def test_other_algorithms_are_refused(here: Instance, algorithm: Any) -> None:
    with refused(RefusalCode.BAD_HEADER):
        forge(here, header={"alg": algorithm})


@pytest.mark.parametrize("signature", ["", "AAAA"])
def test_algorithm_none_is_refused(here: Instance, signature: str) -> None:
    visitor, nonce = Visitor(), here.challenge()
    header, claims = parts(visitor.token(here, nonce))
    unsigned = f"{b64(json.dumps(header | {'alg': 'none'}).encode())}.{b64(json.dumps(claims).encode())}"
    with refused(RefusalCode.BAD_HEADER):
        here.enter(f"{unsigned}.{signature}", document(), visitor.proof(here, nonce), nonce)


def secrets_made_of(public: Any) -> list[bytes]:
    raw = keys.public_bytes(public)
    return [
        raw,
        keys.encode_multikey(public).encode(),
        b64(raw).encode(),
        json.dumps(keys.jwk_from_key(public)).encode(),
    ]


@pytest.mark.parametrize("algorithm", ["HS256", "HS384", "HS512"])
@pytest.mark.parametrize("number", range(4))
def test_hmac_with_the_public_key_is_refused(here: Instance, algorithm: str, number: int) -> None:
    """The public key is no secret: whoever takes it for one lets everybody in."""
    visitor, nonce = Visitor(), here.challenge()
    header, claims = parts(visitor.token(here, nonce))
    words = f"{b64(json.dumps(header | {'alg': algorithm}).encode())}.{b64(json.dumps(claims).encode())}"
    secret = secrets_made_of(key("device").public_key())[number]
    mac = hmac.new(secret, words.encode(), f"sha{algorithm[2:]}").digest()
    with refused(RefusalCode.BAD_HEADER):
        here.enter(f"{words}.{b64(mac)}", document(), visitor.proof(here, nonce), nonce)


def test_session_token_by_hmac_with_the_public_key_is_refused(here: Instance) -> None:
    public = key("instance").public_key()
    claims = {
        "iss": here.origin,
        "aud": here.origin,
        "sub": did("thief"),
        "iat": here.now_s,
        "exp": here.now_s + 60,
        "jti": fresh(),
        "cnf": {"jkt": jkt_of(key("session"))},
        "roles": ["operator"],
    }
    words = f"{b64(json.dumps({'alg': 'HS256', 'typ': 'at+jwt'}).encode())}.{b64(json.dumps(claims).encode())}"
    mac = hmac.new(keys.public_bytes(public), words.encode(), hashlib.sha256).digest()
    with refused(RefusalCode.BAD_HEADER):
        session.read_session_token(f"{words}.{b64(mac)}", public, issuer=here.origin, now_s=here.now_s)


# --- tokens that belong to others -------------------------------------------------------------------------------------


def test_tampered_token_is_refused(here: Instance) -> None:
    visitor, nonce = Visitor(), here.challenge()
    header, _, signature = visitor.token(here, nonce).split(".")
    claims = parts(visitor.token(here, nonce, room="cellar"))[1]
    with refused(RefusalCode.BAD_SIGNATURE):
        here.enter(
            f"{header}.{b64(json.dumps(claims).encode())}.{signature}", document(), visitor.proof(here, nonce), nonce
        )


def test_stolen_token_without_its_session_key_is_refused(here: Instance) -> None:
    owner, thief, nonce = Visitor(), Visitor(session=key("thief")), here.challenge()
    with refused(RefusalCode.WRONG_SESSION_KEY):
        here.enter(owner.token(here, nonce), document(), thief.proof(here, nonce), nonce)


def test_stolen_session_token_without_its_session_key_is_noticed(here: Instance) -> None:
    """Over HTTP the two are compared by the caller: the proof tells whose it is, and holds for this token alone."""
    public, now_s = key("instance").public_key(), here.now_s
    words: dict[str, Any] = {"issuer": here.origin, "roles": [], "now_s": now_s}
    owned, other = (
        session.make_session_token(key("instance"), did=did(name), jkt=jkt_of(key(name)), jti=fresh(), **words)
        for name in ("session", "thief")
    )
    request: dict[str, Any] = {"method": "GET", "url": f"{here.origin}/api/me", "now_s": now_s}
    proof = dpop.make_proof(key("thief"), jti=fresh(), access_token=owned, **request)
    claims = session.read_session_token(owned, public, issuer=here.origin, now_s=now_s)
    assert dpop.read_proof(proof, access_token=owned, **request).jkt != claims.jkt
    with refused(RefusalCode.WRONG_ACCESS_TOKEN):
        dpop.read_proof(proof, access_token=other, **request)


def test_proof_with_somebody_else_s_key_in_it_is_refused(here: Instance) -> None:
    """The thief names the owner's session key but can't sign with it."""
    owner, nonce = Visitor(), here.challenge()
    header, claims = parts(owner.proof(here, nonce))
    proof = tokens.sign(key("thief"), typ=dpop.TYPE, header={"jwk": header["jwk"]}, claims=claims)
    with refused(RefusalCode.BAD_SIGNATURE):
        here.enter(owner.token(here, nonce), document(), proof, nonce)


@pytest.mark.parametrize(
    "confirmation", [..., None, {}, {"jkt": None}, {"jkt": ""}, {"jwk": {}}, "x", [], {"jkt": "a" * 43, "x5t": "b"}]
)
def test_token_that_is_bound_to_nothing_is_refused(here: Instance, confirmation: Any) -> None:
    with refused(RefusalCode.BAD_TOKEN):
        forge(here, claims={"cnf": confirmation})


def test_device_of_somebody_else_is_refused(here: Instance) -> None:
    with refused(RefusalCode.UNKNOWN_DEVICE):
        Visitor(device="thief").enter(here, document())


def test_device_signing_for_another_device_is_refused(here: Instance) -> None:
    visitor, nonce = Visitor(), here.challenge()
    header, claims = parts(visitor.token(here, nonce))
    forged = tokens.sign(key("second"), typ=entry.TYPE, header={"kid": header["kid"]}, claims=claims)
    with refused(RefusalCode.BAD_SIGNATURE):
        here.enter(forged, document(devices=["device", "second"]), visitor.proof(here, nonce), nonce)


def test_token_with_somebody_else_s_document_is_refused(here: Instance) -> None:
    with refused(RefusalCode.WRONG_SUBJECT):
        Visitor().enter(here, document("other", devices=["device"]))


def test_token_in_the_name_of_somebody_else_is_refused(here: Instance) -> None:
    with refused(RefusalCode.WRONG_SUBJECT):
        Visitor("thief").enter(here, document("thief", devices=["device"]), did=did("root"))


@pytest.mark.parametrize(
    "subject", [..., None, did("root"), f"ap://{did('thief')}/actor", f"ap://{did('root')}/actor/"]
)
def test_token_about_somebody_else_is_refused(here: Instance, subject: Any) -> None:
    with refused(RefusalCode.WRONG_SUBJECT):
        forge(here, claims={"sub": subject})


@pytest.mark.parametrize("claim", ["jti", "nonce"])
@pytest.mark.parametrize(
    "value", [..., None, "", "short", "a" * 21, "a" * 65, "with spaces in between it", 12345678901234567890123]
)
def test_identifiers_have_128_bits(here: Instance, claim: str, value: Any) -> None:
    with pytest.raises(Refused) as refusal:
        forge(here, claims={claim: value})
    assert refusal.value.code in {RefusalCode.BAD_TOKEN, RefusalCode.BAD_NUMBER}


@pytest.mark.parametrize("room", [..., None, "", "r" * 129, 7])
def test_token_without_a_room_is_refused(here: Instance, room: Any) -> None:
    with refused(RefusalCode.BAD_TOKEN):
        forge(here, claims={"room": room})


# --- documents --------------------------------------------------------------------------------------------------------


def test_tampered_document_is_refused(here: Instance) -> None:
    tampered = document() | {"gateways": ["https://evil.example"]}
    with refused(RefusalCode.BAD_SIGNATURE):
        Visitor().enter(here, tampered)


def test_self_made_document_for_somebody_else_is_refused(here: Instance) -> None:
    visitor = Visitor(device="thief")
    papers = sign(document(devices=["thief"]), by="thief")
    with refused(RefusalCode.BAD_PROOF):
        visitor.enter(here, papers)


def test_rolled_back_document_is_refused(here: Instance) -> None:
    Visitor(device="second").enter(here, document(devices=["second"], sequence=2))
    with refused(RefusalCode.ROLLED_BACK):
        Visitor().enter(here, document(sequence=1))


def test_forked_document_is_refused(here: Instance) -> None:
    Visitor().enter(here, document(sequence=2))
    with refused(RefusalCode.FORKED):
        Visitor(device="thief").enter(here, document(devices=["thief"], sequence=2))


def test_revoked_device_is_refused(here: Instance) -> None:
    Visitor().enter(here, document(devices=["device", "second"], sequence=1))
    without = document(devices=["second"], sequence=2)
    Visitor(device="second").enter(here, without)
    with refused(RefusalCode.UNKNOWN_DEVICE):
        Visitor().enter(here, without)
    with refused(RefusalCode.ROLLED_BACK):
        Visitor().enter(here, document(devices=["device", "second"], sequence=1))


def test_document_with_a_member_twice_is_refused(here: Instance) -> None:
    visitor, nonce = Visitor(), here.challenge()
    text = text_of(document()).replace('"sequence": 1', '"sequence": 9, "sequence": 1')
    with refused(RefusalCode.DUPLICATE_KEY):
        here.enter(visitor.token(here, nonce), text, visitor.proof(here, nonce), nonce)


def test_token_with_a_member_twice_is_refused(here: Instance) -> None:
    visitor, nonce = Visitor(), here.challenge()
    header, claims = parts(visitor.token(here, nonce))
    twice = json.dumps(claims).replace('"aud":', f'"aud": "{ELSEWHERE}", "aud":')
    signed = f"{b64(json.dumps(header).encode())}.{b64(twice.encode())}"
    with refused(RefusalCode.DUPLICATE_KEY):
        here.enter(
            f"{signed}.{b64(key('device').sign(signed.encode()))}", document(), visitor.proof(here, nonce), nonce
        )


# --- succession -------------------------------------------------------------------------------------------------------


def test_forged_succession_is_refused(here: Instance) -> None:
    Visitor().enter(here)
    known = here.known[did("root")]
    forged = read(document("thief", devices=["thief"], predecessor="root"))
    with refused(RefusalCode.FORGED_SUCCESSION):
        identity.judge_succession(known, forged)


def test_stolen_root_cannot_change_its_successor(here: Instance) -> None:
    Visitor().enter(here)
    with refused(RefusalCode.COMMITMENT_CHANGED):
        Visitor(device="thief").enter(here, document(devices=["thief"], sequence=99, following="thief"))


def test_stolen_root_is_refused_after_its_successor_came(here: Instance) -> None:
    Visitor().enter(here)
    known = here.known[did("root")]
    successor = read(document("next", devices=["second"], predecessor="root", following=None))
    identity.judge_succession(known, successor)
    here.known[did("root")] = dataclasses.replace(known, successor=successor.did)
    with refused(RefusalCode.SUCCEEDED):
        Visitor(device="thief").enter(here, document(devices=["thief"], sequence=99))
    assert Visitor("next", "second").enter(here, document("next", devices=["second"])).identity.did == did("next")


# --- bytes ------------------------------------------------------------------------------------------------------------


def test_oversize_token_is_refused(here: Instance) -> None:
    visitor, nonce = Visitor(), here.challenge()
    token = visitor.token(here, nonce)
    with refused(RefusalCode.TOO_LARGE):
        here.enter(token + "A" * (4097 - len(token)), document(), visitor.proof(here, nonce), nonce)


@pytest.mark.parametrize(
    ("bend", "code"),
    [
        (lambda token: "", RefusalCode.BAD_TOKEN),
        (lambda token: token.rpartition(".")[0], RefusalCode.BAD_TOKEN),
        (lambda token: token + ".", RefusalCode.BAD_TOKEN),
        (lambda token: token + "=", RefusalCode.BAD_TOKEN),
        (lambda token: token + "\n", RefusalCode.BAD_TOKEN),
        (lambda token: " " + token, RefusalCode.BAD_TOKEN),
        (lambda token: token + "é", RefusalCode.BAD_TOKEN),
        (lambda token: "." + token.partition(".")[2], RefusalCode.NOT_JSON),
        (lambda token: "W10." + token.partition(".")[2], RefusalCode.NOT_JSON),
        (lambda token: token[:-2], RefusalCode.BAD_SIGNATURE),
        (lambda token: token.rpartition(".")[0] + ".", RefusalCode.BAD_SIGNATURE),
        (lambda token: token.rpartition(".")[0] + "." + "A" * 86, RefusalCode.BAD_SIGNATURE),
    ],
)
def test_token_of_another_form_is_refused(here: Instance, bend: Any, code: RefusalCode) -> None:
    visitor, nonce = Visitor(), here.challenge()
    with pytest.raises(Refused) as refusal:
        here.enter(bend(visitor.token(here, nonce)), document(), visitor.proof(here, nonce), nonce)
    assert refusal.value.code in {code, RefusalCode.BAD_TOKEN}


def test_a_device_s_date_is_the_document_s_word(here: Instance) -> None:
    came = Visitor().enter(here)
    assert came.identity.devices[multikey("device")].created == CREATED
