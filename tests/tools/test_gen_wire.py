"""The generated twin of the protocol: complete, tolerant, and noticed when it is stale."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest

from tools import gen_wire, wire_vectors
from world import packed, wire


def test_every_message_is_in_the_typescript() -> None:
    source = gen_wire.typescript()
    for message in (*wire.INBOUND, *wire.OUTBOUND):
        assert f"export interface {message.__name__}Message {{" in source
    for message in wire.OUTBOUND:
        assert f"case {message.__struct_config__.tag}:\n      return read{message.__name__}Message(value);" in source


def test_every_limit_that_it_names_exists() -> None:
    source = gen_wire.typescript()
    assert all(f"export const {name} = {gen_wire.limit(name)!r};" in source for name in gen_wire.LIMITS)


def test_vectors_read_back_to_what_was_written() -> None:
    vectors = json.loads(wire_vectors.vectors_json())
    for vector in vectors["inbound"]:
        frame = bytes.fromhex(vector["hex"])
        assert wire.encode(wire.decode_inbound(frame)) == frame
    for vector in vectors["outbound"]:
        frame = bytes.fromhex(vector["hex"])
        assert msgspec.msgpack.decode(wire.encode(wire.decode_outbound(frame))) == msgspec.msgpack.decode(frame)


def test_records_are_placed_nearest_to_the_centre_of_their_cell() -> None:
    for vector in json.loads(wire_vectors.vectors_json())["records"]:
        x_m, _, z_m = vector["position"]
        for place_m, cell in ((x_m, vector["column"]), (z_m, vector["row"])):
            centre_m = (cell + 0.5) * vector["cellM"]
            assert abs(place_m - centre_m) <= packed.RECORD_RANGE_M / 2


def test_check_notices_a_stale_file_and_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(gen_wire, "ROOT", tmp_path)
    monkeypatch.setattr(gen_wire, "TYPESCRIPT", tmp_path / "wire.gen.ts")
    monkeypatch.setattr(gen_wire, "VECTORS", tmp_path / "vectors" / "wire.json")
    assert gen_wire.main(["--check"]) == 1
    assert "wire.gen.ts is stale" in capsys.readouterr().out
    assert not list(tmp_path.iterdir())
    assert gen_wire.main([]) == 0
    assert gen_wire.main(["--check"]) == 0
    (tmp_path / "wire.gen.ts").write_text("// edited by hand\n", encoding="utf-8")
    assert gen_wire.main(["--check"]) == 1
