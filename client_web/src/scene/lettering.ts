/** How signs, labels, tags and symbols are painted: plain canvas drawing with the system's own letters. */

export const SERIF =
  '"Iowan Old Style", "Hiragino Mincho ProN", "Yu Mincho", "Noto Serif CJK JP", "Noto Serif JP", Palatino, Georgia, serif';
export const SANS = 'system-ui, "Hiragino Sans", "Noto Sans CJK JP", "Noto Sans JP", "Noto Sans", sans-serif';

type Context = CanvasRenderingContext2D;

/** The text in the visitor's language, else in its base language, else in English. */
export function localText(text: Readonly<Record<string, string>>, language: string): string {
  return text[language] ?? text[language.split('-')[0] ?? ''] ?? text['en'] ?? Object.values(text)[0] ?? '';
}

export function hexColour(colour: number): string {
  return `#${(colour & 0xffffff).toString(16).padStart(6, '0')}`;
}

/** Set the largest font that lets the text fit, and give its size. */
export function fitFont(
  context: Context,
  text: string,
  family: string,
  largest: number,
  width: number,
  weight = '',
): number {
  let size = largest;
  for (; size > 8; size -= 1) {
    context.font = `${weight} ${size}px ${family}`;
    if (context.measureText(text).width <= width) break;
  }
  return size;
}

/** A shop's board: dark cedar, a line of the shop's colour, its name large and its craft small. */
export function paintSign(
  context: Context,
  width: number,
  height: number,
  sign: { name: string; craft: string; accent: number },
): void {
  grain(context, width, height, '#2e2018', '#3b2a1f');
  context.strokeStyle = hexColour(sign.accent);
  context.lineWidth = Math.max(3, height * 0.028);
  context.strokeRect(height * 0.06, height * 0.06, width - height * 0.12, height * 0.88);
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillStyle = '#f8e3bd';
  context.shadowColor = 'rgba(255, 190, 110, 0.55)';
  context.shadowBlur = height * 0.08;
  fitFont(context, sign.name, SERIF, height * 0.44, width - height * 0.36, '600');
  context.fillText(sign.name, width / 2, height * 0.41);
  context.shadowBlur = 0;
  context.fillStyle = '#d8b98b';
  fitFont(context, sign.craft, SERIF, height * 0.2, width - height * 0.4);
  context.fillText(sign.craft, width / 2, height * 0.76);
}

/** An exhibit's label: a small paper card. */
export function paintLabel(
  context: Context,
  width: number,
  height: number,
  label: { title: string; maker: string; price: string; accent: number },
): void {
  rounded(context, 2, 2, width - 4, height - 4, 14);
  context.fillStyle = '#f6efe3';
  context.fill();
  context.strokeStyle = '#cdbfa6';
  context.lineWidth = 2;
  context.stroke();
  context.fillStyle = hexColour(label.accent);
  context.fillRect(22, 22, 7, height - 44);
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  context.fillStyle = '#22201c';
  fitFont(context, label.title, SERIF, height * 0.34, width - 66, '700');
  context.fillText(label.title, 44, height * 0.31);
  context.textAlign = 'right';
  fitFont(context, label.price, SANS, height * 0.23, width * 0.4, '700');
  context.fillText(label.price, width - 26, height * 0.72);
  const taken = context.measureText(label.price).width;
  context.textAlign = 'left';
  context.fillStyle = '#4d473d';
  fitFont(context, label.maker, SANS, height * 0.2, width - 84 - taken, '500');
  context.fillText(label.maker, 44, height * 0.72);
}

/** A name: a wooden tag as wide as it needs to be. Gives the share of the width that was used. */
export function paintTag(context: Context, width: number, height: number, name: string): number {
  const size = fitFont(context, name, SANS, height * 0.5, width - height, '600');
  const used = Math.min(width, Math.ceil(context.measureText(name).width + height * 0.8));
  context.save();
  rounded(context, 2, height * 0.1, used - 4, height * 0.8, height * 0.16);
  context.clip();
  grain(context, used, height, '#7a5a3a', '#8b6844');
  context.restore();
  rounded(context, 2, height * 0.1, used - 4, height * 0.8, height * 0.16);
  context.strokeStyle = '#3f2b19';
  context.lineWidth = 3;
  context.stroke();
  context.fillStyle = '#1d130a';
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.font = `600 ${size}px ${SANS}`;
  context.fillText(name, used / 2, height * 0.52);
  return used / width;
}

export const SYMBOL_COUNT = 6;

/** The small symbol above a doll that gestures: a paper disc with a brush drawing on it. */
export function paintSymbol(context: Context, size: number, kind: number): void {
  const half = size / 2;
  context.translate(half, half);
  context.beginPath();
  context.arc(0, 0, half * 0.92, 0, Math.PI * 2);
  context.fillStyle = '#f6efe3';
  context.fill();
  context.strokeStyle = '#22201c';
  context.fillStyle = '#22201c';
  context.lineWidth = size * 0.06;
  context.lineCap = 'round';
  context.lineJoin = 'round';
  SYMBOL_DRAWINGS[kind % SYMBOL_COUNT]?.(context, half);
}

const SYMBOL_DRAWINGS: readonly ((context: Context, r: number) => void)[] = [
  // Wave: a mitten and two arcs.
  (c, r) => {
    c.beginPath();
    c.ellipse(-r * 0.12, r * 0.1, r * 0.28, r * 0.38, -0.2, 0, Math.PI * 2);
    c.fill();
    for (const k of [0.5, 0.72]) arc(c, -r * 0.1, 0, r * k, -0.9, -0.1);
  },
  // Bow: a head going down a curve.
  (c, r) => {
    arc(c, r * 0.1, r * 0.5, r * 0.7, Math.PI * 1.05, Math.PI * 1.6);
    dot(c, r * 0.38, -r * 0.14, r * 0.2);
  },
  // Clap: two hands and sparks.
  (c, r) => {
    for (const side of [-1, 1]) {
      c.beginPath();
      c.ellipse(side * r * 0.2, r * 0.16, r * 0.13, r * 0.36, side * 0.35, 0, Math.PI * 2);
      c.fill();
    }
    for (const x of [-0.34, 0, 0.34]) line(c, x * r, -r * 0.36, x * r * 1.5, -r * 0.62);
  },
  // Heart.
  (c, r) => {
    c.fillStyle = '#8e2f2f';
    c.beginPath();
    c.moveTo(0, r * 0.52);
    c.bezierCurveTo(-r * 0.95, -r * 0.1, -r * 0.45, -r * 0.68, 0, -r * 0.24);
    c.bezierCurveTo(r * 0.45, -r * 0.68, r * 0.95, -r * 0.1, 0, r * 0.52);
    c.fill();
  },
  // Laugh: closed eyes and an open mouth.
  (c, r) => {
    for (const side of [-1, 1]) arc(c, side * r * 0.34, -r * 0.1, r * 0.17, Math.PI, Math.PI * 2);
    c.beginPath();
    c.arc(0, r * 0.12, r * 0.42, 0, Math.PI);
    c.fill();
  },
  // Question.
  (c, r) => {
    arc(c, 0, -r * 0.24, r * 0.28, Math.PI, Math.PI * 2.35);
    line(c, r * 0.1, r * 0.02, 0, r * 0.2);
    dot(c, 0, r * 0.5, r * 0.09);
  },
];

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

function line(c: Context, x0: number, y0: number, x1: number, y1: number): void {
  c.beginPath();
  c.moveTo(x0, y0);
  c.lineTo(x1, y1);
  c.stroke();
}

export function rounded(context: Context, x: number, y: number, width: number, height: number, radius: number): void {
  context.beginPath();
  context.roundRect(x, y, width, height, radius);
}

function grain(context: Context, width: number, height: number, dark: string, light: string): void {
  context.fillStyle = dark;
  context.fillRect(0, 0, width, height);
  context.strokeStyle = light;
  for (let i = 0; i < 22; i++) {
    const y = ((i + 0.5) / 22) * height;
    context.globalAlpha = 0.25 + 0.5 * Math.abs(Math.sin(i * 12.9));
    context.lineWidth = 0.6 + 1.6 * Math.abs(Math.sin(i * 4.7));
    context.beginPath();
    context.moveTo(0, y);
    context.bezierCurveTo(width * 0.3, y + Math.sin(i) * 5, width * 0.6, y - Math.cos(i * 2) * 5, width, y);
    context.stroke();
  }
  context.globalAlpha = 1;
}
