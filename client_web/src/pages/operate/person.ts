/** One person: who they are, what they may do, and what holds against them. */

import { bdi, type Child, el } from '../../ui/dom';
import { ago, fingerprintOf, moment } from '../drawn';
import { actions, card, facts } from '../parts';
import type { Grant, House, OperatePage, OperateView, Person, Restriction, Role } from './house';
import { Asked, Choice, Done, places, question, rightText, roleText, stallText } from './pieces';
import { restrictForm, restrictionRow } from './restricting';

interface Known {
  readonly person: Person | null;
  readonly grants: readonly Grant[];
  readonly restrictions: readonly Restriction[];
}

export function personView(house: House, did: string): OperateView {
  return (page) => {
    const { texts } = page;
    const done = new Done(texts);
    const load = async (): Promise<Known> => {
      const [person, grants, restrictions] = await Promise.all([
        house.person(did),
        house.isOperator ? house.grants() : { grants: [] },
        house.restrictions({ did, inForce: true }),
      ]);
      return {
        person,
        grants: grants.grants.filter((one) => one.did === did),
        restrictions: restrictions.restrictions,
      };
    };
    const known: Asked<Known> = new Asked(texts, load, (now) =>
      cards({ house, page, did, done, reload: () => known.reload() }, now),
    );
    return { title: texts.t('person.title'), content: [places(house, page, null), done.element, known.element] };
  };
}

/** What the cards of one person share. */
interface Desk {
  readonly house: House;
  readonly page: OperatePage;
  readonly did: string;
  readonly done: Done;
  reload(): Promise<void>;
}

function cards(desk: Desk, known: Known): Child[] {
  const { house, page, did } = desk;
  const { person } = known;
  if (!person) {
    return [card(page.texts.t('person.unknown'), el('p', {}, page.texts.t('person.unknownAbout')), toPeople(page))];
  }
  return [
    whoCard(desk, person),
    house.isOperator && rightsCard(desk, person, known.grants),
    did !== house.did && peaceCard(desk, person, known),
  ];
}

function toPeople({ texts }: OperatePage): HTMLElement {
  return actions(el('a', { class: 'button', attributes: { href: '#people' } }, texts.t('person.back')));
}

function nameIn({ house, page, did }: Desk, person: Person): string {
  return house.nameOf(did, person) || page.texts.t('op.nameless');
}

function whoCard(desk: Desk, person: Person): HTMLElement {
  const { house, page, did } = desk;
  const { texts } = page;
  const seen = `${ago(texts, person.last_seen_ms, house.wallMs())} (${moment(texts, person.last_seen_ms)})`;
  return card(
    nameIn(desk, person),
    el(
      'p',
      { class: 'badges' },
      did === house.did && el('span', { class: 'badge badge-kept' }, texts.t('person.you')),
      ...person.roles.map((role) => el('span', { class: 'badge' }, roleText(texts, role))),
    ),
    fingerprintOf(person.fingerprint),
    el('p', { class: 'hint' }, texts.t('person.fingerprint')),
    person.successor &&
      el('p', {}, el('a', { attributes: { href: `#people=${person.successor}` } }, texts.t('person.moved'))),
    facts(
      [texts.t('person.home'), person.home ? bdi(person.home) : texts.t('person.here', { alley: page.alley })],
      [texts.t('person.seen'), seen],
      [texts.t('person.did'), el('span', { class: 'is-code' }, did)],
    ),
    actions(
      el('a', { class: 'button button-small', attributes: { href: `/people/${did}` } }, texts.t('person.page')),
      el('a', { class: 'button button-small', attributes: { href: `#log=${did}` } }, texts.t('person.log')),
      el('a', { class: 'button button-small button-quiet', attributes: { href: '#people' } }, texts.t('person.back')),
    ),
  );
}

// --- rights -----------------------------------------------------------------------------------------------------------

function rightsCard(desk: Desk, person: Person, grants: readonly Grant[]): HTMLElement {
  const { texts } = desk.page;
  const name = nameIn(desk, person);
  return card(
    texts.t('person.rights'),
    grants.length > 0
      ? el('ul', { class: 'rows' }, ...grants.map((grant) => grantRow(desk, name, grant)))
      : el('p', { class: 'empty' }, texts.t('person.noRights')),
    el('details', { class: 'more' }, el('summary', {}, texts.t('person.give')), giveForm(desk, name)),
  );
}

function grantRow(desk: Desk, name: string, grant: Grant): HTMLElement {
  const { house, page, done, did } = desk;
  const { texts } = page;
  const right = rightText(house, texts, grant.role, grant.stall);
  const run = async (): Promise<void> => {
    await house.revoke(texts, grant.id);
    done.say(texts.t('person.revoked', { name, right }), async () => {
      await house.grant(texts, did, grant.role, grant.stall);
      await desk.reload();
    });
    await desk.reload();
  };
  return el(
    'li',
    { class: 'row' },
    el(
      'div',
      { class: 'row-words' },
      el('p', { class: 'row-name' }, right),
      el('p', { class: 'hint' }, texts.t('person.since', { when: moment(texts, grant.at_ms) })),
    ),
    question(texts, {
      label: texts.t('person.revoke'),
      about: right,
      look: 'danger',
      key: `revoke-${grant.id}`,
      question: texts.t(did === house.did ? 'person.revokeOwn' : 'person.revokeAsk', { name, right }),
      run,
    }),
  );
}

function giveForm(desk: Desk, name: string): HTMLElement {
  const { house, page, did, done } = desk;
  const { texts } = page;
  const right = new Choice(texts.t('person.right'), [
    ...house.stalls.map(({ id }) => [`artisan ${id}`, rightText(house, texts, 'artisan', id)] as const),
    ['keeper', roleText(texts, 'keeper')],
    ['operator', roleText(texts, 'operator')],
  ]);
  const place = el('div', {});
  const ask = (): void => {
    const [role, stall = null] = right.value.split(' ') as [Role, string?];
    const words = rightText(house, texts, role, stall);
    const run = async (): Promise<void> => {
      const made = await house.grant(texts, did, role, stall);
      done.say(texts.t('person.granted', { name, right: words }), async () => {
        await house.revoke(texts, made.id);
        await desk.reload();
      });
      await desk.reload();
    };
    const about = {
      artisan: 'person.giveArtisan',
      keeper: 'person.giveKeeper',
      operator: 'person.giveOperator',
    } as const;
    place.replaceChildren(
      question(texts, {
        label: texts.t('person.giveGo'),
        key: 'give',
        question: texts.t(about[role], { name, stall: stallText(house, texts, stall) }),
        run,
      }),
    );
  };
  right.select.addEventListener('change', ask);
  ask();
  return el('div', { class: 'card-form' }, right.element, place);
}

// --- peace ------------------------------------------------------------------------------------------------------------

function peaceCard(desk: Desk, person: Person, known: Known): HTMLElement {
  const { house, page, did, done } = desk;
  const { texts } = page;
  const isProtected = person.roles.includes('operator') || (person.roles.includes('keeper') && !house.isOperator);
  const change = { house, page, done, reload: () => desk.reload() };
  const target = { target: did, name: nameIn(desk, person) };
  return card(
    texts.t('person.peace'),
    known.restrictions.length > 0
      ? el('ul', { class: 'rows' }, ...known.restrictions.map((one) => restrictionRow(change, one, null)))
      : el('p', { class: 'empty' }, texts.t('person.noPeace')),
    isProtected
      ? el('p', { class: 'hint' }, texts.t('person.protected'))
      : el(
          'details',
          { class: 'more' },
          el('summary', {}, texts.t('person.restrict')),
          restrictForm(change, () => target),
        ),
  );
}
