import { de as shared } from '../../i18n/de';
import type { PersonDictionary } from './en';

export const de: PersonDictionary = {
  ...shared,
  'person.title': 'Wer ist das?',
  'person.nameless': 'Jemand ohne Namen',
  'person.doll': 'Die Puppe von {name}',
  'person.here': 'In dieser Gasse zu Hause',
  'person.role.artisan': 'Werkstatt',
  'person.role.keeper': 'Aufsicht',
  'person.role.operator': 'Betrieb',
  'person.self': 'Das bist du. Andere sehen diese Seite genauso.',
  'person.toSelf': 'Deine Identität',
  'person.successor': 'Diese Identität hat eine Nachfolgerin; mit ihr kommt niemand mehr herein.',
  'person.toSuccessor': 'Zur Nachfolgerin',
  'person.fingerprint': 'Fingerabdruck',
  'person.proof':
    '„{name}“ kann sich jeder nennen. Diese Ziffern aber entstehen aus dem Schlüssel der Person, und kein anderer Schlüssel ergibt dieselben.',
  'person.compare':
    'Willst du sicher sein, dann lass sie dir auf einem Weg vorlesen, dem du traust: im Gespräch, am Telefon. Jeder findet die eigenen in jeder Gasse auf der Seite „Deine Identität“.',
  'person.same': 'Alle dreißig Ziffern gleich: Es ist dieselbe Person, in welcher Gasse auch immer.',
  'person.other': 'Eine Ziffer anders: Es ist jemand anderes, wie auch immer Name und Puppe aussehen.',
  'person.places': 'Wo die Person zu finden ist',
  'person.home': 'Zuhause',
  'person.homeClaimed': 'Zuhause, nach eigenen Worten',
  'person.gateways': 'Auch zu finden bei',
  'person.stalls': 'Stände hier',
  'person.did': 'Identität',
  'person.unknown.title': 'Hier unbekannt',
  'person.unknown':
    'Diese Gasse kennt niemanden unter dieser Adresse. Vielleicht fehlt ein Zeichen darin. Gäste werden einige Zeit nach ihrem letzten Besuch vergessen, und wer seine Daten löscht, sofort.',
  'person.failed.title': 'Lässt sich gerade nicht herausfinden',
  'person.again': 'Noch einmal versuchen',
};
