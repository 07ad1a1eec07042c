/**
 * A kokeshi drawn on a 2D canvas: the preview on the arrival page.
 *
 * It wears the same painted sheets and colours as the dolls in the alley (scene/kokeshi_paint.ts, scene/look.ts), turned
 * here by hand: each pixel of the outline asks which part of the unrolled sheet it shows and how much light falls there.
 */

import type { Look } from '../net/wire.gen';
import { FACES, HAIRS, KIMONOS } from '../scene/kokeshi_paint';
import {
  BODY_PROFILE,
  dollOf,
  HAIR_COLOURS,
  HEAD_CENTRE,
  KIMONO_COLOURS,
  SASH_COLOURS,
  WOOD_COLOURS,
} from '../scene/look';

type Rgb = readonly [number, number, number];

const CELL = 128;
const HEAD_RADIUS = 0.152;
const HEAD_HALF = 0.147;
/** The tallest doll just fits; others stand lower in the same frame. */
const FULL_HEIGHT_M = 2.02;

function rgb(hex: number): Rgb {
  return [(hex >> 16) & 255, (hex >> 8) & 255, hex & 255];
}

function mix(a: Rgb, b: Rgb, share: number): Rgb {
  return [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share, a[2] + (b[2] - a[2]) * share];
}

class Sheet {
  readonly #data: Uint8ClampedArray;

  constructor(paint: ((context: CanvasRenderingContext2D) => void) | undefined) {
    const canvas = document.createElement('canvas');
    canvas.width = CELL;
    canvas.height = CELL;
    const context = canvas.getContext('2d', { willReadFrequently: true });
    if (!context) throw new Error('no canvas to paint on');
    context.fillStyle = '#000';
    context.fillRect(0, 0, CELL, CELL);
    context.scale(CELL / 100, CELL / 100);
    context.lineCap = 'round';
    context.lineJoin = 'round';
    paint?.(context);
    this.#data = context.getImageData(0, 0, CELL, CELL).data;
  }

  /** The three roles at (u, v) from 0 to 1, v upwards. */
  at(u: number, v: number): Rgb {
    const x = Math.max(0, Math.min(CELL - 1, Math.floor(u * CELL)));
    const y = Math.max(0, Math.min(CELL - 1, Math.floor((1 - v) * CELL)));
    const at = (y * CELL + x) * 4;
    return [(this.#data[at] ?? 0) / 255, (this.#data[at + 1] ?? 0) / 255, (this.#data[at + 2] ?? 0) / 255];
  }
}

interface Colours {
  readonly hair: Rgb;
  readonly kimono: Rgb;
  readonly sash: Rgb;
  readonly wood: Rgb;
}

function bodyColour(sheet: Sheet, colours: Colours, u: number, v: number): Rgb {
  const [cloth, motif, sash] = sheet.at(u, v);
  let colour = mix(colours.wood, colours.kimono, cloth);
  colour = mix(colour, mix(colours.sash, [235, 219, 194], 0.45), motif * 0.85);
  return mix(colour, colours.sash, sash);
}

function headColour(hair: Sheet, face: Sheet, colours: Colours, u: number, v: number): Rgb {
  let colour = colours.wood;
  const faceU = (u - 0.3) / 0.4;
  const faceV = (v - 0.22) / 0.56;
  if (faceU > 0 && faceU < 1 && faceV > 0 && faceV < 1) {
    const [ink, red] = face.at(faceU, faceV);
    colour = mix(colour, [176, 58, 48], red * 0.8);
    colour = mix(colour, [34, 28, 26], ink);
  }
  const [cover, shine, ribbon] = hair.at(u, v);
  colour = mix(colour, colours.hair, cover);
  colour = mix(colour, mix(colours.hair, [255, 240, 220], 0.25), shine * 0.6);
  return mix(colour, colours.sash, ribbon);
}

/** Light from the upper left, warm, with a soft shadow side. */
function lit(colour: Rgb, across: number, up: number): Rgb {
  const facing = Math.sqrt(Math.max(0, 1 - across * across - up * up));
  const light = 0.5 + 0.62 * Math.max(0, -0.45 * across + 0.45 * up + 0.77 * facing);
  const rim = 0.16 * Math.max(0, Math.abs(across) - 0.8) * 5;
  return [
    Math.min(255, colour[0] * light + 60 * rim),
    Math.min(255, colour[1] * light * 0.985 + 45 * rim),
    Math.min(255, colour[2] * light * 0.95 + 40 * rim),
  ];
}

function bodyAt(y: number): { radius: number; v: number } | null {
  for (let i = 1; i < BODY_PROFILE.length; i++) {
    const [r0, y0] = BODY_PROFILE[i - 1] as readonly [number, number];
    const [r1, y1] = BODY_PROFILE[i] as readonly [number, number];
    if (y < y0 || y > y1) continue;
    const share = (y - y0) / (y1 - y0);
    // The sheet's first tenth is the foot that nobody sees.
    return { radius: r0 + (r1 - r0) * share, v: (i + share) / BODY_PROFILE.length };
  }
  return null;
}

/** Draws the doll in the middle of the canvas, as tall as its height says, looking a little aside by `turn` radians. */
export function drawDoll(canvas: HTMLCanvasElement, look: Look, turn = 0): void {
  const context = canvas.getContext('2d');
  if (!context) return;
  const doll = dollOf(look);
  const colours: Colours = {
    hair: rgb(HAIR_COLOURS[doll.hairColour] ?? 0),
    kimono: rgb(KIMONO_COLOURS[doll.kimonoColour] ?? 0),
    sash: rgb(SASH_COLOURS[doll.sashColour] ?? 0),
    wood: rgb(WOOD_COLOURS[doll.woodColour] ?? 0),
  };
  const kimono = new Sheet(KIMONOS[doll.pattern]);
  const hair = new Sheet(HAIRS[doll.hair]);
  const face = new Sheet(FACES[doll.face]);
  const { width, height } = canvas;
  const image = context.createImageData(width, height);
  const scale = ((height * 0.94) / FULL_HEIGHT_M) * doll.heightM;
  const floor = height * 0.985;
  const put = (px: number, py: number, colour: Rgb, alpha: number): void => {
    image.data.set([...colour, alpha * 255], (py * width + px) * 4);
  };
  for (let py = 0; py < height; py++) {
    const y = (floor - py - 0.5) / scale;
    const body = bodyAt(y);
    const inHead = (y - HEAD_CENTRE) / HEAD_HALF;
    const headRadius = Math.abs(inHead) < 1 ? HEAD_RADIUS * Math.sqrt(1 - inHead * inHead) : 0;
    for (let px = 0; px < width; px++) {
      const x = (px + 0.5 - width / 2) / scale;
      const edge = 1.2 / scale;
      if (Math.abs(x) < headRadius) {
        const across = x / headRadius;
        const u = 0.5 + (Math.asin(across) + turn) / (2 * Math.PI);
        const v = Math.acos(-Math.max(-1, Math.min(1, inHead))) / Math.PI;
        const colour = headColour(hair, face, colours, u, v);
        put(px, py, lit(colour, x / HEAD_RADIUS, inHead * 0.85), Math.min(1, (headRadius - Math.abs(x)) / edge));
      } else if (body && Math.abs(x) < body.radius) {
        const across = x / body.radius;
        const u = 0.5 + (Math.asin(across) + turn) / (2 * Math.PI);
        const shade = lit(bodyColour(kimono, colours, u, body.v), across * 0.96, 0.1);
        put(px, py, shade, Math.min(1, (body.radius - Math.abs(x)) / edge));
      }
    }
  }
  context.putImageData(image, 0, 0);
}
