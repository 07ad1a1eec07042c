/** The first view of the page about oneself. */

import { MAX_NAME_CHARS } from '../../net/wire.gen';
import { Profile } from '../../ui/profile';
import { storage } from '../../world/storage';
import { card, Field, form } from '../parts';
import type { Page, View } from '../shell';
import type { MeKey } from './i18n/en';

export function overview(page: Page<MeKey>): View {
  const { texts } = page;
  const profile = new Profile(storage('localStorage'), () => Math.random());
  const name = new Field({
    label: texts.t('me.name'),
    hint: texts.t('me.nameHint'),
    value: profile.name,
    autocomplete: 'nickname',
    maxChars: MAX_NAME_CHARS,
    isRequired: true,
  });
  const save = (): void => {
    profile.name = name.value;
    page.tell(texts.t('me.saved'));
  };
  return {
    title: texts.t('me.title'),
    content: [card(texts.t('me.shown'), form(texts, { label: texts.t('me.save'), run: save }, name))],
  };
}
