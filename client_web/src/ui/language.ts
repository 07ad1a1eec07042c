/** Choosing a language: three, each under its own name. */

import { LANGUAGE_NAMES } from '../i18n';
import { LANGUAGES, type Settings } from '../world/settings';
import { el, freshId } from './dom';

export function languageChooser(label: string, settings: Settings): HTMLElement {
  const id = freshId('language');
  const select = el(
    'select',
    {
      id,
      on: {
        change: () => {
          const chosen = LANGUAGES.find((language) => language === select.value);
          if (chosen) settings.set('language', chosen);
        },
      },
    },
    ...LANGUAGES.map((language) =>
      el('option', { attributes: { value: language, lang: language } }, LANGUAGE_NAMES[language]),
    ),
  );
  select.value = settings.get('language');
  return el('div', { class: 'field field-row' }, el('label', { attributes: { for: id } }, label), select);
}
