/** Putting the recovery file away: as a file, and as a sheet of paper with a code that a camera reads. */

import { readRecovery, recoveryAddress } from '../../identity/recovery';
import { button, el } from '../../ui/dom';
import { day, fingerprintOf, qrCode } from '../drawn';
import { actions, card } from '../parts';
import type { Me, MePage, MeView } from './me';
import { overview } from './overview';
import { backTo, saveFile } from './pieces';

/** The file of a kept identity, once more. */
export function savedFileView(me: Me): MeView {
  return (page) => ({
    title: page.texts.t('me.saveAgain'),
    content: [
      saveFileCard(me, page, me.identity.recovery ?? '', () => undefined),
      backTo(page, overview(me), 'me.toOverview'),
    ],
  });
}

export function saveFileCard(me: Me, page: MePage, recovery: string, saved: () => void): HTMLElement {
  const { texts } = page;
  const said = el('p', { class: 'hint', attributes: { role: 'status' } });
  const done = (text: string): void => {
    saved();
    said.textContent = text;
  };
  return card(
    texts.t('me.file.title'),
    el('p', {}, texts.t('me.file.about')),
    actions(
      button({
        label: texts.t('me.file.save'),
        class: 'button button-main',
        key: 'file',
        press: () => {
          saveFile(fileName(me), new Blob([recovery], { type: 'application/json' }));
          done(texts.t('me.file.saved', { name: fileName(me) }));
        },
      }),
      button({
        label: texts.t('me.file.print'),
        class: 'button',
        key: 'print',
        press: () => {
          window.print();
          done(texts.t('me.file.printed'));
        },
      }),
    ),
    said,
    sheet(me, page, recovery),
  );
}

function fileName(me: Me): string {
  return `yokocho-recovery-${me.fingerprint.slice(0, 5)}.json`;
}

/** One page of paper; printing shows nothing else. */
function sheet(me: Me, page: MePage, recovery: string): HTMLElement {
  const { texts } = page;
  const address = recoveryAddress(me.origin, readRecovery(recovery));
  const point = (text: string): HTMLElement => el('li', {}, text);
  return el(
    'section',
    { class: 'sheet', attributes: { 'aria-label': texts.t('me.sheet.title') } },
    el(
      'header',
      { class: 'sheet-head' },
      el('p', { class: 'sheet-mark', attributes: { 'aria-hidden': 'true' } }),
      el('h3', { class: 'sheet-title' }, texts.t('me.sheet.title')),
      el('p', { class: 'sheet-alley' }, `${page.alley} · ${me.origin.replace(/^https?:\/\//, '')}`),
    ),
    el(
      'div',
      { class: 'sheet-body' },
      qrCode(address, texts.t('me.sheet.qr')),
      el(
        'div',
        { class: 'sheet-who' },
        el('p', { class: 'sheet-name', attributes: { dir: 'auto' } }, me.profile.name || texts.t('me.nameless')),
        el('p', { class: 'sheet-label' }, texts.t('me.fingerprint')),
        fingerprintOf(me.fingerprint),
        el('p', { class: 'sheet-label' }, texts.t('me.sheet.date')),
        el('p', {}, day(texts, me.passport.wallMs())),
        el('p', { class: 'sheet-label' }, texts.t('me.sheet.hint')),
        el('p', { class: 'sheet-line' }),
      ),
    ),
    el('p', { class: 'sheet-what' }, texts.t('me.sheet.what')),
    el(
      'ol',
      { class: 'sheet-steps' },
      point(texts.t('me.sheet.step1')),
      point(texts.t('me.sheet.step2')),
      point(texts.t('me.sheet.step3')),
    ),
    el('p', { class: 'sheet-what' }, texts.t('me.sheet.elsewhere')),
    el('p', { class: 'sheet-code', attributes: { dir: 'ltr' } }, address),
  );
}
