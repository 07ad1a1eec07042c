/**
 * How a doll moves: from where a head is, to how body and head stand.
 *
 * A kokeshi has no legs: it leans into its walk, waddles and bobs a little, its body follows the head's turn with some
 * delay, and a gesture is a movement of the whole doll. All of it is a small state a person and a pure step of it.
 */

import { clamp } from '../move/collide';
import { EmoteKind } from '../net/wire.gen';

export interface Gait {
  x: number;
  z: number;
  /** Way of the body, in radians about +Y. */
  bodyYaw: number;
  /** Smoothed speed over the ground and along the body, in m/s. */
  speed: number;
  forward: number;
  side: number;
  /** Where in a step the doll is, in radians. */
  phase: number;
  gesture: EmoteKind | null;
  gestureSeconds: number;
}

export const GESTURE_SECONDS = 2.4;
const FASTEST_M_S = 8;

export function newGait(x: number, z: number, yaw: number): Gait {
  return { x, z, bodyYaw: yaw, speed: 0, forward: 0, side: 0, phase: 0, gesture: null, gestureSeconds: 0 };
}

export interface Posture {
  /** Forward lean and sideways sway of the whole doll, in radians. */
  pitch: number;
  roll: number;
  /** Added height. */
  lift: number;
  /** Added to the head's own turn. */
  headPitch: number;
  headRoll: number;
  /** How far the painted hands are raised by a gesture: 0 hides them. */
  hands: number;
}

/** Let the doll follow its head for `seconds`. */
export function stepGait(gait: Gait, x: number, z: number, headYaw: number, seconds: number): void {
  if (seconds <= 0) return;
  const dx = x - gait.x;
  const dz = z - gait.z;
  gait.x = x;
  gait.z = z;
  const raw = Math.hypot(dx, dz) / seconds;
  // A jump (teleport, correction) is not a stride.
  const speed = raw > FASTEST_M_S ? 0 : raw;
  const blend = 1 - Math.exp(-seconds * 9);
  gait.speed += (speed - gait.speed) * blend;
  const ahead = speed > 0 ? (-dx * Math.sin(gait.bodyYaw) - dz * Math.cos(gait.bodyYaw)) / seconds : 0;
  const right = speed > 0 ? (dx * Math.cos(gait.bodyYaw) - dz * Math.sin(gait.bodyYaw)) / seconds : 0;
  gait.forward += (ahead - gait.forward) * blend;
  gait.side += (right - gait.side) * blend;
  gait.phase = (gait.phase + seconds * (3 + gait.speed * 3.2) * Math.min(gait.speed, 1)) % (Math.PI * 2);
  // Standing, the body lets the head turn by itself for a while; walking, it comes along.
  const off = wrapAngle(headYaw - gait.bodyYaw);
  const free = gait.speed > 0.3 ? 0.08 : 0.75;
  const excess = Math.abs(off) > free ? off - Math.sign(off) * free : 0;
  gait.bodyYaw = wrapAngle(gait.bodyYaw + excess * (1 - Math.exp(-seconds * 7)));
  if (gait.gesture !== null) {
    gait.gestureSeconds += seconds;
    if (gait.gestureSeconds >= GESTURE_SECONDS) gait.gesture = null;
  }
}

export function postureOf(gait: Gait): Posture {
  const walk = clamp(gait.speed, 0, 1);
  const posture: Posture = {
    pitch: clamp(gait.forward * 0.055, -0.16, 0.2),
    roll: clamp(-gait.side * 0.04, -0.12, 0.12) + Math.sin(gait.phase) * 0.045 * walk,
    lift: Math.abs(Math.sin(gait.phase)) * 0.022 * walk,
    headPitch: 0,
    headRoll: 0,
    hands: 0,
  };
  if (gait.gesture !== null) addGesture(posture, gait.gesture, gait.gestureSeconds);
  return posture;
}

function addGesture(posture: Posture, kind: EmoteKind, seconds: number): void {
  const t = seconds / GESTURE_SECONDS;
  const swell = Math.sin(Math.PI * clamp(t, 0, 1));
  if (kind === EmoteKind.BOW) {
    const bow = smooth(t / 0.25) * (1 - smooth((t - 0.65) / 0.3));
    posture.pitch += 0.6 * bow;
    posture.headPitch += 0.35 * bow;
  } else if (kind === EmoteKind.WAVE) {
    posture.roll += Math.sin(seconds * 9) * 0.1 * swell;
    posture.headRoll += 0.12 * swell;
    posture.hands = swell;
  } else if (kind === EmoteKind.CLAP) {
    posture.lift += Math.abs(Math.sin(seconds * 8)) * 0.05 * swell;
    posture.hands = swell;
  } else if (kind === EmoteKind.HEART) {
    posture.roll += Math.sin(seconds * 3.4) * 0.1 * swell;
    posture.headRoll += Math.sin(seconds * 3.4) * 0.1 * swell;
  } else if (kind === EmoteKind.LAUGH) {
    posture.pitch -= 0.12 * swell;
    posture.lift += Math.abs(Math.sin(seconds * 13)) * 0.022 * swell;
    posture.headPitch -= 0.15 * swell;
  } else {
    posture.headRoll += 0.32 * swell;
    posture.pitch += 0.05 * swell;
  }
}

function smooth(t: number): number {
  const c = clamp(t, 0, 1);
  return c * c * (3 - 2 * c);
}

/** An angle as one between -π and π. */
export function wrapAngle(angle: number): number {
  const turns = Math.round(angle / (Math.PI * 2));
  return angle - turns * Math.PI * 2;
}

/** The turn about +Y of a rotation. */
export function yawOf(rotation: readonly [number, number, number, number]): number {
  const [x, y, z, w] = rotation;
  return Math.atan2(2 * (w * y + x * z), 1 - 2 * (x * x + y * y));
}
