/**
 * Moving in a headset without getting sick: the maths of it.
 *
 * Teleport aims along a thrown arc and lands only where a person can stand. Smooth movement follows the head's way.
 * Turning is by steps, or smooth for those who like it. The edge of sight darkens with speed and turn.
 */

import { clamp, type Ground } from '../move/collide';

export const SNAP_RAD = Math.PI / 4;
const DEAD = 0.18;
const FLICK = 0.65;
const UNFLICK = 0.35;
const ARC_SPEED_M_S = 6.2;
const GRAVITY_M_S2 = 9.8;
const ARC_STEP_S = 0.05;
const ARC_MOST = 40;
const ARC_REACH_M = 9;

export interface Arc {
  /** Points along the way, x, y, z each. */
  readonly points: readonly (readonly [number, number, number])[];
  /** Where it comes down. */
  readonly landing: { readonly x: number; readonly z: number } | null;
  /** Whether one may stand there. */
  readonly valid: boolean;
}

type Vec3 = readonly [number, number, number];

/** Throw an arc from a hand; it ends on the ground or where a wall stops it. */
export function throwArc(ground: Ground, origin: Vec3, direction: Vec3): Arc {
  const points: Vec3[] = [origin];
  let [x, y, z] = origin;
  const vx = direction[0] * ARC_SPEED_M_S;
  let vy = direction[1] * ARC_SPEED_M_S;
  const vz = direction[2] * ARC_SPEED_M_S;
  for (let i = 0; i < ARC_MOST; i++) {
    const [px, py, pz] = [x, y, z];
    x += vx * ARC_STEP_S;
    y += vy * ARC_STEP_S;
    z += vz * ARC_STEP_S;
    vy -= GRAVITY_M_S2 * ARC_STEP_S;
    if (y <= 0) {
      const share = py / Math.max(py - y, 1e-6);
      const landing = { x: px + (x - px) * share, z: pz + (z - pz) * share };
      points.push([landing.x, 0, landing.z]);
      const near = Math.hypot(landing.x - origin[0], landing.z - origin[2]) <= ARC_REACH_M;
      return { points, landing, valid: near && ground.isFree(landing.x, landing.z) };
    }
    points.push([x, y, z]);
    if (isInside(ground, x, y, z)) return { points, landing: null, valid: false };
  }
  return { points, landing: null, valid: false };
}

function isInside(ground: Ground, x: number, y: number, z: number): boolean {
  for (const box of ground.near(x, z)) {
    if (y > box.height) continue;
    const dx = x - box.x;
    const dz = z - box.z;
    const u = dx * box.cos - dz * box.sin;
    const v = dx * box.sin + dz * box.cos;
    if (Math.abs(u) < box.halfX && Math.abs(v) < box.halfZ) return true;
  }
  return false;
}

/** A stick's value without its dead middle. */
export function live(axis: number): number {
  const size = Math.abs(axis);
  return size < DEAD ? 0 : Math.sign(axis) * clamp((size - DEAD) / (1 - DEAD), 0, 1);
}

/** Way over the ground for a stick (right, down) and the head's yaw, of length 0 to 1. */
export function glide(stickX: number, stickY: number, headYaw: number): { x: number; z: number } {
  const side = live(stickX);
  const forward = -live(stickY);
  const length = Math.max(1, Math.hypot(side, forward));
  const sin = Math.sin(headYaw);
  const cos = Math.cos(headYaw);
  return { x: (side * cos - forward * sin) / length, z: (-side * sin - forward * cos) / length };
}

/** Turns a stick's flicks into single steps: the stick must come back before the next. */
export class SnapTurn {
  #armed = true;

  /** The turn of this frame in radians; to the left is positive. */
  step(stickX: number): number {
    if (Math.abs(stickX) < UNFLICK) this.#armed = true;
    if (!this.#armed || Math.abs(stickX) < FLICK) return 0;
    this.#armed = false;
    return -Math.sign(stickX) * SNAP_RAD;
  }
}

/** How far the edge of sight is darkened, 0 to 1, for a speed in m/s and a turn in rad/s. */
export function vignetteFor(speed: number, turn: number): number {
  return clamp(Math.max((speed - 0.25) / 1.6, (Math.abs(turn) - 0.2) / 1.2), 0, 1);
}

/** Where the rig must stand, turned by `yaw`, so that the head (given in the rig's space) is over (x, z). */
export function rigUnder(head: Vec3, yaw: number, x: number, z: number): { x: number; z: number } {
  const sin = Math.sin(yaw);
  const cos = Math.cos(yaw);
  return { x: x - (head[0] * cos + head[2] * sin), z: z - (head[2] * cos - head[0] * sin) };
}
