import { describe, expect, it } from 'vitest';
import { loadTexts, type Texts } from '../../src/i18n';
import { de } from '../../src/i18n/de';
import { en } from '../../src/i18n/en';
import { ja } from '../../src/i18n/ja';

const places = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] as string).sort();

describe.each([
  ['German', de],
  ['Japanese', ja],
])('%s', (_, dictionary) => {
  it('has every text that English has, and no other', () => {
    expect(Object.keys(dictionary).sort()).toEqual(Object.keys(en).sort());
  });

  it('leaves no text empty', () => {
    expect(Object.entries(dictionary).filter(([, text]) => !text.trim())).toEqual([]);
  });

  it('fills the same places', () => {
    const differing = Object.entries(en).filter(
      ([key, text]) => places(text).join() !== places(dictionary[key as keyof typeof en]).join(),
    );
    // A count of one is written as a word in some languages.
    expect(differing.map(([key]) => key).filter((key) => !key.endsWith('One'))).toEqual([]);
  });
});

describe('texts', () => {
  const load = (language: 'en' | 'de' | 'ja', tags: string[] = []): Promise<Texts> => loadTexts(language, tags);

  it('no language shouts', () => {
    for (const dictionary of [en, de, ja]) {
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
