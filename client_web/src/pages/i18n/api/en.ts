/** What the instance refuses, in words. */
export const en = {
  'api.notAllowed': 'This is not yours to do here. Perhaps your role has changed in the meantime; load the page again.',
  'api.claimed': 'This alley has an operator already.',
  'api.codeUnknown': 'This alley does not know this link.',
  'api.codeUsed': 'This link has been used; each works once.',
  'api.codeExpired': 'This link is not valid any more.',
  'api.lastOperator': 'This is the only operator. Name another one first; otherwise nobody could look after the alley.',
  'api.protected':
    'Whoever looks after the alley cannot be shut out or silenced. An operator has to take the role back first.',
  'api.tooWide':
    'This range is too wide: it would shut out too many who did nothing. Keepers may name up to /24 (IPv4) or /48 (IPv6), operators up to /8 or /16.',
  'api.personUnknown': 'Nobody of that name was seen here.',
  'api.stallUnknown': 'There is no such stall any more.',
  'api.grantUnknown': 'This role was taken back already.',
  'api.granted': 'This person has this role already.',
  'api.invitationUnknown': 'There is no such invitation any more.',
  'api.restrictionUnknown': 'This is not in force any more.',
  'api.tooOften': 'That was too much at once. Please wait a moment.',
  'api.busy': 'The alley is very busy just now. Please try again in a minute.',
  'api.revoked': 'This device was sent away by another of your devices. Link it again at “Your identity”.',
  'api.banned': 'You may not come in at the moment. The reason given: {reason}',
  'api.other': 'The alley did not take this. It says: {message}',
} as const;

export type ApiKey = keyof typeof en;
export type ApiDictionary = Readonly<Record<ApiKey, string>>;
