/** Pieces that several views of this page use. */

import { randomBytes } from '../../identity/crypt';
import { MIN_PASSPHRASE_CHARS } from '../../identity/keeping';
import { normalPassphrase } from '../../identity/recovery';
import { button, el, freshId } from '../../ui/dom';
import { icon } from '../../ui/icons';
import { Field, Problem } from '../parts';
import type { MeKey } from './i18n/en';
import type { MePage, MeTexts, MeView } from './me';

const SYLLABLE_STARTS = 'bdfghjkmnprstvwz';
const SYLLABLE_ENDS = 'aeiou';
const SUGGESTED_SYLLABLES = 12;
const WORD_SYLLABLES = 3;

/** A way back that changes nothing. */
export function backTo(page: MePage, view: MeView, label: MeKey = 'me.cancel'): HTMLElement {
  return button({
    label: page.texts.t(label),
    class: 'button button-quiet',
    icon: icon('back'),
    press: () => page.show(view),
  });
}

/** Where one is among the steps of something. */
export function steps(texts: MeTexts, names: readonly MeKey[], current: number): HTMLElement {
  const item = (name: MeKey, index: number): HTMLElement =>
    el(
      'li',
      {
        class: index < current ? 'step is-done' : 'step',
        attributes: { 'aria-current': index === current ? 'step' : null },
      },
      texts.t(name),
    );
  return el('ol', { class: 'steps' }, ...names.map(item));
}

/** Two fields for a new passphrase; a suggestion fills both. */
export class NewPassphrase {
  readonly first: Field;
  readonly again: Field;
  readonly suggest: HTMLElement;
  readonly #texts: MeTexts;

  constructor(texts: MeTexts) {
    this.#texts = texts;
    this.first = new Field({
      label: texts.t('me.passphrase.new'),
      hint: texts.t('me.passphrase.hint', { count: MIN_PASSPHRASE_CHARS }),
      type: 'password',
      autocomplete: 'new-password',
      isRequired: true,
      isCode: true,
    });
    this.again = new Field({
      label: texts.t('me.passphrase.again'),
      type: 'password',
      autocomplete: 'new-password',
      isRequired: true,
      isCode: true,
    });
    const show = shownBox(texts, [this.first, this.again]);
    const suggestion = button({
      label: texts.t('me.passphrase.suggest'),
      class: 'button button-quiet button-small',
      icon: icon('again'),
      press: () => {
        const words = suggestPassphrase(randomBytes);
        for (const field of [this.first, this.again]) {
          field.input.value = words;
          field.complain('');
        }
        show.box.checked = true;
        show.box.dispatchEvent(new Event('change'));
      },
    });
    this.suggest = el('div', { class: 'passphrase-tools' }, show.element, suggestion);
  }

  /** The passphrase, or the words that say what is wrong with it. */
  read(): string {
    const words = normalPassphrase(this.first.value);
    if ([...words].length < MIN_PASSPHRASE_CHARS) {
      throw new Problem(this.#texts.t('me.passphrase.short', { count: MIN_PASSPHRASE_CHARS }), this.first);
    }
    if (words !== normalPassphrase(this.again.value)) {
      throw new Problem(this.#texts.t('me.passphrase.differs'), this.again);
    }
    return words;
  }
}

/** The field for a passphrase that exists. */
export function passphraseField(texts: MeTexts): Field {
  return new Field({
    label: texts.t('me.passphrase'),
    hint: texts.t('me.passphrase.ask'),
    type: 'password',
    autocomplete: 'current-password',
    isRequired: true,
    isCode: true,
  });
}

/** Syllables that can be said and typed everywhere: 6 bits each. */
export function suggestPassphrase(random: (count: number) => Iterable<number>): string {
  const letters: string[] = [];
  const take = (alphabet: string): void => {
    for (const byte of random(1)) {
      // Bytes beyond the last full round would favour the first letters.
      if (byte < 256 - (256 % alphabet.length)) letters.push(alphabet.charAt(byte % alphabet.length));
      else take(alphabet);
    }
  };
  for (let syllable = 0; syllable < SUGGESTED_SYLLABLES; syllable++) {
    if (syllable > 0 && syllable % WORD_SYLLABLES === 0) letters.push(' ');
    take(SYLLABLE_STARTS);
    take(SYLLABLE_ENDS);
  }
  return letters.join('');
}

function shownBox(texts: MeTexts, fields: readonly Field[]): { element: HTMLElement; box: HTMLInputElement } {
  const id = freshId('show');
  const box = el('input', {
    id,
    attributes: { type: 'checkbox' },
    on: {
      change: () => {
        for (const { input } of fields) input.setAttribute('type', box.checked ? 'text' : 'password');
      },
    },
  });
  return { element: el('label', { class: 'check' }, box, el('span', {}, texts.t('me.passphrase.show'))), box };
}

/** Let the browser save something as a file. */
export function saveFile(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  el('a', { attributes: { href: url, download: name } }).click();
  // The download has its own hold on the content by then.
  window.setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** "Firefox (Android)": what people recognise a device by. */
export function nameOfDevice(userAgent: string): string {
  const first = (pairs: readonly (readonly [RegExp, string])[]): string =>
    pairs.find(([pattern]) => pattern.test(userAgent))?.[1] ?? '';
  const browser = first([
    [/OculusBrowser/, 'Quest'],
    [/Edg\w*\//, 'Edge'],
    [/OPR\//, 'Opera'],
    [/Firefox\/|FxiOS/, 'Firefox'],
    [/Chrom\w+\/|CriOS/, 'Chrome'],
    [/Safari\//, 'Safari'],
  ]);
  const system = first([
    [/iPhone/, 'iPhone'],
    [/iPad/, 'iPad'],
    [/Android/, 'Android'],
    [/Windows/, 'Windows'],
    [/Mac OS X/, 'Mac'],
    [/CrOS/, 'ChromeOS'],
    [/Linux/, 'Linux'],
  ]);
  return system ? `${browser || 'Browser'} (${system})` : browser || 'Browser';
}
