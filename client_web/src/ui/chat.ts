/**
 * What is said: one line when folded, the talk and a field when open.
 *
 * The log is one live region that stays in the page in both forms, so that it is read out either way. Words that could
 * not be sent come back into the field.
 */

import type { Texts } from '../i18n';
import { type EmoteKind, MAX_CHAT_CHARS, Scope } from '../net/wire.gen';
import type { ChatLine, World } from '../world/world';
import type { Announcer } from './announcer';
import { bdi, button, el, freshId, withNodes } from './dom';
import { gestureOf, gestureRow } from './emotes';
import { icon } from './icons';
import { problemText } from './problems';

const LINES_SHOWN = 120;
const COUNT_FROM = 80;

export interface ChatHooks {
  /** Folded or unfolded. */
  toggled(isOpen: boolean): void;
  spoke(): void;
}

export class ChatPanel {
  readonly element: HTMLElement;
  readonly #texts: Texts;
  readonly #world: World;
  readonly #announcer: Announcer;
  readonly #hooks: ChatHooks;
  readonly #log: HTMLElement;
  readonly #input: HTMLInputElement;
  readonly #left: HTMLElement;
  readonly #fold: HTMLButtonElement;
  readonly #open: HTMLButtonElement;
  readonly #scopes: HTMLInputElement[] = [];
  readonly #unsubscribe: (() => void)[];

  constructor(texts: Texts, world: World, announcer: Announcer, hooks: ChatHooks) {
    this.#texts = texts;
    this.#world = world;
    this.#announcer = announcer;
    this.#hooks = hooks;
    this.#log = el('div', {
      class: 'chat-log',
      id: 'chat-log',
      attributes: { role: 'log', 'aria-label': texts.t('chat.log'), tabindex: 0 },
    });
    this.#left = el('p', { class: 'hint chat-left', id: freshId('left') });
    this.#input = this.#field();
    this.#fold = button({
      label: '',
      says: texts.t('chat.fold'),
      class: 'button-round button-plain chat-fold',
      icon: icon('fold'),
      press: () => this.setOpen(false),
    });
    this.#open = button({
      label: texts.t('chat.open'),
      class: 'button chat-open',
      icon: icon('talk'),
      press: () => this.setOpen(true),
    });
    this.element = this.#build();
    this.#showAll();
    this.#unsubscribe = [
      world.on('chat', (line) => this.#add(line)),
      world.on('history', () => this.#showAll()),
      world.on('gesture', ({ slot, kind }) => this.#gestured(slot, kind)),
      world.on('unsent', (words) => this.#returned(words)),
    ];
  }

  dispose(): void {
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
  }

  get isOpen(): boolean {
    return this.element.classList.contains('is-open');
  }

  /** What is written but not sent. */
  get draft(): string {
    return this.#input.value;
  }

  set draft(text: string) {
    this.#input.value = text;
  }

  setOpen(isOpen: boolean): void {
    const hadFocus = this.element.contains(document.activeElement);
    this.element.classList.toggle('is-open', isOpen);
    this.#open.setAttribute('aria-expanded', String(isOpen));
    this.#log.scrollTop = this.#log.scrollHeight;
    if (isOpen) this.#input.focus({ preventScroll: true });
    else if (hadFocus) this.#open.focus({ preventScroll: true });
    this.#hooks.toggled(isOpen);
  }

  #field(): HTMLInputElement {
    const input = el('input', {
      id: 'chat-text',
      class: 'chat-text',
      attributes: {
        type: 'text',
        maxlength: MAX_CHAT_CHARS,
        autocomplete: 'off',
        enterkeyhint: 'send',
        dir: 'auto',
        placeholder: this.#texts.t('chat.say'),
        'aria-label': this.#texts.t('chat.say'),
        'aria-describedby': this.#left.id,
      },
      on: { input: () => this.#count() },
    });
    return input;
  }

  #build(): HTMLElement {
    const texts = this.#texts;
    const title = freshId('chat');
    const form = el(
      'form',
      {
        class: 'chat-form',
        on: {
          submit: (event) => {
            event.preventDefault();
            this.#say();
          },
        },
      },
      this.#scopeChoice(),
      el(
        'div',
        { class: 'chat-row' },
        this.#input,
        el(
          'button',
          { class: 'button-round button-accent', attributes: { type: 'submit', 'aria-label': texts.t('chat.send') } },
          icon('send'),
        ),
      ),
      this.#left,
    );
    const gestures = gestureRow(texts, (kind) => this.#world.emote(kind));
    const section = el(
      'section',
      { class: 'chat', id: 'chat', attributes: { 'aria-labelledby': title } },
      el(
        'div',
        { class: 'chat-head' },
        el('h2', { id: title, class: 'panel-title' }, texts.t('chat.title')),
        this.#fold,
      ),
      this.#log,
      el('div', { class: 'chat-foot' }, form, gestures),
      this.#open,
    );
    this.#open.setAttribute('aria-expanded', 'false');
    section.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      this.setOpen(false);
    });
    return section;
  }

  #scopeChoice(): HTMLElement {
    const texts = this.#texts;
    const name = freshId('scope');
    const choice = (scope: Scope, label: string): HTMLElement => {
      const radio = el('input', { attributes: { type: 'radio', name, value: scope, checked: scope === Scope.NEAR } });
      this.#scopes.push(radio);
      return el('label', { class: 'choice' }, radio, el('span', {}, label));
    };
    return el(
      'fieldset',
      { class: 'choices' },
      el('legend', { class: 'visually-hidden' }, texts.t('chat.scope')),
      choice(Scope.NEAR, texts.t('chat.near')),
      choice(Scope.ALLEY, texts.t('chat.alley')),
    );
  }

  get #scope(): Scope {
    return this.#scopes.find((radio) => radio.checked)?.value === String(Scope.ALLEY) ? Scope.ALLEY : Scope.NEAR;
  }

  #count(): void {
    const left = MAX_CHAT_CHARS - [...this.#input.value].length;
    this.#left.textContent = left <= COUNT_FROM ? this.#texts.t('chat.left', { count: left }) : '';
  }

  #say(): void {
    const text = this.#input.value.trim();
    if (!text) return;
    if (!this.#world.say(this.#scope, text)) {
      this.#announcer.tell({ text: this.#texts.t('chat.unsent') });
      return;
    }
    this.#input.value = '';
    this.#count();
    this.#hooks.spoke();
  }

  #returned(words: { text: string; code: string; message: string }): void {
    const reason = problemText(this.#texts, words.code, words.message);
    if (!this.#input.value) this.#input.value = words.text;
    this.#count();
    const says = reason ? this.#texts.t('chat.unsentBecause', { reason }) : this.#texts.t('chat.unsent');
    this.#announcer.tell({ text: says });
  }

  #showAll(): void {
    this.#log.replaceChildren();
    const lines = this.#world.chat.slice(-LINES_SHOWN);
    const quiet = el('p', { class: 'empty chat-empty' }, this.#texts.t('chat.empty'));
    if (!lines.length) this.#log.append(quiet);
    for (const line of lines) this.#log.append(this.#line(line));
    this.#log.scrollTop = this.#log.scrollHeight;
  }

  #add(line: ChatLine): void {
    this.#put(this.#line(line));
  }

  #put(paragraph: HTMLElement): void {
    const isAtEnd = this.#log.scrollHeight - this.#log.scrollTop - this.#log.clientHeight < 40;
    this.#log.querySelector('.chat-empty')?.remove();
    this.#log.append(paragraph);
    while (this.#log.childElementCount > LINES_SHOWN) this.#log.firstElementChild?.remove();
    if (isAtEnd || !this.isOpen) this.#log.scrollTop = this.#log.scrollHeight;
  }

  #line(line: ChatLine): HTMLElement {
    const classes = ['chat-line', line.own && 'is-own', line.past && 'is-past'].filter(Boolean).join(' ');
    return el(
      'p',
      { class: classes },
      bdi(line.name, 'chat-name'),
      line.scope === Scope.ALLEY && el('span', { class: 'chat-mark' }, this.#texts.t('chat.alleyMark')),
      el('span', { class: 'visually-hidden' }, ': '),
      bdi(line.text, 'chat-words'),
      el(
        'time',
        { class: 'chat-time', attributes: { datetime: new Date(line.wallMs).toISOString() } },
        this.#texts.time(line.wallMs),
      ),
    );
  }

  #gestured(slot: number, kind: EmoteKind): void {
    const name = this.#world.people.get(slot)?.name;
    const gesture = gestureOf(kind);
    if (!name || !gesture) return;
    const words = withNodes(this.#texts.template(gesture.did), { name: bdi(name, 'chat-name') });
    this.#put(el('p', { class: 'chat-line is-gesture' }, ...words));
  }
}
