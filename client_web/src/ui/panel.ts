/** A sheet of paper at the right edge (on a phone: from below) with a heading, a way to close it, and a body. */

import type { Texts } from '../i18n';
import { button, el, freshId } from './dom';
import { icon } from './icons';

export class Panel {
  readonly element: HTMLElement;
  readonly body: HTMLElement;
  readonly heading: HTMLHeadingElement;
  onClose: (() => void) | null = null;

  constructor(texts: Texts, title: string, name: string) {
    const id = freshId('panel');
    this.heading = el('h2', { id, class: 'panel-title', attributes: { tabindex: -1 } }, title);
    this.body = el('div', { class: 'panel-body' });
    const close = button({
      label: '',
      says: `${texts.t('panel.close')}: ${title}`,
      class: 'button-round button-plain',
      icon: icon('close'),
      press: () => this.onClose?.(),
    });
    this.element = el(
      'section',
      { class: `paper panel panel-${name}`, id: name, attributes: { 'aria-labelledby': id, hidden: true } },
      el('div', { class: 'panel-head' }, this.heading, close),
      this.body,
    );
    this.element.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      this.onClose?.();
    });
  }

  get isOpen(): boolean {
    return !this.element.hidden;
  }
}
