/** `/me`: the page about oneself. */

import { openPage } from '../shell';
import { overview } from './overview';

void openPage(
  {
    en: async () => (await import('./i18n/en')).en,
    de: async () => (await import('./i18n/de')).de,
    ja: async () => (await import('./i18n/ja')).ja,
  },
  overview,
);
