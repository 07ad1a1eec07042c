import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { AssetRef } from '../../src/net/wire.gen';
import { Assets } from '../../src/scene/assets';

const REF: AssetRef = { sha256: 'ab'.repeat(32), suffix: 'glb', sizeBytes: 100 };
const PATH = `/assets/${REF.sha256}.glb`;
let answer: (status: number) => void;

beforeEach(() => {
  vi.stubGlobal(
    'fetch',
    vi.fn(
      (_url: string, init: RequestInit) =>
        new Promise<Response>((resolve, reject) => {
          answer = (status) => resolve(new Response('x', { status }));
          init.signal?.addEventListener('abort', () => reject(new DOMException('', 'AbortError')));
        }),
    ),
  );
});

afterEach(() => vi.unstubAllGlobals());

const asked = (): unknown[] => vi.mocked(fetch).mock.calls.map(([url]) => url);

it('asks the alley where one is, once for each file', () => {
  const assets = new Assets();
  void assets.take(REF);
  void assets.take(REF);
  expect(asked()).toEqual([PATH]);
});

it('keeps nothing of one alley for another, though it is called the same', async () => {
  const assets = new Assets();
  const before = assets.take(REF);
  assets.moveTo('https://b.example');
  // Nobody waits any more for the files of the alley that was left, and nothing is missing because of them.
  expect(await before).toBeNull();
  expect(assets.failed.size).toBe(0);
  const shares: number[] = [];
  assets.onProgress = (loaded, total) => shares.push(loaded / total);
  const after = assets.take(REF);
  expect(asked()).toEqual([PATH, `https://b.example${PATH}`]);
  expect(shares.at(-1)).toBe(0);
  answer(200);
  await after;
  expect(shares.at(-1)).toBe(1);
  assets.moveTo('');
  void assets.take(REF);
  expect(asked().at(-1)).toBe(PATH);
});
