"""Check that an sdist carries everything a machine without Node needs: `python -m tools.check_sdist dist`."""

from __future__ import annotations

import sys
import tarfile
from collections.abc import Iterable
from pathlib import Path
from typing import Final

NEEDED: Final = frozenset(
    {
        "LICENSE",
        "README.md",
        "hatch_build.py",
        "client_web/package-lock.json",
        "client_web/.npmrc",
        "yokocho/static/.sources",
        "yokocho/static/index.html",
    }
)
UNWANTED: Final = ("client_web/node_modules/", ".venv/", ".git/")


def faults(names: Iterable[str]) -> list[str]:
    """What is wrong with the names in an sdist, the leading folder taken off."""
    inside = {name.partition("/")[2] for name in names}
    missing = [f"{name} is missing" for name in sorted(NEEDED - inside)]
    return missing + [f"{name} does not belong here" for name in sorted(inside) if name.startswith(UNWANTED)]


def main(folder: Path) -> int:
    """Check each sdist in the folder; 1 when one is wrong or there is none."""
    archives = sorted(folder.glob("*.tar.gz"))
    found = [] if archives else [f"no sdist in {folder}"]
    for archive in archives:
        with tarfile.open(archive) as opened:
            found.extend(f"{archive.name}: {fault}" for fault in faults(opened.getnames()))
    print("\n".join(found) or f"{archives[0].name}: OK")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
