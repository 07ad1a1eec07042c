/**
 * The one state of a visit. Both views read it: the 3D scene and the DOM twin.
 *
 * Theory: messages from the server go in through `apply`, in the order of their numbers; the state changes and an event
 * tells who wants to know. What the visitor does goes out through `link`, the connection. The mover writes `own`, the
 * sender in net/ reads it. Poses of others are kept by `Playback`, which answers where somebody is at a time of the
 * local clock (`performance.now()` milliseconds). All positions are metres in the room, rotations x, y, z, w.
 */

import { type AvatarPose, Playback } from '../net/playback';
import type { Look, Vec3 } from '../net/wire.gen';
import {
  type Card,
  type ChatMessage,
  type CorrectMessage,
  type CorrectReason,
  type EmoteKind,
  type ErrorMessage,
  type Exhibit,
  type Inbound,
  LeaveReason,
  type Outbound,
  type Presence,
  Relation,
  Role,
  type Room,
  type RoomStateMessage,
  type SceneCell,
  type Scope,
  type Stall,
  type StallEntry,
  type WelcomeMessage,
} from '../net/wire.gen';
import { Emitter, type Unsubscribe } from './events';
import { SceneStock } from './stock';

export type { AvatarPose, Unsubscribe };

/** One hand in room coordinates. */
export interface Hand {
  position: [number, number, number];
  rotation: [number, number, number, number];
}

/** The visitor's own pose; written by the mover, sent by net/. Position is that of the head (the eyes). */
export interface OwnPose {
  position: [number, number, number];
  rotation: [number, number, number, number];
  hands: readonly [left: Hand, right: Hand] | null;
  sitting: boolean;
  /** Which correction of the server this pose follows. */
  epoch: number;
}

export interface Person {
  readonly slot: number;
  readonly id: string;
  readonly name: string;
  /** Where they say they come from; empty for this instance. */
  readonly home: string;
  /** Bits of `Role`. */
  readonly roles: number;
  readonly look: Look;
  readonly presence: Presence;
  readonly relation: Relation;
}

/** `name`, of strangers `name@home`. */
export function fullName(person: Pick<Person, 'name' | 'home'>): string {
  return person.home ? `${person.name}@${person.home}` : person.name;
}

export interface ChatLine {
  readonly id: number;
  readonly visitorId: string;
  readonly name: string;
  readonly scope: Scope;
  readonly text: string;
  readonly wallMs: number;
  /** Said by this visitor. */
  readonly own: boolean;
  /** Told on arrival: it was said before. */
  readonly past: boolean;
}

export type Phase = 'arrival' | 'connecting' | 'live' | 'reconnecting' | 'full' | 'restarting' | 'refused' | 'left';

export interface Status {
  readonly phase: Phase;
  /** Stable code of what went wrong, as in `ErrorCode`, or ''. */
  readonly code: string;
  /** The server's sentence about it, or ''. */
  readonly message: string;
  /** When the next attempt begins (`performance.now()` milliseconds), or null. */
  readonly retryAtMs: number | null;
  /** When a refusal ends by itself (Unix milliseconds), 0 when it doesn't. */
  readonly untilMs: number;
}

/** Stand here: the mover takes it over and forgets its own idea. `positionM` is that of the head. */
export interface Correction {
  readonly positionM: Vec3;
  readonly yawRad: number;
  readonly reason: CorrectReason;
}

export interface WorldEvents {
  status: Status;
  /** Another alley, at this origin, tells from now on; all of the one before is forgotten. */
  moved: string;
  welcome: WelcomeMessage;
  room: Room;
  /** Scene cells whose content changed (or is new, or is empty now). */
  scene: readonly SceneCell[];
  enter: Person;
  changed: Person;
  gone: { person: Person; reason: LeaveReason };
  gesture: { slot: number; kind: EmoteKind; own: boolean };
  chat: ChatLine;
  history: readonly ChatLine[];
  correct: Correction;
  roster: { people: readonly Person[]; total: number };
  census: number;
  relations: ReadonlyMap<string, { name: string; relation: Relation }>;
  own: Card;
  problem: ErrorMessage;
  /** Words that did not arrive; `code` and `message` are the server's reason, or ''. */
  unsent: { scope: Scope; text: string; code: string; message: string };
}

/** Where the visitor's wishes go. */
export interface Link {
  /** False when it could not be sent now. */
  send(message: Inbound): boolean;
}

const CHAT_KEPT = 200;

export class World {
  readonly own: OwnPose = { position: [0, 1.5, 0], rotation: [0, 0, 0, 1], hands: null, sitting: false, epoch: 0 };
  /** Everyone within sight, by slot, without the visitor. */
  readonly people: ReadonlyMap<number, Person>;
  readonly chat: ChatLine[] = [];
  readonly relations = new Map<string, { name: string; relation: Relation }>();
  readonly playback: Playback;
  link: Link = { send: () => false };
  /** Origin of the alley that is told of; empty for that of the page. */
  origin = '';

  readonly #people = new Map<number, Person>();
  readonly #events = new Emitter<WorldEvents>();
  readonly #stock = new SceneStock();
  #status: Status = { phase: 'arrival', code: '', message: '', retryAtMs: null, untilMs: 0 };
  #card: Card | null = null;
  #welcome: WelcomeMessage | null = null;
  #room: RoomStateMessage | null = null;
  #visitors = 0;
  #ref = 0;
  #isPlaced = false;
  readonly #underWay = new Map<number, { scope: Scope; text: string }>();

  constructor(playback = new Playback()) {
    this.people = this.#people;
    this.playback = playback;
  }

  on<K extends keyof WorldEvents>(name: K, listener: (value: WorldEvents[K]) => void): Unsubscribe {
    return this.#events.on(name, listener);
  }

  // --- what is there ------------------------------------------------------------------------------------------------

  get status(): Status {
    return this.#status;
  }

  /** The visitor's own card, once welcomed. */
  get card(): Card | null {
    return this.#card;
  }

  /**
   * Whether the visitor may give orders from this page: it speaks to its own alley alone, whatever their role is in the
   * one next door.
   */
  get looksAfter(): boolean {
    return this.origin === '' && ((this.#card?.roles ?? 0) & (Role.KEEPER | Role.OPERATOR)) !== 0;
  }

  /** The alley, or null before it was told. */
  get room(): Room | null {
    return this.#room?.room ?? null;
  }

  /** One line per stall of the whole alley. */
  get directory(): readonly StallEntry[] {
    return this.#room?.directory ?? [];
  }

  /** How many visitors are in the alley, this one included. */
  get visitors(): number {
    return this.#visitors;
  }

  /** Whether the server has said where the visitor stands. */
  get isPlaced(): boolean {
    return this.#isPlaced;
  }

  get maxVisitors(): number {
    return this.#welcome?.maxVisitors ?? 0;
  }

  get maxSpeedMS(): number {
    return this.#welcome?.maxSpeedMS ?? 4;
  }

  get tickHz(): number {
    return this.#welcome?.tickHz ?? 20;
  }

  /** The scene cells that are known, by `column,row`. */
  get cells(): ReadonlyMap<string, SceneCell> {
    return this.#stock.cells;
  }

  stall(id: string): Stall | undefined {
    return this.#stock.stalls.get(id);
  }

  exhibit(id: string): Exhibit | undefined {
    return this.#stock.exhibits.get(id);
  }

  /** The exhibits of a stall along its shelf. */
  exhibitsOf(stallId: string): readonly Exhibit[] {
    return this.#stock.exhibitsOf(stallId);
  }

  personById(id: string): Person | undefined {
    for (const person of this.#people.values()) if (person.id === id) return person;
    return undefined;
  }

  /**
   * Where somebody is at a local time, or null when nothing was heard yet. The object is reused by the next call for
   * the same slot.
   */
  poseOf(slot: number, nowMs: number): AvatarPose | null {
    return this.playback.poseOf(slot, nowMs);
  }

  // --- what the visitor does ----------------------------------------------------------------------------------------

  /** False when there is no connection; the words stay with the person then. */
  say(scope: Scope, text: string): boolean {
    this.#ref = (this.#ref % 0xffff_ffff) + 1;
    const isSent = this.link.send({ type: 'say', scope, text, ref: this.#ref });
    if (isSent) this.#underWay.set(this.#ref, { scope, text });
    return isSent;
  }

  /** What was said but has not come back yet, by reference. */
  unconfirmed(): readonly number[] {
    return [...this.#underWay.keys()];
  }

  /** These words are lost: the person is told. */
  giveUp(refs: readonly number[], code = '', message = ''): void {
    for (const ref of refs) {
      const words = this.#underWay.get(ref);
      this.#underWay.delete(ref);
      if (words) this.#events.emit('unsent', { ...words, code, message });
    }
  }

  emote(kind: EmoteKind): boolean {
    return this.link.send({ type: 'emote', kind });
  }

  relate(visitorId: string, relation: Relation): boolean {
    return this.link.send({ type: 'relate', visitorId, relation });
  }

  askRoster(): boolean {
    return this.link.send({ type: 'askRoster' });
  }

  change(name: string, look: Look): boolean {
    return this.link.send({ type: 'change', name, look });
  }

  /** Ask to be put somewhere else (a teleport, "go there"); the answer is a `correct` event. */
  jump(x: number, z: number, yawRad: number): boolean {
    return this.link.send({ type: 'jump', x, z, yawRad });
  }

  /** Forget the alley: what comes from now on is told by the one at `origin` (empty: that of the page). */
  moveTo(origin: string): void {
    this.giveUp(this.unconfirmed());
    this.#left([...this.#people.keys()], LeaveReason.OUT_OF_RANGE);
    this.relations.clear();
    this.chat.length = 0;
    this.#stock.clear();
    this.#room = null;
    this.#card = null;
    this.#visitors = 0;
    this.#isPlaced = false;
    this.origin = origin;
    this.#events.emit('moved', origin);
  }

  // --- what comes in ------------------------------------------------------------------------------------------------

  setStatus(status: Status): void {
    this.#status = status;
    this.#events.emit('status', status);
  }

  /** Take over one message. `nowMs` is when it came, on the local clock. */
  apply(message: Outbound, nowMs: number): void {
    switch (message.type) {
      case 'welcome':
        this.#welcomed(message);
        return;
      case 'poses':
        this.playback.receive(message, nowMs, this.#card?.slot ?? -1);
        return;
      case 'enter':
        this.#entered(message.cards);
        return;
      case 'gone':
        this.#left(message.slots, message.reason);
        return;
      case 'chat':
        this.#said(message);
        return;
      case 'gesture': {
        const { slot, kind } = message;
        this.#events.emit('gesture', { slot, kind, own: slot === this.#card?.slot });
        return;
      }
      case 'roomState':
        this.#roomTold(message);
        return;
      case 'scene': {
        const changed = this.#stock.put(message.cells);
        if (changed.length) this.#events.emit('scene', changed);
        return;
      }
      case 'correct':
        this.#corrected(message);
        return;
      case 'roster': {
        const people = message.cards.map((card) => this.#personOf(card));
        this.#events.emit('roster', { people, total: message.total });
        return;
      }
      case 'census':
        this.#visitors = message.visitors;
        this.#events.emit('census', message.visitors);
        return;
      case 'history':
        this.#toldHistory(message.messages);
        return;
      case 'relations':
        this.#related(message.entries);
        return;
      case 'error':
        this.giveUp([message.ref], message.code, message.message);
        this.#events.emit('problem', message);
        return;
      default:
        // Event, pong and bye are the connection's business.
        return;
    }
  }

  #welcomed(welcome: WelcomeMessage): void {
    this.#welcome = welcome;
    this.#card = welcome.card;
    if (!welcome.resumed) {
      this.#left([...this.#people.keys()], LeaveReason.OUT_OF_RANGE);
      this.relations.clear();
      this.#events.emit('relations', this.relations);
    }
    this.playback.restart(1000 / welcome.tickHz);
    this.#events.emit('welcome', welcome);
    this.#events.emit('own', welcome.card);
  }

  #roomTold(state: RoomStateMessage): void {
    this.#room = state;
    this.playback.setRoom(state.cellM, state.room.boundsMinM[1]);
    const emptied = this.#stock.keepOnly(new Set(state.directory.map((entry) => entry.id)));
    this.#events.emit('room', state.room);
    if (emptied.length) this.#events.emit('scene', emptied);
  }

  #personOf(card: Card): Person {
    const relation = this.relations.get(card.visitorId)?.relation ?? Relation.NONE;
    const { slot, visitorId: id, name, home, roles, look, presence } = card;
    return { slot, id, name, home, roles, look, presence, relation };
  }

  #entered(cards: readonly Card[]): void {
    for (const card of cards) {
      if (card.visitorId === this.#card?.visitorId) {
        this.#card = card;
        this.#events.emit('own', card);
        continue;
      }
      const before = this.#people.get(card.slot);
      if (before && before.id !== card.visitorId) this.#left([card.slot], LeaveReason.LEFT);
      const person = this.#personOf(card);
      this.#people.set(card.slot, person);
      this.#events.emit(before?.id === card.visitorId ? 'changed' : 'enter', person);
    }
  }

  #left(slots: readonly number[], reason: LeaveReason): void {
    for (const slot of slots) {
      const person = this.#people.get(slot);
      if (!person) continue;
      this.#people.delete(slot);
      this.playback.forget(slot);
      this.#events.emit('gone', { person, reason });
    }
  }

  #line(message: ChatMessage, past: boolean): ChatLine {
    const { id, visitorId, name, scope, text, wallMs } = message;
    return { id, visitorId, name, scope, text, wallMs, past, own: visitorId === this.#card?.visitorId };
  }

  #keep(lines: readonly ChatLine[]): readonly ChatLine[] {
    // Numbers of words said nearby may come again after a restart of the server: the speaker and the time decide too.
    const keyOf = (line: ChatLine) => `${line.id} ${line.wallMs} ${line.visitorId}`;
    const known = new Set(this.chat.map(keyOf));
    const fresh = lines.filter((line) => !known.has(keyOf(line)));
    this.chat.push(...fresh);
    this.chat.splice(0, Math.max(0, this.chat.length - CHAT_KEPT));
    return fresh;
  }

  #said(message: ChatMessage): void {
    if (message.ref) this.#underWay.delete(message.ref);
    for (const line of this.#keep([this.#line(message, false)])) this.#events.emit('chat', line);
  }

  #toldHistory(messages: readonly ChatMessage[]): void {
    const fresh = this.#keep(messages.map((message) => this.#line(message, true)));
    this.chat.sort((a, b) => a.wallMs - b.wallMs || a.id - b.id);
    this.#events.emit('history', fresh);
  }

  #related(entries: readonly (readonly [string, string, Relation])[]): void {
    this.relations.clear();
    for (const [id, name, relation] of entries) this.relations.set(id, { name, relation });
    for (const person of this.#people.values()) {
      const relation = this.relations.get(person.id)?.relation ?? Relation.NONE;
      if (relation === person.relation) continue;
      const changed = { ...person, relation };
      this.#people.set(person.slot, changed);
      this.#events.emit('changed', changed);
    }
    this.#events.emit('relations', this.relations);
  }

  #corrected(message: CorrectMessage): void {
    const { own } = this;
    own.epoch = message.epoch;
    own.position = [message.x, message.y, message.z];
    own.rotation = [0, Math.sin(message.yawRad / 2), 0, Math.cos(message.yawRad / 2)];
    own.sitting = false;
    this.#isPlaced = true;
    this.#events.emit('correct', {
      positionM: [message.x, message.y, message.z],
      yawRad: message.yawRad,
      reason: message.reason,
    });
  }
}
