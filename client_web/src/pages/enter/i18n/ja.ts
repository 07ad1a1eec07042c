import { ja as next } from '../../../next_door/i18n/ja';
import { ja as shared } from '../../i18n/ja';
import type { EnterDictionary } from './en';

export const ja: EnterDictionary = {
  ...shared,
  ...next,
  'enter.ask.title': 'ほかの横丁のあなたのまま入る',
  'enter.ask.about':
    'あなたの身元は別の横丁にありますか。その住所を書いてください。この横丁に伝えてよいかをそちらでお尋ねし、そこからここへお連れします。',
  'enter.ask.label': 'あなたの横丁の住所',
  'enter.ask.hint': '例：alley.example。ブラウザーの住所欄に出ているとおりに。',
  'enter.ask.bad': 'これは横丁の住所ではありません。https で始まり、名前のあとには何も付きません。',
  'enter.ask.self': 'それはこの横丁です。そのままお入りください。',
  'enter.ask.go': 'そちらで尋ねる',
  'enter.who': '{host} があなたのことを尋ねています',
  'enter.name': 'お名前',
  'enter.bad.title': 'このリンクの先はありません',
  'enter.bad': '書かれている住所は、行ってよい場所ではありません。',
  'enter.unknown.title': 'ここからの道はありません',
  'enter.unknown': 'この横丁から {host} への道はありません。運営者が「となりの横丁」に加えることができます。',
  'enter.refused.title': 'ここからは入れません',
  'enter.refused': '{host} はこの横丁からの訪問を受け入れていません。まず先方の登録が必要です。',
  'enter.away.title': '返事がありません',
  'enter.away': '{host} には今つながりません。誰にも何も伝わっていません。',
  'enter.again': 'もう一度試す',
  'enter.home': 'この横丁に残る',
};
