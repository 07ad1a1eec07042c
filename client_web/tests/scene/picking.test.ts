import { Box3, Matrix4, Vector3 } from 'three';
import { describe, expect, it } from 'vitest';
import { Ground, makeBox } from '../../src/move/collide';
import type { Exhibit } from '../../src/net/wire.gen';
import { nearestExhibit } from '../../src/scene/nearby';
import { pick } from '../../src/scene/picking';
import type { ShownExhibit } from '../../src/scene/street';

const bounds = { minX: -20, minZ: -20, maxX: 20, maxZ: 20 };

function cube(id: string, x: number, y: number, z: number, half = 0.1): ShownExhibit {
  const matrix = new Matrix4().makeTranslation(x, y, z);
  const box = new Box3(new Vector3(x - half, y - half, z - half), new Vector3(x + half, y + half, z + half));
  const exhibit = { id, transform: { scale: 1 } } as unknown as Exhibit;
  const piece = { plain: null, glow: null, sheer: null, textured: null, box };
  return { exhibit, piece, matrix, inverse: matrix.clone().invert(), box };
}

const counter = new Ground([makeBox(0, -3, 2, 0.5, 0, 0.9), makeBox(0, -6, 4, 0.2, 0, 3)], bounds);

describe('pointing', () => {
  const eyes = new Vector3(0, 1.5, 0);
  const world = { exhibits: [cube('a', 0, 1, -3), cube('far', 0, 1.5, -9)], people: null, ground: counter, seats: [] };

  it('finds a piece on its counter', () => {
    const picked = pick(eyes, new Vector3(0, -0.5, -3).normalize(), world);
    expect(picked?.kind === 'exhibit' && picked.shown.exhibit.id).toBe('a');
  });

  it('does not reach through walls', () => {
    const picked = pick(new Vector3(0, 1.5, -4.5), new Vector3(0, 0, -1), world);
    expect(picked?.kind).toBe('ground');
  });

  it('finds the ground, a seat on it, and nothing in the sky', () => {
    const down = new Vector3(0.5, -1, 1).normalize();
    const picked = pick(eyes, down, world);
    expect(picked?.kind === 'ground' && picked.z).toBeCloseTo(1.5);
    const seat = { positionM: [0.75, 0.45, 1.5], yawRad: 0 } as const;
    expect(pick(eyes, down, { ...world, seats: [seat] })?.kind).toBe('seat');
    expect(pick(eyes, new Vector3(0, 1, 0), world)).toBeNull();
  });
});

describe('what is near', () => {
  const eyes = new Vector3(0, 1.5, 0);
  const ahead = new Vector3(0, 0, -1);

  it('is the piece before the eyes, not the one behind', () => {
    const pieces = [cube('behind', 0, 1.5, 0.8), cube('ahead', 0.2, 1.4, -1.4)];
    expect(nearestExhibit(pieces, eyes, ahead, null)?.exhibit.id).toBe('ahead');
    expect(nearestExhibit([pieces[0]!], eyes, ahead, null)).toBeNull();
  });

  it('stays with the one chosen until another is clearly nearer', () => {
    const pieces = [cube('left', -0.2, 1.4, -1.4), cube('right', 0.2, 1.4, -1.38)];
    expect(nearestExhibit(pieces, eyes, ahead, null)?.exhibit.id).toBe('right');
    expect(nearestExhibit(pieces, eyes, ahead, 'left')?.exhibit.id).toBe('left');
  });
});
