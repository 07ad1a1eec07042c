/** How somebody becomes the first operator, and what is said to those who come too late. */

import { ApiProblem } from '../../identity/api';
import { el } from '../../ui/dom';
import { asked } from '../caller';
import { actions, card, facts, notice } from '../parts';
import type { Guest, WelcomeView } from './guest';
import { keepCard, link, whoCard, wordsView } from './pieces';

export function claimView(guest: Guest): WelcomeView {
  if (!guest.code) return unknownView('claim.noCode');
  return (page) => {
    const { texts, alley } = page;
    const run = async (): Promise<void> => {
      try {
        await guest.caller.call('POST', '/api/claim', { code: guest.code, name: guest.profile.name });
      } catch (error) {
        const next = error instanceof ApiProblem && (await afterRefusal(guest, error));
        if (next) return page.show(next);
        await asked(texts, () => Promise.reject(error));
      }
      guest.caller.restart();
      page.show(claimedView(guest));
    };
    return {
      title: texts.t('claim.title', { alley }),
      content: [
        card(
          texts.t('claim.welcome'),
          el('p', {}, texts.t('claim.about')),
          el(
            'ul',
            { class: 'points' },
            ...(['claim.point1', 'claim.point2', 'claim.point3'] as const).map((key) => el('li', {}, texts.t(key))),
          ),
        ),
        whoCard(guest, page, { label: texts.t('claim.take'), key: 'claim', run }),
      ],
    };
  };
}

/** The view for a refusal that ends the matter. */
async function afterRefusal(guest: Guest, refusal: ApiProblem): Promise<WelcomeView | null> {
  if (refusal.code === 'already_claimed') {
    guest.caller.restart();
    const roles = await guest.caller.session().then(
      (session) => session.roles,
      (): readonly string[] => [],
    );
    return tooLateView(guest, roles.includes('operator'));
  }
  return refusal.code === 'code_unknown' || refusal.code === 'code_used' ? unknownView('claim.unknown') : null;
}

export function claimedView(guest: Guest): WelcomeView {
  return (page) => {
    const { texts, alley } = page;
    return {
      title: texts.t('claim.done', { alley }),
      content: [
        keepCard(guest, page, 'claim.keep'),
        card(
          texts.t('claim.next'),
          el('p', {}, texts.t('claim.nextAbout')),
          actions(
            link(texts.t('toOperate'), '/operate', guest.isKept ? 'main' : 'plain'),
            link(texts.t('toAlley'), '/'),
          ),
        ),
      ],
    };
  };
}

function tooLateView(guest: Guest, isOneself: boolean): WelcomeView {
  return (page) => {
    const { texts, alley } = page;
    if (isOneself) {
      return wordsView(
        page,
        texts.t('claim.late', { alley }),
        texts.t('claim.itIsYou'),
        el('p', {}, texts.t('claim.itIsYouAbout')),
        actions(link(texts.t('toOperate'), '/operate', 'main')),
      );
    }
    return wordsView(
      page,
      texts.t('claim.late', { alley }),
      texts.t('claim.lateTitle'),
      el('p', {}, texts.t('claim.lateAbout')),
      notice('note', el('p', {}, texts.t('claim.lateServer'))),
      facts([texts.t('who.did'), el('span', { class: 'is-code' }, guest.did)]),
    );
  };
}

function unknownView(about: 'claim.noCode' | 'claim.unknown'): WelcomeView {
  return (page) => {
    const { texts, alley } = page;
    return wordsView(
      page,
      texts.t('claim.title', { alley }),
      texts.t('claim.unknownTitle'),
      el('p', {}, texts.t(about)),
      notice('note', el('p', {}, texts.t('claim.fresh'))),
    );
  };
}
