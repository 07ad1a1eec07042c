"""The actor document: what is read from it, what makes it refused, and which edition counts."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest

from federation import canonical, identity
from federation.errors import FederationFault, RefusalCode
from tests.federation.support import (
    CREATED,
    GOLDEN,
    did,
    document,
    key,
    multikey,
    promise,
    read,
    refused,
    sign,
    text_of,
)


@pytest.mark.parametrize("row", GOLDEN["documents"], ids=lambda row: str(row["name"]))
def test_golden_documents_are_read(row: dict[str, Any]) -> None:
    got = identity.read_document(row["text"])
    assert got.did == row["did"]
    assert got.actor == f"ap://{row['did']}/actor"
    assert got.sequence == row["sequence"]
    assert got.digest.hex() == row["digest"]
    assert list(got.gateways) == row["gateways"]
    assert got.next_key_digest == row["nextKeyDigest"]
    assert got.predecessor == row["predecessor"]
    devices = [{"key": one.multikey, "name": one.name, "created": one.created} for one in got.devices.values()]
    assert devices == row["devices"]
    assert list(got.devices) == [one["key"] for one in row["devices"]]
    assert canonical.canonicalize(got.document) == row["text"].encode()


@pytest.mark.parametrize("row", GOLDEN["refusedDocuments"], ids=lambda row: str(row["name"]))
def test_golden_refusals(row: dict[str, str]) -> None:
    with refused(RefusalCode(row["code"])):
        identity.read_document(row["text"])


def test_how_a_document_is_written_does_not_matter() -> None:
    plain = document()
    turned = dict(reversed(list(plain.items())))
    spaced = json.dumps(turned, indent=4).encode()
    assert identity.read_document(spaced).digest == read(plain).digest


def test_signing_again_at_another_time_is_the_same_edition() -> None:
    later = identity.build_document(
        key("root"),
        devices=[identity.Device(multikey("device"), "device of root", CREATED)],
        gateways=["https://a.example"],
        sequence=1,
        next_key_digest=promise("next"),
        created="2028-01-01T00:00:00Z",
    )
    assert read(later).digest == read(document()).digest


def test_home_is_the_first_gateway() -> None:
    assert read(document(gateways=["https://a.example:8443", "https://b.example"])).home == "a.example:8443"


# --- shapes -----------------------------------------------------------------------------------------------------------

GOOD: dict[str, Any] = document()
METHOD: dict[str, Any] = GOOD["assertionMethod"][0]


def many_devices(count: int) -> list[dict[str, Any]]:
    names = [multikey(f"device {number}") for number in range(count)]
    return [METHOD | {"id": f"{GOOD['id']}#{name}", "publicKeyMultibase": name} for name in names]


@pytest.mark.parametrize(
    "change",
    [
        {"@context": None},
        {"@context": "https://www.w3.org/ns/activitystreams"},
        {"@context": []},
        {"@context": ["https://w3id.org/fep/ef61", "https://www.w3.org/ns/activitystreams"]},
        {"type": ["Person"]},
        {"outbox": f"{GOOD['id']}/inbox"},
        {"sequence": None},
        {"sequence": True},
        {"sequence": 1.5},
        {"gateways": "https://a.example"},
        {"gateways": [1]},
        {"gateways": ["https://a.example"] * 2},
        {"gateways": [f"https://{number}.example" for number in range(9)]},
        {"assertionMethod": None},
        {"assertionMethod": METHOD},
        {"assertionMethod": [multikey("device")]},
        {"assertionMethod": [METHOD | {"type": "JsonWebKey"}]},
        {"assertionMethod": [METHOD | {"controller": f"ap://{did('thief')}/actor"}]},
        {"assertionMethod": [METHOD | {"id": f"{GOOD['id']}#{multikey('thief')}"}]},
        {"assertionMethod": [METHOD | {"publicKeyMultibase": 1}]},
        {"assertionMethod": [METHOD | {"name": "x" * 65}]},
        {"assertionMethod": [METHOD | {"name": None}]},
        {"assertionMethod": [METHOD | {"created": "yesterday"}]},
        {"assertionMethod": many_devices(17)},
        {"nextKeyDigest": None},
        {"nextKeyDigest": 1},
        {"predecessor": None},
        {"predecessor": [did("old")]},
        {"alsoKnownAs": "https://a.example"},
        {"alsoKnownAs": [None]},
        {"alsoKnownAs": ["x"] * 17},
        {"alsoKnownAs": ["x" * 2049]},
        {"id": None},
        {"id": did("root")},
        {"id": f"ap+ef61://{did('root')}/actor"},
    ],
    ids=str,
)
def test_a_document_of_another_shape_is_refused_though_it_is_signed(change: dict[str, Any]) -> None:
    with refused(RefusalCode.BAD_DOCUMENT):
        read(sign(GOOD | change))


@pytest.mark.parametrize(
    "change",
    [
        {"id": "ap://did:key:z6Mk/actor"},
        {"id": "ap:///actor"},
        {"id": "ap://" + "z" * 60_000 + "/actor"},
        {"predecessor": "did:web:a.example"},
        {"assertionMethod": [METHOD | {"id": f"{GOOD['id']}#z6Mk", "publicKeyMultibase": "z6Mk"}]},
    ],
    ids=lambda change: str(change)[:60],
)
def test_a_document_with_a_bad_key_is_refused(change: dict[str, Any]) -> None:
    with refused(RefusalCode.BAD_KEY):
        read(sign(GOOD | change))


@pytest.mark.parametrize(
    "change",
    [
        {"gateways": [f"https://{number}.example" for number in range(8)]},
        {"assertionMethod": many_devices(16)},
        {"assertionMethod": [METHOD | {"name": "横" * 64, "icon": {"any": "thing"}}]},
        {"@context": ["https://www.w3.org/ns/activitystreams", {"x": "https://unknown.example#x"}]},
        {"summary": "kept", "endpoints": {"x": [1, 2, {"y": None}]}},
        {"sequence": 2**53 - 1},
        {"sequence": 0},
        {"predecessor": did("old")},
    ],
    ids=lambda change: str(change)[:60],
)
def test_a_document_at_the_limits_is_read(change: dict[str, Any]) -> None:
    assert read(sign(GOOD | change)).did == did("root")


def test_a_document_has_a_cap() -> None:
    room = identity.MAX_DOCUMENT_BYTES - len(text_of(sign(GOOD | {"x": ""})))
    assert read(sign(GOOD | {"x": "a" * room})).did == did("root")
    with refused(RefusalCode.TOO_LARGE):
        read(sign(GOOD | {"x": "a" * (room + 1)}))


def test_what_the_proof_does_not_cover_is_refused() -> None:
    """The suite lets a document have more contexts than its proof; in this document everything is signed."""
    context = GOOD["@context"]
    shorter = sign(GOOD | {"@context": context[:2]})
    with refused(RefusalCode.BAD_PROOF):
        read(shorter | {"@context": context})


def test_a_proof_without_the_context_is_refused() -> None:
    bare = {name: value for name, value in GOOD["proof"].items() if name != "@context"}
    with refused(RefusalCode.BAD_PROOF):
        read(GOOD | {"proof": bare})


def test_a_proof_for_another_purpose_is_refused() -> None:
    with refused(RefusalCode.BAD_PROOF):
        read(GOOD | {"proof": GOOD["proof"] | {"proofPurpose": "authentication"}})


def test_two_proofs_are_refused() -> None:
    with refused(RefusalCode.BAD_PROOF):
        read(GOOD | {"proof": [GOOD["proof"], GOOD["proof"]]})


@pytest.mark.parametrize(
    "origin",
    [
        "https://a.example",
        "https://a",
        "https://a.example:8443",
        "https://xn--4dbcagdahymbxekheh6e0a7fei0b.example",
        "https://192.0.2.1",
        "https://[2001:db8::1]:8443",
        "http://localhost",
        "http://localhost:8080",
        "http://127.0.0.1:1",
        "http://[::1]:65535",
    ],
)
def test_origins(origin: str) -> None:
    assert identity.is_origin(origin)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a.example",
        "https://",
        "https://a.example/",
        "https://a.example/path",
        "https://a.example?x",
        "https://a.example#x",
        "https://A.example",
        "HTTPS://a.example",
        "https://user@a.example",
        "https://a.example:443",
        "http://localhost:80",
        "https://a.example:0",
        "https://a.example:65536",
        "https://a.example:",
        "https://a..example",
        "https://-a.example",
        "https://ä.example",
        "https://a.example\n",
        "https://a b",
        "http://a.example",
        "http://localhost.example",
        "http://127.0.0.2",
        "javascript://a.example",
        "https://" + "a." * 2000 + "a",
    ],
)
def test_no_origins(text: str) -> None:
    assert not identity.is_origin(text)


def test_a_document_that_nobody_would_take_is_not_made() -> None:
    with pytest.raises(FederationFault, match="gateways"):
        document(gateways=["http://a.example"])


# --- judging ----------------------------------------------------------------------------------------------------------

KNOWN = identity.Known.of(read(document(sequence=5)))


def test_first_sight_passes() -> None:
    identity.judge(None, read(document()))


def test_the_same_edition_passes_again() -> None:
    identity.judge(KNOWN, read(document(sequence=5)))


def test_a_newer_edition_passes() -> None:
    identity.judge(KNOWN, read(document(sequence=6, devices=["second"])))


@pytest.mark.parametrize("sequence", [0, 4])
def test_an_older_edition_is_refused(sequence: int) -> None:
    with refused(RefusalCode.ROLLED_BACK):
        identity.judge(KNOWN, read(document(sequence=sequence)))


def test_a_second_truth_with_the_same_number_is_refused() -> None:
    with refused(RefusalCode.FORKED):
        identity.judge(KNOWN, read(document(sequence=5, devices=["thief"])))


@pytest.mark.parametrize("following", ["thief", None])
def test_a_promise_is_for_good(following: str | None) -> None:
    """Who steals a root must not be able to name the successor."""
    with refused(RefusalCode.COMMITMENT_CHANGED):
        identity.judge(KNOWN, read(document(sequence=6, following=following)))


def test_a_promise_may_be_given_later() -> None:
    known = identity.Known.of(read(document(sequence=5, following=None)))
    identity.judge(known, read(document(sequence=6, following="next")))


def test_judging_by_what_is_known_of_another_is_our_fault() -> None:
    with pytest.raises(FederationFault):
        identity.judge(KNOWN, read(document("other")))


# --- succession -------------------------------------------------------------------------------------------------------


def successor(root: str = "next", predecessor: str | None = "root") -> identity.Identity:
    return read(document(root, predecessor=predecessor, following=None))


def test_the_promised_root_succeeds() -> None:
    identity.judge_succession(KNOWN, successor())
    assert identity.succeeds(KNOWN, successor())


@pytest.mark.parametrize(
    ("known", "new"),
    [
        (KNOWN, successor("thief")),
        (KNOWN, successor(predecessor=None)),
        (KNOWN, successor(predecessor="other")),
        (dataclasses.replace(KNOWN, next_key_digest=None), successor()),
        (dataclasses.replace(KNOWN, next_key_digest=promise("thief")), successor()),
        (dataclasses.replace(KNOWN, did=did("other")), successor()),
    ],
    ids=["not promised", "doesn't say so", "says another", "nothing promised", "another promised", "another's promise"],
)
def test_forged_succession_is_refused(known: identity.Known, new: identity.Identity) -> None:
    assert not identity.succeeds(known, new)
    with refused(RefusalCode.FORGED_SUCCESSION):
        identity.judge_succession(known, new)


def test_who_was_succeeded_is_refused() -> None:
    handed_over = dataclasses.replace(KNOWN, successor=did("next"))
    with refused(RefusalCode.SUCCEEDED):
        identity.judge(handed_over, read(document(sequence=6)))


def test_the_successor_may_come_again_and_nobody_else() -> None:
    handed_over = dataclasses.replace(KNOWN, successor=did("next"))
    assert identity.succeeds(handed_over, successor())
    with refused(RefusalCode.SUCCEEDED):
        identity.judge_succession(dataclasses.replace(KNOWN, successor=did("other")), successor())
