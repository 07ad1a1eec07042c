"""Data directories for the tests of the application."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.yokocho.support import open_instance, small_alley
from yokocho.app import Instance


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
