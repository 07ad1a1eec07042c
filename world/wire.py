"""Every message of the live protocol, once.

Theory. A connection is a WebSocket at `/live`; every frame is binary. A message is a msgpack array `[type, field, …]`;
a frame of a visitor holds one message, a frame of the server one or several, back to back (`read_frame`). The types
1-31 go from the visitor to the server, 32-63 from the server to the visitor. There are no maps in anything a visitor
sends, so there are no duplicate keys; arrays have exactly the fields listed here. `decode_inbound` gives a message or
raises `ProtocolError`, nothing else (tests/world/test_fuzz_wire.py holds it to that).

What moves travels packed: a visitor's own pose is one little-endian `bin`, a tick's poses are two (`world.packed`).

Everything that must not be lost (who is here, what was said, what stands where) travels inside `Event` with a sequence
number per visitor; a visitor that comes back within `RESUME_WINDOW_S` says the last number it saw and gets the rest.

Everybody proves who they are. The server speaks first, with a nonce (`Challenge`); the visitor answers with `Hello`,
whose `Entry` holds an entry token for this nonce, the signed document of their identity and a proof by their session
key (docs/identity.md). What the visitor signs for is the address that they connected to, never what the challenge says.
A person is in a room once: who comes in again takes their place over, and the older connection ends with "replaced".
Events are replayed only to who names the token of the visit as well. `Welcome` brings an access token for the HTTP
interface, `SessionToken` a fresh one before it ends.

Growing without breaking: `hello` names the version and the sender's capabilities, `welcome` answers with those that
both know. New messages get new numbers and are sent only to peers that named the capability; a visitor's client
ignores server types and trailing fields that it doesn't know.

tools/gen_wire.py turns this module into TypeScript and into golden byte vectors that both test suites read.
"""

from __future__ import annotations

import math
from enum import IntEnum
from typing import Any, Final, TypeAlias, get_args

import msgpack
import msgspec

from world.errors import ErrorCode, ProtocolError, WorldFault
from world.packed import PoseFlag, check_packed_pose
from world.scene import Room, SceneCell, StallEntry

PROTOCOL_VERSION: Final = 1
CAPABILITIES: Final[tuple[str, ...]] = ()
"""Optional parts of the protocol this server speaks beyond version 1."""

MAX_MESSAGE_BYTES: Final = 64 * 1024
MAX_HELLO_BYTES: Final = 76 * 1024
"""A document, two tokens, and room for the rest: only the first message may be so large."""

MAX_PAPER_BYTES: Final = 4 * 1024
MAX_DOCUMENT_BYTES: Final = 64 * 1024
MAX_NAME_CHARS: Final = 32
MAX_CHAT_CHARS: Final = 500
MAX_CAPABILITIES: Final = 32
MAX_CAPABILITY_CHARS: Final = 32
MAX_TOKEN_CHARS: Final = 64
LOOK_PARTS: Final = 8
"""Numbers in a look: hair, hair colour, face, pattern, kimono colour, sash colour, wood, height (see `Look`)."""
RESUME_WINDOW_S: Final = 30.0
MIN_HEIGHT_CM: Final = 110
MAX_HEIGHT_CM: Final = 200


class Role(IntEnum):
    """Bits of a card's `roles`."""

    ARTISAN = 1
    KEEPER = 2
    OPERATOR = 4


class Scope(IntEnum):
    """How far a chat message carries."""

    NEAR = 0
    ALLEY = 1


class EmoteKind(IntEnum):
    """Gestures of the doll."""

    WAVE = 0
    BOW = 1
    CLAP = 2
    HEART = 3
    LAUGH = 4
    QUESTION = 5


class Relation(IntEnum):
    """What one visitor wants of another: MUTE silences their words, BLOCK hides both from each other."""

    NONE = 0
    MUTE = 1
    BLOCK = 2


class Presence(IntEnum):
    """State of an avatar as others see it."""

    HERE = 0
    LOST = 1


class LeaveReason(IntEnum):
    """Why an avatar is no longer in sight."""

    OUT_OF_RANGE = 0
    LEFT = 1
    LOST = 2
    REMOVED = 3


class CorrectReason(IntEnum):
    """Why the server put a visitor somewhere else than their client said."""

    SPAWN = 0
    TOO_FAST = 1
    OUT_OF_BOUNDS = 2
    JUMP = 3


Look: TypeAlias = tuple[int, int, int, int, int, int, int, int]
"""Hair style, hair colour, face, pattern, kimono colour, sash colour, wood (each 0-15), height in cm."""


# --- visitor to server ------------------------------------------------------------------------------------------------


class Resume(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """The session to take up again: its secret token and the last event number seen."""

    token: str
    last_seq: int


class Entry(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """The papers of who comes in: entry token (JWT), signed actor document (JSON), proof by the session key (JWT)."""

    token: str
    document: str
    proof: str


class Hello(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True, tag=1):
    """The first message, in answer to `Challenge`. `language` is a BCP 47 tag."""

    version: int
    capabilities: list[str]
    name: str
    look: Look
    language: str
    resume: Resume | None
    entry: Entry


class Pose(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True, tag=2):
    """The visitor's own pose, packed (`POSE_HEAD`, or `POSE_HEAD` + `POSE_HANDS`). Sent at most 20 times a second."""

    packed: bytes


class Say(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True, tag=3):
    """Something said. `ref` comes back in the speaker's own `Chat` or in an `Error`."""

    scope: Scope
    text: str
    ref: int


class Emote(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True, tag=4):
    """A gesture."""

    kind: EmoteKind


class Ping(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True, tag=5):
    """Clock sync: `client_ms` comes back unchanged in `Pong`. `last_seq` acknowledges events."""

    client_ms: float
    last_seq: int


class Change(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True, tag=6):
    """A new name or look."""

    name: str
    look: Look


class Relate(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True, tag=7):
    """Mute, block or forgive another visitor."""

    visitor_id: str
    relation: Relation


class AskRoster(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True, tag=8):
    """Who is in the alley, near or far?"""


class Leave(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True, tag=9):
    """The visitor goes for good: no resume."""


class Jump(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True, tag=10):
    """Ask to be put on the ground at x, z, looking along `yaw_rad`: a teleport in VR, "go there" in the directory.

    The answer is `Correct` with reason JUMP, or an `Error`. A pose that jumps by itself is taken for cheating.
    """

    x: float
    z: float
    yaw_rad: float


Inbound: TypeAlias = Hello | Pose | Say | Emote | Ping | Change | Relate | AskRoster | Leave | Jump


# --- server to visitor ------------------------------------------------------------------------------------------------


class Card(msgspec.Struct, frozen=True, array_like=True):
    """Who an avatar is. `slot` names it in pose records; `visitor_id` is the person's at this instance for good.

    `home` is the host of the instance that the person comes from, empty for this one and while it is not sure; `roles`
    are bits.
    """

    slot: int
    visitor_id: str
    name: str
    look: Look
    presence: Presence
    home: str
    roles: int


class Welcome(msgspec.Struct, frozen=True, array_like=True, tag=32):
    """The answer to `Hello`.

    `resumed`: the events after the `last_seq` that was asked for follow; otherwise the client forgets what it knew.
    `server_ms` is the room's clock (milliseconds since it opened), `wall_ms` the time of day (Unix). `session_token` is
    an access token for the HTTP interface, good for `session_life_s` and with the session key alone.
    """

    version: int
    capabilities: list[str]
    card: Card
    token: str
    resumed: bool
    tick_hz: int
    server_ms: int
    wall_ms: int
    max_visitors: int
    max_speed_m_s: float
    session_token: str
    session_life_s: int


class Poses(msgspec.Struct, frozen=True, array_like=True, tag=33):
    """Poses of this tick for everyone in one cell: `HEAD_RECORD`s, then `HANDS_RECORD`s. May hold the visitor's own.

    The centre of the cell is at ((column + ½) · cell_m, (row + ½) · cell_m); `cell_m` is in `RoomState`.
    """

    server_ms: int
    column: int
    row: int
    heads: bytes
    hands: bytes


class Event(msgspec.Struct, frozen=True, array_like=True, tag=34):
    """Something that must not be lost, as number `seq` of this visitor's events (1, 2, …). `body` is `[type, …]`."""

    seq: int
    body: Any


class Enter(msgspec.Struct, frozen=True, array_like=True, tag=35):
    """These avatars came within hearing, or their card changed."""

    cards: list[Card]


class Gone(msgspec.Struct, frozen=True, array_like=True, tag=36):
    """This avatar is no longer in sight."""

    slots: list[int]
    reason: LeaveReason


class Chat(msgspec.Struct, frozen=True, array_like=True, tag=37):
    """Something that was said. `ref` is 0 except for the speaker's own; `id` is unique in the room."""

    id: int
    visitor_id: str
    name: str
    scope: Scope
    text: str
    wall_ms: int
    ref: int


class Gesture(msgspec.Struct, frozen=True, array_like=True, tag=38):
    """An avatar's emote."""

    slot: int
    kind: EmoteKind


class RoomState(msgspec.Struct, frozen=True, array_like=True, tag=39):
    """The alley, its directory and the side of the pose cells."""

    room: Room
    directory: list[StallEntry]
    cell_m: float


class Scene(msgspec.Struct, frozen=True, array_like=True, tag=40):
    """Content of scene cells; replaces what the client knew of them."""

    cells: list[SceneCell]


class Pong(msgspec.Struct, frozen=True, array_like=True, tag=41):
    """Answer to `Ping`."""

    client_ms: float
    server_ms: int


class Error(msgspec.Struct, frozen=True, array_like=True, tag=42):
    """What the visitor did wrong; `ref` names the message it is about, 0 if none. The connection goes on."""

    code: str
    message: str
    ref: int


class Bye(msgspec.Struct, frozen=True, array_like=True, tag=43):
    """The server closes after this. `retry_after_ms` < 0: don't come back by yourself.

    `detail` says more: of "entry_refused" what is wrong with the papers, of "banned" where to turn to. `until_ms` is
    when a ban ends (Unix), 0 when it doesn't by itself.
    """

    code: str
    message: str
    retry_after_ms: int
    detail: str
    until_ms: int


class Correct(msgspec.Struct, frozen=True, array_like=True, tag=44):
    """Stand here. Poses are ignored until one carries this `epoch`."""

    epoch: int
    x: float
    y: float
    z: float
    yaw_rad: float
    reason: CorrectReason


class Roster(msgspec.Struct, frozen=True, array_like=True, tag=45):
    """Who is in the alley, at most 500, without the blocked; `total` counts all."""

    cards: list[Card]
    total: int


class Census(msgspec.Struct, frozen=True, array_like=True, tag=46):
    """How many visitors are in the alley, sent when it changed."""

    visitors: int


class History(msgspec.Struct, frozen=True, array_like=True, tag=47):
    """What was said before this visitor came, oldest first."""

    messages: list[Chat]


class Relations(msgspec.Struct, frozen=True, array_like=True, tag=48):
    """Whom this visitor mutes or blocks now: visitor id, name, relation."""

    entries: list[tuple[str, str, Relation]]


class Challenge(msgspec.Struct, frozen=True, array_like=True, tag=49):
    """The server's first message: answer `nonce` within a minute. `audience` and `room` say who asks for what.

    A visitor signs for the origin of the address that they connected to, whatever `audience` says.
    """

    nonce: str
    audience: str
    room: str


class SessionToken(msgspec.Struct, frozen=True, array_like=True, tag=50):
    """A fresh access token for the HTTP interface."""

    token: str
    life_s: int


Outbound: TypeAlias = (
    Welcome
    | Poses
    | Event
    | Enter
    | Gone
    | Chat
    | Gesture
    | RoomState
    | Scene
    | Pong
    | Error
    | Bye
    | Correct
    | Roster
    | Census
    | History
    | Relations
    | Challenge
    | SessionToken
)

INBOUND: Final[tuple[type[msgspec.Struct], ...]] = get_args(Inbound)
OUTBOUND: Final[tuple[type[msgspec.Struct], ...]] = get_args(Outbound)
ENUMS: Final = (PoseFlag, Role, Scope, EmoteKind, Relation, Presence, LeaveReason, CorrectReason)

_INBOUND_TAGS: Final = frozenset(message.__struct_config__.tag for message in INBOUND)
_decoder: Final = msgspec.msgpack.Decoder(Inbound)
_head_decoder: Final = msgspec.msgpack.Decoder(list[msgspec.Raw])
_tag_decoder: Final = msgspec.msgpack.Decoder(int)
_encoder: Final = msgspec.msgpack.Encoder()
_outbound_decoder: Final = msgspec.msgpack.Decoder(Outbound)


def encode(message: Outbound | Inbound) -> bytes:
    """The bytes of one frame."""
    return _encoder.encode(message)


def decode_inbound(frame: bytes | memoryview, max_bytes: int = MAX_MESSAGE_BYTES) -> Inbound:
    """Parse and validate what a visitor sent; `MAX_HELLO_BYTES` are for their first message.

    Raises:
        ProtocolError: and nothing else, whatever the bytes are.
    """
    if len(frame) > max_bytes:
        raise ProtocolError(ErrorCode.TOO_LARGE, f"This message may have at most {max_bytes} bytes.")
    try:
        message: Inbound = _decoder.decode(frame)
    except msgspec.ValidationError as error:
        raise _why_invalid(frame, error) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, OverflowError) as error:
        raise ProtocolError(ErrorCode.MALFORMED, "The message is not valid msgpack.") from error
    _check(message)
    return message


def decode_outbound(frame: bytes | memoryview) -> Outbound:
    """Parse what the server sent: for tests and tools, which trust the server.

    Raises:
        WorldFault: the bytes are not a server message.
    """
    try:
        message: Outbound = _outbound_decoder.decode(frame)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise WorldFault(f"not a server message: {error}") from error
    return message


def read_frame(frame: bytes) -> list[Outbound]:
    """All messages of a server frame: for tests and tools, which trust the server.

    Raises:
        WorldFault: the bytes are not server messages.
    """
    unpacker = msgpack.Unpacker(max_buffer_size=0)
    unpacker.feed(frame)
    messages = []
    begin = 0
    while begin < len(frame):
        try:
            unpacker.skip()
        except (msgpack.UnpackException, ValueError) as error:
            raise WorldFault("not a server message: cut short, or not msgpack") from error
        end = unpacker.tell()
        messages.append(decode_outbound(frame[begin:end]))
        begin = end
    return messages


def encode_part(part: msgspec.Struct) -> bytes:
    """The bytes of a part of a message, such as a `Card`."""
    return _encoder.encode(part)


def enter_body(cards: list[bytes]) -> bytes:
    """An encoded `Enter` made of cards that are encoded already."""
    count = len(cards)
    header = bytes((0x90 | count,)) if count < 16 else b"\xdc" + count.to_bytes(2, "big")
    return b"\x92\x23" + header + b"".join(cards)


def event_frame(seq: int, body: bytes) -> bytes:
    """The frame of an `Event` around an already encoded body, so that one body serves many visitors."""
    return b"\x93\x22\xce" + seq.to_bytes(4, "big") + body


def _why_invalid(frame: bytes | memoryview, error: msgspec.ValidationError) -> ProtocolError:
    """Tell an unknown type from a wrong field: msgspec says both with one class."""
    try:
        head = _head_decoder.decode(frame)
        tag = _tag_decoder.decode(head[0])
    except (msgspec.MsgspecError, IndexError, RecursionError, UnicodeDecodeError):
        return ProtocolError(ErrorCode.MALFORMED, "A message is an array that begins with its type.")
    if tag not in _INBOUND_TAGS:
        return ProtocolError(ErrorCode.UNKNOWN_TYPE, f"There is no message of type {tag}.")
    return ProtocolError(ErrorCode.WRONG_TYPE, f"Message type {tag}: {error}.")


def _check(message: Inbound) -> None:
    """Limits that types cannot say."""
    match message:
        case Pose(packed=packed):
            check_packed_pose(packed)
        case Hello():
            _check_hello(message)
        case Say(text=text, ref=ref):
            _require(len(text) <= MAX_CHAT_CHARS, ErrorCode.TEXT_INVALID, f"At most {MAX_CHAT_CHARS} characters.")
            _require(0 <= ref < 2**32, ErrorCode.OUT_OF_RANGE, "`ref` is a 32-bit number.")
        case Ping(client_ms=client_ms, last_seq=last_seq):
            _require(math.isfinite(client_ms), ErrorCode.NOT_FINITE, "`client_ms` is not finite.")
            _require(0 <= last_seq < 2**32, ErrorCode.OUT_OF_RANGE, "`last_seq` is a 32-bit number.")
        case Change(name=name, look=look):
            _check_person(name, look)
        case Jump(x=x, z=z, yaw_rad=yaw_rad):
            finite = math.isfinite(x) and math.isfinite(z) and math.isfinite(yaw_rad)
            _require(finite, ErrorCode.NOT_FINITE, "The place is not finite.")
        case Relate(visitor_id=visitor_id):
            _require(len(visitor_id) <= MAX_TOKEN_CHARS, ErrorCode.OUT_OF_RANGE, "The visitor id is too long.")
        case _:
            pass


def _check_hello(hello: Hello) -> None:
    _require(
        hello.version == PROTOCOL_VERSION,
        ErrorCode.UNSUPPORTED_VERSION,
        f"This server speaks version {PROTOCOL_VERSION} of the live protocol.",
    )
    _require(len(hello.capabilities) <= MAX_CAPABILITIES, ErrorCode.OUT_OF_RANGE, "Too many capabilities.")
    longest = max(map(len, hello.capabilities), default=0)
    _require(longest <= MAX_CAPABILITY_CHARS, ErrorCode.OUT_OF_RANGE, "A capability's name is too long.")
    _require(len(hello.language) <= MAX_CAPABILITY_CHARS, ErrorCode.OUT_OF_RANGE, "The language tag is too long.")
    if hello.resume is not None:
        _require(len(hello.resume.token) <= MAX_TOKEN_CHARS, ErrorCode.OUT_OF_RANGE, "The resume token is too long.")
        _require(0 <= hello.resume.last_seq < 2**32, ErrorCode.OUT_OF_RANGE, "`last_seq` is a 32-bit number.")
    for paper in (hello.entry.token, hello.entry.proof):
        _require(len(paper) <= MAX_PAPER_BYTES, ErrorCode.OUT_OF_RANGE, "A token is too long.")
    _require(len(hello.entry.document) <= MAX_DOCUMENT_BYTES, ErrorCode.OUT_OF_RANGE, "The document is too long.")
    _check_person(hello.name, hello.look)


def _check_person(name: str, look: Look) -> None:
    # Names are normalised and cut by the session; here only the size of what may be looked at.
    _require(len(name) <= 4 * MAX_NAME_CHARS, ErrorCode.NAME_INVALID, "The name is too long.")
    _require(all(0 <= part <= 255 for part in look), ErrorCode.OUT_OF_RANGE, "A look is eight numbers from 0 to 255.")


def _require(condition: bool, code: ErrorCode, message: str) -> None:
    if not condition:
        raise ProtocolError(code, message)
