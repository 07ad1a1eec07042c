"""The alley is built once for all of its tests."""

from __future__ import annotations

import pytest

from yokocho.demo import DemoAlley, build_alley


@pytest.fixture(scope="session")
def alley() -> DemoAlley:
    return build_alley(lambda _step, _share: None)
