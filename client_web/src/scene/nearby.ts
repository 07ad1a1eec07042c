/** What can be done here: the exhibit and the stall that the visitor stands before. */

import { Vector3 } from 'three';
import type { StallEntry } from '../net/wire.gen';
import type { ShownExhibit } from './street';
import type { Near } from './types';

const EXHIBIT_M = 2.1;
const STALL_M = 3.2;
/** The one that is chosen stays chosen until another is clearly better. */
const KEEP_M = 0.25;

/** The piece nearest to the visitor and to where they look. */
export function nearestExhibit(
  exhibits: Iterable<ShownExhibit>,
  eyes: Vector3,
  view: Vector3,
  current: string | null,
): ShownExhibit | null {
  let best: ShownExhibit | null = null;
  let bestScore = Number.POSITIVE_INFINITY;
  for (const shown of exhibits) {
    const distance = shown.box.distanceToPoint(eyes);
    if (distance > EXHIBIT_M) continue;
    shown.box.getCenter(centre).sub(eyes).normalize();
    const facing = centre.dot(view);
    if (facing < 0.45) continue;
    const score = distance + (1 - facing) * 3 - (shown.exhibit.id === current ? KEEP_M : 0);
    if (score < bestScore) {
      best = shown;
      bestScore = score;
    }
  }
  return best;
}

export function nearestStall(
  directory: readonly StallEntry[],
  x: number,
  z: number,
  withinM = STALL_M,
): StallEntry | null {
  let best: StallEntry | null = null;
  let bestDistance = withinM;
  for (const entry of directory) {
    const [sx, , sz] = entry.front.positionM;
    const distance = Math.hypot(sx - x, sz - z);
    if (distance < bestDistance) {
      best = entry;
      bestDistance = distance;
    }
  }
  return best;
}

export function isSameNear(a: Near | null, b: Near | null): boolean {
  return a?.stallId === b?.stallId && a?.exhibitId === b?.exhibitId;
}

const centre = new Vector3();
