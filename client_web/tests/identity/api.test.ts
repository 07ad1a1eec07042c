// @vitest-environment node
import { expect, it } from 'vitest';
import { Api, ApiProblem } from '../../src/identity/api';
import { BrowserPassport } from '../../src/identity/passport';
import { PageStore } from '../../src/identity/store';
import { NOW_MS, ORIGIN, partsOf } from './people';

interface Heard {
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: unknown;
}

/** An instance that opens sessions and answers what it is told to. */
function instance(answers: (path: string, call: number) => Response | null = () => null) {
  const heard: Heard[] = [];
  let nowMs = NOW_MS;
  const passport = new BrowserPassport({ origin: ORIGIN, wallMs: () => nowMs, openStore: async () => new PageStore() });
  const api = new Api(passport, async (url, init) => {
    const path = url.replace(ORIGIN, '');
    heard.push({
      path,
      headers: init.headers as Record<string, string>,
      body: init.body === undefined ? undefined : JSON.parse(String(init.body)),
    });
    const special = answers(path, heard.length);
    if (special) return special;
    if (path === '/api/challenge') return Response.json({ nonce: 'nonce-of-22-characters', room: 'alley' });
    if (path === '/api/session')
      return Response.json({ access_token: `token-${heard.length}`, expires_in: 900, did: 'd', roles: ['operator'] });
    return Response.json({ path });
  });
  return { api, heard, passport, pass: (ms: number) => (nowMs += ms) };
}

it('opens one session and proves each call', async () => {
  const { api, heard } = instance();
  await Promise.all([api.call('GET', '/api/me'), api.call('POST', '/api/me/document?x', { a: 1 })]);
  expect(heard.map(({ path }) => path).sort()).toEqual([
    '/api/challenge',
    '/api/me',
    '/api/me/document?x',
    '/api/session',
  ]);
  const opened = heard.find(({ path }) => path === '/api/session')!;
  const entry = partsOf(String((opened.body as { entry: string }).entry));
  expect(entry.claims).toMatchObject({ aud: ORIGIN, nonce: 'nonce-of-22-characters', room: 'alley' });
  expect(partsOf(opened.headers['DPoP'] ?? '').claims).toMatchObject({
    htm: 'POST',
    htu: `${ORIGIN}/api/session`,
    nonce: 'nonce-of-22-characters',
  });
  const posted = heard.find(({ path }) => path.startsWith('/api/me/document'));
  expect(posted?.body).toEqual({ a: 1 });
  expect(posted?.headers['Authorization']).toBe('DPoP token-2');
  expect(partsOf(posted?.headers['DPoP'] ?? '').claims).toMatchObject({
    htm: 'POST',
    htu: `${ORIGIN}/api/me/document`,
  });
  expect((await api.session()).roles).toEqual(['operator']);
});

it('opens another when the first is about to end', async () => {
  const { api, heard, pass } = instance();
  await api.call('GET', '/api/me');
  pass(880_000);
  await api.call('GET', '/api/me');
  expect(heard.filter(({ path }) => path === '/api/session')).toHaveLength(2);
});

it('tries once more with a fresh session when the server has forgotten it', async () => {
  let isForgetful = true;
  const { api, heard } = instance((path) => {
    if (path !== '/api/me' || !isForgetful) return null;
    isForgetful = false;
    return Response.json({ error: 'token_refused', message: 'Who are you?' }, { status: 401 });
  });
  expect(await api.call('GET', '/api/me')).toEqual({ path: '/api/me' });
  expect(heard.filter(({ path }) => path === '/api/session')).toHaveLength(2);
});

it('tells what the server said no to', async () => {
  const { api } = instance((path) =>
    path === '/api/claim'
      ? Response.json({ error: 'claimed', message: 'Somebody was here first.' }, { status: 409 })
      : null,
  );
  const problem = await api.call('POST', '/api/claim').catch((error: unknown) => error);
  expect(problem).toBeInstanceOf(ApiProblem);
  expect(problem).toMatchObject({ status: 409, code: 'claimed', message: 'Somebody was here first.' });
});

it('keeps no session that could not be opened, and reads no page as an answer', async () => {
  let isDown = true;
  const { api } = instance((path) =>
    path === '/api/challenge' && isDown ? new Response('<html>', { status: 502 }) : null,
  );
  expect(await api.session().catch((error: unknown) => error)).toMatchObject({ status: 502, code: 'unknown' });
  isDown = false;
  expect((await api.session()).did).toBe('d');
});
