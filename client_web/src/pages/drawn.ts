/** What pages draw of people and links: a QR code, a fingerprint, a date. */

import { correction, generate } from 'lean-qr';
import { el } from '../ui/dom';

const SVG = 'http://www.w3.org/2000/svg';
/** Quiet zone around a QR code, in modules. */
const QUIET = 4;

/** A QR code as a drawing: dark on light whatever stands around it. */
export function qrCode(text: string, says: string): SVGElement {
  const code = generate(text, { minCorrectionLevel: correction.M });
  const size = code.size + 2 * QUIET;
  let path = '';
  for (let y = 0; y < code.size; y++) {
    for (let x = 0; x < code.size; x++) {
      if (!code.get(x, y)) continue;
      const from = x;
      while (code.get(x + 1, y)) x++;
      path += `M${from + QUIET} ${y + QUIET}h${x + 1 - from}v1h-${x + 1 - from}z`;
    }
  }
  const shape = (name: string, attributes: Record<string, string>): SVGElement => {
    const element = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return element;
  };
  const drawing = shape('svg', {
    viewBox: `0 0 ${size} ${size}`,
    class: 'qr',
    role: 'img',
    'aria-label': says,
    'shape-rendering': 'crispEdges',
  });
  drawing.append(
    shape('rect', { width: String(size), height: String(size), fill: '#fff' }),
    shape('path', { d: path, fill: '#000' }),
  );
  return drawing;
}

/** Groups that are read aloud one after the other. */
export function fingerprintOf(text: string): HTMLElement {
  return el(
    'p',
    { class: 'fingerprint', attributes: { dir: 'ltr' } },
    ...text.split(' ').flatMap((group) => [el('span', {}, group), ' ']),
  );
}

export function day(texts: { readonly language: string }, wallMs: number): string {
  return new Intl.DateTimeFormat(localeOf(texts), { dateStyle: 'long' }).format(wallMs);
}

/** A day and an hour, for what was decided or seen. */
export function moment(texts: { readonly language: string }, wallMs: number): string {
  return new Intl.DateTimeFormat(localeOf(texts), { dateStyle: 'medium', timeStyle: 'short' }).format(wallMs);
}

/** "3 minutes ago", "in 2 days": the largest unit that fits. */
export function ago(texts: { readonly language: string }, wallMs: number, nowMs: number): string {
  const seconds = (wallMs - nowMs) / 1000;
  const format = new Intl.RelativeTimeFormat(localeOf(texts), { numeric: 'auto' });
  const [unit, length] = UNITS.find(([, size]) => Math.abs(seconds) >= size) ?? (['minute', 60] as const);
  return format.format(Math.trunc(seconds / length), unit);
}

const UNITS = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const;

function localeOf({ language }: { readonly language: string }): string {
  return navigator.languages.find((tag) => tag.toLowerCase().split('-')[0] === language) ?? language;
}
