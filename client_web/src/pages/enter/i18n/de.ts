import { de as next } from '../../../next_door/i18n/de';
import { de as shared } from '../../i18n/de';
import type { EnterDictionary } from './en';

export const de: EnterDictionary = {
  ...shared,
  ...next,
  'enter.ask.title': 'Komm herein, wie man dich anderswo kennt',
  'enter.ask.about':
    'Ist deine Identität in einer anderen Gasse zu Hause? Schreib ihre Adresse. Dort wirst du gefragt, ob diese Gasse dich kennen darf, und von dort kommst du her.',
  'enter.ask.label': 'Adresse deiner Gasse',
  'enter.ask.hint': 'Etwa alley.example, so wie sie dort in der Adresszeile deines Browsers steht.',
  'enter.ask.bad': 'Das ist keine Adresse einer Gasse. Sie beginnt mit https, und hinter dem Namen steht nichts mehr.',
  'enter.ask.self': 'Das ist diese Gasse. Du kannst einfach hereinkommen.',
  'enter.ask.go': 'Dort fragen',
  'enter.who': '{host} fragt, wer du bist',
  'enter.name': 'Dein Name',
  'enter.bad.title': 'Dieser Link führt nirgendwohin',
  'enter.bad': 'Die Adresse darin ist keine, zu der man gehen darf.',
  'enter.unknown.title': 'Kein Weg von hier',
  'enter.unknown':
    'Von dieser Gasse führt kein Weg zu {host}. Wer sie betreibt, kann ihn bei den Gassen nebenan eintragen.',
  'enter.refused.title': 'Von hier kein Einlass',
  'enter.refused': '{host} nimmt keine Gäste aus dieser Gasse auf. Dort müsste diese Gasse erst eingetragen werden.',
  'enter.away.title': 'Niemand öffnet',
  'enter.away': '{host} ist gerade nicht zu erreichen. Niemand hat etwas erfahren.',
  'enter.again': 'Noch einmal versuchen',
  'enter.home': 'In dieser Gasse bleiben',
};
