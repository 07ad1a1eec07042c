/** What all views of the page share: the identity of this browser, as it is now, and who the instance takes it for. */

import type { Texts } from '../../i18n';
import { ApiProblem } from '../../identity/api';
import { ChangedElsewhere, TooManyDevices } from '../../identity/keeping';
import type { BrowserPassport } from '../../identity/passport';
import { type ActorDocument, fingerprint, readDocument, Unreadable } from '../../identity/reading';
import { WrongPassphrase } from '../../identity/recovery';
import { renew } from '../../identity/renewal';
import type { Consent, Identity } from '../../identity/store';
import type { Profile } from '../../ui/profile';
import { Problem } from '../parts';
import type { Page, ViewOf } from '../shell';
import type { MeKey } from './i18n/en';
import type { Server } from './server';

export type MePage = Page<MeKey>;
export type MeView = ViewOf<MeKey>;
export type MeTexts = Texts<MeKey>;

export interface MeSources {
  readonly passport: BrowserPassport;
  readonly server: Server;
  readonly profile: Profile;
  /** Whether passphrases may be typed here: not on a page that came without encryption from elsewhere. */
  readonly isSecure: boolean;
  /** What this device would be called. */
  readonly deviceName: string;
}

/** How the instance and this browser stand to each other. */
export type Standing = 'unknown' | 'welcome' | 'revoked' | 'refused';

export class Me {
  readonly passport: BrowserPassport;
  readonly server: Server;
  readonly profile: Profile;
  readonly isSecure: boolean;
  readonly deviceName: string;
  standing: Standing = 'unknown';
  /** What the server said when it refused. */
  refusal = '';
  roles: readonly string[] = [];
  /** Made by this very page: the instance need not hear of somebody who only looked. */
  #isNew = false;
  #now: { identity: Identity; actor: ActorDocument; fingerprint: string } | null = null;
  consents: readonly Consent[] = [];
  /** Whether the identity outlives this page. */
  lasts = true;
  hidesKeys = true;

  constructor(sources: MeSources) {
    this.passport = sources.passport;
    this.server = sources.server;
    this.profile = sources.profile;
    this.isSecure = sources.isSecure;
    this.deviceName = sources.deviceName;
  }

  get identity(): Identity {
    return this.#known.identity;
  }

  get actor(): ActorDocument {
    return this.#known.actor;
  }

  get fingerprint(): string {
    return this.#known.fingerprint;
  }

  get isKept(): boolean {
    return this.identity.recovery !== null;
  }

  get origin(): string {
    return this.passport.origin;
  }

  get #known() {
    if (!this.#now) throw new Error('not loaded yet');
    return this.#now;
  }

  /** Read again what this browser holds. */
  async load(): Promise<void> {
    const [crypt, store] = await Promise.all([this.passport.crypt, this.passport.store]);
    this.#isNew ||= (await store.load()) === null;
    const identity = await this.passport.identity();
    this.lasts = store.lasts;
    this.hidesKeys = crypt.hidesKeys;
    this.consents = await store.consents();
    this.#now = {
      identity,
      actor: readDocument(identity.document),
      fingerprint: await fingerprint(crypt, identity.did),
    };
  }

  /** Ask the instance who we are to it, and take up what another device has published there. */
  async meet(): Promise<void> {
    if (this.#isNew) return;
    try {
      await this.#present();
    } catch (error) {
      if (!(error instanceof ApiProblem)) return;
      if (error.detail === 'rolled_back' && (await this.#catchUp())) return;
      if (this.standing === 'revoked') return;
      this.standing = error.code === 'revoked' || error.detail === 'unknown_device' ? 'revoked' : 'refused';
      this.refusal = error.message;
    }
  }

  async #present(): Promise<void> {
    this.roles = (await this.server.api.session()).roles;
    this.standing = 'welcome';
  }

  /** Another device has published a newer document: whether this one is still listed there, and welcome with it. */
  async #catchUp(): Promise<boolean> {
    const state = await renew(this.passport);
    if (state === 'revoked') this.standing = 'revoked';
    if (state !== 'renewed') return false;
    await this.load();
    this.server.api.restart();
    await this.#present().catch(() => undefined);
    return true;
  }

  /** After a change: read it again, and make it known. What the instance didn't hear it hears at the next entering. */
  async tellServer(): Promise<void> {
    await this.load();
    await this.server.publish(this.identity.document);
    this.standing = 'welcome';
  }

  get belongings(): { name: string; look: readonly number[] } {
    return { name: this.profile.name, look: this.profile.look };
  }
}

/** Faults of the core, in words. */
export async function inWords<T>(texts: MeTexts, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof WrongPassphrase) throw new Problem(texts.t('me.problem.passphrase'));
    if (error instanceof ChangedElsewhere) throw new Problem(texts.t('me.problem.elsewhere'));
    if (error instanceof TooManyDevices) throw new Problem(texts.t('me.problem.devices'));
    if (error instanceof Unreadable) throw new Problem(texts.t('me.problem.unreadable'));
    if (error instanceof ApiProblem) throw new Problem(texts.t('me.problem.server', { message: error.message }));
    throw error;
  }
}
