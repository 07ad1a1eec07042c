import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Connection } from '../../src/net/connection';
import { type Outbound, readOutbound } from '../../src/net/wire.gen';
import { type Heard, travel } from '../../src/next_door/journey';
import { World } from '../../src/world/world';
import { FakeSurroundings, LOOK, server } from '../net/surroundings';
import { room, sceneCell } from '../world/alley';

const THERE = 'https://b.example';
let here: FakeSurroundings;
let there: FakeSurroundings;
let world: World;
let connection: Connection;

function connectionTo(around: FakeSurroundings, to: World): Connection {
  const identity = () => ({ name: 'Aiko', look: LOOK, language: 'en' });
  return new Connection(to, identity, around.passport, around);
}

/** As the app does it. */
function arrive(next: Connection, heard: Heard): void {
  connection.vanish();
  connection = next;
  world.moveTo(THERE);
  next.moveInto(world, heard);
}

function setOut() {
  return travel({ connect: (to) => connectionTo(there, to), arrive, after: there.after });
}

beforeEach(() => {
  here = new FakeSurroundings();
  there = new FakeSurroundings();
  world = new World();
  connection = connectionTo(here, world);
  connection.start();
  here.socket.opens();
  here.socket.says(server.welcome(), server.enter(7, 'v-2', 'Bo'), server.chat(1, 'hello'), server.correct(1, 3, 4));
  for (const told of [room('north'), [40, [sceneCell(0, 'north')]]]) world.apply(readOutbound(told) as Outbound, 0);
});

describe('into another alley', () => {
  it('the one before is left when the other has said welcome, and not sooner', async () => {
    const outcome = setOut();
    there.socket.opens();
    expect(world.status.phase).toBe('live');
    expect(here.socket.of(11)).toEqual([]);
    expect(world.people.size).toBe(1);
    there.socket.says(server.welcome({ slot: 4 }), server.census(3), server.enter(9, 'v-9', 'Chiyo'));
    expect(await outcome).toBeNull();
    expect(here.socket.readyState).toBe(3);
    expect(world.origin).toBe(THERE);
    expect([...world.people.values()].map(({ name }) => name)).toEqual(['Chiyo']);
    expect(world.card?.slot).toBe(4);
    expect(world.visitors).toBe(3);
    expect(world.link).toBe(connection);
    expect(world.status.phase).toBe('live');
  });

  it('nothing of the alley before stays', async () => {
    const gone = vi.fn();
    const moved = vi.fn();
    world.on('gone', gone);
    world.on('moved', moved);
    const outcome = setOut();
    there.socket.opens();
    there.socket.says(server.welcome());
    await outcome;
    expect(gone).toHaveBeenCalledOnce();
    expect(moved).toHaveBeenCalledWith(THERE);
    expect([world.chat.length, world.cells.size, world.relations.size, world.room]).toEqual([0, 0, 0, null]);
    expect(world.isPlaced).toBe(false);
    there.socket.says(server.correct(1, 8, 9));
    expect(world.own.position).toEqual([8, 1.5, 9]);
  });

  it('what the connection does later reaches the world that is looked at', async () => {
    const outcome = setOut();
    there.socket.opens();
    there.socket.says(server.welcome());
    await outcome;
    there.socket.ends(1006);
    expect(world.status.phase).toBe('reconnecting');
    there.pass(60_000);
    there.socket.opens();
    there.socket.says(server.welcome({ resumed: true }));
    expect(world.status.phase).toBe('live');
    expect(here.sockets).toHaveLength(1);
  });

  it.each([
    ['banned', server.bye('banned', -1), 4403, 'refused'],
    ['full', server.bye('room_full', 5000), 4503, 'full'],
  ])('whoever is %s stays where they are', async (_, bye, code, phase) => {
    const outcome = setOut();
    there.socket.opens();
    there.socket.says(bye);
    there.socket.ends(code);
    expect((await outcome)?.phase).toBe(phase);
    await Promise.resolve();
    expect(there.waiting).toBe(0);
    expect(world.status.phase).toBe('live');
    expect(world.people.size).toBe(1);
    expect(world.link).toBe(connection);
    expect(world.origin).toBe('');
  });

  it('a door that nobody opens is not knocked at twice', async () => {
    const outcome = setOut();
    there.socket.ends(1006);
    expect((await outcome)?.code).toBe('unreachable');
    await Promise.resolve();
    there.pass(60_000);
    expect(there.sockets).toHaveLength(1);
  });

  it('silence ends the waiting', async () => {
    const outcome = setOut();
    there.socket.opens();
    there.pass(20_000);
    expect(await outcome).not.toBeNull();
    expect(world.status.phase).toBe('live');
  });
});
