/** The views of `/enter`: asking where one is at home, and being asked there whether another alley may know one. */

import { MAX_NAME_CHARS } from '../../net/wire.gen';
import { consentWords } from '../../next_door/consent';
import { hostOf, originOf } from '../../next_door/neighbours';
import { bdi, button, el } from '../../ui/dom';
import { tidyName } from '../../ui/profile';
import { textIn } from '../../world/local_text';
import type { AlleySummary } from '../../world/summary';
import { actions, card, Field, form, Problem } from '../parts';
import type { Page, ViewOf } from '../shell';
import type { EnterKey } from './i18n/en';

export type EnterPage = Page<EnterKey>;
export type EnterView = ViewOf<EnterKey>;

/** No alley asks: this one wants to know where somebody is at home. `ask` goes there. */
export function homeView(here: string, ask: (home: string) => void): EnterView {
  return ({ texts }) => {
    const home = new Field({
      label: texts.t('enter.ask.label'),
      hint: texts.t('enter.ask.hint'),
      isRequired: true,
      isCode: true,
      autocomplete: 'url',
    });
    const run = (): void => {
      const origin = originOf(home.value);
      if (origin === null) throw new Problem(texts.t('enter.ask.bad'), home);
      if (origin === here) throw new Problem(texts.t('enter.ask.self'), home);
      ask(origin);
    };
    return {
      title: texts.t('enter.ask.title'),
      content: [
        el(
          'div',
          { class: 'paper card' },
          el('p', {}, texts.t('enter.ask.about')),
          form(texts, { label: texts.t('enter.ask.go'), run }, home),
        ),
      ],
    };
  };
}

export interface Question {
  readonly origin: string;
  readonly summary: AlleySummary;
  readonly fingerprint: string;
  readonly name: string;
  /** The person agrees; `name` is what they are called. */
  agree(name: string): Promise<void>;
}

/** An alley asks who somebody is: what it would learn, yes, and no. */
export function questionView(question: Question): EnterView {
  return ({ texts }) => {
    const { origin, fingerprint, name } = question;
    const host = hostOf(origin);
    const title = textIn(question.summary.title, texts.language) || host;
    const field = new Field({
      label: texts.t('enter.name'),
      value: name,
      autocomplete: 'nickname',
      maxChars: MAX_NAME_CHARS,
      isRequired: true,
    });
    const run = async (): Promise<void> => {
      const tidy = tidyName(field.value);
      if (!tidy) throw new Problem(texts.t('page.fillIn'), field);
      await question.agree(tidy);
    };
    const content = [
      el('p', { class: 'enter-host', attributes: { dir: 'ltr' } }, origin),
      ...consentWords(texts, { origin, title, name, fingerprint }),
    ];
    const label = texts.t('consent.yes', { alley: title });
    return {
      title: texts.t('enter.who', { host }),
      content: [
        card(
          texts.t('consent.title', { alley: title }),
          ...content,
          form(texts, { label, run, key: 'yes' }, ...(name ? [] : [field])),
          actions(stay(texts.t('consent.no'))),
        ),
      ],
    };
  };
}

type Ending = 'bad' | 'unknown' | 'refused' | 'away';

/** There is no way to that alley, and why. */
export function endView(why: Ending, origin: string | null, again: () => void): EnterView {
  return ({ texts }) => {
    const host = origin === null ? '' : hostOf(origin);
    const retry = button({ label: texts.t('enter.again'), class: 'button button-main', press: again });
    return {
      title: texts.t(`enter.${why}.title`),
      content: [
        el(
          'div',
          { class: 'paper card' },
          el('p', {}, bdi(texts.t(`enter.${why}`, { host }))),
          actions(why === 'away' && retry, stay(texts.t('enter.home'))),
        ),
      ],
    };
  };
}

function stay(label: string): HTMLElement {
  return el('a', { class: 'button', attributes: { href: '/' } }, label);
}
