/** An instance for the tests of pages: it answers what it is told to, and remembers what it was asked. */

import { ApiProblem } from '../../src/identity/api';
import type { Ask, Caller } from '../../src/pages/caller';
import type { Restriction } from '../../src/pages/operate/house';

export const NOW_MS = Date.UTC(2026, 10, 22, 12);
export const OPERATOR = 'did:key:z6MkOperator';
export const BO = 'did:key:z6MkBo';
export const NAMES = {
  [OPERATOR]: { name: 'Mira', fingerprint: '11111 22222' },
  [BO]: { name: 'Bo', fingerprint: '33333 44444' },
};

type Answer = unknown | ((body: unknown) => unknown);

export class FakeInstance {
  roles: readonly string[] = ['operator'];
  sessions = 0;
  readonly heard: { readonly what: string; readonly body: unknown }[] = [];
  readonly answers: Record<string, Answer> = {
    '/api/stalls': { stalls: [{ id: 'kiln', name: { en: 'Kiln & Tea', de: 'Ofen & Tee' } }] },
    '/api/alley': { visitors: 2, capacity: 100 },
    '/healthz': { version: '1.2.3', visitors: 2, status: 'ok' },
    '/api/appeal': { text: 'Write to us.' },
    'GET /api/grants': { grants: [], people: NAMES },
    'GET /api/invitations': { invitations: [], people: NAMES },
    'GET /api/restrictions': { restrictions: [], people: NAMES },
    'GET /api/people': { people: [], more: false },
    'GET /api/audit': { entries: [], people: NAMES },
  };

  readonly caller: Caller = {
    session: async () => {
      this.sessions += 1;
      return { token: 't', untilMs: NOW_MS + 900_000, did: OPERATOR, roles: this.roles };
    },
    restart: () => undefined,
    call: async <T>(method: string, path: string, body?: unknown) => this.#answer<T>(`${method} ${path}`, body),
  };
  readonly ask: Ask = async <T>(path: string, body?: unknown) => this.#answer<T>(path, body);

  refuse(what: string, status: number, code: string, message = 'No.'): void {
    this.answers[what] = () => {
      throw new ApiProblem(status, { error: code, message });
    };
  }

  /** What was asked for with this method and path. */
  asked(what: string): unknown[] {
    return this.heard.filter((one) => one.what.split('?')[0] === what).map(({ body }) => body);
  }

  #answer<T>(what: string, body: unknown): T {
    this.heard.push({ what, body });
    const answer = this.answers[what] ?? this.answers[what.split('?')[0] ?? ''];
    if (answer === undefined) throw new Error(`nobody said what to answer to ${what}`);
    return (typeof answer === 'function' ? answer(body) : answer) as T;
  }
}

export function restriction(more: Partial<Restriction> = {}): Restriction {
  return {
    id: 7,
    kind: 'ban',
    scope: 'alley',
    did: BO,
    network: null,
    reason: 'Shouting.',
    made_by: OPERATOR,
    at_ms: NOW_MS - 60_000,
    expires_ms: NOW_MS + 3_600_000,
    lifted_by: null,
    in_force: true,
    ...more,
  };
}

export const bo = {
  did: BO,
  ...NAMES[BO],
  home: '',
  roles: [],
  stalls: [],
  successor: null,
  last_seen_ms: NOW_MS - 180_000,
};
