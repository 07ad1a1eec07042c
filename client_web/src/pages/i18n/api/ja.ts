import type { ApiDictionary } from './en';

export const ja: ApiDictionary = {
  'api.notAllowed': 'ここではその操作はできません。役割が変わったのかもしれません。ページを読み込み直してください。',
  'api.claimed': 'この横丁にはすでに運営者がいます。',
  'api.codeUnknown': 'この横丁では、このリンクを確認できません。',
  'api.codeUsed': 'このリンクは使用済みです。リンクは一度だけ使えます。',
  'api.codeExpired': 'このリンクはもう使えません。',
  'api.lastOperator':
    'ただ一人の運営者です。先に別の運営者を決めてください。そうしないと、横丁の世話をする人がいなくなります。',
  'api.protected':
    '横丁の世話をする人を締め出したり、発言を止めたりすることはできません。先に運営者が役割を取り消してください。',
  'api.tooWide':
    '範囲が広すぎます。関係のない人まで締め出してしまいます。世話役は /24（IPv4）または /48（IPv6）まで、運営者は /8 または /16 まで指定できます。',
  'api.personUnknown': 'その名前の人は見かけていません。',
  'api.stallUnknown': 'その店はもうありません。',
  'api.grantUnknown': 'この役割はすでに取り消されています。',
  'api.granted': 'この人はすでにこの役割を持っています。',
  'api.invitationUnknown': 'その招待はもうありません。',
  'api.restrictionUnknown': 'これはもう有効ではありません。',
  'api.tooOften': '一度に多すぎました。少し待ってください。',
  'api.busy': '横丁が混み合っています。一分ほどしてからもう一度お試しください。',
  'api.revoked': 'この端末は、あなたの別の端末から外されました。「あなたの身元」でつなぎ直してください。',
  'api.banned': '今は中に入れません。理由：{reason}',
  'api.other': '横丁が受け付けませんでした。サーバーからの言葉：{message}',
};
