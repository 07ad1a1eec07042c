import { beforeEach, describe, expect, it, vi } from 'vitest';
import { de } from '../../src/pages/me/i18n/de';
import { en, type MeKey } from '../../src/pages/me/i18n/en';
import { ja } from '../../src/pages/me/i18n/ja';
import { card, deed, Field, facts, form, notice, Problem, progress } from '../../src/pages/parts';
import { Page, type ViewOf } from '../../src/pages/shell';
import { MemoryStore } from '../net/surroundings';

const LOADERS = { en: async () => en, de: async () => de, ja: async () => ja };
let root: HTMLElement;

async function open(view: ViewOf<MeKey>, loadSummary: () => Promise<unknown> = async () => ({})): Promise<Page<MeKey>> {
  const store = new MemoryStore();
  const page = new Page<MeKey>(
    { root, store, languages: ['en'], systemReducedMotion: () => false, loadSummary },
    LOADERS,
    view,
  );
  await page.start();
  return page;
}

function find<E extends HTMLElement>(selector: string): E {
  const found = document.querySelector<E>(selector);
  if (!found) throw new Error(`nothing matches ${selector}`);
  return found;
}

/** A page with one field, whose button says that it was pressed. */
const overview: ViewOf<MeKey> = (page) => {
  const name = new Field({ label: page.texts.t('me.name') });
  const run = (): void => page.tell(page.texts.t('me.saved'));
  return {
    title: page.texts.t('me.title'),
    content: [card(page.texts.t('me.shown'), form(page.texts, { label: page.texts.t('me.save'), run }, name))],
  };
};

const problems = (): string[] => [...document.querySelectorAll('.problem')].map((one) => one.textContent ?? '');

beforeEach(() => {
  root = document.createElement('div');
  document.body.replaceChildren(root);
  localStorage.clear();
});

describe('the frame of a page', () => {
  it('leads back to the alley by its name, in the language of the page', async () => {
    const title = { en: 'Lantern Lane', de: 'Laternengasse' };
    const page = await open(overview, async () => ({ title, about: {}, visitors: 0, capacity: 10 }));
    expect(find<HTMLAnchorElement>('.page-back').getAttribute('href')).toBe('/');
    expect(find('.page-back').textContent).toBe('To the alley: Lantern Lane');
    expect(document.title).toBe('Your identity · Lantern Lane');
    page.settings.set('language', 'de');
    await vi.waitFor(() => expect(find('.page-back').textContent).toBe('Zur Gasse: Laternengasse'));
    expect(document.documentElement.lang).toBe('de');
    expect(document.title).toBe('Deine Identität · Laternengasse');
  });

  it('stands without a word from the server', async () => {
    await open(overview, () => Promise.reject(new TypeError('no way')));
    expect(find('.page-back').textContent).toBe('To the alley: Yokocho');
    expect(find('h1').textContent).toBe('Your identity');
  });

  it('keeps the focus on the choice of language', async () => {
    const page = await open(overview);
    find('select').focus();
    page.settings.set('language', 'ja');
    await vi.waitFor(() => expect(find('h1').textContent).toBe('あなたの身元'));
    expect(document.activeElement).toBe(find('select'));
  });

  it('puts the focus on the heading of another view, and leaves it where it is in the same', async () => {
    const page = await open(overview);
    let count = 0;
    page.show(({ texts }) => {
      count += 1;
      return { title: `View ${count}`, content: [deed(texts, { label: 'Go', key: 'go', run: () => undefined })] };
    });
    expect(document.activeElement).toBe(find('h1'));
    find('[data-key=go]').focus();
    page.refresh();
    expect(find('h1').textContent).toBe('View 2');
    expect(document.activeElement).toBe(find('[data-key=go]'));
  });

  it('says what was done', async () => {
    await open(overview);
    find<HTMLInputElement>('input').value = 'Abe';
    find('form').dispatchEvent(new Event('submit', { cancelable: true }));
    await vi.waitFor(() => expect(find('[role=status]').textContent).toBe('Kept.'));
  });
});

describe('the pieces', () => {
  it('a form asks for what is required before it does anything', async () => {
    const run = vi.fn();
    const name = new Field({ label: 'Name', hint: 'Any', isRequired: true });
    await open(({ texts }) => ({ title: 'A', content: [card('B', form(texts, { label: 'Send', run }, name))] }));
    find('form').dispatchEvent(new Event('submit', { cancelable: true }));
    await vi.waitFor(() => expect(problems()).toContain('Please fill this in.'));
    expect(run).not.toHaveBeenCalled();
    expect(document.activeElement).toBe(name.input);
    expect(name.input.getAttribute('aria-invalid')).toBe('true');
    name.input.value = 'Abe';
    name.input.dispatchEvent(new Event('input'));
    expect(name.input.hasAttribute('aria-invalid')).toBe(false);
    find('form').dispatchEvent(new Event('submit', { cancelable: true }));
    await vi.waitFor(() => expect(run).toHaveBeenCalledOnce());
  });

  it('a deed works once at a time, says that it works, and comes back with a word when it fails', async () => {
    const heard = vi.fn();
    vi.stubGlobal('reportError', heard);
    let fail: (error: Error) => void = () => undefined;
    const run = vi.fn(() => new Promise<void>((_, reject) => (fail = reject)));
    await open(({ texts }) => ({ title: 'A', content: [deed(texts, { label: 'Do it', run })] }));
    const button = find<HTMLButtonElement>('button');
    for (const [error, says] of [
      [new TypeError('Failed to fetch'), 'The alley cannot be reached at the moment.'],
      [new Error('odd'), 'That did not work.'],
      [new Problem('This code was used already.'), 'This code was used already.'],
    ] as const) {
      button.click();
      button.click();
      expect(button.textContent).toBe('One moment…');
      expect(problems()).toEqual(['']);
      fail(error);
      await vi.waitFor(() => expect(problems()[0]).toContain(says));
      expect(button.textContent).toBe('Do it');
    }
    expect(run).toHaveBeenCalledTimes(3);
    expect(heard).toHaveBeenCalledTimes(2);
    vi.unstubAllGlobals();
  });

  it('progress tells a share, or that nobody knows', async () => {
    const page = await open(({ texts }) => {
      const shown = progress(texts, 'Reading');
      shown.set(0.256);
      return { title: 'A', content: [notice('note', shown.element), facts(['Key', 'z6Mk'])] };
    });
    expect(find('.progress-percent').textContent).toBe('26 %');
    expect(find<HTMLProgressElement>('progress').getAttribute('value')).toBe('0.256');
    page.show(({ texts }) => {
      const shown = progress(texts, 'Reading');
      shown.set(null);
      return { title: 'B', content: [shown.element] };
    });
    expect(find('progress').hasAttribute('value')).toBe(false);
  });
});
