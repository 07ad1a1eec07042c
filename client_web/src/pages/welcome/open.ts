/**
 * Opens the page of a link. The secret behind `#` leaves the address at once, so that nobody reads it over a shoulder or
 * in the history; this tab alone keeps it, for loading the page again.
 */

import '../../styles/operate.css';
import { Api } from '../../identity/api';
import { BrowserPassport } from '../../identity/passport';
import { Profile } from '../../ui/profile';
import { storage } from '../../world/storage';
import { askOpenly } from '../caller';
import { openPage, unloaded } from '../shell';
import { codeIn, Guest, type WelcomeView } from './guest';

type First = (guest: Guest) => WelcomeView | Promise<WelcomeView>;

export function openLink(first: First): void {
  open(first).catch(unloaded);
}

async function open(first: First): Promise<void> {
  // Another link of the same page is no new page to a browser.
  addEventListener('hashchange', () => location.reload());
  const kept: unknown = history.state;
  const code = codeIn(location.href) || (typeof kept === 'string' ? kept : '');
  history.replaceState(code, '', location.pathname);
  const passport = new BrowserPassport({ origin: location.origin, wallMs: () => Date.now() });
  const guest = await Guest.arrive({
    passport,
    caller: new Api(passport),
    ask: askOpenly,
    profile: new Profile(storage('localStorage'), () => Math.random()),
    code,
  });
  const view = await first(guest);
  const page = await openPage(
    {
      en: async () => (await import('./i18n/en')).en,
      de: async () => (await import('./i18n/de')).de,
      ja: async () => (await import('./i18n/ja')).ja,
    },
    view,
  );
  // The alley's own name is known now. Whoever types already is not disturbed.
  if (page?.isShowing(view) && !document.activeElement?.matches('input')) page.refresh();
}
