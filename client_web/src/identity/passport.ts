/**
 * Who the visitor is, and how they show it: the browser's end of entering.
 *
 * Everybody has an identity of their own from the first entering on; nobody is asked for anything. A guest's lives in
 * this browser alone until its owner keeps it (`keeping.ts`). The session key is made for each page anew and never
 * leaves it; the device key signs, once per entering, that this session key speaks for the identity.
 */

import type { Door, EntryPapers, Passport } from '../net/passport';
import { type Crypt, openCrypt, randomBytes, type Signer } from './crypt';
import { keyDigest, nextSequence, rfc3339, writeDocument } from './document';
import { base64url, didOf, multikey } from './encoding';
import { type Identity, type IdentityStore, openStore } from './store';
import { dpopProof, entryToken, publicJwk, type Stamp, thumbprint } from './tokens';

export interface PassportSources {
  /** Origin of the page: the home of identities made here, and the one audience that needs no consent. */
  readonly origin: string;
  wallMs(): number;
  openCrypt?(): Promise<Crypt>;
  openStore?(): Promise<IdentityStore>;
}

/** The person has not said yet that they want to be known to that instance. */
export class ConsentMissing extends Error {
  readonly audience: string;

  constructor(audience: string) {
    super(`no consent for ${audience}`);
    this.audience = audience;
  }
}

export class BrowserPassport implements Passport {
  readonly origin: string;
  readonly wallMs: () => number;
  readonly crypt: Promise<Crypt>;
  readonly store: Promise<IdentityStore>;
  #session: Promise<Signer> | null = null;

  constructor(sources: PassportSources) {
    this.origin = sources.origin;
    this.wallMs = () => sources.wallMs();
    this.crypt = (sources.openCrypt ?? openCrypt)();
    this.store = (sources.openStore ?? openStore)();
    // Whoever asks for them hears of it then.
    this.crypt.catch(() => undefined);
  }

  /** The identity of this browser; made now if there is none. */
  async identity(): Promise<Identity> {
    const store = await this.store;
    return (await store.load()) ?? store.adopt(await makeGuest(await this.crypt, this.origin, this.wallMs()));
  }

  /** Papers for a door: that of the live connection (GET), or the one where a session for HTTP is opened (POST). */
  async enter(door: Door & { readonly method?: string }): Promise<EntryPapers> {
    const [crypt, store, session, identity] = await Promise.all([
      this.crypt,
      this.store,
      this.#sessionKey(),
      this.identity(),
    ]);
    if (door.origin !== this.origin && !(await store.consents()).some(({ audience }) => audience === door.origin)) {
      throw new ConsentMissing(door.origin);
    }
    const device = await crypt.restore(identity.device.key, identity.device.publicKey);
    const jkt = await thumbprint(crypt, publicJwk(session));
    const { did, document } = identity;
    const { nonce, room, url, method = 'GET' } = door;
    const [token, proof] = await Promise.all([
      entryToken(device, { ...this.#stamp(), did, audience: door.origin, nonce, room, jkt }),
      dpopProof(crypt, session, { ...this.#stamp(), method, url, nonce }),
    ]);
    return { token, document, proof };
  }

  /** The headers of a call over HTTP by the session that `accessToken` opened. */
  async authorize(method: string, url: string, accessToken: string): Promise<Record<string, string>> {
    return { Authorization: `DPoP ${accessToken}`, DPoP: await this.prove(method, url, { accessToken }) };
  }

  async prove(method: string, url: string, more: { accessToken?: string; nonce?: string }): Promise<string> {
    return dpopProof(await this.crypt, await this.#sessionKey(), { ...this.#stamp(), method, url, ...more });
  }

  #sessionKey(): Promise<Signer> {
    this.#session ??= this.crypt.then((crypt) => crypt.generate());
    return this.#session;
  }

  #stamp(): Stamp {
    return { nowS: Math.floor(this.wallMs() / 1000), jti: base64url(randomBytes(16)) };
  }
}

/** Gateways are named as they are reached from outside: by https, except on one's own machine. */
export function gatewayOf(origin: string): string {
  return /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:|$)/.test(origin) ? origin : origin.replace(/^http:/, 'https:');
}

async function makeGuest(crypt: Crypt, origin: string, wallMs: number): Promise<Identity> {
  const seeds = { root: randomBytes(32), next: randomBytes(32) };
  const [root, next, device] = await Promise.all([
    crypt.fromSeed(seeds.root),
    crypt.fromSeed(seeds.next),
    crypt.generate(),
  ]);
  const did = didOf(root.publicKey);
  const sequence = nextSequence(0, wallMs);
  const statement = {
    did,
    devices: [{ key: multikey(device.publicKey), created: rfc3339(wallMs) }],
    gateways: [gatewayOf(origin)],
    sequence,
    nextKeyDigest: await keyDigest(crypt, next.publicKey),
  };
  const document = await writeDocument(crypt, root, statement, wallMs);
  return {
    did,
    document,
    sequence,
    device: { key: device.stored, publicKey: device.publicKey },
    seeds,
    recovery: null,
  };
}
