/**
 * The street as the person has it on the screen: four places that are always the same. Top left where I am, bottom left
 * what is said, right edge who is here and my settings, bottom centre what I can do now; between them the picture.
 *
 * A street can be thrown away and built anew (another language) while the world, the connection and the picture go on.
 */

import type { Texts } from '../i18n';
import type { StallEntry } from '../net/wire.gen';
import type { NextDoor } from '../next_door/next_door';
import type { Near, OrbitHandle, SceneHandle, Way } from '../scene/types';
import { textIn } from '../world/local_text';
import type { Settings } from '../world/settings';
import type { World } from '../world/world';
import { Announcer } from './announcer';
import { ChatPanel } from './chat';
import { bdi, button, el, replaceChildren } from './dom';
import type { ExhibitDialog, ExhibitHooks } from './exhibit';
import { Hints } from './hints';
import { failure, LatePanel, whenIdle } from './late';
import { Loading } from './loading';
import { Panel } from './panel';
import type { PeoplePanel } from './people';
import { problemText } from './problems';
import type { Profile } from './profile';
import { type PanelName, Rail } from './rail';
import type { SettingsPanel } from './settings_panel';
import { StallsPanel } from './stalls';
import { type StatusHooks, StatusLine } from './status';
import { nearestStall } from './whereabouts';

export interface StreetParts {
  readonly texts: Texts;
  readonly settings: Settings;
  readonly profile: Profile;
  readonly world: World;
  readonly canvas: HTMLCanvasElement;
  readonly status: StatusHooks;
  readonly leave: () => void;
  /** The alleys next door; null where there are none. */
  readonly nextDoor?: () => Promise<NextDoor | null>;
}

const WHERE_EVERY_MS = 400;
const WALKING: ReadonlySet<string> = new Set(['KeyW', 'KeyA', 'KeyS', 'KeyD']);
/** As in styles/narrow.css: panels cover the street. */
const SMALL = '(max-width: 720px), (max-height: 480px)';

export class Street {
  readonly element: HTMLElement;
  readonly announcer = new Announcer();
  readonly hints: Hints;
  readonly #parts: StreetParts;
  readonly #rail: Rail;
  readonly #stalls: StallsPanel;
  readonly #people: LatePanel<PeoplePanel>;
  readonly #settings: LatePanel<SettingsPanel>;
  readonly #chat: ChatPanel;
  readonly #status: StatusLine;
  readonly #loading: Loading;
  readonly #title = el('h1', { class: 'where-alley' });
  readonly #place = el('p', { class: 'where-stall', attributes: { role: 'status' } });
  readonly #act = el('div', { class: 'act' });
  readonly #aside: HTMLElement;
  readonly #view: HTMLElement;
  readonly #panels: ReadonlyMap<PanelName, Panel>;
  readonly #undo: (() => void)[] = [];
  #exhibit: ExhibitDialog | null = null;
  #nextDoor: NextDoor | null = null;
  #isDisposed = false;
  #open: PanelName | null = null;
  #scene: SceneHandle | null = null;
  #near: Near | null = null;
  #here: string | null = null;

  constructor(parts: StreetParts) {
    this.#parts = parts;
    const { texts, world, profile, canvas } = parts;
    this.hints = new Hints(texts, profile, matchMedia('(pointer: coarse)').matches);
    this.#rail = new Rail(texts, (name) => this.toggle(name));
    this.#stalls = new StallsPanel(texts, world, {
      goTo: (stall) => this.#goTo(stall),
      inspect: (exhibitId) => this.inspect(exhibitId),
    });
    this.#people = this.#latePeople();
    this.#settings = this.#lateSettings();
    this.#chat = new ChatPanel(texts, world, this.announcer, {
      toggled: (isOpen) => this.#chatToggled(isOpen),
      spoke: () => this.hints.done('talk'),
    });
    this.#status = new StatusLine(texts, world, parts.status);
    this.#loading = new Loading(texts);
    this.#panels = new Map([
      ['stalls', this.#stalls.panel],
      ['people', this.#people.panel],
      ['settings', this.#settings.panel],
    ]);
    this.#aside = el('p', { class: 'view-off', attributes: { role: 'status' } });
    // What the picture has put beside its canvas goes along from the street before.
    const beside = canvas.parentElement?.querySelectorAll<HTMLElement>('.scene-joystick') ?? [];
    this.#view = el('div', { class: 'view' }, canvas, this.#loading.element, ...beside);
    canvas.setAttribute('aria-label', texts.t('street.view'));
    this.element = this.#build();
    this.#listen();
    this.#render();
  }

  #build(): HTMLElement {
    const { texts } = this.#parts;
    for (const [name, panel] of this.#panels) panel.onClose = () => this.#close(name);
    const skip = (name: PanelName, label: string): HTMLElement =>
      el(
        'a',
        {
          class: 'skip',
          attributes: { href: `#${name}` },
          on: {
            click: (event) => {
              event.preventDefault();
              this.show(name);
            },
          },
        },
        label,
      );
    return el(
      'div',
      { class: 'street' },
      el(
        'nav',
        { class: 'skips', attributes: { 'aria-label': texts.t('skip.street') } },
        skip('stalls', texts.t('skip.stalls')),
        skip('chat', texts.t('skip.chat')),
      ),
      el(
        'main',
        { class: 'street-main' },
        el('header', { class: 'where' }, this.#title, this.#place),
        this.#view,
        this.#aside,
        el('div', { class: 'middle' }, this.#status.element, this.hints.element, this.announcer.element, this.#act),
        this.#chat.element,
        ...[...this.#panels.values()].map((panel) => panel.element),
      ),
      this.#rail.element,
    );
  }

  #listen(): void {
    const { texts, world } = this.#parts;
    const where = window.setInterval(() => this.lookWhere(), WHERE_EVERY_MS);
    const key = (event: KeyboardEvent): void => this.#key(event);
    document.addEventListener('keydown', key);
    this.#undo.push(
      world.on('room', () => this.#render()),
      world.on('scene', () => this.#render()),
      world.on('census', (count) => this.#rail.setVisitors(count)),
      world.on('problem', ({ code, message, ref }) => {
        // What was said comes back to the talk, which tells about it itself.
        if (!ref) this.announcer.tell({ text: problemText(texts, code, message) });
      }),
      () => window.clearInterval(where),
      () => document.removeEventListener('keydown', key),
    );
    this.#rail.setVisitors(world.visitors);
  }

  dispose(): void {
    this.#isDisposed = true;
    for (const undo of this.#undo) undo();
    for (const part of [this.#stalls, this.#people, this.#settings, this.#chat, this.#status, this.hints])
      part.dispose();
    this.#exhibit?.dispose();
    this.element.remove();
  }

  // --- the picture --------------------------------------------------------------------------------------------------

  /** The picture is there (or, with null, there is none). */
  setScene(scene: SceneHandle | null): void {
    this.#scene = scene;
    if (this.#exhibit) this.#exhibit.hooks = this.#exhibitHooks(scene);
    if (scene) this.#aside.replaceChildren();
    if (scene) void this.#offerVr(scene);
  }

  progress(share: number): void {
    this.#loading.set(share);
  }

  loaded(): void {
    this.#loading.element.classList.add('is-done');
    this.element.classList.add('is-lit');
    this.#undo.push(whenIdle(() => void this.prepare()));
  }

  /** A headset's visit has code of its own, which must be here before the button is pressed. */
  async #offerVr(scene: SceneHandle): Promise<void> {
    try {
      if (await scene.vrSupported()) this.#rail.offerVr(() => void scene.enterVr());
    } catch {
      this.#tellFailure(() => void this.#offerVr(scene));
    }
  }

  /** Load what is likely wanted next. What doesn't come is told when it is wanted. */
  async prepare(): Promise<void> {
    await Promise.all([
      this.#people.prepare(),
      this.#settings.prepare(),
      this.#prepareExhibit().catch(() => null),
      this.#bringNextDoor(),
    ]);
  }

  /** Without what lies next door the panel is a little shorter; it is asked for again when the panel is opened. */
  async #bringNextDoor(): Promise<void> {
    const nextDoor = this.#nextDoor ?? (await this.#parts.nextDoor?.().catch(() => null));
    if (!nextDoor || this.#nextDoor || this.#isDisposed) return;
    this.#nextDoor = nextDoor;
    this.#stalls.below = nextDoor.element;
    if (this.#open === 'stalls') await nextDoor.opened();
  }

  /** Where one may go at once, without a question. */
  get ways(): readonly Way[] {
    return this.#nextDoor?.ways ?? [];
  }

  /** Something lies over the street, or no longer. */
  cover(isCovered: boolean): void {
    this.#scene?.setInput(!isCovered);
  }

  #tellFailure(again: () => void): void {
    const { texts } = this.#parts;
    this.announcer.tell({ text: texts.t('late.failed'), action: { label: texts.t('late.again'), press: again } });
  }

  /** There is no picture: say so, and let the words take its place. `again` tries once more to have one. */
  withoutPicture(reason: 'webgl.off' | 'webgl.lost' | 'late.picture', again?: () => void): void {
    const { texts, status } = this.#parts;
    this.#aside.replaceChildren(texts.t(reason));
    if (again) this.#aside.append(failure(texts, again, status.reload));
    this.#undo.push(whenIdle(() => void this.prepare()));
    this.element.classList.add('is-words');
    this.#loading.element.classList.add('is-done');
    if (reason !== 'webgl.lost') this.setScene(null);
    if (this.#open === null) this.show('stalls');
  }

  pictureIsBack(): void {
    this.#aside.replaceChildren();
    this.element.classList.remove('is-words');
  }

  setNear(near: Near | null): void {
    this.#near = near;
    this.#render();
  }

  // --- panels -------------------------------------------------------------------------------------------------------

  /** What has to be kept when the street is built anew. */
  get memory(): { open: PanelName | null; draft: string } {
    return { open: this.#open, draft: this.#chat.draft };
  }

  remember({ open, draft }: { open: PanelName | null; draft: string }): void {
    this.#chat.draft = draft;
    if (open) this.show(open);
  }

  toggle(name: PanelName): void {
    if (this.#open === name) this.#close(name);
    else this.show(name);
  }

  show(name: PanelName): void {
    if (this.#open && this.#open !== name) this.#hide(this.#open);
    this.#open = name;
    this.#rail.setOpen(name);
    this.element.dataset['panel'] = name;
    if (name === 'chat') {
      this.#chat.setOpen(true);
      return;
    }
    const panel = this.#panels.get(name);
    if (!panel) return;
    panel.element.hidden = false;
    panel.heading.focus({ preventScroll: true });
    if (name === 'stalls') void (this.#nextDoor?.opened() ?? this.#bringNextDoor());
    if (name === 'settings') void this.#settings.fill();
    if (name === 'people') void this.#openPeople();
  }

  /** The person whose doll was clicked. */
  showPerson(slot: number): void {
    this.show('people');
    void this.#people.fill().then((people) => people?.focus(slot));
  }

  #latePeople(): LatePanel<PeoplePanel> {
    const { texts, world, status } = this.#parts;
    const load = async (): Promise<(panel: Panel) => PeoplePanel> => {
      const { PeoplePanel } = await import('./people');
      return (panel) => new PeoplePanel(texts, world, this.announcer, panel);
    };
    return new LatePanel(texts, new Panel(texts, texts.t('people.title'), 'people'), load, status.reload);
  }

  #lateSettings(): LatePanel<SettingsPanel> {
    const { texts, settings, profile, world, status, leave } = this.#parts;
    const load = async (): Promise<(panel: Panel) => SettingsPanel> => {
      const { SettingsPanel } = await import('./settings_panel');
      return (panel) => new SettingsPanel(texts, settings, profile, world, this.announcer, { leave }, panel);
    };
    return new LatePanel(texts, new Panel(texts, texts.t('settings.title'), 'settings'), load, status.reload);
  }

  async #openPeople(): Promise<void> {
    const people = this.#people.content ?? (await this.#people.fill());
    if (this.#open === 'people') people?.opened(true);
  }

  #hide(name: PanelName): void {
    if (this.#open === name) this.#open = null;
    const panel = this.#panels.get(name);
    if (panel) panel.element.hidden = true;
    if (name === 'people') this.#people.content?.opened(false);
    if (name === 'chat' && this.#chat.isOpen) this.#chat.setOpen(false);
    this.#rail.setOpen(this.#open);
    if (!this.#open) delete this.element.dataset['panel'];
  }

  #close(name: PanelName): void {
    this.#hide(name);
    this.#rail.focus(name);
  }

  #chatToggled(isOpen: boolean): void {
    if (isOpen && this.#open !== 'chat') this.show('chat');
    if (!isOpen && this.#open === 'chat') this.#hide('chat');
  }

  #key(event: KeyboardEvent): void {
    // Who walks is on the street: Enter then means the piece in front, not the button pressed before.
    const walks = WALKING.has(event.code) && event.target instanceof HTMLButtonElement && !this.#exhibit?.isOpen;
    if (walks && this.#scene) this.#parts.canvas.focus({ preventScroll: true });
    const isFree = event.target === document.body || event.target === this.#parts.canvas;
    if (!isFree || event.ctrlKey || event.metaKey || event.altKey || event.repeat || this.#exhibit?.isOpen) return;
    const names: Record<string, PanelName> = { t: 'chat', '1': 'stalls', '2': 'people', '3': 'settings' };
    const name = names[event.key.toLowerCase()];
    if (!name) return;
    event.preventDefault();
    this.toggle(name);
  }

  // --- where I am and what I can do ---------------------------------------------------------------------------------

  #entry(stallId: string | null): StallEntry | undefined {
    return this.#parts.world.directory.find((entry) => entry.id === stallId);
  }

  /** Notice which stall the visitor stands at now. */
  lookWhere(): void {
    const { world } = this.#parts;
    const here = world.isPlaced ? nearestStall(world.directory, world.own.position) : null;
    if (here === this.#here) return;
    this.#here = here;
    this.#stalls.setHere(here);
    this.#render();
  }

  #render(): void {
    const { texts, world } = this.#parts;
    const { language } = texts;
    const title = world.room ? textIn(world.room.title, language) : texts.t('app.name');
    replaceChildren(this.#title, bdi(title));
    document.title = title;
    const entry = this.#entry(this.#here);
    const place = entry ? texts.t('street.at', { stall: textIn(entry.name, language) }) : texts.t('street.lane');
    if (this.#place.textContent !== place) this.#place.textContent = world.isPlaced ? place : '';
    this.#renderAct(entry);
  }

  #renderAct(entry: StallEntry | undefined): void {
    const { texts, world } = this.#parts;
    const { language } = texts;
    const exhibit = this.#near?.exhibitId ? world.exhibit(this.#near.exhibitId) : undefined;
    const key = el('kbd', { class: 'act-key', attributes: { 'aria-hidden': 'true' } }, texts.t('act.key'));
    if (exhibit) {
      const label = texts.t('act.look', { title: textIn(exhibit.title, language) });
      const look = button({ label, class: 'button act-button', key: 'act', press: () => this.inspect(exhibit.id) });
      look.prepend(key);
      replaceChildren(this.#act, look);
    } else if (entry && this.#open !== 'stalls') {
      const label = texts.t('act.visit', { stall: textIn(entry.name, language) });
      const visit = (): void => {
        this.show('stalls');
        this.#stalls.show(entry.id);
      };
      replaceChildren(this.#act, button({ label, class: 'button act-button', key: 'act', press: visit }));
    } else {
      replaceChildren(this.#act);
    }
  }

  #goTo(stall: StallEntry): void {
    const { world, texts } = this.#parts;
    const { positionM, yawRad } = stall.front;
    if (this.#scene) this.#scene.goTo(stall.front);
    else world.jump(positionM[0], positionM[2], yawRad);
    if (!this.#scene) return;
    if (matchMedia(SMALL).matches) this.#close('stalls');
    this.announcer.tell({ text: texts.t('stalls.onTheWay', { stall: textIn(stall.name, texts.language) }) });
  }

  // --- one piece ----------------------------------------------------------------------------------------------------

  inspect(exhibitId: string): void {
    if (this.#exhibit) this.#exhibit.open(exhibitId);
    else void this.#inspectLate(exhibitId);
  }

  async #inspectLate(exhibitId: string): Promise<void> {
    try {
      (await this.#prepareExhibit()).open(exhibitId);
    } catch {
      this.#tellFailure(() => this.inspect(exhibitId));
    }
  }

  async #prepareExhibit(): Promise<ExhibitDialog> {
    const { ExhibitDialog } = await import('./exhibit');
    const { texts, world } = this.#parts;
    this.#exhibit ??= new ExhibitDialog(texts, world, this.#exhibitHooks(this.#scene));
    this.element.append(this.#exhibit.element);
    return this.#exhibit;
  }

  #exhibitHooks(scene: SceneHandle | null): ExhibitHooks {
    const openOrbit = (canvas: HTMLCanvasElement, exhibitId: string): Promise<OrbitHandle> | Promise<never> =>
      scene ? scene.openOrbit(canvas, exhibitId) : Promise.reject(new Error('no picture'));
    return {
      openOrbit: scene ? openOrbit : null,
      opened: (exhibitId) => {
        scene?.setInput(false);
        scene?.focusExhibit(exhibitId);
        this.hints.done('look');
      },
      closed: () => {
        scene?.focusExhibit(null);
        scene?.setInput(true);
      },
      reload: () => this.#parts.status.reload(),
    };
  }
}
