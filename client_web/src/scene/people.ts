/** Everyone in sight: dolls, mittens, name tags, symbols and shadows, following their poses. */

import {
  DynamicDrawUsage,
  Euler,
  Group,
  InstancedBufferAttribute,
  InstancedMesh,
  Matrix4,
  Quaternion,
  type ShaderMaterial,
  Vector3,
} from 'three';
import { EmoteKind, Presence, Relation } from '../net/wire.gen';
import type { AvatarPose, Hand, Person, World } from '../world/world';
import { type Gait, GESTURE_SECONDS, newGait, type Posture, postureOf, stepGait, yawOf } from './gait';
import { bodyGeometry, dollMaterial, dollUniforms, headGeometry, mittenGeometry } from './kokeshi';
import { type Doll, dollOf, EYE_SHARE, HEAD_CENTRE } from './look';
import type { SharedUniforms } from './shading';
import type { Shadows } from './shadows';
import { Tags } from './tags';

const CAPACITY = 512;
const MIRROR_REACH_M = 8;
const FADE_SECONDS = 0.45;
const SPEAK_MS = 4000;
const SEAT_REACH_M = 0.35;
const SEATED_SHARE = 0.62;

interface Figure {
  person: Person;
  doll: Doll;
  gait: Gait | null;
  alpha: number;
  /** What is left of `alpha` so close to the visitor's eyes that it would fill the view. */
  shown: number;
  pale: number;
  speakUntilMs: number;
  head: Vector3;
  scale: number;
  /** From the visitor's eyes, as drawn last. */
  distance: number;
}

interface Crowd {
  readonly mesh: InstancedMesh;
  readonly mirror: InstancedMesh | null;
  readonly design: InstancedBufferAttribute;
  readonly colours: InstancedBufferAttribute;
  readonly state: InstancedBufferAttribute;
  count: number;
}

/** How a person is drawn now, for tests and tools. */
export interface DrawnPerson {
  readonly slot: number;
  readonly name: string;
  readonly head: readonly [number, number, number];
  readonly alpha: number;
  readonly pale: number;
}

export class People {
  readonly group = new Group();
  /** The visitor's own mittens, in a headset. */
  ownHands: readonly [Hand | null, Hand | null] = [null, null];
  readonly #world: World;
  readonly #tags: Tags;
  readonly #bodies: Crowd;
  readonly #heads: Crowd;
  readonly #hands: Crowd;
  readonly #figures = new Map<number, Figure>();
  #leaving: Figure[] = [];
  #mirrored = 0;
  readonly #offs: (() => void)[];

  constructor(shared: SharedUniforms, world: World) {
    this.#world = world;
    const doll = dollUniforms();
    const crowd = (geometry: ReturnType<typeof bodyGeometry>, part: 'BODY' | 'HEAD' | 'HAND', size: number): Crowd => {
      const attribute = (name: string, items: number): InstancedBufferAttribute => {
        const made = new InstancedBufferAttribute(new Float32Array(size * items), items);
        made.setUsage(DynamicDrawUsage);
        geometry.setAttribute(name, made);
        return made;
      };
      const [design, colours, state] = [attribute('design', 4), attribute('colours', 4), attribute('state', 2)];
      const mesh = new InstancedMesh(geometry, dollMaterial(shared, doll, part), size);
      const mirror = part === 'HAND' ? null : new InstancedMesh(geometry, dollMaterial(shared, doll, part, true), size);
      if (mirror) mirror.instanceMatrix = mesh.instanceMatrix;
      mesh.instanceMatrix.setUsage(DynamicDrawUsage);
      for (const each of [mesh, mirror]) {
        if (!each) continue;
        each.frustumCulled = false;
        this.group.add(each);
      }
      return { mesh, mirror, design, colours, state, count: 0 };
    };
    this.#bodies = crowd(bodyGeometry(), 'BODY', CAPACITY);
    this.#heads = crowd(headGeometry(), 'HEAD', CAPACITY);
    this.#hands = crowd(mittenGeometry(), 'HAND', CAPACITY * 2);
    this.#tags = new Tags(shared);
    this.group.add(this.#tags.mesh);
    for (const person of world.people.values()) this.#take(person);
    this.#offs = [
      world.on('enter', (person) => this.#take(person)),
      world.on('changed', (person) => this.#take(person)),
      world.on('gone', ({ person }) => this.#lose(person)),
      world.on('gesture', ({ slot, kind }) => this.#gesture(slot, kind)),
      world.on('chat', (line) => this.#spoke(line.visitorId)),
    ];
  }

  setMirror(on: boolean): void {
    for (const { mirror } of [this.#bodies, this.#heads]) if (mirror) mirror.visible = on;
  }

  get drawn(): DrawnPerson[] {
    return [...this.#figures.values()]
      .filter((figure) => figure.gait)
      .map(({ person, head, alpha, pale }) => ({
        slot: person.slot,
        name: person.name,
        head: [head.x, head.y, head.z],
        alpha,
        pale,
      }));
  }

  /** The person that a ray meets first, and how far away. The direction has length 1. */
  pick(origin: Vector3, direction: Vector3): { slot: number; distance: number } | null {
    let best: { slot: number; distance: number } | null = null;
    const at = new Vector3();
    for (const figure of this.#figures.values()) {
      if (!figure.gait || figure.alpha < 0.5) continue;
      const flat = Math.hypot(direction.x, direction.z) || 1e-6;
      const along = ((figure.head.x - origin.x) * direction.x + (figure.head.z - origin.z) * direction.z) / flat ** 2;
      if (along <= 0) continue;
      at.copy(origin).addScaledVector(direction, along);
      const miss = Math.hypot(at.x - figure.head.x, at.z - figure.head.z);
      const top = figure.head.y + 0.16 * figure.scale;
      if (miss > 0.15 * figure.scale || at.y < 0 || at.y > top) continue;
      if (!best || along < best.distance) best = { slot: figure.person.slot, distance: along };
    }
    return best;
  }

  /** Where somebody's head was drawn last. */
  headOf(slot: number): Vector3 | null {
    const figure = this.#figures.get(slot);
    return figure?.gait ? figure.head : null;
  }

  update(nowMs: number, seconds: number, viewer: Vector3, shadows: Shadows): void {
    for (const crowd of [this.#bodies, this.#heads, this.#hands]) crowd.count = 0;
    this.#tags.begin();
    this.#mirrored = 0;
    // The nearest first: they alone are mirrored, and they are kept when there are more than can be drawn.
    for (const figure of [...this.#figures.values()].sort((a, b) => a.distance - b.distance)) {
      const pose = this.#world.poseOf(figure.person.slot, nowMs);
      if (pose) this.#follow(figure, pose, seconds);
      this.#fade(figure, seconds);
      if (pose) this.#place(figure, pose, nowMs, viewer, shadows);
    }
    this.#leaving = this.#leaving.filter((figure) => {
      figure.alpha -= seconds / FADE_SECONDS;
      if (figure.alpha > 0) this.#place(figure, null, nowMs, viewer, shadows);
      return figure.alpha > 0;
    });
    this.#placeOwnHands();
    this.#tags.end();
    for (const crowd of [this.#bodies, this.#heads, this.#hands]) flush(crowd, this.#mirrored);
  }

  dispose(): void {
    for (const off of this.#offs) off();
    for (const { mesh, mirror } of [this.#bodies, this.#heads, this.#hands]) {
      mesh.geometry.dispose();
      (mesh.material as ShaderMaterial).dispose();
      (mirror?.material as ShaderMaterial | undefined)?.dispose();
    }
    this.#tags.dispose();
  }

  #take(person: Person): void {
    const known = this.#figures.get(person.slot);
    if (known && known.person.id === person.id) {
      known.person = person;
      known.doll = dollOf(person.look);
      return;
    }
    this.#figures.set(person.slot, {
      person,
      doll: dollOf(person.look),
      gait: null,
      alpha: 0,
      shown: 0,
      pale: person.presence === Presence.LOST ? 1 : 0,
      speakUntilMs: 0,
      head: new Vector3(),
      scale: 1,
      distance: 0,
    });
  }

  #lose(person: Person): void {
    const figure = this.#figures.get(person.slot);
    if (!figure) return;
    this.#figures.delete(person.slot);
    if (!figure.gait) return;
    this.#leaving.push(figure);
  }

  #gesture(slot: number, kind: EmoteKind): void {
    const gait = this.#figures.get(slot)?.gait;
    if (!gait) return;
    gait.gesture = kind;
    gait.gestureSeconds = 0;
  }

  #spoke(visitorId: string): void {
    for (const figure of this.#figures.values()) {
      if (figure.person.id === visitorId) figure.speakUntilMs = performance.now() + SPEAK_MS;
    }
  }

  #follow(figure: Figure, pose: AvatarPose, seconds: number): void {
    const [x, y, z] = pose.position;
    const yaw = yawOf(pose.rotation);
    if (!figure.gait) figure.gait = newGait(x, z, yaw);
    stepGait(figure.gait, x, z, yaw, seconds);
    figure.head.set(x, y, z);
  }

  #fade(figure: Figure, seconds: number): void {
    const hidden = figure.person.relation === Relation.BLOCK;
    figure.alpha = toward(figure.alpha, hidden ? 0 : 1, seconds / FADE_SECONDS);
    figure.pale = toward(figure.pale, figure.person.presence === Presence.LOST ? 1 : 0, seconds / 0.8);
  }

  #place(figure: Figure, pose: AvatarPose | null, nowMs: number, viewer: Vector3, shadows: Shadows): void {
    const { gait, doll, head } = figure;
    if (!gait || figure.alpha <= 0 || this.#bodies.count >= CAPACITY) return;
    const distance = viewer.distanceTo(head);
    figure.distance = distance;
    if (distance < MIRROR_REACH_M) this.#mirrored = this.#bodies.count + 1;
    figure.shown = figure.alpha * Math.min(Math.max((distance - 0.3) / 0.45, 0), 1);
    const posture = postureOf(gait);
    const scale = (doll.heightM * EYE_SHARE) / HEAD_CENTRE;
    figure.scale = scale;
    const floor = this.#seatUnder(head, doll.heightM);
    // Kneeling or sitting presses the doll together: it has no legs to fold.
    const squash = Math.min(Math.max((head.y - floor) / (HEAD_CENTRE * scale), 0.35), 1.25);
    base.makeTranslation(head.x, floor + posture.lift, head.z);
    turn.setFromEuler(euler.set(-posture.pitch, gait.bodyYaw, posture.roll, 'YXZ'));
    base.multiply(part.makeRotationFromQuaternion(turn));
    body.copy(base).multiply(part.makeScale(scale, scale * squash, scale));
    this.#write(this.#bodies, body, figure);
    this.#writeHead(figure, pose, posture, scale, squash);
    this.#writeHands(figure, pose, posture, scale, squash);
    shadows.addShadow(head.x, floor, head.z, 0.3 * scale, 0.62 * figure.shown);
    const speaking = Math.min(Math.max((figure.speakUntilMs - nowMs) / 600, 0), 1);
    this.#tags.add(figure.person, headTop.set(0, HEAD_CENTRE * scale * squash + 0.19 * scale, 0).applyMatrix4(base), {
      distance,
      alpha: figure.shown,
      speaking,
      pale: figure.pale,
      symbol: gait.gesture,
      symbolAge: gait.gestureSeconds / GESTURE_SECONDS,
    });
  }

  #writeHead(figure: Figure, pose: AvatarPose | null, posture: Posture, scale: number, squash: number): void {
    local.set(0, HEAD_CENTRE * scale * squash, 0).applyMatrix4(base);
    if (pose) turn.set(...pose.rotation);
    else turn.setFromEuler(euler.set(0, figure.gait?.bodyYaw ?? 0, 0, 'YXZ'));
    nod.setFromEuler(
      euler.set(-posture.headPitch - posture.pitch * 0.5, 0, posture.headRoll + posture.roll * 0.4, 'YXZ'),
    );
    turn.multiply(nod);
    body.compose(local, turn, size.setScalar(scale));
    this.#write(this.#heads, body, figure);
  }

  #writeHands(figure: Figure, pose: AvatarPose | null, posture: Posture, scale: number, squash: number): void {
    if (pose?.hands) {
      for (const hand of pose.hands) {
        body.compose(local.set(...hand.position), turn.set(...hand.rotation), size.setScalar(scale));
        this.#write(this.#hands, body, figure);
      }
      return;
    }
    if (posture.hands <= 0.02 || !figure.gait?.gestureSeconds) return;
    const clap = figure.gait.gesture === EmoteKind.CLAP;
    const beat = Math.sin(figure.gait.gestureSeconds * (clap ? 16 : 9));
    for (const side of clap ? [-1, 1] : [1]) {
      const x = clap ? side * (0.05 + 0.05 * Math.abs(beat)) : 0.2 + 0.05 * beat;
      const y = (clap ? 0.56 : 0.4 + 0.34 * posture.hands) * squash;
      local.set(x * scale, y * scale, (clap ? -0.2 : -0.08) * scale).applyMatrix4(base);
      turn.setFromRotationMatrix(base);
      nod.setFromEuler(euler.set(0, 0, clap ? side * 0.3 : -beat * 0.5));
      body.compose(local, turn.multiply(nod), size.setScalar(scale * posture.hands * 1.25));
      this.#write(this.#hands, body, figure);
    }
  }

  #placeOwnHands(): void {
    const { card } = this.#world;
    if (!card) return;
    const doll = dollOf(card.look);
    for (const hand of this.ownHands) {
      if (!hand) continue;
      body.compose(local.set(...hand.position), turn.set(...hand.rotation), size.setScalar(1.6));
      this.#write(this.#hands, body, { doll, shown: 1, pale: 0 });
    }
  }

  #write(crowd: Crowd, matrix: Matrix4, figure: Pick<Figure, 'doll' | 'shown' | 'pale'>): void {
    const i = crowd.count;
    if (i >= crowd.mesh.instanceMatrix.count) return;
    crowd.count++;
    const { doll } = figure;
    matrix.toArray(crowd.mesh.instanceMatrix.array, i * 16);
    crowd.design.setXYZW(i, doll.hair, doll.face, doll.pattern, 0);
    crowd.colours.setXYZW(i, doll.hairColour, doll.kimonoColour, doll.sashColour, doll.woodColour);
    crowd.state.setXY(i, figure.shown, figure.pale);
  }

  /** Whoever is on a seat and too low to stand there sits on it. */
  #seatUnder(head: Vector3, heightM: number): number {
    for (const seat of this.#world.room?.seats ?? []) {
      const [x, y, z] = seat.positionM;
      const low = head.y < y + heightM * SEATED_SHARE;
      if (low && Math.hypot(x - head.x, z - head.z) < SEAT_REACH_M) return y;
    }
    return 0;
  }
}

const base = new Matrix4();
const body = new Matrix4();
const part = new Matrix4();
const turn = new Quaternion();
const nod = new Quaternion();
const euler = new Euler();
const local = new Vector3();
const headTop = new Vector3();
const size = new Vector3();

function flush(crowd: Crowd, mirrored: number): void {
  crowd.mesh.count = crowd.count;
  if (crowd.mirror) crowd.mirror.count = Math.min(mirrored, crowd.count);
  crowd.mesh.visible = crowd.count > 0;
  if (crowd.count === 0) return;
  for (const attribute of [crowd.mesh.instanceMatrix, crowd.design, crowd.colours, crowd.state]) {
    attribute.clearUpdateRanges();
    attribute.addUpdateRange(0, crowd.count * attribute.itemSize);
    attribute.needsUpdate = true;
  }
}

function toward(value: number, goal: number, step: number): number {
  return value < goal ? Math.min(value + step, goal) : Math.max(value - step, goal);
}
