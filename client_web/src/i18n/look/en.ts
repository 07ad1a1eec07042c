/** Texts for choosing how the doll looks: part of the alley's, and of the page about oneself. */
export const en = {
  'look.title': 'Your doll',
  'look.again': 'Another one',
  'look.hair': 'Hair',
  'look.hairColour': 'Hair colour',
  'look.face': 'Face',
  'look.pattern': 'Pattern',
  'look.kimono': 'Cloth',
  'look.sash': 'Sash',
  'look.wood': 'Wood',
  'look.height': 'Height',
  'look.heightValue': '{cm} cm',
  'look.option': '{part} {number}',
  'look.preview': 'A wooden kokeshi doll, as you have chosen it',
  'look.previous': 'Previous: {part}',
  'look.next': 'Next: {part}',
} as const;

export type LookKey = keyof typeof en;
export type LookDictionary = Readonly<Record<LookKey, string>>;
