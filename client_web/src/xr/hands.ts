/** Where the hands are and what they say: controllers and bare hands alike. */

import { Matrix4, Quaternion, Ray, Vector3 } from 'three';
import type { Hand } from '../world/world';

export interface HandState {
  /** Where it points, in the room. */
  readonly ray: Ray;
  stickX: number;
  stickY: number;
  /** A tracked hand without a controller. */
  bare: boolean;
  /** The button that opens the menu. */
  menu: boolean;
}

const MENU_BUTTONS = [4, 5];

export class HandTracker {
  /** Left and right; null where there is none. */
  readonly states: [HandState | null, HandState | null] = [null, null];
  readonly poses: readonly [left: Hand, right: Hand] = [newHand(), newHand()];
  readonly #session: XRSession;
  readonly #known: [HandState, HandState] = [newState(), newState()];

  constructor(session: XRSession) {
    this.#session = session;
  }

  /** Read all inputs; `rig` takes the real room into the alley. */
  read(frame: XRFrame, space: XRReferenceSpace, rig: Matrix4): void {
    this.states[0] = null;
    this.states[1] = null;
    for (const source of this.#session.inputSources) {
      if (source.handedness !== 'left' && source.handedness !== 'right') continue;
      const side = source.handedness === 'left' ? 0 : 1;
      const aim = frame.getPose(source.targetRaySpace, space);
      const grip = source.gripSpace ? frame.getPose(source.gripSpace, space) : null;
      const wrist = source.hand?.get('wrist');
      const joint = wrist && frame.getJointPose ? frame.getJointPose(wrist, space) : null;
      const held = grip ?? joint ?? aim;
      if (!aim || !held) continue;
      const state = this.#known[side];
      matrix.fromArray(aim.transform.matrix).premultiply(rig);
      state.ray.origin.setFromMatrixPosition(matrix);
      state.ray.direction.set(0, 0, -1).transformDirection(matrix);
      readGamepad(state, source);
      // A mitten's long side is its own up; a grip points along -Z.
      matrix.fromArray(held.transform.matrix).premultiply(rig).multiply(UPRIGHT).decompose(position, quaternion, scale);
      const pose = this.poses[side];
      pose.position = [position.x, position.y, position.z];
      pose.rotation = [quaternion.x, quaternion.y, quaternion.z, quaternion.w];
      this.states[side] = state;
    }
    this.#mirrorMissing();
  }

  /** Others are always told two hands; one that is not seen stays close to the other's side of the body. */
  #mirrorMissing(): void {
    const [left, right] = this.states;
    if (left && !right) Object.assign(this.poses[1], structuredClone(this.poses[0]));
    if (right && !left) Object.assign(this.poses[0], structuredClone(this.poses[1]));
  }
}

function readGamepad(state: HandState, source: XRInputSource): void {
  const axes = source.gamepad?.axes ?? [];
  // xr-standard: the thumbstick is axes 2 and 3, a touchpad 0 and 1.
  state.stickX = (axes.length >= 4 ? axes[2] : axes[0]) ?? 0;
  state.stickY = (axes.length >= 4 ? axes[3] : axes[1]) ?? 0;
  state.bare = Boolean(source.hand);
  state.menu = MENU_BUTTONS.some((button) => source.gamepad?.buttons[button]?.pressed);
}

function newState(): HandState {
  return { ray: new Ray(), stickX: 0, stickY: 0, bare: false, menu: false };
}

function newHand(): Hand {
  return { position: [0, 0, 0], rotation: [0, 0, 0, 1] };
}

const matrix = new Matrix4();
const position = new Vector3();
const scale = new Vector3();
const quaternion = new Quaternion();
const UPRIGHT = new Matrix4().makeRotationX(-Math.PI / 2);
