import { describe, expect, it } from 'vitest';
import { fieldOfView } from '../../src/scene/stage';

function across(aspect: number): number {
  const half = Math.tan((fieldOfView(aspect) * Math.PI) / 360) * aspect;
  return (Math.atan(half) * 360) / Math.PI;
}

describe('the field of view', () => {
  it('is the same on every usual screen', () => {
    for (const aspect of [1, 4 / 3, 16 / 10, 16 / 9]) expect(fieldOfView(aspect)).toBe(62);
  });

  it('shows a shop front on a phone held upright, and stretches nobody on one held across', () => {
    expect(across(390 / 844)).toBeCloseTo(45);
    for (const aspect of [844 / 390, 21 / 9, 32 / 9]) expect(across(aspect)).toBeCloseTo(96);
  });
});
