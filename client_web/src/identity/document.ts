/**
 * The actor document: what the root key says about an identity.
 *
 * It lists the device keys that may act for the did, the gateways where it is at home, and a digest of the key that may
 * replace the root. Whoever has the document can check all of it without asking anybody. `sequence` grows with each
 * version and never falls behind the clock, so that even who lost the last version can write the next one.
 */

import type { Crypt, Signer } from './crypt';
import { actorOf, type Bytes, base58, base64url, concat, multikey, prefixed, utf8 } from './encoding';
import { canonicalize, type Json, type JsonObject } from './jcs';

const CONTEXT = [
  'https://www.w3.org/ns/activitystreams',
  'https://w3id.org/security/data-integrity/v1',
  'https://w3id.org/security/multikey/v1',
  'https://w3id.org/fep/ef61',
];
/** Multihash: sha2-256, 32 bytes. */
const SHA_256 = [0x12, 0x20] as const;

export interface Device {
  /** Multikey of its public key. */
  readonly key: string;
  /** What its owner calls it. */
  readonly name?: string;
  /** RFC 3339, in seconds, UTC. */
  readonly created?: string;
}

export interface Statement {
  readonly did: string;
  readonly devices: readonly Device[];
  readonly gateways: readonly string[];
  readonly sequence: number;
  /** Digest of the root that may come after this one, or null. */
  readonly nextKeyDigest: string | null;
  /** The did that this one succeeds. */
  readonly predecessor?: string | null;
  /** Members that mean nothing to this client; other programs may have put them there, so they stay. */
  readonly more?: JsonObject;
}

/** What is published about a key before it is used, so that only its owner can succeed the root. */
export async function keyDigest(crypt: Crypt, publicKey: Bytes): Promise<string> {
  return `u${base64url(concat(SHA_256, await crypt.sha256(prefixed(publicKey))))}`;
}

export function nextSequence(last: number, wallMs: number): number {
  return Math.max(last + 1, Math.floor(wallMs / 1000));
}

export function rfc3339(wallMs: number): string {
  return new Date(wallMs).toISOString().replace(/\.\d+/, '');
}

/** The document as its root signs it, in its canonical form. */
export async function writeDocument(crypt: Crypt, root: Signer, statement: Statement, wallMs: number): Promise<string> {
  const { did, devices, gateways, sequence, nextKeyDigest, predecessor, more } = statement;
  const id = actorOf(did);
  const document: JsonObject = {
    ...more,
    '@context': CONTEXT,
    id,
    type: 'Person',
    inbox: `${id}/inbox`,
    outbox: `${id}/outbox`,
    gateways,
    sequence,
    assertionMethod: devices.map(({ key, name, created }) => ({
      id: `${id}#${key}`,
      type: 'Multikey',
      controller: id,
      publicKeyMultibase: key,
      ...(name && { name }),
      ...(created && { created }),
    })),
    ...(nextKeyDigest && { nextKeyDigest }),
    ...(predecessor && { predecessor }),
  };
  return canonicalize(await signDocument(crypt, root, document, rfc3339(wallMs)));
}

/** Adds a proof of the suite eddsa-jcs-2022 (W3C vc-di-eddsa) by a did:key. */
export async function signDocument(
  crypt: Crypt,
  key: Signer,
  document: JsonObject,
  created: string,
): Promise<JsonObject> {
  const name = multikey(key.publicKey);
  const config: JsonObject = {
    type: 'DataIntegrityProof',
    cryptosuite: 'eddsa-jcs-2022',
    verificationMethod: `did:key:${name}#${name}`,
    proofPurpose: 'assertionMethod',
    created,
    ...(document['@context'] !== undefined && { '@context': document['@context'] }),
  };
  const signature = await key.sign(await proofHash(crypt, config, document));
  return { ...document, proof: { ...config, proofValue: `z${base58(signature)}` } };
}

/** What the signature covers: the proof's own options, then the document. */
export async function proofHash(crypt: Crypt, config: Json, document: Json): Promise<Bytes> {
  const hash = (value: Json): Promise<Bytes> => crypt.sha256(utf8(canonicalize(value)));
  return concat(await hash(config), await hash(document));
}
