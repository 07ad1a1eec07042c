/** Settings: who I am, the picture, comfort in the headset, sound, language, keys. */

import type { Texts } from '../i18n';
import type { TextKey } from '../i18n/en';
import { type Look, MAX_NAME_CHARS } from '../net/wire.gen';
import { QUALITIES, type Settings } from '../world/settings';
import type { World } from '../world/world';
import type { Announcer } from './announcer';
import { button, type Child, el, freshId } from './dom';
import { icon } from './icons';
import { languageChooser } from './language';
import { LookChooser } from './look_chooser';
import type { Panel } from './panel';
import { type Profile, tidyName } from './profile';

export interface SettingsHooks {
  leave(): void;
}

export class SettingsPanel {
  readonly panel: Panel;
  readonly #texts: Texts;
  readonly #settings: Settings;
  readonly #profile: Profile;
  readonly #world: World;
  readonly #announcer: Announcer;
  /** Hear of the world no more. */
  dispose: () => void = () => undefined;

  constructor(
    texts: Texts,
    settings: Settings,
    profile: Profile,
    world: World,
    announcer: Announcer,
    hooks: SettingsHooks,
    panel: Panel,
  ) {
    this.#texts = texts;
    this.#settings = settings;
    this.#profile = profile;
    this.#world = world;
    this.#announcer = announcer;
    this.panel = panel;
    this.panel.body.append(
      el('div', { class: 'settings-group' }, languageChooser(texts.t('app.language'), settings)),
      this.#sound(),
      this.#picture(),
      this.#comfort(),
      this.#you(),
      this.#keys(),
      // In a tab of its own, so that nobody leaves the alley by looking at themselves.
      el(
        'a',
        { class: 'button button-quiet', attributes: { href: '/me', target: '_blank', rel: 'noopener' } },
        texts.t('settings.identity'),
      ),
      this.#lookAfter(),
      button({
        label: texts.t('street.leave'),
        class: 'button button-quiet button-leave',
        icon: icon('door'),
        press: hooks.leave,
      }),
    );
  }

  /** The way to the page for looking after the alley: for those who do, from the moment on that they do. */
  #lookAfter(): HTMLElement {
    const link = el(
      'a',
      { class: 'button button-quiet', attributes: { href: '/operate', target: '_blank', rel: 'noopener' } },
      this.#texts.t('settings.lookAfter'),
    );
    const show = (): void => {
      link.hidden = !this.#world.looksAfter;
    };
    this.dispose = this.#world.on('own', show);
    show();
    return link;
  }

  #group(title: TextKey, ...content: Child[]): HTMLElement {
    const id = freshId('group');
    return el(
      'div',
      { class: 'settings-group', attributes: { role: 'group', 'aria-labelledby': id } },
      el('h3', { id }, this.#texts.t(title)),
      ...content,
    );
  }

  #sound(): HTMLElement {
    const texts = this.#texts;
    const id = freshId('volume');
    const slider = el('input', {
      id,
      attributes: { type: 'range', min: 0, max: 100, step: 5 },
      on: { input: () => this.#settings.set('volume', Number(slider.value) / 100) },
    });
    slider.value = String(Math.round(this.#settings.get('volume') * 100));
    return this.#group(
      'settings.sound',
      el(
        'div',
        { class: 'field field-row' },
        el('label', { attributes: { for: id } }, texts.t('settings.volume')),
        slider,
      ),
      this.#check('settings.muted', 'muted'),
    );
  }

  #picture(): HTMLElement {
    return this.#group(
      'settings.picture',
      this.#choice(
        'settings.quality',
        QUALITIES.map((quality) => ({ value: quality, label: `settings.quality.${quality}` as const })),
        this.#settings.get('quality'),
        (value) => this.#settings.set('quality', value),
      ),
      this.#choice(
        'settings.motion',
        (['system', 'reduced', 'full'] as const).map((value) => ({
          value,
          label: `settings.motion.${value}` as const,
        })),
        this.#settings.get('motion'),
        (value) => this.#settings.set('motion', value),
      ),
    );
  }

  #comfort(): HTMLElement {
    return this.#group(
      'settings.comfort',
      this.#choice(
        'settings.locomotion',
        (['teleport', 'smooth'] as const).map((value) => ({
          value,
          label: `settings.locomotion.${value}` as const,
        })),
        this.#settings.get('locomotion'),
        (value) => this.#settings.set('locomotion', value),
      ),
      this.#check('settings.snapTurn', 'snapTurn'),
      this.#check('settings.vignette', 'vignette'),
    );
  }

  #check(label: TextKey, name: 'muted' | 'snapTurn' | 'vignette'): HTMLElement {
    const box = el('input', {
      attributes: { type: 'checkbox', checked: this.#settings.get(name) },
      on: { change: () => this.#settings.set(name, box.checked) },
    });
    return el('label', { class: 'check' }, box, el('span', {}, this.#texts.t(label)));
  }

  #choice<T extends string>(
    label: TextKey,
    values: readonly { value: T; label: TextKey }[],
    current: T,
    choose: (value: T) => void,
  ): HTMLElement {
    const id = freshId('choice');
    const select = el(
      'select',
      {
        id,
        on: {
          change: () => {
            const chosen = values.find(({ value }) => value === select.value);
            if (chosen) choose(chosen.value);
          },
        },
      },
      ...values.map(({ value, label: key }) => el('option', { attributes: { value } }, this.#texts.t(key))),
    );
    select.value = current;
    return el(
      'div',
      { class: 'field field-row' },
      el('label', { attributes: { for: id } }, this.#texts.t(label)),
      select,
    );
  }

  #you(): HTMLElement {
    const texts = this.#texts;
    const id = freshId('name');
    let look: Look = this.#profile.look;
    const name = el('input', {
      id,
      attributes: { type: 'text', maxlength: MAX_NAME_CHARS, autocomplete: 'nickname', dir: 'auto' },
    });
    name.value = this.#profile.name;
    const chooser = new LookChooser(texts, look, (chosen) => {
      look = chosen;
    });
    const save = button({
      label: texts.t('settings.save'),
      class: 'button button-main',
      press: () => this.#save(tidyName(name.value), look),
    });
    return el(
      'details',
      { class: 'settings-group settings-you' },
      el('summary', {}, texts.t('settings.changeLook')),
      el('div', { class: 'field' }, el('label', { attributes: { for: id } }, texts.t('arrival.name')), name),
      chooser.element,
      save,
    );
  }

  #save(name: string, look: Look): void {
    if (!name) {
      this.#announcer.tell({ text: this.#texts.t('arrival.nameMissing') });
      return;
    }
    this.#profile.name = name;
    this.#profile.look = look;
    if (this.#world.change(name, look)) this.#announcer.tell({ text: this.#texts.t('settings.saved') });
  }

  #keys(): HTMLElement {
    const keys: TextKey[] = ['settings.keys.walk', 'settings.keys.look', 'settings.keys.panels'];
    return el(
      'div',
      { class: 'settings-group settings-keys' },
      el('h3', {}, this.#texts.t('settings.keys')),
      ...keys.map((key) => el('p', { class: 'hint' }, this.#texts.t(key))),
    );
  }
}
