"""The house rules in memory: the database's answer to "may this person come in?", without asking it.

Theory. The event loop can't wait for a database when somebody knocks, so what decides is held here: who is known, with
which document, which roles they have, whom and what is restricted. The view is loaded at the start and changed only
after the commit of the same change, so it is never ahead of the disk. It reads no clock.

A ban of a did lets the household it came from wait for a while (`Hold`): whoever was known here before walks in as
ever, but a new guest waits. A ban of a network does not shut out those who look after the alley.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple

from federation.identity import Known
from yokocho.kinds import Network
from yokocho.people.networks import household, read_address, read_network
from yokocho.people.roles import BY_NAME, MODERATORS, Roles
from yokocho.store.grants import Grant
from yokocho.store.restrictions import Hold, Restriction

MAX_HOUSEHOLDS: Final = 20_000
"""Of how many people the household is remembered, in memory alone."""

WAITING: Final = (
    "Somebody was sent away from your network a short while ago. New guests from there are asked to wait a little."
)


class Remembered(NamedTuple):
    """What the view holds of a person."""

    known: Known
    devices: tuple[str, ...]
    first_seen_us: int
    confirmed_home: str | None = None


class Ban(NamedTuple):
    """Why somebody may not come in.

    Attributes:
        reason: to be told to the person.
        until_us: when it ends, None when it does not by itself.
        appeal: where to turn.
    """

    reason: str
    until_us: int | None
    appeal: str


class Verdict(NamedTuple):
    """What somebody may do here."""

    roles: Roles
    stalls: tuple[str, ...]
    ban: Ban | None
    is_muted: bool


@dataclass(frozen=True, slots=True)
class _NetworkRule:
    network: Network
    rule: Restriction


class View:
    """The rules in memory. `hash_of` is the keyed hash of the tombstones' file."""

    def __init__(self, hash_of: Callable[[str], str]) -> None:
        self._hash_of = hash_of
        self.appeal = ""
        self.persons: dict[str, Remembered] = {}
        self._grants: dict[str, list[Grant]] = {}
        self._by_did: dict[str, list[Restriction]] = {}
        self._by_hash: dict[str, list[Restriction]] = {}
        self._by_network: list[_NetworkRule] = []
        self._holds: dict[str, list[Hold]] = {}
        self._households: OrderedDict[str, str] = OrderedDict()

    # --- questions --------------------------------------------------------------------------------------------------

    def verdict(self, did: str, address: str, now_us: int) -> Verdict:
        """What the person may do who comes from this address now; "" where only the person counts."""
        roles = self.roles_of(did)
        if address:
            self._note_household(did, address)
        rules = [rule for rule in self._rules_for(did, address, roles) if rule.holds(now_us)]
        bans = [rule for rule in rules if rule.kind == "ban"]
        ban: Ban | None = None
        if bans:
            longest = max(bans, key=lambda rule: (rule.expires_us is None, rule.expires_us or 0))
            ban = Ban(longest.reason, longest.expires_us, self.appeal)
        elif not roles:
            ban = self._wait(did, now_us)
        return Verdict(roles, self.stalls_of(did), ban, any(rule.kind == "mute" for rule in rules))

    def current(self, did: str) -> str:
        """The did by which the person goes now: rights and restrictions are for whoever took over."""
        person = self.persons.get(did)
        while person is not None and person.known.successor is not None:
            did = person.known.successor
            person = self.persons.get(did)
        return did

    def roles_of(self, did: str) -> Roles:
        """What somebody is here."""
        roles = Roles.VISITOR
        for grant in self._grants.get(did, ()):
            roles |= BY_NAME[grant.role]
        return roles

    def stalls_of(self, did: str) -> tuple[str, ...]:
        """The stalls that somebody keeps."""
        return tuple(grant.stall_id for grant in self._grants.get(did, ()) if grant.stall_id is not None)

    def grants_of(self, did: str) -> tuple[Grant, ...]:
        """The rights of one person."""
        return tuple(self._grants.get(did, ()))

    def all_grants(self) -> list[Grant]:
        """All rights, oldest first."""
        return sorted(grant for grants in self._grants.values() for grant in grants)

    def operators(self) -> set[str]:
        """Who runs the instance."""
        return {did for did in self._grants if Roles.OPERATOR in self.roles_of(did)}

    def household_hash(self, did: str) -> str | None:
        """The keyed hash of where somebody came from last."""
        return self._households.get(did)

    @property
    def restrictions(self) -> int:
        """How many bans and mutes are held, for the metrics."""
        by_name = (*self._by_did.values(), *self._by_hash.values())
        return sum(map(len, by_name)) + len(self._by_network)

    # --- changes, after the commit ----------------------------------------------------------------------------------

    def add_grant(self, grant: Grant) -> None:
        """Somebody got a right."""
        self._grants.setdefault(grant.did, []).append(grant)

    def remove_grant(self, grant: Grant) -> None:
        """Somebody lost a right."""
        left = [one for one in self._grants.get(grant.did, ()) if one.id != grant.id]
        self._grants[grant.did] = left
        if not left:
            del self._grants[grant.did]

    def add_restriction(self, rule: Restriction, holds: Iterable[Hold] = ()) -> None:
        """A ban or mute is in force."""
        if rule.network is not None:
            self._by_network.append(_NetworkRule(read_network(rule.network, is_operator=True), rule))
        elif rule.did is not None:
            self._by_did.setdefault(rule.did, []).append(rule)
        elif rule.did_hash is not None:
            self._by_hash.setdefault(rule.did_hash, []).append(rule)
        for hold in holds:
            self.add_hold(hold)

    def add_hold(self, hold: Hold) -> None:
        """New guests of a household wait."""
        self._holds.setdefault(hold.address_hash, []).append(hold)

    def drop_restrictions(self, is_over: Callable[[Restriction], bool]) -> None:
        """Forget what is in force no longer, and its waiting addresses."""
        over: set[int] = set()
        for table in (self._by_did, self._by_hash):
            for key, rules in list(table.items()):
                over.update(rule.id for rule in rules if is_over(rule))
                table[key] = [rule for rule in rules if rule.id not in over]
                if not table[key]:
                    del table[key]
        over.update(each.rule.id for each in self._by_network if is_over(each.rule))
        self._by_network = [each for each in self._by_network if each.rule.id not in over]
        self.drop_holds(lambda hold: hold.restriction_id in over)

    def drop_holds(self, is_over: Callable[[Hold], bool]) -> None:
        """Let addresses in again."""
        for key, holds in list(self._holds.items()):
            self._holds[key] = [hold for hold in holds if not is_over(hold)]
            if not self._holds[key]:
                del self._holds[key]

    def move(self, old: str, new: str) -> None:
        """Rights and restrictions of one did are another's now."""
        moved = [grant._replace(did=new) for grant in self._grants.pop(old, ())]
        if moved:
            self._grants.setdefault(new, []).extend(moved)
        rules = [rule._replace(did=new) for rule in self._by_did.pop(old, ())]
        if rules:
            self._by_did.setdefault(new, []).extend(rules)

    def forget(self, did: str) -> None:
        """Nobody remembers the person; a restriction that stays is put in again under its hash."""
        self.persons.pop(did, None)
        self._grants.pop(did, None)
        self._households.pop(did, None)
        for rule in self._by_did.pop(did, ()):
            self.add_restriction(rule._replace(did=None, did_hash=self._hash_of(did), reason=""))

    # --- inside -----------------------------------------------------------------------------------------------------

    def _rules_for(self, did: str, address: str, roles: Roles) -> list[Restriction]:
        rules = list(self._by_did.get(did, ()))
        if self._by_hash:
            rules += self._by_hash.get(self._hash_of(did), ())
        parsed = read_address(address) if self._by_network and not roles & MODERATORS else None
        if parsed is not None:
            rules += [
                each.rule
                for each in self._by_network
                if each.network.version == parsed.version and parsed in each.network
            ]
        return rules

    def _note_household(self, did: str, address: str) -> None:
        home = household(address)
        if home is None:
            self._households.pop(did, None)
            return
        self._households[did] = self._hash_of(home)
        self._households.move_to_end(did)
        if len(self._households) > MAX_HOUSEHOLDS:
            self._households.popitem(last=False)

    def _wait(self, did: str, now_us: int) -> Ban | None:
        """Whether a guest whom nobody knew before has to wait because of who was banned at the same address."""
        if not self._holds:
            return None
        holds = self._holds.get(self._households.get(did, ""), ())
        known = self.persons.get(did)
        waiting = [
            hold.expires_us
            for hold in holds
            if now_us < hold.expires_us and (known is None or known.first_seen_us >= hold.since_us)
        ]
        return Ban(WAITING, max(waiting), self.appeal) if waiting else None
