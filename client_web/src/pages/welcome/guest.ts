/** Who opens a link of the alley's: the identity of this browser, the alley, and what the link holds. */

import type { BrowserPassport } from '../../identity/passport';
import { fingerprint } from '../../identity/reading';
import type { Identity } from '../../identity/store';
import type { Profile } from '../../ui/profile';
import type { Ask, Caller } from '../caller';
import type { Page, ViewOf } from '../shell';
import type { WelcomeKey } from './i18n/en';

export type WelcomePage = Page<WelcomeKey>;
export type WelcomeView = ViewOf<WelcomeKey>;

export interface GuestSources {
  readonly passport: Pick<BrowserPassport, 'identity' | 'crypt' | 'store'>;
  readonly caller: Caller;
  readonly ask: Ask;
  readonly profile: Profile;
  /** The link's secret; empty where it has none. */
  readonly code: string;
}

export class Guest {
  readonly caller: Caller;
  readonly ask: Ask;
  readonly profile: Profile;
  readonly code: string;
  readonly did: string;
  readonly fingerprint: string;
  /** Whether a recovery file was made: then losing the browser loses nothing. */
  readonly isKept: boolean;
  /** Whether the identity outlives the page. */
  readonly lasts: boolean;

  private constructor(sources: GuestSources, identity: Identity, numbers: string, lasts: boolean) {
    this.caller = sources.caller;
    this.ask = sources.ask;
    this.profile = sources.profile;
    this.code = sources.code;
    this.did = identity.did;
    this.fingerprint = numbers;
    this.isKept = identity.recovery !== null;
    this.lasts = lasts;
  }

  /** Whoever has no identity yet gets one now: the link gives its right to somebody. */
  static async arrive(sources: GuestSources): Promise<Guest> {
    const { passport } = sources;
    const [identity, crypt, store] = await Promise.all([passport.identity(), passport.crypt, passport.store]);
    return new Guest(sources, identity, await fingerprint(crypt, identity.did), store.lasts);
  }
}

/** What stands behind `#`, which no server and no log ever sees. */
export function codeIn(address: string): string {
  const code = address.split('#')[1] ?? '';
  return /^[\w-]{1,128}$/.test(code) ? code : '';
}
