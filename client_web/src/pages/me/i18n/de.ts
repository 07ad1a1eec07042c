import { de as look } from '../../../i18n/look/de';
import { de as shared } from '../../i18n/de';
import type { MeDictionary } from './en';

export const de: MeDictionary = {
  ...shared,
  ...look,
  'me.title': 'Deine Identität',
  'me.who': 'Du in dieser Gasse',
  'me.nameless': 'Noch ohne Namen',
  'me.doll': 'Deine Puppe',
  'me.guest': 'Gast',
  'me.kept': 'Behalten',
  'me.role.artisan': 'Werkstatt',
  'me.role.keeper': 'Aufsicht',
  'me.role.operator': 'Betrieb',
  'me.fingerprint': 'Fingerabdruck',
  'me.fingerprintHint':
    'Namen können sich gleichen, diese Zahlen nicht. Vergleiche sie mit jemandem, der sicher sein will, dass du es bist.',
  'me.details': 'Im Einzelnen',
  'me.home': 'Zuhause',
  'me.did': 'Identität',
  'me.deviceKey': 'Schlüssel dieses Geräts',
  'me.change': 'Name und Puppe ändern',
  'me.shown': 'Was andere sehen',
  'me.name': 'Dein Name',
  'me.nameHint': 'Er steht ab dem nächsten Besuch über deiner Puppe.',
  'me.save': 'Behalten',
  'me.saved': 'Behalten.',
  'me.next': 'Weiter',
  'me.cancel': 'Zurück, ohne etwas zu ändern',
  'me.toOverview': 'Zu deiner Identität',
  'me.toldLater': 'Der Gasse ließ es sich gerade nicht sagen; sie erfährt es, wenn du das nächste Mal hineingehst.',

  'me.guest.title': 'Du bist als Gast hier',
  'me.guest.about':
    'Niemand hat dich etwas gefragt: Dein Browser hat dir beim ersten Hineingehen einen eigenen Schlüssel gemacht. Er lebt nur in diesem Browser. Löschst du dessen Daten oder verlierst das Gerät, bist du jemand Neues.',
  'me.guest.keep':
    'Willst du dieselbe Person bleiben, auch auf anderen Geräten und in anderen Gassen, dann behalte diese Identität. Das dauert zwei Minuten.',
  'me.guest.link':
    'Ist deine Identität auf einem anderen Gerät? Wähle dort „Weiteres Gerät verbinden“ und lies den Code mit diesem ein.',
  'me.guest.insecure':
    'Diese Seite kam unverschlüsselt, eine Passphrase könnte unterwegs mitgelesen werden. Öffne die Gasse unter einer Adresse mit https, um eine Identität zu behalten, zurückzuholen oder zu verbinden.',
  'me.keep': 'Diese Identität behalten',
  'me.recover': 'Ich habe eine Wiederherstellungsdatei',
  'me.kept.title': 'Diese Identität bleibt deine',
  'me.kept.about':
    'Im Alltag unterschreibt dieses Gerät für dich. Alles andere liegt in deiner Wiederherstellungsdatei, die nur deine Passphrase öffnet. Sie gilt in jeder Gasse, auch wenn diese einmal schließt.',
  'me.link': 'Weiteres Gerät verbinden',
  'me.saveAgain': 'Wiederherstellungsdatei, noch einmal',

  'me.warn.revoked':
    'Eines deiner anderen Geräte hat dieses abgemeldet. Es kann erst wieder hinein, wenn du es neu verbindest.',
  'me.warn.refused': 'Diese Gasse lässt dich gerade nicht hinein. Sie sagt:',
  'me.warn.page':
    'Dein Browser lässt diese Seite nichts speichern, wie manche privaten Fenster. Du bist dieselbe Person, bis du sie schließt, und danach jemand Neues.',
  'me.warn.insecure':
    'Diese Seite kam unverschlüsselt. Als Gast kannst du hinein; wer diese Seite auf dem Weg zu dir verändern kann, kann deinen Schlüssel lesen.',
  'me.warn.fallback':
    'Dein Browser kann deinen Schlüssel nicht wegschließen: Er kennt Ed25519 nicht. Der Schlüssel liegt lesbar in den Daten dieser Seite, eine bösartige Erweiterung könnte ihn kopieren. Ein neuerer Browser schützt ihn.',

  'me.passphrase': 'Passphrase',
  'me.passphrase.ask': 'Die deiner Wiederherstellungsdatei.',
  'me.passphrase.new': 'Eine Passphrase',
  'me.passphrase.again': 'Dieselbe noch einmal',
  'me.passphrase.hint': 'Mindestens {count} Zeichen; gut sind ein paar Wörter, die nur für dich zusammengehören.',
  'me.passphrase.short': 'Das ist etwas kurz. Bitte nimm mindestens {count} Zeichen.',
  'me.passphrase.differs': 'Die beiden sind verschieden.',
  'me.passphrase.show': 'Zeigen',
  'me.passphrase.suggest': 'Eine vorschlagen',

  'me.keep.step1': 'Passphrase wählen',
  'me.keep.step2': 'Datei gut aufheben',
  'me.keep.step3': 'Fertig',
  'me.keep.how':
    'Sie verschließt deine Wiederherstellungsdatei. Du brauchst sie wieder, wenn du auf ein neues Gerät umziehst, eines verbindest oder abmeldest; nie zum Hineingehen.',
  'me.keep.nobody':
    'Niemand kann sie zurücksetzen, denn niemand sonst hat sie. Schreib sie auf, aber nicht auf dasselbe Blatt wie die Wiederherstellungsdatei.',
  'me.keep.safe': 'Liegt sie an einem sicheren Ort?',
  'me.keep.safeHow':
    'Sobald du das sagst, verlässt der Teil deines Schlüssels diesen Browser, der dich ausmacht. Dann bringt ihn nur noch die Datei zurück.',
  'me.keep.finish': 'Sie ist sicher, behalte mich',
  'me.keep.saveFirst': 'Bitte speichere oder drucke zuerst die Wiederherstellungsdatei.',
  'me.keep.done': 'Von nun an bist du du',
  'me.keep.doneTitle': 'Deine Identität ist behalten',
  'me.keep.doneAbout':
    'Dein Name, deine Läden und deine Rechte bleiben bei dir. Auf einem anderen Gerät wähle „Ich habe eine Wiederherstellungsdatei“, oder verbinde es von hier aus.',

  'me.file.title': 'Deine Wiederherstellungsdatei',
  'me.file.about':
    'Speichere sie, drucke sie, am besten beides. Ohne die Passphrase kann sie niemand öffnen, aber wer beides hat, ist du.',
  'me.file.save': 'Als Datei speichern',
  'me.file.print': 'Blatt drucken',
  'me.file.saved': 'Gespeichert als {name}, dort, wo dein Browser Downloads ablegt.',
  'me.file.printed': 'Wenn das Blatt gut geworden ist, leg es zu den Papieren, die dir wichtig sind.',

  'me.sheet.title': 'Wiederherstellungsblatt',
  'me.sheet.qr': 'QR-Code mit der verschlüsselten Wiederherstellungsdatei',
  'me.sheet.date': 'Gemacht am',
  'me.sheet.hint': 'Ein Hinweis auf die Passphrase, den nur du verstehst',
  'me.sheet.what':
    'Dieses Blatt bringt deine Identität zurück, wenn das Gerät verloren ist. Ohne die Passphrase nützt es nichts; bewahre sie anderswo auf.',
  'me.sheet.step1': 'Halte die Kamera des neuen Geräts auf den Code und öffne die Adresse.',
  'me.sheet.step2': 'Gib die Passphrase ein.',
  'me.sheet.step3': 'Du bist wieder du. Melde das verlorene Gerät unter „Geräte“ ab.',
  'me.sheet.elsewhere':
    'Gibt es diese Gasse nicht mehr? Öffne „Deine Identität“ in irgendeiner anderen, wähle „Ich habe eine Wiederherstellungsdatei“ und fotografiere den Code oder tippe ab, was unten steht.',

  'me.recover.title': 'Auch auf diesem Gerät du sein',
  'me.recover.about': 'Wähle die gespeicherte Datei, oder füge ein, was darin steht.',
  'me.recover.scanned': 'Der Code ist gelesen. Nun die Passphrase.',
  'me.recover.choose': 'Die gespeicherte Datei',
  'me.recover.photo': 'Ein Foto des Blatts',
  'me.recover.noCode': 'Auf diesem Bild ist kein Code zu erkennen. Versuch es mit mehr Licht, gerade von oben.',
  'me.recover.file': 'Wiederherstellungsdatei',
  'me.recover.fileHint': 'Was in der Datei steht, oder die Adresse aus dem Code.',
  'me.recover.open': 'Öffnen',
  'me.recover.replaces':
    'In diesem Browser liegt schon eine behaltene Identität. Sie macht der anderen Platz; nur ihre eigene Wiederherstellungsdatei bringt sie zurück.',
  'me.recover.done': 'Willkommen zurück, {name}.',
  'me.recover.noDevices': 'Von deinen anderen Geräten wusste hier niemand. Verbinde sie von diesem aus neu.',

  'me.devices': 'Geräte',
  'me.device.this': 'dieses',
  'me.device.nameless': 'Ein Gerät ohne Namen',
  'me.device.since': 'seit {date}',
  'me.device.name': 'Wie dieses Gerät heißt',
  'me.device.nameHint': 'Damit du es in der Liste erkennst. Gassen, in die du gehst, können es lesen.',
  'me.device.rename': 'Umbenennen',
  'me.device.renamed': 'Umbenannt.',
  'me.device.revoke': 'Abmelden',
  'me.device.revoked': '{name} spricht nicht mehr für dich.',
  'me.device.revokeAbout':
    'Dieses Gerät ist sofort draußen und kann nicht mehr als du hinein, es sei denn, du verbindest es neu. Tu das, wenn es verloren oder verkauft ist.',

  'me.link.step1': 'Einlesen',
  'me.link.step2': 'Vergleichen',
  'me.link.step3': 'Fertig',
  'me.link.scan': 'Lies das mit dem anderen Gerät ein',
  'me.link.scanHow': 'Seine Kamera-App genügt. Der Code gilt zehn Minuten lang und für ein Gerät.',
  'me.link.qr': 'QR-Code, der ein weiteres Gerät verbindet',
  'me.link.waiting': 'Warte auf das andere Gerät …',
  'me.link.noCamera': 'Ohne Kamera',
  'me.link.address':
    'Öffne dort diese Adresse. Wer sie hat, kann um Verbindung bitten, also schick sie niemandem sonst.',
  'me.link.compare': 'Ist das dein Gerät?',
  'me.link.asks': 'Ein Gerät möchte du sein',
  'me.link.compareHow':
    'Nimm nur an, wenn das andere Gerät genau dieselben Zahlen zeigt. Was du annimmst, kann als du handeln.',
  'me.link.accept': 'Die Zahlen stimmen, verbinden',
  'me.link.notMine': 'Nicht mein Gerät: zurück',
  'me.link.linked': '{name} ist verbunden.',
  'me.link.over': 'Daraus ist nichts geworden',
  'me.link.overHow':
    'Die Zeit ist um, oder die beiden Geräte haben sich nicht verstanden. Nichts ist geändert; fang einfach neu an.',
  'me.link.here': 'Dieses Gerät verbinden',
  'me.link.hereTitle': 'Dein anderes Gerät erwartet dich',
  'me.link.hereAbout': 'Auch dieser Browser wird du. War er ein Gast, macht der Gast Platz.',
  'me.link.ask': 'Das andere Gerät fragen',
  'me.link.numbers': 'Vergleiche diese Zahlen',
  'me.link.numbersHow':
    'Auch dein anderes Gerät zeigt Zahlen. Sind es dieselben, dann nimm dort an, mit deiner Passphrase.',
  'me.link.waitingThere': 'Warte auf dein Wort dort …',
  'me.link.done': 'Dieses Gerät ist verbunden. Willkommen.',

  'me.home.change': 'Zuhause ändern',
  'me.home.title': 'Wo du zu Hause bist',
  'me.home.about':
    'Anderswo steht hinter deinem Namen dein Zuhause, wie in Aiko@gasse.example. Unter diesen Adressen suchen dich andere, unter der ersten zuerst.',
  'me.home.keep': 'Deine Identität bleibt dieselbe. Läden ziehen nicht von selbst mit um.',
  'me.home.list': 'Adressen',
  'me.home.listHint': 'Eine in jeder Zeile, höchstens {count}.',
  'me.home.bad': 'Das ist keine Adresse einer Gasse: {address}',
  'me.home.moved': 'Dein Zuhause ist geändert.',

  'me.alleys': 'Andere Gassen, die dich kennen dürfen',
  'me.alleys.about':
    'Hier geht jeder mit dem eigenen Schlüssel hinein. Eine andere Gasse erfährt erst, wer du bist, wenn du es gesagt hast.',
  'me.alleys.none': 'Bisher keine. Gehst du zum ersten Mal in eine Gasse nebenan, wirst du gefragt.',
  'me.alleys.withdraw': 'Wieder fragen',
  'me.alleys.withdrawn': '{alley} erfährt nichts mehr von dir, bis du es wieder erlaubst.',

  'me.data': 'Was diese Gasse von dir hat',
  'me.data.about': 'Alles, was hier über dich gespeichert ist, in einer Form, die Menschen und Programme lesen können.',
  'me.data.export': 'Alles speichern',
  'me.data.exported': 'Gespeichert, dort, wo dein Browser Downloads ablegt.',

  'me.danger': 'Neu anfangen oder gehen',
  'me.danger.about':
    'Das lässt sich nicht zurücknehmen. Jedes wird erst erklärt, und nichts geschieht, bevor du es noch einmal sagst.',
  'me.succeed': 'Meine Wiederherstellungsdatei ist vielleicht in falschen Händen',
  'me.succeed.title': 'Den zurückgelegten Schlüssel nehmen',
  'me.succeed.about':
    'Als deine Identität entstand, wurde ein zweiter Schlüssel zurückgelegt und angekündigt. Er tritt nun an die Stelle des ersten. Gassen, die dich kennen, erkennen ihn: Name, Läden und Rechte ziehen um.',
  'me.succeed.warning':
    'Dein Fingerabdruck ändert sich, und die alte Wiederherstellungsdatei ist danach wertlos. Andere Geräte mit der alten Identität müssen neu verbunden werden.',
  'me.forget': 'Mich in diesem Browser vergessen',
  'me.forget.title': 'Dieser Browser vergisst dich',
  'me.forget.about':
    'Deine Schlüssel und dein Name werden aus diesem Browser entfernt. Was die Gasse von dir hat, bleibt dort.',
  'me.forget.done': 'Vergessen. In diesem Browser bist du jemand Neues.',
  'me.delete': 'Diese Gasse soll mich vergessen',
  'me.delete.title': '{alley} vergisst dich',
  'me.delete.about':
    'Was die Gasse von dir hat, wird endgültig gelöscht: dein Name, was du gesagt hast, deine Rechte und was daran hängt.',
  'me.delete.warning':
    'Nichts holt es zurück, auch keine Sicherung. Speichere vorher alles, wenn du etwas davon noch brauchst.',
  'me.delete.done': 'Die Gasse hat dich vergessen.',
  'me.confirm': 'Schreibe das Wort {word}',
  'me.confirm.word': 'vergessen',
  'me.confirm.kept': 'Deine Wiederherstellungsdatei bringt deine Identität trotzdem zurück.',
  'me.confirm.guest': 'Du bist ein Gast: Danach bringt nichts diese Identität zurück.',

  'me.problem.passphrase':
    'Diese Passphrase öffnet die Wiederherstellungsdatei nicht. Achte auf Großbuchstaben und Leerzeichen; nichts ist geändert.',
  'me.problem.elsewhere':
    'Deine Identität wurde inzwischen in einem anderen Tab geändert. Lade diese Seite neu; nichts ist verloren.',
  'me.problem.devices': 'Es sind schon so viele Geräte, wie andere Gassen annehmen. Melde zuerst eines ab.',
  'me.problem.unreadable': 'Das ist beschädigt oder nicht von Yokocho gemacht.',
  'me.problem.noFile':
    'Das ist keine Wiederherstellungsdatei. Sie beginnt mit einer geschweiften Klammer oder einer Adresse.',
  'me.problem.server': 'Die Gasse sagt: {message}',
};
