/** What the in-world menu says. Kept here, so that it is loaded with the headset's code only. */

import type { Language } from '../world/settings';

export interface Words {
  readonly title: string;
  readonly recentre: string;
  readonly moveTeleport: string;
  readonly moveSmooth: string;
  readonly turnSnap: string;
  readonly turnSmooth: string;
  readonly vignetteOn: string;
  readonly vignetteOff: string;
  readonly soundOn: string;
  readonly soundOff: string;
  readonly leave: string;
  readonly close: string;
  readonly nextDoor: string;
  readonly visitors: (count: number) => string;
}

export const WORDS: Readonly<Record<Language, Words>> = {
  en: {
    title: 'Yokocho',
    recentre: 'Back to the entrance',
    moveTeleport: 'Move: step by step',
    moveSmooth: 'Move: gliding',
    turnSnap: 'Turn: in steps',
    turnSmooth: 'Turn: smoothly',
    vignetteOn: 'Darken edges: yes',
    vignetteOff: 'Darken edges: no',
    soundOn: 'Sound: on',
    soundOff: 'Sound: off',
    leave: 'Take off the headset view',
    close: 'Close',
    nextDoor: 'Alleys next door',
    visitors: (count) => (count === 1 ? 'You are alone here just now' : `${count} visitors are here`),
  },
  de: {
    title: 'Yokocho',
    recentre: 'Zurück zum Eingang',
    moveTeleport: 'Bewegen: in Sprüngen',
    moveSmooth: 'Bewegen: gleitend',
    turnSnap: 'Drehen: in Schritten',
    turnSmooth: 'Drehen: fließend',
    vignetteOn: 'Rand abdunkeln: ja',
    vignetteOff: 'Rand abdunkeln: nein',
    soundOn: 'Ton: an',
    soundOff: 'Ton: aus',
    leave: 'Headset-Ansicht verlassen',
    close: 'Schließen',
    nextDoor: 'Gassen nebenan',
    visitors: (count) => (count === 1 ? 'Du bist gerade allein hier' : `${count} Menschen sind hier`),
  },
  ja: {
    title: '横丁',
    recentre: '入口に戻ります',
    moveTeleport: '移動：一歩ずつ',
    moveSmooth: '移動：なめらか',
    turnSnap: '向き：段階的',
    turnSmooth: '向き：なめらか',
    vignetteOn: '視界の縁を暗く：する',
    vignetteOff: '視界の縁を暗く：しない',
    soundOn: '音：オン',
    soundOff: '音：オフ',
    leave: 'ヘッドセット表示を終えます',
    close: '閉じます',
    nextDoor: 'となりの横丁',
    visitors: (count) => (count === 1 ? '今はあなただけです' : `${count}人がいます`),
  },
};
