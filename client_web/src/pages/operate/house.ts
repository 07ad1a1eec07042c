/** The alley as those see it who look after it: what the instance tells them, and what they can ask of it. */

import type { Texts } from '../../i18n';
import type { LocalText } from '../../world/local_text';
import { type Ask, asked, type Caller } from '../caller';
import type { Page, ViewOf } from '../shell';
import type { OperateKey } from './i18n/en';

export type OperatePage = Page<OperateKey>;
export type OperateView = ViewOf<OperateKey>;
export type OperateTexts = Texts<OperateKey>;

export type Role = 'artisan' | 'keeper' | 'operator';
export const ROLES: readonly Role[] = ['artisan', 'keeper', 'operator'];

export interface Named {
  readonly name: string;
  readonly fingerprint: string;
}
/** Whom the dids of a list belong to. */
export type Names = Readonly<Record<string, Named>>;

export interface Person extends Named {
  readonly did: string;
  readonly home: string;
  readonly roles: readonly Role[];
  readonly stalls: readonly { readonly id: string; readonly name: LocalText }[];
  readonly successor: string | null;
  readonly last_seen_ms: number;
}

export interface Grant {
  readonly id: number;
  readonly did: string;
  readonly role: Role;
  readonly stall: string | null;
  readonly granted_by: string;
  readonly at_ms: number;
}

export interface Invitation {
  readonly id: number;
  readonly role: Role;
  readonly stall: string | null;
  readonly state: 'open' | 'used' | 'withdrawn' | 'expired';
  readonly made_by: string;
  readonly made_ms: number;
  readonly expires_ms: number;
  readonly used_by: string | null;
}

export type Kind = 'ban' | 'mute';
export type Scope = 'alley' | 'instance';

export interface Restriction {
  readonly id: number;
  readonly kind: Kind;
  readonly scope: Scope;
  readonly did: string | null;
  readonly network: string | null;
  readonly reason: string;
  readonly made_by: string;
  readonly at_ms: number;
  readonly expires_ms: number | null;
  readonly lifted_by: string | null;
  readonly in_force: boolean;
}

export interface NewRestriction {
  readonly kind: Kind;
  readonly target: string;
  readonly reason: string;
  readonly scope: Scope;
  readonly hours?: number;
}

export interface Entry {
  readonly id: number;
  readonly at_ms: number;
  readonly who: string;
  readonly what: string;
  readonly on_whom: string | null;
  readonly why: string;
  readonly details: Readonly<Record<string, unknown>>;
}

export interface Stall {
  readonly id: string;
  readonly name: LocalText;
}

export const PAGE_SIZE = 20;

export interface HouseSources {
  readonly caller: Caller;
  readonly ask: Ask;
  wallMs(): number;
  /** What this browser's person calls themselves; the instance may not have heard it yet. */
  readonly ownName: string;
  /** Whether a recovery file was made. */
  readonly isKept: boolean;
}

export class House {
  readonly isKept: boolean;
  readonly wallMs: () => number;
  did = '';
  roles: readonly string[] = [];
  stalls: readonly Stall[] = [];
  readonly #caller: Caller;
  readonly #ask: Ask;
  readonly #ownName: string;

  constructor(sources: HouseSources) {
    this.#caller = sources.caller;
    this.#ask = sources.ask;
    this.#ownName = sources.ownName;
    this.isKept = sources.isKept;
    this.wallMs = () => sources.wallMs();
  }

  get isOperator(): boolean {
    return this.roles.includes('operator');
  }

  /** Whether there is anything for this person here. */
  get mayLookAfter(): boolean {
    return this.isOperator || this.roles.includes('keeper');
  }

  /** Ask who we are here, and for what both roles need. */
  async meet(): Promise<void> {
    const { did, roles } = await this.#caller.session();
    this.did = did;
    this.roles = roles;
    if (this.mayLookAfter) this.stalls = (await this.#ask<{ stalls: readonly Stall[] }>('/api/stalls')).stalls;
  }

  /** How somebody is called; what the instance does not know of ourselves we know. */
  nameOf(did: string, named: { readonly name: string } | undefined): string {
    return named?.name || (did === this.did ? this.#ownName : '');
  }

  health(): Promise<{ version: string; visitors: number; status: string }> {
    return this.#ask('/healthz');
  }

  summary(): Promise<{ visitors: number; capacity: number }> {
    return this.#ask('/api/alley');
  }

  async appeal(): Promise<string> {
    return (await this.#ask<{ text: string }>('/api/appeal')).text;
  }

  people(words: string, role: string, offset: number): Promise<{ people: readonly Person[]; more: boolean }> {
    const query = new URLSearchParams({ q: words, role, offset: String(offset), limit: String(PAGE_SIZE) });
    return this.#caller.call('GET', `/api/people?${query}`);
  }

  /** One person; null for somebody whom the instance never saw. */
  async person(did: string): Promise<Person | null> {
    const { people } = await this.people(did, '', 0);
    return people.find((one) => one.did === did) ?? null;
  }

  /** Whom the alley calls so. */
  async didOf(visitorId: string): Promise<string> {
    return (await this.#ask<{ did: string }>(`/api/people/${visitorId}`)).did;
  }

  grants(): Promise<{ grants: readonly Grant[]; people: Names }> {
    return this.#caller.call('GET', '/api/grants');
  }

  invitations(offset: number): Promise<{ invitations: readonly Invitation[]; people: Names }> {
    return this.#caller.call('GET', `/api/invitations?offset=${offset}&limit=${PAGE_SIZE}`);
  }

  restrictions(
    options: { did?: string; inForce?: boolean; offset?: number } = {},
  ): Promise<{ restrictions: readonly Restriction[]; people: Names }> {
    const { did = '', inForce = false, offset = 0 } = options;
    const query = new URLSearchParams({ did, offset: String(offset), limit: String(PAGE_SIZE) });
    if (inForce) query.set('in_force', '1');
    return this.#caller.call('GET', `/api/restrictions?${query}`);
  }

  log(did: string, before: number | null): Promise<{ entries: readonly Entry[]; people: Names }> {
    const query = new URLSearchParams({ did, limit: String(PAGE_SIZE) });
    if (before !== null) query.set('before', String(before));
    return this.#caller.call('GET', `/api/audit?${query}`);
  }

  // --- changes; refusals come as problems in words ----------------------------------------------------------------------

  grant(texts: OperateTexts, did: string, role: Role, stall: string | null): Promise<Grant> {
    return this.#change(texts, 'POST', '/api/grants', { did, role, ...(stall === null ? {} : { stall }) });
  }

  revoke(texts: OperateTexts, id: number): Promise<void> {
    return this.#change(texts, 'DELETE', `/api/grants/${id}`);
  }

  invite(texts: OperateTexts, role: Role, stall: string | null, days: number): Promise<Invitation & { link: string }> {
    return this.#change(texts, 'POST', '/api/invitations', { role, days, ...(stall === null ? {} : { stall }) });
  }

  withdraw(texts: OperateTexts, id: number): Promise<void> {
    return this.#change(texts, 'DELETE', `/api/invitations/${id}`);
  }

  restrict(texts: OperateTexts, restriction: NewRestriction): Promise<Restriction> {
    return this.#change(texts, 'POST', '/api/restrictions', restriction);
  }

  lift(texts: OperateTexts, id: number): Promise<void> {
    return this.#change(texts, 'DELETE', `/api/restrictions/${id}`);
  }

  setAppeal(texts: OperateTexts, text: string): Promise<{ text: string }> {
    return this.#change(texts, 'PUT', '/api/appeal', { text });
  }

  #change<T>(texts: OperateTexts, method: string, path: string, body?: unknown): Promise<T> {
    return asked(texts, () => this.#caller.call<T>(method, path, body));
  }
}
