/**
 * `/enter`: from one alley into another, as the same person.
 *
 * Somebody comes to alley B by a plain link and is at home in A. B's page asks for A's address and leads to A's `/enter`,
 * with B's origin behind `#`. There the person reads who asks and what it would learn. After a yes the page of A, which
 * has the keys, enters B itself. Nothing is ever handed to an address out of a link: no token, and no redirect to it. The
 * origin behind `#` only says which of the neighbours, listed by A's keeper, is meant.
 */

import '../../styles/enter.css';
import { BrowserPassport } from '../../identity/passport';
import { fingerprint } from '../../identity/reading';
import { askAlley, strictOrigin } from '../../next_door/neighbours';
import { Profile } from '../../ui/profile';
import { storage } from '../../world/storage';
import { fetchSummary, readSummary } from '../../world/summary';
import { openPage } from '../shell';
import { type EnterView, endView, homeView, questionView } from './views';

async function firstView(address: URL): Promise<EnterView> {
  if (!address.hash) {
    const asks = new URLSearchParams({ to: address.origin });
    return homeView(address.origin, (home) => location.assign(`${home}/enter#${asks}`));
  }
  const origin = strictOrigin(new URLSearchParams(address.hash.slice(1)).get('to') ?? '');
  const again = (): void => location.reload();
  if (origin === null || origin === address.origin) return endView('bad', null, again);
  const own = readSummary(await fetchSummary().catch(() => null));
  if (!own?.neighbours.includes(origin)) return endView(own ? 'unknown' : 'away', own ? origin : address.origin, again);
  const answer = await askAlley(origin);
  if (answer.kind !== 'open') return endView(answer.kind, origin, again);
  const passport = new BrowserPassport({ origin: address.origin, wallMs: () => Date.now() });
  const profile = new Profile(storage('localStorage'), () => Math.random());
  const { name, look } = profile;
  const { did } = await passport.identity();
  return questionView({
    origin,
    summary: answer.summary,
    fingerprint: await fingerprint(await passport.crypt, did),
    name,
    agree: async (chosen) => {
      await (await passport.store).allow({ audience: origin, sinceMs: Date.now() });
      profile.name = chosen;
      // Kept, so that a doll that came by chance is the same in the alley.
      profile.look = look;
      location.assign(`/#${new URLSearchParams({ next: origin })}`);
    },
  });
}

async function open(): Promise<void> {
  await openPage(
    {
      en: async () => (await import('./i18n/en')).en,
      de: async () => (await import('./i18n/de')).de,
      ja: async () => (await import('./i18n/ja')).ja,
    },
    await firstView(new URL(location.href)),
  );
}

// Another alley may ask in the same tab.
window.addEventListener('hashchange', () => location.reload());
void open();
