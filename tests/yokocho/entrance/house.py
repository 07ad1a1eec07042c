"""House rules in memory, for tests that need somebody to say who may come in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from federation.identity import Identity, Known


class Ban(NamedTuple):
    reason: str
    until_us: int | None = None
    appeal: str = "Write to keeper@alley.example."


class Verdict(NamedTuple):
    roles: int = 0
    ban: Ban | None = None
    is_muted: bool = False


@dataclass
class House:
    """What `yokocho.people` decides, said by the test."""

    verdicts: dict[str, Verdict] = field(default_factory=dict)
    networks: dict[str, Ban] = field(default_factory=dict)
    identities: dict[str, Identity] = field(default_factory=dict)
    successors: dict[str, str] = field(default_factory=dict)
    homes: dict[str, str] = field(default_factory=dict)
    visits: list[tuple[str, str | None, str]] = field(default_factory=list)
    is_broken: bool = False

    def verdict(self, did: str, address: str, now_s: float) -> Verdict:
        verdict = self.verdicts.get(did, Verdict())
        return verdict._replace(ban=verdict.ban or self.networks.get(address))

    def known(self, did: str) -> Known | None:
        identity = self.identities.get(did)
        if identity is None:
            return None
        known = Known.of(identity)
        return Known(did, known.sequence, known.digest, known.next_key_digest, self.successors.get(did))

    def devices(self, did: str) -> tuple[str, ...] | None:
        return tuple(self.identities[did].devices) if did in self.identities else None

    def confirmed_home(self, did: str) -> str | None:
        return self.homes.get(did)

    async def remember(
        self, did: str, name: str | None, look: Any, home: str, identity: Identity, now_s: float
    ) -> None:
        if self.is_broken:
            raise OSError("disk full")
        self.visits.append((did, name, home))
        self.identities[did] = identity
