"""How many people one core lets in: `python -m bench.entry [--json]`.

One entry is everything that the door of an instance checks of a stranger: the entry token, the signed document with its
canonical form, the proof by the session key, challenge and identifiers used once, and the document held against what is
known. Three signatures, so three verifications are the floor, which is measured beside it.

`entries_per_s` is for distinct persons of whom nothing is remembered. Beside it: session keys of the other curve, and
persons whose document was verified before and is found again by its bytes. Time is CPU time of this one process, so a
second is a second of one core; each figure is the median of `ROUNDS` rounds.
"""

from __future__ import annotations

import argparse
import json
import secrets
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from federation import dpop, entry, keys
from federation.books import DocumentShelf, NonceBook, ReplayBook
from federation.canonical import canonicalize
from federation.identity import Device, Identity, Known, build_document, judge, read_document

PERSONS = 400
ROUNDS = 7
NOW_S = 1_800_000_000
CREATED = "2027-01-15T08:00:00Z"
ORIGIN = "https://b.example"
URL = f"{ORIGIN}/live"


@dataclass(frozen=True)
class Papers:
    """What one person shows."""

    nonce: str
    token: str
    document: str
    proof: str


def identifier() -> str:
    """128 random bits."""
    return keys.base64url_encode(secrets.token_bytes(16))


def new_papers(session_key: keys.PrivateKey) -> Papers:
    """A person with two devices, as a browser makes one."""
    root, following = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    devices = [Ed25519PrivateKey.generate() for _ in range(2)]
    did = keys.did_from_key(root.public_key())
    document = build_document(
        root,
        devices=[Device(keys.encode_multikey(one.public_key()), "Firefox on a phone", CREATED) for one in devices],
        gateways=["https://a.example"],
        sequence=NOW_S,
        next_key_digest=keys.next_key_digest(following.public_key()),
        created=CREATED,
    )
    nonce = identifier()
    token = entry.make_entry_token(
        devices[0],
        did=did,
        audience=ORIGIN,
        nonce=nonce,
        room="alley",
        now_s=NOW_S,
        jti=identifier(),
        jkt=keys.thumbprint(keys.jwk_from_key(session_key.public_key())),
    )
    proof = dpop.make_proof(session_key, method="GET", url=URL, now_s=NOW_S, jti=identifier(), nonce=nonce)
    return Papers(nonce, token, canonicalize(document).decode(), proof)


def let_in(crowd: Sequence[Papers], read: Callable[[str | bytes], Identity], known: dict[str, Known]) -> float:
    """CPU seconds for all of them."""
    nonces, used = NonceBook(len(crowd)), ReplayBook(2 * len(crowd))
    for papers in crowd:
        nonces.issue(papers.nonce, now_s=NOW_S)
    began_s = time.process_time()
    for papers in crowd:
        nonces.redeem(papers.nonce, now_s=NOW_S)
        came = entry.read_entry(
            papers.token,
            papers.document,
            papers.proof,
            audience=ORIGIN,
            method="GET",
            url=URL,
            nonce=papers.nonce,
            now_s=NOW_S,
            read=read,
        )
        used.use(came.claims.jti, ends_s=came.claims.ends_s, now_s=NOW_S)
        used.use(came.proof.jti, ends_s=came.proof.ends_s, now_s=NOW_S)
        judge(known.get(came.identity.did), came.identity)
        known[came.identity.did] = Known.of(came.identity)
    return time.process_time() - began_s


def three_signatures(count: int) -> float:
    """CPU seconds for nothing but the verifications of so many entries."""
    key = Ed25519PrivateKey.generate()
    public, message = key.public_key(), secrets.token_bytes(500)
    signature = key.sign(message)
    began_s = time.process_time()
    for _ in range(3 * count):
        public.verify(signature, message)
    return time.process_time() - began_s


def per_second(run: Callable[[], float], persons: int) -> float:
    """The median over the rounds."""
    return persons / statistics.median(run() for _ in range(ROUNDS))


def measure(persons: int = PERSONS) -> dict[str, float]:
    """All figures; keys are made beforehand and count for nothing."""
    strangers = [new_papers(Ed25519PrivateKey.generate()) for _ in range(persons)]
    others = [new_papers(ec.generate_private_key(ec.SECP256R1())) for _ in range(persons)]
    shelf, known = DocumentShelf(persons), dict[str, Known]()
    let_in(strangers, shelf.read, known)
    return {
        "entries_per_s": per_second(lambda: let_in(strangers, read_document, {}), persons),
        "entries_p256_per_s": per_second(lambda: let_in(others, read_document, {}), persons),
        "returning_per_s": per_second(lambda: let_in(strangers, shelf.read, known), persons),
        "signatures_alone_per_s": per_second(lambda: three_signatures(persons), persons),
        "document_bytes": statistics.mean(len(papers.document) for papers in strangers),
        "token_bytes": statistics.mean(len(papers.token) for papers in strangers),
        "persons": persons,
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.entry", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--persons", type=int, default=PERSONS, help="distinct persons in each round")
    args = parser.parse_args()
    result = measure(args.persons)
    if args.json:
        print(json.dumps(result))
    else:
        for name, value in result.items():
            print(f"{name:>22}  {value:,.0f}")


if __name__ == "__main__":
    main()
