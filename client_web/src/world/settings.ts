/**
 * What a visitor has set, shared by both views and kept in localStorage.
 *
 * `quality: 'auto'` leaves the level to the frame time. Reduced motion is on when the system asks for it or when the
 * person switched it on here.
 */

import { Emitter, type Unsubscribe } from './events';

export type Quality = 'auto' | 'low' | 'medium' | 'high';
export type Locomotion = 'smooth' | 'teleport';
export type Language = 'en' | 'de' | 'ja';

export const LANGUAGES: readonly Language[] = ['en', 'de', 'ja'];
export const QUALITIES: readonly Quality[] = ['auto', 'low', 'medium', 'high'];

export interface SettingsValues {
  language: Language;
  quality: Quality;
  /** Darken the edge of sight while moving in a headset. */
  vignette: boolean;
  /** Turn in steps of 45° in a headset instead of smoothly. */
  snapTurn: boolean;
  /** How to move in a headset. */
  locomotion: Locomotion;
  /** 0 to 1. */
  volume: number;
  muted: boolean;
  /** 'system' follows `prefers-reduced-motion`. */
  motion: 'system' | 'reduced' | 'full';
}

export interface KeyValueStore {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

const KEY = 'yokocho.settings';

export const DEFAULTS: Readonly<SettingsValues> = {
  language: 'en',
  quality: 'auto',
  vignette: true,
  snapTurn: true,
  locomotion: 'teleport',
  volume: 0.6,
  muted: false,
  motion: 'system',
};

/** The best of our languages for a list of BCP 47 tags. */
export function preferredLanguage(tags: readonly string[]): Language {
  for (const tag of tags) {
    const found = LANGUAGES.find((language) => tag.toLowerCase().split('-')[0] === language);
    if (found) return found;
  }
  return 'en';
}

function isOneOf<T extends string>(values: readonly T[], value: unknown): value is T {
  return values.includes(value as T);
}

/** Only what is valid of what was stored, by us or by an older version. */
function sound(stored: unknown, fallback: SettingsValues): SettingsValues {
  if (typeof stored !== 'object' || stored === null) return fallback;
  const it = stored as Partial<Record<keyof SettingsValues, unknown>>;
  const flag = (name: 'vignette' | 'snapTurn' | 'muted') => (typeof it[name] === 'boolean' ? it[name] : fallback[name]);
  return {
    language: isOneOf(LANGUAGES, it.language) ? it.language : fallback.language,
    quality: isOneOf(QUALITIES, it.quality) ? it.quality : fallback.quality,
    vignette: flag('vignette'),
    snapTurn: flag('snapTurn'),
    locomotion: isOneOf(['smooth', 'teleport'] as const, it.locomotion) ? it.locomotion : fallback.locomotion,
    volume: typeof it.volume === 'number' && it.volume >= 0 && it.volume <= 1 ? it.volume : fallback.volume,
    muted: flag('muted'),
    motion: isOneOf(['system', 'reduced', 'full'] as const, it.motion) ? it.motion : fallback.motion,
  };
}

export interface SettingsSources {
  store: KeyValueStore | null;
  languages: readonly string[];
  /** Whether the system asks for reduced motion now. */
  systemReducedMotion: () => boolean;
}

export class Settings {
  readonly #events = new Emitter<{ change: keyof SettingsValues }>();
  readonly #sources: SettingsSources;
  #values: SettingsValues;

  constructor(sources: SettingsSources) {
    this.#sources = sources;
    const fallback = { ...DEFAULTS, language: preferredLanguage(sources.languages) };
    this.#values = sound(load(sources.store), fallback);
  }

  get<K extends keyof SettingsValues>(name: K): SettingsValues[K] {
    return this.#values[name];
  }

  set<K extends keyof SettingsValues>(name: K, value: SettingsValues[K]): void {
    if (this.#values[name] === value) return;
    this.#values = { ...this.#values, [name]: value };
    try {
      this.#sources.store?.setItem(KEY, JSON.stringify(this.#values));
    } catch {
      // A full or forbidden store: the setting holds for this visit.
    }
    this.#events.emit('change', name);
  }

  get reducedMotion(): boolean {
    const motion = this.#values.motion;
    return motion === 'reduced' || (motion === 'system' && this.#sources.systemReducedMotion());
  }

  /** The volume that is really heard. */
  get loudness(): number {
    return this.#values.muted ? 0 : this.#values.volume;
  }

  /** Called with the name of every setting that changes. */
  onChange(listener: (name: keyof SettingsValues) => void): Unsubscribe {
    return this.#events.on('change', listener);
  }
}

function load(store: KeyValueStore | null): unknown {
  try {
    return JSON.parse(store?.getItem(KEY) ?? 'null');
  } catch {
    return null;
  }
}
