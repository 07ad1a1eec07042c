/**
 * What the eight numbers of a look mean: hair style, hair colour, face, pattern, kimono colour, sash colour, wood,
 * height in centimetres; and the outline of the body that wears it. Pure tables, so that the arrival page can show the
 * same doll without the scene.
 */

import type { Look } from '../net/wire.gen';

/** Height of the head's centre above the floor, as a share of the doll's height. */
export const HEAD_CENTRE = 0.855;

/** Outline of the body from the floor up: radius and height, in doll heights. */
export const BODY_PROFILE: readonly (readonly [radius: number, y: number])[] = [
  [0.126, 0],
  [0.134, 0.014],
  [0.127, 0.12],
  [0.114, 0.3],
  [0.107, 0.44],
  [0.112, 0.56],
  [0.115, 0.62],
  [0.102, 0.672],
  [0.066, 0.704],
  [0.05, 0.74],
];

export const HAIR_COLOURS = [
  0x1a1613, 0x2b1d16, 0x3d2517, 0x5a3320, 0x7a4a28, 0xa06a34, 0xc99a55, 0x8b8780, 0xcfc9bd, 0x6e2a22, 0x23304f,
  0x2f4a3a, 0x4b2f4a, 0x8e4a5a, 0x141a24, 0x4a4038,
] as const;

export const KIMONO_COLOURS = [
  0x28407a, 0x8e2f2f, 0x4f6b3a, 0xb9822f, 0x3a2a4d, 0x2f6a70, 0xa8485e, 0x5b4636, 0x20252e, 0xc7b08a, 0x6a7fa8,
  0x7c9a6a, 0xc8714a, 0x93819f, 0xd8c8b0, 0x70303f,
] as const;

export const SASH_COLOURS = [
  0xc9a24a, 0xe8dcc4, 0x8e2f2f, 0x28407a, 0x2b2622, 0xa9bf8a, 0xd88a6a, 0x8fb0c4, 0xc2597a, 0x5a7a4a, 0x77518a,
  0xb9822f, 0xf0b27a, 0x3f7a7a, 0xd9d2c3, 0x6b3a2a,
] as const;

export const WOOD_COLOURS = [
  0xe8cfa4, 0xe2c08d, 0xd9b27c, 0xcfa36a, 0xc3935a, 0xb5824b, 0xa6723f, 0x956336, 0x84552e, 0x734828, 0x633c22,
  0x54321d, 0xf0dcb8, 0xddb98f, 0xc98f68, 0x8f6a4a,
] as const;

export const EYE_SHARE = 0.92;
/** How high a seated person's eyes are above the seat, as a share of their height. */
export const SEATED_EYE_SHARE = 0.45;

export interface Doll {
  readonly hair: number;
  readonly hairColour: number;
  readonly face: number;
  readonly pattern: number;
  readonly kimonoColour: number;
  readonly sashColour: number;
  readonly woodColour: number;
  readonly heightM: number;
}

/** Read a look; numbers beyond the tables wrap around, the height is clamped. */
export function dollOf(look: Look): Doll {
  const [hair, hairColour, face, pattern, kimono, sash, wood, heightCm] = look;
  return {
    hair: hair & 15,
    hairColour: hairColour & 15,
    face: face & 15,
    pattern: pattern & 15,
    kimonoColour: kimono & 15,
    sashColour: sash & 15,
    woodColour: wood & 15,
    heightM: Math.min(Math.max(heightCm, 110), 200) / 100,
  };
}

/** The height of a standing person's eyes. */
export function eyeHeight(look: Look): number {
  return dollOf(look).heightM * EYE_SHARE;
}
