"""Whatever people do with their identities, an instance that sees some of it never goes back.

A state machine of one person who adds, revokes and rotates devices, moves, and hands over to a successor, and of a
thief with any key but the next one, who shows old documents, signs second truths and forges successions. The
instance sees what it is shown, in any order. What holds after every step is written in the invariants.
"""

from __future__ import annotations

import dataclasses

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, precondition, rule

from federation import canonical, identity, keys
from federation.errors import RefusalCode, Refused
from tests.federation.support import did, document, promise, read

ROOTS = ("root 0", "root 1", "root 2", "root 3")
DEVICES = tuple(f"device {number}" for number in range(5))
HOMES = ("https://a.example", "https://d.example:8443")

devices = st.lists(st.sampled_from(DEVICES), min_size=1, max_size=3, unique=True)


class Identities(RuleBasedStateMachine):
    """One person, one thief, one instance."""

    papers: Bundle[canonical.JsonObject] = Bundle("papers")

    def __init__(self) -> None:
        super().__init__()
        self.generation = 0
        self.sequence = 0
        self.devices: list[str] = []
        self.home = HOMES[0]
        self.newest: canonical.JsonObject | None = None
        self.known: dict[str, identity.Known] = {}
        self.promised: dict[str, str] = {}
        self.handed_over: set[str] = set()
        self.accepted: list[tuple[str, int, bytes]] = []

    @property
    def root(self) -> str:
        return ROOTS[self.generation]

    @property
    def following(self) -> str:
        return f"root {self.generation + 1}"

    def publish(self) -> canonical.JsonObject:
        self.sequence += 1
        self.newest = document(
            self.root,
            devices=self.devices or DEVICES[:1],
            sequence=self.sequence,
            gateways=[self.home],
            following=self.following,
            predecessor=ROOTS[self.generation - 1] if self.generation else None,
        )
        return self.newest

    # --- the person ---

    @rule(target=papers, chosen=devices)
    def rotate(self, chosen: list[str]) -> canonical.JsonObject:
        self.devices = chosen
        return self.publish()

    @rule(target=papers, device=st.sampled_from(DEVICES))
    def add(self, device: str) -> canonical.JsonObject:
        self.devices = sorted({*self.devices, device})
        return self.publish()

    @precondition(lambda self: len(self.devices) > 1)
    @rule(target=papers)
    def revoke(self) -> canonical.JsonObject:
        self.devices = self.devices[1:]
        return self.publish()

    @rule(target=papers, home=st.sampled_from(HOMES))
    def move(self, home: str) -> canonical.JsonObject:
        self.home = home
        return self.publish()

    @precondition(lambda self: self.generation + 1 < len(ROOTS))
    @rule(target=papers)
    def hand_over(self) -> canonical.JsonObject:
        self.generation += 1
        return self.publish()

    # --- the thief, who has the root of the moment and not the next one ---

    @rule(target=papers, back=st.integers(0, 2))
    def sign_a_second_truth(self, back: int) -> canonical.JsonObject:
        made = document(
            self.root,
            devices=["thief"],
            sequence=max(0, self.sequence - back),
            following=self.following,
        )
        self.see(made)
        return made

    @rule(target=papers, ahead=st.integers(1, 3), following=st.sampled_from(["thief", None]))
    def change_the_promise(self, ahead: int, following: str | None) -> canonical.JsonObject:
        return document(self.root, devices=["thief"], sequence=self.sequence + ahead, following=following)

    @rule(target=papers, generation=st.integers(0, len(ROOTS) - 1))
    def forge_a_succession(self, generation: int) -> canonical.JsonObject:
        return document("thief", devices=["thief"], predecessor=ROOTS[generation])

    @rule(target=papers, paper=papers)
    def tamper(self, paper: canonical.JsonObject) -> canonical.JsonObject:
        sequence = paper["sequence"]
        assert isinstance(sequence, int)
        return {**paper, "sequence": sequence + 1}

    # --- the instance ---

    @rule(paper=papers)
    def show(self, paper: canonical.JsonObject) -> None:
        self.see(paper)

    @rule()
    def show_the_newest(self) -> None:
        self.see(self.newest or self.publish())

    def see(self, paper: canonical.JsonObject) -> None:
        try:
            new = read(paper)
        except Refused as refusal:
            assert refusal.code is RefusalCode.BAD_SIGNATURE
            return
        known = self.known.get(new.did)
        try:
            identity.judge(known, new)
        except Refused as refusal:
            assert known is not None
            self.check_refusal(known, new, refusal.code)
            return
        old = self.known.get(new.predecessor or "")
        if old is not None and identity.succeeds(old, new):
            self.known[old.did] = dataclasses.replace(old, successor=new.did)
            self.handed_over.add(old.did)
        self.known[new.did] = identity.Known.of(new)
        self.accepted.append((new.did, new.sequence, new.digest))

    def check_refusal(self, known: identity.Known, new: identity.Identity, code: RefusalCode) -> None:
        """Nothing is refused without its reason."""
        match code:
            case RefusalCode.SUCCEEDED:
                assert known.did in self.handed_over
            case RefusalCode.ROLLED_BACK:
                assert new.sequence < known.sequence
            case RefusalCode.FORKED:
                assert new.sequence == known.sequence
                assert new.digest != known.digest
            case RefusalCode.COMMITMENT_CHANGED:
                assert new.next_key_digest != known.next_key_digest
            case _:
                raise AssertionError(code)

    # --- what holds ---

    @invariant()
    def editions_never_go_back(self) -> None:
        newest: dict[str, tuple[int, bytes]] = {}
        for name, sequence, digest in self.accepted:
            before = newest.get(name)
            assert before is None or sequence > before[0] or (sequence, digest) == before
            newest[name] = (sequence, digest)

    @invariant()
    def what_is_known_is_what_was_accepted_last(self) -> None:
        for name, sequence, digest in self.accepted:
            assert self.known[name].sequence >= sequence
            assert self.known[name].sequence > sequence or self.known[name].digest == digest

    @invariant()
    def a_promise_never_changes(self) -> None:
        for name, known in self.known.items():
            if known.next_key_digest is not None:
                assert self.promised.setdefault(name, known.next_key_digest) == known.next_key_digest

    @invariant()
    def only_the_promised_succeed(self) -> None:
        """Whom the first document that was seen had promised; where that was an honest one, the person themselves."""
        for known in self.known.values():
            if known.successor is not None:
                promised = self.promised[known.did]
                assert keys.next_key_digest(keys.key_from_did(known.successor)) == promised
                number = next(at for at, root in enumerate(ROOTS) if did(root) == known.did) + 1
                assert promised != promise(f"root {number}") or known.successor == did(f"root {number}")

    @invariant()
    def who_handed_over_stays_handed_over(self) -> None:
        assert all(self.known[name].successor is not None for name in self.handed_over)


TestIdentities = Identities.TestCase
TestIdentities.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
