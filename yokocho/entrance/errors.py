"""Why somebody is not let in, or not obeyed.

One exception with a stable code. `detail` tells the client more: for ENTRY_REFUSED and PROOF_REFUSED the stable code of
what is wrong with the papers (`federation.errors.RefusalCode`), for BANNED where the person can turn to, for
RATE_LIMITED the code itself, since a socket says no more than that the entry was refused.
"""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """Stable codes of the door."""

    ENTRY_REFUSED = "entry_refused"
    BANNED = "banned"
    REVOKED = "revoked"
    TOO_BUSY = "too_busy"
    RATE_LIMITED = "rate_limited"
    TOKEN_MISSING = "token_missing"  # noqa: S105 - a code, not a secret
    TOKEN_REFUSED = "token_refused"  # noqa: S105 - a code, not a secret
    PROOF_MISSING = "proof_missing"
    PROOF_REFUSED = "proof_refused"
    NOT_ALLOWED = "not_allowed"


class NotAdmitted(Exception):
    """Somebody is turned away.

    `message` is one plain sentence for them; `until_ms` is Unix time, 0 without an end; `retry_s` is after how long it
    is worth another try, 0 where nothing is known of that.
    """

    def __init__(self, reason: Reason, message: str, *, detail: str = "", until_ms: int = 0, retry_s: int = 0) -> None:
        super().__init__(f"{reason}: {message}")
        self.reason = reason
        self.message = message
        self.detail = detail
        self.until_ms = until_ms
        self.retry_s = retry_s
