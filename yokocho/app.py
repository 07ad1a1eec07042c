"""One running instance: what it is made of, in the order in which it is made, and how it ends.

Start: lock the data directory, take the address, lay the sample alley if there is none, open the database, load the
alley, start the room, answer. Stop, on SIGTERM or SIGINT: accept nobody new, say goodbye to the visitors (close code
1012: their clients come back by themselves), finish running requests, write what is waiting, let go of the directory.
When the storage fails the same way out is taken, with an exit code that says so.

Taking over (`take_over`, ADR 0024): all that can be done is done while the other server still runs. It then hands its
listening sockets, its room and its visitors' sockets to us, lets go of the directory, and ends when we are ready.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import structlog

from federation.errors import Refused as BadIdentity
from world import handover, wire
from world.errors import ErrorCode, ProtocolError, WorldFault
from world.limits import Rate
from world.room import Room, RoomConfig
from world.scene import Scene
from yokocho import VERSION
from yokocho.bot_child import BotChild
from yokocho.config import Settings
from yokocho.entrance import Entrance
from yokocho.entrance.key import instance_key
from yokocho.errors import ExitCode
from yokocho.fetch import Fetcher, is_this_machine
from yokocho.first_alley import FRONT_ROOM, Progress, lay_sample_alley
from yokocho.handover.channel import SOCKET_NAME as HANDOVER_SOCKET
from yokocho.handover.channel import Estate
from yokocho.handover.desk import Desk, Keeper
from yokocho.handover.relief import Relief, TakeOverFailed
from yokocho.handover.successor import Successor, next_command
from yokocho.http.across import Across
from yokocho.http.addresses import UNKNOWN, cap_key, parse_address
from yokocho.http.api import AlleyPage
from yokocho.http.assets import Assets
from yokocho.http.door import Door, Guard
from yokocho.http.health import Health, HealthPage, Status
from yokocho.http.links import LinkPages
from yokocho.http.listen import bind, local_origins, room_for_sockets
from yokocho.http.me import MePages
from yokocho.http.metrics import MetricsPage
from yokocho.http.pages import Pages
from yokocho.http.people import PeoplePages
from yokocho.http.private import Private
from yokocho.http.restrictions import RestrictionPages
from yokocho.http.rights import RightsPages
from yokocho.http.server import Limits
from yokocho.http.site import Page, Site
from yokocho.http.static import load_static
from yokocho.metrics import Metrics
from yokocho.people import People
from yokocho.people import Refused as RefusedByHouse
from yokocho.people.console import Console
from yokocho.people.export import Exporter
from yokocho.people.gateways import Gateways
from yokocho.people.line import SOCKET_NAME as ORDERS_SOCKET
from yokocho.people.line import Listener
from yokocho.people.networks import household
from yokocho.rates import Rates
from yokocho.realtime import Doorway, Live, LiveSettings
from yokocho.service import tell_open, tell_reloading, tell_stopping
from yokocho.store.alleys import Alley, load_alley, room_ids
from yokocho.store.assets import all_assets
from yokocho.store.chat import add_chat, last_chats, prune_chats
from yokocho.store.errors import DataUnusable, StorageFailed, StoreError
from yokocho.store.lock import DataLock
from yokocho.store.people import visitor_id_of
from yokocho.store.preferences import get_preference
from yokocho.store.store import Database, Store, now_us
from yokocho.store.tombstones import Tombstones
from yokocho.unix_sockets import sweep

STATIC_ROOT: Final = Path(__file__).parent / "static"
NOT_YET_VISITORS: Final = 100
PRUNE_EVERY_S: Final = 3600.0
LOCK_PATIENCE_S: Final = 15.0
"""For a server that has let go, or is ending, to be gone from the directory."""
_US_PER_DAY: Final = 24 * 3600 * 1_000_000
_log: Final = structlog.stdlib.get_logger(__name__)


class Instance:
    """The parts of a running instance. Made by `run`, which also takes it apart."""

    def __init__(
        self,
        settings: Settings,
        lock: DataLock,
        database: Database,
        sockets: list[socket.socket],
        stopped: asyncio.Future[ExitCode],
    ) -> None:
        self.settings = settings
        self.stopped = stopped
        self.port: int = sockets[0].getsockname()[1]
        self.origins = settings.origin or local_origins(settings.host, self.port)
        self._sockets = sockets
        self._database = database
        self._room_id = _front_room(database)
        alley, scene = _load_scene(database, self._room_id)
        self.title = alley.room.title
        self.store = Store(database, self._storage_failed)
        self.people = People(
            database, self.store, Tombstones(settings.data), guest_hold_hours=settings.guest_hold_hours
        )
        self.entrance = Entrance(
            origins=self.origins,
            key=instance_key(settings.data),
            rules=self.people,
            room=self._room_id,
            entries=Rates(Rate(settings.entries_per_minute / 60, settings.entries_per_minute)),
            household=household,
        )
        console = Console(self.people, self.origins[0], serves=True)
        self.orders = Listener(settings.data, console.obey)
        self.metrics = Metrics(VERSION)
        self.live = self._open_room(scene)
        self.people.records.on_erased.append(self._forget)
        self.people.on_change.append(self.live.judge_anew)
        self.entrance.on_change.append(self.live.judge_anew)
        self._fetcher: Fetcher | None = None
        self.gateways: Gateways | None = None
        if settings.ask_gateways:
            self._fetcher, self.gateways = self._open_gateways()
        self.site = self._open_site(alley)
        keeper = Keeper(settings, lock, sockets, live=self.live, site=self.site, store=self.store)
        self.desk = Desk(keeper, self.end)
        self.successor = Successor(next_command(sys.argv[0], sys.argv[1:]), self._successor_failed)
        self.bots: BotChild | None = None
        self._pruning: asyncio.Task[None] | None = None

    def _open_room(self, scene: Scene) -> Live:
        history = self._database.read(lambda connection: last_chats(connection, self._room_id))
        room = Room(
            scene,
            RoomConfig(max_visitors=self.settings.max_visitors),
            time.monotonic(),
            history,
        )
        limits = LiveSettings(
            allowed_origins=frozenset((*self.origins, *self.settings.neighbours)),
            max_connections=_live_connections(self.settings),
            max_connections_per_address=self.settings.max_connections_per_address,
        )
        return Live(
            room,
            Doorway(self.entrance),
            settings=limits,
            save_chat=self._save_chat,
            metrics=self.metrics,
            count_by=_count_by,
        )

    def _open_gateways(self) -> tuple[Fetcher, Gateways]:
        main_origin = self.origins[0]
        fetcher = Fetcher(f"Yokocho/{VERSION} (+{main_origin}/)", here_too=is_this_machine(main_origin))
        gateways = Gateways(self.people, fetcher, origins=self.origins)
        gateways.on_refused.append(self._undo_entry)
        gateways.on_home.append(self._show_home)
        return fetcher, gateways

    def _open_site(self, alley: Alley) -> Site:
        settings = self.settings
        assets = {
            f"{asset.sha256}.{asset.suffix}": self.store.files.path(asset.sha256, asset.suffix)
            for asset in self._database.read(lambda connection: list(all_assets(connection)))
        }
        across = Across((*self.origins, *settings.neighbours))
        pages: tuple[Page, ...] = (
            Pages(load_static(STATIC_ROOT)),
            Assets(assets.get, across),
            AlleyPage(
                alley.room,
                settings.max_visitors,
                lambda: self.live.visitors,
                neighbours=settings.neighbours,
                across=across,
            ),
            Door(self.entrance, across),
            HealthPage(self._health),
            MetricsPage(self.metrics.render, settings.metrics_from),
            *self._house_pages(alley),
        )
        site = Site(
            pages,
            self.live.handle,
            origins=self.origins,
            neighbours=settings.neighbours,
            limits=Limits(
                total=settings.max_connections,
                per_address=settings.max_connections_per_address,
                proxies=settings.trusted_proxies,
                handshake_timeout_s=settings.handshake_timeout_s,
                keepalive_timeout_s=settings.keepalive_timeout_s,
                stalled_timeout_s=settings.stalled_timeout_s,
            ),
            shutdown_timeout_s=settings.shutdown_timeout_s,
        )
        self.metrics.watch("http_connections", "Open HTTP connections.", lambda: site.gate.open)
        self.metrics.watch("http_connections_refused", "HTTP connections over a cap.", lambda: site.gate.refused)
        rules = self.people.ledger
        self.metrics.watch("people_known", "People who are remembered.", lambda: len(rules.view.persons))
        self.metrics.watch("restrictions", "Bans and mutes in memory.", lambda: rules.view.restrictions)
        self.metrics.watch("store_commits", "Transactions that were committed.", lambda: self.store.writer.commits)
        return site

    def _house_pages(self, alley: Alley) -> tuple[Page, ...]:
        """The private interface: rights, peace, one's own data."""
        people, main_origin = self.people, self.origins[0]
        private = Private(
            people,
            Guard(self.entrance),
            requests_per_minute=self.settings.private_requests_per_minute,
            claims_per_hour=self.settings.claim_attempts_per_hour,
        )
        exporter = Exporter(people.ledger, self.store.files, instance_key(self.settings.data), main_origin)
        return (
            RightsPages(private, people.rights, main_origin),
            RestrictionPages(private, people.peace),
            PeoplePages(private, people.records, alley.stalls, self.origins),
            MePages(private, people, exporter, self.origins),
            LinkPages(private),
        )

    async def start(self) -> None:
        """Tick, answer, and send the walking visitors in."""
        await self.live.start()
        await self.site.start(self._sockets)
        await self.orders.open()
        self.desk.open()
        asyncio.get_running_loop().add_signal_handler(signal.SIGUSR2, self.call_successor)
        self._pruning = asyncio.create_task(self._prune())
        if self.settings.bots:
            self.bots = await BotChild.start(self.settings.bots, self._own_socket_url(), self.origins[0])

    async def claim_link(self) -> str | None:
        """The link by which somebody becomes the first operator; None when there is one."""
        try:
            return f"{self.origins[0]}/claim#{await self.people.rights.new_claim()}"
        except RefusedByHouse:
            return None

    async def stop(self) -> None:
        """The way out, in order; every step is tried even when one before it failed."""
        steps = [
            self.orders.close(),
            self.desk.close(),
            self.live.stop(),
            self.site.stop(),
            self.entrance.close(),
            *([] if self.gateways is None else [self.gateways.close()]),
            *([] if self._fetcher is None else [self._fetcher.close()]),
            self.store.close(),
        ]
        if self.bots is not None:
            steps.insert(0, self.bots.stop())
        asyncio.get_running_loop().remove_signal_handler(signal.SIGUSR2)
        self.site.stop_accepting()
        for sock in self._sockets:
            sock.close()
        if self._pruning is not None:
            self._pruning.cancel()
        for step in steps:
            try:
                await step
            except Exception:  # noqa: BLE001 - the steps after it matter just as much
                _log.exception("shutdown_step_failed")
        if self.desk.is_last:
            sweep(self.settings.data, HANDOVER_SOCKET, ORDERS_SOCKET)

    def recall(self, estate: Estate | None) -> bool:
        """Go on with the room of the server that we relieve; False when its visitors have to come again."""
        if estate is None:
            _log.warning("nothing_handed_over", reason="the other server died")
            return False
        try:
            if estate.fingerprint != handover.FINGERPRINT:
                raise WorldFault("it was remembered by another version")
            self.live.room.recall(handover.unpack(estate.memory), time.monotonic())
        except WorldFault as error:
            _log.warning("visitors_have_to_come_again", reason=str(error))
            return False
        return True

    def call_successor(self) -> None:
        """Start the server that is to relieve us."""
        if self.successor.start():
            tell_reloading(os.environ)

    def _successor_failed(self) -> None:
        if not self.desk.is_relieved:
            tell_open(os.environ)

    def _own_socket_url(self) -> str:
        host, port = self._sockets[0].getsockname()[:2]
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - read, not listened on
        return f"ws://[{host}]:{port}/live" if ":" in host else f"ws://{host}:{port}/live"

    def _health(self) -> Health:
        ends = self.stopped.done() and not self.desk.is_relieved
        status: Status = "storage_failed" if self.store.failed else "stopping" if ends else "ok"
        return Health(status, VERSION, rooms=1, visitors=self.live.visitors)

    async def _save_chat(self, chat: wire.Chat) -> None:
        """Returns once the words are safe. What is said near by is not for keeping."""
        if chat.scope == wire.Scope.ALLEY:
            await self.store.write(lambda connection: add_chat(connection, self._room_id, chat))

    def _forget(self, dids: tuple[str, ...]) -> None:
        """Somebody asked to be forgotten: nobody who comes later hears what they said, and they are out."""
        visitor_ids = set(map(visitor_id_of, dids))
        history = self.live.room.history
        kept = [chat for chat in history if chat.visitor_id not in visitor_ids]
        history.clear()
        history.extend(kept)
        for did in dids:
            self.entrance.forget(did)
            self.live.send_away(did, ProtocolError(ErrorCode.REVOKED, "This alley has forgotten you, as you asked."))

    def _undo_entry(self, did: str, refusal: BadIdentity) -> None:
        """Somebody is in who would not have been let in had we known what their home knows."""
        self.live.send_away(did, ProtocolError(ErrorCode.ENTRY_REFUSED, refusal.message, detail=refusal.code))

    def _show_home(self, did: str, home: str) -> None:
        self.live.room.set_home(visitor_id_of(did), home, self.live.now_s())

    def _storage_failed(self, error: StorageFailed) -> None:
        _log.critical("storage_failed", reason=str(error))
        self.end(ExitCode.STORAGE_FAILED)

    def end(self, code: ExitCode) -> None:
        """Ask for the way out."""
        _end(self.stopped, code)

    async def _prune(self) -> None:
        """Forget old words, now and every hour."""
        keep_us = int(self.settings.chat_retention_days * _US_PER_DAY)
        while True:
            with contextlib.suppress(StoreError):
                forgotten = await self.store.write(lambda connection: prune_chats(connection, now_us() - keep_us))
                if forgotten:
                    _log.info("chat_pruned", messages=forgotten)
                await self.people.tidy(self.settings.guest_retention_days, self.settings.record_retention_days)
            await asyncio.sleep(PRUNE_EVERY_S)


def _count_by(remote: str) -> str:
    """By what connections to the alley are counted: as pages are."""
    return cap_key(parse_address(remote) or UNKNOWN)


def _live_connections(settings: Settings) -> int:
    """As many as there may be visitors, and some for those who have yet to say hello or hear that the alley is full."""
    return settings.max_visitors + NOT_YET_VISITORS


def _front_room(database: Database) -> str:
    found = database.read(lambda connection: get_preference(connection, FRONT_ROOM))
    return str(found) if found else database.read(room_ids)[0]


def _load_scene(database: Database, room_id: str) -> tuple[Alley, Scene]:
    try:
        alley = database.read(lambda connection: load_alley(connection, room_id))
        return alley, Scene(alley.room, alley.plots, alley.stalls, alley.exhibits)
    except (LookupError, ValueError, WorldFault) as error:
        reason = " ".join(str(error).split())
        raise DataUnusable(f"The alley {room_id!r} in the database is damaged: {reason}.") from error


class Herald:
    """Hears how the start goes. The command line prints it; the default says nothing."""

    def building(self, what: str, share: float) -> None:
        """The sample alley grows: what is being made, and how much is done (0 to 1)."""

    def ready(self, instance: Instance) -> None:
        """The alley is open."""

    def unclaimed(self, link: str) -> None:
        """Nobody runs the alley yet; whoever opens the link does."""

    def stopping(self) -> None:
        """The way out has begun."""

    def relieved(self) -> None:
        """Another server has taken over, and we end."""


async def run(settings: Settings, herald: Herald, *, take_over: bool = False) -> ExitCode:
    """Open the instance, wait for its end, close it. With `take_over`, relieve the server that runs, if one does.

    Raises:
        YokochoError: it could not be opened; the message says why.
    """
    stopped: asyncio.Future[ExitCode] = asyncio.get_running_loop().create_future()
    with contextlib.ExitStack() as stack:
        stack.enter_context(_signals(stopped))
        _make_room_for_sockets(settings)
        relief = await asyncio.to_thread(Relief.ask, settings.data) if take_over else None
        if relief is None:
            lock = stack.enter_context(DataLock(settings.data))
            sockets = _listen(settings, stack, [])
        else:
            stack.callback(relief.close)
            sockets = _listen(settings, stack, relief.listening(settings.host, settings.port))
            _rehearse(settings)
            await asyncio.to_thread(relief.let_go)
            lock = stack.enter_context(await asyncio.to_thread(DataLock, settings.data, LOCK_PATIENCE_S))
        database = await _open_database(settings, herald.building, stopped)
        if database is None:
            return stopped.result()
        stack.callback(database.close)
        instance = Instance(settings, lock, database, sockets, stopped)
        try:
            if relief is not None:
                await _relieve(instance, relief)
            await instance.start()
            _log.info("open", origins=instance.origins, data=str(settings.data), version=VERSION)
            tell_open(os.environ)
            herald.ready(instance)
            if (link := await instance.claim_link()) is not None:
                _log.info("no_operator_yet", claim=link)
                herald.unclaimed(link)
            code = await stopped
            if instance.desk.is_relieved:
                herald.relieved()
            else:
                tell_stopping(os.environ)
                herald.stopping()
        finally:
            await instance.stop()
        _log.info("closed", code=int(code))
        return code


def _make_room_for_sockets(settings: Settings) -> None:
    wanted = settings.max_connections + _live_connections(settings)
    holds = room_for_sockets(wanted)
    if holds < wanted:
        _log.warning("few_open_files", connections=holds, wanted=wanted)


def _listen(settings: Settings, stack: contextlib.ExitStack, handed: list[socket.socket]) -> list[socket.socket]:
    """The sockets that we were handed, or new ones."""
    sockets = handed or bind(settings.host, settings.port)
    for sock in sockets:
        stack.callback(sock.close)
    return sockets


def _rehearse(settings: Settings) -> None:
    """Find out what would go wrong while another server still works with the data; changes nothing.

    Raises:
        YokochoError: we could not open.
    """
    load_static(STATIC_ROOT)
    database = Database(settings.data, only_look=True)
    try:
        if database.is_current and database.read(room_ids):
            _load_scene(database, _front_room(database))
    finally:
        database.close()


async def _relieve(instance: Instance, relief: Relief) -> None:
    """Take the room and the visitors of the server that runs; it ends with this.

    Raises:
        TakeOverFailed: it was too late; the other server goes on.
    """
    keeps = instance.recall(relief.estate)
    if instance.stopped.done():
        raise TakeOverFailed("We were called off; the running server goes on.")
    sockets = await asyncio.to_thread(relief.ready, keeps=keeps)
    if keeps and relief.estate is not None:
        instance.live.take_up(zip(sockets, relief.estate.luggage, strict=True))
    _log.info("took_over", version=relief.here.version, process=relief.here.process, connections=len(sockets))


async def _open_database(settings: Settings, progress: Progress, stopped: asyncio.Future[ExitCode]) -> Database | None:
    """The database with an alley in it; None when we were called off while the alley was being built."""
    database = Database(settings.data)
    if database.read(room_ids):
        return database
    database.close()
    building = asyncio.create_task(lay_sample_alley(settings.data, progress))
    either: set[asyncio.Future[Any]] = {building, stopped}
    await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
    if not building.done():
        building.cancel()
        await asyncio.wait({building})
        return None
    building.result()
    return Database(settings.data)


@contextlib.contextmanager
def _signals(stopped: asyncio.Future[ExitCode]) -> Iterator[None]:
    """SIGTERM and SIGINT ask for the way out."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, _end, stopped, ExitCode.OK)
    try:
        yield
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)


def _end(stopped: asyncio.Future[ExitCode], code: ExitCode) -> None:
    if not stopped.done():
        stopped.set_result(code)
