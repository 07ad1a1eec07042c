"""The private API's doorkeeper: who calls, how often, and how a refusal is said.

A handler of this API gets the request and the `Actor` who sent it. Who that is says the guard of the entrance, from a
session token and a proof that the caller holds its key; what they may do is looked up in the house rules at that
moment, so a right that was revoked is gone with the next request. Somebody who is banned keeps their rights over their
own data (`banned_too`) and nothing else.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, Protocol, TypeAlias, TypeVar

import msgspec
from aiohttp import web
from aiohttp.typedefs import Handler

from federation.errors import RefusalCode
from federation.errors import Refused as BadIdentity
from world.limits import Rate
from yokocho.entrance import NotAdmitted
from yokocho.http.addresses import UNKNOWN, cap_key, parse_address
from yokocho.http.answers import error_answer
from yokocho.http.bodies import read_whole
from yokocho.http.door import refusal_answer
from yokocho.people import Actor, Code, People, Refused
from yokocho.people.records import Named
from yokocho.rates import Rates
from yokocho.store.errors import StorageFailed, StoreBusy

Shape = TypeVar("Shape")
PrivateHandler: TypeAlias = Callable[[web.Request, Actor], Awaitable[web.StreamResponse]]

STATUSES: Final[dict[Code, int]] = {
    Code.NOT_ALLOWED: 403,
    Code.BAD_VALUE: 400,
    Code.CLAIMED: 409,
    Code.CODE_UNKNOWN: 404,
    Code.CODE_USED: 409,
    Code.CODE_EXPIRED: 410,
    Code.LAST_OPERATOR: 409,
    Code.PROTECTED: 403,
    Code.NETWORK_TOO_WIDE: 400,
    Code.PERSON_UNKNOWN: 404,
    Code.STALL_UNKNOWN: 404,
    Code.GRANT_UNKNOWN: 404,
    Code.GRANTED: 409,
    Code.INVITATION_UNKNOWN: 404,
    Code.RESTRICTION_UNKNOWN: 404,
}
"""What the house rules refuse, and with which status: the one table of this edge."""

_CONFLICTS: Final = frozenset(
    {
        RefusalCode.ROLLED_BACK,
        RefusalCode.FORKED,
        RefusalCode.COMMITMENT_CHANGED,
        RefusalCode.SUCCEEDED,
        RefusalCode.FORGED_SUCCESSION,
    }
)


class Who(Protocol):
    """Whom the guard found."""

    @property
    def did(self) -> str:
        """Who they proved to be."""
        ...


class Guard(Protocol):
    """Tells who sent a request; `yokocho.http.door.Guard` does."""

    def caller(self, request: web.Request, *, banned_too: bool) -> Who:
        """Who makes this call; the banned make it only where it is open to them.

        Raises:
            NotAdmitted: nobody who may.
        """
        ...


class Private:
    """Wraps handlers. `requests_per_minute` is for one person; an address may have several persons."""

    def __init__(self, people: People, guard: Guard, *, requests_per_minute: int, claims_per_hour: int) -> None:
        self.people = people
        self._guard = guard
        per_s = requests_per_minute / 60
        self._by_did = Rates(Rate(per_s, max(requests_per_minute / 2, 1)))
        self._by_address = Rates(Rate(2 * per_s, max(requests_per_minute, 1)))
        self._claims = Rates(Rate(claims_per_hour / 3600, claims_per_hour))

    def open(self, handler: Handler, *, guesses: bool = False) -> Handler:
        """A page for everybody, under the limit of the address. `guesses`: it could be used to guess secrets."""

        async def handle(request: web.Request) -> web.StreamResponse:
            late = self._too_often(request, self._claims if guesses else self._by_address)
            return late or await said_plainly(handler(request))

        return handle

    def __call__(self, handler: PrivateHandler, *, guesses: bool = False, banned_too: bool = False) -> Handler:
        """A page for those who prove who they are."""

        async def handle(request: web.Request) -> web.StreamResponse:
            late = self._too_often(request, self._by_address) or (
                self._too_often(request, self._claims) if guesses else None
            )
            if late is not None:
                return late
            try:
                did = self._guard.caller(request, banned_too=banned_too).did
            except NotAdmitted as refusal:
                return refusal_answer(refusal)
            now_s = time.monotonic()
            if not self._by_did.take(did, now_s) or (guesses and not self._claims.take(did, now_s)):
                return _too_many((self._claims if guesses else self._by_did).wait_s)
            actor = Actor(did, self.people.ledger.view.roles_of(did))
            return await said_plainly(handler(request, actor))

        return handle

    @staticmethod
    def _too_often(request: web.Request, rates: Rates) -> web.Response | None:
        address = parse_address(request.remote or "") or UNKNOWN
        return None if rates.take(cap_key(address), time.monotonic()) else _too_many(rates.wait_s)


def _too_many(wait_s: int) -> web.Response:
    return error_answer(
        429,
        code="rate_limited",
        message="That was too much at once. Please wait a moment.",
        headers={"Retry-After": str(wait_s)},
    )


async def said_plainly(answer: Awaitable[web.StreamResponse]) -> web.StreamResponse:
    """The answer, or the refusal in our own words."""
    try:
        return await answer
    except Refused as error:
        return error_answer(STATUSES[error.code], code=error.code, message=str(error))
    except BadIdentity as error:
        return error_answer(409 if error.code in _CONFLICTS else 400, code=error.code, message=error.message)
    except (StoreBusy, StorageFailed):
        return error_answer(503, headers={"Retry-After": "5"})


async def read_body(request: web.Request, shape: type[Shape]) -> Shape:
    """The request's JSON in the shape that is wanted.

    Raises:
        Refused: it is none.
    """
    try:
        return msgspec.json.decode(await read_whole(request), type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Refused(Code.BAD_VALUE, f"The request is not right: {error}.") from None


def number_in(request: web.Request, name: str, default: int, *, least: int, most: int) -> int:
    """A whole number from the query.

    Raises:
        Refused: it is none, or out of bounds.
    """
    text = request.query.get(name, str(default))
    if not text.isascii() or not text.isdigit() or len(text) > 15 or not least <= int(text) <= most:
        raise Refused(Code.BAD_VALUE, f"{name} is a whole number from {least} to {most}.")
    return int(text)


def id_in(request: web.Request) -> int:
    """The number in the path; one that nothing has where it is none."""
    text = request.match_info["id"]
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 15 else -1


def to_ms(time_us: int | None) -> int | None:
    """Times go out in milliseconds, as browsers count."""
    return None if time_us is None else time_us // 1000


def shown_people(people: Mapping[str, Named]) -> dict[str, Any]:
    """Whom the dids of an answer belong to."""
    return {did: one._asdict() for did, one in people.items()}


def in_ms(row: Any) -> dict[str, Any]:
    """The fields of a record, times in milliseconds."""
    fields = row._asdict()
    return {
        name.removesuffix("_us") + "_ms" if name.endswith("_us") else name: to_ms(value)
        if name.endswith("_us")
        else value
        for name, value in fields.items()
    }
