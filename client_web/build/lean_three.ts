/**
 * Takes three.js from its modules instead of its ready-made bundle, so that what is never used falls away and what is
 * used late is loaded late, and puts our stand-ins (src/three) in place of renderer parts that the street never needs.
 *
 * For the build alone: tests and the development server use three as it is. What a stand-in replaces is named by its
 * path in three; if a new version of three has no such module, the build fails.
 */

import { resolve } from 'node:path';
import type { Plugin } from 'vite';

const HOUSE = resolve(import.meta.dirname, '../src/three');

/** Paths in three's sources, and which of our modules stands in. */
export const STAND_INS: Readonly<Record<string, string>> = {
  'renderers/shaders/DFGLUTData.js': 'dfg_lut.ts',
  'renderers/shaders/ShaderChunk.js': 'chunks.ts',
  'renderers/shaders/ShaderLib.js': 'shader_lib.ts',
  'renderers/webgl/WebGLBackground.js': 'parts.ts',
  'renderers/webgl/WebGLEnvironments.js': 'parts.ts',
  'renderers/webgl/WebGLLights.js': 'lights.ts',
  'renderers/webgl/WebGLMaterials.js': 'materials.ts',
  'renderers/webgl/WebGLOutput.js': 'parts.ts',
  'renderers/webgl/WebGLShadowMap.js': 'parts.ts',
  'renderers/webgl/WebGLUniformsGroups.js': 'parts.ts',
  'renderers/webxr/WebXRManager.js': 'xr_manager.ts',
};

/** Whoever lies here gets what it asks for. */
const WHOLE = ['/src/three/', '/three/src/renderers/shaders/'];

export function leanThree(): Plugin {
  const used = new Set<string>();
  return {
    name: 'lean-three',
    apply: 'build',
    enforce: 'pre',
    async resolveId(source, importer) {
      if (source === 'three') return this.resolve('three/src/Three.js', importer);
      if (!importer || !/three|^\./.test(source)) return null;
      const found = await this.resolve(source, importer, { skipSelf: true });
      const [, path] = found?.id.split('/three/src/') ?? [];
      const standIn = path === undefined ? undefined : STAND_INS[path];
      if (!path || !standIn || WHOLE.some((place) => importer.includes(place))) return found;
      used.add(path);
      return resolve(HOUSE, standIn);
    },
    buildEnd() {
      const unused = Object.keys(STAND_INS).filter((path) => !used.has(path));
      if (unused.length > 0) this.error(`three.js has no more of these: ${unused.join(', ')}`);
    },
  };
}
