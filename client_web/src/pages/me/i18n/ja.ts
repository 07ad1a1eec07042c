import { ja as shared } from '../../i18n/ja';
import type { MeDictionary } from './en';

export const ja: MeDictionary = {
  ...shared,
  'me.title': 'あなた',
  'me.shown': 'ほかの人に見えるもの',
  'me.name': 'お名前',
  'me.nameHint': '次に入ったときから、こけしの上に出ます。',
  'me.save': '保存する',
  'me.saved': '保存しました。',
};
