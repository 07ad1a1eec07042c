"""Chromium as tests and tools use it: headless, WebGL in software, and the street drawn as seldom as will do.

Without a graphics card a frame of the street takes a good part of a second, on the same processors that everything else
needs. A page opened with `?debug` shows its inner life under `window.__yokocho`; `SELDOM_DRAWN`, run before the page's
own scripts, thins out the drawing and adds `draw()` (draw now) and `info()` (what drawing took). Most tests never look
at the picture: with `DRAWN_ON_DEMAND` as well, nothing but `draw()` makes pixels, and a visit costs a tenth.
"""

from __future__ import annotations

import shutil
from typing import Final

CHROMIUM_FLAGS: Final = (
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
)

PAGE_WITHOUT_SHADERS: Final = "--disable-gpu-compositing"
"""Puts the page itself together without WebGL's drivers. In software, shaders are slow at that: four seconds a page."""

SELDOM_DRAWN: Final = """
{
  let handle;
  Object.defineProperty(window, '__yokocho', {
    get: () => handle,
    set: (value) => {
      handle = value;
      const stage = value.engine?.stage;
      if (!stage) return;
      const draw = stage.render.bind(stage);
      let drawnMs = -Infinity;
      stage.render = () => {
        if (performance.now() - drawnMs < 2000) return;
        drawnMs = performance.now();
        draw();
      };
      handle.draw = () => {
        window.makesPixels = true;
        draw();
        window.makesPixels = false;
      };
      handle.info = () => stage.renderer.info.render;
    },
  });
}
"""

DRAWN_ON_DEMAND: Final = """
{
  // Files are read, shaders compiled and linked, and three.js does all it ever does; only the last step is left out.
  const { prototype } = WebGL2RenderingContext;
  for (const name of ['clear', 'drawArrays', 'drawArraysInstanced', 'drawElements', 'drawElementsInstanced']) {
    const make = prototype[name];
    prototype[name] = function (...what) {
      if (window.makesPixels) make.apply(this, what);
    };
  }
}
"""

PUT_ON_A_HEADSET: Final = """
window.headset = new IWER.XRDevice(IWER.metaQuest3);
headset.installRuntime({ forceInstall: true });
headset.position.set(0, 1.6, 0);
headset.controllers.left.position.set(-0.25, 1.2, -0.3);
headset.controllers.right.position.set(0.25, 1.2, -0.3);
"""
"""After the script of IWER, the emulator: a headset and two controllers in hands."""


def chromium_path() -> str | None:
    """Where Debian's Chromium is, or None."""
    return shutil.which("chromium")
