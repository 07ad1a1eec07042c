/** Which alleys know me, and what this one has of me. */

import type { Consent } from '../../identity/store';
import { bdi, button, el } from '../../ui/dom';
import { day } from '../drawn';
import { actions, card, deed } from '../parts';
import { inWords, type Me, type MePage } from './me';
import { hostOf } from './overview';
import { saveFile } from './pieces';

export function alleysCard(me: Me, page: MePage): HTMLElement {
  const { texts } = page;
  return card(
    texts.t('me.alleys'),
    el('p', {}, texts.t('me.alleys.about')),
    me.consents.length === 0
      ? el('p', { class: 'empty' }, texts.t('me.alleys.none'))
      : el('ul', { class: 'rows' }, ...me.consents.map((consent) => row(me, page, consent))),
  );
}

function row(me: Me, page: MePage, { audience, sinceMs }: Consent): HTMLElement {
  const { texts } = page;
  const withdraw = async (): Promise<void> => {
    await (await me.passport.store).withdraw(audience);
    await me.load();
    page.refresh();
    page.tell(texts.t('me.alleys.withdrawn', { alley: hostOf(audience) }));
  };
  return el(
    'li',
    { class: 'row' },
    el(
      'div',
      { class: 'row-words' },
      el('p', { class: 'row-name' }, bdi(hostOf(audience))),
      el('p', { class: 'hint' }, texts.t('me.device.since', { date: day(texts, sinceMs) })),
    ),
    el(
      'div',
      { class: 'row-actions' },
      button({
        label: texts.t('me.alleys.withdraw'),
        about: hostOf(audience),
        class: 'button button-small',
        press: () => void withdraw(),
      }),
    ),
  );
}

export function dataCard(me: Me, page: MePage): HTMLElement {
  const { texts } = page;
  const run = async (): Promise<void> => {
    const everything = await inWords(texts, () => me.server.exportAll());
    saveFile('yokocho-export.zip', everything);
    page.tell(texts.t('me.data.exported'));
  };
  return card(
    texts.t('me.data'),
    el('p', {}, texts.t('me.data.about')),
    actions(deed(texts, { label: texts.t('me.data.export'), look: 'quiet', key: 'export', run })),
  );
}
