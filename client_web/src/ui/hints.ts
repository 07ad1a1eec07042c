/** Three cards of a first visit, one after the other: walk, look closer, talk. Each goes once it is done, for ever. */

import type { Texts } from '../i18n';
import type { TextKey } from '../i18n/en';
import { button, el, replaceChildren } from './dom';
import type { HintName, Profile } from './profile';

const ORDER: readonly HintName[] = ['move', 'look', 'talk'];
const PAUSE_MS = 900;

export class Hints {
  readonly element: HTMLElement;
  readonly #texts: Texts;
  readonly #profile: Profile;
  readonly #isTouch: boolean;
  #shown: HintName | null = null;
  #timer = 0;

  constructor(texts: Texts, profile: Profile, isTouch: boolean) {
    this.#texts = texts;
    this.#profile = profile;
    this.#isTouch = isTouch;
    this.element = el('aside', { class: 'hints', attributes: { 'aria-label': texts.t('hint.title') } });
    this.#next();
  }

  dispose(): void {
    window.clearTimeout(this.#timer);
  }

  /** The person did it: the card has nothing more to say. */
  done(hint: HintName): void {
    if (this.#profile.hasSeen(hint)) return;
    this.#profile.sawHint(hint);
    if (this.#shown !== hint) return;
    this.element.classList.add('is-done');
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#next(), PAUSE_MS);
  }

  #next(): void {
    this.element.classList.remove('is-done');
    const hint = ORDER.find((one) => !this.#profile.hasSeen(one)) ?? null;
    this.#shown = hint;
    this.element.hidden = hint === null;
    if (!hint) {
      replaceChildren(this.element);
      return;
    }
    const words: TextKey = `hint.${hint}.${this.#isTouch ? 'touch' : 'keys'}`;
    replaceChildren(
      this.element,
      el(
        'div',
        { class: 'paper hint-card' },
        el('p', {}, el('strong', {}, this.#texts.t(`hint.${hint}`)), ' ', this.#texts.t(words)),
        button({ label: this.#texts.t('hint.close'), class: 'button button-quiet', press: () => this.done(hint) }),
      ),
    );
  }
}
