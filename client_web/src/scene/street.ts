/**
 * Everything that stands in the alley: environment, stalls and exhibits, as few meshes.
 *
 * A stall is one mesh, its exhibits another, the houses one mesh a square; whatever glows anywhere is one mesh of its
 * own. Meshes that the wet ground mirrors are drawn a second time upside down with the same geometry. A stall is built
 * when all of its files are there, and taken down when its cell is no longer held.
 */

import { Box3, type BufferGeometry, Group, Matrix4, Mesh, Quaternion, type ShaderMaterial, Vector3 } from 'three';
import type { AssetRef, Exhibit, Lantern, Placement, Room, Stall, Transform } from '../net/wire.gen';
import type { Assets } from './assets';
import { pavingMaterial, worldMaterial } from './materials';
import { join, type Part, type Piece, placed, splitBySquare, toGeometry } from './parts';
import type { SharedUniforms } from './shading';

const CHUNK_M = 12;
/** Houses farther away than this leave no readable reflection, exhibits no readable shape. */
const MIRROR_REACH_M = 7;
const EXHIBIT_REACH_M = 14;
/** Without the houses in it, the ground shows less of what it mirrors. */
const MIRROR_SHARE = [0, 0.65, 1] as const;
const SPLIT_ABOVE = 60_000;
const SHOWCASE_LIGHT = 0.85;

export interface ShownExhibit {
  readonly exhibit: Exhibit;
  readonly piece: Piece;
  readonly matrix: Matrix4;
  readonly inverse: Matrix4;
  /** In the room. */
  readonly box: Box3;
}

export interface Detail {
  /** 0: none, 1: what glows, 2: the houses too. */
  readonly mirror: 0 | 1 | 2;
  readonly far: boolean;
}

interface Standing {
  readonly version: number;
  readonly refs: readonly AssetRef[];
  readonly meshes: Mesh[];
  readonly shown: string[];
  glow: Part[];
  sheer: Part[];
  lanterns: readonly Lantern[];
  gone: boolean;
}

export class Street {
  readonly group = new Group();
  readonly exhibits = new Map<string, ShownExhibit>();
  /** Called after anything was built or taken down. */
  onChange: () => void = () => {};
  /** Textured meshes need a material that knows the lanterns. */
  dress: (mesh: Mesh) => void = () => {};
  readonly #assets: Assets;
  readonly #materials: Record<'plain' | 'mirrored' | 'showcase' | 'sheer' | 'paving', ShaderMaterial>;
  #standing = new Map<string, Standing>();
  /** What glows, its reflection, and what one sees through, of all that stands. */
  #sharedMeshes: Mesh[] = [];
  #detail: Detail = { mirror: 2, far: true };
  #building = 0;
  readonly #eyes = new Vector3();

  constructor(shared: SharedUniforms, assets: Assets) {
    this.#assets = assets;
    this.#materials = {
      plain: worldMaterial(shared),
      mirrored: worldMaterial(shared, { mirrored: true }),
      showcase: worldMaterial(shared, { showcase: SHOWCASE_LIGHT }),
      sheer: worldMaterial(shared, { sheer: true, doubleSided: true }),
      paving: pavingMaterial(shared),
    };
  }

  /** Whether something is still being fetched or built. */
  get busy(): boolean {
    return this.#building > 0;
  }

  get lanterns(): Lantern[] {
    return [...this.#standing.values()].flatMap((standing) => standing.lanterns);
  }

  setRoom(room: Room): void {
    void this.#raise('environment', room.version, room.environment, [], room.lanterns);
  }

  /** What should stand now; what is not listed is taken down. */
  setStalls(stalls: readonly Stall[], exhibits: readonly Exhibit[]): void {
    const wanted = new Set(['environment', ...stalls.map((stall) => stall.id)]);
    for (const key of this.#standing.keys()) if (!wanted.has(key)) this.#takeDown(key);
    for (const stall of stalls) {
      const own = exhibits.filter((exhibit) => exhibit.stallId === stall.id);
      const version = Math.max(stall.version, ...own.map((exhibit) => exhibit.version)) + own.length / 1024;
      void this.#raise(stall.id, version, stall.assets, own, stall.lanterns);
    }
  }

  /** Take everything down. */
  clear(): void {
    for (const key of [...this.#standing.keys()]) this.#takeDown(key);
  }

  setDetail(detail: Detail): void {
    this.#detail = detail;
    (this.#materials.paving.uniforms['uMirror'] as { value: number }).value = MIRROR_SHARE[detail.mirror];
    this.#materials.paving.transparent = detail.mirror > 0;
    for (const mesh of this.#allMeshes()) this.#applyDetail(mesh);
  }

  /** Leave out what is too far from here to be made out. */
  see(eyes: Vector3): void {
    this.#eyes.copy(eyes);
    for (const mesh of this.#allMeshes()) this.#applyDetail(mesh);
  }

  dispose(): void {
    this.clear();
    for (const material of Object.values(this.#materials)) material.dispose();
  }

  *#allMeshes(): Iterable<Mesh> {
    for (const standing of this.#standing.values()) yield* standing.meshes;
    yield* this.#sharedMeshes;
  }

  #applyDetail(mesh: Mesh): void {
    const { mirror, layer, reach } = mesh.userData as { mirror?: 1 | 2; layer?: string; reach?: number };
    const sphere = mesh.geometry.boundingSphere;
    const away = sphere
      ? Math.hypot(sphere.center.x - this.#eyes.x, sphere.center.z - this.#eyes.z) - sphere.radius
      : 0;
    mesh.visible =
      (mirror === undefined || mirror <= this.#detail.mirror) &&
      (layer !== 'far' || this.#detail.far) &&
      (reach === undefined || away < reach);
  }

  async #raise(
    key: string,
    version: number,
    placements: readonly Placement[],
    exhibits: readonly Exhibit[],
    lanterns: readonly Lantern[],
  ): Promise<void> {
    const old = this.#standing.get(key);
    if (old?.version === version) return;
    const refs = [...placements, ...exhibits].map((thing) => thing.asset);
    const standing: Standing = { version, refs, meshes: [], shown: [], glow: [], sheer: [], lanterns, gone: false };
    this.#building++;
    this.#replace(key, standing);
    const pieces = await Promise.all(refs.map((ref) => this.#assets.take(ref)));
    this.#building--;
    if (standing.gone) return;
    if (old) this.#remove(old);
    this.#build(standing, placements, pieces.slice(0, placements.length));
    this.#show(standing, exhibits, pieces.slice(placements.length));
    this.#rebuildShared();
    for (const mesh of standing.meshes) this.#applyDetail(mesh);
    this.onChange();
  }

  #replace(key: string, standing: Standing): void {
    const old = this.#standing.get(key);
    if (old) old.gone = true;
    this.#standing.set(key, standing);
  }

  #takeDown(key: string): void {
    const standing = this.#standing.get(key);
    if (!standing) return;
    standing.gone = true;
    this.#standing.delete(key);
    this.#remove(standing);
    this.#rebuildShared();
    this.onChange();
  }

  #remove(standing: Standing): void {
    for (const mesh of standing.meshes) {
      this.group.remove(mesh);
      mesh.geometry.dispose();
    }
    standing.meshes.length = 0;
    for (const id of standing.shown) this.exhibits.delete(id);
    standing.shown.length = 0;
    for (const ref of standing.refs) this.#assets.release(ref);
    standing.glow = [];
    standing.sheer = [];
  }

  #build(standing: Standing, placements: readonly Placement[], pieces: readonly (Piece | null)[]): void {
    const layers = new Map<string, Part[]>();
    for (const [i, placement] of placements.entries()) {
      const piece = pieces[i];
      if (!piece) continue;
      const matrix = toMatrix(placement.transform);
      const layer = placement.layer === 'glow' ? 'house' : placement.layer;
      const parts = layers.get(layer) ?? [];
      layers.set(layer, parts);
      if (piece.plain) (placement.layer === 'glow' ? standing.glow : parts).push(placed(piece.plain, matrix));
      if (piece.glow) standing.glow.push(placed(piece.glow, matrix));
      if (piece.sheer) standing.sheer.push(placed(piece.sheer, matrix));
      if (piece.textured) this.#addTextured(standing, piece, matrix);
    }
    for (const [layer, parts] of layers) {
      const whole = join(parts);
      if (!whole) continue;
      const cut = whole.index.length > SPLIT_ABOVE && layer !== 'ground' ? splitBySquare(whole, CHUNK_M) : [whole];
      for (const part of cut) this.#addMesh(standing, part, layer);
    }
  }

  #addMesh(standing: Standing, part: Part, layer: string): void {
    const geometry = toGeometry(part);
    const ground = layer === 'ground';
    const mesh = new Mesh(geometry, ground ? this.#materials.paving : this.#materials.plain);
    mesh.userData['layer'] = layer;
    if (ground) mesh.renderOrder = -1;
    standing.meshes.push(mesh);
    this.group.add(mesh);
    if (ground || layer === 'far') return;
    const mirrored = this.#mirrored(geometry, 2);
    mirrored.userData['reach'] = MIRROR_REACH_M;
    standing.meshes.push(mirrored);
    this.group.add(mirrored);
  }

  #mirrored(geometry: BufferGeometry, level: 1 | 2): Mesh {
    const mesh = new Mesh(geometry, this.#materials.mirrored);
    mesh.scale.y = -1;
    mesh.userData['mirror'] = level;
    mesh.renderOrder = 1;
    return mesh;
  }

  #addTextured(standing: Standing, piece: Piece, matrix: Matrix4): void {
    piece.textured?.traverse((object) => {
      if (!(object instanceof Mesh)) return;
      const mesh = new Mesh(object.geometry, object.material);
      this.dress(mesh);
      mesh.matrixAutoUpdate = false;
      mesh.matrix.multiplyMatrices(matrix, object.matrixWorld);
      standing.meshes.push(mesh);
      this.group.add(mesh);
    });
  }

  #show(standing: Standing, exhibits: readonly Exhibit[], pieces: readonly (Piece | null)[]): void {
    const parts: Part[] = [];
    for (const [i, exhibit] of exhibits.entries()) {
      const piece = pieces[i];
      if (!piece) continue;
      const matrix = toMatrix(exhibit.transform);
      if (piece.plain) parts.push(placed(piece.plain, matrix));
      if (piece.glow) standing.glow.push(placed(piece.glow, matrix));
      if (piece.sheer) standing.sheer.push(placed(piece.sheer, matrix));
      if (piece.textured) this.#addTextured(standing, piece, matrix);
      const box = new Box3().copy(piece.box).applyMatrix4(matrix);
      this.exhibits.set(exhibit.id, { exhibit, piece, matrix, inverse: matrix.clone().invert(), box });
      standing.shown.push(exhibit.id);
    }
    const part = join(parts);
    if (!part) return;
    const mesh = new Mesh(toGeometry(part), this.#materials.showcase);
    mesh.userData['reach'] = EXHIBIT_REACH_M;
    standing.meshes.push(mesh);
    this.group.add(mesh);
  }

  #rebuildShared(): void {
    for (const mesh of this.#sharedMeshes) {
      this.group.remove(mesh);
      mesh.geometry.dispose();
    }
    this.#sharedMeshes = [];
    const all = [...this.#standing.values()];
    const glow = join(all.flatMap((standing) => standing.glow));
    if (glow) {
      const geometry = toGeometry(glow);
      this.#sharedMeshes.push(new Mesh(geometry, this.#materials.plain), this.#mirrored(geometry, 1));
    }
    const sheer = join(all.flatMap((standing) => standing.sheer));
    if (sheer) {
      const mesh = new Mesh(toGeometry(sheer), this.#materials.sheer);
      mesh.renderOrder = 2;
      this.#sharedMeshes.push(mesh);
    }
    for (const mesh of this.#sharedMeshes) {
      this.#applyDetail(mesh);
      this.group.add(mesh);
    }
  }
}

export function toMatrix(transform: Transform): Matrix4 {
  return new Matrix4().compose(
    new Vector3(...transform.positionM),
    new Quaternion(...transform.rotation),
    new Vector3().setScalar(transform.scale),
  );
}
