/**
 * Fetches assets once, by their hash, and says truly how far that is.
 *
 * Whoever uses an asset takes it and gives it back; what nobody uses is kept for a while (people turn round) and then
 * forgotten, oldest first. A file that cannot be had or read becomes null: the street stands without it.
 */

import type { AssetRef } from '../net/wire.gen';
import { readPlainGlb } from './glb';
import { type Piece, toPiece } from './parts';

const PARALLEL = 6;
const TRIES = 3;
const KEEP_UNUSED = 24;

interface Entry {
  readonly ref: AssetRef;
  readonly piece: Promise<Piece | null>;
  users: number;
  bytes: number;
  settled: boolean;
}

/** Where the files are: an origin, empty for that of the page. Nobody waits any more for those of one that was left. */
interface Source {
  readonly origin: string;
  readonly abort: AbortController;
}

export class Assets {
  /** Called with the bytes that are here and the bytes that were asked for. */
  onProgress: (loadedBytes: number, totalBytes: number) => void = () => {};
  readonly failed = new Set<string>();
  #source: Source = { origin: '', abort: new AbortController() };
  #entries = new Map<string, Entry>();
  #waiting: (() => void)[] = [];
  #running = 0;

  take(ref: AssetRef): Promise<Piece | null> {
    const known = this.#entries.get(ref.sha256);
    if (known) {
      known.users++;
      return known.piece;
    }
    const entry: Entry = { ref, users: 1, bytes: 0, settled: false, piece: this.#load(ref) };
    this.#entries.set(ref.sha256, entry);
    this.#report();
    return entry.piece;
  }

  release(ref: AssetRef): void {
    const entry = this.#entries.get(ref.sha256);
    if (!entry) return;
    entry.users--;
    const unused = [...this.#entries.values()].filter((e) => e.users <= 0 && e.settled);
    for (const old of unused.slice(0, Math.max(0, unused.length - KEEP_UNUSED))) {
      this.#entries.delete(old.ref.sha256);
      void old.piece.then((piece) => piece && disposePiece(piece));
    }
  }

  /** Other files from another alley. None is kept: what one alley calls by a hash, another might show as its own. */
  moveTo(origin: string): void {
    this.#source.abort.abort();
    this.#source = { origin, abort: new AbortController() };
    this.failed.clear();
    this.#forget();
  }

  dispose(): void {
    this.#source.abort.abort();
    this.#forget();
  }

  #forget(): void {
    for (const entry of this.#entries.values()) void entry.piece.then((piece) => piece && disposePiece(piece));
    this.#entries.clear();
  }

  #report(): void {
    let loaded = 0;
    let total = 0;
    for (const entry of this.#entries.values()) {
      total += entry.ref.sizeBytes;
      loaded += entry.settled ? entry.ref.sizeBytes : Math.min(entry.bytes, entry.ref.sizeBytes);
    }
    this.onProgress(loaded, total);
  }

  async #load(ref: AssetRef): Promise<Piece | null> {
    const source = this.#source;
    if (this.#running >= PARALLEL) await new Promise<void>((go) => this.#waiting.push(go));
    this.#running++;
    try {
      const bytes = await this.#fetchTrying(ref, source);
      const plain = readPlainGlb(bytes);
      if (plain) return toPiece(plain);
      const { readForeignGlb } = await import('./foreign');
      return await readForeignGlb(bytes);
    } catch {
      if (source === this.#source) this.failed.add(ref.sha256);
      return null;
    } finally {
      this.#running--;
      this.#waiting.shift()?.();
      const entry = this.#entryOf(ref, source);
      if (entry) entry.settled = true;
      this.#report();
    }
  }

  #entryOf(ref: AssetRef, source: Source): Entry | undefined {
    return source === this.#source ? this.#entries.get(ref.sha256) : undefined;
  }

  async #fetchTrying(ref: AssetRef, source: Source): Promise<ArrayBuffer> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#fetch(ref, source);
      } catch (error) {
        if (attempt >= TRIES || source.abort.signal.aborted) throw error;
        await new Promise((later) => setTimeout(later, 400 * attempt * attempt));
      }
    }
  }

  async #fetch(ref: AssetRef, source: Source): Promise<ArrayBuffer> {
    const { signal } = source.abort;
    const response = await fetch(`${source.origin}/assets/${ref.sha256}.${ref.suffix}`, { signal });
    if (!response.ok || !response.body) throw new Error(`asset ${ref.sha256}: ${response.status}`);
    const chunks: Uint8Array[] = [];
    let size = 0;
    const reader = response.body.getReader();
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      chunks.push(read.value);
      size += read.value.byteLength;
      const entry = this.#entryOf(ref, source);
      if (entry) entry.bytes = size;
      this.#report();
    }
    const whole = new Uint8Array(size);
    let at = 0;
    for (const chunk of chunks) {
      whole.set(chunk, at);
      at += chunk.byteLength;
    }
    return whole.buffer;
  }
}

function disposePiece(piece: Piece): void {
  piece.textured?.traverse((object) => {
    const mesh = object as {
      geometry?: { dispose(): void };
      material?: { map?: { dispose(): void } | null; dispose(): void };
    };
    mesh.geometry?.dispose();
    mesh.material?.map?.dispose();
    mesh.material?.dispose?.();
  });
}
