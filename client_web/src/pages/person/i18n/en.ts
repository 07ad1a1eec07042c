import { en as shared } from '../../i18n/en';

export const en = {
  ...shared,
  'person.title': 'Who is this?',
  'person.nameless': 'Somebody without a name',
  'person.doll': 'The doll of {name}',
  'person.here': 'At home in this alley',
  'person.role.artisan': 'Artisan',
  'person.role.keeper': 'Keeper',
  'person.role.operator': 'Operator',
  'person.self': 'This is you. Others see this page as it is.',
  'person.toSelf': 'Your identity',
  'person.successor': 'This identity has handed over to another one; nobody comes in with it any more.',
  'person.toSuccessor': 'To the one that follows it',
  'person.fingerprint': 'Fingerprint',
  'person.proof':
    'Anybody may call themselves “{name}”. These numbers are made from the person’s key, and nobody else’s key gives the same ones.',
  'person.compare':
    'To be sure who it is, ask the person in a way you trust (face to face, on the phone) to read you theirs. They stand on the page “Your identity” of every alley.',
  'person.same': 'All thirty digits alike: it is the same person, in whichever alley.',
  'person.other': 'One digit different: it is somebody else, whatever the name and the doll look like.',
  'person.places': 'Where to find them',
  'person.home': 'Home',
  'person.homeClaimed': 'Home, by their own word',
  'person.gateways': 'Also to be found at',
  'person.stalls': 'Stalls here',
  'person.did': 'Identity',
  'person.unknown.title': 'Nobody known here',
  'person.unknown':
    'This alley knows nobody of this address. Perhaps a character is missing in it. Guests are forgotten some time after their last visit, and whoever deletes their data is forgotten at once.',
  'person.failed.title': 'Not to be found out just now',
  'person.again': 'Try again',
} as const;

export type PersonKey = keyof typeof en;
export type PersonDictionary = Readonly<Record<PersonKey, string>>;
