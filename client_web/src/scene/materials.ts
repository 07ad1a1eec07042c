/** The few materials that the whole street is drawn with. */

import { AdditiveBlending, BackSide, DoubleSide, FrontSide, ShaderMaterial, type Side } from 'three';
import { GLSL_FINISH, GLSL_SHADE, GLSL_SKY, type SharedUniforms } from './shading';

const WORLD_VERTEX = /* glsl */ `
attribute vec4 tint;
attribute vec4 shine;
varying vec3 vPlace;
varying vec3 vNormal_;
varying vec4 vTint;
varying vec4 vShine;
void main() {
  vec4 place = modelMatrix * vec4(position, 1.0);
  vPlace = place.xyz;
  vNormal_ = mat3(modelMatrix) * normal;
  // Colours are stored as square roots: eight bits last longer in the dark.
  vTint = vec4(tint.rgb * tint.rgb, tint.a);
  vShine = vec4(shine.rgb * shine.rgb * 4.0, shine.a);
  gl_Position = projectionMatrix * viewMatrix * place;
}
`;

const WORLD_FRAGMENT = /* glsl */ `
uniform float uShowcase;
uniform float uFogDensity;
varying vec3 vPlace;
varying vec3 vNormal_;
varying vec4 vTint;
varying vec4 vShine;
${GLSL_SHADE}
void main() {
  const float hazeShare = 1.0;
  #ifdef MIRRORED
    if (vPlace.y > 0.0) discard;
    vec3 place = vec3(vPlace.x, -vPlace.y, vPlace.z);
  #else
    vec3 place = vPlace;
  #endif
  vec3 normal = normalize(vNormal_);
  #ifdef MIRRORED
    normal.y = -normal.y;
  #elif defined(DOUBLE_SIDED)
    if (!gl_FrontFacing) normal = -normal;
  #endif
  vec3 view = normalize(cameraPosition - vPlace);
  #ifdef MIRRORED
    view.y = -view.y;
  #endif
  #ifdef SHEER
    float metal = 0.0;
    float alpha = vShine.a;
  #else
    float metal = vShine.a;
    float alpha = 1.0;
  #endif
  vec3 light = vTint.rgb * BAKED_GAIN;
  if (vTint.a > 0.002) light = shade(place, normal, view, vTint.rgb, vTint.a, metal, uShowcase);
  light += vShine.rgb;
  #ifdef MIRRORED
    // Stone is no mirror: what is bright comes back softer and warmer.
    light *= mix(vec3(1.0), vec3(0.85, 0.6, 0.36), smoothstep(0.5, 1.4, max(light.r, light.g)));
  #endif
  gl_FragColor = vec4(light, alpha);
  ${GLSL_FINISH}
}
`;

/** What is built of merged parts; `showcase` is how much light falls on it from above, as on an exhibit. */
export function worldMaterial(
  shared: SharedUniforms,
  options: { showcase?: number; mirrored?: boolean; sheer?: boolean; doubleSided?: boolean } = {},
): ShaderMaterial {
  const side: Side = options.doubleSided ? DoubleSide : FrontSide;
  return new ShaderMaterial({
    vertexShader: WORLD_VERTEX,
    fragmentShader: WORLD_FRAGMENT,
    uniforms: { ...shared, uShowcase: { value: options.showcase ?? 0 } },
    defines: {
      ...(options.mirrored && { MIRRORED: 1 }),
      ...(options.sheer && { SHEER: 1 }),
    },
    side,
    transparent: options.sheer ?? false,
    depthWrite: !options.sheer,
  });
}

const PAVING_FRAGMENT = /* glsl */ `
uniform float uFogDensity;
uniform float uMirror;
varying vec3 vPlace;
varying vec3 vNormal_;
varying vec4 vTint;
varying vec4 vShine;
${GLSL_SHADE}
float hash(vec2 p) { return fract(sin(dot(p, vec2(127.1, 311.7))) * 43758.5453); }
float noise(vec2 p) {
  vec2 i = floor(p);
  vec2 f = fract(p);
  f = f * f * (3.0 - 2.0 * f);
  return mix(mix(hash(i), hash(i + vec2(1.0, 0.0)), f.x), mix(hash(i + vec2(0.0, 1.0)), hash(i + vec2(1.0, 1.0)), f.x), f.y);
}
void main() {
  const float hazeShare = 1.0;
  vec3 normal = normalize(vNormal_);
  vec3 view = normalize(cameraPosition - vPlace);
  float wet = smoothstep(0.25, 0.7, noise(vPlace.xz * 0.55) * 0.7 + noise(vPlace.xz * 2.3) * 0.3);
  float grain = noise(vPlace.xz * 9.0);
  float near = exp(-0.06 * length(vPlace - cameraPosition));
  normal = normalize(normal + near * 0.10 * (1.0 - 0.7 * wet) * vec3(grain - 0.5, 0.0, noise(vPlace.zx * 9.0 + 7.0) - 0.5));
  bool baked = vTint.a < 0.002;
  vec3 albedo = vTint.rgb * mix(0.95, 0.55, wet) * (0.86 + 0.28 * grain);
  float rough = mix(0.6, 0.16, wet);
  vec3 light = shade(vPlace, normal, view, baked ? vec3(0.0) : albedo, rough, 0.0, 0.0);
  if (baked) light += albedo * BAKED_GAIN;
  // Where nothing is mirrored, the lanterns' light some way along the reflected look stands in for it.
  vec3 bounce = reflect(-view, normalize(mix(vNormal_, normal, 0.6)));
  vec3 unused;
  vec3 shine = lanternField(vPlace + bounce * 2.4, unused) * 0.45 + lanternField(vPlace + bounce * 5.0, unused) * 0.3;
  float slant = pow(1.0 - max(view.y, 0.0), 3.0);
  light += (1.0 - uMirror) * shine * vec3(1.0, 0.72, 0.45) * mix(0.10, 0.75, slant) * mix(0.35, 1.0, wet);
  // Through the wet surface one sees the mirrored street that is drawn below it: more so at a grazing look.
  float grazing = pow(1.0 - max(view.y, 0.0), 3.0);
  float through = uMirror * clamp(mix(0.10, 0.26, wet) + mix(0.30, 0.62, wet) * grazing, 0.0, 0.85) * smoothstep(0.6, 0.95, vNormal_.y);
  gl_FragColor = vec4(light, 1.0);
  ${GLSL_FINISH}
  gl_FragColor.a = 1.0 - through;
}
`;

/** Wet stone: `uMirror` says how much of the mirrored street shows through (0 makes it opaque). */
export function pavingMaterial(shared: SharedUniforms): ShaderMaterial {
  return new ShaderMaterial({
    vertexShader: WORLD_VERTEX,
    fragmentShader: PAVING_FRAGMENT,
    uniforms: { ...shared, uMirror: { value: 1 } },
    transparent: true,
    depthWrite: true,
  });
}

const SKY_VERTEX = /* glsl */ `
varying vec3 vDirection;
void main() {
  vDirection = position;
  vec4 clip = projectionMatrix * vec4(mat3(viewMatrix) * position, 1.0);
  gl_Position = clip.xyww;
}
`;

const SKY_FRAGMENT = /* glsl */ `
${GLSL_SKY}
uniform float uExposure;
varying vec3 vDirection;
float starHash(vec3 p) { return fract(sin(dot(p, vec3(12.9898, 78.233, 37.719))) * 43758.5453); }
float cloud(vec2 p) {
  vec2 i = floor(p);
  vec2 f = fract(p);
  f = f * f * (3.0 - 2.0 * f);
  float a = starHash(vec3(i, 1.0));
  float b = starHash(vec3(i + vec2(1.0, 0.0), 1.0));
  float c = starHash(vec3(i + vec2(0.0, 1.0), 1.0));
  float d = starHash(vec3(i + vec2(1.0, 1.0), 1.0));
  return mix(mix(a, b, f.x), mix(c, d, f.x), f.y);
}
void main() {
  vec3 direction = normalize(vDirection);
  vec3 sky = skyColour(direction);
  float up = abs(direction.y);
  vec2 plane = direction.xz / (up + 0.12);
  float veil = cloud(plane * vec2(0.9, 2.6)) * 0.6 + cloud(plane * vec2(2.3, 6.1)) * 0.4;
  veil = smoothstep(0.48, 0.85, veil) * smoothstep(0.03, 0.2, up) * (1.0 - smoothstep(0.5, 0.9, up));
  float towards = max(dot(normalize(direction.xz + 1e-5), uEmber.xz), 0.0);
  sky = mix(sky, mix(PLUM, EMBER, 0.15 + 0.35 * towards) * 0.9, veil * 0.42);
  vec3 cell = floor(direction * 90.0);
  vec3 inCell = fract(direction * 90.0) - 0.5;
  float star = step(0.9935, starHash(cell)) * smoothstep(0.28, 0.0, length(inCell)) * smoothstep(0.25, 0.7, up);
  sky += star * 0.35 * (1.0 - veil);
  gl_FragColor = vec4(sky * uExposure, 1.0);
  #include <colorspace_fragment>
  gl_FragColor.rgb += (fract(52.9829189 * fract(dot(gl_FragCoord.xy, vec2(0.06711056, 0.00583715)))) - 0.5) / 255.0;
}
`;

export function skyMaterial(shared: SharedUniforms): ShaderMaterial {
  return new ShaderMaterial({
    vertexShader: SKY_VERTEX,
    fragmentShader: SKY_FRAGMENT,
    uniforms: { ...shared },
    side: BackSide,
    depthWrite: false,
  });
}

const GLOW_VERTEX = /* glsl */ `
attribute vec4 lamp;
attribute vec4 colour;
uniform float uFlip;
uniform float uTime;
varying vec2 vCorner;
varying vec3 vColour;
varying vec3 vPlace;
void main() {
  vec3 centre = vec3(lamp.x, lamp.y * uFlip, lamp.z);
  vCorner = position.xy * 2.0;
  float flicker = 1.0 + 0.05 * sin(uTime * 2.3 + lamp.x * 7.0) * sin(uTime * 3.7 + lamp.z * 5.0);
  vColour = colour.rgb * flicker;
  vec4 view = viewMatrix * vec4(centre, 1.0);
  vPlace = centre;
  // Light on wet stone is drawn out towards the one who looks.
  vec2 spread = uFlip < 0.0 ? vec2(1.0, 2.6) : vec2(1.0);
  view.xy += vCorner * lamp.w * spread;
  // A little nearer than the paper it shines through.
  view.xyz *= 1.0 - min(0.18, 0.9 * lamp.w / max(-view.z, 0.01));
  gl_Position = projectionMatrix * view;
}
`;

const GLOW_FRAGMENT = /* glsl */ `
uniform float uFogDensity;
uniform float uStrength;
varying vec2 vCorner;
varying vec3 vColour;
varying vec3 vPlace;
void main() {
  float r = dot(vCorner, vCorner);
  if (r > 1.0) discard;
  float soft = (1.0 - r) * (1.0 - r);
  float core = exp(-r * 9.0);
  float distance_ = length(vPlace - cameraPosition);
  float haze = exp(-pow(distance_ * uFogDensity, 1.6));
  // Far halos lie on top of each other: the sum shall stay a glow.
  haze *= 1.0 / (1.0 + 0.06 * distance_);
  vec3 warm = mix(vColour, vec3(1.0, 0.80, 0.55) * max(vColour.r, max(vColour.g, vColour.b)), 0.35);
  gl_FragColor = vec4(warm * (soft * 0.13 + core * 0.26) * haze * uStrength, 1.0);
}
`;

/** The halo of lanterns, added to the picture; `flip` -1 is their reflection in the ground. */
export function glowMaterial(shared: SharedUniforms, flip: 1 | -1): ShaderMaterial {
  return new ShaderMaterial({
    vertexShader: GLOW_VERTEX,
    fragmentShader: GLOW_FRAGMENT,
    uniforms: { ...shared, uFlip: { value: flip }, uStrength: { value: flip > 0 ? 1 : 2.2 } },
    blending: AdditiveBlending,
    transparent: true,
    depthWrite: false,
  });
}
