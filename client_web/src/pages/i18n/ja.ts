import type { PageDictionary } from './en';

export const ja: PageDictionary = {
  'app.name': 'Yokocho',
  'app.language': '言語',
  'page.back': '横丁へ：{alley}',
  'page.skip': '本文へ',
  'page.busy': '少しお待ちください…',
  'page.fillIn': 'ここに入力してください。',
  'page.unreachable': '今、横丁につながりません。入力した内容は残っています。しばらくしてからもう一度お試しください。',
  'page.failed': 'うまくいきませんでした。入力した内容は残っています。もう一度お試しください。',
  'page.percent': '{percent} %',
};
