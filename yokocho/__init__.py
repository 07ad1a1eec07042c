"""Yokocho: an alley of tiny shops on the open web, and the application that runs one."""

from typing import Final

VERSION: Final = "0.1.0"
"""This release; pyproject.toml says the same."""
