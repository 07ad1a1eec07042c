import { describe, expect, it } from 'vitest';
import { Ground, makeBox } from '../../src/move/collide';
import { glide, live, rigUnder, SNAP_RAD, SnapTurn, throwArc, vignetteFor } from '../../src/xr/locomotion';
import { wrapText } from '../../src/xr/panel';
import { randoms } from '../move/random_ground';

const open = { minX: -20, minZ: -20, maxX: 20, maxZ: 20 };

describe('the arc of a teleport', () => {
  it('comes down before the hand that throws it', () => {
    const arc = throwArc(new Ground([], open), [0, 1.2, 0], [0, 0, -1]);
    expect(arc.valid).toBe(true);
    expect(arc.landing?.z).toBeLessThan(-2);
    expect(arc.landing?.x).toBeCloseTo(0);
    expect(arc.points.at(-1)?.[1]).toBe(0);
  });

  it('is not valid on a wall, behind one, or beyond the world', () => {
    const wall = new Ground([makeBox(0, -2, 4, 0.2, 0, 3)], open);
    expect(throwArc(wall, [0, 1.2, 0], [0, 0, -1]).valid).toBe(false);
    expect(throwArc(wall, [0, 1.2, -1.62], [0, -1, 0]).valid).toBe(false);
    expect(throwArc(new Ground([], open), [0, 1.2, -19.5], [0, 0, -1]).valid).toBe(false);
    expect(throwArc(new Ground([], open), [0, 1.2, 0], [0, 1, 0]).points.length).toBeLessThanOrEqual(42);
  });

  it('goes over a low counter', () => {
    const counter = new Ground([makeBox(0, -1, 2, 0.3, 0, 0.8)], open);
    expect(throwArc(counter, [0, 1.3, 0], [0, 0.3, -0.95]).valid).toBe(true);
  });

  it('only ever lands where one may stand', () => {
    const next = randoms(9);
    const boxes = Array.from({ length: 30 }, () =>
      makeBox(next() * 20 - 10, next() * 20 - 10, 0.8, 0.5, next() * 3, 2),
    );
    const ground = new Ground(boxes, open);
    for (let i = 0; i < 300; i++) {
      const angle = next() * 7;
      const arc = throwArc(ground, [0, 1.3, 0], [Math.sin(angle), next() - 0.5, Math.cos(angle)]);
      if (arc.valid) expect(arc.landing && ground.isFree(arc.landing.x, arc.landing.z)).toBe(true);
    }
  });
});

describe('turning by steps', () => {
  it('turns once a flick, right to the right', () => {
    const snap = new SnapTurn();
    expect(snap.step(0.9)).toBeCloseTo(-SNAP_RAD);
    expect(snap.step(1)).toBe(0);
    expect(snap.step(0.5)).toBe(0);
    expect(snap.step(0.9)).toBe(0);
    expect(snap.step(0)).toBe(0);
    expect(snap.step(-0.9)).toBeCloseTo(SNAP_RAD);
  });
});

describe('gliding', () => {
  it('follows the head: forward at yaw 0 is -Z, at 90° left it is -X', () => {
    expect(glide(0, -1, 0).x).toBeCloseTo(0);
    expect(glide(0, -1, 0).z).toBeCloseTo(-1);
    const left = glide(0, -1, Math.PI / 2);
    expect(left.x).toBeCloseTo(-1);
    expect(left.z).toBeCloseTo(0);
    expect(glide(1, 0, 0).x).toBeCloseTo(1);
  });

  it('is still in the dead middle and never faster than one', () => {
    expect(live(0.1)).toBe(0);
    expect(live(-1)).toBe(-1);
    const { x, z } = glide(1, -1, 0.7);
    expect(Math.hypot(x, z)).toBeLessThanOrEqual(1.000001);
  });
});

describe('the rig', () => {
  it('stands so that the head is over the wanted point, however it is turned', () => {
    const next = randoms(3);
    for (let i = 0; i < 100; i++) {
      const head = [next() * 2 - 1, 1.6, next() * 2 - 1] as const;
      const yaw = next() * 6;
      const rig = rigUnder(head, yaw, 4, -7);
      const x = rig.x + head[0] * Math.cos(yaw) + head[2] * Math.sin(yaw);
      const z = rig.z + head[2] * Math.cos(yaw) - head[0] * Math.sin(yaw);
      expect(x).toBeCloseTo(4);
      expect(z).toBeCloseTo(-7);
    }
  });
});

describe('the vignette', () => {
  it('is open when still and closes with speed or turn', () => {
    expect(vignetteFor(0, 0)).toBe(0);
    expect(vignetteFor(1.9, 0)).toBeGreaterThan(0.9);
    expect(vignetteFor(0, -1.5)).toBe(1);
    expect(vignetteFor(0.8, 0)).toBeLessThan(vignetteFor(1.4, 0));
  });
});

describe('lines on a panel', () => {
  const measure = (text: string): number => text.length;

  it('break between words, and anywhere in Japanese', () => {
    expect(wrapText('a small bowl of clay', 8, measure)).toEqual(['a small', 'bowl of', 'clay']);
    expect(wrapText('手びねりの小さな碗', 4, measure)).toEqual(['手びねり', 'の小さな', '碗']);
    expect(wrapText('', 5, measure)).toEqual([]);
  });
});
