import { describe, expect, it } from 'vitest';
import { Ground, makeBox } from '../../src/move/collide';
import { besidePoint, type Intent, Mover } from '../../src/move/mover';
import type { OwnPose } from '../../src/world/world';
import { randomGround, randoms } from './random_ground';

const still: Intent = { forward: 0, side: 0, turn: 0, run: false, yaw: 0, pitch: 0 };
const open = { minX: -20, minZ: -20, maxX: 20, maxZ: 20 };

function pose(): OwnPose {
  return { position: [0, 0, 0], rotation: [0, 0, 0, 1], hands: null, sitting: false, epoch: 0 };
}

function run(mover: Mover, intent: Intent, seconds: number): void {
  for (let t = 0; t < seconds; t += 0.02) {
    mover.finishTurn(intent, 0.02);
    mover.update(intent, 0.02);
  }
}

describe('walking by wish', () => {
  it('goes forward along -Z at yaw 0 and to the left of it at yaw 90°', () => {
    const mover = new Mover();
    mover.ground = new Ground([], open);
    run(mover, { ...still, forward: 1 }, 1);
    expect(mover.z).toBeLessThan(-1.4);
    expect(mover.x).toBeCloseTo(0);
    mover.place(0, 0, Math.PI / 2);
    run(mover, { ...still, forward: 1 }, 1);
    expect(mover.x).toBeLessThan(-1.4);
    mover.place(0, 0, 0);
    run(mover, { ...still, side: 1 }, 1);
    expect(mover.x).toBeGreaterThan(1.4);
  });

  it('never outruns the speed the server allows', () => {
    const mover = new Mover();
    mover.ground = new Ground([], open);
    mover.maxSpeedMS = 2;
    run(mover, { ...still, forward: 1, side: 1, run: true }, 2);
    expect(Math.hypot(mover.x, mover.z)).toBeLessThanOrEqual(4);
  });

  it('writes a unit rotation and a finite head for any wishes', () => {
    const next = randoms(5);
    const mover = new Mover();
    mover.ground = randomGround(next, 30);
    const free = mover.ground.nearestFree(0, 0);
    mover.place(free?.x ?? 0, free?.z ?? 0, 0);
    const own = pose();
    for (let i = 0; i < 1500; i++) {
      const intent = {
        forward: next() * 2 - 1,
        side: next() * 2 - 1,
        turn: next() * 2 - 1,
        run: next() > 0.5,
        yaw: (next() - 0.5) * 2,
        pitch: (next() - 0.5) * 2,
      };
      mover.update(intent, next() * 0.3);
      mover.write(own);
      expect([...own.position, ...own.rotation].every(Number.isFinite)).toBe(true);
      expect(Math.hypot(...own.rotation)).toBeCloseTo(1, 5);
      expect(mover.ground.isFree(mover.x, mover.z)).toBe(true);
    }
  });
});

describe('walking to a place', () => {
  it('arrives, turned as asked, and says so once', () => {
    const mover = new Mover();
    mover.ground = new Ground([makeBox(0, -3, 3, 0.2, 0, 3)], open);
    let arrived = 0;
    expect(mover.walkTo(0, -6, { gaze: { yaw: 1, pitch: -0.3 }, arrived: () => arrived++ })).toBe(true);
    run(mover, still, 12);
    expect(Math.hypot(mover.x, mover.z + 6)).toBeLessThan(0.12);
    expect(mover.yaw).toBeCloseTo(1, 1);
    expect(mover.pitch).toBeCloseTo(-0.3, 1);
    expect(arrived).toBe(1);
    expect(mover.walking).toBe(false);
  });

  it('stands still at once when told to, in the middle of a walk and in the glide and the turn after it', () => {
    const mover = new Mover();
    mover.ground = new Ground([], open);
    const spot = (): number[] => [mover.x, mover.z, mover.yaw, ...mover.eyes().filter((_, axis) => axis !== 1)];
    const standsStill = (): void => {
      const before = spot();
      mover.stop();
      run(mover, still, 2);
      expect(spot()).toEqual(before);
      expect(mover.walking).toBe(false);
    };
    mover.walkTo(0, -3, { gaze: { yaw: 2, pitch: 0 } });
    run(mover, still, 0.5);
    standsStill();
    mover.walkTo(0, -3, { gaze: { yaw: 2, pitch: 0 } });
    for (let steps = 0; mover.walking && steps < 500; steps++) run(mover, still, 0.02);
    const { z, yaw } = mover;
    run(mover, still, 0.02);
    expect(Math.abs(mover.z - z) + Math.abs(mover.yaw - yaw)).toBeGreaterThan(0);
    standsStill();
  });

  it('is broken off by the person walking themselves', () => {
    const mover = new Mover();
    mover.ground = new Ground([], open);
    mover.walkTo(0, -8);
    run(mover, still, 0.5);
    run(mover, { ...still, forward: -1 }, 0.2);
    expect(mover.walking).toBe(false);
  });

  it('takes a correction of the server as it is', () => {
    const mover = new Mover();
    mover.walkTo(5, 5);
    mover.place(3, -4, 2);
    run(mover, still, 0.2);
    expect([mover.x, mover.z, mover.yaw]).toEqual([3, -4, 2]);
    mover.place(Number.NaN, 0, 0);
    expect(mover.x).toBe(3);
  });

  it('leaves the eyes to the person as soon as they look elsewhere, and turns at once when motion is reduced', () => {
    const mover = new Mover();
    mover.ground = new Ground([], open);
    const arrive = (): void => {
      mover.place(0, 0, 0);
      mover.walkTo(0, -1, { gaze: { yaw: 1, pitch: -0.3 } });
      for (let steps = 0; mover.walking && steps < 500; steps++) run(mover, still, 0.02);
    };
    arrive();
    run(mover, { ...still, pitch: 0.01 }, 0.02);
    const { pitch } = mover;
    run(mover, still, 2);
    expect(mover.pitch).toBe(pitch);
    mover.reducedMotion = true;
    arrive();
    run(mover, still, 0.02);
    expect([mover.yaw, mover.pitch]).toEqual([1, -0.3]);
  });
});

describe('sitting', () => {
  const seat = { positionM: [2, 0.45, 0], yawRad: -Math.PI / 2 } as const;

  it('lowers the eyes over the seat and gets up to free ground', () => {
    const mover = new Mover();
    mover.ground = new Ground([makeBox(2, 0, 0.25, 0.8, 0, 0.45)], open);
    mover.eyeM = 1.5;
    mover.place(5, 0, 0);
    expect(mover.sitOn(seat)).toBe(true);
    run(mover, still, 6);
    const own = pose();
    mover.write(own);
    expect(own.sitting).toBe(true);
    expect(own.position[0]).toBeCloseTo(2);
    expect(own.position[1]).toBeLessThan(1.3);
    run(mover, { ...still, forward: 1 }, 0.3);
    mover.write(own);
    expect(own.sitting).toBe(false);
    expect(mover.ground.isFree(mover.x, mover.z)).toBe(true);
  });
});

describe('going to somebody', () => {
  it('stops before them, looking at them', () => {
    const spawn = besidePoint({ x: 0, z: 0 }, { x: 0, z: -5 });
    expect(spawn.positionM[2]).toBeCloseTo(-3.7);
    expect(spawn.yawRad).toBeCloseTo(0);
    expect(besidePoint({ x: 1, z: 1 }, { x: 1, z: 1 }).positionM).toEqual([1, 0, 1]);
  });
});
