import { describe, expect, it } from 'vitest';
import { EmoteKind } from '../../src/net/wire.gen';
import { GESTURE_SECONDS, newGait, postureOf, stepGait, wrapAngle, yawOf } from '../../src/scene/gait';

describe('a doll that walks', () => {
  it('leans into its way and comes to rest again', () => {
    const gait = newGait(0, 0, 0);
    let z = 0;
    for (let i = 0; i < 60; i++) {
      z -= 1.9 / 60;
      stepGait(gait, 0, z, 0, 1 / 60);
    }
    expect(gait.speed).toBeGreaterThan(1.5);
    expect(postureOf(gait).pitch).toBeGreaterThan(0.06);
    for (let i = 0; i < 120; i++) stepGait(gait, 0, z, 0, 1 / 60);
    expect(gait.speed).toBeLessThan(0.05);
    expect(Math.abs(postureOf(gait).lift)).toBeLessThan(0.005);
  });

  it('does not stride when it is put somewhere else', () => {
    const gait = newGait(0, 0, 0);
    stepGait(gait, 30, 0, 0, 1 / 60);
    expect(gait.speed).toBe(0);
  });

  it('lets the head turn alone a little, then follows', () => {
    const gait = newGait(0, 0, 0);
    for (let i = 0; i < 120; i++) stepGait(gait, 0, 0, 0.6, 1 / 60);
    expect(gait.bodyYaw).toBe(0);
    for (let i = 0; i < 240; i++) stepGait(gait, 0, 0, 2, 1 / 60);
    expect(gait.bodyYaw).toBeCloseTo(1.25, 1);
  });
});

describe('a gesture', () => {
  it('moves the doll and ends by itself', () => {
    for (const kind of Object.values(EmoteKind)) {
      const gait = newGait(0, 0, 0);
      gait.gesture = kind;
      let moved = 0;
      for (let t = 0; t < GESTURE_SECONDS + 0.1; t += 0.05) {
        stepGait(gait, 0, 0, 0, 0.05);
        const { pitch, roll, lift, headRoll } = postureOf(gait);
        moved = Math.max(moved, Math.abs(pitch), Math.abs(roll), lift, Math.abs(headRoll));
      }
      expect(moved).toBeGreaterThan(0.02);
      expect(gait.gesture).toBeNull();
    }
  });
});

describe('angles', () => {
  it('wrap to half a turn each way', () => {
    expect(Math.abs(wrapAngle(Math.PI * 3))).toBeCloseTo(Math.PI);
    expect(wrapAngle(0.4)).toBe(0.4);
    expect(wrapAngle(-7)).toBeCloseTo(-7 + Math.PI * 2);
  });

  it('come out of a rotation as they went in', () => {
    for (const yaw of [-3, -1, 0, 0.5, 2.5]) {
      expect(yawOf([0, Math.sin(yaw / 2), 0, Math.cos(yaw / 2)])).toBeCloseTo(yaw);
    }
  });
});
