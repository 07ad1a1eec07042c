/** Exhibits' labels: paper cards that lift when somebody comes near. One sheet, one draw call. */

import { Vector3 } from 'three';
import { localeOf, priceIn } from '../i18n/numbers';
import type { Exhibit, Stall } from '../net/wire.gen';
import { localText, paintLabel } from './lettering';
import { Plates } from './plates';
import type { SharedUniforms } from './shading';
import type { ShownExhibit } from './street';

const NEAR_M = 2.7;
const SHOWN = 8;
const CELLS = 32;
const WIDTH_M = 0.3;
const LIFT_SECONDS = 0.22;

interface Card {
  readonly shown: ShownExhibit;
  readonly cell: number;
  lift: number;
  wanted: boolean;
}

export function priceText(exhibit: Exhibit, language: string): string {
  return exhibit.priceMinor === null ? '' : priceIn(localeOf(language), exhibit.priceMinor, exhibit.currency);
}

export class Labels {
  readonly #plates: Plates;
  readonly #cards = new Map<string, Card>();
  #language = 'en';
  #stallOf: (id: string) => Stall | undefined = () => undefined;

  constructor(shared: SharedUniforms) {
    this.#plates = new Plates(shared, { cellWidth: 384, cellHeight: 144, columns: 4, rows: CELLS / 4, ink: 0.7 });
    this.#plates.mesh.renderOrder = 8;
  }

  get mesh(): Plates['mesh'] {
    return this.#plates.mesh;
  }

  set(language: string, stallOf: (id: string) => Stall | undefined): void {
    this.#language = language;
    this.#stallOf = stallOf;
    this.#cards.clear();
  }

  /** Let the labels follow where the visitor stands; `focus` is the exhibit that can be opened now. */
  update(exhibits: Iterable<ShownExhibit>, eyes: Vector3, focus: string | null, seconds: number, still: boolean): void {
    const near: { shown: ShownExhibit; distance: number }[] = [];
    for (const shown of exhibits) {
      const distance = shown.box.distanceToPoint(eyes);
      if (distance < NEAR_M) near.push({ shown, distance });
    }
    near.sort((a, b) => a.distance - b.distance);
    for (const card of this.#cards.values()) card.wanted = false;
    for (const { shown } of near.slice(0, SHOWN)) this.#want(shown);
    this.#plates.begin();
    for (const [id, card] of this.#cards) {
      const step = still ? 1 : seconds / LIFT_SECONDS;
      card.lift = card.wanted ? Math.min(1, card.lift + step) : Math.max(0, card.lift - step);
      if (card.lift === 0 && !card.wanted) this.#cards.delete(id);
      else this.#draw(card, eyes, id === focus);
    }
    this.#plates.end();
  }

  dispose(): void {
    this.#plates.dispose();
  }

  #want(shown: ShownExhibit): void {
    const known = this.#cards.get(shown.exhibit.id);
    if (known) {
      known.wanted = true;
      return;
    }
    const used = new Set([...this.#cards.values()].map((card) => card.cell));
    let cell = 0;
    while (used.has(cell)) cell++;
    if (cell >= CELLS) return;
    const { exhibit } = shown;
    const stall = this.#stallOf(exhibit.stallId);
    this.#plates.paint(cell, (context, width, height) =>
      paintLabel(context, width, height, {
        title: localText(exhibit.title, this.#language),
        maker: stall?.maker ?? '',
        price: priceText(exhibit, this.#language),
        accent: stall?.accent ?? 0x8e2f2f,
      }),
    );
    this.#cards.set(exhibit.id, { shown, cell, lift: 0, wanted: true });
  }

  #draw(card: Card, eyes: Vector3, focused: boolean): void {
    const { box } = card.shown;
    box.getCenter(centre);
    away.subVectors(eyes, centre).setY(0);
    const distance = Math.max(away.length(), 0.3);
    away.divideScalar(distance);
    const ease = card.lift * card.lift * (3 - 2 * card.lift);
    // Above the piece, and a little before it.
    const x = centre.x + away.x * 0.1;
    const z = centre.z + away.z * 0.1;
    const y = box.max.y + 0.03 + 0.07 * ease;
    const width = WIDTH_M * (focused ? 1.18 : 0.85) * (0.75 + 0.2 * Math.min(distance, 2.5));
    const board = { x, y, z, width, turn: null, alpha: ease * (focused ? 1 : 0.86), glow: focused ? 1 : 0.8 };
    this.#plates.add(card.cell, board);
  }
}

const centre = new Vector3();
const away = new Vector3();
