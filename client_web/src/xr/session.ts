import type { Engine } from '../scene/engine';

export async function enterVr(engine: Engine): Promise<void> {
  await Promise.resolve(engine);
}
