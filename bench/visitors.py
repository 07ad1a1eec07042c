"""World sync under load: `python -m bench.visitors --visitors 500 --seconds 10 [--floor] [--json]`.

Starts the live endpoint and load processes of their own, lets everyone walk, and reads the server's CPU time from the
kernel: a *pair* is one frame in and one frame out. `--floor` runs in the same call, under the same load, a bare loop
that takes the same frames and sends frames of the same size, and prints how many times its CPU the server needs.
"""

from __future__ import annotations

import argparse
import json
import math
import statistics
from typing import Any

from bench.floor import Floor
from bench.load import HZ, percentile
from bench.process import LoadProcesses, ServerUnderTest

WARM_UP_S = 3.0


def measure(visitors: int, seconds: float, density: float, *, walking: bool = True) -> dict[str, Any]:
    """One run of the server under load."""
    side_m = math.sqrt(visitors / density)
    with ServerUnderTest(side_m, visitors) as server:
        idle_rss_mb = server.rss_mb()
        with LoadProcesses(server.port, "yokocho", visitors, seconds, side_m, walking=walking) as load:
            load.warm_up(WARM_UP_S)
            server.report()
            cpu_s = server.cpu_s()
            results = load.run()
            cpu_s = server.cpu_s() - cpu_s
            rss_mb = server.rss_mb()
            report = server.report()
    frames_per_s = sum(result["frames_per_s"] for result in results)
    ages_ms = [age for result in results for age in result["ages_ms"]]
    heard = [result["heard"] for result in results if result["heard"]]
    heard_mean = statistics.mean(heard) if heard else 0.0
    sent_per_s = sum(result["sent_per_s"] for result in results) if walking else visitors
    return {
        "visitors": visitors,
        "density_per_m2": density,
        "tick_hz": HZ,
        "cpu_us_per_pair": cpu_s / seconds / max(1.0, min(frames_per_s, sent_per_s)) * 1e6,
        "server_cpu_cores": cpu_s / seconds,
        "cpu_ms_per_visitor_s": cpu_s / seconds / visitors * 1000,
        "bytes_per_visitor_s": sum(result["bytes_per_s"] for result in results) / visitors,
        "bytes_per_visitor_s_p95": percentile([each for result in results for each in result["bytes_each_s"]], 0.95),
        "bytes_per_heard_pose": sum(result["bytes_per_s"] for result in results) / max(1.0, frames_per_s * heard_mean),
        "tick_ms": report.tick_ms,
        "evicted": report.evicted,
        "errors": report.errors,
        "heard": heard_mean,
        "pose_age_ms": {"p50": percentile(ages_ms, 0.5), "p99": percentile(ages_ms, 0.99)},
        "frames_per_s": frames_per_s,
        "sent_per_s": sent_per_s,
        "events_per_s": sum(result["events_per_s"] for result in results),
        "lost_connections": sum(result["lost"] for result in results),
        "load_cpu_cores": [result["cpu_cores"] for result in results],
        "rss_mb": rss_mb,
        "kb_per_visitor": (rss_mb - idle_rss_mb) * 1024 / visitors,
    }


def with_floor(result: dict[str, Any], visitors: int, seconds: float, density: float) -> dict[str, Any]:
    """Add the floor at the same frame size to a result."""
    side_m = math.sqrt(visitors / density)
    payload_bytes = round(result["bytes_per_visitor_s"] * visitors / result["frames_per_s"]) - 4
    with (
        Floor(payload_bytes, HZ, seconds) as floor,
        LoadProcesses(floor.port, "floor", visitors, seconds + 2, side_m, walking=True) as load,
    ):
        load.warm_up(WARM_UP_S)
        load.start()
        pairs, cpu_us = floor.measure()
        load.finish()
    return {
        **result,
        "floor": floor.kind,
        "floor_payload_bytes": payload_bytes,
        "floor_us_per_pair": cpu_us / pairs,
        "floor_ratio": result["cpu_us_per_pair"] / (cpu_us / pairs),
    }


def shown(result: dict[str, Any]) -> str:
    """A result for people."""
    lines = []
    for name, value in result.items():
        text = f"{value:.2f}" if isinstance(value, float) else value
        lines.append(f"{name:>22}  {text}")
    return "\n".join(lines)


def main() -> None:
    """Parse the arguments, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m bench.visitors", description=__doc__)
    parser.add_argument("--visitors", type=int, default=500)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--density", type=float, default=0.1, help="visitors per square metre")
    parser.add_argument("--still", action="store_true", help="nobody moves")
    parser.add_argument("--floor", action="store_true", help="measure the floor in the same run")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    args = parser.parse_args()
    result = measure(args.visitors, args.seconds, args.density, walking=not args.still)
    if args.floor:
        result = with_floor(result, args.visitors, args.seconds, args.density)
    print(json.dumps(result) if args.json else shown(result))


if __name__ == "__main__":
    main()
