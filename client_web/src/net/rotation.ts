/** Unit quaternions in 32 bits ("smallest three"), as world/wire.py describes them. */

import type { Quat } from './fields';

const SCALE = 511 * Math.SQRT2;

export function packRotation(rotation: Readonly<Quat>): number {
  let largest = 0;
  for (let i = 1; i < 4; i++) {
    if (Math.abs(rotation[i] as number) > Math.abs(rotation[largest] as number)) largest = i;
  }
  const sign = (rotation[largest] as number) < 0 ? -1 : 1;
  let packed = largest;
  for (let i = 0; i < 4; i++) {
    if (i === largest) continue;
    const step = Math.max(-511, Math.min(511, Math.round((rotation[i] as number) * sign * SCALE)));
    packed = (packed << 10) | (step & 0x3ff);
  }
  return packed >>> 0;
}

/** Writes the rotation of any 32-bit number to `out` from `at` on. */
export function unpackRotation(packed: number, out: Float32Array | number[], at = 0): void {
  const largest = packed >>> 30;
  let shift = 20;
  let squares = 0;
  for (let i = 0; i < 4; i++) {
    if (i === largest) continue;
    // Ten bits with sign: shifted up to the top of 32 and arithmetically down again.
    const component = ((packed << (22 - shift)) >> 22) / SCALE;
    out[at + i] = component;
    squares += component * component;
    shift -= 10;
  }
  out[at + largest] = Math.sqrt(Math.max(0, 1 - squares));
  const norm = Math.sqrt(Math.max(1, squares));
  if (norm > 1) for (let i = 0; i < 4; i++) out[at + i] = (out[at + i] as number) / norm;
}

/** Normalised linear interpolation on the shorter way round, from `a` to `b`, each at its offset. */
export function mixRotation(
  a: Float32Array,
  b: Float32Array,
  share: number,
  offset: number,
  out: [number, number, number, number],
): void {
  let dot = 0;
  for (let i = 0; i < 4; i++) dot += (a[offset + i] as number) * (b[offset + i] as number);
  const turn = dot < 0 ? -share : share;
  let squares = 0;
  for (let i = 0; i < 4; i++) {
    const mixed = (a[offset + i] as number) * (1 - share) + (b[offset + i] as number) * turn;
    out[i] = mixed;
    squares += mixed * mixed;
  }
  const norm = squares > 1e-9 ? 1 / Math.sqrt(squares) : 1;
  for (let i = 0; i < 4; i++) out[i] = (out[i] as number) * norm;
}
