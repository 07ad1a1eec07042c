/** The browser's own stores, which a person may have forbidden. */

import type { KeyValueStore } from './settings';

export function storage(kind: 'localStorage' | 'sessionStorage'): KeyValueStore | null {
  try {
    return window[kind];
  } catch {
    return null;
  }
}
