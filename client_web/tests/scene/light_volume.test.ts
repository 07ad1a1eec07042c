import { describe, expect, it } from 'vitest';
import { type Lamp, lampReach, sumLamps, volumeShape } from '../../src/scene/light_volume';

const shape = volumeShape(-5, -5, 5, 5);
const lamp: Lamp = { x: 0, y: 2, z: 0, r: 1, g: 0.5, b: 0.25, radius: 0.3 };

function at(bytes: Uint8Array, x: number, y: number, z: number): number[] {
  const [nx, ny, nz] = shape.counts;
  const i = Math.round(((x + 5) / 10) * (nx - 1));
  const j = Math.round((y / shape.size[1]) * (ny - 1));
  const k = Math.round(((z + 5) / 10) * (nz - 1));
  return [...bytes.slice(((k * ny + j) * nx + i) * 4, ((k * ny + j) * nx + i) * 4 + 3)];
}

describe('the light of lanterns', () => {
  it('is warm near a lamp, fades with distance and ends at its reach', () => {
    const { light } = sumLamps(shape, [lamp]);
    const near = at(light, 0.5, 2, 0);
    const far = at(light, 2, 2, 0);
    expect(near[0]).toBeGreaterThan(near[1]!);
    expect(near[1]).toBeGreaterThan(near[2]!);
    expect(near[0]).toBeGreaterThan(far[0]!);
    expect(at(light, Math.min(5, lampReach(0.3) + 1), 2, 0)[0]).toBe(0);
  });

  it('points back to the lamp', () => {
    const { direction } = sumLamps(shape, [lamp]);
    expect(at(direction, 2, 2, 0)[0]).toBeLessThan(20);
    expect(at(direction, -2, 2, 0)[0]).toBeGreaterThan(235);
    expect(at(direction, 0, 0, 0)[1]).toBeGreaterThan(235);
  });

  it('adds up, and is dark without lamps', () => {
    const one = at(sumLamps(shape, [lamp]).light, 1, 2, 0)[0]!;
    const two = at(sumLamps(shape, [lamp, lamp]).light, 1, 2, 0)[0]!;
    expect(two).toBeGreaterThan(one);
    expect(sumLamps(shape, []).light.every((value) => value === 0)).toBe(true);
  });

  it('keeps a large alley within a small texture', () => {
    const [nx, ny, nz] = volumeShape(-500, -500, 500, 500).counts;
    expect(nx * ny * nz * 4).toBeLessThan(2_000_000);
  });
});
