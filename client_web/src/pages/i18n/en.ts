/** Texts of the frame and the pieces that all pages share. A page's own texts spread these into theirs. */
export const en = {
  'app.name': 'Yokocho',
  'app.language': 'Language',
  'page.back': 'To the alley: {alley}',
  'page.skip': 'To the content',
  'page.busy': 'One moment…',
  'page.fillIn': 'Please fill this in.',
  'page.unreachable': 'The alley cannot be reached at the moment. What you wrote is still here; try again soon.',
  'page.failed': 'That did not work. What you wrote is still here; please try again.',
  'page.percent': '{percent} %',
} as const;

export type PageKey = keyof typeof en;
export type PageDictionary = Readonly<Record<PageKey, string>>;
