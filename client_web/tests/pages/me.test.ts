import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { openCrypt } from '../../src/identity/crypt';
import { fallback } from '../../src/identity/fallback';
import { prepareKeeping } from '../../src/identity/keeping';
import { BrowserPassport } from '../../src/identity/passport';
import { openStore, PageStore } from '../../src/identity/store';
import { de } from '../../src/pages/me/i18n/de';
import { en } from '../../src/pages/me/i18n/en';
import { ja } from '../../src/pages/me/i18n/ja';
import { Me } from '../../src/pages/me/me';
import { overview } from '../../src/pages/me/overview';
import { nameOfDevice, suggestPassphrase } from '../../src/pages/me/pieces';
import { recoverView } from '../../src/pages/me/recover';
import { savedFileView } from '../../src/pages/me/saved_file';
import { Server } from '../../src/pages/me/server';
import { Page } from '../../src/pages/shell';
import { Profile } from '../../src/ui/profile';
import { MemoryStore } from '../net/surroundings';

// Keys are derived from passphrases slowly, on purpose; a busy machine takes its time.
vi.setConfig({ testTimeout: 60_000 });

const ORIGIN = 'https://alley.example';
const LOADERS = { en: async () => en, de: async () => de, ja: async () => ja };
let root: HTMLElement;

beforeEach(() => {
  root = document.createElement('div');
  document.body.replaceChildren(root);
});

interface Case {
  readonly isFallback?: boolean;
  readonly isForgetful?: boolean;
  readonly isSecure?: boolean;
  readonly isKept?: boolean;
}

async function someone({ isFallback, isForgetful, isSecure = true, isKept }: Case = {}): Promise<Me> {
  const store = isForgetful ? new PageStore() : await openStore(new IDBFactory());
  const passport = new BrowserPassport({
    origin: ORIGIN,
    wallMs: () => 1_790_000_000_000,
    openCrypt: async () => (isFallback ? fallback : openCrypt()),
    openStore: async () => store,
  });
  const profile = new Profile(new MemoryStore(), () => 0.5);
  profile.name = 'Aiko';
  const me = new Me({ passport, server: new Server(passport), profile, isSecure, deviceName: 'Laptop' });
  if (isKept) await (await prepareKeeping(passport, 'five baskets of plums', 'Laptop', me.belongings)).commit();
  await me.load();
  return me;
}

async function open(me: Me, view = overview(me)): Promise<string> {
  const sources = { root, store: new MemoryStore(), languages: ['en'], systemReducedMotion: () => false };
  await new Page({ ...sources, loadSummary: async () => ({}) }, LOADERS, view).start();
  return root.textContent ?? '';
}

describe('who I am', () => {
  it('a guest learns what that means and what can be done about it', async () => {
    const me = await someone();
    const said = await open(me);
    expect(said).toContain('Aiko');
    expect(said).toContain(en['me.guest.about']);
    expect(said).toContain(me.fingerprint);
    expect(root.querySelector('.is-warning')).toBeNull();
    expect(root.querySelector('[data-key=keep]')).not.toBeNull();
  });

  it('a kept identity shows its devices, and cannot send away the one in use', async () => {
    const said = await open(await someone({ isKept: true }));
    expect(said).toContain(en['me.kept.about']);
    expect(said).toContain('Laptop');
    expect(root.querySelector('[data-key^=rename-]')).not.toBeNull();
    expect(root.querySelector('[data-key^=revoke-]')).toBeNull();
  });

  it.each([
    [{ isFallback: true }, 'me.warn.fallback'],
    [{ isForgetful: true }, 'me.warn.page'],
    [{ isFallback: true, isSecure: false }, 'me.warn.insecure'],
  ] as const)('%o is told', async (case_, key) => {
    await open(await someone(case_));
    expect([...root.querySelectorAll('.is-warning')].map((one) => one.textContent)).toEqual([en[key]]);
  });

  it('asks for no passphrase on a page that came without encryption', async () => {
    expect(await open(await someone({ isFallback: true, isSecure: false }))).toContain(en['me.guest.insecure']);
    expect(root.querySelector('[data-key=keep], [data-key=recover]')).toBeNull();
  });
});

it('the sheet holds what a person needs to come back, and a code', async () => {
  const me = await someone({ isKept: true });
  const said = await open(me, savedFileView(me));
  expect(said).toContain(`${ORIGIN}/me#recovery=${me.identity.did.replace('did:key:', '')}.600000.`);
  expect(root.querySelector('.sheet .qr path')?.getAttribute('d')).toMatch(/^M4 4h7v1h-7z/);
  expect(root.querySelector('.sheet')?.textContent).toContain(me.fingerprint);
});

it('what is no recovery file is called so, and the field keeps it', async () => {
  const me = await someone();
  await open(me, recoverView(me));
  const [text, words] = [...root.querySelectorAll<HTMLInputElement>('textarea, input[type=password]')];
  if (!text || !words) throw new Error('there are two fields');
  text.value = 'my shopping list';
  words.value = 'five baskets of plums';
  root.querySelector('form')?.dispatchEvent(new Event('submit', { cancelable: true }));
  await expect.poll(() => root.textContent, { timeout: 20_000 }).toContain(en['me.problem.noFile']);
  expect(text.value).toBe('my shopping list');
});

describe('small things', () => {
  it('a suggested passphrase is four words of three syllables', () => {
    const words = suggestPassphrase((count) => crypto.getRandomValues(new Uint8Array(count)));
    expect(words).toMatch(/^([bdfghjkmnprstvwz][aeiou]){3}( ([bdfghjkmnprstvwz][aeiou]){3}){3}$/);
    expect(suggestPassphrase(() => [16])).toBe('bebebe bebebe bebebe bebebe');
    let call = 0;
    // 255 would favour the first vowel, so it is drawn again.
    expect(suggestPassphrase(() => [call++ === 1 ? 255 : 0])).toBe('bababa bababa bababa bababa');
  });

  it.each([
    ['Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0', 'Firefox (Linux)'],
    ['Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36', 'Chrome (Android)'],
    ['Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Safari/604.1', 'Safari (iPhone)'],
    ['Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0', 'Edge (Windows)'],
    ['', 'Browser'],
  ])('%s is called %s', (userAgent, name) => {
    expect(nameOfDevice(userAgent)).toBe(name);
  });

  it.each([
    ['German', de],
    ['Japanese', ja],
  ])('%s fills the same places, and no language shouts', (_, dictionary) => {
    const places = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).sort();
    for (const [key, text] of Object.entries(en)) {
      expect(places(dictionary[key as keyof typeof en]), key).toEqual(places(text));
      expect(dictionary[key as keyof typeof en] + text, key).not.toMatch(/[!！]/);
    }
  });
});
