/** The scene cells that this visitor knows, and their stalls and exhibits by id. */

import type { Exhibit, SceneCell, Stall } from '../net/wire.gen';

export class SceneStock {
  readonly cells = new Map<string, SceneCell>();
  readonly stalls = new Map<string, Stall>();
  readonly exhibits = new Map<string, Exhibit>();

  /** Take over cells; returns those that differ from what was known. */
  put(cells: readonly SceneCell[]): SceneCell[] {
    const changed = cells.filter((cell) => !isSame(this.cells.get(keyOf(cell)), cell));
    for (const cell of changed) this.cells.set(keyOf(cell), cell);
    if (changed.length) this.#index();
    return changed;
  }

  /** Drop stalls that the directory doesn't have any more; returns the cells that became different. */
  keepOnly(stallIds: ReadonlySet<string>): SceneCell[] {
    const changed: SceneCell[] = [];
    for (const [key, cell] of this.cells) {
      if (cell.stalls.every((stall) => stallIds.has(stall.id))) continue;
      const stalls = cell.stalls.filter((stall) => stallIds.has(stall.id));
      const exhibits = cell.exhibits.filter((exhibit) => stallIds.has(exhibit.stallId));
      const kept = { ...cell, stalls, exhibits };
      this.cells.set(key, kept);
      changed.push(kept);
    }
    if (changed.length) this.#index();
    return changed;
  }

  exhibitsOf(stallId: string): readonly Exhibit[] {
    const own = [...this.exhibits.values()].filter((exhibit) => exhibit.stallId === stallId);
    return own.sort((a, b) => a.position - b.position || a.id.localeCompare(b.id));
  }

  clear(): void {
    this.cells.clear();
    this.#index();
  }

  #index(): void {
    this.stalls.clear();
    this.exhibits.clear();
    for (const cell of this.cells.values()) {
      for (const stall of cell.stalls) this.stalls.set(stall.id, stall);
      for (const exhibit of cell.exhibits) this.exhibits.set(exhibit.id, exhibit);
    }
  }
}

function keyOf(cell: SceneCell): string {
  return `${cell.column},${cell.row}`;
}

/** After a restart of the server, versions may begin anew: the content decides. */
function isSame(known: SceneCell | undefined, cell: SceneCell): boolean {
  return known !== undefined && JSON.stringify(known) === JSON.stringify(cell);
}
