/** What can be read and pressed inside the headset: the menu at the left wrist, and the card of an exhibit. */

import { Group, type Ray, Vector3 } from 'three';
import type { Engine } from '../scene/engine';
import { priceText } from '../scene/labels';
import { localText } from '../scene/lettering';
import type { ShownExhibit } from '../scene/street';
import type { Way } from '../scene/types';
import type { HandState } from './hands';
import { type Line, Panel } from './panel';
import { WORDS } from './words';

const WRIST_UP_M = 0.11;
const MENU_AWAY_M = 0.85;
const CARD_AWAY_M = 0.9;
const WAYS_BELOW_M = 0.4;
const MOST_WAYS = 2;

export class Menu {
  readonly group = new Group();
  readonly #engine: Engine;
  readonly #leave: () => void;
  /** A small tag at the left wrist that opens the menu. */
  readonly #tag = new Panel(0.15, 0.11);
  readonly #sheet = new Panel(0.52, 0.56);
  readonly #card = new Panel(0.5, 0.46);
  /** Other alleys, below the menu. */
  readonly #ways = new Panel(0.52, 0.22);
  #pressed = false;
  readonly #eyes = new Vector3(0, 1.5, 0);
  readonly #view = new Vector3(0, 0, -1);

  constructor(engine: Engine, leave: () => void) {
    this.#engine = engine;
    this.#leave = leave;
    this.group.add(this.#tag.mesh, this.#sheet.mesh, this.#card.mesh, this.#ways.mesh);
    this.#tag.mesh.scale.setScalar(0.5);
    this.#tag.show([{ text: '≡', kind: 'button', press: () => this.toggle() }]);
  }

  get open(): boolean {
    return this.#sheet.open;
  }

  update(eyes: Vector3, view: Vector3, hands: readonly (HandState | null)[]): void {
    this.#eyes.copy(eyes);
    this.#view.copy(view);
    const menu = hands.some((hand) => hand?.menu);
    if (menu && !this.#pressed) this.toggle();
    this.#pressed = menu;
    const left = hands[0];
    this.#tag.mesh.visible = left !== null && left !== undefined && !this.#sheet.open;
    if (left) {
      place.copy(left.ray.origin);
      place.y += WRIST_UP_M;
      this.#tag.hang(eyes, place);
    }
  }

  toggle(): void {
    if (this.#sheet.open) {
      this.#close();
      return;
    }
    this.#card.hide();
    place.copy(this.#view).setY(0).normalize().multiplyScalar(MENU_AWAY_M).add(this.#eyes);
    place.y -= 0.08;
    this.#sheet.hang(this.#eyes, place);
    this.#fill();
    place.y -= WAYS_BELOW_M;
    this.#ways.hang(this.#eyes, place);
    this.#fillWays();
  }

  #close(): void {
    this.#sheet.hide();
    this.#ways.hide();
  }

  showExhibit(shown: ShownExhibit, eyes: Vector3): void {
    const { exhibit, box } = shown;
    const language = this.#engine.settings.get('language');
    const maker = this.#engine.world.stall(exhibit.stallId)?.maker ?? '';
    const text = (each: Readonly<Record<string, string>>): string => localText(each, language);
    this.#close();
    this.#card.show([
      { text: text(exhibit.title), kind: 'title' },
      { text: [maker, priceText(exhibit, language)].filter(Boolean).join(' · '), kind: 'text' },
      { text: text(exhibit.materials), kind: 'small' },
      { text: text(exhibit.about), kind: 'text' },
    ]);
    box.getCenter(place).sub(eyes);
    const distance = Math.min(place.length() * 0.8, CARD_AWAY_M);
    place.normalize().multiplyScalar(distance).add(eyes);
    place.y = Math.max(place.y + 0.12, eyes.y - 0.35);
    this.#card.hang(eyes, place);
  }

  closeExhibit(): void {
    this.#card.hide();
  }

  /** What a ray meets of the sheets, nearest first. */
  aim(ray: Ray): { distance: number } | null {
    const met = this.#meet(ray);
    if (met && met.button >= 0) met.panel.hover(met.button);
    return met;
  }

  hoverNothing(): void {
    for (const panel of [this.#tag, this.#sheet, this.#ways]) if (panel.open) panel.hover(-1);
  }

  /** True when the ray pressed something here. */
  press(ray: Ray): boolean {
    const met = this.#meet(ray);
    if (!met) return false;
    met.panel.press(met.button);
    return true;
  }

  dispose(): void {
    for (const panel of [this.#tag, this.#sheet, this.#card, this.#ways]) panel.dispose();
    this.group.removeFromParent();
  }

  #meet(ray: Ray): { panel: Panel; distance: number; button: number } | null {
    let best: { panel: Panel; distance: number; button: number } | null = null;
    for (const panel of [this.#tag, this.#sheet, this.#card, this.#ways]) {
      panel.mesh.updateMatrixWorld();
      const met = panel.aim(ray);
      if (met && (!best || met.distance < best.distance)) best = { panel, ...met };
    }
    return best;
  }

  #fill(): void {
    const { settings, world } = this.#engine;
    const words = WORDS[settings.get('language')];
    const again = (change: () => void) => (): void => {
      change();
      this.#fill();
    };
    const smooth = settings.get('locomotion') === 'smooth';
    const lines: Line[] = [
      { text: world.room ? localText(world.room.title, settings.get('language')) : words.title, kind: 'title' },
      { text: words.visitors(Math.max(1, world.visitors)), kind: 'small' },
      { text: words.recentre, kind: 'button', press: () => this.#recentre() },
      {
        text: smooth ? words.moveSmooth : words.moveTeleport,
        kind: 'button',
        press: again(() => settings.set('locomotion', smooth ? 'teleport' : 'smooth')),
      },
      {
        text: settings.get('snapTurn') ? words.turnSnap : words.turnSmooth,
        kind: 'button',
        press: again(() => settings.set('snapTurn', !settings.get('snapTurn'))),
      },
      {
        text: settings.get('vignette') ? words.vignetteOn : words.vignetteOff,
        kind: 'button',
        press: again(() => settings.set('vignette', !settings.get('vignette'))),
      },
      {
        text: settings.get('muted') ? words.soundOff : words.soundOn,
        kind: 'button',
        press: again(() => settings.set('muted', !settings.get('muted'))),
      },
      { text: words.close, kind: 'button', press: () => this.#close() },
      { text: words.leave, kind: 'button', press: this.#leave },
    ];
    this.#sheet.show(lines);
  }

  #fillWays(): void {
    const ways = (this.#engine.hooks.ways?.() ?? []).slice(0, MOST_WAYS);
    if (ways.length === 0) return;
    const go = (way: Way) => (): void => {
      this.#close();
      way.go();
    };
    this.#ways.show([
      { text: WORDS[this.#engine.settings.get('language')].nextDoor, kind: 'small' },
      ...ways.map((way): Line => ({ text: way.title, kind: 'button', press: go(way) })),
    ]);
  }

  #recentre(): void {
    const spawn = this.#engine.world.room?.spawns[0];
    this.#close();
    if (spawn) this.#engine.world.jump(spawn.positionM[0], spawn.positionM[2], spawn.yawRad);
  }
}

const place = new Vector3();
