"""Does it stay as it was? `python -m bench.soak [--minutes 30] [--visitors 300]`.

Visitors come, walk, talk and go for half an hour. Once a minute the server's memory, open files, tasks and tick times
are read. After the first quarter everything has been touched once; from there on memory may grow by 5 % at most,
nothing else at all; nobody may be sent away, and when the last has left, as many files are open as before the first
came. Exits with 1 otherwise.
"""

from __future__ import annotations

import argparse
import math
import statistics
import sys
import time
from collections import Counter
from typing import Any

from bench.process import LOAD_PROCESSES, Child, ServerUnderTest

DENSITY = 0.1
MEMORY_GROWTH = 1.05
TICK_GROWTH = 1.5
SAMPLE_S = 60.0
CALM_WITHIN_S = 15.0
LEAST_SHARE = 0.8
"""Of the visitors, those who are there at a time: some are always on their way."""


def sample(server: ServerUnderTest) -> dict[str, Any]:
    """The server now."""
    report = server.report()
    return {
        "rss_mb": server.rss_mb(),
        "files": server.files(),
        "tasks": report.tasks,
        "tick_p99_ms": report.tick_ms["p99"],
        "evicted": report.evicted,
        "errors": report.errors,
    }


def verdict(samples: list[dict[str, Any]], visitors: int) -> list[str]:
    """What is wrong, in sentences."""
    settled = samples[len(samples) // 4 :]
    half = len(settled) // 2

    def means(key: str) -> tuple[float, float]:
        values = [float(each[key]) for each in settled]
        return statistics.mean(values[:half]), statistics.mean(values[half:])

    faults = []
    before, after = means("rss_mb")
    if after > before * MEMORY_GROWTH:
        faults.append(f"memory grew from {before:.1f} to {after:.1f} MB")
    before, after = means("tasks")
    if after > before + 2:
        faults.append(f"tasks grew from {before:.0f} to {after:.0f}")
    most = max(each["files"] for each in settled)
    if most > visitors + 50:
        faults.append(f"{most} files are open for {visitors} visitors")
    usual = statistics.median(each["files"] for each in settled)
    if usual < visitors * LEAST_SHARE:
        faults.append(f"only {usual:.0f} of {visitors} visitors came")
    ticks_ms = [float(each["tick_p99_ms"]) for each in settled]
    before, after = statistics.median(ticks_ms[:half]), statistics.median(ticks_ms[half:])
    if after > before * TICK_GROWTH:
        faults.append(f"the tick's p99 grew from {before:.1f} to {after:.1f} ms")
    for what in ("evicted", "errors"):
        seen = sum((Counter(each[what]) for each in samples), Counter[str]())
        if seen:
            faults.append(f"{what}: {dict(seen)}")
    return faults


def left_behind(server: ServerUnderTest, files: int) -> list[str]:
    """What is still there when everybody has left, in sentences."""
    until_s = time.monotonic() + CALM_WITHIN_S
    while server.files() > files and time.monotonic() < until_s:
        time.sleep(0.5)
    left = server.files() - files
    return [f"{left} files are open when everybody has left"] if left > 0 else []


def main() -> None:
    """Run, report, judge."""
    parser = argparse.ArgumentParser(prog="python -m bench.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--visitors", type=int, default=300)
    args = parser.parse_args()
    side_m = math.sqrt(args.visitors / DENSITY)
    share = args.visitors // LOAD_PROCESSES
    samples: list[dict[str, Any]] = []
    # Those who were cut off are still there for the resume window.
    with ServerUnderTest(side_m, args.visitors * 2) as server:
        files = server.files()
        command = (sys.executable, "-m", "bench.churn", str(server.port), str(share), str(args.minutes * 60 + 5))
        children = [Child(*command, str(side_m), str(number)) for number in range(LOAD_PROCESSES)]
        try:
            until_s = time.monotonic() + args.minutes * 60
            while time.monotonic() < until_s:
                time.sleep(min(SAMPLE_S, args.minutes * 60 / 12))
                samples.append(sample(server))
                print(samples[-1], flush=True)
            ended = [child.command for child in children if child.process.poll() is not None]
        finally:
            for child in children:
                child.__exit__(None, None, None)
        faults = [f"the load ended: {command}" for command in ended]
        faults += verdict(samples, args.visitors) + left_behind(server, files)
    print("\n".join(faults) or "It stayed as it was.")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
