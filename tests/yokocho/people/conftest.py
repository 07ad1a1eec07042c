"""The house rules on a small alley."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.yokocho.people.support import House, open_house


@pytest.fixture
async def house(data: Path) -> AsyncIterator[House]:
    async with open_house(data) as opened:
        yield opened
