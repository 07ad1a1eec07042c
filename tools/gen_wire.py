"""Turns the live protocol into its TypeScript twin and golden byte vectors: `python -m tools.gen_wire [--check]`.

Theory. `world/wire.py`, `world/packed.py` and `world/scene.py` are the only place where messages are written down.
msgspec tells the shape of every struct; this tool walks those shapes once and writes interfaces, readers (array → typed
object) and encoders. The generated readers are tolerant as the protocol asks: fields after the last known one are
ignored, a message of an unknown type reads as `null`. A message class `Chat` becomes the interface `ChatMessage` with
the discriminator `type: 'chat'`; plain structs keep their names; `snake_case` becomes `camelCase`.

`--check` writes nothing and fails when a file on disk differs from what would be written.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from enum import IntEnum
from pathlib import Path
from typing import Final

import msgspec
import numpy as np
from msgspec import inspect as shapes

from tools.wire_vectors import vectors_json
from world import errors, packed, scene, wire

ROOT: Final = Path(__file__).resolve().parent.parent
TYPESCRIPT: Final = ROOT / "client_web" / "src" / "net" / "wire.gen.ts"
VECTORS: Final = ROOT / "tests" / "vectors" / "wire.json"

LIMITS: Final = (
    "PROTOCOL_VERSION",
    "MAX_MESSAGE_BYTES",
    "MAX_HELLO_BYTES",
    "MAX_PAPER_BYTES",
    "MAX_DOCUMENT_BYTES",
    "MAX_NAME_CHARS",
    "MAX_CHAT_CHARS",
    "LOOK_PARTS",
    "RESUME_WINDOW_S",
    "MAX_SLOTS",
    "RECORD_STEP_M",
    "RECORD_RANGE_M",
    "RECORD_Y_STEP_M",
    "MAX_ROOM_HEIGHT_M",
    "HAND_STEP_M",
    "MIN_HEIGHT_CM",
    "MAX_HEIGHT_CM",
)
"""The numbers of `world.wire` and `world.packed` that a client needs."""

HEADER: Final = """\
// Generated from world/wire.py, world/scene.py and world/errors.py by tools/gen_wire.py. Do not edit.
import {
  type LocalText,
  type Look,
  listOf,
  orNull,
  type Quat,
  type Reader,
  readBool,
  readBytes,
  readFields,
  readLook,
  readNumber,
  readQuat,
  readString,
  readText,
  readVec3,
  tupleOf,
  type Vec3,
} from './fields';

export type { LocalText, Look, Quat, Vec3 };
"""


def limit(name: str) -> object:
    """The value of one of `LIMITS`."""
    return getattr(wire if hasattr(wire, name) else packed, name)


def camel(name: str) -> str:
    """`max_speed_m_s` → `maxSpeedMS`."""
    head, *tail = name.lower().split("_")
    return head + "".join(part.capitalize() for part in tail)


def struct_shape(cls: type) -> shapes.StructType:
    """The shape of a struct class."""
    shape = shapes.type_info(cls)
    if not isinstance(shape, shapes.StructType):
        raise TypeError(f"{cls} is no struct")
    return shape


def interface_name(shape: shapes.StructType) -> str:
    """Messages get a suffix, so that none shadows a global of the browser (`Event`, `Error`)."""
    return shape.cls.__name__ + ("Message" if shape.tag is not None else "")


def discriminator(shape: shapes.StructType) -> str:
    """The value of a message's `type` in TypeScript."""
    name = shape.cls.__name__
    return name[0].lower() + name[1:]


def comment(cls: type, indent: str = "") -> str:
    """The first line of a docstring, without Python's markup."""
    line = (cls.__doc__ or "").strip().split("\n")[0].replace("`", "")
    return f"{indent}/** {line} */"


def known_tuple(items: tuple[shapes.Type, ...]) -> str | None:
    """The name of a tuple that `fields.ts` knows."""
    if len(items) == wire.LOOK_PARTS:
        return "Look"
    if all(isinstance(item, shapes.FloatType) for item in items):
        return {3: "Vec3", 4: "Quat"}.get(len(items))
    return None


def without_none(types: tuple[shapes.Type, ...]) -> shapes.Type:
    """The one type of an optional."""
    (kept,) = (one for one in types if not isinstance(one, shapes.NoneType))
    return kept


def ts_type(shape: shapes.Type) -> str:
    """The TypeScript type of a field."""
    match shape:
        case shapes.IntType() | shapes.FloatType():
            return "number"
        case shapes.StrType():
            return "string"
        case shapes.BoolType():
            return "boolean"
        case shapes.BytesType():
            return "Uint8Array"
        case shapes.EnumType(cls=cls):
            return cls.__name__
        case shapes.DictType():
            return "LocalText"
        case shapes.AnyType():
            return "Outbound | null"
        case shapes.StructType():
            return interface_name(shape)
        case shapes.ListType(item_type=item) | shapes.VarTupleType(item_type=item):
            inner = ts_type(item)
            # An array of tuples needs parentheses or it would read as a read-only tuple's array modifier.
            return f"readonly ({inner})[]" if inner.startswith("readonly") else f"readonly {inner}[]"
        case shapes.TupleType(item_types=items):
            return known_tuple(items) or f"readonly [{', '.join(map(ts_type, items))}]"
        case shapes.UnionType(types=types):
            return f"{ts_type(without_none(types))} | null"
        case _:
            raise TypeError(f"no TypeScript for {shape!r}")


def reader(shape: shapes.Type) -> str:
    """An expression for the function that reads a field."""
    simple = {
        shapes.IntType: "readNumber",
        shapes.FloatType: "readNumber",
        shapes.StrType: "readString",
        shapes.BoolType: "readBool",
        shapes.BytesType: "readBytes",
        shapes.DictType: "readText",
        shapes.AnyType: "readOutbound",
    }
    match shape:
        case shapes.EnumType(cls=cls):
            return f"read{cls.__name__}"
        case shapes.StructType():
            return f"read{interface_name(shape)}"
        case shapes.ListType(item_type=item) | shapes.VarTupleType(item_type=item):
            return f"listOf({reader(item)})"
        case shapes.UnionType(types=types):
            return f"orNull({reader(without_none(types))})"
        case shapes.TupleType(item_types=items):
            name = known_tuple(items)
            return f"read{name}" if name else f"tupleOf({', '.join(map(reader, items))})"
        case _:
            return simple[type(shape)]


def writer(shape: shapes.Type, source: str) -> str:
    """An expression for the msgpack value of a field."""
    match shape:
        case shapes.UnionType(types=types):
            return f"{source} === null ? null : {writer(without_none(types), source)}"
        case shapes.StructType(fields=fields):
            parts = [writer(field.type, f"{source}.{camel(field.name)}") for field in fields]
            return f"[{', '.join(parts)}]"
        case _:
            return source


def nested_structs(shape: shapes.Type) -> Iterator[shapes.StructType]:
    """Every struct inside a type, innermost first, the type itself last."""
    match shape:
        case shapes.StructType(fields=fields):
            for field in fields:
                yield from nested_structs(field.type)
            yield shape
        case shapes.ListType(item_type=item) | shapes.VarTupleType(item_type=item):
            yield from nested_structs(item)
        case shapes.UnionType(types=items) | shapes.TupleType(item_types=items):
            for one in items:
                yield from nested_structs(one)
        case _:
            pass


def structs_of(messages: Iterable[type]) -> list[shapes.StructType]:
    """All structs that these messages are made of, each once, in an order where parts come before wholes."""
    found: dict[type, shapes.StructType] = {}
    for message in messages:
        for shape in nested_structs(struct_shape(message)):
            found.setdefault(shape.cls, shape)
    return list(found.values())


def enum_lines(cls: type[IntEnum], *, with_reader: bool) -> Iterator[str]:
    """An enum as a constant object and a union of its values. A newer server may send others: they pass through."""
    name = cls.__name__
    yield comment(cls)
    yield f"export const {name} = {{"
    yield from (f"  {member.name}: {member.value}," for member in cls)
    yield "} as const;"
    yield f"export type {name} = (typeof {name})[keyof typeof {name}];"
    if with_reader:
        yield f"const read{name} = readNumber as Reader<{name}>;"
    yield ""


def interface_lines(shape: shapes.StructType) -> Iterator[str]:
    """One interface."""
    yield comment(shape.cls)
    yield f"export interface {interface_name(shape)} {{"
    if shape.tag is not None:
        yield f"  readonly type: '{discriminator(shape)}';"
    for field in shape.fields:
        yield f"  readonly {camel(field.name)}: {ts_type(field.type)};"
    yield "}"
    yield ""


def reader_lines(shape: shapes.StructType) -> Iterator[str]:
    """The function that reads one struct from its msgpack array."""
    name = interface_name(shape)
    first = 0 if shape.tag is None else 1
    yield f"export function read{name}(value: unknown): {name} {{"
    yield "  const fields = readFields(value);"
    yield "  return {"
    if shape.tag is not None:
        yield f"    type: '{discriminator(shape)}',"
    for index, field in enumerate(shape.fields, start=first):
        expression = reader(field.type)
        yield f"    {camel(field.name)}: {expression}(fields[{index}]),"
    yield "  };"
    yield "}"
    yield ""


def union_lines(name: str, messages: Iterable[type]) -> Iterator[str]:
    """The union of all messages in one direction."""
    yield f"export type {name} ="
    names = [interface_name(struct_shape(message)) for message in messages]
    yield from (f"  | {one}" for one in names[:-1])
    yield f"  | {names[-1]};"
    yield ""


def outbound_reader_lines() -> Iterator[str]:
    """The one entry point for what the server sends."""
    yield "/** Reads any server message; `null` for a type that this client doesn't know. */"
    yield "export function readOutbound(value: unknown): Outbound | null {"
    yield "  switch (readFields(value)[0]) {"
    for message in wire.OUTBOUND:
        shape = struct_shape(message)
        yield f"    case {shape.tag}:"
        yield f"      return read{interface_name(shape)}(value);"
    yield "    default:"
    yield "      return null;"
    yield "  }"
    yield "}"
    yield ""


def inbound_writer_lines() -> Iterator[str]:
    """The one entry point for what the visitor sends."""
    yield "/** The msgpack array of a message to the server. */"
    yield "export function toFields(message: Inbound): unknown[] {"
    yield "  switch (message.type) {"
    for message in wire.INBOUND:
        shape = struct_shape(message)
        parts = [str(shape.tag)]
        parts += [writer(field.type, f"message.{camel(field.name)}") for field in shape.fields]
        yield f"    case '{discriminator(shape)}':"
        one_line = f"      return [{', '.join(parts)}];"
        if len(one_line) <= 120:
            yield one_line
        else:
            yield "      return ["
            yield from (f"        {part}," for part in parts)
            yield "      ];"
    yield "  }"
    yield "}"
    yield ""


def layout_lines() -> Iterator[str]:
    """Byte offsets of everything packed, little-endian."""
    pose, head, hands = packed.POSE_DTYPE.fields, packed.HEAD_RECORD.fields, packed.HANDS_RECORD.fields
    if pose is None or head is None or hands is None:
        raise TypeError("the packed layouts must be structured")
    layouts: dict[str, tuple[int, dict[str, int]]] = {
        "POSE_HEAD": (packed.POSE_HEAD.size, {k: int(v[1]) for k, v in pose.items() if k != "hands"}),
        "POSE_HAND": (packed.POSE_HANDS.size // 2, dict(zip(("x", "y", "z", "rotation"), hand_offsets(), strict=True))),
        "HEAD_RECORD": (packed.HEAD_RECORD.itemsize, {k: int(v[1]) for k, v in head.items()}),
        "HANDS_RECORD": (packed.HANDS_RECORD.itemsize, {k: int(v[1]) for k, v in hands.items()}),
    }
    yield "/** Packed layouts: byte size and byte offset of each little-endian field. Not aligned: use a DataView. */"
    yield "export const LAYOUT = {"
    for name, (size, offsets) in layouts.items():
        yield f"  {name}: {{ BYTES: {size}, {', '.join(f'{camel(k)}: {v}' for k, v in offsets.items())} }},"
    yield "} as const;"
    yield ""


def hand_offsets() -> list[int]:
    """Where x, y, z and rotation of one hand begin."""
    hand = np.dtype([("x", "<i2"), ("y", "<i2"), ("z", "<i2"), ("rotation", "<u4")])
    if hand.itemsize * 2 != packed.POSE_HANDS.size or hand.fields is None:
        raise TypeError("the layout of hands has changed: teach it to tools/gen_wire.py")
    return [int(field[1]) for field in hand.fields.values()]


def error_lines() -> Iterator[str]:
    """Stable error codes and the close codes that go with them."""
    yield "/** Stable names of everything that can go wrong on a connection. */"
    yield "export const ErrorCode = {"
    yield from (f"  {code.name}: '{code.value}'," for code in errors.ErrorCode)
    yield "} as const;"
    yield "export type ErrorCode = (typeof ErrorCode)[keyof typeof ErrorCode];"
    yield ""
    yield "/** The WebSocket close code of every error that ends a connection. */"
    yield "export const CLOSE_CODES: Readonly<Partial<Record<ErrorCode, number>>> = {"
    yield from (f"  {code.value}: {close}," for code, close in errors.CLOSE_CODES.items())
    yield "};"
    yield ""


def typescript() -> str:
    """The whole generated module."""
    outbound = structs_of(wire.OUTBOUND)
    inbound_only = [shape for shape in structs_of(wire.INBOUND) if shape.cls not in {one.cls for one in outbound}]
    read_enums = {wire.Scope, wire.EmoteKind, wire.Relation, wire.Presence, wire.LeaveReason, wire.CorrectReason}
    lines = [HEADER]
    lines += [f"export const {name} = {limit(name)!r};" for name in LIMITS]
    lines += [
        f"export const SCENE_CELL_M = {scene.SCENE_CELL_M!r};",
        f"export const SCENE_RADIUS_CELLS = {scene.SCENE_RADIUS_CELLS!r};",
        f"export const SERVER_CAPABILITIES: readonly string[] = {msgspec.json.encode(wire.CAPABILITIES).decode()};",
        "",
    ]
    for enum in wire.ENUMS:
        lines += enum_lines(enum, with_reader=enum in read_enums)
    lines += error_lines()
    lines += layout_lines()
    for shape in [*inbound_only, *outbound]:
        lines += interface_lines(shape)
    lines += union_lines("Inbound", wire.INBOUND)
    lines += union_lines("Outbound", wire.OUTBOUND)
    for shape in outbound:
        lines += reader_lines(shape)
    lines += outbound_reader_lines()
    lines += inbound_writer_lines()
    return "\n".join(lines).rstrip("\n") + "\n"


def main(arguments: list[str] | None = None) -> int:
    """Write the generated files, or with `--check` only compare them."""
    parser = argparse.ArgumentParser(
        description="Generate the TypeScript twin and the golden vectors of world/wire.py."
    )
    parser.add_argument("--check", action="store_true", help="write nothing; fail when a file is stale")
    check: bool = parser.parse_args(arguments).check
    stale = []
    for path, content in ((TYPESCRIPT, typescript()), (VECTORS, vectors_json())):
        if path.exists() and path.read_text(encoding="utf-8") == content:
            continue
        stale.append(path.relative_to(ROOT))
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
    for path in stale:
        print(f"{path} {'is stale: run `python -m tools.gen_wire`' if check else 'written'}")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
