/** In place of `WebXRManager.js` until a headset is put on: it is told a few things, and `whole_xr.ts` passes them on. */

import { EventDispatcher } from 'three';

type Loop = ((ms: number, frame?: XRFrame) => void) | null;

export class WebXRManager extends EventDispatcher<{ sessionstart: object; sessionend: object }> {
  enabled = false;
  isPresenting = false;
  loop: Loop = null;

  setAnimationLoop(loop: Loop): void {
    this.loop = loop;
  }

  dispose(): void {
    // It holds nothing.
  }
}
