/**
 * The touch joystick: a calm circle at the lower left.
 *
 * A finger that comes down near it holds it until that very finger is lifted or taken away by the system
 * (`pointercancel`), whatever other fingers do. Its maths are pure; its two circles are plain elements.
 */

export interface Stick {
  /** -1 to 1 to the right and forward. */
  side: number;
  forward: number;
  /** Pushed to the rim: run. */
  run: boolean;
}

const DEAD_SHARE = 0.12;
const RUN_SHARE = 0.98;

/** What a finger at (dx, dy) pixels from the middle says; beyond the rim counts as the rim. */
export function readStick(dx: number, dy: number, radius: number): Stick {
  const length = Math.hypot(dx, dy);
  const share = Math.min(1, length / radius);
  if (!(share > DEAD_SHARE)) return { side: 0, forward: 0, run: false };
  const strength = (share - DEAD_SHARE) / (1 - DEAD_SHARE);
  return {
    side: (dx / length) * strength,
    forward: (-dy / length) * strength,
    run: share >= RUN_SHARE && length > radius * 1.25,
  };
}

const RADIUS_PX = 52;
const REACH = 1.7;

export class Joystick {
  readonly #ring: HTMLElement;
  readonly #knob: HTMLElement;
  #pointer: number | null = null;
  #stick: Stick = { side: 0, forward: 0, run: false };

  constructor(parent: HTMLElement) {
    this.#ring = circle(RADIUS_PX, 'rgba(246, 239, 227, 0.10)', '1.5px solid rgba(246, 239, 227, 0.45)');
    this.#knob = circle(RADIUS_PX * 0.42, 'rgba(246, 239, 227, 0.38)', 'none');
    this.#ring.className = 'scene-joystick';
    this.#ring.setAttribute('aria-hidden', 'true');
    this.#ring.hidden = true;
    Object.assign(this.#ring.style, {
      left: 'calc(24px + env(safe-area-inset-left, 0px))',
      bottom: 'calc(clamp(28px, 12vh, 96px) + env(safe-area-inset-bottom, 0px))',
    });
    Object.assign(this.#knob.style, { left: `${RADIUS_PX * 0.58}px`, top: `${RADIUS_PX * 0.58}px` });
    this.#ring.append(this.#knob);
    parent.append(this.#ring);
  }

  get stick(): Readonly<Stick> {
    return this.#stick;
  }

  get held(): boolean {
    return this.#pointer !== null;
  }

  show(visible: boolean): void {
    this.#ring.hidden = !visible;
    if (!visible) this.#let();
  }

  /** Offer a finger that came down; true when the joystick takes it. */
  press(pointer: number, x: number, y: number): boolean {
    if (this.#ring.hidden || this.#pointer !== null) return false;
    const [cx, cy] = this.#centre();
    if (Math.hypot(x - cx, y - cy) > RADIUS_PX * REACH) return false;
    this.#pointer = pointer;
    this.#drag(x - cx, y - cy);
    return true;
  }

  move(pointer: number, x: number, y: number): boolean {
    if (pointer !== this.#pointer) return false;
    const [cx, cy] = this.#centre();
    this.#drag(x - cx, y - cy);
    return true;
  }

  /** A finger was lifted, or taken away. */
  release(pointer: number): boolean {
    if (pointer !== this.#pointer) return false;
    this.#let();
    return true;
  }

  dispose(): void {
    this.#ring.remove();
  }

  #let(): void {
    this.#pointer = null;
    this.#drag(0, 0);
  }

  #centre(): [number, number] {
    const box = this.#ring.getBoundingClientRect();
    return [box.left + box.width / 2, box.top + box.height / 2];
  }

  #drag(dx: number, dy: number): void {
    this.#stick = readStick(dx, dy, RADIUS_PX);
    const length = Math.max(1, Math.hypot(dx, dy) / RADIUS_PX);
    this.#knob.style.transform = `translate(${dx / length}px, ${dy / length}px)`;
  }
}

function circle(radius: number, fill: string, border: string): HTMLElement {
  const element = document.createElement('div');
  // Set through the CSSOM: the page's policy forbids style attributes, not this.
  Object.assign(element.style, {
    position: 'absolute',
    width: `${radius * 2}px`,
    height: `${radius * 2}px`,
    borderRadius: '50%',
    background: fill,
    border,
    boxSizing: 'border-box',
    pointerEvents: 'none',
    zIndex: '1',
  });
  return element;
}
