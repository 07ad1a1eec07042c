"""The client is built when its sources changed, and only then."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

import hatch_build


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    sources = tmp_path / "client_web"
    for name in ("src/main.ts", "index.html", "package-lock.json", "tests/a.test.ts", "node_modules/three/three.js"):
        (sources / name).parent.mkdir(parents=True, exist_ok=True)
        (sources / name).write_text(f"// {name}")
    return sources


@pytest.fixture
def bundle(tmp_path: Path, sources: Path) -> Path:
    """A bundle that was built from the sources."""
    bundle = tmp_path / "static"
    bundle.mkdir()
    (bundle / "index.html").touch()
    (bundle / ".sources").write_text(hatch_build.sources_digest(sources))
    return bundle


def test_bundle_is_fresh_until_a_source_changes(sources: Path, bundle: Path) -> None:
    assert hatch_build.is_fresh(sources, bundle)
    (sources / "src" / "main.ts").write_text("// changed")
    assert not hatch_build.is_fresh(sources, bundle)


@pytest.mark.parametrize("name", ["src/new.ts", "public/icon.svg", ".npmrc"])
def test_new_source_makes_it_stale(sources: Path, bundle: Path, name: str) -> None:
    (sources / name).parent.mkdir(exist_ok=True)
    (sources / name).touch()
    assert not hatch_build.is_fresh(sources, bundle)


def test_renamed_source_makes_it_stale(sources: Path, bundle: Path) -> None:
    (sources / "src" / "main.ts").rename(sources / "src" / "other.ts")
    assert not hatch_build.is_fresh(sources, bundle)


def test_tests_and_modules_do_not_count(sources: Path, bundle: Path) -> None:
    (sources / "tests" / "a.test.ts").write_text("// changed")
    (sources / "node_modules" / "three" / "three.js").write_text("// changed")
    assert hatch_build.is_fresh(sources, bundle)


def test_missing_page_is_not_fresh(sources: Path, bundle: Path) -> None:
    (bundle / "index.html").unlink()
    assert not hatch_build.is_fresh(sources, bundle)


def test_digest_tells_name_from_content(tmp_path: Path) -> None:
    digests = set(digests_of_look_alikes(tmp_path))
    assert len(digests) == 3


def digests_of_look_alikes(folder: Path) -> Iterator[str]:
    """Trees whose names and contents read the same when they are only strung together."""
    for index, files in enumerate(({"a": "bc"}, {"ab": "c"}, {"a": "b", "c": ""})):
        tree = folder / str(index)
        tree.mkdir()
        for name, content in files.items():
            (tree / name).write_text(content)
        yield hatch_build.sources_digest(tree)


def test_modules_are_installed_once_per_lock_file(sources: Path) -> None:
    """With the stamp of this very lock file nothing is run: there would be no Node to run in an empty environment."""
    digest = hashlib.sha256((sources / "package-lock.json").read_bytes()).hexdigest()
    (sources / "node_modules" / ".lock-digest").write_text(digest)
    hatch_build.install_modules(sources)
    assert {path.name for path in (sources / "node_modules").iterdir()} == {"three", ".lock-digest"}
