/**
 * How a kokeshi looks: the colours and names behind the eight numbers of a `Look`.
 *
 * Both views read this table, the little preview on the arrival page and the dolls in the alley, so that a person is the
 * same in both. Sixteen of each; colours are 0xRRGGBB as seen in plain light.
 */

import { type Look, MAX_HEIGHT_CM, MIN_HEIGHT_CM } from '../net/wire.gen';

export const PARTS_COUNT = 16;

/** Index of each number in a `Look`. */
export const LookPart = {
  HAIR: 0,
  HAIR_COLOUR: 1,
  FACE: 2,
  PATTERN: 3,
  KIMONO: 4,
  SASH: 5,
  WOOD: 6,
  HEIGHT: 7,
} as const;
export type LookPart = (typeof LookPart)[keyof typeof LookPart];

export const HAIR_COLOURS: readonly number[] = [
  0x1f1b1c, 0x2c2320, 0x3a2a22, 0x4b3326, 0x5d3f2b, 0x74502f, 0x8c6238, 0xa67a45, 0x7a2f24, 0x98452c, 0x2a3040,
  0x3d3a52, 0x56524f, 0x83807b, 0xb5b0a6, 0xdcd5c6,
];

export const KIMONO_COLOURS: readonly number[] = [
  0x28407a, 0x8e2f2f, 0x4f6b3a, 0xb9822f, 0x6b3a6b, 0x2f6b6a, 0xb5583a, 0x3b4452, 0xc98a94, 0x6f8fb0, 0x8a9a5b,
  0xd3b06a, 0x5a3b2e, 0x9a6fa0, 0x45807a, 0xcfc4ae,
];

export const SASH_COLOURS: readonly number[] = [
  0xd9b15a, 0x8e2f2f, 0x28407a, 0xe9dcc0, 0x3a2a22, 0x4f6b3a, 0xc9684a, 0x6b3a6b, 0x2f6b6a, 0xb0b7bd, 0x20242e,
  0xd58c9a, 0x93a35f, 0x7c4a2a, 0xf0c98a, 0x5b79a3,
];

export const WOOD_COLOURS: readonly number[] = [
  0xf0d9b5, 0xe8cba0, 0xe0bd8e, 0xd8b07e, 0xcfa26e, 0xc49461, 0xb78553, 0xa87646, 0x98683c, 0x875a33, 0x754d2c,
  0x644127, 0xefdcc4, 0xe6c9ad, 0xd9b698, 0xc29a7c,
];

/** Any eight numbers, made into a look that a doll can have; the server does the same. */
export function soundLook(parts: readonly unknown[]): Look {
  const whole = (value: unknown) => (typeof value === 'number' && Number.isFinite(value) ? Math.trunc(value) : 0);
  const style = Array.from({ length: LookPart.HEIGHT }, (_, index) => {
    const part = whole(parts[index]) % PARTS_COUNT;
    return part < 0 ? part + PARTS_COUNT : part;
  });
  const height = whole(parts[LookPart.HEIGHT]) || 160;
  return [...style, Math.max(MIN_HEIGHT_CM, Math.min(MAX_HEIGHT_CM, height))] as unknown as Look;
}

/** A look by chance; `random` gives numbers from 0 to 1. */
export function randomLook(random: () => number): Look {
  const parts = Array.from({ length: LookPart.HEIGHT }, () => Math.floor(random() * PARTS_COUNT));
  return soundLook([...parts, 145 + Math.floor(random() * 40)]);
}

export function cssColour(colour: number): string {
  return `#${colour.toString(16).padStart(6, '0')}`;
}
