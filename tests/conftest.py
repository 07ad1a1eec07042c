"""What every test of the house shares."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

# A loaded machine is no reason to fail: how long one example takes says nothing here. The examples are the same each
# time, so that a red run can be repeated; `pytest --hypothesis-profile explore` looks for new ones.
settings.register_profile("default", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
settings.register_profile("explore", parent=settings.get_profile("default"), derandomize=False)
settings.load_profile("default")
