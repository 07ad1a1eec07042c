/**
 * The scene at work: puts stage, street, people and the visitor's own way together and runs the frame.
 *
 * It reads the `World` and writes nothing of it but the own pose. Files arrive in their own time; the frame never waits.
 */

import { Vector3 } from 'three';
import type { Point } from '../move/collide';
import { Input } from '../move/input';
import { Joystick } from '../move/joystick';
import { besidePoint, groundOf, Mover } from '../move/mover';
import type { Room, Spawn } from '../net/wire.gen';
import type { Settings } from '../world/settings';
import type { World } from '../world/world';
import { Assets } from './assets';
import { Labels } from './labels';
import { Lanterns } from './lanterns';
import { eyeHeight } from './look';
import { isSameNear, nearestExhibit, nearestStall } from './nearby';
import { People } from './people';
import { type Picked, pick } from './picking';
import { QualityScaler } from './quality';
import { Shadows } from './shadows';
import { Signs } from './signs';
import { Stage } from './stage';
import { Street } from './street';
import type { GoOptions, Near, SceneHooks, SceneStats } from './types';

const OPEN_REACH_M = 6;
const WALK_FARTHEST_M = 45;
const DIM = 0.34;
/** A gap longer than this (a hidden tab) is not made up for. */
const SLOWEST_FRAME_S = 1;
const STEP_S = 0.05;
const NEAR_EVERY_S = 0.1;
const HOVER_EVERY_MS = 60;
/** Eyes stand above a counter: whoever comes to a stall looks down a little, at what lies there. */
const DOWN_TO_THE_WARES_RAD = -0.21;
const AT_THE_FRONT_M = 0.4;
const MARK_COLOUR = [1, 0.72, 0.42] as const;

/** What takes the place of walking while a headset is worn. */
export interface Immersion {
  update(seconds: number, frame: XRFrame | null): void;
}

export class Engine {
  readonly stage: Stage;
  readonly street: Street;
  readonly people: People;
  readonly mover = new Mover();
  readonly quality: QualityScaler;
  readonly world: World;
  readonly settings: Settings;
  readonly hooks: SceneHooks;
  readonly assets = new Assets();
  immersion: Immersion | null = null;
  /** A place on the ground to be marked. */
  mark: Point | null = null;
  /** Called each frame with the way walked since the last, in metres. */
  onWalk: (metres: number) => void = () => {};
  /** Called when another stall, or none, is the near one. */
  onStall: (stallId: string | null) => void = () => {};
  /** Called when something was chosen. */
  onChoice: () => void = () => {};
  near: Near | null = null;
  readonly #lanterns: Lanterns;
  readonly #shadows: Shadows;
  readonly #signs: Signs;
  readonly #labels: Labels;
  readonly #input: Input;
  readonly #joystick: Joystick;
  readonly #offs: (() => void)[] = [];
  #lastMs = 0;
  #frame = 0;
  #frameMs = 0;
  #intervalMs = 16;
  #focus: string | null = null;
  #lost = false;
  #sinceNear = 0;
  #hoveredMs = 0;
  #walked = 0;
  #roomId = '';
  #drawn = { calls: 0, triangles: 0 };
  readonly #eyes = new Vector3();
  readonly #view = new Vector3();

  constructor(canvas: HTMLCanvasElement, world: World, hooks: SceneHooks, settings: Settings) {
    this.world = world;
    this.hooks = hooks;
    this.settings = settings;
    this.stage = new Stage(canvas);
    const { shared } = this.stage;
    this.street = new Street(shared, this.assets);
    this.people = new People(shared, world);
    this.#lanterns = new Lanterns(shared);
    this.#shadows = new Shadows(shared);
    this.#signs = new Signs(shared);
    this.#labels = new Labels(shared);
    this.quality = new QualityScaler(settings.get('quality'));
    this.stage.scene.add(this.street.group, this.people.group, this.#lanterns.group);
    this.stage.scene.add(this.#shadows.mesh, this.#signs.mesh, this.#labels.mesh);
    this.#joystick = new Joystick(canvas.parentElement ?? document.body);
    this.#joystick.show(matchMedia('(pointer: coarse)').matches);
    this.#input = new Input(canvas, this.#joystick, {
      click: (x, y) => this.#clicked(x, y),
      hover: (at) => this.#hover(at),
      act: () => this.act(),
    });
    this.mover.onStep = (metres) => this.#stepped(metres);
    this.assets.onProgress = (loaded, total) => hooks.progress?.(total > 0 ? loaded / total : 0);
    this.street.dress = (mesh) => {
      void import('./textured').then(({ dressTextured }) => dressTextured(mesh, shared, this.stage.renderer));
    };
    this.street.onChange = () => this.#lanterns.set(this.street.lanterns);
    this.#listen(canvas);
    this.applyQuality();
    this.assets.moveTo(world.origin);
    if (world.room) this.#openRoom(world.room);
    this.stage.renderer.setAnimationLoop((ms, frame) => this.#tick(ms, frame ?? null));
  }

  /** Off while something lies over the street: the visitor then stands where they stood, and is there again after it. */
  set inputEnabled(on: boolean) {
    this.#input.enabled = on;
    if (!on) this.mover.stop();
    this.#joystick.show(on && matchMedia('(pointer: coarse)').matches);
  }

  // --- what one can do ------------------------------------------------------------------------------------------------

  goTo(spawn: Spawn, options: GoOptions = {}): void {
    const [x, , z] = spawn.positionM;
    const far = Math.hypot(x - this.mover.x, z - this.mover.z) > WALK_FARTHEST_M;
    const arrived = options.arrived;
    if (!far && !this.settings.reducedMotion) {
      const gaze = { yaw: spawn.yawRad, pitch: this.#pitchAt(x, z) };
      if (this.mover.walkTo(x, z, { gaze, ...(arrived && { arrived }) })) return;
    }
    // Far away one is put there by the server, which answers with a correction.
    if (!this.world.jump(x, z, spawn.yawRad)) this.#place(x, z, spawn.yawRad);
    arrived?.();
  }

  #place(x: number, z: number, yaw: number): void {
    this.mover.place(x, z, yaw, this.#pitchAt(x, z));
  }

  /** How far down one looks who comes to stand there. */
  #pitchAt(x: number, z: number): number {
    const isFront = nearestStall(this.world.directory, x, z, AT_THE_FRONT_M) !== null;
    return isFront ? DOWN_TO_THE_WARES_RAD : 0;
  }

  goToPerson(slot: number): boolean {
    const head = this.people.headOf(slot);
    if (!head) return false;
    this.goTo(besidePoint(this.mover, head));
    return true;
  }

  /** Look closer at what is near. */
  act(): void {
    if (this.near?.exhibitId) this.inspect(this.near.exhibitId);
  }

  inspect(exhibitId: string): void {
    this.onChoice();
    this.hooks.inspect(exhibitId);
  }

  set focus(exhibitId: string | null) {
    this.#focus = exhibitId;
  }

  /** What a ray points at. */
  pick(origin: Vector3, direction: Vector3): Picked | null {
    return pick(origin, direction, {
      exhibits: this.street.exhibits.values(),
      people: this.people,
      ground: this.mover.ground,
      seats: this.world.room?.seats ?? [],
    });
  }

  applyQuality(): void {
    const { level } = this.quality;
    this.stage.setPixelRatio(level.pixelRatio);
    this.street.setDetail({ mirror: level.mirror, far: level.far });
    this.people.setMirror(level.mirror === 2);
    this.#lanterns.setDetail(level.glow, level.mirror > 0, !this.settings.reducedMotion);
  }

  stats(): SceneStats {
    return {
      ...this.#drawn,
      frameMs: this.#frameMs,
      fps: 1000 / this.#intervalMs,
      level: this.quality.index,
      people: this.people.drawn.length,
      exhibits: this.street.exhibits.size,
      failedAssets: this.assets.failed.size,
    };
  }

  dispose(): void {
    for (const off of this.#offs) off();
    this.#input.dispose();
    this.#joystick.dispose();
    this.street.dispose();
    this.people.dispose();
    this.#lanterns.dispose();
    for (const part of [this.#shadows, this.#signs, this.#labels]) part.dispose();
    this.assets.dispose();
    this.stage.dispose();
  }

  // --- what the world says ----------------------------------------------------------------------------------------------

  #listen(canvas: HTMLCanvasElement): void {
    const { world, settings } = this;
    const onLost = (event: Event): void => {
      // Without this the browser never gives the context back.
      event.preventDefault();
      this.#lost = true;
      this.hooks.contextLost?.(true);
    };
    const onBack = (): void => {
      this.#lost = false;
      this.hooks.contextLost?.(false);
    };
    canvas.addEventListener('webglcontextlost', onLost);
    canvas.addEventListener('webglcontextrestored', onBack);
    this.#offs.push(
      world.on('moved', (origin) => this.#leaveRoom(origin)),
      world.on('room', (room) => this.#openRoom(room)),
      world.on('scene', () => this.#setStalls()),
      world.on('correct', ({ positionM, yawRad }) => this.#place(positionM[0], positionM[2], yawRad)),
      world.on('own', (card) => {
        this.mover.eyeM = eyeHeight(card.look);
      }),
      settings.onChange((name) => this.#settingChanged(name)),
      () => canvas.removeEventListener('webglcontextlost', onLost),
      () => canvas.removeEventListener('webglcontextrestored', onBack),
    );
    if (world.card) {
      this.mover.eyeM = eyeHeight(world.card.look);
      const [x, , z] = world.own.position;
      const [, qy, , qw] = world.own.rotation;
      this.#place(x, z, 2 * Math.atan2(qy, qw));
    }
    this.mover.reducedMotion = settings.reducedMotion;
  }

  #settingChanged(name: string): void {
    this.mover.reducedMotion = this.settings.reducedMotion;
    if (name === 'language') this.#setStalls();
    if (name !== 'quality' && name !== 'motion') return;
    this.quality.setting = this.settings.get('quality');
    this.applyQuality();
  }

  #leaveRoom(origin: string): void {
    this.#roomId = '';
    this.street.clear();
    this.assets.moveTo(origin);
    this.#signs.set([], this.settings.get('language'));
    this.mover.stop();
    this.mover.standUp();
  }

  #openRoom(room: Room): void {
    const key = `${room.id} ${room.version}`;
    if (key !== this.#roomId) {
      this.#roomId = key;
      this.#lanterns.setRoom(room);
      this.street.setRoom(room);
      this.stage.shared.uEmber.value.copy(emberOf(room));
    }
    this.#setStalls();
  }

  #setStalls(): void {
    const { room, cells } = this.world;
    if (!room) return;
    const stalls = [...cells.values()].flatMap((cell) => cell.stalls);
    const exhibits = [...cells.values()].flatMap((cell) => cell.exhibits);
    const language = this.settings.get('language');
    this.street.setStalls(stalls, exhibits);
    this.#signs.set(stalls, language);
    this.#labels.set(language, (id) => this.world.stall(id));
    this.mover.ground = groundOf(
      room,
      stalls.flatMap((stall) => stall.solids),
    );
    this.#lanterns.set(this.street.lanterns);
  }

  // --- what the person does ---------------------------------------------------------------------------------------------

  #rayAt(x: number, y: number): { origin: Vector3; direction: Vector3 } {
    const { camera, renderer } = this.stage;
    const { clientWidth, clientHeight } = renderer.domElement;
    const direction = new Vector3((x / clientWidth) * 2 - 1, 1 - (y / clientHeight) * 2, 0.5).unproject(camera);
    const origin = camera.getWorldPosition(new Vector3());
    return { origin, direction: direction.sub(origin).normalize() };
  }

  #clicked(x: number, y: number): void {
    const { origin, direction } = this.#rayAt(x, y);
    const picked = this.pick(origin, direction);
    if (!picked) return;
    if (picked.kind !== 'exhibit') this.onChoice();
    if (picked.kind === 'person') this.hooks.person(picked.slot);
    else if (picked.kind === 'seat') this.mover.sitOn(picked.seat);
    else if (picked.kind === 'ground') this.mover.walkTo(picked.x, picked.z);
    else this.#openOrApproach(picked);
  }

  #openOrApproach(picked: Picked & { kind: 'exhibit' }): void {
    const { exhibit } = picked.shown;
    const front = this.world.stall(exhibit.stallId)?.front;
    if (picked.distance <= OPEN_REACH_M || !front) this.inspect(exhibit.id);
    else this.goTo(front);
  }

  #hover(at: { x: number; y: number } | null): void {
    const { style } = this.stage.renderer.domElement;
    const now = performance.now();
    if (!at || now - this.#hoveredMs < HOVER_EVERY_MS) return;
    this.#hoveredMs = now;
    const { origin, direction } = this.#rayAt(at.x, at.y);
    const kind = this.pick(origin, direction)?.kind;
    style.cursor = kind === 'exhibit' || kind === 'person' || kind === 'seat' ? 'pointer' : '';
  }

  #stepped(metres: number): void {
    this.onWalk(metres);
    if (metres <= 0 || this.#walked > 1) return;
    this.#walked += metres;
    if (this.#walked > 1) this.hooks.did?.('moved');
  }

  // --- the frame --------------------------------------------------------------------------------------------------------

  #tick(ms: number, xrFrame: XRFrame | null): void {
    const passed = this.#lastMs ? ms - this.#lastMs : 16;
    this.#lastMs = ms;
    if (this.#lost) return;
    const begun = performance.now();
    const seconds = Math.min(passed / 1000, SLOWEST_FRAME_S);
    this.#frame++;
    if (!this.settings.reducedMotion) this.stage.shared.uTime.value = (ms / 1000) % 3600;
    if (this.immersion) this.immersion.update(seconds, xrFrame);
    else this.#walk(seconds);
    this.#showNear(seconds);
    this.#shadows.begin();
    this.#markGoal(ms);
    this.people.update(begun, seconds, this.#eyes, this.#shadows);
    this.#shadows.end();
    const goal = this.#focus === null ? 1 : DIM;
    const { uExposure } = this.stage.shared;
    uExposure.value += (goal - uExposure.value) * (this.settings.reducedMotion ? 1 : 1 - Math.exp(-seconds * 9));
    this.stage.fit();
    // Behind an open exhibit the street only needs to be there.
    if (this.#focus === null || this.immersion || this.#frame % 4 === 0) this.#render();
    this.#frameMs += (performance.now() - begun - this.#frameMs) * 0.05;
    this.#intervalMs += (passed - this.#intervalMs) * 0.05;
    if (!this.immersion && !this.street.busy && this.quality.frame(passed)) this.applyQuality();
  }

  #render(): void {
    this.stage.render();
    const { render } = this.stage.renderer.info;
    this.#drawn = { calls: render.calls, triangles: render.triangles };
  }

  #walk(seconds: number): void {
    const intent = this.#input.take();
    this.mover.maxSpeedMS = this.world.maxSpeedMS;
    if (intent.yaw !== 0 || intent.turn !== 0) this.hooks.did?.('looked');
    // A slow frame is walked in small steps, so that slow machines walk as fast as others.
    const steps = Math.max(1, Math.ceil(seconds / STEP_S));
    for (let i = 0; i < steps; i++) {
      this.mover.finishTurn(intent, seconds / steps);
      this.mover.update(intent, seconds / steps);
      if (i === 0) Object.assign(intent, { yaw: 0, pitch: 0 });
    }
    this.mover.write(this.world.own);
    const [x, y, z] = this.world.own.position;
    const { rig, camera } = this.stage;
    rig.position.set(x, y, z);
    rig.rotation.set(0, 0, 0);
    camera.position.set(0, 0, 0);
    camera.quaternion.set(...this.world.own.rotation);
    this.#eyes.set(x, y, z);
    this.#view.set(0, 0, -1).applyQuaternion(camera.quaternion);
  }

  /** Where eyes are and look, when not on foot. */
  setEyes(position: Vector3, view: Vector3): void {
    this.#eyes.copy(position);
    this.#view.copy(view);
  }

  #showNear(seconds: number): void {
    const { exhibits } = this.street;
    this.#sinceNear += seconds;
    if (this.#sinceNear >= NEAR_EVERY_S) {
      this.#sinceNear = 0;
      this.street.see(this.#eyes);
      const found = nearestExhibit(exhibits.values(), this.#eyes, this.#view, this.near?.exhibitId ?? null);
      const stall =
        found?.exhibit.stallId ?? nearestStall(this.world.directory, this.#eyes.x, this.#eyes.z)?.id ?? null;
      const near = stall ? { stallId: stall, exhibitId: found?.exhibit.id ?? null } : null;
      if (!isSameNear(near, this.near)) {
        if (near?.stallId !== this.near?.stallId) this.onStall(near?.stallId ?? null);
        this.near = near;
        this.hooks.near(near);
      }
    }
    const focus = this.near?.exhibitId ?? null;
    this.#labels.update(exhibits.values(), this.#eyes, focus, seconds, this.settings.reducedMotion);
  }

  #markGoal(ms: number): void {
    const goal = this.mark ?? this.mover.goalPoint;
    if (!goal) return;
    const pulse = this.settings.reducedMotion ? 1 : 0.85 + 0.15 * Math.sin(ms / 180);
    this.#shadows.addRing(goal.x, goal.z, 0.3 * pulse, MARK_COLOUR, 0.75);
  }
}

/** The lane's end, where the last light is: along the longer side of the alley, away from where visitors arrive. */
function emberOf(room: Room): Vector3 {
  const [minX, , minZ] = room.boundsMinM;
  const [maxX, , maxZ] = room.boundsMaxM;
  const [x, , z] = room.spawns[0]?.positionM ?? [0, 0, maxZ];
  if (maxX - minX > maxZ - minZ) return new Vector3(x > (minX + maxX) / 2 ? -1 : 1, 0, 0);
  return new Vector3(0, 0, z > (minZ + maxZ) / 2 ? -1 : 1);
}
