"""What the house rules refuse. One exception with a stable code; http/private.py says which status each code has.

Everything here is the caller's affair: what goes wrong on our side is a `StoreError`.
"""

from __future__ import annotations

from enum import StrEnum

from yokocho.errors import YokochoError


class Code(StrEnum):
    """Stable codes that programs may rely on."""

    NOT_ALLOWED = "not_allowed"
    BAD_VALUE = "bad_value"
    CLAIMED = "already_claimed"
    CODE_UNKNOWN = "code_unknown"
    CODE_USED = "code_used"
    CODE_EXPIRED = "code_expired"
    LAST_OPERATOR = "last_operator"
    PROTECTED = "person_protected"
    NETWORK_TOO_WIDE = "network_too_wide"
    PERSON_UNKNOWN = "person_unknown"
    STALL_UNKNOWN = "stall_unknown"
    GRANT_UNKNOWN = "grant_unknown"
    GRANTED = "already_granted"
    INVITATION_UNKNOWN = "invitation_unknown"
    RESTRICTION_UNKNOWN = "restriction_unknown"


class Refused(YokochoError):
    """The house rules say no. The message is one plain sentence for whoever asked."""

    def __init__(self, code: Code, message: str) -> None:
        super().__init__(message)
        self.code = code
