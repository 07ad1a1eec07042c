/** What is drawn for the wearer alone: rays, the arc of a teleport, and the darkened edge of sight. */

import {
  BoxGeometry,
  type Camera,
  Group,
  InstancedMesh,
  Matrix4,
  Mesh,
  MeshBasicMaterial,
  PlaneGeometry,
  Quaternion,
  ShaderMaterial,
  SphereGeometry,
  Vector3,
} from 'three';
import '../three/whole';
import type { Arc } from './locomotion';

const DOTS = 40;
const GOOD = 0xffd9a0;
const BAD = 0x8e2f2f;

export class Gear {
  readonly group = new Group();
  readonly #rays: [Mesh<BoxGeometry, MeshBasicMaterial>, Mesh<BoxGeometry, MeshBasicMaterial>];
  readonly #dots: InstancedMesh<SphereGeometry, MeshBasicMaterial>;
  readonly #veil: Mesh<PlaneGeometry, ShaderMaterial>;
  #vignette = 0;
  #blink = 0;

  constructor(camera: Camera) {
    const ray = (): Mesh<BoxGeometry, MeshBasicMaterial> => {
      const geometry = new BoxGeometry(0.003, 0.003, 1).translate(0, 0, -0.5);
      const material = new MeshBasicMaterial({ color: GOOD, transparent: true, opacity: 0.55, depthWrite: false });
      const mesh = new Mesh(geometry, material);
      mesh.visible = false;
      mesh.renderOrder = 21;
      return mesh;
    };
    this.#rays = [ray(), ray()];
    this.#dots = new InstancedMesh(new SphereGeometry(0.016, 8, 6), new MeshBasicMaterial({ color: GOOD }), DOTS);
    this.#dots.frustumCulled = false;
    this.#dots.count = 0;
    this.group.add(...this.#rays, this.#dots);
    this.#veil = new Mesh(new PlaneGeometry(4, 4), veilMaterial());
    this.#veil.position.z = -0.5;
    this.#veil.renderOrder = 99;
    this.#veil.frustumCulled = false;
    camera.add(this.#veil);
  }

  showRay(side: 0 | 1, origin: Vector3, direction: Vector3, length: number, hot: boolean): void {
    const mesh = this.#rays[side];
    mesh.visible = length > 0;
    mesh.position.copy(origin);
    mesh.quaternion.setFromUnitVectors(FORWARD, direction);
    mesh.scale.z = Math.max(length, 0.01);
    mesh.material.opacity = hot ? 0.9 : 0.4;
  }

  hideRays(): void {
    for (const mesh of this.#rays) mesh.visible = false;
  }

  showArc(arc: Arc | null): void {
    this.#dots.count = arc ? Math.min(arc.points.length, DOTS) : 0;
    this.#dots.visible = this.#dots.count > 0;
    if (!arc) return;
    this.#dots.material.color.setHex(arc.valid ? GOOD : BAD);
    for (let i = 0; i < this.#dots.count; i++) {
      const [x, y, z] = arc.points[i] as readonly [number, number, number];
      this.#dots.setMatrixAt(i, matrix.compose(place.set(x, y, z), still, size.setScalar(1)));
    }
    this.#dots.instanceMatrix.needsUpdate = true;
  }

  /** A short dark moment hides a jump. */
  blink(): void {
    this.#blink = 1;
  }

  veil(vignette: number, seconds: number): void {
    this.#vignette += (vignette - this.#vignette) * (1 - Math.exp(-seconds * 8));
    this.#blink = Math.max(0, this.#blink - seconds / 0.18);
    const { uniforms } = this.#veil.material;
    (uniforms['uVignette'] as { value: number }).value = this.#vignette;
    (uniforms['uBlink'] as { value: number }).value = this.#blink;
    this.#veil.visible = this.#vignette > 0.02 || this.#blink > 0;
  }

  dispose(): void {
    this.#veil.removeFromParent();
    this.group.removeFromParent();
    for (const mesh of [...this.#rays, this.#dots, this.#veil]) {
      mesh.geometry.dispose();
      mesh.material.dispose();
    }
  }
}

function veilMaterial(): ShaderMaterial {
  return new ShaderMaterial({
    vertexShader: /* glsl */ `
      varying vec2 vAt;
      void main() {
        vAt = position.xy / 0.5;
        gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0);
      }
    `,
    fragmentShader: /* glsl */ `
      varying vec2 vAt;
      uniform float uVignette;
      uniform float uBlink;
      void main() {
        float open = mix(2.2, 0.42, uVignette);
        float dark = smoothstep(open, open + 0.35, length(vAt)) * uVignette;
        gl_FragColor = vec4(0.0, 0.0, 0.0, max(dark, uBlink));
      }
    `,
    uniforms: { uVignette: { value: 0 }, uBlink: { value: 0 } },
    transparent: true,
    depthTest: false,
    depthWrite: false,
  });
}

const FORWARD = new Vector3(0, 0, -1);
const matrix = new Matrix4();
const place = new Vector3();
const size = new Vector3();
const still = new Quaternion();
