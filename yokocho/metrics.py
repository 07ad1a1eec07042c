"""What the instance counts, for Prometheus.

The live loop calls these several times a tick, so each is an addition and nothing else. A registry of our own keeps two
instances in one process (tests) apart.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)

_TICK_BUCKETS_S: Final = (0.001, 0.002, 0.005, 0.01, 0.02, 0.035, 0.05, 0.1, 0.25, 1.0)


class Metrics:
    """The counters of one instance; fulfils `yokocho.realtime.LiveMetrics`."""

    def __init__(self, version: str) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        info = Gauge("yokocho_info", "The running version.", ["version"], registry=self.registry)
        info.labels(version).set(1)
        self._visitors = Gauge("yokocho_visitors", "Visitors in the alley.", registry=self.registry)
        self._ticks = Histogram(
            "yokocho_tick_seconds", "Time that a tick takes.", buckets=_TICK_BUCKETS_S, registry=self.registry
        )
        frames = Counter("yokocho_frames", "Live frames.", ["direction"], registry=self.registry)
        size = Counter("yokocho_bytes", "Payload of live frames.", ["direction"], registry=self.registry)
        self._frames_in, self._frames_out = frames.labels("in"), frames.labels("out")
        self._bytes_in, self._bytes_out = size.labels("in"), size.labels("out")
        self._evictions = Counter(
            "yokocho_evictions", "Live connections that we ended.", ["reason"], registry=self.registry
        )
        self._errors = Counter("yokocho_errors", "What live peers did wrong.", ["code"], registry=self.registry)

    def watch(self, name: str, text: str, look: Callable[[], float]) -> None:
        """A gauge that is read when somebody asks."""
        Gauge(f"yokocho_{name}", text, registry=self.registry).set_function(look)

    def render(self) -> bytes:
        """All metrics in Prometheus' text format."""
        return generate_latest(self.registry)

    def visitors(self, count: int) -> None:
        """How many are in the room now."""
        self._visitors.set(count)

    def tick(self, seconds: float) -> None:
        """A tick took this long."""
        self._ticks.observe(seconds)

    def received(self, frames: int, size_bytes: int) -> None:
        """Frames came in since the last call."""
        self._frames_in.inc(frames)
        self._bytes_in.inc(size_bytes)

    def sent(self, frames: int, size_bytes: int) -> None:
        """Frames went out since the last call."""
        self._frames_out.inc(frames)
        self._bytes_out.inc(size_bytes)

    def evicted(self, reason: str) -> None:
        """A connection was ended by us; the reason is an error code."""
        self._evictions.labels(reason).inc()

    def error(self, code: str) -> None:
        """A peer did something wrong."""
        self._errors.labels(code).inc()
