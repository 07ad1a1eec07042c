/** Gestures of the doll, as a row of six buttons. */

import type { Texts } from '../i18n';
import type { TextKey } from '../i18n/en';
import { EmoteKind } from '../net/wire.gen';
import { button, el } from './dom';

interface Gesture {
  readonly kind: EmoteKind;
  readonly symbol: string;
  readonly label: TextKey;
  readonly did: TextKey;
}

export const GESTURES: readonly Gesture[] = [
  { kind: EmoteKind.WAVE, symbol: '👋', label: 'emote.wave', did: 'emote.did.wave' },
  { kind: EmoteKind.BOW, symbol: '🙇', label: 'emote.bow', did: 'emote.did.bow' },
  { kind: EmoteKind.CLAP, symbol: '👏', label: 'emote.clap', did: 'emote.did.clap' },
  { kind: EmoteKind.HEART, symbol: '♥', label: 'emote.heart', did: 'emote.did.heart' },
  { kind: EmoteKind.LAUGH, symbol: '☺', label: 'emote.laugh', did: 'emote.did.laugh' },
  { kind: EmoteKind.QUESTION, symbol: '?', label: 'emote.question', did: 'emote.did.question' },
];

export function gestureOf(kind: EmoteKind): Gesture | undefined {
  return GESTURES.find((gesture) => gesture.kind === kind);
}

export function gestureRow(texts: Texts, make: (kind: EmoteKind) => void): HTMLElement {
  return el(
    'div',
    { class: 'gestures', attributes: { role: 'group', 'aria-label': texts.t('emote.title') } },
    ...GESTURES.map(({ kind, label }, index) => {
      const one = button({ label: texts.t(label), class: 'button button-small', press: () => make(kind) });
      one.dataset['gesture'] = String(index);
      return one;
    }),
  );
}
