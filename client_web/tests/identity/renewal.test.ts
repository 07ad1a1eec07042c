// @vitest-environment node
import { expect, it, vi } from 'vitest';
import { change, movedTo } from '../../src/identity/keeping';
import { BrowserPassport } from '../../src/identity/passport';
import { renew } from '../../src/identity/renewal';
import { PageStore } from '../../src/identity/store';
import { NOW_MS, ORIGIN } from './people';

it('asks the instance for the newest document, never the cache, and takes it up', async () => {
  const store = new PageStore();
  const passport = new BrowserPassport({ origin: ORIGIN, wallMs: () => NOW_MS, openStore: async () => store });
  const before = await passport.identity();
  const after = await change(passport, '', movedTo(['https://b.example']));
  await store.replace(after, before);
  const asked = vi.fn(async () => new Response(after.document));
  vi.stubGlobal('fetch', asked);
  expect(await renew(passport)).toBe('renewed');
  expect((await passport.identity()).document).toBe(after.document);
  expect(asked).toHaveBeenCalledWith(
    `${ORIGIN}/.well-known/apgateway/${before.did}/actor`,
    expect.objectContaining({ cache: 'no-store' }),
  );
  expect(await renew(passport)).toBe('current');
  for (const answer of [new Response('', { status: 404 }), new TypeError('no way')]) {
    asked.mockImplementationOnce(async () => {
      if (answer instanceof Response) return answer;
      throw answer;
    });
    expect(await renew(passport)).toBe('current');
  }
  vi.unstubAllGlobals();
});
