// @vitest-environment node
import { describe, expect, it, vi } from 'vitest';
import { randomBytes } from '../../src/identity/crypt';
import {
  readRecovery,
  recoveryAddress,
  seal,
  unseal,
  WrongPassphrase,
  writeRecovery,
} from '../../src/identity/recovery';
import { seedOf } from './people';

// Keys are derived from passphrases slowly, on purpose; a busy machine takes its time.
vi.setConfig({ testTimeout: 60_000 });

const DID = 'did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK';
const SECRETS = {
  root: seedOf(1),
  next: seedOf(2),
  sequence: 1_790_000_000,
  gateways: ['https://alley.example'],
  name: 'Åsa 明子',
  look: [1, 2, 3, 4, 5, 6, 7, 160],
};

describe('the recovery file', () => {
  it('gives everything back to whoever knows the passphrase, however their keyboard writes it', async () => {
    const text = await seal(DID, SECRETS, 'Ånd fünf Körbe ', randomBytes);
    const file = readRecovery(text);
    expect(file.did).toBe(DID);
    expect(await unseal(file, 'A\u030and fu\u0308nf Ko\u0308rbe')).toEqual(SECRETS);
    await expect(unseal(file, 'ånd fünf Körbe')).rejects.toThrow(WrongPassphrase);
  });

  it('says openly how it is made, and nothing of what is in it', async () => {
    const text = await seal(DID, SECRETS, 'passphrase', (count) => new Uint8Array(count).fill(3));
    expect(JSON.parse(text)).toMatchObject({
      format: 'yokocho-recovery',
      version: 1,
      did: DID,
      kdf: { name: 'PBKDF2', hash: 'SHA-256', iterations: 600_000, salt: 'AwMDAwMDAwMDAwMDAwMDAw' },
      cipher: { name: 'AES-GCM', iv: 'AwMDAwMDAwMDAwMD' },
    });
    expect(text).not.toContain('Åsa');
    expect(text).not.toContain('AQEBAQ');
  });

  it('fits into an address that any alley can read, and that a QR code holds', async () => {
    const text = await seal(DID, SECRETS, 'passphrase', randomBytes);
    const address = recoveryAddress('https://alley.example', readRecovery(text));
    expect(address.length).toBeLessThan(700);
    const again = readRecovery(` ${address}\n`);
    expect(JSON.parse(writeRecovery(again))).toEqual(JSON.parse(text));
    expect(await unseal(again, 'passphrase')).toEqual(SECRETS);
  });

  it.each([
    '',
    'hello',
    '[]',
    '{}',
    'https://alley.example/me#recovery=a.b.c',
    '{"format":"yokocho-recovery","version":2}',
    'x'.repeat(20_000),
  ])('is not %s', (text) => {
    expect(() => readRecovery(text)).toThrow();
  });

  it('does not let a file keep the browser busy for ever', async () => {
    const text = await seal(DID, SECRETS, 'passphrase', randomBytes);
    expect(() => readRecovery(text.replace('600000', '60000000000'))).toThrow();
  });

  it('that was changed does not open', async () => {
    const file = readRecovery(await seal(DID, SECRETS, 'passphrase', randomBytes));
    const ciphertext = file.ciphertext.map((byte, index) => (index === 5 ? byte ^ 1 : byte));
    await expect(unseal({ ...file, ciphertext }, 'passphrase')).rejects.toThrow(WrongPassphrase);
  });
});
