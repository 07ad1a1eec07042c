/** What an alley learns of somebody who goes there, in words: on the sheet in the street and on the page `/enter`. */

import type { Texts } from '../i18n';
import { bdi, type Child, el, withNodes } from '../ui/dom';
import type { NextKey } from './i18n/en';
import { hostOf } from './neighbours';

export interface Asking {
  readonly origin: string;
  /** What the alley calls itself. */
  readonly title: string;
  /** The name that goes along; empty when it is still to be written. */
  readonly name: string;
  readonly fingerprint: string;
}

export function consentTitle(texts: Texts<NextKey>, asking: Asking): Child[] {
  return withNodes(texts.template('consent.title'), { alley: bdi(asking.title) });
}

export function consentWords(texts: Texts<NextKey>, asking: Asking): HTMLElement[] {
  const { origin, name, fingerprint } = asking;
  const digits = el('span', { class: 'consent-digits', attributes: { dir: 'ltr' } }, fingerprint);
  const learns: Child[][] = [
    ...(name ? [withNodes(texts.template('consent.name'), { name: bdi(name) })] : []),
    [texts.t('consent.look')],
    withNodes(texts.template('consent.did'), { fingerprint: digits }),
    [texts.t('consent.home')],
  ];
  const host = el('strong', { class: 'consent-host', attributes: { dir: 'ltr' } }, hostOf(origin));
  return [
    el('p', {}, ...withNodes(texts.template('consent.about'), { host })),
    el('ul', { class: 'consent-learns' }, ...learns.map((words) => el('li', {}, ...words))),
    el('p', {}, texts.t('consent.not')),
    el('p', { class: 'hint' }, texts.t('consent.once')),
  ];
}
