import { getDFGLUT } from 'three/src/renderers/shaders/DFGLUTData.js';
import { WebGLBackground as RealBackground } from 'three/src/renderers/webgl/WebGLBackground.js';
import { WebGLEnvironments as RealEnvironments } from 'three/src/renderers/webgl/WebGLEnvironments.js';
import { WebGLLights as RealLights } from 'three/src/renderers/webgl/WebGLLights.js';
import { WebGLMaterials as RealMaterials } from 'three/src/renderers/webgl/WebGLMaterials.js';
import { WebGLShadowMap as RealShadowMap } from 'three/src/renderers/webgl/WebGLShadowMap.js';
import { WebGLUniformsGroups as RealUniformsGroups } from 'three/src/renderers/webgl/WebGLUniformsGroups.js';
import { describe, expect, it } from 'vitest';
import { ShaderChunk } from '../../src/three/chunks';
import { getDFGLUT as lateTable } from '../../src/three/dfg_lut';
import { late } from '../../src/three/late';
import { WebGLLights } from '../../src/three/lights';
import { WebGLMaterials } from '../../src/three/materials';
import { WebGLBackground, WebGLEnvironments, WebGLShadowMap, WebGLUniformsGroups } from '../../src/three/parts';

type Members = Readonly<Record<string, unknown>>;
/** Names of what one may call or read, own and inherited. */
function membersOf(thing: object): string[] {
  const inherited = Object.getOwnPropertyNames(Object.getPrototypeOf(thing));
  const isPlain = Object.getPrototypeOf(thing) === Object.prototype;
  return [...new Set([...Object.keys(thing), ...(isPlain ? [] : inherited)])]
    .filter((name) => name !== 'constructor')
    .sort();
}

const nothing = (): void => undefined;
const buffer = { setTest: nothing, setMask: nothing, setClear: nothing };
const state = { buffers: { color: buffer, depth: buffer } };
const renderer = {
  autoClear: true,
  autoClearColor: true,
  autoClearDepth: true,
  autoClearStencil: true,
  clear: nothing,
};

/** Three makes some with `new` and some without; none minds `new`. Its types say otherwise. */
function made(make: unknown, ...parts: unknown[]): object {
  return new (make as new (...all: unknown[]) => object)(...parts);
}

describe("what stands in for parts of three's renderer", () => {
  it.each<[string, object, object]>([
    [
      'background',
      new WebGLBackground(renderer, null, state, null, false, true),
      made(RealBackground, renderer, null, state),
    ],
    ['environments', WebGLEnvironments(), made(RealEnvironments, renderer)],
    ['lights', WebGLLights(), made(RealLights, {})],
    ['materials', WebGLMaterials(), made(RealMaterials, renderer, {})],
    ['shadow map', new WebGLShadowMap(), made(RealShadowMap, renderer, {}, {})],
    ['groups of uniforms', WebGLUniformsGroups(), made(RealUniformsGroups, { getParameter: () => 1 }, {}, {}, {})],
  ])('the %s has every member of the real one', (_, standIn, real) => {
    expect(membersOf(standIn)).toEqual(membersOf(real));
  });

  it('the lights look as when none shine', () => {
    const real = new (RealLights as never as new (one: unknown) => { setup(lights: object[]): void; state: Members })(
      {},
    );
    real.setup([]);
    const { hash: _, version: __, ...bare } = real.state;
    const { hash: ___, version: ____, ...ours } = WebGLLights().state;
    // Written out, since these vectors are of another copy of three.
    expect(JSON.parse(JSON.stringify(ours))).toEqual(JSON.parse(JSON.stringify(bare)));
  });

  it('the pieces of GLSL are all that our shaders include, but for those that load every piece', () => {
    const sources = import.meta.glob<string>('../../src/**/*.ts', { query: '?raw', import: 'default', eager: true });
    const shaders = Object.values(sources).filter((text) => !text.includes('three/whole'));
    const included = shaders.flatMap((text) =>
      [...text.matchAll(/^\s*#include <(\w+)>/gm)].map(([, name]) => name as string),
    );
    expect(new Set(included)).toEqual(new Set(['colorspace_fragment', 'tonemapping_fragment']));
    for (const name of included) expect(ShaderChunk).toHaveProperty(name);
  });

  it('what three needs for its own materials is missed loudly, and there once it is loaded', async () => {
    expect(() => lateTable()).toThrow('three/whole');
    expect(() => WebGLMaterials().refreshMaterialUniforms({}, {})).toThrow('three/whole');
    const own = { isShaderMaterial: true, uniformsNeedUpdate: true };
    WebGLMaterials().refreshMaterialUniforms({}, own);
    expect(own.uniformsNeedUpdate).toBe(false);
    await import('../../src/three/whole');
    expect(late.dfgLut).toBe(getDFGLUT);
    expect(lateTable()).toBe(getDFGLUT());
    expect(membersOf(WebGLMaterials(renderer, {}))).toEqual(['refreshFogUniforms', 'refreshMaterialUniforms']);
  });
});
