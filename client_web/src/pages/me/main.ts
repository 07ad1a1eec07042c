/** `/me`: the page about oneself. What its address holds behind `#` is read once and taken out of the history. */

import '../../styles/me.css';
import { Link } from '../../identity/linking';
import { BrowserPassport } from '../../identity/passport';
import { Profile } from '../../ui/profile';
import { storage } from '../../world/storage';
import { openPage } from '../shell';
import { linkToHere } from './link';
import { Me, type MeView } from './me';
import { overview } from './overview';
import { nameOfDevice } from './pieces';
import { recoverView } from './recover';
import { Server } from './server';

const passport = new BrowserPassport({ origin: location.origin, wallMs: () => Date.now() });
const me = new Me({
  passport,
  server: new Server(passport),
  profile: new Profile(storage('localStorage'), () => Math.random()),
  isSecure: window.isSecureContext && 'subtle' in crypto,
  deviceName: nameOfDevice(navigator.userAgent),
});

const START = overview(me);

function firstView(address: string): MeView {
  const link = Link.fromAddress(address, me.server);
  if (link && me.isSecure) return linkToHere(me, link);
  if (address.includes('#recovery=') && me.isSecure) return recoverView(me, address);
  return START;
}

async function open(): Promise<void> {
  const address = location.href;
  history.replaceState(null, '', location.pathname);
  await me.load();
  const first = firstView(address);
  const page = await openPage(
    {
      en: async () => (await import('./i18n/en')).en,
      de: async () => (await import('./i18n/de')).de,
      ja: async () => (await import('./i18n/ja')).ja,
    },
    first,
  );
  await me.meet();
  // The others have fields, in which somebody may be writing already; they don't tell what was found out either.
  if (first === START && page?.isShowing(first)) page.refresh();
}

void open();
