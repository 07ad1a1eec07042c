/** The interface in three languages: texts by key, and numbers as people of that language write them. */

import type { Language } from '../world/settings';
import type { TextKey } from './en';
import { localeOf, priceIn } from './numbers';

export type { TextKey };

/** Each language is a chunk of its own: a visitor downloads the one that they read. */
export type Loaders<K extends string> = Readonly<Record<Language, () => Promise<Readonly<Record<K, string>>>>>;

const LOADERS: Loaders<TextKey> = {
  en: async () => (await import('./en')).en,
  de: async () => (await import('./de')).de,
  ja: async () => (await import('./ja')).ja,
};

/** The alley's texts. */
export function loadTexts(language: Language, preferred: readonly string[] = []): Promise<Texts> {
  return loadFrom(LOADERS, language, preferred);
}

/** `preferred` are the person's BCP 47 tags: they decide how numbers and times of the language are written. */
export async function loadFrom<K extends string>(
  loaders: Loaders<K>,
  language: Language,
  preferred: readonly string[],
): Promise<Texts<K>> {
  return new Texts(language, await loaders[language](), localeOf(language, preferred));
}

/** How each language calls itself. */
export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = { en: 'English', de: 'Deutsch', ja: '日本語' };

export type Params = Readonly<Record<string, string | number>>;

/** Texts with the keys `K`: the alley's own, unless a page has others. */
export class Texts<K extends string = TextKey> {
  readonly language: Language;
  readonly #locale: string;
  readonly #dictionary: Readonly<Record<K, string>>;

  constructor(language: Language, dictionary: Readonly<Record<K, string>>, locale: string = language) {
    this.language = language;
    this.#locale = locale;
    this.#dictionary = dictionary;
  }

  /** The text of a key as it is written, its places unfilled. */
  template(key: K): string {
    return this.#dictionary[key];
  }

  /** The text of a key, with `{name}` places filled. Numbers are written in the language's way. */
  t(key: K, params: Params = {}): string {
    return this.#dictionary[key].replace(/\{(\w+)\}/g, (whole, name: string) => {
      const value = params[name];
      if (value === undefined) return whole;
      return typeof value === 'number' ? this.number(value) : value;
    });
  }

  /** `one` when the count is one, else `many` with `{count}`. */
  count(one: K, many: K, count: number): string {
    return this.t(count === 1 ? one : many, { count });
  }

  number(value: number): string {
    return new Intl.NumberFormat(this.#locale, { maximumFractionDigits: 1 }).format(value);
  }

  /** A price from its minor unit: 4200 EUR is 42 euros, 4200 JPY is 4200 yen. */
  price(minor: number, currency: string): string {
    return priceIn(this.#locale, minor, currency);
  }

  time(wallMs: number): string {
    return new Intl.DateTimeFormat(this.#locale, { hour: '2-digit', minute: '2-digit' }).format(wallMs);
  }
}
