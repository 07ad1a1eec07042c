import { describe, expect, it } from 'vitest';
import { openCrypt } from '../../src/identity/crypt';
import { keyDigest, nextSequence, signDocument, writeDocument } from '../../src/identity/document';
import { base58, base64url, didOf, multikey } from '../../src/identity/encoding';
import { fallback } from '../../src/identity/fallback';
import { canonicalize, type Json } from '../../src/identity/jcs';
import { fingerprint, fromBase58, fromBase64url, publicKeyOf, verifyDocument } from '../../src/identity/reading';
import { dpopProof, entryToken, publicJwk, thumbprint } from '../../src/identity/tokens';
import { CRYPTS, expectSigned, fromHex, NOW_MS, partsOf, seedOf } from './people';

describe('encodings', () => {
  it('write bytes in base58 and read them again, leading zeros too', () => {
    expect(base58(new TextEncoder().encode('Hello World!'))).toBe('2NEpo7TZRRrLZSi2U');
    expect(base58([0, 0, 40, 127, 180, 205])).toBe('11233QC4');
    for (const bytes of [
      [0, 0, 0],
      [0, 1, 255],
      [255, 0, 3],
    ])
      expect([...fromBase58(base58(bytes), 3)]).toEqual(bytes);
  });

  it('refuse what is not theirs', () => {
    expect(() => fromBase58('0OIl', 3)).toThrow('base58');
    expect(() => fromBase58('1'.repeat(4), 3)).toThrow('length');
    expect(() => fromBase58('2'.repeat(60_000), 34)).toThrow('long');
    expect(() => fromBase64url('a+b=')).toThrow('base64url');
    expect(() => publicKeyOf('z6LSbysY2xFMRpGMhb7tFTLMpeuPRaqaWM1yECx2AtzE3KCc')).toThrow('Ed25519');
  });

  it('write base64url without padding', () => {
    expect(base64url([251, 255, 191])).toBe('-_-_');
    expect(base64url([1])).toBe('AQ');
  });

  it('name a key as the did:key specification does', () => {
    const key = fromBase58('2hYR37qeYBsayJAVzp6Us71oPmMVjVW8xYpQbGXmoDk3', 32);
    expect(publicKeyOf(multikey(key))).toEqual(key);
    expect(didOf(publicKeyOf('z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK'))).toBe(
      'did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK',
    );
  });
});

describe('canonical JSON', () => {
  it('sorts members by UTF-16 and writes what RFC 8785 writes', () => {
    const value = {
      '\u20ac': 'Euro',
      '\r': 'Return',
      '\ud83d\ude00': 'Smile',
      '1': 'One',
      '\ufb33': 'Dalet',
      b: [1e-27, -0],
    };
    expect(canonicalize(value)).toBe(
      '{"\\r":"Return","1":"One","b":[1e-27,0],"€":"Euro","😀":"Smile","\ufb33":"Dalet"}',
    );
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, '\ud800', undefined, [undefined], { a: undefined }, 1n])(
    'refuses %s',
    (value) => {
      expect(() => canonicalize(value as Json)).toThrow(TypeError);
    },
  );
});

describe.each(CRYPTS)('with %s', (_, open) => {
  it('a seed is always the same key (RFC 8032, test 1)', async () => {
    const crypt = await open();
    const key = await crypt.fromSeed(fromHex('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60'));
    expect(base64url(key.publicKey)).toBe('11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo');
    const signature = await key.sign(new Uint8Array());
    expect(signature).toEqual(
      fromHex(
        'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
      ),
    );
    expect(await crypt.verify(key.publicKey, signature, new Uint8Array())).toBe(true);
  });

  it('a stored key signs as before', async () => {
    const crypt = await open();
    const key = await crypt.generate();
    const again = await crypt.restore(key.stored, key.publicKey);
    const message = seedOf(7);
    expect(await crypt.verify(key.publicKey, await again.sign(message), message)).toBe(true);
  });

  it('thumbprints are those of RFC 8037', async () => {
    const crypt = await open();
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' };
    expect(await thumbprint(crypt, jwk)).toBe('kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k');
  });

  it('a document holds what it says, and nothing of it can be changed', async () => {
    const crypt = await open();
    const [root, device, next] = await Promise.all([1, 2, 3].map((one) => crypt.fromSeed(seedOf(one))));
    const did = didOf(root!.publicKey);
    const statement = {
      did,
      devices: [{ key: multikey(device!.publicKey), name: 'Telefon für unterwegs', created: '2026-09-21T14:13:20Z' }],
      gateways: ['https://a.example'],
      sequence: 1_790_000_000,
      nextKeyDigest: await keyDigest(crypt, next!.publicKey),
    };
    const text = await writeDocument(crypt, root!, statement, NOW_MS);
    expect(await verifyDocument(crypt, text)).toEqual({ ...statement, predecessor: null, more: {} });
    expect(canonicalize(JSON.parse(text))).toBe(text);
    for (const forged of [
      text.replace('1790000000', '1790000001'),
      text.replace('https://a.example', 'https://b.example'),
      text.replaceAll(did, didOf(device!.publicKey)),
      text.replace('assertionMethod","proofV', 'authentication","proofV'),
      text.replace('eddsa-jcs-2022', 'eddsa-rdfc-2022'),
    ]) {
      expect(forged).not.toBe(text);
      await expect(verifyDocument(crypt, forged)).rejects.toThrow();
    }
  });

  it('an entry token says to whom, for how long, and with which session key', async () => {
    const crypt = await open();
    const device = await crypt.fromSeed(seedOf(2));
    const words = {
      did: 'did:key:z6Mk',
      audience: 'https://b.example',
      nonce: 'n',
      room: '',
      jkt: 'k',
      nowS: 100,
      jti: 'j',
    };
    const token = await entryToken(device, words);
    expect(partsOf(token)).toEqual({
      header: { alg: 'EdDSA', typ: 'entry+jwt', kid: multikey(device.publicKey) },
      claims: {
        iss: 'did:key:z6Mk',
        sub: 'ap://did:key:z6Mk/actor',
        aud: 'https://b.example',
        nonce: 'n',
        room: '',
        iat: 100,
        exp: 160,
        jti: 'j',
        cnf: { jkt: 'k' },
      },
    });
    await expectSigned(crypt, token, multikey(device.publicKey));
  });

  it('a proof names one request and the token that goes with it', async () => {
    const crypt = await open();
    const session = await crypt.generate();
    const words = { method: 'POST', url: 'https://b.example/api/me?x#y', nowS: 100, jti: 'j', accessToken: 'abc' };
    const { header, claims } = partsOf(await dpopProof(crypt, session, words));
    expect(header).toEqual({ alg: 'EdDSA', typ: 'dpop+jwt', jwk: publicJwk(session) });
    expect(claims).toEqual({
      htm: 'POST',
      htu: 'https://b.example/api/me',
      iat: 100,
      jti: 'j',
      ath: 'ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0',
    });
  });

  it('a fingerprint is six groups of five digits', async () => {
    expect(await fingerprint(await open(), 'did:key:z6Mk')).toMatch(/^(\d{5} ){5}\d{5}$/);
  });
});

it('WebCrypto keeps daily keys to itself, the fallback cannot', async () => {
  const native = await openCrypt();
  expect(native.hidesKeys).toBe(true);
  const { stored } = await native.generate();
  await expect(crypto.subtle.exportKey('pkcs8', stored as CryptoKey)).rejects.toThrow();
  expect(fallback.hidesKeys).toBe(false);
});

it('a browser without Ed25519, or without WebCrypto, gets the fallback', async () => {
  const unable = { generateKey: () => Promise.reject(new DOMException('unknown', 'NotSupportedError')) };
  expect(await openCrypt(unable as unknown as SubtleCrypto)).toBe(fallback);
  expect(await openCrypt(undefined as unknown as SubtleCrypto)).not.toBe(fallback);
});

it('WebCrypto and the fallback sign the same bytes', async () => {
  const native = await openCrypt();
  const document = { '@context': ['https://a.example'], text: 'ä' };
  const sign = async (crypt: typeof native) =>
    signDocument(crypt, await crypt.fromSeed(seedOf(9)), document, '2026-09-21T14:13:20Z');
  expect(await sign(fallback)).toEqual(await sign(native));
});

it('a sequence grows and never falls behind the clock', () => {
  expect(nextSequence(0, 5_999)).toBe(5);
  expect(nextSequence(77, 5_000)).toBe(78);
});
