/** In place of `ShaderChunk.js`: the pieces of GLSL that our own shaders include; `whole.ts` adds the others. */

import colorspace_fragment from 'three/src/renderers/shaders/ShaderChunk/colorspace_fragment.glsl.js';
import colorspace_pars_fragment from 'three/src/renderers/shaders/ShaderChunk/colorspace_pars_fragment.glsl.js';
import tonemapping_fragment from 'three/src/renderers/shaders/ShaderChunk/tonemapping_fragment.glsl.js';
import tonemapping_pars_fragment from 'three/src/renderers/shaders/ShaderChunk/tonemapping_pars_fragment.glsl.js';

export const ShaderChunk: Record<string, string> = {
  colorspace_fragment,
  colorspace_pars_fragment,
  tonemapping_fragment,
  tonemapping_pars_fragment,
};
