/** Calls to the instance, and its refusals in words of the visitor's language. */

import type { Texts } from '../i18n';
import { ApiProblem, type Session } from '../identity/api';
import type { ApiKey } from './i18n/api/en';
import { Problem } from './parts';

/** Calls as oneself; `Api` makes them. */
export interface Caller {
  session(): Promise<Session>;
  /** Forget the session, since what one may do has changed. */
  restart(): void;
  call<T = unknown>(method: string, path: string, body?: unknown): Promise<T>;
}

/** Calls that need nobody's name. */
export type Ask = <T>(path: string, body?: unknown) => Promise<T>;

const REFUSALS: Readonly<Record<string, ApiKey>> = {
  not_allowed: 'api.notAllowed',
  already_claimed: 'api.claimed',
  code_unknown: 'api.codeUnknown',
  code_used: 'api.codeUsed',
  code_expired: 'api.codeExpired',
  last_operator: 'api.lastOperator',
  person_protected: 'api.protected',
  network_too_wide: 'api.tooWide',
  person_unknown: 'api.personUnknown',
  stall_unknown: 'api.stallUnknown',
  grant_unknown: 'api.grantUnknown',
  already_granted: 'api.granted',
  invitation_unknown: 'api.invitationUnknown',
  restriction_unknown: 'api.restrictionUnknown',
  rate_limited: 'api.tooOften',
  too_busy: 'api.busy',
  unavailable: 'api.busy',
  revoked: 'api.revoked',
};

/** GET without a body, POST with one. */
export async function askOpenly<T>(path: string, body?: unknown): Promise<T> {
  const sends = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
  const answer = await fetch(path, body === undefined ? { cache: 'no-store' } : sends);
  const said: unknown = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new ApiProblem(answer.status, Object(said) as Record<string, unknown>);
  return said as T;
}

/** What a refusal says to whoever reads it. */
export function refusalText(texts: Texts<ApiKey>, refusal: ApiProblem): string {
  if (refusal.code === 'banned') {
    return [texts.t('api.banned', { reason: refusal.message }), refusal.detail].filter(Boolean).join(' ');
  }
  const key = REFUSALS[refusal.code];
  return key ? texts.t(key) : texts.t('api.other', { message: refusal.message });
}

/** Do it; what the instance refuses becomes a `Problem` in words. */
export async function asked<T>(texts: Texts<ApiKey>, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof ApiProblem ? new Problem(refusalText(texts, error)) : error;
  }
}
