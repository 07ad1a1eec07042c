/**
 * The part of msgpack that the protocol uses, in few lines, because every visitor downloads it first.
 *
 * Writes null, booleans, finite numbers, strings, bytes and arrays in their shortest form, as the server does. Reads all
 * of msgpack but extension types. Bytes are copied out of the frame, so that a frame doesn't stay in memory for them.
 */

import { WireFault } from './fields';

const MAX_DEPTH = 64;
const toUtf8 = new TextEncoder();
const fromUtf8 = new TextDecoder('utf-8', { fatal: true });

class Writer {
  #view = new DataView(new ArrayBuffer(256));
  #at = 0;

  get bytes(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#view.buffer as ArrayBuffer, 0, this.#at).slice();
  }

  #room(size: number): DataView {
    if (this.#at + size > this.#view.byteLength) {
      const larger = new Uint8Array(Math.max(this.#view.byteLength * 2, this.#at + size));
      larger.set(new Uint8Array(this.#view.buffer, 0, this.#at));
      this.#view = new DataView(larger.buffer);
    }
    return this.#view;
  }

  #unsigned(prefix: number | null, value: number, size: 1 | 2 | 4): void {
    const view = this.#room(size + 1);
    if (prefix !== null) view.setUint8(this.#at++, prefix);
    if (size === 1) view.setUint8(this.#at, value);
    else if (size === 2) view.setUint16(this.#at, value);
    else view.setUint32(this.#at, value);
    this.#at += size;
  }

  /** The first of the sizes that holds a length; `prefixes` are for 8, 16 and 32 bits. */
  #length(length: number, prefixes: readonly [number | null, number, number]): void {
    const [one, two, four] = prefixes;
    if (one !== null && length < 0x100) this.#unsigned(one, length, 1);
    else if (length < 0x10000) this.#unsigned(two, length, 2);
    else this.#unsigned(four, length, 4);
  }

  #raw(bytes: Uint8Array): void {
    const view = this.#room(bytes.length);
    new Uint8Array(view.buffer).set(bytes, this.#at);
    this.#at += bytes.length;
  }

  #number(value: number): void {
    if (Number.isInteger(value) && value >= 0 && value <= 0xffff_ffff) {
      if (value < 0x80) this.#unsigned(null, value, 1);
      else this.#length(value, [0xcc, 0xcd, 0xce]);
    } else if (Number.isInteger(value) && value < 0 && value >= -32) {
      this.#unsigned(null, value & 0xff, 1);
    } else {
      const view = this.#room(9);
      view.setUint8(this.#at, 0xcb);
      view.setFloat64(this.#at + 1, value);
      this.#at += 9;
    }
  }

  write(value: unknown): void {
    if (value === null) this.#unsigned(null, 0xc0, 1);
    else if (typeof value === 'boolean') this.#unsigned(null, value ? 0xc3 : 0xc2, 1);
    else if (typeof value === 'number') this.#number(value);
    else if (typeof value === 'string') {
      const bytes = toUtf8.encode(value);
      if (bytes.length < 32) this.#unsigned(null, 0xa0 | bytes.length, 1);
      else this.#length(bytes.length, [0xd9, 0xda, 0xdb]);
      this.#raw(bytes);
    } else if (value instanceof Uint8Array) {
      this.#length(value.length, [0xc4, 0xc5, 0xc6]);
      this.#raw(value);
    } else if (Array.isArray(value)) {
      if (value.length < 16) this.#unsigned(null, 0x90 | value.length, 1);
      else this.#length(value.length, [null, 0xdc, 0xdd]);
      for (const one of value) this.write(one);
    } else throw new TypeError(`cannot send a ${typeof value}`);
  }
}

export function encode(value: unknown): Uint8Array<ArrayBuffer> {
  const writer = new Writer();
  writer.write(value);
  return writer.bytes;
}

class Cursor {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;
  #depth = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  #skip(size: number): number {
    const from = this.#at;
    this.#at += size;
    if (this.#at > this.#bytes.length) throw new WireFault('the frame is cut off');
    return from;
  }

  #unsigned(size: number): number {
    const from = this.#skip(size);
    if (size === 1) return this.#view.getUint8(from);
    return size === 2 ? this.#view.getUint16(from) : this.#view.getUint32(from);
  }

  #text(length: number): string {
    const from = this.#skip(length);
    return fromUtf8.decode(this.#bytes.subarray(from, from + length));
  }

  #raw(length: number): Uint8Array {
    const from = this.#skip(length);
    return this.#bytes.slice(from, from + length);
  }

  #list(length: number): unknown[] {
    const list: unknown[] = [];
    for (let i = 0; i < length; i++) list.push(this.read());
    return list;
  }

  #map(length: number): Record<string, unknown> {
    const entries: [string, unknown][] = [];
    for (let i = 0; i < length; i++) entries.push([String(this.read()), this.read()]);
    // Unlike assignment, this makes an own property even of a key like `__proto__`.
    return Object.fromEntries(entries);
  }

  read(): unknown {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) throw new WireFault('nested too deeply');
    const value = this.#value(this.#unsigned(1));
    this.#depth -= 1;
    return value;
  }

  #value(head: number): unknown {
    if (head < 0x80) return head;
    if (head < 0x90) return this.#map(head & 0x0f);
    if (head < 0xa0) return this.#list(head & 0x0f);
    if (head < 0xc0) return this.#text(head & 0x1f);
    if (head >= 0xe0) return head - 0x100;
    if (head >= 0xc4 && head <= 0xc6) return this.#raw(this.#unsigned(1 << (head - 0xc4)));
    if (head >= 0xcc && head <= 0xce) return this.#unsigned(1 << (head - 0xcc));
    if (head >= 0xd9 && head <= 0xdb) return this.#text(this.#unsigned(1 << (head - 0xd9)));
    return this.#rare(head);
  }

  #rare(head: number): unknown {
    switch (head) {
      case 0xc0:
        return null;
      case 0xc2:
        return false;
      case 0xc3:
        return true;
      case 0xca:
        return this.#view.getFloat32(this.#skip(4));
      case 0xcb:
        return this.#view.getFloat64(this.#skip(8));
      case 0xcf:
        return Number(this.#view.getBigUint64(this.#skip(8)));
      case 0xd0:
        return this.#view.getInt8(this.#skip(1));
      case 0xd1:
        return this.#view.getInt16(this.#skip(2));
      case 0xd2:
        return this.#view.getInt32(this.#skip(4));
      case 0xd3:
        return Number(this.#view.getBigInt64(this.#skip(8)));
      case 0xdc:
      case 0xdd:
        return this.#list(this.#unsigned(head === 0xdc ? 2 : 4));
      case 0xde:
      case 0xdf:
        return this.#map(this.#unsigned(head === 0xde ? 2 : 4));
      default:
        throw new WireFault(`there is no msgpack type ${head}`);
    }
  }
}

/** The values in a frame, one after the other. */
export function* decodeAll(frame: Uint8Array): Generator<unknown, void, undefined> {
  const cursor = new Cursor(frame);
  while (!cursor.isAtEnd) yield cursor.read();
}
