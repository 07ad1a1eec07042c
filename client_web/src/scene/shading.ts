/**
 * How everything in the street is lit: pieces of GLSL and the uniforms that all materials share.
 *
 * Theory: there are no lights to loop over. The sky gives a hemisphere and one dim key light; every lantern is written
 * once into a small 3D texture (see light_volume.ts), which any surface reads at its own place: warm light falls off,
 * turns with the surface and moves over people as they walk, at the cost of two texture reads however many lanterns
 * hang there. Fog is the sky itself in the direction of view, mixed in after tone mapping, so the far end of the lane
 * always melts into exactly the colour that is painted behind it.
 */

import { Color, type Texture, Vector3 } from 'three';

/** Colours of dusk after rain, as seen on the screen. */
export const DUSK = {
  indigo: 0x14172e,
  plum: 0x3a2a4d,
  ember: 0xc9684a,
  lamp: 0xffb169,
  lampPale: 0xffd9a0,
  paper: 0xf6efe3,
  ink: 0x22201c,
} as const;

export interface SharedUniforms {
  [name: string]: { value: unknown };
  uVolume: { value: Texture | null };
  uVolumeDirection: { value: Texture | null };
  uVolumeMin: { value: Vector3 };
  uVolumeSize: { value: Vector3 };
  uEmber: { value: Vector3 };
  uFogDensity: { value: number };
  uTime: { value: number };
  uExposure: { value: number };
}

export function sharedUniforms(): SharedUniforms {
  return {
    uVolume: { value: null },
    uVolumeDirection: { value: null },
    uVolumeMin: { value: new Vector3(-1, 0, -1) },
    uVolumeSize: { value: new Vector3(2, 2, 2) },
    uEmber: { value: new Vector3(0, 0, -1) },
    uFogDensity: { value: 0.021 },
    uTime: { value: 0 },
    uExposure: { value: 1 },
  };
}

function glslColour(hex: number): string {
  const c = new Color(hex);
  return `vec3(${c.r.toFixed(5)}, ${c.g.toFixed(5)}, ${c.b.toFixed(5)})`;
}

/** `skyColour(direction)`: what is painted behind everything, in display-linear values. */
export const GLSL_SKY = /* glsl */ `
uniform vec3 uEmber;
const vec3 INDIGO = ${glslColour(DUSK.indigo)};
const vec3 PLUM = ${glslColour(DUSK.plum)};
const vec3 EMBER = ${glslColour(DUSK.ember)};
vec3 skyColour(vec3 direction) {
  float up = abs(direction.y);
  vec2 flat_ = direction.xz / max(length(direction.xz), 1e-4);
  float towards = max(dot(flat_, uEmber.xz), 0.0);
  vec3 sky = mix(PLUM * 0.8, INDIGO, smoothstep(0.0, 0.6, up));
  float ember = exp(-up * 7.5) * (0.12 + 0.88 * towards * towards * towards);
  sky = mix(sky, EMBER, 0.8 * ember);
  return sky;
}
`;

/** `lanternLight(position, normal, out direction)`: warm light at a place. */
export const GLSL_VOLUME = /* glsl */ `
uniform highp sampler3D uVolume;
uniform highp sampler3D uVolumeDirection;
uniform vec3 uVolumeMin;
uniform vec3 uVolumeSize;
vec3 lanternField(vec3 position, out vec3 towards) {
  vec3 at = clamp((position - uVolumeMin) / uVolumeSize, 0.0, 1.0);
  vec3 root = texture(uVolume, at).rgb;
  towards = texture(uVolumeDirection, at).xyz * 2.0 - 1.0;
  return root * root * 8.0;
}
`;

/** `shade(…)`: diffuse and specular light of sky, key and lanterns on a surface. */
export const GLSL_SHADE = /* glsl */ `
${GLSL_SKY}
${GLSL_VOLUME}
uniform float uExposure;
// Baked light is meant to be seen as it is; tone mapping takes about this much away.
const float BAKED_GAIN = 1.48;
const vec3 SKY_LIGHT = vec3(0.115, 0.115, 0.205);
const vec3 GROUND_LIGHT = vec3(0.060, 0.042, 0.046);
const vec3 KEY_LIGHT = vec3(0.22, 0.135, 0.13);
vec3 shade(vec3 position, vec3 normal, vec3 view, vec3 albedo, float rough, float metal, float showcase) {
  vec3 towards;
  vec3 lamp = lanternField(position, towards);
  float sure = clamp(length(towards), 0.0, 1.0);
  vec3 lampDirection = towards / max(sure, 1e-3);
  float facing = dot(normal, lampDirection);
  float wrapped = max((facing + 0.4) / 1.4, 0.0);
  vec3 irradiance = mix(GROUND_LIGHT, SKY_LIGHT, normal.y * 0.5 + 0.5);
  irradiance += KEY_LIGHT * max(dot(normal, normalize(vec3(uEmber.x, 0.45, uEmber.z))), 0.0);
  irradiance += lamp * mix(0.62, 1.25 * wrapped, sure * 0.8);
  irradiance += showcase * vec3(1.0, 0.87, 0.70) * (0.30 + 0.70 * max(normal.y * 0.6 + 0.4, 0.0));

  vec3 mirrored = reflect(-view, normal);
  float grazing = pow(1.0 - max(dot(normal, view), 0.0), 5.0);
  vec3 f0 = mix(vec3(0.04), albedo, metal);
  vec3 fresnel = f0 + (max(vec3(1.0 - rough), f0) - f0) * grazing;
  float tight = mix(90.0, 3.0, sqrt(rough));
  float lobe = pow(max(dot(mirrored, lampDirection), 0.0), tight) * (tight + 2.0) * 0.34;
  float above = pow(max(dot(mirrored, vec3(0.0, 0.94, 0.34)), 0.0), tight) * (tight + 2.0) * 0.2;
  vec3 surround = mix(skyColour(mirrored) * 1.3, (lamp + showcase * 0.5) * 0.32, 0.6);
  vec3 gleam = surround * mix(1.0, 0.5, rough) + lamp * lobe * sure + showcase * vec3(1.0, 0.9, 0.75) * above;
  return albedo * (1.0 - metal) * irradiance + fresnel * gleam;
}
`;

/** Tone mapping, fog, colour space and a little noise against banding; expects `gl_FragColor`, `vPlace`. */
export const GLSL_FINISH = /* glsl */ `
  gl_FragColor.rgb *= uExposure;
  #include <tonemapping_fragment>
  vec3 ray = vPlace - cameraPosition;
  float distance_ = length(ray);
  float haze = 1.0 - exp(-pow(distance_ * uFogDensity, 1.6));
  gl_FragColor.rgb = mix(gl_FragColor.rgb, skyColour(ray / max(distance_, 1e-4)) * uExposure, haze * hazeShare);
  #include <colorspace_fragment>
  gl_FragColor.rgb += (fract(52.9829189 * fract(dot(gl_FragCoord.xy, vec2(0.06711056, 0.00583715)))) - 0.5) / 255.0;
`;
