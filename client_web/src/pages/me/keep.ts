/** Keeping the identity: a passphrase, a recovery file that the person puts away, and only then the root leaves. */

import { type Prepared, prepareKeeping } from '../../identity/keeping';
import { button, el } from '../../ui/dom';
import { actions, card, deed, Field, form, notice, Problem } from '../parts';
import { inWords, type Me, type MePage, type MeView } from './me';
import { overview } from './overview';
import { backTo, NewPassphrase, steps } from './pieces';
import { saveFileCard } from './saved_file';

export const KEEP_STEPS = ['me.keep.step1', 'me.keep.step2', 'me.keep.step3'] as const;

export function keepView(me: Me): MeView {
  return (page) => {
    const { texts } = page;
    const passphrase = new NewPassphrase(texts);
    const device = new Field({
      label: texts.t('me.device.name'),
      hint: texts.t('me.device.nameHint'),
      value: me.deviceName,
      maxChars: 64,
    });
    const run = async (): Promise<void> => {
      const words = passphrase.read();
      const prepared = await inWords(texts, () => prepareKeeping(me.passport, words, device.value, me.belongings));
      page.show(saveView(me, prepared));
    };
    return {
      title: texts.t('me.keep'),
      content: [
        steps(texts, KEEP_STEPS, 0),
        card(
          texts.t('me.keep.step1'),
          el('p', {}, texts.t('me.keep.how')),
          notice('note', el('p', {}, texts.t('me.keep.nobody'))),
          form(
            texts,
            { label: texts.t('me.next'), run },
            passphrase.first,
            passphrase.again,
            passphrase.suggest,
            device,
          ),
          backTo(page, overview(me)),
        ),
      ],
    };
  };
}

/** The file is made; nothing has changed yet. */
export function saveView(me: Me, prepared: Prepared): MeView {
  let isSaved = false;
  return (page) => {
    const { texts } = page;
    const saved = (): void => {
      isSaved = true;
    };
    const finish = async (): Promise<void> => {
      if (!isSaved) throw new Problem(texts.t('me.keep.saveFirst'));
      await inWords(texts, () => prepared.commit());
      // Browsers throw away what lies unused in sites that nobody asked them to keep.
      await navigator.storage?.persist?.().catch(() => false);
      await me.load();
      // What cannot be told now is told at the next entering.
      await me.tellServer().catch(() => undefined);
      page.show(doneView(me));
    };
    return {
      title: texts.t('me.keep.step2'),
      content: [
        steps(texts, KEEP_STEPS, 1),
        saveFileCard(me, page, prepared.recovery, saved),
        card(
          texts.t('me.keep.safe'),
          el('p', {}, texts.t('me.keep.safeHow')),
          actions(
            deed(texts, { label: texts.t('me.keep.finish'), key: 'finish', run: finish }),
            backTo(page, overview(me)),
          ),
        ),
      ],
    };
  };
}

function doneView(me: Me): MeView {
  return (page: MePage) => {
    const { texts } = page;
    return {
      title: texts.t('me.keep.done'),
      content: [
        steps(texts, KEEP_STEPS, 2),
        card(
          texts.t('me.keep.doneTitle'),
          el('p', {}, texts.t('me.keep.doneAbout')),
          actions(
            button({
              label: texts.t('me.toOverview'),
              class: 'button button-main',
              press: () => page.show(overview(me)),
            }),
          ),
        ),
      ],
    };
  };
}
