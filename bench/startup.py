"""How quickly the application answers and how little it rests on: `python -m bench.startup [--json]`.

Starts `yokocho demo` as its user would. The first start builds the sample alley; the cold starts that follow find it in
the data directory. Times run from the start of the process to the first 200 of `/healthz`; resident memory and CPU are
read from the kernel once the alley is open and nobody is in it.
"""

from __future__ import annotations

import argparse
import http.client
import json
import socket
import statistics
import sys
import tempfile
import time
from typing import Any

from bench.process import Child

COLD_STARTS = 5
IDLE_S = 10.0
DEADLINE_S = 60.0
_POLL_S = 0.005


def free_port() -> int:
    """A port of the loopback address that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for_200(port: int, began_s: float) -> float:
    """Seconds from `began_s` to the first 200 of `/healthz`.

    Raises:
        TimeoutError: there was none.
    """
    while time.monotonic() - began_s < DEADLINE_S:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
        try:
            connection.request("GET", "/healthz")
            if connection.getresponse().status == http.client.OK:
                return time.monotonic() - began_s
        except OSError:
            time.sleep(_POLL_S)
        finally:
            connection.close()
    raise TimeoutError("the server did not answer")


def start(data: str, idle_s: float) -> dict[str, float]:
    """One start; with `idle_s`, also what it rests on for so long."""
    port = free_port()
    began_s = time.monotonic()
    with Child(sys.executable, "-m", "yokocho", "demo", "--port", str(port), "--data", data, quiet=True) as server:
        result = {"seconds": wait_for_200(port, began_s)}
        if idle_s:
            time.sleep(1.0)
            cpu_s = server.cpu_s()
            time.sleep(idle_s)
            result["idle_cpu_percent"] = (server.cpu_s() - cpu_s) / idle_s * 100
            result["idle_rss_mb"] = server.rss_mb()
        return result


def measure() -> dict[str, Any]:
    """The first start in an empty directory, then cold starts, then rest."""
    with tempfile.TemporaryDirectory() as data:
        first = start(data, 0.0)
        colds = [start(data, 0.0)["seconds"] for _ in range(COLD_STARTS)]
        rest = start(data, IDLE_S)
    return {
        "first_start_s": first["seconds"],
        "cold_start_s": statistics.median(colds),
        "cold_starts_s": colds,
        "idle_rss_mb": rest["idle_rss_mb"],
        "idle_cpu_percent": rest["idle_cpu_percent"],
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.startup", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    args = parser.parse_args()
    result = measure()
    if args.json:
        print(json.dumps(result))
    else:
        for name, value in result.items():
            print(f"{name:>18}  {value if isinstance(value, list) else round(value, 3)}")


if __name__ == "__main__":
    main()
