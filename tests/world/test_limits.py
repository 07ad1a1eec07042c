"""Token buckets: the burst, the rate, and nothing beyond, whatever the clock does."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from world import wire
from world.limits import PATIENCE, POSE_RATE, RATES, Bucket, Rate


def test_a_burst_then_the_rate() -> None:
    bucket = Bucket(Rate(per_s=2.0, burst=3.0), 10.0)
    assert [bucket.take(10.0) for _ in range(5)] == [True, True, True, False, False]
    assert not bucket.take(10.4)
    assert bucket.take(10.6)
    assert not bucket.take(10.6)


def test_rest_earns_no_more_than_the_burst() -> None:
    bucket = Bucket(Rate(per_s=2.0, burst=3.0), 0.0)
    assert sum(bucket.take(1e6) for _ in range(10)) == 3


def test_refusals_cost_nothing() -> None:
    bucket = Bucket(Rate(per_s=1.0, burst=1.0), 0.0)
    assert bucket.take(0.0)
    for i in range(9):
        assert not bucket.take(i / 10)
    assert bucket.take(1.01)


def test_a_clock_that_steps_back_gives_nothing() -> None:
    bucket = Bucket(Rate(per_s=1.0, burst=1.0), 100.0)
    assert bucket.take(100.0)
    assert not bucket.take(50.0)


def test_many_at_once() -> None:
    bucket = Bucket(Rate(per_s=1.0, burst=10.0), 0.0)
    assert bucket.take(0.0, 6.0)
    assert not bucket.take(0.0, 6.0)
    assert bucket.take(0.0, 4.0)


@given(
    st.floats(0.1, 50.0),
    st.floats(1.0, 50.0),
    st.lists(st.floats(0.0, 3.0), min_size=1, max_size=60),
)
def test_never_more_than_burst_and_rate(per_s: float, burst: float, gaps_s: list[float]) -> None:
    bucket = Bucket(Rate(per_s, burst), 0.0)
    now_s = 0.0
    taken = 0
    for gap_s in gaps_s:
        now_s += gap_s
        taken += bucket.take(now_s)
        assert taken <= burst + per_s * now_s + 1e-6


def test_everything_that_may_repeat_has_a_rate() -> None:
    unlimited = set(wire.INBOUND) - set(RATES)
    assert unlimited == {wire.Hello, wire.Pose, wire.Leave}


def test_a_client_of_twenty_poses_a_second_is_never_limited() -> None:
    bucket = Bucket(POSE_RATE, 0.0)
    assert all(bucket.take(i / 20) for i in range(1000))


def test_patience_ends() -> None:
    bucket = Bucket(PATIENCE, 0.0)
    assert sum(bucket.take(0.0) for _ in range(10_000)) == PATIENCE.burst
