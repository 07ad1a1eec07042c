/** The pieces that pages are made of: cards, fields, forms, deeds that may fail, notices, and how far something is. */

import type { Texts } from '../i18n';
import { type Child, el, freshId, setAttribute } from '../ui/dom';
import type { PageKey } from './i18n/en';

/** A fault in words of the visitor's language: shown as it is. */
export class Problem extends Error {
  /** The field that it is about. */
  readonly field: Field | undefined;

  constructor(message: string, field?: Field) {
    super(message);
    this.field = field;
  }
}

/** A sheet of paper with a heading of its own. */
export function card(title: string, ...content: Child[]): HTMLElement {
  const id = freshId('card');
  return el(
    'section',
    { class: 'paper card', attributes: { 'aria-labelledby': id } },
    el('h2', { id, class: 'card-title' }, title),
    ...content,
  );
}

/** Something to know before going on; a warning stands out. */
export function notice(kind: 'note' | 'warning' | 'done', ...content: Child[]): HTMLElement {
  return el('div', { class: `card-notice is-${kind}` }, ...content);
}

/** A row of buttons and links. */
export function actions(...children: Child[]): HTMLElement {
  return el('div', { class: 'card-actions' }, ...children);
}

export interface FieldOptions {
  readonly label: string;
  readonly hint?: string;
  readonly type?: 'text' | 'password' | 'url' | 'date' | 'number';
  readonly value?: string;
  readonly autocomplete?: string;
  readonly maxChars?: number;
  readonly isRequired?: boolean;
  /** Several lines. */
  readonly isLong?: boolean;
  /** Keys and addresses: no corrections, letters of one width. */
  readonly isCode?: boolean;
}

/** A labelled field with its hint and its own problem. */
export class Field {
  readonly element: HTMLElement;
  readonly input: HTMLInputElement | HTMLTextAreaElement;
  readonly isRequired: boolean;
  readonly #problem: HTMLElement;

  constructor(options: FieldOptions) {
    const id = freshId('field');
    this.isRequired = options.isRequired ?? false;
    this.#problem = el('p', { class: 'problem', id: `${id}-problem`, attributes: { role: 'alert' } });
    const attributes = {
      autocomplete: options.autocomplete ?? 'off',
      maxlength: options.maxChars,
      'aria-required': this.isRequired ? 'true' : null,
      'aria-describedby': `${options.hint ? `${id}-hint ` : ''}${id}-problem`,
      dir: options.isCode ? 'ltr' : 'auto',
      ...(options.isCode ? { spellcheck: 'false', autocapitalize: 'none', autocorrect: 'off' } : {}),
    };
    const shared = { id, class: options.isCode ? 'is-code' : '', on: { input: () => this.complain('') } };
    this.input = options.isLong
      ? el('textarea', { ...shared, attributes: { ...attributes, rows: 4 } })
      : el('input', { ...shared, attributes: { ...attributes, type: options.type ?? 'text' } });
    this.input.value = options.value ?? '';
    this.element = el(
      'div',
      { class: 'field' },
      el('label', { attributes: { for: id } }, options.label),
      this.input,
      options.hint && el('p', { class: 'hint', id: `${id}-hint` }, options.hint),
      this.#problem,
    );
  }

  get value(): string {
    return this.input.value;
  }

  /** Say what is wrong with it; an empty text takes it back. */
  complain(text: string): void {
    if (this.#problem.textContent !== text) this.#problem.textContent = text;
    setAttribute(this.input, 'aria-invalid', text ? 'true' : null);
  }
}

export interface DeedOptions {
  readonly label: string;
  readonly look?: 'main' | 'quiet' | 'danger';
  /** Finds the button again when its view is built anew. */
  readonly key?: string;
  /** Does it. What it throws is told: a `Problem` in its own words. */
  readonly run: () => Promise<void> | void;
}

/** A button for something that takes a while or may fail. It never works twice at once and never stays silent. */
export function deed(texts: Texts<PageKey>, options: DeedOptions): HTMLElement {
  const { element, button, problem, run } = deedParts(texts, options);
  button.type = 'button';
  button.addEventListener('click', () => void run());
  element.append(button, problem);
  return element;
}

/** Fields with one button that sends them; Enter does so too. Required fields are looked at first. */
export function form(texts: Texts<PageKey>, options: DeedOptions, ...content: (Field | Child)[]): HTMLFormElement {
  const fields = content.filter((one): one is Field => one instanceof Field);
  const check = (): void => {
    const empty = fields.find((field) => field.isRequired && !field.value.trim());
    if (empty) throw new Problem(texts.t('page.fillIn'), empty);
  };
  const { element, button, problem, run } = deedParts(texts, options, check);
  button.type = 'submit';
  element.append(button, problem);
  return el(
    'form',
    {
      class: 'card-form',
      attributes: { novalidate: true },
      on: {
        submit: (event) => {
          event.preventDefault();
          void run();
        },
      },
    },
    ...content.map((one) => (one instanceof Field ? one.element : one)),
    element,
  );
}

interface DeedParts {
  readonly element: HTMLElement;
  readonly button: HTMLButtonElement;
  readonly problem: HTMLElement;
  run(): Promise<void>;
}

function deedParts(texts: Texts<PageKey>, options: DeedOptions, check: () => void = () => undefined): DeedParts {
  const label = el('span', { class: 'button-label' }, options.label);
  const button = el(
    'button',
    { class: `button button-${options.look ?? 'main'}`, attributes: { 'data-key': options.key } },
    label,
  );
  const problem = el('p', { class: 'problem', attributes: { role: 'alert' } });
  let isRunning = false;
  const run = async (): Promise<void> => {
    if (isRunning) return;
    isRunning = true;
    problem.textContent = '';
    // Not `disabled`: the focus would be lost.
    button.setAttribute('aria-disabled', 'true');
    label.textContent = texts.t('page.busy');
    try {
      check();
      await options.run();
    } catch (error) {
      tellProblem(texts, error, problem);
    } finally {
      isRunning = false;
      button.removeAttribute('aria-disabled');
      label.textContent = options.label;
    }
  };
  return { element: el('div', { class: 'deed' }), button, problem, run };
}

function tellProblem(texts: Texts<PageKey>, error: unknown, place: HTMLElement): void {
  if (error instanceof Problem && error.field) {
    error.field.complain(error.message);
    error.field.input.focus();
    return;
  }
  if (!(error instanceof Problem)) reportError(error);
  place.textContent = problemText(texts, error);
}

/** What went wrong, in words: those of a `Problem`, or that the alley cannot be reached, or that it did not work. */
export function problemText(texts: Texts<PageKey>, error: unknown): string {
  if (error instanceof Problem) return error.message;
  // What `fetch` throws when there is no way to the server.
  return texts.t(error instanceof TypeError ? 'page.unreachable' : 'page.failed');
}

export interface Progress {
  readonly element: HTMLElement;
  /** From 0 to 1; null when nobody can say. */
  set(share: number | null): void;
}

export function progress(texts: Texts<PageKey>, label: string): Progress {
  const id = freshId('progress');
  const bar = el('progress', { class: 'progress-bar', attributes: { max: 1, 'aria-labelledby': id } });
  const percent = el('span', { class: 'progress-percent', attributes: { 'aria-hidden': 'true' } });
  return {
    element: el(
      'div',
      { class: 'progress' },
      el('p', { class: 'progress-label' }, el('span', { id }, label), percent),
      bar,
    ),
    set: (share) => {
      setAttribute(bar, 'value', share === null ? null : Math.max(0, Math.min(1, share)));
      percent.textContent = share === null ? '' : texts.t('page.percent', { percent: Math.round(share * 100) });
    },
  };
}

/** Names and what they stand for. */
export function facts(...pairs: readonly (readonly [name: string, value: Child])[]): HTMLElement {
  return el(
    'dl',
    { class: 'facts' },
    ...pairs.map(([name, value]) => el('div', { class: 'fact' }, el('dt', {}, name), el('dd', {}, value))),
  );
}
