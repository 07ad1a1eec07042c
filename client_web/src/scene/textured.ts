/**
 * Pieces with pictures on them (as people upload them) keep their own materials; here they learn the street's light.
 *
 * What reflects in them is a tiny procedural evening, made into an environment map once a renderer and only when the
 * first such piece is shown.
 */

import {
  BackSide,
  type Material,
  Mesh,
  MeshStandardMaterial,
  PMREMGenerator,
  Scene,
  ShaderMaterial,
  SphereGeometry,
  type Texture,
  type WebGLRenderer,
} from 'three';
import '../three/whole';
import { GLSL_SKY, GLSL_VOLUME, type SharedUniforms } from './shading';

const environments = new WeakMap<WebGLRenderer, Texture>();

export function dressTextured(mesh: Mesh, shared: SharedUniforms, renderer: WebGLRenderer): void {
  const own = Array.isArray(mesh.material) ? mesh.material : [mesh.material];
  const dressed = own.map((material) => dress(material, shared, renderer));
  mesh.material = dressed.length === 1 ? (dressed[0] as Material) : dressed;
}

function dress(source: Material, shared: SharedUniforms, renderer: WebGLRenderer): Material {
  if (!(source instanceof MeshStandardMaterial)) return source;
  const material = source.clone();
  material.envMap = environmentOf(renderer, shared);
  material.envMapIntensity = 0.8;
  material.onBeforeCompile = (shader) => {
    Object.assign(shader.uniforms, shared);
    shader.vertexShader = shader.vertexShader
      .replace('#include <common>', '#include <common>\nvarying vec3 vPlace;')
      .replace(
        '#include <project_vertex>',
        '#include <project_vertex>\nvPlace = (modelMatrix * vec4(transformed, 1.0)).xyz;',
      );
    shader.fragmentShader = shader.fragmentShader
      .replace('#include <common>', `#include <common>\nvarying vec3 vPlace;\n${GLSL_VOLUME}`)
      .replace('#include <lights_fragment_begin>', `#include <lights_fragment_begin>\n${LANTERNS_ON_STANDARD}`);
  };
  return material;
}

const LANTERNS_ON_STANDARD = /* glsl */ `
  vec3 lampTowards;
  vec3 lampLight = lanternField(vPlace, lampTowards);
  vec3 worldNormal = inverseTransformDirection(normal, viewMatrix);
  float lampFacing = max((dot(worldNormal, normalize(lampTowards + 1e-4)) + 0.4) / 1.4, 0.0);
  irradiance += PI * lampLight * mix(0.62, 1.25 * lampFacing, clamp(length(lampTowards), 0.0, 1.0) * 0.8);
  irradiance += PI * vec3(0.7, 0.6, 0.5) * (0.3 + 0.7 * max(worldNormal.y * 0.6 + 0.4, 0.0));
`;

function environmentOf(renderer: WebGLRenderer, shared: SharedUniforms): Texture {
  const known = environments.get(renderer);
  if (known) return known;
  const evening = new ShaderMaterial({
    vertexShader:
      'varying vec3 vAt; void main() { vAt = position; gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0); }',
    fragmentShader: /* glsl */ `
      ${GLSL_SKY}
      varying vec3 vAt;
      void main() {
        vec3 at = normalize(vAt);
        vec3 light = skyColour(at);
        float window_ = smoothstep(0.80, 0.86, abs(at.x)) * smoothstep(0.35, 0.25, abs(at.y - 0.1));
        float lantern = smoothstep(0.965, 0.985, dot(at, normalize(vec3(-0.4, 0.75, 0.5))));
        light += vec3(1.0, 0.62, 0.32) * (window_ * 1.6 + lantern * 9.0);
        gl_FragColor = vec4(light, 1.0);
      }
    `,
    uniforms: { uEmber: shared.uEmber },
    side: BackSide,
  });
  const scene = new Scene();
  const dome = new Mesh(new SphereGeometry(5, 24, 16), evening);
  scene.add(dome);
  const generator = new PMREMGenerator(renderer);
  const { texture } = generator.fromScene(scene, 0.03);
  generator.dispose();
  dome.geometry.dispose();
  evening.dispose();
  environments.set(renderer, texture);
  return texture;
}
