"""What every test of the house shares."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

# A loaded machine is no reason to fail: how long one example takes says nothing here. Under CI the examples are the
# same each time, so that a red run can be repeated.
settings.register_profile("default", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", parent=settings.get_profile("default"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "default")
