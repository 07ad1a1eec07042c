"""The published features of the FEPs are Gherkin texts with JSON blocks: just enough to read them."""

from __future__ import annotations

import json
from typing import Any

from tests.federation.support import shared


def scenario(feature: str, title: str) -> list[str]:
    """The lines of one scenario."""
    lines = shared("fep", f"{feature}.feature").read_text(encoding="utf-8").splitlines()
    begin = next(at for at, line in enumerate(lines) if line.strip() == f"Scenario: {title}") + 1
    end = next((at for at, line in enumerate(lines) if at > begin and "Scenario:" in line), len(lines))
    return [line.strip() for line in lines[begin:end]]


def blocks(lines: list[str]) -> list[dict[str, Any]]:
    """The JSON between triple quotes, in order."""
    return [json.loads(part) for part in "\n".join(lines).split('"""')[1::2]]


def quoted(lines: list[str], words: str) -> str:
    """What stands in quotes on the line with these words."""
    return next(line for line in lines if words in line).split('"')[1]
