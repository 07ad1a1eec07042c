"""An sdist that would need Node, or that carries what is nobody's, is found."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

from tools import check_sdist

GOOD = [f"yokocho-0.1.0/{name}" for name in check_sdist.NEEDED]


def test_complete_sdist_has_no_faults() -> None:
    assert check_sdist.faults([*GOOD, "yokocho-0.1.0/world/wire.py"]) == []


def test_missing_bundle_and_stray_modules_are_found() -> None:
    names = [name for name in GOOD if not name.endswith("index.html")]
    found = check_sdist.faults([*names, "yokocho-0.1.0/client_web/node_modules/three/package.json"])
    assert found == [
        "yokocho/static/index.html is missing",
        "client_web/node_modules/three/package.json does not belong here",
    ]


def test_main_reads_archives(tmp_path: Path) -> None:
    assert check_sdist.main(tmp_path) == 1
    archive = tmp_path / "yokocho-0.1.0.tar.gz"
    write_archive(archive, GOOD)
    assert check_sdist.main(tmp_path) == 0
    write_archive(archive, GOOD[1:])
    assert check_sdist.main(tmp_path) == 1


def write_archive(path: Path, names: list[str]) -> None:
    with tarfile.open(path, "w:gz") as archive:
        for name in names:
            archive.addfile(tarfile.TarInfo(name), io.BytesIO())
