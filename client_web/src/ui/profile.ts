/** Who the visitor is between visits: name, look and which first hints they have seen. Kept in this browser alone. */

import { LOOK_PARTS, type Look, MAX_HEIGHT_CM, MAX_NAME_CHARS, MIN_HEIGHT_CM } from '../net/wire.gen';
import type { KeyValueStore } from '../world/settings';

const NAME = 'yokocho.name';
const LOOK = 'yokocho.look';
const HINTS = 'yokocho.hints';
const CHOICES = 16;

export type HintName = 'move' | 'look' | 'talk';

/** Any eight numbers, made into a look that a doll can have. */
export function soundLook(parts: readonly unknown[]): Look {
  const whole = (index: number) => {
    const part = parts[index];
    return typeof part === 'number' && Number.isFinite(part) ? Math.trunc(part) : 0;
  };
  const style = Array.from({ length: LOOK_PARTS - 1 }, (_, index) => ((whole(index) % CHOICES) + CHOICES) % CHOICES);
  const height = whole(LOOK_PARTS - 1) || 160;
  return [...style, Math.max(MIN_HEIGHT_CM, Math.min(MAX_HEIGHT_CM, height))] as unknown as Look;
}

/** A look by chance; `random` gives numbers from 0 to 1. */
export function randomLook(random: () => number): Look {
  const style = Array.from({ length: LOOK_PARTS - 1 }, () => Math.floor(random() * CHOICES));
  return soundLook([...style, 148 + Math.floor(random() * 35)]);
}

/** What a name field may hold: no line breaks, not too long. The server cleans the rest. */
export function tidyName(name: string): string {
  return [...name.replace(/\s+/g, ' ').trim()].slice(0, MAX_NAME_CHARS).join('');
}

export class Profile {
  readonly #store: KeyValueStore | null;
  #name: string;
  #look: Look;

  constructor(store: KeyValueStore | null, random: () => number) {
    this.#store = store;
    this.#name = tidyName(this.#read(NAME) ?? '');
    const stored = this.#parsed(LOOK);
    this.#look = Array.isArray(stored) ? soundLook(stored) : randomLook(random);
  }

  get name(): string {
    return this.#name;
  }

  set name(name: string) {
    this.#name = tidyName(name);
    this.#write(NAME, this.#name);
  }

  get look(): Look {
    return this.#look;
  }

  set look(look: Look) {
    this.#look = look;
    this.#write(LOOK, JSON.stringify(look));
  }

  hasSeen(hint: HintName): boolean {
    const seen = this.#parsed(HINTS);
    return Array.isArray(seen) && seen.includes(hint);
  }

  sawHint(hint: HintName): void {
    const seen = this.#parsed(HINTS);
    this.#write(HINTS, JSON.stringify([...new Set([...(Array.isArray(seen) ? seen : []), hint])]));
  }

  #read(key: string): string | null {
    try {
      return this.#store?.getItem(key) ?? null;
    } catch {
      return null;
    }
  }

  #parsed(key: string): unknown {
    try {
      return JSON.parse(this.#read(key) ?? 'null');
    } catch {
      return null;
    }
  }

  #write(key: string, value: string): void {
    try {
      this.#store?.setItem(key, value);
    } catch {
      // Without storage everything holds for this visit.
    }
  }
}
