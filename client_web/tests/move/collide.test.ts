import { describe, expect, it } from 'vitest';
import { BODY_RADIUS_M, Ground, makeBox, rayBoxes } from '../../src/move/collide';
import { randomGround, randoms } from './random_ground';

describe('walking', () => {
  it('goes where nothing is in the way', () => {
    const ground = new Ground([], { minX: -10, minZ: -10, maxX: 10, maxZ: 10 });
    const end = ground.step({ x: 0, z: 0 }, 1, -2);
    expect(end.x).toBeCloseTo(1);
    expect(end.z).toBeCloseTo(-2);
  });

  it('stops at a wall and slides along it', () => {
    const ground = new Ground([makeBox(0, -2, 5, 0.5, 0, 3)], { minX: -10, minZ: -10, maxX: 10, maxZ: 10 });
    const end = ground.step({ x: 0, z: 0 }, 2, -4);
    expect(end.z).toBeCloseTo(-1.5 + BODY_RADIUS_M, 3);
    expect(end.x).toBeCloseTo(2, 3);
  });

  it('slides along a turned wall as +Y turns it: positive yaw turns left', () => {
    // A wall turned by 45° to the left: its long side runs from (+x, -z) to (-x, +z).
    const ground = new Ground([makeBox(0, 0, 4, 0.1, Math.PI / 4, 3)], { minX: -9, minZ: -9, maxX: 9, maxZ: 9 });
    expect(ground.isFree(2, -2)).toBe(false);
    expect(ground.isFree(2, 2)).toBe(true);
    const end = ground.step({ x: 0, z: 2 }, 0, -2);
    expect(end.x - 0).toBeGreaterThan(-1.6);
    expect(ground.isFree(end.x, end.z)).toBe(true);
  });

  it('does not pass through a thin wall at any speed', () => {
    const ground = new Ground([makeBox(0, 0, 8, 0.02, 0, 3)], { minX: -8, minZ: -8, maxX: 8, maxZ: 8 });
    for (const speed of [0.3, 1, 3, 7, 1000]) expect(ground.step({ x: 1, z: 4 }, 0, -speed).z).toBeGreaterThan(0);
  });

  it('stays finite, inside the bounds and out of the walls on any random walk', () => {
    for (let seed = 1; seed <= 12; seed++) {
      const next = randoms(seed);
      const ground = randomGround(next, 40);
      let here = ground.nearestFree(0, 0) ?? { x: 0, z: 0 };
      for (let i = 0; i < 400; i++) {
        const angle = next() * Math.PI * 2;
        const length = next() ** 3 * 5;
        here = ground.step(here, Math.cos(angle) * length, Math.sin(angle) * length);
        expect(ground.isFree(here.x, here.z)).toBe(true);
      }
    }
  });

  it('answers nonsense by standing still', () => {
    const ground = new Ground([], { minX: -1, minZ: -1, maxX: 1, maxZ: 1 });
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(ground.step({ x: 0, z: 0 }, bad, 1)).toEqual({ x: 0, z: 0 });
    }
  });

  it('lets someone out of a wall they were put into', () => {
    const ground = new Ground([makeBox(0, 0, 1, 1, 0, 3)], { minX: -5, minZ: -5, maxX: 5, maxZ: 5 });
    let here = { x: 0.9, z: 0 };
    for (let i = 0; i < 20; i++) here = ground.step(here, 0.1, 0);
    expect(ground.isFree(here.x, here.z)).toBe(true);
  });
});

describe('a ray', () => {
  it('meets the side of the nearest solid, below its height only', () => {
    const boxes = [makeBox(0, -5, 1, 1, 0, 2), makeBox(0, -9, 1, 1, 0.5, 2)];
    expect(rayBoxes(boxes, [0, 1, 0], [0, 0, -1])).toBeCloseTo(4);
    expect(rayBoxes(boxes, [0, 3, 0], [0, 0, -1])).toBe(Number.POSITIVE_INFINITY);
    expect(rayBoxes(boxes, [0, 1, 0], [0, 0, 1])).toBe(Number.POSITIVE_INFINITY);
  });
});
