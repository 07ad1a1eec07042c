/** All lanterns of the alley: the light they throw and the halo around each, drawn in one call. */

import {
  Color,
  Group,
  InstancedBufferAttribute,
  InstancedBufferGeometry,
  Mesh,
  PlaneGeometry,
  type ShaderMaterial,
} from 'three';
import type { Lantern, Room } from '../net/wire.gen';
import { type Lamp, LightVolume, volumeShape } from './light_volume';
import { glowMaterial } from './materials';
import { Motes } from './motes';
import type { SharedUniforms } from './shading';

const HALO_PER_RADIUS = 2.6;

export class Lanterns {
  readonly group = new Group();
  readonly #shared: SharedUniforms;
  readonly #halo: Mesh<InstancedBufferGeometry, ShaderMaterial>;
  readonly #reflection: Mesh<InstancedBufferGeometry, ShaderMaterial>;
  readonly #motes: Motes;
  #volume: LightVolume | null = null;
  #known = '';

  constructor(shared: SharedUniforms) {
    this.#shared = shared;
    const geometry = new InstancedBufferGeometry();
    this.#halo = new Mesh(geometry, glowMaterial(shared, 1));
    this.#reflection = new Mesh(geometry, glowMaterial(shared, -1));
    for (const mesh of [this.#halo, this.#reflection]) {
      mesh.frustumCulled = false;
      this.group.add(mesh);
    }
    this.#motes = new Motes(shared);
    this.group.add(this.#motes.mesh);
    this.#halo.renderOrder = 10;
    // Below the wet stone, which is drawn over it.
    this.#reflection.renderOrder = -2;
  }

  setRoom(room: Room): void {
    this.#volume?.dispose();
    const [minX, , minZ] = room.boundsMinM;
    const [maxX, , maxZ] = room.boundsMaxM;
    const volume = new LightVolume(volumeShape(minX - 3, minZ - 3, maxX + 3, maxZ + 3));
    this.#volume = volume;
    this.#shared.uVolume.value = volume.light;
    this.#shared.uVolumeDirection.value = volume.direction;
    this.#shared.uVolumeMin.value.copy(volume.min);
    this.#shared.uVolumeSize.value.copy(volume.size);
    this.#known = '';
  }

  set(lanterns: readonly Lantern[]): void {
    const key = JSON.stringify(lanterns);
    if (key === this.#known) return;
    this.#known = key;
    this.#volume?.fill(lanterns.map(toLamp));
    this.#motes.set(lanterns);
    const geometry = new InstancedBufferGeometry();
    const quad = new PlaneGeometry(1, 1);
    geometry.setAttribute('position', quad.getAttribute('position'));
    geometry.setIndex(quad.getIndex());
    const lamp = new Float32Array(lanterns.length * 4);
    const colour = new Float32Array(lanterns.length * 4);
    for (const [i, lantern] of lanterns.entries()) {
      lamp.set([...lantern.positionM, lantern.radiusM * HALO_PER_RADIUS], i * 4);
      const { r, g, b } = new Color(lantern.colour);
      colour.set([r, g, b, 1], i * 4);
    }
    geometry.setAttribute('lamp', new InstancedBufferAttribute(lamp, 4));
    geometry.setAttribute('colour', new InstancedBufferAttribute(colour, 4));
    geometry.instanceCount = lanterns.length;
    this.#halo.geometry.dispose();
    this.#halo.geometry = geometry;
    this.#reflection.geometry = geometry;
  }

  setDetail(glow: boolean, reflections: boolean, motion: boolean): void {
    this.#motes.mesh.visible = glow && motion;
    (this.#halo.material.uniforms['uStrength'] as { value: number }).value = glow ? 1 : 0.75;
    this.#reflection.visible = reflections;
  }

  dispose(): void {
    this.#motes.dispose();
    this.#volume?.dispose();
    this.#halo.geometry.dispose();
    this.#halo.material.dispose();
    this.#reflection.material.dispose();
  }
}

function toLamp(lantern: Lantern): Lamp {
  const [x, y, z] = lantern.positionM;
  const { r, g, b } = new Color(lantern.colour);
  return { x, y, z, r, g, b, radius: lantern.radiusM };
}
