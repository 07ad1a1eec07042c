/**
 * Where an identity lies in this browser: IndexedDB, which can hold keys that no script can read.
 *
 * There is one identity at a time. Two tabs that come at once agree by a transaction: the first one's candidate stays.
 * A browser that gives no IndexedDB (some private windows, blocked storage) gets a store that lasts as long as the page.
 */

import type { StoredKey } from './crypt';
import type { Bytes } from './encoding';

/** What may replace or recover an identity. */
export interface Seeds {
  readonly root: Bytes;
  readonly next: Bytes;
}

export interface Identity {
  readonly did: string;
  /** The signed actor document. */
  readonly document: string;
  readonly sequence: number;
  readonly device: { readonly key: StoredKey; readonly publicKey: Bytes };
  /** A guest's root lies here readable, since it can only be saved while it is. Keeping the identity removes it. */
  readonly seeds: Seeds | null;
  /** The encrypted recovery file of a kept identity. */
  readonly recovery: string | null;
}

/** An instance that the person has shown this identity to, and may. */
export interface Consent {
  readonly audience: string;
  readonly sinceMs: number;
}

export interface IdentityStore {
  /** Whether it outlives the page. */
  readonly lasts: boolean;
  load(): Promise<Identity | null>;
  /** Takes a candidate unless there is an identity already; gives the one that is there then. */
  adopt(candidate: Identity): Promise<Identity>;
  /** Puts another version in the place of `before`; false if that is not there any more. */
  replace(before: Identity | null, after: Identity | null): Promise<boolean>;
  consents(): Promise<readonly Consent[]>;
  allow(consent: Consent): Promise<void>;
  withdraw(audience: string): Promise<void>;
}

const DATABASE = 'yokocho';
const IDENTITY = 'identity';
const CONSENTS = 'consents';
const SELF = 'self';

export async function openStore(factory: IDBFactory | undefined = globalThis.indexedDB): Promise<IdentityStore> {
  try {
    if (factory) return new BrowserStore(await open(factory));
  } catch {
    // Forbidden or broken: as if there were none.
  }
  return new PageStore();
}

function open(factory: IDBFactory): Promise<IDBDatabase> {
  const request = factory.open(DATABASE, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore(IDENTITY);
    request.result.createObjectStore(CONSENTS, { keyPath: 'audience' });
  };
  return settled(request);
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

class BrowserStore implements IdentityStore {
  readonly lasts = true;
  readonly #database: IDBDatabase;

  constructor(database: IDBDatabase) {
    this.#database = database;
  }

  async load(): Promise<Identity | null> {
    return (await settled<Identity | undefined>(this.#table(IDENTITY).get(SELF))) ?? null;
  }

  async adopt(candidate: Identity): Promise<Identity> {
    const table = this.#table(IDENTITY, 'readwrite');
    const there = await settled<Identity | undefined>(table.get(SELF));
    if (there) return there;
    await this.#put(table, candidate);
    return candidate;
  }

  async replace(before: Identity | null, after: Identity | null): Promise<boolean> {
    const table = this.#table(IDENTITY, 'readwrite');
    const there = await settled<Identity | undefined>(table.get(SELF));
    if (there?.document !== before?.document) return false;
    await this.#put(table, after);
    return true;
  }

  consents(): Promise<readonly Consent[]> {
    return settled(this.#table(CONSENTS).getAll());
  }

  async allow(consent: Consent): Promise<void> {
    await settled(this.#table(CONSENTS, 'readwrite').put(consent));
  }

  async withdraw(audience: string): Promise<void> {
    await settled(this.#table(CONSENTS, 'readwrite').delete(audience));
  }

  /** Done when it is on disk, not before. */
  #put(table: IDBObjectStore, identity: Identity | null): Promise<void> {
    return new Promise((resolve, reject) => {
      const { transaction } = table;
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error);
      if (identity) table.put(identity, SELF);
      else table.delete(SELF);
    });
  }

  #table(name: string, mode: IDBTransactionMode = 'readonly'): IDBObjectStore {
    return this.#database.transaction(name, mode, { durability: 'strict' }).objectStore(name);
  }
}

export class PageStore implements IdentityStore {
  readonly lasts = false;
  #identity: Identity | null = null;
  readonly #consents = new Map<string, Consent>();

  async load(): Promise<Identity | null> {
    return this.#identity;
  }

  async adopt(candidate: Identity): Promise<Identity> {
    this.#identity ??= candidate;
    return this.#identity;
  }

  async replace(before: Identity | null, after: Identity | null): Promise<boolean> {
    if (this.#identity?.document !== before?.document) return false;
    this.#identity = after;
    return true;
  }

  async consents(): Promise<readonly Consent[]> {
    return [...this.#consents.values()];
  }

  async allow(consent: Consent): Promise<void> {
    this.#consents.set(consent.audience, consent);
  }

  async withdraw(audience: string): Promise<void> {
    this.#consents.delete(audience);
  }
}
