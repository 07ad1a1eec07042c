/**
 * Keeping the peace from within the alley: a short form above the list of people, loaded when a keeper first wants it.
 *
 * The live connection carries no such orders. They go over HTTP as they do from the page for looking after the alley,
 * in a session of their own, and come back to everybody through the house rules.
 */

import { type Loaders, loadFrom, type Texts } from '../../i18n';
import { Api, ApiProblem } from '../../identity/api';
import { BrowserPassport } from '../../identity/passport';
import type { Announcer } from '../announcer';
import { bdi, button, el, freshId, setAttribute, withNodes } from '../dom';
import type { ModerateKey } from './en';

const LOADERS: Loaders<ModerateKey> = {
  en: async () => (await import('./en')).en,
  de: async () => (await import('./de')).de,
  ja: async () => (await import('./ja')).ja,
};
const CHOICES = ['mute.1', 'mute.24', 'ban.1', 'ban.24', 'ban.168'] as const;
const REFUSALS: Readonly<Record<string, ModerateKey>> = {
  person_protected: 'protected',
  not_allowed: 'notAllowed',
  person_unknown: 'unknown',
};
const MAX_REASON_CHARS = 500;

/** The part of `Api` that this needs. */
export interface Orders {
  call<T = unknown>(method: string, path: string, body?: unknown): Promise<T>;
}

export interface Case {
  /** What the alley calls the person. */
  readonly id: string;
  readonly name: string;
}

export interface Desk {
  readonly announcer: Pick<Announcer, 'tell'>;
  /** Done with it, one way or the other. */
  close(): void;
}

let orders: Orders | null = null;

function ownOrders(): Orders {
  orders ??= new Api(new BrowserPassport({ origin: location.origin, wallMs: () => Date.now() }));
  return orders;
}

/** The form for one person. */
export async function moderate(
  language: Texts['language'],
  about: Case,
  desk: Desk,
  by: Orders = ownOrders(),
): Promise<HTMLElement> {
  return new Moderation(await loadFrom(LOADERS, language, navigator.languages), about, desk, by).element;
}

class Moderation {
  readonly element: HTMLElement;
  readonly #texts: Texts<ModerateKey>;
  readonly #case: Case;
  readonly #desk: Desk;
  readonly #orders: Orders;
  readonly #what: HTMLSelectElement;
  readonly #reason: HTMLTextAreaElement;
  readonly #problem: HTMLElement;
  readonly #go: HTMLButtonElement;
  #isRunning = false;

  constructor(texts: Texts<ModerateKey>, about: Case, desk: Desk, by: Orders) {
    this.#texts = texts;
    this.#case = about;
    this.#desk = desk;
    this.#orders = by;
    const id = freshId('moderate');
    this.#what = el(
      'select',
      { id: `${id}-what` },
      ...CHOICES.map((choice) => el('option', { attributes: { value: choice } }, texts.t(choice))),
    );
    this.#problem = el('p', { class: 'problem', id: `${id}-problem`, attributes: { role: 'alert' } });
    this.#reason = el('textarea', {
      id: `${id}-reason`,
      attributes: {
        rows: 3,
        maxlength: MAX_REASON_CHARS,
        dir: 'auto',
        'aria-required': 'true',
        'aria-describedby': `${id}-hint ${id}-problem`,
      },
      on: { input: () => this.#complain('', false) },
    });
    this.#go = button({ label: texts.t('go'), class: 'button button-main', press: () => void this.#run() });
    this.element = this.#build(id);
  }

  #build(id: string): HTMLElement {
    const texts = this.#texts;
    const name = bdi(this.#case.name);
    return el(
      'div',
      {
        class: 'moderate',
        attributes: { role: 'group', 'aria-labelledby': `${id}-title` },
        on: {
          keydown: (event) => {
            if (event.key !== 'Escape') return;
            // The panel would close, too.
            event.stopPropagation();
            this.#desk.close();
          },
        },
      },
      el('h3', { id: `${id}-title` }, ...withNodes(texts.template('title'), { name })),
      el('div', { class: 'field' }, el('label', { attributes: { for: `${id}-what` } }, texts.t('what')), this.#what),
      el(
        'div',
        { class: 'field' },
        el('label', { attributes: { for: `${id}-reason` } }, texts.t('reason')),
        this.#reason,
        el('p', { class: 'hint', id: `${id}-hint` }, texts.t('reasonHint', { name: this.#case.name })),
        this.#problem,
      ),
      el(
        'div',
        { class: 'moderate-actions' },
        this.#go,
        button({ label: texts.t('no'), class: 'button button-quiet', press: () => this.#desk.close() }),
      ),
      el(
        'a',
        { attributes: { href: `/operate#people=${this.#case.id}`, target: '_blank', rel: 'noopener' } },
        texts.t('more'),
      ),
    );
  }

  async #run(): Promise<void> {
    const reason = this.#reason.value.trim();
    if (!reason) {
      this.#complain(this.#texts.t('fillIn'), true);
      this.#reason.focus();
      return;
    }
    if (this.#isRunning) return;
    this.#busy(true);
    try {
      const { did } = await this.#orders.call<{ did: string }>('GET', `/api/people/${this.#case.id}`);
      const [kind, hours] = this.#what.value.split('.');
      const order = { kind, target: did, reason, scope: 'alley', hours: Number(hours) };
      const made = await this.#orders.call<{ id: number }>('POST', '/api/restrictions', order);
      this.#desk.announcer.tell({
        text: this.#texts.t('done', { name: this.#case.name }),
        action: { label: this.#texts.t('undo'), press: () => void this.#undo(made.id) },
      });
      this.#desk.close();
    } catch (error) {
      this.#complain(this.#words(error), false);
    }
    this.#busy(false);
  }

  async #undo(id: number): Promise<void> {
    const text = await this.#orders.call('DELETE', `/api/restrictions/${id}`).then(
      () => this.#texts.t('undone'),
      (error: unknown) => this.#words(error),
    );
    this.#desk.announcer.tell({ text });
  }

  #words(error: unknown): string {
    const key = error instanceof ApiProblem ? REFUSALS[error.code] : undefined;
    if (!(error instanceof ApiProblem || error instanceof TypeError)) reportError(error);
    return this.#texts.t(key ?? 'failed');
  }

  #busy(isRunning: boolean): void {
    this.#isRunning = isRunning;
    setAttribute(this.#go, 'aria-disabled', isRunning ? 'true' : null);
    const label = this.#go.querySelector('.button-label');
    if (label) label.textContent = this.#texts.t(isRunning ? 'busy' : 'go');
  }

  #complain(words: string, isField: boolean): void {
    this.#problem.textContent = words;
    setAttribute(this.#reason, 'aria-invalid', isField ? 'true' : null);
  }
}
