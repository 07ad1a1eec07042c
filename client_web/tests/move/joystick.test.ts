import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Joystick, readStick } from '../../src/move/joystick';

describe('reading the stick', () => {
  it('is still in its dead middle', () => {
    expect(readStick(0, 0, 50)).toEqual({ side: 0, forward: 0, run: false });
    expect(readStick(4, -3, 50)).toEqual({ side: 0, forward: 0, run: false });
  });

  it('says up as forward and right as to the side', () => {
    const up = readStick(0, -50, 50);
    expect(up.forward).toBeCloseTo(1);
    expect(up.side).toBeCloseTo(0);
    expect(readStick(50, 0, 50).side).toBeCloseTo(1);
  });

  it('never says more than one, however far the finger goes', () => {
    for (const [dx, dy] of [
      [500, 0],
      [-300, 400],
      [1e6, -1e6],
    ] as const) {
      const { side, forward } = readStick(dx, dy, 50);
      expect(Math.hypot(side, forward)).toBeLessThanOrEqual(1.000001);
    }
  });

  it('runs only when pushed well past the rim', () => {
    expect(readStick(0, -50, 50).run).toBe(false);
    expect(readStick(0, -70, 50).run).toBe(true);
  });

  it('grows evenly from the dead middle', () => {
    let before = 0;
    for (let y = 0; y <= 50; y += 2) {
      const { forward } = readStick(0, -y, 50);
      expect(forward).toBeGreaterThanOrEqual(before);
      before = forward;
    }
  });
});

describe('the joystick', () => {
  let stick: Joystick;

  beforeEach(() => {
    stick = new Joystick(document.body);
    stick.show(true);
  });
  afterEach(() => stick.dispose());

  it('belongs to the finger that took it, whatever others do', () => {
    expect(stick.press(7, 0, 0)).toBe(true);
    expect(stick.press(8, 0, 0)).toBe(false);
    stick.move(7, 0, -60);
    expect(stick.stick.forward).toBeCloseTo(1);
    expect(stick.move(8, 0, 60)).toBe(false);
    expect(stick.release(8)).toBe(false);
    expect(stick.stick.forward).toBeCloseTo(1);
    expect(stick.release(7)).toBe(true);
    expect(stick.stick).toEqual({ side: 0, forward: 0, run: false });
  });

  it('lets go when it is hidden under the finger', () => {
    stick.press(1, 0, 0);
    stick.move(1, 60, 0);
    stick.show(false);
    expect(stick.held).toBe(false);
    expect(stick.stick.side).toBe(0);
  });

  it('does not take a finger far away, nor any while hidden', () => {
    expect(stick.press(1, 400, 400)).toBe(false);
    stick.show(false);
    expect(stick.press(1, 0, 0)).toBe(false);
  });
});
