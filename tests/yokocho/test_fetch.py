"""Asking strangers: only on the open internet, only at the address that was looked at, and never without an end."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import gzip
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any, Final

import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from tests.yokocho.support import free_port
from world.limits import Rate
from yokocho.fetch import MAX_REDIRECTS, Fetcher, FetchFailed, Trouble, is_public

HERE: Final = "127.0.0.1"
NAME: Final = "alley.example"
TYPE: Final = "application/activity+json"
MOST_BYTES: Final = 1000
Answer = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


class Names(AbstractResolver):
    """Says for a name what the test says, one answer after another; the last one stays."""

    def __init__(self, *answers: tuple[str, ...]) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        self.asked.append(host)
        found = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return [
            ResolveResult(hostname=host, host=one, port=port, family=socket.AF_INET, proto=0, flags=0) for one in found
        ]

    async def close(self) -> None:
        pass


@contextlib.asynccontextmanager
async def server(answer: Answer, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """A server for one handler; gives its port."""
    runner = web.ServerRunner(web.Server(answer), shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, HERE, 0, ssl_context=tls)
    await site.start()
    try:
        port: int = runner.addresses[0][1]
        yield port
    finally:
        await runner.cleanup()


@contextlib.asynccontextmanager
async def fetcher(names: Names | None = None, **options: Any) -> AsyncIterator[Fetcher]:
    opened = Fetcher("Yokocho/test", resolver=names, **options)
    try:
        yield opened
    finally:
        await opened.close()


async def get(asking: Fetcher, address: str) -> bytes:
    return await asking.get(address, accept=TYPE, types={TYPE}, max_bytes=MOST_BYTES)


async def trouble(asking: Fetcher, address: str) -> Trouble:
    with pytest.raises(FetchFailed) as failed:
        await get(asking, address)
    return failed.value.trouble


def says(
    body: bytes = b"{}", content_type: str = TYPE, status: int = 200, headers: dict[str, str] | None = None
) -> Answer:
    async def answer(_request: web.BaseRequest) -> web.StreamResponse:
        return web.Response(body=body, status=status, headers={"Content-Type": content_type, **(headers or {})})

    return answer


# --- where to ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["1.1.1.1", "93.184.216.34", "223.255.255.254", "2606:4700::1111", "2a00:1450::1"])
def test_the_open_internet_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "127.0.0.1",
        "127.255.255.254",
        "169.254.169.254",
        "172.31.255.255",
        "192.0.0.8",
        "192.0.0.9",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.0.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:1.1.1.1",
        "::1.1.1.1",
        "64:ff9b::1.1.1.1",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:20::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "3fff::1",
        "fc00::1",
        "fd12:3456::1",
        "fe80::1",
        "fe80::1%eth0",
        "2606:4700::1111%eth0",
        "fec0::1",
        "ff02::1",
        "",
        "localhost",
        "127.1",
        "2130706433",
    ],
)
def test_all_the_rest_is_not(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("http://alley.example/", Trouble.BAD_ADDRESS),
        ("ftp://alley.example/", Trouble.BAD_ADDRESS),
        ("data:application/activity+json,{}", Trouble.BAD_ADDRESS),
        ("file:///etc/passwd", Trouble.BAD_ADDRESS),
        ("//alley.example/", Trouble.BAD_ADDRESS),
        ("https://me@alley.example/", Trouble.BAD_ADDRESS),
        ("https://me:secret@alley.example/", Trouble.BAD_ADDRESS),
        ("https://", Trouble.BAD_ADDRESS),
        ("https://alley.example:99999/", Trouble.BAD_ADDRESS),
        ("https://127.0.0.1/", Trouble.NOT_PUBLIC),
        ("https://localhost/", Trouble.NOT_PUBLIC),
        ("https://[::1]/", Trouble.NOT_PUBLIC),
        ("https://[::ffff:127.0.0.1]/", Trouble.NOT_PUBLIC),
        ("https://169.254.169.254/latest", Trouble.NOT_PUBLIC),
        ("https://127.0.0.1./", Trouble.NOT_PUBLIC),
        ("https://127.1/", Trouble.NOT_PUBLIC),
        ("https://2130706433/", Trouble.NOT_PUBLIC),
        ("https://0x7f.1/", Trouble.NOT_PUBLIC),
        ("https://127.0.0.0x1/", Trouble.NOT_PUBLIC),
        ("https://alley.localhost/", Trouble.NOT_PUBLIC),
        ("http://localhost/", Trouble.BAD_ADDRESS),
    ],
)
async def test_nobody_is_connected_to_at_other_addresses(address: str, expected: Trouble) -> None:
    async with fetcher(Names((HERE,))) as asking:
        assert await trouble(asking, address) is expected


async def test_a_public_name_never_leads_to_this_machine() -> None:
    async with server(says()) as port, fetcher(Names((HERE, "10.0.0.1")), here_too=True) as asking:
        assert await trouble(asking, f"https://{NAME}:{port}/") is Trouble.NOT_PUBLIC
        assert await trouble(asking, f"http://{NAME}:{port}/") is Trouble.BAD_ADDRESS
        assert await trouble(asking, f"http://127.0.0.2:{port}/") is Trouble.BAD_ADDRESS


async def test_this_machine_is_asked_where_that_was_said() -> None:
    async with server(says(b"hello")) as port, fetcher(Names((HERE,)), here_too=True) as asking:
        assert await get(asking, f"http://localhost:{port}/a?b#c") == b"hello"
        assert await get(asking, f"http://127.0.0.1:{port}/") == b"hello"


async def test_localhost_is_nobody_else() -> None:
    async with fetcher(Names(("93.184.216.34",)), here_too=True) as asking:
        assert await trouble(asking, "http://localhost:9/") is Trouble.NOT_PUBLIC


# --- encrypted --------------------------------------------------------------------------------------------------------


class Certificates:
    """A certificate for one name, and who trusts it."""

    def __init__(self, folder: Path, name: str) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        now = dt.datetime.now(dt.UTC)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(subject)
            .public_key(key.public_key())
            .serial_number(1)
            .not_valid_before(now - dt.timedelta(days=1))
            .not_valid_after(now + dt.timedelta(days=1))
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(key, hashes.SHA256())
        )
        file = folder / "server.pem"
        private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        file.write_bytes(private + certificate.public_bytes(Encoding.PEM))
        self.server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.server.load_cert_chain(file)
        self.names: list[str | None] = []
        self.server.sni_callback = lambda _socket, asked, _context: self.names.append(asked)
        self.client = ssl.create_default_context(cafile=str(file))


async def test_the_address_that_was_looked_at_is_the_one_that_is_asked(tmp_path: Path) -> None:
    """A name that changes between the look and the connection changes nothing; the certificate is of the name."""
    trusted, names = Certificates(tmp_path, NAME), Names((HERE,), ("127.0.0.2",))
    async with (
        server(says(b"hello"), trusted.server) as port,
        fetcher(names, tls=trusted.client, is_open=lambda address: address == HERE) as asking,
    ):
        assert await get(asking, f"https://{NAME}:{port}/") == b"hello"
        assert (names.asked, trusted.names) == ([NAME], [NAME])
        assert await trouble(asking, f"https://{NAME}:{port}/") is Trouble.NOT_PUBLIC
        assert names.asked == [NAME, NAME]


async def test_the_wrong_certificate_ends_it(tmp_path: Path) -> None:
    trusted = Certificates(tmp_path, "other.example")
    async with (
        server(says(), trusted.server) as port,
        fetcher(Names((HERE,)), tls=trusted.client, is_open=lambda _: True) as asking,
    ):
        assert await trouble(asking, f"https://{NAME}:{port}/") is Trouble.UNREACHABLE


# --- what comes -------------------------------------------------------------------------------------------------------


async def test_we_say_who_we_are_and_nothing_else() -> None:
    seen: list[web.BaseRequest] = []

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        seen.append(request)
        return web.Response(body=b"{}", headers={"Content-Type": TYPE, "Set-Cookie": "who=you; Path=/"})

    async with server(answer) as port, fetcher(here_too=True) as asking:
        await get(asking, f"http://127.0.0.1:{port}/")
        await get(asking, f"http://127.0.0.1:{port}/")
    said = dict(seen[1].headers)
    assert said.pop("Host") == f"127.0.0.1:{port}"
    assert said.pop("Connection", "close") == "close"
    assert said == {
        "User-Agent": "Yokocho/test",
        "Accept": TYPE,
        "Accept-Encoding": "identity",
        "Cache-Control": "no-cache",
    }


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (says(status=404), Trouble.BAD_STATUS),
        (says(status=500), Trouble.BAD_STATUS),
        (says(status=204), Trouble.BAD_STATUS),
        (says(status=302), Trouble.BAD_STATUS),
        (says(content_type="text/html"), Trouble.WRONG_TYPE),
        (says(content_type="application/json"), Trouble.WRONG_TYPE),
        (says(b"a" * (MOST_BYTES + 1)), Trouble.TOO_LARGE),
        (says(gzip.compress(b"a" * 10 * MOST_BYTES), headers={"Content-Encoding": "gzip"}), Trouble.WRONG_TYPE),
        (says(status=302, headers={"Location": "https://10.0.0.1/"}), Trouble.NOT_PUBLIC),
        (says(status=302, headers={"Location": "http://alley.example/"}), Trouble.BAD_ADDRESS),
        (says(status=307, headers={"Location": "data:text/plain,hello"}), Trouble.BAD_ADDRESS),
        (says(status=308, headers={"Location": "/again"}), Trouble.TOO_MANY_REDIRECTS),
    ],
)
async def test_what_is_not_wanted_is_not_taken(answer: Answer, expected: Trouble) -> None:
    async with server(answer) as port, fetcher(here_too=True) as asking:
        assert await trouble(asking, f"http://127.0.0.1:{port}/") is expected


async def test_a_large_answer_without_a_length_is_cut_off() -> None:
    sent = 0

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        nonlocal sent
        stream = web.StreamResponse(headers={"Content-Type": TYPE})
        await stream.prepare(request)
        with contextlib.suppress(ConnectionError):
            while sent < 100_000_000:
                await stream.write(b"a" * 100_000)
                sent += 100_000
        return stream

    async with server(answer) as port, fetcher(here_too=True) as asking:
        assert await trouble(asking, f"http://127.0.0.1:{port}/") is Trouble.TOO_LARGE
    assert sent < 100_000_000


async def test_redirects_are_followed_so_far() -> None:
    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        left = int(request.rel_url.path.strip("/"))
        if not left:
            return web.Response(body=b"hello", headers={"Content-Type": TYPE})
        return web.Response(status=302, headers={"Location": f"/{left - 1}"})

    async with server(answer) as port, fetcher(here_too=True) as asking:
        assert await get(asking, f"http://127.0.0.1:{port}/{MAX_REDIRECTS}") == b"hello"
        assert await trouble(asking, f"http://127.0.0.1:{port}/{MAX_REDIRECTS + 1}") is Trouble.TOO_MANY_REDIRECTS


async def test_who_drips_is_left() -> None:
    left = asyncio.Event()

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        stream = web.StreamResponse(headers={"Content-Type": TYPE})
        await stream.prepare(request)
        with contextlib.suppress(ConnectionError):
            while not left.is_set():
                await stream.write(b" ")
                await asyncio.sleep(0.02)
        return stream

    async with server(answer) as port, fetcher(here_too=True, deadline_s=0.2) as asking:
        assert await trouble(asking, f"http://127.0.0.1:{port}/") is Trouble.TOO_LATE
        left.set()


async def test_nobody_there_is_said_so() -> None:
    async with fetcher(here_too=True) as asking:
        assert await trouble(asking, f"http://127.0.0.1:{free_port()}/") is Trouble.UNREACHABLE


async def test_one_host_is_asked_so_often() -> None:
    now_s = 0.0
    async with (
        server(says()) as port,
        fetcher(Names((HERE,)), here_too=True, per_host=Rate(1.0, 2.0), clock=lambda: now_s) as asking,
    ):
        address = f"http://127.0.0.1:{port}/"
        await get(asking, address)
        await get(asking, address)
        assert await trouble(asking, address) is Trouble.TOO_OFTEN
        await get(asking, f"http://localhost:{port}/")
        now_s = 1.0
        await get(asking, address)


async def test_few_at_once_from_one_host() -> None:
    under_way = most = 0
    pair = asyncio.Barrier(2)

    async def answer(_request: web.BaseRequest) -> web.StreamResponse:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await pair.wait()
        await asyncio.sleep(0)
        under_way -= 1
        return web.Response(body=b"{}", headers={"Content-Type": TYPE})

    async with server(answer) as port, fetcher(here_too=True) as asking:
        await asyncio.gather(*(get(asking, f"http://127.0.0.1:{port}/") for _ in range(8)))
    assert most == 2
