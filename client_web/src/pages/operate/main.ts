/** `/operate`: looking after an alley without a terminal. Its parts have addresses, so "back" works as everywhere. */

import '../../styles/operate.css';
import { Api } from '../../identity/api';
import { BrowserPassport } from '../../identity/passport';
import { Profile } from '../../ui/profile';
import { storage } from '../../world/storage';
import { askOpenly } from '../caller';
import { openPage, unloaded } from '../shell';
import { enter, viewAt, waitingView } from './gate';
import { House } from './house';

/** Null for a browser without an identity: whoever only looks gets none for it. */
async function houseHere(): Promise<House | null> {
  const passport = new BrowserPassport({ origin: location.origin, wallMs: () => Date.now() });
  const identity = await (await passport.store).load();
  if (!identity) return null;
  return new House({
    caller: new Api(passport),
    ask: askOpenly,
    wallMs: () => Date.now(),
    ownName: new Profile(storage('localStorage'), () => Math.random()).name,
    isKept: identity.recovery !== null,
  });
}

async function open(): Promise<void> {
  const page = await openPage(
    {
      en: async () => (await import('./i18n/en')).en,
      de: async () => (await import('./i18n/de')).de,
      ja: async () => (await import('./i18n/ja')).ja,
    },
    waitingView,
  );
  if (!page) return;
  const house = await houseHere();
  await enter(page, house, () => location.hash);
  addEventListener('hashchange', () => {
    if (house?.mayLookAfter) page.show(viewAt(house, location.hash));
  });
}

open().catch(unloaded);
