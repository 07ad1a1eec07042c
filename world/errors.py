"""What can go wrong in the showroom, and whose fault it is.

The tree::

    WorldError                 base of everything this room of the house raises
    ├── ProtocolError          the peer's fault: it gets a code and a sentence, the room goes on
    └── WorldFault             our fault: the log gets it, the peer hears "internal"

Every `ProtocolError` carries an `ErrorCode`. The code is stable: clients and tests may rely on it. `CLOSE_CODES` is the
one table from codes to WebSocket close codes (RFC 6455 section 7.4; 4000-4999 are ours); a code that is missing there
does not end the connection.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class ErrorCode(StrEnum):
    """Stable names of everything a peer can do wrong."""

    MALFORMED = "malformed"
    UNKNOWN_TYPE = "unknown_type"
    WRONG_TYPE = "wrong_type"
    OUT_OF_RANGE = "out_of_range"
    NOT_FINITE = "not_finite"
    TOO_LARGE = "too_large"
    TEXT_FRAME = "text_frame"
    UNSUPPORTED_VERSION = "unsupported_version"
    HELLO_EXPECTED = "hello_expected"
    HELLO_TWICE = "hello_twice"
    HELLO_TIMEOUT = "hello_timeout"
    NAME_INVALID = "name_invalid"
    TEXT_INVALID = "text_invalid"
    UNKNOWN_VISITOR = "unknown_visitor"
    RATE_LIMITED = "rate_limited"
    FLOOD = "flood"
    CHEATING = "cheating"
    ROOM_FULL = "room_full"
    TOO_SLOW = "too_slow"
    GONE_QUIET = "gone_quiet"
    REPLACED = "replaced"
    ENTRY_REFUSED = "entry_refused"
    BANNED = "banned"
    REVOKED = "revoked"
    REMOVED = "removed"
    MUTED = "muted"
    RESTARTING = "restarting"
    INTERNAL = "internal"


CLOSE_CODES: Final[dict[ErrorCode, int]] = {
    ErrorCode.MALFORMED: 1007,
    ErrorCode.UNKNOWN_TYPE: 1007,
    ErrorCode.WRONG_TYPE: 1007,
    ErrorCode.OUT_OF_RANGE: 1007,
    ErrorCode.NOT_FINITE: 1007,
    ErrorCode.TOO_LARGE: 1009,
    ErrorCode.TEXT_FRAME: 1003,
    ErrorCode.UNSUPPORTED_VERSION: 4000,
    ErrorCode.HELLO_EXPECTED: 4001,
    ErrorCode.HELLO_TWICE: 4001,
    ErrorCode.HELLO_TIMEOUT: 4001,
    ErrorCode.NAME_INVALID: 4002,
    ErrorCode.FLOOD: 4003,
    ErrorCode.CHEATING: 4004,
    ErrorCode.TOO_SLOW: 4005,
    ErrorCode.GONE_QUIET: 4006,
    ErrorCode.REPLACED: 4007,
    ErrorCode.ENTRY_REFUSED: 4008,
    ErrorCode.BANNED: 4009,
    ErrorCode.REVOKED: 4010,
    ErrorCode.REMOVED: 4011,
    ErrorCode.ROOM_FULL: 1013,
    ErrorCode.RESTARTING: 1012,
    ErrorCode.INTERNAL: 1011,
}
"""WebSocket close code of every error that ends a connection."""


class WorldError(Exception):
    """Base of everything that `world` raises."""


class ProtocolError(WorldError):
    """The peer broke a rule of the protocol.

    `code` is stable; `message` is one plain sentence that may be shown to the person. `detail` says more where the
    code alone is not enough: for ENTRY_REFUSED the stable code of what is wrong with the papers, for BANNED where to
    turn to. `until_ms` is Unix time, 0 without an end.
    """

    def __init__(self, code: ErrorCode, message: str, *, detail: str = "", until_ms: int = 0) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.detail = detail
        self.until_ms = until_ms

    @property
    def close_code(self) -> int | None:
        """WebSocket close code, or None when the connection may go on."""
        return CLOSE_CODES.get(self.code)


class WorldFault(WorldError):
    """We broke a rule of our own; never caused by what a peer sends."""
