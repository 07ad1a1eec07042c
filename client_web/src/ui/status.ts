/** The state of the connection in one line, with what can be done about it. */

import type { Texts } from '../i18n';
import type { TextKey } from '../i18n/en';
import type { Phase, Status, World } from '../world/world';
import { button, el, replaceChildren } from './dom';

export interface StatusHooks {
  retryNow(): void;
  /** Walk in again from where the person stands. */
  again(): void;
  /** Back to the arrival page. */
  toEntrance(): void;
  reload(): void;
}

const REFUSED: Readonly<Partial<Record<string, TextKey>>> = {
  unsupported_version: 'status.refused.unsupported_version',
  name_invalid: 'status.refused.name_invalid',
  replaced: 'status.refused.replaced',
  flood: 'status.refused.flood',
  cheating: 'status.refused.cheating',
  entry_refused: 'status.refused.entry_refused',
  banned: 'status.refused.banned',
  revoked: 'status.refused.revoked',
  removed: 'status.refused.removed',
  no_passport: 'status.refused.no_passport',
};

const WAITING: Readonly<Partial<Record<Phase, TextKey>>> = {
  connecting: 'status.connecting',
  reconnecting: 'status.reconnecting',
  full: 'status.full',
  restarting: 'status.restarting',
  left: 'status.left',
};

const BACK_SHOWN_MS = 2500;
/** A connection that is back this soon was never missed: nothing is said. */
const PATIENCE_MS = 400;

export function statusText(texts: Texts, status: Status): string {
  if (status.phase === 'refused') {
    const key = REFUSED[status.code];
    if (!key) return status.message || texts.t('status.refused');
    const said = texts.t(key, { message: status.message });
    if (!status.untilMs) return said;
    const until = new Date(status.untilMs).toLocaleString(texts.language, { dateStyle: 'long', timeStyle: 'short' });
    return `${said} ${texts.t('status.refused.until', { until })}`;
  }
  if (status.code === 'unreachable') return texts.t('status.unreachable');
  const key = WAITING[status.phase];
  return key ? texts.t(key) : '';
}

export class StatusLine {
  readonly element: HTMLElement;
  readonly #texts: Texts;
  readonly #hooks: StatusHooks;
  readonly #says = el('p', { class: 'status-says', attributes: { role: 'status' } });
  readonly #when = el('p', { class: 'status-when' });
  readonly #actions = el('div', { class: 'status-actions' });
  readonly #unsubscribe: () => void;
  readonly #ticking: number;
  #status: Status;
  #quiet = 0;
  #wasAway = false;

  constructor(texts: Texts, world: World, hooks: StatusHooks) {
    this.#texts = texts;
    this.#hooks = hooks;
    this.#status = world.status;
    this.element = el('div', { class: 'status is-empty' }, this.#says, this.#when, this.#actions);
    this.#unsubscribe = world.on('status', (status) => this.#changed(status));
    this.#ticking = window.setInterval(() => this.#tick(), 500);
    if (this.#status.phase !== 'arrival') this.#changed(this.#status);
  }

  dispose(): void {
    this.#unsubscribe();
    window.clearInterval(this.#ticking);
    window.clearTimeout(this.#quiet);
  }

  #changed(status: Status): void {
    this.#status = status;
    window.clearTimeout(this.#quiet);
    if (status.phase === 'live') {
      this.#showBack();
      return;
    }
    const isSlow = status.phase === 'refused' || status.phase === 'left';
    this.#quiet = window.setTimeout(() => this.#show(), isSlow ? 0 : PATIENCE_MS);
  }

  #showBack(): void {
    if (!this.#wasAway) {
      this.#clear();
      return;
    }
    this.#wasAway = false;
    this.#says.textContent = this.#texts.t('status.back');
    this.#when.textContent = '';
    replaceChildren(this.#actions);
    this.#quiet = window.setTimeout(() => this.#clear(), BACK_SHOWN_MS);
  }

  #clear(): void {
    this.#says.textContent = '';
    this.#when.textContent = '';
    replaceChildren(this.#actions);
    this.element.classList.add('is-empty');
  }

  #show(): void {
    const { phase, code } = this.#status;
    this.#wasAway = phase !== 'connecting';
    this.element.classList.remove('is-empty');
    const says = statusText(this.#texts, this.#status);
    if (this.#says.textContent !== says) this.#says.textContent = says;
    this.#tick();
    const texts = this.#texts;
    const make = (key: TextKey, press: () => void) =>
      button({ label: texts.t(key), class: 'button button-quiet', key, press });
    if (phase === 'refused' && code === 'unsupported_version') {
      replaceChildren(this.#actions, make('status.reload', this.#hooks.reload));
    } else if (phase === 'refused' && code === 'name_invalid') {
      replaceChildren(this.#actions, make('status.toEntrance', this.#hooks.toEntrance));
    } else if (phase === 'refused' || phase === 'left') {
      const entrance = make('status.toEntrance', this.#hooks.toEntrance);
      replaceChildren(this.#actions, make('status.again', this.#hooks.again), entrance);
    } else {
      replaceChildren(this.#actions, this.#status.retryAtMs !== null && make('status.retryNow', this.#hooks.retryNow));
    }
  }

  #tick(): void {
    const { retryAtMs } = this.#status;
    if (this.element.classList.contains('is-empty')) return;
    const seconds = retryAtMs === null ? 0 : Math.ceil((retryAtMs - performance.now()) / 1000);
    this.#when.textContent = seconds > 1 ? this.#texts.t('status.retryIn', { seconds }) : '';
  }
}
