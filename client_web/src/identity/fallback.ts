/** Ed25519 and SHA-256 in JavaScript, for browsers and pages where WebCrypto has none. Its keys are readable bytes. */

import { getPublicKey, hashes, sign, verify } from '@noble/ed25519';
import { sha256, sha512 } from '@noble/hashes/sha2.js';
import { type Crypt, randomBytes, type Signer } from './crypt';
import type { Bytes } from './encoding';

hashes.sha512 = sha512;

function signer(seed: Bytes): Signer {
  return {
    publicKey: Uint8Array.from(getPublicKey(seed)),
    stored: seed,
    sign: async (message) => Uint8Array.from(sign(message, seed)),
  };
}

export const fallback: Crypt = {
  hidesKeys: false,
  sha256: async (data) => Uint8Array.from(sha256(data)),
  generate: async () => signer(randomBytes(32)),
  fromSeed: async (seed) => signer(seed),
  restore: async (stored) => {
    // The browser that made this key could do more than this one can: say so instead of failing later.
    if (!(stored instanceof Uint8Array)) throw new Error('this key cannot be used without WebCrypto');
    return signer(stored);
  },
  verify: async (publicKey, signature, message) => verify(signature, message, publicKey, { zip215: false }),
};
