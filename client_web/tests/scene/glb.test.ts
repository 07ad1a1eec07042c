import { Vector3 } from 'three';
import { describe, expect, it } from 'vitest';
import { readPlainGlb, surfaceOf } from '../../src/scene/glb';
import { join, rayPart, splitBySquare, toPiece } from '../../src/scene/parts';

/** A GLB with one triangle, its node two metres to the right. */
function triangleGlb(change: (json: Record<string, unknown>) => void = () => {}): ArrayBuffer {
  const positions = new Float32Array([0, 0, 0, 1, 0, 0, 0, 1, 0]);
  const colours = new Uint8Array([255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255]);
  const index = new Uint16Array([0, 1, 2, 0]);
  const binary = new Uint8Array([...new Uint8Array(positions.buffer), ...colours, ...new Uint8Array(index.buffer)]);
  const json: Record<string, unknown> = {
    asset: { version: '2.0' },
    scenes: [{ nodes: [0] }],
    nodes: [{ mesh: 0, translation: [2, 0, 0] }],
    meshes: [{ primitives: [{ attributes: { POSITION: 0, COLOR_0: 1 }, indices: 2, material: 0 }] }],
    materials: [{ pbrMetallicRoughness: { roughnessFactor: 0.5, metallicFactor: 0 } }],
    accessors: [
      { bufferView: 0, componentType: 5126, count: 3, type: 'VEC3' },
      { bufferView: 1, componentType: 5121, count: 3, type: 'VEC4', normalized: true },
      { bufferView: 2, componentType: 5123, count: 3, type: 'SCALAR' },
    ],
    bufferViews: [
      { buffer: 0, byteOffset: 0, byteLength: 36 },
      { buffer: 0, byteOffset: 36, byteLength: 12 },
      { buffer: 0, byteOffset: 48, byteLength: 6 },
    ],
    buffers: [{ byteLength: binary.length }],
  };
  change(json);
  const text = new TextEncoder().encode(JSON.stringify(json).padEnd(Math.ceil(JSON.stringify(json).length / 4) * 4));
  const out = new Uint8Array(28 + text.length + binary.length);
  const view = new DataView(out.buffer);
  const words = [0x46546c67, 2, out.length, text.length, 0x4e4f534a];
  for (const [i, word] of words.entries()) view.setUint32(i * 4, word, true);
  out.set(text, 20);
  view.setUint32(20 + text.length, binary.length, true);
  view.setUint32(24 + text.length, 0x004e4942, true);
  out.set(binary, 28 + text.length);
  return out.buffer;
}

describe('a plain GLB', () => {
  it('gives its triangles, colours and place', () => {
    const [primitive] = readPlainGlb(triangleGlb()) ?? [];
    expect(primitive?.positions).toEqual(new Float32Array([0, 0, 0, 1, 0, 0, 0, 1, 0]));
    expect([...(primitive?.colours ?? [])]).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 1]);
    expect(primitive?.index).toEqual(new Uint32Array([0, 1, 2]));
    expect(primitive?.matrix.elements[12]).toBe(2);
    expect(primitive?.surface.rough).toBe(0.5);
  });

  it('is left to the full loader when it holds more than triangles', () => {
    const more: ((json: Record<string, unknown>) => void)[] = [
      (json) => Object.assign(json, { images: [{ bufferView: 0 }] }),
      (json) => Object.assign(json, { skins: [{ joints: [0] }] }),
      (json) => Object.assign(json, { extensionsRequired: ['EXT_meshopt_compression'] }),
      (json) => Object.assign(json, { buffers: [{ byteLength: 54, uri: 'elsewhere.bin' }] }),
      (json) => Object.assign(json, { nodes: [{ mesh: 0, children: [0] }] }),
      (json) => Object.assign((json['accessors'] as object[])[0]!, { count: 4000 }),
    ];
    for (const change of more) expect(readPlainGlb(triangleGlb(change))).toBeNull();
    expect(readPlainGlb(new ArrayBuffer(8))).toBeNull();
    expect(readPlainGlb(new Uint8Array(64).buffer)).toBeNull();
  });

  it('tells what is lit, what glows and what is baked', () => {
    expect(surfaceOf(undefined)).toMatchObject({ rough: 1, metal: 1, unlit: false, opacity: 1 });
    expect(surfaceOf({ extensions: { KHR_materials_unlit: {} } }).unlit).toBe(true);
    const glowing = surfaceOf({
      emissiveFactor: [1, 0.5, 0],
      extensions: { KHR_materials_emissive_strength: { emissiveStrength: 3 } },
    });
    expect(glowing.glow).toEqual([3, 1.5, 0]);
  });
});

describe('parts', () => {
  const piece = () => toPiece(readPlainGlb(triangleGlb()) ?? []);

  it('stand where their node stands', () => {
    const { plain, glow, box } = piece();
    expect(glow).toBeNull();
    expect([...(plain?.positions.slice(0, 3) ?? [])]).toEqual([2, 0, 0]);
    expect(box.min.x).toBe(2);
    expect(box.max.x).toBe(3);
  });

  it('are joined with their corners kept apart', () => {
    const part = piece().plain!;
    const both = join([part, part]);
    expect([...(both?.index ?? [])]).toEqual([0, 1, 2, 3, 4, 5]);
    expect(join([])).toBeNull();
  });

  it('are cut by squares without losing a triangle', () => {
    const part = piece().plain!;
    const far = { ...part, positions: part.positions.map((value, i) => (i % 3 === 0 ? value + 40 : value)) };
    const cut = splitBySquare(join([part, far])!, 12);
    expect(cut.length).toBe(2);
    expect(cut.reduce((sum, each) => sum + each.index.length, 0)).toBe(6);
    expect(cut[1]?.positions.length).toBe(9);
  });

  it('are hit by a ray from either side, and missed beside', () => {
    const part = piece().plain!;
    expect(rayPart(part, new Vector3(2.2, 0.2, 5), new Vector3(0, 0, -1))).toBeCloseTo(5);
    expect(rayPart(part, new Vector3(2.2, 0.2, -5), new Vector3(0, 0, 1))).toBeCloseTo(5);
    expect(rayPart(part, new Vector3(2.9, 0.9, 5), new Vector3(0, 0, -1))).toBe(Number.POSITIVE_INFINITY);
    expect(rayPart(part, new Vector3(2.2, 0.2, 5), new Vector3(0, 0, 1))).toBe(Number.POSITIVE_INFINITY);
  });
});
