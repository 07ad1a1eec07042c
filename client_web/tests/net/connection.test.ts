import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Connection } from '../../src/net/connection';
import type { Look } from '../../src/net/wire.gen';
import { type ChatLine, World } from '../../src/world/world';
import { FakeSurroundings, LOOK, ORIGIN, server } from './surroundings';

let around: FakeSurroundings;
let world: World;
let connection: Connection;

function connect(): Connection {
  return new Connection(
    world,
    () => ({ name: 'Aiko', look: LOOK as unknown as Look, language: 'de' }),
    around.passport,
    around,
  );
}

/** Through the door, standing somewhere. */
function goLive(): void {
  connection.start();
  around.socket.opens();
  around.socket.says(server.welcome());
  around.socket.says(server.event(1, server.correct(1, 2, -3)));
}

beforeEach(() => {
  around = new FakeSurroundings();
  world = new World();
  connection = connect();
});

describe('coming in', () => {
  it('says hello with name, look and language, and nothing to resume', () => {
    connection.start();
    expect(world.status.phase).toBe('connecting');
    around.socket.opens();
    expect(around.socket.sent).toEqual([[1, 1, [], 'Aiko', [...LOOK], 'de', null, ['e.n.T', '{}', 'p.r.F']]]);
  });

  it('shows its papers for the address it connected to, whatever the server says', () => {
    connection.start();
    around.socket.opens();
    const [door] = around.passport.doors;
    expect(door).toEqual({ origin: ORIGIN, nonce: 'n0nce', room: 'lane', url: `${ORIGIN}/live` });
  });

  it.each([
    [async () => true, 2],
    [async () => false, 1],
    [() => Promise.reject(new Error('no way')), 1],
  ])('catches up once when another device was ahead (%#)', async (renewal, knocks) => {
    around.passport.renewal = renewal;
    connection.start();
    for (let knock = 0; knock < knocks; knock++) {
      around.socket.opens();
      around.socket.says(server.bye('entry_refused', -1, 'rolled_back'));
      around.socket.ends(4012);
      await vi.waitFor(() => expect(around.sockets).toHaveLength(Math.min(knock + 2, knocks)));
    }
    await vi.waitFor(() => expect(world.status).toMatchObject({ phase: 'refused', code: 'entry_refused' }));
    expect(around.passport.renewals).toBe(1);
    expect(around.sockets).toHaveLength(knocks);
  });

  it('says that it has no papers, and does not try again', () => {
    around.passport.fault = new Error('no consent');
    const reported: unknown[] = [];
    globalThis.reportError = (error) => reported.push(error);
    connection.start();
    around.socket.opens();
    expect(world.status).toMatchObject({ phase: 'refused', code: 'no_passport', retryAtMs: null });
    expect(around.socket.closedWith).toBeUndefined();
    expect(around.socket.readyState).toBe(3);
    expect(reported).toHaveLength(1);
    around.pass(60_000);
    expect(around.sockets).toHaveLength(1);
  });

  it('keeps the access token, and takes a fresh one', () => {
    expect(connection.ticket).toBeNull();
    goLive();
    expect(connection.ticket?.token).toBe('a.t.J');
    around.socket.says(server.sessionToken('f.r.E'));
    expect(connection.ticket).toEqual({ token: 'f.r.E', untilMs: around.nowMs() + 900_000 });
  });

  it('tells a ban, until when, and where to turn to', () => {
    connection.start();
    around.socket.opens();
    around.socket.says([43, 'banned', 'You shouted.', -1, 'Write to us.', 1_800_000_000_000]);
    around.socket.ends(4009);
    const message = 'You shouted. Write to us.';
    expect(world.status).toMatchObject({ phase: 'refused', code: 'banned', message, untilMs: 1_800_000_000_000 });
  });

  it('is live once welcomed, and stands where the server says', () => {
    goLive();
    expect(world.status.phase).toBe('live');
    expect(world.own.position).toEqual([2, 1.5, -3]);
    expect(world.own.epoch).toBe(1);
  });

  it('sends no pose before it knows where it stands', () => {
    connection.start();
    around.socket.opens();
    around.socket.says(server.welcome());
    around.pass(500);
    expect(around.socket.of(2)).toHaveLength(0);
    around.socket.says(server.event(1, server.correct(1, 2, -3)));
    around.pass(60);
    expect(around.socket.of(2)).toHaveLength(1);
  });

  it('gives up an attempt that is never answered', () => {
    connection.start();
    around.socket.opens();
    around.pass(10_000);
    expect(around.socket.closedWith).toBeUndefined();
    expect(world.status.code).toBe('unreachable');
    around.pass(600);
    expect(around.sockets).toHaveLength(2);
  });
});

describe('own pose', () => {
  it('goes at most 20 times a second while moving and once a second while standing', () => {
    goLive();
    around.pass(60);
    const before = around.socket.of(2).length;
    for (let step = 0; step < 100; step++) {
      world.own.position = [step / 10, 1.5, 0];
      around.pass(10);
    }
    const moving = around.socket.of(2).length - before;
    expect(moving).toBeGreaterThanOrEqual(18);
    expect(moving).toBeLessThanOrEqual(21);
    around.pass(5000);
    expect(around.socket.of(2).length - before - moving).toBeLessThanOrEqual(6);
    expect(around.socket.of(2).length - before - moving).toBeGreaterThanOrEqual(4);
  });

  it('waits while the socket is choked', () => {
    goLive();
    around.pass(100);
    const before = around.socket.of(2).length;
    around.socket.bufferedAmount = 1_000_000;
    world.own.position = [9, 1.5, 9];
    around.pass(2000);
    expect(around.socket.of(2)).toHaveLength(before);
  });
});

describe('coming back', () => {
  it('resumes with its token and the last event, loses none and doubles none', () => {
    const heard: string[] = [];
    world.on('chat', (line: ChatLine) => heard.push(line.text));
    goLive();
    around.socket.says(server.event(2, server.chat(10, 'one')), server.event(3, server.chat(11, 'two')));
    around.socket.ends(1006);
    expect(world.status.phase).toBe('reconnecting');
    around.pass(600);
    around.socket.opens();
    expect(around.socket.sent[0]).toEqual([
      1,
      1,
      [],
      'Aiko',
      [...LOOK],
      'de',
      ['token-1', 3],
      ['e.n.T', '{}', 'p.r.F'],
    ]);
    around.socket.says(server.welcome({ resumed: true }));
    around.socket.says(server.event(3, server.chat(11, 'two')), server.event(4, server.chat(12, 'three')));
    expect(heard).toEqual(['one', 'two', 'three']);
    expect(world.status.phase).toBe('live');
  });

  it('comes back for what is missing when a number was left out', () => {
    const heard: string[] = [];
    world.on('chat', (line) => heard.push(line.text));
    goLive();
    around.socket.says(server.event(2, server.chat(10, 'one')), server.event(4, server.chat(12, 'three')));
    expect(heard).toEqual(['one']);
    expect(world.status.phase).toBe('reconnecting');
    around.pass(600);
    around.socket.opens();
    expect(around.socket.sent[0]?.[6]).toEqual(['token-1', 2]);
  });

  it('takes nothing of a frame after the message that ended the connection', () => {
    const heard: string[] = [];
    world.on('chat', (line) => heard.push(line.text));
    goLive();
    around.socket.says(server.event(3, server.chat(11, 'early')), server.event(2, server.chat(10, 'late')));
    expect(heard).toEqual([]);
  });

  it('forgets who was there when the server knows nothing of it, and walks back to its place', () => {
    goLive();
    around.socket.says(server.event(2, server.enter(7, 'v-2', 'Bo')));
    expect(world.people.size).toBe(1);
    world.own.position = [5, 1.5, 6];
    around.socket.ends(1006);
    around.pass(600);
    around.socket.opens();
    around.socket.says(server.welcome({ token: 'token-2', id: 'v-new' }));
    expect(world.people.size).toBe(0);
    around.socket.says(server.event(1, server.correct(1, 0, 0)));
    expect(around.socket.of(10)).toEqual([[10, 5, 6, 0]]);
  });

  it('waits longer and longer, with chance, and begins anew after a good connection', () => {
    connection.start();
    const waits: number[] = [];
    for (let attempt = 0; attempt < 8; attempt++) {
      around.socket.ends(1006);
      const { retryAtMs } = world.status;
      waits.push((retryAtMs ?? 0) - around.nowMs());
      around.pass(waits.at(-1) ?? 0);
    }
    expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000]);
    around.chance = 1;
    around.socket.ends(1006);
    expect((world.status.retryAtMs ?? 0) - around.nowMs()).toBe(7500);
    around.pass(7500);
    around.socket.opens();
    around.socket.says(server.welcome());
    for (let second = 0; second < 12; second++) {
      around.socket.says(server.census(1));
      around.pass(1000);
    }
    around.socket.ends(1006);
    expect((world.status.retryAtMs ?? 0) - around.nowMs()).toBe(250);
  });

  it('notices a connection that fell silent', () => {
    goLive();
    around.pass(16_000);
    expect(around.sockets.length).toBeGreaterThan(1);
  });

  it('does not take the slow timers of a hidden page for silence', () => {
    goLive();
    around.pass(3000);
    around.socket.says([41, 0, 5000]);
    // A whole minute passes before the next timer of a hidden page fires.
    const { nowMs } = around;
    around.nowMs = () => nowMs() + 60_000;
    around.pass(2500);
    expect(around.sockets).toHaveLength(1);
  });

  it('leaves no timer behind when a connection ends', () => {
    goLive();
    around.pass(3000);
    around.socket.ends(1006);
    expect(around.waiting).toBe(1);
  });

  it('tries at once when asked, but not beside a living connection', () => {
    connection.start();
    around.socket.ends(1006);
    connection.retryNow();
    expect(around.sockets).toHaveLength(2);
    connection.retryNow();
    expect(around.sockets).toHaveLength(2);
  });
});

describe('a farewell', () => {
  it.each([
    ['room_full', 5000, 'full', 5000],
    ['restarting', 1500, 'restarting', 1500],
    ['too_slow', 0, 'reconnecting', 500],
  ] as const)('%s is shown, and the server says when to come back', (code, afterMs, phase, waitMs) => {
    goLive();
    around.socket.says(server.bye(code, afterMs));
    around.socket.ends(1000);
    expect(world.status).toMatchObject({ phase, code, message: 'A sentence.' });
    expect((world.status.retryAtMs ?? 0) - around.nowMs()).toBe(waitMs);
  });

  it('of a restart spreads those who come back over the time it names, then they back off', () => {
    goLive();
    around.chance = 0.75;
    around.socket.says(server.bye('restarting', 500));
    around.socket.ends(1012);
    expect((world.status.retryAtMs ?? 0) - around.nowMs()).toBe(125);
    around.pass(125);
    around.socket.ends(1006);
    expect((world.status.retryAtMs ?? 0) - around.nowMs()).toBe(625);
    expect(world.status.phase).toBe('restarting');
  });

  it('of a full alley stays in sight while trying again', () => {
    connection.start();
    around.socket.opens();
    around.socket.says(server.bye('room_full', 3000));
    around.socket.ends(1013);
    around.pass(3000);
    expect(around.sockets).toHaveLength(2);
    expect(world.status.phase).toBe('full');
  });

  it.each(['name_invalid', 'replaced', 'unsupported_version', 'flood', 'cheating'])('%s is final', (code) => {
    goLive();
    around.socket.says(server.bye(code, -1));
    around.socket.ends(4000);
    expect(world.status).toMatchObject({ phase: 'refused', code, retryAtMs: null });
    around.pass(60_000);
    expect(around.sockets).toHaveLength(1);
    expect(Connection.hasTicket(around.session, around.wallMs())).toBe(false);
  });

  it.each([
    [1012, 'restarting'],
    [1013, 'full'],
    [4007, 'refused'],
    [1006, 'reconnecting'],
  ] as const)('close code %i alone means %s', (code, phase) => {
    goLive();
    around.socket.ends(code);
    expect(world.status.phase).toBe(phase);
  });
});

describe('a reload', () => {
  it('within half a minute is the same person, who asks for the whole state', () => {
    goLive();
    connection.pageHidden();
    around.pass(20_000);
    world = new World();
    connection = connect();
    connection.start();
    around.socket.opens();
    expect(around.socket.sent[0]?.[6]).toEqual(['token-1', 0xffff_ffff]);
    around.socket.says(server.welcome({ resumed: false }));
    around.socket.says(server.event(41, server.census(9)));
    expect(world.visitors).toBe(9);
  });

  it('says that it comes back, which a closed tab does not', () => {
    goLive();
    connection.pageHidden(false);
    expect(around.socket.closedWith).toBeUndefined();
    connection.pageHidden(true);
    expect(around.socket.closedWith).toBe(4900);
  });

  it('puts somebody whom the server let go back in their place', () => {
    goLive();
    world.own.position = [5, 1.5, 6];
    connection.pageHidden();
    world = new World();
    connection = connect();
    connection.start();
    around.socket.opens();
    around.socket.says(server.welcome({ id: 'v-new' }), server.event(1, server.correct(1, 0, 0)));
    expect(around.socket.of(10)).toEqual([[10, 5, 6, 0]]);
  });

  it('survives a ticket that somebody wrote by hand', () => {
    for (const broken of ['{', '7', '{"token": 1}', '{"token": "t", "atMs": "x"}']) {
      around.session.setItem('yokocho.resume', broken);
      expect(Connection.hasTicket(around.session, around.wallMs())).toBe(false);
    }
    const atMs = around.wallMs();
    around.session.setItem('yokocho.resume', JSON.stringify({ token: 't', atMs, place: { x: 'far', z: null } }));
    connection.start();
    around.socket.opens();
    around.socket.says(server.welcome(), server.event(1, server.correct(1, 0, 0)));
    expect(around.socket.of(10)).toEqual([]);
  });

  it('later, or after leaving, is somebody new', () => {
    goLive();
    connection.pageHidden();
    expect(Connection.hasTicket(around.session, around.wallMs() + 31_000)).toBe(false);
    connection.leave();
    expect(around.sockets[0]?.of(9)).toHaveLength(1);
    expect(Connection.hasTicket(around.session, around.wallMs())).toBe(false);
    expect(world.status.phase).toBe('left');
  });
});

describe('words that were under way', () => {
  it('come back to the person when the connection lost them', () => {
    const unsent: string[] = [];
    world.on('unsent', ({ text }) => unsent.push(text));
    goLive();
    expect(world.say(0, 'lost')).toBe(true);
    expect(world.say(0, 'arrived')).toBe(true);
    around.socket.ends(1006);
    expect(world.say(0, 'never sent')).toBe(false);
    around.pass(600);
    around.socket.opens();
    around.socket.says(server.welcome({ resumed: true }));
    around.socket.says(server.event(2, server.chat(10, 'arrived', { from: 'v-own', ref: 2 })));
    around.pass(4100);
    expect(unsent).toEqual(['lost']);
  });

  it('come back with the reason when the server refused them', () => {
    const unsent: unknown[] = [];
    world.on('unsent', (words) => unsent.push(words));
    goLive();
    world.say(1, 'too much');
    around.socket.says([42, 'rate_limited', 'Wait.', 1]);
    expect(unsent).toEqual([{ scope: 1, text: 'too much', code: 'rate_limited', message: 'Wait.' }]);
  });
});

describe('a server of another version', () => {
  it('may send what this client does not know', () => {
    goLive();
    around.socket.says([60, ['anything', 1]]);
    around.socket.says(server.event(2, [61, 'news']));
    around.socket.says(server.event(3, [...server.census(4), 'trailing']));
    expect(world.visitors).toBe(4);
  });
});
