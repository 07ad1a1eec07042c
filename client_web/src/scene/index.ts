/** The one way into the scene; loaded lazily, so that the arrival page needs no three.js. */

import type { Settings } from '../world/settings';
import type { World } from '../world/world';
import { Engine } from './engine';
import type { Sound } from './sound';
import type { SceneHandle, SceneHooks } from './types';

export type { GoOptions, Near, OrbitHandle, SceneHandle, SceneHooks, SceneStats } from './types';

export async function openScene(
  canvas: HTMLCanvasElement,
  world: World,
  hooks: SceneHooks,
  settings: Settings,
): Promise<SceneHandle> {
  const engine = new Engine(canvas, world, hooks, settings);
  const quiet = openSoundOnGesture(engine);
  const handle: SceneHandle = {
    setInput: (enabled) => {
      engine.inputEnabled = enabled;
    },
    goTo: (spawn, options) => engine.goTo(spawn, options),
    goToPerson: (slot) => engine.goToPerson(slot),
    focusExhibit: (exhibitId) => {
      engine.focus = exhibitId;
    },
    openOrbit: async (orbitCanvas, exhibitId) => {
      const { Orbit } = await import('./orbit');
      return new Orbit(orbitCanvas, engine, exhibitId);
    },
    vrSupported: async () => {
      const supported = (await navigator.xr?.isSessionSupported('immersive-vr').catch(() => false)) ?? false;
      // A session must be asked for within the click: its code has to be here by then.
      if (supported) await import('../xr/session');
      return supported;
    },
    enterVr: async () => {
      const { enterVr } = await import('../xr/session');
      await enterVr(engine);
    },
    setQuality: (quality) => settings.set('quality', quality),
    stats: () => engine.stats(),
    dispose: () => {
      quiet();
      engine.dispose();
    },
  };
  if (new URLSearchParams(location.search).has('debug')) {
    Object.assign(window, { __yokocho: { engine, world, stats: handle.stats, people: () => engine.people.drawn } });
  }
  return handle;
}

/** Sound is silent, and its code not even loaded, until the person has done something. Gives back how to end it. */
function openSoundOnGesture(engine: Engine): () => void {
  let abort = new AbortController();
  let sound: Sound | null = null;
  let closed = false;
  const begin = async (): Promise<void> => {
    if (abort.signal.aborted) return;
    abort.abort();
    const loaded = await import('./sound').catch(() => null);
    if (closed) return;
    if (!loaded) {
      listen();
      return;
    }
    const { Sound } = loaded;
    sound = new Sound(engine.settings);
    engine.onWalk = (metres) => sound?.walk(metres);
    engine.onStall = (stallId) => sound?.enter(stallId);
    engine.onChoice = () => sound?.tick();
  };
  // What could not be loaded is tried again at the next gesture.
  const listen = (): void => {
    abort = new AbortController();
    for (const gesture of ['pointerup', 'keydown'] as const) {
      window.addEventListener(gesture, () => void begin(), { once: true, signal: abort.signal });
    }
  };
  listen();
  if (navigator.userActivation?.hasBeenActive) void begin();
  return () => {
    closed = true;
    abort.abort();
    sound?.dispose();
  };
}
