/**
 * Short-lived words about oneself: entry tokens by the device key, and proofs (RFC 9449) that this page holds the session
 * key which a token names. Time and chance come in as arguments.
 */

import type { Crypt, Signer } from './crypt';
import { actorOf, base64url, multikey, utf8 } from './encoding';
import { canonicalize, type JsonObject } from './jcs';

const ENTRY_LIFE_S = 60;

export interface Stamp {
  readonly nowS: number;
  /** 128 bits of chance, base64url. */
  readonly jti: string;
}

/** The public half of an Ed25519 key as a JWK (RFC 8037). */
export function publicJwk(key: Signer): JsonObject {
  return { kty: 'OKP', crv: 'Ed25519', x: base64url(key.publicKey) };
}

/** RFC 7638. */
export async function thumbprint(crypt: Crypt, jwk: JsonObject): Promise<string> {
  return base64url(await crypt.sha256(utf8(canonicalize(jwk))));
}

export interface EntryWords extends Stamp {
  readonly did: string;
  readonly audience: string;
  readonly nonce: string;
  readonly room: string;
  /** Thumbprint of the session key. */
  readonly jkt: string;
}

export function entryToken(device: Signer, words: EntryWords): Promise<string> {
  const { did, audience, nonce, room, nowS, jti, jkt } = words;
  return signJwt(
    device,
    { alg: 'EdDSA', typ: 'entry+jwt', kid: multikey(device.publicKey) },
    {
      iss: did,
      sub: actorOf(did),
      aud: audience,
      nonce,
      room,
      iat: nowS,
      exp: nowS + ENTRY_LIFE_S,
      jti,
      cnf: { jkt },
    },
  );
}

export interface ProofWords extends Stamp {
  readonly method: string;
  readonly url: string;
  readonly nonce?: string;
  /** The access token that goes with the request. */
  readonly accessToken?: string;
}

export async function dpopProof(crypt: Crypt, session: Signer, words: ProofWords): Promise<string> {
  const { method, url, nonce, accessToken, nowS, jti } = words;
  const ath = accessToken === undefined ? null : base64url(await crypt.sha256(utf8(accessToken)));
  return signJwt(
    session,
    { alg: 'EdDSA', typ: 'dpop+jwt', jwk: publicJwk(session) },
    {
      htm: method,
      // RFC 9449: without query and fragment.
      htu: url.replace(/[?#].*/, ''),
      iat: nowS,
      jti,
      ...(nonce !== undefined && { nonce }),
      ...(ath !== null && { ath }),
    },
  );
}

/** Header and claims are written in canonical form, so that the same words are the same bytes everywhere. */
async function signJwt(key: Signer, header: JsonObject, claims: JsonObject): Promise<string> {
  const words = `${base64url(utf8(canonicalize(header)))}.${base64url(utf8(canonicalize(claims)))}`;
  return `${words}.${base64url(await key.sign(utf8(words)))}`;
}
