"""What has to be on the disk when we say so."""

from __future__ import annotations

import os
from pathlib import Path


def sync(path: Path) -> None:
    """Have the bytes of a file, or the names in a directory, on disk for good."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
