/**
 * Keeping an identity, and everything that the root key does afterwards.
 *
 * A kept identity has no readable root in this browser: only the device key, and the recovery file in its encrypted form.
 * Whatever changes the actor document therefore asks for the passphrase, opens the file for a moment, signs the next
 * version and forgets the root again. A change is stored here first and told to the instance afterwards: what could not
 * be told is told at the next entering, since the document goes along.
 */

import { type Crypt, randomBytes } from './crypt';
import { type Device, keyDigest, nextSequence, rfc3339, type Statement, writeDocument } from './document';
import { didOf, multikey } from './encoding';
import type { BrowserPassport } from './passport';
import { type ActorDocument, readDocument, verifyDocument } from './reading';
import { readRecovery, type Secrets, seal, unseal } from './recovery';
import type { Identity, Seeds } from './store';

export const MIN_PASSPHRASE_CHARS = 12;
export const MAX_DEVICE_NAME_CHARS = 64;
export const MAX_DEVICES = 16;
export const MAX_GATEWAYS = 8;

/** Another page of this browser has changed the identity meanwhile. */
export class ChangedElsewhere extends Error {}

/** The list of devices is as long as other instances accept. */
export class TooManyDevices extends Error {}

/** What goes into the recovery file beside the keys. */
export interface Belongings {
  readonly name: string;
  readonly look: readonly number[];
}

/** A recovery file that is not in force yet: nothing has changed until its owner has saved it and says so. */
export interface Prepared {
  readonly recovery: string;
  commit(): Promise<Identity>;
}

/** Make a guest's root safe: it goes into a recovery file and, on `commit`, leaves this browser. */
export async function prepareKeeping(
  passport: BrowserPassport,
  passphrase: string,
  deviceName: string,
  belongings: Belongings,
): Promise<Prepared> {
  const identity = await passport.identity();
  const { seeds } = identity;
  if (!seeds) throw new ChangedElsewhere('it is kept already');
  const recovery = await sealed(identity, { ...seeds, ...belongings }, passphrase);
  const next = await signed(passport, identity, seeds, renamed(multikey(identity.device.publicKey), deviceName));
  return { recovery, commit: () => exchange(passport, identity, { ...next, seeds: null, recovery }) };
}

/** The next version of the actor document, by whoever knows the passphrase. */
export async function change(
  passport: BrowserPassport,
  passphrase: string,
  alter: (actor: ActorDocument) => Statement,
): Promise<Identity> {
  const identity = await passport.identity();
  const secrets = await openRoot(identity, passphrase);
  return exchange(passport, identity, await signed(passport, identity, secrets, alter));
}

export const revoked =
  (key: string) =>
  (actor: ActorDocument): Statement => ({ ...actor, devices: actor.devices.filter((device) => device.key !== key) });

export const renamed =
  (key: string, name: string) =>
  (actor: ActorDocument): Statement => ({
    ...actor,
    devices: actor.devices.map((device) => (device.key === key ? withName(device, name) : device)),
  });

export const added =
  (device: Device) =>
  (actor: ActorDocument): Statement => {
    const others = actor.devices.filter(({ key }) => key !== device.key);
    if (others.length >= MAX_DEVICES) throw new TooManyDevices('no room for another device');
    return { ...actor, devices: [...others, device] };
  };

export const movedTo =
  (gateways: readonly string[]) =>
  (actor: ActorDocument): Statement => ({ ...actor, gateways });

export interface Recovered {
  readonly identity: Identity;
  readonly belongings: Belongings;
  /** Whether the list of the other devices was known; else they have to be linked again. */
  readonly knewDevices: boolean;
}

/**
 * Take up an identity from its recovery file on a device that doesn't have it.
 *
 * `published` are documents of this did as instances gave them. The newest that its root signed says which other devices
 * there are; without any, only this device is listed, so that none that was revoked comes back by an old file.
 */
export async function recover(
  passport: BrowserPassport,
  fileText: string,
  passphrase: string,
  deviceName: string,
  published: readonly string[],
): Promise<Recovered> {
  const crypt = await passport.crypt;
  const file = readRecovery(fileText);
  const secrets = await unseal(file, passphrase);
  const root = await crypt.fromSeed(secrets.root);
  const did = didOf(root.publicKey);
  if (did !== file.did) throw new ChangedElsewhere('the file names another identity than its keys make');
  const known = (await newestOf(crypt, did, published))?.actor ?? null;
  const before = await (await passport.store).load();
  const device = await crypt.generate();
  const own = { key: multikey(device.publicKey), name: deviceName, created: rfc3339(passport.wallMs()) };
  const actor: ActorDocument = known ?? {
    did,
    devices: [],
    gateways: secrets.gateways,
    sequence: secrets.sequence,
    nextKeyDigest: await keyDigest(crypt, (await crypt.fromSeed(secrets.next)).publicKey),
    predecessor: null,
    more: {},
  };
  const sequence = nextSequence(actor.sequence, passport.wallMs());
  const document = await writeDocument(crypt, root, { ...added(own)(actor), sequence }, passport.wallMs());
  const identity: Identity = {
    did,
    document,
    sequence,
    device: { key: device.stored, publicKey: device.publicKey },
    seeds: null,
    recovery: fileText.trim().startsWith('{') ? fileText.trim() : JSON.stringify(file),
  };
  const { name, look } = secrets;
  await exchange(passport, before, identity);
  return { identity, belongings: { name, look }, knewDevices: known !== null };
}

/**
 * Replace the root by the key that was announced for it, because somebody else may have the recovery file. The person has
 * another did afterwards; whoever knew the old document recognises the announced key and moves rights and name over.
 */
export async function prepareSuccession(
  passport: BrowserPassport,
  passphrase: string,
  freshPassphrase: string,
  belongings: Belongings,
): Promise<Prepared> {
  const crypt = await passport.crypt;
  const before = await passport.identity();
  const old = await openRoot(before, passphrase);
  const seeds = { root: old.next, next: randomBytes(32) };
  const root = await crypt.fromSeed(seeds.root);
  const did = didOf(root.publicKey);
  const actor = readDocument(before.document);
  const sequence = nextSequence(actor.sequence, passport.wallMs());
  const statement: Statement = {
    ...actor,
    did,
    sequence,
    nextKeyDigest: await keyDigest(crypt, (await crypt.fromSeed(seeds.next)).publicKey),
    predecessor: before.did,
  };
  const document = await writeDocument(crypt, root, statement, passport.wallMs());
  const after: Identity = { ...before, did, document, sequence, seeds: null, recovery: null };
  const recovery = await sealed(after, { ...seeds, ...belongings }, freshPassphrase);
  return { recovery, commit: () => exchange(passport, before, { ...after, recovery }) };
}

/**
 * Take up what another device has published meanwhile: an instance that knows it refuses the older document.
 *
 * Gives 'revoked' when the newest document doesn't list this device; it stays as it is then.
 */
export async function catchUp(
  passport: BrowserPassport,
  published: readonly string[],
): Promise<'current' | 'renewed' | 'revoked'> {
  const identity = await passport.identity();
  const crypt = await passport.crypt;
  const newest = await newestOf(crypt, identity.did, published);
  if (!newest || newest.actor.sequence <= identity.sequence) return 'current';
  const { actor, text: document } = newest;
  if (!actor.devices.some((device) => isThis(identity, device))) return 'revoked';
  await exchange(passport, identity, { ...identity, document, sequence: actor.sequence });
  return 'renewed';
}

export function isThis(identity: Identity, device: Device): boolean {
  return device.key === multikey(identity.device.publicKey);
}

// --- inside -----------------------------------------------------------------------------------------------------------

async function openRoot(identity: Identity, passphrase: string): Promise<Seeds> {
  if (identity.seeds) return identity.seeds;
  if (!identity.recovery) throw new ChangedElsewhere('there is no recovery file');
  return unseal(readRecovery(identity.recovery), passphrase);
}

async function signed(
  passport: BrowserPassport,
  identity: Identity,
  seeds: Seeds,
  alter: (actor: ActorDocument) => Statement,
): Promise<Identity> {
  const crypt = await passport.crypt;
  const root = await crypt.fromSeed(seeds.root);
  const sequence = nextSequence(identity.sequence, passport.wallMs());
  const statement = { ...alter(readDocument(identity.document)), sequence };
  return { ...identity, sequence, document: await writeDocument(crypt, root, statement, passport.wallMs()) };
}

async function sealed(identity: Identity, secrets: Seeds & Belongings, passphrase: string): Promise<string> {
  const { gateways } = readDocument(identity.document);
  const { sequence } = identity;
  const { root, next, name, look } = secrets;
  const all: Secrets = { root, next, sequence, gateways, name, look };
  return seal(identity.did, all, passphrase, randomBytes);
}

async function exchange(passport: BrowserPassport, before: Identity | null, after: Identity): Promise<Identity> {
  const store = await passport.store;
  if (!(await store.replace(before, after))) throw new ChangedElsewhere('another page was quicker');
  return after;
}

interface Published {
  readonly actor: ActorDocument;
  readonly text: string;
}

async function newestOf(crypt: Crypt, did: string, documents: readonly string[]): Promise<Published | null> {
  let newest: Published | null = null;
  for (const text of documents) {
    const actor = await verifyDocument(crypt, text).catch(() => null);
    if (actor?.did === did && actor.sequence > (newest?.actor.sequence ?? -1)) newest = { actor, text };
  }
  return newest;
}

function withName({ key, created }: Device, name: string): Device {
  const trimmed = [...name.trim()].slice(0, MAX_DEVICE_NAME_CHARS).join('');
  return { key, ...(trimmed && { name: trimmed }), ...(created && { created }) };
}
