"""A real instance in a process of its own, for tests that look at it from outside."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from tests.yokocho.support import free_port

START_TIMEOUT_S: Final = 90.0
STOP_TIMEOUT_S: Final = 40.0


class Alley:
    """`yokocho demo` on a free port with a data directory of its own. It can be killed and started again.

    `settings` are settings of the instance by name; they reach it through the environment, as an operator would do it.
    """

    def __init__(self, data: Path, *, settings: Mapping[str, object] | None = None) -> None:
        self.data = data
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._settings: dict[str, str] = {}
        self.configure(**(settings or {}))
        self._log = data.with_suffix(".log")
        self._process: subprocess.Popen[bytes] | None = None

    def configure(self, **settings: object) -> None:
        """Change settings, for the next start."""
        self._settings.update({"YOKOCHO_" + name.upper(): str(value) for name, value in settings.items()})

    def start(self) -> None:
        """Start it and wait until it answers."""
        self._process = self._run()
        self._until_it_answers(self._process)

    def take_over(self) -> None:
        """Let a new process relieve it, and wait until the old one is gone and the new one answers."""
        old = self._process
        assert old is not None
        self._process = self._run("--take-over")
        try:
            assert old.wait(START_TIMEOUT_S) == 0
        except subprocess.TimeoutExpired:
            old.kill()
            old.wait()
            self.kill()
            raise
        self._until_it_answers(self._process)

    def _run(self, *more: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "yokocho", "demo", "--port", str(self.port), "--data", str(self.data), *more]
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("YOKOCHO_")}
        with self._log.open("ab") as output:
            return subprocess.Popen(command, stdout=output, stderr=output, env={**inherited, **self._settings})

    def _until_it_answers(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + START_TIMEOUT_S
        while process.poll() is None and time.monotonic() < deadline:
            try:
                self.health()
            except OSError:
                time.sleep(0.05)
            else:
                return
        self.kill()
        raise AssertionError(f"the alley did not open:\n{self._log.read_text()}")

    def claim_link(self) -> str:
        """The newest link for the first operator, from the server's output."""
        deadline = time.monotonic() + START_TIMEOUT_S
        while True:
            links = re.findall(r"http\S+/claim#[\w-]+", self._log.read_text())
            if links:
                return str(links[-1])
            assert time.monotonic() < deadline, "no link was printed"
            time.sleep(0.05)

    def health(self) -> dict[str, Any]:
        """What `/healthz` says."""
        with urllib.request.urlopen(f"{self.url}/healthz", timeout=5) as answer:
            health: dict[str, Any] = json.load(answer)
        return health

    def kill(self) -> None:
        """Pull the plug: SIGKILL."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Ask it to close, as an operator does."""
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(how)
            try:
                self._process.wait(STOP_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._process = None
