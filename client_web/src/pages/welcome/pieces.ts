/** What both links show: who one is, and that this is worth keeping. */

import { MAX_NAME_CHARS } from '../../net/wire.gen';
import { drawDoll } from '../../ui/doll';
import { type Child, el } from '../../ui/dom';
import { tidyName } from '../../ui/profile';
import { fingerprintOf } from '../drawn';
import { actions, card, type DeedOptions, Field, form, notice, Problem } from '../parts';
import type { View } from '../shell';
import type { Guest, WelcomePage } from './guest';
import type { WelcomeKey } from './i18n/en';

/** Who will have the right, and the button that takes it. */
export function whoCard(guest: Guest, page: WelcomePage, options: DeedOptions): HTMLElement {
  const { texts } = page;
  const name = new Field({
    label: texts.t('who.name'),
    hint: texts.t('who.nameHint'),
    value: guest.profile.name,
    autocomplete: 'nickname',
    maxChars: MAX_NAME_CHARS,
    isRequired: true,
  });
  const run = async (): Promise<void> => {
    const tidy = tidyName(name.value);
    if (!tidy) throw new Problem(texts.t('page.fillIn'), name);
    guest.profile.name = tidy;
    await options.run();
  };
  const doll = el('canvas', {
    class: 'doll',
    attributes: { width: 150, height: 232, role: 'img', 'aria-label': texts.t('who.doll') },
  });
  requestAnimationFrame(() => drawDoll(doll, guest.profile.look, 0.14));
  return card(
    texts.t('who.title'),
    el(
      'div',
      { class: 'who' },
      doll,
      el(
        'div',
        { class: 'who-words' },
        el('p', { class: 'badges' }, badge(guest, page)),
        el('p', { class: 'hint' }, texts.t('who.fingerprint')),
        fingerprintOf(guest.fingerprint),
        el('p', { class: 'hint' }, texts.t(guest.isKept ? 'who.kept' : 'who.guest')),
      ),
    ),
    form(texts, { ...options, run }, name),
  );
}

function badge(guest: Guest, { texts }: WelcomePage): HTMLElement {
  const kind = guest.isKept ? 'badge badge-kept' : 'badge';
  return el('span', { class: kind }, texts.t(guest.isKept ? 'who.badgeKept' : 'who.badgeGuest'));
}

export function link(label: string, href: string, look: 'main' | 'plain' = 'plain'): HTMLElement {
  return el('a', { class: look === 'main' ? 'button button-main' : 'button', attributes: { href } }, label);
}

/** A right hangs on an identity that may be lost with this browser: say so, and lead to where it is kept. */
export function keepCard(guest: Guest, page: WelcomePage, about: WelcomeKey): HTMLElement | null {
  const { texts } = page;
  if (guest.isKept) return null;
  return card(
    texts.t('keep.title'),
    notice('warning', el('p', {}, texts.t(about)), !guest.lasts && el('p', {}, texts.t('keep.fleeting'))),
    el('p', {}, texts.t('keep.how')),
    actions(link(texts.t('keep.go'), '/me', 'main')),
  );
}

/** One sheet with a few words and ways to go on. */
export function wordsView(page: WelcomePage, title: string, heading: string, ...content: Child[]): View {
  return { title, content: [card(heading, ...content, actions(link(page.texts.t('toAlley'), '/')))] };
}
