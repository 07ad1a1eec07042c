/**
 * The recovery file: everything that makes an identity, behind a passphrase.
 *
 * An open format: JSON with PBKDF2-SHA-256 and AES-256-GCM, which any language can read. The passphrase is normalised
 * (NFKC, no space at its ends) before it is used, so that other keyboards write the same one. The same file fits into the
 * fragment of an address, so that a QR code on paper opens the page that reads it; what follows `#` is sent to nobody.
 *
 * It needs `crypto.subtle`: a page that came by plain http is no place to type such a passphrase.
 */

import { type Bytes, base64url, utf8 } from './encoding';
import { fromBase64url, isStrings, objectOf, Unreadable } from './reading';
import type { Seeds } from './store';

const FORMAT = 'yokocho-recovery';
const ITERATIONS = 600_000;
/** More would only keep the person waiting: a file that asks for it was not written by us. */
const MOST_ITERATIONS = 10_000_000;
const SALT_BYTES = 16;
const IV_BYTES = 12;
const SEED_BYTES = 32;
const MOST_CHARS = 16_384;
const IN_ADDRESS = /#recovery=([\w.-]+)$/;

export interface Secrets extends Seeds {
  readonly sequence: number;
  readonly gateways: readonly string[];
  readonly name: string;
  readonly look: readonly number[];
}

export interface RecoveryFile {
  readonly did: string;
  readonly iterations: number;
  readonly salt: Bytes;
  readonly iv: Bytes;
  readonly ciphertext: Bytes;
}

/** The passphrase doesn't open this file. */
export class WrongPassphrase extends Error {}

export async function seal(did: string, secrets: Secrets, passphrase: string, random: (count: number) => Bytes) {
  const { root, next, ...rest } = secrets;
  const plain = utf8(JSON.stringify({ root: base64url(root), next: base64url(next), ...rest }));
  const [salt, iv] = [random(SALT_BYTES), random(IV_BYTES)];
  const key = await deriveKey(passphrase, salt, ITERATIONS, 'encrypt');
  const ciphertext = new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, plain));
  return writeRecovery({ did, iterations: ITERATIONS, salt, iv, ciphertext });
}

export async function unseal(file: RecoveryFile, passphrase: string): Promise<Secrets> {
  const { iterations, salt, iv, ciphertext } = file;
  const key = await deriveKey(passphrase, salt, iterations, 'decrypt');
  let plain: ArrayBuffer;
  try {
    plain = await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, key, ciphertext);
  } catch {
    throw new WrongPassphrase('the passphrase does not open this file');
  }
  const { root, next, sequence, gateways, name, look } = objectOf(new TextDecoder().decode(plain));
  const seeds = [root, next].map((one) => fromBase64url(String(one)));
  if (seeds.some((seed) => seed.length !== SEED_BYTES) || !Number.isSafeInteger(sequence) || !isStrings(gateways)) {
    throw new Unreadable('no secrets of ours');
  }
  return {
    root: seeds[0] as Bytes,
    next: seeds[1] as Bytes,
    sequence: sequence as number,
    gateways,
    name: typeof name === 'string' ? name : '',
    look: Array.isArray(look) ? look.filter((one) => typeof one === 'number') : [],
  };
}

export function writeRecovery(file: RecoveryFile): string {
  const { did, iterations, salt, iv, ciphertext } = file;
  const value = {
    format: FORMAT,
    version: 1,
    did,
    kdf: { name: 'PBKDF2', hash: 'SHA-256', iterations, salt: base64url(salt) },
    cipher: { name: 'AES-GCM', iv: base64url(iv) },
    ciphertext: base64url(ciphertext),
  };
  return JSON.stringify(value, null, 1);
}

/** The address of the page `/me` of an instance with the file in it: what the QR code says. */
export function recoveryAddress(origin: string, file: RecoveryFile): string {
  const { did, iterations, salt, iv, ciphertext } = file;
  const key = did.replace('did:key:', '');
  return `${origin}/me#recovery=${[key, iterations, ...[salt, iv, ciphertext].map(base64url)].join('.')}`;
}

/** Reads a file's text, or an address with the file in it. */
export function readRecovery(text: string): RecoveryFile {
  const trimmed = text.trim();
  if (trimmed.length > MOST_CHARS) throw new Unreadable('too long');
  const inAddress = IN_ADDRESS.exec(trimmed)?.[1]?.split('.');
  const file = inAddress ? ofParts(inAddress) : ofJson(trimmed);
  const { did, iterations, salt, iv, ciphertext } = file;
  const isSound =
    /^did:key:z6Mk\w+$/.test(did) &&
    Number.isSafeInteger(iterations) &&
    iterations > 0 &&
    iterations <= MOST_ITERATIONS &&
    salt.length >= 8 &&
    iv.length === IV_BYTES &&
    ciphertext.length > 0;
  if (!isSound) throw new Unreadable('no recovery file');
  return file;
}

function ofParts([key = '', iterations, salt = '', iv = '', ciphertext = '']: readonly string[]): RecoveryFile {
  return {
    did: `did:key:${key}`,
    iterations: Number(iterations),
    salt: fromBase64url(salt),
    iv: fromBase64url(iv),
    ciphertext: fromBase64url(ciphertext),
  };
}

function ofJson(text: string): RecoveryFile {
  const { format, version, did, kdf, cipher, ciphertext } = objectOf(text) as Record<string, unknown>;
  const { name, hash, iterations, salt } = (kdf ?? {}) as Record<string, unknown>;
  const { name: cipherName, iv } = (cipher ?? {}) as Record<string, unknown>;
  const isOurs =
    format === FORMAT && version === 1 && name === 'PBKDF2' && hash === 'SHA-256' && cipherName === 'AES-GCM';
  if (!isOurs) throw new Unreadable('no recovery file');
  const bytes = (value: unknown): Bytes => fromBase64url(typeof value === 'string' ? value : '');
  return {
    did: String(did),
    iterations: Number(iterations),
    salt: bytes(salt),
    iv: bytes(iv),
    ciphertext: bytes(ciphertext),
  };
}

export function normalPassphrase(text: string): string {
  return text.normalize('NFKC').trim();
}

async function deriveKey(passphrase: string, salt: Bytes, iterations: number, use: KeyUsage): Promise<CryptoKey> {
  const material = await crypto.subtle.importKey('raw', utf8(normalPassphrase(passphrase)), 'PBKDF2', false, [
    'deriveKey',
  ]);
  return crypto.subtle.deriveKey(
    { name: 'PBKDF2', hash: 'SHA-256', salt, iterations },
    material,
    { name: 'AES-GCM', length: 256 },
    false,
    [use],
  );
}
