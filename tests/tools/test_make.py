"""What `make` does on a machine where little is there: shown with a PATH that holds only what the test puts there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).resolve().parents[2]
APT_INSTALL: Final = ROOT / "tools" / "apt_install.sh"


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """A folder of programs to be the whole PATH; each fake one writes down how it was called."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for real in ("sh", "env"):
        (folder / real).symlink_to(str(shutil.which(real)))
    return folder


def put(folder: Path, name: str, script: str) -> None:
    program = folder / name
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


def call(program: list[str], path: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(program, env={"PATH": str(path)}, check=False, capture_output=True, text=True)


def make(*arguments: str) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    command = ["make", "--always-make", "--dry-run", "--directory", str(ROOT), *arguments]
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout


def test_root_installs_without_sudo(programs: Path) -> None:
    put(programs, "id", "echo 0")
    put(programs, "apt-get", f"echo apt-get $* >> {programs}/calls")
    result = call([str(APT_INSTALL), "chromium", "other"], programs)
    assert result.returncode == 0
    calls = (programs / "calls").read_text().splitlines()
    assert calls[0].startswith("apt-get update")
    assert re.fullmatch(r"apt-get install .*-y .*chromium other", calls[1])


def test_others_install_through_sudo(programs: Path) -> None:
    put(programs, "id", "echo 1000")
    put(programs, "apt-get", f"echo apt-get $1 >> {programs}/calls")
    put(programs, "sudo", f'echo sudo >> {programs}/calls\n"$@"')
    assert call([str(APT_INSTALL), "chromium"], programs).returncode == 0
    assert (programs / "calls").read_text().split() == ["sudo", "apt-get", "update", "sudo", "apt-get", "install"]


def test_missing_sudo_is_said_plainly(programs: Path) -> None:
    put(programs, "id", "echo 1000")
    put(programs, "apt-get", "exit 9")
    result = call([str(APT_INSTALL), "chromium"], programs)
    assert result.returncode == 1
    assert "Please run as root and try again: apt-get install chromium" in result.stderr


def test_missing_apt_is_said_plainly(programs: Path) -> None:
    result = call([str(APT_INSTALL), "chromium"], programs)
    assert result.returncode == 1
    assert "Please install these and try again: chromium" in result.stderr


def test_failing_apt_fails(programs: Path) -> None:
    put(programs, "id", "echo 0")
    put(programs, "apt-get", "exit 100")
    assert call([str(APT_INSTALL), "chromium"], programs).returncode == 100


def test_demo_needs_neither_chromium_nor_tests_tools() -> None:
    plan = make("demo")
    assert "yokocho demo" in plan
    assert "chromium" not in plan
    assert "[dev]" not in plan


def test_test_runs_vitest_before_pytest() -> None:
    """CI reads pytest's summary from the last lines."""
    plan = make("test")
    assert plan.index("chromium") < plan.index("vitest run") < plan.index("-m pytest")


def test_ci_does_nothing_that_people_cannot() -> None:
    lines = (ROOT / ".ci" / "run").read_text().splitlines()
    commands = [line for line in lines if line and not line.startswith(("#", "set ", "cd "))]
    assert commands == ["make check", "make test"]


def test_help_names_every_target() -> None:
    text = (ROOT / "Makefile").read_text()
    phony = re.findall(r"^\.PHONY: (.*)$", text, re.MULTILINE)[0].split()
    shown = subprocess.run(["make", "help"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    assert {line.split()[1] for line in shown.splitlines() if line.startswith("  make ")} == set(phony) - {"chromium"}
