/**
 * Where everybody else is: samples from the server played back smoothly.
 *
 * Theory: one `Timeline` says which moment of the room is shown. Each avatar keeps its last samples and is shown between
 * two of them. Who is far away is heard more rarely than every tick; such an avatar is shown a little further in the
 * past, by what its own interval is longer. Who stands still is heard once a second: a small step after a long silence
 * therefore began just now, a long way is a walk heard rarely. A way too long for walking is a jump and is not drawn.
 * Without a newer sample a movement goes on for a short while, then holds.
 */

import { type FramePlace, frameCentre, HAND_NUMBERS, HEAD_NUMBERS, readHands, readHeads } from './pose';
import { mixRotation } from './rotation';
import { Timeline } from './timeline';
import type { PosesMessage } from './wire.gen';

export interface HandPose {
  /** In room coordinates. */
  readonly position: [number, number, number];
  readonly rotation: [number, number, number, number];
}

/** An avatar's pose at the shown moment; position is that of the head. */
export interface AvatarPose {
  readonly position: [number, number, number];
  readonly rotation: [number, number, number, number];
  hands: readonly [left: HandPose, right: HandPose] | null;
  /** How fast it walks now, on the ground. */
  speedMS: number;
}

interface Sample {
  atMs: number;
  readonly head: Float32Array;
  readonly hands: Float32Array;
  hasHands: boolean;
}

const SAMPLES_KEPT = 24;
const EXTRAPOLATE_MS = 120;
/** A silence longer than this is one of somebody who stood still, or of somebody far away. */
const SILENCE_MS = 400;
/** What one walks at most in the moment before a sample, by which a start is told from a walk. */
const START_M = 0.6;
const JUMP_M = 1.5;
const JUMP_SPEED_M_S = 9;
const LAG_EASE = 0.3;

class Track {
  readonly #samples: Sample[] = [];
  readonly #pose: AvatarPose = newPose();
  readonly #handPair: readonly [HandPose, HandPose] = [newHand(), newHand()];
  #intervalMs = 0;
  #lagMs = 0;
  #askedMs = Number.NaN;

  add(atMs: number, head: Float32Array, tickMs: number): void {
    const last = this.#samples.at(-1);
    if (last && atMs <= last.atMs) {
      if (last.atMs - atMs < 1000) return;
      this.#samples.length = 0;
    }
    if (last && this.#samples.length) this.#judgeStep(last, atMs, head, tickMs);
    const reused = this.#samples.length >= SAMPLES_KEPT ? this.#samples.shift() : undefined;
    const sample = reused ?? newSample();
    sample.atMs = atMs;
    sample.head.set(head);
    sample.hasHands = false;
    this.#samples.push(sample);
  }

  addHands(atMs: number, hands: Float32Array): void {
    const last = this.#samples.at(-1);
    if (last?.atMs !== atMs) return;
    last.hands.set(hands);
    last.hasHands = true;
  }

  #judgeStep(last: Sample, atMs: number, head: Float32Array, tickMs: number): void {
    const gapMs = atMs - last.atMs;
    const wayM = Math.hypot(num(head, 0) - num(last.head, 0), num(head, 2) - num(last.head, 2));
    if (wayM > JUMP_M + (JUMP_SPEED_M_S * gapMs) / 1000) {
      this.#samples.length = 0;
    } else if (gapMs > SILENCE_MS && wayM < START_M) {
      const stood = newSample();
      stood.atMs = atMs - 2 * tickMs;
      stood.head.set(last.head);
      stood.hands.set(last.hands);
      stood.hasHands = last.hasHands;
      this.#samples.push(stood);
    } else if (wayM > 0) {
      this.#intervalMs = gapMs > this.#intervalMs ? gapMs : this.#intervalMs + (gapMs - this.#intervalMs) * 0.3;
    }
  }

  at(shownMs: number, nowMs: number, tickMs: number): AvatarPose | null {
    const newest = this.#samples.at(-1);
    if (!newest) return null;
    this.#ease(nowMs, Math.max(0, this.#intervalMs - tickMs));
    const whenMs = shownMs - this.#lagMs;
    let index = this.#samples.length - 1;
    while (index > 0 && (this.#samples[index] as Sample).atMs > whenMs) index--;
    const from = this.#samples[index] as Sample;
    const to = this.#samples[index + 1];
    if (to && whenMs >= from.atMs) this.#between(from, to, (whenMs - from.atMs) / (to.atMs - from.atMs));
    else if (!to) this.#beyond(from, this.#samples[index - 1], whenMs);
    else this.#between(from, to, 0);
    return this.#pose;
  }

  #ease(nowMs: number, wantedMs: number): void {
    const passedMs = Number.isNaN(this.#askedMs) ? Number.POSITIVE_INFINITY : Math.max(0, nowMs - this.#askedMs);
    this.#askedMs = nowMs;
    const most = passedMs * LAG_EASE;
    this.#lagMs += Math.max(-most, Math.min(most, wantedMs - this.#lagMs));
  }

  #between(a: Sample, b: Sample, share: number): void {
    const { position, rotation } = this.#pose;
    for (let i = 0; i < 3; i++) position[i] = num(a.head, i) + (num(b.head, i) - num(a.head, i)) * share;
    mixRotation(a.head, b.head, share, 3, rotation);
    const way = Math.hypot(num(b.head, 0) - num(a.head, 0), num(b.head, 2) - num(a.head, 2));
    this.#pose.speedMS = share > 1 ? 0 : (way / (b.atMs - a.atMs)) * 1000;
    this.#setHands(a, b, share);
  }

  /** Past the newest sample: go on a little, then hold. */
  #beyond(last: Sample, before: Sample | undefined, whenMs: number): void {
    const spanMs = before ? last.atMs - before.atMs : 0;
    if (!before || spanMs > SILENCE_MS) {
      this.#between(last, { ...last, atMs: last.atMs + 1 }, 0);
      return;
    }
    const overMs = Math.max(0, Math.min(EXTRAPOLATE_MS, whenMs - last.atMs));
    const holds = whenMs - last.atMs > EXTRAPOLATE_MS;
    this.#between(before, last, 1);
    const { position } = this.#pose;
    for (let i = 0; i < 3; i++) {
      position[i] = num(last.head, i) + ((num(last.head, i) - num(before.head, i)) * overMs) / spanMs;
    }
    if (holds) this.#pose.speedMS = 0;
  }

  #setHands(a: Sample, b: Sample, share: number): void {
    if (!b.hasHands && !a.hasHands) {
      this.#pose.hands = null;
      return;
    }
    const from = a.hasHands ? a.hands : b.hands;
    const to = b.hasHands ? b.hands : a.hands;
    this.#handPair.forEach((hand, side) => {
      const at = side * HAND_NUMBERS;
      for (let i = 0; i < 3; i++) {
        const offset = num(from, at + i) + (num(to, at + i) - num(from, at + i)) * share;
        hand.position[i] = (this.#pose.position[i] as number) + offset;
      }
      mixRotation(from, to, share, at + 3, hand.rotation);
    });
    this.#pose.hands = this.#handPair;
  }
}

export class Playback {
  readonly timeline = new Timeline();
  readonly #tracks = new Map<number, Track>();
  #cellM = 1;
  #floorY = 0;

  /** A connection was opened: the room's clock may be another one. Known places stay until newer ones come. */
  restart(intervalMs: number): void {
    this.timeline.restart(intervalMs);
  }

  setRoom(cellM: number, floorY: number): void {
    this.#cellM = cellM;
    this.#floorY = floorY;
  }

  receive(frame: PosesMessage, nowMs: number, ownSlot: number): void {
    const { serverMs } = frame;
    this.timeline.arrive(serverMs, nowMs);
    const place: FramePlace = frameCentre(frame.column, frame.row, this.#cellM, this.#floorY);
    readHeads(frame.heads, place, (slot, numbers) => {
      if (slot !== ownSlot) this.#track(slot).add(serverMs, numbers, this.timeline.intervalMs);
    });
    readHands(frame.hands, (slot, numbers) => {
      if (slot !== ownSlot) this.#tracks.get(slot)?.addHands(serverMs, numbers);
    });
  }

  poseOf(slot: number, nowMs: number): AvatarPose | null {
    const shownMs = this.timeline.at(nowMs);
    if (Number.isNaN(shownMs)) return null;
    return this.#tracks.get(slot)?.at(shownMs, nowMs, this.timeline.intervalMs) ?? null;
  }

  forget(slot: number): void {
    this.#tracks.delete(slot);
  }

  #track(slot: number): Track {
    const known = this.#tracks.get(slot);
    if (known) return known;
    const track = new Track();
    this.#tracks.set(slot, track);
    return track;
  }
}

function num(values: Float32Array, index: number): number {
  return values[index] as number;
}

function newSample(): Sample {
  return {
    atMs: 0,
    head: new Float32Array(HEAD_NUMBERS),
    hands: new Float32Array(2 * HAND_NUMBERS),
    hasHands: false,
  };
}

function newHand(): HandPose {
  return { position: [0, 0, 0], rotation: [0, 0, 0, 1] };
}

function newPose(): AvatarPose {
  return { ...newHand(), hands: null, speedMS: 0 };
}
