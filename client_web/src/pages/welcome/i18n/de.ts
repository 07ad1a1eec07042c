import { de as api } from '../../i18n/api/de';
import { de as shared } from '../../i18n/de';
import type { WelcomeDictionary } from './en';

export const de: WelcomeDictionary = {
  ...shared,
  ...api,
  toAlley: 'In die Gasse',
  toOperate: 'Die Gasse betreuen',
  again: 'Noch einmal versuchen',

  'who.title': 'Das wirst du sein',
  'who.name': 'Dein Name',
  'who.nameHint': 'Er steht über deiner Puppe. Du kannst ihn jederzeit ändern.',
  'who.doll': 'Deine Puppe',
  'who.nameless': 'Jemand ohne Namen',
  'who.fingerprint': 'Dein Fingerabdruck',
  'who.guest': 'Diese Identität hat dein Browser gemacht, und er bewahrt sie auf. Ein Konto braucht hier niemand.',
  'who.kept': 'Die Identität, die du behältst: Deine Wiederherstellungsdatei bringt sie zurück, was auch geschieht.',
  'who.badgeGuest': 'Gast',
  'who.badgeKept': 'Behalten',
  'who.did': 'Deine Identität',

  'keep.title': 'Behalte jetzt diese Identität',
  'keep.how':
    'Das dauert zwei Minuten: eine Passphrase wählen, eine Datei sicher ablegen. Danach kannst du auch deine anderen Geräte verbinden.',
  'keep.fleeting':
    'Dein Browser lässt diese Seite nichts auf Dauer speichern; sie ist weg, sobald du das Fenster schließt.',
  'keep.go': 'Diese Identität behalten',

  'claim.title': 'Übernimm den Betrieb: {alley}',
  'claim.welcome': 'Willkommen. Diese Gasse wartet auf jemanden',
  'claim.about':
    'Wer diesen Server gestartet hat, hat diesen Link bekommen; er gilt einmal. Mit ihm übernimmst du den Betrieb: Du kümmerst dich um den Ort.',
  'claim.point1':
    'Du lädst die Leute ein, die einen Stand haben, und eine Aufsicht, die mit dir auf den Frieden achtet.',
  'claim.point2':
    'Du entscheidest, wer nicht herein oder nicht reden darf, und sagst, wie man sich dagegen wenden kann.',
  'claim.point3': 'Du kannst den Betrieb mit anderen teilen, damit nicht alles an dir hängt.',
  'claim.take': 'Betrieb übernehmen',
  'claim.done': 'Der Betrieb ist deiner: {alley}',
  'claim.keep':
    'Die Schlüssel zu dieser Gasse hängen an deiner Identität, und die lebt nur in diesem Browser. Löschst du dessen Daten oder verlierst das Gerät, kann sich niemand mehr im Browser um die Gasse kümmern.',
  'claim.next': 'Wie es weitergeht',
  'claim.nextAbout':
    'Auf der nächsten Seite siehst du, wer da ist und da war, lädst Stände und Aufsicht ein und schreibst auf, wie man sich beschweren kann.',
  'claim.late': 'Der Betrieb ist vergeben: {alley}',
  'claim.itIsYou': 'Du bist es selbst',
  'claim.itIsYouAbout': 'Du hast den Betrieb schon übernommen; der Link hat seine Schuldigkeit getan.',
  'claim.lateTitle': 'Jemand war vor dir da',
  'claim.lateAbout':
    'Den Betrieb dieser Gasse hat schon jemand, darum bewirkt der Link nichts mehr. Warst du das, dann öffne diese Seite in dem Browser von damals oder hole deine Identität mit der Wiederherstellungsdatei zurück.',
  'claim.lateServer':
    'Warst du es nicht, und der Server gehört dir? „yokocho operator list“ sagt auf der Kommandozeile, wer es ist; „grant“ und „revoke“ bringen es in Ordnung.',
  'claim.unknownTitle': 'Dieser Link öffnet nichts',
  'claim.noCode':
    'Der geheime Teil hinter „#“ fehlt. Bitte öffne den Link so, wie er ausgegeben wurde, bis zum letzten Buchstaben.',
  'claim.unknown':
    'Diese Gasse kennt ihn nicht. Jeder Start des Servers macht einen neuen Link und vergisst den alten.',
  'claim.fresh':
    'Der neueste Link steht in der Ausgabe des Servers; „yokocho operator claim-link“ gibt einen frischen aus.',

  'invite.title': 'Eine Einladung: {alley}',
  'invite.artisan': 'Ein eigener Stand',
  'invite.keeper': 'Auf den Frieden achten',
  'invite.forStall': 'Du bist eingeladen, den Stand „{stall}“ zu führen.',
  'invite.forPeace': 'Du bist eingeladen, Aufsicht zu sein: {alley}.',
  'invite.artisanAbout':
    'Am Stand zeigst du deine Stücke und triffst die Leute, die stehen bleiben. Er wird deiner Identität gehören, keinem Konto.',
  'invite.keeperAbout':
    'Die Aufsicht achtet darauf, dass man gut miteinander umgeht: Du darfst jemanden stummstellen oder wegschicken, immer mit einem Grund, der gesagt wird. Alles wird festgehalten.',
  'invite.by': 'Von',
  'invite.until': 'Offen bis',
  'invite.console': 'wer den Server betreibt',
  'invite.accept': 'Annehmen',
  'invite.doneArtisan': '„{stall}“ ist jetzt dein Stand',
  'invite.doneKeeper': 'Du gehörst jetzt zur Aufsicht',
  'invite.next': 'Wie es weitergeht',
  'invite.nextArtisan': 'Geh in die Gasse, bleib an deinem Stand stehen und sieh ihn so, wie ihn deine Gäste sehen.',
  'invite.nextKeeper':
    'Die Seite zum Betreuen der Gasse steht dir jetzt offen. Was du brauchst, findest du drinnen auch in der Liste der Leute.',
  'invite.toStall': 'Zu meinem Stand',
  'invite.keepArtisan':
    'Der Stand hängt an deiner Identität, und die lebt nur in diesem Browser. Löschst du dessen Daten oder verlierst das Gerät, gehört der Stand niemandem, bis dich der Betrieb wieder einlädt.',
  'invite.keepKeeper':
    'Deine Rolle hängt an deiner Identität, und die lebt nur in diesem Browser. Löschst du dessen Daten oder verlierst das Gerät, muss dich der Betrieb wieder einladen.',
  'invite.over': 'Deine Einladung',
  'invite.unknown': 'Diese Gasse kennt die Einladung nicht',
  'invite.unknownAbout':
    'Vielleicht fehlt ein Buchstabe, oder der Link gehört zu einer anderen Gasse. Öffne ihn genau so, wie du ihn bekommen hast, oder bitte um einen neuen.',
  'invite.noStall': 'Den Stand, für den sie war, gibt es nicht mehr. Frag, wer dich eingeladen hat, was geschehen ist.',
  'invite.used': 'Diese Einladung ist schon angenommen',
  'invite.usedAbout':
    'Jede gilt einmal. Warst du es, dann öffne die Gasse in dem Browser, in dem du angenommen hast. Wenn nicht, bitte um eine neue und sag Bescheid.',
  'invite.expired': 'Diese Einladung ist vorbei',
  'invite.expiredAbout':
    'Ihre Zeit ist um, oder sie wurde zurückgenommen. Bitte um eine neue; sonst ist nichts verloren.',
  'invite.trouble': 'Die Gasse ließ sich nicht fragen',
};
