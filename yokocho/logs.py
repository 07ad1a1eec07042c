"""The log: one event a line, with fields; JSON for machines, aligned text for people.

Our own lines go through structlog; those of libraries (aiohttp, asyncio) come through `logging` and leave in the same
shape. The log knows the cause of an error, the visitor only hears a code and a sentence. It goes to standard error, so
that standard output stays free for what a command prints. A fault that repeats with every tick must not fill the disk:
each event is written a few times a minute at most, and then says how often it was kept back.
"""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable
from typing import Final, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

LEVELS: Final = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}


REPEATS: Final = 20
REPEATS_WINDOW_S: Final = 60.0
"""An event is written so often within such a time."""

MAX_EVENTS_KNOWN: Final = 1000


class Damper:
    """A processor that keeps back events which repeat too often. An event is what it is called, not its fields."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seen: dict[tuple[object, object], tuple[float, int]] = {}

    def __call__(self, _logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        """The event, or `DropEvent`."""
        key = event.get("logger"), event.get("event")
        now_s = self._clock()
        since_s, count = self._seen.get(key, (now_s, 0))
        if now_s - since_s >= REPEATS_WINDOW_S:
            if count > REPEATS:
                event["kept_back"] = count - REPEATS
            since_s, count = now_s, 0
        if key not in self._seen and len(self._seen) >= MAX_EVENTS_KNOWN:
            self._seen.clear()
        self._seen[key] = since_s, count + 1
        if count >= REPEATS:
            raise structlog.DropEvent
        return event


def set_up_logs(log_format: str, log_level: str, stream: TextIO | None = None) -> None:
    """Route every log line of the process to `stream` (standard error)."""
    out = stream or sys.stderr
    as_json = log_format == "json" or (log_format == "auto" and not out.isatty())
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    last: list[Processor] = (
        [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
        if as_json
        else [structlog.dev.ConsoleRenderer(colors=out.isatty())]
    )
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            Damper(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last]
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(LEVELS[log_level])
    logging.getLogger("alembic").setLevel(max(LEVELS[log_level], logging.WARNING))
