/** Who is here: those in sight at once, the whole alley on asking; mute, block, and both undone. */

import type { Texts } from '../i18n';
import { Presence, Relation, Role } from '../net/wire.gen';
import { fullName, type Person, type World } from '../world/world';
import type { Announcer } from './announcer';
import { bdi, button, el, replaceChildren } from './dom';
import { icon } from './icons';
import type { Panel } from './panel';

const ROSTER_EVERY_MS = 8000;

export class PeoplePanel {
  readonly panel: Panel;
  readonly #texts: Texts;
  readonly #world: World;
  readonly #announcer: Announcer;
  readonly #unsubscribe: (() => void)[];
  /** The form of a keeper who steps in. */
  readonly #moderating = el('div', { class: 'moderating' });
  readonly #near = el('ul', { class: 'people-list' });
  readonly #all = el('ul', { class: 'people-list' });
  readonly #set = el('ul', { class: 'people-list' });
  readonly #setSection: HTMLElement;
  readonly #allHint = el('p', { class: 'empty' });
  readonly #nearHint: HTMLElement;
  #roster: readonly Person[] = [];
  #total = 0;
  #timer = 0;

  constructor(texts: Texts, world: World, announcer: Announcer, panel: Panel) {
    this.#texts = texts;
    this.#world = world;
    this.#announcer = announcer;
    this.panel = panel;
    this.#nearHint = el('p', { class: 'empty' }, texts.t('people.nobodyNear'));
    this.#setSection = this.#section('people.set', this.#set);
    this.panel.body.append(
      this.#moderating,
      this.#section('people.near', this.#near, this.#nearHint),
      this.#section('people.all', this.#all, this.#allHint),
      this.#setSection,
      el('p', { class: 'hint' }, texts.t('people.explain')),
    );
    const render = (): void => this.#render();
    this.#unsubscribe = [
      ...(['enter', 'changed', 'gone', 'relations', 'own', 'census'] as const).map((name) => world.on(name, render)),
      world.on('roster', ({ people, total }) => {
        this.#roster = people;
        this.#total = total;
        this.#render();
      }),
    ];
  }

  dispose(): void {
    window.clearInterval(this.#timer);
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
  }

  /** While the panel is open the whole alley is asked for now and then. */
  opened(isOpen: boolean): void {
    window.clearInterval(this.#timer);
    if (!isOpen) return;
    this.#render();
    this.#world.askRoster();
    this.#timer = window.setInterval(() => this.#world.askRoster(), ROSTER_EVERY_MS);
  }

  /** Go to the line of somebody in sight. */
  focus(slot: number): void {
    const id = this.#world.people.get(slot)?.id;
    for (const one of this.#near.querySelectorAll<HTMLElement>('[data-key]')) {
      if (one.dataset['key'] === `mute ${id}`) one.focus();
    }
  }

  #section(title: 'people.near' | 'people.all' | 'people.set', ...content: Node[]): HTMLElement {
    return el('div', { class: 'people-section' }, el('h3', {}, this.#texts.t(title)), ...content);
  }

  #render(): void {
    if (!this.panel.isOpen) return;
    const near = [...this.#world.people.values()].sort((a, b) => a.name.localeCompare(b.name, this.#texts.language));
    replaceChildren(this.#near, ...near.map((person) => this.#item(person, 'near')));
    this.#near.hidden = near.length === 0;
    this.#nearHint.hidden = near.length > 0;

    const rest = this.#roster.filter((person) => !this.#world.people.has(person.slot));
    const ownId = this.#world.card?.visitorId;
    replaceChildren(this.#all, ...rest.map((person) => this.#item(person, person.id === ownId ? 'own' : 'far')));
    this.#all.hidden = rest.length === 0;
    const more = this.#total - this.#roster.length;
    const isAlone = this.#world.visitors <= 1 && near.length === 0;
    this.#allHint.textContent = isAlone
      ? this.#texts.t('people.nobodyElse')
      : more > 0
        ? this.#texts.t('people.more', { count: more })
        : '';
    this.#allHint.hidden = !this.#allHint.textContent;

    const entries = [...this.#world.relations].filter(([, { relation }]) => relation !== Relation.NONE);
    replaceChildren(this.#set, ...entries.map(([id, { name, relation }]) => this.#relatedItem(id, name, relation)));
    this.#setSection.hidden = entries.length === 0;
  }

  #item(person: Person, kind: 'near' | 'far' | 'own'): HTMLElement {
    const texts = this.#texts;
    const relation = this.#world.relations.get(person.id)?.relation ?? Relation.NONE;
    const marks = [
      kind === 'own' && texts.t('people.you'),
      person.roles & Role.ARTISAN && texts.t('people.artisan'),
      person.roles & Role.KEEPER && texts.t('people.keeper'),
      person.roles & Role.OPERATOR && texts.t('people.operator'),
      person.presence === Presence.LOST && texts.t('people.lost'),
      relation === Relation.MUTE && texts.t('people.muted'),
    ].filter((mark): mark is string => typeof mark === 'string');
    return el(
      'li',
      { class: person.presence === Presence.LOST ? 'person is-lost' : 'person' },
      el(
        'span',
        { class: 'person-name' },
        this.#page(person),
        ...marks.map((mark) => el('span', { class: 'person-mark' }, ` (${mark})`)),
      ),
      kind !== 'own' && relation === Relation.NONE && this.#choices(person),
    );
  }

  /** The way to their page, beside the alley. */
  #page(person: Person): HTMLElement {
    const texts = this.#texts;
    const name = fullName(person);
    return el(
      'a',
      {
        class: 'person-page',
        attributes: {
          href: `${this.#world.origin}/people/${person.id}`,
          target: '_blank',
          rel: 'noopener',
          title: texts.t('people.who'),
          'data-key': `who ${person.id}`,
        },
      },
      bdi(name),
    );
  }

  #choices(person: Person): HTMLElement {
    const texts = this.#texts;
    const { id, name } = person;
    return el(
      'span',
      { class: 'person-choices' },
      button({
        label: texts.t('people.mute'),
        about: name,
        class: 'button button-small',
        key: `mute ${id}`,
        press: () => this.#relate(id, name, Relation.MUTE),
      }),
      button({
        label: texts.t('people.block'),
        about: name,
        class: 'button button-small',
        key: `block ${id}`,
        press: () => this.#relate(id, name, Relation.BLOCK),
      }),
      this.#world.looksAfter &&
        (person.roles & (Role.KEEPER | Role.OPERATOR)) === 0 &&
        button({
          label: texts.t('people.moderate'),
          about: name,
          class: 'button button-small',
          key: `moderate ${id}`,
          press: () => void this.#moderate(id, name),
        }),
    );
  }

  async #moderate(id: string, name: string): Promise<void> {
    const texts = this.#texts;
    const close = (): void => {
      this.#moderating.replaceChildren();
      const [again] = [...this.panel.body.querySelectorAll<HTMLElement>('[data-key]')].filter(
        (one) => one.dataset['key'] === `moderate ${id}`,
      );
      (again ?? this.panel.heading).focus();
    };
    try {
      const { moderate } = await import('./moderate');
      const form = await moderate(texts.language, { id, name }, { announcer: this.#announcer, close });
      this.#moderating.replaceChildren(form);
      form.querySelector('select')?.focus();
    } catch (error) {
      if (!(error instanceof TypeError)) reportError(error);
      const again = { label: texts.t('late.again'), press: () => void this.#moderate(id, name) };
      this.#announcer.tell({ text: texts.t('late.failed'), action: again });
    }
  }

  #relatedItem(id: string, name: string, relation: Relation): HTMLElement {
    const texts = this.#texts;
    const isMuted = relation === Relation.MUTE;
    return el(
      'li',
      { class: 'person' },
      el(
        'span',
        { class: 'person-name' },
        bdi(name),
        el('span', { class: 'person-mark' }, ` (${texts.t(isMuted ? 'people.muted' : 'people.blocked')})`),
      ),
      button({
        label: texts.t(isMuted ? 'people.unmute' : 'people.unblock'),
        about: name,
        class: 'button button-small',
        icon: icon('again'),
        key: `forgive ${id}`,
        press: () => this.#world.relate(id, Relation.NONE),
      }),
    );
  }

  #relate(id: string, name: string, relation: Relation): void {
    if (!this.#world.relate(id, relation)) return;
    this.panel.heading.focus({ preventScroll: true });
    this.#announcer.tell({
      text: this.#texts.t(relation === Relation.MUTE ? 'people.didMute' : 'people.didBlock', { name }),
      action: { label: this.#texts.t('people.undo'), press: () => this.#world.relate(id, Relation.NONE) },
    });
  }
}
