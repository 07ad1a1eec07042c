"""Child processes: this same program, doing something that must not weigh on the server."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import yokocho


def child_command(module: str, *arguments: str) -> list[str]:
    """The command line that runs one of our modules with this very Python."""
    return [sys.executable, "-P", "-m", module, *arguments]


def child_environment() -> dict[str, str]:
    """Our own environment, in which the child finds the same `yokocho` that we are."""
    home = str(Path(yokocho.__file__).resolve().parent.parent)
    rest = os.environ.get("PYTHONPATH")
    return {**os.environ, "PYTHONPATH": os.pathsep.join([home, rest]) if rest else home}
