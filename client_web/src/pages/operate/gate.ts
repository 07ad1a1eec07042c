/** Before anything is shown: who looks at this page, and what is said to those for whom it is not. */

import { ApiProblem } from '../../identity/api';
import { el } from '../../ui/dom';
import { refusalText } from '../caller';
import { actions, card, deed, problemText } from '../parts';
import type { House, OperatePage, OperateView } from './house';
import { invitationsView } from './invitations';
import { logView } from './log';
import { overviewView } from './overview';
import { peaceView } from './peace';
import { peopleView } from './people';
import { personView } from './person';
import { Asked, type Place, places } from './pieces';
import { settingsView } from './settings';

const VIEWS: Readonly<Record<Place, (house: House) => OperateView>> = {
  overview: overviewView,
  people: peopleView,
  invitations: invitationsView,
  peace: peaceView,
  log: (house) => logView(house),
  settings: settingsView,
};
const FOR_OPERATORS: readonly string[] = ['invitations', 'settings'];

/** The part of the page that an address such as `#people=did:key:z…` names. */
export function viewAt(house: House, address: string): OperateView {
  const [place = '', did = ''] = address.replace(/^#/, '').split('=');
  const isDid = /^did:key:z\w+$/.test(did);
  if (place === 'people' && isDid) return personView(house, did);
  if (place === 'people' && /^[\w-]{22}$/.test(did)) return visitorView(house, did);
  if (place === 'log' && isDid) return logView(house, did);
  if (!(place in VIEWS) || (!house.isOperator && FOR_OPERATORS.includes(place))) return overviewView(house);
  return VIEWS[place as Place](house);
}

/** Somebody by what the alley calls them, as links from within it do. */
function visitorView(house: House, id: string): OperateView {
  return (page) => {
    const found = new Asked(
      page.texts,
      () => house.didOf(id),
      (did) => {
        location.replace(`#people=${did}`);
        return [];
      },
    );
    return {
      title: page.texts.t('person.title'),
      content: [places(house, page, null), el('div', { class: 'paper card' }, found.element)],
    };
  };
}

export function waitingView(page: OperatePage): ReturnType<OperateView> {
  return { title: page.texts.t('op.name'), content: [el('p', { class: 'page-says' }, page.texts.t('page.busy'))] };
}

/** Ask who looks at the page and show what is theirs. `house` is null where this browser has no identity yet. */
export async function enter(page: OperatePage, house: House | null, address: () => string): Promise<boolean> {
  try {
    await house?.meet();
  } catch (error) {
    page.show(troubleView(house, error, address));
    return false;
  }
  if (!house?.mayLookAfter) {
    page.show(notYoursView);
    return false;
  }
  page.show(viewAt(house, address()));
  return true;
}

export const notYoursView: OperateView = ({ texts, alley }) => ({
  title: texts.t('op.name'),
  content: [
    card(
      texts.t('gate.title', { alley }),
      el('p', {}, texts.t('gate.about')),
      el('p', {}, texts.t('gate.elsewhere')),
      actions(
        el('a', { class: 'button button-main', attributes: { href: '/' } }, texts.t('gate.alley')),
        el('a', { class: 'button', attributes: { href: '/me' } }, texts.t('gate.me')),
      ),
    ),
  ],
});

function troubleView(house: House | null, error: unknown, address: () => string): OperateView {
  return (page) => {
    const { texts } = page;
    const words = error instanceof ApiProblem ? refusalText(texts, error) : problemText(texts, error);
    const run = async (): Promise<void> => void (await enter(page, house, address));
    return {
      title: texts.t('op.name'),
      content: [
        card(
          texts.t('gate.trouble'),
          el('p', {}, words),
          deed(texts, { label: texts.t('op.again'), key: 'again', run }),
          actions(el('a', { class: 'button button-quiet', attributes: { href: '/me' } }, texts.t('gate.me'))),
        ),
      ],
    };
  };
}
