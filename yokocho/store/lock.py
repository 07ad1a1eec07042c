"""One server per data directory.

Two writers would each believe they know the alley. An advisory lock (`flock`) on a file in the directory is held for
the life of the process; the kernel lets go of it however the process ends, so there is no stale lock to clean up. The
file's text names the holder for the one who is turned away; it proves nothing.
"""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from yokocho.store.errors import DataInUse, DataUnusable

LOCK_NAME: Final = "yokocho.lock"
_LOOK_EVERY_S: Final = 0.01


class DataLock:
    """Holds the data directory from `__init__` to `release`."""

    def __init__(self, directory: Path, patience_s: float = 0.0) -> None:
        """Make the directory when it is missing, and take the lock.

        Raises:
            DataUnusable: the directory cannot be made or written.
            DataInUse: another process holds it, and went on holding it for `patience_s`.
        """
        self._directory = directory
        self._fd = -1
        self.take(patience_s)

    def take(self, patience_s: float) -> None:
        """Take the lock (again) unless we hold it; blocks.

        Raises:
            DataUnusable: as above.
            DataInUse: as above.
        """
        if self._fd >= 0:
            return
        directory = self._directory
        try:
            directory.mkdir(parents=True, exist_ok=True, mode=0o700)
            fd = os.open(directory / LOCK_NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        except OSError as error:
            raise DataUnusable(f"The data directory {directory} cannot be used: {error.strerror}.") from error
        deadline_s = time.monotonic() + patience_s
        while not _locks(fd):
            if time.monotonic() >= deadline_s:
                holder = os.read(fd, 32).decode("ascii", "replace").strip()
                os.close(fd)
                who = f" (process {holder})" if holder.isdigit() else ""
                raise DataInUse(f"The data directory {directory} is in use by another server{who}.")
            time.sleep(_LOOK_EVERY_S)
        self._fd = fd
        os.ftruncate(self._fd, 0)
        os.pwrite(self._fd, f"{os.getpid()}\n".encode(), 0)

    @property
    def is_held(self) -> bool:
        """Whether we hold the directory now."""
        return self._fd >= 0

    def release(self) -> None:
        """Let go; calling it again does nothing."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.release()


def _locks(fd: int) -> bool:
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
