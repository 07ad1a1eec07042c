/** `/people/<did>`: the page of a person, for everybody. */

import '../../styles/me.css';
import '../../styles/person.css';
import { openStore } from '../../identity/store';
import { openPage } from '../shell';
import { fetchPerson } from './person';
import { failedView, type PersonView, personView, unknownView } from './view';

async function find(): Promise<PersonView> {
  try {
    const [person, self] = await Promise.all([fetchPerson(location.pathname), ownDid()]);
    return person ? personView(person, person.did === self) : unknownView();
  } catch (error) {
    return failedView(error, () => location.reload());
  }
}

/** The did of this browser, if there is one; nobody is made one for looking at somebody. */
async function ownDid(): Promise<string | null> {
  const store = await openStore();
  return (await store.load().catch(() => null))?.did ?? null;
}

async function open(): Promise<void> {
  await openPage(
    {
      en: async () => (await import('./i18n/en')).en,
      de: async () => (await import('./i18n/de')).de,
      ja: async () => (await import('./i18n/ja')).ja,
    },
    await find(),
  );
}

void open();
