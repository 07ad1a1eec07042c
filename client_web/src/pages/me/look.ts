/** Name and doll: what others see. They go along at the next entering; the alley that is open now has its own settings. */

import { MAX_NAME_CHARS } from '../../net/wire.gen';
import { el } from '../../ui/dom';
import { LookChooser } from '../../ui/look_chooser';
import { tidyName } from '../../ui/profile';
import { card, Field, form, Problem } from '../parts';
import type { Me, MeView } from './me';
import { overview } from './overview';
import { backTo } from './pieces';

export function lookView(me: Me): MeView {
  let { look } = me.profile;
  return (page) => {
    const { texts } = page;
    const name = new Field({
      label: texts.t('me.name'),
      hint: texts.t('me.nameHint'),
      value: me.profile.name,
      autocomplete: 'nickname',
      maxChars: MAX_NAME_CHARS,
      isRequired: true,
    });
    const chooser = new LookChooser(texts, look, (chosen) => {
      look = chosen;
    });
    const run = (): void => {
      const tidy = tidyName(name.value);
      if (!tidy) throw new Problem(texts.t('page.fillIn'), name);
      me.profile.name = tidy;
      me.profile.look = look;
      page.show(overview(me));
      page.tell(texts.t('me.saved'));
    };
    return {
      title: texts.t('me.change'),
      content: [
        card(
          texts.t('me.shown'),
          form(texts, { label: texts.t('me.save'), run }, name, el('div', { class: 'look-frame' }, chooser.element)),
          backTo(page, overview(me)),
        ),
      ],
    };
  };
}
