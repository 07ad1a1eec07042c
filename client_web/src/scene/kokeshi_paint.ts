/**
 * The brushwork on a kokeshi, painted once into three sheets of 4 × 4 cells.
 *
 * A sheet holds no colours but roles, one a channel, so that sixteen designs serve all combinations of colours. Kimono:
 * red = cloth, green = motif, blue = sash and collar. Hair: red = hair, green = its shine, blue = ribbon. Face: red =
 * ink, green = blush and lips. A cell is the surface unrolled: the front is in its middle.
 */

export const SHEET_CELLS = 4;
type Context = CanvasRenderingContext2D;

const CLOTH = '#ff0000';
const MOTIF = '#ffff00';
const SASH = '#0000ff';

export function paintSheet(cellPixels: number, painters: readonly ((context: Context) => void)[]): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = cellPixels * SHEET_CELLS;
  canvas.height = cellPixels * SHEET_CELLS;
  const context = canvas.getContext('2d');
  if (!context) throw new Error('no canvas to paint dolls on');
  context.fillStyle = '#000';
  context.fillRect(0, 0, canvas.width, canvas.height);
  for (let i = 0; i < SHEET_CELLS * SHEET_CELLS; i++) {
    const painter = painters[i % painters.length];
    context.save();
    context.translate((i % SHEET_CELLS) * cellPixels, Math.floor(i / SHEET_CELLS) * cellPixels);
    context.scale(cellPixels / 100, cellPixels / 100);
    context.beginPath();
    context.rect(0, 0, 100, 100);
    context.clip();
    context.lineCap = 'round';
    context.lineJoin = 'round';
    painter?.(context);
    context.restore();
  }
  return canvas;
}

// --- kimono ---------------------------------------------------------------------------------------------------------

const SASH_TOP = 40;
const SASH_BOTTOM = 54;

function kimono(motif: (c: Context) => void): (c: Context) => void {
  return (c) => {
    c.fillStyle = CLOTH;
    c.fillRect(0, 6, 100, 89);
    c.save();
    c.beginPath();
    c.rect(0, 6, 100, 89);
    c.clip();
    c.fillStyle = MOTIF;
    c.strokeStyle = MOTIF;
    c.lineWidth = 1;
    motif(c);
    c.restore();
    c.fillStyle = SASH;
    c.fillRect(0, SASH_TOP, 100, SASH_BOTTOM - SASH_TOP);
    c.fillStyle = '#000088';
    c.fillRect(0, 46, 100, 1.6);
    // The collar crosses in front, left over right.
    c.strokeStyle = SASH;
    c.lineWidth = 3.4;
    path(c, [60, 5], [54, 20], [47, SASH_TOP]);
    path(c, [40, 5], [46, 20], [51, 31]);
    c.strokeStyle = '#000000';
    c.lineWidth = 0.8;
    path(c, [62.5, 5], [56.5, 20], [49.5, SASH_TOP]);
    path(c, [50, SASH_BOTTOM], [51, 75], [52, 95]);
    // A bow at the back.
    c.fillStyle = SASH;
    for (const x of [0, 100]) c.fillRect(x - 9, SASH_TOP - 4, 18, 22);
  };
}

function scatter(count: number, draw: (c: Context, x: number, y: number, size: number) => void): (c: Context) => void {
  return (c) => {
    for (let i = 0; i < count; i++) {
      const x = (i * 61.8) % 100;
      const y = i % 3 === 0 ? 10 + ((i * 37) % 26) : 58 + ((i * 29) % 34);
      for (const wrap of [-100, 0, 100]) draw(c, x + wrap, y, 3.2 + ((i * 7) % 5) * 0.7);
    }
  };
}

function flower(petals: number, width: number): (c: Context, x: number, y: number, size: number) => void {
  return (c, x, y, size) => {
    for (let i = 0; i < petals; i++) {
      const angle = (i / petals) * Math.PI * 2 - Math.PI / 2;
      c.beginPath();
      c.ellipse(
        x + Math.cos(angle) * size * 0.6,
        y + Math.sin(angle) * size * 0.6,
        size * 0.5,
        size * width,
        angle,
        0,
        7,
      );
      c.fill();
    }
  };
}

function rows(step: number, draw: (c: Context, y: number, odd: boolean) => void): (c: Context) => void {
  return (c) => {
    for (let y = 6, i = 0; y < 96; y += step, i++) draw(c, y, i % 2 === 1);
  };
}

const MOTIFS: readonly ((c: Context) => void)[] = [
  scatter(26, flower(5, 0.42)),
  scatter(18, flower(12, 0.16)),
  // Waves (seigaiha).
  rows(5, (c, y, odd) => {
    for (let x = odd ? 5 : 0; x <= 105; x += 10)
      for (const r of [5, 3.2, 1.4]) arc(c, x, y + 5, r, Math.PI, Math.PI * 2);
  }),
  // Fine upright stripes.
  (c) => {
    for (let x = 2; x < 100; x += 5) c.fillRect(x, 0, 1.4, 100);
  },
  // Checks (ichimatsu).
  rows(6.25, (c, y, odd) => {
    for (let x = odd ? 6.25 : 0; x < 100; x += 12.5) c.fillRect(x, y, 6.25, 6.25);
  }),
  scatter(40, (c, x, y, size) => dot(c, x, y, size * 0.36)),
  // Scales (uroko).
  rows(7, (c, y, odd) => {
    for (let x = odd ? -5 : 0; x < 100; x += 10) polygon(c, [x, y + 7], [x + 5, y], [x + 10, y + 7]);
  }),
  // Hemp leaf (asanoha).
  rows(11, (c, y, odd) => {
    for (let x = odd ? 6.25 : 0; x <= 106; x += 12.5) {
      for (let i = 0; i < 6; i++) {
        const angle = (i / 6) * Math.PI * 2 + Math.PI / 6;
        path(c, [x, y], [x + Math.cos(angle) * 6.2, y + Math.sin(angle) * 6.2]);
      }
    }
  }),
  // Turned rings, as on the oldest dolls.
  (c) => {
    for (const [y, h] of [
      [60, 2.5],
      [65, 1],
      [84, 1],
      [87, 4],
      [93, 1],
    ] as const)
      c.fillRect(0, y, 100, h);
    for (const [y, h] of [
      [14, 1],
      [33, 2],
    ] as const)
      c.fillRect(0, y, 100, h);
  },
  // Bamboo leaves.
  scatter(24, (c, x, y, size) => {
    for (const turn of [-0.6, 0, 0.6]) {
      c.beginPath();
      c.ellipse(x + Math.sin(turn) * size, y + Math.cos(turn) * size, size * 0.22, size, -turn, 0, 7);
      c.fill();
    }
  }),
  // A hem of grasses.
  (c) => {
    for (let x = 0; x < 100; x += 3.1) {
      c.beginPath();
      c.moveTo(x, 96);
      c.quadraticCurveTo(x + 1, 80, x + 7 * Math.sin(x * 1.7), 64 + 9 * Math.abs(Math.sin(x)));
      c.stroke();
    }
  },
  // Running water.
  rows(6, (c, y, odd) => {
    c.beginPath();
    for (let x = -2; x <= 102; x += 2) c.lineTo(x, y + Math.sin((x / 100) * Math.PI * (odd ? 8 : 6)) * 2);
    c.stroke();
  }),
  // Arrow feathers (yagasuri).
  rows(14, (c, y, odd) => {
    for (let x = odd ? 6.25 : 0; x < 106; x += 12.5)
      polygon(c, [x, y], [x + 3, y + 3], [x + 6, y], [x + 6, y + 9], [x + 3, y + 12], [x, y + 9]);
  }),
  // Snow rings.
  scatter(16, (c, x, y, size) => {
    arc(c, x, y, size, 0, 7);
    flower(6, 0.2)(c, x, y, size * 0.7);
  }),
  // One large chrysanthemum in front, buds around.
  (c) => {
    flower(16, 0.12)(c, 50, 74, 15);
    for (const x of [15, 85]) flower(8, 0.24)(c, x, 76, 8);
  },
  // Plain, with a bordered hem.
  (c) => {
    c.fillRect(0, 86, 100, 3);
    c.fillRect(0, 91, 100, 1.2);
  },
];

export const KIMONOS = MOTIFS.map(kimono);

// --- hair -----------------------------------------------------------------------------------------------------------

interface Cut {
  /** Height of the fringe over the face, of the sides and of the back: 0 is the crown, 100 the neck. */
  readonly front: number;
  readonly side: number;
  readonly back: number;
  readonly part?: 'middle' | 'left' | 'saw';
  readonly ribbon?: number;
}

/** Where the hair of each style ends; the buns and knots that stand out are modelled (see kokeshi.ts). */
const CUTS: readonly Cut[] = [
  { front: 36, side: 66, back: 84 },
  { front: 30, side: 50, back: 72, part: 'middle' },
  { front: 38, side: 84, back: 98, part: 'saw' },
  { front: 26, side: 40, back: 62, part: 'left' },
  { front: 24, side: 44, back: 70, ribbon: 26 },
  { front: 34, side: 60, back: 70, part: 'saw', ribbon: 24 },
  { front: 20, side: 34, back: 60 },
  { front: 30, side: 90, back: 99, part: 'middle' },
  { front: 37, side: 74, back: 90, ribbon: 18 },
  { front: 18, side: 46, back: 74, part: 'left' },
  { front: 12, side: 30, back: 52 },
  { front: 33, side: 56, back: 66, part: 'middle', ribbon: 30 },
  { front: 25, side: 78, back: 92, part: 'left' },
  { front: 39, side: 52, back: 58, part: 'saw' },
  { front: 28, side: 62, back: 99, part: 'middle', ribbon: 20 },
  { front: 4, side: 5, back: 6 },
];

export const HAIRS = CUTS.map((cut) => (c: Context): void => {
  c.fillStyle = '#ff0000';
  c.beginPath();
  c.moveTo(0, 0);
  c.lineTo(0, cut.back);
  c.lineTo(20, cut.back);
  c.quadraticCurveTo(27, cut.back, 27, cut.side);
  c.lineTo(33, cut.side);
  c.quadraticCurveTo(34, cut.front + 6, 38, cut.front);
  fringe(c, cut);
  c.quadraticCurveTo(66, cut.front + 6, 67, cut.side);
  c.lineTo(73, cut.side);
  c.quadraticCurveTo(73, cut.back, 80, cut.back);
  c.lineTo(100, cut.back);
  c.lineTo(100, 0);
  c.fill();
  c.strokeStyle = 'rgba(255, 255, 0, 0.35)';
  c.lineWidth = 1.1;
  for (let x = 2; x < 100; x += 7) path(c, [x, 8], [x + Math.sin(x) * 2, Math.min(cut.front, 26)]);
  if (cut.ribbon) {
    c.fillStyle = '#0000ff';
    c.fillRect(0, cut.ribbon - 4, 100, 4.2);
  }
});

function fringe(c: Context, { front, part }: Cut): void {
  if (part === 'middle') {
    c.quadraticCurveTo(46, front - 2, 50, front - 14);
    c.quadraticCurveTo(54, front - 2, 62, front);
  } else if (part === 'left') {
    c.quadraticCurveTo(42, front - 12, 44, front - 14);
    c.quadraticCurveTo(52, front - 2, 62, front);
  } else if (part === 'saw') {
    for (let x = 38; x < 62; x += 4) {
      c.lineTo(x + 2, front + 2.5);
      c.lineTo(x + 4, front - 1.5);
    }
  } else {
    c.quadraticCurveTo(50, front + 2, 62, front);
  }
}

// --- faces: a cell is the front of the head only ----------------------------------------------------------------------

const INK = '#ff0000';
const RED = '#00ff00';

interface Features {
  readonly eyes: 'arc' | 'smile' | 'dot' | 'almond' | 'line' | 'lash' | 'wink' | 'round';
  readonly brows: 'soft' | 'high' | 'strong' | 'none';
  readonly mouth: 'small' | 'smile' | 'open' | 'line' | 'heart';
  readonly cheeks: boolean;
  readonly extra?: 'glasses' | 'moustache' | 'mole' | 'beard';
}

const FACES_DATA: readonly Features[] = [
  { eyes: 'arc', brows: 'soft', mouth: 'small', cheeks: true },
  { eyes: 'smile', brows: 'soft', mouth: 'smile', cheeks: true },
  { eyes: 'dot', brows: 'high', mouth: 'small', cheeks: true },
  { eyes: 'almond', brows: 'strong', mouth: 'line', cheeks: false },
  { eyes: 'line', brows: 'soft', mouth: 'line', cheeks: false },
  { eyes: 'lash', brows: 'soft', mouth: 'heart', cheeks: true },
  { eyes: 'round', brows: 'high', mouth: 'open', cheeks: true },
  { eyes: 'dot', brows: 'strong', mouth: 'line', cheeks: false, extra: 'glasses' },
  { eyes: 'arc', brows: 'strong', mouth: 'line', cheeks: false, extra: 'moustache' },
  { eyes: 'wink', brows: 'soft', mouth: 'smile', cheeks: true },
  { eyes: 'almond', brows: 'soft', mouth: 'heart', cheeks: false, extra: 'mole' },
  { eyes: 'smile', brows: 'strong', mouth: 'open', cheeks: false, extra: 'beard' },
  { eyes: 'lash', brows: 'high', mouth: 'small', cheeks: false },
  { eyes: 'round', brows: 'soft', mouth: 'smile', cheeks: true, extra: 'glasses' },
  { eyes: 'line', brows: 'high', mouth: 'smile', cheeks: true },
  { eyes: 'dot', brows: 'none', mouth: 'small', cheeks: true },
];

export const FACES = FACES_DATA.map((features) => (c: Context): void => {
  c.strokeStyle = INK;
  c.fillStyle = INK;
  for (const side of [-1, 1] as const) {
    paintBrow(c, 50 + side * 21, 33, side, features.brows);
    paintEye(c, 50 + side * 21, 49, side, features.eyes);
  }
  c.lineWidth = 1.6;
  path(c, [51, 50], [48.5, 60], [51.5, 61.5]);
  paintMouth(c, features.mouth);
  if (features.cheeks) {
    for (const x of [20, 80]) {
      const blush = c.createRadialGradient(x, 64, 0, x, 64, 11);
      blush.addColorStop(0, 'rgba(0, 255, 0, 0.55)');
      blush.addColorStop(1, 'rgba(0, 255, 0, 0)');
      c.fillStyle = blush;
      c.fillRect(x - 12, 52, 24, 24);
    }
  }
  paintExtra(c, features.extra);
});

function paintBrow(c: Context, x: number, y: number, side: 1 | -1, kind: Features['brows']): void {
  if (kind === 'none') return;
  c.lineWidth = kind === 'strong' ? 4.2 : 2.4;
  const lift = kind === 'high' ? -5 : 0;
  c.beginPath();
  c.moveTo(x - side * 8, y + 2 + lift);
  c.quadraticCurveTo(x, y - 5 + lift, x + side * 9, y + 2 + lift);
  c.stroke();
}

function paintEye(c: Context, x: number, y: number, side: 1 | -1, kind: Features['eyes']): void {
  c.lineWidth = 3;
  const shut = kind === 'smile' || (kind === 'wink' && side > 0);
  if (shut) arc(c, x, y + 3, 7, Math.PI * 1.1, Math.PI * 1.9);
  else if (kind === 'line') path(c, [x - 8, y], [x, y + 1], [x + 8, y]);
  else if (kind === 'dot') dot(c, x, y, 4);
  else if (kind === 'round') {
    dot(c, x, y, 5.6);
    c.fillStyle = '#000';
    dot(c, x + 1.6, y - 1.8, 1.7);
    c.fillStyle = INK;
  } else paintOpenEye(c, x, y, side, kind);
}

function paintOpenEye(c: Context, x: number, y: number, side: 1 | -1, kind: Features['eyes']): void {
  arc(c, x, y + 4, 9, Math.PI * 1.15, Math.PI * 1.85);
  dot(c, x, y - 0.6, kind === 'almond' ? 3 : 3.6);
  if (kind === 'almond') arc(c, x, y - 6, 9, Math.PI * 0.25, Math.PI * 0.75);
  if (kind === 'lash') path(c, [x + side * 8, y], [x + side * 12, y - 5]);
}

function paintMouth(c: Context, kind: Features['mouth']): void {
  c.strokeStyle = RED;
  c.fillStyle = RED;
  c.lineWidth = 2.4;
  if (kind === 'line') path(c, [44, 74], [56, 74]);
  else if (kind === 'smile') arc(c, 50, 68, 8, Math.PI * 0.15, Math.PI * 0.85);
  else if (kind === 'open') {
    c.beginPath();
    c.ellipse(50, 75, 5.5, 4.6, 0, 0, 7);
    c.fill();
  } else if (kind === 'heart') polygon(c, [43, 73], [47, 71], [50, 73], [53, 71], [57, 73], [50, 79]);
  else dot(c, 50, 74, 3.6);
}

function paintExtra(c: Context, kind: Features['extra']): void {
  c.strokeStyle = INK;
  c.fillStyle = INK;
  c.lineWidth = 2;
  if (kind === 'glasses') {
    for (const x of [29, 71]) arc(c, x, 49, 13, 0, 7);
    path(c, [42, 47], [58, 47]);
  } else if (kind === 'moustache') {
    c.lineWidth = 3.4;
    path(c, [37, 71], [50, 66], [63, 71]);
  } else if (kind === 'mole') dot(c, 60, 68, 1.6);
  else if (kind === 'beard') {
    c.globalAlpha = 0.85;
    c.beginPath();
    c.moveTo(14, 66);
    c.quadraticCurveTo(50, 130, 86, 66);
    c.quadraticCurveTo(70, 84, 50, 83);
    c.quadraticCurveTo(30, 84, 14, 66);
    c.fill();
    c.globalAlpha = 1;
  }
}

// --- strokes --------------------------------------------------------------------------------------------------------

function path(c: Context, ...points: readonly (readonly [number, number])[]): void {
  c.beginPath();
  for (const [x, y] of points) c.lineTo(x, y);
  c.stroke();
}

function polygon(c: Context, ...points: readonly (readonly [number, number])[]): void {
  c.beginPath();
  for (const [x, y] of points) c.lineTo(x, y);
  c.fill();
}

function arc(c: Context, x: number, y: number, r: number, from: number, to: number): void {
  c.beginPath();
  c.arc(x, y, r, from, to);
  c.stroke();
}

function dot(c: Context, x: number, y: number, r: number): void {
  c.beginPath();
  c.arc(x, y, r, 0, Math.PI * 2);
  c.fill();
}
