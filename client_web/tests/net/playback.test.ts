import { describe, expect, it } from 'vitest';
import { RoomClock } from '../../src/net/clock';
import { Playback } from '../../src/net/playback';
import { packRotation } from '../../src/net/rotation';
import { Timeline } from '../../src/net/timeline';
import type { PosesMessage } from '../../src/net/wire.gen';

/** Numbers by chance that are the same every time. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = Math.imul(state ^ (state >>> 15), 1 | state);
    state ^= state + Math.imul(state ^ (state >>> 7), 61 | state);
    return ((state ^ (state >>> 14)) >>> 0) / 2 ** 32;
  };
}

function bell(random: () => number): number {
  return Math.sqrt(-2 * Math.log(random() + 1e-12)) * Math.cos(2 * Math.PI * random());
}

interface Network {
  readonly spreadMs: number;
  readonly stallShare: number;
  readonly stallMs: number;
}

/** When frames arrive over an in-order connection: one late frame holds up all that follow. */
function arrivals(hz: number, network: Network, lengthMs: number): [sent: number, came: number][] {
  const random = seeded(7);
  const list: [number, number][] = [];
  let last = 0;
  for (let sent = 0; sent < lengthMs; sent += 1000 / hz) {
    const stall = random() < network.stallShare ? network.stallMs * (0.5 + random()) : 0;
    last = Math.max(last, sent + 40 + Math.abs(bell(random)) * network.spreadMs + stall);
    list.push([sent, last]);
  }
  return list;
}

function play(hz: number, network: Network): { starvedPercent: number; delayMs: number; backwards: number } {
  const timeline = new Timeline();
  timeline.restart(1000 / hz);
  const list = arrivals(hz, network, 60_000);
  let next = 0;
  let newest = 0;
  let starved = 0;
  let frames = 0;
  let delay = 0;
  let backwards = 0;
  let before = Number.NEGATIVE_INFINITY;
  for (let now = 500; now < 59_000; now += 1000 / 72) {
    for (let one = list[next]; one && one[1] <= now; one = list[next]) {
      timeline.arrive(one[0], one[1]);
      newest = one[0];
      next += 1;
    }
    const shown = timeline.at(now);
    if (shown < before) backwards += 1;
    before = shown;
    if (now < 3000) continue;
    frames += 1;
    delay += now - shown;
    if (shown > newest) starved += 1;
  }
  return { starvedPercent: (100 * starved) / frames, delayMs: delay / frames, backwards };
}

describe('the playback clock', () => {
  it.each([
    ['good Wi-Fi', { spreadMs: 5, stallShare: 0, stallMs: 0 }, 0.2, 180],
    ['busy Wi-Fi', { spreadMs: 25, stallShare: 0.01, stallMs: 120 }, 1, 300],
    ['mobile', { spreadMs: 40, stallShare: 0.02, stallMs: 250 }, 3, 500],
  ] as const)('seldom runs dry and never runs back: %s', (_, network, starvedPercent, delayMs) => {
    const result = play(20, network);
    expect(result.starvedPercent).toBeLessThanOrEqual(starvedPercent);
    expect(result.delayMs).toBeLessThanOrEqual(delayMs);
    expect(result.backwards).toBe(0);
  });

  it('jumps when the clock of the room is another one', () => {
    const timeline = new Timeline();
    timeline.arrive(100_000, 0);
    expect(timeline.at(50)).toBeCloseTo(99_950, 0);
    timeline.restart(50);
    expect(timeline.at(60)).toBeNaN();
    timeline.arrive(10, 100);
    expect(timeline.at(100)).toBe(-90);
  });
});

describe('the clock of the room', () => {
  it('believes the shortest round trip', () => {
    const clock = new RoomClock();
    expect(clock.at(0)).toBeNaN();
    clock.answered(0, 5050, 300);
    clock.answered(1000, 6010, 1020);
    clock.answered(2000, 7300, 2600);
    expect(clock.rttMs).toBe(20);
    expect(clock.at(1020)).toBe(6020);
    clock.answered(5000, 0, 4000);
    expect(clock.rttMs).toBe(20);
  });
});

const CELL_M = 8;

function frame(serverMs: number, slot: number, x: number, z: number, yaw = 0): PosesMessage {
  const heads = new Uint8Array(11);
  const view = new DataView(heads.buffer);
  const slotY = slot | (400 << 12);
  view.setUint16(0, slotY & 0xffff, true);
  view.setUint8(2, slotY >> 16);
  view.setUint16(3, Math.round(x * 1000) & 0xffff, true);
  view.setUint16(5, Math.round(z * 1000) & 0xffff, true);
  view.setUint32(7, packRotation([0, Math.sin(yaw / 2), 0, Math.cos(yaw / 2)]), true);
  return { type: 'poses', serverMs, column: 0, row: 0, heads, hands: new Uint8Array() };
}

/** A walker at 2 m/s along x, heard every `everyMs`; the picture is drawn 50 times a second. */
function walk(playback: Playback, everyMs: number, lengthMs: number): { now: number; x: number; speed: number }[] {
  const seen: { now: number; x: number; speed: number }[] = [];
  let sent = 0;
  for (let now = 0; now <= lengthMs; now += 20) {
    for (; sent + 40 <= now; sent += everyMs) playback.receive(frame(sent, 3, (sent / 1000) * 2, 1), now, 0);
    const pose = playback.poseOf(3, now);
    if (pose) seen.push({ now, x: pose.position[0], speed: pose.speedMS });
  }
  return seen;
}

function fresh(): Playback {
  const playback = new Playback();
  playback.restart(50);
  playback.setRoom(CELL_M, 0);
  return playback;
}

describe('others', () => {
  it('walk evenly between the frames, at their true speed and height', () => {
    const playback = fresh();
    const seen = walk(playback, 50, 4000).filter(({ now }) => now > 1000);
    for (let i = 1; i < seen.length; i++) {
      const step = (seen[i]?.x ?? 0) - (seen[i - 1]?.x ?? 0);
      expect(step).toBeGreaterThan(0.03);
      expect(step).toBeLessThan(0.05);
    }
    expect(seen.at(-1)?.speed).toBeCloseTo(2, 1);
    expect(playback.poseOf(3, 4000)?.position[1]).toBeCloseTo(1.6, 3);
  });

  it('walk evenly too when they are far and seldom heard', () => {
    const seen = walk(fresh(), 1000, 12_000).filter(({ now }) => now > 6000);
    for (let i = 1; i < seen.length; i++) {
      const step = (seen[i]?.x ?? 0) - (seen[i - 1]?.x ?? 0);
      expect(step).toBeGreaterThan(0.02);
      expect(step).toBeLessThan(0.06);
    }
  });

  it('stand until they start, after a long silence', () => {
    const playback = fresh();
    playback.receive(frame(0, 3, 1, 1), 40, 0);
    playback.receive(frame(1000, 3, 1, 1), 1040, 0);
    for (let now = 1040; now < 1900; now += 20) playback.poseOf(3, now);
    playback.receive(frame(1850, 3, 1.1, 1), 1890, 0);
    // At half of the silence the feet have not moved yet.
    expect(playback.poseOf(3, 1600)?.position[0]).toBeCloseTo(1, 2);
  });

  it('do not glide through walls when they jump', () => {
    const playback = fresh();
    for (let t = 0; t <= 500; t += 50) {
      playback.receive(frame(t, 3, 1, 1), t + 40, 0);
      playback.poseOf(3, t + 40);
    }
    playback.receive(frame(550, 3, 7, 7), 590, 0);
    for (let now = 590; now < 900; now += 10) {
      const x = playback.poseOf(3, now)?.position[0] ?? 0;
      expect(Math.min(Math.abs(x - 1), Math.abs(x - 7))).toBeLessThan(0.01);
    }
  });

  it('go on a little without news, then hold', () => {
    const playback = fresh();
    walk(playback, 50, 2000);
    const last = playback.poseOf(3, 2300)?.position[0] ?? 0;
    expect(last).toBeLessThan((2000 / 1000) * 2 + 0.3);
    for (let now = 2300; now < 4000; now += 50) playback.poseOf(3, now);
    expect(playback.poseOf(3, 4000)?.position[0]).toBeCloseTo(last, 1);
    expect(playback.poseOf(3, 4000)?.speedMS).toBe(0);
  });

  it('turn the short way round', () => {
    const playback = fresh();
    playback.receive(frame(0, 3, 1, 1, Math.PI * 0.95), 0, 0);
    playback.receive(frame(50, 3, 1, 1, -Math.PI * 0.95), 50, 0);
    playback.poseOf(3, 50);
    for (let now = 60; now < 160; now += 10) {
      const [, y, , w] = playback.poseOf(3, now)?.rotation ?? [0, 0, 0, 1];
      expect(Math.abs(2 * Math.atan2(y, w))).toBeGreaterThan(Math.PI * 0.9);
    }
  });

  it('are forgotten when they go, and the visitor itself is never played back', () => {
    const playback = fresh();
    playback.receive(frame(0, 3, 1, 1), 0, 0);
    playback.receive(frame(50, 0, 1, 1), 50, 0);
    expect(playback.poseOf(3, 100)).not.toBeNull();
    expect(playback.poseOf(0, 100)).toBeNull();
    playback.forget(3);
    expect(playback.poseOf(3, 100)).toBeNull();
  });
});
