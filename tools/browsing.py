"""Chromium as tests and tools use it: headless, WebGL in software, and the street drawn as seldom as will do.

Without a graphics card a frame of the street takes a good part of a second, on the same processors that everything else
needs. A page opened with `?debug` shows its inner life under `window.__yokocho`; `SELDOM_DRAWN`, run before the page's
own scripts, thins out the drawing and adds `draw()` (draw now) and `info()` (what drawing took).
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
      handle.draw = draw;
      handle.info = () => stage.renderer.info.render;
    },
  });
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
