"""One session, step by step: what each message does, and which fault ends it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from tests.world.support import LOOK, NO_PAPERS, WALL_MS, credentials, flat_scene, hello, packed_pose, person
from world import wire
from world.errors import ErrorCode, ProtocolError
from world.limits import PATIENCE, POSE_RATE, RATES
from world.room import Room, RoomConfig
from world.session import Phase, Session
from world.visitor import Credentials, Person, Visitor

NOW_S = 100.0


@dataclass
class Desk:
    """A room and what its sessions asked the caller to do."""

    room: Room = field(default_factory=lambda: Room(flat_scene(), RoomConfig(max_visitors=3), NOW_S))
    kept: list[wire.Chat] = field(default_factory=list)
    replaced: list[Visitor] = field(default_factory=list)
    count: int = 0

    refusal: ProtocolError | None = None

    def session(self, number: int | None = None) -> Session:
        """A connection of somebody new, or of somebody who was here before."""
        self.count += 1
        who, gets = person(number or self.count), credentials(self.count)

        def admit(_hello: wire.Hello) -> tuple[Person, Credentials]:
            if self.refusal is not None:
                raise self.refusal
            return who, gets

        return Session(self.room, admit, keep=self.kept.append, replaced=self.replaced.append)

    def live(self, name: str = "Aki") -> tuple[Session, Visitor]:
        session = self.session()
        session.receive(wire.encode(hello(name)), NOW_S, WALL_MS)
        assert session.visitor is not None
        session.visitor.outbox.clear()
        return session, session.visitor


def answers(visitor: Visitor) -> list[wire.Outbound]:
    return [wire.decode_outbound(frame) for frame in visitor.outbox]


def ending(session: Session, message: wire.Inbound | bytes, now_s: float = NOW_S) -> ErrorCode:
    """The code with which a message ends a session."""
    with pytest.raises(ProtocolError) as fault:
        session.receive(message if isinstance(message, bytes) else wire.encode(message), now_s, WALL_MS)
    assert fault.value.close_code is not None
    assert session.phase is Phase.OVER
    return fault.value.code


def refusal(session: Session, visitor: Visitor, message: wire.Inbound) -> wire.Error:
    """The answer to a message that the room refuses; the session goes on."""
    visitor.outbox.clear()
    session.receive(wire.encode(message), NOW_S, WALL_MS)
    (error,) = answers(visitor)
    assert isinstance(error, wire.Error)
    assert session.phase is Phase.LIVE
    return error


def test_hello_brings_somebody_in() -> None:
    desk = Desk()
    session = desk.session()
    session.receive(wire.encode(hello("  Aki ")), NOW_S, WALL_MS)
    assert session.phase is Phase.LIVE
    assert session.visitor is not None
    welcome = answers(session.visitor)[0]
    assert isinstance(welcome, wire.Welcome)
    assert welcome.card.name == "Aki"
    assert (welcome.token, welcome.resumed, welcome.wall_ms) == ("token-1", False, WALL_MS)


@pytest.mark.parametrize(
    ("first", "code"),
    [
        (b"", ErrorCode.MALFORMED),
        (b"\xc1", ErrorCode.MALFORMED),
        (b"\x91\x63", ErrorCode.UNKNOWN_TYPE),
        (b"\x91\x01", ErrorCode.WRONG_TYPE),
        (b"\x00" * (wire.MAX_HELLO_BYTES + 1), ErrorCode.TOO_LARGE),
        (wire.Leave(), ErrorCode.HELLO_EXPECTED),
        (wire.Pose(packed_pose(0.0, 0.0, epoch=1)), ErrorCode.HELLO_EXPECTED),
        (wire.Say(wire.Scope.ALLEY, "hi", 1), ErrorCode.HELLO_EXPECTED),
        (wire.Hello(9, [], "Aki", LOOK, "en", None, NO_PAPERS), ErrorCode.UNSUPPORTED_VERSION),
        (wire.Say(wire.Scope.ALLEY, "x" * 501, 1), ErrorCode.HELLO_EXPECTED),
        (hello("\u200b"), ErrorCode.NAME_INVALID),
        (hello("n" * 500), ErrorCode.NAME_INVALID),
    ],
)
def test_what_is_no_hello_ends_the_session(first: wire.Inbound | bytes, code: ErrorCode) -> None:
    desk = Desk()
    assert ending(desk.session(), first) is code
    assert not desk.room.visitors


def test_hello_is_said_once() -> None:
    desk = Desk()
    session, visitor = desk.live()
    assert ending(session, hello()) is ErrorCode.HELLO_TWICE
    assert desk.room.visitors == {visitor.slot: visitor}
    assert not visitor.connected


@pytest.mark.parametrize(
    ("message", "code"),
    [
        (b"\x93\x03\x00\xa1", ErrorCode.MALFORMED),
        (b"\x94\x03\x05\xa2hi\x01", ErrorCode.WRONG_TYPE),
        (wire.Pose(packed_pose(float("nan"), 0.0, epoch=1)), ErrorCode.NOT_FINITE),
        (wire.Jump(float("inf"), 0.0, 0.0), ErrorCode.NOT_FINITE),
    ],
)
def test_after_a_fault_nothing_is_obeyed(message: wire.Inbound | bytes, code: ErrorCode) -> None:
    desk = Desk()
    session, visitor = desk.live()
    assert ending(session, message) is code
    session.receive(wire.encode(wire.Say(wire.Scope.ALLEY, "still here", 1)), NOW_S, WALL_MS)
    session.receive(wire.encode(hello()), NOW_S, WALL_MS)
    session.receive(wire.encode(wire.Leave()), NOW_S, WALL_MS)
    assert not desk.kept
    assert list(desk.room.visitors.values()) == [visitor]
    assert not visitor.connected


@pytest.mark.parametrize(
    ("message", "code"),
    [
        (wire.Say(wire.Scope.ALLEY, "\u200d \u200d", 7), ErrorCode.TEXT_INVALID),
        (wire.Jump(1e6, 0.0, 0.0), ErrorCode.OUT_OF_RANGE),
        (wire.Relate("nobody", wire.Relation.BLOCK), ErrorCode.UNKNOWN_VISITOR),
        (wire.Change("\u3164", LOOK), ErrorCode.NAME_INVALID),
    ],
)
def test_what_the_room_refuses_is_answered(message: wire.Inbound, code: ErrorCode) -> None:
    desk = Desk()
    error = refusal(*desk.live(), message)
    assert error.code == code
    assert error.ref == (7 if isinstance(message, wire.Say) else 0)


def test_words_that_are_too_long_are_answered_for_a_while() -> None:
    desk = Desk()
    session, visitor = desk.live()
    long = wire.Say(wire.Scope.ALLEY, "x" * 501, 7)
    for _ in range(int(PATIENCE.burst)):
        assert refusal(session, visitor, long).code == ErrorCode.TEXT_INVALID
    assert ending(session, long) is ErrorCode.FLOOD


def test_words_for_the_alley_are_kept_before_they_are_told() -> None:
    desk = Desk()
    session, visitor = desk.live()
    session.receive(wire.encode(wire.Say(wire.Scope.ALLEY, "tea?", 5)), NOW_S, WALL_MS)
    assert not answers(visitor)
    (chat,) = desk.kept
    desk.room.publish(chat, NOW_S)
    (event,) = answers(visitor)
    assert isinstance(event, wire.Event)


def test_pings_are_answered_and_acknowledge() -> None:
    desk = Desk()
    session, visitor = desk.live()
    session.receive(wire.encode(wire.Ping(12.5, visitor.stream.seq)), NOW_S + 1.5, WALL_MS)
    assert answers(visitor) == [wire.Pong(12.5, 1500)]
    assert visitor.stream.after(visitor.stream.seq - 1) is None


def test_leave_is_for_good() -> None:
    desk = Desk()
    session, visitor = desk.live()
    session.receive(wire.encode(wire.Leave()), NOW_S, WALL_MS)
    assert session.phase is Phase.OVER
    assert not desk.room.visitors
    assert desk.room.present(visitor.visitor_id) is None
    session.closed(NOW_S)


def test_too_much_is_answered_then_ends() -> None:
    desk = Desk()
    session, visitor = desk.live()
    emote = wire.encode(wire.Emote(wire.EmoteKind.WAVE))
    for _ in range(int(RATES[wire.Emote].burst)):
        session.receive(emote, NOW_S, WALL_MS)
    for _ in range(int(PATIENCE.burst)):
        visitor.outbox.clear()
        session.receive(emote, NOW_S, WALL_MS)
        (error,) = answers(visitor)
        assert isinstance(error, wire.Error)
        assert error.code == ErrorCode.RATE_LIMITED
    assert ending(session, emote) is ErrorCode.FLOOD


def test_a_flood_of_poses_ends() -> None:
    desk = Desk()
    session, _ = desk.live()
    pose = wire.encode(wire.Pose(packed_pose(0.0, 0.0, epoch=1)))
    for _ in range(int(POSE_RATE.burst + PATIENCE.burst)):
        session.receive(pose, NOW_S, WALL_MS)
    assert ending(session, pose) is ErrorCode.FLOOD


def test_what_piled_up_while_the_server_stood_still_is_no_flood() -> None:
    desk = Desk()
    session, visitor = desk.live()
    pose = wire.encode(wire.Pose(packed_pose(0.0, 0.0, epoch=1)))
    desk.room.forgive(2.0, NOW_S)
    for _ in range(int(POSE_RATE.burst + PATIENCE.burst) * 3):
        session.receive(pose, NOW_S, WALL_MS)
    assert session.phase is Phase.LIVE
    for _ in range(int(POSE_RATE.burst + PATIENCE.burst)):
        session.receive(pose, NOW_S + 2.0, WALL_MS)
    assert visitor.connected
    assert ending(session, pose, NOW_S + 2.0) is ErrorCode.FLOOD


def test_a_full_room_turns_away() -> None:
    desk = Desk()
    for _ in range(3):
        desk.live()
    assert ending(desk.session(), hello()) is ErrorCode.ROOM_FULL


def test_resume_takes_the_presence_over() -> None:
    desk = Desk()
    session, visitor = desk.live()
    seq = visitor.stream.seq
    session.closed(NOW_S)
    assert not visitor.connected
    again = desk.session(1)
    again.receive(wire.encode(hello(resume=wire.Resume("token-1", seq))), NOW_S, WALL_MS)
    assert again.visitor is visitor
    assert not desk.replaced
    (welcome,) = answers(visitor)
    assert isinstance(welcome, wire.Welcome)
    assert (welcome.resumed, welcome.token) == (True, "token-1")
    assert (welcome.session_token, welcome.session_life_s) == ("session-2", 900)


def test_resume_ends_the_connection_that_is_still_there() -> None:
    desk = Desk()
    _, visitor = desk.live()
    again = desk.session(1)
    again.receive(wire.encode(hello(resume=wire.Resume("token-1", 0))), NOW_S, WALL_MS)
    assert desk.replaced == [visitor]
    assert again.visitor is visitor


def test_another_window_takes_the_place_over_and_starts_afresh() -> None:
    desk = Desk()
    _, visitor = desk.live()
    again = desk.session(1)
    again.receive(wire.encode(hello("Aki again")), NOW_S, WALL_MS)
    assert desk.replaced == [visitor]
    assert again.visitor is visitor
    assert list(desk.room.visitors.values()) == [visitor]
    welcome = answers(visitor)[0]
    assert isinstance(welcome, wire.Welcome)
    assert (welcome.resumed, welcome.token, welcome.card.name) == (False, "token-2", "Aki again")


def test_the_token_of_a_visit_is_good_for_its_person_alone() -> None:
    desk = Desk()
    _, visitor = desk.live()
    thief = desk.session()
    thief.receive(wire.encode(hello(resume=wire.Resume(visitor.token, 0))), NOW_S, WALL_MS)
    assert thief.visitor is not None
    assert thief.visitor is not visitor
    assert thief.visitor.token == "token-2"
    assert visitor.connected
    assert not desk.replaced


def test_who_is_not_admitted_stays_outside() -> None:
    desk = Desk(refusal=ProtocolError(ErrorCode.BANNED, "You shouted.", detail="Write to us.", until_ms=5))
    session = desk.session()
    assert ending(session, hello()) is ErrorCode.BANNED
    assert not desk.room.visitors


def test_a_first_message_may_be_large_and_only_that() -> None:
    desk = Desk()
    papers = wire.Entry("t", "d" * wire.MAX_DOCUMENT_BYTES, "p" * wire.MAX_PAPER_BYTES)
    session = desk.session()
    session.receive(wire.encode(hello(entry=papers)), NOW_S, WALL_MS)
    assert session.phase is Phase.LIVE
    assert ending(session, b"\x00" * (wire.MAX_MESSAGE_BYTES + 1)) is ErrorCode.TOO_LARGE


@pytest.mark.parametrize(
    "papers",
    [
        wire.Entry("t" * (wire.MAX_PAPER_BYTES + 1), "d", "p"),
        wire.Entry("t", "d", "p" * (wire.MAX_PAPER_BYTES + 1)),
        wire.Entry("t", "d" * (wire.MAX_DOCUMENT_BYTES + 1), "p"),
    ],
)
def test_papers_have_their_size(papers: wire.Entry) -> None:
    desk = Desk()
    assert ending(desk.session(), hello(entry=papers)) is ErrorCode.OUT_OF_RANGE


def test_the_muted_are_told_so() -> None:
    desk = Desk()
    session, visitor = desk.live()
    desk.room.set_roles(visitor.visitor_id, 0, is_muted=True, now_s=NOW_S)
    error = refusal(session, visitor, wire.Say(wire.Scope.NEAR, "hello", 7))
    assert (error.code, error.ref) == (ErrorCode.MUTED, 7)
    assert not desk.kept


@pytest.mark.parametrize("end", [Session.detach, lambda session: session.closed(NOW_S)])
def test_who_is_over_hears_nothing(end: Callable[[Session], object]) -> None:
    desk = Desk()
    session, _ = desk.live()
    end(session)
    session.receive(b"\xc1", NOW_S, WALL_MS)
    assert session.phase is Phase.OVER
