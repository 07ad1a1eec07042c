import { afterEach, describe, expect, it, vi } from 'vitest';
import { de } from '../../src/pages/person/i18n/de';
import { en, type PersonKey } from '../../src/pages/person/i18n/en';
import { ja } from '../../src/pages/person/i18n/ja';
import { fetchPerson, readPerson } from '../../src/pages/person/person';
import { failedView, type PersonView, personView, unknownView } from '../../src/pages/person/view';
import { Page } from '../../src/pages/shell';
import { MemoryStore } from '../net/surroundings';

const HANA = {
  did: 'did:key:z6MkHana',
  visitor_id: 'abcdefghijabcdefghijab',
  name: 'Hana',
  look: [0, 1, 2, 3, 4, 5, 6, 160],
  fingerprint: '12345 67890 12345 67890 12345 67890',
  home: 'a.example',
  is_home_confirmed: true,
  gateways: ['https://a.example', 'javascript:alert(1)', 'https://b.example'],
  roles: ['keeper'],
  stalls: [{ id: 'north', name: { en: 'North' } }],
  successor: null,
};

async function show(view: PersonView): Promise<string> {
  const root = document.createElement('div');
  document.body.replaceChildren(root);
  const loaders = { en: async () => en, de: async () => de, ja: async () => ja };
  const page = new Page<PersonKey>(
    {
      root,
      store: new MemoryStore(),
      languages: ['en'],
      systemReducedMotion: () => false,
      loadSummary: async () => ({}),
    },
    loaders,
    view,
  );
  await page.start();
  return root.textContent ?? '';
}

const links = (): (string | null)[] => [...document.querySelectorAll('main a')].map((one) => one.getAttribute('href'));

afterEach(() => vi.unstubAllGlobals());

describe('the page of a person', () => {
  it('says who it is, where from, and what proves it', async () => {
    const words = await show(personView(readPerson(HANA), false));
    expect(document.querySelector('h2')?.textContent).toBe('Hana@a.example');
    for (const part of ['Keeper', 'North', 'Anybody may call themselves “Hana”.', 'All thirty digits alike', HANA.did])
      expect(words).toContain(part);
    expect(document.querySelectorAll('.fingerprint span')).toHaveLength(6);
    expect(words).not.toContain('At home in this alley');
  });

  it('puts no home behind a name that only its owner says', async () => {
    const words = await show(personView(readPerson({ ...HANA, is_home_confirmed: false }), false));
    expect(document.querySelector('h2')?.textContent).toBe('Hana');
    expect(words).toContain('Home, by their own word');
    expect(words).not.toContain('At home in this alley');
  });

  it('leads to the homes that are on the web, and nowhere else', async () => {
    await show(personView(readPerson(HANA), false));
    expect(links()).toEqual([`https://a.example/people/${HANA.did}`, `https://b.example/people/${HANA.did}`]);
  });

  it('tells its owner, and of a successor', async () => {
    const words = await show(personView(readPerson({ ...HANA, home: '', successor: 'did:key:z6MkNext' }), true));
    expect(words).toContain('This is you.');
    expect(words).toContain('At home in this alley');
    expect(links()).toEqual(expect.arrayContaining(['/me', '/people/did%3Akey%3Az6MkNext']));
  });

  it('is there for somebody who never walked in', async () => {
    const words = await show(personView(readPerson({ ...HANA, name: '', look: null }), false));
    expect(words).toContain('Somebody without a name');
    expect(document.querySelector('canvas')).toBeNull();
  });

  it('has words for nobody, and for no answer', async () => {
    expect(await show(unknownView())).toContain('This alley knows nobody of this address.');
    const again = vi.fn();
    expect(await show(failedView(new TypeError('no way'), again))).toContain('cannot be reached');
    document.querySelector<HTMLButtonElement>('.button-main')?.click();
    expect(again).toHaveBeenCalledOnce();
  });
});

describe('asking for a person', () => {
  const answer = (status: number): void => {
    vi.stubGlobal(
      'fetch',
      vi.fn(async () => new Response(JSON.stringify(HANA), { status })),
    );
  };

  it('asks by what the address holds', async () => {
    answer(200);
    expect((await fetchPerson(`/people/${HANA.did}`))?.name).toBe('Hana');
    expect(vi.mocked(fetch).mock.calls[0]?.[0]).toBe(`/api/people/${HANA.did}`);
  });

  it('tells nobody from trouble', async () => {
    answer(404);
    expect(await fetchPerson('/people/x')).toBeNull();
    answer(503);
    await expect(fetchPerson('/people/x')).rejects.toThrow('503');
  });
});
