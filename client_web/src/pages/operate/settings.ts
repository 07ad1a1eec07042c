/** What operators decide once: the words about how to appeal. */

import { el } from '../../ui/dom';
import { card, Field, form } from '../parts';
import type { House, OperatePage, OperateView } from './house';
import { Asked, Done, places } from './pieces';

const MAX_APPEAL_CHARS = 500;

export function settingsView(house: House): OperateView {
  return (page) => {
    const { texts } = page;
    const done = new Done(texts);
    const known = new Asked(
      texts,
      () => house.appeal(),
      (appeal) => [appealForm(house, page, done, appeal)],
    );
    return {
      title: texts.t('op.settings'),
      content: [
        places(house, page, 'settings'),
        done.element,
        card(texts.t('appeal.title'), el('p', {}, texts.t('appeal.about')), known.element),
      ],
    };
  };
}

function appealForm(house: House, { texts }: OperatePage, done: Done, appeal: string): HTMLElement {
  let before = appeal;
  const field = new Field({
    label: texts.t('appeal.text'),
    hint: texts.t('appeal.hint'),
    value: appeal,
    isLong: true,
    maxChars: MAX_APPEAL_CHARS,
  });
  const put = async (text: string): Promise<void> => {
    const kept = await house.setAppeal(texts, text);
    field.input.value = kept.text;
  };
  const run = async (): Promise<void> => {
    const old = before;
    await put(field.value.trim());
    before = field.value;
    done.say(texts.t('appeal.saved'), async () => {
      await put(old);
      before = old;
    });
  };
  return form(texts, { label: texts.t('appeal.save'), key: 'appeal', run }, field);
}
