/**
 * Lettered boards: signs, labels and name tags.
 *
 * Theory: the browser's own text engine knows every script, so letters are painted on a canvas, one cell a board; all
 * boards of a kind are then one draw call of textured quads. A board either hangs still (a rotation) or turns to face
 * whoever looks (`facing`).
 */

import {
  CanvasTexture,
  DynamicDrawUsage,
  InstancedBufferAttribute,
  InstancedBufferGeometry,
  LinearFilter,
  LinearMipmapLinearFilter,
  Mesh,
  PlaneGeometry,
  type Quaternion,
  ShaderMaterial,
  SRGBColorSpace,
} from 'three';
import { GLSL_FINISH, GLSL_SHADE, type SharedUniforms } from './shading';

const VERTEX = /* glsl */ `
attribute vec4 placeWidth;
attribute vec4 turn;
attribute vec4 cell;
attribute vec4 look;
varying vec2 vUv_;
varying vec3 vPlace;
varying vec3 vNormal_;
varying vec2 vLook;
vec3 rotate(vec4 q, vec3 v) { return v + 2.0 * cross(q.xyz, cross(q.xyz, v) + q.w * v); }
void main() {
  vUv_ = cell.xy + uv * cell.zw;
  vLook = look.zw;
  vec2 corner = position.xy * vec2(placeWidth.w, placeWidth.w * look.x);
  vec3 centre = placeWidth.xyz;
  vec3 offset;
  if (look.y > 0.5) {
    vec3 away = cameraPosition - centre;
    vec2 flat_ = normalize(away.xz + vec2(1e-5, 0.0));
    offset = vec3(flat_.y * corner.x, corner.y, -flat_.x * corner.x);
    vNormal_ = vec3(flat_.x, 0.0, flat_.y);
  } else {
    offset = rotate(turn, vec3(corner, 0.0));
    vNormal_ = rotate(turn, vec3(0.0, 0.0, 1.0));
  }
  vPlace = centre + offset;
  gl_Position = projectionMatrix * viewMatrix * vec4(vPlace, 1.0);
}
`;

const FRAGMENT = /* glsl */ `
uniform sampler2D uAtlas;
uniform float uFogDensity;
uniform float uInk;
varying vec2 vUv_;
varying vec3 vPlace;
varying vec3 vNormal_;
varying vec2 vLook;
${GLSL_SHADE}
void main() {
  const float hazeShare = 1.0;
  vec4 ink = texture2D(uAtlas, vUv_);
  float alpha = ink.a * vLook.x;
  if (alpha < 0.02) discard;
  vec3 colour = ink.rgb / max(ink.a, 1e-3);
  // Small letters thin out towards the paper: this gives their strokes back.
  colour = mix(colour, colour * colour, uInk);
  vec3 normal = normalize(vNormal_);
  vec3 light = shade(vPlace, normal, normalize(cameraPosition - vPlace), colour, 0.8, 0.0, 0.0);
  gl_FragColor = vec4(mix(light, colour * 1.05, vLook.y), alpha);
  ${GLSL_FINISH}
}
`;

export interface Board {
  x: number;
  y: number;
  z: number;
  /** In metres; the height follows from the cell. */
  width: number;
  /** null faces whoever looks, upright. */
  turn: Quaternion | null;
  alpha: number;
  /** 0 takes the street's light, 1 is lit by itself. */
  glow: number;
}

/** Size of one cell, in pixels, and how many of them fit. */
export interface Sheet {
  readonly cellWidth: number;
  readonly cellHeight: number;
  readonly columns: number;
  readonly rows: number;
  /** 0 to 1: how much small dark letters on paper are strengthened. */
  readonly ink?: number;
}

export class Plates {
  readonly mesh: Mesh<InstancedBufferGeometry, ShaderMaterial>;
  readonly sheet: Sheet;
  readonly #context: CanvasRenderingContext2D;
  readonly #texture: CanvasTexture;
  readonly #place: InstancedBufferAttribute;
  readonly #turn: InstancedBufferAttribute;
  readonly #cell: InstancedBufferAttribute;
  readonly #look: InstancedBufferAttribute;
  #count = 0;

  constructor(shared: SharedUniforms, sheet: Sheet) {
    this.sheet = sheet;
    const canvas = document.createElement('canvas');
    canvas.width = sheet.cellWidth * sheet.columns;
    canvas.height = sheet.cellHeight * sheet.rows;
    const context = canvas.getContext('2d');
    if (!context) throw new Error('no canvas to letter signs on');
    this.#context = context;
    this.#texture = new CanvasTexture(canvas);
    this.#texture.colorSpace = SRGBColorSpace;
    this.#texture.minFilter = LinearMipmapLinearFilter;
    this.#texture.magFilter = LinearFilter;
    this.#texture.anisotropy = 4;
    this.#texture.premultiplyAlpha = true;
    const capacity = sheet.columns * sheet.rows;
    const quad = new PlaneGeometry(1, 1);
    const geometry = new InstancedBufferGeometry();
    geometry.setAttribute('position', quad.getAttribute('position'));
    geometry.setAttribute('uv', quad.getAttribute('uv'));
    geometry.setIndex(quad.getIndex());
    const attribute = (name: string): InstancedBufferAttribute => {
      const made = new InstancedBufferAttribute(new Float32Array(capacity * 4), 4);
      made.setUsage(DynamicDrawUsage);
      geometry.setAttribute(name, made);
      return made;
    };
    this.#place = attribute('placeWidth');
    this.#turn = attribute('turn');
    this.#cell = attribute('cell');
    this.#look = attribute('look');
    this.mesh = new Mesh(geometry, plateMaterial(shared, this.#texture, sheet.ink ?? 0));
    this.mesh.frustumCulled = false;
    this.mesh.renderOrder = 4;
    this.begin();
    this.end();
  }

  get capacity(): number {
    return this.sheet.columns * this.sheet.rows;
  }

  /** Paint one cell; the painter's origin is its top left corner and it is clipped to it. */
  paint(cell: number, painter: (context: CanvasRenderingContext2D, width: number, height: number) => void): void {
    const { cellWidth, cellHeight, columns } = this.sheet;
    const context = this.#context;
    context.save();
    context.translate((cell % columns) * cellWidth, Math.floor(cell / columns) * cellHeight);
    context.beginPath();
    context.rect(0, 0, cellWidth, cellHeight);
    context.clip();
    context.clearRect(0, 0, cellWidth, cellHeight);
    painter(context, cellWidth, cellHeight);
    context.restore();
    this.#texture.needsUpdate = true;
  }

  begin(): void {
    this.#count = 0;
  }

  /** Show a cell as a board; `part` is the share of the cell's width and height that is painted. */
  add(cell: number, board: Readonly<Board>, part: readonly [number, number] = [1, 1]): void {
    if (this.#count >= this.capacity) return;
    const { cellWidth, cellHeight, columns, rows } = this.sheet;
    const i = this.#count++;
    const u = (cell % columns) / columns;
    const v = 1 - (Math.floor(cell / columns) + part[1]) / rows;
    this.#place.setXYZW(i, board.x, board.y, board.z, board.width);
    this.#turn.setXYZW(i, board.turn?.x ?? 0, board.turn?.y ?? 0, board.turn?.z ?? 0, board.turn?.w ?? 1);
    this.#cell.setXYZW(i, u, v, part[0] / columns, part[1] / rows);
    const aspect = (cellHeight * part[1]) / (cellWidth * part[0]);
    this.#look.setXYZW(i, aspect, board.turn ? 0 : 1, board.alpha, board.glow);
  }

  end(): void {
    for (const attribute of [this.#place, this.#turn, this.#cell, this.#look]) attribute.needsUpdate = true;
    this.mesh.geometry.instanceCount = this.#count;
    this.mesh.visible = this.#count > 0;
  }

  dispose(): void {
    this.mesh.geometry.dispose();
    this.mesh.material.dispose();
    this.#texture.dispose();
  }
}

function plateMaterial(shared: SharedUniforms, atlas: CanvasTexture, ink: number): ShaderMaterial {
  return new ShaderMaterial({
    vertexShader: VERTEX,
    fragmentShader: FRAGMENT,
    uniforms: { ...shared, uAtlas: { value: atlas }, uInk: { value: ink } },
    transparent: true,
    depthWrite: false,
  });
}
