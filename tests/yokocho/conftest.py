"""Data directories for the tests of the application."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Final

import pytest

from tests.yokocho.support import open_instance, small_alley
from yokocho.app import Instance

try:
    import uvloop
except ImportError:
    served_on: Callable[[], asyncio.AbstractEventLoop] = asyncio.new_event_loop
else:
    served_on = uvloop.new_event_loop

ON_BOTH_LOOPS: Final = frozenset({"test_connections.py"})
"""What is about transports must hold on asyncio's own loop as well."""


def pytest_asyncio_loop_factories(item: pytest.Item) -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Tests run on the loop that servers run on."""
    factories: dict[str, Callable[[], asyncio.AbstractEventLoop]] = {"served": served_on}
    if item.path.name in ON_BOTH_LOOPS:
        factories["asyncio"] = asyncio.new_event_loop
    return factories


@pytest.fixture(scope="session")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with the small alley, to be copied."""
    data = tmp_path_factory.mktemp("pristine")
    small_alley(data)
    return data


@pytest.fixture
def data(pristine: Path, tmp_path: Path) -> Path:
    """A data directory of one's own with the small alley."""
    return Path(shutil.copytree(pristine, tmp_path / "data"))


@pytest.fixture
async def instance(data: Path) -> AsyncIterator[Instance]:
    """A running instance on the small alley."""
    async with open_instance(data) as opened:
        yield opened
