/** In place of `WebGLMaterials.js`: writes a material's values into its uniforms. Our own materials do that themselves. */

import { late, type MaterialUniforms, theMissing } from './late';

export function WebGLMaterials(...parts: unknown[]): MaterialUniforms {
  let made: MaterialUniforms | null = null;
  const real = (): MaterialUniforms => {
    made ??= theMissing(late.makeMaterials)(...parts);
    return made;
  };
  return {
    refreshFogUniforms: (...values) => real().refreshFogUniforms(...values),
    refreshMaterialUniforms: (uniforms, material, ...values) => {
      if (!material.isShaderMaterial) real().refreshMaterialUniforms(uniforms, material, ...values);
      else Object.assign(material, { uniformsNeedUpdate: false });
    },
  };
}
