/**
 * How keys and signatures are written: base64url, base58btc, multikey, did:key.
 *
 * A key is its 32 raw bytes everywhere in here; these functions give the texts that travel.
 */

export type Bytes = Uint8Array<ArrayBuffer>;

const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
/** Multicodec ed25519-pub as a varint. */
const ED25519_PUBLIC = [0xed, 0x01] as const;

export function utf8(text: string): Bytes {
  return new TextEncoder().encode(text);
}

export function concat(...parts: readonly Iterable<number>[]): Bytes {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

export function base64url(bytes: Iterable<number>): string {
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return btoa(binary).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}

export function base58(bytes: Iterable<number>): string {
  const all = [...bytes];
  let number = all.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
  let text = '';
  for (; number > 0n; number /= 58n) text = BASE58.charAt(Number(number % 58n)) + text;
  // Leading zero bytes weigh nothing in a number, so each is written as the first letter.
  const zeros = all.findIndex((byte) => byte !== 0);
  return '1'.repeat(zeros < 0 ? all.length : zeros) + text;
}

export function prefixed(publicKey: Bytes): Bytes {
  return concat(ED25519_PUBLIC, publicKey);
}

export function multikey(publicKey: Bytes): string {
  return `z${base58(prefixed(publicKey))}`;
}

export function didOf(publicKey: Bytes): string {
  return `did:key:${multikey(publicKey)}`;
}

export function actorOf(did: string): string {
  return `ap://${did}/actor`;
}
