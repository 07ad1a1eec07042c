/** A world without time and network of its own: sockets and timers that a test moves by hand. */

import type { SocketLike, Surroundings } from '../../src/net/connection';
import { decodeAll, encode } from '../../src/net/msgpack';
import type { Door, EntryPapers, Passport } from '../../src/net/passport';
import type { KeyValueStore } from '../../src/world/settings';

export class FakeSocket implements SocketLike {
  binaryType = '';
  readyState = 0;
  bufferedAmount = 0;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  readonly sent: unknown[][] = [];
  closedWith: number | undefined;

  send(data: Uint8Array<ArrayBuffer>): void {
    this.sent.push([...decodeAll(data)][0] as unknown[]);
  }

  close(code?: number): void {
    this.readyState = 3;
    this.closedWith = code;
  }

  // --- the server's side ---

  opens(): void {
    this.readyState = 1;
    this.onopen?.();
    this.says(server.challenge());
  }

  /** One frame with one message or several. */
  says(...messages: unknown[][]): void {
    const bytes = messages.flatMap((message) => [...encode(message)]);
    this.onmessage?.({ data: Uint8Array.from(bytes).buffer });
  }

  ends(code: number): void {
    this.readyState = 3;
    this.onclose?.({ code });
  }

  of(type: number): unknown[][] {
    return this.sent.filter((message) => message[0] === type);
  }
}

export class MemoryStore implements KeyValueStore {
  readonly values = new Map<string, string>();
  getItem = (key: string): string | null => this.values.get(key) ?? null;
  setItem = (key: string, value: string): void => void this.values.set(key, value);
  removeItem = (key: string): void => void this.values.delete(key);
}

export const ORIGIN = 'http://alley.example:8080';
export const PAPERS: EntryPapers = { token: 'e.n.T', document: '{}', proof: 'p.r.F' };

/** Shows the same papers at every door, and remembers which doors they were. */
export class FakePassport implements Passport {
  readonly doors: Door[] = [];
  fault: Error | null = null;
  /** What catching up comes to. */
  renewal: () => Promise<boolean> = async () => false;
  renewals = 0;
  renew = (): Promise<boolean> => {
    this.renewals += 1;
    return this.renewal();
  };

  // Answered at once, so that tests need not wait: all that `Connection` asks of a promise is `then`.
  enter = (door: Door): Promise<EntryPapers> => {
    this.doors.push(door);
    const then = (good: (papers: EntryPapers) => void, bad: (error: Error) => void): void => {
      if (this.fault) bad(this.fault);
      else good(PAPERS);
    };
    return { then } as unknown as Promise<EntryPapers>;
  };
}

export class FakeSurroundings implements Surroundings {
  readonly origin = ORIGIN;
  readonly passport = new FakePassport();
  readonly sockets: FakeSocket[] = [];
  readonly session = new MemoryStore();
  chance = 0;
  #nowMs = 1000;
  #timers: { atMs: number; call: () => void }[] = [];

  open = (): SocketLike => {
    const socket = new FakeSocket();
    this.sockets.push(socket);
    return socket;
  };

  nowMs = (): number => this.#nowMs;
  wallMs = (): number => 1_790_000_000_000 + this.#nowMs;
  random = (): number => this.chance;

  after = (delayMs: number, call: () => void): (() => void) => {
    const timer = { atMs: this.#nowMs + delayMs, call };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((one) => one !== timer);
    };
  };

  get socket(): FakeSocket {
    const socket = this.sockets.at(-1);
    if (!socket) throw new Error('no socket was opened');
    return socket;
  }

  get waiting(): number {
    return this.#timers.length;
  }

  pass(ms: number): void {
    const until = this.#nowMs + ms;
    for (;;) {
      const next = this.#timers.filter((timer) => timer.atMs <= until).sort((a, b) => a.atMs - b.atMs)[0];
      if (!next) break;
      this.#timers = this.#timers.filter((timer) => timer !== next);
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.call();
    }
    this.#nowMs = until;
  }
}

export const LOOK = [0, 1, 2, 3, 4, 5, 6, 160] as const;

/** Messages of the server, as arrays. */
export const server = {
  challenge: () => [49, 'n0nce', 'http://elsewhere.example', 'lane'],
  card: (slot: number, id: string, name: string) => [slot, id, name, [...LOOK], 0, '', 0],
  welcome: (options: { resumed?: boolean; token?: string; slot?: number; id?: string } = {}) => [
    32,
    1,
    [],
    server.card(options.slot ?? 1, options.id ?? 'v-own', 'Aiko'),
    options.token ?? 'token-1',
    options.resumed ?? false,
    20,
    5000,
    1_790_000_000_000,
    200,
    5,
    'a.t.J',
    900,
  ],
  event: (seq: number, body: unknown[]) => [34, seq, body],
  enter: (slot: number, id: string, name: string) => [35, [server.card(slot, id, name)]],
  gone: (slot: number) => [36, [slot], 1],
  chat: (id: number, text: string, options: { from?: string; ref?: number; scope?: number } = {}) => [
    37,
    id,
    options.from ?? 'v-2',
    'Bo',
    options.scope ?? 0,
    text,
    1_790_000_000_000 + id,
    options.ref ?? 0,
  ],
  correct: (epoch: number, x: number, z: number) => [44, epoch, x, 1.5, z, 0, 0],
  census: (visitors: number) => [46, visitors],
  bye: (code: string, retryAfterMs: number, detail = '') => [43, code, 'A sentence.', retryAfterMs, detail, 0],
  sessionToken: (token: string) => [50, token, 900],
};
