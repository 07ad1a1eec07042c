import { ja as shared } from '../../i18n/ja';
import type { PersonDictionary } from './en';

export const ja: PersonDictionary = {
  ...shared,
  'person.title': 'この人は？',
  'person.nameless': '名前のない方',
  'person.doll': '{name}さんの人形',
  'person.here': 'この横丁の住人',
  'person.role.artisan': '職人',
  'person.role.keeper': '世話役',
  'person.role.operator': '運営者',
  'person.self': 'これはあなたです。ほかの人にもこのとおりに見えます。',
  'person.toSelf': 'あなたの身元',
  'person.successor': 'この身元は新しい身元に引き継がれました。もうこの身元で入る人はいません。',
  'person.toSuccessor': '引き継いだ身元へ',
  'person.fingerprint': '指紋',
  'person.proof':
    '「{name}」とは誰でも名乗れます。けれどもこの数字は本人の鍵からできていて、ほかの鍵から同じ数字は出ません。',
  'person.compare':
    '本人か確かめたいときは、会って、または電話など信頼できる方法で、数字を読み上げてもらってください。どの横丁でも「あなたの身元」のページにあります。',
  'person.same': '三十桁がすべて同じなら、どの横丁でも同じ人です。',
  'person.other': '一桁でも違えば、名前や人形がどう見えても別の人です。',
  'person.places': 'この人の居場所',
  'person.home': '住まい',
  'person.homeClaimed': '住まい（本人によれば）',
  'person.gateways': 'ほかに会える場所',
  'person.stalls': 'ここの店',
  'person.did': '身元',
  'person.unknown.title': 'ここでは知られていません',
  'person.unknown':
    'この住所の方は、この横丁では知られていません。文字が抜けていないかお確かめください。お客さまの記録は最後の訪問からしばらくすると、ご自分で消した場合はすぐに、忘れられます。',
  'person.failed.title': '今は調べられません',
  'person.again': 'もう一度試す',
};
