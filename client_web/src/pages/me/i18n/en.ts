import { en as look } from '../../../i18n/look/en';
import { en as shared } from '../../i18n/en';

export const en = {
  ...shared,
  ...look,
  'me.title': 'Your identity',
  'me.who': 'You, in this alley',
  'me.nameless': 'No name yet',
  'me.doll': 'Your doll',
  'me.guest': 'Guest',
  'me.kept': 'Kept',
  'me.role.artisan': 'Artisan',
  'me.role.keeper': 'Keeper',
  'me.role.operator': 'Operator',
  'me.fingerprint': 'Fingerprint',
  'me.fingerprintHint':
    'Names can be alike, these numbers cannot. Compare them with somebody who wants to be sure that it is you.',
  'me.details': 'In detail',
  'me.home': 'Home',
  'me.did': 'Identity',
  'me.deviceKey': 'Key of this device',
  'me.change': 'Change name and doll',
  'me.shown': 'What others see',
  'me.name': 'Your name',
  'me.nameHint': 'It stands above your doll, from your next visit on.',
  'me.save': 'Keep',
  'me.saved': 'Kept.',
  'me.next': 'Next',
  'me.cancel': 'Back, without changes',
  'me.toOverview': 'To your identity',
  'me.toldLater': 'The alley could not be told just now; it learns of it when you walk in next.',

  'me.guest.title': 'You are here as a guest',
  'me.guest.about':
    'Nobody asked you for anything: your browser made a key of your own when you first walked in. It lives only in this browser. If you clear its data or lose the device, you are somebody new.',
  'me.guest.keep':
    'If you want to stay the same person, on other devices and in other alleys too, keep this identity. It takes two minutes.',
  'me.guest.link':
    'Is your identity on another device? Choose “Link another device” there and scan the code with this one.',
  'me.guest.insecure':
    'This page came without encryption, so a passphrase typed here could be read on the way. Open the alley at an address that begins with https to keep, recover or link an identity.',
  'me.keep': 'Keep this identity',
  'me.recover': 'I have a recovery file',
  'me.kept.title': 'This identity is yours for good',
  'me.kept.about':
    'This device signs for you every day. Everything else lies in your recovery file, which only your passphrase opens. It works in any alley, even if this one should close.',
  'me.link': 'Link another device',
  'me.saveAgain': 'Recovery file, once more',

  'me.warn.revoked':
    'This device was sent away by another of your devices. It can walk in no more until you link it again.',
  'me.warn.refused': 'This alley does not let you in at the moment. It says:',
  'me.warn.page':
    'Your browser lets this page store nothing, as some private windows do. You are the same person until you close it, and somebody new afterwards.',
  'me.warn.insecure':
    'This page came without encryption. You can walk in as a guest; your key can be read by whoever can change this page on its way to you.',
  'me.warn.fallback':
    'Your browser cannot lock your key away: it does not know Ed25519. The key lies readable among the data of this site, so a harmful extension or script could copy it. A newer browser protects it.',

  'me.passphrase': 'Passphrase',
  'me.passphrase.ask': 'The one of your recovery file.',
  'me.passphrase.new': 'A passphrase',
  'me.passphrase.again': 'The same once more',
  'me.passphrase.hint': 'At least {count} characters; a few words that go together only for you are good.',
  'me.passphrase.short': 'That is a little short. Please take at least {count} characters.',
  'me.passphrase.differs': 'These two differ.',
  'me.passphrase.show': 'Show it',
  'me.passphrase.suggest': 'Suggest one',

  'me.keep.step1': 'Choose a passphrase',
  'me.keep.step2': 'Put the recovery file away',
  'me.keep.step3': 'Done',
  'me.keep.how':
    'It locks your recovery file. You need it again when you move to a new device, link one or send one away; never to walk in.',
  'me.keep.nobody':
    'Nobody can reset it, since nobody else has it. Write it down, and not on the same sheet as the recovery file.',
  'me.keep.safe': 'Is it in a safe place?',
  'me.keep.safeHow':
    'As soon as you say so, the part of your key that makes you yourself leaves this browser. Then only the file brings it back.',
  'me.keep.finish': 'It is safe, keep me',
  'me.keep.saveFirst': 'Please save or print the recovery file first.',
  'me.keep.done': 'You are you, from now on',
  'me.keep.doneTitle': 'Your identity is kept',
  'me.keep.doneAbout':
    'Your name, your stalls and what was granted to you stay with you. On another device choose “I have a recovery file”, or link it from here.',

  'me.file.title': 'Your recovery file',
  'me.file.about':
    'Save it, print it, or best do both. Without the passphrase nobody can open it, but whoever has both is you.',
  'me.file.save': 'Save as a file',
  'me.file.print': 'Print the sheet',
  'me.file.saved': 'Saved as {name}, where your browser puts downloads.',
  'me.file.printed': 'If the sheet came out well, put it where you keep papers that matter.',

  'me.sheet.title': 'Recovery sheet',
  'me.sheet.qr': 'QR code with the encrypted recovery file',
  'me.sheet.date': 'Made on',
  'me.sheet.hint': 'A hint at the passphrase that only you understand',
  'me.sheet.what':
    'This sheet brings your identity back when the device is lost. It is of no use without the passphrase; keep that elsewhere.',
  'me.sheet.step1': 'Point the camera of your new device at the code and open the address.',
  'me.sheet.step2': 'Type the passphrase.',
  'me.sheet.step3': 'You are yourself again. Send the lost device away under “Devices”.',
  'me.sheet.elsewhere':
    'Has this alley closed? Open “Your identity” in any other, choose “I have a recovery file”, and photograph the code or type what stands below.',

  'me.recover.title': 'Be yourself on this device',
  'me.recover.about': 'Choose the saved file, or paste what is in it.',
  'me.recover.scanned': 'The code was read. Now the passphrase.',
  'me.recover.choose': 'The saved file',
  'me.recover.photo': 'A photo of the sheet',
  'me.recover.noCode':
    'There is no recovery code to be seen in this picture. Try again with more light, from straight above.',
  'me.recover.file': 'Recovery file',
  'me.recover.fileHint': 'What is in the file, or the address that the code holds.',
  'me.recover.open': 'Open it',
  'me.recover.replaces':
    'This browser holds a kept identity already. It gives way to the other one; only its own recovery file brings it back.',
  'me.recover.done': 'Welcome back, {name}.',
  'me.recover.noDevices': 'Nothing was known here of your other devices. Link them again from this one.',

  'me.devices': 'Devices',
  'me.device.this': 'this one',
  'me.device.nameless': 'A device without a name',
  'me.device.since': 'since {date}',
  'me.device.name': 'What this device is called',
  'me.device.nameHint': 'So that you recognise it in the list. Alleys that you walk into can read it.',
  'me.device.rename': 'Rename',
  'me.device.renamed': 'Renamed.',
  'me.device.revoke': 'Send away',
  'me.device.revoked': '{name} does not speak for you any more.',
  'me.device.revokeAbout':
    'This device is out at once and cannot walk in as you again, unless you link it anew. Do this when it is lost or sold.',

  'me.link.step1': 'Scan',
  'me.link.step2': 'Compare',
  'me.link.step3': 'Done',
  'me.link.scan': 'Scan this with the other device',
  'me.link.scanHow': 'Its camera app is enough. The code is good for ten minutes, and for one device.',
  'me.link.qr': 'QR code that links another device',
  'me.link.waiting': 'Waiting for the other device…',
  'me.link.noCamera': 'Without a camera',
  'me.link.address': 'Open this address there. Whoever has it can ask to be linked, so send it to nobody else.',
  'me.link.compare': 'Is that your device?',
  'me.link.asks': 'A device asks to be you',
  'me.link.compareHow':
    'Accept only if the other device shows the very same numbers. Whatever you accept can act as you.',
  'me.link.accept': 'The numbers are the same, link it',
  'me.link.notMine': 'Not my device: back',
  'me.link.linked': '{name} is linked.',
  'me.link.over': 'Nothing came of it',
  'me.link.overHow':
    'The time is over, or the two devices did not understand each other. Nothing has changed; simply start again.',
  'me.link.here': 'Link this device',
  'me.link.hereTitle': 'Your other device is expecting you',
  'me.link.hereAbout': 'This browser becomes you as well. If it was a guest, that guest gives way.',
  'me.link.ask': 'Ask the other device',
  'me.link.numbers': 'Compare these numbers',
  'me.link.numbersHow':
    'Your other device shows numbers too. If they are the same, accept there, with your passphrase.',
  'me.link.waitingThere': 'Waiting for your word there…',
  'me.link.done': 'This device is linked. Welcome.',

  'me.home.change': 'Change home',
  'me.home.title': 'Where you are at home',
  'me.home.about':
    'Elsewhere your name is followed by your home, as in Aiko@alley.example. Others look for you at these addresses, the first one first.',
  'me.home.keep': 'Your identity stays the same. Stalls do not move along by themselves.',
  'me.home.list': 'Addresses',
  'me.home.listHint': 'One on each line, {count} at most.',
  'me.home.bad': 'This is no address of an alley: {address}',
  'me.home.moved': 'Your home has changed.',

  'me.alleys': 'Other alleys that may know you',
  'me.alleys.about':
    'Here, everybody enters with their own key. Another alley learns who you are only when you have said so.',
  'me.alleys.none': 'None so far. The first time you go next door, you are asked.',
  'me.alleys.withdraw': 'Ask me again',
  'me.alleys.withdrawn': '{alley} learns nothing more of you until you allow it again.',

  'me.data': 'What this alley has of you',
  'me.data.about': 'Everything that is stored here about you, in a form that people and programs can read.',
  'me.data.export': 'Save it all',
  'me.data.exported': 'Saved, where your browser puts downloads.',

  'me.danger': 'Starting over, or leaving',
  'me.danger.about': 'These cannot be undone. Each is explained first, and nothing happens before you say so again.',
  'me.succeed': 'My recovery file may be in wrong hands',
  'me.succeed.title': 'Take the key that was set aside',
  'me.succeed.about':
    'When your identity was made, a second key was set aside and announced. It now takes the place of the first. Alleys that know you recognise it: name, stalls and rights move over.',
  'me.succeed.warning':
    'Your fingerprint changes, and the old recovery file is worth nothing afterwards. Other devices have to be linked again if they hold the old identity.',
  'me.forget': 'Forget me in this browser',
  'me.forget.title': 'This browser forgets you',
  'me.forget.about': 'Your keys and your name are removed from this browser. What the alley has of you stays there.',
  'me.forget.done': 'Forgotten. You are somebody new in this browser.',
  'me.delete': 'Let this alley forget me',
  'me.delete.title': '{alley} forgets you',
  'me.delete.about':
    'What the alley has of you is deleted for good: your name, what you said, your rights and what is tied to them.',
  'me.delete.warning':
    'It cannot be brought back, not even from a backup. Save it all first if you may need something of it.',
  'me.delete.done': 'The alley has forgotten you.',
  'me.confirm': 'Type the word {word}',
  'me.confirm.word': 'forget',
  'me.confirm.kept': 'Your recovery file still brings your identity back.',
  'me.confirm.guest': 'You are a guest: nothing brings this identity back afterwards.',

  'me.problem.passphrase':
    'This passphrase does not open the recovery file. Look at capitals and spaces; nothing has changed.',
  'me.problem.elsewhere': 'Your identity was changed in another tab meanwhile. Load this page again; nothing is lost.',
  'me.problem.devices': 'There are as many devices as other alleys accept. Send one away first.',
  'me.problem.unreadable': 'That is damaged or was not made by Yokocho.',
  'me.problem.noFile': 'This is no recovery file. It begins with a curly bracket or with an address.',
  'me.problem.server': 'The alley says: {message}',
} as const;

export type MeKey = keyof typeof en;
export type MeDictionary = Readonly<Record<MeKey, string>>;
