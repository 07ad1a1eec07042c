// Generated from world/wire.py, world/scene.py and world/errors.py by tools/gen_wire.py. Do not edit.
import {
  type LocalText,
  type Look,
  listOf,
  orNull,
  type Quat,
  type Reader,
  readBool,
  readBytes,
  readFields,
  readLook,
  readNumber,
  readQuat,
  readString,
  readText,
  readVec3,
  tupleOf,
  type Vec3,
} from './fields';

export type { LocalText, Look, Quat, Vec3 };

export const PROTOCOL_VERSION = 1;
export const MAX_MESSAGE_BYTES = 65536;
export const MAX_HELLO_BYTES = 77824;
export const MAX_PAPER_BYTES = 4096;
export const MAX_DOCUMENT_BYTES = 65536;
export const MAX_NAME_CHARS = 32;
export const MAX_CHAT_CHARS = 500;
export const LOOK_PARTS = 8;
export const RESUME_WINDOW_S = 30.0;
export const MAX_SLOTS = 4096;
export const RECORD_STEP_M = 0.001;
export const RECORD_RANGE_M = 65.536;
export const RECORD_Y_STEP_M = 0.004;
export const MAX_ROOM_HEIGHT_M = 16.0;
export const HAND_STEP_M = 0.001;
export const MIN_HEIGHT_CM = 110;
export const MAX_HEIGHT_CM = 200;
export const SCENE_CELL_M = 16.0;
export const SCENE_RADIUS_CELLS = 2;
export const SERVER_CAPABILITIES: readonly string[] = [];

/** Bits of a pose's flags. */
export const PoseFlag = {
  HANDS: 1,
  SITTING: 2,
} as const;
export type PoseFlag = (typeof PoseFlag)[keyof typeof PoseFlag];

/** Bits of a card's roles. */
export const Role = {
  ARTISAN: 1,
  KEEPER: 2,
  OPERATOR: 4,
} as const;
export type Role = (typeof Role)[keyof typeof Role];

/** How far a chat message carries. */
export const Scope = {
  NEAR: 0,
  ALLEY: 1,
} as const;
export type Scope = (typeof Scope)[keyof typeof Scope];
const readScope = readNumber as Reader<Scope>;

/** Gestures of the doll. */
export const EmoteKind = {
  WAVE: 0,
  BOW: 1,
  CLAP: 2,
  HEART: 3,
  LAUGH: 4,
  QUESTION: 5,
} as const;
export type EmoteKind = (typeof EmoteKind)[keyof typeof EmoteKind];
const readEmoteKind = readNumber as Reader<EmoteKind>;

/** What one visitor wants of another: MUTE silences their words, BLOCK hides both from each other. */
export const Relation = {
  NONE: 0,
  MUTE: 1,
  BLOCK: 2,
} as const;
export type Relation = (typeof Relation)[keyof typeof Relation];
const readRelation = readNumber as Reader<Relation>;

/** State of an avatar as others see it. */
export const Presence = {
  HERE: 0,
  LOST: 1,
} as const;
export type Presence = (typeof Presence)[keyof typeof Presence];
const readPresence = readNumber as Reader<Presence>;

/** Why an avatar is no longer in sight. */
export const LeaveReason = {
  OUT_OF_RANGE: 0,
  LEFT: 1,
  LOST: 2,
  REMOVED: 3,
} as const;
export type LeaveReason = (typeof LeaveReason)[keyof typeof LeaveReason];
const readLeaveReason = readNumber as Reader<LeaveReason>;

/** Why the server put a visitor somewhere else than their client said. */
export const CorrectReason = {
  SPAWN: 0,
  TOO_FAST: 1,
  OUT_OF_BOUNDS: 2,
  JUMP: 3,
} as const;
export type CorrectReason = (typeof CorrectReason)[keyof typeof CorrectReason];
const readCorrectReason = readNumber as Reader<CorrectReason>;

/** Stable names of everything that can go wrong on a connection. */
export const ErrorCode = {
  MALFORMED: 'malformed',
  UNKNOWN_TYPE: 'unknown_type',
  WRONG_TYPE: 'wrong_type',
  OUT_OF_RANGE: 'out_of_range',
  NOT_FINITE: 'not_finite',
  TOO_LARGE: 'too_large',
  TEXT_FRAME: 'text_frame',
  UNSUPPORTED_VERSION: 'unsupported_version',
  HELLO_EXPECTED: 'hello_expected',
  HELLO_TWICE: 'hello_twice',
  HELLO_TIMEOUT: 'hello_timeout',
  NAME_INVALID: 'name_invalid',
  TEXT_INVALID: 'text_invalid',
  UNKNOWN_VISITOR: 'unknown_visitor',
  RATE_LIMITED: 'rate_limited',
  FLOOD: 'flood',
  CHEATING: 'cheating',
  ROOM_FULL: 'room_full',
  TOO_SLOW: 'too_slow',
  GONE_QUIET: 'gone_quiet',
  REPLACED: 'replaced',
  ENTRY_REFUSED: 'entry_refused',
  BANNED: 'banned',
  REVOKED: 'revoked',
  REMOVED: 'removed',
  MUTED: 'muted',
  RESTARTING: 'restarting',
  INTERNAL: 'internal',
} as const;
export type ErrorCode = (typeof ErrorCode)[keyof typeof ErrorCode];

/** The WebSocket close code of every error that ends a connection. */
export const CLOSE_CODES: Readonly<Partial<Record<ErrorCode, number>>> = {
  malformed: 1007,
  unknown_type: 1007,
  wrong_type: 1007,
  out_of_range: 1007,
  not_finite: 1007,
  too_large: 1009,
  text_frame: 1003,
  unsupported_version: 4000,
  hello_expected: 4001,
  hello_twice: 4001,
  hello_timeout: 4001,
  name_invalid: 4002,
  flood: 4003,
  cheating: 4004,
  too_slow: 4005,
  gone_quiet: 4006,
  replaced: 4007,
  entry_refused: 4008,
  banned: 4009,
  revoked: 4010,
  removed: 4011,
  room_full: 1013,
  restarting: 1012,
  internal: 1011,
};

/** Packed layouts: byte size and byte offset of each little-endian field. Not aligned: use a DataView. */
export const LAYOUT = {
  POSE_HEAD: { BYTES: 20, sequence: 0, flags: 2, epoch: 3, x: 4, y: 8, z: 12, rotation: 16 },
  POSE_HAND: { BYTES: 10, x: 0, y: 2, z: 4, rotation: 6 },
  HEAD_RECORD: { BYTES: 11, slotY: 0, x: 3, z: 5, rotation: 7 },
  HANDS_RECORD: { BYTES: 22, slot: 0, hands: 2 },
} as const;

/** The session to take up again: its secret token and the last event number seen. */
export interface Resume {
  readonly token: string;
  readonly lastSeq: number;
}

/** The papers of who comes in: entry token (JWT), signed actor document (JSON), proof by the session key (JWT). */
export interface Entry {
  readonly token: string;
  readonly document: string;
  readonly proof: string;
}

/** The first message, in answer to Challenge. language is a BCP 47 tag. */
export interface HelloMessage {
  readonly type: 'hello';
  readonly version: number;
  readonly capabilities: readonly string[];
  readonly name: string;
  readonly look: Look;
  readonly language: string;
  readonly resume: Resume | null;
  readonly entry: Entry;
}

/** The visitor's own pose, packed (POSE_HEAD, or POSE_HEAD + POSE_HANDS). Sent at most 20 times a second. */
export interface PoseMessage {
  readonly type: 'pose';
  readonly packed: Uint8Array;
}

/** Something said. ref comes back in the speaker's own Chat or in an Error. */
export interface SayMessage {
  readonly type: 'say';
  readonly scope: Scope;
  readonly text: string;
  readonly ref: number;
}

/** A gesture. */
export interface EmoteMessage {
  readonly type: 'emote';
  readonly kind: EmoteKind;
}

/** Clock sync: client_ms comes back unchanged in Pong. last_seq acknowledges events. */
export interface PingMessage {
  readonly type: 'ping';
  readonly clientMs: number;
  readonly lastSeq: number;
}

/** A new name or look. */
export interface ChangeMessage {
  readonly type: 'change';
  readonly name: string;
  readonly look: Look;
}

/** Mute, block or forgive another visitor. */
export interface RelateMessage {
  readonly type: 'relate';
  readonly visitorId: string;
  readonly relation: Relation;
}

/** Who is in the alley, near or far? */
export interface AskRosterMessage {
  readonly type: 'askRoster';
}

/** The visitor goes for good: no resume. */
export interface LeaveMessage {
  readonly type: 'leave';
}

/** Ask to be put on the ground at x, z, looking along yaw_rad: a teleport in VR, "go there" in the directory. */
export interface JumpMessage {
  readonly type: 'jump';
  readonly x: number;
  readonly z: number;
  readonly yawRad: number;
}

/** Who an avatar is. slot names it in pose records; visitor_id is the person's at this instance for good. */
export interface Card {
  readonly slot: number;
  readonly visitorId: string;
  readonly name: string;
  readonly look: Look;
  readonly presence: Presence;
  readonly home: string;
  readonly roles: number;
}

/** The answer to Hello. */
export interface WelcomeMessage {
  readonly type: 'welcome';
  readonly version: number;
  readonly capabilities: readonly string[];
  readonly card: Card;
  readonly token: string;
  readonly resumed: boolean;
  readonly tickHz: number;
  readonly serverMs: number;
  readonly wallMs: number;
  readonly maxVisitors: number;
  readonly maxSpeedMS: number;
  readonly sessionToken: string;
  readonly sessionLifeS: number;
}

/** Poses of this tick for everyone in one cell: HEAD_RECORDs, then HANDS_RECORDs. May hold the visitor's own. */
export interface PosesMessage {
  readonly type: 'poses';
  readonly serverMs: number;
  readonly column: number;
  readonly row: number;
  readonly heads: Uint8Array;
  readonly hands: Uint8Array;
}

/** Something that must not be lost, as number seq of this visitor's events (1, 2, …). body is [type, …]. */
export interface EventMessage {
  readonly type: 'event';
  readonly seq: number;
  readonly body: Outbound | null;
}

/** These avatars came within hearing, or their card changed. */
export interface EnterMessage {
  readonly type: 'enter';
  readonly cards: readonly Card[];
}

/** This avatar is no longer in sight. */
export interface GoneMessage {
  readonly type: 'gone';
  readonly slots: readonly number[];
  readonly reason: LeaveReason;
}

/** Something that was said. ref is 0 except for the speaker's own; id is unique in the room. */
export interface ChatMessage {
  readonly type: 'chat';
  readonly id: number;
  readonly visitorId: string;
  readonly name: string;
  readonly scope: Scope;
  readonly text: string;
  readonly wallMs: number;
  readonly ref: number;
}

/** An avatar's emote. */
export interface GestureMessage {
  readonly type: 'gesture';
  readonly slot: number;
  readonly kind: EmoteKind;
}

/** A place where visitors arrive, looking along yaw_rad (0 looks along -Z, positive turns left). */
export interface Spawn {
  readonly positionM: Vec3;
  readonly yawRad: number;
}

/** A content-addressed file that the instance serves at /assets/<sha256>.<suffix>. */
export interface AssetRef {
  readonly sha256: string;
  readonly suffix: string;
  readonly sizeBytes: number;
}

/** Place, turn and uniform scale relative to the room. */
export interface Transform {
  readonly positionM: Vec3;
  readonly rotation: Quat;
  readonly scale: number;
}

/** An asset of the environment and where it stands. layer tells the client how to treat it. */
export interface Placement {
  readonly asset: AssetRef;
  readonly transform: Transform;
  readonly layer: string;
}

/** A box that nobody walks through: centre, half extents, turned by yaw_rad about +Y, ground to height_m. */
export interface Solid {
  readonly xM: number;
  readonly zM: number;
  readonly halfXM: number;
  readonly halfZM: number;
  readonly yawRad: number;
  readonly heightM: number;
}

/** A lamp: the client draws its glow. Colour is 0xRRGGBB; radius_m is the radius of the glow. */
export interface Lantern {
  readonly positionM: Vec3;
  readonly colour: number;
  readonly radiusM: number;
}

/** A place to sit: on the seat, looking along yaw_rad. */
export interface Seat {
  readonly positionM: Vec3;
  readonly yawRad: number;
}

/** One alley without its stalls. */
export interface Room {
  readonly id: string;
  readonly title: LocalText;
  readonly about: LocalText;
  readonly boundsMinM: Vec3;
  readonly boundsMaxM: Vec3;
  readonly spawns: readonly Spawn[];
  readonly environment: readonly Placement[];
  readonly solids: readonly Solid[];
  readonly lanterns: readonly Lantern[];
  readonly seats: readonly Seat[];
  readonly version: number;
}

/** A line of the directory: enough to find a stall and to name it. */
export interface StallEntry {
  readonly id: string;
  readonly name: LocalText;
  readonly craft: LocalText;
  readonly maker: string;
  readonly accent: number;
  readonly front: Spawn;
  readonly exhibitCount: number;
}

/** The alley, its directory and the side of the pose cells. */
export interface RoomStateMessage {
  readonly type: 'roomState';
  readonly room: Room;
  readonly directory: readonly StallEntry[];
  readonly cellM: number;
}

/** One family's shop on a plot. */
export interface Stall {
  readonly id: string;
  readonly plotId: string;
  readonly name: LocalText;
  readonly craft: LocalText;
  readonly maker: string;
  readonly about: LocalText;
  readonly accent: number;
  readonly assets: readonly Placement[];
  readonly front: Spawn;
  readonly sign: Transform;
  readonly signSizeM: readonly [number, number];
  readonly solids: readonly Solid[];
  readonly lanterns: readonly Lantern[];
  readonly version: number;
}

/** One piece on show. price_minor is in the currency's minor unit (ISO 4217); None means not for sale. */
export interface Exhibit {
  readonly id: string;
  readonly stallId: string;
  readonly position: number;
  readonly title: LocalText;
  readonly about: LocalText;
  readonly materials: LocalText;
  readonly priceMinor: number | null;
  readonly currency: string;
  readonly sizeCm: Vec3;
  readonly asset: AssetRef;
  readonly transform: Transform;
  readonly version: number;
}

/** The stalls whose plot's origin lies in one scene cell, with all their exhibits, so that no stall is ever split. */
export interface SceneCell {
  readonly column: number;
  readonly row: number;
  readonly version: number;
  readonly stalls: readonly Stall[];
  readonly exhibits: readonly Exhibit[];
}

/** Content of scene cells; replaces what the client knew of them. */
export interface SceneMessage {
  readonly type: 'scene';
  readonly cells: readonly SceneCell[];
}

/** Answer to Ping. */
export interface PongMessage {
  readonly type: 'pong';
  readonly clientMs: number;
  readonly serverMs: number;
}

/** What the visitor did wrong; ref names the message it is about, 0 if none. The connection goes on. */
export interface ErrorMessage {
  readonly type: 'error';
  readonly code: string;
  readonly message: string;
  readonly ref: number;
}

/** The server closes after this. retry_after_ms < 0: don't come back by yourself. */
export interface ByeMessage {
  readonly type: 'bye';
  readonly code: string;
  readonly message: string;
  readonly retryAfterMs: number;
  readonly detail: string;
  readonly untilMs: number;
}

/** Stand here. Poses are ignored until one carries this epoch. */
export interface CorrectMessage {
  readonly type: 'correct';
  readonly epoch: number;
  readonly x: number;
  readonly y: number;
  readonly z: number;
  readonly yawRad: number;
  readonly reason: CorrectReason;
}

/** Who is in the alley, at most 500, without the blocked; total counts all. */
export interface RosterMessage {
  readonly type: 'roster';
  readonly cards: readonly Card[];
  readonly total: number;
}

/** How many visitors are in the alley, sent when it changed. */
export interface CensusMessage {
  readonly type: 'census';
  readonly visitors: number;
}

/** What was said before this visitor came, oldest first. */
export interface HistoryMessage {
  readonly type: 'history';
  readonly messages: readonly ChatMessage[];
}

/** Whom this visitor mutes or blocks now: visitor id, name, relation. */
export interface RelationsMessage {
  readonly type: 'relations';
  readonly entries: readonly (readonly [string, string, Relation])[];
}

/** The server's first message: answer nonce within a minute. audience and room say who asks for what. */
export interface ChallengeMessage {
  readonly type: 'challenge';
  readonly nonce: string;
  readonly audience: string;
  readonly room: string;
}

/** A fresh access token for the HTTP interface. */
export interface SessionTokenMessage {
  readonly type: 'sessionToken';
  readonly token: string;
  readonly lifeS: number;
}

export type Inbound =
  | HelloMessage
  | PoseMessage
  | SayMessage
  | EmoteMessage
  | PingMessage
  | ChangeMessage
  | RelateMessage
  | AskRosterMessage
  | LeaveMessage
  | JumpMessage;

export type Outbound =
  | WelcomeMessage
  | PosesMessage
  | EventMessage
  | EnterMessage
  | GoneMessage
  | ChatMessage
  | GestureMessage
  | RoomStateMessage
  | SceneMessage
  | PongMessage
  | ErrorMessage
  | ByeMessage
  | CorrectMessage
  | RosterMessage
  | CensusMessage
  | HistoryMessage
  | RelationsMessage
  | ChallengeMessage
  | SessionTokenMessage;

export function readCard(value: unknown): Card {
  const fields = readFields(value);
  return {
    slot: readNumber(fields[0]),
    visitorId: readString(fields[1]),
    name: readString(fields[2]),
    look: readLook(fields[3]),
    presence: readPresence(fields[4]),
    home: readString(fields[5]),
    roles: readNumber(fields[6]),
  };
}

export function readWelcomeMessage(value: unknown): WelcomeMessage {
  const fields = readFields(value);
  return {
    type: 'welcome',
    version: readNumber(fields[1]),
    capabilities: listOf(readString)(fields[2]),
    card: readCard(fields[3]),
    token: readString(fields[4]),
    resumed: readBool(fields[5]),
    tickHz: readNumber(fields[6]),
    serverMs: readNumber(fields[7]),
    wallMs: readNumber(fields[8]),
    maxVisitors: readNumber(fields[9]),
    maxSpeedMS: readNumber(fields[10]),
    sessionToken: readString(fields[11]),
    sessionLifeS: readNumber(fields[12]),
  };
}

export function readPosesMessage(value: unknown): PosesMessage {
  const fields = readFields(value);
  return {
    type: 'poses',
    serverMs: readNumber(fields[1]),
    column: readNumber(fields[2]),
    row: readNumber(fields[3]),
    heads: readBytes(fields[4]),
    hands: readBytes(fields[5]),
  };
}

export function readEventMessage(value: unknown): EventMessage {
  const fields = readFields(value);
  return {
    type: 'event',
    seq: readNumber(fields[1]),
    body: readOutbound(fields[2]),
  };
}

export function readEnterMessage(value: unknown): EnterMessage {
  const fields = readFields(value);
  return {
    type: 'enter',
    cards: listOf(readCard)(fields[1]),
  };
}

export function readGoneMessage(value: unknown): GoneMessage {
  const fields = readFields(value);
  return {
    type: 'gone',
    slots: listOf(readNumber)(fields[1]),
    reason: readLeaveReason(fields[2]),
  };
}

export function readChatMessage(value: unknown): ChatMessage {
  const fields = readFields(value);
  return {
    type: 'chat',
    id: readNumber(fields[1]),
    visitorId: readString(fields[2]),
    name: readString(fields[3]),
    scope: readScope(fields[4]),
    text: readString(fields[5]),
    wallMs: readNumber(fields[6]),
    ref: readNumber(fields[7]),
  };
}

export function readGestureMessage(value: unknown): GestureMessage {
  const fields = readFields(value);
  return {
    type: 'gesture',
    slot: readNumber(fields[1]),
    kind: readEmoteKind(fields[2]),
  };
}

export function readSpawn(value: unknown): Spawn {
  const fields = readFields(value);
  return {
    positionM: readVec3(fields[0]),
    yawRad: readNumber(fields[1]),
  };
}

export function readAssetRef(value: unknown): AssetRef {
  const fields = readFields(value);
  return {
    sha256: readString(fields[0]),
    suffix: readString(fields[1]),
    sizeBytes: readNumber(fields[2]),
  };
}

export function readTransform(value: unknown): Transform {
  const fields = readFields(value);
  return {
    positionM: readVec3(fields[0]),
    rotation: readQuat(fields[1]),
    scale: readNumber(fields[2]),
  };
}

export function readPlacement(value: unknown): Placement {
  const fields = readFields(value);
  return {
    asset: readAssetRef(fields[0]),
    transform: readTransform(fields[1]),
    layer: readString(fields[2]),
  };
}

export function readSolid(value: unknown): Solid {
  const fields = readFields(value);
  return {
    xM: readNumber(fields[0]),
    zM: readNumber(fields[1]),
    halfXM: readNumber(fields[2]),
    halfZM: readNumber(fields[3]),
    yawRad: readNumber(fields[4]),
    heightM: readNumber(fields[5]),
  };
}

export function readLantern(value: unknown): Lantern {
  const fields = readFields(value);
  return {
    positionM: readVec3(fields[0]),
    colour: readNumber(fields[1]),
    radiusM: readNumber(fields[2]),
  };
}

export function readSeat(value: unknown): Seat {
  const fields = readFields(value);
  return {
    positionM: readVec3(fields[0]),
    yawRad: readNumber(fields[1]),
  };
}

export function readRoom(value: unknown): Room {
  const fields = readFields(value);
  return {
    id: readString(fields[0]),
    title: readText(fields[1]),
    about: readText(fields[2]),
    boundsMinM: readVec3(fields[3]),
    boundsMaxM: readVec3(fields[4]),
    spawns: listOf(readSpawn)(fields[5]),
    environment: listOf(readPlacement)(fields[6]),
    solids: listOf(readSolid)(fields[7]),
    lanterns: listOf(readLantern)(fields[8]),
    seats: listOf(readSeat)(fields[9]),
    version: readNumber(fields[10]),
  };
}

export function readStallEntry(value: unknown): StallEntry {
  const fields = readFields(value);
  return {
    id: readString(fields[0]),
    name: readText(fields[1]),
    craft: readText(fields[2]),
    maker: readString(fields[3]),
    accent: readNumber(fields[4]),
    front: readSpawn(fields[5]),
    exhibitCount: readNumber(fields[6]),
  };
}

export function readRoomStateMessage(value: unknown): RoomStateMessage {
  const fields = readFields(value);
  return {
    type: 'roomState',
    room: readRoom(fields[1]),
    directory: listOf(readStallEntry)(fields[2]),
    cellM: readNumber(fields[3]),
  };
}

export function readStall(value: unknown): Stall {
  const fields = readFields(value);
  return {
    id: readString(fields[0]),
    plotId: readString(fields[1]),
    name: readText(fields[2]),
    craft: readText(fields[3]),
    maker: readString(fields[4]),
    about: readText(fields[5]),
    accent: readNumber(fields[6]),
    assets: listOf(readPlacement)(fields[7]),
    front: readSpawn(fields[8]),
    sign: readTransform(fields[9]),
    signSizeM: tupleOf(readNumber, readNumber)(fields[10]),
    solids: listOf(readSolid)(fields[11]),
    lanterns: listOf(readLantern)(fields[12]),
    version: readNumber(fields[13]),
  };
}

export function readExhibit(value: unknown): Exhibit {
  const fields = readFields(value);
  return {
    id: readString(fields[0]),
    stallId: readString(fields[1]),
    position: readNumber(fields[2]),
    title: readText(fields[3]),
    about: readText(fields[4]),
    materials: readText(fields[5]),
    priceMinor: orNull(readNumber)(fields[6]),
    currency: readString(fields[7]),
    sizeCm: readVec3(fields[8]),
    asset: readAssetRef(fields[9]),
    transform: readTransform(fields[10]),
    version: readNumber(fields[11]),
  };
}

export function readSceneCell(value: unknown): SceneCell {
  const fields = readFields(value);
  return {
    column: readNumber(fields[0]),
    row: readNumber(fields[1]),
    version: readNumber(fields[2]),
    stalls: listOf(readStall)(fields[3]),
    exhibits: listOf(readExhibit)(fields[4]),
  };
}

export function readSceneMessage(value: unknown): SceneMessage {
  const fields = readFields(value);
  return {
    type: 'scene',
    cells: listOf(readSceneCell)(fields[1]),
  };
}

export function readPongMessage(value: unknown): PongMessage {
  const fields = readFields(value);
  return {
    type: 'pong',
    clientMs: readNumber(fields[1]),
    serverMs: readNumber(fields[2]),
  };
}

export function readErrorMessage(value: unknown): ErrorMessage {
  const fields = readFields(value);
  return {
    type: 'error',
    code: readString(fields[1]),
    message: readString(fields[2]),
    ref: readNumber(fields[3]),
  };
}

export function readByeMessage(value: unknown): ByeMessage {
  const fields = readFields(value);
  return {
    type: 'bye',
    code: readString(fields[1]),
    message: readString(fields[2]),
    retryAfterMs: readNumber(fields[3]),
    detail: readString(fields[4]),
    untilMs: readNumber(fields[5]),
  };
}

export function readCorrectMessage(value: unknown): CorrectMessage {
  const fields = readFields(value);
  return {
    type: 'correct',
    epoch: readNumber(fields[1]),
    x: readNumber(fields[2]),
    y: readNumber(fields[3]),
    z: readNumber(fields[4]),
    yawRad: readNumber(fields[5]),
    reason: readCorrectReason(fields[6]),
  };
}

export function readRosterMessage(value: unknown): RosterMessage {
  const fields = readFields(value);
  return {
    type: 'roster',
    cards: listOf(readCard)(fields[1]),
    total: readNumber(fields[2]),
  };
}

export function readCensusMessage(value: unknown): CensusMessage {
  const fields = readFields(value);
  return {
    type: 'census',
    visitors: readNumber(fields[1]),
  };
}

export function readHistoryMessage(value: unknown): HistoryMessage {
  const fields = readFields(value);
  return {
    type: 'history',
    messages: listOf(readChatMessage)(fields[1]),
  };
}

export function readRelationsMessage(value: unknown): RelationsMessage {
  const fields = readFields(value);
  return {
    type: 'relations',
    entries: listOf(tupleOf(readString, readString, readRelation))(fields[1]),
  };
}

export function readChallengeMessage(value: unknown): ChallengeMessage {
  const fields = readFields(value);
  return {
    type: 'challenge',
    nonce: readString(fields[1]),
    audience: readString(fields[2]),
    room: readString(fields[3]),
  };
}

export function readSessionTokenMessage(value: unknown): SessionTokenMessage {
  const fields = readFields(value);
  return {
    type: 'sessionToken',
    token: readString(fields[1]),
    lifeS: readNumber(fields[2]),
  };
}

/** Reads any server message; `null` for a type that this client doesn't know. */
export function readOutbound(value: unknown): Outbound | null {
  switch (readFields(value)[0]) {
    case 32:
      return readWelcomeMessage(value);
    case 33:
      return readPosesMessage(value);
    case 34:
      return readEventMessage(value);
    case 35:
      return readEnterMessage(value);
    case 36:
      return readGoneMessage(value);
    case 37:
      return readChatMessage(value);
    case 38:
      return readGestureMessage(value);
    case 39:
      return readRoomStateMessage(value);
    case 40:
      return readSceneMessage(value);
    case 41:
      return readPongMessage(value);
    case 42:
      return readErrorMessage(value);
    case 43:
      return readByeMessage(value);
    case 44:
      return readCorrectMessage(value);
    case 45:
      return readRosterMessage(value);
    case 46:
      return readCensusMessage(value);
    case 47:
      return readHistoryMessage(value);
    case 48:
      return readRelationsMessage(value);
    case 49:
      return readChallengeMessage(value);
    case 50:
      return readSessionTokenMessage(value);
    default:
      return null;
  }
}

/** The msgpack array of a message to the server. */
export function toFields(message: Inbound): unknown[] {
  switch (message.type) {
    case 'hello':
      return [
        1,
        message.version,
        message.capabilities,
        message.name,
        message.look,
        message.language,
        message.resume === null ? null : [message.resume.token, message.resume.lastSeq],
        [message.entry.token, message.entry.document, message.entry.proof],
      ];
    case 'pose':
      return [2, message.packed];
    case 'say':
      return [3, message.scope, message.text, message.ref];
    case 'emote':
      return [4, message.kind];
    case 'ping':
      return [5, message.clientMs, message.lastSeq];
    case 'change':
      return [6, message.name, message.look];
    case 'relate':
      return [7, message.visitorId, message.relation];
    case 'askRoster':
      return [8];
    case 'leave':
      return [9];
    case 'jump':
      return [10, message.x, message.z, message.yawRad];
  }
}
