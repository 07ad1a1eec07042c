/** Bans and mutes: the form that makes one, and how one is shown. */

import { type Child, el } from '../../ui/dom';
import { moment } from '../drawn';
import { Field, form } from '../parts';
import type { House, Kind, Named, Names, OperatePage, OperateTexts, Restriction, Scope } from './house';
import { Choice, type Done, personLink, question } from './pieces';

const HOURS = [
  ['1', 'term.hour'],
  ['24', 'term.day'],
  ['168', 'term.week'],
  ['720', 'term.month'],
  ['', 'term.open'],
] as const;
const MS_PER_HOUR = 3_600_000;
const MAX_REASON_CHARS = 500;

/** Where a change happens: what it needs, and what shows it afterwards. */
export interface Change {
  readonly house: House;
  readonly page: OperatePage;
  readonly done: Done;
  reload(): Promise<void>;
}

export interface Target {
  /** A did or a network. */
  readonly target: string;
  /** How it is called in words. */
  readonly name: string;
}

/** `target` is asked when the form is sent; it throws a `Problem` when it is not filled in well. */
export function restrictForm(change: Change, target: () => Target, ...before: Field[]): HTMLElement {
  const { house, page, done } = change;
  const { texts } = page;
  const kind = new Choice(texts.t('restrict.kind'), [
    ['mute', texts.t('restrict.mute')],
    ['ban', texts.t('restrict.ban')],
  ]);
  const term = new Choice(
    texts.t('restrict.term'),
    HOURS.map(([hours, key]) => [hours, texts.t(key)] as const),
    '24',
  );
  const scope = new Choice(texts.t('restrict.scope'), [
    ['alley', texts.t('restrict.alley')],
    ['instance', texts.t('restrict.instance')],
  ]);
  const reason = new Field({
    label: texts.t('restrict.reason'),
    hint: texts.t('restrict.reasonHint'),
    isLong: true,
    isRequired: true,
    maxChars: MAX_REASON_CHARS,
  });
  const run = async (): Promise<void> => {
    const given = target();
    const made = await house.restrict(texts, {
      kind: kind.value as Kind,
      target: given.target,
      reason: reason.value.trim(),
      scope: scope.value as Scope,
      ...(term.value ? { hours: Number(term.value) } : {}),
    });
    reason.input.value = '';
    const said = made.kind === 'ban' ? 'restrict.banned' : 'restrict.muted';
    done.say(texts.t(said, { name: given.name }), async () => {
      await house.lift(texts, made.id);
      await change.reload();
    });
    await change.reload();
  };
  return form(
    texts,
    { label: texts.t('restrict.go'), key: 'restrict', run },
    ...before,
    el('div', { class: 'two' }, kind.element, term.element),
    house.isOperator && scope.element,
    reason,
    appealLine(house, texts),
  );
}

/** What the person is told besides the reason. */
function appealLine(house: House, texts: OperateTexts): HTMLElement {
  const line = el('p', { class: 'hint' });
  void house.appeal().then(
    (appeal) => {
      line.textContent = appeal ? texts.t('restrict.appeal', { appeal }) : texts.t('restrict.noAppeal');
    },
    () => undefined,
  );
  return line;
}

/** A ban or mute in a list; `names` are null where everybody knows whom it is about. */
export function restrictionRow(change: Change, restriction: Restriction, names: Names | null): HTMLElement {
  const { house, page } = change;
  const { texts } = page;
  const { kind, scope, expires_ms: ends } = restriction;
  const until = ends === null ? texts.t('restrict.noEnd') : texts.t('restrict.until', { when: moment(texts, ends) });
  const mayLift = restriction.in_force && (house.isOperator || scope === 'alley');
  return el(
    'li',
    { class: 'row' },
    el(
      'div',
      { class: 'row-words' },
      el(
        'p',
        { class: 'row-name' },
        names && whom(house, texts, restriction, names),
        el('span', { class: 'badge' }, texts.t(kind === 'ban' ? 'restrict.isBanned' : 'restrict.isMuted')),
        scope === 'instance' && el('span', { class: 'badge' }, texts.t('restrict.instance')),
      ),
      restriction.reason && el('p', { class: 'quote', attributes: { dir: 'auto' } }, restriction.reason),
      el(
        'p',
        { class: 'hint' },
        restriction.in_force ? until : texts.t(restriction.lifted_by ? 'restrict.lifted' : 'restrict.over'),
      ),
      names && el('p', { class: 'hint' }, ...byWhom(house, texts, restriction, names)),
    ),
    mayLift && liftQuestion(change, restriction, names),
  );
}

export function whom(house: House, texts: OperateTexts, restriction: Restriction, names: Names): Child {
  const { did, network } = restriction;
  if (did) return personLink(house, texts, did, names[did]);
  if (network) return el('span', { class: 'is-code', attributes: { dir: 'ltr' } }, network);
  return texts.t('log.forgotten');
}

function byWhom(house: House, texts: OperateTexts, { made_by: by, at_ms: atMs }: Restriction, names: Names): Child[] {
  const named: Named | undefined = names[by];
  return [named ? personLink(house, texts, by, named) : texts.t('log.console'), ` · ${moment(texts, atMs)}`];
}

function liftQuestion(change: Change, restriction: Restriction, names: Names | null): HTMLElement {
  const { house, page, done } = change;
  const { texts } = page;
  const { id, kind, scope, did, network, reason, expires_ms: ends } = restriction;
  const target = did ?? network;
  const about = (did && names && house.nameOf(did, names[did])) || network || '';
  const again = async (): Promise<void> => {
    if (!target) return;
    const hours = ends === null ? {} : { hours: Math.max((ends - house.wallMs()) / MS_PER_HOUR, 0.01) };
    await house.restrict(texts, { kind, target, reason, scope, ...hours });
    await change.reload();
  };
  const run = async (): Promise<void> => {
    await house.lift(texts, id);
    done.say(texts.t('restrict.didLift'), target && reason ? again : undefined);
    await change.reload();
  };
  return question(texts, {
    label: texts.t('restrict.lift'),
    about,
    key: `lift-${id}`,
    question: texts.t(kind === 'ban' ? 'restrict.liftBan' : 'restrict.liftMute'),
    run,
  });
}
