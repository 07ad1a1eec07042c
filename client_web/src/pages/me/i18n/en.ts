import { en as shared } from '../../i18n/en';

export const en = {
  ...shared,
  'me.title': 'You',
  'me.shown': 'What others see',
  'me.name': 'Your name',
  'me.nameHint': 'It stands above your doll, from your next visit on.',
  'me.save': 'Keep',
  'me.saved': 'Kept.',
} as const;

export type MeKey = keyof typeof en;
export type MeDictionary = Readonly<Record<MeKey, string>>;
