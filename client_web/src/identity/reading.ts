/** Reading what `encoding.ts` and `document.ts` write; not needed for entering, so it is loaded with what needs it. */

import type { Crypt } from './crypt';
import { type Device, proofHash } from './document';
import { actorOf, type Bytes, utf8 } from './encoding';
import type { Json, JsonObject } from './jcs';

const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;
const GROUPS = 6;
const GROUP_BYTES = 5;

/** What was given is not what it should be. The message is for the console; pages say it in their own words. */
export class Unreadable extends Error {}

export function fromBase64url(text: string): Bytes {
  if (!/^[\w-]*$/.test(text)) throw new Unreadable('not base64url');
  try {
    return Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (one) => one.charCodeAt(0));
  } catch {
    throw new Unreadable('not base64url');
  }
}

/** So many bytes from base58btc. */
export function fromBase58(text: string, size: number): Bytes {
  if (text.length > size * 1.4 + 1) throw new Unreadable('too long');
  let number = 0n;
  for (const letter of text) {
    const digit = BASE58.indexOf(letter);
    if (digit < 0) throw new Unreadable('not base58');
    number = number * 58n + BigInt(digit);
  }
  const bytes: number[] = [];
  for (; number > 0n; number >>= 8n) bytes.unshift(Number(number & 255n));
  const zeros = text.match(/^1*/)?.[0].length ?? 0;
  if (zeros + bytes.length !== size) throw new Unreadable('wrong length');
  return Uint8Array.from([...new Array<number>(zeros).fill(0), ...bytes]);
}

export function publicKeyOf(multikey: string): Bytes {
  const bytes = fromBase58(multikey.replace(/^z/, ''), KEY_BYTES + 2);
  if (!multikey.startsWith('z') || bytes[0] !== 0xed || bytes[1] !== 0x01) throw new Unreadable('no Ed25519 key');
  return bytes.slice(2);
}

/** Six groups of five digits that two people can compare aloud: see federation/keys.py. */
export async function fingerprint(crypt: Crypt, did: string): Promise<string> {
  const digest = await crypt.sha256(utf8(did));
  const groups = Array.from({ length: GROUPS }, (_, index) => {
    const bytes = digest.slice(index * GROUP_BYTES, (index + 1) * GROUP_BYTES);
    const number = bytes.reduce((sum, byte) => sum * 256 + byte, 0);
    return String(number % 100_000).padStart(5, '0');
  });
  return groups.join(' ');
}

/** What an actor document says, as far as this client uses it. */
export interface ActorDocument {
  readonly did: string;
  readonly devices: readonly Device[];
  readonly gateways: readonly string[];
  readonly sequence: number;
  readonly nextKeyDigest: string | null;
  readonly predecessor: string | null;
  readonly more: JsonObject;
}

/** Reads a document's text without checking its signature: for one's own, from the store. */
export function readDocument(text: string): ActorDocument {
  const { id, gateways, sequence, assertionMethod, nextKeyDigest, predecessor, ...rest } = objectOf(text);
  const { '@context': _, type, inbox, outbox, proof, ...more } = rest;
  const did = /^ap:\/\/(did:key:z\w+)\/actor$/.exec(String(id))?.[1];
  if (!did || !isStrings(gateways) || !Number.isSafeInteger(sequence) || !Array.isArray(assertionMethod)) {
    throw new Unreadable('no actor document');
  }
  return {
    did,
    devices: assertionMethod.map(deviceOf),
    gateways,
    sequence: sequence as number,
    nextKeyDigest: typeof nextKeyDigest === 'string' ? nextKeyDigest : null,
    predecessor: typeof predecessor === 'string' ? predecessor : null,
    more,
  };
}

/** Reads a document that came from elsewhere, and checks that the root of its did signed all of it. */
export async function verifyDocument(crypt: Crypt, text: string): Promise<ActorDocument> {
  const actor = readDocument(text);
  const { proof, ...document } = objectOf(text);
  if (!isObject(proof)) throw new Unreadable('no proof');
  const { proofValue, ...config } = proof;
  const name = actor.did.replace('did:key:', '');
  const isOurs =
    config['type'] === 'DataIntegrityProof' &&
    config['cryptosuite'] === 'eddsa-jcs-2022' &&
    config['proofPurpose'] === 'assertionMethod' &&
    config['verificationMethod'] === `${actor.did}#${name}` &&
    JSON.stringify(config['@context']) === JSON.stringify(document['@context']) &&
    document['id'] === actorOf(actor.did);
  if (!isOurs || typeof proofValue !== 'string' || !proofValue.startsWith('z')) throw new Unreadable('not signed');
  const signature = fromBase58(proofValue.slice(1), SIGNATURE_BYTES);
  const hash = await proofHash(crypt, config, document);
  if (!(await crypt.verify(publicKeyOf(name), signature, hash))) throw new Unreadable('not signed by its root');
  return actor;
}

export function objectOf(text: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Unreadable('not JSON');
  }
  if (!isObject(value)) throw new Unreadable('not an object');
  return value;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isStrings(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

function deviceOf(value: Json): Device {
  if (!isObject(value) || typeof value['publicKeyMultibase'] !== 'string') throw new Unreadable('no device');
  const { publicKeyMultibase: key, name, created } = value;
  return {
    key: key as string,
    ...(typeof name === 'string' && { name }),
    ...(typeof created === 'string' && { created }),
  };
}
