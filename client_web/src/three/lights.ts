/** In place of `WebGLLights.js`: there are no lights to loop over (see scene/shading.ts), so this is how none look. */

import { Vector3 } from 'three';

const LISTS =
  'sun sunShadow sunShadowMap sunShadowMatrix sunShadowCascade directional directionalShadow directionalShadowMap directionalShadowMatrix spot spotLightMap spotShadow spotShadowMap spotLightMatrix rectArea point pointShadow pointShadowMap pointShadowMatrix hemi';

export function WebGLLights(): { setup(): void; setupView(): void; state: Record<string, unknown> } {
  return {
    setup: () => undefined,
    setupView: () => undefined,
    state: {
      version: 0,
      hash: {},
      ambient: [0, 0, 0],
      probe: Array.from({ length: 9 }, () => new Vector3()),
      ...Object.fromEntries(LISTS.split(' ').map((name) => [name, []])),
      rectAreaLTC1: null,
      rectAreaLTC2: null,
      numSpotLightShadowsWithMaps: 0,
      numLightProbes: 0,
    },
  };
}
