import type { ApiDictionary } from './en';

export const de: ApiDictionary = {
  'api.notAllowed':
    'Das darfst du hier nicht tun. Vielleicht hat sich deine Rolle inzwischen geändert; lade die Seite neu.',
  'api.claimed': 'Diese Gasse hat schon einen Betrieb.',
  'api.codeUnknown': 'Diese Gasse kennt diesen Link nicht.',
  'api.codeUsed': 'Dieser Link ist schon eingelöst; jeder gilt nur einmal.',
  'api.codeExpired': 'Dieser Link gilt nicht mehr.',
  'api.lastOperator':
    'Das ist der einzige Betrieb. Bestimme zuerst jemand anderen; sonst könnte sich niemand um die Gasse kümmern.',
  'api.protected':
    'Wer sich um die Gasse kümmert, lässt sich weder aussperren noch stummstellen. Zuerst muss der Betrieb die Rolle zurücknehmen.',
  'api.tooWide':
    'Dieser Bereich ist zu weit: Er träfe zu viele, die nichts getan haben. Die Aufsicht darf bis /24 (IPv4) oder /48 (IPv6) sperren, der Betrieb bis /8 oder /16.',
  'api.personUnknown': 'Unter diesem Namen war niemand hier.',
  'api.stallUnknown': 'Diesen Stand gibt es nicht mehr.',
  'api.grantUnknown': 'Diese Rolle ist schon zurückgenommen.',
  'api.granted': 'Diese Person hat diese Rolle schon.',
  'api.invitationUnknown': 'Diese Einladung gibt es nicht mehr.',
  'api.restrictionUnknown': 'Das gilt schon nicht mehr.',
  'api.tooOften': 'Das war zu viel auf einmal. Bitte warte einen Moment.',
  'api.busy': 'In der Gasse ist gerade sehr viel los. Versuch es in einer Minute noch einmal.',
  'api.revoked': 'Ein anderes deiner Geräte hat dieses weggeschickt. Verbinde es unter „Deine Identität“ neu.',
  'api.banned': 'Du darfst zurzeit nicht herein. Der angegebene Grund: {reason}',
  'api.other': 'Die Gasse hat das nicht angenommen. Sie sagt: {message}',
};
