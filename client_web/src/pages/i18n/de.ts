import type { PageDictionary } from './en';

export const de: PageDictionary = {
  'app.name': 'Yokocho',
  'app.language': 'Sprache',
  'page.back': 'Zur Gasse: {alley}',
  'page.skip': 'Zum Inhalt',
  'page.busy': 'Einen Moment …',
  'page.fillIn': 'Bitte fülle das aus.',
  'page.unreachable':
    'Die Gasse ist gerade nicht zu erreichen. Was du geschrieben hast, ist noch da; versuch es bald noch einmal.',
  'page.failed': 'Das hat nicht geklappt. Was du geschrieben hast, ist noch da; bitte versuch es noch einmal.',
  'page.percent': '{percent} %',
};
