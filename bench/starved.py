"""Too little CPU: `python -m bench.starved --visitors 1000 --hogs 3 [--json]`.

The server is bound to one core, first alone and then beside processes that calculate all the time. It can't make as
many ticks then; what it must not do is fall behind for good, or take what piled up meanwhile for a flood. `served` is
the share of the frames that everybody would get with enough CPU.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import math
import os
import sys
import time
from collections.abc import Iterator
from typing import Any

from bench.load import HZ, percentile
from bench.process import Child, LoadProcesses, ServerUnderTest
from bench.visitors import WARM_UP_S, shown

_DENSITY_PER_M2 = 0.1


@contextlib.contextmanager
def hogs(count: int, core: int) -> Iterator[None]:
    """Processes that calculate on a core."""
    with contextlib.ExitStack() as stack:
        for _ in range(count):
            hog = stack.enter_context(Child(sys.executable, "-c", "while True: pass"))
            os.sched_setaffinity(hog.process.pid, {core})
        yield


def measure(visitors: int, count: int, seconds: float) -> dict[str, Any]:
    """Alone, beside hogs, and when these have gone."""
    side_m = math.sqrt(visitors / _DENSITY_PER_M2)
    core = min(os.sched_getaffinity(0))
    with ServerUnderTest(side_m, visitors) as server:
        os.sched_setaffinity(server.process.pid, {core})
        with LoadProcesses(server.port, "yokocho", visitors, seconds, side_m, walking=True) as load:
            load.warm_up(WARM_UP_S)
            alone = _phase(server, load, visitors, seconds)
            with hogs(count, core):
                starved = _phase(server, load, visitors, seconds)
            time.sleep(WARM_UP_S)
            after = _phase(server, load, visitors, seconds)
    return {"visitors": visitors, "hogs": count, "alone": alone, "starved": starved, "after": after}


def _phase(server: ServerUnderTest, load: LoadProcesses, visitors: int, seconds: float) -> dict[str, Any]:
    server.report()
    cpu_s = server.cpu_s()
    results = load.run()
    cpu_s = server.cpu_s() - cpu_s
    report = server.report()
    ages_ms = [age for result in results for age in result["ages_ms"]]
    return {
        "served": sum(result["frames_per_s"] for result in results) / visitors / HZ,
        "server_cpu_cores": cpu_s / seconds,
        "pose_age_ms": {"p50": percentile(ages_ms, 0.5), "p99": percentile(ages_ms, 0.99)},
        "tick_ms": report.tick_ms,
        "evicted": report.evicted,
        "lost_connections": sum(result["lost"] for result in results),
    }


def main() -> None:
    """Parse the arguments, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m bench.starved", description=__doc__)
    parser.add_argument("--visitors", type=int, default=1000)
    parser.add_argument("--hogs", type=int, default=3, help="processes that want the server's core, too")
    parser.add_argument("--seconds", type=float, default=10.0, help="of each phase")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    args = parser.parse_args()
    result = measure(args.visitors, args.hogs, args.seconds)
    print(json.dumps(result) if args.json else shown(result))


if __name__ == "__main__":
    main()
