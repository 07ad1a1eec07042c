"""The house keeps its own rules, and each rule is shown to find what it forbids.

The rules are pure functions in tools/house_rules.py and import-linter's contracts in pyproject.toml. Each has two
tests: the project passes, and a planted violation does not.
"""

from __future__ import annotations

import functools
import json
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

from tools import gen_identity, gen_wire, house_rules
from tools.house_rules import Tree
from yokocho.config import SETTINGS

ROOT: Final = Path(__file__).resolve().parent.parent

TREE_RULES: Final[dict[str, Callable[[Tree], list[str]]]] = {
    "rooms are pure": house_rules.impure_rooms,
    "files are short": house_rules.long_files,
    "functions are short": house_rules.long_functions,
    "no machine is named": house_rules.foreign_places,
    "nothing is left unfinished": house_rules.unfinished,
    "the client knows no other host": house_rules.outside_addresses,
    "links in the documentation lead somewhere": house_rules.broken_links,
    "the tests that hold threats exist": house_rules.missing_tests,
}


@functools.cache
def project() -> Tree:
    return house_rules.read_tree(ROOT)


@functools.cache
def pyproject() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


@pytest.mark.parametrize("rule", TREE_RULES)
def test_project_keeps(rule: str) -> None:
    assert TREE_RULES[rule](project()) == []


@pytest.mark.parametrize(
    "source",
    [
        "import asyncio",
        "import socket as s",
        "import os",
        "from time import monotonic",
        "import websockets.asyncio.server",
        "from aiohttp import web",
        "import picows",
        "import sqlite3",
        "from sqlalchemy import select",
        "import random",
        "import secrets",
        "from os import environ",
        "from yokocho.config import Settings",
        "import market",
        "def f():\n    import time",
        "if True:\n    from uuid import uuid4",
        "value = open('file').read()",
        "print('hello')",
        "__import__('time')",
        "import datetime\nnow = datetime.datetime.now",
        "from datetime import datetime\nnow = datetime.now()",
        "import numpy as np\nroll = np.random.default_rng()",
    ],
)
def test_impure_room_is_found(source: str) -> None:
    assert len(house_rules.impure_rooms({"world/deep/planted.py": source})) == 1
    assert house_rules.impure_rooms({"yokocho/planted.py": source}) == []


@pytest.mark.parametrize(
    "source",
    ["import math", "from world.wire import Pose", "import numpy as np\nnp.zeros(3)", "reopen('x')", "file.open()"],
)
def test_pure_room_is_left_alone(source: str) -> None:
    assert house_rules.impure_rooms({"world/planted.py": source}) == []


def test_rooms_may_not_import_each_other() -> None:
    tree = {
        "market/a.py": "import world.wire",
        "world/b.py": "from federation import keys",
        "world/c.py": "import world",
    }
    assert house_rules.impure_rooms(tree) == ["market/a.py:1: imports world.wire", "world/b.py:1: imports federation"]


@pytest.mark.parametrize("name", ["world/long.py", "client_web/src/long.ts", "client_web/src/long.css"])
def test_long_file_is_found(name: str) -> None:
    at_the_limit = "pass\n" * house_rules.MAX_FILE_LINES
    assert house_rules.long_files({name: at_the_limit}) == []
    assert house_rules.long_files({name: at_the_limit + "pass\n"}) != []
    assert house_rules.long_files({"client_web/src/net/wire.gen.ts": at_the_limit + "pass\n"}) == []


@pytest.mark.parametrize("head", ["def f():\n", "async def f():\n", "class C:\n  def f(self):\n"])
def test_long_function_is_found(head: str) -> None:
    body = "    pass\n" * (house_rules.MAX_FUNCTION_LINES - 1)
    assert house_rules.long_functions({"tests/a.py": head + body}) == []
    assert len(house_rules.long_functions({"tests/a.py": head + body + "    pass\n"})) == 1


@pytest.mark.parametrize("place", house_rules.FOREIGN_PLACES)
def test_foreign_place_is_found(place: str) -> None:
    assert house_rules.foreign_places({"docs/a.md": f"see\n`{place}thing`"}) == [f"docs/a.md:2: names {place}"]


def test_route_is_no_foreign_place() -> None:
    routes = "fetch('/api" + "/ho" + "me/x'); import './ro" + "ot/x'; '~/tmp" + "/x'"
    assert house_rules.foreign_places({"a.ts": routes}) == []


@pytest.mark.parametrize("note", ["TO" + "DO: later", "FIX" + "ME", "an ugly HA" + "CK", "XX" + "X"])
def test_unfinished_is_found(note: str) -> None:
    assert house_rules.unfinished({"world/a.py": f"x = 1\n# {note}"}) == ["world/a.py:2: a note to self"]


def test_outside_address_is_found() -> None:
    tree = {
        "client_web/src/a.ts": "const font = 'https://fonts.example/one';",
        "client_web/src/b.ts": "const svg = 'http://www.w3.org/2000/svg';",
        "client_web/index.html": "<link href='HTTPS://elsewhere.example'>",
        "client_web/tests/a.test.ts": "'https://alley.example'",
    }
    found = house_rules.outside_addresses(tree)
    assert found == [
        "client_web/src/a.ts:1: https://fonts.example",
        "client_web/index.html:1: HTTPS://elsewhere.example",
    ]


def test_broken_link_is_found() -> None:
    text = "[a](b.md#part) [c](../gone.md) [d](../docs) [e](https://elsewhere.example/x.md) [f](picture.png) [g](#here)"
    tree = {"docs/a.md": text, "docs/b.md": "[up](../README.md)", "README.md": "[docs](docs/) [old](docs/old/)"}
    assert house_rules.broken_links(tree) == [
        "docs/a.md: links to ../gone.md, which is not there",
        "README.md: links to docs/old/, which is not there",
    ]


def test_missing_test_is_found() -> None:
    table = "`test_a.py` `tests/x/test_a.py::test_one`, `test_a.py::test_on` `test_gone.py` `test_a.py::test_two`"
    tree = {"SECURITY.md": table, "tests/x/test_a.py": "def test_one():\n    pass\nasync def test_two(x):\n    pass\n"}
    assert house_rules.missing_tests(tree) == [
        "SECURITY.md: names test_on, which is not in test_a.py",
        "SECURITY.md: names test_gone.py, which is not there",
    ]


def test_stale_identity_vectors_are_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(gen_identity, "ROOT", tmp_path)
    monkeypatch.setattr(gen_identity, "VECTORS", tmp_path / "vectors" / "identity.json")
    assert gen_identity.main(["--check"]) == 1
    assert "identity.json is stale" in capsys.readouterr().out
    assert not list(tmp_path.iterdir())
    assert gen_identity.main([]) == 0
    assert gen_identity.main(["--check"]) == 0


# --- settings, generated code -----------------------------------------------------------------------------------------


def test_settings_are_documented() -> None:
    guide = (ROOT / "docs" / "operators.md").read_text()
    assert house_rules.undocumented_settings([setting.name for setting in SETTINGS], guide) == []


def test_undocumented_setting_is_found() -> None:
    guide = "| Setting | Default |\n| --- | --- |\n| `host` | `127.0.0.1` |\n| `old` | |\n"
    assert house_rules.undocumented_settings(["host", "port"], guide) == [
        "the setting port is not in the table",
        "the table names old, which is no setting",
    ]


def test_wire_code_is_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    assert gen_wire.main(["--check"]) == 0, capsys.readouterr().out


def test_identity_vectors_are_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    assert gen_identity.main(["--check"]) == 0, capsys.readouterr().out


def test_stale_wire_code_is_found(tmp_path: Path) -> None:
    plant(tmp_path, "world", "tools", "tests/vectors", "client_web/src/net")
    check = [sys.executable, "-m", "tools.gen_wire", "--check"]
    assert subprocess.run(check, cwd=tmp_path, check=False).returncode == 0
    wire = tmp_path / "world" / "wire.py"
    wire.write_text(wire.read_text().replace("MAX_CHAT_CHARS: Final = 500", "MAX_CHAT_CHARS: Final = 499"))
    stale = subprocess.run(check, cwd=tmp_path, check=False, capture_output=True, text=True)
    assert stale.returncode == 1
    assert "wire.gen.ts is stale" in stale.stdout


# --- layers -----------------------------------------------------------------------------------------------------------


def test_layers_are_kept() -> None:
    result = lint_imports(ROOT)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(
    ("file", "source", "broken"),
    [
        ("world/planted.py", "import yokocho.config", "Rooms do not know the application BROKEN"),
        ("federation/planted.py", "import yokocho.config", "Rooms do not know the application BROKEN"),
        ("federation/planted.py", "import world", "Rooms do not know each other BROKEN"),
        ("world/planted.py", "import federation", "Rooms do not know each other BROKEN"),
        ("world/planted.py", "import asyncio", "Rooms are pure: no I/O, no clock, no randomness BROKEN"),
        ("world/planted.py", "import sqlalchemy", "Rooms are pure: no I/O, no clock, no randomness BROKEN"),
        ("yokocho/config.py", "import yokocho.app", "The application's layers BROKEN"),
        ("yokocho/store/planted.py", "import yokocho.http.planted", "The application's layers BROKEN"),
        ("yokocho/http/planted.py", "import yokocho.realtime", "The application's layers BROKEN"),
        ("yokocho/realtime.py", "import yokocho.http.planted", "The application's layers BROKEN"),
        ("yokocho/app.py", "import yokocho.cli", "The application's layers BROKEN"),
        ("yokocho/homeless.py", "", "The application's layers BROKEN"),
    ],
)
def test_planted_import_is_found(tmp_path: Path, file: str, source: str, broken: str) -> None:
    build_small_house(tmp_path)
    assert lint_imports(tmp_path).returncode == 0
    (tmp_path / file).write_text(source)
    result = lint_imports(tmp_path)
    assert result.returncode == 1
    assert broken in " ".join(result.stdout.split())


def test_every_room_has_its_contracts() -> None:
    rooms = {name for name in house_rules.ROOMS if (ROOT / name).is_dir()}
    linter = pyproject()["tool"]["importlinter"]
    assert {*rooms, "yokocho"} == set(linter["root_packages"])
    for contract in linter["contracts"]:
        if contract["type"] == "forbidden":
            assert set(contract["source_modules"]) == rooms
        if contract["type"] == "independence":
            assert set(contract["modules"]) == rooms
    assert set(pyproject()["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]) == {*rooms, "yokocho"}
    assert set(pyproject()["tool"]["check-wheel-contents"]["toplevel"]) == {*rooms, "yokocho"}


# --- dependencies -----------------------------------------------------------------------------------------------------


def all_requirements() -> list[str]:
    data = pyproject()
    extras = data["project"]["optional-dependencies"].values()
    return [
        *data["build-system"]["requires"],
        *data["project"]["dependencies"],
        *(one for few in extras for one in few),
    ]


def constraints() -> str:
    return (ROOT / "constraints.txt").read_text()


def test_requirements_are_pinned() -> None:
    assert house_rules.unpinned(all_requirements(), constraints()) == []


def test_unpinned_requirement_is_found() -> None:
    pinned = "# a comment\nlowered==1.0\nNice_Name==2.4.1  # fine\nnode==24.19.0\n"
    asked = ["nice-name>=2.4", "node==24.*", "lowered[extra]>=1.1; python_version > '3'", "absent>=1", "whatever"]
    assert house_rules.unpinned(asked, pinned) == [
        "lowered is pinned below 1.1",
        "absent is not in constraints.txt",
        "whatever has no minimum version",
    ]
    with pytest.raises(ValueError, match="not an exact version"):
        house_rules.pins("loose>=1")


def test_pins_are_safe() -> None:
    assert house_rules.unsafe_versions(house_rules.pins(constraints()), house_rules.SAFE_PYTHON) == []


def test_javascript_is_safe_and_pinned() -> None:
    manifest = (ROOT / "client_web" / "package.json").read_text()
    lock = (ROOT / "client_web" / "package-lock.json").read_text()
    assert house_rules.loose_packages(manifest) == []
    assert house_rules.named_registries(lock) == []
    locked = {
        name.removeprefix("node_modules/"): house_rules.parse_version(entry["version"])
        for name, entry in json.loads(lock)["packages"].items()
    }
    assert set(house_rules.SAFE_JAVASCRIPT) <= set(locked)
    assert house_rules.unsafe_versions(locked, house_rules.SAFE_JAVASCRIPT) == []


def test_unsafe_version_is_found() -> None:
    safe = {"one": "1.10.2", "absent": "3"}
    assert house_rules.unsafe_versions({"one": (1, 10, 2)}, safe) == []
    assert len(house_rules.unsafe_versions({"one": (1, 9)}, safe)) == 1


def test_loose_javascript_is_found() -> None:
    loose = json.dumps({"dependencies": {"three": "^0.187.0"}, "devDependencies": {"vite": "8.3.8"}})
    assert house_rules.loose_packages(loose) == ["three ^0.187.0 is not one version"]
    packages: dict[str, dict[str, object]] = {
        "": {},
        "node_modules/a": {"resolved": "somewhere", "integrity": "x"},
        "node_modules/b": {},
        "node_modules/c": {"optional": True},
    }
    assert house_rules.named_registries(json.dumps({"packages": packages})) == [
        "node_modules/a says where it came from",
        "node_modules/b has no checksum",
    ]


# --- planting ---------------------------------------------------------------------------------------------------------


def plant(target: Path, *folders: str) -> None:
    """Copy some of the project, so that it can be spoiled."""
    for folder in folders:
        shutil.copytree(ROOT / folder, target / folder, ignore=shutil.ignore_patterns("__pycache__"))


def build_small_house(target: Path) -> None:
    """The smallest project that the contracts of the real one fit."""
    shutil.copy(ROOT / "pyproject.toml", target)
    for package in (*pyproject()["tool"]["importlinter"]["root_packages"], "yokocho/http", "yokocho/store"):
        (target / package).mkdir(parents=True)
        (target / package / "__init__.py").touch()
    for module in ("http/planted", "store/planted", "realtime", "cli", "app", "config"):
        (target / "yokocho" / f"{module}.py").touch()


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter on the packages in a folder, with the contracts of the pyproject.toml that lies there."""
    code = (
        "import sys; sys.path.insert(0, '.'); from importlinter.cli import lint_imports_command as c; c(['--no-cache'])"
    )
    return subprocess.run([sys.executable, "-c", code], cwd=folder, check=False, capture_output=True, text=True)
