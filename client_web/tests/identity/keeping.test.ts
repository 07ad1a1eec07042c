// @vitest-environment node
import { expect, it, vi } from 'vitest';
import { multikey } from '../../src/identity/encoding';
import {
  added,
  ChangedElsewhere,
  catchUp,
  change,
  isThis,
  MAX_DEVICES,
  movedTo,
  prepareKeeping,
  prepareSuccession,
  recover,
  renamed,
  revoked,
  TooManyDevices,
} from '../../src/identity/keeping';
import { accept, applicant, apply, Link, type Mailbox, type Side, welcomed } from '../../src/identity/linking';
import { BrowserPassport } from '../../src/identity/passport';
import { verifyDocument } from '../../src/identity/reading';
import { readRecovery, unseal, WrongPassphrase } from '../../src/identity/recovery';
import { PageStore } from '../../src/identity/store';
import { NOW_MS, ORIGIN, seedOf } from './people';

// Keys are derived from passphrases slowly, on purpose; a busy machine takes its time.
vi.setConfig({ testTimeout: 60_000 });

const WORDS = 'five baskets of plums';
const ABE = { name: 'Abe', look: [1, 2, 3, 4, 5, 6, 7, 160] };

function browser(wallMs = NOW_MS): BrowserPassport {
  const store = new PageStore();
  return new BrowserPassport({ origin: ORIGIN, wallMs: () => wallMs, openStore: async () => store });
}

async function kept(passport = browser()): Promise<BrowserPassport> {
  await (await prepareKeeping(passport, WORDS, 'A laptop', ABE)).commit();
  return passport;
}

const documentOf = async (passport: BrowserPassport) =>
  verifyDocument(await passport.crypt, (await passport.identity()).document);

class Shelf implements Mailbox {
  readonly letters = new Map<string, Uint8Array<ArrayBuffer>>();
  put = async (id: string, side: Side, letter: Uint8Array<ArrayBuffer>) =>
    void this.letters.set(`${id}/${side}`, letter);
  get = async (id: string, side: Side) => this.letters.get(`${id}/${side}`) ?? null;
}

it('a guest stays a guest until the recovery file is safe', async () => {
  const passport = browser();
  const guest = await passport.identity();
  const prepared = await prepareKeeping(passport, WORDS, ' A laptop ', ABE);
  expect(await passport.identity()).toBe(guest);
  const after = await prepared.commit();
  expect(after).toMatchObject({
    did: guest.did,
    seeds: null,
    recovery: prepared.recovery,
    sequence: guest.sequence + 1,
  });
  expect((await documentOf(passport)).devices).toMatchObject([{ name: 'A laptop', created: '2026-09-21T14:13:20Z' }]);
  expect(await unseal(readRecovery(prepared.recovery), WORDS)).toMatchObject({ ...ABE, ...guest.seeds });
  await expect(prepareKeeping(passport, WORDS, '', ABE)).rejects.toThrow(ChangedElsewhere);
});

it('a change asks for the passphrase and keeps what others have put into the document', async () => {
  const passport = await kept();
  const before = await documentOf(passport);
  await expect(change(passport, 'wrong', movedTo([]))).rejects.toThrow(WrongPassphrase);
  await change(passport, WORDS, (actor) => ({ ...actor, more: { alsoKnownAs: ['acct:abe@alley.example'] } }));
  await change(passport, WORDS, movedTo(['https://b.example', ORIGIN]));
  const after = await documentOf(passport);
  expect(after).toEqual({
    ...before,
    gateways: ['https://b.example', ORIGIN],
    sequence: before.sequence + 2,
    more: { alsoKnownAs: ['acct:abe@alley.example'] },
  });
});

it('devices are added, renamed and revoked', async () => {
  const passport = await kept();
  const key = multikey(seedOf(5));
  await change(passport, WORDS, added({ key, name: 'Phone' }));
  await change(passport, WORDS, renamed(key, 'x'.repeat(100)));
  expect((await documentOf(passport)).devices[1]).toEqual({ key, name: 'x'.repeat(64) });
  const identity = await passport.identity();
  expect((await documentOf(passport)).devices.map((device) => isThis(identity, device))).toEqual([true, false]);
  await change(passport, WORDS, revoked(key));
  expect((await documentOf(passport)).devices).toHaveLength(1);
});

it('no more devices are listed than others accept', async () => {
  const actor = await documentOf(browser());
  const devices = Array.from({ length: MAX_DEVICES }, (_, index) => ({ key: `z${index}` }));
  expect(() => added({ key: 'z99' })({ ...actor, devices })).toThrow(TooManyDevices);
  expect(added({ key: 'z3', name: 'again' })({ ...actor, devices }).devices).toHaveLength(MAX_DEVICES);
});

it('a page that was too slow changes nothing', async () => {
  const passport = await kept();
  const [one, other] = await Promise.allSettled([
    change(passport, WORDS, movedTo(['https://one.example'])),
    change(passport, WORDS, movedTo(['https://other.example'])),
  ]);
  expect([one.status, other.status].sort()).toEqual(['fulfilled', 'rejected']);
});

it('a clean browser becomes the same person by the recovery file', async () => {
  const old = await kept();
  const { did, recovery, document } = await old.identity();
  const clean = browser(NOW_MS + 60_000);
  const guest = await clean.identity();
  await expect(recover(clean, recovery ?? '', 'wrong', 'Phone', [])).rejects.toThrow(WrongPassphrase);
  expect((await clean.identity()).did).toBe(guest.did);
  const back = await recover(clean, recovery ?? '', WORDS, 'Phone', [document, '{}', guest.document]);
  expect(back).toMatchObject({ belongings: ABE, knewDevices: true });
  expect(back.identity).toMatchObject({ did, seeds: null, recovery });
  const actor = await documentOf(clean);
  expect(actor.devices.map(({ name }) => name)).toEqual(['A laptop', 'Phone']);
  expect(actor.sequence).toBe((NOW_MS + 60_000) / 1000);
  expect(actor.nextKeyDigest).toBe((await documentOf(old)).nextKeyDigest);
  // And it can go on from there.
  await change(clean, WORDS, movedTo(['https://b.example']));
});

it('without any published document only this device is listed', async () => {
  const old = await kept();
  const { recovery } = await old.identity();
  const clean = browser();
  expect((await recover(clean, recovery ?? '', WORDS, 'Phone', [])).knewDevices).toBe(false);
  const actor = await documentOf(clean);
  expect(actor.devices.map(({ name }) => name)).toEqual(['Phone']);
  expect(actor.nextKeyDigest).toBe((await documentOf(old)).nextKeyDigest);
});

it('the announced key takes the place of a root that is not safe any more', async () => {
  const passport = await kept();
  const before = await documentOf(passport);
  const prepared = await prepareSuccession(passport, WORDS, 'another passphrase', ABE);
  expect((await documentOf(passport)).did).toBe(before.did);
  await prepared.commit();
  const after = await documentOf(passport);
  expect(after).toMatchObject({ predecessor: before.did, devices: before.devices, gateways: before.gateways });
  expect(after.did).not.toBe(before.did);
  expect(after.nextKeyDigest).not.toBe(before.nextKeyDigest);
  await expect(change(passport, WORDS, movedTo([]))).rejects.toThrow(WrongPassphrase);
  await change(passport, 'another passphrase', movedTo(['https://b.example']));
});

it('two devices link through letters that nobody else can read', async () => {
  const shelf = new Shelf();
  const [old, fresh] = [await kept(), browser()];
  const link = new Link(shelf);
  const address = link.address(ORIGIN);
  expect(address).toMatch(/^https:\/\/alley\.example\/me#link=[\w-]{43}$/);
  const other = Link.fromAddress(address, shelf);
  expect(Link.fromAddress(`${ORIGIN}/me`, shelf)).toBeNull();
  if (!other) throw new Error('the address names a link');
  expect(await applicant(old, link)).toBeNull();
  const application = await apply(fresh, other, 'Telefon');
  const asked = await applicant(old, link);
  expect(asked).toEqual({ key: application.key, name: 'Telefon', fingerprint: application.fingerprint });
  if (!asked) throw new Error('somebody asks');
  expect(await welcomed(fresh, other, application)).toBeNull();
  await expect(accept(old, link, asked, 'wrong')).rejects.toThrow(WrongPassphrase);
  await accept(old, link, asked, WORDS);
  const identity = await welcomed(fresh, other, application);
  expect(identity).toMatchObject({ did: (await old.identity()).did, seeds: null });
  expect((await documentOf(fresh)).devices.map(({ name }) => name)).toEqual(['A laptop', 'Telefon']);
  await change(fresh, WORDS, movedTo(['https://b.example']));
  const letters = [...shelf.letters.values()].map((letter) => new TextDecoder().decode(letter)).join();
  expect(letters).not.toContain('Telefon');
  expect(letters).not.toContain('did:key');
  expect([...shelf.letters.keys()].every((key) => /^[\w-]{22}\/(old|new)$/.test(key))).toBe(true);
});

it('a letter that was tampered with, or meant for another device, is refused', async () => {
  const shelf = new Shelf();
  const [old, fresh, third] = [await kept(), browser(), browser()];
  const link = new Link(shelf);
  const mine = await apply(fresh, link, 'mine');
  const application = await apply(third, link, 'third');
  const asked = await applicant(old, link);
  if (!asked) throw new Error('somebody asks');
  await accept(old, link, asked, WORDS);
  await expect(welcomed(fresh, link, mine)).rejects.toThrow('not for this device');
  for (const [name, letter] of shelf.letters)
    shelf.letters.set(
      name,
      letter.map((byte) => byte ^ 1),
    );
  await expect(welcomed(third, link, application)).rejects.toThrow('does not belong');
});

it('takes up what another device has published, unless it was revoked there', async () => {
  const laptop = await kept();
  const shelf = new Shelf();
  const link = new Link(shelf);
  const phone = browser();
  const application = await apply(phone, link, 'Phone');
  const asked = await applicant(laptop, link);
  await accept(laptop, link, asked!, WORDS);
  await welcomed(phone, link, application);
  expect(await catchUp(laptop, [(await phone.identity()).document])).toBe('current');
  await change(phone, WORDS, movedTo(['https://b.example']));
  const moved = (await phone.identity()).document;
  expect(await catchUp(laptop, [moved.replace('b.example', 'c.example'), '{'])).toBe('current');
  expect(await catchUp(laptop, ['{}', moved])).toBe('renewed');
  expect((await laptop.identity()).document).toBe(moved);
  await change(laptop, WORDS, revoked(application.key));
  expect(await catchUp(phone, [(await laptop.identity()).document])).toBe('revoked');
  expect((await phone.identity()).document).toBe(moved);
});
