"""The instance's own signing key: Ed25519, made at the first start, in the data directory, for its owner's eyes only.

It signs session tokens, which live for minutes, so a new key costs visitors nothing but a fresh token: whoever wants
another key removes the file and starts the server again.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from yokocho.store.errors import DataUnusable

FILE: Final = "instance-key.pem"
_MAX_BYTES: Final = 4096
_FORBIDDEN_BITS: Final = 0o077


def instance_key(data: Path) -> Ed25519PrivateKey:
    """The key in a data directory; made when there is none.

    Raises:
        DataUnusable: the file holds no such key, or others can read it.
    """
    path = data / FILE
    try:
        return _make(path)
    except FileExistsError:
        return _read(path)


def _make(path: Path) -> Ed25519PrivateKey:
    if path.exists():
        raise FileExistsError(path)
    key = Ed25519PrivateKey.generate()
    # Written whole under another name first: a crash must not leave half a key behind.
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
            file.flush()
            os.fsync(file.fileno())
        os.link(fresh, path)
    finally:
        fresh.unlink()
    return key


def _read(path: Path) -> Ed25519PrivateKey:
    try:
        if path.stat().st_mode & _FORBIDDEN_BITS:
            raise DataUnusable(f"Others can read the key in {path}: take their rights away with `chmod 600`.")
        with path.open("rb") as file:
            key = load_pem_private_key(file.read(_MAX_BYTES), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm, OSError):
        raise DataUnusable(f"The key in {path} cannot be read; without the file a new one is made.") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise DataUnusable(f"The key in {path} is no Ed25519 key; without the file a new one is made.")
    return key
