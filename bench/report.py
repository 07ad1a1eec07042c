"""The whole picture: `python -m bench.report [--quick] [--only SECTION …]` writes `bench/out/report.md` with plots.

Figures are medians of several runs; what is compared was measured in the same call. A section that fails, or takes
longer than it may, says so in its place and the others go on, so the report comes about unattended. It takes about 20
minutes, `--quick` (one short run of each) about 6. Exits with 1 when a section failed.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import math
import os
import platform
import signal
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import uvloop

from bench import lossy, stalls, startup, storms
from bench.peers import measure_colyseus
from bench.plot import Series, line_plot
from bench.process import ServerUnderTest
from bench.proxy import Weather
from bench.visitors import measure, with_floor

OUT: Final = Path(__file__).parent / "out"
DENSITY: Final = 0.1
GROWTH: Final = (100, 250, 500, 1000, 2000)
PEERS: Final = (100, 250, 500)
CROWD: Final = (1000, 1000 / 400)
"""1000 visitors in 20 x 20 m."""

EVEN_SHARE: Final = 0.2
SECTION_LIMIT_S: Final = 15 * 60


@dataclass(frozen=True, slots=True)
class Effort:
    """How often and how long each thing is measured."""

    runs: int
    seconds: float


def table(header: tuple[str, ...], rows: list[tuple[object, ...]]) -> str:
    """A Markdown table."""
    lines = ["| " + " | ".join(header) + " |", "|" + " --- |" * len(header)]
    lines += [
        "| " + " | ".join(f"{cell:.2f}" if isinstance(cell, float) else str(cell) for cell in row) + " |"
        for row in rows
    ]
    return "\n".join(lines)


def median_run(runs: list[dict[str, Any]], key: str) -> dict[str, Any]:
    """The run whose figure is the median."""
    return sorted(runs, key=lambda run: float(run[key]))[len(runs) // 2]


def load_cores(run: dict[str, Any]) -> str:
    """CPU of the load processes: near 1 they are the bottleneck, not the server."""
    return " + ".join(f"{cores:.2f}" for cores in run["load_cpu_cores"])


def growth(effort: Effort) -> tuple[str, Any]:
    """Beside the floor, at equal density."""
    rows = []
    for visitors in GROWTH:
        measured = [
            with_floor(measure(visitors, effort.seconds, DENSITY), visitors, effort.seconds, DENSITY)
            for _ in range(effort.runs)
        ]
        rows.append(median_run(measured, "floor_ratio"))
        print(f"  {visitors} visitors: {rows[-1]['floor_ratio']:.2f} times the floor", flush=True)
    each = [(row["visitors"], row["cpu_ms_per_visitor_s"]) for row in rows]
    (OUT / "visitor.svg").write_text(line_plot("CPU per visitor", "visitors", "ms a second", [Series("Yokocho", each)]))
    ours = Series("Yokocho", [(row["visitors"], row["cpu_us_per_pair"]) for row in rows])
    floor = Series("floor", [(row["visitors"], row["floor_us_per_pair"]) for row in rows])
    (OUT / "growth.svg").write_text(line_plot("CPU per frame in and frame out", "visitors", "µs", [ours, floor]))
    ages = [Series(share, [(row["visitors"], row["pose_age_ms"][share]) for row in rows]) for share in ("p50", "p99")]
    (OUT / "age.svg").write_text(line_plot("Age of a pose, sender to receiver", "visitors", "ms", ages))
    columns: dict[str, Callable[[dict[str, Any]], object]] = {
        "visitors": lambda row: row["visitors"],
        "ms a visitor": lambda row: row["cpu_ms_per_visitor_s"],
        "µs a pair": lambda row: row["cpu_us_per_pair"],
        "floor µs": lambda row: row["floor_us_per_pair"],
        "ratio": lambda row: row["floor_ratio"],
        "server cores": lambda row: row["server_cpu_cores"],
        "load cores": load_cores,
        "poses sent /s": lambda row: f"{row['sent_per_s']:.0f} of {row['visitors'] * row['tick_hz']}",
        "frames heard /s": lambda row: round(row["frames_per_s"]),
        "age p50 ms": lambda row: row["pose_age_ms"]["p50"],
        "p99": lambda row: row["pose_age_ms"]["p99"],
        "heard": lambda row: row["heard"],
        "B a pose": lambda row: row["bytes_per_heard_pose"],
        "tick p99 ms": lambda row: row["tick_ms"]["p99"],
        "KB each": lambda row: row["kb_per_visitor"],
    }
    cells = [tuple(column(row) for column in columns.values()) for row in rows]
    text = [
        f"Walking at 20 Hz, {DENSITY} visitors a square metre; the floor is {rows[0]['floor']}.",
        evenness(each),
        "![CPU per visitor](visitor.svg) ![CPU per pair](growth.svg) ![pose age](age.svg)",
        table(tuple(columns), cells),
    ]
    return "\n\n".join(text), rows


def evenness(each: list[tuple[float, float]]) -> str:
    """Whether every visitor costs the same, in a sentence."""
    least, most = min(each, key=lambda at: at[1]), max(each, key=lambda at: at[1])
    middle = (least[1] + most[1]) / 2
    spread = (most[1] - middle) / middle
    verdict = "within" if spread <= EVEN_SHARE else "**not** within"
    return (
        f"CPU per visitor is {verdict} ±{EVEN_SHARE:.0%} from {each[0][0]:g} to {each[-1][0]:g} visitors: "
        f"±{spread:.0%}, from {least[1]:.2f} ms a second (at {least[0]:g}) to {most[1]:.2f} (at {most[0]:g})."
    )


def peers(effort: Effort) -> tuple[str, Any]:
    """Beside Colyseus."""
    rows = []
    for visitors in PEERS:
        runs = []
        for _ in range(effort.runs):
            ours = measure(visitors, effort.seconds, DENSITY)
            theirs = measure_colyseus(visitors, effort.seconds, DENSITY)
            ratio = ours["cpu_us_per_pair"] / theirs["cpu_us_per_pair"]
            runs.append({"visitors": visitors, "ours": ours, "colyseus": theirs, "ratio": ratio})
        rows.append(median_run(runs, "ratio"))
        print(f"  {visitors} visitors: {rows[-1]['ratio']:.2f} of Colyseus", flush=True)
    lines = [
        Series(name, [(row["visitors"], row[key]["cpu_us_per_pair"]) for row in rows])
        for name, key in (("Yokocho", "ours"), ("Colyseus, StateView", "colyseus"))
    ]
    (OUT / "peers.svg").write_text(line_plot("CPU per frame in and frame out, the same walk", "visitors", "µs", lines))
    header = ("visitors", "ours µs", "Colyseus µs", "ratio", "our load cores", "their load cores", "their cores")
    cells: list[tuple[object, ...]] = [
        (
            row["visitors"],
            row["ours"]["cpu_us_per_pair"],
            row["colyseus"]["cpu_us_per_pair"],
            row["ratio"],
            load_cores(row["ours"]),
            load_cores(row["colyseus"]),
            row["colyseus"]["server_cpu_cores"],
        )
        for row in rows
    ]
    return "![peers](peers.svg)\n\n" + table(header, cells), rows


def crowd(effort: Effort) -> tuple[str, Any]:
    """A thousand in a room of twenty by twenty metres."""
    run = median_run([measure(CROWD[0], effort.seconds, CROWD[1]) for _ in range(effort.runs)], "server_cpu_cores")
    text = (
        f"p95 {run['bytes_per_visitor_s_p95'] / 1000:.1f} KB/s a visitor, tick p99 {run['tick_ms']['p99']:.1f} ms, "
        f"longest {run['tick_ms']['max']:.1f} ms, pose age p99 {run['pose_age_ms']['p99']:.0f} ms, "
        f"{run['server_cpu_cores']:.2f} cores (load: {load_cores(run)})."
    )
    return text, run


def still(effort: Effort) -> tuple[str, Any]:
    """200 visitors who stand still."""
    run = measure(200, max(20.0, effort.seconds), DENSITY, walking=False)
    return f"{run['server_cpu_cores'] * 100:.1f} % of a core.", run


def slow_readers(effort: Effort) -> tuple[str, Any]:
    """Readers who stop, or read slowly."""
    del effort
    return _as_json(uvloop.run(stalls.measure(200, 30, 10.0)))


def weather(effort: Effort) -> tuple[str, Any]:
    """Storms at the door, in the room, and of one visitor."""
    return _as_json(storms.measure(effort.seconds))


def bad_lines(effort: Effort) -> tuple[str, Any]:
    """Cut lines."""
    side_m = math.sqrt(100 / lossy.DENSITY)
    with ServerUnderTest(side_m, 200) as server:
        rehearsal = lossy.rehearse(
            server.port,
            f"http://127.0.0.1:{server.port}",
            side_m,
            visitors=100,
            seconds=effort.seconds * 3,
            weather=Weather(delay_s=0.02, jitter_s=0.03, mean_life_s=10.0),
            silence_s=5.0,
            seed=1,
        )
        return _as_json(uvloop.run(rehearsal))


def start(effort: Effort) -> tuple[str, Any]:
    """How fast it starts, and what it rests on."""
    del effort
    return _as_json(startup.measure())


def _as_json(found: dict[str, Any]) -> tuple[str, Any]:
    return "```json\n" + json.dumps(found, indent=1) + "\n```", found


SECTIONS: Final[dict[str, tuple[str, Callable[[Effort], tuple[str, Any]]]]] = {
    "growth": ("From 100 to 2000 visitors", growth),
    "peers": ("Beside Colyseus", peers),
    "crowd": ("A crowd: 1000 visitors in 20 by 20 m", crowd),
    "still": ("At rest: 200 visitors who stand still", still),
    "stalls": ("Readers who stop, or read slowly", slow_readers),
    "storms": ("Storms", weather),
    "lossy": ("Cut lines: 100 visitors who talk", bad_lines),
    "start": ("The start", start),
}


def run_section(name: str, effort: Effort) -> tuple[str, Any, bool]:
    """One section's text and figures, and whether it came about."""
    title, section = SECTIONS[name]
    print(f"{title} …", flush=True)
    began_s = time.monotonic()
    signal.alarm(SECTION_LIMIT_S)
    try:
        text, figures = section(effort)
    except Exception as error:  # noqa: BLE001 - whatever it was, the other sections go on
        print(f"  failed: {error!r}", flush=True)
        return f"## {title}\n\nNot measured: `{error!r}`", None, False
    finally:
        signal.alarm(0)
    print(f"  {time.monotonic() - began_s:.0f} s", flush=True)
    return f"## {title}\n\n{text}", figures, True


def _too_long(*_: object) -> None:
    raise TimeoutError(f"took longer than {SECTION_LIMIT_S} s")


def main() -> None:
    """Measure everything, write the report."""
    parser = argparse.ArgumentParser(prog="python -m bench.report", description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--quick", action="store_true", help="one run of 4 seconds each")
    parser.add_argument("--only", nargs="+", choices=SECTIONS, default=list(SECTIONS), help="these sections alone")
    args = parser.parse_args()
    effort = Effort(1, 4.0) if args.quick else Effort(args.runs, args.seconds)
    OUT.mkdir(exist_ok=True)
    signal.signal(signal.SIGALRM, _too_long)
    began_s = time.monotonic()
    sections = {name: run_section(name, effort) for name in args.only}
    load = statistics.mean(os.getloadavg())
    head = (
        f"{dt.datetime.now(dt.UTC):%Y-%m-%d}, {platform.machine()}, {os.cpu_count()} cores, Python "
        f"{platform.python_version()}; medians of {effort.runs} runs of {effort.seconds:g} s, "
        f"{(time.monotonic() - began_s) / 60:.0f} minutes in all, load average at the end {load:.1f}."
    )
    page = ["# World sync, measured", head, *(text for text, _, _ in sections.values())]
    (OUT / "report.md").write_text("\n\n".join(page) + "\n")
    (OUT / "report.json").write_text(json.dumps({name: figures for name, (_, figures, _) in sections.items()}))
    print(f"written: {OUT / 'report.md'}")
    sys.exit(not all(came_about for _, _, came_about in sections.values()))


if __name__ == "__main__":
    main()
