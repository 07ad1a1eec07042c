"""Reads back the GLB files that the alley is made of: enough of glTF to check every accessor."""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

_DTYPES = {5120: "i1", 5121: "u1", 5122: "<i2", 5123: "<u2", 5125: "<u4", 5126: "<f4"}
_WIDTHS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4}


@dataclass(frozen=True)
class Glb:
    """A parsed file."""

    document: dict[str, Any]
    blob: bytes

    @property
    def primitives(self) -> list[dict[str, Any]]:
        return [p for mesh in self.document["meshes"] for p in mesh["primitives"]]

    @property
    def triangles(self) -> int:
        return sum(int(self.document["accessors"][p["indices"]]["count"]) // 3 for p in self.primitives)

    def raw(self, number: int) -> NDArray[Any]:
        """An accessor's values as they are stored, one row per element; raises when they lie outside the file."""
        accessor = self.document["accessors"][number]
        view = self.document["bufferViews"][accessor["bufferView"]]
        dtype, width = np.dtype(_DTYPES[accessor["componentType"]]), _WIDTHS[accessor["type"]]
        stride = view.get("byteStride", dtype.itemsize * width)
        assert stride % 4 == 0 or accessor["type"] == "SCALAR"
        end = view["byteOffset"] + stride * (accessor["count"] - 1) + dtype.itemsize * width
        assert end <= view["byteOffset"] + view["byteLength"] <= len(self.blob)
        out = np.ndarray((accessor["count"], width), dtype, self.blob, view["byteOffset"], (stride, dtype.itemsize))
        return out.copy()

    def positions(self) -> NDArray[np.float64]:
        """All positions in metres, with the node's transform."""
        (node,) = self.document["nodes"]
        values = np.concatenate([self.raw(p["attributes"]["POSITION"]) for p in self.primitives]).astype(float)
        return np.asarray(values * np.array(node["scale"]) + np.array(node["translation"]))


def read_glb(data: bytes) -> Glb:
    """Parse a file; asserts what the container asks for."""
    magic, version, total = struct.unpack_from("<4sII", data)
    assert (magic, version, total) == (b"glTF", 2, len(data))
    json_size, json_kind = struct.unpack_from("<I4s", data, 12)
    assert json_kind == b"JSON"
    document = json.loads(data[20 : 20 + json_size])
    bin_size, bin_kind = struct.unpack_from("<I4s", data, 20 + json_size)
    assert bin_kind == b"BIN\0"
    blob = data[28 + json_size : 28 + json_size + bin_size]
    assert len(blob) == bin_size == document["buffers"][0]["byteLength"]
    return Glb(document, blob)
