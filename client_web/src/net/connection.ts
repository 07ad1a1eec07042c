/**
 * The connection to the alley: opens, says hello, keeps alive, comes back by itself.
 *
 * Theory. One attempt at a time: opening → challenged → greeted → live → ended → waiting → opening … The server asks who
 * comes; the `Passport` makes the papers for the address that we connected to. `planAfter` decides what an end means. Events carry numbers; a number seen before is skipped, a hole is healed by coming back and asking for what is
 * missing, so nothing is lost and nothing is doubled. The resume token lives in sessionStorage, so that a reload is the
 * same person; the page knows nothing then and asks for the whole state by naming a number that never was.
 *
 * Everything from outside (socket, clock, timers, chance, storage) comes in through `Surroundings`.
 */

import type { KeyValueStore } from '../world/settings';
import type { Link, World } from '../world/world';
import { RoomClock } from './clock';
import { decodeAll, encode } from './msgpack';
import type { EntryPapers, Passport, SessionTicket } from './passport';
import { type Ending, planAfter } from './retry';
import { PoseSender } from './sender';
import {
  type ByeMessage,
  type ChallengeMessage,
  type EventMessage,
  type Inbound,
  type Look,
  type Outbound,
  PROTOCOL_VERSION,
  RESUME_WINDOW_S,
  readOutbound,
  toFields,
  type WelcomeMessage,
} from './wire.gen';

export interface SocketLike {
  binaryType: string;
  readonly readyState: number;
  readonly bufferedAmount: number;
  send(data: Uint8Array<ArrayBuffer>): void;
  close(code?: number, reason?: string): void;
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number }) => void) | null;
}

export interface Surroundings {
  /** The origin of the address that `open` connects to: https or http, host and port. */
  readonly origin: string;
  open(): SocketLike;
  /** Local monotonic clock, milliseconds. */
  nowMs(): number;
  /** Time of day, milliseconds since 1970. */
  wallMs(): number;
  /** Calls once after a delay; the result cancels. */
  after(delayMs: number, call: () => void): () => void;
  random(): number;
  readonly session: KeyValueStore | null;
}

export interface Identity {
  readonly name: string;
  readonly look: Look;
  readonly language: string;
}

/** Where somebody stands, and where they look. */
interface Place {
  readonly x: number;
  readonly z: number;
  readonly yawRad: number;
}

const OPEN = 1;
/** Close code of a page that is being reloaded; the server keeps the presence for it. */
const COMING_BACK = 4900;
/** Ending of an attempt for which no papers could be made. */
const NO_PASSPORT = 'no_passport';
/** Detail of a refusal: the alley knows a newer document of this person, by another device. */
const LEFT_BEHIND = 'rolled_back';
const TOKEN_KEY = 'yokocho.resume';
/** A number no event has: the server then sends the whole state. */
const NOTHING_KNOWN = 0xffff_ffff;
const HELLO_DEADLINE_MS = 10_000;
const PING_MS = 2500;
const FIRST_PINGS = 4;
const FIRST_PING_MS = 300;
const SILENCE_MS = 12_000;
const POSE_MS = 50;
/** A connection that held this long was a good one: the next failure is the first again. */
const STABLE_MS = 10_000;
/** Words that were under way when the connection broke come back within this time, or they were lost. */
const CONFIRM_MS = 4000;
const MAX_BUFFERED_BYTES = 64 * 1024;

export class Connection implements Link {
  readonly clock = new RoomClock();
  #world: World;
  readonly #around: Surroundings;
  readonly #identity: () => Identity;
  readonly #passport: Passport;
  #hasRenewed = false;
  readonly #sender = new PoseSender();
  #socket: SocketLike | null = null;
  readonly #timers = new Set<() => void>();
  #token: string | null = null;
  #ticket: SessionTicket | null = null;
  #lastSeq = 0;
  #attempt = 0;
  #bye: ByeMessage | null = null;
  #isLive = false;
  #wasLive = false;
  #liveSinceMs = 0;
  /** When the first ping went out that nothing has answered yet. */
  #askedMs: number | null = null;
  #pings = 0;
  #mayMissOne = false;
  #returnTo: Place | null = null;

  constructor(world: World, identity: () => Identity, passport: Passport, around: Surroundings) {
    this.#world = world;
    this.#identity = identity;
    this.#passport = passport;
    this.#around = around;
    world.link = this;
  }

  /** Whether a reload within the resume window can take up the same visit. */
  static hasTicket(session: KeyValueStore | null, wallMs: number): boolean {
    return readTicket(session, wallMs) !== null;
  }

  /** The access token for calls over HTTP; null before the first welcome. */
  get ticket(): SessionTicket | null {
    return this.#ticket;
  }

  start(): void {
    const ticket = this.#token === null ? readTicket(this.#around.session, this.#around.wallMs()) : null;
    this.#token ??= ticket?.token ?? null;
    this.#returnTo = ticket?.place ?? null;
    if (!this.#lastSeq) this.#lastSeq = NOTHING_KNOWN;
    this.#open();
  }

  /** Don't wait any longer: the network is back, or the person asked. */
  retryNow(): void {
    if (this.#socket || ['arrival', 'left'].includes(this.#world.status.phase)) return;
    this.#clearTimers();
    this.#open();
  }

  /** Go for good. */
  leave(): void {
    this.vanish();
    this.#status('left', '', '', null);
  }

  /** Go for good, and leave it to others what the world is told. */
  vanish(): void {
    this.send({ type: 'leave' });
    this.#drop();
    forgetTicket(this.#around.session);
    this.#token = null;
    this.#lastSeq = 0;
  }

  /** Go on in another world, which hears all that the one before it has `heard`. */
  moveInto(world: World, heard: readonly (readonly [Outbound, number])[]): void {
    const { status } = this.#world;
    this.#world = world;
    world.link = this;
    for (const [message, nowMs] of heard) world.apply(message, nowMs);
    world.setStatus(status);
  }

  /**
   * The page is about to go. A reload within the window is the same person, or if the server has let them go, somebody
   * who stands in the same place. A page that `comesBack` says so with a close code of its own: a closed tab leaves.
   */
  pageHidden(comesBack = false): void {
    this.#keepTicket();
    if (comesBack) this.#socket?.close(COMING_BACK);
  }

  #keepTicket(): void {
    if (!this.#token) return;
    const place = this.#world.isPlaced ? standingAt(this.#world) : null;
    writeTicket(this.#around.session, { token: this.#token, atMs: this.#around.wallMs(), place });
  }

  send(message: Inbound): boolean {
    if (!this.#isLive || this.#socket?.readyState !== OPEN) return false;
    this.#socket.send(encode(toFields(message)));
    return true;
  }

  // --- one attempt --------------------------------------------------------------------------------------------------

  #open(): void {
    this.#bye = null;
    this.#status(this.#wasLive ? 'reconnecting' : 'connecting', '', '', null);
    let socket: SocketLike;
    try {
      socket = this.#around.open();
    } catch {
      this.#ended({ bye: null, closeCode: 1006 });
      return;
    }
    this.#socket = socket;
    socket.binaryType = 'arraybuffer';
    socket.onmessage = (event) => {
      if (this.#socket === socket) this.#heard(event.data);
    };
    socket.onclose = (event) => {
      if (this.#socket === socket) this.#ended({ bye: this.#bye, closeCode: event.code });
    };
    this.#later(HELLO_DEADLINE_MS, () => {
      if (!this.#isLive && this.#socket === socket) this.#abandon();
    });
  }

  #challenged(challenge: ChallengeMessage, socket: SocketLike): void {
    const { origin } = this.#around;
    const { nonce, room } = challenge;
    this.#passport.enter({ origin, nonce, room, url: `${origin}/live` }).then(
      (entry) => {
        if (this.#socket === socket) this.#greet(socket, entry);
      },
      (error: unknown) => {
        if (this.#socket !== socket) return;
        reportError(error);
        this.#ended({
          bye: { code: NO_PASSPORT, message: '', retryAfterMs: -1, detail: '', untilMs: 0 },
          closeCode: 1000,
        });
        socket.close();
      },
    );
  }

  #greet(socket: SocketLike, entry: EntryPapers): void {
    const { name, look, language } = this.#identity();
    const resume = this.#token ? { token: this.#token, lastSeq: this.#lastSeq } : null;
    const version = PROTOCOL_VERSION;
    socket.send(encode(toFields({ type: 'hello', version, capabilities: [], name, look, language, resume, entry })));
  }

  #keepTicketFor(token: string, lifeS: number): void {
    this.#ticket = { token, untilMs: this.#around.nowMs() + lifeS * 1000 };
  }

  #heard(data: unknown): void {
    if (!(data instanceof ArrayBuffer)) return;
    const nowMs = this.#around.nowMs();
    this.#askedMs = null;
    const socket = this.#socket;
    try {
      // A frame from the server holds one message or several, back to back.
      for (const fields of decodeAll(new Uint8Array(data))) {
        this.#take(readOutbound(fields), socket, nowMs);
        // One of them may have ended this connection: what follows comes again on the next.
        if (this.#socket !== socket) break;
      }
    } catch (error) {
      // Reading it again would fail again: go on without it.
      this.#mayMissOne = true;
      reportError(error);
    }
  }

  #take(message: Outbound | null, socket: SocketLike | null, nowMs: number): void {
    switch (message?.type) {
      case 'challenge':
        if (socket) this.#challenged(message, socket);
        break;
      case 'sessionToken':
        this.#keepTicketFor(message.token, message.lifeS);
        break;
      case 'welcome':
        this.#welcomed(message, nowMs);
        break;
      case 'event':
        this.#event(message, nowMs);
        break;
      case 'pong':
        this.clock.answered(message.clientMs, message.serverMs, nowMs);
        break;
      case 'bye':
        this.#bye = message;
        break;
      default:
        if (message) this.#world.apply(message, nowMs);
    }
  }

  #welcomed(welcome: WelcomeMessage, nowMs: number): void {
    this.#token = welcome.token;
    this.#keepTicketFor(welcome.sessionToken, welcome.sessionLifeS);
    this.#hasRenewed = false;
    this.#isLive = true;
    this.#liveSinceMs = nowMs;
    this.clock.restart();
    this.#sender.restart();
    if (!welcome.resumed) {
      this.#lastSeq = 0;
      // A restarted server puts everybody at the entrance: go back to where this visitor stood.
      if (this.#wasLive && this.#world.isPlaced) this.#returnTo = standingAt(this.#world);
    }
    this.#keepTicket();
    this.#wasLive = true;
    const doubtful = this.#world.unconfirmed();
    this.#later(CONFIRM_MS, () => this.#world.giveUp(doubtful));
    this.#world.apply(welcome, nowMs);
    this.#status('live', '', '', null);
    this.#pings = 0;
    this.#ping();
    this.#sendPose();
  }

  #event(event: EventMessage, nowMs: number): void {
    if (event.seq <= this.#lastSeq) return;
    if (this.#lastSeq > 0 && event.seq > this.#lastSeq + 1 && !this.#mayMissOne) {
      this.#abandon();
      return;
    }
    this.#mayMissOne = false;
    this.#lastSeq = event.seq;
    if (!event.body) return;
    this.#world.apply(event.body, nowMs);
    if (event.body.type === 'correct' && this.#returnTo) {
      const place = this.#returnTo;
      this.#returnTo = null;
      this.send({ type: 'jump', ...place });
    }
  }

  #ping(): void {
    const nowMs = this.#around.nowMs();
    this.#askedMs ??= nowMs;
    // Timers of a hidden page are slow: only a question without an answer is silence.
    if (nowMs - this.#askedMs > SILENCE_MS) {
      this.#abandon();
      return;
    }
    this.send({ type: 'ping', clientMs: nowMs, lastSeq: this.#lastSeq });
    this.#pings += 1;
    this.#later(this.#pings < FIRST_PINGS ? FIRST_PING_MS : PING_MS, () => this.#ping());
  }

  #sendPose(): void {
    if (this.#world.isPlaced && (this.#socket?.bufferedAmount ?? 0) < MAX_BUFFERED_BYTES) {
      const message = this.#sender.due(this.#world.own, this.#around.nowMs());
      if (message) this.send(message);
    }
    this.#later(POSE_MS, () => this.#sendPose());
  }

  // --- the end of one attempt ---------------------------------------------------------------------------------------

  /** This connection leads nowhere: end it without waiting for the other side. */
  #abandon(): void {
    const socket = this.#socket;
    this.#ended({ bye: this.#bye, closeCode: 1006 });
    socket?.close();
  }

  #drop(): void {
    this.#clearTimers();
    const socket = this.#socket;
    this.#socket = null;
    this.#isLive = false;
    socket?.close(1000);
  }

  #ended(ending: Ending): void {
    this.#clearTimers();
    this.#socket = null;
    if (this.#isLive) {
      this.#keepTicket();
      if (this.#around.nowMs() - this.#liveSinceMs > STABLE_MS) this.#attempt = 0;
    }
    this.#isLive = false;
    if (ending.bye?.detail === LEFT_BEHIND && !this.#hasRenewed && this.#passport.renew) {
      void this.#catchUp(ending, this.#passport.renew());
      return;
    }
    const plan = planAfter(ending, this.#attempt, this.#around.random());
    this.#attempt += 1;
    if (plan.delayMs === null) {
      this.#token = null;
      forgetTicket(this.#around.session);
      this.#status(plan.phase, plan.code, plan.message, null, ending.bye?.untilMs);
      return;
    }
    const retryAtMs = this.#around.nowMs() + plan.delayMs;
    if (plan.phase === 'reconnecting' && !this.#wasLive) this.#status('connecting', 'unreachable', '', retryAtMs);
    else this.#status(plan.phase, plan.code, plan.message, retryAtMs);
    this.#later(plan.delayMs, () => this.#open());
  }

  /** Once: what is still refused then stays so. */
  async #catchUp(ending: Ending, renewing: Promise<boolean>): Promise<void> {
    this.#hasRenewed = true;
    const isWorthIt = await renewing.catch(() => false);
    if (this.#socket) return;
    if (isWorthIt) this.#open();
    else this.#ended(ending);
  }

  #status(
    phase: World['status']['phase'],
    code: string,
    message: string,
    retryAtMs: number | null,
    untilMs: number = 0,
  ): void {
    const before = this.#world.status;
    // While an attempt to come back is under way the person goes on reading why it is needed.
    const isTrying = phase === 'reconnecting' || phase === 'connecting';
    const kept = isTrying && (before.phase === 'full' || before.phase === 'restarting');
    this.#world.setStatus(
      kept && code === '' ? { ...before, retryAtMs } : { phase, code, message, retryAtMs, untilMs },
    );
  }

  #later(delayMs: number, call: () => void): void {
    const cancel = this.#around.after(delayMs, () => {
      this.#timers.delete(cancel);
      call();
    });
    this.#timers.add(cancel);
  }

  #clearTimers(): void {
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
  }
}

function standingAt(world: World): Place {
  const [x, , z] = world.own.position;
  const [qx, qy, qz, qw] = world.own.rotation;
  return { x, z, yawRad: Math.atan2(2 * (qw * qy + qx * qz), 1 - 2 * (qx * qx + qy * qy)) };
}

// --- the ticket for coming back ---------------------------------------------------------------------------------------

interface Ticket {
  readonly token: string;
  readonly atMs: number;
  readonly place: Place | null;
}

function readTicket(session: KeyValueStore | null, wallMs: number): Ticket | null {
  try {
    const ticket: unknown = JSON.parse(session?.getItem(TOKEN_KEY) ?? 'null');
    if (typeof ticket !== 'object' || ticket === null) return null;
    const { token, atMs, place } = ticket as { token?: unknown; atMs?: unknown; place?: unknown };
    if (typeof token !== 'string' || typeof atMs !== 'number') return null;
    if (Math.abs(wallMs - atMs) >= RESUME_WINDOW_S * 1000) return null;
    return { token, atMs, place: readPlace(place) };
  } catch {
    return null;
  }
}

function readPlace(value: unknown): Place | null {
  if (typeof value !== 'object' || value === null) return null;
  const { x, z, yawRad } = value as Record<string, unknown>;
  const isPlace = [x, z, yawRad].every((one) => typeof one === 'number' && Number.isFinite(one));
  return isPlace ? { x: x as number, z: z as number, yawRad: yawRad as number } : null;
}

function writeTicket(session: KeyValueStore | null, ticket: Ticket): void {
  try {
    session?.setItem(TOKEN_KEY, JSON.stringify(ticket));
  } catch {
    // Without storage a reload is a new visit; nothing else is lost.
  }
}

function forgetTicket(session: KeyValueStore | null): void {
  try {
    session?.removeItem(TOKEN_KEY);
  } catch {
    // As above.
  }
}
