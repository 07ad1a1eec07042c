/**
 * Makes three's own materials work, for the few places that use them (uploaded pieces with pictures, the headset's
 * gear): import it there, for its effect. The build leaves their shaders out of the first load (build/lean_three.ts).
 */

import { ShaderChunk, ShaderLib } from 'three';
import { getDFGLUT } from 'three/src/renderers/shaders/DFGLUTData.js';
import { ShaderChunk as everyChunk } from 'three/src/renderers/shaders/ShaderChunk.js';
import { ShaderLib as everyProgram } from 'three/src/renderers/shaders/ShaderLib.js';
import { WebGLMaterials } from 'three/src/renderers/webgl/WebGLMaterials.js';
import { late } from './late';

Object.assign(ShaderChunk, everyChunk);
Object.assign(ShaderLib, everyProgram);
late.dfgLut = getDFGLUT;
late.makeMaterials = WebGLMaterials;
