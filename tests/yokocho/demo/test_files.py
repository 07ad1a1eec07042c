"""The alley's files: valid, small, the same every time."""

from __future__ import annotations

import hashlib
import math
import time

import numpy as np
import pytest

from tests.yokocho.demo.glb_reader import Glb, read_glb
from world import scene
from yokocho.demo import DemoAlley, build_alley
from yokocho.demo.glb import Material, Part, write_glb
from yokocho.demo.shapes import box

MAX_BYTES = 4_000_000
MAX_TRIANGLES = 150_000
MAX_PRIMITIVES = 120
MAX_EXHIBIT_TRIANGLES = 3_000
MAX_BUILD_CPU_S = 3.0


@pytest.fixture(scope="session")
def files(alley: DemoAlley) -> dict[str, Glb]:
    return {digest: read_glb(data) for digest, data in alley.assets.items()}


def refs(alley: DemoAlley) -> list[scene.AssetRef]:
    """Every use of a file."""
    out = [p.asset for p in alley.room.environment]
    out += [p.asset for stall in alley.stalls for p in stall.assets]
    return out + [e.asset for e in alley.exhibits]


def test_names_are_hashes_and_every_reference_is_there(alley: DemoAlley) -> None:
    for digest, data in alley.assets.items():
        assert hashlib.sha256(data).hexdigest() == digest
    used = refs(alley)
    assert {ref.sha256 for ref in used} == set(alley.assets)
    assert all(ref.suffix == "glb" and ref.size_bytes == len(alley.assets[ref.sha256]) for ref in used)


def test_budgets(alley: DemoAlley, files: dict[str, Glb]) -> None:
    assert sum(map(len, alley.assets.values())) <= MAX_BYTES
    assert sum(files[ref.sha256].triangles for ref in refs(alley)) <= MAX_TRIANGLES
    assert sum(len(files[ref.sha256].primitives) for ref in refs(alley)) <= MAX_PRIMITIVES


def test_exhibits_are_small(alley: DemoAlley, files: dict[str, Glb]) -> None:
    for exhibit in alley.exhibits:
        glb = files[exhibit.asset.sha256]
        assert 200 <= glb.triangles <= MAX_EXHIBIT_TRIANGLES, exhibit.id
        assert len(glb.primitives) <= 3, exhibit.id


def test_the_same_bytes_every_time_and_quickly(alley: DemoAlley) -> None:
    quickest = math.inf
    for _ in range(3):  # a neighbour on the machine can make one build slow, hardly three
        started = time.process_time()
        assert build_alley(lambda _step, _share: None) == alley
        quickest = min(quickest, time.process_time() - started)
        if quickest <= MAX_BUILD_CPU_S:
            break
    assert quickest <= MAX_BUILD_CPU_S


def test_progress_grows_to_one() -> None:
    heard: list[float] = []
    build_alley(lambda _step, share: heard.append(share))
    assert heard == sorted(heard)
    assert heard[0] == 0.0
    assert heard[-1] == 1.0


def test_every_accessor_is_sound(files: dict[str, Glb]) -> None:
    for glb in files.values():
        assert set(glb.document["extensionsUsed"]) <= {"KHR_materials_unlit", "KHR_mesh_quantization"}
        for primitive in glb.primitives:
            check_primitive(glb, primitive["attributes"], primitive["indices"])


def check_primitive(glb: Glb, attributes: dict[str, int], indices: int) -> None:
    """Indices in range, bounds as declared, unit normals, opaque colours, no triangle without area."""
    accessors = glb.document["accessors"]
    position = glb.raw(attributes["POSITION"])
    declared = accessors[attributes["POSITION"]]
    assert position.min(axis=0).tolist() == declared["min"]
    assert position.max(axis=0).tolist() == declared["max"]
    corners = glb.raw(indices)[:, 0]
    assert corners.max() == len(position) - 1
    assert {accessors[a]["count"] for a in attributes.values()} == {len(position)}
    if "NORMAL" in attributes:
        normals = glb.raw(attributes["NORMAL"])[:, :3] / 127
        assert np.abs(np.linalg.norm(normals, axis=1) - 1).max() < 0.02
    colours = glb.raw(attributes["COLOR_0"])
    assert colours[:, 3].min() == np.iinfo(colours.dtype).max
    triangles = corners.reshape(-1, 3)
    assert len(triangles) > 0
    assert (np.ptp(triangles, axis=1) > 0).all()


def test_lit_things_have_normals_and_baked_things_have_depth(alley: DemoAlley, files: dict[str, Glb]) -> None:
    for exhibit in alley.exhibits:
        glb = files[exhibit.asset.sha256]
        for primitive in glb.primitives:
            material = glb.document["materials"][primitive["material"]]
            unlit = "KHR_materials_unlit" in material.get("extensions", {})
            assert unlit or "NORMAL" in primitive["attributes"], exhibit.id
    for placement in alley.room.environment:
        glb = files[placement.asset.sha256]
        (primitive,) = glb.primitives
        assert glb.raw(primitive["attributes"]["COLOR_0"]).dtype == np.uint16


def test_a_written_box_reads_back() -> None:
    glb = read_glb(write_glb("box", [Part(box((1, 2, 3), (2, 4, 6), (0.5, 0.25, 1.0)), Material("wood"))]))
    assert glb.triangles == 12
    assert np.allclose(glb.positions().min(axis=0), (0, 0, 0), atol=1e-4)
    assert np.allclose(glb.positions().max(axis=0), (2, 4, 6), atol=1e-4)
    colours = glb.raw(glb.primitives[0]["attributes"]["COLOR_0"])
    assert (colours == [128, 64, 255, 255]).all()
