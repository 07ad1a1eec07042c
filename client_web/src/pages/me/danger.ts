/** What cannot be taken back: a new root in the place of an unsafe one, and going for good. */

import { prepareSuccession } from '../../identity/keeping';
import { button, el } from '../../ui/dom';
import { actions, card, Field, form, notice, Problem } from '../parts';
import { saveView } from './keep';
import { inWords, type Me, type MePage, type MeView } from './me';
import { overview } from './overview';
import { backTo, NewPassphrase, passphraseField } from './pieces';

export function dangerCard(me: Me, page: MePage): HTMLElement {
  const { texts } = page;
  const open = (label: 'me.succeed' | 'me.forget' | 'me.delete', view: (me: Me) => MeView): HTMLElement =>
    button({
      label: texts.t(label),
      class: 'button button-danger',
      key: label,
      press: () => page.show(view(me)),
    });
  return el(
    'details',
    { class: 'paper card more' },
    el('summary', { class: 'card-title' }, texts.t('me.danger')),
    el('p', {}, texts.t('me.danger.about')),
    actions(
      me.isKept && me.isSecure && open('me.succeed', succeedView),
      open('me.forget', forgetView),
      open('me.delete', deleteView),
    ),
  );
}

function succeedView(me: Me): MeView {
  return (page) => {
    const { texts } = page;
    const passphrase = passphraseField(texts);
    const fresh = new NewPassphrase(texts);
    const run = async (): Promise<void> => {
      const words = fresh.read();
      const prepared = await inWords(texts, () =>
        prepareSuccession(me.passport, passphrase.value, words, me.belongings),
      );
      page.show(saveView(me, prepared));
    };
    return {
      title: texts.t('me.succeed'),
      content: [
        card(
          texts.t('me.succeed.title'),
          el('p', {}, texts.t('me.succeed.about')),
          notice('warning', el('p', {}, texts.t('me.succeed.warning'))),
          form(texts, { label: texts.t('me.next'), run }, passphrase, fresh.first, fresh.again, fresh.suggest),
          backTo(page, overview(me)),
        ),
      ],
    };
  };
}

/** A word to type, so that nothing happens by a slip of the hand. */
function confirmation(page: MePage, me: Me): { field: Field; check: () => void } {
  const { texts } = page;
  const word = texts.t('me.confirm.word');
  const field = new Field({
    label: texts.t('me.confirm', { word }),
    hint: me.isKept ? texts.t('me.confirm.kept') : texts.t('me.confirm.guest'),
    isRequired: true,
  });
  const check = (): void => {
    if (field.value.trim().toLowerCase() !== word.toLowerCase()) {
      throw new Problem(texts.t('me.confirm', { word }), field);
    }
  };
  return { field, check };
}

/** This browser forgets; the instance keeps what it has. */
function forgetView(me: Me): MeView {
  return (page) => {
    const { texts } = page;
    const { field, check } = confirmation(page, me);
    const run = async (): Promise<void> => {
      check();
      await forgetHere(me);
      page.show(overview(me));
      page.tell(texts.t('me.forget.done'));
    };
    return {
      title: texts.t('me.forget'),
      content: [
        card(
          texts.t('me.forget.title'),
          el('p', {}, texts.t('me.forget.about')),
          form(texts, { label: texts.t('me.forget'), look: 'danger', run }, field),
          backTo(page, overview(me)),
        ),
      ],
    };
  };
}

/** The instance forgets; this browser keeps the identity, which may be at home elsewhere too. */
function deleteView(me: Me): MeView {
  return (page) => {
    const { texts } = page;
    const { field, check } = confirmation(page, me);
    const run = async (): Promise<void> => {
      check();
      await inWords(texts, () => me.server.forgetMe());
      if (!me.isKept) await forgetHere(me);
      page.show(overview(me));
      page.tell(texts.t('me.delete.done'));
    };
    return {
      title: texts.t('me.delete'),
      content: [
        card(
          texts.t('me.delete.title', { alley: page.alley }),
          el('p', {}, texts.t('me.delete.about')),
          notice('warning', el('p', {}, texts.t('me.delete.warning'))),
          form(texts, { label: texts.t('me.delete'), look: 'danger', run }, field),
          backTo(page, overview(me)),
        ),
      ],
    };
  };
}

async function forgetHere(me: Me): Promise<void> {
  const store = await me.passport.store;
  await store.replace(me.identity, null);
  for (const { audience } of me.consents) await store.withdraw(audience);
  me.profile.name = '';
  me.server.api.restart();
  me.standing = 'unknown';
  me.roles = [];
  await me.load();
}
