"""What can go wrong with the data directory.

The tree::

    StoreError
    ├── DataUnusable       the directory or the database cannot be read or written
    ├── DataInUse          another server holds it
    ├── DataVersion        it was written by a newer version
    ├── StorageFailed      a commit failed while running: nothing more is acknowledged, the process ends
    └── StoreBusy          more is waiting to be written than we are willing to hold
"""

from __future__ import annotations

from yokocho.errors import ExitCode, YokochoError


class StoreError(YokochoError):
    """Base of everything the store raises."""


class DataUnusable(StoreError):
    """The data directory or the database in it cannot be used."""

    exit_code = ExitCode.DATA_UNUSABLE


class DataInUse(StoreError):
    """Another server works in the data directory."""

    exit_code = ExitCode.DATA_IN_USE


class DataVersion(StoreError):
    """The database was written by a version that this one does not understand."""

    exit_code = ExitCode.DATA_VERSION


class StorageFailed(StoreError):
    """The storage failed; what was not acknowledged may be lost, what was acknowledged is kept."""

    exit_code = ExitCode.STORAGE_FAILED


class StoreBusy(StoreError):
    """Too much is waiting to be written."""
