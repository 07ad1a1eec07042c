/** An entry of the audit log as a sentence: who did what, and to whom. */

import { type Child, el, withNodes } from '../../ui/dom';
import { moment } from '../drawn';
import type { Entry, House, Names, OperateTexts } from './house';
import type { OperateKey } from './i18n/en';
import { personLink, stallText } from './pieces';

/** How the instance names what has no did. */
const CONSOLE = 'console';

const PLAIN: Readonly<Record<string, OperateKey>> = {
  claim: 'log.claim',
  withdraw: 'log.withdraw',
  appeal: 'log.appeal',
  succeed: 'log.succeed',
  forget: 'log.forget',
};
const BY_ROLE: Readonly<Record<string, OperateKey>> = {
  'invite artisan': 'log.inviteArtisan',
  'invite keeper': 'log.inviteKeeper',
  'accept artisan': 'log.acceptArtisan',
  'accept keeper': 'log.acceptKeeper',
  'grant artisan': 'log.grantArtisan',
  'grant keeper': 'log.grantKeeper',
  'grant operator': 'log.grantOperator',
  'revoke artisan': 'log.revokeArtisan',
  'revoke keeper': 'log.revokeKeeper',
  'revoke operator': 'log.revokeOperator',
  'lift ban': 'log.liftBan',
  'lift mute': 'log.liftMute',
};
const WITH_END: Readonly<Record<string, readonly [ends: OperateKey, open: OperateKey]>> = {
  ban: ['log.banUntil', 'log.ban'],
  mute: ['log.muteUntil', 'log.mute'],
};

export function sentence(house: House, texts: OperateTexts, entry: Entry, names: Names): Child[] {
  const { details } = entry;
  const endsUs = details['expires_us'];
  const places = {
    who: one(house, texts, entry.who, names),
    whom: one(house, texts, entry.on_whom, names),
    stall: el('bdi', {}, stallText(house, texts, String(details['stall'] ?? ''))),
    when: el('span', {}, typeof endsUs === 'number' ? moment(texts, endsUs / 1000) : ''),
    // What a later version may write down is shown as it is written.
    what: el('span', { class: 'is-code' }, entry.what),
  };
  return withNodes(texts.template(keyOf(entry, typeof endsUs === 'number')), places);
}

function keyOf({ what, details }: Entry, ends: boolean): OperateKey {
  const about = details['role'] ?? details['kind'];
  return WITH_END[what]?.[ends ? 0 : 1] ?? PLAIN[what] ?? BY_ROLE[`${what} ${String(about)}`] ?? 'log.other';
}

function one(house: House, texts: OperateTexts, whom: string | null, names: Names): Node {
  if (whom === CONSOLE) return document.createTextNode(texts.t('log.console'));
  if (whom?.startsWith('did:')) return personLink(house, texts, whom, names[whom]);
  if (whom && /[.:]/.test(whom)) return el('span', { class: 'is-code', attributes: { dir: 'ltr' } }, whom);
  return document.createTextNode(texts.t('log.forgotten'));
}
