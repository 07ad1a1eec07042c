import { decode as referenceDecode, encode as referenceEncode } from '@msgpack/msgpack';
import { describe, expect, it } from 'vitest';
import { decodeAll, encode } from '../../src/net/msgpack';

function decode(bytes: Uint8Array): unknown {
  return [...decodeAll(bytes)][0];
}

const VALUES: unknown[] = [
  null,
  true,
  false,
  0,
  127,
  128,
  255,
  256,
  65_535,
  65_536,
  4_294_967_295,
  -1,
  -32,
  -33,
  1.5,
  -0.25,
  1_790_000_000_000,
  -40_000.5,
  Number.MAX_VALUE,
  '',
  'a'.repeat(31),
  'a'.repeat(32),
  'é'.repeat(200),
  '横'.repeat(30_000),
  new Uint8Array(),
  new Uint8Array(40).fill(7),
  new Uint8Array(300).fill(7),
  new Uint8Array(70_000).fill(7),
  [],
  Array.from({ length: 15 }, (_, i) => i),
  Array.from({ length: 16 }, (_, i) => i),
  Array.from({ length: 70_000 }, () => null),
  [[['deep', [1, [2]]]], new Uint8Array([1])],
];

describe('msgpack', () => {
  it.each(VALUES.map((value, index) => [index, value] as const))(
    'writes value %i so that others read it',
    (_, value) => {
      expect(referenceDecode(encode(value))).toEqual(value);
    },
  );

  it.each(VALUES.map((value, index) => [index, value] as const))('reads value %i as others write it', (_, value) => {
    expect(decode(referenceEncode(value))).toEqual(value);
  });

  it('reads maps, negative and 64-bit numbers and short floats', () => {
    const texts = { en: 'Tea', ja: 'お茶', ...Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`k${i}`, i])) };
    expect(decode(referenceEncode(texts))).toEqual(texts);
    for (const number of [-33, -129, -32_769, -2_147_483_649, 2 ** 40]) {
      expect(decode(referenceEncode(number))).toBe(number);
    }
    expect(decode(referenceEncode(0.1, { forceFloat32: true }))).toBeCloseTo(0.1, 6);
  });

  it('gives a key like __proto__ no power', () => {
    const read = decode(Uint8Array.from([0x81, 0xa9, ...new TextEncoder().encode('__proto__'), 0x80])) as object;
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
    expect(Object.keys(read)).toEqual(['__proto__']);
  });

  it('reads several values of one frame, and copies bytes out of it', () => {
    const frame = Uint8Array.from([...encode([1]), ...encode(new Uint8Array([9, 9]))]);
    const [first, bytes] = [...decodeAll(frame)];
    frame.fill(0);
    expect(first).toEqual([1]);
    expect(bytes).toEqual(new Uint8Array([9, 9]));
  });

  it('refuses what is cut off, unknown, nested too deeply or no text', () => {
    const whole = encode(['text', 1.5, new Uint8Array(4), [300]]);
    for (let length = 1; length < whole.length; length++) {
      expect(() => decode(whole.subarray(0, length))).toThrow();
    }
    for (const broken of [[0xc1], [0xd4, 0, 0], [0xdd, 0xff, 0xff, 0xff, 0xff], [0xa1, 0xff], Array(100).fill(0x91)]) {
      expect(() => decode(Uint8Array.from(broken))).toThrow();
    }
  });

  it('answers any bytes with values or an error, and in time', () => {
    let state = 11;
    const random = () => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
      return state / 0x8000_0000;
    };
    for (let round = 0; round < 3000; round++) {
      const bytes = Uint8Array.from({ length: 1 + Math.floor(random() * 40) }, () => random() * 256);
      try {
        expect([...decodeAll(bytes)].length).toBeGreaterThan(0);
      } catch (error) {
        expect(error).toBeInstanceOf(Error);
      }
    }
  });

  it('does not send what the protocol has no form for', () => {
    expect(() => encode({ a: 1 })).toThrow(TypeError);
    expect(() => encode(undefined)).toThrow(TypeError);
  });
});
