"""Run a JavaScript tool of client_web with the Node of this Python environment: `python -m tools.node vitest run`.

So that nobody needs Node on the machine, and everybody runs the same one as the package's build does.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Final

from hatch_build import install_modules, run_node

CLIENT: Final = Path(__file__).resolve().parent.parent / "client_web"
SCRIPTS: Final = {
    "biome": "node_modules/@biomejs/biome/bin/biome",
    "tsc": "node_modules/typescript/bin/tsc",
    "vite": "node_modules/vite/bin/vite.js",
    "vitest": "node_modules/vitest/vitest.mjs",
}


def main(arguments: list[str]) -> int:
    """Run the tool named first with the rest as its arguments; returns its exit code."""
    if not arguments or arguments[0] not in SCRIPTS:
        print(f"usage: python -m tools.node {'|'.join(SCRIPTS)} [argument …]", file=sys.stderr)
        return 2
    install_modules(CLIENT)
    try:
        run_node(CLIENT, SCRIPTS[arguments[0]], *arguments[1:])
    except subprocess.CalledProcessError as error:
        return error.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
