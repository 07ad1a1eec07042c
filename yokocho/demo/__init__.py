"""The sample alley: a lane at dusk after rain, made by our own code.

`build_alley` gives the scene, its texts and its GLB files; nothing here reads or writes anything but the texts that lie
beside the code.
"""

from __future__ import annotations

from yokocho.demo.build import DemoAlley, build_alley

__all__ = ["DemoAlley", "build_alley"]
