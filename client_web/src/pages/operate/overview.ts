/** The first part: how the alley is, who looks after it, and what is still to do. */

import { bdi, type Child, el } from '../../ui/dom';
import { card, facts, notice } from '../parts';
import type { House, OperatePage, OperateView, Person } from './house';
import { Asked, personLink, places, roleText } from './pieces';

const LOOK_EVERY_MS = 15_000;

export function overviewView(house: House): OperateView {
  return (page) => {
    const { texts } = page;
    return {
      title: texts.t('op.title', { alley: page.alley }),
      content: [
        places(house, page, 'overview'),
        !house.isKept && house.isOperator && keepSheet(page),
        house.isOperator &&
          new Asked(
            texts,
            () => toDo(house, page),
            (points) => points,
          ).element,
        card(texts.t('over.now'), nowOf(house, page)),
        card(texts.t('over.who'), lookersAfter(house, page)),
      ],
    };
  };
}

function keepSheet({ texts }: OperatePage): HTMLElement {
  return el(
    'div',
    { class: 'paper card' },
    notice(
      'warning',
      el('p', {}, texts.t('over.keep')),
      el('p', {}, el('a', { attributes: { href: '/me' } }, texts.t('over.keepGo'))),
    ),
  );
}

/** What a fresh alley still lacks; nothing once all is done. */
async function toDo(house: House, { texts }: OperatePage): Promise<Child[]> {
  const [appeal, { grants }] = await Promise.all([house.appeal(), house.grants()]);
  const count = (role: string): number => new Set(grants.filter((one) => one.role === role).map(({ did }) => did)).size;
  const point = (isOpen: boolean, href: string, words: string, go: string): Child =>
    isOpen &&
    el(
      'li',
      { class: 'row' },
      el('div', { class: 'row-words' }, el('p', {}, words)),
      el('a', { class: 'button button-small', attributes: { href } }, go),
    );
  const points = [
    point(count('artisan') === 0, '#invitations', texts.t('over.noArtisan'), texts.t('over.invite')),
    point(!appeal, '#settings', texts.t('over.noAppeal'), texts.t('over.write')),
    point(count('operator') === 1, '#people', texts.t('over.oneOperator'), texts.t('over.find')),
  ].filter(Boolean);
  return points.length > 0 ? [card(texts.t('over.toDo'), el('ul', { class: 'rows' }, ...points))] : [];
}

function nowOf(house: House, { texts }: OperatePage): HTMLElement {
  const now = new Asked(
    texts,
    () => Promise.all([house.summary(), house.health()]),
    ([{ visitors, capacity }, { version, status }]) => [
      visitors === 0
        ? el('p', { class: 'empty' }, texts.t('over.nobody'))
        : el('p', { class: 'big' }, texts.count('over.visitor', 'over.visitors', visitors)),
      facts(
        [texts.t('over.room'), texts.t('over.capacity', { count: capacity })],
        [texts.t('over.state'), texts.t(status === 'ok' ? 'over.ok' : 'over.notOk')],
        [texts.t('over.version'), `Yokocho ${version}`],
      ),
    ],
  );
  const lookAgain = (): void => {
    window.setTimeout(() => {
      // Gone with its view: nobody looks any more.
      if (now.element.isConnected) void now.reload().then(lookAgain);
    }, LOOK_EVERY_MS);
  };
  lookAgain();
  return now.element;
}

function lookersAfter(house: House, page: OperatePage): HTMLElement {
  const { texts } = page;
  const load = async (): Promise<readonly Person[]> => {
    const [operators, keepers] = await Promise.all([house.people('', 'operator', 0), house.people('', 'keeper', 0)]);
    const dids = new Set(operators.people.map(({ did }) => did));
    return [...operators.people, ...keepers.people.filter(({ did }) => !dids.has(did))];
  };
  return new Asked(texts, load, (people) => [
    el(
      'ul',
      { class: 'rows' },
      ...people.map((person) =>
        el(
          'li',
          { class: 'row' },
          el(
            'p',
            { class: 'row-name' },
            personLink(house, texts, person.did, person),
            ...person.roles
              .filter((role) => role !== 'artisan')
              .map((role) => el('span', { class: 'badge' }, roleText(texts, role))),
            person.did === house.did && el('span', { class: 'hint' }, texts.t('op.you')),
            person.home && el('span', { class: 'hint' }, '@', bdi(person.home)),
          ),
        ),
      ),
    ),
  ]).element;
}
