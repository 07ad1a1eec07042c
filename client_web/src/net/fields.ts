/**
 * Readers for the values inside msgpack arrays.
 *
 * A reader takes whatever came off the wire and gives a typed value or throws `WireFault`; the generated readers in
 * `wire.gen.ts` are put together from these.
 */

export type Vec3 = readonly [x: number, y: number, z: number];
/** Unit quaternion x, y, z, w, as in glTF. */
export type Quat = readonly [x: number, y: number, z: number, w: number];
/** BCP 47 language tag to text; `en` is always there. */
export type LocalText = Readonly<Record<string, string>>;
/** Hair style, hair colour, face, pattern, kimono colour, sash colour, wood (each 0-15), height in cm. */
export type Look = readonly [number, number, number, number, number, number, number, number];

export type Reader<T> = (value: unknown) => T;

/** The server sent something that this client cannot read. */
export class WireFault extends Error {
  override readonly name = 'WireFault';
}

function fail(expected: string, value: unknown): never {
  throw new WireFault(`expected ${expected}, got ${value === null ? 'null' : typeof value}`);
}

export function readNumber(value: unknown): number {
  return typeof value === 'number' ? value : fail('a number', value);
}

export function readString(value: unknown): string {
  return typeof value === 'string' ? value : fail('a string', value);
}

export function readBool(value: unknown): boolean {
  return typeof value === 'boolean' ? value : fail('a boolean', value);
}

export function readBytes(value: unknown): Uint8Array {
  return value instanceof Uint8Array ? value : fail('bytes', value);
}

export function readFields(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : fail('an array', value);
}

export function readText(value: unknown): LocalText {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return fail('a text', value);
  for (const text of Object.values(value)) readString(text);
  return value as LocalText;
}

export function listOf<T>(read: Reader<T>): Reader<readonly T[]> {
  return (value) => readFields(value).map(read);
}

export function orNull<T>(read: Reader<T>): Reader<T | null> {
  return (value) => (value === null || value === undefined ? null : read(value));
}

export function tupleOf<T extends readonly unknown[]>(...readers: { [K in keyof T]: Reader<T[K]> }): Reader<T> {
  return (value) => {
    const fields = readFields(value);
    return readers.map((read, index) => read(fields[index])) as unknown as T;
  };
}

export const readVec3: Reader<Vec3> = tupleOf<Vec3>(readNumber, readNumber, readNumber);
export const readQuat: Reader<Quat> = tupleOf<Quat>(readNumber, readNumber, readNumber, readNumber);

export function readLook(value: unknown): Look {
  return listOf(readNumber)(value) as unknown as Look;
}
