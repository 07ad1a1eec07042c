import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { loadTexts } from '../../src/i18n';
import { BrowserPassport } from '../../src/identity/passport';
import { openStore } from '../../src/identity/store';
import { Connection } from '../../src/net/connection';
import type { Answer } from '../../src/next_door/neighbours';
import { NextDoor, type NextDoorSources } from '../../src/next_door/next_door';
import { FakeSurroundings, LOOK, server } from '../net/surroundings';

const OWN = 'https://a.example';
const NEXT = 'https://b.example';
const summary = { title: { en: 'Lantern Lane' }, about: {}, visitors: 2, capacity: 50, neighbours: [NEXT] };
const open: Answer = { kind: 'open', summary: { ...summary, title: { en: 'Rain Lane' }, neighbours: [] } };

let passport: BrowserPassport;
let there: FakeSurroundings;
let arrived: ReturnType<typeof vi.fn<() => void>>;
let told: string[];

async function nextDoor(more: Partial<NextDoorSources> = {}): Promise<NextDoor> {
  const part = await NextDoor.open({
    alleyTexts: await loadTexts('en'),
    languages: ['en'],
    own: OWN,
    here: OWN,
    summary,
    name: () => 'Aiko',
    passport: async () => passport,
    wallMs: () => 1_790_000_000_000,
    way: () => ({
      connect: (world) => {
        const identity = () => ({ name: 'Aiko', look: LOOK, language: 'en' });
        return new Connection(world, identity, there.passport, there);
      },
      arrive: arrived,
      after: there.after,
    }),
    tell: (text) => void told.push(text),
    covered: () => undefined,
    ask: async () => open,
    ...more,
  });
  document.body.replaceChildren(part.element);
  await part.opened();
  return part;
}

const says = (): string => document.querySelector('.next-says')?.textContent ?? '';
const buttonOf = (label: string): HTMLButtonElement | undefined =>
  [...document.querySelectorAll('button')].find((one) => one.textContent?.startsWith(label));

beforeEach(() => {
  const factory = new IDBFactory();
  passport = new BrowserPassport({ origin: OWN, wallMs: () => 1_790_000_000_000, openStore: () => openStore(factory) });
  there = new FakeSurroundings();
  arrived = vi.fn<() => void>();
  told = [];
});

describe('the alleys next door', () => {
  it('say what they are called and who is there', async () => {
    await nextDoor();
    expect(document.querySelector('.next-item')?.textContent).toContain('Rain Lane');
    expect(document.querySelector('.next-item')?.textContent).toContain('b.example');
    expect(document.querySelector('.next-item')?.textContent).toContain('2 visitors are there.');
  });

  it.each([
    ['refused', 'Takes no visitors from here.', false],
    ['away', 'Cannot be reached at the moment.', true],
  ] as const)('one that is %s is told so', async (kind, words, hasWay) => {
    await nextDoor({ ask: async () => ({ kind }) });
    expect(document.querySelector('.next-state')?.textContent).toContain(words);
    expect(buttonOf('Go there') !== undefined).toBe(hasWay);
  });

  it('the one where one is is not among them, the page’s own always is', async () => {
    await nextDoor({ here: NEXT });
    expect([...document.querySelectorAll('.next-host')].map((one) => one.textContent)).toEqual(['a.example']);
    expect(document.querySelector('.next-name')?.textContent).toBe('Rain Lane');
    expect(buttonOf('Go back')).toBeDefined();
  });
});

describe('the question before the first time', () => {
  it('says who asks and what it would learn; a no tells nobody anything', async () => {
    const part = await nextDoor();
    const going = part.go(NEXT);
    await vi.waitFor(() => expect(document.querySelector('dialog')).not.toBeNull());
    const words = document.querySelector('dialog')?.textContent ?? '';
    expect(words).toContain('May Rain Lane know you?');
    expect(words).toContain('b.example');
    expect(words).toContain('your name, Aiko');
    expect(words).toMatch(/(\d{5} ){5}\d{5}/);
    buttonOf('Stay here')?.click();
    await going;
    expect(there.sockets).toHaveLength(0);
    expect(await (await passport.store).consents()).toEqual([]);
    expect(document.querySelector('dialog')).toBeNull();
  });

  it('is asked once; from then on a headset may go too', async () => {
    const part = await nextDoor();
    expect(part.ways).toEqual([]);
    const going = part.go(NEXT);
    await vi.waitFor(() => expect(document.querySelector('dialog')).not.toBeNull());
    buttonOf('Go to')?.click();
    await vi.waitFor(() => expect(there.sockets).toHaveLength(1));
    there.socket.opens();
    there.socket.says(server.welcome());
    await going;
    expect(arrived).toHaveBeenCalledOnce();
    expect(told).toEqual(['You are in Rain Lane.']);
    expect(await (await passport.store).consents()).toEqual([{ audience: NEXT, sinceMs: 1_790_000_000_000 }]);
    const again = await nextDoor();
    expect(again.ways.map(({ title }) => title)).toEqual(['Rain Lane']);
    void again.go(NEXT);
    await vi.waitFor(() => expect(there.sockets).toHaveLength(2));
    expect(document.querySelector('dialog')).toBeNull();
  });
});

describe('a door that stays closed', () => {
  it('says why, and one is still where one was', async () => {
    await (await passport.store).allow({ audience: NEXT, sinceMs: 0 });
    const part = await nextDoor();
    const going = part.go(NEXT);
    await vi.waitFor(() => expect(there.sockets).toHaveLength(1));
    there.socket.opens();
    there.socket.says(server.bye('banned', -1));
    there.socket.ends(4403);
    await going;
    expect(says()).toContain('You are still here: Rain Lane did not let you in.');
    expect(says()).toContain('A sentence.');
    expect(arrived).not.toHaveBeenCalled();
  });

  it('is not knocked at when the alley takes nobody from here', async () => {
    await (await passport.store).allow({ audience: NEXT, sinceMs: 0 });
    const part = await nextDoor({ ask: async () => ({ kind: 'refused' }) });
    await part.go(NEXT);
    expect(there.sockets).toHaveLength(0);
    expect(says()).toContain('Takes no visitors from here.');
  });
});
