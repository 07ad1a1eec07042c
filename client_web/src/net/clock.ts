/**
 * What the room's clock shows, from pings.
 *
 * Theory: half of a round trip is the best guess for one way, and the guess is best for the shortest trip. Of the last
 * pings the one with the shortest round trip decides.
 */

const PINGS_KEPT = 16;

interface Trip {
  readonly rttMs: number;
  readonly offsetMs: number;
}

export class RoomClock {
  #trips: Trip[] = [];

  restart(): void {
    this.#trips = [];
  }

  /** The answer to a ping sent at the local time `sentMs` came at `nowMs`. */
  answered(sentMs: number, serverMs: number, nowMs: number): void {
    const rttMs = nowMs - sentMs;
    if (!(rttMs >= 0)) return;
    this.#trips.push({ rttMs, offsetMs: serverMs + rttMs / 2 - nowMs });
    if (this.#trips.length > PINGS_KEPT) this.#trips.shift();
  }

  get #best(): Trip | null {
    return this.#trips.reduce<Trip | null>((best, trip) => (best && best.rttMs <= trip.rttMs ? best : trip), null);
  }

  /** The room's time at a local time, or NaN before the first answer. */
  at(nowMs: number): number {
    return nowMs + (this.#best?.offsetMs ?? Number.NaN);
  }

  /** The shortest round trip of late, or NaN. */
  get rttMs(): number {
    return this.#best?.rttMs ?? Number.NaN;
  }
}
