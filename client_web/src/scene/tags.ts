/** Name tags above heads, and the symbols of gestures: one sheet, one draw call. */

import type { Vector3 } from 'three';
import type { EmoteKind } from '../net/wire.gen';
import { fullName, type Person } from '../world/world';
import { paintSymbol, paintTag, SYMBOL_COUNT } from './lettering';
import { Plates } from './plates';
import type { SharedUniforms } from './shading';

const CELL_WIDTH = 256;
const CELL_HEIGHT = 64;
const METRES_PER_CELL = 0.78;
const FADE_FROM_M = 6.5;
const FADE_TO_M = 8.5;

export interface TagState {
  readonly distance: number;
  readonly alpha: number;
  readonly speaking: number;
  readonly pale: number;
  readonly symbol: EmoteKind | null;
  /** 0 to 1. */
  readonly symbolAge: number;
}

interface Cell {
  name: string;
  used: number;
  share: number;
}

export class Tags {
  readonly #plates: Plates;
  /** Painted names by cell; the first cells hold the symbols. */
  readonly #cells: Cell[] = [];
  readonly #byName = new Map<string, number>();
  #tick = 0;

  constructor(shared: SharedUniforms) {
    this.#plates = new Plates(shared, { cellWidth: CELL_WIDTH, cellHeight: CELL_HEIGHT, columns: 4, rows: 32 });
    this.#plates.mesh.renderOrder = 12;
    for (let kind = 0; kind < SYMBOL_COUNT; kind++) {
      this.#plates.paint(kind, (context, _width, height) => paintSymbol(context, height, kind));
    }
  }

  get mesh(): Plates['mesh'] {
    return this.#plates.mesh;
  }

  begin(): void {
    this.#tick++;
    this.#plates.begin();
  }

  add(person: Person, at: Vector3, state: TagState): void {
    const near = 1 - Math.min(Math.max((state.distance - FADE_FROM_M) / (FADE_TO_M - FADE_FROM_M), 0), 1);
    const shown = Math.max(near, state.speaking * 0.9) * state.alpha * (1 - 0.5 * state.pale);
    if (shown > 0.03 && person.name) {
      const cell = this.#cellOf(fullName(person));
      if (cell >= 0) {
        const { share } = this.#cells[cell - SYMBOL_COUNT] as Cell;
        // Far away a tag grows a little, so that it stays readable until it fades.
        const width = METRES_PER_CELL * share * (1 + Math.max(0, state.distance - 3) * 0.07);
        const board = {
          x: at.x,
          y: at.y + 0.1,
          z: at.z,
          width,
          turn: null,
          alpha: shown,
          glow: 0.35 + 0.65 * state.speaking,
        };
        this.#plates.add(cell, board, [share, 1]);
      }
    }
    if (state.symbol !== null) {
      const pop = Math.min(1, state.symbolAge * 8) * Math.min(1, (1 - state.symbolAge) * 6);
      const y = at.y + 0.34 + state.symbolAge * 0.14;
      const board = { x: at.x, y, z: at.z, width: 0.26 * pop, turn: null, alpha: pop * state.alpha, glow: 0.75 };
      this.#plates.add(state.symbol % SYMBOL_COUNT, board, [CELL_HEIGHT / CELL_WIDTH, 1]);
    }
  }

  end(): void {
    this.#plates.end();
  }

  dispose(): void {
    this.#plates.dispose();
  }

  /** The cell where a name is painted; the one unused for longest is painted over. */
  #cellOf(name: string): number {
    const known = this.#byName.get(name);
    if (known !== undefined) {
      (this.#cells[known - SYMBOL_COUNT] as Cell).used = this.#tick;
      return known;
    }
    let index = this.#cells.length;
    if (index >= this.#plates.capacity - SYMBOL_COUNT) {
      index = this.#cells.reduce((oldest, cell, i) => (cell.used < (this.#cells[oldest] as Cell).used ? i : oldest), 0);
      const old = this.#cells[index] as Cell;
      if (old.used === this.#tick) return -1;
      this.#byName.delete(old.name);
    }
    const cell = index + SYMBOL_COUNT;
    let share = 1;
    this.#plates.paint(cell, (context, width, height) => {
      share = paintTag(context, width, height, name);
    });
    this.#cells[index] = { name, used: this.#tick, share };
    this.#byName.set(name, cell);
    return cell;
  }
}
