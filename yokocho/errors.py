"""What can go wrong with an instance as a whole, and what the shell hears of it.

The tree::

    YokochoError               base of everything the application raises; one plain sentence and an exit code
    ├── ConfigError            a setting is unknown or wrong
    ├── ListenError            the address is taken or not ours
    ├── BotsError              the walking visitors could not get in
    ├── TakeOverFailed         (yokocho/handover/relief.py) the running server was not relieved
    └── StoreError             (yokocho/store/errors.py) something about the data directory

`ExitCode` is stable: service managers and scripts may rely on it. 2 is argparse's own for wrong flags.
"""

from __future__ import annotations

from enum import IntEnum
from typing import ClassVar


class ExitCode(IntEnum):
    """How the process ends."""

    OK = 0
    UNEXPECTED = 1
    USAGE = 2
    CONFIG = 3
    LISTEN = 4
    DATA_UNUSABLE = 5
    DATA_IN_USE = 6
    DATA_VERSION = 7
    STORAGE_FAILED = 8
    BOTS = 9
    TAKE_OVER = 10
    REFUSED = 11


class YokochoError(Exception):
    """Something the operator can mend. The message is one plain sentence."""

    exit_code: ClassVar[ExitCode] = ExitCode.UNEXPECTED


class ConfigError(YokochoError):
    """A setting is unknown or has a value that cannot be used."""

    exit_code = ExitCode.CONFIG


class ListenError(YokochoError):
    """The address to listen on is taken or cannot be had."""

    exit_code = ExitCode.LISTEN


class BotsError(YokochoError):
    """The walking visitors could not get in."""

    exit_code = ExitCode.BOTS
