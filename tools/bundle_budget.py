"""Weigh what a first visit downloads before it can walk: `python -m tools.bundle_budget`.

Theory. Vite's manifest says which chunk pulls in which. The page itself and the scene are what every visit with WebGL
loads, with all they import statically, and one language, of which the heaviest is counted. What they import only when
it is wanted (headset, orbit view, sound), or once the street is shown and the browser idle (people, settings, the open
piece), does not count. The budget is in gzip bytes, since that is what travels.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

BUNDLE: Final = Path(__file__).resolve().parent.parent / "yokocho" / "static"
BUDGET_BYTES: Final = 200 * 1024
FIRST_LOAD: Final = ("index.html", "src/scene/index.ts", "passport")
"""What every visit with WebGL loads before somebody stands in the alley: entries of the manifest, or chunks' names."""

LANGUAGES: Final = "src/i18n/"
"""Where the entries lie of which a visit loads one."""

Manifest = Mapping[str, Mapping[str, Any]]


class BudgetError(Exception):
    """The bundle is too heavy, or not cut into chunks as it should be."""


def first_load_files(manifest: Manifest) -> list[str]:
    """The JavaScript files of the first load, each once, sorted.

    Raises:
        BudgetError: an entry is missing, so its weight would go unseen.
    """
    named = {str(chunk["name"]): entry for entry, chunk in manifest.items() if "name" in chunk}
    entries = {wanted: wanted if wanted in manifest else named.get(wanted) for wanted in FIRST_LOAD}
    missing = [wanted for wanted, entry in entries.items() if entry is None]
    if missing:
        raise BudgetError(f"not chunks of their own in the bundle: {', '.join(missing)}")
    seen: set[str] = set()
    waiting = [entry for entry in entries.values() if entry is not None]
    while waiting:
        entry = waiting.pop()
        if entry not in seen:
            seen.add(entry)
            waiting.extend(manifest[entry].get("imports", ()))
    return sorted({str(manifest[entry]["file"]) for entry in seen if str(manifest[entry]["file"]).endswith(".js")})


def language_files(manifest: Manifest) -> list[str]:
    """The JavaScript files that hold the texts of one language each."""
    return sorted(str(chunk["file"]) for entry, chunk in manifest.items() if entry.startswith(LANGUAGES))


def weigh(bundle: Path) -> dict[str, int]:
    """Gzip bytes of each file of the first load.

    Raises:
        BudgetError: the bundle is not built or not cut as it should be.
    """
    listing = bundle / "bundle.json"
    if not listing.is_file():
        raise BudgetError(f"{bundle.name} holds no bundle; build it first")
    manifest = json.loads(listing.read_text())
    files = first_load_files(manifest)
    weights = {file: _gzip_bytes(bundle / file) for file in files}
    languages = {file: _gzip_bytes(bundle / file) for file in language_files(manifest) if file not in weights}
    heaviest = max(languages, key=lambda file: languages[file], default=None)
    return weights if heaviest is None else {**weights, heaviest: languages[heaviest]}


def _gzip_bytes(file: Path) -> int:
    return len(gzip.compress(file.read_bytes(), mtime=0))


def report(weights: Mapping[str, int], budget_bytes: int) -> str:
    """A table of what weighs what.

    Raises:
        BudgetError: it is more than the budget.
    """
    lines = [f"{weight / 1024:8.1f} KB gz  {file}" for file, weight in sorted(weights.items(), key=lambda kv: -kv[1])]
    total = sum(weights.values())
    lines.append(f"{total / 1024:8.1f} KB gz  first load, of {budget_bytes / 1024:.0f} KB allowed")
    if total > budget_bytes:
        raise BudgetError("the first load is too heavy:\n" + "\n".join(lines))
    return "\n".join(lines)


def main() -> int:
    """Print the table; 1 when the budget is broken."""
    try:
        print(report(weigh(BUNDLE), BUDGET_BYTES))
    except BudgetError as error:
        print(f"bundle budget: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
