/**
 * The street's sounds, made of filtered noise and a few sines: no files.
 *
 * Distant voices are noise through two slow-moving formants, dishes and drops are short rings at random moments, steps
 * are soft thuds in the rhythm of the way walked. Nothing sounds before the person's first gesture, and everything
 * heard can also be seen.
 */

import type { Settings } from '../world/settings';

const STRIDE_M = 0.72;
const FADE_SECONDS = 0.4;
const BELL_AGAIN_MS = 6000;

export class Sound {
  readonly #context = new AudioContext();
  readonly #master: GainNode;
  readonly #noise: AudioBuffer;
  readonly #settings: Settings;
  readonly #off: () => void;
  #timer = 0;
  #walked = 0;
  #left = false;
  #rangMs = Number.NEGATIVE_INFINITY;
  #stall: string | null = null;

  constructor(settings: Settings) {
    this.#settings = settings;
    const context = this.#context;
    this.#master = context.createGain();
    this.#master.gain.value = 0;
    const soft = context.createDynamicsCompressor();
    this.#master.connect(soft).connect(context.destination);
    this.#noise = noiseBuffer(context, 4);
    this.#murmur(420, 0.05, 0.11);
    this.#murmur(760, 0.028, 0.17);
    this.#murmur(180, 0.06, 0.07);
    this.#applyVolume();
    this.#off = settings.onChange((name) => {
      if (name === 'volume' || name === 'muted') this.#applyVolume();
    });
    this.#later();
    document.addEventListener('visibilitychange', this.#hidden);
  }

  /** A part of the way was walked. */
  walk(metres: number): void {
    this.#walked += metres;
    if (this.#walked < STRIDE_M) return;
    this.#walked %= STRIDE_M;
    this.#left = !this.#left;
    this.#thud(this.#left ? 150 : 170, 0.16, this.#left ? -0.12 : 0.12);
  }

  /** Somebody came to a shop, or left it: its door bell rings softly on coming. */
  enter(stallId: string | null): void {
    const came = stallId !== null && stallId !== this.#stall;
    this.#stall = stallId;
    const now = performance.now();
    if (!came || now - this.#rangMs < BELL_AGAIN_MS) return;
    this.#rangMs = now;
    this.#ring(1560, 0.05, 1.6, 0.2);
    this.#ring(1560 * 2.41, 0.02, 0.9, 0.2);
    this.#ring(1320, 0.035, 1.8, 0.2, 0.14);
  }

  /** A wooden tick, for a choice. */
  tick(): void {
    this.#ring(880, 0.09, 0.05, 0);
    this.#thud(900, 0.05, 0);
  }

  dispose(): void {
    this.#off();
    window.clearTimeout(this.#timer);
    document.removeEventListener('visibilitychange', this.#hidden);
    void this.#context.close();
  }

  readonly #hidden = (): void => {
    void (document.hidden ? this.#context.suspend() : this.#context.resume());
  };

  #applyVolume(): void {
    const { currentTime } = this.#context;
    this.#master.gain.setTargetAtTime(this.#settings.loudness, currentTime, FADE_SECONDS / 3);
  }

  /** Far-off voices: a band of noise that opens and closes. */
  #murmur(frequency: number, level: number, pace: number): void {
    const context = this.#context;
    const source = context.createBufferSource();
    source.buffer = this.#noise;
    source.loop = true;
    source.playbackRate.value = 0.7 + pace;
    const band = context.createBiquadFilter();
    band.type = 'bandpass';
    band.frequency.value = frequency;
    band.Q.value = 2.2;
    const gain = context.createGain();
    gain.gain.value = level;
    const slow = context.createOscillator();
    slow.frequency.value = pace * 9;
    const depth = context.createGain();
    depth.gain.value = level * 0.6;
    const drift = context.createOscillator();
    drift.frequency.value = pace;
    const wander = context.createGain();
    wander.gain.value = frequency * 0.25;
    slow.connect(depth).connect(gain.gain);
    drift.connect(wander).connect(band.frequency);
    source.connect(band).connect(gain).connect(this.#master);
    for (const node of [source, slow, drift]) node.start();
  }

  /** Dishes and drops, now and then. */
  #later(): void {
    this.#timer = window.setTimeout(
      () => {
        if (this.#context.state === 'running') {
          const dish = Math.random() < 0.45;
          const pan = Math.random() * 1.6 - 0.8;
          if (dish) {
            const pitch = 2300 + Math.random() * 1900;
            this.#ring(pitch, 0.011, 0.22, pan);
            this.#ring(pitch * 1.53, 0.006, 0.16, pan);
          } else {
            this.#drop(pan);
          }
        }
        this.#later();
      },
      1400 + Math.random() * 4200,
    );
  }

  #ring(frequency: number, level: number, seconds: number, pan: number, delay = 0): void {
    const tone = this.#context.createOscillator();
    tone.frequency.value = frequency;
    this.#shape(tone, level, seconds, pan, delay);
    tone.start(this.#context.currentTime + delay);
    tone.stop(this.#context.currentTime + delay + seconds * 1.4);
  }

  #drop(pan: number): void {
    const { currentTime } = this.#context;
    const tone = this.#context.createOscillator();
    tone.frequency.setValueAtTime(700, currentTime);
    tone.frequency.exponentialRampToValueAtTime(1500, currentTime + 0.07);
    this.#shape(tone, 0.012, 0.1, pan, 0);
    tone.start();
    tone.stop(currentTime + 0.16);
  }

  #thud(frequency: number, level: number, pan: number): void {
    const source = this.#context.createBufferSource();
    source.buffer = this.#noise;
    const low = this.#context.createBiquadFilter();
    low.type = 'lowpass';
    low.frequency.value = frequency * 2.4;
    source.connect(low);
    this.#shape(low, level, 0.09, pan, 0);
    source.start(0, Math.random() * 3, 0.2);
  }

  /** A quick rise, a fall, a side. */
  #shape(node: AudioNode, level: number, seconds: number, pan: number, delay: number): void {
    const context = this.#context;
    const begin = context.currentTime + delay;
    const gain = context.createGain();
    gain.gain.setValueAtTime(0, begin);
    gain.gain.linearRampToValueAtTime(level, begin + 0.004);
    gain.gain.exponentialRampToValueAtTime(0.0001, begin + seconds);
    const side = context.createStereoPanner();
    side.pan.value = pan;
    node.connect(gain).connect(side).connect(this.#master);
  }
}

function noiseBuffer(context: AudioContext, seconds: number): AudioBuffer {
  const buffer = context.createBuffer(1, context.sampleRate * seconds, context.sampleRate);
  const samples = buffer.getChannelData(0);
  let slow = 0;
  for (let i = 0; i < samples.length; i++) {
    slow += (Math.random() * 2 - 1 - slow) * 0.12;
    samples[i] = slow * 2.4;
  }
  return buffer;
}
