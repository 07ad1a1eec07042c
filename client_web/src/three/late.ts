/**
 * What three.js needs for its own materials alone, and the street, which brings all of its shaders, does not. `whole.ts`
 * puts it here once something needs it; until then nobody asks.
 */

type Make = (...parts: unknown[]) => MaterialUniforms;

export interface MaterialUniforms {
  refreshFogUniforms(...values: unknown[]): void;
  refreshMaterialUniforms(uniforms: unknown, material: { isShaderMaterial?: boolean }, ...values: unknown[]): void;
}

interface Late {
  makeMaterials: Make | null;
  dfgLut: (() => unknown) | null;
}

export const late: Late = { makeMaterials: null, dfgLut: null };

export function theMissing<T>(part: T | null): T {
  if (part === null) throw new Error("three.js' own materials are not loaded: import three/whole where they are used");
  return part;
}
