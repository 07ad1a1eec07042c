/**
 * The whole client, put together: the arrival page, then the street, and back.
 *
 * It owns what outlives both pages: settings, profile, world, connection and the picture.
 */

import { loadTexts, type Texts } from '../i18n';
import type { BrowserPassport } from '../identity/passport';
import { Connection, type Surroundings } from '../net/connection';
import type { Passport } from '../net/passport';
import type { Heard } from '../next_door/journey';
import type { NextDoor } from '../next_door/next_door';
import type { SceneHandle, SceneHooks } from '../scene/types';
import { Settings, type SettingsSources } from '../world/settings';
import { type AlleySummary, readSummary } from '../world/summary';
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

export interface OwnPassport extends Passport {
  /** All of it, for who asks whether another alley may know the person. */
  whole(): Promise<BrowserPassport>;
}

/** The part of the page's address that says in which alley one is, if it is not the page's own. */
export interface Address {
  /** Origin of the alley to enter, as the address says it; empty for the page's own. Nobody has checked it. */
  readonly next: string;
  write(next: string): void;
  /** Leave for the page where one is asked. */
  askFirst(next: string): void;
}

export interface AppSources extends SettingsSources {
  /** Of the page. */
  readonly origin: string;
  readonly address: Address;
  /** What a connection to the alley at an origin needs. */
  surroundings(origin: string): Surroundings;
  readonly passport: OwnPassport;
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
  #connection: Connection;
  readonly #canvas: HTMLCanvasElement;
  #arrival: Arrival | null = null;
  #street: Street | null = null;
  #scene: SceneHandle | null = null;
  #isLit = false;
  #hasNoPicture = false;
  #texts: Texts | null = null;
  #summary: AlleySummary | null = null;

  constructor(sources: AppSources) {
    this.#sources = sources;
    this.settings = new Settings(sources);
    this.#profile = new Profile(sources.store, () => Math.random());
    this.#canvas = el('canvas', { class: 'view-canvas', id: 'view', attributes: { tabindex: 0, role: 'img' } });
    this.#connection = this.#connectionTo(sources.origin, this.world);
    this.settings.onChange((name) => {
      if (name === 'language') void this.#speakAgain();
      this.#applySettings();
    });
    this.#applySettings();
  }

  async start(): Promise<void> {
    await this.#speak();
    const { address, origin, surroundings } = this.#sources;
    const { session, wallMs } = surroundings(origin);
    if (address.next) await this.#walkOn(address.next);
    else if (this.#profile.name && Connection.hasTicket(session, wallMs())) this.#walkIn();
    else this.#showArrival();
  }

  #connectionTo(origin: string, world: World): Connection {
    const identity = () => ({
      name: this.#profile.name,
      look: this.#profile.look,
      language: this.settings.get('language'),
    });
    return new Connection(world, identity, this.#sources.passport, this.#sources.surroundings(origin));
  }

  /** Straight into another alley, which the address names: only one that may know the person. */
  async #walkOn(origin: string): Promise<void> {
    const { address, passport } = this.#sources;
    const consents = await (await (await passport.whole()).store).consents();
    if (!this.#profile.name || !consents.some(({ audience }) => audience === origin)) {
      address.askFirst(origin);
      return;
    }
    this.world.moveTo(origin);
    this.#connection = this.#connectionTo(origin, this.world);
    this.#walkIn();
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
        this.#summary = summary;
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
    const street: Street = new Street({
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
      nextDoor: () => this.#nextDoor(street),
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
    this.#sources.address.write('');
    this.#sources.reload();
  }

  // --- other alleys -------------------------------------------------------------------------------------------------

  /** What lies next door, for the street that asks; null where there is nothing. */
  async #nextDoor(street: Street): Promise<NextDoor | null> {
    const { origin, surroundings } = this.#sources;
    this.#summary ??= readSummary(await this.#sources.loadSummary());
    const summary = this.#summary;
    if (!summary?.neighbours.length) return null;
    const { NextDoor } = await import('../next_door/next_door');
    const { after, wallMs } = surroundings(origin);
    return NextDoor.open({
      alleyTexts: this.#words,
      languages: this.#sources.languages,
      own: origin,
      here: this.world.origin || origin,
      summary,
      name: () => this.#profile.name,
      passport: () => this.#sources.passport.whole(),
      wallMs,
      way: (there) => ({
        connect: (world) => this.#connectionTo(there, world),
        arrive: (connection, heard) => this.#arrive(there, connection, heard),
        after,
      }),
      tell: (text) => this.#street?.announcer.tell({ text }),
      covered: (isCovered) => street.cover(isCovered),
    });
  }

  /** In another alley: leave the one before, and have this one told and drawn in its place. */
  #arrive(origin: string, connection: Connection, heard: Heard): void {
    const next = origin === this.#sources.origin ? '' : origin;
    this.#connection.vanish();
    this.#connection = connection;
    this.world.moveTo(next);
    this.#sources.address.write(next);
    this.#isLit = false;
    if (this.#scene) window.setTimeout(() => this.#lit(), LONGEST_LOADING_MS);
    this.#showStreet();
    connection.moveInto(this.world, heard);
    this.#canvas.focus({ preventScroll: true });
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
      ways: () => this.#street?.ways ?? [],
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
