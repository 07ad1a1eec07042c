/** What the tests of identities share: keys that are the same each time, and papers taken apart. */

import { expect } from 'vitest';
import { type Crypt, openCrypt } from '../../src/identity/crypt';
import type { Bytes } from '../../src/identity/encoding';
import { fallback } from '../../src/identity/fallback';
import { fromBase64url, publicKeyOf } from '../../src/identity/reading';

export const NOW_MS = 1_790_000_000_000;
export const ORIGIN = 'https://alley.example';

export const seedOf = (number: number): Bytes => new Uint8Array(32).fill(number);

export const fromHex = (text: string): Bytes =>
  Uint8Array.from(text.match(/../g) ?? [], (two) => Number.parseInt(two, 16));

/** The browser's own cryptography and the fallback: what holds for one must hold for the other. */
export const CRYPTS: readonly [string, () => Promise<Crypt>][] = [
  ['WebCrypto', () => openCrypt()],
  ['the fallback', async () => fallback],
];

export function partsOf(jwt: string): { header: Record<string, unknown>; claims: Record<string, unknown> } {
  const [header = '', claims = ''] = jwt.split('.');
  const read = (part: string) => JSON.parse(new TextDecoder().decode(fromBase64url(part)));
  return { header: read(header), claims: read(claims) };
}

/** The signature of a JWT is that of this key. */
export async function expectSigned(crypt: Crypt, jwt: string, multikey: string): Promise<void> {
  const [header = '', claims = '', signature = ''] = jwt.split('.');
  const message = new TextEncoder().encode(`${header}.${claims}`);
  expect(await crypt.verify(publicKeyOf(multikey), fromBase64url(signature), message)).toBe(true);
}
