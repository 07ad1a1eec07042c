import { describe, expect, it } from 'vitest';
import { LEVELS, QualityScaler } from '../../src/scene/quality';

function feed(scaler: QualityScaler, milliseconds: number, seconds: number): void {
  for (let t = 0; t < seconds * 1000; t += milliseconds) scaler.frame(milliseconds);
}

describe('the quality scaler', () => {
  it('goes down to the lowest on a slow machine, and stays', () => {
    const scaler = new QualityScaler('auto');
    feed(scaler, 60, 8);
    expect(scaler.index).toBe(0);
    feed(scaler, 60, 8);
    expect(scaler.index).toBe(0);
  });

  it('goes down on a very slow machine too', () => {
    const scaler = new QualityScaler('auto');
    feed(scaler, 1200, 20);
    expect(scaler.index).toBe(0);
  });

  it('climbs to the best on a fast machine', () => {
    const scaler = new QualityScaler('auto');
    feed(scaler, 16.6, 30);
    expect(scaler.index).toBe(LEVELS.length - 1);
  });

  it('is not shaken by single slow frames', () => {
    const scaler = new QualityScaler('auto');
    for (let i = 0; i < 600; i++) scaler.frame(i % 50 === 0 ? 300 : 16.6);
    expect(scaler.index).toBeGreaterThanOrEqual(3);
  });

  it('stops trying a level that was too much', () => {
    const scaler = new QualityScaler('auto');
    let changes = 0;
    // This machine is fast up to level 3 and slow above.
    for (let t = 0; t < 300_000; ) {
      const ms = scaler.index > 3 ? 30 : 16;
      if (scaler.frame(ms)) changes++;
      t += ms;
    }
    expect(changes).toBeLessThan(14);
    expect(scaler.index).toBeGreaterThanOrEqual(3);
  });

  it('leaves a chosen level alone', () => {
    const scaler = new QualityScaler('low');
    feed(scaler, 5, 20);
    expect(scaler.index).toBe(1);
    scaler.setting = 'high';
    feed(scaler, 90, 20);
    expect(scaler.level).toBe(LEVELS[5]);
  });

  it('takes away in the order promised: pixels, reflections, glow and far detail', () => {
    for (let i = 1; i < LEVELS.length; i++) {
      const [less, more] = [LEVELS[i - 1]!, LEVELS[i]!];
      expect(less.pixelRatio).toBeLessThan(more.pixelRatio);
      expect(less.mirror).toBeLessThanOrEqual(more.mirror);
      expect(Number(less.glow)).toBeLessThanOrEqual(Number(more.glow));
    }
  });
});
