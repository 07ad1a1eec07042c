/** A text in the languages that its author wrote it in. */

import type { LocalText } from '../net/wire.gen';

export type { LocalText };

/** The text in a language, else in English, else in whatever there is. */
export function textIn(text: LocalText, language: string): string {
  return text[language] ?? text['en'] ?? Object.values(text)[0] ?? '';
}
