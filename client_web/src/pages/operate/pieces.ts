/** Pieces of this page: its parts, lists that are asked for, questions before a deed, and the way back from it. */

import { ApiProblem } from '../../identity/api';
import { append, bdi, button, type Child, el, freshId } from '../../ui/dom';
import { textIn } from '../../world/local_text';
import { asked, refusalText } from '../caller';
import { type DeedOptions, deed, problemText } from '../parts';
import type { House, Named, OperatePage, OperateTexts, Role } from './house';
import type { OperateKey } from './i18n/en';

export const PLACES = ['overview', 'people', 'invitations', 'peace', 'log', 'settings'] as const;
export type Place = (typeof PLACES)[number];

/** Where one is on this page, and where else one can go; keepers have less to decide. */
export function places(house: House, { texts }: OperatePage, current: Place | null): HTMLElement {
  const shown = PLACES.filter((place) => house.isOperator || (place !== 'invitations' && place !== 'settings'));
  return el(
    'nav',
    { class: 'places', attributes: { 'aria-label': texts.t('op.places') } },
    ...shown.map((place) =>
      el(
        'a',
        { class: 'place', attributes: { href: `#${place}`, 'aria-current': place === current ? 'page' : null } },
        texts.t(`op.${place}`),
      ),
    ),
  );
}

/** What was done just now, with the way back where there is one. */
export class Done {
  readonly element: HTMLElement;
  readonly #texts: OperateTexts;
  readonly #words = el('p', { attributes: { tabindex: -1 } });
  readonly #undo = el('div', { class: 'done-undo' });

  constructor(texts: OperateTexts) {
    this.#texts = texts;
    this.element = el('div', { class: 'done', attributes: { hidden: true } }, this.#words, this.#undo);
  }

  say(text: string, undo?: () => Promise<void>): void {
    this.element.hidden = false;
    this.#words.textContent = text;
    this.#undo.replaceChildren();
    // What was pressed may be gone with its row. Here it is read out, and undoing is next.
    this.#words.focus();
    if (!undo) return;
    const run = async (): Promise<void> => {
      await undo();
      this.say(this.#texts.t('op.undone'));
    };
    const back = { label: this.#texts.t('op.undo'), look: 'quiet', key: 'undo', run } as const;
    this.#undo.append(deed(this.#texts, back));
  }
}

/** Something that the instance is asked for: meanwhile, when it fails, and once it is there. */
export class Asked<T> {
  readonly element = el('div', { class: 'asked' });
  readonly #texts: OperateTexts;
  readonly #load: () => Promise<T>;
  readonly #show: (value: T) => Child[];
  #asks = 0;

  constructor(texts: OperateTexts, load: () => Promise<T>, show: (value: T) => Child[]) {
    this.#texts = texts;
    this.#load = load;
    this.#show = show;
    this.element.replaceChildren(el('p', { class: 'hint', attributes: { role: 'status' } }, texts.t('page.busy')));
    void this.reload();
  }

  /** Ask again; what is there stays until the answer comes. */
  async reload(): Promise<void> {
    this.#asks += 1;
    const ask = this.#asks;
    this.element.setAttribute('aria-busy', 'true');
    const content = await this.#load().then(
      (value) => this.#show(value),
      (error: unknown) => trouble(this.#texts, error, () => this.reload()),
    );
    if (ask !== this.#asks) return;
    this.element.removeAttribute('aria-busy');
    this.element.replaceChildren();
    append(this.element, content);
  }
}

/** Why something could not be shown, and a way to ask again. */
function trouble(texts: OperateTexts, error: unknown, again: () => Promise<void>): HTMLElement[] {
  const words = error instanceof ApiProblem ? refusalText(texts, error) : problemText(texts, error);
  return [
    el('p', { class: 'problem', attributes: { role: 'alert' } }, words),
    deed(texts, { label: texts.t('op.again'), look: 'quiet', key: 'again', run: again }),
  ];
}

/** A list that goes on: each page of it is asked for when it is wanted. */
export class Paged<T> {
  readonly element = el('div', { class: 'asked' });
  readonly #texts: OperateTexts;
  readonly #load: (after: readonly T[]) => Promise<{ rows: readonly T[]; more: boolean }>;
  readonly #row: (row: T) => HTMLElement;
  readonly #empty: () => Child;
  readonly #list = el('ul', { class: 'rows' });
  readonly #foot = el('div', { class: 'rows-foot' });
  #shown: T[] = [];
  #asks = 0;

  constructor(
    texts: OperateTexts,
    load: (after: readonly T[]) => Promise<{ rows: readonly T[]; more: boolean }>,
    row: (row: T) => HTMLElement,
    empty: () => Child,
  ) {
    this.#texts = texts;
    this.#load = load;
    this.#row = row;
    this.#empty = empty;
    this.element.append(this.#list, this.#foot);
    this.#foot.append(el('p', { class: 'hint', attributes: { role: 'status' } }, texts.t('page.busy')));
    void this.reload();
  }

  /** From the start again. */
  async reload(): Promise<void> {
    this.#asks += 1;
    const ask = this.#asks;
    this.element.setAttribute('aria-busy', 'true');
    try {
      const { rows, more } = await this.#load([]);
      if (ask !== this.#asks) return;
      this.#shown = [...rows];
      this.#list.replaceChildren(...rows.map(this.#row));
      this.#ends(more);
    } catch (error) {
      if (ask === this.#asks) this.#foot.replaceChildren(...trouble(this.#texts, error, () => this.reload()));
    }
    this.element.removeAttribute('aria-busy');
  }

  async #more(): Promise<void> {
    const ask = this.#asks;
    const { rows, more } = await asked(this.#texts, () => this.#load(this.#shown));
    if (ask !== this.#asks) return;
    const fresh = rows.map(this.#row);
    this.#shown.push(...rows);
    this.#list.append(...fresh);
    this.#ends(more);
    fresh[0]?.querySelector<HTMLElement>('a, button')?.focus();
  }

  #ends(more: boolean): void {
    this.#list.hidden = this.#shown.length === 0;
    const run = (): Promise<void> => this.#more();
    const foot = more
      ? deed(this.#texts, { label: this.#texts.t('op.more'), look: 'quiet', key: 'more', run })
      : this.#shown.length === 0 && this.#empty();
    this.#foot.replaceChildren();
    if (foot) this.#foot.append(foot);
  }
}

export interface QuestionOptions extends DeedOptions {
  /** What the button is about, read out after its label. */
  readonly about?: string;
  /** Asked before it is done. */
  readonly question: string;
}

/** A button that asks first; Escape and "No" change nothing. */
export function question(texts: OperateTexts, options: QuestionOptions): HTMLElement {
  const place = el('div', { class: 'question-place' });
  const danger = options.look === 'danger' ? ' button-danger' : '';
  const ask = button({
    label: options.label,
    ...(options.about === undefined ? {} : { about: options.about }),
    class: `button button-small${danger}`,
    ...(options.key === undefined ? {} : { key: options.key }),
    press: () => {
      place.replaceChildren(asking);
      asking.focus();
    },
  });
  const back = (): void => {
    place.replaceChildren(ask);
    ask.focus();
  };
  const id = freshId('question');
  const asking = el(
    'div',
    {
      class: 'question',
      attributes: { role: 'group', tabindex: -1, 'aria-labelledby': id },
      on: {
        keydown: (event) => {
          if (event.key === 'Escape') back();
        },
      },
    },
    el('p', { id }, options.question),
    el(
      'div',
      { class: 'card-actions' },
      deed(texts, { label: options.label, look: options.look ?? 'main', run: options.run }),
      button({ label: texts.t('op.no'), class: 'button button-quiet', press: back }),
    ),
  );
  place.append(ask);
  return place;
}

/** A labelled list to choose from. */
export class Choice {
  readonly element: HTMLElement;
  readonly select: HTMLSelectElement;

  constructor(label: string, options: readonly (readonly [value: string, label: string])[], value?: string) {
    const id = freshId('choice');
    this.select = el(
      'select',
      { id },
      ...options.map(([one, says]) => el('option', { attributes: { value: one } }, says)),
    );
    if (value !== undefined) this.select.value = value;
    this.element = el('div', { class: 'field' }, el('label', { attributes: { for: id } }, label), this.select);
  }

  get value(): string {
    return this.select.value;
  }
}

/** Somebody by name, leading to what is known of them. */
export function personLink(house: House, texts: OperateTexts, did: string, named: Named | undefined): HTMLElement {
  const name = house.nameOf(did, named);
  return el(
    'a',
    { class: 'person-link', attributes: { href: `#people=${did}`, title: named?.fingerprint } },
    name ? bdi(name) : `${texts.t('op.nameless')} ${named?.fingerprint.split(' ')[0] ?? ''}`.trim(),
  );
}

export function roleText(texts: OperateTexts, role: string): string {
  const known: Readonly<Record<string, OperateKey>> = {
    artisan: 'role.artisan',
    keeper: 'role.keeper',
    operator: 'role.operator',
  };
  const key = known[role];
  return key ? texts.t(key) : role;
}

export function stallText(house: House, texts: OperateTexts, id: string | null): string {
  const stall = house.stalls.find((one) => one.id === id);
  return (stall && textIn(stall.name, texts.language)) || (id ?? '');
}

/** "Artisan: Kiln & Tea", "Keeper". */
export function rightText(house: House, texts: OperateTexts, role: Role, stall: string | null): string {
  const name = roleText(texts, role);
  return stall === null ? name : texts.t('op.right', { role: name, stall: stallText(house, texts, stall) });
}
