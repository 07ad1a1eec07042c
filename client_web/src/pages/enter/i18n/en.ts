import { en as next } from '../../../next_door/i18n/en';
import { en as shared } from '../../i18n/en';

export const en = {
  ...shared,
  ...next,
  'enter.ask.title': 'Come in as you are known elsewhere',
  'enter.ask.about':
    'Is your identity at home in another alley? Write its address. It asks you there whether this alley may know you, and brings you here.',
  'enter.ask.label': 'Address of your alley',
  'enter.ask.hint': 'Such as alley.example, as it stands in the address bar of your browser there.',
  'enter.ask.bad': 'This is no address of an alley. It begins with https and has nothing behind the name.',
  'enter.ask.self': 'That is this alley. You can simply walk in.',
  'enter.ask.go': 'Ask there',
  'enter.who': '{host} asks who you are',
  'enter.name': 'Your name',
  'enter.bad.title': 'This link leads nowhere',
  'enter.bad': 'The address in it is none that one may go to.',
  'enter.unknown.title': 'No way from here',
  'enter.unknown': 'This alley has no way to {host}. Its keeper can add it to the alleys next door.',
  'enter.refused.title': 'No way in from here',
  'enter.refused': '{host} takes no visitors from this alley. Its keeper would have to list this alley first.',
  'enter.away.title': 'Nobody opens',
  'enter.away': '{host} cannot be reached at the moment. Nothing was told to anybody.',
  'enter.again': 'Try again',
  'enter.home': 'Stay in this alley',
} as const;

export type EnterKey = keyof typeof en;
export type EnterDictionary = Readonly<Record<EnterKey, string>>;
