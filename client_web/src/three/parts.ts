/**
 * In place of parts of the renderer that nothing here ever asks anything of: real-time shadows, pictures as background
 * or surroundings, another output than the canvas, groups of uniforms. Each behaves as the real one does with nothing
 * to do.
 */

import { Color, PCFShadowMap } from 'three';

const nothing = (): void => undefined;

export class WebGLShadowMap {
  enabled = false;
  autoUpdate = true;
  needsUpdate = false;
  type = PCFShadowMap;
  render = nothing;
}

/** What textured.ts makes is a finished environment map, which the real one hands on as it is, too. */
export function WebGLEnvironments(): { get(texture?: unknown): unknown; dispose(): void } {
  return { get: (texture) => texture ?? null, dispose: nothing };
}

export class WebGLOutput {
  constructor() {
    throw new Error('the street is drawn on the canvas alone');
  }
}

export function WebGLUniformsGroups(): Record<'bind' | 'update' | 'dispose', () => void> {
  return { bind: nothing, update: nothing, dispose: nothing };
}

interface Buffer {
  setTest(on: boolean): void;
  setMask(on: boolean): void;
}

interface State {
  readonly buffers: {
    readonly depth: Buffer;
    readonly color: Buffer & { setClear(...values: (number | boolean)[]): void };
  };
}

interface Clearing {
  readonly autoClear: boolean;
  readonly autoClearColor: boolean;
  readonly autoClearDepth: boolean;
  readonly autoClearStencil: boolean;
  clear(colour: boolean, depth: boolean, stencil: boolean): void;
}

/** The background is a colour to clear with. */
export class WebGLBackground {
  readonly #renderer: Clearing;
  readonly #state: State;
  readonly #isPremultiplied: boolean;
  readonly #colour = new Color(0);
  #alpha: number;
  addToRenderList = nothing;
  dispose = nothing;

  constructor(renderer: Clearing, _: unknown, state: State, __: unknown, hasAlpha: boolean, isPremultiplied: boolean) {
    this.#renderer = renderer;
    this.#state = state;
    this.#isPremultiplied = isPremultiplied;
    this.#alpha = hasAlpha ? 0 : 1;
  }

  getClearColor(): Color {
    return this.#colour;
  }

  getClearAlpha(): number {
    return this.#alpha;
  }

  setClearColor(colour: Color, alpha = 1): void {
    this.#colour.set(colour);
    this.setClearAlpha(alpha);
  }

  setClearAlpha(alpha: number): void {
    this.#alpha = alpha;
    this.#set();
  }

  render(): void {
    const { buffers } = this.#state;
    const renderer = this.#renderer;
    this.#set();
    if (!renderer.autoClear) return;
    // What may not be written cannot be cleared.
    buffers.depth.setTest(true);
    buffers.depth.setMask(true);
    buffers.color.setMask(true);
    renderer.clear(renderer.autoClearColor, renderer.autoClearDepth, renderer.autoClearStencil);
  }

  #set(): void {
    const { r, g, b } = this.#colour;
    this.#state.buffers.color.setClear(r, g, b, this.#alpha, this.#isPremultiplied);
  }
}
