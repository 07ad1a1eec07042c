/**
 * The frame of every page beside the alley: a header with the alley's name and the way back to it, one main part with
 * one heading, a line that is read out, and the choice of language.
 *
 * A page is an HTML file beside index.html that loads `src/pages/<name>/main.ts`, which calls `openPage` with its texts
 * and its first view. A view is a function, not an element: it is called again when another language is chosen. The
 * alley never imports from here, so that what pages need does not weigh on its first load.
 */

import '../styles/pages.css';
import { type Loaders, loadFrom, type Texts } from '../i18n';
import { append, bdi, type Child, el, withNodes } from '../ui/dom';
import { icon } from '../ui/icons';
import { languageChooser } from '../ui/language';
import { showUnloaded } from '../ui/unloaded';
import { textIn } from '../world/local_text';
import { Settings, type SettingsSources } from '../world/settings';
import { storage } from '../world/storage';
import { type AlleySummary, fetchSummary, readSummary } from '../world/summary';
import type { PageKey } from './i18n/en';

export interface View {
  readonly title: string;
  readonly content: readonly Child[];
}

export type ViewOf<K extends string> = (page: Page<K>) => View;

export interface PageSources extends SettingsSources {
  readonly root: HTMLElement;
  /** What `/api/alley` answers. */
  loadSummary(): Promise<unknown>;
}

export class Page<K extends string> {
  readonly settings: Settings;
  readonly #sources: PageSources;
  readonly #loaders: Loaders<K | PageKey>;
  readonly #main = el('main', { class: 'page-main', id: 'content' });
  readonly #heading = el('h1', { class: 'page-title', attributes: { tabindex: -1 } });
  readonly #live = el('p', { class: 'page-says', attributes: { role: 'status' } });
  #texts: Texts<K | PageKey> | null = null;
  #view: ViewOf<K>;
  #summary: AlleySummary | null = null;

  constructor(sources: PageSources, loaders: Loaders<K | PageKey>, first: ViewOf<K>) {
    this.#sources = sources;
    this.#loaders = loaders;
    this.#view = first;
    this.settings = new Settings(sources);
    this.settings.onChange((name) => {
      if (name === 'language') void this.#speak().then(() => this.#rebuild());
    });
  }

  get texts(): Texts<K | PageKey> {
    if (!this.#texts) throw new Error('no language is loaded yet');
    return this.#texts;
  }

  /** What the alley calls itself, in the language of the page. */
  get alley(): string {
    return (this.#summary && textIn(this.#summary.title, this.texts.language)) || this.texts.t('app.name');
  }

  async start(): Promise<void> {
    await this.#speak();
    this.#rebuild();
    try {
      this.#summary = readSummary(await this.#sources.loadSummary());
      this.#rebuildHead();
    } catch {
      // The alley's name is then the software's; whatever the page does with the server says what is wrong.
    }
  }

  /** Another view of the same page: the heading gets the focus, so that everybody notices. */
  show(view: ViewOf<K>): void {
    this.#view = view;
    this.#live.textContent = '';
    this.#renderView();
    this.#heading.focus({ preventScroll: true });
    this.#main.scrollIntoView?.({ block: 'start' });
  }

  /** Whether nobody has gone on to another view. */
  isShowing(view: ViewOf<K>): boolean {
    return this.#view === view;
  }

  /** Build the present view again, from what is known now; the focus stays where it was, if its place has a key. */
  refresh(): void {
    const active = document.activeElement;
    const key = active instanceof HTMLElement ? active.dataset['key'] : undefined;
    this.#renderView();
    if (key === undefined) return;
    const again = [...this.#main.querySelectorAll<HTMLElement>('[data-key]')].find((one) => one.dataset['key'] === key);
    again?.focus({ preventScroll: true });
  }

  /** Shown under the heading and read out. Said again, it is read again. */
  tell(text: string): void {
    this.#live.textContent = '';
    this.#live.textContent = text;
  }

  async #speak(): Promise<void> {
    const language = this.settings.get('language');
    this.#texts = await loadFrom(this.#loaders, language, this.#sources.languages);
    document.documentElement.lang = language;
    document.documentElement.dataset['motion'] = this.settings.reducedMotion ? 'reduced' : 'full';
  }

  #rebuild(): void {
    const isChoosing = document.activeElement instanceof HTMLSelectElement;
    const foot = el('footer', { class: 'page-foot' }, languageChooser(this.texts.t('app.language'), this.settings));
    this.#sources.root.className = 'page';
    this.#sources.root.replaceChildren(...this.#head(), this.#main, foot);
    this.#live.textContent = '';
    this.#renderView();
    if (isChoosing) foot.querySelector('select')?.focus({ preventScroll: true });
  }

  #rebuildHead(): void {
    for (const part of this.#sources.root.querySelectorAll('.skips, .page-head')) part.remove();
    this.#sources.root.prepend(...this.#head());
    this.#nameWindow();
  }

  #head(): HTMLElement[] {
    const { texts } = this;
    const back = withNodes(texts.template('page.back'), { alley: bdi(this.alley) });
    return [
      el('div', { class: 'skips' }, el('a', { class: 'skip', attributes: { href: '#content' } }, texts.t('page.skip'))),
      el(
        'header',
        { class: 'page-head' },
        el('a', { class: 'page-back', attributes: { href: '/' } }, icon('back'), ...back),
      ),
    ];
  }

  #renderView(): void {
    const { title, content } = this.#view(this);
    this.#heading.textContent = title;
    this.#main.replaceChildren(this.#heading, this.#live);
    append(this.#main, content);
    this.#nameWindow();
  }

  #nameWindow(): void {
    document.title = `${this.#heading.textContent} · ${this.alley}`;
  }
}

/** Put the page into the document that loaded it; null when that could not be. */
export async function openPage<K extends string>(
  loaders: Loaders<K | PageKey>,
  first: ViewOf<K>,
): Promise<Page<K> | null> {
  const root = document.getElementById('app');
  if (!root) return null;
  const motion = matchMedia('(prefers-reduced-motion: reduce)');
  const page = new Page<K>(
    {
      root,
      store: storage('localStorage'),
      languages: navigator.languages,
      systemReducedMotion: () => motion.matches,
      loadSummary: fetchSummary,
    },
    loaders,
    first,
  );
  try {
    await page.start();
    return page;
  } catch (error) {
    unloaded(error);
    return null;
  }
}

/** Nothing can be shown: say so in every language. */
export function unloaded(error: unknown): void {
  reportError(error);
  const root = document.getElementById('app');
  if (!root) return;
  root.className = 'page';
  showUnloaded(root);
}
