/**
 * How much is drawn, judged by how long frames take.
 *
 * Theory: the median of the last second decides, so that one slow frame (a shader, a file) changes nothing. Going down
 * needs a second of slow frames, going up needs several seconds of fast ones and is tried less and less often after
 * each time it had to be taken back. Pixel ratio goes first, then reflections, glow and far detail: never the mood.
 */

import type { Quality } from '../world/settings';

export interface Level {
  /** At most this share of the screen's own pixels. */
  readonly pixelRatio: number;
  readonly mirror: 0 | 1 | 2;
  readonly glow: boolean;
  readonly far: boolean;
}

export const LEVELS: readonly Level[] = [
  { pixelRatio: 0.6, mirror: 0, glow: false, far: false },
  { pixelRatio: 0.75, mirror: 0, glow: true, far: false },
  { pixelRatio: 0.85, mirror: 1, glow: true, far: true },
  { pixelRatio: 1, mirror: 1, glow: true, far: true },
  { pixelRatio: 1.5, mirror: 2, glow: true, far: true },
  { pixelRatio: 2, mirror: 2, glow: true, far: true },
];

const FIXED: Readonly<Record<Exclude<Quality, 'auto'>, number>> = { low: 1, medium: 3, high: 5 };
const SLOW_MS = 21;
const FAST_MS = 17.6;
const WINDOW_MS = 1000;
/** One slow frame alone (a shader, a file) decides nothing. */
const FEWEST_FRAMES = 4;
const FIRST_PATIENCE_MS = 4000;
const LONGEST_PATIENCE_MS = 120_000;
/** A gap longer than this is a hidden tab, not a frame. */
const GAP_MS = 3000;

export class QualityScaler {
  #level: number;
  #frames: number[] = [];
  #windowMs = 0;
  #fastMs = 0;
  #patienceMs = FIRST_PATIENCE_MS;
  #raised = false;
  setting: Quality;

  constructor(setting: Quality, start = 3) {
    this.setting = setting;
    this.#level = start;
  }

  get index(): number {
    return this.setting === 'auto' ? this.#level : FIXED[this.setting];
  }

  get level(): Level {
    return LEVELS[this.index] as Level;
  }

  /** Count a frame; true when the level changed. */
  frame(milliseconds: number): boolean {
    if (this.setting !== 'auto' || !(milliseconds > 0) || milliseconds > GAP_MS) return false;
    this.#frames.push(milliseconds);
    this.#windowMs += milliseconds;
    if (this.#windowMs < WINDOW_MS || this.#frames.length < FEWEST_FRAMES) return false;
    const sorted = this.#frames.sort((a, b) => a - b);
    const median = sorted[sorted.length >> 1] as number;
    const span = this.#windowMs;
    this.#frames = [];
    this.#windowMs = 0;
    return this.#judge(median, span);
  }

  #judge(median: number, span: number): boolean {
    if (median > SLOW_MS) {
      this.#fastMs = 0;
      if (this.#raised) this.#patienceMs = Math.min(LONGEST_PATIENCE_MS, this.#patienceMs * 3);
      this.#raised = false;
      if (this.#level === 0) return false;
      // Far too slow goes down by two.
      this.#level = Math.max(0, this.#level - (median > SLOW_MS * 2 ? 2 : 1));
      return true;
    }
    this.#fastMs = median < FAST_MS ? this.#fastMs + span : 0;
    if (this.#fastMs < this.#patienceMs || this.#level === LEVELS.length - 1) return false;
    this.#fastMs = 0;
    this.#raised = true;
    this.#level++;
    return true;
  }
}
