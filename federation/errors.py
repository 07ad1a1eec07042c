"""What can go wrong when identities are checked, and whose fault it is.

The tree::

    FederationError            base of everything this room of the house raises
    ├── Refused                the peer's fault: it gets a code and a sentence
    └── FederationFault        our fault: the log gets it, the peer hears "internal"

Every `Refused` carries a `RefusalCode`. The code is stable: clients and tests may rely on it. Whatever the bytes are,
a function named `read_…`, `parse` or `verify` gives its result or raises `Refused`, nothing else.
"""

from __future__ import annotations

from enum import StrEnum


class RefusalCode(StrEnum):
    """Stable names of everything that a document, token or proof can be refused for."""

    # JSON that two readers may understand differently
    NOT_JSON = "not_json"
    DUPLICATE_KEY = "duplicate_key"
    BAD_NUMBER = "bad_number"
    BAD_TEXT = "bad_text"
    TOO_DEEP = "too_deep"
    TOO_LARGE = "too_large"

    # keys, proofs and documents
    BAD_KEY = "bad_key"
    BAD_PROOF = "bad_proof"
    BAD_SIGNATURE = "bad_signature"
    BAD_DOCUMENT = "bad_document"
    ROLLED_BACK = "rolled_back"
    FORKED = "forked"
    COMMITMENT_CHANGED = "commitment_changed"
    SUCCEEDED = "succeeded"
    FORGED_SUCCESSION = "forged_succession"

    # tokens
    BAD_TOKEN = "bad_token"  # noqa: S105 - a code, not a secret
    BAD_HEADER = "bad_header"
    UNKNOWN_DEVICE = "unknown_device"
    WRONG_SUBJECT = "wrong_subject"
    WRONG_ISSUER = "wrong_issuer"
    WRONG_AUDIENCE = "wrong_audience"
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    LIVES_TOO_LONG = "lives_too_long"
    WRONG_NONCE = "wrong_nonce"
    REPLAYED = "replayed"
    WRONG_TARGET = "wrong_target"
    WRONG_SESSION_KEY = "wrong_session_key"
    WRONG_ACCESS_TOKEN = "wrong_access_token"  # noqa: S105 - a code, not a secret
    TOO_BUSY = "too_busy"


class FederationError(Exception):
    """Base of everything that `federation` raises."""


class Refused(FederationError):
    """What the peer sent is not accepted.

    `code` is stable; `message` is one plain sentence that may be shown to the person.
    """

    def __init__(self, code: RefusalCode, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message


class FederationFault(FederationError):
    """We broke a rule of our own; never caused by what a peer sends."""
