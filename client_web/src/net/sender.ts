/** Sends the own pose when it changed, at most once a tick, and once a second otherwise. */

import { type PackablePose, packPose } from './pose';
import type { Inbound } from './wire.gen';

const MIN_INTERVAL_MS = 50;
const IDLE_INTERVAL_MS = 1000;
/** Timers are not exact: a pose that is due in less than this goes now. */
const SLACK_MS = 8;
const MOVED_M = 0.001;
const TURNED = 1e-6;

export class PoseSender {
  #sequence = 0;
  #sentMs = Number.NEGATIVE_INFINITY;
  #last: PackablePose | null = null;

  /** Whatever was sent before is worth nothing to a new connection. */
  restart(): void {
    this.#last = null;
    this.#sentMs = Number.NEGATIVE_INFINITY;
  }

  /** The message to send now, or null. */
  due(pose: PackablePose, nowMs: number): Inbound | null {
    const sinceMs = nowMs - this.#sentMs;
    const changed = this.#last === null || differs(this.#last, pose);
    if (sinceMs < (changed ? MIN_INTERVAL_MS : IDLE_INTERVAL_MS) - SLACK_MS) return null;
    this.#sequence = (this.#sequence + 1) & 0xffff;
    this.#sentMs = nowMs;
    this.#last = structuredClone(pose);
    return { type: 'pose', packed: packPose(pose, this.#sequence) };
  }
}

function differs(a: PackablePose, b: PackablePose): boolean {
  if (a.epoch !== b.epoch || a.sitting !== b.sitting || (a.hands === null) !== (b.hands === null)) return true;
  if (placeDiffers(a, b)) return true;
  if (!a.hands || !b.hands) return false;
  return placeDiffers(a.hands[0], b.hands[0]) || placeDiffers(a.hands[1], b.hands[1]);
}

type Placed = Pick<PackablePose, 'position' | 'rotation'>;

function placeDiffers(a: Placed, b: Placed): boolean {
  let way = 0;
  for (let i = 0; i < 3; i++) way = Math.max(way, Math.abs((a.position[i] as number) - (b.position[i] as number)));
  let dot = 0;
  for (let i = 0; i < 4; i++) dot += (a.rotation[i] as number) * (b.rotation[i] as number);
  return way > MOVED_M || 1 - Math.abs(dot) > TURNED;
}
