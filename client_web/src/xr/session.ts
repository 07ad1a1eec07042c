/**
 * A visit in a headset.
 *
 * Theory: the headset says where head and hands are within the real room; the rig says where that room stands in the
 * alley. Real steps move the head, everything else (teleport, gliding, turning) moves the rig. What others see is the
 * head and the two hands, each frame, as the own pose. A teleport is asked of the server and made when it agrees.
 */

import { Euler, Matrix4, Quaternion, Vector3 } from 'three';
import { clamp } from '../move/collide';
import { RUN_M_S, WALK_M_S } from '../move/mover';
import { CorrectReason } from '../net/wire.gen';
import type { Engine, Immersion } from '../scene/engine';
import { yawOf } from '../scene/gait';
import { makeXrWhole } from '../three/whole_xr';
import { Gear } from './gear';
import { type HandState, HandTracker } from './hands';
import { type Arc, glide, live, rigUnder, SnapTurn, throwArc, vignetteFor } from './locomotion';
import { Menu } from './menu';

const SMOOTH_TURN_RAD_S = 1.5;
const AIM_PUSH = 0.6;
const RAY_M = 6;

export async function enterVr(engine: Engine): Promise<void> {
  if (!navigator.xr || engine.immersion) return;
  const session = await navigator.xr.requestSession('immersive-vr', {
    optionalFeatures: ['local-floor', 'bounded-floor', 'hand-tracking'],
  });
  const { renderer } = engine.stage;
  makeXrWhole(renderer);
  renderer.xr.enabled = true;
  renderer.xr.setReferenceSpaceType('local-floor');
  renderer.xr.setFoveation(1);
  await renderer.xr.setSession(session);
  engine.immersion = new VrVisit(engine, session);
  engine.hooks.vr?.(true);
}

class VrVisit implements Immersion {
  readonly #engine: Engine;
  readonly #gear: Gear;
  readonly #menu: Menu;
  readonly #hands: HandTracker;
  readonly #snap = new SnapTurn();
  readonly #offs: (() => void)[];
  #yaw: number;
  #x: number;
  #z: number;
  #placed = false;
  #aiming: { side: 0 | 1; arc: Arc } | null = null;
  #speed = 0;
  #turn = 0;
  /** The head within the real room. */
  readonly #local = new Matrix4();

  constructor(engine: Engine, session: XRSession) {
    this.#engine = engine;
    const { stage, mover, world } = engine;
    this.#yaw = mover.yaw;
    this.#x = mover.x;
    this.#z = mover.z;
    mover.stop();
    mover.standUp();
    this.#gear = new Gear(stage.camera);
    this.#menu = new Menu(engine, () => void session.end());
    this.#hands = new HandTracker(session);
    stage.scene.add(this.#gear.group, this.#menu.group);
    stage.camera.position.set(0, 0, 0);
    stage.camera.quaternion.identity();
    const onSelect = (event: XRInputSourceEvent): void => this.#selected(event.inputSource);
    session.addEventListener('select', onSelect);
    session.addEventListener('end', () => this.#ended(), { once: true });
    this.#offs = [
      () => session.removeEventListener('select', onSelect),
      world.on('correct', ({ positionM, yawRad, reason }) => {
        // Somewhere else altogether: look as the server says. A jump of one's own keeps the way one looks.
        if (reason !== CorrectReason.JUMP) this.#face(yawRad);
        this.#stand(positionM[0], positionM[2]);
        this.#gear.blink();
      }),
    ];
  }

  update(seconds: number, frame: XRFrame | null): void {
    const space = this.#engine.stage.renderer.xr.getReferenceSpace();
    const pose = frame && space ? frame.getViewerPose(space) : null;
    if (!pose || !frame || !space) return;
    this.#local.fromArray(pose.transform.matrix);
    if (!this.#placed) {
      this.#placed = true;
      this.#face(this.#yaw);
      this.#stand(this.#x, this.#z);
    }
    const { rig } = this.#engine.stage;
    this.#hands.read(frame, space, rig.matrixWorld);
    this.#move(seconds);
    rig.rotation.set(0, this.#yaw, 0);
    rig.position.set(this.#x, 0, this.#z);
    rig.updateMatrixWorld(true);
    this.#hands.read(frame, space, rig.matrixWorld);
    this.#writePose();
    this.#point();
    this.#menu.update(eyes, view, this.#hands.states);
    this.#gear.veil(this.#engine.settings.get('vignette') ? vignetteFor(this.#speed, this.#turn) : 0, seconds);
  }

  /** Turn the rig so that the head looks along a yaw. */
  #face(yaw: number): void {
    this.#yaw = yaw - yawOfMatrix(this.#local);
  }

  /** Put the head over a point. */
  #stand(x: number, z: number): void {
    position.setFromMatrixPosition(this.#local);
    const at = rigUnder([position.x, position.y, position.z], this.#yaw, x, z);
    this.#x = at.x;
    this.#z = at.z;
  }

  #headInRoom(): { x: number; z: number } {
    const { x, z } = position.setFromMatrixPosition(this.#local);
    const sin = Math.sin(this.#yaw);
    const cos = Math.cos(this.#yaw);
    return { x: this.#x + x * cos + z * sin, z: this.#z + z * cos - x * sin };
  }

  #move(seconds: number): void {
    const { settings, mover, world } = this.#engine;
    const [left, right] = this.#hands.states;
    const smooth = settings.get('locomotion') === 'smooth';
    this.#turnBy(right?.stickX ?? 0, seconds);
    const walker = left ?? right;
    this.#speed = 0;
    if (smooth && walker && left) {
      const way = glide(walker.stickX, walker.stickY, this.#yaw + yawOfMatrix(this.#local));
      const top = Math.min(world.maxSpeedMS * 0.9, Math.hypot(way.x, way.z) > 0.97 ? RUN_M_S * 0.8 : WALK_M_S);
      const here = this.#headInRoom();
      const there = mover.ground.step(here, way.x * top * seconds, way.z * top * seconds);
      this.#x += there.x - here.x;
      this.#z += there.z - here.z;
      this.#speed = seconds > 0 ? Math.hypot(there.x - here.x, there.z - here.z) / seconds : 0;
      mover.onStep(this.#speed * seconds);
    }
    this.#aim(0, smooth ? null : left);
    this.#aim(1, right);
    this.#gear.showArc(this.#aiming?.arc ?? null);
    const landing = this.#aiming?.arc.valid ? this.#aiming.arc.landing : null;
    this.#engine.mark = landing ? { x: landing.x, z: landing.z } : null;
  }

  #turnBy(stick: number, seconds: number): void {
    const snapped = this.#engine.settings.get('snapTurn');
    const turn = snapped ? this.#snap.step(stick) : -live(stick) * SMOOTH_TURN_RAD_S * seconds;
    this.#turn = snapped ? 0 : turn / Math.max(seconds, 1e-3);
    if (turn === 0) return;
    const head = this.#headInRoom();
    this.#yaw += turn;
    this.#stand(head.x, head.z);
  }

  /** Pushing a stick forward aims, letting it go jumps. */
  #aim(side: 0 | 1, hand: HandState | null): void {
    const pushed = hand !== null && hand.stickY < -AIM_PUSH && Math.abs(hand.stickX) < 0.75;
    if (pushed) {
      const { origin, direction } = hand.ray;
      const lifted = direction
        .clone()
        .setY(direction.y + 0.25)
        .normalize();
      const arc = throwArc(this.#engine.mover.ground, [origin.x, origin.y, origin.z], [lifted.x, lifted.y, lifted.z]);
      this.#aiming = { side, arc };
      return;
    }
    if (this.#aiming?.side !== side || (hand && hand.stickY < -0.3)) return;
    const { arc } = this.#aiming;
    this.#aiming = null;
    if (arc.valid && arc.landing) this.#jump(arc.landing.x, arc.landing.z);
  }

  #jump(x: number, z: number): void {
    const { world, mover } = this.#engine;
    if (world.jump(x, z, this.#yaw + yawOfMatrix(this.#local))) return;
    this.#stand(x, z);
    mover.onStep(0);
    this.#gear.blink();
  }

  #writePose(): void {
    const { world, mover, people, stage } = this.#engine;
    const { own } = world;
    matrix.multiplyMatrices(stage.rig.matrixWorld, this.#local).decompose(eyes, quaternion, scale);
    const { minX, minZ, maxX, maxZ } = mover.ground.bounds;
    own.position[0] = clamp(eyes.x, minX, maxX);
    own.position[1] = clamp(eyes.y, 0.2, 2.6);
    own.position[2] = clamp(eyes.z, minZ, maxZ);
    own.rotation = [quaternion.x, quaternion.y, quaternion.z, quaternion.w];
    own.sitting = false;
    const [left, right] = this.#hands.states;
    const hands = this.#hands.poses;
    own.hands = left || right ? hands : null;
    people.ownHands = [left ? hands[0] : null, right ? hands[1] : null];
    mover.x = own.position[0];
    mover.z = own.position[2];
    mover.yaw = yawOf(own.rotation);
    view.set(0, 0, -1).applyQuaternion(quaternion);
    this.#engine.setEyes(eyes, view);
  }

  /** Draw each hand's ray to what it points at. */
  #point(): void {
    this.#gear.hideRays();
    this.#menu.hoverNothing();
    for (const [side, hand] of this.#hands.states.entries()) {
      if (!hand) continue;
      const { origin, direction } = hand.ray;
      const onMenu = this.#menu.aim(hand.ray);
      const picked = onMenu ? null : this.#engine.pick(origin, direction);
      const hot = onMenu !== null || picked?.kind === 'exhibit' || picked?.kind === 'person';
      const length = Math.min(onMenu?.distance ?? (hot ? (picked?.distance ?? RAY_M) : 0.35), RAY_M);
      this.#gear.showRay(side as 0 | 1, origin, direction, this.#aiming ? 0 : length, hot);
    }
  }

  #selected(source: XRInputSource): void {
    const hand = this.#hands.states[source.handedness === 'left' ? 0 : 1];
    if (!hand) return;
    if (this.#menu.press(hand.ray)) return;
    const picked = this.#engine.pick(hand.ray.origin, hand.ray.direction);
    if (picked?.kind === 'exhibit') this.#menu.showExhibit(picked.shown, eyes);
    else if (picked?.kind === 'ground' && hand.bare && this.#engine.mover.ground.isFree(picked.x, picked.z)) {
      // Bare hands have no stick: a pinch at the ground is the way to go there.
      this.#jump(picked.x, picked.z);
    } else this.#menu.closeExhibit();
  }

  #ended(): void {
    const { stage, mover, people, world, hooks } = this.#engine;
    for (const off of this.#offs) off();
    this.#gear.dispose();
    this.#menu.dispose();
    people.ownHands = [null, null];
    world.own.hands = null;
    stage.renderer.xr.enabled = false;
    this.#engine.immersion = null;
    this.#engine.mark = null;
    const free = mover.ground.nearestFree(world.own.position[0], world.own.position[2]);
    mover.place(free?.x ?? mover.x, free?.z ?? mover.z, mover.yaw);
    stage.refit();
    hooks.vr?.(false);
  }
}

const position = new Vector3();
const eyes = new Vector3();
const view = new Vector3();
const scale = new Vector3();
const quaternion = new Quaternion();
const matrix = new Matrix4();
const euler = new Euler();

function yawOfMatrix(local: Matrix4): number {
  return euler.setFromRotationMatrix(local, 'YXZ').y;
}
