/** Choosing how the own doll looks: seven steppers, a slider for the height, and the doll itself. */

import type { Texts } from '../i18n';
import type { LookKey } from '../i18n/look/en';
import { type Look, MAX_HEIGHT_CM, MIN_HEIGHT_CM } from '../net/wire.gen';
import { HAIR_COLOURS, KIMONO_COLOURS, SASH_COLOURS, WOOD_COLOURS } from '../scene/look';
import { drawDoll } from './doll';
import { button, el, freshId } from './dom';
import { icon } from './icons';
import { randomLook, soundLook } from './profile';

const CHOICES = 16;
const HEIGHT = 7;
const SMALLEST_CM = MIN_HEIGHT_CM;

interface Part {
  readonly index: number;
  readonly label: LookKey;
  readonly colours: readonly number[] | null;
}

const PARTS: readonly Part[] = [
  { index: 0, label: 'look.hair', colours: null },
  { index: 1, label: 'look.hairColour', colours: HAIR_COLOURS },
  { index: 2, label: 'look.face', colours: null },
  { index: 3, label: 'look.pattern', colours: null },
  { index: 4, label: 'look.kimono', colours: KIMONO_COLOURS },
  { index: 5, label: 'look.sash', colours: SASH_COLOURS },
  { index: 6, label: 'look.wood', colours: WOOD_COLOURS },
];

export class LookChooser {
  readonly element: HTMLElement;
  readonly #texts: Texts<LookKey>;
  readonly #canvas: HTMLCanvasElement;
  readonly #onChange: (look: Look) => void;
  readonly #refresh: (() => void)[] = [];
  #look: Look;
  #drawing = 0;

  constructor(texts: Texts<LookKey>, look: Look, onChange: (look: Look) => void) {
    this.#texts = texts;
    this.#look = look;
    this.#onChange = onChange;
    this.#canvas = el('canvas', {
      class: 'doll',
      attributes: { width: 220, height: 340, role: 'img', 'aria-label': texts.t('look.preview') },
    });
    const again = button({
      label: texts.t('look.again'),
      class: 'button button-quiet',
      icon: icon('again'),
      press: () => this.#set(randomLook(Math.random)),
    });
    this.element = el(
      'fieldset',
      { class: 'look' },
      el('legend', {}, texts.t('look.title')),
      el('div', { class: 'look-doll' }, this.#canvas, again),
      el('div', { class: 'look-parts' }, ...PARTS.map((part) => this.#stepper(part)), this.#height()),
    );
    this.#draw();
  }

  get look(): Look {
    return this.#look;
  }

  #stepper({ index, label, colours }: Part): HTMLElement {
    const name = this.#texts.t(label);
    const id = freshId('part');
    const swatch = colours ? el('span', { class: 'swatch', attributes: { 'aria-hidden': 'true' } }) : null;
    const value = el('output', { class: swatch ? 'visually-hidden' : 'part-value', attributes: { for: id } });
    const refresh = (): void => {
      const number = (this.#look[index] as number) + 1;
      value.textContent = swatch ? this.#texts.t('look.option', { part: name, number }) : this.#texts.number(number);
      const colour = colours?.[number - 1] ?? 0;
      if (swatch) swatch.style.backgroundColor = `#${colour.toString(16).padStart(6, '0')}`;
    };
    this.#refresh.push(refresh);
    refresh();
    const step = (by: number, key: 'look.previous' | 'look.next') =>
      button({
        label: '',
        says: this.#texts.t(key, { part: name }),
        class: 'button-step',
        icon: icon(by < 0 ? 'back' : 'forward'),
        press: () => this.#step(index, by),
      });
    return el(
      'div',
      { class: 'part', id, attributes: { role: 'group', 'aria-label': name } },
      el('span', { class: 'part-name' }, name),
      step(-1, 'look.previous'),
      el('span', { class: 'part-shown' }, swatch, value),
      step(1, 'look.next'),
    );
  }

  #height(): HTMLElement {
    const id = freshId('height');
    const value = el('output', { class: 'part-value', attributes: { for: id } });
    const slider = el('input', {
      id,
      attributes: { type: 'range', min: SMALLEST_CM, max: MAX_HEIGHT_CM, step: 1 },
      on: {
        input: () => {
          const parts: number[] = [...this.#look];
          parts[HEIGHT] = Number(slider.value);
          this.#set(soundLook(parts));
        },
      },
    });
    const refresh = (): void => {
      slider.value = String(this.#look[HEIGHT]);
      const says = this.#texts.t('look.heightValue', { cm: this.#look[HEIGHT] });
      slider.setAttribute('aria-valuetext', says);
      value.textContent = says;
    };
    this.#refresh.push(refresh);
    refresh();
    const label = el('label', { class: 'part-name', attributes: { for: id } }, this.#texts.t('look.height'));
    return el('div', { class: 'part part-height' }, label, slider, value);
  }

  #step(index: number, by: number): void {
    const parts: number[] = [...this.#look];
    parts[index] = ((parts[index] as number) + by + CHOICES) % CHOICES;
    this.#set(soundLook(parts));
  }

  #set(look: Look): void {
    this.#look = look;
    for (const refresh of this.#refresh) refresh();
    this.#draw();
    this.#onChange(look);
  }

  #draw(): void {
    cancelAnimationFrame(this.#drawing);
    this.#drawing = requestAnimationFrame(() => drawDoll(this.#canvas, this.#look, 0.14));
  }
}
