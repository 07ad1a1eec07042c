/** Short notices: read out politely, shown for a while, with at most one thing to do about it. */

import { button, el, replaceChildren } from './dom';

const SHOWN_MS = 7000;

export interface Notice {
  readonly text: string;
  readonly action?: { readonly label: string; readonly press: () => void };
}

export class Announcer {
  readonly element = el('div', { class: 'notices is-empty' });
  readonly #live = el('p', { class: 'notice-text', attributes: { role: 'status' } });
  readonly #actions = el('div', { class: 'notice-actions' });
  #timer = 0;

  constructor() {
    this.element.append(this.#live, this.#actions);
  }

  tell({ text, action }: Notice): void {
    window.clearTimeout(this.#timer);
    this.element.classList.remove('is-empty');
    this.#live.textContent = text;
    const press = action
      ? button({
          label: action.label,
          class: 'button button-quiet',
          press: () => {
            action.press();
            this.clear();
          },
        })
      : null;
    replaceChildren(this.#actions, press);
    this.#timer = window.setTimeout(() => this.clear(), SHOWN_MS);
  }

  clear(): void {
    this.#live.textContent = '';
    replaceChildren(this.#actions);
    this.element.classList.add('is-empty');
  }
}
