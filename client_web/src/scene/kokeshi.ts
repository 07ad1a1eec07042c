/**
 * The kokeshi doll: three turned shapes (body, head, mitten) and the material that paints them.
 *
 * Shapes are in doll heights: the body stands on 0, the head's centre is where the eyes are. Which of the sixteen
 * designs and which colours a doll wears travels with its instance, so any crowd is one draw call for bodies, one for
 * heads, one for hands.
 */

import {
  BackSide,
  BufferAttribute,
  BufferGeometry,
  CanvasTexture,
  Color,
  FrontSide,
  LinearFilter,
  LinearMipmapLinearFilter,
  ShaderMaterial,
} from 'three';
import { FACES, HAIRS, KIMONOS, paintSheet } from './kokeshi_paint';
import { BODY_PROFILE, HAIR_COLOURS, KIMONO_COLOURS, SASH_COLOURS, WOOD_COLOURS } from './look';
import { GLSL_FINISH, GLSL_SHADE, type SharedUniforms } from './shading';

const SEGMENTS = 16;

const HEAD_PROFILE = Array.from({ length: 11 }, (_, i): readonly [number, number] => {
  const angle = (i / 10) * Math.PI;
  // A little wider than high, a little fuller below.
  return [Math.sin(angle) * 0.152, -Math.cos(angle) * 0.143 - Math.sin(angle) ** 2 * 0.008];
});

const MITTEN_PROFILE = Array.from({ length: 8 }, (_, i): readonly [number, number] => {
  const angle = (i / 7) * Math.PI;
  return [Math.sin(angle) * 0.026, -Math.cos(angle) * 0.042];
});

interface Turned {
  positions: number[];
  normals: number[];
  uvs: number[];
  index: number[];
}

/** Turn a profile of (radius, height) on the lathe. The front is -Z and the middle of the texture. */
function turn(profile: readonly (readonly [number, number])[], segments: number): Turned {
  const out: Turned = { positions: [], normals: [], uvs: [], index: [] };
  const last = profile.length - 1;
  for (const [i, [radius, y]] of profile.entries()) {
    const [r0, y0] = profile[Math.max(0, i - 1)] as readonly [number, number];
    const [r1, y1] = profile[Math.min(last, i + 1)] as readonly [number, number];
    const slope = Math.hypot(y1 - y0, r1 - r0) || 1;
    for (let s = 0; s <= segments; s++) {
      const angle = (s / segments - 0.5) * Math.PI * 2;
      const nr = (y1 - y0) / slope;
      out.positions.push(-Math.sin(angle) * radius, y, -Math.cos(angle) * radius);
      out.normals.push(-Math.sin(angle) * nr, (r0 - r1) / slope, -Math.cos(angle) * nr);
      out.uvs.push(s / segments, i / last);
    }
  }
  for (let i = 0; i < last; i++) {
    for (let s = 0; s < segments; s++) {
      const a = i * (segments + 1) + s;
      const b = a + segments + 1;
      if ((profile[i] as readonly [number, number])[0] > 0) out.index.push(a, a + 1, b + 1);
      if ((profile[i + 1] as readonly [number, number])[0] > 1e-6) out.index.push(a, b + 1, b);
    }
  }
  return out;
}

function geometryOf(shapes: readonly { turned: Turned; bun: number }[]): BufferGeometry {
  const positions: number[] = [];
  const normals: number[] = [];
  const uvs: number[] = [];
  const buns: number[] = [];
  const index: number[] = [];
  for (const { turned, bun } of shapes) {
    const first = positions.length / 3;
    positions.push(...turned.positions);
    normals.push(...turned.normals);
    uvs.push(...turned.uvs);
    for (let i = 0; i < turned.positions.length / 3; i++) buns.push(bun);
    index.push(...turned.index.map((i) => i + first));
  }
  const geometry = new BufferGeometry();
  geometry.setAttribute('position', new BufferAttribute(new Float32Array(positions), 3));
  geometry.setAttribute('normal', new BufferAttribute(new Float32Array(normals), 3));
  geometry.setAttribute('uv', new BufferAttribute(new Float32Array(uvs), 2));
  geometry.setAttribute('bun', new BufferAttribute(new Float32Array(buns), 1));
  geometry.setIndex(index);
  return geometry;
}

export function bodyGeometry(): BufferGeometry {
  return geometryOf([{ turned: turn([[0, 0], ...BODY_PROFILE], SEGMENTS), bun: 0 }]);
}

export function headGeometry(): BufferGeometry {
  const ball = turn(
    Array.from({ length: 6 }, (_, i) => [Math.sin((i / 5) * Math.PI), -Math.cos((i / 5) * Math.PI)] as const),
    7,
  );
  return geometryOf([
    { turned: turn(HEAD_PROFILE, SEGMENTS), bun: 0 },
    { turned: ball, bun: 1 },
    { turned: ball, bun: 2 },
  ]);
}

export function mittenGeometry(): BufferGeometry {
  return geometryOf([{ turned: turn(MITTEN_PROFILE, 8), bun: 0 }]);
}

/** Knots of hair that stand out, two a style: x, y, z from the head's centre, radius; in doll heights. */
const BUNS: readonly (readonly [number, number, number, number])[] = [
  [0, 0, 0, 0],
  [0, 0, 0, 0],
  [0, 0.155, 0.03, 0.055],
  [0, 0, 0, 0],
  [0, 0, 0, 0],
  [0, 0, 0, 0],
  [0, 0, 0, 0],
  [0, 0, 0, 0],
  [0, 0.1, 0.12, 0.06],
  [0, 0, 0, 0],
  [-0.11, 0.1, 0.02, 0.05],
  [0.11, 0.1, 0.02, 0.05],
  [0, 0.16, 0, 0.035],
  [0, 0, 0, 0],
  [0, -0.05, 0.14, 0.05],
  [0, 0, 0, 0],
  [-0.13, -0.02, 0.05, 0.045],
  [0.13, -0.02, 0.05, 0.045],
  [0, 0, 0, 0],
  [0, 0, 0, 0],
  [0, 0.165, 0.02, 0.03],
  [0, 0.13, 0.09, 0.035],
  [0, 0.04, 0.15, 0.055],
  [0, 0, 0, 0],
  [0, 0, 0, 0],
  [0, 0, 0, 0],
  [-0.07, 0.15, 0.02, 0.04],
  [0.07, 0.15, 0.02, 0.04],
  [0, -0.02, 0.15, 0.045],
  [0, -0.1, 0.155, 0.035],
  [0, 0, 0, 0],
  [0, 0, 0, 0],
];

/** What the vertex shader tells the fragment shader. */
const GLSL_VARYINGS = /* glsl */ `
varying vec2 vUv_;
varying vec3 vPlace;
varying vec3 vNormal_;
varying vec3 vHair;
varying vec3 vKimono;
varying vec3 vSash;
varying vec3 vWood;
varying vec4 vDesign;
varying vec2 vState;
varying float vBun;
`;

const VERTEX = /* glsl */ `
attribute float bun;
attribute vec4 design;
attribute vec4 colours;
attribute vec2 state;
uniform vec3 uPalette[64];
uniform vec4 uBuns[32];
${GLSL_VARYINGS}void main() {
  vUv_ = uv;
  vDesign = design;
  vState = state;
  vBun = bun;
  vHair = uPalette[int(colours.x + 0.5)];
  vKimono = uPalette[int(colours.y + 16.5)];
  vSash = uPalette[int(colours.z + 32.5)];
  vWood = uPalette[int(colours.w + 48.5)];
  vec3 local = position;
  #ifdef HEAD
    if (bun > 0.5) {
      vec4 knot = uBuns[int(design.x + 0.5) * 2 + int(bun - 0.5)];
      local = knot.xyz + position * knot.w;
    }
  #endif
  vec4 place = instanceMatrix * vec4(local, 1.0);
  vNormal_ = mat3(instanceMatrix) * normal;
  #ifdef MIRRORED
    place.y = -place.y;
  #endif
  vPlace = place.xyz;
  gl_Position = projectionMatrix * viewMatrix * place;
}
`;

const FRAGMENT = /* glsl */ `
uniform sampler2D uKimonoSheet;
uniform sampler2D uHairSheet;
uniform sampler2D uFaceSheet;
uniform float uFogDensity;
${GLSL_VARYINGS}${GLSL_SHADE}
const vec3 PAPER = vec3(0.92, 0.86, 0.76);
const vec3 PALE = vec3(0.55, 0.47, 0.37);
vec2 cellUv(float number, vec2 at) {
  float n = floor(number + 0.5);
  // Half a pixel inside, so that neighbours do not bleed in.
  vec2 inside = clamp(at, 0.012, 0.988);
  return vec2(mod(n, 4.0) + inside.x, 3.0 - floor(n / 4.0) + inside.y) / 4.0;
}
void main() {
  const float hazeShare = 1.0;
  float speckle = fract(52.9829189 * fract(dot(floor(gl_FragCoord.xy), vec2(0.06711056, 0.00583715))));
  if (vState.x < 0.999 && speckle > vState.x) discard;
  #ifdef MIRRORED
    if (vPlace.y > 0.0) discard;
    vec3 place = vec3(vPlace.x, -vPlace.y, vPlace.z);
  #else
    vec3 place = vPlace;
  #endif
  float grain = 0.5 + 0.5 * sin(vUv_.y * 90.0 + sin(vUv_.x * 12.6) * 2.0);
  vec3 colour = vWood * (0.93 + 0.07 * grain);
  float rough = 0.42;
  #if defined(BODY)
    vec3 roles = texture2D(uKimonoSheet, cellUv(vDesign.z, vUv_)).rgb;
    vec3 motif = mix(vSash, PAPER, 0.45);
    colour = mix(colour, vKimono, roles.r);
    colour = mix(colour, motif, roles.g * 0.85);
    colour = mix(colour, vSash, roles.b);
    colour *= 1.0 - 0.45 * smoothstep(0.90, 1.0, vUv_.y) - 0.25 * (1.0 - smoothstep(0.0, 0.16, vUv_.y));
  #elif defined(HEAD)
    if (vBun > 0.5) {
      colour = vHair;
    } else {
      vec2 onFace = vec2((vUv_.x - 0.3) / 0.4, (vUv_.y - 0.22) / 0.56);
      if (onFace.x > 0.0 && onFace.x < 1.0 && onFace.y > 0.0 && onFace.y < 1.0) {
        vec2 face = texture2D(uFaceSheet, cellUv(vDesign.y, onFace)).rg;
        colour = mix(colour, vec3(0.60, 0.10, 0.08), face.g * 0.8);
        colour = mix(colour, vec3(0.025, 0.02, 0.018), face.r);
      }
      vec3 roles = texture2D(uHairSheet, cellUv(vDesign.x, vUv_)).rgb;
      colour = mix(colour, vHair, roles.r);
      colour = mix(colour, vHair * 1.8 + 0.03, roles.g * 0.6);
      colour = mix(colour, vSash, roles.b);
      colour *= 1.0 - 0.35 * (1.0 - smoothstep(0.0, 0.2, vUv_.y));
    }
  #else
    colour = mix(vSash, vKimono, smoothstep(0.25, 0.3, vUv_.y));
    colour = mix(colour, vWood, smoothstep(0.42, 0.46, vUv_.y));
  #endif
  colour = mix(colour, PALE * (0.9 + 0.1 * grain), vState.y * 0.85);
  vec3 normal = normalize(vNormal_);
  vec3 view = normalize(cameraPosition - vPlace);
  #ifdef MIRRORED
    view.y = -view.y;
  #endif
  vec3 light = shade(place, normal, view, colour, rough, 0.0, 0.10);
  float rim = pow(1.0 - max(dot(normal, view), 0.0), 3.0);
  light += rim * skyColour(reflect(-view, normal)) * 0.35;
  gl_FragColor = vec4(light, 1.0);
  ${GLSL_FINISH}
}
`;

/** The painted sheets and palettes that all dolls share. */
export function dollUniforms(): Record<string, { value: unknown }> {
  const colours = [...HAIR_COLOURS, ...KIMONO_COLOURS, ...SASH_COLOURS, ...WOOD_COLOURS];
  return {
    uPalette: { value: colours.map((hex) => new Color(hex)) },
    uBuns: { value: BUNS.flat() },
    uKimonoSheet: { value: sheetTexture(256, KIMONOS) },
    uHairSheet: { value: sheetTexture(192, HAIRS) },
    uFaceSheet: { value: sheetTexture(128, FACES) },
  };
}

function sheetTexture(
  pixels: number,
  painters: readonly ((context: CanvasRenderingContext2D) => void)[],
): CanvasTexture {
  const texture = new CanvasTexture(paintSheet(pixels, painters));
  texture.minFilter = LinearMipmapLinearFilter;
  texture.magFilter = LinearFilter;
  texture.anisotropy = 4;
  return texture;
}

export function dollMaterial(
  shared: SharedUniforms,
  doll: Record<string, { value: unknown }>,
  part: 'BODY' | 'HEAD' | 'HAND',
  mirrored = false,
): ShaderMaterial {
  return new ShaderMaterial({
    vertexShader: VERTEX,
    fragmentShader: FRAGMENT,
    uniforms: { ...shared, ...doll },
    defines: { [part]: 1, ...(mirrored && { MIRRORED: 1 }) },
    side: mirrored ? BackSide : FrontSide,
  });
}
