/**
 * From GLB to the form that the street is drawn in.
 *
 * Theory: a draw call costs more than the triangles in it, and most pieces differ in nothing but colour and gloss. So
 * colour, roughness, metalness and glow are written into vertices, all primitives without a picture on them become one
 * mesh of parts, and parts of many assets can later be joined into one mesh again. What carries textures stays as it
 * is.
 */

import { Box3, BufferAttribute, BufferGeometry, Matrix3, type Matrix4, type Object3D, Vector3 } from 'three';
import type { Primitive, Surface } from './glb';

/**
 * Joined primitives: `tint` is √colour and roughness, `shine` is √(glow / 4) and metalness, as bytes. Roughness 0 marks
 * what is shown as it is, because its light was computed when it was made (KHR_materials_unlit).
 */
export interface Part {
  readonly positions: Float32Array;
  readonly normals: Float32Array;
  readonly tint: Uint8Array;
  readonly shine: Uint8Array;
  readonly index: Uint32Array;
}

export interface Piece {
  readonly plain: Part | null;
  /** What gives light itself. */
  readonly glow: Part | null;
  /** What one sees through: opacity stands in place of metalness. */
  readonly sheer: Part | null;
  /** Meshes with textures, drawn as they came. */
  readonly textured: Object3D | null;
  readonly box: Box3;
}

const GLOW_RANGE = 4;
/** Thin cloth gets its back written out as triangles; anything larger is closed anyway. */
const MAX_BACKED_TRIANGLES = 4000;

/** Join the primitives of one file by how they are drawn. */
export function toPiece(primitives: readonly Primitive[], textured: Object3D | null = null): Piece {
  const plain: Part[] = [];
  const glow: Part[] = [];
  const sheer: Part[] = [];
  const box = new Box3();
  for (const primitive of primitives) {
    const part = toPart(primitive);
    (isSheer(primitive.surface) ? sheer : gives(primitive.surface) ? glow : plain).push(part);
    for (let i = 0; i < part.positions.length; i += 3) box.expandByPoint(corner.fromArray(part.positions, i));
  }
  if (textured) box.union(new Box3().setFromObject(textured));
  return { plain: join(plain), glow: join(glow), sheer: join(sheer), textured, box };
}

function isSheer(surface: Surface): boolean {
  return surface.opacity < 0.98;
}

function gives({ glow }: Surface): boolean {
  return Math.max(...glow) > 0.02;
}

function toPart({ positions: local, normals: given, colours, index: corners, surface, matrix }: Primitive): Part {
  const count = local.length / 3;
  const positions = new Float32Array(count * 3);
  const normals = new Float32Array(count * 3);
  const tint = new Uint8Array(count * 4);
  const shine = new Uint8Array(count * 4);
  const turn = new Matrix3().getNormalMatrix(matrix);
  const own = ownShine(surface);
  const rough = surface.unlit ? 0 : Math.max(1, Math.round(255 * surface.rough));
  for (let i = 0; i < count; i++) {
    corner
      .fromArray(local, i * 3)
      .applyMatrix4(matrix)
      .toArray(positions, i * 3);
    // What is baked comes without normals, and nothing here would read them.
    if (given)
      corner
        .fromArray(given, i * 3)
        .applyMatrix3(turn)
        .normalize()
        .toArray(normals, i * 3);
    else normals[i * 3 + 1] = 1;
    for (let c = 0; c < 3; c++) {
      tint[i * 4 + c] = rootByte((surface.colour[c] as number) * (colours ? (colours[i * 3 + c] as number) : 1), 1);
    }
    tint[i * 4 + 3] = rough;
    shine.set(own, i * 4);
  }
  const index = corners.slice();
  if (matrix.determinant() < 0) flip(index, 0);
  const part = { positions, normals, tint, shine, index };
  return surface.doubleSided && index.length <= MAX_BACKED_TRIANGLES * 3 ? withBack(part) : part;
}

function ownShine(surface: Surface): Uint8Array {
  const last = isSheer(surface) ? surface.opacity : surface.metal;
  const [r, g, b] = surface.glow;
  return Uint8Array.from([
    rootByte(r, GLOW_RANGE),
    rootByte(g, GLOW_RANGE),
    rootByte(b, GLOW_RANGE),
    Math.round(255 * (surface.unlit && !isSheer(surface) ? 0 : last)),
  ]);
}

function rootByte(value: number, range: number): number {
  return Math.round(255 * Math.sqrt(Math.min(Math.max(value / range, 0), 1)));
}

function flip(index: Uint32Array, from: number): void {
  for (let i = from; i + 2 < index.length; i += 3) {
    const swapped = index[i] as number;
    index[i] = index[i + 2] as number;
    index[i + 2] = swapped;
  }
}

function withBack(part: Part): Part {
  const back: Part = { ...part, normals: part.normals.map((n) => -n), index: part.index.slice() };
  flip(back.index, 0);
  return join([part, back]) ?? part;
}

/** Put parts one after another; null for none. */
export function join(parts: readonly Part[]): Part | null {
  const [first] = parts;
  if (!first) return null;
  if (parts.length === 1) return first;
  const vertices = parts.reduce((sum, part) => sum + part.positions.length / 3, 0);
  const corners = parts.reduce((sum, part) => sum + part.index.length, 0);
  const joined: Part = {
    positions: new Float32Array(vertices * 3),
    normals: new Float32Array(vertices * 3),
    tint: new Uint8Array(vertices * 4),
    shine: new Uint8Array(vertices * 4),
    index: new Uint32Array(corners),
  };
  let vertex = 0;
  let at = 0;
  for (const part of parts) {
    joined.positions.set(part.positions, vertex * 3);
    joined.normals.set(part.normals, vertex * 3);
    joined.tint.set(part.tint, vertex * 4);
    joined.shine.set(part.shine, vertex * 4);
    for (let i = 0; i < part.index.length; i++) joined.index[at + i] = (part.index[i] as number) + vertex;
    vertex += part.positions.length / 3;
    at += part.index.length;
  }
  return joined;
}

/** Cut a part into squares of the ground, so that what is out of sight need not be drawn. */
export function splitBySquare(part: Part, side: number): Part[] {
  const squares = new Map<string, number[]>();
  for (let i = 0; i + 2 < part.index.length; i += 3) {
    const first = (part.index[i] as number) * 3;
    const column = Math.floor((part.positions[first] as number) / side);
    const row = Math.floor((part.positions[first + 2] as number) / side);
    const key = `${column},${row}`;
    const list = squares.get(key) ?? [];
    squares.set(key, list);
    list.push(part.index[i] as number, part.index[i + 1] as number, part.index[i + 2] as number);
  }
  return [...squares.values()].map((index) => only(part, index));
}

/** The part with these corners alone, and no vertex that none of them uses. */
function only(part: Part, corners: readonly number[]): Part {
  const renumbered = new Map<number, number>();
  const index = new Uint32Array(corners.length);
  for (const [i, old] of corners.entries()) {
    const known = renumbered.get(old);
    index[i] = known ?? renumbered.size;
    if (known === undefined) renumbered.set(old, renumbered.size);
  }
  const kept: Part = {
    positions: new Float32Array(renumbered.size * 3),
    normals: new Float32Array(renumbered.size * 3),
    tint: new Uint8Array(renumbered.size * 4),
    shine: new Uint8Array(renumbered.size * 4),
    index,
  };
  for (const [old, now] of renumbered) {
    kept.positions.set(part.positions.subarray(old * 3, old * 3 + 3), now * 3);
    kept.normals.set(part.normals.subarray(old * 3, old * 3 + 3), now * 3);
    kept.tint.set(part.tint.subarray(old * 4, old * 4 + 4), now * 4);
    kept.shine.set(part.shine.subarray(old * 4, old * 4 + 4), now * 4);
  }
  return kept;
}

/** A copy of a part somewhere else. */
export function placed(part: Part, matrix: Matrix4): Part {
  const turn = new Matrix3().getNormalMatrix(matrix);
  const positions = new Float32Array(part.positions.length);
  const normals = new Float32Array(part.normals.length);
  const v = new Vector3();
  for (let i = 0; i < positions.length; i += 3) {
    v.fromArray(part.positions, i).applyMatrix4(matrix).toArray(positions, i);
    v.fromArray(part.normals, i).applyMatrix3(turn).normalize().toArray(normals, i);
  }
  return { ...part, positions, normals };
}

/** For the graphics chip: 28 bytes a vertex. */
export function toGeometry(part: Part): BufferGeometry {
  const count = part.positions.length / 3;
  const normals = new Int16Array(count * 4);
  for (let i = 0; i < count; i++) {
    for (let c = 0; c < 3; c++) normals[i * 4 + c] = Math.round(32767 * (part.normals[i * 3 + c] as number));
  }
  const geometry = new BufferGeometry();
  geometry.setAttribute('position', new BufferAttribute(part.positions, 3));
  geometry.setAttribute('normal', new BufferAttribute(normals, 4, true));
  geometry.setAttribute('tint', new BufferAttribute(part.tint, 4, true));
  geometry.setAttribute('shine', new BufferAttribute(part.shine, 4, true));
  geometry.setIndex(new BufferAttribute(count < 65536 ? new Uint16Array(part.index) : part.index, 1));
  geometry.computeBoundingSphere();
  return geometry;
}

/** Where a ray in the part's own space meets it, as a distance along the ray; Infinity if nowhere. */
export function rayPart(part: Part, origin: Vector3, direction: Vector3): number {
  const p = part.positions;
  const a = new Vector3();
  const ab = new Vector3();
  const ac = new Vector3();
  const cross = new Vector3();
  const to = new Vector3();
  let nearest = Number.POSITIVE_INFINITY;
  for (let i = 0; i + 2 < part.index.length; i += 3) {
    a.fromArray(p, (part.index[i] as number) * 3);
    ab.fromArray(p, (part.index[i + 1] as number) * 3).sub(a);
    ac.fromArray(p, (part.index[i + 2] as number) * 3).sub(a);
    cross.crossVectors(direction, ac);
    const det = ab.dot(cross);
    if (Math.abs(det) < 1e-12) continue;
    to.copy(origin).sub(a);
    const u = to.dot(cross) / det;
    if (u < 0 || u > 1) continue;
    to.cross(ab);
    const w = direction.dot(to) / det;
    if (w < 0 || u + w > 1) continue;
    const distance = ac.dot(to) / det;
    if (distance > 0 && distance < nearest) nearest = distance;
  }
  return nearest;
}

const corner = new Vector3();
