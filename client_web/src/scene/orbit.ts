/**
 * One exhibit by itself: a small turntable in lantern light, with its own canvas and its own little scene.
 *
 * Pieces are shown at the same size, whatever they measure; the piece turns slowly until somebody takes hold of it.
 * Drag or the arrow keys turn it, the wheel, a pinch or + and - bring it nearer.
 */

import {
  ACESFilmicToneMapping,
  BackSide,
  Box3,
  CircleGeometry,
  CylinderGeometry,
  Group,
  Matrix4,
  Mesh,
  PerspectiveCamera,
  Scene,
  ShaderMaterial,
  SphereGeometry,
  SRGBColorSpace,
  Vector3,
  WebGLRenderer,
} from 'three';
import type { AssetRef } from '../net/wire.gen';
import type { Settings } from '../world/settings';
import type { World } from '../world/world';
import type { Assets } from './assets';
import { type Lamp, LightVolume, volumeShape } from './light_volume';
import { worldMaterial } from './materials';
import { OrbitPointer } from './orbit_pointer';
import { join, type Part, type Piece, placed, toGeometry } from './parts';
import { GLSL_SKY, sharedUniforms } from './shading';
import { dressTextured } from './textured';
import type { OrbitHandle } from './types';

const TURN_RAD_S = 0.32;
const IDLE_BEFORE_TURN_MS = 2500;
const TABLE_Y = 0.6;
const FOV = 30;

const LAMPS: readonly Lamp[] = [
  { x: -1.2, y: 1.9, z: 1.2, r: 1.35, g: 1.02, b: 0.66, radius: 0.7 },
  { x: 1.5, y: 1.5, z: 0.7, r: 0.55, g: 0.42, b: 0.3, radius: 0.6 },
];

interface Source {
  readonly world: World;
  readonly settings: Settings;
  readonly assets: Assets;
}

export class Orbit implements OrbitHandle {
  readonly #source: Source;
  readonly #renderer: WebGLRenderer;
  readonly #scene = new Scene();
  readonly #camera = new PerspectiveCamera(FOV, 1, 0.05, 40);
  readonly #table = new Group();
  readonly #shared = sharedUniforms();
  readonly #materials: Record<'piece' | 'sheer' | 'table' | 'backdrop' | 'shadow', ShaderMaterial>;
  readonly #volume = new LightVolume(volumeShape(-2.5, -2.5, 2.5, 2.5));
  readonly #pointer: OrbitPointer;
  #taken: AssetRef | null = null;
  #meshes: Mesh[] = [];
  #lastMs = 0;
  #open = true;
  #wanted = '';
  /** What stands on the table now. */
  #there = '';

  constructor(canvas: HTMLCanvasElement, source: Source, exhibitId: string) {
    this.#source = source;
    this.#renderer = new WebGLRenderer({ canvas, antialias: true, powerPreference: 'low-power' });
    this.#renderer.outputColorSpace = SRGBColorSpace;
    this.#renderer.toneMapping = ACESFilmicToneMapping;
    this.#renderer.toneMappingExposure = 1.25;
    const shared = this.#shared;
    this.#volume.fill(LAMPS);
    shared.uVolume.value = this.#volume.light;
    shared.uVolumeDirection.value = this.#volume.direction;
    shared.uVolumeMin.value.copy(this.#volume.min);
    shared.uVolumeSize.value.copy(this.#volume.size);
    shared.uFogDensity.value = 0;
    this.#materials = {
      piece: worldMaterial(shared, { showcase: 0.5 }),
      sheer: worldMaterial(shared, { showcase: 0.9, sheer: true, doubleSided: true }),
      table: worldMaterial(shared, { showcase: 0.25 }),
      backdrop: backdropMaterial(),
      shadow: shadowMaterial(),
    };
    this.#build();
    this.#pointer = new OrbitPointer(canvas);
    this.show(exhibitId);
    this.#renderer.setAnimationLoop((ms) => this.#tick(ms));
  }

  show(exhibitId: string): void {
    this.#wanted = exhibitId;
    const exhibit = this.#source.world.exhibit(exhibitId);
    if (!exhibit) return;
    // The words are of the new piece from now on: the picture of the one before goes.
    delete this.#renderer.domElement.dataset['shows'];
    void this.#source.assets.take(exhibit.asset).then((piece) => {
      if (!this.#open || this.#wanted !== exhibitId) {
        this.#source.assets.release(exhibit.asset);
        return;
      }
      this.#clear();
      this.#taken = exhibit.asset;
      this.#there = exhibitId;
      if (piece) this.#put(piece);
      this.#pointer.reset();
    });
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#clear();
    this.#pointer.dispose();
    this.#scene.traverse((object) => {
      if (object instanceof Mesh) object.geometry.dispose();
    });
    for (const material of Object.values(this.#materials)) material.dispose();
    this.#volume.dispose();
    this.#renderer.setAnimationLoop(null);
    this.#renderer.dispose();
    delete this.#renderer.domElement.dataset['shows'];
  }

  #build(): void {
    const backdrop = new Mesh(new SphereGeometry(8, 16, 12), this.#materials.backdrop);
    const shadow = new Mesh(new CircleGeometry(0.5, 40).rotateX(-Math.PI / 2), this.#materials.shadow);
    shadow.position.y = TABLE_Y + 0.003;
    shadow.renderOrder = 1;
    const board = new CylinderGeometry(0.78, 0.8, 0.06, 64).translate(0, TABLE_Y - 0.03, 0);
    const table = new Mesh(toGeometry(painted(board)), this.#materials.table);
    this.#table.position.y = TABLE_Y;
    this.#scene.add(backdrop, table, shadow, this.#table);
  }

  #put(piece: Piece): void {
    const box = new Box3().copy(piece.box);
    const size = box.getSize(new Vector3());
    const centre = box.getCenter(new Vector3());
    const scale = 1 / Math.max(size.y, Math.hypot(size.x, size.z) * 0.82, 1e-3);
    const matrix = new Matrix4()
      .makeScale(scale, scale, scale)
      .multiply(new Matrix4().makeTranslation(-centre.x, -box.min.y, -centre.z));
    const solid = join([piece.plain, piece.glow].filter((part): part is Part => part !== null));
    if (solid) this.#add(new Mesh(toGeometry(placed(solid, matrix)), this.#materials.piece));
    if (piece.sheer) this.#add(new Mesh(toGeometry(placed(piece.sheer, matrix)), this.#materials.sheer));
    piece.textured?.traverse((object) => {
      if (!(object instanceof Mesh)) return;
      const mesh = new Mesh(object.geometry, object.material);
      dressTextured(mesh, this.#shared, this.#renderer);
      mesh.matrixAutoUpdate = false;
      mesh.matrix.multiplyMatrices(matrix, object.matrixWorld);
      mesh.userData['borrowed'] = true;
      this.#add(mesh);
    });
    this.#pointer.middle = Math.min(0.5, (size.y * scale) / 2);
    const radius = (Math.hypot(size.x, size.z) * scale) / 2;
    (this.#materials.shadow.uniforms['uRadius'] as { value: number }).value = Math.min(0.5, radius * 1.25);
  }

  #add(mesh: Mesh): void {
    this.#meshes.push(mesh);
    this.#table.add(mesh);
  }

  #clear(): void {
    for (const mesh of this.#meshes) {
      this.#table.remove(mesh);
      if (!mesh.userData['borrowed']) mesh.geometry.dispose();
    }
    this.#meshes = [];
    if (this.#taken) this.#source.assets.release(this.#taken);
    this.#taken = null;
  }

  #tick(ms: number): void {
    const seconds = Math.min((ms - (this.#lastMs || ms)) / 1000, 0.1);
    this.#lastMs = ms;
    const canvas = this.#renderer.domElement;
    const { clientWidth: width, clientHeight: height } = canvas;
    if (!width || !height) return;
    this.#renderer.setPixelRatio(Math.min(window.devicePixelRatio || 1, 2));
    if (this.#camera.aspect !== width / height || canvas.width !== Math.floor(width * this.#renderer.getPixelRatio())) {
      this.#renderer.setSize(width, height, false);
      this.#camera.aspect = width / height;
      this.#camera.updateProjectionMatrix();
    }
    const pointer = this.#pointer;
    const still = this.#source.settings.reducedMotion || performance.now() - pointer.touchedMs < IDLE_BEFORE_TURN_MS;
    if (!still) pointer.yaw += TURN_RAD_S * seconds;
    this.#table.rotation.y = pointer.yaw;
    const narrow = Math.max(1, 0.95 / this.#camera.aspect);
    const distance = 3.25 * narrow * pointer.zoom;
    const middle = TABLE_Y + pointer.middle;
    this.#camera.position.set(0, middle + Math.sin(pointer.pitch) * distance, Math.cos(pointer.pitch) * distance);
    this.#camera.lookAt(0, middle, 0);
    this.#renderer.render(this.#scene, this.#camera);
    if (this.#there === this.#wanted) canvas.dataset['shows'] = this.#there;
  }
}

/** A turntable of dark lacquered wood. */
function painted(geometry: CylinderGeometry): Part {
  const positions = new Float32Array(geometry.getAttribute('position').array);
  const normals = new Float32Array(geometry.getAttribute('normal').array);
  const count = positions.length / 3;
  const tint = new Uint8Array(count * 4);
  for (let i = 0; i < count; i++) tint.set([82, 62, 50, 80], i * 4);
  return {
    positions,
    normals,
    tint,
    shine: new Uint8Array(count * 4),
    index: new Uint32Array(geometry.index?.array ?? []),
  };
}

function backdropMaterial(): ShaderMaterial {
  return new ShaderMaterial({
    vertexShader: /* glsl */ `
      varying vec3 vAt;
      void main() {
        vAt = position;
        gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0);
      }
    `,
    fragmentShader: /* glsl */ `
      ${GLSL_SKY}
      varying vec3 vAt;
      void main() {
        vec3 at = normalize(vAt);
        float glow = exp(-3.2 * length(at.xy - vec2(0.0, 0.02)));
        vec3 colour = mix(INDIGO * 0.6, PLUM * 0.75, glow) + EMBER * 0.07 * glow * glow;
        gl_FragColor = vec4(colour, 1.0);
        #include <colorspace_fragment>
        gl_FragColor.rgb += (fract(52.9829189 * fract(dot(gl_FragCoord.xy, vec2(0.06711056, 0.00583715)))) - 0.5) / 255.0;
      }
    `,
    uniforms: { uEmber: { value: new Vector3(0, 0, -1) } },
    side: BackSide,
    depthWrite: false,
  });
}

function shadowMaterial(): ShaderMaterial {
  return new ShaderMaterial({
    vertexShader: /* glsl */ `
      varying vec2 vAt;
      uniform float uRadius;
      void main() {
        vAt = position.xz / 0.5;
        gl_Position = projectionMatrix * modelViewMatrix * vec4(position.x * uRadius * 2.0, 0.0, position.z * uRadius * 2.0, 1.0);
      }
    `,
    fragmentShader: /* glsl */ `
      varying vec2 vAt;
      void main() {
        float r = length(vAt);
        gl_FragColor = vec4(0.0, 0.0, 0.0, 0.7 * (1.0 - smoothstep(0.25, 1.0, r)));
      }
    `,
    uniforms: { uRadius: { value: 0.4 } },
    transparent: true,
    depthWrite: false,
  });
}
