"""The door over HTTP: `/api/challenge`, `/api/session`, and the guard in front of private calls.

A page that has no socket (a person's own page, the operators') comes in here: it asks for a challenge, shows its papers
and gets an access token. Every private call then carries `Authorization: DPoP <token>` and `DPoP: <proof>` (RFC 9449).
`Guard` checks both and hands the caller to the handler::

    guard = Guard(entrance)
    router.add_post("/api/bans", guard(Role.KEEPER | Role.OPERATOR)(self.ban))

    async def ban(self, request: web.Request, caller: Caller) -> web.StreamResponse: ...

Both addresses answer pages of this instance and of its neighbours (CORS), so that a visitor can walk from one alley to
another without leaving the page.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import Any, Final, TypeAlias

import msgspec
from aiohttp import web
from aiohttp.typedefs import Handler

from yokocho.entrance import Caller, Entrance, NotAdmitted, Reason, role_names
from yokocho.http.across import Across
from yokocho.http.answers import error_answer, json_answer
from yokocho.http.bodies import read_whole
from yokocho.http.guard import address_of

PrivateHandler: TypeAlias = Callable[[web.Request, Caller], Awaitable[web.StreamResponse]]

STATUS: Final[dict[Reason, int]] = {
    Reason.ENTRY_REFUSED: 401,
    Reason.BANNED: 403,
    Reason.REVOKED: 401,
    Reason.TOO_BUSY: 503,
    Reason.RATE_LIMITED: 429,
    Reason.TOKEN_MISSING: 401,
    Reason.TOKEN_REFUSED: 401,
    Reason.PROOF_MISSING: 401,
    Reason.PROOF_REFUSED: 401,
    Reason.NOT_ALLOWED: 403,
}
"""HTTP status of every reason: the one table of this edge."""

_RFC_9449: Final = {
    Reason.TOKEN_MISSING: "",
    Reason.TOKEN_REFUSED: ' error="invalid_token",',
    Reason.REVOKED: ' error="invalid_token",',
    Reason.PROOF_MISSING: ' error="invalid_dpop_proof",',
    Reason.PROOF_REFUSED: ' error="invalid_dpop_proof",',
}
_ALGORITHMS: Final = 'algs="EdDSA ES256"'
_MAX_PAPERS_BYTES: Final = 160 * 1024
"""Entry and document as JSON in JSON: each quotation mark of the document has a backslash before it."""


class Papers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What `/api/session` takes: the entry token and the signed document, both as text."""

    entry: str
    document: str


class Guard:
    """Lets those through to private calls who prove that they may make them."""

    def __init__(self, entrance: Entrance, clock: Callable[[], float] = time.time) -> None:
        self._entrance = entrance
        self._clock = clock

    def __call__(self, roles: int = 0) -> Callable[[PrivateHandler], Handler]:
        """A decorator for handlers; with `roles`, for those who have at least one of these."""

        def around(handler: PrivateHandler) -> Handler:
            async def guarded(request: web.Request) -> web.StreamResponse:
                try:
                    caller = self.caller(request, roles)
                except NotAdmitted as refusal:
                    return refusal_answer(refusal)
                return await handler(request, caller)

            return guarded

        return around

    def caller(self, request: web.Request, roles: int = 0, *, banned_too: bool = False) -> Caller:
        """Who makes this call; the banned make it only where it is open to them.

        Raises:
            NotAdmitted: nobody who may.
        """
        caller = self._entrance.authorize(
            _single(request, "Authorization"),
            _single(request, "DPoP"),
            method=request.method,
            path=request.rel_url.raw_path,
            address=str(address_of(request)),
            now_s=self._clock(),
            banned_too=banned_too,
        )
        if roles and not caller.roles & roles:
            raise NotAdmitted(Reason.NOT_ALLOWED, "This is not yours to do here.")
        return caller


class Door:
    """The two public addresses, open `across` the neighbourhood."""

    def __init__(self, entrance: Entrance, across: Across, clock: Callable[[], float] = time.time) -> None:
        self._entrance = entrance
        self._across = across
        self._clock = clock

    def add_routes(self, router: web.UrlDispatcher) -> None:
        """Put the addresses on the router."""
        preflight = self._across.preflight(methods="POST", headers="content-type, dpop")
        for path, handler in (("/api/challenge", self.challenge), ("/api/session", self.session)):
            router.add_post(path, self._across(handler))
            router.add_options(path, preflight)

    async def challenge(self, request: web.Request) -> web.Response:
        """Something to answer within a minute, and for which room."""
        try:
            nonce = self._entrance.give_nonce(self._clock(), str(address_of(request)))
        except NotAdmitted as refusal:
            return refusal_answer(refusal)
        return json_answer({"nonce": nonce, "room": self._entrance.room})

    async def session(self, request: web.Request) -> web.Response:
        """Papers in, an access token out."""
        body = await read_whole(request, _MAX_PAPERS_BYTES)
        try:
            papers = msgspec.json.decode(body, type=Papers)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return error_answer(400, message="This takes JSON with an entry token and a document.")
        try:
            proof = _single(request, "DPoP")
            if not proof:
                raise NotAdmitted(Reason.PROOF_MISSING, "This needs a proof by the session key.")
            opened = self._entrance.open_session(
                papers.entry, papers.document, proof, address=str(address_of(request)), now_s=self._clock()
            )
        except NotAdmitted as refusal:
            return refusal_answer(refusal)
        return json_answer(
            {
                "access_token": opened.token,
                "token_type": "DPoP",
                "expires_in": opened.life_s,
                "did": opened.did,
                "roles": role_names(opened.roles),
            }
        )


def refusal_answer(refusal: NotAdmitted) -> web.Response:
    """A refusal as JSON: `error`, `message`, and where there is more to say `detail` and `until_ms`."""
    headers: dict[str, str] = {}
    if refusal.reason in _RFC_9449:
        headers["WWW-Authenticate"] = f"DPoP{_RFC_9449[refusal.reason]} {_ALGORITHMS}"
    if refusal.reason is Reason.TOO_BUSY:
        headers["Retry-After"] = "60"
    if refusal.retry_s:
        headers["Retry-After"] = str(refusal.retry_s)
    body: dict[str, Any] = {"error": refusal.reason, "message": refusal.message}
    if refusal.detail:
        body["detail"] = refusal.detail
    if refusal.until_ms:
        body["until_ms"] = refusal.until_ms
    return json_answer(body, STATUS[refusal.reason], headers)


def _single(request: web.Request, name: str) -> str | None:
    """A header that counts only when it is there once: of two, each reader might take another."""
    values = request.headers.getall(name, ())
    return values[0] if len(values) == 1 else None
