"""First contact: whether the homes that somebody names know something newer of them.

Theory. A document proves itself, so nobody has to be asked to let somebody in, and nobody is: a home may be gone. But
who was never here before could show an old edition, one that still lists a lost device. So after they are in, some of
the gateways that their own document names are asked for the document that they keep. The answer proves itself as well,
and counts as if it had been known at the door: what `judge` would have said then is said now. Whoever showed an older
edition, or one of a root that has a successor, has to go, and the newer one is remembered. Two documents with one
number, or two promises of a successor, decide nothing here, because nobody can tell which came first; the log has them.

A gateway that answers keeps the person's document: when it is the home, `name@home` is more than a claim from then on
(`on_home`). It is asked again where it did not answer, or when somebody has another home, but never because somebody
merely came: where people go is not for their homes to know.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection, Coroutine
from typing import Any, Final, Protocol

import structlog

from federation.errors import RefusalCode, Refused
from federation.identity import MAX_DOCUMENT_BYTES, Identity, Known, judge, read_document, succeeds
from world.limits import Rate
from yokocho.fetch import FetchFailed
from yokocho.people.people import People
from yokocho.rates import Rates
from yokocho.store.errors import StoreError

MAX_ASKED: Final = 2
MAX_WAITING: Final = 256
"""People about whom somebody is asked at one time; who comes beyond that is asked about another time."""

AGAIN: Final = Rate(1 / 3600, 2)
"""How often somebody's gateways are asked about them."""

ACCEPT: Final = 'application/ld+json; profile="https://www.w3.org/ns/activitystreams", application/activity+json'
_TYPES: Final = frozenset({"application/ld+json", "application/activity+json"})
_log: Final = structlog.stdlib.get_logger(__name__)


class Asks(Protocol):
    """Fetches from strangers; `yokocho.fetch.Fetcher` does."""

    async def get(self, address: str, *, accept: str, types: Collection[str], max_bytes: int) -> bytes:
        """What lies at an address.

        Raises:
            FetchFailed: it cannot be had.
        """
        ...


def address_of(gateway: str, did: str) -> str:
    """Where a gateway keeps somebody's document (FEP-ef61)."""
    return f"{gateway}/.well-known/apgateway/{did}/actor"


class Gateways:
    """Asks about people who came in, after they did.

    Args:
        people: where they are known; it is told what was found.
        asks: fetches documents.
        origins: our own, of which nobody asks.
        clock: monotonic seconds.

    Attributes:
        on_refused: called with a did and the reason when somebody who is in would not have been let in.
        on_home: called with a did and a host when somebody's home said that they are at home there.
    """

    def __init__(
        self,
        people: People,
        asks: Asks,
        *,
        origins: Collection[str],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.on_refused: list[Callable[[str, Refused], None]] = []
        self.on_home: list[Callable[[str, str], None]] = []
        self._people = people
        self._asks = asks
        self._origins = frozenset(origins)
        self._clock = clock
        self._again = Rates(AGAIN)
        self._under_way: set[asyncio.Task[None]] = set()
        people.on_shown.append(self.meet)

    @property
    def waiting(self) -> int:
        """About how many people somebody is asked right now."""
        return len(self._under_way)

    async def close(self) -> None:
        """Ask no more."""
        for task in self._under_way:
            task.cancel()
        if self._under_way:
            await asyncio.wait(self._under_way)

    def meet(self, identity: Identity, is_new: bool) -> None:
        """Somebody showed a document that is kept now. Does not wait."""
        asked = [gateway for gateway in identity.gateways if gateway not in self._origins][:MAX_ASKED]
        if not is_new:
            is_confirmed = self._people.confirmed_home(identity.did) == identity.home
            asked = [gateway for gateway in asked if gateway == identity.gateways[0] and not is_confirmed]
        if not asked or len(self._under_way) >= MAX_WAITING or not self._again.take(identity.did, self._clock()):
            return
        self._begin(self._ask(identity, asked))

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _ask(self, identity: Identity, gateways: list[str]) -> None:
        try:
            found = await asyncio.gather(*(self._kept_at(gateway, identity.did) for gateway in gateways))
            newer = [one for one in found if one is not None and _is_newer(identity, one)]
            if newer:
                await self._take_up(identity, max(newer, key=lambda one: (one.did != identity.did, one.sequence)))
            elif gateways[0] == identity.gateways[0] and found[0] is not None and found[0].did == identity.did:
                await self._people.confirm_home(identity.did, identity.home)
                for told in self.on_home:
                    told(identity.did, identity.home)
        except (StoreError, Refused) as error:
            _log.warning("gateway_answer_not_kept", did=identity.did, reason=str(error))

    async def _kept_at(self, gateway: str, did: str) -> Identity | None:
        """The document that a gateway keeps of somebody, or of whoever took their place."""
        try:
            data = await self._asks.get(
                address_of(gateway, did), accept=ACCEPT, types=_TYPES, max_bytes=MAX_DOCUMENT_BYTES
            )
            found = read_document(data)
        except (FetchFailed, Refused) as error:
            _log.info("gateway_did_not_help", gateway=gateway, did=did, reason=str(error))
            return None
        return found if did in (found.did, found.predecessor) else None

    async def _take_up(self, shown: Identity, newer: Identity) -> None:
        """What is newer counts from now on; whoever came with the older one has to go."""
        known = self._people.known(shown.did)
        if known is None or known.digest != shown.digest or known.successor is not None:
            return  # they were forgotten, or have shown something else since
        home = "" if newer.gateways[0] in self._origins else newer.home
        await self._people.publish(newer, home)
        refusal = (
            Refused(RefusalCode.ROLLED_BACK, "A newer edition of this identity is known where you are at home.")
            if newer.did == shown.did
            else Refused(RefusalCode.SUCCEEDED, "This identity has handed over to its successor.")
        )
        _log.info("entry_undone", did=shown.did, code=refusal.code)
        for told in self.on_refused:
            told(shown.did, refusal)


def _is_newer(shown: Identity, found: Identity) -> bool:
    """Whether what a gateway keeps would have kept the shown document out."""
    if found.did != shown.did:
        return succeeds(Known.of(shown), found)
    try:
        judge(Known.of(found), shown)
    except Refused as refusal:
        if refusal.code is RefusalCode.ROLLED_BACK:
            return True
        _log.warning("two_truths", did=shown.did, code=refusal.code, sequences=(shown.sequence, found.sequence))
    return False
