/** What the rest of the client knows of the scene: no three.js in here. */

import type { Spawn } from '../net/wire.gen';
import type { Quality } from '../world/settings';

export interface Near {
  readonly stallId: string | null;
  readonly exhibitId: string | null;
}

export interface Way {
  readonly title: string;
  go(): void;
}

export interface SceneHooks {
  /** The person activated an exhibit (click, tap, Enter). */
  inspect(exhibitId: string): void;
  /** What can be done now; null when nothing is near. */
  near(what: Near | null): void;
  /** The person clicked an avatar. */
  person(slot: number): void;
  /** How much of what the scene asked for is here, 0 to 1. */
  progress?(share: number): void;
  /** The graphics context was lost (true) or is back (false). */
  contextLost?(lost: boolean): void;
  /** A headset session began or ended. */
  vr?(presenting: boolean): void;
  /** The person asked to leave the alley from inside a headset. */
  leave?(): void;
  /** Other alleys where the person may go at once. */
  ways?(): readonly Way[];
  /** First steps, for the cards of a first visit. */
  did?(what: 'moved' | 'looked'): void;
}

export interface GoOptions {
  /** Called when the visitor stands there (not when the walk was broken off). */
  readonly arrived?: () => void;
}

export interface OrbitHandle {
  /** Show another exhibit. */
  show(exhibitId: string): void;
  close(): void;
}

export interface SceneStats {
  readonly calls: number;
  readonly triangles: number;
  /** JavaScript of one frame, in milliseconds, smoothed. */
  readonly frameMs: number;
  readonly fps: number;
  readonly level: number;
  readonly people: number;
  readonly exhibits: number;
  readonly failedAssets: number;
}

export interface SceneHandle {
  /** Whether keys and fingers move the visitor. */
  setInput(enabled: boolean): void;
  /** Walk to a place; far away, or under reduced motion, be there at once. */
  goTo(spawn: Spawn, options?: GoOptions): void;
  /** Walk to somebody; false when they are not in sight. */
  goToPerson(slot: number): boolean;
  /** Dim the street behind an open exhibit, and brighten it again with null. */
  focusExhibit(exhibitId: string | null): void;
  openOrbit(canvas: HTMLCanvasElement, exhibitId: string): Promise<OrbitHandle>;
  vrSupported(): Promise<boolean>;
  /** Must be called from a click. */
  enterVr(): Promise<void>;
  setQuality(quality: Quality): void;
  stats(): SceneStats;
  dispose(): void;
}
