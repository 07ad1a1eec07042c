/** An invitation: from whom, for what, until when; accepted, or told why that cannot be. */

import { ApiProblem } from '../../identity/api';
import { bdi, type Child, el, withNodes } from '../../ui/dom';
import { type LocalText, textIn } from '../../world/local_text';
import { asked, refusalText } from '../caller';
import { day } from '../drawn';
import { actions, card, deed, facts, problemText } from '../parts';
import type { Guest, WelcomePage, WelcomeView } from './guest';
import type { WelcomeKey } from './i18n/en';
import { keepCard, link, whoCard, wordsView } from './pieces';

/** What a link is good for, as the instance says it. */
export interface Offer {
  readonly role: 'artisan' | 'keeper';
  readonly stallId: string | null;
  readonly stall: LocalText;
  readonly untilMs: number;
  /** Who made it; null for somebody at the server itself. */
  readonly by: { readonly name: string; readonly fingerprint: string } | null;
}

const ENDS: Readonly<Record<string, readonly [title: WelcomeKey, about: WelcomeKey]>> = {
  code_unknown: ['invite.unknown', 'invite.unknownAbout'],
  code_used: ['invite.used', 'invite.usedAbout'],
  code_expired: ['invite.expired', 'invite.expiredAbout'],
  stall_unknown: ['invite.unknown', 'invite.noStall'],
};

/** The first view, once the instance has said what the link is good for. */
export async function inviteView(guest: Guest): Promise<WelcomeView> {
  if (!guest.code) return endView('code_unknown');
  try {
    return offerView(guest, await readOffer(guest));
  } catch (error) {
    if (error instanceof ApiProblem && ENDS[error.code]) return endView(error.code);
    return troubleView(guest, error);
  }
}

async function readOffer({ ask, code }: Guest): Promise<Offer> {
  const [look, { stalls }] = await Promise.all([
    ask<{ role: Offer['role']; stall: string | null; expires_ms: number; by: Offer['by'] }>('/api/invitations/look', {
      code,
    }),
    ask<{ stalls: readonly { id: string; name: LocalText }[] }>('/api/stalls'),
  ]);
  const stall = stalls.find(({ id }) => id === look.stall)?.name ?? {};
  return { role: look.role, stallId: look.stall, stall, untilMs: look.expires_ms, by: look.by };
}

function stallName(offer: Offer, page: WelcomePage): string {
  return textIn(offer.stall, page.texts.language) || (offer.stallId ?? '');
}

function offerView(guest: Guest, offer: Offer): WelcomeView {
  return (page) => {
    const { texts } = page;
    const run = async (): Promise<void> => {
      try {
        await guest.caller.call('POST', '/api/invitations/accept', { code: guest.code, name: guest.profile.name });
      } catch (error) {
        if (!(error instanceof ApiProblem)) throw error;
        if (ENDS[error.code]) return page.show(endView(error.code));
        if (error.code !== 'already_granted') await asked(texts, () => Promise.reject(error));
      }
      guest.caller.restart();
      page.show(acceptedView(guest, offer));
    };
    return {
      title: texts.t('invite.title', { alley: page.alley }),
      content: [
        card(
          texts.t(offer.role === 'artisan' ? 'invite.artisan' : 'invite.keeper'),
          el('p', { class: 'said' }, ...whatFor(offer, page)),
          el('p', {}, texts.t(offer.role === 'artisan' ? 'invite.artisanAbout' : 'invite.keeperAbout')),
          facts([texts.t('invite.by'), maker(offer, page)], [texts.t('invite.until'), day(texts, offer.untilMs)]),
        ),
        whoCard(guest, page, { label: texts.t('invite.accept'), key: 'accept', run }),
      ],
    };
  };
}

function whatFor(offer: Offer, page: WelcomePage): Child[] {
  const { texts } = page;
  const key = offer.role === 'artisan' ? 'invite.forStall' : 'invite.forPeace';
  return withNodes(texts.template(key), { stall: bdi(stallName(offer, page)), alley: bdi(page.alley) });
}

function maker({ by }: Offer, { texts }: WelcomePage): Child {
  if (!by) return texts.t('invite.console');
  return el(
    'span',
    {},
    bdi(by.name || texts.t('who.nameless')),
    el('span', { class: 'hint fingerprint-short', attributes: { dir: 'ltr' } }, ` ${by.fingerprint}`),
  );
}

function acceptedView(guest: Guest, offer: Offer): WelcomeView {
  return (page) => {
    const { texts } = page;
    const isArtisan = offer.role === 'artisan';
    return {
      title: texts.t(isArtisan ? 'invite.doneArtisan' : 'invite.doneKeeper', { stall: stallName(offer, page) }),
      content: [
        card(
          texts.t('invite.next'),
          el('p', {}, texts.t(isArtisan ? 'invite.nextArtisan' : 'invite.nextKeeper')),
          actions(
            isArtisan
              ? link(texts.t('invite.toStall'), `/#stall=${encodeURIComponent(offer.stallId ?? '')}`, 'main')
              : link(texts.t('toOperate'), '/operate', 'main'),
            !isArtisan && link(texts.t('toAlley'), '/'),
          ),
        ),
        keepCard(guest, page, isArtisan ? 'invite.keepArtisan' : 'invite.keepKeeper'),
      ],
    };
  };
}

function endView(code: string): WelcomeView {
  const [title, about] = ENDS[code] ?? (['invite.unknown', 'invite.unknownAbout'] as const);
  return (page) => wordsView(page, page.texts.t('invite.over'), page.texts.t(title), el('p', {}, page.texts.t(about)));
}

/** Neither a yes nor a no: the instance could not be asked. */
function troubleView(guest: Guest, error: unknown): WelcomeView {
  return (page) => {
    const { texts } = page;
    const words = error instanceof ApiProblem ? refusalText(texts, error) : problemText(texts, error);
    const run = async (): Promise<void> => page.show(await inviteView(guest));
    return wordsView(
      page,
      texts.t('invite.over'),
      texts.t('invite.trouble'),
      el('p', {}, words),
      deed(texts, { label: texts.t('again'), key: 'again', run }),
    );
  };
}
