"""The built client's files, held in memory.

They are few and small, and asked for by name in a table made at the start: a request never becomes a path, so there is
nothing to traverse. Names that carry a hash of their content may be kept for ever; the others are asked for again with
their ETag. Text is sent compressed: as it was built (`.br`, `.gz` beside the file), or compressed once when it
is first wanted.
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

TYPES: Final[dict[str, str]] = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".css": "text/css",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".webp": "image/webp",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
    ".wasm": "application/wasm",
    ".txt": "text/plain",
    ".ogg": "audio/ogg",
    ".glb": "model/gltf-binary",
}
_COMPRESSED: Final = frozenset({".html", ".js", ".mjs", ".css", ".json", ".webmanifest", ".svg", ".wasm", ".txt"})
_ENCODINGS: Final = {"br": ".br", "gzip": ".gz"}
_MIN_COMPRESSED_BYTES: Final = 512
_GZIP_LEVEL: Final = 9
_HASH_IN_NAME: Final = re.compile(r"-(?=[\w-]*[A-Z0-9_])[\w-]{8}\.\w+$")
"""What Vite puts before the suffix. A hash of small letters alone is taken for a word: then the ETag does the work."""


@dataclass(slots=True)
class StaticFile:
    """One file of the client, with the encodings of it that there are."""

    content: bytes
    content_type: str
    etag: str
    immutable: bool
    compressible: bool
    encoded: dict[str, bytes] = field(default_factory=dict)

    async def body(self, accept_encoding: str) -> tuple[bytes, str | None]:
        """The bytes to send and their encoding."""
        accepted = _accepted(accept_encoding)
        for name in _ENCODINGS:
            if name in accepted and name in self.encoded:
                return self.encoded[name], name
        if not self.compressible or "gzip" not in accepted:
            return self.content, None
        self.encoded["gzip"] = await asyncio.to_thread(gzip.compress, self.content, _GZIP_LEVEL, mtime=0)
        return self.encoded["gzip"], "gzip"


def _accepted(header: str) -> set[str]:
    names = set()
    for part in header.lower().split(","):
        name, _, parameters = part.partition(";")
        if parameters.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000"):
            names.add(name.strip())
    return names


def load_static(root: Path) -> dict[str, StaticFile]:
    """Every regular file below `root`, by its path with slashes; links are left out. Empty when there is no `root`."""
    files: dict[str, StaticFile] = {}
    for folder, _, names in os.walk(root, followlinks=False):
        for name in sorted(names):
            path = Path(folder) / name
            if path.suffix in TYPES and path.is_file() and not path.is_symlink():
                files[path.relative_to(root).as_posix()] = _load(path)
    return files


def _load(path: Path) -> StaticFile:
    content = path.read_bytes()
    beside = {name: path.with_name(path.name + suffix) for name, suffix in _ENCODINGS.items()}
    return StaticFile(
        content=content,
        content_type=TYPES[path.suffix],
        etag=f'"{hashlib.sha256(content).hexdigest()[:32]}"',
        immutable=_HASH_IN_NAME.search(path.name) is not None,
        compressible=path.suffix in _COMPRESSED and len(content) >= _MIN_COMPRESSED_BYTES,
        encoded={name: file.read_bytes() for name, file in beside.items() if file.is_file() and not file.is_symlink()},
    )
