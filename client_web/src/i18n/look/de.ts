import type { LookDictionary } from './en';

export const de: LookDictionary = {
  'look.title': 'Deine Puppe',
  'look.again': 'Eine andere',
  'look.hair': 'Haar',
  'look.hairColour': 'Haarfarbe',
  'look.face': 'Gesicht',
  'look.pattern': 'Muster',
  'look.kimono': 'Stoff',
  'look.sash': 'Gürtel',
  'look.wood': 'Holz',
  'look.height': 'Größe',
  'look.heightValue': '{cm} cm',
  'look.option': '{part} {number}',
  'look.preview': 'Eine Kokeshi-Puppe aus Holz, so wie du sie gewählt hast',
  'look.previous': 'Zurück: {part}',
  'look.next': 'Weiter: {part}',
};
