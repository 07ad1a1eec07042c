/**
 * Keys, mouse and fingers on the scene, as one `Intent` a frame plus clicks.
 *
 * Keyboard: W A S D and the up and down arrows walk, the left and right arrows and Q and E turn, Shift runs, Enter acts,
 * L holds the mouse for looking around (Escape lets it go). Tab belongs to the page. Mouse: drag looks, a click points.
 * Touch: the joystick walks, any other finger looks, a tap points.
 */

import type { Joystick } from './joystick';
import type { Intent } from './mover';

const LOOK_RAD_PER_PX = 0.0042;
const TOUCH_LOOK_RAD_PER_PX = 0.0062;
const CLICK_SLOP_PX = 8;
const CLICK_MS = 450;

export interface InputHooks {
  /** A point on the canvas was clicked or tapped, in CSS pixels from its corner. */
  click(x: number, y: number): void;
  /** The mouse hovers here; null when it left. */
  hover(at: { x: number; y: number } | null): void;
  act(): void;
}

interface Press {
  readonly x: number;
  readonly y: number;
  readonly atMs: number;
  readonly touch: boolean;
  lastX: number;
  lastY: number;
  dragged: boolean;
}

export class Input {
  #enabled = true;
  readonly #canvas: HTMLCanvasElement;
  readonly #joystick: Joystick;
  readonly #hooks: InputHooks;
  readonly #keys = new Set<string>();
  readonly #presses = new Map<number, Press>();
  readonly #abort = new AbortController();
  #yaw = 0;
  #pitch = 0;

  constructor(canvas: HTMLCanvasElement, joystick: Joystick, hooks: InputHooks) {
    this.#canvas = canvas;
    this.#joystick = joystick;
    this.#hooks = hooks;
    canvas.style.touchAction = 'none';
    const { signal } = this.#abort;
    window.addEventListener('keydown', (event) => this.#keyDown(event), { signal });
    window.addEventListener('keyup', (event) => this.#keys.delete(event.code), { signal });
    window.addEventListener('blur', () => this.#letGo(), { signal });
    document.addEventListener('visibilitychange', () => this.#letGo(), { signal });
    document.addEventListener('mousemove', (event) => this.#lockedMove(event), { signal });
    canvas.addEventListener('pointerdown', (event) => this.#down(event), { signal });
    canvas.addEventListener('pointermove', (event) => this.#move(event), { signal });
    canvas.addEventListener('pointerup', (event) => this.#up(event, true), { signal });
    canvas.addEventListener('pointercancel', (event) => this.#up(event, false), { signal });
    canvas.addEventListener('lostpointercapture', (event) => this.#up(event, false), { signal });
    canvas.addEventListener('pointerleave', () => this.#hooks.hover(null), { signal });
    canvas.addEventListener('contextmenu', (event) => event.preventDefault(), { signal });
  }

  get enabled(): boolean {
    return this.#enabled;
  }

  set enabled(on: boolean) {
    this.#enabled = on;
    if (!on) this.#letGo();
  }

  /** What was wished since the last call. */
  take(): Intent {
    const { stick } = this.#joystick;
    const held = (...codes: string[]): number => (codes.some((code) => this.#keys.has(code)) ? 1 : 0);
    const intent: Intent = {
      forward: stick.forward + held('KeyW', 'ArrowUp') - held('KeyS', 'ArrowDown'),
      side: stick.side + held('KeyD') - held('KeyA'),
      turn: held('KeyQ', 'ArrowLeft') - held('KeyE', 'ArrowRight'),
      run: stick.run || held('ShiftLeft', 'ShiftRight') > 0,
      yaw: this.#yaw,
      pitch: this.#pitch,
    };
    this.#yaw = 0;
    this.#pitch = 0;
    return intent;
  }

  dispose(): void {
    this.#abort.abort();
    if (document.pointerLockElement === this.#canvas) document.exitPointerLock();
  }

  #letGo(): void {
    this.#keys.clear();
    this.#presses.clear();
    if (document.pointerLockElement === this.#canvas) document.exitPointerLock();
  }

  #keyDown(event: KeyboardEvent): void {
    if (!this.#enabled || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const onScene = event.target === document.body || event.target === this.#canvas;
    if (event.code === 'Enter' || event.code === 'NumpadEnter') {
      if (onScene && !event.repeat) this.#hooks.act();
      return;
    }
    if (event.code === 'KeyL' && onScene) void this.#canvas.requestPointerLock?.();
    if (!WALK_KEYS.has(event.code)) return;
    // Arrows inside lists and menus are theirs.
    if (event.code.startsWith('Arrow') && !onScene) return;
    this.#keys.add(event.code);
    if (event.code.startsWith('Arrow')) event.preventDefault();
  }

  #lockedMove(event: MouseEvent): void {
    if (!this.#enabled || document.pointerLockElement !== this.#canvas) return;
    this.#yaw -= event.movementX * LOOK_RAD_PER_PX * 0.6;
    this.#pitch -= event.movementY * LOOK_RAD_PER_PX * 0.6;
  }

  #down(event: PointerEvent): void {
    if (!this.#enabled) return;
    const touch = event.pointerType !== 'mouse';
    if (touch) this.#joystick.show(true);
    this.#canvas.focus({ preventScroll: true });
    try {
      this.#canvas.setPointerCapture(event.pointerId);
    } catch {
      // A pointer that is gone already: nothing to hold.
    }
    if (touch && this.#joystick.press(event.pointerId, event.clientX, event.clientY)) return;
    const { clientX: x, clientY: y } = event;
    const press = { x, y, atMs: event.timeStamp, touch, lastX: x, lastY: y, dragged: false };
    this.#presses.set(event.pointerId, press);
  }

  #move(event: PointerEvent): void {
    if (!this.#enabled || this.#joystick.move(event.pointerId, event.clientX, event.clientY)) return;
    const press = this.#presses.get(event.pointerId);
    if (!press) {
      if (event.pointerType === 'mouse') this.#hooks.hover(this.#local(event));
      return;
    }
    if (Math.hypot(event.clientX - press.x, event.clientY - press.y) > CLICK_SLOP_PX) press.dragged = true;
    if (!press.dragged || document.pointerLockElement === this.#canvas) return;
    const scale = press.touch ? TOUCH_LOOK_RAD_PER_PX : LOOK_RAD_PER_PX;
    // The street is pulled along with the finger.
    this.#yaw += (event.clientX - press.lastX) * scale;
    this.#pitch += (event.clientY - press.lastY) * scale;
    press.lastX = event.clientX;
    press.lastY = event.clientY;
  }

  #up(event: PointerEvent, lifted: boolean): void {
    if (this.#joystick.release(event.pointerId)) return;
    const press = this.#presses.get(event.pointerId);
    this.#presses.delete(event.pointerId);
    if (!press || !lifted || !this.#enabled || press.dragged || event.timeStamp - press.atMs > CLICK_MS) return;
    if (document.pointerLockElement === this.#canvas) {
      this.#hooks.click(this.#canvas.clientWidth / 2, this.#canvas.clientHeight / 2);
      return;
    }
    const at = this.#local(event);
    this.#hooks.click(at.x, at.y);
  }

  #local(event: PointerEvent): { x: number; y: number } {
    const box = this.#canvas.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }
}

const WALK_KEYS: ReadonlySet<string> = new Set([
  'KeyW',
  'KeyA',
  'KeyS',
  'KeyD',
  'KeyQ',
  'KeyE',
  'ArrowUp',
  'ArrowDown',
  'ArrowLeft',
  'ArrowRight',
  'ShiftLeft',
  'ShiftRight',
]);

/** Whether keys go into a field, or belong to a dialog. */
function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false;
  return target.closest('input, textarea, select, [contenteditable], dialog, [role="menu"], [role="listbox"]') !== null;
}
