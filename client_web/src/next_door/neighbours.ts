/** Other alleys: what their address may be, and what they say about themselves to somebody who comes from here. */

import { type AlleySummary, readSummary } from '../world/summary';

const DEADLINE_MS = 8000;
const LOCAL = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * The origin that a text names, or null when it is none that one may go to: https, or http on this machine, and nothing
 * but scheme, host and port. Who typed `alley.example` means https.
 */
export function originOf(text: string): string | null {
  const typed = text.trim();
  const full = /^[a-z][a-z0-9+.-]*:\/\//i.test(typed) ? typed : `https://${typed}`;
  // Only what everybody reads in the same way: a parser of addresses forgives too much.
  if (!/^https?:\/\/[^/?#\\\s]+\/?$/i.test(full)) return null;
  try {
    const url = new URL(full);
    const isSafe = url.protocol === 'https:' || (url.protocol === 'http:' && LOCAL.has(url.hostname));
    return isSafe && url.username === '' && url.password === '' ? url.origin : null;
  } catch {
    return null;
  }
}

/** An origin that came from elsewhere: taken only when it is written in its one form. */
export function strictOrigin(text: string): string | null {
  return originOf(text) === text ? text : null;
}

export function hostOf(origin: string): string {
  return origin.replace(/^https?:\/\//, '');
}

/** What somebody hears who asks at an alley's door. */
export type Answer =
  | { readonly kind: 'open'; readonly summary: AlleySummary }
  /** It takes no visitors from pages of this origin. */
  | { readonly kind: 'refused' }
  | { readonly kind: 'away' };

export async function askAlley(origin: string, fetcher: typeof fetch = fetch): Promise<Answer> {
  try {
    const init: RequestInit = { credentials: 'omit', cache: 'no-store', signal: AbortSignal.timeout(DEADLINE_MS) };
    const answer = await fetcher(`${origin}/api/alley`, init);
    if (answer.status === 403) return { kind: 'refused' };
    const summary = answer.ok ? readSummary(await answer.json()) : null;
    return summary ? { kind: 'open', summary } : { kind: 'away' };
  } catch {
    return { kind: 'away' };
  }
}
