// @vitest-environment node
/** What the Python of federation/ writes and what this client writes are the same bytes (tests/vectors/identity.json). */

import { describe, expect, it } from 'vitest';
import vectors from '../../../tests/vectors/identity.json';
import { keyDigest, writeDocument } from '../../src/identity/document';
import { didOf, multikey } from '../../src/identity/encoding';
import { canonicalize } from '../../src/identity/jcs';
import { fingerprint, publicKeyOf, verifyDocument } from '../../src/identity/reading';
import { dpopProof, entryToken, publicJwk, thumbprint } from '../../src/identity/tokens';
import { CRYPTS, fromHex } from './people';

describe.each(CRYPTS)('with %s', (_, open) => {
  const keyNamed = async (name: string) => {
    const seed = vectors.keys.find((key) => key.name === name)?.seed ?? '';
    return (await open()).fromSeed(fromHex(seed));
  };

  it.each(vectors.keys)('the key $name has the same names', async (key) => {
    const crypt = await open();
    const { publicKey, ...signer } = await keyNamed(key.name);
    expect(publicKey).toEqual(fromHex(key.publicKey));
    expect(multikey(publicKey)).toBe(key.multikey);
    expect(publicKeyOf(key.multikey)).toEqual(publicKey);
    expect(didOf(publicKey)).toBe(key.did);
    expect(await fingerprint(crypt, key.did)).toBe(key.fingerprint);
    expect(await keyDigest(crypt, publicKey)).toBe(key.nextKeyDigest);
    const jwk = publicJwk({ publicKey, ...signer });
    expect(jwk).toEqual(key.jwk);
    expect(await thumbprint(crypt, jwk)).toBe(key.thumbprint);
  });

  it.each(vectors.documents)('the document "$name" is read, and written the same', async (vector) => {
    const crypt = await open();
    const { did, sequence, gateways, nextKeyDigest, predecessor, text } = vector;
    const devices = vector.devices.map(({ key, name, created }) => ({
      key,
      ...(name && { name }),
      ...(created && { created }),
    }));
    const actor = await verifyDocument(crypt, text);
    expect(actor).toMatchObject({ did, sequence, gateways, devices, nextKeyDigest, predecessor });
    expect(canonicalize(JSON.parse(text))).toBe(text);
    const rootName = vectors.keys.find((key) => key.did === did)?.name ?? '';
    const written = await writeDocument(crypt, await keyNamed(rootName), actor, Date.parse(vectors.created));
    expect(written).toBe(text);
  });

  it.each(vectors.entryTokens)('the entry token for $audience is the same', async (vector) => {
    const { by, did, audience, nonce, room, jkt, now_s: nowS, jti } = vector;
    expect(await entryToken(await keyNamed(by), { did, audience, nonce, room, jkt, nowS, jti })).toBe(vector.token);
  });

  it.each(vectors.proofs.filter(({ by }) => by !== 'p256'))(
    'the proof for $method $url is the same',
    async (vector) => {
      const { method, url, now_s: nowS, jti } = vector;
      const words = {
        method,
        url,
        nowS,
        jti,
        ...('nonce' in vector && vector.nonce ? { nonce: vector.nonce } : {}),
        ...('access_token' in vector && vector.access_token ? { accessToken: String(vector.access_token) } : {}),
      };
      expect(await dpopProof(await open(), await keyNamed(vector.by), words)).toBe(vector.proof);
    },
  );

  it.each(vectors.refusedDocuments.filter(({ code }) => code === 'bad_signature' || code === 'bad_proof'))(
    'a document with $name is refused',
    async ({ text }) => {
      await expect(verifyDocument(await open(), text)).rejects.toThrow();
    },
  );
});
