/** The first view of the page about oneself: who I am here, and what can be done about it. */

import { multikey } from '../../identity/encoding';
import { drawDoll } from '../../ui/doll';
import { button, type Child, el } from '../../ui/dom';
import { fingerprintOf } from '../drawn';
import { actions, card, facts, notice } from '../parts';
import type { View } from '../shell';
import { alleysCard, dataCard } from './alleys';
import { dangerCard } from './danger';
import { devicesCard } from './devices';
import { homeView } from './home';
import { keepView } from './keep';
import { linkFromHere } from './link';
import { lookView } from './look';
import type { Me, MePage, MeView } from './me';
import { recoverView } from './recover';
import { savedFileView } from './saved_file';

export function overview(me: Me): MeView {
  return (page) => view(me, page);
}

function view(me: Me, page: MePage): View {
  const { texts } = page;
  return {
    title: texts.t('me.title'),
    content: [
      ...warnings(me, page),
      who(me, page),
      me.isKept ? kept(me, page) : guest(me, page),
      me.isKept && devicesCard(me, page),
      alleysCard(me, page),
      dataCard(me, page),
      dangerCard(me, page),
    ],
  };
}

function warnings(me: Me, { texts }: MePage): Child[] {
  const told: Child[] = [];
  const warn = (...content: Child[]): void =>
    void told.push(el('div', { class: 'paper' }, notice('warning', ...content)));
  if (me.standing === 'revoked') warn(el('p', {}, texts.t('me.warn.revoked')));
  if (me.standing === 'refused') warn(el('p', {}, texts.t('me.warn.refused')), el('p', {}, me.refusal));
  if (!me.lasts) warn(el('p', {}, texts.t('me.warn.page')));
  if (!me.isSecure) warn(el('p', {}, texts.t('me.warn.insecure')));
  else if (!me.hidesKeys) warn(el('p', {}, texts.t('me.warn.fallback')));
  return told;
}

function who(me: Me, page: MePage): HTMLElement {
  const { texts } = page;
  const doll = el('canvas', {
    class: 'doll',
    attributes: { width: 150, height: 232, role: 'img', 'aria-label': texts.t('me.doll') },
  });
  requestAnimationFrame(() => drawDoll(doll, me.profile.look, 0.14));
  const roles = me.roles.map((role) => texts.t(roleKey(role))).join(', ');
  return card(
    texts.t('me.who'),
    el(
      'div',
      { class: 'who' },
      doll,
      el(
        'div',
        { class: 'who-words' },
        el('p', { class: 'who-name', attributes: { dir: 'auto' } }, me.profile.name || texts.t('me.nameless')),
        el(
          'p',
          { class: 'badges' },
          el('span', { class: me.isKept ? 'badge badge-kept' : 'badge' }, texts.t(me.isKept ? 'me.kept' : 'me.guest')),
          roles && el('span', { class: 'badge' }, roles),
        ),
        el('p', { class: 'hint' }, texts.t('me.fingerprint')),
        fingerprintOf(me.fingerprint),
        el('p', { class: 'hint' }, texts.t('me.fingerprintHint')),
      ),
    ),
    actions(
      button({
        label: texts.t('me.change'),
        class: 'button',
        key: 'change',
        press: () => page.show(lookView(me)),
      }),
    ),
    el(
      'details',
      { class: 'more' },
      el('summary', {}, texts.t('me.details')),
      facts(
        [texts.t('me.home'), me.actor.gateways.map(hostOf).join(', ')],
        [texts.t('me.did'), el('span', { class: 'is-code' }, me.identity.did)],
        [texts.t('me.deviceKey'), el('span', { class: 'is-code' }, multikey(me.identity.device.publicKey))],
      ),
      me.isKept &&
        me.isSecure &&
        actions(
          button({
            label: texts.t('me.home.change'),
            class: 'button button-small',
            key: 'home',
            press: () => page.show(homeView(me)),
          }),
        ),
    ),
  );
}

function guest(me: Me, page: MePage): HTMLElement {
  const { texts } = page;
  if (!me.isSecure) return card(texts.t('me.guest.title'), el('p', {}, texts.t('me.guest.insecure')));
  return card(
    texts.t('me.guest.title'),
    el('p', {}, texts.t('me.guest.about')),
    el('p', {}, texts.t('me.guest.keep')),
    actions(
      button({
        label: texts.t('me.keep'),
        class: 'button button-main',
        key: 'keep',
        press: () => page.show(keepView(me)),
      }),
      button({
        label: texts.t('me.recover'),
        class: 'button',
        key: 'recover',
        press: () => page.show(recoverView(me)),
      }),
    ),
    el('p', { class: 'hint' }, texts.t('me.guest.link')),
  );
}

function kept(me: Me, page: MePage): HTMLElement {
  const { texts } = page;
  if (!me.isSecure) return card(texts.t('me.kept.title'), el('p', {}, texts.t('me.guest.insecure')));
  return card(
    texts.t('me.kept.title'),
    el('p', {}, texts.t('me.kept.about')),
    actions(
      button({
        label: texts.t('me.link'),
        class: 'button button-main',
        key: 'link',
        press: () => linkFromHere(me, page),
      }),
      button({
        label: texts.t('me.saveAgain'),
        class: 'button',
        key: 'save',
        press: () => page.show(savedFileView(me)),
      }),
    ),
  );
}

export function hostOf(origin: string): string {
  return origin.replace(/^https?:\/\//, '');
}

function roleKey(role: string): 'me.role.artisan' | 'me.role.keeper' | 'me.role.operator' {
  return role === 'artisan' || role === 'keeper' ? `me.role.${role}` : 'me.role.operator';
}
