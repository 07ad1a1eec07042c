/** Texts about going to another alley: the panel's part and the question before it. */
export const en = {
  'next.title': 'Alleys next door',
  'next.intro': 'You go there as the same person; nothing has to be loaded anew.',
  'next.origin': 'Where you came from',
  'next.asking': 'Asking who is there…',
  'next.quiet': 'Nobody is there right now.',
  'next.visitorsOne': 'One visitor is there.',
  'next.visitors': '{count} visitors are there.',
  'next.full': 'Full right now.',
  'next.away': 'Cannot be reached at the moment.',
  'next.refused': 'Takes no visitors from here. Its keeper would have to list this alley first.',
  'next.go': 'Go there',
  'next.back': 'Go back',
  'next.knocking': 'Knocking at {alley}…',
  'next.arrived': 'You are in {alley}.',
  'next.stayed': 'You are still here: {alley} did not let you in. {reason}',
  'next.unreachable': 'It cannot be reached at the moment.',
  'next.noAnswer': 'Nobody answered in time.',

  'consent.title': 'May {alley} know you?',
  'consent.about': '{host} has a keeper of its own. When you go there, it learns:',
  'consent.name': 'your name, {name}',
  'consent.look': 'how your doll looks',
  'consent.did': 'your identity, by which it knows you again; its fingerprint is {fingerprint}',
  'consent.home': 'where you are at home, and what your devices are called',
  'consent.not': 'It never gets your key, and it does not learn what you do in other alleys.',
  'consent.once': 'You are asked once. On the page “Your identity” you can take it back.',
  'consent.yes': 'Go to {alley}',
  'consent.no': 'Stay here',
} as const;

export type NextKey = keyof typeof en;
export type NextDictionary = Readonly<Record<NextKey, string>>;
