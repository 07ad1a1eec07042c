/** Taking up an identity on this device from its recovery file: a file, pasted words, or a photo of the sheet. */

import { recover } from '../../identity/keeping';
import { type RecoveryFile, readRecovery } from '../../identity/recovery';
import { publishedAt } from '../../identity/renewal';
import { el, freshId } from '../../ui/dom';
import { soundLook } from '../../ui/profile';
import { card, Field, form, notice, Problem } from '../parts';
import { inWords, type Me, type MePage, type MeTexts, type MeView } from './me';
import { overview } from './overview';
import { backTo, passphraseField } from './pieces';

interface BarcodeReader {
  detect(image: ImageBitmapSource): Promise<readonly { readonly rawValue: string }[]>;
}
type BarcodeReaders = new (options: { formats: readonly string[] }) => BarcodeReader;

/** `given` is what came in the page's address. */
export function recoverView(me: Me, given = ''): MeView {
  return (page) => {
    const { texts } = page;
    const file = new Field({
      label: texts.t('me.recover.file'),
      hint: texts.t('me.recover.fileHint'),
      value: given,
      isLong: true,
      isCode: true,
      isRequired: true,
    });
    const passphrase = passphraseField(texts);
    const device = new Field({
      label: texts.t('me.device.name'),
      hint: texts.t('me.device.nameHint'),
      value: me.deviceName,
      maxChars: 64,
    });
    const run = (): Promise<void> => takeUp(me, page, file, passphrase.value, device.value);
    return {
      title: texts.t('me.recover'),
      content: [
        me.isKept && el('div', { class: 'paper' }, notice('warning', el('p', {}, texts.t('me.recover.replaces')))),
        card(
          texts.t('me.recover.title'),
          el('p', {}, texts.t(given ? 'me.recover.scanned' : 'me.recover.about')),
          form(
            texts,
            { label: texts.t('me.recover.open'), run },
            el('div', { class: given ? 'is-given' : 'sources' }, ...(given ? [] : sources(texts, file))),
            file,
            passphrase,
            device,
          ),
          backTo(page, overview(me)),
        ),
      ],
    };
  };
}

async function takeUp(me: Me, page: MePage, file: Field, passphrase: string, deviceName: string): Promise<void> {
  const { texts } = page;
  const read = readFile(texts, file);
  // This instance may know the newest document; without it the other devices are linked again.
  const published = await publishedAt(me.origin, read.did).catch(() => []);
  const { belongings, knewDevices } = await inWords(texts, () =>
    recover(me.passport, file.value, passphrase, deviceName, published),
  );
  if (belongings.name) me.profile.name = belongings.name;
  if (belongings.look.length) me.profile.look = soundLook(belongings.look);
  await navigator.storage?.persist?.().catch(() => false);
  await me.load();
  const told = await me.tellServer().then(
    () => true,
    () => false,
  );
  page.show(overview(me));
  page.tell(
    [
      texts.t('me.recover.done', { name: me.profile.name || texts.t('me.nameless') }),
      !knewDevices && texts.t('me.recover.noDevices'),
      !told && texts.t('me.toldLater'),
    ]
      .filter(Boolean)
      .join(' '),
  );
}

function readFile(texts: MeTexts, file: Field): RecoveryFile {
  try {
    return readRecovery(file.value);
  } catch {
    throw new Problem(texts.t('me.problem.noFile'), file);
  }
}

/** Ways to fill the field: the saved file, and a photo where the browser reads codes in pictures. */
function sources(texts: MeTexts, file: Field): HTMLElement[] {
  const put = (text: string): void => {
    file.input.value = text;
    file.complain('');
    file.input.focus();
  };
  const chosen = chooser(texts.t('me.recover.choose'), '.json,application/json,text/plain', async (one) =>
    put(await one.text()),
  );
  const Readers = (globalThis as { BarcodeDetector?: BarcodeReaders }).BarcodeDetector;
  if (!Readers) return [chosen];
  const photo = chooser(texts.t('me.recover.photo'), 'image/*', async (one) => {
    const codes = await new Readers({ formats: ['qr_code'] }).detect(await createImageBitmap(one)).catch(() => []);
    const code = codes.find(({ rawValue }) => rawValue.includes('#recovery='));
    if (code) put(code.rawValue);
    else file.complain(texts.t('me.recover.noCode'));
  });
  return [chosen, photo];
}

function chooser(label: string, accept: string, take: (file: File) => Promise<void>): HTMLElement {
  const id = freshId('file');
  const input = el('input', {
    id,
    attributes: { type: 'file', accept },
    on: {
      change: () => {
        const [one] = input.files ?? [];
        if (one) void take(one);
      },
    },
  });
  return el('div', { class: 'field' }, el('label', { attributes: { for: id } }, label), input);
}
