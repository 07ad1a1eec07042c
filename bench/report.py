"""The whole picture: `python -m bench.report` writes `bench/out/report.md` with plots.

Every figure is the median of `RUNS` runs; what is compared was measured in the same call. It takes about 15 minutes.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import platform
import statistics
from pathlib import Path
from typing import Any

from bench import startup
from bench.peers import measure_colyseus
from bench.plot import Series, line_plot
from bench.visitors import measure, with_floor

OUT = Path(__file__).parent / "out"
DENSITY = 0.1
GROWTH = (100, 250, 500, 1000, 2000)
PEERS = (100, 250, 500)
CROWD = (1000, 1000 / 400)
"""1000 visitors in 20 x 20 m."""


def median_run(runs: list[dict[str, Any]], key: str) -> dict[str, Any]:
    """The run whose figure is the median."""
    return sorted(runs, key=lambda run: float(run[key]))[len(runs) // 2]


def growth(runs: int, seconds: float) -> list[dict[str, Any]]:
    """Beside the floor, at equal density."""
    rows = []
    for visitors in GROWTH:
        measured = [with_floor(measure(visitors, seconds, DENSITY), visitors, seconds, DENSITY) for _ in range(runs)]
        rows.append(median_run(measured, "floor_ratio"))
        print(f"{visitors} visitors: {rows[-1]['floor_ratio']:.2f} times the floor", flush=True)
    return rows


def peers(runs: int, seconds: float) -> list[dict[str, float]]:
    """Beside Colyseus."""
    rows = []
    for visitors in PEERS:
        ratios, ours_us, theirs_us = [], [], []
        for _ in range(runs):
            ours = measure(visitors, seconds, DENSITY)["cpu_us_per_pair"]
            theirs = measure_colyseus(visitors, seconds, DENSITY)["cpu_us_per_pair"]
            ratios.append(ours / theirs)
            ours_us.append(ours)
            theirs_us.append(theirs)
        rows.append(
            {
                "visitors": visitors,
                "ours_us": statistics.median(ours_us),
                "colyseus_us": statistics.median(theirs_us),
                "ratio": statistics.median(ratios),
            }
        )
        print(f"{visitors} visitors: {rows[-1]['ratio']:.2f} of Colyseus", flush=True)
    return rows


def table(header: tuple[str, ...], rows: list[tuple[object, ...]]) -> str:
    """A Markdown table."""
    lines = ["| " + " | ".join(header) + " |", "|" + " --- |" * len(header)]
    lines += [
        "| " + " | ".join(f"{cell:.2f}" if isinstance(cell, float) else str(cell) for cell in row) + " |"
        for row in rows
    ]
    return "\n".join(lines)


def write(
    grown: list[dict[str, Any]], beside: list[dict[str, float]], crowd: dict[str, Any], still: dict[str, Any]
) -> None:
    """Plots and the page that shows them."""
    OUT.mkdir(exist_ok=True)
    ours = Series("Yokocho", [(row["visitors"], row["cpu_us_per_pair"]) for row in grown])
    floor = Series("C floor", [(row["visitors"], row["floor_us_per_pair"]) for row in grown])
    growth_svg = line_plot("CPU per frame in and frame out", "visitors", "µs", [ours, floor])
    (OUT / "growth.svg").write_text(growth_svg)
    colyseus = Series("Colyseus, StateView", [(row["visitors"], row["colyseus_us"]) for row in beside])
    mine = Series("Yokocho", [(row["visitors"], row["ours_us"]) for row in beside])
    (OUT / "peers.svg").write_text(line_plot("The same walk on both", "visitors", "µs", [mine, colyseus]))
    rows: list[tuple[object, ...]] = [
        (
            row["visitors"],
            row["cpu_us_per_pair"],
            row["floor_us_per_pair"],
            row["floor_ratio"],
            row["pose_age_ms"]["p50"],
            row["pose_age_ms"]["p99"],
            row["heard"],
            row["bytes_per_heard_pose"],
            row["tick_ms"]["p99"],
            row["kb_per_visitor"],
        )
        for row in grown
    ]
    header = (
        "visitors",
        "µs a pair",
        "floor µs",
        "ratio",
        "age p50 ms",
        "p99",
        "heard",
        "B a pose",
        "tick p99 ms",
        "KB each",
    )
    crowd_sentence = (
        f"p95 {crowd['bytes_per_visitor_s_p95'] / 1000:.1f} KB/s a visitor, tick p99 {crowd['tick_ms']['p99']:.1f} ms, "
        f"longest {crowd['tick_ms']['max']:.1f} ms, {crowd['server_cpu_cores']:.2f} cores."
    )
    page = [
        "# World sync, measured",
        f"{dt.datetime.now(dt.UTC):%Y-%m-%d}, {platform.machine()}, Python {platform.python_version()}",
        "![growth](growth.svg)",
        table(header, rows),
        "![peers](peers.svg)",
        table(
            ("visitors", "ours µs", "Colyseus µs", "ratio"),
            [(row["visitors"], row["ours_us"], row["colyseus_us"], row["ratio"]) for row in beside],
        ),
        "## A crowd: 1000 visitors in 20 by 20 m",
        crowd_sentence,
        "## At rest: 200 visitors who stand still",
        f"{still['server_cpu_cores'] * 100:.1f} % of a core.",
        "## The start",
        "```json",
        json.dumps(startup.measure(), indent=1),
        "```",
    ]
    (OUT / "report.md").write_text("\n\n".join(page) + "\n")


def main() -> None:
    """Measure everything, write the report."""
    parser = argparse.ArgumentParser(prog="python -m bench.report", description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=10.0)
    args = parser.parse_args()
    grown = growth(args.runs, args.seconds)
    beside = peers(args.runs, args.seconds)
    crowd = measure(CROWD[0], args.seconds, CROWD[1])
    still = measure(200, args.seconds, DENSITY, walking=False)
    write(grown, beside, crowd, still)
    print(f"written: {OUT / 'report.md'}")


if __name__ == "__main__":
    main()
