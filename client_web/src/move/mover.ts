/**
 * The visitor's own way through the alley, on foot.
 *
 * Theory: wishes (keys, joystick, a click on the ground, "go there") become one step a frame over the `Ground`, and the
 * result is written to `world.own`, the pose that is sent. The server is the authority: a `correct` event is taken over
 * as it is. A seat is the one place inside solids where one may be; getting up leads back to free ground.
 */

import type { Room, Seat, Solid, Spawn } from '../net/wire.gen';
import type { OwnPose } from '../world/world';
import { clamp, Ground, makeBox, type Point } from './collide';
import { findPath } from './path';

export const WALK_M_S = 1.9;
export const RUN_M_S = 3.5;
const TURN_RAD_S = 1.9;
const PITCH_LIMIT = 1.35;
const ARRIVED_M = 0.08;
const EASE = 10;
const SEATED_EYE_SHARE = 0.45;
const SIT_SECONDS = 0.45;

/** What the visitor wishes in this frame. */
export interface Intent {
  /** -1 to 1: forward and to the right. */
  forward: number;
  side: number;
  /** -1 to 1: to the left. */
  turn: number;
  run: boolean;
  /** Look: added to yaw and pitch, in radians. */
  yaw: number;
  pitch: number;
}

/** Where the eyes turn to: to the left, and up. */
interface Gaze {
  readonly yaw: number;
  readonly pitch: number;
}

interface Goal {
  readonly corners: Point[];
  readonly gaze: Gaze | null;
  readonly seat: Seat | null;
  readonly arrived: (() => void) | null;
}

export class Mover {
  x = 0;
  z = 0;
  yaw = 0;
  pitch = 0;
  /** Height of the eyes when standing. */
  eyeM = 1.5;
  reducedMotion = false;
  maxSpeedMS = RUN_M_S;
  /** Called when a step was made, with the way in metres. */
  onStep: (metres: number) => void = () => {};
  ground = new Ground([], { minX: -1000, minZ: -1000, maxX: 1000, maxZ: 1000 });
  #goal: Goal | null = null;
  #seat: Seat | null = null;
  #seatShare = 0;
  #velocityX = 0;
  #velocityZ = 0;
  #stride = 0;
  #eyeNow = 1.5;

  get walking(): boolean {
    return this.#goal !== null;
  }

  get seat(): Seat | null {
    return this.#seat;
  }

  /** Where the visitor is walking to. */
  get goalPoint(): Point | null {
    return this.#goal?.corners.at(-1) ?? null;
  }

  /** Stand somewhere at once. */
  place(x: number, z: number, yaw: number, pitch = 0): void {
    if (![x, z, yaw, pitch].every(Number.isFinite)) return;
    this.x = x;
    this.z = z;
    this.yaw = yaw;
    this.pitch = pitch;
    this.stop();
    this.#seat = null;
    this.#seatShare = 0;
  }

  /** Stand still from now on: no goal, no glide after a walk, no turn that was under way. */
  stop(): void {
    this.#goal = null;
    this.#turning = null;
    this.#velocityX = 0;
    this.#velocityZ = 0;
  }

  /** Walk to a point. False when there is no way. */
  walkTo(x: number, z: number, more: { gaze?: Gaze; seat?: Seat; arrived?: () => void } = {}): boolean {
    const corners = findPath(this.ground, this, { x, z });
    if (corners.length === 0) return false;
    this.standUp();
    this.#goal = { corners, gaze: more.gaze ?? null, seat: more.seat ?? null, arrived: more.arrived ?? null };
    return true;
  }

  sitOn(seat: Seat): boolean {
    const [x, , z] = seat.positionM;
    const near = this.ground.nearestFree(x - Math.sin(seat.yawRad) * 0.5, z - Math.cos(seat.yawRad) * 0.5);
    return near !== null && this.walkTo(near.x, near.z, { seat });
  }

  standUp(): void {
    if (!this.#seat) return;
    const [x, , z] = this.#seat.positionM;
    const yaw = this.#seat.yawRad;
    const free = this.ground.nearestFree(x - Math.sin(yaw) * 0.55, z - Math.cos(yaw) * 0.55);
    this.#seat = null;
    if (!free) return;
    this.x = free.x;
    this.z = free.z;
  }

  /** One frame. */
  update(intent: Readonly<Intent>, seconds: number): void {
    const dt = clamp(seconds, 0, 0.1);
    this.yaw += intent.yaw + intent.turn * TURN_RAD_S * dt;
    this.pitch = clamp(this.pitch + intent.pitch, -PITCH_LIMIT, PITCH_LIMIT);
    const wish = Math.min(1, Math.hypot(intent.forward, intent.side));
    if (wish > 0.05) {
      this.#goal = null;
      this.standUp();
    }
    const top = Math.min(this.maxSpeedMS * 0.95, intent.run ? RUN_M_S : WALK_M_S) * wish;
    let wishX = 0;
    let wishZ = 0;
    if (wish > 0.05) {
      const along = Math.atan2(-intent.side, intent.forward) + this.yaw;
      wishX = -Math.sin(along) * top;
      wishZ = -Math.cos(along) * top;
    } else if (this.#goal) {
      [wishX, wishZ] = this.#follow(this.#goal, intent.yaw !== 0, dt);
    }
    const blend = 1 - Math.exp(-EASE * dt);
    this.#velocityX += (wishX - this.#velocityX) * blend;
    this.#velocityZ += (wishZ - this.#velocityZ) * blend;
    if (!this.#seat) this.#step(dt);
    this.#settleSeat(dt);
  }

  /** Write the pose that others shall see. */
  write(own: OwnPose): void {
    const [x, y, z] = this.eyes();
    const cy = Math.cos(this.yaw / 2);
    const sy = Math.sin(this.yaw / 2);
    const cp = Math.cos(this.pitch / 2);
    const sp = Math.sin(this.pitch / 2);
    own.position[0] = x;
    own.position[1] = y;
    own.position[2] = z;
    own.rotation = [cy * sp, sy * cp, -sy * sp, cy * cp];
    own.sitting = this.#seat !== null;
    own.hands = null;
  }

  /** Where the eyes are, in the room. */
  eyes(): [number, number, number] {
    const share = this.#seatShare;
    if (!this.#seat || share <= 0) return [this.x, this.#eyeNow, this.z];
    const [x, y, z] = this.#seat.positionM;
    const seated = y + this.eyeM * SEATED_EYE_SHARE;
    return [
      this.x + (x - this.x) * share,
      this.#eyeNow + (seated - this.#eyeNow) * share,
      this.z + (z - this.z) * share,
    ];
  }

  #step(dt: number): void {
    const before = { x: this.x, z: this.z };
    const after = this.ground.step(before, this.#velocityX * dt, this.#velocityZ * dt);
    this.x = after.x;
    this.z = after.z;
    const way = Math.hypot(after.x - before.x, after.z - before.z);
    if (dt > 0 && way < 0.2 * Math.hypot(this.#velocityX, this.#velocityZ) * dt) {
      this.#velocityX *= 0.5;
      this.#velocityZ *= 0.5;
    }
    this.#stride += way;
    this.onStep(way);
    const bob = this.reducedMotion ? 0 : Math.sin(this.#stride * 4.1) * 0.012 * Math.min(1, way / Math.max(dt, 1e-3));
    const goal = this.eyeM + bob;
    this.#eyeNow += (goal - this.#eyeNow) * (1 - Math.exp(-8 * dt));
  }

  #settleSeat(dt: number): void {
    const step = this.reducedMotion ? 1 : dt / SIT_SECONDS;
    this.#seatShare = this.#seat ? Math.min(1, this.#seatShare + step) : 0;
  }

  #follow(goal: Goal, looking: boolean, dt: number): [number, number] {
    let next = goal.corners[0];
    while (next && Math.hypot(next.x - this.x, next.z - this.z) < ARRIVED_M) {
      goal.corners.shift();
      next = goal.corners[0];
    }
    if (!next) {
      this.#arrive(goal);
      return [0, 0];
    }
    const dx = next.x - this.x;
    const dz = next.z - this.z;
    const distance = Math.hypot(dx, dz);
    const last = goal.corners.length === 1;
    const way = distance + (last ? 0 : 9);
    const top = Math.min(this.maxSpeedMS * 0.95, way > 8 ? RUN_M_S * 0.85 : WALK_M_S);
    const speed = last ? Math.min(top, 0.25 + distance * 3) : top;
    if (!looking) {
      const end = last && distance < 1.2 ? goal.gaze : null;
      this.#turnTo(end ?? { yaw: Math.atan2(-dx, -dz), pitch: 0 }, dt);
    }
    // The last centimetres are made exactly, so that a corner is never circled.
    if (distance < speed * dt) {
      this.#velocityX = dx / Math.max(dt, 1e-3);
      this.#velocityZ = dz / Math.max(dt, 1e-3);
    }
    if (this.#stuck(dt)) this.#arrive(goal);
    return [(dx / distance) * speed, (dz / distance) * speed];
  }

  #stuckSeconds = 0;
  #stuckAt: Point = { x: 0, z: 0 };

  /** Whether a walk has come to a halt short of its goal. */
  #stuck(dt: number): boolean {
    if (Math.hypot(this.x - this.#stuckAt.x, this.z - this.#stuckAt.z) > 0.1) {
      this.#stuckAt = { x: this.x, z: this.z };
      this.#stuckSeconds = 0;
      return false;
    }
    this.#stuckSeconds += dt;
    return this.#stuckSeconds > 1.2;
  }

  #arrive(goal: Goal): void {
    this.#goal = null;
    this.#stuckSeconds = 0;
    if (goal.gaze) this.#turning = goal.gaze;
    if (goal.seat) {
      this.#seat = goal.seat;
      this.#turning = { yaw: goal.seat.yawRad, pitch: 0 };
      this.#velocityX = 0;
      this.#velocityZ = 0;
    }
    goal.arrived?.();
  }

  #turning: Gaze | null = null;

  /** Finish a turn that was still under way on arrival. */
  finishTurn(intent: Readonly<Intent>, dt: number): void {
    const goal = this.#turning;
    if (!goal) return;
    if (intent.yaw !== 0 || intent.pitch !== 0 || intent.turn !== 0 || this.reducedMotion) {
      if (this.reducedMotion) Object.assign(this, goal);
      this.#turning = null;
      return;
    }
    this.#turnTo(goal, dt);
    if (Math.abs(wrap(goal.yaw - this.yaw)) + Math.abs(goal.pitch - this.pitch) < 0.01) this.#turning = null;
  }

  #turnTo({ yaw, pitch }: Gaze, dt: number): void {
    const share = 1 - Math.exp(-4.5 * dt);
    this.yaw += wrap(yaw - this.yaw) * share;
    this.pitch += (pitch - this.pitch) * share;
  }
}

function wrap(angle: number): number {
  return angle - Math.round(angle / (Math.PI * 2)) * Math.PI * 2;
}

/** The ground of an alley: its own solids and those of the stalls that are known. */
export function groundOf(room: Room, stallSolids: readonly Solid[]): Ground {
  const boxes = [...room.solids, ...stallSolids].map((s) =>
    makeBox(s.xM, s.zM, s.halfXM, s.halfZM, s.yawRad, s.heightM),
  );
  const [minX, , minZ] = room.boundsMinM;
  const [maxX, , maxZ] = room.boundsMaxM;
  return new Ground(boxes, { minX, minZ, maxX, maxZ });
}

/** Where to stand to talk to somebody: an arm's length and a half before them, on the near side. */
export function besidePoint(from: Readonly<Point>, to: Readonly<Point>): Spawn {
  const dx = to.x - from.x;
  const dz = to.z - from.z;
  const distance = Math.hypot(dx, dz);
  const keep = distance > 1e-3 ? Math.max(0, distance - 1.3) / distance : 0;
  return { positionM: [from.x + dx * keep, 0, from.z + dz * keep], yawRad: Math.atan2(-dx, -dz) };
}
