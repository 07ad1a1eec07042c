"""What every request passes through: the client's address, its cap behind a proxy, and errors in our own words."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from yokocho.http.addresses import UNKNOWN, Address, client_address, is_in, parse_address
from yokocho.http.answers import error_answer
from yokocho.http.server import REASONS, Gate
from yokocho.kinds import Network

_log: Final = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Client:
    address: Address
    is_brought: bool


_PROXIES_SAY: Final = ("X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Forwarded", "Via")
_CLIENT: Final = web.RequestKey("client", _Client)


def address_of(request: web.Request) -> Address:
    """The client's address, as `guard` found it: the peer's own, or what listed proxies say. No header changes it."""
    return request[_CLIENT].address


def is_brought(request: web.Request) -> bool:
    """Whether a proxy that the operator did not list seems to bring the client.

    Such a proxy often runs on this machine. Its own address must not open what is meant for this machine alone.
    """
    return request[_CLIENT].is_brought


def guard(proxies: tuple[Network, ...], gate: Gate) -> Middleware:
    """The middleware. `gate` counts clients that come through proxies, for the time of their request."""

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        accept = request.headers.get("Accept", "")
        peer = parse_address(request.remote or "") or UNKNOWN
        address = client_address(peer, request.headers.get("X-Forwarded-For", ""), proxies)
        if address != peer:
            request = request.clone(remote=str(address))
        is_brought = not is_in(peer, proxies) and any(name in request.headers for name in _PROXIES_SAY)
        request[_CLIENT] = _Client(address, is_brought)
        counted = is_in(peer, proxies) and not is_in(address, proxies)
        if counted and (reason := gate.enter(address)) is not None:
            return error_answer(503, code=reason, message=REASONS[reason], accept=accept, headers={"Retry-After": "5"})
        try:
            return await handler(request)
        except web.HTTPException as error:
            allow = {"Allow": error.headers["Allow"]} if "Allow" in error.headers else None
            return error_answer(error.status, accept=accept, headers=allow)
        except (ConnectionError, TimeoutError):
            raise
        except Exception:  # noqa: BLE001 - whatever it was, the visitor gets an answer and the log the cause
            _log.exception("request_failed", method=request.method, path=request.rel_url.path)
            return error_answer(500, accept=accept)
        finally:
            if counted:
                gate.leave(address)

    return middleware


def add_headers(headers: Mapping[str, str]) -> Callable[[web.Request, web.StreamResponse], Awaitable[None]]:
    """The signal that puts the common headers on an answer; what a page set itself stays."""

    async def on_prepare(_request: web.Request, answer: web.StreamResponse) -> None:
        answer.headers["Server"] = headers["Server"]  # aiohttp has already said its own name
        for name, value in headers.items():
            answer.headers.setdefault(name, value)

    return on_prepare
