import { IDBFactory } from 'fake-indexeddb';
import { expect, it } from 'vitest';
import { openCrypt } from '../../src/identity/crypt';
import { fallback } from '../../src/identity/fallback';
import type { JsonObject } from '../../src/identity/jcs';
import { BrowserPassport, ConsentMissing, gatewayOf, type PassportSources } from '../../src/identity/passport';
import { readDocument, verifyDocument } from '../../src/identity/reading';
import { openStore, PageStore } from '../../src/identity/store';
import { thumbprint } from '../../src/identity/tokens';
import { expectSigned, NOW_MS, ORIGIN, partsOf } from './people';

const door = (origin = ORIGIN, nonce = 'n') => ({ origin, nonce, room: '', url: `${origin}/live` });

/** A browser: its pages share what is stored. */
function browser(more: Partial<PassportSources> = {}): () => BrowserPassport {
  const factory = new IDBFactory();
  return () =>
    new BrowserPassport({ origin: ORIGIN, wallMs: () => NOW_MS, openStore: () => openStore(factory), ...more });
}

it('makes a guest at the first entering and shows papers that belong together', async () => {
  const page = browser()();
  const { token, document, proof } = await page.enter(door());
  const crypt = await openCrypt();
  const actor = await verifyDocument(crypt, document);
  expect(actor).toMatchObject({ gateways: [ORIGIN], sequence: NOW_MS / 1000, predecessor: null });
  expect(actor.nextKeyDigest).toMatch(/^uEi/);
  const { header, claims } = partsOf(token);
  expect(claims).toMatchObject({ iss: actor.did, aud: ORIGIN, nonce: 'n', iat: NOW_MS / 1000 });
  expect(actor.devices.map(({ key }) => key)).toEqual([header['kid']]);
  await expectSigned(crypt, token, String(header['kid']));
  const shown = partsOf(proof);
  expect(shown.claims).toMatchObject({ htm: 'GET', htu: `${ORIGIN}/live`, nonce: 'n' });
  expect(claims['cnf']).toEqual({ jkt: await thumbprint(crypt, shown.header['jwk'] as JsonObject) });
  expect(claims['jti']).not.toBe(shown.claims['jti']);
  expect(String(claims['jti'])).toMatch(/^[\w-]{22}$/);
});

it('is the same person on every page of this browser, each with a session key of its own', async () => {
  const open = browser();
  const [one, other] = [open(), open()];
  const [papers, others] = await Promise.all([one.enter(door()), other.enter(door(ORIGIN, 'm'))]);
  expect(others.document).toBe(papers.document);
  expect(partsOf(others.proof).header['jwk']).not.toEqual(partsOf(papers.proof).header['jwk']);
  expect((await open().enter(door())).document).toBe(papers.document);
  expect(partsOf((await one.enter(door())).proof).header).toEqual(partsOf(papers.proof).header);
});

it('shows itself to another instance only with consent', async () => {
  const page = browser()();
  const other = 'https://b.example';
  await expect(page.enter(door(other))).rejects.toEqual(new ConsentMissing(other));
  const store = await page.store;
  await store.allow({ audience: other, sinceMs: NOW_MS });
  expect(partsOf((await page.enter(door(other))).token).claims['aud']).toBe(other);
  expect(await store.consents()).toEqual([{ audience: other, sinceMs: NOW_MS }]);
  await store.withdraw(other);
  await expect(page.enter(door(other))).rejects.toThrow(ConsentMissing);
});

it('is somebody for this page where nothing can be stored', async () => {
  const forbidden = {
    open: () => {
      throw new DOMException('denied', 'SecurityError');
    },
  };
  const open = browser({ openStore: () => openStore(forbidden as unknown as IDBFactory) });
  const page = open();
  expect((await page.store).lasts).toBe(false);
  const { document } = await page.enter(door());
  expect((await page.enter(door())).document).toBe(document);
  expect((await open().enter(door())).document).not.toBe(document);
});

it('enters with the fallback, and goes on with its key once the browser can do more', async () => {
  const open = browser({ openCrypt: async () => fallback });
  const before = await open().enter(door());
  const later = browser({ openStore: () => open().store })();
  const after = await later.enter(door());
  expect(after.document).toBe(before.document);
  await expectSigned(await openCrypt(), after.token, String(partsOf(before.token).header['kid']));
});

it('proves that it holds the session key of a call', async () => {
  const page = browser()();
  const headers = await page.authorize('POST', `${ORIGIN}/api/me`, 'abc');
  expect(headers['Authorization']).toBe('DPoP abc');
  expect(partsOf(headers['DPoP'] ?? '').claims).toMatchObject({ htm: 'POST', htu: `${ORIGIN}/api/me` });
  expect(partsOf(await page.prove('POST', ORIGIN, { nonce: 'n' })).claims).toMatchObject({ nonce: 'n' });
});

it('puts a version of the identity in the place of the one that it was made from, or not at all', async () => {
  for (const store of [await openStore(new IDBFactory()), new PageStore()]) {
    const page = browser({ openStore: async () => store })();
    const first = await page.identity();
    const second = { ...first, document: '{}', sequence: first.sequence + 1 };
    expect(await store.replace(first, second)).toBe(true);
    expect(await store.replace(first, { ...first, document: '[]' })).toBe(false);
    expect((await store.load())?.document).toBe('{}');
    expect(await store.replace(second, null)).toBe(true);
    expect(await store.load()).toBeNull();
    expect((await page.identity()).did).not.toBe(first.did);
  }
});

it('names its home as it is reached from outside', () => {
  expect(gatewayOf('https://a.example')).toBe('https://a.example');
  expect(gatewayOf('http://127.0.0.1:8080')).toBe('http://127.0.0.1:8080');
  expect(gatewayOf('http://localhost.evil.example')).toBe('https://localhost.evil.example');
  expect(gatewayOf('http://192.168.1.5:8080')).toBe('https://192.168.1.5:8080');
  expect(() => readDocument('{}')).toThrow('no actor document');
});
