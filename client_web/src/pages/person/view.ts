/** The page of a person: who they are here, how to make sure of it, and where else they can be found. */

import { drawDoll } from '../../ui/doll';
import { bdi, button, type Child, el, withNodes } from '../../ui/dom';
import { textIn } from '../../world/local_text';
import { fingerprintOf } from '../drawn';
import { actions, card, facts, notice, problemText } from '../parts';
import type { Page, View, ViewOf } from '../shell';
import type { PersonKey } from './i18n/en';
import type { Person } from './person';

export type PersonPage = Page<PersonKey>;
export type PersonView = ViewOf<PersonKey>;

export function personView(person: Person, isSelf: boolean): PersonView {
  return (page) => ({
    title: page.texts.t('person.title'),
    content: [who(person, isSelf, page), proof(person, page), places(person, page)],
  });
}

export function unknownView(): PersonView {
  return ({ texts }) => ({
    title: texts.t('person.unknown.title'),
    content: [el('div', { class: 'paper card' }, el('p', {}, texts.t('person.unknown')))],
  });
}

/** It could not be found out: the server is away, or busy. */
export function failedView(error: unknown, again: () => void): PersonView {
  return ({ texts }): View => ({
    title: texts.t('person.failed.title'),
    content: [
      el(
        'div',
        { class: 'paper card' },
        el('p', {}, problemText(texts, error)),
        actions(button({ label: texts.t('person.again'), class: 'button button-main', press: again })),
      ),
    ],
  });
}

function who(person: Person, isSelf: boolean, page: PersonPage): HTMLElement {
  const { texts } = page;
  const name = person.name || texts.t('person.nameless');
  const badge = (text: string): HTMLElement => el('span', { class: 'badge' }, text);
  return el(
    'section',
    { class: 'paper card', attributes: { 'aria-label': name } },
    el(
      'div',
      { class: 'who' },
      doll(person, texts.t('person.doll', { name })),
      el(
        'div',
        { class: 'who-words' },
        el('h2', { class: 'who-name' }, ...fullName(name, person.isHomeConfirmed ? person.home : '')),
        el(
          'p',
          { class: 'badges' },
          !person.home && badge(texts.t('person.here')),
          ...person.roles.map((role) => badge(texts.t(roleKey(role)))),
        ),
        person.stalls.length > 0 && stalls(person, page),
      ),
    ),
    person.successor && notice('warning', el('p', {}, texts.t('person.successor')), successor(person.successor, page)),
    isSelf && notice('note', el('p', {}, texts.t('person.self')), link('/me', texts.t('person.toSelf'))),
  );
}

/** `name@home`; the home stands on a line of its own where both don't fit. */
function fullName(name: string, home: string): Child[] {
  return [bdi(name), home && el('span', { class: 'who-home' }, el('wbr'), `@${home}`)];
}

function doll(person: Person, says: string): Child {
  const { look } = person;
  if (!look) return el('div', { class: 'doll', attributes: { 'aria-hidden': 'true' } });
  const canvas = el('canvas', {
    class: 'doll',
    attributes: { width: 150, height: 232, role: 'img', 'aria-label': says },
  });
  requestAnimationFrame(() => drawDoll(canvas, look, 0.14));
  return canvas;
}

function stalls(person: Person, { texts }: PersonPage): HTMLElement {
  const names = person.stalls.map(({ id, name }) => el('li', {}, bdi(textIn(name, texts.language) || id)));
  return el(
    'div',
    { class: 'who-stalls' },
    el('p', { class: 'hint' }, texts.t('person.stalls')),
    el('ul', { class: 'plain' }, ...names),
  );
}

function successor(did: string, { texts }: PersonPage): HTMLElement {
  return link(`/people/${encodeURIComponent(did)}`, texts.t('person.toSuccessor'));
}

function proof(person: Person, { texts }: PersonPage): HTMLElement {
  const name = bdi(person.name || texts.t('person.nameless'));
  return card(
    texts.t('person.fingerprint'),
    el('div', { class: 'fingerprint-large' }, fingerprintOf(person.fingerprint)),
    el('p', {}, ...withNodes(texts.template('person.proof'), { name })),
    el('p', {}, texts.t('person.compare')),
    el('ul', { class: 'verdicts' }, el('li', {}, texts.t('person.same')), el('li', {}, texts.t('person.other'))),
  );
}

function places(person: Person, { texts }: PersonPage): HTMLElement {
  const [home, ...others] = person.gateways;
  const there = (origin: string): HTMLElement => {
    const isHere = origin === location.origin;
    // A person of another home has their page there too; it may tell more.
    return isHere ? bdi(hostOf(origin)) : link(`${origin}/people/${person.did}`, hostOf(origin));
  };
  return card(
    texts.t('person.places'),
    facts(
      ...(home ? [[texts.t(person.isHomeConfirmed ? 'person.home' : 'person.homeClaimed'), there(home)] as const] : []),
      ...others.map((origin) => [texts.t('person.gateways'), there(origin)] as const),
      [texts.t('person.did'), el('span', { class: 'is-code' }, person.did)],
    ),
  );
}

function link(href: string, label: string): HTMLElement {
  return el('a', { attributes: { href } }, label);
}

function hostOf(origin: string): string {
  return origin.replace(/^https?:\/\//, '');
}

function roleKey(role: string): 'person.role.artisan' | 'person.role.keeper' | 'person.role.operator' {
  return role === 'artisan' || role === 'keeper' ? `person.role.${role}` : 'person.role.operator';
}
