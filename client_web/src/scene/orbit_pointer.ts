/** Turning and nearing one piece with mouse, fingers or keys. */

const RAD_PER_PX = 0.009;
const KEY_RAD = 0.2;
const ZOOM_NEAREST = 0.45;
const ZOOM_FARTHEST = 1.5;

export class OrbitPointer {
  yaw = 0.4;
  pitch = 0.26;
  /** 1 shows the whole piece. */
  zoom = 1;
  /** Height of the piece's middle above the table. */
  middle = 0.4;
  touchedMs = Number.NEGATIVE_INFINITY;
  readonly #points = new Map<number, { x: number; y: number }>();
  readonly #abort = new AbortController();

  constructor(canvas: HTMLCanvasElement) {
    const { signal } = this.#abort;
    canvas.style.touchAction = 'none';
    canvas.addEventListener('pointerdown', (event) => this.#down(canvas, event), { signal });
    canvas.addEventListener('pointermove', (event) => this.#move(event), { signal });
    for (const name of ['pointerup', 'pointercancel', 'lostpointercapture'] as const) {
      canvas.addEventListener(name, (event) => this.#points.delete(event.pointerId), { signal });
    }
    canvas.addEventListener('wheel', (event) => this.#wheel(event), { signal, passive: false });
    canvas.addEventListener('keydown', (event) => this.#key(event), { signal });
  }

  reset(): void {
    this.yaw = 0.4;
    this.pitch = 0.26;
    this.zoom = 1;
  }

  turn(yaw: number, pitch: number): void {
    this.yaw += yaw;
    this.pitch = Math.min(Math.max(this.pitch + pitch, -0.12), 1.35);
    this.touchedMs = performance.now();
  }

  near(factor: number): void {
    this.zoom = Math.min(Math.max(this.zoom * factor, ZOOM_NEAREST), ZOOM_FARTHEST);
    this.touchedMs = performance.now();
  }

  dispose(): void {
    this.#abort.abort();
  }

  #down(canvas: HTMLCanvasElement, event: PointerEvent): void {
    canvas.setPointerCapture(event.pointerId);
    this.#points.set(event.pointerId, { x: event.clientX, y: event.clientY });
  }

  #move(event: PointerEvent): void {
    const before = this.#points.get(event.pointerId);
    if (!before) return;
    const spread = this.#spread();
    const dx = event.clientX - before.x;
    const dy = event.clientY - before.y;
    before.x = event.clientX;
    before.y = event.clientY;
    if (this.#points.size === 1) this.turn(dx * RAD_PER_PX, dy * RAD_PER_PX);
    else if (spread > 0) this.near(spread / Math.max(this.#spread(), 1));
  }

  #spread(): number {
    const [a, b] = [...this.#points.values()];
    return a && b ? Math.hypot(a.x - b.x, a.y - b.y) : 0;
  }

  #wheel(event: WheelEvent): void {
    event.preventDefault();
    this.near(Math.exp(Math.sign(event.deltaY) * Math.min(Math.abs(event.deltaY), 100) * 0.0016));
  }

  #key(event: KeyboardEvent): void {
    const act = KEYS[event.key];
    if (!act) return;
    event.preventDefault();
    // Next and previous exhibit may listen to arrows further up.
    event.stopPropagation();
    act(this);
  }
}

const KEYS: Readonly<Record<string, (pointer: OrbitPointer) => void>> = {
  ArrowLeft: (pointer) => pointer.turn(-KEY_RAD, 0),
  ArrowRight: (pointer) => pointer.turn(KEY_RAD, 0),
  ArrowUp: (pointer) => pointer.turn(0, KEY_RAD / 2),
  ArrowDown: (pointer) => pointer.turn(0, -KEY_RAD / 2),
  '+': (pointer) => pointer.near(0.88),
  '=': (pointer) => pointer.near(0.88),
  '-': (pointer) => pointer.near(1.14),
};
