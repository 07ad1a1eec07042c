import { de as shared } from '../../i18n/de';
import type { MeDictionary } from './en';

export const de: MeDictionary = {
  ...shared,
  'me.title': 'Du',
  'me.shown': 'Was andere sehen',
  'me.name': 'Dein Name',
  'me.nameHint': 'Er steht über deiner Puppe, vom nächsten Besuch an.',
  'me.save': 'Behalten',
  'me.saved': 'Behalten.',
};
