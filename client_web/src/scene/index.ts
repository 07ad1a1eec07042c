/** The one way into the scene; loaded lazily, so that the arrival page needs no three.js. */

import type { Settings } from '../world/settings';
import type { World } from '../world/world';
import { Engine } from './engine';
import type { SceneHandle, SceneHooks } from './types';

export type { GoOptions, Near, OrbitHandle, SceneHandle, SceneHooks, SceneStats } from './types';

export async function openScene(
  canvas: HTMLCanvasElement,
  world: World,
  hooks: SceneHooks,
  settings: Settings,
): Promise<SceneHandle> {
  const engine = new Engine(canvas, world, hooks, settings);
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
    vrSupported: async () => (await navigator.xr?.isSessionSupported('immersive-vr').catch(() => false)) ?? false,
    enterVr: async () => {
      const { enterVr } = await import('../xr/session');
      await enterVr(engine);
    },
    setQuality: (quality) => settings.set('quality', quality),
    stats: () => engine.stats(),
    dispose: () => engine.dispose(),
  };
  if (new URLSearchParams(location.search).has('debug')) {
    Object.assign(window, { __yokocho: { engine, world, stats: handle.stats, people: () => engine.people.drawn } });
  }
  return handle;
}
