import { beforeEach, describe, expect, it, vi } from 'vitest';
import { openCrypt } from '../../src/identity/crypt';
import { BrowserPassport } from '../../src/identity/passport';
import { PageStore } from '../../src/identity/store';
import { Page } from '../../src/pages/shell';
import { claimView } from '../../src/pages/welcome/claim_views';
import { codeIn, Guest, type WelcomeView } from '../../src/pages/welcome/guest';
import { de } from '../../src/pages/welcome/i18n/de';
import { en, type WelcomeKey } from '../../src/pages/welcome/i18n/en';
import { ja } from '../../src/pages/welcome/i18n/ja';
import { inviteView } from '../../src/pages/welcome/invite_views';
import { Profile } from '../../src/ui/profile';
import { MemoryStore } from '../net/surroundings';
import { FakeInstance, NAMES, NOW_MS, OPERATOR } from './house';

let instance: FakeInstance;
const LOOK = '/api/invitations/look';
const ACCEPT = 'POST /api/invitations/accept';

beforeEach(() => {
  instance = new FakeInstance();
  instance.answers[LOOK] = { role: 'artisan', stall: 'kiln', expires_ms: NOW_MS, by: NAMES[OPERATOR] };
  instance.answers[ACCEPT] = { id: 1 };
  instance.answers['POST /api/claim'] = { id: 1 };
});

async function open(first: (guest: Guest) => WelcomeView | Promise<WelcomeView>, code = 'secret'): Promise<Guest> {
  const passport = new BrowserPassport({
    origin: 'https://alley.example',
    wallMs: () => NOW_MS,
    openCrypt,
    openStore: async () => new PageStore(),
  });
  const { caller, ask } = instance;
  const guest = await Guest.arrive({ passport, caller, ask, profile: new Profile(new MemoryStore(), () => 0.5), code });
  const root = document.createElement('div');
  document.body.replaceChildren(root);
  const sources = {
    root,
    store: new MemoryStore(),
    languages: ['en'],
    systemReducedMotion: () => true,
    loadSummary: async () => ({ title: { en: 'Lantern Lane' }, about: {}, visitors: 0, capacity: 1 }),
  };
  const loaders = { en: async () => en, de: async () => de, ja: async () => ja };
  const page = new Page<WelcomeKey>(sources, loaders, await first(guest));
  await page.start();
  page.refresh();
  return guest;
}

const text = (): string => document.querySelector('main')?.textContent ?? '';
const says = (words: string) => vi.waitFor(() => expect(text()).toContain(words));
const links = (): (string | null)[] => [...document.querySelectorAll('main a')].map((one) => one.getAttribute('href'));

async function send(name: string): Promise<void> {
  const input = document.querySelector<HTMLInputElement>('main input');
  if (input) input.value = name;
  document.querySelector('form')?.dispatchEvent(new Event('submit', { cancelable: true }));
}

it('reads the secret behind the address', () => {
  expect(codeIn('https://alley.example/claim#a-Z_9')).toBe('a-Z_9');
  for (const address of ['https://alley.example/claim', 'https://a.example/claim#', 'https://a.example/claim#a b']) {
    expect(codeIn(address)).toBe('');
  }
});

describe('the first operator', () => {
  it('sees who they will be, claims, and is told to keep that', async () => {
    const guest = await open(claimView);
    expect(guest.did).toMatch(/^did:key:z6Mk/);
    expect(text()).toContain('Become the operator of Lantern Lane');
    expect(text().replace(/\s+/g, ' ')).toContain(guest.fingerprint);
    await send(' ');
    await says('Please fill this in.');
    expect(instance.asked('POST /api/claim')).toEqual([]);
    await send('  Mira  ');
    await says('You are the operator of Lantern Lane');
    expect(instance.asked('POST /api/claim')).toEqual([{ code: 'secret', name: 'Mira' }]);
    expect(guest.profile.name).toBe('Mira');
    expect(text()).toContain('lives in this browser alone');
    expect(links()).toEqual(['/me', '/operate', '/']);
  });

  it.each([
    ['somebody else', [], 'Somebody was here before you'],
    ['oneself', ['operator'], 'It is you'],
  ])('a second claim is told that it was %s', async (_, roles, words) => {
    instance.roles = roles;
    instance.refuse('POST /api/claim', 409, 'already_claimed');
    await open(claimView);
    await send('Zed');
    await says(words);
    expect(document.querySelector('main form')).toBeNull();
  });

  it('a link that is old or cut short opens nothing', async () => {
    await open(claimView, '');
    expect(text()).toContain('The secret part behind “#” is missing.');
    instance.refuse('POST /api/claim', 404, 'code_unknown');
    await open(claimView);
    await send('Zed');
    await says('Each start of the server makes a new link');
  });

  it('what may pass leaves the form as it is', async () => {
    instance.refuse('POST /api/claim', 429, 'rate_limited');
    await open(claimView);
    await send('Zed');
    await says('Please wait a moment.');
    expect(document.querySelector<HTMLInputElement>('main input')?.value).toBe('Zed');
  });
});

describe('an invitation', () => {
  it('says from whom, for what and until when, and leads on', async () => {
    await open(inviteView);
    for (const words of ['You are invited to keep the stall “Kiln & Tea”.', 'Mira 11111 22222', '2026']) {
      expect(text()).toContain(words);
    }
    await send('Hana');
    await says('“Kiln & Tea” is your stall now');
    expect(instance.asked(ACCEPT)).toEqual([{ code: 'secret', name: 'Hana' }]);
    expect(links()).toEqual(['/#stall=kiln', '/me']);
  });

  it('of a keeper leads to where they look after the alley', async () => {
    instance.answers[LOOK] = { role: 'keeper', stall: null, expires_ms: NOW_MS, by: null };
    await open(inviteView);
    expect(text()).toContain('You are invited to be a keeper of Lantern Lane.');
    expect(text()).toContain('whoever runs the server');
    await send('Hana');
    await says('You are a keeper now');
    expect(links()).toEqual(['/operate', '/', '/me']);
  });

  it.each([
    ['code_unknown', 404, 'This alley does not know this invitation'],
    ['code_used', 409, 'This invitation was accepted already'],
    ['code_expired', 410, 'This invitation is over'],
  ])('that ends with %s says so, at once or when it is accepted', async (code, status, words) => {
    instance.refuse(ACCEPT, status, code);
    await open(inviteView);
    await send('Hana');
    await says(words);
    instance.refuse(LOOK, status, code);
    await open(inviteView);
    expect(text()).toContain(words);
    expect(instance.sessions).toBe(0);
  });

  it('whoever has the right already goes on', async () => {
    instance.refuse(ACCEPT, 409, 'already_granted');
    await open(inviteView);
    await send('Hana');
    await says('“Kiln & Tea” is your stall now');
  });

  it('asks again when the alley could not be reached', async () => {
    const there = instance.answers[LOOK];
    instance.answers[LOOK] = () => {
      throw new TypeError('Failed to fetch');
    };
    await open(inviteView);
    expect(text()).toContain('The alley cannot be reached at the moment.');
    instance.answers[LOOK] = there;
    document.querySelector<HTMLElement>('[data-key=again]')?.click();
    await says('You are invited');
  });
});
