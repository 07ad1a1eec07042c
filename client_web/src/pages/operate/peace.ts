/** Bans and mutes of everybody: those in force, those that were, and networks. */

import { el } from '../../ui/dom';
import { card, Field, Problem } from '../parts';
import { type House, type Names, type OperateView, PAGE_SIZE, type Restriction } from './house';
import { Done, Paged, places } from './pieces';
import { restrictForm, restrictionRow } from './restricting';

export function peaceView(house: House): OperateView {
  let showsAll = false;
  return (page) => {
    const { texts } = page;
    const done = new Done(texts);
    const names: Record<string, Names[string]> = {};
    const change = { house, page, done, reload: () => list.reload() };
    const list: Paged<Restriction> = new Paged<Restriction>(
      texts,
      async (after) => {
        const { restrictions, people } = await house.restrictions({ inForce: !showsAll, offset: after.length });
        Object.assign(names, people);
        return { rows: restrictions, more: restrictions.length === PAGE_SIZE };
      },
      (restriction) => restrictionRow(change, restriction, names),
      () => el('p', { class: 'empty' }, texts.t('peace.none')),
    );
    const target = new Field({
      label: texts.t('peace.target'),
      hint: texts.t('peace.targetHint'),
      isCode: true,
      isRequired: true,
    });
    const all = el('input', {
      attributes: { type: 'checkbox', checked: showsAll },
      on: {
        change: () => {
          showsAll = all.checked;
          void list.reload();
        },
      },
    });
    return {
      title: texts.t('op.peace'),
      content: [
        places(house, page, 'peace'),
        done.element,
        card(
          texts.t('peace.list'),
          el('label', { class: 'check' }, all, el('span', {}, texts.t('peace.all'))),
          list.element,
        ),
        card(
          texts.t('peace.person'),
          el('p', {}, texts.t('peace.personHow')),
          el('p', {}, el('a', { class: 'button', attributes: { href: '#people' } }, texts.t('peace.toPeople'))),
        ),
        el(
          'details',
          { class: 'paper card more' },
          el('summary', { class: 'card-title' }, texts.t('peace.network')),
          el('p', {}, texts.t('peace.networkHow')),
          restrictForm(
            change,
            () => {
              const text = target.value.trim();
              if (!/^[0-9a-fA-F:.]+(\/\d{1,3})?$|^did:key:z\w+$/.test(text)) {
                throw new Problem(texts.t('peace.targetBad'), target);
              }
              return { target: text, name: text };
            },
            target,
          ),
        ),
      ],
    };
  };
}
