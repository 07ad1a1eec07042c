/** One piece, closely: a dialog with the piece turning, its words, and its neighbours on the shelf. */

import type { Texts } from '../i18n';
import type { Exhibit } from '../net/wire.gen';
import type { OrbitHandle } from '../scene/types';
import { type LocalText, textIn } from '../world/local_text';
import type { World } from '../world/world';
import { bdi, button, el, freshId, replaceChildren } from './dom';
import { icon } from './icons';
import { failure } from './late';
import { colourOf } from './stalls';

export interface ExhibitHooks {
  /** Draws the piece on the canvas; null when nothing can be drawn. */
  openOrbit: ((canvas: HTMLCanvasElement, exhibitId: string) => Promise<OrbitHandle>) | null;
  opened(exhibitId: string): void;
  closed(): void;
  /** Load the page again. */
  reload(): void;
}

export class ExhibitDialog {
  readonly element: HTMLDialogElement;
  hooks: ExhibitHooks;
  readonly #texts: Texts;
  readonly #world: World;
  readonly #title: HTMLHeadingElement;
  readonly #canvas: HTMLCanvasElement;
  readonly #stage: HTMLElement;
  readonly #noPicture = el('div');
  readonly #words: HTMLElement;
  readonly #count: HTMLElement;
  readonly #previous: HTMLButtonElement;
  readonly #next: HTMLButtonElement;
  readonly #unsubscribe: () => void;
  #orbit: Promise<OrbitHandle | null> | null = null;
  #shown: string | null = null;
  #returnFocus: HTMLElement | null = null;

  constructor(texts: Texts, world: World, hooks: ExhibitHooks) {
    this.#texts = texts;
    this.#world = world;
    this.hooks = hooks;
    const id = freshId('exhibit');
    this.#title = el('h2', { id, class: 'exhibit-title', attributes: { tabindex: -1 } });
    this.#canvas = el('canvas', {
      class: 'exhibit-canvas',
      attributes: { role: 'img', 'aria-label': texts.t('exhibit.turn'), tabindex: 0 },
    });
    this.#stage = el('div', { class: 'exhibit-stage' }, this.#canvas);
    this.#noPicture.hidden = true;
    this.#words = el('div', { class: 'exhibit-words' });
    this.#count = el('p', { class: 'exhibit-count', attributes: { role: 'status' } });
    this.#previous = this.#stepButton(-1);
    this.#next = this.#stepButton(1);
    this.element = el(
      'dialog',
      { class: 'exhibit', attributes: { 'aria-labelledby': id }, on: { close: () => this.#closed() } },
      el(
        'div',
        { class: 'exhibit-frame' },
        this.#stage,
        el(
          'div',
          { class: 'paper exhibit-card' },
          this.#title,
          this.#noPicture,
          this.#words,
          el(
            'div',
            { class: 'exhibit-foot' },
            el('div', { class: 'exhibit-steps' }, this.#previous, this.#count, this.#next),
            button({ label: texts.t('exhibit.close'), class: 'button button-main', press: () => this.close() }),
          ),
        ),
      ),
    );
    this.element.addEventListener('keydown', (event) => this.#key(event));
    this.#unsubscribe = world.on('scene', () => this.#refresh());
  }

  dispose(): void {
    this.#unsubscribe();
    if (this.element.open) this.element.close();
  }

  get isOpen(): boolean {
    return this.element.open;
  }

  open(exhibitId: string): void {
    if (!this.#world.exhibit(exhibitId)) return;
    if (!this.element.open) {
      this.#returnFocus = document.activeElement instanceof HTMLElement ? document.activeElement : null;
      this.element.showModal();
    }
    this.#show(exhibitId);
    this.#title.focus({ preventScroll: true });
  }

  close(): void {
    if (this.element.open) this.element.close();
  }

  #stepButton(by: 1 | -1): HTMLButtonElement {
    return button({
      label: '',
      says: this.#texts.t(by < 0 ? 'exhibit.previous' : 'exhibit.next'),
      class: 'button-round',
      icon: icon(by < 0 ? 'back' : 'forward'),
      press: () => this.#step(by),
    });
  }

  #key(event: KeyboardEvent): void {
    // The arrow keys turn the piece while it has the focus; elsewhere they walk along the shelf.
    if (event.target === this.#canvas) return;
    if (event.key === 'ArrowLeft') this.#step(-1);
    else if (event.key === 'ArrowRight') this.#step(1);
  }

  get #shelf(): readonly Exhibit[] {
    const exhibit = this.#shown === null ? undefined : this.#world.exhibit(this.#shown);
    return exhibit ? this.#world.exhibitsOf(exhibit.stallId) : [];
  }

  #step(by: 1 | -1): void {
    const shelf = this.#shelf;
    const at = shelf.findIndex((one) => one.id === this.#shown);
    const next = shelf[(at + by + shelf.length) % shelf.length];
    if (next && next.id !== this.#shown) this.#show(next.id);
  }

  #refresh(): void {
    if (this.#shown === null || !this.element.open) return;
    const exhibit = this.#world.exhibit(this.#shown);
    if (exhibit) this.#describe(exhibit);
    else this.close();
  }

  #show(exhibitId: string): void {
    const exhibit = this.#world.exhibit(exhibitId);
    if (!exhibit) return;
    this.#shown = exhibitId;
    this.#describe(exhibit);
    this.#draw(exhibitId);
    this.hooks.opened(exhibitId);
  }

  #draw(exhibitId: string): void {
    const { openOrbit } = this.hooks;
    this.#stage.hidden = openOrbit === null;
    this.#noPicture.hidden = true;
    if (!openOrbit) return;
    if (this.#orbit) {
      void this.#orbit.then((orbit) => orbit?.show(exhibitId));
      return;
    }
    this.#orbit = openOrbit(this.#canvas, exhibitId).catch((error: unknown) => {
      reportError(error);
      this.#orbit = null;
      this.#stage.hidden = true;
      this.#noPicture.hidden = false;
      const again = (): void => {
        if (this.#shown !== null) this.#draw(this.#shown);
      };
      this.#noPicture.replaceChildren(failure(this.#texts, again, this.hooks.reload));
      return null;
    });
  }

  #describe(exhibit: Exhibit): void {
    const texts = this.#texts;
    const say = (text: LocalText): string => textIn(text, texts.language);
    const stall = this.#world.stall(exhibit.stallId);
    const shelf = this.#shelf;
    const number = shelf.findIndex((one) => one.id === exhibit.id) + 1;
    this.element.style.setProperty('--accent', colourOf(stall?.accent ?? 0x28407a));
    replaceChildren(this.#title, bdi(say(exhibit.title)));
    const price =
      exhibit.priceMinor === null ? texts.t('exhibit.notForSale') : texts.price(exhibit.priceMinor, exhibit.currency);
    const [width, height, depth] = exhibit.sizeCm;
    const size = { width, height, depth };
    const fact = (key: 'exhibit.price' | 'exhibit.materials' | 'exhibit.size' | 'exhibit.maker', value: Node) =>
      el('div', { class: 'fact' }, el('dt', {}, texts.t(key)), el('dd', {}, value));
    replaceChildren(
      this.#words,
      stall && el('p', { class: 'exhibit-from' }, bdi(say(stall.name))),
      el('p', { class: 'exhibit-about' }, bdi(say(exhibit.about))),
      el(
        'dl',
        { class: 'facts' },
        fact('exhibit.price', el('strong', { class: 'exhibit-price' }, price)),
        fact('exhibit.materials', bdi(say(exhibit.materials))),
        fact(
          'exhibit.size',
          el(
            'span',
            {},
            el('span', { attributes: { 'aria-hidden': 'true' } }, texts.t('exhibit.sizeValue', size)),
            el('span', { class: 'visually-hidden' }, texts.t('exhibit.sizeLong', size)),
          ),
        ),
        stall?.maker && fact('exhibit.maker', bdi(stall.maker)),
      ),
    );
    this.#count.textContent = texts.t('exhibit.position', { number, count: shelf.length });
    this.#previous.hidden = shelf.length < 2;
    this.#next.hidden = shelf.length < 2;
  }

  #closed(): void {
    this.#shown = null;
    void this.#orbit?.then((orbit) => orbit?.close());
    this.#orbit = null;
    this.hooks.closed();
    standIn(this.#returnFocus)?.focus({ preventScroll: true });
    this.#returnFocus = null;
  }
}

/** An element, or what took its place when its list was written anew meanwhile. */
function standIn(element: HTMLElement | null): HTMLElement | null {
  const key = element?.dataset['key'];
  if (!element || element.isConnected || key === undefined) return element;
  return [...document.querySelectorAll<HTMLElement>('[data-key]')].find((one) => one.dataset['key'] === key) ?? null;
}
