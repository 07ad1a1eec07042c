/**
 * Linking a second device: two browsers of one person exchange two letters through the instance, which can read neither.
 *
 * The device that has the identity shows a QR code with a secret in the fragment of an address. Both derive from it where
 * the letters lie and the key that seals them. The new device writes which key it has made; the old one shows the
 * fingerprint of that key to compare, asks for the passphrase, lists the key in the document, and answers with document
 * and recovery file. The letters lie in the server's memory for ten minutes.
 */

import { type Crypt, randomBytes, type Signer } from './crypt';
import { rfc3339 } from './document';
import { type Bytes, base64url, concat, multikey, utf8 } from './encoding';
import { added, ChangedElsewhere, change, MAX_DEVICE_NAME_CHARS } from './keeping';
import type { BrowserPassport } from './passport';
import { fingerprint, fromBase64url, objectOf, publicKeyOf, Unreadable, verifyDocument } from './reading';
import { readRecovery } from './recovery';
import type { Identity } from './store';

const SECRET_BYTES = 32;
const IV_BYTES = 12;
const ID_CHARS = 22;
const IN_ADDRESS = /#link=([\w-]{43})$/;

export type Side = 'new' | 'old';

/** Where letters lie; null while there is none. */
export interface Mailbox {
  put(id: string, side: Side, letter: Bytes): Promise<void>;
  get(id: string, side: Side): Promise<Bytes | null>;
}

/** What the new device says of itself. */
export interface Applicant {
  readonly key: string;
  readonly name: string;
  /** Shown on both devices, to compare. */
  readonly fingerprint: string;
}

/** The way between two devices; both ends are made from the same secret. */
export class Link {
  readonly #secret: Bytes;
  readonly #mailbox: Mailbox;

  constructor(mailbox: Mailbox, secret: Bytes = randomBytes(SECRET_BYTES)) {
    this.#mailbox = mailbox;
    this.#secret = secret;
  }

  /** The link that an address names, or null when it names none. */
  static fromAddress(address: string, mailbox: Mailbox): Link | null {
    const secret = IN_ADDRESS.exec(address)?.[1];
    return secret ? new Link(mailbox, fromBase64url(secret)) : null;
  }

  address(origin: string): string {
    return `${origin}/me#link=${base64url(this.#secret)}`;
  }

  async send(side: Side, value: object): Promise<void> {
    const iv = randomBytes(IV_BYTES);
    const sealed = await crypto.subtle.encrypt(
      { name: 'AES-GCM', iv },
      await this.#key(side, 'encrypt'),
      utf8(JSON.stringify(value)),
    );
    await this.#mailbox.put(await this.#id(), side, concat(iv, new Uint8Array(sealed)));
  }

  /** What the other side wrote, or null while it has written nothing. */
  async receive(side: Side): Promise<Readonly<Record<string, unknown>> | null> {
    const letter = await this.#mailbox.get(await this.#id(), side);
    if (!letter) return null;
    try {
      const [iv, sealed] = [letter.slice(0, IV_BYTES), letter.slice(IV_BYTES)];
      const plain = await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, await this.#key(side, 'decrypt'), sealed);
      return objectOf(new TextDecoder().decode(plain));
    } catch {
      throw new Unreadable('a letter that does not belong here');
    }
  }

  async #id(): Promise<string> {
    const digest = await crypto.subtle.digest('SHA-256', this.#secret);
    return base64url(new Uint8Array(digest)).slice(0, ID_CHARS);
  }

  async #key(side: Side, use: KeyUsage): Promise<CryptoKey> {
    const material = await crypto.subtle.importKey('raw', this.#secret, 'HKDF', false, ['deriveKey']);
    return crypto.subtle.deriveKey(
      { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: utf8(`yokocho link ${side}`) },
      material,
      { name: 'AES-GCM', length: 256 },
      false,
      [use],
    );
  }
}

export async function deviceFingerprint(crypt: Crypt, key: string): Promise<string> {
  return fingerprint(crypt, `did:key:${key}`);
}

// --- the new device ---------------------------------------------------------------------------------------------------

export interface Application extends Applicant {
  readonly device: Signer;
}

/** Make a key here and ask for it to be listed. */
export async function apply(passport: BrowserPassport, link: Link, name: string): Promise<Application> {
  const crypt = await passport.crypt;
  const device = await crypt.generate();
  const key = multikey(device.publicKey);
  await link.send('new', { key, name });
  return { key, name, device, fingerprint: await deviceFingerprint(crypt, key) };
}

/** Take up the identity that the answer brings; null while there is none. */
export async function welcomed(
  passport: BrowserPassport,
  link: Link,
  { device, key }: Application,
): Promise<Identity | null> {
  const answer = await link.receive('old');
  if (!answer) return null;
  const document = String(answer['document']);
  const recovery = String(answer['recovery']);
  const actor = await verifyDocument(await passport.crypt, document);
  if (!actor.devices.some((one) => one.key === key) || readRecovery(recovery).did !== actor.did) {
    throw new Unreadable('this answer is not for this device');
  }
  const store = await passport.store;
  const identity: Identity = {
    did: actor.did,
    document,
    sequence: actor.sequence,
    device: { key: device.stored, publicKey: device.publicKey },
    seeds: null,
    recovery,
  };
  if (!(await store.replace(await store.load(), identity))) throw new ChangedElsewhere('another page was quicker');
  return identity;
}

// --- the device that has the identity ---------------------------------------------------------------------------------

/** Who asks to be listed; null while nobody does. */
export async function applicant(passport: BrowserPassport, link: Link): Promise<Applicant | null> {
  const letter = await link.receive('new');
  if (!letter) return null;
  const key = String(letter['key']);
  // Whatever is no key must not come into a document.
  publicKeyOf(key);
  const name = [...String(letter['name'] ?? '')].slice(0, MAX_DEVICE_NAME_CHARS).join('');
  return { key, name, fingerprint: await deviceFingerprint(await passport.crypt, key) };
}

/** List the new device, and tell it so. */
export async function accept(
  passport: BrowserPassport,
  link: Link,
  { key, name }: Applicant,
  passphrase: string,
): Promise<Identity> {
  const created = rfc3339(passport.wallMs());
  const identity = await change(passport, passphrase, added({ key, ...(name && { name }), created }));
  await link.send('old', { document: identity.document, recovery: identity.recovery });
  return identity;
}
