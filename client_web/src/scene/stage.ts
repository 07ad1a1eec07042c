/** Renderer, camera and sky: what a scene is shown with. Survives a lost graphics context. */

import {
  ACESFilmicToneMapping,
  Group,
  MathUtils,
  Mesh,
  PerspectiveCamera,
  Scene,
  SphereGeometry,
  SRGBColorSpace,
  WebGLRenderer,
} from 'three';
import { skyMaterial } from './materials';
import { type SharedUniforms, sharedUniforms } from './shading';

const NEAR_M = 0.05;
const FAR_M = 160;
const FOV_DEG = 62;
/** From side to side: a phone held upright still shows a whole shop front, a wide screen doesn't stretch people. */
const NARROWEST_DEG = 45;
const WIDEST_DEG = 96;

export class Stage {
  readonly renderer: WebGLRenderer;
  readonly scene = new Scene();
  readonly camera = new PerspectiveCamera(FOV_DEG, 1, NEAR_M, FAR_M);
  /** What the camera stands on; moves with the visitor, also in a headset. */
  readonly rig = new Group();
  readonly shared: SharedUniforms = sharedUniforms();
  readonly #sky: Mesh;
  #pixelRatio = 1;
  #width = 0;
  #height = 0;

  constructor(canvas: HTMLCanvasElement) {
    this.renderer = new WebGLRenderer({ canvas, antialias: true, powerPreference: 'high-performance', stencil: false });
    this.renderer.outputColorSpace = SRGBColorSpace;
    this.renderer.toneMapping = ACESFilmicToneMapping;
    this.renderer.toneMappingExposure = 1.25;
    this.renderer.info.autoReset = false;
    this.#sky = new Mesh(new SphereGeometry(1, 24, 16), skyMaterial(this.shared));
    this.#sky.frustumCulled = false;
    // Behind everything, drawn after what hides it.
    this.#sky.renderOrder = 5;
    this.rig.add(this.camera);
    this.scene.add(this.rig, this.#sky);
    this.scene.matrixWorldAutoUpdate = true;
  }

  /** Draw with at most this many pixels a CSS pixel; below 1 a share of the screen's own. */
  setPixelRatio(most: number): void {
    const own = window.devicePixelRatio || 1;
    this.#pixelRatio = most < 1 ? most * Math.min(own, 1.25) : Math.min(own, most);
    this.#width = 0;
    this.fit();
  }

  /** Follow the canvas' size on the page. */
  fit(): void {
    const { renderer, camera } = this;
    const { clientWidth, clientHeight } = renderer.domElement;
    if (renderer.xr.isPresenting || clientWidth === 0 || clientHeight === 0) return;
    if (clientWidth === this.#width && clientHeight === this.#height) return;
    this.#width = clientWidth;
    this.#height = clientHeight;
    renderer.setPixelRatio(this.#pixelRatio);
    renderer.setSize(clientWidth, clientHeight, false);
    camera.aspect = clientWidth / clientHeight;
    camera.fov = fieldOfView(camera.aspect);
    camera.updateProjectionMatrix();
  }

  /** Take the page's size again, after a headset had its own. */
  refit(): void {
    this.#width = 0;
    this.fit();
  }

  render(): void {
    this.renderer.info.reset();
    this.renderer.render(this.scene, this.camera);
  }

  dispose(): void {
    this.#sky.geometry.dispose();
    this.renderer.setAnimationLoop(null);
    this.renderer.dispose();
  }
}

/** The field of view from bottom to top, in degrees, of a picture with this width for its height. */
export function fieldOfView(aspect: number): number {
  const upright = (across: number): number =>
    2 * MathUtils.radToDeg(Math.atan(Math.tan(MathUtils.degToRad(across / 2)) / aspect));
  return MathUtils.clamp(FOV_DEG, upright(NARROWEST_DEG), upright(WIDEST_DEG));
}
