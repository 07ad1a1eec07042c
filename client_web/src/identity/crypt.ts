/**
 * The few operations that identities need, by WebCrypto.
 *
 * Keys that WebCrypto makes for daily use cannot be read by any script, ours included. Browsers without Ed25519, and
 * every page that came by plain http from another machine (there is no `crypto.subtle` then), get the same operations
 * from `fallback.ts`: its keys are readable bytes, and /me says what that means.
 */

import type { Bytes } from './encoding';

/** A private key as it lies in IndexedDB: a handle that cannot be read, or a readable seed. */
export type StoredKey = CryptoKey | Bytes;

export interface Signer {
  readonly publicKey: Bytes;
  readonly stored: StoredKey;
  sign(message: Bytes): Promise<Bytes>;
}

export interface Crypt {
  /** Whether private keys can be kept so that no script reads them. */
  readonly hidesKeys: boolean;
  sha256(data: Bytes): Promise<Bytes>;
  /** A new key for daily use; hidden where the browser can. */
  generate(): Promise<Signer>;
  fromSeed(seed: Bytes): Promise<Signer>;
  /** A key that lay in the store. */
  restore(stored: StoredKey, publicKey: Bytes): Promise<Signer>;
  verify(publicKey: Bytes, signature: Bytes, message: Bytes): Promise<boolean>;
}

const ED25519 = 'Ed25519';
/** DER of a PKCS #8 private key of Ed25519, up to its seed (RFC 8410). */
const PKCS8_HEAD = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20] as const;

export function randomBytes(count: number): Bytes {
  return crypto.getRandomValues(new Uint8Array(count));
}

/** The browser's own if it knows Ed25519, else the fallback. */
export async function openCrypt(subtle: SubtleCrypto | undefined = globalThis.crypto.subtle): Promise<Crypt> {
  try {
    if (subtle && (await subtle.generateKey(ED25519, false, ['sign', 'verify']))) return native(subtle);
  } catch {
    // An unknown algorithm; no other fault is possible here.
  }
  return (await import('./fallback')).fallback;
}

function native(subtle: SubtleCrypto): Crypt {
  const signer = (key: CryptoKey, publicKey: Bytes): Signer => ({
    publicKey,
    stored: key,
    sign: async (message) => new Uint8Array(await subtle.sign(ED25519, key, message)),
  });
  const fromSeed = async (seed: Bytes): Promise<Signer> => {
    const pkcs8 = Uint8Array.from([...PKCS8_HEAD, ...seed]);
    // WebCrypto tells the public key of a private one only when it may be exported.
    const readable = await subtle.importKey('pkcs8', pkcs8, ED25519, true, ['sign']);
    const { x = '' } = await subtle.exportKey('jwk', readable);
    const publicKey = Uint8Array.from(atob(x.replace(/-/g, '+').replace(/_/g, '/')), (one) => one.charCodeAt(0));
    return signer(await subtle.importKey('pkcs8', pkcs8, ED25519, false, ['sign']), publicKey);
  };
  return {
    hidesKeys: true,
    sha256: async (data) => new Uint8Array(await subtle.digest('SHA-256', data)),
    generate: async () => {
      const pair = (await subtle.generateKey(ED25519, false, ['sign', 'verify'])) as CryptoKeyPair;
      return signer(pair.privateKey, new Uint8Array(await subtle.exportKey('raw', pair.publicKey)));
    },
    fromSeed,
    restore: async (stored, publicKey) => (stored instanceof Uint8Array ? fromSeed(stored) : signer(stored, publicKey)),
    verify: async (publicKey, signature, message) => {
      const key = await subtle.importKey('raw', publicKey, ED25519, false, ['verify']);
      return subtle.verify(ED25519, key, signature, message);
    },
  };
}
