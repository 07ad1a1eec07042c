/** Invitations: making one, handing it over as a link or a code to scan, and taking it back. */

import { button, el, freshId } from '../../ui/dom';
import { day, qrCode } from '../drawn';
import { actions, card, form } from '../parts';
import {
  type House,
  type Invitation,
  type Names,
  type OperatePage,
  type OperateView,
  PAGE_SIZE,
  type Role,
} from './house';
import { Choice, Done, Paged, personLink, places, question, rightText, roleText } from './pieces';

const DAYS = [
  ['1', 'term.day'],
  ['7', 'term.week'],
  ['30', 'term.month'],
  ['90', 'term.quarter'],
] as const;

interface Made {
  readonly link: string;
  readonly right: string;
  readonly untilMs: number;
}

export function invitationsView(house: House): OperateView {
  let made: Made | null = null;
  return (page) => {
    const { texts } = page;
    const done = new Done(texts);
    const fresh = el('div', { class: 'fresh', attributes: { 'aria-live': 'polite' } });
    const names: Record<string, Names[string]> = {};
    const list: Paged<Invitation> = new Paged<Invitation>(
      texts,
      async (after) => {
        const { invitations, people } = await house.invitations(after.length);
        Object.assign(names, people);
        return { rows: invitations, more: invitations.length === PAGE_SIZE };
      },
      (invitation) => row({ house, page, done, names, reload: () => list.reload() }, invitation),
      () => el('p', { class: 'empty' }, texts.t('invite.none')),
    );
    const show = (next: Made): void => {
      made = next;
      fresh.replaceChildren(handOver(page, next));
      fresh.querySelector<HTMLElement>('input')?.focus();
      void list.reload();
    };
    if (made) fresh.replaceChildren(handOver(page, made));
    return {
      title: texts.t('op.invitations'),
      content: [
        places(house, page, 'invitations'),
        done.element,
        fresh,
        card(texts.t('invite.new'), el('p', {}, texts.t('invite.about')), newForm(house, page, show)),
        card(texts.t('invite.list'), list.element),
      ],
    };
  };
}

function newForm(house: House, { texts }: OperatePage, show: (made: Made) => void): HTMLElement {
  const right = new Choice(texts.t('invite.for'), [
    ...house.stalls.map(({ id }) => [`artisan ${id}`, rightText(house, texts, 'artisan', id)] as const),
    ['keeper', roleText(texts, 'keeper')],
  ]);
  const days = new Choice(
    texts.t('invite.term'),
    DAYS.map(([count, key]) => [count, texts.t(key)] as const),
    '7',
  );
  const run = async (): Promise<void> => {
    const [role, stall = null] = right.value.split(' ') as [Role, string?];
    const { link, expires_ms: untilMs } = await house.invite(texts, role, stall, Number(days.value));
    show({ link, right: rightText(house, texts, role, stall), untilMs });
  };
  return form(
    texts,
    { label: texts.t('invite.make'), key: 'invite', run },
    el('div', { class: 'two' }, right.element, days.element),
  );
}

/** The link itself is told once: here, to be copied or scanned. */
function handOver({ texts }: OperatePage, { link, right, untilMs }: Made): HTMLElement {
  const id = freshId('link');
  const field = el('input', {
    id,
    class: 'is-code',
    attributes: { type: 'text', readonly: true, dir: 'ltr' },
    on: { focus: () => field.select() },
  });
  field.value = link;
  const said = el('p', { class: 'hint', attributes: { role: 'status' } });
  const copy = async (): Promise<void> => {
    field.select();
    try {
      await navigator.clipboard.writeText(link);
      said.textContent = texts.t('invite.copied');
    } catch {
      // Not allowed, or not over plain http: it is selected, so the person's own keys do it.
      said.textContent = texts.t('invite.copyByHand');
    }
  };
  return card(
    texts.t('invite.ready', { right }),
    el(
      'div',
      { class: 'hand-over' },
      el('div', { class: 'qr-frame' }, qrCode(link, texts.t('invite.qr'))),
      el(
        'div',
        { class: 'card-form' },
        el('p', {}, texts.t('invite.once', { date: day(texts, untilMs) })),
        el('div', { class: 'field' }, el('label', { attributes: { for: id } }, texts.t('invite.link')), field),
        actions(
          button({ label: texts.t('invite.copy'), class: 'button button-main', key: 'copy', press: () => void copy() }),
        ),
        said,
      ),
    ),
  );
}

interface Desk {
  readonly house: House;
  readonly page: OperatePage;
  readonly done: Done;
  readonly names: Names;
  reload(): Promise<void>;
}

function row(desk: Desk, invitation: Invitation): HTMLElement {
  const { house, page, done, names } = desk;
  const { texts } = page;
  const { id, role, stall, state, used_by: usedBy } = invitation;
  const right = rightText(house, texts, role, stall);
  const run = async (): Promise<void> => {
    await house.withdraw(texts, id);
    done.say(texts.t('invite.withdrew', { right }));
    await desk.reload();
  };
  const until = texts.t('invite.until', { date: day(texts, invitation.expires_ms) });
  return el(
    'li',
    { class: 'row' },
    el(
      'div',
      { class: 'row-words' },
      el(
        'p',
        { class: 'row-name' },
        right,
        el('span', { class: state === 'open' ? 'badge badge-kept' : 'badge badge-past' }, texts.t(`invite.${state}`)),
      ),
      el(
        'p',
        { class: 'hint' },
        state === 'used' && usedBy
          ? names[usedBy]
            ? personLink(house, texts, usedBy, names[usedBy])
            : texts.t('log.forgotten')
          : until,
      ),
    ),
    state === 'open' &&
      question(texts, {
        label: texts.t('invite.withdraw'),
        about: right,
        look: 'danger',
        key: `withdraw-${id}`,
        question: texts.t('invite.withdrawAsk'),
        run,
      }),
  );
}
