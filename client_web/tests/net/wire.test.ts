import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeAll, encode } from '../../src/net/msgpack';
import { frameCentre, packPose, readHands, readHeads } from '../../src/net/pose';
import { packRotation, unpackRotation } from '../../src/net/rotation';
import { type Inbound, readOutbound, toFields } from '../../src/net/wire.gen';

interface Hand {
  position: [number, number, number];
  rotation: [number, number, number, number];
}

interface Vectors {
  inbound: { hex: string; value: Inbound }[];
  outbound: { hex: string; value: unknown }[];
  tolerated: { hex: string; value: unknown }[];
  rotations: { rotation: [number, number, number, number]; packed: number; unpacked: number[] }[];
  records: {
    hex: string;
    column: number;
    row: number;
    cellM: number;
    floorM: number;
    slot: number;
    position: number[];
  }[];
  ownPoses: (Hand & { hex: string; sequence: number; epoch: number; sitting: boolean; hands: [Hand, Hand] | null })[];
}

const vectors: Vectors = JSON.parse(readFileSync(resolve(process.cwd(), '../tests/vectors/wire.json'), 'utf8'));

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** `{hex}` objects of the vectors become bytes, as the decoder gives them. */
function revive(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(revive);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value);
  if (fields.length === 1 && fields[0]?.[0] === 'hex') return bytesOf(fields[0][1] as string);
  return Object.fromEntries(fields.map(([key, one]) => [key, revive(one)]));
}

function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return { hex: hexOf(value) };
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]));
}

function decode(bytes: Uint8Array): unknown {
  const values = [...decodeAll(bytes)];
  expect(values).toHaveLength(1);
  return values[0];
}

describe('golden vectors', () => {
  it.each(vectors.inbound)('writes $value.type as the server reads it', ({ hex, value }) => {
    expect(hexOf(encode(toFields(revive(value) as Inbound)))).toBe(hex);
  });

  it.each([...vectors.outbound, ...vectors.tolerated])('reads $value.type as the server wrote it', ({ hex, value }) => {
    expect(plain(readOutbound(decode(bytesOf(hex))))).toEqual(value);
  });

  it.each(vectors.rotations)('packs the rotation $rotation', ({ rotation, packed, unpacked }) => {
    expect(packRotation(rotation)).toBe(packed);
    const out: number[] = [];
    unpackRotation(packed, out);
    unpacked.forEach((part, index) => {
      expect(out[index]).toBeCloseTo(part, 5);
    });
  });

  it.each(vectors.records)('places the record of slot $slot near cell $column, $row', (vector) => {
    // Records are not aligned inside a frame.
    const shifted = new Uint8Array(bytesOf(vector.hex).length + 1);
    shifted.set(bytesOf(vector.hex), 1);
    const seen: [number, number[]][] = [];
    const place = frameCentre(vector.column, vector.row, vector.cellM, vector.floorM);
    readHeads(shifted.subarray(1), place, (slot, numbers) => seen.push([slot, Array.from(numbers.subarray(0, 3))]));
    expect(seen).toHaveLength(1);
    expect(seen[0]?.[0]).toBe(vector.slot);
    vector.position.forEach((part, index) => {
      expect(seen[0]?.[1][index]).toBeCloseTo(part, 3);
    });
  });

  it.each(vectors.ownPoses)('packs the own pose (sitting: $sitting)', (vector) => {
    const hands = vector.hands?.map((hand) => ({
      rotation: hand.rotation,
      position: hand.position.map((offset, axis) => offset + (vector.position[axis] as number)),
    })) as [Hand, Hand] | undefined;
    expect(hexOf(packPose({ ...vector, hands: hands ?? null }, vector.sequence))).toBe(vector.hex);
  });

  it('reads hands back', () => {
    const vector = vectors.ownPoses.find((one) => one.hands);
    const packed = bytesOf(vector?.hex ?? '').subarray(20);
    const record = new Uint8Array(22);
    record[0] = 17;
    record.set(packed, 2);
    const seen: [number, number[]][] = [];
    readHands(record, (slot, numbers) => seen.push([slot, Array.from(numbers)]));
    expect(seen[0]?.[0]).toBe(17);
    vector?.hands?.forEach((hand, side) => {
      hand.position.forEach((part, axis) => {
        expect(seen[0]?.[1][side * 7 + axis]).toBeCloseTo(part, 4);
      });
    });
  });
});

describe('an outbound message that is broken', () => {
  it.each([[42], [[]], [[46]], [[46, 'three']], [[33, 1, 0, 0, 'no bytes', null]], [[35, [[1]]]]])(
    'is refused or ignored, never half read: %j',
    (...fields) => {
      const read = () => readOutbound(fields[0]);
      try {
        expect(read()).toBeNull();
      } catch (error) {
        expect((error as Error).name).toBe('WireFault');
      }
    },
  );
});
