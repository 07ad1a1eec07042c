"""The floor: the barest loop that does the same socket work. In C when there is a compiler, else in Python."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from types import TracebackType

from bench.process import Child

_HERE = Path(__file__).parent


class Floor(Child):
    """A loop of equal frames on a free port.

    Attributes:
        kind: what it is made of, for the report.
    """

    def __init__(self, payload_bytes: int, hz: int, seconds: float) -> None:
        self._folder = tempfile.TemporaryDirectory()
        arguments = (str(payload_bytes), str(hz), str(int(seconds)))
        compiler = shutil.which("cc") or shutil.which("gcc")
        if compiler:
            program = Path(self._folder.name) / "floor"
            subprocess.run([compiler, "-O2", "-o", str(program), str(_HERE / "floor.c")], check=True)
            self.kind = "C, one epoll thread"
            super().__init__(str(program), *arguments)
        else:
            self.kind = "Python, one epoll thread (no compiler found)"
            super().__init__(sys.executable, "-m", "bench.floor_loop", *arguments)
        self.port = int(self.line().removeprefix("port "))

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        super().__exit__(kind, error, at)
        self._folder.cleanup()

    def measure(self) -> tuple[int, float]:
        """Frames out and CPU microseconds over the seconds that begin now."""
        self.tell("go")
        words = self.line().split()
        return int(words[1]), float(words[3])
