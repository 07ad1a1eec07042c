/**
 * The light of all lanterns, written into two small 3D textures.
 *
 * Theory: a lantern's light at a place is its colour over the squared distance, let down to nothing at the end of its
 * reach. Sums of that are smooth, so a texel every half metre and the graphics chip's own interpolation are enough. The
 * first texture holds the square root of the light (eight bits last longer that way), the second where it comes from:
 * the mean direction, shorter the more the lights disagree.
 */

import { ClampToEdgeWrapping, Data3DTexture, LinearFilter, RGBAFormat, UnsignedByteType, Vector3 } from 'three';

export interface Lamp {
  readonly x: number;
  readonly y: number;
  readonly z: number;
  /** Linear colour. */
  readonly r: number;
  readonly g: number;
  readonly b: number;
  readonly radius: number;
}

export interface VolumeShape {
  readonly min: readonly [number, number, number];
  readonly size: readonly [number, number, number];
  readonly counts: readonly [number, number, number];
}

const FINEST_TEXEL_M = 0.5;
const HEIGHT_M = 5;
const MAX_TEXELS_A_SIDE = 192;
const BRIGHTEST = 8;
/** A glow of a third of a metre lights about four metres of street. */
const REACH_PER_RADIUS = 9;
const POWER = 1.15;

export function volumeShape(minX: number, minZ: number, maxX: number, maxZ: number): VolumeShape {
  const sizeX = Math.max(maxX - minX, 1);
  const sizeZ = Math.max(maxZ - minZ, 1);
  const countX = Math.min(MAX_TEXELS_A_SIDE, Math.ceil(sizeX / FINEST_TEXEL_M) + 1);
  const countZ = Math.min(MAX_TEXELS_A_SIDE, Math.ceil(sizeZ / FINEST_TEXEL_M) + 1);
  return { min: [minX, 0, minZ], size: [sizeX, HEIGHT_M, sizeZ], counts: [countX, 11, countZ] };
}

export function lampReach(radius: number): number {
  return Math.min(Math.max(radius * REACH_PER_RADIUS, 2), 7);
}

/** Add up all lamps. Gives light (r, g, b) and direction (x, y, z) as bytes, four a texel. */
export function sumLamps(shape: VolumeShape, lamps: readonly Lamp[]): { light: Uint8Array; direction: Uint8Array } {
  const [nx, ny, nz] = shape.counts;
  const sums = new Float32Array(nx * ny * nz * 6);
  for (const lamp of lamps) addLamp(shape, lamp, sums);
  const light = new Uint8Array(nx * ny * nz * 4);
  const direction = new Uint8Array(nx * ny * nz * 4);
  for (let i = 0; i < nx * ny * nz; i++) {
    const r = sums[i * 6] as number;
    const g = sums[i * 6 + 1] as number;
    const b = sums[i * 6 + 2] as number;
    const total = r + g + b;
    for (let c = 0; c < 3; c++) {
      light[i * 4 + c] = Math.min(255, Math.round(255 * Math.sqrt((sums[i * 6 + c] as number) / BRIGHTEST)));
      const mean = total > 1e-6 ? (sums[i * 6 + 3 + c] as number) / total : 0;
      direction[i * 4 + c] = Math.round(127.5 + 127.5 * mean);
    }
  }
  return { light, direction };
}

function addLamp(shape: VolumeShape, lamp: Lamp, sums: Float32Array): void {
  const reach = lampReach(lamp.radius);
  const at = [lamp.x, lamp.y, lamp.z] as const;
  const from = [0, 0, 0];
  const to = [0, 0, 0];
  const pitch = [0, 0, 0];
  for (let axis = 0; axis < 3; axis++) {
    const count = shape.counts[axis] as number;
    pitch[axis] = (shape.size[axis] as number) / (count - 1);
    const offset = (at[axis] as number) - (shape.min[axis] as number);
    from[axis] = Math.max(0, Math.ceil((offset - reach) / (pitch[axis] as number)));
    to[axis] = Math.min(count - 1, Math.floor((offset + reach) / (pitch[axis] as number)));
  }
  const [nx, ny] = shape.counts;
  for (let k = from[2] as number; k <= (to[2] as number); k++) {
    const dz = at[2] - shape.min[2] - k * (pitch[2] as number);
    for (let j = from[1] as number; j <= (to[1] as number); j++) {
      const dy = at[1] - shape.min[1] - j * (pitch[1] as number);
      for (let i = from[0] as number; i <= (to[0] as number); i++) {
        const dx = at[0] - shape.min[0] - i * (pitch[0] as number);
        const distance = Math.hypot(dx, dy, dz);
        const fade = 1 - (distance / reach) ** 2;
        if (fade <= 0) continue;
        const power = (POWER * fade * fade) / (0.35 + distance * distance);
        const sum = ((k * ny + j) * nx + i) * 6;
        const r = lamp.r * power;
        const g = lamp.g * power;
        const b = lamp.b * power;
        const pull = (r + g + b) / Math.max(distance, 0.3);
        sums[sum] = (sums[sum] as number) + r;
        sums[sum + 1] = (sums[sum + 1] as number) + g;
        sums[sum + 2] = (sums[sum + 2] as number) + b;
        sums[sum + 3] = (sums[sum + 3] as number) + dx * pull;
        sums[sum + 4] = (sums[sum + 4] as number) + dy * pull;
        sums[sum + 5] = (sums[sum + 5] as number) + dz * pull;
      }
    }
  }
}

/** The two textures of a place, filled anew whenever its lanterns change. */
export class LightVolume {
  readonly shape: VolumeShape;
  readonly light: Data3DTexture;
  readonly direction: Data3DTexture;
  readonly min: Vector3;
  readonly size: Vector3;

  constructor(shape: VolumeShape) {
    this.shape = shape;
    this.light = volumeTexture(shape);
    this.direction = volumeTexture(shape);
    // A texture's edge is half a texel outside its first sample.
    const half = shape.counts.map((count, axis) => (shape.size[axis] as number) / (count - 1) / 2);
    this.min = new Vector3(...shape.min).sub(new Vector3(...half));
    this.size = new Vector3(...shape.size).addScaledVector(new Vector3(...half), 2);
    this.fill([]);
  }

  fill(lamps: readonly Lamp[]): void {
    const { light, direction } = sumLamps(this.shape, lamps);
    (this.light.image as { data: Uint8Array }).data = light;
    (this.direction.image as { data: Uint8Array }).data = direction;
    this.light.needsUpdate = true;
    this.direction.needsUpdate = true;
  }

  dispose(): void {
    this.light.dispose();
    this.direction.dispose();
  }
}

function volumeTexture(shape: VolumeShape): Data3DTexture {
  const [nx, ny, nz] = shape.counts;
  const texture = new Data3DTexture(new Uint8Array(nx * ny * nz * 4), nx, ny, nz);
  texture.format = RGBAFormat;
  texture.type = UnsignedByteType;
  texture.minFilter = LinearFilter;
  texture.magFilter = LinearFilter;
  texture.wrapS = ClampToEdgeWrapping;
  texture.wrapT = ClampToEdgeWrapping;
  texture.wrapR = ClampToEdgeWrapping;
  return texture;
}
