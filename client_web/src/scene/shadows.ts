/** Soft round shadows under people, and the mark on the ground where one is walking to: one draw call. */

import {
  DoubleSide,
  DynamicDrawUsage,
  InstancedBufferAttribute,
  InstancedBufferGeometry,
  Mesh,
  PlaneGeometry,
  ShaderMaterial,
} from 'three';
import type { SharedUniforms } from './shading';

const CAPACITY = 256;

const VERTEX = /* glsl */ `
attribute vec4 spot;
attribute vec4 ink;
varying vec2 vCorner;
varying vec4 vInk;
void main() {
  vCorner = position.xy * 2.0;
  vInk = ink;
  vec3 place = vec3(spot.x + position.x * 2.0 * spot.w, spot.y, spot.z + position.y * 2.0 * spot.w);
  gl_Position = projectionMatrix * viewMatrix * vec4(place, 1.0);
}
`;

const FRAGMENT = /* glsl */ `
varying vec2 vCorner;
varying vec4 vInk;
uniform float uTime;
void main() {
  float r = length(vCorner);
  if (r > 1.0) discard;
  // A dark ink is a shadow, a light one a ring.
  float shadow = (1.0 - r) * (1.0 - r) * (1.0 + 2.0 * r);
  float ring = smoothstep(0.10, 0.0, abs(r - 0.72)) + 0.35 * smoothstep(0.3, 0.0, r);
  float isRing = step(0.01, vInk.r + vInk.g + vInk.b);
  gl_FragColor = vec4(vInk.rgb, mix(shadow, ring, isRing) * vInk.a);
  #include <colorspace_fragment>
}
`;

export class Shadows {
  readonly mesh: Mesh<InstancedBufferGeometry, ShaderMaterial>;
  readonly #spot = new InstancedBufferAttribute(new Float32Array(CAPACITY * 4), 4);
  readonly #ink = new InstancedBufferAttribute(new Float32Array(CAPACITY * 4), 4);
  #count = 0;

  constructor(shared: SharedUniforms) {
    const quad = new PlaneGeometry(1, 1);
    const geometry = new InstancedBufferGeometry();
    geometry.setAttribute('position', quad.getAttribute('position'));
    geometry.setIndex(quad.getIndex());
    for (const [name, attribute] of [
      ['spot', this.#spot],
      ['ink', this.#ink],
    ] as const) {
      attribute.setUsage(DynamicDrawUsage);
      geometry.setAttribute(name, attribute);
    }
    const material = new ShaderMaterial({
      vertexShader: VERTEX,
      fragmentShader: FRAGMENT,
      uniforms: { ...shared },
      transparent: true,
      depthWrite: false,
      side: DoubleSide,
      polygonOffset: true,
      polygonOffsetFactor: -2,
      polygonOffsetUnits: -2,
    });
    this.mesh = new Mesh(geometry, material);
    this.mesh.frustumCulled = false;
    this.mesh.renderOrder = 1;
  }

  begin(): void {
    this.#count = 0;
  }

  addShadow(x: number, y: number, z: number, radius: number, strength: number): void {
    this.#add(x, y + 0.012, z, radius, [0, 0, 0], strength);
  }

  addRing(x: number, z: number, radius: number, colour: readonly [number, number, number], strength: number): void {
    this.#add(x, 0.016, z, radius, colour, strength);
  }

  #add(x: number, y: number, z: number, radius: number, ink: readonly [number, number, number], alpha: number): void {
    if (this.#count >= CAPACITY) return;
    const i = this.#count++;
    this.#spot.setXYZW(i, x, y, z, radius);
    this.#ink.setXYZW(i, ink[0], ink[1], ink[2], alpha);
  }

  end(): void {
    this.#spot.needsUpdate = true;
    this.#ink.needsUpdate = true;
    this.mesh.geometry.instanceCount = this.#count;
    this.mesh.visible = this.#count > 0;
  }

  dispose(): void {
    this.mesh.geometry.dispose();
    this.mesh.material.dispose();
  }
}
