/** Where the identity is at home: its gateways, the first of which stands behind the name elsewhere. */

import { MAX_GATEWAYS, movedTo } from '../../identity/keeping';
import { gatewayOf } from '../../identity/passport';
import { el } from '../../ui/dom';
import { card, Field, form, notice, Problem } from '../parts';
import { sign } from './devices';
import type { Me, MeTexts, MeView } from './me';
import { overview } from './overview';
import { backTo, passphraseField } from './pieces';

export function homeView(me: Me): MeView {
  return (page) => {
    const { texts } = page;
    const homes = new Field({
      label: texts.t('me.home.list'),
      hint: texts.t('me.home.listHint', { count: MAX_GATEWAYS }),
      value: me.actor.gateways.join('\n'),
      isLong: true,
      isCode: true,
      isRequired: true,
    });
    const passphrase = passphraseField(texts);
    const run = async (): Promise<void> => {
      const gateways = readGateways(texts, homes);
      await sign(me, page, passphrase.value, movedTo(gateways), texts.t('me.home.moved'));
    };
    return {
      title: texts.t('me.home.change'),
      content: [
        card(
          texts.t('me.home.title'),
          el('p', {}, texts.t('me.home.about')),
          notice('note', el('p', {}, texts.t('me.home.keep'))),
          form(texts, { label: texts.t('me.save'), run }, homes, passphrase),
          backTo(page, overview(me)),
        ),
      ],
    };
  };
}

function readGateways(texts: MeTexts, field: Field): string[] {
  const lines = field.value.split(/\s+/).filter(Boolean);
  const origins = lines.map((line) => {
    try {
      return gatewayOf(new URL(line.includes('://') ? line : `https://${line}`).origin);
    } catch {
      throw new Problem(texts.t('me.home.bad', { address: line }), field);
    }
  });
  const gateways = [...new Set(origins)];
  if (gateways.length === 0 || gateways.length > MAX_GATEWAYS || gateways.includes('null')) {
    throw new Problem(texts.t('me.home.listHint', { count: MAX_GATEWAYS }), field);
  }
  return gateways;
}
