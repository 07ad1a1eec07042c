"""Claims, invitations and grants as a state machine: whatever is tried in whatever order, the rules hold.

The model is a set of rights and of codes. The machine also restarts the house at any point: what was decided stands.
"""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import tempfile
from collections.abc import Awaitable
from pathlib import Path
from typing import Any, Final, TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests.yokocho.people.support import HOUR_US, Clock, House, Somebody, open_house
from yokocho.people import AT_THE_CONSOLE, Actor, Code, Refused, Roles
from yokocho.people.roles import BY_NAME

T = TypeVar("T")

PEOPLE: Final = [Somebody().did for _ in range(3)]
RIGHTS: Final = [("artisan", "stall0"), ("artisan", "stall1"), ("keeper", None), ("operator", None)]
people = st.sampled_from(PEOPLE)
rights = st.sampled_from(RIGHTS)


class Machine(RuleBasedStateMachine):
    """The house beside a model of it."""

    pristine: Path
    codes: Bundle[tuple[str, str, str | None, int]] = Bundle("codes")
    claims: Bundle[str] = Bundle("claims")

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.folder = Path(tempfile.mkdtemp(prefix="yokocho-rights-"))
        shutil.copytree(self.pristine, self.folder / "data")
        self.clock = Clock()
        self.stack = contextlib.AsyncExitStack()
        self.held: set[tuple[str, str, str | None]] = set()
        self.used: set[str] = set()
        self.claim_code: str | None = None
        self.house = self._open()

    def _open(self) -> House:
        return self.wait(self.stack.enter_async_context(open_house(self.folder / "data", self.clock)))

    def wait(self, work: Awaitable[T]) -> T:
        return self.loop.run_until_complete(asyncio.ensure_future(work, loop=self.loop))

    def code_of(self, work: Awaitable[Any]) -> Code | None:
        try:
            self.wait(work)
        except Refused as refused:
            return refused.code
        return None

    def teardown(self) -> None:
        self.wait(self.stack.aclose())
        self.loop.close()
        shutil.rmtree(self.folder)

    def actor(self, did: str) -> Actor:
        return Actor(did, self.house.people.verdict(did, "", 0).roles)

    def operators(self) -> set[str]:
        return {did for did, role, _ in self.held if role == "operator"}

    # --- claims -----------------------------------------------------------------------------------------------------

    @initialize(target=claims)
    def first_start(self) -> str:
        self.claim_code = self.wait(self.house.people.rights.new_claim())
        return self.claim_code

    @rule(target=claims)
    def new_claim(self) -> str:
        try:
            code = self.wait(self.house.people.rights.new_claim())
        except Refused as refused:
            assert refused.code is Code.CLAIMED
            assert self.operators()
            return "no code"
        assert not self.operators()
        self.claim_code = code
        return code

    @rule(code=claims, did=people)
    def claim(self, code: str, did: str) -> None:
        expected = None
        if self.operators():
            expected = Code.CLAIMED
        elif code in self.used:
            expected = Code.CODE_USED
        elif code != self.claim_code:
            expected = Code.CODE_UNKNOWN
        assert self.code_of(self.house.people.rights.claim(code, did)) == expected
        if expected is None:
            self.held.add((did, "operator", None))
            self.used.add(code)

    # --- invitations ------------------------------------------------------------------------------------------------

    @rule(target=codes, by=people, right=rights)
    def invite(self, by: str, right: tuple[str, str | None]) -> tuple[str, str, str | None, int]:
        try:
            made, code = self.wait(self.house.people.rights.invite(self.actor(by), *right, days=1))
        except Refused as refused:
            expected = Code.BAD_VALUE if by in self.operators() else Code.NOT_ALLOWED
            assert refused.code is expected
            assert by not in self.operators() or right[0] == "operator"
            return ("no code", *right, 0)
        assert by in self.operators()
        assert right[0] != "operator"
        assert made.expires_us is not None
        return (code, *right, made.expires_us)

    @rule(invitation=codes, did=people)
    def accept(self, invitation: tuple[str, str, str | None, int], did: str) -> None:
        code, role, stall, expires_us = invitation
        right = (did, role, stall)
        expected = None
        if code == "no code":
            expected = Code.CODE_UNKNOWN
        elif code in self.used:
            expected = Code.CODE_USED
        elif expires_us <= self.clock.us:
            expected = Code.CODE_EXPIRED
        elif right in self.held:
            expected = Code.GRANTED
        assert self.code_of(self.house.people.rights.accept(code, did)) == expected
        if expected is None:
            self.held.add(right)
            self.used.add(code)

    @rule(code=claims, did=people)
    def claims_are_no_invitations(self, code: str, did: str) -> None:
        assert self.code_of(self.house.people.rights.accept(code, did)) == Code.CODE_UNKNOWN

    @rule(hours=st.sampled_from([1, 23, 25]))
    def time_passes(self, hours: int) -> None:
        self.clock.us += hours * HOUR_US

    # --- grants -----------------------------------------------------------------------------------------------------

    @rule(by=people, did=people, right=rights)
    def grant(self, by: str, did: str, right: tuple[str, str | None]) -> None:
        expected = None
        if by not in self.operators():
            expected = Code.NOT_ALLOWED
        elif (did, *right) in self.held:
            expected = Code.GRANTED
        assert self.code_of(self.house.people.rights.grant(self.actor(by), did, *right)) == expected
        if expected is None:
            self.held.add((did, *right))

    @rule(by=people, did=people, right=rights)
    def revoke(self, by: str, did: str, right: tuple[str, str | None]) -> None:
        grants = self.house.people.rights.grants(AT_THE_CONSOLE)
        number = next((grant.id for grant in grants if (grant.did, grant.role, grant.stall_id) == (did, *right)), 0)
        expected = None
        if by not in self.operators():
            expected = Code.NOT_ALLOWED
        elif (did, *right) not in self.held:
            expected = Code.GRANT_UNKNOWN
        elif right[0] == "operator" and self.operators() == {did}:
            expected = Code.LAST_OPERATOR
        assert self.code_of(self.house.people.rights.revoke(self.actor(by), number)) == expected
        if expected is None:
            self.held.discard((did, *right))

    @rule(did=people)
    def forget(self, did: str) -> None:
        expected = Code.LAST_OPERATOR if self.operators() == {did} else None
        assert self.code_of(self.house.people.records.erase(did)) == expected
        if expected is None:
            self.held = {right for right in self.held if right[0] != did}
        self.clock.us += 1

    @rule()
    def restart(self) -> None:
        self.wait(self.stack.aclose())
        self.stack = contextlib.AsyncExitStack()
        self.house = self._open()

    # --- what always holds ------------------------------------------------------------------------------------------

    @invariant()
    def rights_are_as_decided(self) -> None:
        grants = self.house.people.rights.grants(AT_THE_CONSOLE)
        assert {(grant.did, grant.role, grant.stall_id) for grant in grants} == self.held
        assert len(grants) == len(self.held)
        for did in PEOPLE:
            roles = Roles.VISITOR
            for holder, role, _ in self.held:
                roles |= BY_NAME[role] if holder == did else Roles.VISITOR
            assert self.house.people.verdict(did, "", 0).roles == roles


@pytest.mark.slow
def test_rights_hold_whatever_is_tried(pristine: Path) -> None:
    class OnThisAlley(Machine):
        pass

    OnThisAlley.pristine = pristine
    run_state_machine_as_test(
        OnThisAlley,
        settings=settings(
            max_examples=25, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
