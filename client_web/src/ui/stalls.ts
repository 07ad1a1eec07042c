/**
 * The alley in words: stalls, what they show, and the way to each. It is the panel "Stalls" and at the same time the
 * whole visit for somebody who doesn't see the picture.
 */

import type { Texts } from '../i18n';
import type { Exhibit, StallEntry } from '../net/wire.gen';
import { textIn } from '../world/local_text';
import type { World } from '../world/world';
import { bdi, button, el, replaceChildren } from './dom';
import { icon } from './icons';
import { Panel } from './panel';

export interface StallsHooks {
  goTo(stall: StallEntry): void;
  inspect(exhibitId: string): void;
}

export class StallsPanel {
  readonly panel: Panel;
  readonly #texts: Texts;
  readonly #world: World;
  readonly #hooks: StallsHooks;
  readonly #unsubscribe: (() => void)[];
  readonly #content = el('div', { class: 'stalls-content' });
  #below: HTMLElement | null = null;
  #shown: string | null = null;
  #here: string | null = null;

  constructor(texts: Texts, world: World, hooks: StallsHooks) {
    this.#texts = texts;
    this.#world = world;
    this.#hooks = hooks;
    this.panel = new Panel(texts, texts.t('stalls.title'), 'stalls');
    this.panel.body.append(this.#content);
    const render = (): void => this.#render();
    this.#unsubscribe = [world.on('room', render), world.on('scene', render)];
    this.#render();
  }

  dispose(): void {
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
  }

  /** Something that lies below the list of all stalls. */
  set below(element: HTMLElement) {
    this.#below?.remove();
    this.#below = element;
    this.panel.body.append(element);
    this.#render();
  }

  /** The stall where the visitor stands now. */
  setHere(stallId: string | null): void {
    if (stallId === this.#here) return;
    this.#here = stallId;
    this.#render();
  }

  /** Show what one stall has, or with null all stalls. */
  show(stallId: string | null): void {
    this.#shown = stallId;
    this.#render();
    this.panel.heading.focus({ preventScroll: true });
    this.panel.body.scrollTop = 0;
  }

  #entry(stallId: string): StallEntry | undefined {
    return this.#world.directory.find((entry) => entry.id === stallId);
  }

  #render(): void {
    const entry = this.#shown === null ? undefined : this.#entry(this.#shown);
    if (this.#shown !== null && !entry) this.#shown = null;
    replaceChildren(this.panel.heading, entry ? bdi(this.#say(entry.name)) : this.#texts.t('stalls.title'));
    if (this.#below) this.#below.hidden = entry !== undefined;
    if (entry) this.#renderStall(entry);
    else this.#renderAll();
  }

  #say(text: StallEntry['name']): string {
    return textIn(text, this.#texts.language);
  }

  /** Who makes what is shown there. */
  #maker({ maker }: StallEntry): HTMLElement | string {
    return maker ? bdi(this.#texts.t('stalls.by', { maker })) : this.#texts.t('stalls.toLet');
  }

  #renderAll(): void {
    const { directory, room } = this.#world;
    const about = room ? textIn(room.about, this.#texts.language) : '';
    const list = el('ul', { class: 'stall-list' }, ...directory.map((entry) => this.#stallItem(entry)));
    replaceChildren(
      this.#content,
      el('p', { class: 'panel-intro' }, about ? bdi(about) : this.#texts.t('stalls.intro')),
      directory.length ? list : el('p', { class: 'empty' }, this.#texts.t('stalls.empty')),
    );
  }

  #stallItem(entry: StallEntry): HTMLElement {
    const texts = this.#texts;
    const name = this.#say(entry.name);
    const isHere = entry.id === this.#here;
    const mark = el('span', { class: 'noren', attributes: { 'aria-hidden': 'true' } });
    mark.style.setProperty('--accent', colourOf(entry.accent));
    return el(
      'li',
      { class: 'stall-item', attributes: { 'aria-current': isHere ? 'location' : null } },
      mark,
      el(
        'div',
        { class: 'stall-words' },
        el('h3', { class: 'stall-name' }, bdi(name)),
        el(
          'p',
          { class: 'stall-craft' },
          bdi(this.#say(entry.craft)),
          ' · ',
          this.#maker(entry),
          ' · ',
          texts.count('stalls.exhibitsOne', 'stalls.exhibits', entry.exhibitCount),
        ),
        isHere && el('p', { class: 'badge' }, texts.t('stalls.here')),
      ),
      el(
        'div',
        { class: 'stall-actions' },
        button({
          label: texts.t('stalls.show'),
          about: name,
          class: 'button',
          key: `show ${entry.id}`,
          press: () => this.show(entry.id),
        }),
        !isHere && this.#goButton(entry, name),
      ),
    );
  }

  #goButton(entry: StallEntry, name: string): HTMLButtonElement {
    return button({
      label: this.#texts.t('stalls.go'),
      about: name,
      class: 'button button-quiet',
      key: `go ${entry.id}`,
      press: () => {
        const now = this.#entry(entry.id);
        if (now) this.#hooks.goTo(now);
      },
    });
  }

  #renderStall(entry: StallEntry): void {
    const texts = this.#texts;
    const stall = this.#world.stall(entry.id);
    const exhibits = this.#world.exhibitsOf(entry.id);
    const isHere = entry.id === this.#here;
    const empty = entry.exhibitCount === 0 ? 'stalls.noExhibits' : 'stalls.far';
    replaceChildren(
      this.#content,
      button({
        label: texts.t('stalls.all'),
        class: 'button button-back',
        icon: icon('back'),
        key: 'all',
        press: () => this.show(null),
      }),
      el('p', { class: 'stall-craft' }, bdi(this.#say(entry.craft)), ' · ', this.#maker(entry)),
      stall && el('p', { class: 'panel-intro' }, bdi(this.#say(stall.about))),
      isHere
        ? el('p', { class: 'badge' }, texts.t('stalls.here'))
        : el('div', { class: 'stall-actions' }, this.#goButton(entry, this.#say(entry.name))),
      exhibits.length
        ? el('ul', { class: 'exhibit-list' }, ...exhibits.map((exhibit) => this.#exhibitItem(exhibit)))
        : el('p', { class: 'empty' }, texts.t(empty)),
    );
  }

  #exhibitItem(exhibit: Exhibit): HTMLElement {
    const texts = this.#texts;
    const title = this.#say(exhibit.title);
    const price =
      exhibit.priceMinor === null ? texts.t('exhibit.notForSale') : texts.price(exhibit.priceMinor, exhibit.currency);
    return el(
      'li',
      { class: 'exhibit-item' },
      el(
        'div',
        {},
        el('h3', { class: 'exhibit-name' }, bdi(title)),
        el('p', { class: 'exhibit-facts' }, bdi(this.#say(exhibit.materials)), ' · ', price),
      ),
      button({
        label: texts.t('stalls.look'),
        about: title,
        class: 'button button-quiet',
        key: `look ${exhibit.id}`,
        press: () => this.#hooks.inspect(exhibit.id),
      }),
    );
  }
}

export function colourOf(accent: number): string {
  return `#${(accent & 0xffffff).toString(16).padStart(6, '0')}`;
}
