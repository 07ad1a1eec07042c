/**
 * Packed poses: the visitor's own going out, everyone else's coming in.
 *
 * A `bin` inside a frame is not aligned, so everything is read and written through a DataView.
 */

import { packRotation, unpackRotation } from './rotation';
import { HAND_STEP_M, LAYOUT, PoseFlag, RECORD_RANGE_M, RECORD_STEP_M, RECORD_Y_STEP_M } from './wire.gen';

type Vec3 = readonly [number, number, number];
type Quat = readonly [number, number, number, number];

export interface PackableHand {
  /** In room coordinates, like the head. */
  readonly position: Vec3;
  readonly rotation: Quat;
}

export interface PackablePose {
  readonly position: Vec3;
  readonly rotation: Quat;
  readonly hands: readonly [PackableHand, PackableHand] | null;
  readonly sitting: boolean;
  readonly epoch: number;
}

const { POSE_HEAD, POSE_HAND, HEAD_RECORD, HANDS_RECORD } = LAYOUT;

export function packPose(pose: PackablePose, sequence: number): Uint8Array {
  const bytes = new Uint8Array(POSE_HEAD.BYTES + (pose.hands ? 2 * POSE_HAND.BYTES : 0));
  const view = new DataView(bytes.buffer);
  const flags = (pose.hands ? PoseFlag.HANDS : 0) | (pose.sitting ? PoseFlag.SITTING : 0);
  view.setUint16(POSE_HEAD.sequence, sequence & 0xffff, true);
  view.setUint8(POSE_HEAD.flags, flags);
  view.setUint8(POSE_HEAD.epoch, pose.epoch & 0xff);
  view.setFloat32(POSE_HEAD.x, pose.position[0], true);
  view.setFloat32(POSE_HEAD.y, pose.position[1], true);
  view.setFloat32(POSE_HEAD.z, pose.position[2], true);
  view.setUint32(POSE_HEAD.rotation, packRotation(pose.rotation), true);
  if (pose.hands) {
    packHand(view, POSE_HEAD.BYTES, pose.hands[0], pose.position);
    packHand(view, POSE_HEAD.BYTES + POSE_HAND.BYTES, pose.hands[1], pose.position);
  }
  return bytes;
}

function packHand(view: DataView, at: number, hand: PackableHand, head: Vec3): void {
  view.setInt16(at + POSE_HAND.x, handSteps(hand.position[0] - head[0]), true);
  view.setInt16(at + POSE_HAND.y, handSteps(hand.position[1] - head[1]), true);
  view.setInt16(at + POSE_HAND.z, handSteps(hand.position[2] - head[2]), true);
  view.setUint32(at + POSE_HAND.rotation, packRotation(hand.rotation), true);
}

function handSteps(offsetM: number): number {
  return Math.max(-32767, Math.min(32767, Math.round(offsetM / HAND_STEP_M)));
}

/** Where poses of a frame are: the centre of its cell and the floor of the room. */
export interface FramePlace {
  readonly centreX: number;
  readonly centreZ: number;
  readonly floorY: number;
}

export function frameCentre(column: number, row: number, cellM: number, floorY: number): FramePlace {
  return { centreX: (column + 0.5) * cellM, centreZ: (row + 0.5) * cellM, floorY };
}

/** Numbers of one head: x, y, z, then the rotation. */
export const HEAD_NUMBERS = 7;
/** Numbers of one hand: offset from the head x, y, z, then the rotation. */
export const HAND_NUMBERS = 7;

export type HeadVisitor = (slot: number, numbers: Float32Array) => void;

/** Calls back for every head in a frame. The array is reused: copy what you keep. */
export function readHeads(heads: Uint8Array, place: FramePlace, each: HeadVisitor): void {
  const view = new DataView(heads.buffer, heads.byteOffset, heads.byteLength);
  const numbers = new Float32Array(HEAD_NUMBERS);
  for (let at = 0; at + HEAD_RECORD.BYTES <= heads.byteLength; at += HEAD_RECORD.BYTES) {
    const slotY = view.getUint16(at + HEAD_RECORD.slotY, true) | (view.getUint8(at + HEAD_RECORD.slotY + 2) << 16);
    numbers[0] = nearest(view.getUint16(at + HEAD_RECORD.x, true), place.centreX);
    numbers[1] = place.floorY + (slotY >> 12) * RECORD_Y_STEP_M;
    numbers[2] = nearest(view.getUint16(at + HEAD_RECORD.z, true), place.centreZ);
    unpackRotation(view.getUint32(at + HEAD_RECORD.rotation, true), numbers, 3);
    each(slotY & 0xfff, numbers);
  }
}

/** Calls back for every pair of hands in a frame, left before right in one array that is reused. */
export function readHands(hands: Uint8Array, each: HeadVisitor): void {
  const view = new DataView(hands.buffer, hands.byteOffset, hands.byteLength);
  const numbers = new Float32Array(2 * HAND_NUMBERS);
  for (let at = 0; at + HANDS_RECORD.BYTES <= hands.byteLength; at += HANDS_RECORD.BYTES) {
    for (let side = 0; side < 2; side++) {
      const from = at + HANDS_RECORD.hands + side * POSE_HAND.BYTES;
      const to = side * HAND_NUMBERS;
      numbers[to] = view.getInt16(from + POSE_HAND.x, true) * HAND_STEP_M;
      numbers[to + 1] = view.getInt16(from + POSE_HAND.y, true) * HAND_STEP_M;
      numbers[to + 2] = view.getInt16(from + POSE_HAND.z, true) * HAND_STEP_M;
      unpackRotation(view.getUint32(from + POSE_HAND.rotation, true), numbers, to + 3);
    }
    each(view.getUint16(at + HANDS_RECORD.slot, true), numbers);
  }
}

/** The coordinate with these low bits that is nearest to the centre of the cell. */
function nearest(lowBits: number, centre: number): number {
  const offset = lowBits * RECORD_STEP_M - centre;
  return centre + offset - Math.round(offset / RECORD_RANGE_M) * RECORD_RANGE_M;
}
