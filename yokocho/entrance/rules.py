"""What the door asks of the house rules. `yokocho.people` answers; tests have an answerer of their own."""

from __future__ import annotations

from typing import Any, Protocol

from federation.identity import Identity, Known


class Ban(Protocol):
    """Why somebody may not come in."""

    @property
    def reason(self) -> str:
        """To be told to the person."""
        ...

    @property
    def until_us(self) -> int | None:
        """When it ends (Unix, microseconds); None when it doesn't by itself."""
        ...

    @property
    def appeal(self) -> str:
        """Where the person can turn to."""
        ...


class Verdict(Protocol):
    """What somebody may do here."""

    @property
    def roles(self) -> int:
        """Bits of `world.wire.Role`."""
        ...

    @property
    def ban(self) -> Ban | None:
        """Why they may not come in, if so."""
        ...

    @property
    def is_muted(self) -> bool:
        """Whether they may not speak."""
        ...


class Rules(Protocol):
    """The house rules. Questions are answered at once, from memory."""

    def verdict(self, did: str, address: str, now_s: float) -> Verdict:
        """What the person may do who comes from this address."""
        ...

    def known(self, did: str) -> Known | None:
        """What is remembered of a did between visits."""
        ...

    def devices(self, did: str) -> tuple[str, ...] | None:
        """Multikeys of the devices that speak for somebody, by the newest document that is kept."""
        ...

    def confirmed_home(self, did: str) -> str | None:
        """The host where somebody is at home by that host's own word."""
        ...

    async def remember(
        self, did: str, name: str | None, look: Any, home: str, identity: Identity, now_s: float
    ) -> None:
        """Keep what somebody showed; returns once it is safe. None where nothing is said of a name or look."""
        ...
