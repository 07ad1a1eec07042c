/** A sheet of paper in the air: painted on a canvas, with buttons that a ray can press. */

import {
  CanvasTexture,
  LinearFilter,
  LinearMipmapLinearFilter,
  Mesh,
  MeshBasicMaterial,
  PlaneGeometry,
  type Ray,
  SRGBColorSpace,
  Vector3,
} from 'three';
import { rounded, SANS, SERIF } from '../scene/lettering';

const PIXELS_PER_M = 1100;

export interface Line {
  readonly text: string;
  readonly kind: 'title' | 'text' | 'small' | 'button';
  readonly press?: () => void;
}

interface Button {
  readonly top: number;
  readonly bottom: number;
  readonly press: () => void;
}

export class Panel {
  readonly mesh: Mesh<PlaneGeometry, MeshBasicMaterial>;
  readonly #context: CanvasRenderingContext2D;
  readonly #texture: CanvasTexture;
  readonly #width: number;
  readonly #height: number;
  #buttons: Button[] = [];
  #lines: readonly Line[] = [];
  #hovered = -1;

  constructor(widthM: number, heightM: number) {
    const canvas = document.createElement('canvas');
    this.#width = Math.round(widthM * PIXELS_PER_M);
    this.#height = Math.round(heightM * PIXELS_PER_M);
    canvas.width = this.#width;
    canvas.height = this.#height;
    const context = canvas.getContext('2d');
    if (!context) throw new Error('no canvas for a panel');
    this.#context = context;
    this.#texture = new CanvasTexture(canvas);
    this.#texture.colorSpace = SRGBColorSpace;
    this.#texture.minFilter = LinearMipmapLinearFilter;
    this.#texture.magFilter = LinearFilter;
    this.#texture.anisotropy = 4;
    const material = new MeshBasicMaterial({ map: this.#texture, transparent: true, toneMapped: false });
    this.mesh = new Mesh(new PlaneGeometry(widthM, heightM), material);
    this.mesh.renderOrder = 20;
    this.mesh.visible = false;
  }

  get open(): boolean {
    return this.mesh.visible;
  }

  show(lines: readonly Line[]): void {
    this.#lines = lines;
    this.#paint();
    this.mesh.visible = true;
  }

  hide(): void {
    this.mesh.visible = false;
    this.#hovered = -1;
  }

  /** Hang it in front of somebody, at a distance, facing them. */
  hang(eyes: Vector3, at: Vector3): void {
    this.mesh.position.copy(at);
    this.mesh.lookAt(eyes);
  }

  /** How far along the ray the sheet is, and which button is under it. */
  aim(ray: Ray): { distance: number; button: number } | null {
    if (!this.mesh.visible) return null;
    const local = ray.clone().applyMatrix4(this.mesh.matrixWorld.clone().invert());
    if (Math.abs(local.direction.z) < 1e-6) return null;
    const along = -local.origin.z / local.direction.z;
    const { width, height } = this.mesh.geometry.parameters;
    hit.copy(local.origin).addScaledVector(local.direction, along);
    if (along <= 0 || Math.abs(hit.x) > width / 2 || Math.abs(hit.y) > height / 2) return null;
    const y = (0.5 - hit.y / height) * this.#height;
    const button = this.#buttons.findIndex((each) => y >= each.top && y <= each.bottom);
    return { distance: hit.applyMatrix4(this.mesh.matrixWorld).distanceTo(ray.origin), button };
  }

  hover(button: number): void {
    if (button === this.#hovered) return;
    this.#hovered = button;
    this.#paint();
  }

  press(button: number): boolean {
    const found = this.#buttons[button];
    found?.press();
    return found !== undefined;
  }

  dispose(): void {
    this.mesh.removeFromParent();
    this.mesh.geometry.dispose();
    this.mesh.material.dispose();
    this.#texture.dispose();
  }

  #paint(): void {
    const c = this.#context;
    c.clearRect(0, 0, this.#width, this.#height);
    rounded(c, 2, 2, this.#width - 4, this.#height - 4, 22);
    c.fillStyle = '#f6efe3';
    c.fill();
    c.strokeStyle = '#b9a88a';
    c.lineWidth = 3;
    c.stroke();
    this.#buttons = [];
    let y = 34;
    for (const line of this.#lines) y = line.kind === 'button' ? this.#button(line, y) : this.#text(line, y);
    this.#texture.needsUpdate = true;
  }

  #text(line: Line, top: number): number {
    const c = this.#context;
    const size = line.kind === 'title' ? 38 : line.kind === 'text' ? 26 : 22;
    c.font = line.kind === 'title' ? `600 ${size}px ${SERIF}` : `${size}px ${SANS}`;
    c.fillStyle = line.kind === 'small' ? '#5a5348' : '#22201c';
    c.textAlign = 'left';
    c.textBaseline = 'top';
    let y = top;
    for (const row of wrapText(line.text, this.#width - 72, (text) => c.measureText(text).width)) {
      if (y + size > this.#height - 24) break;
      c.fillText(row, 36, y);
      y += size * 1.35;
    }
    return y + 10;
  }

  #button(line: Line, top: number): number {
    const c = this.#context;
    const height = 52;
    const hot = this.#buttons.length === this.#hovered;
    rounded(c, 28, top, this.#width - 56, height, 12);
    c.fillStyle = hot ? '#28407a' : '#e9dfcc';
    c.fill();
    c.fillStyle = hot ? '#f6efe3' : '#22201c';
    c.font = `26px ${SANS}`;
    c.textAlign = 'left';
    c.textBaseline = 'middle';
    c.fillText(line.text, 50, top + height / 2);
    this.#buttons.push({ top, bottom: top + height, press: line.press ?? (() => {}) });
    return top + height + 9;
  }
}

/** Break a text into rows that fit; between words where there are words, anywhere in Japanese. */
export function wrapText(text: string, width: number, measure: (text: string) => number): string[] {
  const pieces = text.match(/[\u3000-\u9fff\uff00-\uffef]|[^\s\u3000-\u9fff\uff00-\uffef]+\s*|\s+/g) ?? [];
  const rows: string[] = [];
  let row = '';
  for (const piece of pieces) {
    if (row && measure((row + piece).trimEnd()) > width) {
      rows.push(row.trimEnd());
      row = piece.trimStart();
    } else {
      row += piece;
    }
  }
  if (row.trim()) rows.push(row.trimEnd());
  return rows;
}

const hit = new Vector3();
