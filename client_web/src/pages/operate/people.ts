/** Everybody who was here: found by words and role, last seen first. */

import { bdi, el } from '../../ui/dom';
import { ago } from '../drawn';
import { card, Field, form } from '../parts';
import { type House, type OperatePage, type OperateView, type Person, ROLES } from './house';
import { Choice, Paged, personLink, places, rightText, roleText } from './pieces';

export function peopleView(house: House): OperateView {
  let words = '';
  let role = '';
  return (page) => {
    const { texts } = page;
    const search = new Field({ label: texts.t('people.search'), hint: texts.t('people.searchHint'), value: words });
    const roles = new Choice(
      texts.t('people.role'),
      [['', texts.t('people.anybody')] as const, ...ROLES.map((one) => [one, roleText(texts, one)] as const)],
      role,
    );
    const list = new Paged<Person>(
      texts,
      async (after) => {
        const { people, more } = await house.people(words, role, after.length);
        return { rows: people, more };
      },
      (person) => row(house, page, person),
      () => el('p', { class: 'empty' }, texts.t(words || role ? 'people.noMatch' : 'people.nobody')),
    );
    const run = async (): Promise<void> => {
      words = search.value.trim();
      role = roles.value;
      await list.reload();
    };
    roles.select.addEventListener('change', () => void run());
    return {
      title: texts.t('op.people'),
      content: [
        places(house, page, 'people'),
        card(
          texts.t('people.find'),
          form(
            texts,
            { label: texts.t('people.go'), look: 'quiet', key: 'search', run },
            el('div', { class: 'two' }, search.element, roles.element),
          ),
        ),
        card(texts.t('people.found'), list.element),
      ],
    };
  };
}

function row(house: House, { texts }: OperatePage, person: Person): HTMLElement {
  const { did, home, roles, stalls, fingerprint } = person;
  const seen = texts.t('people.seen', { when: ago(texts, person.last_seen_ms, house.wallMs()) });
  const rights = roles.flatMap((role) =>
    role === 'artisan' ? stalls.map(({ id }) => rightText(house, texts, role, id)) : [roleText(texts, role)],
  );
  return el(
    'li',
    { class: 'row' },
    el(
      'div',
      { class: 'row-words' },
      el(
        'p',
        { class: 'row-name' },
        personLink(house, texts, did, person),
        did === house.did && el('span', { class: 'hint' }, texts.t('op.you')),
        ...rights.map((right) => el('span', { class: 'badge' }, right)),
      ),
      el(
        'p',
        { class: 'hint' },
        ...(home ? [bdi(home), ' · '] : []),
        person.successor ? texts.t('people.moved') : seen,
      ),
      el('p', { class: 'hint fingerprint-short', attributes: { dir: 'ltr' } }, fingerprint),
    ),
  );
}
