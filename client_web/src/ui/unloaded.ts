/** What is said when not even the texts could be loaded; nothing tells then which language is wanted. */

import { el } from './dom';

const SENTENCES = [
  'This page could not be loaded. Please load it again.',
  'Diese Seite ließ sich nicht laden. Bitte lade sie noch einmal.',
  'ページを読み込めませんでした。もう一度読み込んでください。',
] as const;

export function showUnloaded(root: HTMLElement): void {
  root.replaceChildren(...SENTENCES.map((sentence) => el('p', { class: 'unloaded' }, sentence)));
}
