/** Modules of three.js that its types leave out. */

declare module 'three/src/renderers/shaders/ShaderChunk/*.glsl.js' {
  const text: string;
  export default text;
}

declare module 'three/src/renderers/shaders/DFGLUTData.js' {
  export function getDFGLUT(): import('three').DataTexture;
}

declare module 'three/src/renderers/webgl/WebGLMaterials.js' {
  export function WebGLMaterials(...parts: unknown[]): import('./late').MaterialUniforms;
}

declare module 'three/src/renderers/webgl/WebGLBackground.js' {
  export function WebGLBackground(...parts: unknown[]): object;
}
