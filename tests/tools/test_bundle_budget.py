"""The budget counts what every visit loads, once, and nothing else."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from tools import bundle_budget
from tools.bundle_budget import BudgetError

MANIFEST: bundle_budget.Manifest = {
    "index.html": {
        "file": "static/index-1.js",
        "imports": ["_shared.js"],
        "dynamicImports": ["src/scene/index.ts", "src/i18n/ja.ts"],
        "css": ["static/index-1.css"],
    },
    "_shared.js": {"file": "static/shared-1.js"},
    "_passport-1.js": {"file": "static/passport-1.js", "name": "passport", "imports": ["_shared.js"]},
    "src/scene/index.ts": {
        "file": "static/scene-1.js",
        "imports": ["_shared.js", "_three.js"],
        "dynamicImports": ["src/xr/index.ts"],
    },
    "_three.js": {"file": "static/three-1.js", "imports": ["_shared.js"]},
    "src/xr/index.ts": {"file": "static/xr-1.js", "imports": ["_three.js"]},
    "src/i18n/en.ts": {"file": "static/en-1.js"},
    "src/i18n/ja.ts": {"file": "static/ja-1.js"},
    "src/styles/main.css": {"file": "static/main-1.css"},
}
FIRST_LOAD = [
    "static/index-1.js",
    "static/passport-1.js",
    "static/scene-1.js",
    "static/shared-1.js",
    "static/three-1.js",
]


def test_first_load_is_what_the_page_and_the_scene_import() -> None:
    assert bundle_budget.first_load_files(MANIFEST) == FIRST_LOAD


def test_scene_that_is_no_chunk_of_its_own_is_found() -> None:
    with pytest.raises(BudgetError, match="not chunks of their own"):
        bundle_budget.first_load_files({"index.html": {"file": "static/all.js"}})


def test_weight_is_in_gzip_bytes(tmp_path: Path) -> None:
    (tmp_path / "static").mkdir()
    for file in (*FIRST_LOAD, "static/en-1.js"):
        (tmp_path / file).write_bytes(random.Random(file).randbytes(1000))
    (tmp_path / "static" / "three-1.js").write_text("a" * 100_000)
    (tmp_path / "static" / "ja-1.js").write_bytes(random.Random("ja").randbytes(1500))
    (tmp_path / "bundle.json").write_text(json.dumps(MANIFEST))
    weights = bundle_budget.weigh(tmp_path)
    assert list(weights) == [*FIRST_LOAD, "static/ja-1.js"], "the heaviest language counts, the others don't"
    assert weights["static/index-1.js"] > 1000
    assert weights["static/three-1.js"] < 1000


def test_missing_bundle_is_found(tmp_path: Path) -> None:
    with pytest.raises(BudgetError, match="build it first"):
        bundle_budget.weigh(tmp_path)


def test_budget_is_a_limit() -> None:
    weights = {"static/a.js": 600, "static/b.js": 424}
    assert "b.js" in bundle_budget.report(weights, budget_bytes=1024)
    with pytest.raises(BudgetError, match="too heavy"):
        bundle_budget.report(weights, budget_bytes=1023)
