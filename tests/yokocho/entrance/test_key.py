"""The instance's own key: made once, kept for its owner."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from yokocho.entrance.key import FILE, instance_key
from yokocho.store.errors import DataUnusable


def raw(key: Ed25519PrivateKey) -> bytes:
    return key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())


def test_it_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    key = instance_key(tmp_path)
    assert raw(instance_key(tmp_path)) == raw(key)
    assert [path.name for path in tmp_path.iterdir()] == [FILE]
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600


def test_without_the_file_there_is_another(tmp_path: Path) -> None:
    key = instance_key(tmp_path)
    (tmp_path / FILE).unlink()
    assert raw(instance_key(tmp_path)) != raw(key)


def test_others_must_not_read_it(tmp_path: Path) -> None:
    instance_key(tmp_path)
    (tmp_path / FILE).chmod(0o640)
    with pytest.raises(DataUnusable, match="chmod 600"):
        instance_key(tmp_path)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not a key",
        ec.generate_private_key(ec.SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
    ],
)
def test_another_file_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    (tmp_path / FILE).chmod(0o600)
    with pytest.raises(DataUnusable, match=r"instance-key\.pem"):
        instance_key(tmp_path)
