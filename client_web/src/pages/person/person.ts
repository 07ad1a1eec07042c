/** What an alley tells about a person: asked for by the name that the page's address holds. */

import type { Look } from '../../net/wire.gen';
import { soundLook } from '../../ui/profile';
import type { LocalText } from '../../world/local_text';

const DEADLINE_MS = 10_000;

export interface Person {
  readonly did: string;
  readonly name: string;
  /** Null for somebody who has not walked in yet. */
  readonly look: Look | null;
  readonly fingerprint: string;
  /** Host of their home; empty for people of this alley. */
  readonly home: string;
  /** Whether that home has said so too. */
  readonly isHomeConfirmed: boolean;
  /** Origins where they can be found, the home first. */
  readonly gateways: readonly string[];
  readonly roles: readonly string[];
  readonly stalls: readonly { readonly id: string; readonly name: LocalText }[];
  /** The did that took this one's place. */
  readonly successor: string | null;
}

/** The person of an address `/people/<did or what the alley calls them>`; null for one that nobody has. */
export async function fetchPerson(path: string): Promise<Person | null> {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const answer = await fetch(`/api/people/${name}`, { signal: AbortSignal.timeout(DEADLINE_MS) });
  if (answer.status === 404) return null;
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  return readPerson(await answer.json());
}

export function readPerson(value: unknown): Person {
  const { did, name, look, fingerprint, home, is_home_confirmed, gateways, roles, stalls, successor } = value as Record<
    string,
    unknown
  >;
  const list = (one: unknown): readonly unknown[] => (Array.isArray(one) ? one : []);
  return {
    did: String(did),
    name: String(name ?? ''),
    look: Array.isArray(look) ? soundLook(look) : null,
    fingerprint: String(fingerprint),
    home: String(home ?? ''),
    isHomeConfirmed: is_home_confirmed === true,
    gateways: list(gateways).map(String).filter(isWeb),
    roles: list(roles).map(String),
    stalls: list(stalls) as Person['stalls'],
    successor: typeof successor === 'string' ? successor : null,
  };
}

/** Only what may stand in a link. */
function isWeb(origin: string): boolean {
  return /^https?:\/\//.test(origin);
}
