"""The log: one shape for our lines and those of libraries, and no flood."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest
import structlog

from tests.yokocho.support import ROOT
from yokocho.logs import REPEATS, REPEATS_WINDOW_S, Damper

SCRIPT = """
import logging, sys
import structlog
from yokocho.logs import set_up_logs
set_up_logs(sys.argv[1], sys.argv[2])
log = structlog.stdlib.get_logger("yokocho.test")
log.info("opened", port=8080, name="横丁")
logging.getLogger("aiohttp.server").warning("odd %s", "request")
log.debug("detail")
try:
    1 / 0
except ZeroDivisionError:
    log.exception("broken")
"""


def logged(log_format: str, level: str) -> str:
    result = subprocess.run(
        [sys.executable, "-c", SCRIPT, log_format, level],
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )
    assert result.stdout == ""
    return result.stderr


@pytest.mark.parametrize("log_format", ["json", "auto"])
def test_json_is_one_object_a_line(log_format: str) -> None:
    lines = [json.loads(line) for line in logged(log_format, "info").splitlines()]
    opened, odd, broken = lines
    assert (opened["event"], opened["port"], opened["name"]) == ("opened", 8080, "横丁")
    assert (opened["level"], opened["logger"]) == ("info", "yokocho.test")
    assert opened["timestamp"].endswith("Z")
    assert (odd["event"], odd["level"], odd["logger"]) == ("odd request", "warning", "aiohttp.server")
    assert "ZeroDivisionError: division by zero" in broken["exception"]


def test_console_is_for_people() -> None:
    text = logged("console", "debug")
    assert "opened" in text
    assert "port=8080" in text
    assert "detail" in text
    assert "ZeroDivisionError" in text
    assert "{" not in text.splitlines()[0]


def test_level_holds_back_what_is_lighter() -> None:
    events = [json.loads(line)["event"] for line in logged("json", "error").splitlines()]
    assert events == ["broken"]


def test_repeated_events_are_kept_back_and_counted() -> None:
    now_s = 0.0
    damper = Damper(lambda: now_s)

    def passes(name: str) -> dict[str, Any] | None:
        try:
            return dict(damper(None, "error", {"logger": "a", "event": name}))
        except structlog.DropEvent:
            return None

    assert sum(passes("tick failed") is not None for _ in range(1000)) == REPEATS
    assert passes("something else") is not None
    now_s = REPEATS_WINDOW_S
    assert passes("tick failed") == {"logger": "a", "event": "tick failed", "kept_back": 1000 - REPEATS}
    assert passes("tick failed") == {"logger": "a", "event": "tick failed"}


def test_damper_does_not_grow_without_end() -> None:
    damper = Damper(lambda: 0.0)
    for number in range(5000):
        damper(None, "info", {"event": f"event {number}"})
    assert len(damper._seen) <= 1000
