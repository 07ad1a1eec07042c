/** Moths and dust in the lanterns' light: a few slow sparks around each, in one draw call, moved by the chip alone. */

import {
  AdditiveBlending,
  Color,
  InstancedBufferAttribute,
  InstancedBufferGeometry,
  Mesh,
  PlaneGeometry,
  ShaderMaterial,
} from 'three';
import type { Lantern } from '../net/wire.gen';
import type { SharedUniforms } from './shading';

const A_LANTERN = 5;
const MOST = 320;

const VERTEX = /* glsl */ `
attribute vec4 home;
attribute vec4 tone;
uniform float uTime;
varying vec2 vCorner;
varying vec3 vTone;
varying float vFade;
void main() {
  vCorner = position.xy * 2.0;
  vTone = tone.rgb;
  float seed = tone.a;
  float t = uTime * (0.10 + 0.10 * fract(seed * 7.3)) + seed * 6.283;
  vec3 drift = vec3(sin(t * 1.7 + seed * 40.0), 0.6 * sin(t * 2.3 + seed * 17.0), cos(t * 1.3 + seed * 23.0));
  vec3 centre = home.xyz + drift * home.w * (0.45 + 0.75 * fract(seed * 13.7));
  float blink = 0.5 + 0.5 * sin(t * 5.0 + seed * 90.0);
  vec4 view = viewMatrix * vec4(centre, 1.0);
  float distance_ = -view.z;
  vFade = blink * smoothstep(0.3, 1.0, distance_) * (1.0 - smoothstep(7.0, 13.0, distance_));
  view.xy += vCorner * (0.006 + 0.006 * fract(seed * 3.1)) * (1.0 + 0.12 * distance_);
  gl_Position = projectionMatrix * view;
}
`;

const FRAGMENT = /* glsl */ `
varying vec2 vCorner;
varying vec3 vTone;
varying float vFade;
void main() {
  float r = dot(vCorner, vCorner);
  if (r > 1.0 || vFade < 0.01) discard;
  gl_FragColor = vec4(mix(vTone, vec3(1.0, 0.9, 0.7), 0.5) * (1.0 - r) * vFade * 0.55, 1.0);
}
`;

export class Motes {
  readonly mesh: Mesh<InstancedBufferGeometry, ShaderMaterial>;

  constructor(shared: SharedUniforms) {
    const material = new ShaderMaterial({
      vertexShader: VERTEX,
      fragmentShader: FRAGMENT,
      uniforms: { ...shared },
      blending: AdditiveBlending,
      transparent: true,
      depthWrite: false,
    });
    this.mesh = new Mesh(new InstancedBufferGeometry(), material);
    this.mesh.frustumCulled = false;
    this.mesh.renderOrder = 9;
    this.mesh.visible = false;
  }

  set(lanterns: readonly Lantern[]): void {
    const count = Math.min(lanterns.length * A_LANTERN, MOST);
    const home = new Float32Array(count * 4);
    const tone = new Float32Array(count * 4);
    for (let i = 0; i < count; i++) {
      const lantern = lanterns[i % lanterns.length] as Lantern;
      const { r, g, b } = new Color(lantern.colour);
      home.set([...lantern.positionM, 0.35 + lantern.radiusM * 1.4], i * 4);
      // The golden ratio spreads seeds evenly without chance.
      tone.set([r, g, b, (i * 0.618034) % 1], i * 4);
    }
    const quad = new PlaneGeometry(1, 1);
    const geometry = new InstancedBufferGeometry();
    geometry.setAttribute('position', quad.getAttribute('position'));
    geometry.setIndex(quad.getIndex());
    geometry.setAttribute('home', new InstancedBufferAttribute(home, 4));
    geometry.setAttribute('tone', new InstancedBufferAttribute(tone, 4));
    geometry.instanceCount = count;
    this.mesh.geometry.dispose();
    this.mesh.geometry = geometry;
  }

  dispose(): void {
    this.mesh.geometry.dispose();
    this.mesh.material.dispose();
  }
}
