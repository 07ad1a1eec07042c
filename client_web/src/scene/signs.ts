/** The shops' sign boards, lettered in the visitor's language: one sheet, one draw call. */

import { Quaternion } from 'three';
import type { Stall } from '../net/wire.gen';
import { localText, paintSign } from './lettering';
import { Plates } from './plates';
import type { SharedUniforms } from './shading';

const CELL_WIDTH = 512;

export class Signs {
  readonly #plates: Plates;
  #known = '';

  constructor(shared: SharedUniforms) {
    this.#plates = new Plates(shared, { cellWidth: CELL_WIDTH, cellHeight: CELL_WIDTH / 4, columns: 3, rows: 16 });
  }

  get mesh(): Plates['mesh'] {
    return this.#plates.mesh;
  }

  set(stalls: readonly Stall[], language: string): void {
    const key = `${language} ${stalls.map((stall) => `${stall.id}.${stall.version}`).join(' ')}`;
    if (key === this.#known) return;
    this.#known = key;
    const { cellHeight } = this.#plates.sheet;
    this.#plates.begin();
    for (const [cell, stall] of stalls.slice(0, this.#plates.capacity).entries()) {
      const [width, height] = stall.signSizeM;
      // A board is painted in its own proportions, as large as the cell allows.
      const aspect = height / Math.max(width, 1e-3);
      const part: [number, number] =
        aspect * CELL_WIDTH <= cellHeight
          ? [1, (aspect * CELL_WIDTH) / cellHeight]
          : [cellHeight / aspect / CELL_WIDTH, 1];
      this.#plates.paint(cell, (context) => {
        const sign = {
          name: localText(stall.name, language),
          craft: localText(stall.craft, language),
          accent: stall.accent,
        };
        paintSign(context, CELL_WIDTH * part[0], cellHeight * part[1], sign);
      });
      const { positionM, rotation } = stall.sign;
      const turn = new Quaternion(...rotation);
      const [x, y, z] = positionM;
      this.#plates.add(cell, { x, y, z, width, turn, alpha: 1, glow: 0.6 }, part);
    }
    this.#plates.end();
  }

  dispose(): void {
    this.#plates.dispose();
  }
}
