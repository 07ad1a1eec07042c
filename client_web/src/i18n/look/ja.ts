import type { LookDictionary } from './en';

export const ja: LookDictionary = {
  'look.title': 'あなたのこけし',
  'look.again': '別のこけし',
  'look.hair': '髪',
  'look.hairColour': '髪の色',
  'look.face': '顔',
  'look.pattern': '柄',
  'look.kimono': '着物',
  'look.sash': '帯',
  'look.wood': '木地',
  'look.height': '身長',
  'look.heightValue': '{cm} cm',
  'look.option': '{part} {number}',
  'look.preview': 'あなたが選んだこけし',
  'look.previous': '前の{part}',
  'look.next': '次の{part}',
};
