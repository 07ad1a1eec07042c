/** In place of `ShaderLib.js`: the programs of three's own materials, empty until `whole.ts` fills it. */
export const ShaderLib: Record<string, unknown> = {};
