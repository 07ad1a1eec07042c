/** What a ray from the eye (a click, a trigger) points at: a piece, a person, a seat or the ground. */

import { Box3, Ray, Vector3 } from 'three';
import { type Ground, rayBoxes } from '../move/collide';
import type { Seat } from '../net/wire.gen';
import { type Part, rayPart } from './parts';
import type { People } from './people';
import type { ShownExhibit } from './street';

export type Picked =
  | { readonly kind: 'exhibit'; readonly shown: ShownExhibit; readonly distance: number }
  | { readonly kind: 'person'; readonly slot: number; readonly distance: number }
  | { readonly kind: 'seat'; readonly seat: Seat; readonly distance: number }
  | { readonly kind: 'ground'; readonly x: number; readonly z: number; readonly distance: number };

const REACH_M = 40;
/** Pieces stand on and in furniture, whose solid a ray meets first. */
const FURNITURE_M = 1.1;
const SEAT_REACH_M = 0.55;
/** A small thing can be hit a little beside it. */
const MARGIN_M = 0.03;

export interface Pickable {
  readonly exhibits: Iterable<ShownExhibit>;
  readonly people: People | null;
  readonly ground: Ground;
  readonly seats: readonly Seat[];
}

export function pick(origin: Vector3, direction: Vector3, world: Pickable): Picked | null {
  const walls = rayBoxes(world.ground.boxes, [origin.x, origin.y, origin.z], [direction.x, direction.y, direction.z]);
  const person = world.people?.pick(origin, direction) ?? null;
  const piece = pickExhibit(origin, direction, world.exhibits, walls + FURNITURE_M);
  if (person && person.distance < walls && (!piece || person.distance < piece.distance)) {
    return { kind: 'person', ...person };
  }
  if (piece) return piece;
  const floor = direction.y < -1e-3 ? -origin.y / direction.y : Number.POSITIVE_INFINITY;
  const distance = Math.min(floor, walls);
  if (!(distance < REACH_M)) return null;
  const x = origin.x + direction.x * distance;
  const z = origin.z + direction.z * distance;
  for (const seat of world.seats) {
    if (Math.hypot(seat.positionM[0] - x, seat.positionM[2] - z) < SEAT_REACH_M)
      return { kind: 'seat', seat, distance };
  }
  return { kind: 'ground', x, z, distance };
}

function pickExhibit(
  origin: Vector3,
  direction: Vector3,
  exhibits: Iterable<ShownExhibit>,
  limit: number,
): (Picked & { kind: 'exhibit' }) | null {
  const ray = new Ray(origin, direction);
  const at = new Vector3();
  let exact: (Picked & { kind: 'exhibit' }) | null = null;
  let near: (Picked & { kind: 'exhibit' }) | null = null;
  for (const shown of exhibits) {
    const box = grown.copy(shown.box).expandByScalar(MARGIN_M);
    if (!ray.intersectBox(box, at)) continue;
    const entry = at.distanceTo(origin);
    if (entry > Math.min(limit, REACH_M)) continue;
    const hit = rayPiece(shown, origin, direction);
    if (hit < Math.min(limit, exact?.distance ?? REACH_M)) exact = { kind: 'exhibit', shown, distance: hit };
    else if (entry < (near?.distance ?? REACH_M)) near = { kind: 'exhibit', shown, distance: entry };
  }
  return exact ?? near;
}

function rayPiece(shown: ShownExhibit, origin: Vector3, direction: Vector3): number {
  const { piece, inverse, exhibit } = shown;
  if (piece.textured) return Number.POSITIVE_INFINITY;
  const from = origin.clone().applyMatrix4(inverse);
  const along = direction.clone().transformDirection(inverse);
  const parts = [piece.plain, piece.glow, piece.sheer].filter((part): part is Part => part !== null);
  return Math.min(...parts.map((part) => rayPart(part, from, along) * exhibit.transform.scale));
}

const grown = new Box3();
