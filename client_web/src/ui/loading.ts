/** A paper lantern that fills with light: how much of the street is here, as a true percentage. */

import type { Texts } from '../i18n';
import { el } from './dom';

const SVG = 'http://www.w3.org/2000/svg';
const TOP = 16;
const HEIGHT = 78;

function shape(name: string, attributes: Record<string, string | number>): SVGElement {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element;
}

export class Loading {
  readonly element: HTMLElement;
  readonly #texts: Texts;
  readonly #bar: HTMLElement;
  readonly #percent: HTMLElement;
  readonly #light: SVGElement;

  constructor(texts: Texts) {
    this.#texts = texts;
    const svg = shape('svg', { viewBox: '0 0 100 120', class: 'lantern', 'aria-hidden': 'true' });
    const clip = shape('clipPath', { id: 'lantern-paper' });
    clip.append(shape('ellipse', { cx: 50, cy: 55, rx: 36, ry: 39 }));
    this.#light = shape('rect', { x: 10, y: TOP + HEIGHT, width: 80, height: 0, class: 'lantern-light' });
    const inside = shape('g', { 'clip-path': 'url(#lantern-paper)' });
    inside.append(shape('rect', { x: 10, y: 10, width: 80, height: 95, class: 'lantern-paper' }), this.#light);
    for (let y = 26; y < 90; y += 9.5) {
      inside.append(shape('path', { d: `M8 ${y} Q50 ${y + 7} 92 ${y}`, class: 'lantern-rib' }));
    }
    svg.append(
      clip,
      inside,
      shape('rect', { x: 34, y: 8, width: 32, height: 9, rx: 2, class: 'lantern-wood' }),
      shape('rect', { x: 34, y: 93, width: 32, height: 9, rx: 2, class: 'lantern-wood' }),
      shape('path', { d: 'M50 0 V8 M50 102 V116', class: 'lantern-cord' }),
    );
    this.#percent = el('p', { class: 'loading-percent', attributes: { 'aria-hidden': 'true' } });
    this.#bar = el('div', {
      class: 'loading-bar',
      attributes: {
        role: 'progressbar',
        'aria-label': texts.t('loading.title'),
        'aria-valuemin': 0,
        'aria-valuemax': 100,
      },
    });
    this.element = el(
      'div',
      { class: 'loading' },
      svg,
      el('p', { class: 'loading-title' }, texts.t('loading.title')),
      this.#percent,
      this.#bar,
    );
    this.set(0);
  }

  /** `share` from 0 to 1; it never goes back. */
  set(share: number): void {
    const before = Number(this.#bar.getAttribute('aria-valuenow') ?? 0);
    const percent = Math.max(before, Math.round(Math.max(0, Math.min(1, share)) * 100));
    const height = (HEIGHT * percent) / 100;
    this.#light.setAttribute('y', String(TOP + HEIGHT - height));
    this.#light.setAttribute('height', String(height));
    this.#percent.textContent = this.#texts.t('loading.percent', { percent });
    this.#bar.setAttribute('aria-valuenow', String(percent));
  }
}
