"""The command line: what it says, and how it ends when something is wrong."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.yokocho.support import ROOT, run_yokocho
from yokocho import VERSION
from yokocho.cli import main
from yokocho.errors import ExitCode
from yokocho.store.database import DATABASE_NAME
from yokocho.store.schema import VERSION as SHAPE


def test_version_is_one(capfd: pytest.CaptureFixture[str]) -> None:
    assert run_yokocho("--version").stdout == f"yokocho {VERSION}\n"
    assert tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"] == VERSION


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["dance"],
        ["bots", "0", "--url", "ws://a/live"],
        ["bots", "many", "--url", "ws://a/live"],
        ["bots", "1", "--url", "ws://a/live", "--seconds", "nan"],
        ["demo", "--colour"],
        ["operator", "ban", "203.0.113.9", "--reason", "Spam.", "--hours", "nan"],
        ["operator", "lift", "9" * 20],
    ],
)
def test_wrong_use_shows_the_usage(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(arguments)
    assert end.value.code == ExitCode.USAGE
    said = capsys.readouterr().err
    assert said.startswith("usage: yokocho")
    assert "_" not in said.splitlines()[-1]


def test_orders_are_text(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    umask = os.umask(0o077)
    try:
        assert main(["operator", "people", "\udcff", "--data", str(data)]) == ExitCode.REFUSED
    finally:
        os.umask(umask)
    assert capsys.readouterr().err == "yokocho: What was written there is not UTF-8 text.\n"


def refused(code: ExitCode, *arguments: str, env: dict[str, str] | None = None) -> str:
    """One plain sentence on standard error, and this code."""
    result = run_yokocho(*arguments, env=env)
    assert result.returncode == code, result.stderr
    assert result.stderr.startswith("yokocho: ")
    assert result.stderr.count("\n") == 1
    assert result.stderr.endswith(".\n")
    return result.stderr.removeprefix("yokocho: ").strip()


def test_wrong_settings(tmp_path: Path) -> None:
    said = refused(ExitCode.CONFIG, "demo", "--port", "many")
    assert said == "--port: port should be a whole number from 0 to 65535, not 'many'."
    config = tmp_path / "alley.toml"
    config.write_text("host = '127.0.0.1'\nport = 'many'\n")
    assert f"{config}, line 2: port should be" in refused(ExitCode.CONFIG, "demo", "--config", str(config))
    assert f"{config}, line 2: port should be" in refused(ExitCode.CONFIG, "demo", env={"YOKOCHO_CONFIG": str(config)})
    assert "variable YOKOCHO_BOTS" in refused(ExitCode.CONFIG, "demo", env={"YOKOCHO_BOTS": "-1"})


def test_server_wants_its_origin(tmp_path: Path) -> None:
    assert "give --origin" in refused(ExitCode.CONFIG, "serve", "--data", str(tmp_path))


def test_addresses_that_cannot_be(data: Path) -> None:
    where = ["demo", "--data", str(data)]
    assert "does not belong to this machine" in refused(ExitCode.LISTEN, *where, "--host", "192.0.2.1")
    assert "is unknown" in refused(ExitCode.LISTEN, *where, "--host", "no.such.host.invalid")


def test_directory_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    said = refused(ExitCode.DATA_UNUSABLE, "demo", "--data", str(tmp_path / "file"), "--port", "0")
    assert said == f"The data directory {tmp_path / 'file'} cannot be used: File exists."


def test_database_of_a_newer_version(data: Path) -> None:
    with sqlite3.connect(data / DATABASE_NAME) as raw:
        raw.execute("UPDATE schema_info SET version = 99, compat_version = 98")
    raw.close()
    said = refused(ExitCode.DATA_VERSION, "demo", "--data", str(data), "--port", "0")
    assert f"written by a newer Yokocho (its shape is 99, this version knows {SHAPE}); please update" in said


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE stalls SET sign = '[[1, 2]]'",
        "UPDATE settings SET value = '\"elsewhere\"'",
        "UPDATE rooms SET title = '{'",
    ],
)
def test_damaged_alley(data: Path, damage: str) -> None:
    with sqlite3.connect(data / DATABASE_NAME) as raw:
        raw.execute(damage)
    raw.close()
    said = refused(ExitCode.DATA_UNUSABLE, "demo", "--data", str(data), "--port", "0")
    assert "in the database is damaged" in said


def test_database_that_is_none(tmp_path: Path) -> None:
    (tmp_path / DATABASE_NAME).write_bytes(b"something else " * 1000)
    said = refused(ExitCode.DATA_UNUSABLE, "demo", "--data", str(tmp_path), "--port", "0")
    assert said == f"The database {tmp_path / DATABASE_NAME} cannot be used: file is not a database."


def test_slip_in_the_environment_is_said(tmp_path: Path) -> None:
    result = run_yokocho("demo", "--data", str(tmp_path / "x"), "--host", "192.0.2.1", env={"YOKOCHO_PROT": "1"})
    assert "no setting for the environment variable YOKOCHO_PROT" in result.stderr


def test_another_world_in_the_way_is_said(tmp_path: Path) -> None:
    (tmp_path / "world").mkdir()
    (tmp_path / "world" / "__init__.py").write_text("")
    result = subprocess.run(
        [sys.executable, "-P", "-m", "yokocho", "demo", "--data", str(tmp_path / "data")],
        env={**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert result.returncode == ExitCode.UNEXPECTED
    assert "Another Python package named 'world' is in the way" in result.stderr
    assert "Traceback" not in result.stderr


def test_bots_without_an_alley() -> None:
    said = refused(ExitCode.BOTS, "bots", "1", "--url", "ws://127.0.0.1:1/live", "--seconds", "0.5")
    assert said.startswith("Nobody could get in at ws://127.0.0.1:1/live: ConnectionRefusedError")
    assert "is an address such as" in refused(ExitCode.BOTS, "bots", "1", "--url", "http://127.0.0.1:1/live")
