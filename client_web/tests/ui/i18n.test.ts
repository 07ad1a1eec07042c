import { describe, expect, it } from 'vitest';
import { loadTexts, type Texts } from '../../src/i18n';

type AnyDictionary = Readonly<Record<string, string>>;
/** The alley's texts and those of every page: the same rules hold for all. */
const FILES = import.meta.glob<Record<string, AnyDictionary>>('../../src/**/i18n/{de,en,ja}.ts', { eager: true });
const PLACES = [...new Set(Object.keys(FILES).map((path) => path.replace(/\w+\.ts$/, '')))];
const dictionaryOf = (place: string, language: string): AnyDictionary =>
  FILES[`${place}${language}.ts`]?.[language] as AnyDictionary;

const places = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] as string).sort();

describe.each(PLACES.flatMap((place) => [`${place}de`, `${place}ja`]))('%s', (path) => {
  const en = dictionaryOf(path.slice(0, -2), 'en');
  const dictionary = dictionaryOf(path.slice(0, -2), path.slice(-2));

  it('has every text that English has, and no other', () => {
    expect(Object.keys(dictionary).sort()).toEqual(Object.keys(en).sort());
  });

  it('leaves no text empty', () => {
    expect(Object.entries(dictionary).filter(([, text]) => !text.trim())).toEqual([]);
  });

  it('fills the same places', () => {
    const differing = Object.entries(en).filter(
      ([key, text]) => places(text).join() !== places(dictionary[key] ?? '').join(),
    );
    // A count of one is written as a word in some languages.
    expect(differing.map(([key]) => key).filter((key) => !key.endsWith('One'))).toEqual([]);
  });
});

describe('texts', () => {
  const load = (language: 'en' | 'de' | 'ja', tags: string[] = []): Promise<Texts> => loadTexts(language, tags);

  it('no language shouts', () => {
    for (const dictionary of PLACES.flatMap((place) => ['en', 'de', 'ja'].map((one) => dictionaryOf(place, one)))) {
      expect(Object.values(dictionary).filter((text) => /[!！]/.test(text))).toEqual([]);
    }
  });

  it('fill in values and write numbers as the language does', async () => {
    const texts = await load('de');
    expect(texts.t('chat.left', { count: 1234.5 })).toBe('noch 1.234,5 Zeichen');
    expect(texts.count('stalls.exhibitsOne', 'stalls.exhibits', 1)).toBe('ein Stück');
    expect(texts.count('stalls.exhibitsOne', 'stalls.exhibits', 3)).toBe('3 Stücke');
  });

  it.each([
    ['en', ['en-GB'], 4850, 'EUR', '€48.50'],
    ['en', ['en-GB'], 4800, 'EUR', '€48'],
    ['en', ['en-GB'], 4850, 'JPY', '¥4,850'],
    ['de', [], 480_000, 'JPY', '480.000 ¥'],
    ['ja', [], 4850, 'JPY', '￥4,850'],
    ['de', [], 1250, 'KWD', '1,250 KWD'],
  ] as const)('write a price in %s', async (language, tags, minor, currency, shown) => {
    const texts = await load(language, [...tags]);
    expect(texts.price(minor, currency).replace(/\s/g, ' ')).toBe(shown);
  });

  it('write a price even in a currency that nobody knows', async () => {
    expect((await load('en')).price(4850, 'shells')).toContain('shells');
  });
});
