/**
 * Going into another alley without leaving the page.
 *
 * Theory. The other alley is entered first, the present one left after: whoever is not let in has never been away. The
 * new connection speaks to a world of its own, the threshold, until it is welcome. Then everything it heard is told to the
 * one world that scene and panels look at, in which the alley before has been forgotten. Keys, picture and headset go on.
 */

import type { Connection } from '../net/connection';
import type { Outbound } from '../net/wire.gen';
import { type Status, World } from '../world/world';

/** As long as a connection waits for its first welcome, and a little for the papers. */
const PATIENCE_MS = 15_000;

export type Heard = readonly (readonly [message: Outbound, nowMs: number])[];

class Threshold extends World {
  readonly heard: [Outbound, number][] = [];

  override apply(message: Outbound, nowMs: number): void {
    this.heard.push([message, nowMs]);
    super.apply(message, nowMs);
  }
}

export interface Way {
  /** Opens nothing yet: a connection to the other alley that speaks to this world. */
  connect(world: World): Connection;
  /** The door is open: go in. */
  arrive(connection: Connection, heard: Heard): void;
  /** Calls once after a delay; the result cancels. */
  after(delayMs: number, call: () => void): () => void;
}

/** Knock and go in; gives why not, or null when one is there. */
export function travel(way: Way): Promise<Status | null> {
  return new Promise((resolve) => {
    const threshold = new Threshold();
    const connection = way.connect(threshold);
    let isOver = false;
    const turnedAway = (status: Status): void => {
      isOver = true;
      cancel();
      // Not at once: the connection is about to plan another attempt.
      queueMicrotask(() => connection.vanish());
      resolve(status);
    };
    const cancel = way.after(PATIENCE_MS, () => {
      if (!isOver) turnedAway({ ...threshold.status, phase: 'refused', code: 'no_answer' });
    });
    threshold.on('status', (status) => {
      if (isOver || (status.phase === 'connecting' && status.code === '')) return;
      if (status.phase !== 'live') {
        turnedAway(status);
        return;
      }
      isOver = true;
      cancel();
      way.arrive(connection, threshold.heard);
      resolve(null);
    });
    connection.start();
  });
}
