"""The pages: headers, caching, assets, errors, and nothing that isn't meant for outside."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import json
import resource
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

import aiohttp
import pytest
from aiohttp import web
from yarl import URL

from tests.yokocho.support import GLB, open_instance, test_settings
from yokocho.app import Instance
from yokocho.http.addresses import cap_key, client_address, parse_address
from yokocho.http.answers import security_headers
from yokocho.http.guard import address_of
from yokocho.http.health import Health, HealthPage, Status
from yokocho.http.listen import bind, local_origins, room_for_sockets
from yokocho.http.pages import PAGES, Pages
from yokocho.http.server import Limits
from yokocho.http.site import Site
from yokocho.http.static import load_static
from yokocho.kinds import Networks

ASSET = GLB + b"\x00"
ASSET_NAME = f"{hashlib.sha256(ASSET).hexdigest()}.glb"


@pytest.fixture
async def client(instance: Instance) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(f"http://127.0.0.1:{instance.port}", auto_decompress=False) as session:
        yield session


async def raw(port: int, request: bytes) -> tuple[bytes, bytes]:
    """Head and body of the answer to exact bytes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(request)
        answer = await asyncio.wait_for(reader.read(), 10)
    finally:
        writer.close()
        await writer.wait_closed()
    head, _, body = answer.partition(b"\r\n\r\n")
    return head, body


async def get_raw(port: int, target: str) -> tuple[bytes, bytes]:
    return await raw(port, f"GET {target} HTTP/1.1\r\nHost: alley\r\nConnection: close\r\n\r\n".encode("latin-1"))


# --- health, alley, metrics -------------------------------------------------------------------------------------------


async def test_healthz(client: aiohttp.ClientSession) -> None:
    async with client.get("/healthz") as answer:
        assert answer.status == 200
        assert await answer.json() == {"status": "ok", "version": "0.1.0", "rooms": 1, "visitors": 0}
        assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("status", ["stopping", "storage_failed"])
async def test_health_says_when_it_is_not_well(status: Status) -> None:
    page = HealthPage(lambda: Health(status, "0.1.0", rooms=1, visitors=3))
    async with site_of(page) as session, session.get("/healthz") as answer:
        assert (answer.status, (await answer.json())["status"]) == (503, status)


async def test_alley_summary(client: aiohttp.ClientSession) -> None:
    async with client.get("/api/alley") as answer:
        assert await answer.json() == {
            "title": {"en": "Small lane", "de": "Kleine Gasse", "ja": "小さな横丁"},
            "about": {"en": "Two stalls.", "de": "Zwei Stände.", "ja": "店は二つ。"},
            "visitors": 0,
            "capacity": 500,
            "languages": ["en", "de", "ja"],
            "neighbours": [],
        }


async def test_metrics_speak_prometheus(client: aiohttp.ClientSession) -> None:
    await asyncio.sleep(0.2)
    async with client.get("/metrics") as answer:
        assert answer.status == 200
        assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
        text = await answer.text()
    values = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    assert values["yokocho_visitors"] == "0.0"
    assert float(values["yokocho_tick_seconds_count"]) > 0
    assert values['yokocho_info{version="0.1.0"}'] == "1.0"
    assert float(values["process_resident_memory_bytes"]) > 1e6
    for name in ("frames", "bytes"):
        assert f'yokocho_{name}_total{{direction="in"}}' in values
        assert f'yokocho_{name}_total{{direction="out"}}' in values
    assert float(values["yokocho_http_connections"]) == 1


async def test_metrics_are_for_those_who_may(data: Path) -> None:
    async with (
        open_instance(data, metrics_from="192.0.2.0/24") as instance,
        aiohttp.ClientSession(f"http://127.0.0.1:{instance.port}") as session,
        session.get("/metrics") as hidden,
        session.get("/nothing") as missing,
    ):
        assert hidden.status == missing.status == 404
        assert await hidden.read() == await missing.read()


async def test_metrics_are_not_for_whom_an_unlisted_proxy_brings(client: aiohttp.ClientSession) -> None:
    for name in ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"):
        async with client.get("/metrics", headers={name: "198.51.100.1"}) as answer:
            assert answer.status == 404


async def test_no_header_changes_where_somebody_comes_from() -> None:
    """Else one header would lead past a ban of a network and past what is counted by address."""

    class Told:
        def add_routes(self, router: web.UrlDispatcher) -> None:
            router.add_get("/told", self.told)

        async def told(self, request: web.Request) -> web.Response:
            return web.Response(text=str(address_of(request)))

    async with site_of(Told()) as session:
        for name in ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"):
            async with session.get("/told", headers={name: "198.51.100.1"}) as answer:
                assert await answer.text() == "127.0.0.1"


# --- headers and errors -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["/", "/healthz", "/api/alley", "/metrics", "/nothing", "/live", f"/assets/{ASSET_NAME}"]
)
async def test_every_answer_carries_the_headers(client: aiohttp.ClientSession, path: str) -> None:
    async with client.get(path) as answer:
        assert answer.headers["Server"] == "yokocho"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none';")


async def test_policy_allows_own_scripts_and_own_sockets_only(
    instance: Instance, client: aiohttp.ClientSession
) -> None:
    async with client.get("/") as answer:
        policy = dict(part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; "))
    port = instance.port
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self' 'wasm-unsafe-eval'"
    assert policy["style-src"] == "'self'"
    assert policy["connect-src"] == f"'self' ws://127.0.0.1:{port} ws://localhost:{port}"
    assert policy["base-uri"] == policy["form-action"] == policy["frame-ancestors"] == "'none'"


def test_policy_of_a_public_alley() -> None:
    headers = security_headers(("https://alley.example",))
    assert "connect-src 'self' wss://alley.example;" in headers["Content-Security-Policy"]
    assert headers["Strict-Transport-Security"] == "max-age=31536000"
    assert "Strict-Transport-Security" not in security_headers(("http://127.0.0.1:8080",))


async def test_errors_have_a_code_and_a_sentence(client: aiohttp.ClientSession) -> None:
    async with client.get("/nothing") as answer:
        assert answer.status == 404
        assert await answer.json() == {"error": "not_found", "message": "There is nothing at this address."}
    async with client.post("/healthz", data=b"x") as answer:
        assert answer.status == 405
        assert sorted(answer.headers["Allow"].split(",")) == ["GET", "HEAD"]
        assert (await answer.json())["error"] == "method_not_allowed"
    async with client.get("/nothing", headers={"Accept": "text/html"}) as answer:
        assert answer.content_type == "text/html"
        assert "There is nothing at this address." in await answer.text()
    async with client.head("/healthz") as answer:
        assert (answer.status, await answer.read()) == (200, b"")


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n",
        b"GET / HTTP/1.1\r\nno colon\r\n\r\n",
        b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET / HTTP/1.1\r\nX: " + b"a" * 20_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"X: a\r\n" * 1000 + b"\r\n",
    ],
)
async def test_what_is_no_http_is_refused_politely(instance: Instance, request_bytes: bytes) -> None:
    head, body = await raw(instance.port, request_bytes)
    assert head.startswith((b"HTTP/1.0 400", b"HTTP/1.1 400")), head
    assert json.loads(body)["error"] == "bad_request"
    assert b"Server: yokocho" in head
    assert b"aiohttp" not in head + body


async def test_fault_of_ours_shows_no_cause(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    class Broken:
        def add_routes(self, router: web.UrlDispatcher) -> None:
            router.add_get("/broken", self.broken)

        async def broken(self, _request: web.Request) -> web.Response:
            raise ValueError("a secret path")

    async with site_of(Broken()) as session, session.get("/broken") as answer:
        assert answer.status == 500
        assert await answer.json() == {"error": "internal", "message": "Something went wrong on our side."}
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


# --- the client's files -----------------------------------------------------------------------------------------------


class site_of:  # noqa: N801 - used like a function
    """A site with these pages alone."""

    def __init__(self, *pages: Any) -> None:
        settings = test_settings(Path("unused"))
        limits = Limits(100, 100, settings.trusted_proxies, 5, 15, 30)
        self.site = Site(pages, self._live, origins=(), limits=limits, shutdown_timeout_s=1)

    async def _live(self, _request: web.Request) -> web.StreamResponse:
        raise web.HTTPNotFound

    async def __aenter__(self) -> aiohttp.ClientSession:
        self.sockets = bind("127.0.0.1", 0)
        await self.site.start(self.sockets)
        port = self.sockets[0].getsockname()[1]
        self.session = aiohttp.ClientSession(f"http://127.0.0.1:{port}", auto_decompress=False)
        return self.session

    async def __aexit__(self, *_: object) -> None:
        await self.session.close()
        await self.site.stop()
        for sock in self.sockets:
            sock.close()


SCRIPT = b"export const lane = 'a lane, a lane, a lane';\n" * 100


@pytest.fixture
async def pages(tmp_path: Path) -> AsyncIterator[aiohttp.ClientSession]:
    root = tmp_path / "static"
    (root / "static").mkdir(parents=True)
    (root / "index.html").write_text("<!doctype html><title>Yokocho</title>")
    (root / "me.html").write_text("<!doctype html><title>You</title>")
    (root / "person.html").write_text("<!doctype html><title>Somebody</title>")
    (root / "favicon.ico").write_bytes(b"icon")
    (root / "static" / "main-B4x_9QzK.js").write_bytes(SCRIPT)
    (root / "static" / "touch-controls.js").write_bytes(SCRIPT)
    (root / "static" / "main-B4x_9QzK.js.br").write_bytes(b"as brotli")
    (root / "static" / "notes.secret").write_text("not for serving")
    (root / "static" / "link.js").symlink_to(__file__)
    async with site_of(Pages(load_static(root))) as session:
        yield session


async def test_page_is_asked_for_again(pages: aiohttp.ClientSession) -> None:
    async with pages.get("/") as answer:
        assert answer.content_type == "text/html"
        assert answer.headers["Cache-Control"] == "no-cache"
        etag = answer.headers["ETag"]
        assert b"Yokocho" in await answer.read()
    async with pages.get("/", headers={"If-None-Match": f'"other", W/{etag}'}) as answer:
        assert (answer.status, await answer.read()) == (304, b"")
        assert answer.headers["ETag"] == etag


async def test_hashed_files_are_kept_for_ever(pages: aiohttp.ClientSession) -> None:
    async with pages.get("/static/main-B4x_9QzK.js") as answer:
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer.content_type == "text/javascript"
    async with pages.get("/static/touch-controls.js") as answer:
        assert answer.headers["Cache-Control"] == "no-cache"
    async with pages.get("/favicon.ico") as answer:
        assert await answer.read() == b"icon"


@pytest.mark.parametrize(
    ("accepts", "encoding"),
    [
        ("gzip, deflate, br", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("identity", None),
        ("gzip;q=0", None),
    ],
)
async def test_text_is_sent_compressed(pages: aiohttp.ClientSession, accepts: str, encoding: str | None) -> None:
    for _ in range(2):
        async with pages.get("/static/main-B4x_9QzK.js", headers={"Accept-Encoding": accepts}) as answer:
            assert answer.headers.get("Content-Encoding") == encoding
            assert answer.headers["Vary"] == "Accept-Encoding"
            body = await answer.read()
        if encoding == "br":
            assert body == b"as brotli"
        else:
            assert (gzip.decompress(body) if encoding else body) == SCRIPT


SOMEBODY: Final = "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"


@pytest.mark.parametrize(
    ("path", "title"),
    [("/me", b"You"), (f"/people/{SOMEBODY}", b"Somebody"), (f"/people/{SOMEBODY.replace(':', '%3A')}", b"Somebody")],
)
async def test_pages_beside_the_alley_are_served(pages: aiohttp.ClientSession, path: str, title: bytes) -> None:
    async with pages.get(URL(path, encoded=True)) as answer:
        assert (answer.status, answer.content_type) == (200, "text/html")
        assert answer.headers["Cache-Control"] == "no-cache"
        assert title in await answer.read()


@pytest.mark.parametrize("path", ["/operate", "/me/", "/me.html", "/people/", "/people/did:key:z6Mk", "/people/Abe"])
async def test_pages_that_were_not_built_do_not_exist(pages: aiohttp.ClientSession, path: str) -> None:
    async with pages.get(path) as answer:
        assert (answer.status, (await answer.json())["error"]) == (404, "not_found")


async def test_every_page_of_the_client_has_its_path() -> None:
    built = {path.name for path in (Path(__file__).parents[2] / "client_web").glob("*.html")}
    assert built <= set(PAGES.values())
    assert len(set(PAGES.values())) == len(PAGES)


async def test_missing_client_is_said(tmp_path: Path) -> None:
    async with site_of(Pages(load_static(tmp_path / "none"))) as session, session.get("/") as answer:
        assert answer.status == 503
        assert (await answer.json())["error"] == "client_missing"


# --- assets and the way out of the directory --------------------------------------------------------------------------


async def test_assets_are_inert_and_for_ever(client: aiohttp.ClientSession) -> None:
    async with client.get(f"/assets/{ASSET_NAME}", headers={"Accept-Encoding": "identity"}) as answer:
        assert answer.status == 200
        assert await answer.read() == ASSET
        assert answer.content_type == "model/gltf-binary"
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    async with client.get(f"/assets/{ASSET_NAME}", headers={"Accept-Encoding": "gzip, br"}) as answer:
        assert answer.headers["Content-Encoding"] == "gzip"
        assert answer.headers["Vary"] == "Accept-Encoding, Origin"
        assert answer.content_type == "model/gltf-binary"
        body = await answer.read()
        assert gzip.decompress(body) == ASSET
        assert len(body) < len(ASSET)
    async with client.get(
        f"/assets/{ASSET_NAME}", headers={"Range": "bytes=0-3", "Accept-Encoding": "identity"}
    ) as answer:
        assert (answer.status, await answer.read()) == (206, ASSET[:4])


TARGETS = [
    "/assets/",
    "/assets/" + "0" * 64 + ".glb",
    "/assets/" + ASSET_NAME.removesuffix(".glb"),
    "/assets/" + ASSET_NAME.removesuffix(".glb") + ".png",
    "/assets/" + ASSET_NAME.upper(),
    "/assets/" + ASSET_NAME[:2] + "/" + ASSET_NAME[2:],
    "/assets/../yokocho.sqlite3",
    "/assets/%2e%2e/yokocho.sqlite3",
    "/assets/..%2fyokocho.sqlite3",
    "/assets/%2e%2e%2f%2e%2e%2f%2e%2e%2fetc%2fpasswd",
    "/assets//etc/passwd",
    "/assets/" + ASSET_NAME + "%00",
    "/assets/%00",
    "/assets/" + ASSET_NAME + "/",
    "/assets/" + ASSET_NAME + "%0d%0aX:%20y",
    "/static/../app.py",
    "/static/%2e%2e/app.py",
    "/static/..%5capp.py",
    "/static/%00",
    "/static/",
    "/static",
    "//static/x",
    "/yokocho.sqlite3",
    "/.git/config",
    "/%ff%fe",
]


@pytest.mark.parametrize("target", TARGETS)
async def test_whatever_is_wrong_gets_the_same_404(instance: Instance, target: str) -> None:
    head, body = await get_raw(instance.port, target)
    usual_head, usual_body = await get_raw(instance.port, "/nothing")

    def without_date(raw_head: bytes) -> list[bytes]:
        return [line for line in raw_head.split(b"\r\n") if not line.startswith(b"Date:")]

    assert body == usual_body
    assert without_date(head) == without_date(usual_head)


async def test_link_in_place_of_an_asset_is_not_followed(data: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret")
    path = data / "assets" / ASSET_NAME[:2] / ASSET_NAME[2:]
    path.unlink()
    path.symlink_to(secret)
    async with open_instance(data) as instance:
        _, body = await get_raw(instance.port, f"/assets/{ASSET_NAME}")
        path.unlink()
        _, missing = await get_raw(instance.port, f"/assets/{ASSET_NAME}")
    assert body == missing
    assert json.loads(body)["error"] == "not_found"


# --- addresses --------------------------------------------------------------------------------------------------------

PROXIES = Networks().parse("10.0.0.0/8, ::1")


@pytest.mark.parametrize(
    ("peer", "forwarded", "client_is"),
    [
        ("192.0.2.7", "198.51.100.1", "192.0.2.7"),
        ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "203.0.113.9, 198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "203.0.113.9, 198.51.100.1, 10.2.2.2", "198.51.100.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "nonsense", "10.0.0.1"),
        ("10.0.0.1", "198.51.100.1, nonsense", "10.0.0.1"),
        ("::1", "2001:db8::5", "2001:db8::5"),
        ("::ffff:10.0.0.1", "::ffff:198.51.100.1", "198.51.100.1"),
    ],
)
def test_forwarded_for_counts_from_listed_proxies_only(peer: str, forwarded: str, client_is: str) -> None:
    address = parse_address(peer)
    assert address is not None
    assert str(client_address(address, forwarded, PROXIES)) == client_is


def test_an_ipv6_household_is_one_client() -> None:
    one, other = parse_address("2001:db8:1:2::1"), parse_address("2001:db8:1:2:ffff::9")
    assert one is not None
    assert other is not None
    assert cap_key(one) == cap_key(other)
    assert parse_address("fe80::1%eth0") is not None
    assert parse_address("no address") is None


def test_limit_of_open_files_is_raised() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (512, hard))
    try:
        assert room_for_sockets(100) == 412
        assert room_for_sockets(1500) == 1500
        assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] == 1600
        assert room_for_sockets(10**9) < 10**9
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_local_origins() -> None:
    assert local_origins("127.0.0.1", 80)[0] == "http://127.0.0.1"
    assert local_origins("::1", 8080)[0] == "http://[::1]:8080"
    assert local_origins("alley.example", 8080) == ("http://alley.example:8080",)
    everywhere = local_origins("0.0.0.0", 8080)
    assert everywhere[:2] == ("http://127.0.0.1:8080", "http://localhost:8080")
