/**
 * Panels whose content is loaded when it is first wanted, or before, once the street has nothing better to do. The paper
 * with its heading is there from the start. If the content doesn't come, the paper says so and offers what helps.
 */

import type { Texts } from '../i18n';
import { button, el } from './dom';
import type { Panel } from './panel';

export interface Content {
  readonly panel: Panel;
  dispose?(): void;
}

export class LatePanel<T extends Content> {
  readonly panel: Panel;
  content: T | null = null;
  readonly #texts: Texts;
  readonly #load: () => Promise<(panel: Panel) => T>;
  readonly #reload: () => void;
  #isDisposed = false;

  /** `load` brings what fills the panel; `reload` loads the page again, which helps when the server has a new one. */
  constructor(texts: Texts, panel: Panel, load: () => Promise<(panel: Panel) => T>, reload: () => void) {
    this.#texts = texts;
    this.panel = panel;
    this.#load = load;
    this.#reload = reload;
  }

  /** Fill the panel, if nobody has yet; null when that didn't work, which the panel tells. */
  async fill(): Promise<T | null> {
    if (this.content || this.#isDisposed) return this.content;
    const { body } = this.panel;
    body.replaceChildren(el('p', { class: 'empty', attributes: { role: 'status' } }, this.#texts.t('late.loading')));
    try {
      const make = await this.#load();
      if (this.content || this.#isDisposed) return this.content;
      body.replaceChildren();
      this.content = make(this.panel);
    } catch {
      // Told where it is missed; a lost connection is no fault of the page.
      if (!this.content) body.replaceChildren(failure(this.#texts, () => void this.fill(), this.#reload));
    }
    return this.content;
  }

  /** Fill it quietly, before anybody asks. */
  async prepare(): Promise<void> {
    const make = await this.#load().catch(() => null);
    if (!make || this.content || this.#isDisposed) return;
    this.panel.body.replaceChildren();
    this.content = make(this.panel);
  }

  dispose(): void {
    this.#isDisposed = true;
    this.content?.dispose?.();
  }
}

/** That something could not be loaded, with two ways on. */
export function failure(texts: Texts, again: () => void, reload: () => void): HTMLElement {
  return el(
    'div',
    { class: 'late-failed' },
    el('p', { attributes: { role: 'alert' } }, texts.t('late.failed')),
    el(
      'div',
      { class: 'late-actions' },
      button({ label: texts.t('late.again'), class: 'button', press: again }),
      button({ label: texts.t('status.reload'), class: 'button button-quiet', press: reload }),
    ),
  );
}

/** Do something once the page has nothing better to do. Gives back how not to. */
export function whenIdle(call: () => void): () => void {
  if ('requestIdleCallback' in window) {
    const idle = window.requestIdleCallback(call, { timeout: 10_000 });
    return () => window.cancelIdleCallback(idle);
  }
  const timer = globalThis.setTimeout(call, 2000);
  return () => globalThis.clearTimeout(timer);
}
