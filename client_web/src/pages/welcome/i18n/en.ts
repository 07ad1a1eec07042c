import { en as api } from '../../i18n/api/en';
import { en as shared } from '../../i18n/en';

export const en = {
  ...shared,
  ...api,
  toAlley: 'Into the alley',
  toOperate: 'Look after the alley',
  again: 'Try again',

  'who.title': 'This is who you will be',
  'who.name': 'Your name',
  'who.nameHint': 'It stands above your doll. You can change it at any time.',
  'who.doll': 'Your doll',
  'who.nameless': 'Somebody without a name',
  'who.fingerprint': 'Your fingerprint',
  'who.guest': 'Your browser made this identity and keeps it. Nobody needs an account here.',
  'who.kept': 'The identity that you keep: your recovery file brings it back whatever happens.',
  'who.badgeGuest': 'Guest',
  'who.badgeKept': 'Kept',
  'who.did': 'Your identity',

  'keep.title': 'Now keep this identity',
  'keep.how': 'It takes two minutes: choose a passphrase, put a file away. Then you can also link your other devices.',
  'keep.fleeting': 'Your browser lets this page store nothing for good, so it is gone as soon as you close the window.',
  'keep.go': 'Keep this identity',

  'claim.title': 'Become the operator of {alley}',
  'claim.welcome': 'Welcome. This alley is waiting for somebody',
  'claim.about':
    'Whoever started this server was given this link, and it works once. With it you become the operator: the person who looks after the place.',
  'claim.point1': 'You invite the artisans who keep a stall, and keepers who help you look after the peace.',
  'claim.point2': 'You decide who may not come in or not speak, and say how they can appeal.',
  'claim.point3': 'You can name further operators, so that it does not all hang on you.',
  'claim.take': 'Become the operator',
  'claim.done': 'You are the operator of {alley}',
  'claim.keep':
    'The keys to this alley hang on your identity, and it lives in this browser alone. If you clear its data or lose the device, nobody can look after the alley from a browser any more.',
  'claim.next': 'What next',
  'claim.nextAbout':
    'On the next page you see who is here and who was, invite artisans and keepers, and write down how people can appeal.',
  'claim.late': '{alley} has an operator',
  'claim.itIsYou': 'It is you',
  'claim.itIsYouAbout': 'You have become the operator already; the link has done its work.',
  'claim.lateTitle': 'Somebody was here before you',
  'claim.lateAbout':
    'This alley has an operator already, so the link does nothing any more. If you were that operator, open this page in the browser where you became it, or bring your identity back with your recovery file.',
  'claim.lateServer':
    'Was that not you, and the server is yours? On its command line, “yokocho operator list” tells who it is; “grant” and “revoke” put it right.',
  'claim.unknownTitle': 'This link does not open anything',
  'claim.noCode':
    'The secret part behind “#” is missing. Please open the link as it was printed, up to its last letter.',
  'claim.unknown': 'This alley does not know it. Each start of the server makes a new link and forgets the one before.',
  'claim.fresh':
    'The newest link stands in the output of the server; “yokocho operator claim-link” prints a fresh one.',

  'invite.title': 'An invitation to {alley}',
  'invite.artisan': 'A stall of your own',
  'invite.keeper': 'Look after the peace',
  'invite.forStall': 'You are invited to keep the stall “{stall}”.',
  'invite.forPeace': 'You are invited to be a keeper of {alley}.',
  'invite.artisanAbout':
    'An artisan shows their pieces here and meets the people who stop to look. The stall will belong to your identity, not to an account.',
  'invite.keeperAbout':
    'A keeper watches that people are kind to each other: you may silence or send away somebody, always with a reason that they are told. Everything is written down.',
  'invite.by': 'From',
  'invite.until': 'Open until',
  'invite.console': 'whoever runs the server',
  'invite.accept': 'Accept',
  'invite.doneArtisan': '“{stall}” is your stall now',
  'invite.doneKeeper': 'You are a keeper now',
  'invite.next': 'What next',
  'invite.nextArtisan': 'Walk into the alley, stop at your stall, and see it as your visitors will.',
  'invite.nextKeeper':
    'The page for looking after the alley is open to you. You also find what you need in the list of people, inside.',
  'invite.toStall': 'To my stall',
  'invite.keepArtisan':
    'The stall hangs on your identity, and it lives in this browser alone. If you clear its data or lose the device, the stall is nobody’s until the operator invites you again.',
  'invite.keepKeeper':
    'Your role hangs on your identity, and it lives in this browser alone. If you clear its data or lose the device, the operator has to invite you again.',
  'invite.over': 'Your invitation',
  'invite.unknown': 'This alley does not know this invitation',
  'invite.unknownAbout':
    'Perhaps a letter is missing, or the link is for another alley. Open it as you received it, up to its last letter, or ask for a new one.',
  'invite.noStall': 'The stall that it was for is gone. Ask whoever invited you what happened.',
  'invite.used': 'This invitation was accepted already',
  'invite.usedAbout':
    'Each one works once. If it was you, open the alley in the browser where you accepted it. If not, ask whoever invited you for a new one, and tell them.',
  'invite.expired': 'This invitation is over',
  'invite.expiredAbout':
    'Its time has run out, or it was taken back. Ask whoever invited you for a new one; nothing else is lost.',
  'invite.trouble': 'The alley could not be asked',
} as const;

export type WelcomeKey = keyof typeof en;
export type WelcomeDictionary = Readonly<Record<WelcomeKey, string>>;
