/**
 * A small reader for plain GLB files: triangles with colours, no pictures, no joints, no compression.
 *
 * The alley's own pieces are like that, and so is much of what people make; three.js' full loader is fetched only for
 * the rest (see foreign.ts). Whatever this reader does not know for sure it refuses with null.
 */

import { Matrix4, Quaternion, Vector3 } from 'three';

/** What a primitive is made of, ready to be joined with others. */
export interface Primitive {
  readonly positions: Float32Array;
  readonly normals: Float32Array | null;
  /** Linear red, green, blue for each vertex. */
  readonly colours: Float32Array | null;
  readonly index: Uint32Array;
  readonly surface: Surface;
  readonly matrix: Matrix4;
}

/** Linear colours, factors from 0 to 1. */
export interface Surface {
  readonly colour: readonly [number, number, number];
  readonly opacity: number;
  readonly rough: number;
  readonly metal: number;
  readonly glow: readonly [number, number, number];
  /** Its light is in its colours already. */
  readonly unlit: boolean;
  readonly doubleSided: boolean;
}

interface Json {
  readonly extensionsRequired?: readonly string[];
  readonly scene?: number;
  readonly scenes?: readonly { nodes?: readonly number[] }[];
  readonly nodes?: readonly JsonNode[];
  readonly meshes?: readonly { primitives: readonly JsonPrimitive[] }[];
  readonly materials?: readonly JsonMaterial[];
  readonly accessors?: readonly JsonAccessor[];
  readonly bufferViews?: readonly { byteOffset?: number; byteLength: number; byteStride?: number; buffer: number }[];
  readonly buffers?: readonly { uri?: string }[];
  readonly images?: readonly unknown[];
  readonly skins?: readonly unknown[];
}

interface JsonNode {
  readonly children?: readonly number[];
  readonly mesh?: number;
  readonly matrix?: readonly number[];
  readonly translation?: readonly [number, number, number];
  readonly rotation?: readonly [number, number, number, number];
  readonly scale?: readonly [number, number, number];
}

interface JsonPrimitive {
  readonly attributes: Readonly<Record<string, number>>;
  readonly indices?: number;
  readonly material?: number;
  readonly mode?: number;
  readonly targets?: unknown;
}

interface JsonMaterial {
  readonly pbrMetallicRoughness?: {
    readonly baseColorFactor?: readonly [number, number, number, number];
    readonly metallicFactor?: number;
    readonly roughnessFactor?: number;
  };
  readonly emissiveFactor?: readonly [number, number, number];
  readonly alphaMode?: string;
  readonly doubleSided?: boolean;
  readonly extensions?: {
    readonly KHR_materials_unlit?: unknown;
    readonly KHR_materials_emissive_strength?: { readonly emissiveStrength?: number };
  };
}

interface JsonAccessor {
  readonly bufferView?: number;
  readonly byteOffset?: number;
  readonly componentType: number;
  readonly count: number;
  readonly type: string;
  readonly normalized?: boolean;
  readonly sparse?: unknown;
}

const MAGIC = 0x46546c67;
const JSON_CHUNK = 0x4e4f534a;
const KNOWN_EXTENSIONS: ReadonlySet<string> = new Set([
  'KHR_materials_unlit',
  'KHR_materials_emissive_strength',
  'KHR_mesh_quantization',
]);
const TRIANGLES = 4;
const DEEPEST = 64;

/** The primitives of a plain GLB, or null when it takes more than this to read it. */
export function readPlainGlb(bytes: ArrayBuffer): Primitive[] | null {
  const file = openGlb(bytes);
  if (!file || !isPlain(file.json)) return null;
  const { json } = file;
  const primitives: Primitive[] = [];
  const visit = (nodeIndex: number, above: Matrix4, depth: number): boolean => {
    const node = json.nodes?.[nodeIndex];
    if (!node || depth > DEEPEST) return false;
    const matrix = above.clone().multiply(matrixOf(node));
    for (const primitive of node.mesh === undefined ? [] : (json.meshes?.[node.mesh]?.primitives ?? [])) {
      const read = readPrimitive(file, primitive, matrix);
      if (!read) return false;
      primitives.push(read);
    }
    return (node.children ?? []).every((child) => visit(child, matrix, depth + 1));
  };
  const roots = json.scenes?.[json.scene ?? 0]?.nodes ?? [];
  return roots.every((root) => visit(root, new Matrix4(), 0)) ? primitives : null;
}

interface File {
  readonly json: Json;
  readonly binary: DataView;
}

function openGlb(bytes: ArrayBuffer): File | null {
  if (bytes.byteLength < 20) return null;
  const view = new DataView(bytes);
  const jsonLength = view.getUint32(12, true);
  const plain = view.getUint32(0, true) === MAGIC && view.getUint32(4, true) === 2;
  if (!plain || view.getUint32(16, true) !== JSON_CHUNK || 28 + jsonLength > bytes.byteLength) return null;
  const json = JSON.parse(new TextDecoder().decode(new Uint8Array(bytes, 20, jsonLength))) as Json;
  const length = Math.min(view.getUint32(20 + jsonLength, true), bytes.byteLength - 28 - jsonLength);
  return { json, binary: new DataView(bytes, 28 + jsonLength, length) };
}

function isPlain(json: Json): boolean {
  return (
    !json.images?.length &&
    !json.skins?.length &&
    (json.extensionsRequired ?? []).every((name) => KNOWN_EXTENSIONS.has(name)) &&
    (json.buffers ?? []).every((buffer) => buffer.uri === undefined)
  );
}

function matrixOf(node: JsonNode): Matrix4 {
  if (node.matrix) return new Matrix4().fromArray(node.matrix);
  return new Matrix4().compose(
    new Vector3(...(node.translation ?? [0, 0, 0])),
    new Quaternion(...(node.rotation ?? [0, 0, 0, 1])),
    new Vector3(...(node.scale ?? [1, 1, 1])),
  );
}

function readPrimitive(file: File, primitive: JsonPrimitive, matrix: Matrix4): Primitive | null {
  const { attributes } = primitive;
  if ((primitive.mode ?? TRIANGLES) !== TRIANGLES || primitive.targets) return null;
  const positions = readAccessor(file, attributes['POSITION'], 3);
  if (!positions) return null;
  const count = positions.length / 3;
  const normals = attributes['NORMAL'] === undefined ? null : readAccessor(file, attributes['NORMAL'], 3);
  const colours = attributes['COLOR_0'] === undefined ? null : readAccessor(file, attributes['COLOR_0'], 3);
  const corners = primitive.indices === undefined ? null : readAccessor(file, primitive.indices, 1);
  if (primitive.indices !== undefined && !corners) return null;
  const index = corners ? Uint32Array.from(corners) : Uint32Array.from({ length: count }, (_, i) => i);
  if (index.some((corner) => corner >= count)) return null;
  const material = file.json.materials?.[primitive.material ?? -1];
  return { positions, normals, colours, index, surface: surfaceOf(material), matrix };
}

export function surfaceOf(material: JsonMaterial | undefined): Surface {
  const pbr = material?.pbrMetallicRoughness;
  const [r, g, b, a] = pbr?.baseColorFactor ?? [1, 1, 1, 1];
  const strength = material?.extensions?.KHR_materials_emissive_strength?.emissiveStrength ?? 1;
  const [er, eg, eb] = material?.emissiveFactor ?? [0, 0, 0];
  return {
    colour: [r, g, b],
    opacity: material?.alphaMode === 'BLEND' ? a : 1,
    rough: pbr?.roughnessFactor ?? 1,
    metal: pbr?.metallicFactor ?? 1,
    glow: [er * strength, eg * strength, eb * strength],
    unlit: material?.extensions?.KHR_materials_unlit !== undefined,
    doubleSided: material?.doubleSided ?? false,
  };
}

const COMPONENTS: Readonly<Record<string, number>> = { SCALAR: 1, VEC2: 2, VEC3: 3, VEC4: 4 };

type Getter = (view: DataView, at: number) => number;
/** Component type: bytes, reader, and what a normalised value is divided by. */
const TYPES: Readonly<Record<number, readonly [number, Getter, number]>> = {
  5120: [1, (view, at) => view.getInt8(at), 127],
  5121: [1, (view, at) => view.getUint8(at), 255],
  5122: [2, (view, at) => view.getInt16(at, true), 32767],
  5123: [2, (view, at) => view.getUint16(at, true), 65535],
  5125: [4, (view, at) => view.getUint32(at, true), 1],
  5126: [4, (view, at) => view.getFloat32(at, true), 1],
};

/** The first `wanted` components of each element, as numbers. */
function readAccessor({ json, binary }: File, number: number | undefined, wanted: number): Float32Array | null {
  const accessor = json.accessors?.[number ?? -1];
  const view = json.bufferViews?.[accessor?.bufferView ?? -1];
  const type = TYPES[accessor?.componentType ?? 0];
  const items = COMPONENTS[accessor?.type ?? ''] ?? 0;
  if (!accessor || !view || !type || accessor.sparse || items < wanted) return null;
  const [bytes, get, range] = type;
  const stride = view.byteStride ?? bytes * items;
  const from = (view.byteOffset ?? 0) + (accessor.byteOffset ?? 0);
  if (accessor.count < 1 || from + stride * (accessor.count - 1) + bytes * items > binary.byteLength) return null;
  const scale = accessor.normalized ? 1 / range : 1;
  const values = new Float32Array(accessor.count * wanted);
  for (let i = 0; i < accessor.count; i++) {
    for (let c = 0; c < wanted; c++) values[i * wanted + c] = get(binary, from + i * stride + c * bytes) * scale;
  }
  return values;
}
