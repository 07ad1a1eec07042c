import { beforeEach, describe, expect, it, vi } from 'vitest';
import { LeaveReason, type Outbound, Relation, Role, readOutbound } from '../../src/net/wire.gen';
import { textIn } from '../../src/world/local_text';
import { DEFAULTS, preferredLanguage, Settings } from '../../src/world/settings';
import { World } from '../../src/world/world';
import { MemoryStore, server } from '../net/surroundings';
import { room, sceneCell } from './alley';

let world: World;

function tell(...messages: unknown[][]): void {
  for (const message of messages) world.apply(readOutbound(message) as Outbound, 0);
}

beforeEach(() => {
  world = new World();
  tell(server.welcome());
});

describe('people', () => {
  it('enter, change and go; the visitor is not among them', () => {
    const told: string[] = [];
    world.on('enter', (person) => told.push(`enter ${person.name}`));
    world.on('changed', (person) => told.push(`changed ${person.name}`));
    world.on('gone', ({ person, reason }) => told.push(`gone ${person.name} ${reason}`));
    tell(
      server.enter(7, 'v-2', 'Bo'),
      server.enter(1, 'v-own', 'Aiko'),
      server.enter(7, 'v-2', 'Boris'),
      server.gone(7),
    );
    expect(told).toEqual(['enter Bo', 'changed Boris', `gone Boris ${LeaveReason.LEFT}`]);
    expect(world.people.size).toBe(0);
  });

  it('are somebody else when a slot has a new owner', () => {
    tell(server.enter(7, 'v-2', 'Bo'));
    const gone = vi.fn();
    world.on('gone', gone);
    tell(server.enter(7, 'v-3', 'Chiyo'));
    expect(gone).toHaveBeenCalledOnce();
    expect(world.people.get(7)?.name).toBe('Chiyo');
  });

  it('carry what the visitor decided about them', () => {
    tell(server.enter(7, 'v-2', 'Bo'), [48, [['v-2', 'Bo', Relation.MUTE]]]);
    expect(world.people.get(7)?.relation).toBe(Relation.MUTE);
    tell([48, []]);
    expect(world.people.get(7)?.relation).toBe(Relation.NONE);
  });
});

describe('another alley', () => {
  const asOperator = (): unknown[] => {
    const welcome: unknown[] = server.welcome();
    welcome[3] = [...server.card(1, 'v-own', 'Aiko').slice(0, -1), Role.OPERATOR];
    return welcome;
  };

  it('takes no orders from a page that is not its own', () => {
    expect(world.looksAfter).toBe(false);
    tell(asOperator());
    expect(world.looksAfter).toBe(true);
    world.moveTo('https://b.example');
    tell(asOperator());
    expect(world.looksAfter).toBe(false);
  });

  it('is told anew: of the one before nothing stays', () => {
    tell(room('north'), [40, [sceneCell(0, 'north')]], server.enter(7, 'v-2', 'Bo'), server.chat(1, 'hello'));
    const gone = vi.fn();
    world.on('gone', gone);
    world.moveTo('https://b.example');
    expect(gone).toHaveBeenCalledOnce();
    expect([world.room, world.card, world.isPlaced, world.visitors]).toEqual([null, null, false, 0]);
    expect([world.people.size, world.cells.size, world.chat.length, world.directory.length]).toEqual([0, 0, 0, 0]);
    expect([world.stall('north'), world.origin]).toEqual([undefined, 'https://b.example']);
  });
});

describe('what is said', () => {
  it('is kept once, in order, history before talk', () => {
    tell(server.chat(5, 'five'), [47, [server.chat(3, 'three'), server.chat(5, 'five')]]);
    expect(world.chat.map((line) => line.text)).toEqual(['three', 'five']);
    expect(world.chat.map((line) => line.past)).toEqual([true, false]);
  });

  it('is not kept for ever', () => {
    for (let id = 1; id <= 250; id++) tell(server.chat(id, `line ${id}`));
    expect(world.chat).toHaveLength(200);
    expect(world.chat[0]?.text).toBe('line 51');
  });
});

describe('the scene', () => {
  it('tells only what changed, and finds stalls and exhibits by id', () => {
    const changed = vi.fn();
    world.on('scene', changed);
    tell(room('tea', 'wood'), [40, [sceneCell(0, 'tea')]], [40, [sceneCell(0, 'tea')]], [40, [sceneCell(1, 'wood')]]);
    expect(changed).toHaveBeenCalledTimes(2);
    expect(world.stall('tea')?.maker).toBe('Maker of tea');
    expect(world.exhibitsOf('tea').map((exhibit) => exhibit.id)).toEqual(['tea-1', 'tea-2']);
    expect(world.exhibit('wood-2')?.priceMinor).toBeNull();
  });

  it('drops stalls that a restarted server no longer has', () => {
    tell(room('tea', 'wood'), [40, [sceneCell(0, 'tea'), sceneCell(1, 'wood')]]);
    const changed = vi.fn();
    world.on('scene', changed);
    tell(room('tea'));
    expect(changed).toHaveBeenCalledOnce();
    expect(world.stall('wood')).toBeUndefined();
    expect(world.exhibit('wood-1')).toBeUndefined();
    expect(world.stall('tea')).toBeDefined();
  });
});

describe('a listener that fails', () => {
  it('does not keep the others from hearing', () => {
    const reported = vi.fn();
    vi.stubGlobal('reportError', reported);
    const heard = vi.fn();
    world.on('census', () => {
      throw new Error('broken');
    });
    world.on('census', heard);
    tell(server.census(3));
    expect(heard).toHaveBeenCalledWith(3);
    vi.unstubAllGlobals();
    expect(reported).toHaveBeenCalledOnce();
  });
});

describe('texts', () => {
  it('fall back to English, then to whatever there is', () => {
    expect(textIn({ en: 'Tea', de: 'Tee' }, 'de')).toBe('Tee');
    expect(textIn({ en: 'Tea' }, 'ja')).toBe('Tea');
    expect(textIn({ ja: 'お茶' }, 'de')).toBe('お茶');
    expect(textIn({}, 'de')).toBe('');
  });
});

describe('settings', () => {
  const sources = (store: MemoryStore, languages: string[] = []) => ({
    store,
    languages,
    systemReducedMotion: () => true,
  });

  it('take the language of the browser, and keep what was chosen', () => {
    const store = new MemoryStore();
    const settings = new Settings(sources(store, ['fr-CA', 'de-CH', 'en']));
    expect(settings.get('language')).toBe('de');
    const changed = vi.fn();
    settings.onChange(changed);
    settings.set('language', 'ja');
    settings.set('language', 'ja');
    expect(changed).toHaveBeenCalledExactlyOnceWith('language');
    expect(new Settings(sources(store)).get('language')).toBe('ja');
  });

  it('survive whatever is in the store', () => {
    const store = new MemoryStore();
    for (const broken of ['{', '[]', '7', '{"volume": 9, "quality": "ultra", "muted": "yes"}']) {
      store.setItem('yokocho.settings', broken);
      const settings = new Settings(sources(store));
      expect(settings.get('volume')).toBe(DEFAULTS.volume);
      expect(settings.get('quality')).toBe('auto');
      expect(settings.get('muted')).toBe(false);
    }
  });

  it('honour the wish for less motion, and the one against it', () => {
    const settings = new Settings(sources(new MemoryStore()));
    expect(settings.reducedMotion).toBe(true);
    settings.set('motion', 'full');
    expect(settings.reducedMotion).toBe(false);
    expect(preferredLanguage([])).toBe('en');
  });
});
