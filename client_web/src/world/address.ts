/** What the alley's address may name behind `#`: a stall to begin at, as in `/#stall=kiln-and-tea`. */

import type { World } from './world';

/** Stand before the stall that the address names, as soon as one stands anywhere. False where it names none. */
export function beginAt(address: string, world: World): boolean {
  const id = /^#stall=([\w-]+)$/.exec(address)?.[1];
  if (id === undefined) return false;
  const look = (): void => {
    if (!world.isPlaced || !world.room) return;
    for (const off of offs) off();
    const front = world.directory.find((stall) => stall.id === id)?.front;
    if (front) world.jump(front.positionM[0], front.positionM[2], front.yawRad);
  };
  const offs = [world.on('room', look), world.on('correct', look)];
  return true;
}
