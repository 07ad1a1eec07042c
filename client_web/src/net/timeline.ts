/**
 * The adaptive playback clock.
 *
 * Theory: frames carry the room's clock and come in order, but late by varying amounts. What others do is shown a little
 * in the past, so that the frame after the shown moment has usually come. The delay follows the jitter that is measured:
 * at least two frame intervals, or one interval and three times the jitter, at most half a second. The clock is never
 * put, it runs up to 8 % faster or slower until it is right; only an error beyond a second is jumped over.
 */

const MAX_DELAY_MS = 500;
const MAX_RATE_CHANGE = 0.08;
const GAIN_PER_S = 2;
const SNAP_MS = 1000;
const JITTER_RISE = 0.5;
const JITTER_FALL = 0.02;

export class Timeline {
  #intervalMs = 50;
  #jitterMs = 0;
  #newestMs = Number.NaN;
  #arrivedMs = 0;
  #shownMs = Number.NaN;
  #askedMs = 0;

  restart(intervalMs: number): void {
    this.#intervalMs = intervalMs;
    this.#jitterMs = 0;
    this.#newestMs = Number.NaN;
    this.#shownMs = Number.NaN;
  }

  get delayMs(): number {
    return Math.min(MAX_DELAY_MS, Math.max(2 * this.#intervalMs, this.#intervalMs + 3 * this.#jitterMs));
  }

  get intervalMs(): number {
    return this.#intervalMs;
  }

  /** A frame of the room's time `serverMs` came at the local time `nowMs`. */
  arrive(serverMs: number, nowMs: number): void {
    const isFirst = Number.isNaN(this.#newestMs);
    if (!isFirst && serverMs <= this.#newestMs && this.#newestMs - serverMs < SNAP_MS) return;
    if (!isFirst && serverMs > this.#newestMs) {
      const deviation = Math.abs(nowMs - this.#arrivedMs - (serverMs - this.#newestMs));
      const speed = deviation > this.#jitterMs ? JITTER_RISE : JITTER_FALL;
      this.#jitterMs += (Math.min(deviation, SNAP_MS) - this.#jitterMs) * speed;
    }
    this.#newestMs = serverMs;
    this.#arrivedMs = nowMs;
  }

  /** The room's time to show at a local time, or NaN before the first frame. Local time goes on, never back. */
  at(nowMs: number): number {
    if (Number.isNaN(this.#newestMs)) return Number.NaN;
    const wanted = this.#newestMs + (nowMs - this.#arrivedMs) - this.delayMs;
    const passedMs = Math.max(0, nowMs - this.#askedMs);
    this.#askedMs = nowMs;
    const error = wanted - (this.#shownMs + passedMs);
    if (Number.isNaN(this.#shownMs) || Math.abs(error) > SNAP_MS) {
      this.#shownMs = wanted;
    } else {
      const change = Math.max(-MAX_RATE_CHANGE, Math.min(MAX_RATE_CHANGE, (error / 1000) * GAIN_PER_S));
      this.#shownMs += passedMs * (1 + change);
    }
    return this.#shownMs;
  }
}
