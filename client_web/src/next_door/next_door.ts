/** The alleys next door: a part of the panel "Stalls", with who is there, the question before the first time, and the way. */

import '../styles/next_door.css';
import { loadFrom, type Texts } from '../i18n';
import type { BrowserPassport } from '../identity/passport';
import { fingerprint } from '../identity/reading';
import type { Way as Door } from '../scene/types';
import { bdi, button, type Child, el, freshId, replaceChildren, withNodes } from '../ui/dom';
import { statusText } from '../ui/status';
import { textIn } from '../world/local_text';
import type { AlleySummary } from '../world/summary';
import type { Status } from '../world/world';
import { type Asking, consentTitle, consentWords } from './consent';
import type { NextKey } from './i18n/en';
import { travel, type Way } from './journey';
import { type Answer, askAlley, hostOf } from './neighbours';

export interface NextDoorSources {
  /** The alley's own texts: why a door stays closed is said with them. */
  readonly alleyTexts: Texts;
  readonly languages: readonly string[];
  /** Origin of the page, which one can always go back to. */
  readonly own: string;
  /** Origin of the alley where one is now. */
  readonly here: string;
  /** What the page's own alley says of itself. */
  readonly summary: AlleySummary;
  readonly name: () => string;
  readonly passport: () => Promise<BrowserPassport>;
  readonly wallMs: () => number;
  way(origin: string): Way;
  /** Say something in the street where one is then. */
  tell(text: string): void;
  /** A question lies over the street, or no longer. */
  covered(isCovered: boolean): void;
  /** The alleys say how they are; without it, the answers that a browser gets. */
  ask?(origin: string): Promise<Answer>;
}

export class NextDoor {
  readonly element = el('section', { class: 'next-door' });
  readonly #sources: NextDoorSources;
  readonly #texts: Texts<NextKey>;
  readonly #origins: readonly string[];
  readonly #answers = new Map<string, Answer>();
  /** Alleys that may know the person. */
  readonly #known = new Set<string>();
  readonly #list = el('ul', { class: 'next-list' });
  readonly #says = el('p', { class: 'next-says', attributes: { role: 'status' } });
  #isKnocking = false;

  static async open(sources: NextDoorSources): Promise<NextDoor> {
    const loaders = {
      en: async () => (await import('./i18n/en')).en,
      de: async () => (await import('./i18n/de')).de,
      ja: async () => (await import('./i18n/ja')).ja,
    };
    const nextDoor = new NextDoor(sources, await loadFrom(loaders, sources.alleyTexts.language, sources.languages));
    await nextDoor.#remember();
    return nextDoor;
  }

  private constructor(sources: NextDoorSources, texts: Texts<NextKey>) {
    this.#sources = sources;
    this.#texts = texts;
    const { own, here, summary } = sources;
    this.#origins = [...new Set([own, ...summary.neighbours])].filter((origin) => origin !== here);
    const id = freshId('next-door');
    this.element.setAttribute('aria-labelledby', id);
    this.element.append(
      el('h3', { id }, texts.t('next.title')),
      el('p', { class: 'hint' }, texts.t('next.intro')),
      this.#says,
      this.#list,
    );
    this.#render();
  }

  /** The panel was opened: ask the alleys how they are. Nobody is asked before. */
  async opened(): Promise<void> {
    const ask = this.#sources.ask ?? askAlley;
    await Promise.all(
      this.#origins.map(async (origin) => {
        this.#answers.set(origin, await ask(origin));
        this.#render();
      }),
    );
  }

  /** Where one may go without being asked, which is all that somebody in a headset can do. */
  get ways(): readonly Door[] {
    return this.#origins
      .filter((origin) => this.#known.has(origin))
      .map((origin) => ({ title: this.#titleOf(origin), go: () => void this.go(origin) }));
  }

  async #remember(): Promise<void> {
    const { store } = await this.#sources.passport();
    for (const { audience } of await (await store).consents()) this.#known.add(audience);
    this.#known.add(this.#sources.own);
  }

  #titleOf(origin: string): string {
    const { own, summary } = this.#sources;
    const answer = this.#answers.get(origin);
    const known = answer?.kind === 'open' ? answer.summary : origin === own ? summary : null;
    return (known && textIn(known.title, this.#texts.language)) || hostOf(origin);
  }

  #render(): void {
    replaceChildren(this.#list, ...this.#origins.map((origin) => this.#item(origin)));
  }

  #item(origin: string): HTMLElement {
    const texts = this.#texts;
    const title = this.#titleOf(origin);
    const isOwn = origin === this.#sources.own;
    return el(
      'li',
      { class: 'next-item' },
      el(
        'div',
        {},
        el('p', { class: 'next-name' }, bdi(title)),
        el('p', { class: 'next-host', attributes: { dir: 'ltr' } }, hostOf(origin)),
        el('p', { class: 'next-state' }, isOwn ? `${texts.t('next.origin')}. ` : '', this.#stateOf(origin)),
      ),
      this.#answers.get(origin)?.kind !== 'refused' &&
        button({
          label: texts.t(isOwn ? 'next.back' : 'next.go'),
          about: title,
          class: 'button button-quiet',
          key: `next ${origin}`,
          press: () => void this.go(origin),
        }),
    );
  }

  #stateOf(origin: string): string {
    const texts = this.#texts;
    const answer = this.#answers.get(origin);
    if (!answer) return texts.t('next.asking');
    if (answer.kind !== 'open') return texts.t(answer.kind === 'away' ? 'next.away' : 'next.refused');
    const { visitors, capacity } = answer.summary;
    if (capacity > 0 && visitors >= capacity) return texts.t('next.full');
    return visitors === 0 ? texts.t('next.quiet') : texts.count('next.visitorsOne', 'next.visitors', visitors);
  }

  /** Go to another alley, after a yes if it is the first time. */
  async go(origin: string): Promise<void> {
    if (this.#isKnocking) return;
    this.#isKnocking = true;
    try {
      if (await this.#mayKnow(origin)) await this.#knock(origin);
    } catch (error) {
      reportError(error);
      this.#stayed(origin, this.#texts.t('next.noAnswer'));
    } finally {
      this.#isKnocking = false;
    }
  }

  async #knock(origin: string): Promise<void> {
    this.#say('next.knocking', origin);
    // The door itself tells a page only that it stayed closed; the alley says why.
    const answer = await (this.#sources.ask ?? askAlley)(origin);
    this.#answers.set(origin, answer);
    this.#render();
    if (answer.kind !== 'open') {
      this.#stayed(origin, this.#stateOf(origin));
      return;
    }
    const status = await travel(this.#sources.way(origin));
    if (status) this.#stayed(origin, this.#reason(status));
    else this.#sources.tell(this.#texts.t('next.arrived', { alley: this.#titleOf(origin) }));
  }

  #reason(status: Status): string {
    if (status.code === 'no_answer') return this.#texts.t('next.noAnswer');
    if (status.code === 'unreachable') return this.#texts.t('next.unreachable');
    if (status.phase === 'full') return this.#texts.t('next.full');
    return statusText(this.#sources.alleyTexts, status);
  }

  #say(key: 'next.knocking' | 'next.stayed', origin: string, reason = ''): void {
    const nodes = { alley: bdi(this.#titleOf(origin)), reason: document.createTextNode(reason) };
    this.#says.replaceChildren(...el('p', {}, ...withNodes(this.#texts.template(key), nodes)).childNodes);
  }

  #stayed(origin: string, reason: string): void {
    this.#say('next.stayed', origin, reason);
    this.#says.scrollIntoView?.({ block: 'nearest' });
  }

  // --- the question -------------------------------------------------------------------------------------------------

  async #mayKnow(origin: string): Promise<boolean> {
    if (origin === this.#sources.own) return true;
    const passport = await this.#sources.passport();
    const store = await passport.store;
    if ((await store.consents()).some(({ audience }) => audience === origin)) return true;
    const { did } = await passport.identity();
    const asking = {
      origin,
      title: this.#titleOf(origin),
      name: this.#sources.name(),
      fingerprint: await fingerprint(await passport.crypt, did),
    };
    if (!(await this.#question(asking))) return false;
    await store.allow({ audience: origin, sinceMs: this.#sources.wallMs() });
    return true;
  }

  #question(asking: Asking): Promise<boolean> {
    const texts = this.#texts;
    const id = freshId('consent');
    return new Promise((resolve) => {
      const choice = (label: Child[], isYes: boolean): HTMLElement =>
        el(
          'button',
          {
            class: isYes ? 'button button-main' : 'button',
            attributes: { type: 'button' },
            on: { click: () => dialog.close(isYes ? 'yes' : '') },
          },
          ...label,
        );
      const closed = (): void => {
        dialog.remove();
        this.#sources.covered(false);
        resolve(dialog.returnValue === 'yes');
      };
      const yes = withNodes(texts.template('consent.yes'), { alley: bdi(asking.title) });
      const dialog = el(
        'dialog',
        { class: 'paper consent', attributes: { 'aria-labelledby': id }, on: { close: closed } },
        el('h2', { id, class: 'consent-title', attributes: { tabindex: -1 } }, ...consentTitle(texts, asking)),
        ...consentWords(texts, asking),
        el('div', { class: 'consent-choices' }, choice([texts.t('consent.no')], false), choice(yes, true)),
      );
      document.body.append(dialog);
      this.#sources.covered(true);
      dialog.showModal();
      dialog.querySelector('h2')?.focus();
    });
  }
}
