"""Names made of keys: one text for one key, and nothing else passes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from federation import keys
from federation.errors import FederationFault, RefusalCode, Refused
from tests.federation.steps import blocks, scenario
from tests.federation.support import GOLDEN, key, p256, refused, shared

PRIME = 2**255 - 19


def test_published_vectors_of_did_key() -> None:
    vectors = json.loads(shared("did-key", "ed25519-x25519.json").read_text())
    assert len(vectors) >= 3
    for did, vector in vectors.items():
        pair = vector["verificationKeyPair"]
        if "publicKeyJwk" in pair:
            public = keys.base64url_decode(pair["publicKeyJwk"]["x"])
        else:
            public = keys.base58_decode(pair["publicKeyBase58"], 32)
        assert keys.did_from_key(Ed25519PublicKey.from_public_bytes(public)) == did
        assert keys.public_bytes(keys.key_from_did(did)) == public
        private = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(vector["seed"]))
        assert keys.did_from_key(private.public_key()) == did
        with refused(RefusalCode.BAD_KEY):
            keys.decode_multikey(vector["keyAgreementKeyPair"]["id"].rpartition("#")[2])


def test_published_vectors_of_fep_521a() -> None:
    lines = scenario("fep-521a", "Representing Ed25519 public key")
    raw = bytes.fromhex(lines[0].split('"')[1])
    expected = blocks(lines)[0]["publicKeyMultibase"]
    assert keys.encode_multikey(Ed25519PublicKey.from_public_bytes(raw)) == expected
    assert keys.public_bytes(keys.decode_multikey(expected)) == raw
    with refused(RefusalCode.BAD_KEY):
        keys.decode_multikey(blocks(scenario("fep-521a", "Representing RSA public key"))[0]["publicKeyMultibase"])


@pytest.mark.parametrize("row", GOLDEN["keys"], ids=lambda row: str(row["name"]))
def test_golden_keys(row: dict[str, Any]) -> None:
    public = keys.decode_multikey(row["multikey"])
    assert keys.public_bytes(public).hex() == row["publicKey"]
    assert keys.fingerprint(keys.did_from_key(public)) == row["fingerprint"]
    assert keys.next_key_digest(public) == row["nextKeyDigest"]
    assert keys.is_next_key_digest(row["nextKeyDigest"])
    assert keys.thumbprint(row["jwk"]) == row["thumbprint"]


def test_thumbprint_of_rfc_8037() -> None:
    jwk = {"crv": "Ed25519", "kty": "OKP", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
    assert keys.thumbprint(jwk) == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
    assert keys.thumbprint(jwk | {"alg": "EdDSA", "use": "sig"}) == keys.thumbprint(jwk)


def test_key_of_rfc_9449() -> None:
    jwk = {
        "kty": "EC",
        "x": "l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs",
        "y": "9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA",
        "crv": "P-256",
    }
    assert keys.thumbprint(jwk) == "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"
    read = keys.key_from_jwk(jwk)
    assert keys.jwk_from_key(read) == jwk


@given(st.binary(max_size=70))
def test_base58_comes_back(data: bytes) -> None:
    assert keys.base58_decode(keys.base58_encode(data), len(data)) == data


@pytest.mark.parametrize(("data", "text"), [(b"Hello World!", "2NEpo7TZRRrLZSi2U"), (b"\0\0(\x7f\xb4\xcd", "11233QC4")])
def test_base58_is_that_of_bitcoin(data: bytes, text: str) -> None:
    assert keys.base58_encode(data) == text


@pytest.mark.parametrize("text", ["0", "O", "I", "l", " ", "é", "z" * 100_000, "", "1", "1111"])
def test_bad_base58_is_refused(text: str) -> None:
    with refused(RefusalCode.BAD_KEY):
        keys.base58_decode(text, 3)


def test_long_base58_is_not_even_begun() -> None:
    """The work grows with the square of the length."""
    with pytest.raises(Refused, match="too long"):
        keys.base58_decode("2" * 1_000_000, 34)


@given(st.binary(max_size=70))
def test_base64url_comes_back(data: bytes) -> None:
    assert keys.base64url_decode(keys.base64url_encode(data)) == data


@pytest.mark.parametrize("text", ["A", "AB", "AQ==", "A+", "A/", "AQ\n", "é", "AAB", "A A", "=", "ＡＱ"])
def test_base64url_has_one_text_for_some_bytes(text: str) -> None:
    with refused(RefusalCode.BAD_TOKEN):
        keys.base64url_decode(text)


# --- Multikey and did:key ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "bend",
    [
        lambda good: good[1:],
        lambda good: "u" + good[1:],
        lambda good: "Z" + good[1:],
        lambda good: good + "1",
        lambda good: "z1" + good[1:],
        lambda good: good + "\n",
        lambda good: " " + good,
        lambda good: good[:-1],
        lambda good: good[:-1] + "0",
        lambda good: good[:-1] + "é",
        lambda good: good * 1000,
        lambda good: "",
        lambda good: "z6Mk" + "z" * 44,
    ],
)
def test_a_key_has_one_multikey(bend: Any) -> None:
    good = keys.encode_multikey(key("root").public_key())
    with refused(RefusalCode.BAD_KEY):
        keys.decode_multikey(bend(good))


@pytest.mark.parametrize("prefix", ["", "did:web:", "DID:KEY:", "did:key:did:key:", "did:key: ", "ap://did:key:"])
def test_only_did_key_is_read(prefix: str) -> None:
    with refused(RefusalCode.BAD_KEY):
        keys.key_from_did(prefix + keys.encode_multikey(key("root").public_key()))


def test_a_fragment_is_no_part_of_a_did() -> None:
    did = keys.did_from_key(key("root").public_key())
    with refused(RefusalCode.BAD_KEY):
        keys.key_from_did(f"{did}#{did.removeprefix('did:key:')}")


def test_weak_keys_are_those_of_small_order() -> None:
    """Every y of `_WEAK_Y` belongs to a point that gives the neutral one when it is added to itself eight times."""
    d = -121665 * pow(121666, -1, PRIME) % PRIME
    for y in keys._WEAK_Y:
        x_squared = (y * y - 1) * pow(d * y * y + 1, -1, PRIME) % PRIME
        root = pow(x_squared, (PRIME + 3) // 8, PRIME)
        if root * root % PRIME != x_squared:
            root = root * pow(2, (PRIME - 1) // 4, PRIME) % PRIME
        assert root * root % PRIME == x_squared
        point = (root, y)
        for _ in range(3):
            x1, y1 = point
            twist = d * x1 * x1 * y1 * y1 % PRIME
            point = (
                2 * x1 * y1 * pow(1 + twist, -1, PRIME) % PRIME,
                (y1 * y1 + x1 * x1) * pow(1 - twist, -1, PRIME) % PRIME,
            )
        assert point == (0, 1)


@pytest.mark.parametrize("y", [*sorted(keys._WEAK_Y), PRIME, PRIME + 1, PRIME + 3, 2**255 - 1])
@pytest.mark.parametrize("sign", [0, 1])
def test_weak_and_unreduced_keys_are_refused(y: int, sign: int) -> None:
    raw = (y | sign << 255).to_bytes(32, "little")
    with refused(RefusalCode.BAD_KEY):
        keys.decode_multikey("z" + keys.base58_encode(b"\xed\x01" + raw))
    with refused(RefusalCode.BAD_KEY):
        keys.key_from_jwk({"kty": "OKP", "crv": "Ed25519", "x": keys.base64url_encode(raw)})


# --- fingerprints and promises ----------------------------------------------------------------------------------------


def test_fingerprints_are_six_groups_of_five_digits() -> None:
    for row in GOLDEN["keys"]:
        groups = row["fingerprint"].split(" ")
        assert len(groups) == 6
        assert all(len(group) == 5 and group.isdecimal() for group in groups)
    assert len({row["fingerprint"] for row in GOLDEN["keys"]}) == len(GOLDEN["keys"])


def test_a_fingerprint_keeps_leading_zeros() -> None:
    prints = [keys.fingerprint(f"did:key:{number}") for number in range(50)]
    assert any(group.startswith("0") for one in prints for group in one.split(" "))
    assert {len(one) for one in prints} == {35}


@pytest.mark.parametrize("text", ["", "u", "uEiA", "zEiA", "u" + "A" * 46, "uEiA!" + "A" * 42])
def test_a_promise_is_a_multihash(text: str) -> None:
    assert not keys.is_next_key_digest(text)


# --- JWK --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("private", [key("session"), p256("session")])
def test_a_jwk_comes_back(private: keys.PrivateKey) -> None:
    jwk = keys.jwk_from_key(private.public_key())
    assert keys.jwk_from_key(keys.key_from_jwk(jwk)) == jwk


OKP = keys.jwk_from_key(key("session").public_key())
EC = keys.jwk_from_key(p256("session").public_key())


@pytest.mark.parametrize(
    "jwk",
    [
        None,
        [],
        "x",
        {},
        OKP | {"d": "AAAA"},
        OKP | {"kid": "1"},
        OKP | {"crv": "X25519"},
        OKP | {"crv": "Ed448"},
        OKP | {"kty": "oct"},
        {"kty": "oct", "k": OKP["x"]},
        OKP | {"x": OKP["x"] + "="},
        OKP | {"x": OKP["x"][:-1]},
        OKP | {"x": ""},
        OKP | {"x": 1},
        EC | {"d": "AAAA"},
        EC | {"crv": "P-384"},
        EC | {"crv": "secp256k1"},
        EC | {"y": EC["x"]},
        EC | {"x": "A" * 43},
        EC | {"x": "_" * 42 + "8"},
        {name: value for name, value in EC.items() if name != "y"},
        {"kty": "RSA", "n": "AQAB", "e": "AQAB"},
    ],
)
def test_a_bad_jwk_is_refused(jwk: Any) -> None:
    with refused(RefusalCode.BAD_KEY):
        keys.key_from_jwk(jwk)


@pytest.mark.parametrize("jwk", [{}, OKP | {"x": '","y":"'}, EC | {"crv": "P-384"}, EC | {"y": 'a"'}])
def test_a_bad_jwk_has_no_thumbprint(jwk: dict[str, object]) -> None:
    with refused(RefusalCode.BAD_KEY):
        keys.thumbprint(jwk)


def test_other_curves_are_our_fault() -> None:
    with pytest.raises(FederationFault):
        keys.jwk_from_key(ec.derive_private_key(7, ec.SECP384R1()).public_key())
