import { describe, expect, it } from 'vitest';
import { FACES, HAIRS, KIMONOS } from '../../src/scene/kokeshi_paint';
import { dollOf, eyeHeight, HAIR_COLOURS, KIMONO_COLOURS, SASH_COLOURS, WOOD_COLOURS } from '../../src/scene/look';

describe('a look', () => {
  it('has sixteen of everything, all different', () => {
    for (const table of [HAIR_COLOURS, KIMONO_COLOURS, SASH_COLOURS, WOOD_COLOURS]) {
      expect(new Set(table).size).toBe(16);
    }
    for (const designs of [FACES, HAIRS, KIMONOS]) expect(designs.length).toBe(16);
  });

  it('names a doll, number by number', () => {
    expect(dollOf([1, 2, 3, 4, 5, 6, 7, 165])).toEqual({
      hair: 1,
      hairColour: 2,
      face: 3,
      pattern: 4,
      kimonoColour: 5,
      sashColour: 6,
      woodColour: 7,
      heightM: 1.65,
    });
  });

  it('is safe with numbers that mean nothing', () => {
    const doll = dollOf([16, 255, 31, 99, 17, 40, 200, 255]);
    expect(doll.heightM).toBe(2);
    const { heightM, ...designs } = doll;
    for (const design of Object.values(designs)) expect(design >= 0 && design < 16).toBe(true);
    expect(dollOf([0, 0, 0, 0, 0, 0, 0, 0]).heightM).toBe(1.1);
    expect(heightM).toBe(2);
  });

  it('puts the eyes a little below the crown', () => {
    expect(eyeHeight([0, 0, 0, 0, 0, 0, 0, 150])).toBeCloseTo(1.38);
  });
});
