import { describe, expect, it } from 'vitest';
import { Ground, makeBox } from '../../src/move/collide';
import { findPath } from '../../src/move/path';
import { randomGround, randoms } from './random_ground';

const bounds = { minX: -12, minZ: -12, maxX: 12, maxZ: 12 };

describe('a path', () => {
  it('is one straight leg where nothing is in the way', () => {
    expect(findPath(new Ground([], bounds), { x: 0, z: 0 }, { x: 3, z: 4 })).toEqual([{ x: 3, z: 4 }]);
  });

  it('goes around a wall', () => {
    const ground = new Ground([makeBox(0, 0, 4, 0.2, 0, 3)], bounds);
    const path = findPath(ground, { x: 0, z: 3 }, { x: 0, z: -3 });
    expect(path.length).toBeGreaterThan(1);
    expect(path.at(-1)).toEqual({ x: 0, z: -3 });
    expect(Math.max(...path.map((p) => Math.abs(p.x)))).toBeGreaterThan(4);
  });

  it('ends beside a goal that nobody can stand on', () => {
    const ground = new Ground([makeBox(5, 5, 1, 1, 0, 3)], bounds);
    const end = findPath(ground, { x: 0, z: 0 }, { x: 5, z: 5 }).at(-1);
    expect(end && ground.isFree(end.x, end.z)).toBe(true);
    expect(Math.hypot((end?.x ?? 99) - 5, (end?.z ?? 99) - 5)).toBeLessThan(2);
  });

  it('is empty when the goal is walled in', () => {
    const walls = [
      makeBox(5, 2, 3.2, 0.2, 0, 3),
      makeBox(5, 8, 3.2, 0.2, 0, 3),
      makeBox(2, 5, 0.2, 3.2, 0, 3),
      makeBox(8, 5, 0.2, 3.2, 0, 3),
    ];
    expect(findPath(new Ground(walls, bounds), { x: -5, z: -5 }, { x: 5, z: 5 })).toEqual([]);
  });

  it('can be walked to its end without touching anything', () => {
    for (let seed = 1; seed <= 8; seed++) {
      const next = randoms(seed * 77);
      const ground = randomGround(next, 25);
      const from = ground.nearestFree(next() * 20 - 10, next() * 20 - 10);
      const to = ground.nearestFree(next() * 20 - 10, next() * 20 - 10);
      if (!from || !to) continue;
      let here = from;
      for (const corner of findPath(ground, from, to)) {
        here = ground.step(here, corner.x - here.x, corner.z - here.z);
        for (let tries = 0; tries < 8; tries++) here = ground.step(here, corner.x - here.x, corner.z - here.z);
        expect(Math.hypot(here.x - corner.x, here.z - corner.z)).toBeLessThan(0.12);
      }
    }
  });
});
