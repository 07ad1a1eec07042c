"""Proofs of possession: for one request, by one key, now."""

from __future__ import annotations

from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from federation import dpop, keys, tokens
from federation.errors import FederationFault, RefusalCode
from tests.federation.support import GOLDEN, NOW_S, fresh, jkt_of, key, p256, refused

URL = "https://b.example/api/me"
SESSIONS = pytest.mark.parametrize("private", [key("session"), p256("session")], ids=["Ed25519", "P-256"])


def make(private: keys.PrivateKey, **bent: Any) -> str:
    words: dict[str, Any] = {"method": "DELETE", "url": URL, "now_s": NOW_S, "jti": fresh()}
    return dpop.make_proof(private, **(words | bent))


def read(proof: str, **bent: Any) -> dpop.DpopClaims:
    words: dict[str, Any] = {"method": "DELETE", "url": URL, "now_s": NOW_S}
    return dpop.read_proof(proof, **(words | bent))


def forge(private: keys.PrivateKey, *, jwk: Any = ..., typ: str = dpop.TYPE, **bent: Any) -> str:
    claims: dict[str, Any] = {"htm": "DELETE", "htu": URL, "iat": NOW_S, "jti": fresh()}
    shown: Any = keys.jwk_from_key(private.public_key()) if jwk is ... else jwk
    kept = {name: value for name, value in (claims | bent).items() if value is not ...}
    return tokens.sign(private, typ=typ, header={"jwk": shown}, claims=kept)


@SESSIONS
def test_a_proof_names_its_key(private: keys.PrivateKey) -> None:
    jti = fresh()
    claims = read(make(private, jti=jti))
    assert claims == dpop.DpopClaims(jkt_of(private), jti, NOW_S)
    assert claims.ends_s == NOW_S + 90
    assert read(forge(private)).jkt == jkt_of(private)


@SESSIONS
def test_a_proof_is_the_same_every_time(private: keys.PrivateKey) -> None:
    jti = fresh()
    assert make(private, jti=jti) == make(private, jti=jti)


@pytest.mark.parametrize("row", GOLDEN["proofs"], ids=lambda row: f"{row['by']} {row['method']}")
def test_golden_proofs(row: dict[str, Any]) -> None:
    private: keys.PrivateKey
    if row["by"] == "p256":
        number = int.from_bytes(keys.base64url_decode(GOLDEN["p256"]["d"]))
        private = ec.derive_private_key(number, ec.SECP256R1())
    else:
        seed = next(one["seed"] for one in GOLDEN["keys"] if one["name"] == row["by"])
        private = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(seed))
    words = {name: value for name, value in row.items() if name not in {"by", "proof"}}
    assert dpop.make_proof(private, **words) == row["proof"]
    del words["jti"]
    assert dpop.read_proof(row["proof"], **words).jkt == jkt_of(private)


@SESSIONS
def test_a_proof_is_for_one_request(private: keys.PrivateKey) -> None:
    for bent in ({"method": "GET"}, {"method": "delete"}, {"url": URL + "/"}, {"url": "https://c.example/api/me"}):
        with refused(RefusalCode.WRONG_TARGET):
            read(make(private), **bent)


@SESSIONS
def test_a_proof_is_for_a_minute(private: keys.PrivateKey) -> None:
    proof = make(private)
    read(proof, now_s=NOW_S + 89)
    read(proof, now_s=NOW_S - 30)
    with refused(RefusalCode.EXPIRED):
        read(proof, now_s=NOW_S + 90)
    with refused(RefusalCode.NOT_YET_VALID):
        read(proof, now_s=NOW_S - 31)


@SESSIONS
def test_a_proof_answers_the_nonce(private: keys.PrivateKey) -> None:
    nonce = fresh()
    read(make(private, nonce=nonce), nonce=nonce)
    read(make(private, nonce=nonce))
    for proof in (
        make(private),
        make(private, nonce=fresh()),
        forge(private, nonce=[nonce]),
        forge(private, nonce="\ud7ff"),
    ):
        with refused(RefusalCode.WRONG_NONCE):
            read(proof, nonce=nonce)


@SESSIONS
def test_a_proof_is_for_one_access_token(private: keys.PrivateKey) -> None:
    read(make(private, access_token="one"), access_token="one")
    for proof in (
        make(private),
        make(private, access_token="two"),
        forge(private, ath="one"),
        forge(private, ath=None),
    ):
        with refused(RefusalCode.WRONG_ACCESS_TOKEN):
            read(proof, access_token="one")


def test_a_proof_by_another_key_than_it_shows_is_refused() -> None:
    with refused(RefusalCode.BAD_SIGNATURE):
        read(forge(key("thief"), jwk=keys.jwk_from_key(key("session").public_key())))
    # The key decides about the algorithm, not the header.
    with refused(RefusalCode.BAD_HEADER):
        read(forge(key("thief"), jwk=keys.jwk_from_key(p256("session").public_key())))
    with refused(RefusalCode.BAD_HEADER):
        read(forge(p256("thief"), jwk=keys.jwk_from_key(key("session").public_key())))


@pytest.mark.parametrize(
    "jwk",
    [
        None,
        "key",
        {},
        {"kty": "oct", "k": "AAAA"},
        {**keys.jwk_from_key(key("session").public_key()), "d": "AAAA"},
        {**keys.jwk_from_key(key("session").public_key()), "kid": "1"},
    ],
    ids=str,
)
def test_a_key_of_another_form_is_refused(jwk: Any) -> None:
    with refused(RefusalCode.BAD_KEY):
        read(forge(key("session"), jwk=jwk))


@pytest.mark.parametrize("claim", ["htm", "htu", "iat", "jti"])
@pytest.mark.parametrize("value", [..., None, 1.5, "", []])
def test_a_proof_without_its_claims_is_refused(claim: str, value: Any) -> None:
    with refused(RefusalCode.BAD_TOKEN):
        read(forge(key("session"), **{claim: value}))


@pytest.mark.parametrize("typ", ["entry+jwt", "at+jwt", "JWT"])
def test_another_token_is_no_proof(typ: str) -> None:
    with refused(RefusalCode.BAD_HEADER):
        read(forge(key("session"), typ=typ))


def test_a_key_of_another_curve_is_our_fault() -> None:
    with pytest.raises(FederationFault):
        make(ec.derive_private_key(7, ec.SECP384R1()))
