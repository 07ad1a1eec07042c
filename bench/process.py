"""Child processes of a bench: started on free ports, read through /proc, ended by their own process id."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec

LOAD_PROCESSES = 2
_END_TIMEOUT_S = 5.0
_CLOCK_TICKS = os.sysconf("SC_CLK_TCK")


class Child:
    """A process that talks by lines and is gone when the block ends."""

    def __init__(self, *command: str, quiet: bool = False) -> None:
        self.command = " ".join(command)
        sink = subprocess.DEVNULL if quiet else None
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=sink or subprocess.PIPE, stderr=sink, text=True
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.process.terminate()
        try:
            self.process.wait(_END_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def line(self) -> str:
        """The next line it prints.

        Raises:
            RuntimeError: it ended instead.
        """
        if self.process.stdout is None or not (line := self.process.stdout.readline()):
            raise RuntimeError(f"{self.command} ended with {self.process.wait()}")
        return line.strip()

    def tell(self, line: str) -> None:
        """Send it a line."""
        if self.process.stdin is not None:
            self.process.stdin.write(line + "\n")
            self.process.stdin.flush()

    def cpu_s(self) -> float:
        """CPU time of the process so far, user and system."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / _CLOCK_TICKS

    def rss_mb(self) -> float:
        """Resident memory."""
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


class Report(msgspec.Struct):
    """What bench.server tells: how long ticks took (p50, p99, max), how many tasks there are, whom it ended and why."""

    tick_ms: dict[str, float]
    tasks: int
    evicted: dict[str, int]
    errors: dict[str, int]


class ServerUnderTest(Child):
    """bench.server on a free port."""

    def __init__(self, side_m: float, max_visitors: int, per_address: int | None = None) -> None:
        limit = () if per_address is None else (str(per_address),)
        super().__init__(sys.executable, "-m", "bench.server", str(side_m), str(max_visitors), *limit)
        self.port = int(self.line().removeprefix("port "))

    def report(self) -> Report:
        """What happened since the last call."""
        self.tell("report")
        return msgspec.json.decode(self.line(), type=Report)

    def files(self) -> int:
        """How many files and sockets are open."""
        return len(list(Path(f"/proc/{self.process.pid}/fd").iterdir()))


class LoadProcesses:
    """The visitors, over several processes, so that the load is not the bottleneck."""

    def __init__(self, port: int, peer: str, visitors: int, seconds: float, side_m: float, *, walking: bool) -> None:
        share, rest = divmod(visitors, LOAD_PROCESSES)
        self._children = [
            Child(
                sys.executable,
                "-m",
                "bench.load",
                str(port),
                peer,
                str(share + (number < rest)),
                str(seconds),
                str(side_m),
                str(number),
                "walk" if walking else "stand",
            )
            for number in range(LOAD_PROCESSES)
        ]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for child in self._children:
            child.__exit__(kind, error, at)

    def warm_up(self, seconds: float) -> None:
        """Wait until everyone is in and has walked for a while."""
        for child in self._children:
            child.line()
        time.sleep(seconds)

    def start(self) -> None:
        """Begin to measure."""
        for child in self._children:
            child.tell("go")

    def finish(self) -> list[dict[str, Any]]:
        """Wait for the end; one result per process."""
        return [json.loads(child.line()) for child in self._children]

    def run(self) -> list[dict[str, Any]]:
        """Measure from now until the seconds are over."""
        self.start()
        return self.finish()
