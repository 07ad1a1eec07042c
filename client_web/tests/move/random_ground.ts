import { Ground, makeBox } from '../../src/move/collide';

/** A small seeded generator (mulberry32), so that a failing walk can be walked again. */
export function randoms(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function randomGround(next: () => number, count: number): Ground {
  const boxes = Array.from({ length: count }, () =>
    makeBox(next() * 24 - 12, next() * 24 - 12, 0.1 + next() * 2, 0.1 + next(), next() * 6.3, 0.5 + next() * 3),
  );
  return new Ground(boxes, { minX: -12, minZ: -12, maxX: 12, maxZ: 12 });
}
