/**
 * The whole client, put together: the arrival page, then the street, and back.
 *
 * It owns what outlives both pages: settings, profile, world, connection and the picture.
 */

import { loadTexts, type Texts } from '../i18n';
import { Connection, type Surroundings } from '../net/connection';
import type { Passport } from '../net/passport';
import type { SceneHandle, SceneHooks } from '../scene/types';
import { Settings, type SettingsSources } from '../world/settings';
import { readSummary } from '../world/summary';
import { World } from '../world/world';
import { Arrival } from './arrival';
import { el } from './dom';
import { Profile } from './profile';
import { Street } from './street';

type OpenScene = (
  canvas: HTMLCanvasElement,
  world: World,
  hooks: SceneHooks,
  settings: Settings,
) => Promise<SceneHandle>;

export interface AppSources extends SettingsSources {
  readonly surroundings: Surroundings;
  readonly passport: Passport;
  readonly root: HTMLElement;
  /** Loads the scene; it is large, so not before somebody walks in. */
  loadScene(): Promise<{ openScene: OpenScene }>;
  /** What `/api/alley` answers. */
  loadSummary(): Promise<unknown>;
  reload(): void;
}

/** Shares of the lantern: the connection, the code of the scene, its assets. */
const CONNECTED = 0.1;
const CODE_LOADED = 0.25;
const LONGEST_LOADING_MS = 45_000;

export class App {
  readonly world = new World();
  readonly settings: Settings;
  readonly #profile: Profile;
  readonly #sources: AppSources;
  readonly #connection: Connection;
  readonly #canvas: HTMLCanvasElement;
  #arrival: Arrival | null = null;
  #street: Street | null = null;
  #scene: SceneHandle | null = null;
  #isLit = false;
  #hasNoPicture = false;
  #texts: Texts | null = null;

  constructor(sources: AppSources) {
    this.#sources = sources;
    this.settings = new Settings(sources);
    this.#profile = new Profile(sources.store, sources.surroundings.random);
    this.#canvas = el('canvas', { class: 'view-canvas', id: 'view', attributes: { tabindex: 0, role: 'img' } });
    this.#connection = new Connection(
      this.world,
      () => ({ name: this.#profile.name, look: this.#profile.look, language: this.settings.get('language') }),
      sources.passport,
      sources.surroundings,
    );
    this.settings.onChange((name) => {
      if (name === 'language') void this.#speakAgain();
      this.#applySettings();
    });
    this.#applySettings();
  }

  async start(): Promise<void> {
    await this.#speak();
    const { session, wallMs } = this.#sources.surroundings;
    if (this.#profile.name && Connection.hasTicket(session, wallMs())) this.#walkIn();
    else this.#showArrival();
  }

  networkIsBack(): void {
    this.#connection.retryNow();
  }

  /** `comesBack`: it is a reload. */
  pageHidden(comesBack: boolean): void {
    this.#connection.pageHidden(comesBack);
  }

  /** The system's wish for motion may have changed. */
  motionChanged(): void {
    this.#applySettings();
  }

  /** Load the texts of the chosen language. */
  async #speak(): Promise<void> {
    this.#texts = await loadTexts(this.settings.get('language'), this.#sources.languages);
  }

  /** Another language was chosen. Without its texts everything stays in the one before. */
  async #speakAgain(): Promise<void> {
    try {
      await this.#speak();
    } catch (error) {
      reportError(error);
      this.#street?.announcer.tell({
        text: this.#words.t('late.failed'),
        action: { label: this.#words.t('late.again'), press: () => void this.#speakAgain() },
      });
      return;
    }
    this.#rebuild();
  }

  get #words(): Texts {
    if (!this.#texts) throw new Error('no language is loaded yet');
    return this.#texts;
  }

  #applySettings(): void {
    const page = document.documentElement;
    page.lang = this.settings.get('language');
    page.dataset['motion'] = this.settings.reducedMotion ? 'reduced' : 'full';
  }

  #rebuild(): void {
    if (this.#street) {
      const memory = this.#street.memory;
      this.#showStreet();
      this.#street.remember(memory);
    } else {
      this.#showArrival();
    }
  }

  // --- the two pages ------------------------------------------------------------------------------------------------

  #showArrival(): void {
    this.#street?.dispose();
    this.#street = null;
    const arrival = new Arrival(this.#words, this.settings, this.#profile, { enter: () => this.#walkIn() });
    this.#arrival = arrival;
    this.#sources.root.replaceChildren(arrival.element);
    this.#sources
      .loadSummary()
      .then(readSummary)
      .then((summary) => {
        if (summary && this.#arrival === arrival) arrival.tell(summary);
      })
      // Without the summary the page is a little barer; walking in says what is wrong.
      .catch(() => undefined);
  }

  #walkIn(): void {
    this.#arrival = null;
    this.#showStreet();
    this.#canvas.focus({ preventScroll: true });
    void this.#light();
    this.#connection.start();
  }

  #showStreet(): Street {
    this.#street?.dispose();
    const street = new Street({
      texts: this.#words,
      settings: this.settings,
      profile: this.#profile,
      world: this.world,
      canvas: this.#canvas,
      status: {
        retryNow: () => this.#connection.retryNow(),
        again: () => this.#connection.start(),
        toEntrance: () => this.#toEntrance(),
        reload: () => this.#sources.reload(),
      },
      leave: () => {
        this.#connection.leave();
        this.#toEntrance();
      },
    });
    this.#street = street;
    this.#sources.root.replaceChildren(street.element);
    if (this.#scene) street.setScene(this.#scene);
    if (this.#isLit) street.loaded();
    if (this.#hasNoPicture) street.withoutPicture('webgl.off');
    return street;
  }

  #toEntrance(): void {
    this.#scene?.dispose();
    this.#scene = null;
    this.#isLit = false;
    this.#sources.reload();
  }

  // --- the picture --------------------------------------------------------------------------------------------------

  /** Load the scene and light it; without one the words carry on. */
  async #light(): Promise<void> {
    if (!canDraw()) {
      this.#noPicture();
      return;
    }
    const room = this.#roomIsKnown();
    const code = await this.#sources.loadScene().catch((error: unknown) => {
      reportError(error);
      this.#street?.withoutPicture('late.picture', () => this.#lightAgain());
      return null;
    });
    if (!code) return;
    try {
      await room;
      this.#street?.progress(CODE_LOADED);
      this.#scene = await code.openScene(this.#canvas, this.world, this.#hooks(), this.settings);
      this.#street?.setScene(this.#scene);
      window.setTimeout(() => this.#lit(), LONGEST_LOADING_MS);
    } catch (error) {
      reportError(error);
      this.#noPicture();
    }
  }

  #lightAgain(): void {
    this.#street?.pictureIsBack();
    void this.#light();
  }

  #noPicture(): void {
    this.#hasNoPicture = true;
    this.#street?.withoutPicture('webgl.off');
  }

  #lit(): void {
    if (this.#isLit) return;
    this.#isLit = true;
    this.#street?.loaded();
  }

  #roomIsKnown(): Promise<void> {
    if (this.world.room) return Promise.resolve();
    return new Promise((resolve) => {
      const off = this.world.on('room', () => {
        off();
        this.#street?.progress(CONNECTED);
        resolve();
      });
    });
  }

  #hooks(): SceneHooks {
    return {
      inspect: (exhibitId) => this.#street?.inspect(exhibitId),
      near: (near) => this.#street?.setNear(near),
      person: (slot) => this.#street?.showPerson(slot),
      progress: (share) => {
        this.#street?.progress(CODE_LOADED + (1 - CODE_LOADED) * share);
        if (share >= 1) this.#lit();
      },
      contextLost: (isLost) => {
        if (isLost) this.#street?.withoutPicture('webgl.lost');
        else this.#street?.pictureIsBack();
      },
      leave: () => {
        this.#connection.leave();
        this.#toEntrance();
      },
      did: (what) => this.#street?.hints.done(what === 'moved' ? 'move' : 'look'),
    };
  }
}

function canDraw(): boolean {
  try {
    return document.createElement('canvas').getContext('webgl2') !== null;
  } catch {
    return false;
  }
}
