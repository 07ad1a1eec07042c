/** The first page: what this alley is, a name, a doll, a language, and the way in. */

import type { Texts } from '../i18n';
import { MAX_NAME_CHARS } from '../net/wire.gen';
import { textIn } from '../world/local_text';
import type { Settings } from '../world/settings';
import type { AlleySummary } from '../world/summary';
import { bdi, el, freshId, replaceChildren } from './dom';
import { languageChooser } from './language';
import { LookChooser } from './look_chooser';
import { type Profile, tidyName } from './profile';

export interface ArrivalHooks {
  enter(): void;
}

export class Arrival {
  readonly element: HTMLElement;
  readonly #texts: Texts;
  readonly #heading: HTMLHeadingElement;
  readonly #about: HTMLElement;
  readonly #who: HTMLElement;
  readonly #name: HTMLInputElement;
  readonly #problem: HTMLElement;
  readonly #profile: Profile;
  readonly #hooks: ArrivalHooks;

  constructor(texts: Texts, settings: Settings, profile: Profile, hooks: ArrivalHooks) {
    this.#texts = texts;
    this.#profile = profile;
    this.#hooks = hooks;
    this.#heading = el('h1', { class: 'arrival-title' }, texts.t('app.name'));
    this.#about = el('p', { class: 'arrival-about' }, texts.t('arrival.about'));
    this.#who = el('p', { class: 'arrival-who', attributes: { role: 'status' } });
    this.#problem = el('p', { class: 'problem', id: freshId('problem'), attributes: { role: 'alert' } });
    this.#name = el('input', {
      id: 'name',
      attributes: {
        type: 'text',
        name: 'nickname',
        autocomplete: 'nickname',
        maxlength: MAX_NAME_CHARS,
        required: true,
        dir: 'auto',
        enterkeyhint: 'go',
        'aria-describedby': `name-hint ${this.#problem.id}`,
      },
      on: { input: () => this.#say('') },
    });
    this.#name.value = profile.name;
    const chooser = new LookChooser(texts, profile.look, (look) => {
      profile.look = look;
    });
    this.element = el(
      'main',
      { class: 'arrival' },
      el(
        'div',
        { class: 'arrival-head' },
        el('p', { class: 'kicker' }, texts.t('arrival.kicker')),
        this.#heading,
        this.#about,
        this.#who,
      ),
      this.#form(chooser, settings),
    );
  }

  #form(chooser: LookChooser, settings: Settings): HTMLFormElement {
    const texts = this.#texts;
    return el(
      'form',
      {
        class: 'paper arrival-form',
        attributes: { novalidate: true, autocomplete: 'on' },
        on: {
          submit: (event) => {
            event.preventDefault();
            this.#submit();
          },
        },
      },
      el(
        'div',
        { class: 'field' },
        el('label', { attributes: { for: 'name' } }, texts.t('arrival.name')),
        this.#name,
        el('p', { class: 'hint', id: 'name-hint' }, texts.t('arrival.nameHint')),
        this.#problem,
      ),
      chooser.element,
      el(
        'div',
        { class: 'arrival-foot' },
        languageChooser(texts.t('app.language'), settings),
        el('button', { class: 'button button-main', attributes: { type: 'submit' } }, texts.t('arrival.enter')),
      ),
      el('p', { class: 'hint' }, el('a', { attributes: { href: '/enter' } }, texts.t('arrival.elsewhere'))),
    );
  }

  /** Shows what the server says about the alley. */
  tell(summary: AlleySummary): void {
    const { language } = this.#texts;
    const title = textIn(summary.title, language);
    if (title) {
      replaceChildren(this.#heading, bdi(title));
      document.title = title;
    }
    const about = textIn(summary.about, language);
    if (about) replaceChildren(this.#about, bdi(about));
    const { visitors: count, capacity } = summary;
    const isFull = capacity > 0 && count >= capacity;
    this.#who.textContent = isFull
      ? this.#texts.t('arrival.full', { count })
      : count === 0
        ? this.#texts.t('arrival.quiet')
        : this.#texts.count('arrival.visitorsOne', 'arrival.visitors', count);
  }

  focus(): void {
    this.#name.focus({ preventScroll: true });
  }

  #say(problem: string): void {
    this.#problem.textContent = problem;
    this.#name.toggleAttribute('aria-invalid', problem !== '');
    if (problem) this.#name.setAttribute('aria-invalid', 'true');
  }

  #submit(): void {
    const name = tidyName(this.#name.value);
    if (!name) {
      this.#say(this.#texts.t('arrival.nameMissing'));
      this.#name.focus();
      return;
    }
    this.#profile.name = name;
    this.#hooks.enter();
  }
}
