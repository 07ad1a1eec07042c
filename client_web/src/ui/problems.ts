/** The server's error codes in the words of the person's language; its own sentence when a code is new to us. */

import type { Texts } from '../i18n';
import type { TextKey } from '../i18n/en';
import { ErrorCode } from '../net/wire.gen';

const KEYS: Readonly<Partial<Record<string, TextKey>>> = {
  [ErrorCode.RATE_LIMITED]: 'problem.rate_limited',
  [ErrorCode.TEXT_INVALID]: 'problem.text_invalid',
  [ErrorCode.NAME_INVALID]: 'problem.name_invalid',
  [ErrorCode.UNKNOWN_VISITOR]: 'problem.unknown_visitor',
  [ErrorCode.MUTED]: 'problem.muted',
  [ErrorCode.OUT_OF_RANGE]: 'problem.out_of_range',
};

export function problemText(texts: Texts, code: string, message: string): string {
  const key = KEYS[code];
  return key ? texts.t(key) : message;
}
