"""Events come once, in order, or the stream says that it can't promise so any more."""

from __future__ import annotations

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from world import wire
from world.stream import MAX_RING_BYTES, Stream
from world.wire import RESUME_WINDOW_S


def _body(number: int) -> bytes:
    return wire.encode(wire.Census(number))


def _numbers(frames: list[bytes] | None) -> list[int] | None:
    return None if frames is None else [msgspec.msgpack.decode(frame)[1] for frame in frames]


def test_the_first_event_is_one() -> None:
    stream = Stream()
    frame = stream.push(_body(5), 0.0)
    event = wire.decode_outbound(frame)
    assert event == wire.Event(1, [46, 5])
    assert stream.seq == 1


def test_what_follows_is_replayed() -> None:
    stream = Stream()
    frames = [stream.push(_body(i), 0.0) for i in range(5)]
    assert stream.after(2) == frames[2:]
    assert stream.after(5) == []
    assert stream.after(0) == frames


def test_what_never_was_cannot_be_followed() -> None:
    stream = Stream()
    assert stream.after(0) == []
    assert stream.after(1) is None
    stream.push(_body(1), 0.0)
    assert stream.after(2) is None


def test_acknowledged_events_are_forgotten() -> None:
    stream = Stream()
    for i in range(5):
        stream.push(_body(i), 0.0)
    stream.acknowledge(3)
    assert stream.after(2) is None
    assert _numbers(stream.after(3)) == [4, 5]
    stream.acknowledge(2**32 - 1)
    assert stream.after(5) == []
    assert stream.after(4) is None


def test_old_events_are_forgotten() -> None:
    stream = Stream()
    stream.push(_body(1), 0.0)
    stream.push(_body(2), 20.0)
    stream.prune(RESUME_WINDOW_S + 1.0)
    assert stream.after(0) is None
    assert _numbers(stream.after(1)) == [2]


def test_the_ring_is_bounded() -> None:
    stream = Stream()
    for _ in range(100):
        stream.push(b"\xc5\xff\xff" + bytes(65535), 0.0)
    kept = stream.after(95)
    assert kept is not None
    assert stream.after(50) is None
    assert sum(map(len, stream.after(93) or [])) <= MAX_RING_BYTES


def test_one_event_larger_than_the_ring_is_sent_but_not_kept() -> None:
    stream = Stream()
    body = b"\xc6" + MAX_RING_BYTES.to_bytes(4, "big") + bytes(MAX_RING_BYTES)
    assert len(stream.push(body, 0.0)) > MAX_RING_BYTES
    assert stream.after(0) is None
    assert stream.after(1) == []
    stream.push(_body(1), 0.0)
    assert _numbers(stream.after(1)) == [2]


@given(
    st.lists(
        st.tuples(st.just("push"), st.integers(0, 300))
        | st.tuples(st.just("acknowledge"), st.integers(0, 40))
        | st.tuples(st.just("pass"), st.integers(0, 20)),
        max_size=60,
    ),
    st.integers(0, 60),
)
def test_either_exactly_what_followed_or_nothing(steps: list[tuple[str, int]], last_seq: int) -> None:
    stream = Stream()
    told: list[bytes] = []
    now_s = 0.0
    for what, number in steps:
        if what == "push":
            told.append(stream.push(_body(number), now_s))
        elif what == "acknowledge":
            stream.acknowledge(number)
        else:
            now_s += number
            stream.prune(now_s)
    assert stream.seq == len(told)
    replay = stream.after(last_seq)
    if replay is not None:
        assert replay == told[last_seq:]
    if last_seq == len(told):
        assert replay == []


def test_nobody_goes_on_from_before_a_fresh_start() -> None:
    stream = Stream()
    for i in range(3):
        stream.push(_body(i), 0.0)
    stream.restart()
    assert stream.after(3) is None
    frame = stream.push(_body(9), 0.0)
    assert stream.after(2) is None
    assert stream.after(3) is None
    assert stream.after(4) == [frame]
