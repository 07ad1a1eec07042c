/** The devices that speak for this identity: which there are, what they are called, and sending one away. */

import type { Device } from '../../identity/document';
import { change, isThis, renamed, revoked } from '../../identity/keeping';
import { bdi, button, el } from '../../ui/dom';
import { day } from '../drawn';
import { card, Field, form, notice } from '../parts';
import { inWords, type Me, type MePage, type MeView } from './me';
import { overview } from './overview';
import { backTo, passphraseField } from './pieces';

export function devicesCard(me: Me, page: MePage): HTMLElement {
  const { texts } = page;
  return card(
    texts.t('me.devices'),
    el('ul', { class: 'rows' }, ...me.actor.devices.map((device) => row(me, page, device))),
  );
}

function row(me: Me, page: MePage, device: Device): HTMLElement {
  const { texts } = page;
  const isOwn = isThis(me.identity, device);
  const name = device.name ?? texts.t('me.device.nameless');
  const open = (view: MeView) => () => page.show(view);
  return el(
    'li',
    { class: 'row' },
    el(
      'div',
      { class: 'row-words' },
      el('p', { class: 'row-name' }, bdi(name), isOwn && el('span', { class: 'badge' }, texts.t('me.device.this'))),
      device.created && el('p', { class: 'hint' }, texts.t('me.device.since', { date: dateOf(page, device.created) })),
    ),
    me.isSecure &&
      el(
        'div',
        { class: 'row-actions' },
        button({
          label: texts.t('me.device.rename'),
          about: name,
          class: 'button button-small',
          key: `rename-${device.key}`,
          press: open(renameView(me, device)),
        }),
        !isOwn &&
          button({
            label: texts.t('me.device.revoke'),
            about: name,
            class: 'button button-small button-danger',
            key: `revoke-${device.key}`,
            press: open(revokeView(me, device)),
          }),
      ),
  );
}

function dateOf({ texts }: MePage, created: string): string {
  const wallMs = Date.parse(created);
  return Number.isNaN(wallMs) ? created : day(texts, wallMs);
}

function renameView(me: Me, device: Device): MeView {
  return (page) => {
    const { texts } = page;
    const name = new Field({
      label: texts.t('me.device.name'),
      hint: texts.t('me.device.nameHint'),
      value: device.name ?? '',
      maxChars: 64,
      isRequired: true,
    });
    const passphrase = passphraseField(texts);
    const run = (): Promise<void> =>
      sign(me, page, passphrase.value, renamed(device.key, name.value), texts.t('me.device.renamed'));
    return {
      title: texts.t('me.device.rename'),
      content: [
        card(
          device.name ?? texts.t('me.device.nameless'),
          form(texts, { label: texts.t('me.save'), run }, name, passphrase),
          backTo(page, overview(me)),
        ),
      ],
    };
  };
}

function revokeView(me: Me, device: Device): MeView {
  return (page) => {
    const { texts } = page;
    const name = device.name ?? texts.t('me.device.nameless');
    const passphrase = passphraseField(texts);
    const run = (): Promise<void> =>
      sign(me, page, passphrase.value, revoked(device.key), texts.t('me.device.revoked', { name }));
    return {
      title: texts.t('me.device.revoke'),
      content: [
        card(
          name,
          notice('warning', el('p', {}, texts.t('me.device.revokeAbout'))),
          form(texts, { label: texts.t('me.device.revoke'), look: 'danger', run }, passphrase),
          backTo(page, overview(me)),
        ),
      ],
    };
  };
}

/** Sign a change, make it known, and say what was done; without the instance it holds here and is told later. */
export async function sign(
  me: Me,
  page: MePage,
  passphrase: string,
  alter: Parameters<typeof change>[2],
  done: string,
): Promise<void> {
  const { texts } = page;
  await inWords(texts, () => change(me.passport, passphrase, alter));
  const isTold = await me.tellServer().then(
    () => true,
    () => false,
  );
  await me.load();
  page.show(overview(me));
  page.tell(isTold ? done : `${done} ${texts.t('me.toldLater')}`);
}
