/** The buttons at the right edge (on a phone: a row at the bottom), each opening one panel. */

import type { Texts } from '../i18n';
import type { TextKey } from '../i18n/en';
import { button, el } from './dom';
import { type IconName, icon } from './icons';

export type PanelName = 'stalls' | 'people' | 'chat' | 'settings';

const BUTTONS: readonly { name: PanelName; label: TextKey; icon: IconName }[] = [
  { name: 'stalls', label: 'stalls.title', icon: 'stalls' },
  { name: 'people', label: 'people.title', icon: 'people' },
  { name: 'chat', label: 'chat.open', icon: 'talk' },
  { name: 'settings', label: 'settings.title', icon: 'settings' },
];

export class Rail {
  readonly element: HTMLElement;
  readonly #texts: Texts;
  readonly #buttons = new Map<PanelName, HTMLButtonElement>();
  readonly #count = el('span', { class: 'rail-count' });
  readonly #countSays = el('span', { class: 'visually-hidden' });

  constructor(texts: Texts, toggle: (name: PanelName) => void) {
    this.#texts = texts;
    const buttons = BUTTONS.map(({ name, label, icon: drawn }) => {
      const one = button({
        label: texts.t(label),
        class: `button-round rail-button rail-${name}`,
        icon: icon(drawn),
        press: () => toggle(name),
      });
      one.setAttribute('aria-controls', name);
      one.setAttribute('aria-expanded', 'false');
      this.#buttons.set(name, one);
      return one;
    });
    this.#buttons.get('people')?.append(this.#count, this.#countSays);
    this.element = el('nav', { class: 'rail', attributes: { 'aria-label': texts.t('street.tools') } }, ...buttons);
  }

  /** A headset is there: one more button. */
  offerVr(enter: () => void): void {
    const label = this.#texts.t('street.vr');
    const one = button({ label, class: 'button-round rail-button rail-vr', icon: icon('headset'), press: enter });
    this.element.querySelector('.rail-vr')?.remove();
    this.element.append(one);
  }

  setOpen(name: PanelName | null): void {
    for (const [one, element] of this.#buttons) element.setAttribute('aria-expanded', String(one === name));
  }

  setVisitors(count: number): void {
    this.#count.textContent = count > 0 ? this.#texts.number(count) : '';
    const says = count === 1 ? this.#texts.t('people.countOne') : this.#texts.t('people.count', { count });
    this.#countSays.textContent = ` ${says}`;
  }

  focus(name: PanelName): void {
    this.#buttons.get(name)?.focus({ preventScroll: true });
  }
}
