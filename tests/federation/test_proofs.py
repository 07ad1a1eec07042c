"""Proofs of the suite eddsa-jcs-2022: the published ones hold, and whatever is bent does not."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from federation import canonical, keys, proofs
from federation.errors import RefusalCode
from tests.federation.steps import blocks, quoted, scenario
from tests.federation.support import CREATED, key, refused, shared


def private_of(multibase: str) -> Ed25519PrivateKey:
    """A private key of the published vectors, a Multikey of the kind 0x80 0x26."""
    data = keys.base58_decode(multibase[1:], 34)
    assert data[:2] == b"\x80\x26"
    return Ed25519PrivateKey.from_private_bytes(data[2:])


def vc(name: str) -> Any:
    return json.loads(shared("vc-di-eddsa", f"{name}.json").read_text())


# --- published vectors ------------------------------------------------------------------------------------------------


def test_canonical_form_and_hashes_of_vc_di_eddsa() -> None:
    text = canonical.canonicalize(vc("unsigned"))
    assert text == shared("vc-di-eddsa", "canonDocJCS.txt").read_bytes()
    combined = hashlib.sha256(canonical.canonicalize(vc("proofConfigJCS"))).digest() + hashlib.sha256(text).digest()
    assert combined.hex() == shared("vc-di-eddsa", "combinedHashJCS.txt").read_text().strip()


def test_signature_of_vc_di_eddsa() -> None:
    pair, config = vc("keyPair"), vc("proofConfigJCS")
    made = proofs.sign(
        vc("unsigned"),
        private_of(pair["privateKeyMultibase"]),
        verification_method=config["verificationMethod"],
        created=config["created"],
    )
    assert made == vc("signedJCS")
    digest = proofs.verify(vc("signedJCS"), keys.decode_multikey(pair["publicKeyMultibase"]))
    assert digest == hashlib.sha256(canonical.canonicalize(vc("unsigned"))).digest()


def test_signing_of_fep_8b32() -> None:
    lines = scenario("fep-8b32", "Signing document")
    document, expected = blocks(lines)
    made = proofs.sign(
        document,
        private_of(quoted(lines, "Ed25519 secret key")),
        verification_method=quoted(lines, "When Signing"),
        created=quoted(lines, "current time"),
    )
    assert made == expected


def test_verifying_of_fep_8b32() -> None:
    document, actor = blocks(scenario("fep-8b32", "Verifying a signature"))
    proofs.verify(document, keys.decode_multikey(actor["assertionMethod"][0]["publicKeyMultibase"]))
    document["object"]["content"] = "Goodbye world"
    with refused(RefusalCode.BAD_SIGNATURE):
        proofs.verify(document, keys.decode_multikey(actor["assertionMethod"][0]["publicKeyMultibase"]))


def test_creating_of_fep_c390() -> None:
    lines = scenario("fep-c390", "Creating the identity proof")
    claim, expected = blocks(lines)
    made = proofs.sign(
        claim,
        private_of(quoted(lines, "private Key")),
        verification_method=quoted(lines, "decentralized identifier"),
        created=quoted(lines, "current time"),
    )
    assert made == expected


def test_verifying_of_fep_c390() -> None:
    (actor,) = blocks(scenario("fep-c390", "Verifying the identity proof"))
    (statement,) = actor["attachment"]
    proofs.verify(statement, keys.key_from_did(statement["subject"]))


# --- what is bent -----------------------------------------------------------------------------------------------------

CONTEXTS: list[Any] = ["https://one.example", "https://two.example"]
SIGNED = proofs.sign(
    {"@context": CONTEXTS, "id": "x", "list": [1, {"a": None}]},
    key("root"),
    verification_method="did:key:z#z",
    created=CREATED,
)
PROOF: dict[str, Any] = dict(SIGNED["proof"])  # type: ignore[arg-type]
SIGNATURE = keys.base58_decode(PROOF["proofValue"][1:], 64)
ORDER = 2**252 + 27742317777372353535851937790883648493


def test_a_proof_holds_for_its_key_alone() -> None:
    proofs.verify(SIGNED, key("root").public_key())
    with refused(RefusalCode.BAD_SIGNATURE):
        proofs.verify(SIGNED, key("thief").public_key())


def test_signing_again_replaces_the_proof() -> None:
    again = proofs.sign(SIGNED, key("root"), verification_method="did:key:z#z", created=CREATED)
    assert again == SIGNED


@pytest.mark.parametrize("change", [{"id": "y"}, {"list": [1, {"a": 0}]}, {"more": 1}])
def test_a_changed_document_is_refused(change: dict[str, Any]) -> None:
    with refused(RefusalCode.BAD_SIGNATURE):
        proofs.verify({**SIGNED, **change}, key("root").public_key())


def test_contexts_behind_the_proof_s_own_are_not_signed() -> None:
    """That is how the suite defines it, so who wants them signed compares the two (as `identity` does)."""
    proofs.verify({**SIGNED, "@context": [*CONTEXTS, "https://three.example"]}, key("root").public_key())


@pytest.mark.parametrize(
    "change",
    [{"created": "2027-01-15T08:00:01Z"}, {"verificationMethod": "did:key:y#y"}, {"id": "urn:x"}],
)
def test_a_changed_proof_is_refused(change: dict[str, Any]) -> None:
    with refused(RefusalCode.BAD_SIGNATURE):
        proofs.verify({**SIGNED, "proof": PROOF | change}, key("root").public_key())


@pytest.mark.parametrize(
    "proof",
    [
        None,
        "proof",
        [PROOF],
        {},
        {name: value for name, value in PROOF.items() if name != "proofValue"},
        {name: value for name, value in PROOF.items() if name != "proofPurpose"},
        PROOF | {"type": "Ed25519Signature2020"},
        PROOF | {"cryptosuite": "eddsa-rdfc-2022"},
        PROOF | {"proofPurpose": "authentication"},
        PROOF | {"verificationMethod": {"id": "x"}},
        PROOF | {"created": "yesterday"},
        PROOF | {"created": 0},
        PROOF | {"expires": "2030-01-01T00:00:00Z"},
        PROOF | {"challenge": "x"},
        PROOF | {"previousProof": "x"},
        PROOF | {"proofValue": 1},
        PROOF | {"proofValue": ""},
        PROOF | {"proofValue": PROOF["proofValue"][1:]},
        PROOF | {"proofValue": "u" + keys.base64url_encode(SIGNATURE)},
        PROOF | {"proofValue": PROOF["proofValue"] + "1"},
        PROOF | {"proofValue": "z" + keys.base58_encode(SIGNATURE[:-1])},
        PROOF | {"proofValue": "z" + "z" * 60_000},
        PROOF | {"@context": ["https://two.example"]},
        PROOF | {"@context": ["https://one.example", "https://two.example", "https://three.example"]},
    ],
)
def test_a_proof_of_another_form_is_refused(proof: Any) -> None:
    with refused(RefusalCode.BAD_PROOF):
        proofs.verify({**SIGNED, "proof": proof}, key("root").public_key())


def test_the_other_form_of_a_signature_is_refused() -> None:
    """Adding the order of the group to S gives a second signature to those who don't look."""
    twin = SIGNATURE[:32] + (int.from_bytes(SIGNATURE[32:], "little") + ORDER).to_bytes(32, "little")
    with refused(RefusalCode.BAD_SIGNATURE):
        proofs.verify(
            {**SIGNED, "proof": PROOF | {"proofValue": "z" + keys.base58_encode(twin)}}, key("root").public_key()
        )


def test_one_context_may_stand_alone() -> None:
    made = proofs.sign({"@context": "https://one.example"}, key("root"), verification_method="x", created=CREATED)
    proofs.verify(made, key("root").public_key())
    proofs.verify({**made, "@context": ["https://one.example"]}, key("root").public_key())


@pytest.mark.parametrize("text", ["2027-01-15T08:00:00Z", "2027-01-15T08:00:00.123Z", "2027-01-15T17:00:00+09:00"])
def test_moments(text: str) -> None:
    assert proofs.is_timestamp(text)


@pytest.mark.parametrize(
    "text", ["", "2027-01-15", "2027-01-15T08:00:00", "2027-01-15 08:00:00Z", "２027-01-15T08:00:00Z"]
)
def test_no_moments(text: str) -> None:
    assert not proofs.is_timestamp(text)
