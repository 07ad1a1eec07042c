import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Input } from '../../src/move/input';
import { Joystick } from '../../src/move/joystick';

describe('input on the scene', () => {
  let canvas: HTMLCanvasElement;
  let joystick: Joystick;
  let input: Input;
  let clicks: [number, number][];
  let acts: number;

  beforeEach(() => {
    document.body.innerHTML = '<canvas tabindex="0"></canvas><input id="field"><button id="button">b</button>';
    canvas = document.querySelector('canvas') as HTMLCanvasElement;
    joystick = new Joystick(document.body);
    clicks = [];
    acts = 0;
    input = new Input(canvas, joystick, { click: (x, y) => clicks.push([x, y]), hover: () => {}, act: () => acts++ });
  });
  afterEach(() => {
    input.dispose();
    joystick.dispose();
  });

  function key(type: 'keydown' | 'keyup', code: string, target: Element = document.body): void {
    target.dispatchEvent(new KeyboardEvent(type, { code, bubbles: true, cancelable: true }));
  }

  function pointer(type: string, x: number, y: number, more: PointerEventInit = {}): void {
    const init = { clientX: x, clientY: y, pointerId: 1, pointerType: 'mouse', bubbles: true, ...more };
    canvas.dispatchEvent(new PointerEvent(type, init));
  }

  it('walks with W A S D and arrows, turns with Q and E, runs with Shift', () => {
    for (const code of ['KeyW', 'KeyD', 'KeyQ', 'ShiftLeft']) key('keydown', code);
    expect(input.take()).toMatchObject({ forward: 1, side: 1, turn: 1, run: true });
    for (const code of ['KeyW', 'KeyD', 'KeyQ', 'ShiftLeft']) key('keyup', code);
    key('keydown', 'ArrowDown');
    key('keydown', 'ArrowRight');
    expect(input.take()).toMatchObject({ forward: -1, side: 0, turn: -1, run: false });
  });

  it('leaves keys to fields, and arrows and Enter to whatever is focused', () => {
    key('keydown', 'KeyW', document.querySelector('#field') as Element);
    key('keydown', 'ArrowUp', document.querySelector('#button') as Element);
    key('keydown', 'Enter', document.querySelector('#button') as Element);
    expect(input.take().forward).toBe(0);
    expect(acts).toBe(0);
    key('keydown', 'Enter');
    expect(acts).toBe(1);
  });

  it('forgets held keys when the window loses the keyboard or input is switched off', () => {
    key('keydown', 'KeyW');
    window.dispatchEvent(new Event('blur'));
    expect(input.take().forward).toBe(0);
    key('keydown', 'KeyW');
    input.enabled = false;
    expect(input.take().forward).toBe(0);
    key('keydown', 'KeyW');
    expect(input.take().forward).toBe(0);
  });

  it('tells a click from a drag, and looks with the drag', () => {
    pointer('pointerdown', 50, 60);
    pointer('pointerup', 52, 60);
    expect(clicks).toEqual([[52, 60]]);
    pointer('pointerdown', 50, 60);
    pointer('pointermove', 150, 60);
    pointer('pointerup', 150, 60);
    expect(clicks.length).toBe(1);
    expect(input.take().yaw).toBeGreaterThan(0.2);
    expect(input.take().yaw).toBe(0);
  });

  it('walks and looks with two fingers, and a finger taken away by the system lets go', () => {
    const touch = { pointerType: 'touch' };
    pointer('pointerdown', 0, 0, { ...touch, pointerId: 5 });
    pointer('pointermove', 0, -60, { ...touch, pointerId: 5 });
    pointer('pointerdown', 300, 300, { ...touch, pointerId: 6 });
    pointer('pointermove', 260, 300, { ...touch, pointerId: 6 });
    const both = input.take();
    expect(both.forward).toBeCloseTo(1);
    expect(both.yaw).toBeLessThan(-0.1);
    pointer('pointercancel', 0, -60, { ...touch, pointerId: 5 });
    expect(input.take().forward).toBe(0);
    pointer('pointercancel', 260, 300, { ...touch, pointerId: 6 });
    expect(clicks).toEqual([]);
  });
});
