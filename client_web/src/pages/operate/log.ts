/** The audit log, in sentences. */

import { el } from '../../ui/dom';
import { moment } from '../drawn';
import { card } from '../parts';
import { type Entry, type House, type Names, type OperatePage, type OperateView, PAGE_SIZE } from './house';
import { Paged, personLink, places } from './pieces';
import { sentence } from './sentences';

export function logView(house: House, did = ''): OperateView {
  return (page) => {
    const { texts } = page;
    const names: Record<string, Names[string]> = {};
    const title = el('p', { class: 'hint' });
    const list = new Paged<Entry>(
      texts,
      async (after) => {
        const { entries, people } = await house.log(did, after.at(-1)?.id ?? null);
        Object.assign(names, people);
        if (did) title.replaceChildren(personLink(house, texts, did, names[did]));
        return { rows: entries, more: entries.length === PAGE_SIZE };
      },
      (entry) => row(house, page, entry, names),
      () => el('p', { class: 'empty' }, texts.t('log.none')),
    );
    return {
      title: texts.t('op.log'),
      content: [
        places(house, page, 'log'),
        card(
          texts.t(did ? 'log.ofPerson' : 'log.all'),
          el('p', { class: 'hint' }, texts.t('log.about')),
          did && title,
          list.element,
          did && el('p', {}, el('a', { attributes: { href: '#log' } }, texts.t('log.toAll'))),
        ),
      ],
    };
  };
}

function row(house: House, { texts }: OperatePage, entry: Entry, names: Names): HTMLElement {
  const text = entry.details['text'];
  const quote = entry.why || (entry.what === 'appeal' && typeof text === 'string' ? text : '');
  return el(
    'li',
    { class: 'row' },
    el(
      'div',
      { class: 'row-words' },
      el('p', {}, ...sentence(house, texts, entry, names)),
      quote && el('p', { class: 'quote', attributes: { dir: 'auto' } }, quote),
      el('p', { class: 'hint' }, moment(texts, entry.at_ms)),
    ),
  );
}
