/**
 * Calls over HTTP that are made as oneself: a session is opened by the device key, and each call carries a proof that it
 * comes from the page which opened it (RFC 9449). Pages use this; the alley itself has its session from the live connection.
 */

import type { BrowserPassport } from './passport';

const RENEW_BEFORE_MS = 30_000;

/** The server said no. `message` is the server's sentence, in English; pages have words of their own for known codes. */
export class ApiProblem extends Error {
  readonly status: number;
  readonly code: string;
  /** A second code, or where to turn. */
  readonly detail: string;
  /** When it is over, Unix time; 0 where that is not said. */
  readonly untilMs: number;

  constructor(status: number, body: Readonly<Record<string, unknown>>) {
    super(String(body['message'] ?? `HTTP ${status}`));
    this.status = status;
    this.code = String(body['error'] ?? 'unknown');
    this.detail = String(body['detail'] ?? '');
    this.untilMs = Number(body['until_ms'] ?? 0);
  }
}

export interface Session {
  readonly token: string;
  readonly untilMs: number;
  readonly did: string;
  readonly roles: readonly string[];
}

type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export class Api {
  readonly #passport: BrowserPassport;
  readonly #fetch: Fetch;
  #session: Promise<Session> | null = null;

  constructor(passport: BrowserPassport, fetcher: Fetch = (url, init) => fetch(url, init)) {
    this.#passport = passport;
    this.#fetch = fetcher;
  }

  /** Who the server takes this page for. */
  async session(): Promise<Session> {
    const before = this.#session;
    const known = await before?.catch(() => null);
    if (known && known.untilMs - RENEW_BEFORE_MS > this.#passport.wallMs()) return known;
    // Of several calls that find none, one opens it.
    if (this.#session === before) this.#session = this.#open();
    return this.#session as Promise<Session>;
  }

  /** Forget the session: the identity of this browser has changed. */
  restart(): void {
    this.#session = null;
  }

  /** What the server answers to a call by oneself, as JSON. */
  async call<T = unknown>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await this.request(method, path, body);
    return (answer.status === 204 ? null : await answer.json()) as T;
  }

  /** The same for what isn't JSON. */
  async request(method: string, path: string, body?: unknown): Promise<Response> {
    try {
      return await this.#authorized(method, path, body);
    } catch (error) {
      if (!(error instanceof ApiProblem && error.code === 'token_refused')) throw error;
      // The server has been restarted or the session has ended: once more with a fresh one.
      this.restart();
      return this.#authorized(method, path, body);
    }
  }

  async #authorized(method: string, path: string, body: unknown): Promise<Response> {
    const { token } = await this.session();
    const url = this.#passport.origin + path;
    return this.#send(method, path, body, await this.#passport.authorize(method, url, token));
  }

  async #open(): Promise<Session> {
    const passport = this.#passport;
    const { origin } = passport;
    const challenge = await this.#json('POST', '/api/challenge', undefined, {});
    const url = `${origin}/api/session`;
    const door = { origin, nonce: String(challenge['nonce']), room: String(challenge['room']), url, method: 'POST' };
    const { token, document, proof } = await passport.enter(door);
    const opened = await this.#json('POST', '/api/session', { entry: token, document }, { DPoP: proof });
    return {
      token: String(opened['access_token']),
      untilMs: passport.wallMs() + Number(opened['expires_in']) * 1000,
      did: String(opened['did']),
      roles: Array.isArray(opened['roles']) ? opened['roles'].map(String) : [],
    };
  }

  async #json(method: string, path: string, body: unknown, headers: Record<string, string>) {
    return (await (await this.#send(method, path, body, headers)).json()) as Record<string, unknown>;
  }

  async #send(method: string, path: string, body: unknown, headers: Record<string, string>): Promise<Response> {
    const url = this.#passport.origin + path;
    // A text is JSON already, such as a signed document, of which not a byte may change.
    const json = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) };
    const type: Record<string, string> = body === undefined ? {} : { 'Content-Type': 'application/json' };
    const answer = await this.#fetch(url, {
      method,
      headers: { Accept: 'application/json', ...type, ...headers },
      ...json,
    });
    if (!answer.ok) throw new ApiProblem(answer.status, await readObject(answer));
    return answer;
  }
}

async function readObject(answer: Response): Promise<Record<string, unknown>> {
  try {
    const body: unknown = await answer.json();
    return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
