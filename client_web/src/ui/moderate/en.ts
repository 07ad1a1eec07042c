/** Texts of the keepers' form beside the list of people. */
export const en = {
  title: 'Step in: {name}',
  what: 'What happens',
  'mute.1': 'May not speak for an hour',
  'mute.24': 'May not speak for a day',
  'ban.1': 'Has to leave for an hour',
  'ban.24': 'Has to leave for a day',
  'ban.168': 'Has to leave for a week',
  reason: 'Reason',
  reasonHint: '{name} reads this. Say what happened, calmly.',
  go: 'Put in force',
  no: 'Leave it',
  more: 'All that is known of them',
  busy: 'One moment…',
  fillIn: 'Please say why.',
  done: 'In force for {name}.',
  undo: 'Undo',
  undone: 'Undone.',
  protected: 'Whoever looks after the alley cannot be muted or sent away.',
  notAllowed: 'This is not yours to do any more.',
  unknown: 'Nobody knows this person here any more.',
  failed: 'That did not work. What you wrote is still here; please try again.',
} as const;

export type ModerateKey = keyof typeof en;
export type ModerateDictionary = Readonly<Record<ModerateKey, string>>;
