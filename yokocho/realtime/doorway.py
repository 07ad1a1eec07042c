"""Between the live loop and the door: challenges, papers and verdicts in the words of the live protocol."""

from __future__ import annotations

import secrets
import time
from collections import deque
from collections.abc import Callable, Iterator
from typing import Final, Generic, TypeVar

from federation.errors import RefusalCode
from federation.keys import fingerprint
from world import wire
from world.errors import ErrorCode, ProtocolError
from world.text import clean_name
from world.visitor import Credentials, Person
from yokocho.entrance import Challenge, Entrance, NotAdmitted, Reason, Verdict
from yokocho.store.people import visitor_id_of

TOKEN_EVERY_S: Final = 600.0
"""Access tokens live for 15 minutes; the next one comes after ten."""

_TOKEN_BYTES: Final = 24
_CODES: Final = {
    Reason.ENTRY_REFUSED: ErrorCode.ENTRY_REFUSED,
    Reason.TOO_BUSY: ErrorCode.ENTRY_REFUSED,
    Reason.RATE_LIMITED: ErrorCode.ENTRY_REFUSED,
    Reason.BANNED: ErrorCode.BANNED,
    Reason.REVOKED: ErrorCode.REVOKED,
}
_WORTH_ANOTHER_TRY: Final = frozenset({RefusalCode.TOO_BUSY, RefusalCode.WRONG_NONCE, Reason.RATE_LIMITED})
"""Papers that were late, or came when too many did: fresh ones may be taken."""


class Doorway:
    """The door as a connection sees it. `clock` is the time of day, in seconds."""

    def __init__(self, entrance: Entrance, clock: Callable[[], float] = time.time) -> None:
        self.entrance = entrance
        self._clock = clock

    def knock(self) -> tuple[Challenge, bytes]:
        """A challenge, and the message that says so."""
        challenge = self.entrance.challenge(self._clock())
        message = wire.Challenge(challenge.nonce, self.entrance.origins[0], self.entrance.room)
        return challenge, wire.encode(message)

    def admit(self, hello: wire.Hello, challenge: Challenge, address: str) -> tuple[Person, Credentials]:
        """Who comes in, and what they get.

        Raises:
            ProtocolError: they may not.
        """
        name, entry, now_s = clean_name(hello.name), hello.entry, self._clock()
        try:
            shown = self.entrance.admit(
                entry.token, entry.document, entry.proof, challenge=challenge, address=address, now_s=now_s
            )
        except NotAdmitted as refusal:
            raise _in_the_protocol(refusal) from refusal
        did = shown.identity.did
        self.entrance.remember(shown.identity, name, hello.look, now_s)
        person = Person(
            did,
            visitor_id_of(did),
            self.entrance.shown_home(shown.identity),
            shown.roles,
            shown.is_muted,
            fingerprint(did),
            shown.device,
            shown.jkt,
        )
        token, life_s = self.entrance.session_token(did, shown.jkt, shown.roles, now_s)
        return person, Credentials(secrets.token_urlsafe(_TOKEN_BYTES), token, life_s)

    def stand(self, person: Person, address: str) -> Verdict:
        """What somebody who is in may do now.

        Raises:
            ProtocolError: they have to go.
        """
        try:
            return self.entrance.stand(person.did, person.device, address, self._clock())
        except NotAdmitted as refusal:
            raise _in_the_protocol(refusal) from refusal

    def fresh_token(self, person: Person) -> wire.SessionToken:
        """The next access token for somebody who is in."""
        token = self.entrance.session_token(person.did, person.session_key, person.roles, self._clock())
        return wire.SessionToken(*token)

    def vouch(self, person: Person) -> None:
        """Somebody was let in by another process of this instance."""
        self.entrance.vouch(person.did, person.device, person.session_key)


T = TypeVar("T")


class Rounds(Generic[T]):
    """Who is due to be looked after: everybody once in `every_s`, without looking at all of them."""

    def __init__(self, every_s: float) -> None:
        self._every_s = every_s
        self._due: deque[tuple[float, T]] = deque()

    def add(self, one: T, now_s: float) -> None:
        """This one is due a round from now."""
        self._due.append((now_s + self._every_s, one))

    def due(self, now_s: float) -> Iterator[T]:
        """Those who are due, each once."""
        while self._due and self._due[0][0] <= now_s:
            yield self._due.popleft()[1]


def is_worth_another_try(error: ProtocolError) -> bool:
    """Whether fresh papers may be taken where these were not."""
    return error.code is ErrorCode.ENTRY_REFUSED and error.detail in _WORTH_ANOTHER_TRY


def _in_the_protocol(refusal: NotAdmitted) -> ProtocolError:
    code = _CODES[refusal.reason]
    return ProtocolError(code, refusal.message, detail=refusal.detail, until_ms=refusal.until_ms)
