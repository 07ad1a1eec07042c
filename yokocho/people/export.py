"""Everything that an instance holds about somebody, as one signed zip.

The zip holds `README.md`, which says how to read it; a JSON file for each table and column that names the person; the
stalls that they keep, with the asset files that are shown there; and `manifest.json` with the SHA-256 of each file,
signed by the instance (eddsa-jcs-2022), so that another instance, or the person, can tell that nothing was changed.
Building it reads many files, so it runs in a thread and writes to a temporary file.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import tempfile
import zipfile
from collections.abc import Iterator
from typing import IO, Any, Final

import msgspec
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from federation import proofs
from federation.canonical import JsonObject
from federation.keys import DID_PREFIX, did_from_key
from yokocho.people.ledger import Ledger
from yokocho.store.assets import AssetFiles
from yokocho.store.erasure import collect
from yokocho.store.people import former_dids
from yokocho.store.tables import assets, exhibits, stalls

FORMAT: Final = "yokocho-export"
FORMAT_VERSION: Final = 1
_CHUNK_BYTES: Final = 1024 * 1024
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)

README: Final = """# Your data from {origin}

This archive holds everything that the Yokocho instance at {origin} keeps about
{did}, as of {created}.

- `data/TABLE.COLUMN.json`: the rows of the table TABLE whose column COLUMN names you. Times end in `_us` and are
  microseconds since 1970-01-01 UTC. Rows that also concern other people show your part of them.
  `persons` is your document, name and look; `chat_messages` what you said alley-wide and is still kept; `grants` your
  roles; `restrictions` bans and mutes; `invitations` links that you made or used; `audit_log` what was decided about
  you or by you.
- `stalls/STALL.json`: a stall that you keep, with its exhibits; `assets/SHA256.SUFFIX`: the files that are shown there.
- `manifest.json`: the SHA-256 and size of each file, signed by the instance. The proof is a Data Integrity proof
  (eddsa-jcs-2022); its `verificationMethod` is a did:key, which is the public key itself.

What the instance does not keep, and so is not here: what was said near by, where you walked, your address.
"""


class Exporter:
    """Builds exports. `key` signs them."""

    def __init__(self, ledger: Ledger, files: AssetFiles, key: Ed25519PrivateKey, origin: str) -> None:
        self._ledger = ledger
        self._files = files
        self._key = key
        self._origin = origin

    async def build(self, did: str) -> IO[bytes]:
        """A temporary file with the zip, at its beginning; it goes when it is closed."""
        stall_ids = self._ledger.view.stalls_of(did)
        return await self._ledger.read(lambda connection: self._build(connection, did, stall_ids))

    def _build(self, connection: sa.Connection, did: str, stall_ids: tuple[str, ...]) -> IO[bytes]:
        created = dt.datetime.fromtimestamp(self._ledger.now_us() // 1_000_000, dt.UTC)
        said = created.strftime("%Y-%m-%dT%H:%M:%SZ")
        file = tempfile.TemporaryFile(prefix="yokocho-export-")  # noqa: SIM115 - the caller closes it
        try:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
                listed: JsonObject = {}
                for name, content in self._texts(connection, did, stall_ids, said):
                    listed[name] = _add(archive, name, content)
                for name, path in self._asset_files(connection, stall_ids):
                    with path.open("rb") as asset:
                        listed[name] = _copy(archive, name, asset)
                manifest: JsonObject = {
                    "format": FORMAT,
                    "version": FORMAT_VERSION,
                    "instance": self._origin,
                    "did": did,
                    "created": said,
                    "files": listed,
                }
                _add(archive, "manifest.json", _json(self._signed(manifest, said)))
            file.seek(0)
        except BaseException:
            file.close()
            raise
        return file

    def _texts(
        self, connection: sa.Connection, did: str, stall_ids: tuple[str, ...], created: str
    ) -> Iterator[tuple[str, bytes]]:
        yield "README.md", README.format(origin=self._origin, did=did, created=created).encode()
        for table, column, rows in collect(connection, [did, *former_dids(connection, did)]):
            yield f"data/{table}.{column}.json", _json(rows)
        for row in connection.execute(sa.select(stalls).where(stalls.c.id.in_(stall_ids))).mappings():
            mine = (exhibits.c.stall_id == row["id"]) & (exhibits.c.room_id == row["room_id"])
            shown = connection.execute(sa.select(exhibits).where(mine).order_by(exhibits.c.ordinal)).mappings()
            stall = {**row, "exhibits": [dict(each) for each in shown]}
            yield f"stalls/{row['id']}.json", _json(stall)

    def _asset_files(self, connection: sa.Connection, stall_ids: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
        wanted = set(connection.scalars(sa.select(exhibits.c.asset_sha256).where(exhibits.c.stall_id.in_(stall_ids))))
        for placements in connection.scalars(sa.select(stalls.c.assets).where(stalls.c.id.in_(stall_ids))):
            wanted.update(placement.asset.sha256 for placement in placements)
        for row in connection.execute(sa.select(assets).order_by(assets.c.sha256)):
            path = self._files.path(row.sha256, row.suffix)
            if row.sha256 in wanted and path.is_file():
                yield f"assets/{row.sha256}.{row.suffix}", path

    def _signed(self, manifest: JsonObject, created: str) -> JsonObject:
        did = did_from_key(self._key.public_key())
        method = f"{did}#{did.removeprefix(DID_PREFIX)}"
        return proofs.sign(manifest, self._key, verification_method=method, created=created)


def _json(value: Any) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value), indent=2) + b"\n"


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> JsonObject:
    info = zipfile.ZipInfo(name, _EPOCH)
    info.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(info, content)
    return {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}


def _copy(archive: zipfile.ZipFile, name: str, asset: IO[bytes]) -> JsonObject:
    digest, size = hashlib.sha256(), 0
    with archive.open(zipfile.ZipInfo(name, _EPOCH), "w", force_zip64=True) as target:
        while chunk := asset.read(_CHUNK_BYTES):
            digest.update(chunk)
            size += len(chunk)
            target.write(chunk)
    return {"sha256": digest.hexdigest(), "size": size}
