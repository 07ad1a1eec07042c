"""A small writer of binary glTF 2.0.

Theory: a GLB is a header, a JSON chunk and a binary chunk. Here a file holds one node with one mesh; each part is one
primitive (one draw call) with a material of its own. Vertices are small (KHR_mesh_quantization): positions are 16-bit
steps along the longest side of the whole, which the node's scale and translation undo; normals are signed bytes;
colours are normalised integers in linear light, 8 bits for lit things, 16 bits for what carries baked light, where dark
tones would band. Equal input gives equal bytes.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from yokocho.demo.mesh import Floats, Mesh, prune

_ARRAY_BUFFER: Final = 34962
_INDEX_BUFFER: Final = 34963
_MAGIC: Final = 0x46546C67
_JSON_CHUNK: Final = 0x4E4F534A
_BIN_CHUNK: Final = 0x004E4942
_UNLIT: Final = "KHR_materials_unlit"
_QUANTISED: Final = "KHR_mesh_quantization"
_STEPS: Final = 65535


@dataclass(frozen=True, slots=True)
class Material:
    """How a part takes light. `unlit` parts show their vertex colours as they are (their light is baked) and need no
    `normals`, unless the client is to put a gleam on them.
    """

    name: str
    roughness: float = 0.8
    metallic: float = 0.0
    unlit: bool = False
    normals: bool = True
    double_sided: bool = False
    opacity: float = 1.0

    def as_json(self) -> dict[str, Any]:
        """The glTF object."""
        pbr: dict[str, Any] = {"metallicFactor": self.metallic, "roughnessFactor": self.roughness}
        if self.opacity < 1.0:
            pbr["baseColorFactor"] = [1.0, 1.0, 1.0, self.opacity]
        out: dict[str, Any] = {"name": self.name, "pbrMetallicRoughness": pbr}
        if self.opacity < 1.0:
            out["alphaMode"] = "BLEND"
        if self.double_sided:
            out["doubleSided"] = True
        if self.unlit:
            out["extensions"] = {_UNLIT: {}}
        return out


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """One primitive."""

    mesh: Mesh
    material: Material


class _Writer:
    """Collects accessors and their bytes."""

    def __init__(self) -> None:
        self.blob = bytearray()
        self.views: list[dict[str, Any]] = []
        self.accessors: list[dict[str, Any]] = []

    def add(self, data: np.ndarray[Any, np.dtype[Any]], kind: str, component: int, **more: Any) -> int:
        """Append an array; gives the accessor's number. Vertices are padded to whole words, as glTF asks."""
        target = _INDEX_BUFFER if kind == "SCALAR" else _ARRAY_BUFFER
        view_more = {}
        if kind != "SCALAR" and data.shape[1] * data.itemsize % 4:
            data = np.column_stack([data, np.zeros(len(data), dtype=data.dtype)])
            view_more["byteStride"] = data.shape[1] * data.itemsize
        raw = np.ascontiguousarray(data).tobytes()
        self.views.append(
            {"buffer": 0, "byteOffset": len(self.blob), "byteLength": len(raw), "target": target, **view_more}
        )
        self.blob += raw + b"\0" * (-len(raw) % 4)
        view = len(self.views) - 1
        self.accessors.append(
            {"bufferView": view, "componentType": component, "count": len(data), "type": kind, **more}
        )
        return len(self.accessors) - 1


def _colour_accessor(writer: _Writer, colours: Floats, *, deep: bool) -> int:
    values = np.column_stack([np.clip(colours, 0.0, 1.0), np.ones(len(colours))])
    if deep:
        return writer.add(np.round(values * 65535).astype("<u2"), "VEC4", 5123, normalized=True)
    return writer.add(np.round(values * 255).astype("u1"), "VEC4", 5121, normalized=True)


def _primitive(writer: _Writer, part: Part, mesh: Mesh, material: int, origin: Floats, step: float) -> dict[str, Any]:
    steps = np.clip(np.round((mesh.positions - origin) / step), 0, _STEPS).astype("<u2")
    attributes = {
        "POSITION": writer.add(steps, "VEC3", 5123, min=steps.min(axis=0).tolist(), max=steps.max(axis=0).tolist()),
        "COLOR_0": _colour_accessor(writer, mesh.colours, deep=part.material.unlit),
    }
    if part.material.normals:
        attributes["NORMAL"] = writer.add(np.round(mesh.normals * 127).astype("i1"), "VEC3", 5120, normalized=True)
    small = len(steps) < 65535
    indices = mesh.triangles.reshape(-1).astype("<u2" if small else "<u4")
    return {
        "attributes": attributes,
        "indices": writer.add(indices, "SCALAR", 5123 if small else 5125),
        "material": material,
        "mode": 4,
    }


def write_glb(name: str, parts: Sequence[Part]) -> bytes:
    """One named node with one primitive per part."""
    writer = _Writer()
    kept = [p for p in parts if len(p.mesh.triangles)]
    meshes = [prune(p.mesh) for p in kept]
    origin = np.min([m.low for m in meshes], axis=0)
    step = float(np.max(np.max([m.high for m in meshes], axis=0) - origin)) / _STEPS
    pairs = enumerate(zip(kept, meshes, strict=True))
    document: dict[str, Any] = {
        "asset": {"version": "2.0", "generator": "Yokocho"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0, "name": name, "scale": [step] * 3, "translation": origin.tolist()}],
        "meshes": [{"name": name, "primitives": [_primitive(writer, p, m, i, origin, step) for i, (p, m) in pairs]}],
        "materials": [p.material.as_json() for p in kept],
        "accessors": writer.accessors,
        "bufferViews": writer.views,
        "buffers": [{"byteLength": len(writer.blob)}],
    }
    document["extensionsUsed"] = [*([_UNLIT] if any(p.material.unlit for p in kept) else []), _QUANTISED]
    document["extensionsRequired"] = [_QUANTISED]
    text = json.dumps(document, sort_keys=True, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 4)
    total = 12 + 8 + len(text) + 8 + len(writer.blob)
    return b"".join(
        [
            struct.pack("<III", _MAGIC, 2, total),
            struct.pack("<II", len(text), _JSON_CHUNK),
            text,
            struct.pack("<II", len(writer.blob), _BIN_CHUNK),
            bytes(writer.blob),
        ]
    )
