/**
 * Where a visitor may stand.
 *
 * Theory: the ground is flat, so a visitor is a circle and everything solid is a turned rectangle. A step is cut into
 * pieces shorter than the circle, each piece is pushed out of what it touches (which is what sliding along a wall is),
 * and a piece that ends anywhere but on free ground is taken back. So the promise holds for any input: a walker that
 * starts on free ground stays on free ground, inside the bounds, with finite coordinates.
 */

export const BODY_RADIUS_M = 0.25;
const PIECE_M = 0.1;
const MAX_STEP_M = 8;
const PUSH_ROUNDS = 6;
/** How deep in a wall still counts as touching it: rounding, not standing inside. */
const TOUCH_M = 1e-4;

/** A solid rectangle: centre, half sides, sine and cosine of its turn about +Y, height. */
export interface Box {
  readonly x: number;
  readonly z: number;
  readonly halfX: number;
  readonly halfZ: number;
  readonly sin: number;
  readonly cos: number;
  readonly height: number;
}

export interface Bounds {
  readonly minX: number;
  readonly minZ: number;
  readonly maxX: number;
  readonly maxZ: number;
}

export interface Point {
  x: number;
  z: number;
}

export function makeBox(x: number, z: number, halfX: number, halfZ: number, yaw: number, height: number): Box {
  return { x, z, halfX, halfZ, sin: Math.sin(yaw), cos: Math.cos(yaw), height };
}

const CELL_M = 4;

/** The solids of a place, found by square, and the edges of the world. */
export class Ground {
  readonly boxes: readonly Box[];
  readonly bounds: Bounds;
  #cells = new Map<string, Box[]>();

  constructor(boxes: readonly Box[], bounds: Bounds) {
    this.boxes = boxes;
    this.bounds = bounds;
    for (const box of boxes) this.#index(box);
  }

  #index(box: Box): void {
    const reachX = Math.abs(box.cos) * box.halfX + Math.abs(box.sin) * box.halfZ + 1;
    const reachZ = Math.abs(box.sin) * box.halfX + Math.abs(box.cos) * box.halfZ + 1;
    for (let column = cellOf(box.x - reachX); column <= cellOf(box.x + reachX); column++) {
      for (let row = cellOf(box.z - reachZ); row <= cellOf(box.z + reachZ); row++) {
        const key = `${column},${row}`;
        const list = this.#cells.get(key);
        if (list) list.push(box);
        else this.#cells.set(key, [box]);
      }
    }
  }

  /** Boxes that a circle of at most a metre around a point can touch. */
  near(x: number, z: number): readonly Box[] {
    return this.#cells.get(`${cellOf(x)},${cellOf(z)}`) ?? NONE;
  }

  /** How deep a circle at a point stands in the nearest solid or beyond an edge; 0 or less is free ground. */
  depth(x: number, z: number, radius = BODY_RADIUS_M): number {
    const { minX, minZ, maxX, maxZ } = this.bounds;
    let deepest = Math.max(minX + radius - x, x - maxX + radius, minZ + radius - z, z - maxZ + radius);
    for (const box of this.near(x, z)) deepest = Math.max(deepest, radius - distanceTo(box, x, z));
    return deepest;
  }

  isFree(x: number, z: number, radius = BODY_RADIUS_M): boolean {
    return Number.isFinite(x) && Number.isFinite(z) && this.depth(x, z, radius) <= TOUCH_M;
  }

  /** Move from a place by (dx, dz), sliding along what is in the way. */
  step(from: Readonly<Point>, dx: number, dz: number): Point {
    const here = { x: from.x, z: from.z };
    const length = Math.hypot(dx, dz);
    if (!Number.isFinite(length) || length === 0 || !Number.isFinite(here.x + here.z)) return here;
    const scale = Math.min(1, MAX_STEP_M / length);
    const pieces = Math.ceil((length * scale) / PIECE_M);
    for (let i = 0; i < pieces; i++) {
      const next = this.#settle(here.x + (dx * scale) / pieces, here.z + (dz * scale) / pieces);
      const depth = this.depth(next.x, next.z);
      // Someone put inside a wall may leave it, but never go deeper.
      if (depth > TOUCH_M && depth >= this.depth(here.x, here.z)) break;
      here.x = next.x;
      here.z = next.z;
    }
    return here;
  }

  /** The free place nearest to a point, looked for in widening rings. */
  nearestFree(x: number, z: number, reach = 4): Point | null {
    const { minX, minZ, maxX, maxZ } = this.bounds;
    const cx = clamp(x, minX + BODY_RADIUS_M, maxX - BODY_RADIUS_M);
    const cz = clamp(z, minZ + BODY_RADIUS_M, maxZ - BODY_RADIUS_M);
    if (this.isFree(cx, cz)) return { x: cx, z: cz };
    for (let ring = 0.15; ring <= reach; ring += 0.15) {
      const spokes = Math.ceil(ring * 24);
      for (let i = 0; i < spokes; i++) {
        const angle = (i / spokes) * Math.PI * 2;
        const px = cx + Math.cos(angle) * ring;
        const pz = cz + Math.sin(angle) * ring;
        if (this.isFree(px, pz)) return { x: px, z: pz };
      }
    }
    return null;
  }

  /** Whether a visitor can walk straight from one point to another. */
  canWalk(ax: number, az: number, bx: number, bz: number, radius = BODY_RADIUS_M): boolean {
    const pieces = Math.max(1, Math.ceil(Math.hypot(bx - ax, bz - az) / PIECE_M));
    for (let i = 0; i <= pieces; i++) {
      const t = i / pieces;
      if (!this.isFree(ax + (bx - ax) * t, az + (bz - az) * t, radius)) return false;
    }
    return true;
  }

  #settle(x: number, z: number): Point {
    const { minX, minZ, maxX, maxZ } = this.bounds;
    const point = { x, z };
    for (let round = 0; round < PUSH_ROUNDS; round++) {
      let moved = false;
      for (const box of this.near(point.x, point.z)) moved = pushOut(box, point) || moved;
      point.x = clamp(point.x, minX + BODY_RADIUS_M, maxX - BODY_RADIUS_M);
      point.z = clamp(point.z, minZ + BODY_RADIUS_M, maxZ - BODY_RADIUS_M);
      if (!moved) break;
    }
    return point;
  }
}

const NONE: readonly Box[] = [];

/** Signed distance from a point to a box's edge, negative inside. */
export function distanceTo(box: Box, x: number, z: number): number {
  const { u, v } = toLocal(box, x, z);
  const du = Math.abs(u) - box.halfX;
  const dv = Math.abs(v) - box.halfZ;
  if (du <= 0 && dv <= 0) return Math.max(du, dv);
  return Math.hypot(Math.max(du, 0), Math.max(dv, 0));
}

function toLocal(box: Box, x: number, z: number): { u: number; v: number } {
  // A turn of yaw about +Y takes local (u, v) to (u cos + v sin, v cos - u sin).
  const dx = x - box.x;
  const dz = z - box.z;
  return { u: dx * box.cos - dz * box.sin, v: dx * box.sin + dz * box.cos };
}

function pushOut(box: Box, point: Point): boolean {
  const { u, v } = toLocal(box, point.x, point.z);
  const du = Math.abs(u) - box.halfX;
  const dv = Math.abs(v) - box.halfZ;
  if (du >= BODY_RADIUS_M || dv >= BODY_RADIUS_M) return false;
  let pu = 0;
  let pv = 0;
  if (du > 0 && dv > 0) {
    const distance = Math.hypot(du, dv);
    if (distance >= BODY_RADIUS_M) return false;
    const push = BODY_RADIUS_M / distance - 1;
    pu = Math.sign(u) * du * push;
    pv = Math.sign(v) * dv * push;
  } else if (du > dv) {
    pu = (u < 0 ? -1 : 1) * (BODY_RADIUS_M - du);
  } else {
    pv = (v < 0 ? -1 : 1) * (BODY_RADIUS_M - dv);
  }
  point.x += pu * box.cos + pv * box.sin;
  point.z += pv * box.cos - pu * box.sin;
  return true;
}

/** Where a ray first meets a solid, as a distance along it; Infinity if nowhere. The direction has length 1. */
export function rayBoxes(
  boxes: readonly Box[],
  origin: readonly [number, number, number],
  direction: readonly [number, number, number],
): number {
  let nearest = Number.POSITIVE_INFINITY;
  for (const box of boxes) {
    const { u, v } = toLocal(box, origin[0], origin[2]);
    const du = direction[0] * box.cos - direction[2] * box.sin;
    const dv = direction[0] * box.sin + direction[2] * box.cos;
    const span = { from: 0, to: nearest };
    if (
      slab(span, u, du, -box.halfX, box.halfX) &&
      slab(span, origin[1], direction[1], 0, box.height) &&
      slab(span, v, dv, -box.halfZ, box.halfZ) &&
      span.from > 0
    ) {
      nearest = span.from;
    }
  }
  return nearest;
}

function slab(span: { from: number; to: number }, at: number, slope: number, min: number, max: number): boolean {
  if (Math.abs(slope) < 1e-9) return at >= min && at <= max;
  const a = (min - at) / slope;
  const b = (max - at) / slope;
  span.from = Math.max(span.from, Math.min(a, b));
  span.to = Math.min(span.to, Math.max(a, b));
  return span.from <= span.to;
}

function cellOf(metres: number): number {
  return Math.floor(metres / CELL_M);
}

export function clamp(value: number, min: number, max: number): number {
  return Math.min(Math.max(value, min), max);
}
