/** Line icons, drawn on a grid of 24. */

const SVG = 'http://www.w3.org/2000/svg';

const PATHS = {
  stalls: 'M3 10h18M4 10l1.5-5h13L20 10M5 10v9h14v-9M9 19v-5h6v5M8 10v2m4-2v2m4-2v2',
  people:
    'M9 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6M3.5 19c.4-3.4 2.6-5 5.5-5s5.1 1.6 5.5 5M16 6a2.6 2.6 0 0 1 0 5M17.5 14c2 .5 3 2.200 3 5',
  settings:
    'M4 7h9m5 0h2M4 17h2m5 0h9M15.500 9.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5M8.500 19.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5',
  talk: 'M4 5h16v11H11l-4.500 4v-4H4z',
  close: 'M6 6l12 12M18 6L6 18',
  back: 'M14.500 5.500L8 12l6.500 6.500',
  forward: 'M9.500 5.500L16 12l-6.500 6.500',
  fold: 'M5.500 9.500L12 16l6.500-6.500',
  send: 'M4 12h14M12.500 6l6 6-6 6',
  again: 'M19 7v4h-4M5.600 13.500A6.600 6.600 0 1 0 7 7.800L10 11',
  gesture:
    'M12 20.500a8.500 8.500 0 1 0 0-17 8.500 8.500 0 0 0 0 17M9 10v.5M15 10v.5M8.500 14.500c1.800 2.200 5.200 2.200 7 0',
  walk: 'M13 4.500v.1M10 21l2-6-2.500-2.500 1-5 3 3 3 1M14.500 21l-2.500-6M7 12l3.500-4.500',
  headset: 'M4 8h16v8.500h-5.500L12 13.500l-2.500 3H4z',
  door: 'M6 20.500v-17h9v17M3.500 20.500h17M12 12v.1M18 8l3 3-3 3M21 11h-6',
} as const;

export type IconName = keyof typeof PATHS;

export function icon(name: IconName): SVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', PATHS[name]);
  svg.append(path);
  return svg;
}
