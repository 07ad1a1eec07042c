import { describe, expect, it, vi } from 'vitest';
import { askAlley, originOf, strictOrigin } from '../../src/next_door/neighbours';

describe('the address of an alley', () => {
  it.each([
    ['https://alley.example', 'https://alley.example'],
    ['  alley.example ', 'https://alley.example'],
    ['Alley.Example/', 'https://alley.example'],
    ['https://alley.example:443', 'https://alley.example'],
    ['https://alley.example:8443/', 'https://alley.example:8443'],
    ['http://localhost:8080', 'http://localhost:8080'],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
    ['http://[::1]:8080', 'http://[::1]:8080'],
  ])('%s is read', (typed, origin) => {
    expect(originOf(typed)).toBe(origin);
  });

  it.each([
    '',
    'javascript:alert(1)',
    'data:text/html,x',
    'http://alley.example',
    'http://127.0.0.1.evil.example',
    'ftp://alley.example',
    '//evil.example',
    '\\\\evil.example',
    'https://hana@evil.example',
    'https://alley.example@evil.example',
    'https://alley.example/lane',
    'https://alley.example?x',
    'https://alley.example#x',
    'https://alley.example\\@evil.example',
    'https://',
    'https://a b',
  ])('%s is none', (typed) => {
    expect(originOf(typed)).toBeNull();
  });

  it('from a link is taken in its one form alone', () => {
    expect(strictOrigin('https://alley.example')).toBe('https://alley.example');
    for (const other of [
      'alley.example',
      'https://alley.example/',
      'https://ALLEY.example',
      'https://alley.example:443',
    ])
      expect(strictOrigin(other)).toBeNull();
  });
});

describe('asking at a door', () => {
  const answer = (status: number, body: unknown = {}) =>
    vi.fn(async () => new Response(JSON.stringify(body), { status }));

  it('tells an open one, with what it says of itself', async () => {
    const fetcher = answer(200, { title: { en: 'Lane' }, visitors: 3, capacity: 9, neighbours: ['https://c.example'] });
    const summary = { title: { en: 'Lane' }, about: {}, visitors: 3, capacity: 9, neighbours: ['https://c.example'] };
    expect(await askAlley('https://b.example', fetcher)).toEqual({ kind: 'open', summary });
    expect(fetcher).toHaveBeenCalledWith(
      'https://b.example/api/alley',
      expect.objectContaining({ credentials: 'omit' }),
    );
  });

  it('tells a closed one from one that is away', async () => {
    expect(await askAlley('https://b.example', answer(403))).toEqual({ kind: 'refused' });
    expect(await askAlley('https://b.example', answer(503))).toEqual({ kind: 'away' });
    expect(await askAlley('https://b.example', answer(200, 'nonsense'))).toEqual({ kind: 'away' });
    const broken = vi.fn(async () => Promise.reject(new TypeError('no way there')));
    expect(await askAlley('https://b.example', broken)).toEqual({ kind: 'away' });
  });
});
