/**
 * Finding a way on foot: A* on a coarse grid of free ground, then pulled straight.
 *
 * The grid covers the two ends and some ground around them; its cells grow in a large place so that a search costs
 * about the same everywhere. A goal that nobody can stand on is replaced by the free place nearest to it.
 */

import { clamp, type Ground, type Point } from './collide';

const FINEST_CELL_M = 0.25;
const MAX_CELLS = 120_000;
const MARGIN_M = 16;
/** Paths keep a little more distance from corners than feet need, so that following them never catches. */
const CLEARANCE_M = 0.29;
const DIAGONAL = Math.SQRT2;

interface Grid {
  readonly minX: number;
  readonly minZ: number;
  readonly cell: number;
  readonly columns: number;
  readonly rows: number;
}

/** The corners to walk along, without the start; empty when there is no way. */
export function findPath(ground: Ground, from: Readonly<Point>, to: Readonly<Point>): Point[] {
  const goal = ground.nearestFree(to.x, to.z);
  if (!goal) return [];
  if (ground.canWalk(from.x, from.z, goal.x, goal.z)) return [goal];
  const grid = gridAround(ground, from, goal);
  const start = nearestOpen(grid, ground, from);
  const end = nearestOpen(grid, ground, goal);
  if (start < 0 || end < 0) return [];
  const cells = search(grid, ground, start, end);
  if (cells.length === 0) return [];
  const points = cells.map((cell) => centre(grid, cell));
  points.push(goal);
  return pullStraight(ground, from, points);
}

function gridAround(ground: Ground, from: Readonly<Point>, to: Readonly<Point>): Grid {
  const { bounds } = ground;
  const minX = clamp(Math.min(from.x, to.x) - MARGIN_M, bounds.minX, bounds.maxX);
  const maxX = clamp(Math.max(from.x, to.x) + MARGIN_M, bounds.minX, bounds.maxX);
  const minZ = clamp(Math.min(from.z, to.z) - MARGIN_M, bounds.minZ, bounds.maxZ);
  const maxZ = clamp(Math.max(from.z, to.z) + MARGIN_M, bounds.minZ, bounds.maxZ);
  const cell = Math.max(FINEST_CELL_M, Math.sqrt(((maxX - minX) * (maxZ - minZ)) / MAX_CELLS));
  return {
    minX,
    minZ,
    cell,
    columns: Math.max(1, Math.ceil((maxX - minX) / cell)),
    rows: Math.max(1, Math.ceil((maxZ - minZ) / cell)),
  };
}

function centre(grid: Grid, cell: number): Point {
  const column = cell % grid.columns;
  const row = (cell - column) / grid.columns;
  return { x: grid.minX + (column + 0.5) * grid.cell, z: grid.minZ + (row + 0.5) * grid.cell };
}

/** The open cell nearest to a point that can be reached from it in a straight line. */
function nearestOpen(grid: Grid, ground: Ground, point: Readonly<Point>): number {
  const column = clamp(Math.floor((point.x - grid.minX) / grid.cell), 0, grid.columns - 1);
  const row = clamp(Math.floor((point.z - grid.minZ) / grid.cell), 0, grid.rows - 1);
  let best = -1;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (let r = Math.max(0, row - 3); r <= Math.min(grid.rows - 1, row + 3); r++) {
    for (let c = Math.max(0, column - 3); c <= Math.min(grid.columns - 1, column + 3); c++) {
      const at = centre(grid, r * grid.columns + c);
      const distance = Math.hypot(at.x - point.x, at.z - point.z);
      if (distance < bestDistance && ground.isFree(at.x, at.z, CLEARANCE_M)) {
        best = r * grid.columns + c;
        bestDistance = distance;
      }
    }
  }
  return best;
}

function search(grid: Grid, ground: Ground, start: number, end: number): number[] {
  const size = grid.columns * grid.rows;
  const cost = new Float32Array(size).fill(Number.POSITIVE_INFINITY);
  const cameFrom = new Int32Array(size).fill(-1);
  // 0 unknown, 1 open ground, 2 blocked, 3 done.
  const state = new Uint8Array(size);
  const heap = new Heap();
  cost[start] = 0;
  heap.push(start, 0);
  for (let cell = heap.pop(); cell >= 0; cell = heap.pop()) {
    if (cell === end) return trace(cameFrom, end);
    if (state[cell] === 3) continue;
    state[cell] = 3;
    const column = cell % grid.columns;
    const row = (cell - column) / grid.columns;
    for (let dr = -1; dr <= 1; dr++) {
      for (let dc = -1; dc <= 1; dc++) {
        const c = column + dc;
        const r = row + dr;
        if ((dc === 0 && dr === 0) || c < 0 || r < 0 || c >= grid.columns || r >= grid.rows) continue;
        const next = r * grid.columns + c;
        if (state[next] === 0) {
          const at = centre(grid, next);
          state[next] = ground.isFree(at.x, at.z, CLEARANCE_M) ? 1 : 2;
        }
        const through = (cost[cell] as number) + (dc !== 0 && dr !== 0 ? DIAGONAL : 1);
        if (state[next] !== 1 || through >= (cost[next] as number)) continue;
        cost[next] = through;
        cameFrom[next] = cell;
        heap.push(next, through + octile(grid, next, end));
      }
    }
  }
  return [];
}

function octile(grid: Grid, a: number, b: number): number {
  const dx = Math.abs((a % grid.columns) - (b % grid.columns));
  const dz = Math.abs(Math.floor(a / grid.columns) - Math.floor(b / grid.columns));
  return Math.max(dx, dz) + (DIAGONAL - 1) * Math.min(dx, dz);
}

function trace(cameFrom: Int32Array, end: number): number[] {
  const cells: number[] = [];
  for (let cell = end; cell >= 0; cell = cameFrom[cell] as number) cells.push(cell);
  return cells.reverse();
}

/** Leave out every corner that can be cut. */
function pullStraight(ground: Ground, from: Readonly<Point>, points: readonly Point[]): Point[] {
  const path: Point[] = [];
  let here: Readonly<Point> = from;
  let i = 0;
  while (i < points.length) {
    let far = i;
    for (let j = points.length - 1; j > i; j--) {
      const p = points[j] as Point;
      if (ground.canWalk(here.x, here.z, p.x, p.z)) {
        far = j;
        break;
      }
    }
    const next = points[far] as Point;
    path.push(next);
    here = next;
    i = far + 1;
  }
  return path;
}

/** A binary heap of cells by priority. */
class Heap {
  #cells: number[] = [];
  #keys: number[] = [];

  push(cell: number, key: number): void {
    const cells = this.#cells;
    const keys = this.#keys;
    let i = cells.length;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if ((keys[parent] as number) <= key) break;
      cells[i] = cells[parent] as number;
      keys[i] = keys[parent] as number;
      i = parent;
    }
    cells[i] = cell;
    keys[i] = key;
  }

  pop(): number {
    const cells = this.#cells;
    const keys = this.#keys;
    const top = cells[0];
    if (top === undefined) return -1;
    const cell = cells.pop() as number;
    const key = keys.pop() as number;
    const size = cells.length;
    if (size === 0) return top;
    let i = 0;
    for (let child = 1; child < size; child = 2 * i + 1) {
      if (child + 1 < size && (keys[child + 1] as number) < (keys[child] as number)) child++;
      if ((keys[child] as number) >= key) break;
      cells[i] = cells[child] as number;
      keys[i] = keys[child] as number;
      i = child;
    }
    cells[i] = cell;
    keys[i] = key;
    return top;
  }
}
