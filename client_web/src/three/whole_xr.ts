/** Puts three's real manager of headsets behind the renderer's stand-in (xr_manager.ts). */

import type { WebGLRenderer } from 'three';
import { WebXRManager } from 'three/src/renderers/webxr/WebXRManager.js';
import { WebXRManager as StandIn } from './xr_manager';

export function makeXrWhole(renderer: WebGLRenderer): void {
  const standIn: object = renderer.xr;
  // Without the stand-in (the development server), and the second time, it is whole already.
  if (!(standIn instanceof StandIn) || 'setSession' in standIn) return;
  const real = new WebXRManager(renderer, renderer.getContext() as WebGL2RenderingContext);
  real.setAnimationLoop(standIn.loop);
  for (const type of ['sessionstart', 'sessionend'] as const) {
    real.addEventListener(type, () => standIn.dispatchEvent({ type }));
  }
  for (const name of Object.keys(real) as (keyof WebXRManager)[]) {
    if (!name.startsWith('_')) {
      Object.defineProperty(standIn, name, {
        get: () => real[name],
        set: (value) => Object.assign(real, { [name]: value }),
      });
    }
  }
}
