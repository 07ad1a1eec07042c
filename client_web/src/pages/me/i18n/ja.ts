import { ja as look } from '../../../i18n/look/ja';
import { ja as shared } from '../../i18n/ja';
import type { MeDictionary } from './en';

export const ja: MeDictionary = {
  ...shared,
  ...look,
  'me.title': 'あなたの身元',
  'me.who': 'この横丁でのあなた',
  'me.nameless': '名前はまだありません',
  'me.doll': 'あなたのこけし',
  'me.guest': 'お客さま',
  'me.kept': '保管済み',
  'me.role.artisan': '職人',
  'me.role.keeper': '世話役',
  'me.role.operator': '運営者',
  'me.fingerprint': '指紋',
  'me.fingerprintHint':
    '名前は似ていることがありますが、この数字は重なりません。本人かどうか確かめたい人と見比べてください。',
  'me.details': '詳しく',
  'me.home': '本拠',
  'me.did': '身元',
  'me.deviceKey': 'この端末の鍵',
  'me.change': '名前とこけしを変える',
  'me.shown': 'ほかの人に見えるもの',
  'me.name': 'あなたの名前',
  'me.nameHint': '次に訪れたときから、こけしの上に表示されます。',
  'me.save': '保存する',
  'me.saved': '保存しました。',
  'me.next': '次へ',
  'me.cancel': '変えずに戻る',
  'me.toOverview': '身元のページへ',
  'me.toldLater': '今は横丁に伝えられませんでした。次に入るときに伝わります。',

  'me.guest.title': 'お客さまとして来ています',
  'me.guest.about':
    '何も尋ねませんでした。はじめて入ったとき、ブラウザーがあなただけの鍵を作りました。鍵はこのブラウザーの中にだけあります。データを消したり端末をなくしたりすると、別の人になります。',
  'me.guest.keep': 'ほかの端末やほかの横丁でも同じ人でいたいときは、この身元を保管してください。二分ほどで終わります。',
  'me.guest.link': '身元が別の端末にありますか。そちらで「端末をつなぐ」を選び、コードをこの端末で読み取ってください。',
  'me.guest.insecure':
    'このページは暗号化されずに届いたため、ここで入力した合言葉は途中で読まれるおそれがあります。身元の保管・復元・端末の追加は、https で始まるアドレスで開いて行ってください。',
  'me.keep': 'この身元を保管する',
  'me.recover': '復元ファイルがあります',
  'me.kept.title': 'この身元はずっとあなたのものです',
  'me.kept.about':
    'ふだんはこの端末があなたの代わりに署名します。残りはすべて復元ファイルにあり、あなたの合言葉でしか開きません。この横丁がなくなっても、どの横丁でも使えます。',
  'me.link': '端末をつなぐ',
  'me.saveAgain': '復元ファイルをもう一度',

  'me.warn.revoked': 'この端末は、あなたの別の端末から外されました。もう一度つなぐまで、入ることはできません。',
  'me.warn.refused': '今、この横丁には入れません。横丁からの言葉：',
  'me.warn.page':
    'このブラウザーは何も保存できません（プライベートウィンドウなど）。閉じるまでは同じ人ですが、閉じると別の人になります。',
  'me.warn.insecure':
    'このページは暗号化されずに届きました。お客さまとして入れますが、途中でこのページを書き換えられる人は鍵を読むことができます。',
  'me.warn.fallback':
    'このブラウザーは Ed25519 に対応しておらず、鍵をしまい込めません。鍵はこのサイトのデータの中に読める形で置かれ、悪意のある拡張機能などに写されるおそれがあります。新しいブラウザーなら守られます。',

  'me.passphrase': '合言葉',
  'me.passphrase.ask': '復元ファイルの合言葉です。',
  'me.passphrase.new': '新しい合言葉',
  'me.passphrase.again': 'もう一度同じ合言葉',
  'me.passphrase.hint': '{count} 文字以上。あなたにだけつながりのわかる、いくつかの言葉がよいでしょう。',
  'me.passphrase.short': '少し短いようです。{count} 文字以上にしてください。',
  'me.passphrase.differs': '二つが違っています。',
  'me.passphrase.show': '表示する',
  'me.passphrase.suggest': '候補を出す',

  'me.keep.step1': '合言葉を決める',
  'me.keep.step2': 'ファイルをしまう',
  'me.keep.step3': '完了',
  'me.keep.how':
    '合言葉は復元ファイルの錠前です。新しい端末に移るとき、端末をつなぐとき、外すときに使います。入るときには要りません。',
  'me.keep.nobody':
    'ほかの誰も持っていないので、誰にも再設定できません。書き留めてください。ただし復元ファイルと同じ紙には書かないでください。',
  'me.keep.safe': '安全な場所にありますか',
  'me.keep.safeHow':
    'そう答えると、あなた自身を表す鍵はこのブラウザーから離れます。その後はファイルだけが呼び戻せます。',
  'me.keep.finish': '安全です。保管します',
  'me.keep.saveFirst': '先に復元ファイルを保存するか、印刷してください。',
  'me.keep.done': 'これからも、あなたはあなたです',
  'me.keep.doneTitle': '身元を保管しました',
  'me.keep.doneAbout':
    '名前も、お店も、認められた権利も、あなたについてきます。別の端末では「復元ファイルがあります」を選ぶか、ここからつないでください。',

  'me.file.title': '復元ファイル',
  'me.file.about':
    '保存するか、印刷してください。両方ならなお安心です。合言葉がなければ誰にも開けませんが、両方を持つ人はあなたになれます。',
  'me.file.save': 'ファイルに保存する',
  'me.file.print': '用紙を印刷する',
  'me.file.saved': '{name} としてダウンロード先に保存しました。',
  'me.file.printed': 'きれいに印刷できたら、大切な書類と一緒にしまってください。',

  'me.sheet.title': '復元用紙',
  'me.sheet.qr': '暗号化された復元ファイルの QR コード',
  'me.sheet.date': '作成日',
  'me.sheet.hint': 'あなたにだけわかる、合言葉の手がかり',
  'me.sheet.what':
    '端末をなくしたとき、この用紙で身元を取り戻せます。合言葉がなければ役に立ちません。合言葉は別の場所にしまってください。',
  'me.sheet.step1': '新しい端末のカメラをコードに向け、アドレスを開きます。',
  'me.sheet.step2': '合言葉を入力します。',
  'me.sheet.step3': 'これで元のあなたです。なくした端末は「端末」の欄で外してください。',
  'me.sheet.elsewhere':
    'この横丁がもうないときは、ほかの横丁で「あなたの身元」を開き、「復元ファイルがあります」を選んで、コードの写真を撮るか、下の文字を入力してください。',

  'me.recover.title': 'この端末でもあなたになる',
  'me.recover.about': '保存したファイルを選ぶか、その中身を貼り付けてください。',
  'me.recover.scanned': 'コードを読み取りました。次は合言葉です。',
  'me.recover.choose': '保存したファイル',
  'me.recover.photo': '用紙の写真',
  'me.recover.noCode': 'この写真にはコードが見当たりません。明るいところで真上から撮ってみてください。',
  'me.recover.file': '復元ファイル',
  'me.recover.fileHint': 'ファイルの中身、またはコードが示すアドレス。',
  'me.recover.open': '開く',
  'me.recover.replaces':
    'このブラウザーには、すでに保管された身元があります。新しい身元と入れ替わり、その身元の復元ファイルでしか戻せません。',
  'me.recover.done': 'おかえりなさい、{name}さん。',
  'me.recover.noDevices': 'ほかの端末のことはここではわかりませんでした。この端末からもう一度つないでください。',

  'me.devices': '端末',
  'me.device.this': 'この端末',
  'me.device.nameless': '名前のない端末',
  'me.device.since': '{date} から',
  'me.device.name': 'この端末の呼び名',
  'me.device.nameHint': '一覧で見分けるためのものです。入った横丁からも読めます。',
  'me.device.rename': '呼び名を変える',
  'me.device.renamed': '呼び名を変えました。',
  'me.device.revoke': '外す',
  'me.device.revoked': '{name} を外しました。',
  'me.device.revokeAbout':
    'この端末はすぐに外へ出され、もう一度つながない限り、あなたとして入れなくなります。なくしたときや手放したときに行ってください。',

  'me.link.step1': '読み取る',
  'me.link.step2': '見比べる',
  'me.link.step3': '完了',
  'me.link.scan': 'もう一つの端末で読み取ってください',
  'me.link.scanHow': 'カメラアプリで読み取れます。コードは十分間、端末一つに使えます。',
  'me.link.qr': '端末をつなぐ QR コード',
  'me.link.waiting': 'もう一つの端末を待っています…',
  'me.link.noCamera': 'カメラがないとき',
  'me.link.address':
    'このアドレスをそちらで開いてください。知っている人は誰でもつなぐことを頼めるので、ほかの人には送らないでください。',
  'me.link.compare': 'あなたの端末ですか',
  'me.link.asks': '端末があなたになりたがっています',
  'me.link.compareHow':
    'もう一つの端末にまったく同じ数字が出ているときだけ認めてください。認めた端末はあなたとして振る舞えます。',
  'me.link.accept': '数字は同じです。つなぐ',
  'me.link.notMine': '私の端末ではありません',
  'me.link.linked': '{name} をつなぎました。',
  'me.link.over': 'つながりませんでした',
  'me.link.overHow': '時間が切れたか、二つの端末の話が合いませんでした。何も変わっていません。もう一度始めてください。',
  'me.link.here': 'この端末をつなぐ',
  'me.link.hereTitle': 'もう一つの端末が待っています',
  'me.link.hereAbout': 'このブラウザーもあなたになります。お客さまだった場合は入れ替わります。',
  'me.link.ask': 'もう一つの端末に頼む',
  'me.link.numbers': 'この数字を見比べてください',
  'me.link.numbersHow': 'もう一つの端末にも数字が出ます。同じなら、そちらで合言葉を入力して認めてください。',
  'me.link.waitingThere': 'そちらの返事を待っています…',
  'me.link.done': 'この端末をつなぎました。ようこそ。',

  'me.home.change': '本拠を変える',
  'me.home.title': 'あなたの本拠',
  'me.home.about':
    'よそでは「愛子@yokocho.example」のように、名前の後ろに本拠が付きます。ほかの人はこれらのアドレスを上から順にたどってあなたを探します。',
  'me.home.keep': '身元は変わりません。お店は自動では移りません。',
  'me.home.list': 'アドレス',
  'me.home.listHint': '一行に一つ、{count} 件まで。',
  'me.home.bad': '横丁のアドレスではありません：{address}',
  'me.home.moved': '本拠を変えました。',

  'me.alleys': 'あなたを知ってよい、ほかの横丁',
  'me.alleys.about': 'ここには誰もが自分の鍵で入ります。ほかの横丁には、あなたがよいと言うまで何も伝わりません。',
  'me.alleys.none': 'まだありません。となりの横丁へはじめて行くときにお尋ねします。',
  'me.alleys.withdraw': '次からまた尋ねる',
  'me.alleys.withdrawn': 'もう一度許すまで、{alley} には何も伝わりません。',

  'me.data': 'この横丁にあるあなたの記録',
  'me.data.about': 'ここに保存されているあなたの記録のすべてを、人にもプログラムにも読める形で渡します。',
  'me.data.export': 'すべて保存する',
  'me.data.exported': 'ダウンロード先に保存しました。',

  'me.danger': 'やり直す・立ち去る',
  'me.danger.about': '元に戻せないことばかりです。どれもまず説明し、もう一度答えるまで何も起こりません。',
  'me.succeed': '復元ファイルが人の手に渡ったかもしれません',
  'me.succeed.title': '取り置いた鍵に替える',
  'me.succeed.about':
    '身元を作ったとき、二つ目の鍵を取り置き、知らせておきました。それが一つ目の代わりになります。あなたを知る横丁はその鍵を見分け、名前もお店も権利も移ります。',
  'me.succeed.warning':
    '指紋が変わり、古い復元ファイルは使えなくなります。前の身元を持つほかの端末は、もう一度つなぐ必要があります。',
  'me.forget': 'このブラウザーから消す',
  'me.forget.title': 'このブラウザーはあなたを忘れます',
  'me.forget.about': '鍵と名前をこのブラウザーから取り除きます。横丁にある記録はそのまま残ります。',
  'me.forget.done': '消しました。このブラウザーでは新しい人です。',
  'me.delete': 'この横丁の記録を消す',
  'me.delete.title': '{alley} はあなたを忘れます',
  'me.delete.about': '横丁にあるあなたの記録を完全に消します。名前、話したこと、権利、それに結び付いたものすべてです。',
  'me.delete.warning': '控えからも取り戻せません。必要なものがあれば、先にすべて保存してください。',
  'me.delete.done': '横丁はあなたを忘れました。',
  'me.confirm': '「{word}」と入力してください',
  'me.confirm.word': '消す',
  'me.confirm.kept': '身元そのものは、復元ファイルで取り戻せます。',
  'me.confirm.guest': 'お客さまの身元なので、消すと二度と戻りません。',

  'me.problem.passphrase':
    'この合言葉では復元ファイルが開きません。大文字と空白を確かめてください。何も変わっていません。',
  'me.problem.elsewhere':
    'その間に別のタブで身元が変わりました。ページを読み込み直してください。失われたものはありません。',
  'me.problem.devices': 'ほかの横丁が受け入れる端末の数に達しています。先に一つ外してください。',
  'me.problem.unreadable': '壊れているか、Yokocho で作られたものではありません。',
  'me.problem.noFile': '復元ファイルではありません。波かっこかアドレスで始まるものです。',
  'me.problem.server': '横丁からの言葉：{message}',
};
