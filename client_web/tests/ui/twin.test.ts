import { beforeEach, describe, expect, it, vi } from 'vitest';
import { loadTexts, type Texts } from '../../src/i18n';
import type { Inbound, Outbound } from '../../src/net/wire.gen';
import { readOutbound } from '../../src/net/wire.gen';
import type { SceneHandle } from '../../src/scene/types';
import { Profile, randomLook, soundLook, tidyName } from '../../src/ui/profile';
import { Street } from '../../src/ui/street';
import { nearestStall } from '../../src/ui/whereabouts';
import { Settings } from '../../src/world/settings';
import { World } from '../../src/world/world';
import { MemoryStore, server } from '../net/surroundings';
import { room, sceneCell } from '../world/alley';

let world: World;
let texts: Texts;
let street: Street;
let sent: Inbound[];
let store: MemoryStore;

function tell(...messages: unknown[][]): void {
  for (const message of messages) world.apply(readOutbound(message) as Outbound, 0);
}

function find<E extends HTMLElement>(selector: string): E {
  const found = document.querySelector<E>(selector);
  if (!found) throw new Error(`nothing matches ${selector}`);
  return found;
}

function press(name: string, within = 'body'): void {
  const buttons = [...find(within).querySelectorAll<HTMLButtonElement>('button')];
  const found = buttons.find((one) => (one.getAttribute('aria-label') ?? one.textContent ?? '').trim() === name);
  if (!found) throw new Error(`no button “${name}” among ${buttons.map((one) => one.textContent).join(', ')}`);
  found.click();
}

beforeEach(async () => {
  vi.spyOn(globalThis, 'requestAnimationFrame').mockReturnValue(0);
  world = new World();
  sent = [];
  world.link = {
    send: (message) => {
      sent.push(message);
      return true;
    },
  };
  texts = await loadTexts('en', ['en-GB']);
  store = new MemoryStore();
  const settings = new Settings({ store, languages: ['en'], systemReducedMotion: () => false });
  const status = { retryNow: vi.fn(), again: vi.fn(), toEntrance: vi.fn(), reload: vi.fn() };
  street = new Street({
    texts,
    settings,
    profile: new Profile(store, () => 0.5),
    world,
    canvas: document.createElement('canvas'),
    status,
    leave: vi.fn(),
  });
  document.body.replaceChildren(street.element);
  await street.prepare();
  tell(server.welcome(), room('tea', 'wood'), [40, [sceneCell(0, 'tea'), sceneCell(1, 'wood')]]);
  return () => street.dispose();
});

describe('the alley in words', () => {
  it('lists every stall with name, craft, maker and number of pieces', () => {
    const items = [...document.querySelectorAll('#stalls li')].map((item) => item.textContent);
    expect(items).toHaveLength(2);
    expect(items[0]).toContain('Stall tea');
    expect(items[0]).toContain('Craft tea · by Maker of tea · 2 pieces');
    expect(find('#stalls').getAttribute('aria-labelledby')).toBe(find('#stalls h2').id);
  });

  it('says of a stall without a maker that it is to let', () => {
    const told = room('tea');
    const [entry] = told[2] as unknown[][];
    if (entry) entry[3] = '';
    tell(told);
    expect(document.querySelector('#stalls li')?.textContent).toContain('Craft tea · to let · 2 pieces');
  });

  it('shows the pieces of a stall in the order of the shelf, with their prices', () => {
    street.show('stalls');
    press('See the pieces: Stall tea');
    const items = [...document.querySelectorAll('#stalls .exhibit-item')].map((item) => item.textContent ?? '');
    expect(items[0]).toContain('Piece tea-1');
    expect(items[0]).toContain('€48.50');
    expect(items[1]).toContain('Not for sale');
    press('All stalls');
    expect(document.querySelectorAll('#stalls .stall-item')).toHaveLength(2);
  });

  it('keeps in step when the scene changes', () => {
    street.show('stalls');
    press('See the pieces: Stall wood');
    tell(room('tea'));
    expect(document.querySelectorAll('#stalls .stall-item')).toHaveLength(1);
  });

  it('goes to a stall without a picture, too', () => {
    press('Go there: Stall wood', '#stalls');
    expect(sent).toContainEqual({ type: 'jump', x: 20, z: 0, yawRad: 0 });
  });

  it('opens a piece, walks along the shelf and comes back to the same button', () => {
    street.show('stalls');
    press('See the pieces: Stall tea');
    const opener = find<HTMLButtonElement>('#stalls .exhibit-item button');
    opener.focus();
    opener.click();
    const dialog = find<HTMLDialogElement>('dialog');
    expect(dialog.open).toBe(true);
    expect(dialog.textContent).toContain('Piece tea-1');
    expect(dialog.textContent).toContain('€48.50');
    expect(dialog.textContent).toContain('8.5 cm wide, 7 cm high, 8.5 cm deep');
    press('Next piece', 'dialog');
    expect(dialog.textContent).toContain('Piece tea-2');
    press('Next piece', 'dialog');
    expect(dialog.textContent).toContain('Piece tea-1');
    press('Back to the street', 'dialog');
    expect(dialog.open).toBe(false);
    expect(document.activeElement).toBe(opener);
  });

  it('closes a piece that was taken off the shelf', () => {
    street.inspect('wood-1');
    expect(find<HTMLDialogElement>('dialog').open).toBe(true);
    tell(room('tea'));
    expect(find<HTMLDialogElement>('dialog').open).toBe(false);
  });

  it('says so when there is no picture, and opens the stalls', () => {
    street.withoutPicture('webgl.off');
    expect(find('.view-off').textContent).toBe(texts.t('webgl.off'));
    expect(find('#stalls').hidden).toBe(false);
    expect(document.activeElement).toBe(find('#stalls h2'));
  });
});

describe('panels', () => {
  it('open one at a time, close with Escape, and give the focus back', () => {
    press('Stalls', '.rail');
    street.show('people');
    expect(find('#stalls').hidden).toBe(true);
    expect(find('#people').hidden).toBe(false);
    expect(find('.rail-people').getAttribute('aria-expanded')).toBe('true');
    find('#people h2').dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
    expect(find('#people').hidden).toBe(true);
    expect(document.activeElement).toBe(find('.rail-people'));
  });

  it('open with keys on the street, but not while writing', () => {
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: '1', bubbles: true }));
    expect(find('#stalls').hidden).toBe(false);
    const input = find<HTMLInputElement>('#chat-text');
    input.dispatchEvent(new KeyboardEvent('keydown', { key: '2', bubbles: true }));
    expect(find('#people').hidden).toBe(true);
  });

  it('give the keyboard back to the street when somebody walks on', () => {
    const handle = { vrSupported: async () => false, setInput: vi.fn(), focusExhibit: vi.fn() };
    street.setScene(handle as unknown as SceneHandle);
    const canvas = find<HTMLCanvasElement>('canvas');
    canvas.tabIndex = 0;
    find('.rail-people').focus();
    find('.rail-people').dispatchEvent(new KeyboardEvent('keydown', { code: 'KeyW', key: 'w', bubbles: true }));
    expect(document.activeElement).toBe(canvas);
  });

  it('remember themselves when the language changes', () => {
    street.show('people');
    find<HTMLInputElement>('#chat-text').value = 'half a sen';
    const { memory } = street;
    expect(memory).toEqual({ open: 'people', draft: 'half a sen' });
  });
});

describe('people', () => {
  it('are listed near and far, and counted', () => {
    tell(server.enter(7, 'v-2', 'Bo'), server.census(3));
    street.show('people');
    expect(sent).toContainEqual({ type: 'askRoster' });
    tell([45, [server.card(1, 'v-own', 'Aiko'), server.card(7, 'v-2', 'Bo'), server.card(9, 'v-3', 'Chiyo')], 3]);
    const names = [...document.querySelectorAll('#people .person bdi')].map((name) => name.textContent);
    expect(names).toEqual(['Bo', 'Aiko', 'Chiyo']);
    expect(find('#people').textContent).toContain('Aiko (you)');
    expect(find('.rail-people').textContent).toContain('3');
  });

  it('can be muted and blocked, and both undone', () => {
    tell(server.enter(7, 'v-2', 'Bo'));
    street.show('people');
    press('Mute: Bo', '#people');
    expect(sent).toContainEqual({ type: 'relate', visitorId: 'v-2', relation: 1 });
    tell([48, [['v-2', 'Bo', 1]]]);
    press('Undo');
    expect(sent.at(-1)).toEqual({ type: 'relate', visitorId: 'v-2', relation: 0 });
    press('Hear again: Bo', '#people');
    expect(sent.at(-1)).toEqual({ type: 'relate', visitorId: 'v-2', relation: 0 });
  });
});

describe('a list that changes', () => {
  it('leaves the buttons of those who stay where they are', () => {
    tell(server.enter(7, 'v-2', 'Bo'), server.enter(8, 'v-3', 'Mira'));
    street.show('people');
    const mute = find<HTMLButtonElement>('#people [data-key="mute v-3"]');
    mute.focus();
    tell(server.enter(9, 'v-4', 'Chiyo'), server.census(9), server.gone(7), server.enter(10, 'v-5', 'Zoe'));
    expect(mute.isConnected).toBe(true);
    expect(document.activeElement).toBe(mute);
    const names = [...document.querySelectorAll('#people .people-list:first-of-type bdi')].map(
      (one) => one.textContent,
    );
    expect(names).toEqual(['Chiyo', 'Mira', 'Zoe']);
  });

  it('keeps the stalls in place when the visitor walks', () => {
    const before = [...document.querySelectorAll('#stalls button')];
    tell(server.correct(1, 10, 0));
    street.lookWhere();
    const after = [...document.querySelectorAll('#stalls button')];
    expect(find('#stalls [aria-current="location"]').textContent).toContain('Stall tea');
    expect(after.filter((button) => before.includes(button)).length).toBeGreaterThanOrEqual(2);
  });
});

describe('talk', () => {
  it('is a log that grows, with names kept apart from words', () => {
    const hostile = '<img src=x onerror=alert(1)>';
    tell(server.chat(5, hostile));
    const log = find('[role=log]');
    expect(log.querySelector('img')).toBeNull();
    expect(log.querySelector('.chat-words')?.textContent).toBe(hostile);
    expect(log.querySelectorAll('bdi')).toHaveLength(2);
  });

  it('says what is written to those near or to all', () => {
    street.show('chat');
    const input = find<HTMLInputElement>('#chat-text');
    expect(document.activeElement).toBe(input);
    input.value = '  Good evening  ';
    find<HTMLFormElement>('.chat-form').requestSubmit();
    expect(sent.at(-1)).toEqual({ type: 'say', scope: 0, text: 'Good evening', ref: 1 });
    expect(input.value).toBe('');
    find<HTMLInputElement>('.choices input[value="1"]').checked = true;
    input.value = 'To all';
    find<HTMLFormElement>('.chat-form').requestSubmit();
    expect(sent.at(-1)).toMatchObject({ scope: 1, text: 'To all' });
  });

  it('keeps the words of a person who is not connected', () => {
    world.link = { send: () => false };
    const input = find<HTMLInputElement>('#chat-text');
    input.value = 'Are you there?';
    find<HTMLFormElement>('.chat-form').requestSubmit();
    expect(input.value).toBe('Are you there?');
    expect(find('.notice-text').textContent).toBe(texts.t('chat.unsent'));
  });

  it('gives refused words back, with the reason in the language of the person', () => {
    world.say(0, 'again and again');
    tell([42, 'rate_limited', 'Server words.', 1]);
    expect(find<HTMLInputElement>('#chat-text').value).toBe('again and again');
    expect(find('.notice-text').textContent).toContain(texts.t('problem.rate_limited'));
  });

  it('tells gestures in words', () => {
    tell(server.enter(7, 'v-2', 'Bo'), [38, 7, 1]);
    expect(find('[role=log]').textContent).toContain('Bo bows.');
  });
});

describe('what I can do now', () => {
  it('is to look closer at the piece in front of me', () => {
    street.setNear({ stallId: 'tea', exhibitId: 'tea-2' });
    press('EnterLook closer: Piece tea-2', '.act');
    expect(find<HTMLDialogElement>('dialog').textContent).toContain('Piece tea-2');
  });

  it('is nothing in the open lane', () => {
    street.setNear(null);
    expect(find('.act').childElementCount).toBe(0);
  });
});

describe('where I am', () => {
  it('is the nearest stall within a few steps', () => {
    expect(nearestStall(world.directory, [10.5, 1.5, 2])).toBe('tea');
    expect(nearestStall(world.directory, [15, 1.5, 0])).toBeNull();
    expect(nearestStall(world.directory, [19, 1.5, 1])).toBe('wood');
  });
});

describe('the first steps', () => {
  it('are shown once, one after the other', () => {
    expect(find('.hints').textContent).toContain(texts.t('hint.move'));
    street.hints.done('look');
    expect(find('.hints').textContent).toContain(texts.t('hint.move'));
    vi.useFakeTimers();
    street.hints.done('move');
    vi.runAllTimers();
    vi.useRealTimers();
    expect(find('.hints').textContent).toContain(texts.t('hint.talk'));
    expect(store.getItem('yokocho.hints')).toBe('["look","move"]');
  });
});

describe('a profile', () => {
  it('makes any stored look one that a doll can have', () => {
    expect(soundLook([17, -1, 2.7, 'x', null, Number.NaN, 99, 900])).toEqual([1, 15, 2, 0, 0, 0, 3, 200]);
    expect(randomLook(() => 0.999)).toEqual([15, 15, 15, 15, 15, 15, 15, 182]);
  });

  it('tidies names', () => {
    expect(tidyName('  Aiko \n  Mori ')).toBe('Aiko Mori');
    expect([...tidyName('😀'.repeat(50))]).toHaveLength(32);
  });
});
