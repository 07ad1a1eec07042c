/** Which stall the visitor stands at: pure. */

import type { StallEntry, Vec3 } from '../net/wire.gen';

const AT_M = 3.5;

/** The stall whose front is nearest, within a few steps; null in the open lane. */
export function nearestStall(directory: readonly StallEntry[], positionM: Vec3 | readonly number[]): string | null {
  let found: string | null = null;
  let nearest = AT_M;
  for (const { id, front } of directory) {
    const [x, , z] = front.positionM;
    const way = Math.hypot(x - (positionM[0] ?? 0), z - (positionM[2] ?? 0));
    if (way < nearest) {
      nearest = way;
      found = id;
    }
  }
  return found;
}
