import { beforeEach, expect, it, vi } from 'vitest';
import { type Outbound, readOutbound } from '../../src/net/wire.gen';
import { beginAt } from '../../src/world/address';
import { World } from '../../src/world/world';
import { server } from '../net/surroundings';
import { room } from './alley';

let world: World;
const jump = vi.fn(() => true);

const tell = (...messages: unknown[][]): void => {
  for (const message of messages) world.apply(readOutbound(message) as Outbound, 0);
};

beforeEach(() => {
  jump.mockClear();
  world = new World();
  world.jump = jump;
});

it('leads to the stall that the address names, once, when there is a place to go from', () => {
  expect(beginAt('#stall=wood', world)).toBe(true);
  tell(server.welcome(), room('tea', 'wood'));
  expect(jump).not.toHaveBeenCalled();
  tell(server.correct(1, 0, 0));
  expect(jump.mock.calls).toEqual([[20, 0, 0]]);
  tell(server.correct(2, 20, 0), room('tea', 'wood'));
  expect(jump).toHaveBeenCalledOnce();
});

it('leaves everybody where they are when it names no stall that there is', () => {
  expect(beginAt('#stall=gone', world)).toBe(true);
  for (const address of ['', '#stall=', '#stalls', '#stall=a%20b']) expect(beginAt(address, world)).toBe(false);
  tell(server.welcome(), room('tea'), server.correct(1, 0, 0));
  expect(jump).not.toHaveBeenCalled();
});
