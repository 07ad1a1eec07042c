"""Session tokens: good for one key, at one instance, for a quarter of an hour."""

from __future__ import annotations

from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from federation import session, tokens
from federation.canonical import JsonObject
from federation.errors import FederationFault, RefusalCode
from tests.federation.support import ELSEWHERE, GOLDEN, HERE, NOW_S, did, fresh, jkt_of, key, refused

JKT = jkt_of(key("session"))
CLAIMS: JsonObject = {
    "iss": HERE,
    "aud": HERE,
    "sub": did("root"),
    "client_id": "yokocho",
    "iat": NOW_S,
    "exp": NOW_S + 900,
    "jti": fresh(),
    "cnf": {"jkt": JKT},
    "roles": ["keeper"],
}


def make(**bent: Any) -> str:
    words: dict[str, Any] = {
        "issuer": HERE,
        "did": did("root"),
        "jkt": JKT,
        "roles": ["artisan", "keeper"],
        "now_s": NOW_S,
        "jti": fresh(),
    }
    return session.make_session_token(key("instance"), **(words | bent))


def read(token: str, *, now_s: float = NOW_S, issuer: str = HERE, by: str = "instance") -> session.SessionClaims:
    return session.read_session_token(token, key(by).public_key(), issuer=issuer, now_s=now_s)


def forge(**bent: Any) -> str:
    claims = {name: value for name, value in {**CLAIMS, **bent}.items() if value is not ...}
    return tokens.sign(key("instance"), typ=session.TYPE, header={}, claims=claims)


def test_a_token_says_who_entered() -> None:
    jti = fresh()
    assert read(make(jti=jti)) == session.SessionClaims(did("root"), JKT, ("artisan", "keeper"), jti, NOW_S + 900)
    assert read(forge()).roles == ("keeper",)


def test_golden_session_tokens() -> None:
    for row in GOLDEN["sessionTokens"]:
        seed = next(one["seed"] for one in GOLDEN["keys"] if one["name"] == row["by"])
        made = session.make_session_token(
            Ed25519PrivateKey.from_private_bytes(bytes.fromhex(seed)),
            issuer=row["issuer"],
            did=row["did"],
            jkt=row["jkt"],
            roles=row["roles"],
            now_s=row["now_s"],
            jti=row["jti"],
        )
        assert made == row["token"]


def test_it_ends_after_a_quarter_of_an_hour() -> None:
    token = make()
    read(token, now_s=NOW_S + 900 + 29)
    with refused(RefusalCode.EXPIRED):
        read(token, now_s=NOW_S + 900 + 30)


def test_it_is_for_one_instance() -> None:
    with refused(RefusalCode.WRONG_ISSUER):
        read(make(issuer=ELSEWHERE))
    with refused(RefusalCode.WRONG_AUDIENCE):
        read(forge(aud=[HERE]))
    with refused(RefusalCode.WRONG_AUDIENCE):
        read(forge(aud=ELSEWHERE))


def test_it_is_by_the_instance_s_key() -> None:
    with refused(RefusalCode.BAD_SIGNATURE):
        read(make(), by="thief")


def test_an_entry_token_is_no_session_token() -> None:
    token = tokens.sign(key("instance"), typ="entry+jwt", header={}, claims=CLAIMS)
    with refused(RefusalCode.BAD_HEADER):
        read(token)


def test_a_key_in_the_header_is_refused() -> None:
    token = tokens.sign(key("instance"), typ=session.TYPE, header={"kid": "x"}, claims=CLAIMS)
    with refused(RefusalCode.BAD_HEADER):
        read(token)


@pytest.mark.parametrize(
    ("bent", "code"),
    [
        ({"exp": NOW_S + 901}, RefusalCode.LIVES_TOO_LONG),
        ({"exp": ...}, RefusalCode.BAD_TOKEN),
        ({"iat": NOW_S + 31, "exp": NOW_S + 60}, RefusalCode.NOT_YET_VALID),
        ({"sub": "https://a.example/mika"}, RefusalCode.WRONG_SUBJECT),
        ({"sub": ...}, RefusalCode.BAD_TOKEN),
        ({"cnf": ...}, RefusalCode.BAD_TOKEN),
        ({"jti": "short"}, RefusalCode.BAD_TOKEN),
        ({"roles": ...}, RefusalCode.BAD_TOKEN),
        ({"roles": "operator"}, RefusalCode.BAD_TOKEN),
        ({"roles": [1]}, RefusalCode.BAD_TOKEN),
        ({"roles": ["r" * 65]}, RefusalCode.BAD_TOKEN),
        ({"roles": ["r"] * 17}, RefusalCode.BAD_TOKEN),
    ],
    ids=str,
)
def test_a_bent_token_is_refused(bent: dict[str, Any], code: RefusalCode) -> None:
    with refused(code):
        read(forge(**bent))


@pytest.mark.parametrize("lifetime_s", [0, -1, 901])
def test_a_token_that_nobody_would_take_is_not_made(lifetime_s: int) -> None:
    with pytest.raises(FederationFault):
        make(lifetime_s=lifetime_s)
