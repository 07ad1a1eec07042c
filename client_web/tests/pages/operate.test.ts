import { beforeEach, describe, expect, it, vi } from 'vitest';
import { enter, viewAt } from '../../src/pages/operate/gate';
import { House, type OperatePage } from '../../src/pages/operate/house';
import { de } from '../../src/pages/operate/i18n/de';
import { en, type OperateKey } from '../../src/pages/operate/i18n/en';
import { ja } from '../../src/pages/operate/i18n/ja';
import { Page } from '../../src/pages/shell';
import { MemoryStore } from '../net/surroundings';
import { BO, bo, FakeInstance, NAMES, NOW_MS, OPERATOR, restriction } from './house';

let instance: FakeInstance;
let page: OperatePage;
let house: House;

beforeEach(async () => {
  const root = document.createElement('div');
  document.body.replaceChildren(root);
  instance = new FakeInstance();
  page = new Page<OperateKey>(
    {
      root,
      store: new MemoryStore(),
      languages: ['en'],
      systemReducedMotion: () => true,
      loadSummary: async () => ({ title: { en: 'Lantern Lane' }, about: {}, visitors: 0, capacity: 1 }),
    },
    { en: async () => en, de: async () => de, ja: async () => ja },
    () => ({ title: '', content: [] }),
  );
  await page.start();
  const { caller, ask } = instance;
  house = new House({ caller, ask, wallMs: () => NOW_MS, ownName: 'Mira', isKept: true });
});

const text = (): string => document.querySelector('main')?.textContent ?? '';
const says = (words: string) => vi.waitFor(() => expect(text()).toContain(words));

function find<E extends Element>(selector: string): E {
  const found = document.querySelector<E>(selector);
  if (!found) throw new Error(`nothing matches ${selector} in: ${text()}`);
  return found;
}

function press(label: string): void {
  const found = [...document.querySelectorAll<HTMLElement>('main button')].find((one) => one.textContent === label);
  if (!found) throw new Error(`no button ${label} in: ${text()}`);
  found.click();
}

async function open(address: string): Promise<void> {
  expect(await enter(page, house, () => address)).toBe(true);
}

describe('the gate', () => {
  it.each([
    ['a browser without an identity', null],
    ['a visitor', []],
    ['an artisan', ['artisan']],
  ])('has a kind word and no data for %s', async (_, roles) => {
    instance.roles = roles ?? [];
    expect(await enter(page, roles && house, () => '#people')).toBe(false);
    expect(text()).toContain('This page is for those who look after Lantern Lane');
    expect(instance.heard).toEqual([]);
    expect(instance.sessions).toBe(roles ? 1 : 0);
  });

  it('says why when it cannot be asked, and asks again', async () => {
    const { session } = instance.caller;
    vi.spyOn(instance.caller, 'session')
      .mockRejectedValueOnce(new TypeError('Failed to fetch'))
      .mockImplementation(session);
    expect(await enter(page, house, () => '')).toBe(false);
    expect(text()).toContain('The alley cannot be reached at the moment.');
    press('Try again');
    await says('2 visitors in the alley');
  });

  it('leaves to keepers what is theirs', async () => {
    instance.roles = ['keeper'];
    for (const address of ['', '#invitations', '#settings', '#nonsense=1']) {
      await open(address);
      expect(find('h1').textContent).toBe('Look after Lantern Lane');
    }
    const places = [...document.querySelectorAll('.place')].map((one) => one.textContent);
    expect(places).toEqual(['Overview', 'People', 'Bans and mutes', 'Log']);
    instance.answers['GET /api/people'] = { people: [bo], more: false };
    page.show(viewAt(house, `#people=${BO}`));
    await says('Nothing holds against this person.');
    expect(text()).not.toContain('Give a role');
    expect(text()).not.toContain('On the whole server');
    expect(instance.asked('GET /api/grants')).toEqual([]);
  });
});

describe('the overview', () => {
  it('says how the alley is and what is still to do', async () => {
    instance.answers['/api/appeal'] = { text: '' };
    instance.answers['GET /api/people'] = { people: [{ ...bo, roles: ['operator'] }], more: false };
    instance.answers['GET /api/grants'] = { grants: [{ id: 1, did: OPERATOR, role: 'operator', stall: null }] };
    await open('');
    for (const words of ['2 visitors', 'Yokocho 1.2.3', 'BoOperator', 'Invite artisans', 'Write it down']) {
      await says(words);
    }
    expect(text()).toContain('There is only one operator');
  });

  it('goes on looking how many are here, as long as it is shown', async () => {
    vi.useFakeTimers();
    try {
      await open('');
      await vi.waitFor(() => expect(text()).toContain('2 visitors in the alley'));
      instance.answers['/api/alley'] = { visitors: 1, capacity: 100 };
      await vi.advanceTimersByTimeAsync(16_000);
      expect(text()).toContain('One visitor in the alley');
      page.show(viewAt(house, '#log'));
      const asked = instance.asked('/api/alley').length;
      await vi.advanceTimersByTimeAsync(60_000);
      expect(instance.asked('/api/alley')).toHaveLength(asked);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('people', () => {
  it('are found by words and role, page by page', async () => {
    instance.answers['GET /api/people'] = { people: [bo], more: true };
    await open('#people');
    await says('last seen 3 minutes ago');
    press('Show more');
    await vi.waitFor(() => expect(document.querySelectorAll('.rows .row')).toHaveLength(2));
    expect(document.activeElement?.textContent).toBe('Bo');
    instance.answers['GET /api/people'] = { people: [], more: false };
    find<HTMLInputElement>('input').value = ' Zo ';
    press('Search');
    await says('Nobody here matches that.');
    const queries = instance.heard.map(({ what }) => what).filter((what) => what.startsWith('GET /api/people'));
    expect(queries.map((what) => new URLSearchParams(what.split('?')[1]).get('offset'))).toEqual(['0', '1', '0']);
    expect(queries.at(-1)).toContain('q=Zo&');
  });

  it('are found by what the alley calls them', async () => {
    const id = 'abcdefghijklmnopqrst_-';
    instance.answers[`/api/people/${id}`] = { did: BO };
    await open(`#people=${id}`);
    await vi.waitFor(() => expect(location.hash).toBe(`#people=${BO}`));
    instance.refuse(`/api/people/${id}`, 404, 'person_unknown');
    page.show(viewAt(house, `#people=${id}`));
    await says('Nobody of that name was seen here.');
  });

  it('get a role after a question, and lose it by undoing', async () => {
    instance.answers['GET /api/people'] = { people: [bo], more: false };
    instance.answers['POST /api/grants'] = { id: 5, did: BO, role: 'artisan', stall: 'kiln' };
    instance.answers['DELETE /api/grants/5'] = null;
    await open(`#people=${BO}`);
    await says('A visitor, like most people here.');
    press('Give this role');
    expect(instance.asked('POST /api/grants')).toEqual([]);
    expect(document.activeElement?.textContent).toContain('Bo may then arrange the stall “Kiln & Tea”.');
    press('Give this role');
    await says('Bo has the role Artisan: Kiln & Tea now.');
    expect(document.activeElement?.textContent).toContain('Bo has the role');
    expect(instance.asked('POST /api/grants')).toEqual([{ did: BO, role: 'artisan', stall: 'kiln' }]);
    press('Undo');
    await says('Undone.');
    expect(instance.asked('DELETE /api/grants/5')).toHaveLength(1);
  });

  it('a role is taken back after a question; "No" and Escape change nothing', async () => {
    const grant = { id: 9, did: BO, role: 'keeper', stall: null, granted_by: OPERATOR, at_ms: NOW_MS };
    instance.answers['GET /api/people'] = { people: [{ ...bo, roles: ['keeper'] }], more: false };
    instance.answers['GET /api/grants'] = { grants: [grant], people: NAMES };
    await open(`#people=${BO}`);
    await says('since ');
    press('Take back');
    press('No, leave it');
    expect(document.activeElement?.getAttribute('aria-label')).toBe('Take back: Keeper');
    press('Take back');
    find('.question').dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
    expect(document.querySelector('.question')).toBeNull();
    instance.refuse('DELETE /api/grants/9', 409, 'last_operator');
    press('Take back');
    press('Take back');
    await says('This is the only operator.');
    instance.answers['DELETE /api/grants/9'] = null;
    press('Take back');
    await says('Bo is no longer Keeper.');
  });
});

describe('bans and mutes', () => {
  it('need a reason and say what is put in force', async () => {
    instance.answers['GET /api/people'] = { people: [bo], more: false };
    instance.answers['POST /api/restrictions'] = restriction({ kind: 'mute' });
    await open(`#people=${BO}`);
    await says('They are also told how to appeal: Write to us.');
    press('Put in force');
    await says('Please fill this in.');
    find<HTMLTextAreaElement>('textarea').value = ' Shouting. ';
    press('Put in force');
    await says('Bo may not speak any more.');
    expect(instance.asked('POST /api/restrictions')).toEqual([
      { kind: 'mute', target: BO, reason: 'Shouting.', scope: 'alley', hours: 24 },
    ]);
  });

  it('are lifted, and put in force again for the rest of their time', async () => {
    instance.answers['GET /api/restrictions'] = { restrictions: [restriction()], people: NAMES };
    instance.answers['DELETE /api/restrictions/7'] = null;
    instance.answers['POST /api/restrictions'] = restriction();
    await open('#peace');
    await says('Shouting.');
    press('Lift');
    press('Lift');
    await says('Lifted.');
    press('Undo');
    await says('Undone.');
    expect(instance.asked('POST /api/restrictions')).toEqual([
      { kind: 'ban', target: BO, reason: 'Shouting.', scope: 'alley', hours: 1 },
    ]);
  });

  it('take an address or a range, and nothing else', async () => {
    instance.refuse('POST /api/restrictions', 400, 'network_too_wide');
    await open('#peace');
    await says('Nobody is banned or muted.');
    const [target] = [...document.querySelectorAll<HTMLInputElement>('input:not([type=checkbox])')];
    find<HTMLTextAreaElement>('textarea').value = 'Spam';
    for (const [written, words] of [
      ['Bo', 'This is neither an address nor a range'],
      ['203.0.0.0/4', 'This range is too wide'],
    ] as const) {
      if (target) target.value = written;
      press('Put in force');
      await says(words);
    }
    expect(instance.asked('POST /api/restrictions')).toHaveLength(1);
  });
});

describe('invitations', () => {
  it('are made, handed over as link and code, and taken back', async () => {
    const made = { id: 3, role: 'artisan', stall: 'kiln', state: 'open', expires_ms: NOW_MS + 7 * 86_400_000 };
    instance.answers['POST /api/invitations'] = { ...made, link: 'https://alley.example/invite#code' };
    instance.answers['DELETE /api/invitations/3'] = null;
    await open('#invitations');
    await says('None yet.');
    instance.answers['GET /api/invitations'] = { invitations: [{ ...made, made_by: OPERATOR }], people: NAMES };
    press('Make the link');
    await says('Invitation for: Artisan: Kiln & Tea');
    expect(instance.asked('POST /api/invitations')).toEqual([{ role: 'artisan', days: 7, stall: 'kiln' }]);
    expect(find<HTMLInputElement>('.fresh input').value).toBe('https://alley.example/invite#code');
    expect(find('.fresh .qr').getAttribute('aria-label')).toContain('QR');
    await says('good until');
    press('Take back');
    press('Take back');
    await says('Taken back: Artisan: Kiln & Tea.');
  });
});

describe('the log', () => {
  const entry = (id: number, what: string, more: object = {}): object => ({
    id,
    at_ms: NOW_MS,
    who: OPERATOR,
    what,
    on_whom: BO,
    why: '',
    details: {},
    ...more,
  });

  it('tells in sentences, whatever was written down', async () => {
    const entries = [
      entry(9, 'ban', { on_whom: '203.0.113.0/24', why: 'Spam.', details: { expires_us: null } }),
      entry(8, 'mute', { details: { expires_us: NOW_MS * 1000 } }),
      entry(7, 'grant', { who: 'console', details: { role: 'artisan', stall: 'kiln' } }),
      entry(6, 'lift', { on_whom: null, details: { kind: 'ban' } }),
      entry(5, 'appeal', { on_whom: null, details: { text: 'Write to us.' } }),
      entry(4, 'claim', { details: { role: 'operator', stall: null } }),
      entry(3, 'invent', { details: {} }),
    ];
    instance.answers['GET /api/audit'] = { entries, people: NAMES };
    await open('#log');
    await says('Mira banned 203.0.113.0/24, until somebody lifts it.');
    for (const words of [
      'Spam.',
      'Mira muted Bo until',
      'Somebody at the server gave Bo the stall “Kiln & Tea”.',
      'Mira let somebody who is forgotten in again.',
      'Mira wrote down how to appeal.',
      'Write to us.',
      'Mira became the first operator.',
      'Mira: invent, Bo',
    ]) {
      expect(text()).toContain(words);
    }
    expect(find<HTMLAnchorElement>('.rows a').getAttribute('href')).toBe(`#people=${OPERATOR}`);
  });
});

describe('settings', () => {
  it('keep the words about how to appeal, and give the old ones back', async () => {
    instance.answers['PUT /api/appeal'] = (body: unknown) => body;
    await open('#settings');
    await vi.waitFor(() => expect(find<HTMLTextAreaElement>('textarea').value).toBe('Write to us.'));
    find<HTMLTextAreaElement>('textarea').value = 'Call us.';
    press('Keep these words');
    await says('Whoever is banned reads this');
    press('Undo');
    await says('Undone.');
    expect(instance.asked('PUT /api/appeal')).toEqual([{ text: 'Call us.' }, { text: 'Write to us.' }]);
    expect(find<HTMLTextAreaElement>('textarea').value).toBe('Write to us.');
  });
});

it.each([
  ['de', 'Betreuen: Lantern Lane'],
  ['ja', 'Lantern Laneの世話'],
] as const)('speaks %s', async (language, title) => {
  await open('');
  page.settings.set('language', language);
  await vi.waitFor(() => expect(find('h1').textContent).toBe(title));
});
