import { ja as api } from '../../i18n/api/ja';
import { ja as shared } from '../../i18n/ja';
import type { WelcomeDictionary } from './en';

export const ja: WelcomeDictionary = {
  ...shared,
  ...api,
  toAlley: '横丁に入る',
  toOperate: '横丁の世話をする',
  again: 'もう一度試す',

  'who.title': 'この身元で引き受けます',
  'who.name': 'あなたの名前',
  'who.nameHint': 'こけしの上に表示されます。いつでも変えられます。',
  'who.doll': 'あなたのこけし',
  'who.nameless': '名前のない人',
  'who.fingerprint': 'あなたの指紋',
  'who.guest': 'この身元はブラウザーが作り、預かっています。会員登録は必要ありません。',
  'who.kept': '保管済みの身元です。何があっても、復元ファイルで取り戻せます。',
  'who.badgeGuest': 'お客さま',
  'who.badgeKept': '保管済み',
  'who.did': 'あなたの身元',

  'keep.title': '今、この身元を保管してください',
  'keep.how': '二分ほどで終わります。合言葉を決めて、ファイルをしまうだけです。ほかの端末もつなげるようになります。',
  'keep.fleeting': 'このブラウザーでは何も保存できないため、ウィンドウを閉じると身元が失われます。',
  'keep.go': 'この身元を保管する',

  'claim.title': '{alley}の運営者になる',
  'claim.welcome': 'ようこそ。この横丁は、世話をする人を待っています',
  'claim.about':
    'このリンクは、サーバーを始めた人に渡されたもので、一度だけ使えます。開いた人が運営者になり、この場所の世話をします。',
  'claim.point1': '店を持つ職人や、いっしょに見守る世話役を招きます。',
  'claim.point2': '入れない人や発言できない人を決め、異議の申し立て方を伝えます。',
  'claim.point3': 'ほかの人も運営者にできるので、一人で抱えずにすみます。',
  'claim.take': '運営者になる',
  'claim.done': 'あなたは{alley}の運営者です',
  'claim.keep':
    'この横丁の鍵は、あなたの身元に結びついています。その身元は今、このブラウザーの中にしかありません。データを消したり端末をなくしたりすると、ブラウザーから横丁の世話をできる人がいなくなります。',
  'claim.next': 'これから',
  'claim.nextAbout':
    '次のページでは、今いる人やこれまでに来た人を見たり、職人や世話役を招いたり、異議の申し立て方を書いたりできます。',
  'claim.late': '{alley}には運営者がいます',
  'claim.itIsYou': 'あなたが運営者です',
  'claim.itIsYouAbout': 'すでに運営者になっています。このリンクの役目は終わりました。',
  'claim.lateTitle': '先に引き受けた人がいます',
  'claim.lateAbout':
    'この横丁にはすでに運営者がいるため、リンクはもう使えません。それがあなたなら、そのとき使ったブラウザーで開くか、復元ファイルで身元を取り戻してください。',
  'claim.lateServer':
    '心当たりがなく、サーバーがあなたのものなら、コマンドラインの「yokocho operator list」で運営者を確かめ、「grant」と「revoke」で直せます。',
  'claim.unknownTitle': 'このリンクでは何も開きません',
  'claim.noCode': '「#」から後ろの部分がありません。表示されたとおりに、最後の文字まで含めて開いてください。',
  'claim.unknown':
    'この横丁では確認できません。サーバーを始めるたびに新しいリンクが作られ、前のものは使えなくなります。',
  'claim.fresh': '最新のリンクはサーバーの出力にあります。「yokocho operator claim-link」で新しく作ることもできます。',

  'invite.title': '{alley}への招待',
  'invite.artisan': 'あなたの店',
  'invite.keeper': '横丁を見守る',
  'invite.forStall': '「{stall}」の店を持つよう招かれています。',
  'invite.forPeace': '{alley}の世話役に招かれています。',
  'invite.artisanAbout':
    '職人はここに作品を並べ、足を止めた人と出会います。店は会員登録ではなく、あなたの身元に結びつきます。',
  'invite.keeperAbout':
    '世話役は、みんなが気持ちよく過ごせるように見守ります。発言を止めたり、退場してもらったりできます。理由は必ず本人に伝わり、すべて記録されます。',
  'invite.by': '招いた人',
  'invite.until': '期限',
  'invite.console': 'サーバーの管理者',
  'invite.accept': '引き受ける',
  'invite.doneArtisan': '「{stall}」はあなたの店になりました',
  'invite.doneKeeper': '世話役になりました',
  'invite.next': 'これから',
  'invite.nextArtisan': '横丁に入って店の前に立ち、お客さまの目で眺めてみてください。',
  'invite.nextKeeper': '横丁の世話をするページが使えるようになりました。中の「人」の一覧からも操作できます。',
  'invite.toStall': '自分の店へ',
  'invite.keepArtisan':
    '店はあなたの身元に結びついています。その身元は今、このブラウザーの中にしかありません。データを消したり端末をなくしたりすると、運営者がもう一度招くまで、店の持ち主がいなくなります。',
  'invite.keepKeeper':
    '役割はあなたの身元に結びついています。その身元は今、このブラウザーの中にしかありません。データを消したり端末をなくしたりすると、運営者にもう一度招いてもらう必要があります。',
  'invite.over': 'あなたへの招待',
  'invite.unknown': 'この横丁では、この招待を確認できません',
  'invite.unknownAbout':
    '文字が欠けているか、別の横丁のリンクかもしれません。受け取ったとおりに、最後の文字まで含めて開くか、新しい招待を頼んでください。',
  'invite.noStall': '招待の対象だった店はもうありません。招いた人に確かめてください。',
  'invite.used': 'この招待はすでに使われています',
  'invite.usedAbout':
    '招待は一度だけ使えます。あなたが使ったのなら、そのときのブラウザーで横丁を開いてください。心当たりがなければ、招いた人に伝えて新しい招待を頼んでください。',
  'invite.expired': 'この招待は終わりました',
  'invite.expiredAbout':
    '期限が過ぎたか、取り消されました。招いた人に新しい招待を頼んでください。ほかに失われたものはありません。',
  'invite.trouble': '横丁に確かめられませんでした',
};
