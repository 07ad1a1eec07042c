/**
 * Making elements. Text from people goes in as text nodes and `<bdi>`, never as markup; nothing here writes style
 * attributes, so the strict Content-Security-Policy holds.
 */

export type Child = Node | string | null | undefined | false;

type Handlers = { [K in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[K]) => void };

export interface Options {
  readonly class?: string;
  readonly id?: string;
  readonly attributes?: Readonly<Record<string, string | number | boolean | null | undefined>>;
  readonly on?: Handlers;
}

/** An element. Attributes that are null, undefined or false are left out, true ones are empty. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  options: Options = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  if (options.class) element.className = options.class;
  if (options.id) element.id = options.id;
  for (const [name, value] of Object.entries(options.attributes ?? {})) setAttribute(element, name, value);
  for (const [name, handler] of Object.entries(options.on ?? {})) {
    element.addEventListener(name, handler as EventListener);
  }
  append(element, children);
  return element;
}

export function setAttribute(
  element: Element,
  name: string,
  value: string | number | boolean | null | undefined,
): void {
  if (value === null || value === undefined || value === false) element.removeAttribute(name);
  else element.setAttribute(name, value === true ? '' : String(value));
}

export function append(parent: Node, children: readonly Child[]): void {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    parent.appendChild(typeof child === 'string' ? document.createTextNode(child) : child);
  }
}

/**
 * Put other children in an element. What looks the same as before stays in the page as it is, so that a button doesn't
 * vanish under a finger and a screen reader keeps its place; lists are compared item by item. The focus stays where it
 * was, or goes to what has the same `data-key` now. Handlers must therefore find their things by id when pressed.
 */
export function replaceChildren(parent: HTMLElement, ...children: Child[]): void {
  const active = document.activeElement;
  const key = active instanceof HTMLElement && parent.contains(active) ? active.dataset['key'] : undefined;
  const fresh = document.createElement('div');
  append(fresh, children);
  patch(parent, [...fresh.childNodes]);
  if (key === undefined || active?.isConnected) return;
  for (const candidate of parent.querySelectorAll<HTMLElement>('[data-key]')) {
    if (candidate.dataset['key'] === key) candidate.focus({ preventScroll: true });
  }
}

function looksOf(node: Node): string {
  return node instanceof Element ? node.outerHTML : `text ${node.textContent}`;
}

function patch(parent: Node, fresh: readonly Node[]): void {
  const old = new Map<string, Node[]>();
  for (const node of parent.childNodes) old.set(looksOf(node), [...(old.get(looksOf(node)) ?? []), node]);
  const lists = [...parent.childNodes].filter((node) => node instanceof HTMLUListElement);
  const kept = fresh.map((node) => {
    const same = old.get(looksOf(node))?.shift();
    if (same) return same;
    if (!(node instanceof HTMLUListElement)) return node;
    const list = lists.find((one) => one.className === node.className);
    if (!list) return node;
    patch(list, [...node.childNodes]);
    return list;
  });
  const staying = new Set(kept);
  for (const node of [...parent.childNodes]) if (!staying.has(node)) node.parentNode?.removeChild(node);
  let next = parent.firstChild;
  for (const node of kept) {
    if (node === next) next = node.nextSibling;
    else parent.insertBefore(node, next);
  }
}

/** What a person wrote, isolated so that its direction cannot disturb the text around it. */
export function bdi(text: string, className = ''): HTMLElement {
  return el('bdi', className ? { class: className } : {}, text);
}

export interface ButtonOptions {
  readonly label: string;
  /** What it is about, read out after the label, when the label alone says too little. */
  readonly about?: string;
  /** What a button without a label is called. */
  readonly says?: string;
  readonly class?: string;
  readonly icon?: SVGElement;
  readonly key?: string;
  readonly press: (event: MouseEvent) => void;
}

export function button(options: ButtonOptions): HTMLButtonElement {
  const { label, about, says, icon } = options;
  const name = about ? `${label}: ${about}` : says;
  return el(
    'button',
    {
      class: options.class ?? 'button',
      attributes: { type: 'button', 'aria-label': name, 'data-key': options.key },
      on: { click: options.press },
    },
    icon,
    el('span', { class: 'button-label' }, label),
  );
}

/** For ids that tie a label to what it labels. */
let lastId = 0;
export function freshId(stem: string): string {
  lastId += 1;
  return `${stem}-${lastId}`;
}

/** Children of a text with `{name}` places, the places filled with nodes. */
export function withNodes(text: string, nodes: Readonly<Record<string, Node>>): Child[] {
  return text.split(/\{(\w+)\}/).map((part, index) => (index % 2 ? (nodes[part] ?? `{${part}}`) : part));
}
