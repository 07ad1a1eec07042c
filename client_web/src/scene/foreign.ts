/**
 * Files that the small reader leaves: pictures, joints, other extensions. Loaded only when the first such file comes.
 */

import {
  type BufferGeometry,
  DoubleSide,
  Group,
  Mesh,
  type MeshStandardMaterial,
  type Object3D,
  TextureLoader,
  type TypedArray,
} from 'three';
import { GLTFLoader } from 'three/addons/loaders/GLTFLoader.js';
import '../three/whole';
import type { Primitive, Surface } from './glb';
import { type Piece, toPiece } from './parts';

const loader = new GLTFLoader();
// Pictures inside a GLB come as blob: addresses, which the page may show but not fetch.
loader.register((parser) => {
  parser.textureLoader = new TextureLoader(parser.options.manager);
  return { name: 'yokocho_pictures_without_fetch' };
});

export async function readForeignGlb(bytes: ArrayBuffer): Promise<Piece> {
  const { scene } = await loader.parseAsync(bytes, '');
  scene.updateMatrixWorld(true);
  const primitives: Primitive[] = [];
  const textured = new Group();
  const meshes: Mesh[] = [];
  scene.traverse((object) => {
    if (object instanceof Mesh && (object.geometry as BufferGeometry).getAttribute('position')) meshes.push(object);
  });
  for (const mesh of meshes) {
    const material = (Array.isArray(mesh.material) ? mesh.material[0] : mesh.material) as MeshStandardMaterial;
    if (hasPicture(material) || 'isSkinnedMesh' in mesh) textured.add(standIn(mesh));
    else primitives.push(toPrimitive(mesh, material));
  }
  textured.updateMatrixWorld(true);
  return toPiece(primitives, textured.children.length > 0 ? textured : null);
}

/** The mesh by itself, where it stands in the file. */
function standIn(mesh: Mesh): Object3D {
  const copy = new Mesh(mesh.geometry, mesh.material);
  copy.applyMatrix4(mesh.matrixWorld);
  return copy;
}

function hasPicture(material: MeshStandardMaterial): boolean {
  return Boolean(material.map ?? material.normalMap ?? material.emissiveMap ?? material.roughnessMap);
}

function toPrimitive(mesh: Mesh, material: MeshStandardMaterial): Primitive {
  const geometry = mesh.geometry as BufferGeometry;
  if (!geometry.getAttribute('normal')) geometry.computeVertexNormals();
  const position = geometry.getAttribute('position');
  const values = (name: string): Float32Array | null => {
    const attribute = geometry.getAttribute(name);
    if (!attribute) return null;
    const out = new Float32Array(attribute.count * 3);
    for (let i = 0; i < attribute.count; i++) for (let c = 0; c < 3; c++) out[i * 3 + c] = attribute.getComponent(i, c);
    return out;
  };
  const index = geometry.index
    ? Uint32Array.from(geometry.index.array as TypedArray)
    : Uint32Array.from({ length: position.count }, (_, i) => i);
  return {
    positions: values('position') as Float32Array,
    normals: values('normal'),
    colours: values('color'),
    index,
    surface: surfaceOfMaterial(material),
    matrix: mesh.matrixWorld,
  };
}

function surfaceOfMaterial(material: MeshStandardMaterial): Surface {
  const { color, emissive, emissiveIntensity: strength } = material;
  return {
    colour: [color.r, color.g, color.b],
    opacity: material.transparent ? material.opacity : 1,
    rough: material.roughness ?? 1,
    metal: material.metalness ?? 0,
    glow: emissive ? [emissive.r * strength, emissive.g * strength, emissive.b * strength] : [0, 0, 0],
    unlit: emissive === undefined,
    doubleSided: material.side === DoubleSide,
  };
}
