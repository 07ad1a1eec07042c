"""Outbound HTTP, safe: the one place from which the instance asks another server for something.

Theory. Whose address we fetch was written by a stranger, and we stand inside somebody's network. So a name is resolved
here, once for each connection, and the connection goes to an address that was looked at: what a resolver says a moment
later counts for nothing. An address is good when it is of the space that is given out to hosts of the open internet,
less what was set aside in it (`is_public`; the standard library's `is_global` lets translated and tunnelled addresses
through). Only https is spoken. An instance that itself runs on this machine alone, for its developer, may also ask its
neighbours there (`here_too`), over http and on loopback addresses, and a public name never leads there.

Everything has an end: redirects, which are looked at like the first address, the bytes of an answer, the time from the
first name to the last byte, connections at once, and requests to one host and to all. Nothing is remembered between
two requests, so there are no cookies; nothing is unpacked, and no cache on the way may answer with what was. What can
go wrong is `FetchFailed`, with a stable code.
"""

from __future__ import annotations

import asyncio
import ipaddress
import re
import socket
import ssl
import time
from collections.abc import Callable, Collection
from enum import StrEnum
from typing import Final

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from world.limits import Rate
from yokocho.rates import Rates

DEADLINE_S: Final = 10.0
MAX_REDIRECTS: Final = 3
MAX_AT_ONCE: Final = 16
MAX_AT_ONCE_PER_HOST: Final = 2
RATE_PER_HOST: Final = Rate(1.0, 60.0)
"""A class that comes over from one alley is asked about there in one go; nobody is flooded in our name."""

RATE_IN_ALL: Final = Rate(5.0, 200.0)

_CHUNK_BYTES: Final = 16 * 1024
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_HERE: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_NUMBER: Final = re.compile(r"[0-9]+|0x[0-9a-f]*")
_EVERYBODY: Final = "*"

_IPV6_IN_USE: Final = ipaddress.IPv6Network("2000::/3")
_NOT_PUBLIC: Final = tuple(
    map(
        ipaddress.ip_network,
        (
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/3",
            "2001::/23",
            "2001:db8::/32",
            "2002::/16",
            "3fff::/20",
        ),
    )
)
"""What IANA set aside; of IPv6 within 2000::/3, since all that is outside is refused already."""


class Trouble(StrEnum):
    """Stable names of what can go wrong."""

    BAD_ADDRESS = "bad_address"
    NOT_PUBLIC = "not_public"
    TOO_OFTEN = "too_often"
    TOO_LATE = "too_late"
    UNREACHABLE = "unreachable"
    TOO_MANY_REDIRECTS = "too_many_redirects"
    BAD_STATUS = "bad_status"
    WRONG_TYPE = "wrong_type"
    TOO_LARGE = "too_large"


class FetchFailed(Exception):
    """Nothing came that can be used. The message is for the log."""

    def __init__(self, trouble: Trouble, message: str, status: int = 0) -> None:
        super().__init__(f"{trouble}: {message}")
        self.trouble = trouble
        self.status = status


def is_public(text: str) -> bool:
    """Whether an address is one of the open internet that belongs to one host."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address) and (address.scope_id is not None or address not in _IPV6_IN_USE):
        return False
    return not any(address in network for network in _NOT_PUBLIC if network.version == address.version)


def is_this_machine(origin: str) -> bool:
    """Whether an origin is open to this machine alone: http on a loopback address."""
    url = URL(origin)
    return url.scheme == "http" and url.raw_host in _HERE


def _is_here(text: str) -> bool:
    return ipaddress.ip_address(text).is_loopback


class _Looking(AbstractResolver):
    """Resolves names, and gives only addresses that may be connected to."""

    def __init__(self, inner: AbstractResolver, is_open: Callable[[str], bool]) -> None:
        self._inner = inner
        self._is_open = is_open

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """The addresses of a name that are good.

        Raises:
            FetchFailed: it has none.
        """
        is_open = _is_here if host in _HERE else self._is_open
        found = [one for one in await self._inner.resolve(host, port, family) if is_open(one["host"])]
        if not found:
            raise FetchFailed(Trouble.NOT_PUBLIC, f"{host} has no public address")
        return found

    async def close(self) -> None:
        """Let go of the resolver inside."""
        await self._inner.close()


class Fetcher:
    """Fetches from strangers. To be made and closed within one event loop.

    Args:
        user_agent: how we introduce ourselves.
        here_too: whether this machine may be asked too, over http.
        resolver: finds the addresses of a name; the system's when None.
        tls: whose certificates are trusted; the system's when None.
        is_open: which addresses may be connected to.
        clock: monotonic seconds.
    """

    def __init__(
        self,
        user_agent: str,
        *,
        here_too: bool = False,
        resolver: AbstractResolver | None = None,
        tls: ssl.SSLContext | None = None,
        is_open: Callable[[str], bool] = is_public,
        deadline_s: float = DEADLINE_S,
        per_host: Rate = RATE_PER_HOST,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._here_too = here_too
        self._is_open = is_open
        self._deadline_s = deadline_s
        self._clock = clock
        self._per_host = Rates(per_host)
        self._in_all = Rates(RATE_IN_ALL)
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                resolver=_Looking(resolver or aiohttp.ThreadedResolver(), is_open),
                ssl=tls or True,
                use_dns_cache=False,
                force_close=True,
                limit=MAX_AT_ONCE,
                limit_per_host=MAX_AT_ONCE_PER_HOST,
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": user_agent, "Accept-Encoding": "identity", "Cache-Control": "no-cache"},
            auto_decompress=False,
            trust_env=False,
        )

    async def close(self) -> None:
        """End what is under way."""
        await self._session.close()

    async def get(self, address: str, *, accept: str, types: Collection[str], max_bytes: int) -> bytes:
        """What lies at an address, if it is of one of these media types. `accept` is the header of that name.

        Raises:
            FetchFailed: it cannot be had, or is something else.
        """
        try:
            async with asyncio.timeout(self._deadline_s):
                return await self._follow(address, accept, types, max_bytes)
        except TimeoutError:
            raise FetchFailed(Trouble.TOO_LATE, f"{address} took too long") from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise FetchFailed(Trouble.UNREACHABLE, f"{address}: {type(error).__name__} {error}") from None

    async def _follow(self, address: str, accept: str, types: Collection[str], max_bytes: int) -> bytes:
        url = self._checked(address)
        for _ in range(MAX_REDIRECTS + 1):
            async with self._session.get(url, headers={"Accept": accept}, allow_redirects=False) as answer:
                location = answer.headers.get("Location") if answer.status in _REDIRECTS else None
                if location is None:
                    return await _body(answer, types, max_bytes)
            url = self._checked(str(url.join(URL(location))))
        raise FetchFailed(Trouble.TOO_MANY_REDIRECTS, f"{address} leads on and on")

    def _checked(self, address: str) -> URL:
        """The address, if it is one that may be asked, and may be asked now."""
        try:
            url = URL(address)
        except ValueError:
            raise FetchFailed(Trouble.BAD_ADDRESS, f"{address!r} is no address") from None
        host = url.raw_host
        is_here = self._here_too and host in _HERE
        if not host or url.user is not None or url.password is not None:
            raise FetchFailed(Trouble.BAD_ADDRESS, f"{address!r} is no address to fetch")
        if url.scheme != "https" and not (is_here and url.scheme == "http"):
            raise FetchFailed(Trouble.BAD_ADDRESS, f"{url.scheme} is not spoken with {host}")
        # A name goes to the resolver, which looks at what it finds. A bare address does not, however it is written.
        if not is_here and (host in _HERE or (_is_bare(host) and not self._is_open(host))):
            raise FetchFailed(Trouble.NOT_PUBLIC, f"{host} is no public address")
        now_s = self._clock()
        if not self._per_host.take(host, now_s) or not self._in_all.take(_EVERYBODY, now_s):
            raise FetchFailed(Trouble.TOO_OFTEN, f"{host} was asked often enough for now")
        return url.with_fragment(None)


def _is_bare(host: str) -> bool:
    """Whether a host is an address or could be read as one: no name ends in a number."""
    return ":" in host or bool(_NUMBER.fullmatch(host.rstrip(".").rpartition(".")[2]))


async def _body(answer: aiohttp.ClientResponse, types: Collection[str], max_bytes: int) -> bytes:
    if answer.status != 200:
        raise FetchFailed(Trouble.BAD_STATUS, f"{answer.url} answered {answer.status}", answer.status)
    if answer.content_type not in types or answer.headers.get("Content-Encoding", "identity") != "identity":
        raise FetchFailed(Trouble.WRONG_TYPE, f"{answer.url} is {answer.content_type}")
    if (answer.content_length or 0) > max_bytes:
        raise FetchFailed(Trouble.TOO_LARGE, f"{answer.url} is too large")
    body = bytearray()
    async for chunk in answer.content.iter_chunked(_CHUNK_BYTES):
        body += chunk
        if len(body) > max_bytes:
            raise FetchFailed(Trouble.TOO_LARGE, f"{answer.url} is too large")
    return bytes(body)
