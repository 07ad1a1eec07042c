/** Linking a second device: this one shows a code, the other one scans it, and both show the same numbers. */

import { type Applicant, type Application, accept, applicant, apply, Link, welcomed } from '../../identity/linking';
import { bdi, el } from '../../ui/dom';
import { fingerprintOf, qrCode } from '../drawn';
import { card, Field, form, notice } from '../parts';
import { inWords, type Me, type MePage, type MeView } from './me';
import { overview } from './overview';
import { backTo, passphraseField, steps } from './pieces';

const ASK_AGAIN_MS = 1500;
/** As long as letters lie in the server. */
const PATIENCE_MS = 600_000;
const HERE = ['me.link.step1', 'me.link.step2', 'me.link.step3'] as const;

/** Ask again and again until there is an answer, as long as the view is still open. */
async function waitFor<T>(isOpen: () => boolean, ask: () => Promise<T | null>): Promise<T | null> {
  const endsMs = performance.now() + PATIENCE_MS;
  while (isOpen() && performance.now() < endsMs) {
    // A hiccup of the network is no answer.
    const answer = await ask().catch((error: unknown) => {
      if (error instanceof TypeError) return null;
      throw error;
    });
    if (answer !== null) return isOpen() ? answer : null;
    await new Promise((resolve) => window.setTimeout(resolve, ASK_AGAIN_MS));
  }
  return null;
}

/** On the device that has the identity. */
export function linkFromHere(me: Me, page: MePage): void {
  const link = new Link(me.server);
  const view = codeView(me, link);
  page.show(view);
  void waitFor(
    () => page.isShowing(view),
    () => applicant(me.passport, link),
  )
    .then((asked) => {
      if (asked) page.show(acceptView(me, link, asked));
      else if (page.isShowing(view)) page.show(expiredView(me));
    })
    .catch((error: unknown) => {
      reportError(error);
      if (page.isShowing(view)) page.show(expiredView(me));
    });
}

function codeView(me: Me, link: Link): MeView {
  return (page) => {
    const { texts } = page;
    const address = link.address(me.origin);
    return {
      title: texts.t('me.link'),
      content: [
        steps(texts, HERE, 0),
        card(
          texts.t('me.link.scan'),
          el('p', {}, texts.t('me.link.scanHow')),
          el('div', { class: 'qr-frame' }, qrCode(address, texts.t('me.link.qr'))),
          el('p', { class: 'waiting', attributes: { role: 'status' } }, texts.t('me.link.waiting')),
          el(
            'details',
            { class: 'more' },
            el('summary', {}, texts.t('me.link.noCamera')),
            el('p', {}, texts.t('me.link.address')),
            el('p', { class: 'is-code', attributes: { dir: 'ltr' } }, address),
          ),
          backTo(page, overview(me)),
        ),
      ],
    };
  };
}

function acceptView(me: Me, link: Link, asked: Applicant): MeView {
  return (page) => {
    const { texts } = page;
    const passphrase = passphraseField(texts);
    const run = async (): Promise<void> => {
      await inWords(texts, () => accept(me.passport, link, asked, passphrase.value));
      const isTold = await me.tellServer().then(
        () => true,
        () => false,
      );
      page.show(overview(me));
      page.tell(
        [texts.t('me.link.linked', { name: asked.name }), !isTold && texts.t('me.toldLater')].filter(Boolean).join(' '),
      );
    };
    return {
      title: texts.t('me.link.compare'),
      content: [
        steps(texts, HERE, 1),
        card(
          texts.t('me.link.asks'),
          el('p', { class: 'row-name' }, bdi(asked.name)),
          fingerprintOf(asked.fingerprint),
          notice('warning', el('p', {}, texts.t('me.link.compareHow'))),
          form(texts, { label: texts.t('me.link.accept'), run }, passphrase),
          backTo(page, overview(me), 'me.link.notMine'),
        ),
      ],
    };
  };
}

function expiredView(me: Me): MeView {
  return (page) => ({
    title: page.texts.t('me.link'),
    content: [
      card(
        page.texts.t('me.link.over'),
        el('p', {}, page.texts.t('me.link.overHow')),
        backTo(page, overview(me), 'me.toOverview'),
      ),
    ],
  });
}

// --- the other device -------------------------------------------------------------------------------------------------

/** On the device that has scanned the code. */
export function linkToHere(me: Me, link: Link): MeView {
  return (page) => {
    const { texts } = page;
    const device = new Field({
      label: texts.t('me.device.name'),
      hint: texts.t('me.device.nameHint'),
      value: me.deviceName,
      maxChars: 64,
    });
    const run = async (): Promise<void> => {
      const application = await inWords(texts, () => apply(me.passport, link, device.value));
      waitHere(me, page, link, application);
    };
    return {
      title: texts.t('me.link.here'),
      content: [
        me.isKept && el('div', { class: 'paper' }, notice('warning', el('p', {}, texts.t('me.recover.replaces')))),
        card(
          texts.t('me.link.hereTitle'),
          el('p', {}, texts.t('me.link.hereAbout')),
          form(texts, { label: texts.t('me.link.ask'), run }, device),
          backTo(page, overview(me)),
        ),
      ],
    };
  };
}

function waitHere(me: Me, page: MePage, link: Link, application: Application): void {
  const view = waitView(me, application);
  page.show(view);
  void waitFor(
    () => page.isShowing(view),
    () => welcomed(me.passport, link, application),
  )
    .then(async (identity) => {
      if (!identity) {
        if (page.isShowing(view)) page.show(expiredView(me));
        return;
      }
      await navigator.storage?.persist?.().catch(() => false);
      await me.load();
      await me.meet();
      page.show(overview(me));
      page.tell(page.texts.t('me.link.done'));
    })
    .catch((error: unknown) => {
      reportError(error);
      if (page.isShowing(view)) page.show(expiredView(me));
    });
}

function waitView(me: Me, application: Application): MeView {
  return (page) => {
    const { texts } = page;
    return {
      title: texts.t('me.link.here'),
      content: [
        card(
          texts.t('me.link.numbers'),
          el('p', {}, texts.t('me.link.numbersHow')),
          fingerprintOf(application.fingerprint),
          el('p', { class: 'waiting', attributes: { role: 'status' } }, texts.t('me.link.waitingThere')),
          backTo(page, overview(me)),
        ),
      ],
    };
  };
}
