"""Answers that are alike everywhere: errors with a stable code, JSON, and the headers that every answer carries.

An error says a code that programs may rely on and one plain sentence; what caused it stands in the log alone. Whoever
asks for HTML gets a small page, everyone else JSON.
"""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import Any, Final

import msgspec
from aiohttp import web

SERVER: Final = "yokocho"
HTML_TYPE: Final = "text/html"

SENTENCES: Final[dict[int, tuple[str, str]]] = {
    400: ("bad_request", "This request could not be understood."),
    403: ("forbidden", "This is not open to you."),
    404: ("not_found", "There is nothing at this address."),
    405: ("method_not_allowed", "This address does not take that kind of request."),
    408: ("too_slow", "This request took too long to arrive."),
    413: ("too_large", "This is more than we take."),
    416: ("range_not_satisfiable", "This part of the file does not exist."),
    417: ("expectation_failed", "This expectation cannot be met."),
    426: ("upgrade_required", "This address speaks WebSocket only."),
    500: ("internal", "Something went wrong on our side."),
    503: ("unavailable", "The alley cannot take you right now; please try again soon."),
}
"""Status to stable code and sentence: the one table of this edge."""

_ENCODE: Final = msgspec.json.Encoder().encode


def json_answer(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> web.Response:
    """An answer in JSON that nobody caches."""
    return web.Response(
        body=_ENCODE(value),
        status=status,
        content_type="application/json",
        charset="utf-8",
        headers={"Cache-Control": "no-store", **(headers or {})},
    )


def error_answer(
    status: int,
    *,
    code: str | None = None,
    message: str | None = None,
    accept: str = "",
    headers: Mapping[str, str] | None = None,
) -> web.Response:
    """The answer for an error; the table fills in what is not given."""
    usual_code, usual_message = SENTENCES.get(status, SENTENCES[400 if status < 500 else 500])
    code, message = code or usual_code, message or usual_message
    if HTML_TYPE not in accept:
        return json_answer({"error": code, "message": message}, status, headers)
    return web.Response(
        text=_page(status, message),
        status=status,
        content_type=HTML_TYPE,
        charset="utf-8",
        headers={"Cache-Control": "no-store", **(headers or {})},
    )


def _page(status: int, message: str) -> str:
    # No style: the policy allows none from the page itself, and an error needs none.
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        '<meta name="color-scheme" content="dark">'
        f"<title>{status} · Yokocho</title><h1>{html.escape(message)}</h1>"
        '<p><a href="/">To the alley</a></p></html>\n'
    )


def security_headers(origins: tuple[str, ...], neighbours: tuple[str, ...] = ()) -> dict[str, str]:
    """What every answer carries. Pages may enter the alleys at `origins`, which are ours, and those of `neighbours`."""
    # The policy's grammar knows no IPv6 literals: browsers would complain about them, and 'self' covers them.
    ours, theirs = ([origin for origin in some if "[" not in origin] for some in (origins, neighbours))
    alleys = " ".join([*("ws" + origin.removeprefix("http") for origin in ours + theirs), *theirs])
    headers = {
        "Server": SERVER,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(self), payment=(), usb=(), "
        "xr-spatial-tracking=(self)",
        "Content-Security-Policy": "; ".join(
            (
                "default-src 'none'",
                "script-src 'self' 'wasm-unsafe-eval'",
                "style-src 'self'",
                "img-src 'self' blob: data:",
                f"connect-src 'self' {alleys}".rstrip(),
                "font-src 'self'",
                "media-src 'self' blob:",
                "worker-src 'self' blob:",
                "manifest-src 'self'",
                "base-uri 'none'",
                "form-action 'none'",
                "frame-ancestors 'none'",
            )
        ),
    }
    if origins and all(origin.startswith("https:") for origin in origins):
        headers["Strict-Transport-Security"] = "max-age=31536000"
    return headers
